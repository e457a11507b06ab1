//! Identities: one newtype per noun, so that a need is never taken for a resource.
//!
//! `decide` hands them out in order from the counters of the state; they are never reused.
//! In stored JSON they are plain numbers, the name of the field says of what.

use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! identity {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(u64);

        impl $name {
            /// The identity with this number; numbers start at 1.
            pub const fn new(number: u64) -> Self { Self(number) }
            /// The number alone.
            pub const fn number(self) -> u64 { self.0 }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(out, concat!($prefix, "-{}"), self.0)
            }
        }
    )*};
}

identity! {
    /// A node of the territory tree.
    PlaceId = "place",
    /// A street office, community, resident unit or team.
    OrganizationId = "organization",
    /// A person's login.
    MemberId = "member",
    /// An entry of the list of needs.
    NeedId = "need",
    /// An entry of the list of resources.
    ResourceId = "resource",
    /// An entry of the list of projects.
    ProjectId = "project",
    /// A need or slot with what serves it.
    PairingId = "pairing",
    /// An adopted matching plan.
    PlanId = "plan",
    /// A person's contact. What it says is sealed in a vault beside the log and stands in no event.
    ContactId = "contact",
    /// A unit's offer to take something up, waiting to be chosen.
    BidId = "bid",
    /// A joint meeting.
    MeetingId = "meeting",
    /// An agreement, through all its versions.
    AgreementId = "agreement",
    /// A quantity that was handed over.
    DeliveryId = "delivery",
}

/// A place in the log: the first commit has position 1, an empty log has head 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Position(pub u64);

impl Position {
    /// Before the first commit.
    pub const START: Self = Self(0);

    /// The position of the commit that follows.
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

impl fmt::Display for Position {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.0)
    }
}
