//! Mutations of the street itself: places, organizations, roster, taxonomy, rules, logins.

use super::{Outcome, payload::payload, run, run_with};
use crate::{
    input::street::{
        AddMemberInput, AddPlaceInput, AmendOrganizationInput, DefineCategoryInput, LinkRosterInput,
        RegisterOrganizationInput, RenamePlaceInput, RetireCategoryInput, RevokeMemberInput, SetRulesInput,
        UnlinkRosterInput,
    },
    reading::Reading,
    schema::{
        category::Category,
        fault::{FaultCode, fault},
        filter::category_code,
        identity::NodeId,
        member::Member,
        organization::Organization,
        place::Place,
        roster::RosterLink,
        scalar::Position,
        street::Rules,
        user_error::UserError,
    },
    sign_in,
};
use async_graphql::{Context, Object, Result, SimpleObject};
use engine::{command::Command, organization as domain};

payload!(
    AddPlacePayload,
    place: Place(NodeId::Place(id) => |at| Place::find(at, id)),
    "What became of adding a place.",
    "The place"
);
payload!(
    RenamePlacePayload,
    place: Place(NodeId::Place(id) => |at| Place::find(at, id)),
    "What became of renaming a place.",
    "The place"
);
payload!(
    RegisterOrganizationPayload,
    organization: Organization(NodeId::Organization(id) => |at| Organization::find(at, id)),
    "What became of registering an organization.",
    "The organization"
);
payload!(
    AmendOrganizationPayload,
    organization: Organization(NodeId::Organization(id) => |at| Organization::find(at, id)),
    "What became of changing an organization.",
    "The organization"
);
payload!(
    DefineCategoryPayload,
    category: Category(NodeId::Category(code) => |at| Category::find(at, &code)),
    "What became of defining a category.",
    "The category"
);
payload!(
    RevokeMemberPayload,
    member: Member(NodeId::Member(id) => |at| Member::find(at, id)),
    "What became of ending a login.",
    "The member"
);

/// Mutations of the street itself.
#[derive(Default)]
pub struct StreetMutation;

/// Mutations of the street itself.
#[Object]
impl StreetMutation {
    /// Adds a node to the territory tree 区域. For coordinators.
    async fn add_place(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: AddPlaceInput,
    ) -> Option<Result<AddPlacePayload>> {
        Some(run(ctx, &input).await.map(AddPlacePayload::from))
    }

    /// Gives a place another name 区域更名. For coordinators.
    async fn rename_place(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: RenamePlaceInput,
    ) -> Option<Result<RenamePlacePayload>> {
        Some(run(ctx, &input).await.map(RenamePlacePayload::from))
    }

    /// Registers an organization 组织. For coordinators.
    async fn register_organization(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: RegisterOrganizationInput,
    ) -> Option<Result<RegisterOrganizationPayload>> {
        Some(run(ctx, &input).await.map(RegisterOrganizationPayload::from))
    }

    /// Changes what is said of an organization 变更组织: absent stays, null clears. For coordinators.
    async fn amend_organization(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: AmendOrganizationInput,
    ) -> Option<Result<AmendOrganizationPayload>> {
        Some(run(ctx, &input).await.map(AmendOrganizationPayload::from))
    }

    /// Adds a category 类别, or changes the one with this code. For coordinators.
    async fn define_category(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: DefineCategoryInput,
    ) -> Option<Result<DefineCategoryPayload>> {
        Some(run(ctx, &input).await.map(DefineCategoryPayload::from))
    }

    /// Ends a login 停用成员. For coordinators.
    async fn revoke_member(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: RevokeMemberInput,
    ) -> Option<Result<RevokeMemberPayload>> {
        Some(run(ctx, &input).await.map(RevokeMemberPayload::from))
    }

    /// Links a unit to a community 包联/双报到/结对. For coordinators.
    async fn link_roster(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: LinkRosterInput,
    ) -> Option<Result<LinkRosterPayload>> {
        let read = |reading: &mut Reading| input.read(reading);
        let done = roster(ctx, input.request_id.as_deref(), read, Command::LinkRoster).await;
        Some(done.map(|(link, position, user_errors)| LinkRosterPayload { link, position, user_errors }))
    }

    /// Ends such a link 解除共建关系. For coordinators.
    async fn unlink_roster(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: UnlinkRosterInput,
    ) -> Option<Result<UnlinkRosterPayload>> {
        let read = |reading: &mut Reading| input.read(reading);
        let done = roster(ctx, input.request_id.as_deref(), read, Command::UnlinkRoster).await;
        Some(done.map(|(link, position, user_errors)| UnlinkRosterPayload { link, position, user_errors }))
    }

    /// Takes a category that nothing uses off the taxonomy 停用类别. For coordinators.
    async fn retire_category(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: RetireCategoryInput,
    ) -> Option<Result<RetireCategoryPayload>> {
        let done = |outcome| match outcome {
            Outcome::Done { receipt, .. } => RetireCategoryPayload {
                code: category_code(&input.category).ok().map(|code| code.to_string()),
                position: receipt.position.into(),
                user_errors: Vec::new(),
            },
            Outcome::Refused { errors, position } => {
                RetireCategoryPayload { code: None, position, user_errors: errors }
            }
        };
        Some(run(ctx, &input).await.map(done))
    }

