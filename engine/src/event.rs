//! Events: what has happened. Past tense; the only thing that is stored.
//!
//! **Frozen.** Every shape in this file that has landed is read for ever: goldens in
//! `tests/goldens/` hold one of each. A field may be added with `#[serde(default)]`; anything else is
//! a new version of the commit and an upcaster in `storage`.

use crate::{
    category::{Category, CategoryCode},
    identity::{
        MemberId, NeedId, OrganizationId, PairingId, PlaceId, PlanId, Position, ProjectId, ResourceId,
    },
    member::{Role, TokenHash},
    moment::Moment,
    need::NeedDraft,
    organization::{OrganizationDraft, RosterLink},
    pairing::{PairingTerms, Side},
    place::Place,
    plan::PlanSummary,
    project::ProjectDraft,
    resource::ResourceDraft,
    rules::Rules,
};
use serde::{Deserialize, Serialize};

/// Something that has happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all_fields = "camelCase")]
pub enum Event {
    /// The log of a street begins.
    StreetOpened {
        /// Its name.
        name: String,
        /// Its root in the territory tree.
        place: PlaceId,
        /// Its office.
        office: OrganizationId,
    },
    /// The rules are these from now on.
    RulesSet {
        /// All of them.
        rules: Rules,
    },
    /// A category was added or changed.
    CategoryDefined {
        /// All of it.
        category: Category,
    },
    /// A category was taken off.
    CategoryRetired {
        /// Which.
        code: CategoryCode,
    },
    /// A place was added.
    PlaceAdded {
        /// All of it.
        place: Place,
    },
    /// A place has another name.
    PlaceRenamed {
        /// Which.
        place: PlaceId,
        /// Its name from now on.
        name: String,
    },
    /// An organization was registered.
    OrganizationRegistered {
        /// Its identity.
        organization: OrganizationId,
        /// All that is said of it.
        draft: OrganizationDraft,
    },
    /// What is said of an organization was changed.
    OrganizationAmended {
        /// Which.
        organization: OrganizationId,
        /// All that is said of it from now on.
        draft: OrganizationDraft,
    },
    /// A unit was linked to a community.
    RosterLinked {
        /// The link.
        link: RosterLink,
    },
    /// Such a link has ended.
    RosterUnlinked {
        /// The link.
        link: RosterLink,
    },
    /// Somebody has a login.
    MemberAdded {
        /// Its identity.
        member: MemberId,
        /// Whom it acts for.
        organization: OrganizationId,
        /// What it may do.
        role: Role,
        /// What the login is called.
        label: String,
        /// Hash of its token.
        token: TokenHash,
    },
    /// A login has ended.
    MemberRevoked {
        /// Which.
        member: MemberId,
    },
    /// A need was posted.
    NeedPosted {
        /// Its identity.
        need: NeedId,
        /// All that is said of it.
        draft: NeedDraft,
    },
    /// A need was changed.
    NeedAmended {
        /// Which.
        need: NeedId,
        /// All that is said of it from now on.
        draft: NeedDraft,
    },
    /// A need was taken back.
    NeedWithdrawn {
        /// Which.
        need: NeedId,
        /// Why.
        reason: String,
    },
    /// A resource was posted.
    ResourcePosted {
        /// Its identity.
        resource: ResourceId,
        /// All that is said of it.
        draft: ResourceDraft,
    },
    /// A resource was changed.
    ResourceAmended {
        /// Which.
        resource: ResourceId,
        /// All that is said of it from now on.
        draft: ResourceDraft,
    },
    /// A resource was taken back.
    ResourceWithdrawn {
        /// Which.
        resource: ResourceId,
        /// Why.
        reason: String,
    },
    /// A project was posted.
    ProjectPosted {
        /// Its identity.
        project: ProjectId,
        /// All that is said of it.
        draft: ProjectDraft,
    },
    /// A project was changed.
    ProjectAmended {
        /// Which.
        project: ProjectId,
        /// All that is said of it from now on.
        draft: ProjectDraft,
    },
    /// A project was taken back.
    ProjectWithdrawn {
        /// Which.
        project: ProjectId,
        /// Why.
        reason: String,
    },
    /// A plan was adopted; its pairings follow in the same commit.
    PlanAdopted {
        /// Its identity.
        plan: PlanId,
        /// The state that was matched.
        matched: Position,
        /// Its figures and what it left unmet.
        summary: PlanSummary,
    },
    /// The matching proposes a pairing.
    PairingProposed {
        /// Its identity.
        pairing: PairingId,
        /// The plan it belongs to.
        plan: PlanId,
        /// What it is about.
        terms: PairingTerms,
    },
    /// An organization asked for a pairing by hand.
    PairingRequested {
        /// Its identity.
        pairing: PairingId,
        /// Who asked.
        by: OrganizationId,
        /// What it is about.
        terms: PairingTerms,
    },
    /// One side said yes; the quantity is reserved until the limit.
    PairingClaimed {
        /// Which.
        pairing: PairingId,
        /// Which side.
        side: Side,
        /// When the claim lapses.
        until: Moment,
    },
    /// The second side said yes.
    PairingAgreed {
        /// Which.
        pairing: PairingId,
        /// Which side was the second.
        side: Side,
    },
    /// One side said no.
    PairingDeclined {
        /// Which.
        pairing: PairingId,
        /// Which side.
        side: Side,
        /// Why.
        reason: String,
    },
    /// The second claim did not come in time.
    PairingLapsed {
        /// Which.
        pairing: PairingId,
    },
    /// A claim, a request or an agreement was taken back, or its entry was.
    PairingWithdrawn {
        /// Which.
        pairing: PairingId,
        /// Why.
        reason: String,
    },
    /// A newer plan or a request by hand took its place.
    PairingSuperseded {
        /// Which.
        pairing: PairingId,
    },
    /// A member has one more token.
    TokenIssued {
        /// Whose.
        member: MemberId,
        /// What it is called.
        label: String,
        /// Its hash.
        token: TokenHash,
        /// When it ends by itself, if it does.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        expires: Option<Moment>,
    },
    /// A token of a member has ended.
    TokenRevoked {
        /// Whose.
        member: MemberId,
        /// Its hash.
        token: TokenHash,
    },
}

