//! Commands: what somebody wishes to be done. Imperative; nothing has happened yet.

mod name;

use crate::{
    agreement::{Subject, Terms},
    appraisal::Appraisal,
    category::{Category, CategoryCode},
    contact::{ErasureReason, Purpose, Subject as ContactSubject},
    contribution::Redemption,
    delivery::DeliveryDraft,
    identity::{
        AgreementId, BidId, ContactId, DeliveryId, MeetingId, MemberId, NeedId, OrganizationId, PairingId,
        PlaceId, ProjectId, ResourceId,
    },
    meeting::{Decision, Item, MeetingDraft},
    member::{Role, SignOnHash, TokenHash},
    moment::Moment,
    need::{NeedDraft, RejectionGround},
    organization::{OrganizationDraft, RosterLink},
    pairing::{Share, Side, Supplier, Target},
    period::Quarter,
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
        /// When its token ends by itself, if it does.
        expires: Option<Moment>,
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

    /// Say that a need is as it says.
    VerifyNeed {
        /// Which.
        need: NeedId,
    },
    /// Do not take a need on.
    RejectNeed {
        /// Which.
        need: NeedId,
        /// On what ground.
        ground: RejectionGround,
        /// More of it, in words.
        note: Option<String>,
    },
    /// Let another need carry what this one asks.
    MergeNeed {
        /// Which.
        need: NeedId,
        /// The other one.
        into: NeedId,
    },
    /// Take a need along into a later period.
    CarryOverNeed {
        /// Which.
        need: NeedId,
        /// Into which.
        into: Quarter,
        /// Why.
        reason: String,
    },
    /// Say that a need is done with.
    StrikeOffNeed {
        /// Which.
        need: NeedId,
        /// How it was settled, in words.
        note: Option<String>,
    },
    /// Say how well a need was met.
    AppraiseNeed {
        /// Which.
        need: NeedId,
        /// What.
        appraisal: Appraisal,
    },
    /// Say that a need still stands.
    ReconfirmNeed {
        /// Which.
        need: NeedId,
    },
    /// Lend nothing of a resource for now.
    PauseResource {
        /// Which.
        resource: ResourceId,
        /// Why.
        reason: String,
    },
    /// Lend a resource again.
    ResumeResource {
        /// Which.
        resource: ResourceId,
    },
    /// Say that a resource still stands.
    ReconfirmResource {
        /// Which.
        resource: ResourceId,
    },
    /// Say yes to a part of a proposed pairing.
    ClaimPart {
        /// Which.
        pairing: PairingId,
        /// For which side.
        side: Side,
        /// How much of what is asked.
        quantity: u64,
    },
    /// Claim a target together with other givers; the first share is that of the organization that asks.
    ClaimJointly {
        /// What is to be served.
        target: Target,
        /// With what, by whom; the leader first.
        shares: Vec<Share>,
        /// The leader.
        by: OrganizationId,
    },
    /// Invite bids.
    OpenCall {
        /// On what.
        target: Target,
        /// Until when.
        until: Moment,
        /// What bidders are to know.
        note: Option<String>,
    },
    /// End a call without choosing.
    CloseCall {
        /// On what.
        target: Target,
    },
    /// Offer to take something up.
    PlaceBid {
        /// What it would serve.
        target: Target,
        /// With what.
        supplier: Supplier,
        /// How much; none = as much as both sides allow.
        quantity: Option<u64>,
        /// How much of the giving side it takes; none = follows from the quantity.
        draws: Option<u64>,
        /// How it would be done.
        note: Option<String>,
    },
    /// Take a bid back.
    WithdrawBid {
        /// Which.
        bid: BidId,
        /// Why.
        reason: String,
    },
    /// Choose a bid: its pairing is agreed.
    ChooseBid {
        /// Which.
        bid: BidId,
        /// Why this one.
        reason: Option<String>,
    },
    /// Do not choose a bid.
    DeclineBid {
        /// Which.
        bid: BidId,
        /// Why.
        reason: String,
    },
    /// Call a joint meeting.
    CallMeeting(MeetingDraft),
    /// Change a meeting that is not over.
    AmendMeeting {
        /// Which.
        meeting: MeetingId,
        /// All that is said of it from now on.
        draft: MeetingDraft,
    },
    /// Write down what a meeting decided of an item, and do it.
    DecideItem {
        /// Which.
        meeting: MeetingId,
        /// Of which.
        item: Item,
        /// What.
        decision: Decision,
        /// More of it, in words.
        note: Option<String>,
    },
    /// End a meeting.
    CloseMeeting {
        /// Which.
        meeting: MeetingId,
        /// What was said.
        minutes: String,
    },
    /// Do not hold a meeting.
    CancelMeeting {
        /// Which.
        meeting: MeetingId,
        /// Why.
        reason: String,
    },
    /// Draft an agreement.
    DraftAgreement {
        /// On what.
        subject: Subject,
        /// Its terms.
        terms: Terms,
    },
    /// Draft a newer version of an agreement.
    AmendAgreement {
        /// Which.
        agreement: AgreementId,
        /// The newest version that was seen.
        version: u32,
        /// All terms of the newer version.
        terms: Terms,
    },
    /// Sign the newest version of an agreement.
    SignAgreement {
        /// Which.
        agreement: AgreementId,
        /// The version that was read.
        version: u32,
        /// Who signs.
        party: OrganizationId,
    },
    /// Declare an agreement void that is not in force, or that nobody has acted upon.
    WithdrawAgreement {
        /// Which.
        agreement: AgreementId,
        /// Why.
        reason: String,
    },
    /// Say that a milestone is reached.
    ReachMilestone {
        /// Which.
        agreement: AgreementId,
        /// Its number.
        milestone: u16,
        /// More of it, in words.
        note: Option<String>,
    },
    /// Say that a project is under way.
    StartProject {
        /// Which.
        project: ProjectId,
    },
    /// Let a project rest.
    SuspendProject {
        /// Which.
        project: ProjectId,
        /// Why.
        reason: String,
    },
    /// Let a project go on.
    ResumeProject {
        /// Which.
        project: ProjectId,
    },
    /// Accept a project as a whole.
    AcceptProject {
        /// Which.
        project: ProjectId,
        /// More of it, in words.
        note: Option<String>,
    },
    /// Say how well a project was done.
    AppraiseProject {
        /// Which.
        project: ProjectId,
        /// What.
        appraisal: Appraisal,
    },
    /// Say that a project is done with.
    CloseProject {
        /// Which.
        project: ProjectId,
    },
    /// Give a project up.
    FailProject {
        /// Which.
        project: ProjectId,
        /// Why.
        reason: String,
    },
    /// Say that a quantity was handed over.
    RecordDelivery {
        /// Which.
        pairing: PairingId,
        /// All that is said of it.
        draft: DeliveryDraft,
    },
    /// Say that it is so.
    ConfirmDelivery {
        /// Which.
        delivery: DeliveryId,
    },
    /// Say that it is not so.
    DisputeDelivery {
        /// Which.
        delivery: DeliveryId,
        /// Why.
        reason: String,
    },
    /// Say otherwise of a delivery.
    CorrectDelivery {
        /// Which.
        delivery: DeliveryId,
        /// All that is said of it from now on.
        draft: DeliveryDraft,
    },
    /// Take a delivery back.
    WithdrawDelivery {
        /// Which.
        delivery: DeliveryId,
        /// Why.
        reason: String,
    },
    /// Accept what was delivered of a pairing as all there will be; the rest is free again.
    AcceptPairing {
        /// Which.
        pairing: PairingId,
    },
    /// Redeem points or banked time.
    RedeemContribution {
        /// Who.
        organization: OrganizationId,
        /// What.
        redemption: Redemption,
    },

    /// Note that time has passed.
    Tick,

    /// Say that somebody can be called. The contact is sealed in the vault before, under this number.
    GiveContact {
        /// Its number in the vault.
        contact: ContactId,
        /// What it is of.
        of: ContactSubject,
        /// What for.
        purpose: Purpose,
    },
    /// Erase a contact. When it is granted, the vault erases what it says.
    EraseContact {
        /// Which.
        contact: ContactId,
        /// Why.
        reason: ErasureReason,
    },
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

    /// Let somebody sign in as a member by single sign-on, instead of whoever did before.
    BindSignOn {
        /// Which member.
        member: MemberId,
        /// Hash of issuer and subject; no other member that is good has it.
        sign_on: SignOnHash,
    },
    /// Let nobody sign in as a member by single sign-on.
    UnbindSignOn {
        /// Which member.
        member: MemberId,
    },
}
