//! Refusals: why a command was not granted. An enum of facts; the wording, in Chinese and English,
//! is made in [`wording`] where it is shown.

pub mod wording;

use crate::{
    category::CategoryCode,
    entry::List,
    history::Entity,
    identity::{
        AgreementId, BidId, ContactId, DeliveryId, MeetingId, MemberId, NeedId, OrganizationId, PairingId,
        PlaceId, ProjectId, ResourceId,
    },
    moment::Moment,
    pairing::{Side, Supplier, Target},
    permission::Right,
    place::PlaceLevel,
};

/// Something that a command named and that does not exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missing {
    /// A place.
    Place(PlaceId),
    /// An organization.
    Organization(OrganizationId),
    /// A member.
    Member(MemberId),
    /// A category.
    Category(CategoryCode),
    /// A need.
    Need(NeedId),
    /// A resource.
    Resource(ResourceId),
    /// A project.
    Project(ProjectId),
    /// A slot of an existing project.
    Slot(ProjectId, u16),
    /// A pairing.
    Pairing(PairingId),
    /// A bid.
    Bid(BidId),
    /// A joint meeting.
    Meeting(MeetingId),
    /// An agreement.
    Agreement(AgreementId),
    /// A milestone of an agreement in force.
    Milestone(AgreementId, u16),
    /// A delivery.
    Delivery(DeliveryId),
    /// A call on a target.
    Call(Target),
    /// An item of a meeting's agenda.
    Item(MeetingId),
    /// A contact.
    Contact(ContactId),
    /// A good token of this name.
    Token(String),
    /// A single sign-on of this member.
    SignOn(MemberId),
}

/// What is wrong with the contents of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// It must not be empty.
    Empty,
    /// It is longer than so many characters.
    TooLong {
        /// The most it may have.
        chars_max: usize,
    },
    /// It holds control characters.
    Unprintable,
    /// A number lies outside its range.
    OutOfRange {
        /// The least it may be.
        min: u64,
        /// The most it may be.
        max: u64,
        /// What it is.
        got: u64,
    },
    /// A window ends before it begins.
    EndsBeforeItBegins,
    /// A category that is a top where a leaf is asked, or the other way round.
    WrongLevel,
    /// All weights are 0, so that nothing would count.
    NoWeight,
    /// Too many of something.
    TooMany {
        /// The most there may be.
        max: usize,
    },
    /// It names itself.
    NamesItself,
    /// A list names the same thing twice.
    NamedTwice,
    /// A day on which something is said to have happened has not come.
    InTheFuture,
}