impl Event {
    /// The name of its kind, as stored.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::StreetOpened { .. } => "StreetOpened",
            Self::RulesSet { .. } => "RulesSet",
            Self::CategoryDefined { .. } => "CategoryDefined",
            Self::CategoryRetired { .. } => "CategoryRetired",
            Self::PlaceAdded { .. } => "PlaceAdded",
            Self::PlaceRenamed { .. } => "PlaceRenamed",
            Self::OrganizationRegistered { .. } => "OrganizationRegistered",
            Self::OrganizationAmended { .. } => "OrganizationAmended",
            Self::RosterLinked { .. } => "RosterLinked",
            Self::RosterUnlinked { .. } => "RosterUnlinked",
            Self::MemberAdded { .. } => "MemberAdded",
            Self::MemberRevoked { .. } => "MemberRevoked",
            Self::NeedPosted { .. } => "NeedPosted",
            Self::NeedAmended { .. } => "NeedAmended",
            Self::NeedWithdrawn { .. } => "NeedWithdrawn",
            Self::ResourcePosted { .. } => "ResourcePosted",
            Self::ResourceAmended { .. } => "ResourceAmended",
            Self::ResourceWithdrawn { .. } => "ResourceWithdrawn",
            Self::ProjectPosted { .. } => "ProjectPosted",
            Self::ProjectAmended { .. } => "ProjectAmended",
            Self::ProjectWithdrawn { .. } => "ProjectWithdrawn",
            Self::PlanAdopted { .. } => "PlanAdopted",
            Self::PairingProposed { .. } => "PairingProposed",
            Self::PairingRequested { .. } => "PairingRequested",
            Self::PairingClaimed { .. } => "PairingClaimed",
            Self::PairingAgreed { .. } => "PairingAgreed",
            Self::PairingDeclined { .. } => "PairingDeclined",
            Self::PairingLapsed { .. } => "PairingLapsed",
            Self::PairingWithdrawn { .. } => "PairingWithdrawn",
            Self::PairingSuperseded { .. } => "PairingSuperseded",
            Self::TokenIssued { .. } => "TokenIssued",
            Self::TokenRevoked { .. } => "TokenRevoked",
        }
    }
}
