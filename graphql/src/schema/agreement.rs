//! Agreements 共建协议: versions of terms with their signatures, and what became of milestones.
#![expect(
    clippy::too_many_arguments,
    reason = "a field of a connection has its four arguments beside its own"
)]

use super::{
    connection::{PageArguments, PageRequest, connection, page_size, place},
    filter::TimeRange,
    identity::NodeId,
    listing::{
        self,
        condition::Condition,
        listed,
        order::{By, order},
        read,
        wanted::filter,
    },
    next_actions::NextPart,
    organization::Organization,
    pairing::Pairing,
    project::Project,
    scalar::{Date, DateTime, Long, int},
    scope::{Scope, Snapshot},
};
use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject, Union};
use engine::{
    agreement as domain,
    history::Entity,
    identity::{AgreementId, OrganizationId},
    state::listed::{AgreementStanding, FacetKind, Rank, Status},
};
use std::sync::Arc;

/// What kind of thing a party undertakes 分工.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "engine::agreement::UndertakingKind")]
pub enum UndertakingKind {
    /// 出资: it pays.
    Pays,
    /// 施工: it builds.
    Builds,
    /// 供物: it supplies things or a venue.
    Supplies,
    /// 出力: it sends people.
    Staffs,
    /// 协调: it organizes, and opens doors.
    Coordinates,
}

/// Where an agreement stands 协议状态.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "AgreementStanding")]
pub enum AgreementStatus {
    /// 待签: somebody has not signed its first version.
    Drafted,
    /// 生效: a version is signed by all its parties.
    InForce,
    /// 作废.
    Withdrawn,
}

/// What an agreement 共建协议 is about: a project, or one pairing.
#[derive(Clone, Union)]
pub enum AgreementSubject {
    /// A project, with all its slots.
    Project(Project),
    /// One pairing of a need.
    Pairing(Pairing),
}

/// What one party undertakes 承诺事项. ValueFlows calls it a Commitment.
#[derive(Clone, SimpleObject)]
pub struct AgreedUndertaking {
    /// Who.
    pub party: Option<Organization>,
    /// What kind of thing.
    pub kind: UndertakingKind,
    /// What, in words.
    pub what: String,
    /// The pairing that carries it, when one does.
    pub pairing: Option<Pairing>,
}

/// Where money comes from 资金来源.
#[derive(Clone, SimpleObject)]
pub struct Funding {
    /// Who pays, when it is one of the street's organizations.
    pub party: Option<Organization>,
    /// The source in words.
    pub source: String,
    /// How much, in yuan.
    pub yuan: i32,
}

/// A signature 签署.
#[derive(Clone, SimpleObject)]
pub struct Signature {
    /// Who.
    pub party: Option<Organization>,
    /// When; null while it has not signed.
    pub at: Option<DateTime>,
}

/// What is to be reached by when 里程碑.
#[derive(Clone, SimpleObject)]
pub struct Milestone {
    /// Its number, the same through all versions.
    pub number: i32,
    /// What is reached.
    pub title: String,
    /// The last day.
    pub due: Date,
    /// When it was reached; null while it is not.
    pub reached_at: Option<DateTime>,
    /// What was said then.
    pub note: Option<String>,
    /// When its last day was over without it; null when it was not.
    pub overdue_since: Option<DateTime>,
}

/// One version of an agreement, as it was at one position.
#[derive(Clone)]
pub struct AgreementVersion {
    at: Snapshot,
    it: Arc<domain::Agreement>,
    index: usize,
}

impl AgreementVersion {
    fn version(&self) -> Option<&domain::Version> {
        self.it.versions.get(self.index)
    }

    fn terms(&self) -> Option<&domain::Terms> {
        self.version().map(|version| &version.terms)
    }
}

/// One version of an agreement: the first, or a supplementary one 补充协议.
#[Object]
impl AgreementVersion {
    /// Its number, from 1.
    async fn number(&self) -> i32 {
        int(self.index + 1)
    }

    /// What it is called.
    async fn title(&self) -> Option<&str> {
        self.terms().map(|terms| terms.title.as_str())
    }

    /// What else was agreed, in words.
    async fn text(&self) -> Option<&str> {
        self.terms().and_then(|terms| terms.text.as_deref())
    }

    /// When it was drafted.
    async fn drafted_at(&self) -> Option<DateTime> {
        self.version().map(|version| DateTime(version.drafted))
    }

