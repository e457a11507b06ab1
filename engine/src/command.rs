//! Commands: what somebody wishes to be done. Imperative; nothing has happened yet.

use crate::{
    category::{Category, CategoryCode},
    identity::{MemberId, NeedId, OrganizationId, PairingId, PlaceId, ProjectId, ResourceId},
    member::{Role, TokenHash},
    moment::Moment,
    need::NeedDraft,
    organization::{OrganizationDraft, RosterLink},
    pairing::{Side, Supplier, Target},
    place::PlaceLevel,
    plan::Proposal,
    project::ProjectDraft,
    resource::ResourceDraft,
    rules::Rules,
};

/// A wish. [`crate::decide::decide`] grants or refuses it as a whole.
///
/// Amendments carry the `revision` their author saw; when somebody else was quicker they are refused
/// instead of overwriting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Open the log of a street: its root place, its office, the seed taxonomy.
    OpenStreet {
        /// The street's name.
        name: String,
    },
    /// Change the street's rules as a whole.
    SetRules(Rules),
    /// Add a category, or change the one with this code.
    DefineCategory(Category),
    /// Take a category that nothing uses off the taxonomy.
    RetireCategory(CategoryCode),

    /// Add a node to the territory tree.
    AddPlace {
        /// Unique below its parent.
        name: String,
        /// Lower than its parent's.
        level: PlaceLevel,
        /// The place around it; `None` for a root.
        parent: Option<PlaceId>,
        /// Its identity in an imported list.
        reference: Option<String>,
    },
    /// Give a place another name.
    RenamePlace {
        /// Which.
        place: PlaceId,
        /// Its new name.
        name: String,
    },
    /// Register an organization.
    RegisterOrganization(OrganizationDraft),
    /// Change what is said of an organization.
    AmendOrganization {
        /// Which.
        organization: OrganizationId,
        /// All that is said of it from now on.
        draft: OrganizationDraft,
    },
    /// Link a unit to a community.
    LinkRoster(RosterLink),
    /// End such a link.
    UnlinkRoster(RosterLink),
    /// Give somebody a login.
    AddMember {
        /// Whom it acts for.
        organization: OrganizationId,
        /// What it may do.
        role: Role,
        /// What the login is called.
        label: String,
        /// Hash of its token.
        token: TokenHash,
    },
    /// End a login.
    RevokeMember(MemberId),

    /// Post to the list of needs.
    PostNeed(NeedDraft),
    /// Change a need.
    AmendNeed {
        /// Which.
        need: NeedId,
        /// The revision that was seen.
        revision: u64,
        /// All that is said of it from now on.
        draft: NeedDraft,
    },
    /// Take a need back.
    WithdrawNeed {
        /// Which.
        need: NeedId,
        /// Why.
        reason: String,
    },
    /// Post to the list of resources.
    PostResource(ResourceDraft),
    /// Change a resource.
    AmendResource {
        /// Which.
        resource: ResourceId,
        /// The revision that was seen.
        revision: u64,
        /// All that is said of it from now on.
        draft: ResourceDraft,
    },
    /// Take a resource back.
    WithdrawResource {
        /// Which.
        resource: ResourceId,
        /// Why.
        reason: String,
    },
    /// Post to the list of projects.
    PostProject(ProjectDraft),
    /// Change a project.
    AmendProject {
        /// Which.
        project: ProjectId,
        /// The revision that was seen.
        revision: u64,
        /// All that is said of it from now on.
        draft: ProjectDraft,
    },
    /// Take a project back.
    WithdrawProject {
        /// Which.
        project: ProjectId,
        /// Why.
        reason: String,
    },

    /// Ask for a pairing by hand. Asked by one of its sides, it is that side's claim as well.
    RequestPairing {
        /// What is to be served.
        target: Target,
        /// What is to serve it.
        supplier: Supplier,
        /// How much of what is asked; `None` = as much as both sides allow.
        quantity: Option<u64>,
        /// How much of the giving side it takes; `None` = follows from the quantity.
        draws: Option<u64>,
        /// The organization that asks.
        by: OrganizationId,
    },
    /// Say yes to a pairing.
    ClaimPairing {
        /// Which.
        pairing: PairingId,
        /// For which side.
        side: Side,
    },
    /// Say no to a pairing.
    DeclinePairing {
        /// Which.
        pairing: PairingId,
        /// For which side.
        side: Side,
        /// Why.
        reason: String,
    },
    /// Take a claim, a request or an agreement back.
    WithdrawPairing {
        /// Which.
        pairing: PairingId,
        /// For which side.
        side: Side,
        /// Why.
        reason: String,
    },
    /// Make a plan's pairings the standing proposals.
    AdoptPlan(Box<Proposal>),
    /// Note that time has passed.
    Tick,
    /// Give a member one more token.
    IssueToken {
        /// Whose.
        member: MemberId,
        /// What it is called; unique among the member's good ones.
        label: String,
        /// Its hash.
        token: TokenHash,
        /// When it ends by itself, if it does.
        expires: Option<Moment>,
    },
    /// End one token of a member.
    RevokeToken {
        /// Whose.
        member: MemberId,
        /// What it is called.
        label: String,
    },
}

impl Command {
    /// The name of its kind, for logs; never its contents.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::OpenStreet { .. } => "OpenStreet",
            Self::SetRules(_) => "SetRules",
            Self::DefineCategory(_) => "DefineCategory",
            Self::RetireCategory(_) => "RetireCategory",
            Self::AddPlace { .. } => "AddPlace",
            Self::RenamePlace { .. } => "RenamePlace",
            Self::RegisterOrganization(_) => "RegisterOrganization",
            Self::AmendOrganization { .. } => "AmendOrganization",
            Self::LinkRoster(_) => "LinkRoster",
            Self::UnlinkRoster(_) => "UnlinkRoster",
            Self::AddMember { .. } => "AddMember",
            Self::RevokeMember(_) => "RevokeMember",
            Self::PostNeed(_) => "PostNeed",
            Self::AmendNeed { .. } => "AmendNeed",
            Self::WithdrawNeed { .. } => "WithdrawNeed",
            Self::PostResource(_) => "PostResource",
            Self::AmendResource { .. } => "AmendResource",
            Self::WithdrawResource { .. } => "WithdrawResource",
            Self::PostProject(_) => "PostProject",
            Self::AmendProject { .. } => "AmendProject",
            Self::WithdrawProject { .. } => "WithdrawProject",
            Self::RequestPairing { .. } => "RequestPairing",
            Self::ClaimPairing { .. } => "ClaimPairing",
            Self::DeclinePairing { .. } => "DeclinePairing",
            Self::WithdrawPairing { .. } => "WithdrawPairing",
            Self::AdoptPlan(_) => "AdoptPlan",
            Self::Tick => "Tick",
            Self::IssueToken { .. } => "IssueToken",
            Self::RevokeToken { .. } => "RevokeToken",
        }
    }
}