/// Why a command was not granted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The caller lacks a right.
    NotAllowed {
        /// Which.
        right: Right,
    },
    /// The log holds no street yet.
    StreetNotOpened,
    /// The log holds a street already.
    StreetAlreadyOpened {
        /// Its name.
        name: String,
    },
    /// A field is not right.
    Invalid {
        /// Its name in camel case, with dots for parts.
        field: &'static str,
        /// What is wrong.
        problem: Problem,
    },
    /// It names something that does not exist.
    NotFound {
        /// In which field.
        field: &'static str,
        /// What.
        missing: Missing,
    },
    /// Another one has this name.
    NameTaken {
        /// The name.
        name: String,
    },
    /// Another entry of the list came in under this reference.
    ReferenceTaken {
        /// Which list.
        list: List,
        /// The reference.
        reference: String,
    },
    /// A place cannot lie there.
    PlaceTooHigh {
        /// The level asked for.
        level: PlaceLevel,
        /// The parent's.
        parent: PlaceLevel,
    },
    /// A category that entries or others use cannot be retired.
    CategoryInUse {
        /// Which.
        code: CategoryCode,
    },
    /// The roster has this link already.
    AlreadyLinked,
    /// The roster has no such link.
    NotLinked,
    /// A token must be new.
    TokenTaken,
    /// The login has ended before.
    AlreadyRevoked,
    /// Somebody else changed it first.
    RevisionPassed {
        /// The revision that was seen.
        seen: u64,
        /// The one that stands.
        current: u64,
    },
    /// It was withdrawn before.
    AlreadyWithdrawn,
    /// It is not open: withdrawn, settled or met.
    TargetNotOpen {
        /// Which.
        target: Target,
    },
    /// It is not open: withdrawn or settled.
    SupplierNotOpen {
        /// Which.
        supplier: Supplier,
    },
    /// Such an organization takes up no needs directly.
    TakesUpNoNeeds {
        /// Which.
        organization: OrganizationId,
    },
    /// More is promised than the change would leave.
    BelowPromised {
        /// What is claimed and agreed.
        promised: u64,
        /// What the change would leave.
        left: u64,
    },
    /// What is promised was counted in another measure or way.
    PromisedOtherwise,
    /// Agreements stand on it.
    StillAgreed {
        /// How much is agreed.
        agreed: u64,
    },
    /// The giving side has less left.
    CapacityExceeded {
        /// Which.
        supplier: Supplier,
        /// What it would take.
        draws: u64,
        /// What is left.
        remaining: u64,
    },
    /// Less is asked.
    MoreThanAsked {
        /// Which.
        target: Target,
        /// What would be given.
        quantity: u64,
        /// What is still asked.
        unserved: u64,
    },
    /// The asking and the giving organization are the same.
    SameOrganization,
    /// The organization is neither side of it.
    NotASide {
        /// Which.
        organization: OrganizationId,
    },
    /// The same two are paired already.
    AlreadyPaired {
        /// By which pairing.
        pairing: PairingId,
    },
    /// This side has claimed it before.
    AlreadyClaimed {
        /// Which side.
        by: Side,
    },
    /// The claim's time was over.
    ClaimLapsed {
        /// When it was.
        until: Moment,
    },
    /// The pairing is over, or not in the state this needs.
    PairingNot {
        /// Which.
        pairing: PairingId,
        /// The state it would have to be in.
        wanted: &'static str,
        /// The state it is in.
        is: &'static str,
    },
    /// Another open project carries the need.
    NeedCarried {
        /// Which need.
        need: NeedId,
        /// By which project.
        by: ProjectId,
    },
    /// The street has moved on since the plan was made, and this part of it no longer holds.
    PlanStale {
        /// What it would serve.
        target: Target,
        /// With what.
        supplier: Supplier,
    },
    /// It is not in the state that this needs.
    NotInState {
        /// What.
        entity: Entity,
        /// The state it would have to be in.
        wanted: &'static str,
        /// The state it is in.
        is: &'static str,
    },
    /// The organization is no party of it.
    NotAParty {
        /// Which.
        organization: OrganizationId,
        /// Of what.
        entity: Entity,
    },
    /// It has been done before.
    AlreadyDone {
        /// To what.
        entity: Entity,
    },
    /// Two needs count different things, or lie apart, so that one cannot carry the other.
    NotAlike {
        /// The one.
        need: NeedId,
        /// The other.
        other: NeedId,
    },
    /// Less is left to be handed over.
    MoreThanAgreed {
        /// Of which pairing.
        pairing: PairingId,
        /// What would be handed over.
        quantity: u64,
        /// What is agreed and not handed over yet.
        left: u64,
    },
    /// Something is handed over and neither confirmed, corrected nor withdrawn.
    DeliveryOpen {
        /// Which.
        delivery: DeliveryId,
    },
    /// A call is over.
    CallOver {
        /// When it ended.
        until: Moment,
    },
    /// The money comes to more than may be spent.
    CeilingExceeded {
        /// What the sources come to, in yuan.
        yuan: u64,
        /// The most it may cost, in yuan.
        ceiling: u64,
    },
    /// An account holds less.
    BalanceTooLow {
        /// In which field.
        field: &'static str,
        /// Whose.
        organization: OrganizationId,
        /// What would be spent.
        wanted: u64,
        /// What is there.
        left: u64,
    },
    /// A joint claim waits for another giver.
    JointClaimWaits {
        /// The pairing whose giver has not claimed.
        pairing: PairingId,
    },
    /// A moment or day that has to lie ahead is past.
    NotAhead {
        /// In which field.
        field: &'static str,
    },
    /// A contact's number is given once.
    ContactGivenBefore {
        /// Which.
        contact: ContactId,
    },
    /// The contact was erased before.
    ContactErasedBefore {
        /// Which.
        contact: ContactId,
        /// When.
        at: Moment,
    },
    /// Whom an issuer calls so signs in as another member.
    SignOnTaken {
        /// As which.
        member: MemberId,
    },
}