    /// Who signs 签署方, and whether it has.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn signatures(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many after `after`, at most 100; 20 when not said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<SignatureConnection>> {
        let read = || {
            let page = PageRequest::read(first, after.as_deref(), last, before.as_deref())?;
            let parties = self.terms().map(|terms| terms.parties.as_slice()).unwrap_or_default();
            let signed =
                |party: &OrganizationId| self.version()?.signatures.get(party).copied().map(DateTime);
            let wrap = |(_, id): (usize, &OrganizationId)| Signature {
                party: Organization::find(&self.at, *id),
                at: signed(id),
            };
            Ok(SignatureConnection::new(ctx, page, || parties.iter().enumerate(), place, wrap))
        };
        Some(read())
    }

    /// When the last of its parties signed; null while somebody has not.
    async fn in_force_since(&self) -> Option<DateTime> {
        self.version().and_then(domain::Version::in_force_since).map(DateTime)
    }

    /// What each party undertakes 分工.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn undertakings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many after `after`, at most 100; 20 when not said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<AgreedUndertakingConnection>> {
        let read = || {
            let page = PageRequest::read(first, after.as_deref(), last, before.as_deref())?;
            let undertakings = self.terms().map(|terms| terms.undertakings.as_slice()).unwrap_or_default();
            let wrap = |(_, it): (usize, &domain::Undertaking)| AgreedUndertaking {
                party: Organization::find(&self.at, it.party),
                kind: it.kind.into(),
                what: it.what.clone(),
                pairing: it.pairing.and_then(|pairing| Pairing::find(&self.at, pairing)),
            };
            Ok(AgreedUndertakingConnection::new(ctx, page, || undertakings.iter().enumerate(), place, wrap))
        };
        Some(read())
    }

    /// Where the money comes from 资金来源.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn budget(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many after `after`, at most 100; 20 when not said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<FundingConnection>> {
        let read = || {
            let page = PageRequest::read(first, after.as_deref(), last, before.as_deref())?;
            let budget = self.terms().map(|terms| terms.budget.as_slice()).unwrap_or_default();
            let wrap = |(_, it): (usize, &domain::Funding)| Funding {
                party: it.party.and_then(|party| Organization::find(&self.at, party)),
                source: it.source.clone(),
                yuan: int(it.yuan),
            };
            Ok(FundingConnection::new(ctx, page, || budget.iter().enumerate(), place, wrap))
        };
        Some(read())
    }

    /// What the sources come to, in yuan.
    async fn yuan(&self) -> Long {
        Long(self.terms().map_or(0, |terms| terms.yuan().into()))
    }

    /// The most it may cost, in yuan 资金上限.
    async fn ceiling(&self) -> Option<i32> {
        self.terms().and_then(|terms| terms.ceiling).map(int)
    }

    /// What is reached by when 里程碑, and what became of it.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn milestones(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many after `after`, at most 100; 20 when not said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<MilestoneConnection>> {
        let read = || {
            let page = PageRequest::read(first, after.as_deref(), last, before.as_deref())?;
            let milestones = self.terms().map(|terms| terms.milestones.as_slice()).unwrap_or_default();
            let wrap = |(_, it): (usize, &domain::Milestone)| {
                let became = self.it.milestones.get(&it.number);
                Milestone {
                    number: it.number.into(),
                    title: it.title.clone(),
                    due: it.due.into(),
                    reached_at: became.and_then(|it| it.at).map(DateTime),
                    note: became.and_then(|it| it.note.clone()),
                    overdue_since: became.and_then(|it| it.overdue).map(DateTime),
                }
            };
            Ok(MilestoneConnection::new(ctx, page, || milestones.iter().enumerate(), place, wrap))
        };
        Some(read())
    }
}

/// An agreement, as it was at one position.
#[derive(Clone)]
pub struct Agreement {
    at: Snapshot,
    it: Arc<domain::Agreement>,
}

impl Agreement {
    /// The node of an agreement of this state.
    pub fn new(at: &Snapshot, it: &Arc<domain::Agreement>) -> Self {
        Self { at: Arc::clone(at), it: Arc::clone(it) }
    }

    /// The agreement of this identity.
    pub fn find(at: &Snapshot, id: AgreementId) -> Option<Self> {
        at.agreement(id).filter(|_| at.sees(Entity::Agreement(id))).map(|it| Self::new(at, it))
    }

    /// The agreement on a subject that is not void.
    pub fn live(at: &Snapshot, subject: domain::Subject) -> Option<Self> {
        at.agreements_of(subject).find(|it| it.withdrawn.is_none()).and_then(|it| Self::find(at, it.id))
    }

    fn version(&self, index: usize) -> AgreementVersion {
        AgreementVersion { at: Arc::clone(&self.at), it: Arc::clone(&self.it), index }
    }
}

/// An agreement 共建协议 with its versions. ValueFlows knows it by the same name.
#[Object]
impl Agreement {
    /// Its global id.
    pub async fn id(&self) -> ID {
        NodeId::Agreement(self.it.id).id()
    }

    #[graphql(flatten)]
    async fn next(&self) -> NextPart {
        NextPart::new(Arc::clone(&self.at), Entity::Agreement(self.it.id))
    }

    /// What it is about.
    async fn subject(&self) -> Option<AgreementSubject> {
        match self.it.subject {
            domain::Subject::Project(id) => Project::find(&self.at, id).map(AgreementSubject::Project),
            domain::Subject::Pairing(id) => Pairing::find(&self.at, id).map(AgreementSubject::Pairing),
        }
    }

    /// Where it stands 状态.
    async fn status(&self) -> AgreementStatus {
        AgreementStanding::from(&*self.it).into()
    }

