//! The names of events, as they are stored.

use super::Event;

/// Says of each kind of event that its name is its name, once for those who have one and once for those who look for it.
macro_rules! names {
    ($($name:ident,)+) => {
        impl Event {
            /// The names of all kinds, in the order in which they came.
            pub const NAMES: &[&str] = &[$(stringify!($name)),+];

            /// The name of its kind, as stored.
            pub const fn name(&self) -> &'static str {
                match self {
                    $(Self::$name { .. } => stringify!($name),)+
                }
            }
        }
    };
}

names! {
    StreetOpened,
    RulesSet,
    CategoryDefined,
    CategoryRetired,
    PlaceAdded,
    PlaceRenamed,
    OrganizationRegistered,
    OrganizationAmended,
    RosterLinked,
    RosterUnlinked,
    MemberAdded,
    MemberRevoked,
    NeedPosted,
    NeedAmended,
    NeedWithdrawn,
    ResourcePosted,
    ResourceAmended,
    ResourceWithdrawn,
    ProjectPosted,
    ProjectAmended,
    ProjectWithdrawn,
    PlanAdopted,
    PairingProposed,
    PairingRequested,
    PairingClaimed,
    PairingAgreed,
    PairingDeclined,
    PairingLapsed,
    PairingWithdrawn,
    PairingSuperseded,
    ReviewAsked,
    NeedVerified,
    NeedRejected,
    NeedMerged,
    NeedCarriedOver,
    NeedExpired,
    NeedStruckOff,
    NeedAppraised,
    NeedWentStale,
    NeedReconfirmed,
    ReplyFellOverdue,
    ResourcePaused,
    ResourceResumed,
    ResourceExpired,
    ResourceWentStale,
    ResourceReconfirmed,
    PairingChanged,
    PairingsJoined,
    PairingAccepted,
    CallOpened,
    CallClosed,
    BidPlaced,
    BidWithdrawn,
    BidDeclined,
    BidChosen,
    MeetingCalled,
    MeetingAmended,
    MeetingDecided,
    MeetingClosed,
    MeetingCancelled,
    AgreementDrafted,
    AgreementAmended,
    AgreementSigned,
    AgreementWithdrawn,
    MilestoneReached,
    MilestoneFellOverdue,
    ProjectStarted,
    ProjectSuspended,
    ProjectResumed,
    ProjectAccepted,
    ProjectAppraised,
    ProjectClosed,
    ProjectFailed,
    DeliveryRecorded,
    DeliveryConfirmed,
    DeliveryDisputed,
    DeliveryCorrected,
    DeliveryWithdrawn,
    ConfirmationFellOverdue,
    ContributionCredited,
    ContributionRedeemed,
    ContactGiven,
    ContactErased,
    TokenIssued,
    TokenRevoked,
    SignOnBound,
    SignOnUnbound,
}