impl Refusal {
    /// The stable code, as shown to programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotAllowed { .. } => "NOT_ALLOWED",
            Self::StreetNotOpened => "STREET_NOT_OPENED",
            Self::StreetAlreadyOpened { .. } => "STREET_ALREADY_OPENED",
            Self::Invalid { .. } => "INVALID",
            Self::NotFound { .. } => "NOT_FOUND",
            Self::NameTaken { .. } => "NAME_TAKEN",
            Self::ReferenceTaken { .. } => "REFERENCE_TAKEN",
            Self::PlaceTooHigh { .. } => "PLACE_TOO_HIGH",
            Self::CategoryInUse { .. } => "CATEGORY_IN_USE",
            Self::AlreadyLinked => "ALREADY_LINKED",
            Self::NotLinked => "NOT_LINKED",
            Self::TokenTaken => "TOKEN_TAKEN",
            Self::AlreadyRevoked => "ALREADY_REVOKED",
            Self::RevisionPassed { .. } => "REVISION_PASSED",
            Self::AlreadyWithdrawn => "ALREADY_WITHDRAWN",
            Self::TargetNotOpen { .. } => "TARGET_NOT_OPEN",
            Self::SupplierNotOpen { .. } => "SUPPLIER_NOT_OPEN",
            Self::TakesUpNoNeeds { .. } => "TAKES_UP_NO_NEEDS",
            Self::BelowPromised { .. } => "BELOW_PROMISED",
            Self::PromisedOtherwise => "PROMISED_OTHERWISE",
            Self::StillAgreed { .. } => "STILL_AGREED",
            Self::CapacityExceeded { .. } => "CAPACITY_EXCEEDED",
            Self::MoreThanAsked { .. } => "MORE_THAN_ASKED",
            Self::SameOrganization => "SAME_ORGANIZATION",
            Self::NotASide { .. } => "NOT_A_SIDE",
            Self::AlreadyPaired { .. } => "ALREADY_PAIRED",
            Self::AlreadyClaimed { .. } => "ALREADY_CLAIMED",
            Self::ClaimLapsed { .. } => "CLAIM_LAPSED",
            Self::PairingNot { .. } => "PAIRING_NOT",
            Self::NeedCarried { .. } => "NEED_CARRIED",
            Self::PlanStale { .. } => "PLAN_STALE",
            Self::NotInState { .. } => "NOT_IN_STATE",
            Self::NotAParty { .. } => "NOT_A_PARTY",
            Self::AlreadyDone { .. } => "ALREADY_DONE",
            Self::NotAlike { .. } => "NOT_ALIKE",
            Self::MoreThanAgreed { .. } => "MORE_THAN_AGREED",
            Self::DeliveryOpen { .. } => "DELIVERY_OPEN",
            Self::CallOver { .. } => "CALL_OVER",
            Self::CeilingExceeded { .. } => "CEILING_EXCEEDED",
            Self::BalanceTooLow { .. } => "BALANCE_TOO_LOW",
            Self::JointClaimWaits { .. } => "JOINT_CLAIM_WAITS",
            Self::NotAhead { .. } => "NOT_AHEAD",
            Self::ContactGivenBefore { .. } => "CONTACT_GIVEN_BEFORE",
            Self::ContactErasedBefore { .. } => "CONTACT_ERASED_BEFORE",
            Self::SignOnTaken { .. } => "SIGN_ON_TAKEN",
        }
    }

    /// The input field it is about, when it is about one.
    pub const fn field(&self) -> Option<&'static str> {
        match self {
            Self::Invalid { field, .. }
            | Self::NotFound { field, .. }
            | Self::NotAhead { field }
            | Self::BalanceTooLow { field, .. } => Some(field),
            Self::NameTaken { .. } => Some("name"),
            Self::ReferenceTaken { .. } => Some("reference"),
            Self::SignOnTaken { .. } => Some("subject"),
            Self::PlaceTooHigh { .. } => Some("level"),
            Self::RevisionPassed { .. } => Some("revision"),
            Self::MoreThanAsked { .. } | Self::BelowPromised { .. } | Self::MoreThanAgreed { .. } => {
                Some("quantity")
            }
            Self::CeilingExceeded { .. } => Some("budget"),
            Self::CapacityExceeded { .. } => Some("draws"),
            Self::NeedCarried { .. } => Some("needs"),
            _ => None,
        }
    }
}