    /// All versions, the first one first.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn versions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many after `after`, at most 100; 20 when not said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<AgreementVersionConnection>> {
        let read = || {
            let page = PageRequest::read(first, after.as_deref(), last, before.as_deref())?;
            let versions = || self.it.versions.iter().enumerate();
            Ok(AgreementVersionConnection::new(ctx, page, versions, place, |(index, _)| self.version(index)))
        };
        Some(read())
    }

    /// The newest version, signed or not: what may be signed.
    async fn newest(&self) -> AgreementVersion {
        self.version(self.it.newest().saturating_sub(1))
    }

    /// The newest version that all its parties have signed; null when there is none.
    async fn in_force(&self) -> Option<AgreementVersion> {
        let in_force = self.it.in_force()?;
        let index = self.it.versions.iter().rposition(|version| std::ptr::eq(version, in_force))?;
        Some(self.version(index))
    }

    /// Why it is void, when it is.
    async fn withdrawn_reason(&self) -> Option<&str> {
        self.it.withdrawn.as_deref()
    }
}

connection!(
    AgreementVersion,
    AgreementVersionConnection,
    AgreementVersionEdge,
    "the versions of an agreement 协议版本"
);
connection!(Signature, SignatureConnection, SignatureEdge, "the signatures 签署 of a version");
connection!(
    AgreedUndertaking,
    AgreedUndertakingConnection,
    AgreedUndertakingEdge,
    "what the parties undertake 承诺事项"
);
connection!(Funding, FundingConnection, FundingEdge, "a budget 资金来源");
connection!(Milestone, MilestoneConnection, MilestoneEdge, "milestones 里程碑");
connection!(Agreement, AgreementConnection, AgreementEdge, "agreements 共建协议");

listed!(Agreement, Agreements of AgreementId, AgreementFilter, AgreementOrder, AgreementConnection);

filter! {
    /// Which agreements 共建协议 to list. All conditions hold at once.
    AgreementFilter {
        /// With this organization among the parties of its newest version.
        party: ID => read::organization,
        /// Whose newest version waits for a signature of this organization.
        unsigned_by: ID => read::unsigned_by,
        /// On this project, or on a pairing for a slot of it.
        project: ID => read::project,
        /// On this pairing.
        pairing: ID => read::pairing,
        /// On a pairing that serves this need or slot.
        target: ID => read::target,
        /// On what is of this category, by its global id or code; a top includes its leaves.
        category: ID => read::category,
        /// On what is in this place or below it.
        place: ID => read::place,
        /// In one of these states.
        status: Vec<AgreementStatus> => read::status(|it: AgreementStatus| Status::Agreement(it.into())),
        /// First drafted in this span.
        drafted: TimeRange => |span| Ok(Condition::Began(*span)),
        /// Whose newest version in force was signed by the last of its parties in this span.
        signed: TimeRange => read::moments(Rank::Signed),
        /// Whose next milestone ends in this span: at the end of its last day, by UTC.
        due: TimeRange => read::moments(Rank::Due),
        /// With all these words in the title of its newest version, blanks between them, without regard to case 关键词.
        text: String => read::text,
    }
}

order! {
    /// In which order to list agreements 排序. What has nothing to be sorted by comes last either way.
    AgreementOrder,
    /// What agreements may be sorted by 排序依据.
    AgreementOrderField {
        /// 起草时间: when its first version was drafted, the oldest first.
        Drafted = By::Number,
        /// 签约时间: when the last party signed the newest version in force; what is not in force has none.
        Signed = By::Rank(Rank::Signed),
        /// 金额: what the money of its newest version comes to, in yuan.
        Value = By::Rank(Rank::Value),
        /// 节点: the last day of its next milestone, the soonest first; what has none open has none.
        Due = By::Rank(Rank::Due),
        /// 状态: as the life of an agreement goes, those that are not signed first.
        Status = By::Facet(FacetKind::Status),
    }
}

/// Queries of agreements: of the request's own state, or of another one that was asked for.
pub struct AgreementQuery {
    bound: Option<Scope>,
}

impl AgreementQuery {
    /// The queries of one state.
    pub const fn of(bound: Option<Scope>) -> Self {
        Self { bound }
    }
}

/// Queries of agreements.
#[Object]
impl AgreementQuery {
    /// The agreements 共建协议. Who acts for an organization sees those of which it is a party, or a side of what they are about.
    /// Null, with an error, for the public.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn agreements(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that pass this filter.")] filter: Option<AgreementFilter>,
        #[graphql(desc = "In which order; as they were drafted when not said.")] order_by: Option<
            AgreementOrder,
        >,
        #[graphql(desc = "The first so many after `after`, at most 100; 20 when not said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<AgreementConnection>> {
        let page = PageArguments::read(first, after.as_deref(), last, before.as_deref());
        let scope = self.bound.as_ref().map_or_else(|| Scope::of(ctx), Ok);
        let asked = (filter, order_by);
        Some(scope.and_then(|scope| listing::for_members::<Agreement>(ctx, &scope.state, asked, page, [])))
    }
}
