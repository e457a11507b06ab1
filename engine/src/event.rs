//! Events: what has happened. Past tense; the only thing that is stored.
//!
//! **Frozen.** Every shape in this file that has landed is read for ever: goldens in
//! `tests/goldens/` hold one of each. A field may be added with `#[serde(default)]`; anything else is
//! a new version of the commit and an upcaster in `storage`.

mod name;

use crate::{
    agreement::{Subject, Terms},
    appraisal::Appraisal,
    bid::BidDraft,
    category::{Category, CategoryCode},
    contact::{ErasureReason, Purpose, Subject as ContactSubject},
    contribution::{Credit, Redemption},
    delivery::DeliveryDraft,
    identity::{
        AgreementId, BidId, ContactId, DeliveryId, MeetingId, MemberId, NeedId, OrganizationId, PairingId,
        PlaceId, PlanId, Position, ProjectId, ResourceId,
    },
    meeting::{Decision, Item, MeetingDraft},
    member::{Role, SignOnHash, TokenHash},
    moment::Moment,
    need::{NeedDraft, RejectionGround},
    organization::{OrganizationDraft, RosterLink},
    pairing::{PairingTerms, Side, Target},
    period::Quarter,
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
        /// When the token ends by itself, if it does.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        expires: Option<Moment>,
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

    /// A need waits for its review; it was posted in the same commit.
    ReviewAsked {
        /// Which.
        need: NeedId,
    },
    /// A need is as it says 核实.
    NeedVerified {
        /// Which.
        need: NeedId,
    },
    /// A need is not taken on 不予受理.
    NeedRejected {
        /// Which.
        need: NeedId,
        /// On what ground.
        ground: RejectionGround,
        /// More of it, in words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    },
    /// Another need carries what this one asked; its amendment is in the same commit.
    NeedMerged {
        /// Which.
        need: NeedId,
        /// The other one.
        into: NeedId,
    },
    /// A need is taken along into a later period 结转.
    NeedCarriedOver {
        /// Which.
        need: NeedId,
        /// Into which.
        into: Quarter,
        /// Why.
        reason: String,
    },
    /// The time of a need was over before anything was promised.
    NeedExpired {
        /// Which.
        need: NeedId,
    },
    /// A need is done with 销号.
    NeedStruckOff {
        /// Which.
        need: NeedId,
        /// How it was settled, in words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    },
    /// The raiser of a need says how well it was met 评议.
    NeedAppraised {
        /// Which.
        need: NeedId,
        /// What it says.
        appraisal: Appraisal,
    },
    /// A need was not confirmed for long and asks for it.
    NeedWentStale {
        /// Which.
        need: NeedId,
    },
    /// A need still stands.
    NeedReconfirmed {
        /// Which.
        need: NeedId,
    },
    /// A need was not answered in time.
    ReplyFellOverdue {
        /// Which.
        need: NeedId,
    },
    /// Nothing of a resource is lent for now.
    ResourcePaused {
        /// Which.
        resource: ResourceId,
        /// Why.
        reason: String,
    },
    /// A resource is lent again.
    ResourceResumed {
        /// Which.
        resource: ResourceId,
    },
    /// The time of a resource is over.
    ResourceExpired {
        /// Which.
        resource: ResourceId,
    },
    /// A resource was not confirmed for long and asks for it.
    ResourceWentStale {
        /// Which.
        resource: ResourceId,
    },
    /// A resource still stands.
    ResourceReconfirmed {
        /// Which.
        resource: ResourceId,
    },
    /// A pairing is for another quantity from now on.
    PairingChanged {
        /// Which.
        pairing: PairingId,
        /// How much of what is asked.
        quantity: u64,
        /// How much of the giving side it takes.
        draws: u64,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Pairings are claimed jointly 联合认领: none is agreed before every giver has claimed.
    PairingsJoined {
        /// Which, the leader first.
        pairings: Vec<PairingId>,
    },
    /// All of a pairing is delivered and accepted 验收.
    PairingAccepted {
        /// Which.
        pairing: PairingId,
    },
    /// Bids are invited 揭榜.
    CallOpened {
        /// On what.
        target: Target,
        /// Until when.
        until: Moment,
        /// What bidders are to know.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    },
    /// A call is over.
    CallClosed {
        /// On what it was.
        target: Target,
    },
    /// A unit offers to take something up.
    BidPlaced {
        /// Which.
        bid: BidId,
        /// All that is said of it.
        draft: BidDraft,
    },
    /// A bid was taken back, or what it was about closed.
    BidWithdrawn {
        /// Which.
        bid: BidId,
        /// Why.
        reason: String,
    },
    /// A bid was not chosen.
    BidDeclined {
        /// Which.
        bid: BidId,
        /// Why.
        reason: String,
    },
    /// A bid was chosen; its pairing follows in the same commit.
    BidChosen {
        /// Which.
        bid: BidId,
        /// What it became.
        pairing: PairingId,
        /// Why this one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// A joint meeting was called 联席会.
    MeetingCalled {
        /// Which.
        meeting: MeetingId,
        /// All that is said of it.
        draft: MeetingDraft,
    },
    /// A meeting has another agenda, time or circle.
    MeetingAmended {
        /// Which.
        meeting: MeetingId,
        /// All that is said of it from now on.
        draft: MeetingDraft,
    },
    /// A meeting decided of an item; what follows from it is in the same commit.
    MeetingDecided {
        /// Which.
        meeting: MeetingId,
        /// Of which.
        item: Item,
        /// What.
        decision: Decision,
        /// More of it, in words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    },
    /// A meeting is over.
    MeetingClosed {
        /// Which.
        meeting: MeetingId,
        /// What was said, in words.
        minutes: String,
    },
    /// A meeting is not held.
    MeetingCancelled {
        /// Which.
        meeting: MeetingId,
        /// Why.
        reason: String,
    },
    /// An agreement was drafted 共建协议.
    AgreementDrafted {
        /// Which.
        agreement: AgreementId,
        /// On what.
        subject: Subject,
        /// Its terms.
        terms: Terms,
    },
    /// An agreement has a newer version; the one in force holds until all have signed this one.
    AgreementAmended {
        /// Which.
        agreement: AgreementId,
        /// All terms of the newer version.
        terms: Terms,
    },
    /// A party signed the newest version.
    AgreementSigned {
        /// Which.
        agreement: AgreementId,
        /// Its number, from 1.
        version: u32,
        /// Who.
        party: OrganizationId,
    },
    /// An agreement is void.
    AgreementWithdrawn {
        /// Which.
        agreement: AgreementId,
        /// Why.
        reason: String,
    },
    /// A milestone was reached.
    MilestoneReached {
        /// Which.
        agreement: AgreementId,
        /// Its number.
        milestone: u16,
        /// More of it, in words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    },
    /// The last day of a milestone is over.
    MilestoneFellOverdue {
        /// Which.
        agreement: AgreementId,
        /// Its number.
        milestone: u16,
    },
    /// A project is under way 实施.
    ProjectStarted {
        /// Which.
        project: ProjectId,
    },
    /// A project rests.
    ProjectSuspended {
        /// Which.
        project: ProjectId,
        /// Why.
        reason: String,
    },
    /// A project goes on.
    ProjectResumed {
        /// Which.
        project: ProjectId,
    },
    /// A project is accepted as a whole 验收.
    ProjectAccepted {
        /// Which.
        project: ProjectId,
        /// More of it, in words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    },
    /// The raiser of a project says how well it was done 评议.
    ProjectAppraised {
        /// Which.
        project: ProjectId,
        /// What it says.
        appraisal: Appraisal,
    },
    /// A project is done with.
    ProjectClosed {
        /// Which.
        project: ProjectId,
    },
    /// A project was given up; what was not delivered is free again.
    ProjectFailed {
        /// Which.
        project: ProjectId,
        /// Why.
        reason: String,
    },
    /// A quantity was handed over, as the giver says 交付.
    DeliveryRecorded {
        /// Which.
        delivery: DeliveryId,
        /// For which.
        pairing: PairingId,
        /// All that is said of it.
        draft: DeliveryDraft,
    },
    /// The receiver says that it is so.
    DeliveryConfirmed {
        /// Which.
        delivery: DeliveryId,
    },
    /// The receiver says that it is not so.
    DeliveryDisputed {
        /// Which.
        delivery: DeliveryId,
        /// Why.
        reason: String,
    },
    /// The giver says otherwise; the receiver is asked again.
    DeliveryCorrected {
        /// Which.
        delivery: DeliveryId,
        /// All that is said of it from now on.
        draft: DeliveryDraft,
    },
    /// The giver took it back.
    DeliveryWithdrawn {
        /// Which.
        delivery: DeliveryId,
        /// Why.
        reason: String,
    },
    /// The receiver said nothing in time.
    ConfirmationFellOverdue {
        /// Which.
        delivery: DeliveryId,
    },
    /// A confirmed delivery was credited 记入贡献.
    ContributionCredited {
        /// Whom.
        organization: OrganizationId,
        /// For which.
        delivery: DeliveryId,
        /// With what.
        credit: Credit,
    },
    /// Something was redeemed 兑换.
    ContributionRedeemed {
        /// Who.
        organization: OrganizationId,
        /// What.
        redemption: Redemption,
    },

    /// Somebody can be called. What the contact says is sealed in the vault.
    ContactGiven {
        /// Its number in the vault.
        contact: ContactId,
        /// What it is of.
        of: ContactSubject,
        /// What for.
        purpose: Purpose,
    },
    /// A contact was erased, and nobody can say any more what it was.
    ContactErased {
        /// Which.
        contact: ContactId,
        /// Why.
        reason: ErasureReason,
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

    /// Somebody signs in as a member by single sign-on; whoever did before does no more.
    SignOnBound {
        /// Which member.
        member: MemberId,
        /// Hash of issuer and subject.
        sign_on: SignOnHash,
    },
    /// Nobody signs in as a member by single sign-on any more.
    SignOnUnbound {
        /// Which member.
        member: MemberId,
    },
}