    /// Changes the rules of the street 规则: absent stays. For coordinators.
    async fn set_rules(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: SetRulesInput,
    ) -> Option<Result<SetRulesPayload>> {
        let done = |outcome| match outcome {
            Outcome::Done { receipt, .. } => SetRulesPayload {
                rules: Some(Rules(receipt.state.rules().clone())),
                position: receipt.position.into(),
                user_errors: Vec::new(),
            },
            Outcome::Refused { errors, position } => {
                SetRulesPayload { rules: None, position, user_errors: errors }
            }
        };
        Some(run(ctx, &input).await.map(done))
    }

    /// Gives somebody a login 成员. The answer holds the token, which is shown this once. For coordinators.
    async fn add_member(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: AddMemberInput,
    ) -> Option<Result<AddMemberPayload>> {
        Some(add_member(ctx, &input).await)
    }
}

/// What became of linking a unit to a community.
#[derive(Clone, SimpleObject)]
pub struct LinkRosterPayload {
    /// The link; null when nothing was done.
    pub link: Option<RosterLink>,
    /// The position of the commit; where nothing was done, that of the state it was judged on.
    pub position: Position,
    /// Why nothing was done; empty when it was.
    pub user_errors: Vec<UserError>,
}

/// What became of ending the link of a unit to a community.
#[derive(Clone, SimpleObject)]
pub struct UnlinkRosterPayload {
    /// The link that is no more; null when nothing was done.
    pub link: Option<RosterLink>,
    /// The position of the commit; where nothing was done, that of the state it was judged on.
    pub position: Position,
    /// Why nothing was done; empty when it was.
    pub user_errors: Vec<UserError>,
}

/// What became of retiring a category.
#[derive(Clone, SimpleObject)]
pub struct RetireCategoryPayload {
    /// The code that is free again; null when nothing was done.
    pub code: Option<String>,
    /// The position of the commit; where nothing was done, that of the state it was judged on.
    pub position: Position,
    /// Why nothing was done; empty when it was.
    pub user_errors: Vec<UserError>,
}

/// What became of changing the rules.
#[derive(Clone, SimpleObject)]
pub struct SetRulesPayload {
    /// The rules from now on; null when nothing was done.
    pub rules: Option<Rules>,
    /// The position of the commit; where nothing was done, that of the state it was judged on.
    pub position: Position,
    /// Why nothing was done; empty when it was.
    pub user_errors: Vec<UserError>,
}

/// What became of giving somebody a login.
#[derive(Clone, SimpleObject)]
pub struct AddMemberPayload {
    /// The member; null when nothing was done.
    pub member: Option<Member>,
    /// The bearer token 令牌. It is shown this once and kept nowhere; null when the request is a repetition.
    pub token: Option<String>,
    /// The position of the commit; where nothing was done, that of the state it was judged on.
    pub position: Position,
    /// Why nothing was done; empty when it was.
    pub user_errors: Vec<UserError>,
}

/// Gives a command about a link: the link when it was done, the position, the errors.
async fn roster(
    ctx: &Context<'_>,
    request_id: Option<&str>,
    read: impl FnOnce(&mut Reading) -> Option<domain::RosterLink>,
    command: impl FnOnce(domain::RosterLink) -> Command,
) -> Result<(Option<RosterLink>, Position, Vec<UserError>)> {
    let mut link = None;
    let outcome = run_with(ctx, request_id, |reading| {
        link = read(reading);
        link.map(command)
    })
    .await?;
    Ok(match outcome {
        Outcome::Done { receipt, at, .. } => {
            (link.map(|link| RosterLink::new(&at, link)), receipt.position.into(), Vec::new())
        }
        Outcome::Refused { errors, position } => (None, position, errors),
    })
}

async fn add_member(ctx: &Context<'_>, input: &AddMemberInput) -> Result<AddMemberPayload> {
    let (token, hash) =
        sign_in::new_token().map_err(|error| fault(FaultCode::Internal, error.to_string()))?;
    let outcome = run_with(ctx, input.request_id.as_deref(), |reading| {
        let organization = reading.organization("organization", &input.organization)?;
        let label = input.label.clone();
        let expires = input.expires_at.and_then(|it| reading.moment("expiresAt", it));
        Some(Command::AddMember { organization, role: input.role.into(), label, token: hash, expires })
    })
    .await?;
    Ok(match outcome {
        Outcome::Done { receipt, at, changed } => AddMemberPayload {
            member: changed.and_then(|changed| match changed {
                NodeId::Member(member) => Member::find(&at, member),
                _ => None,
            }),
            token: (!receipt.repeated).then(|| token.reveal().to_owned()),
            position: receipt.position.into(),
            user_errors: Vec::new(),
        },
        Outcome::Refused { errors, position } => {
            AddMemberPayload { member: None, token: None, position, user_errors: errors }
        }
    })
}
