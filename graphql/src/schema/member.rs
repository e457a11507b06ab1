//! Members 成员: logins, seen by coordinators and by themselves.

use super::{
    connection::{PageRequest, connection, page_size, place},
    identity::NodeId,
    listing::{
        condition::Condition,
        listed,
        order::{By, order},
        read,
        wanted::filter,
    },
    organization::Organization,
    scalar::DateTime,
    scope::Snapshot,
    words::Role,
};
use async_graphql::{ComplexObject, Context, ID, Object, Result, SimpleObject};
use engine::{
    identity::MemberId,
    member as domain,
    state::listed::{FacetKind, Status},
};
use std::sync::Arc;

/// A login, as it was at one position.
#[derive(Clone)]
pub struct Member {
    at: Snapshot,
    it: Arc<domain::Member>,
}

impl Member {
    /// The member of this identity.
    pub fn find(at: &Snapshot, id: MemberId) -> Option<Self> {
        at.member(id).map(|it| Self { at: Arc::clone(at), it: Arc::clone(it) })
    }

    /// One of all the tokens it has had.
    pub fn token(&self, index: usize) -> Option<Token> {
        self.it.tokens.get(index).map(|it| Token::new(&self.it, index, it))
    }
}

connection!(Member, MemberConnection, MemberEdge, "logins 成员");
listed!(Member, Members of MemberId, MemberFilter, MemberOrder, MemberConnection);

filter! {
    /// Which logins 成员 to list. All conditions hold at once.
    MemberFilter {
        /// That act for this organization.
        organization: ID => read::organization,
        /// Whose organization sits in this place or below it.
        place: ID => read::place,
        /// With one of these roles.
        role: Vec<Role> => read::each::<Role, _>(Condition::Role),
        /// Only those that were revoked 停用, or only those that were not.
        revoked: bool => |is_revoked| Ok(Condition::Status(vec![Status::Member(*is_revoked)])),
        /// With all these words in what the login is called, blanks between them, without regard to case 关键词.
        text: String => read::text,
    }
}

order! {
    /// In which order to list logins 排序.
    MemberOrder,
    /// What logins may be sorted by 排序依据.
    MemberOrderField {
        /// 添加时间: when it was added, the oldest first.
        Added = By::Number,
        /// 名称: what the login is called, by its characters.
        Label = By::Name,
        /// 角色: coordinators first.
        Role = By::Facet(FacetKind::Role),
        /// 状态: those that are good first, then those that were revoked.
        Status = By::Facet(FacetKind::Status),
    }
}

/// A member 成员: a person's login, bound to one organization with one role. Names of persons are not kept.
#[Object]
impl Member {
    /// Its global id.
    pub async fn id(&self) -> ID {
        NodeId::Member(self.it.id).id()
    }

    /// Whom it acts for.
    async fn organization(&self) -> Option<Organization> {
        Organization::find(&self.at, self.it.organization)
    }

    /// What it may do.
    async fn role(&self) -> Role {
        self.it.role.into()
    }

    /// What the login is called, such as 「办公室电脑」.
    async fn label(&self) -> &str {
        &self.it.label
    }

    /// When it was revoked 停用; null while it is good.
    async fn revoked_at(&self) -> Option<DateTime> {
        self.it.revoked.map(DateTime)
    }

    /// Whether somebody signs in as this member by single sign-on 统一身份认证. Who that is, is kept as a hash only.
    async fn has_sign_on(&self) -> bool {
        self.it.sign_on.is_some()
    }

    /// Its tokens 令牌, oldest first, also those that have ended. The tokens themselves are kept nowhere.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn tokens(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many after `after`, at most 100; 20 when not said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<TokenConnection>> {
        let read = || {
            let page = PageRequest::read(first, after.as_deref(), last, before.as_deref())?;
            let show = |(index, it)| Token::new(&self.it, index, it);
            Ok(TokenConnection::new(ctx, page, || self.it.tokens.iter().enumerate(), place, show))
        };
        Some(read())
    }
}

/// One token 令牌 of a member.
#[derive(Clone, SimpleObject)]
#[graphql(complex)]
pub struct Token {
    #[graphql(skip)]
    id: ID,
    /// What it is called, such as 「手机」.
    label: String,
    /// When it was made.
    issued_at: DateTime,
    /// When it ends by itself 到期; null when it does not.
    expires_at: Option<DateTime>,
    /// When it was ended 停用, alone or with its member; null when it was not.
    revoked_at: Option<DateTime>,
}

#[ComplexObject]
impl Token {
    /// Its global id.
    pub async fn id(&self) -> ID {
        self.id.clone()
    }
}

impl Token {
    fn new(of: &domain::Member, index: usize, it: &domain::Token) -> Self {
        Self {
            id: NodeId::Token(of.id, index).id(),
            label: it.label.clone(),
            issued_at: DateTime(it.issued),
            expires_at: it.expires.map(DateTime),
            revoked_at: it.revoked.or(of.revoked).map(DateTime),
        }
    }
}

connection!(Token, TokenConnection, TokenEdge, "the tokens 令牌 of a member");
