//! Where the things of a register stand in their lives, without when and why.

use crate::{
    agreement::Agreement, bid::BidStatus, delivery::DeliveryStatus, meeting, need::NeedStatus,
    project::ProjectStatus, resource::ResourceStatus, tallies::PairingStanding,
};
use serde::{Deserialize, Serialize};

/// Where a thing of any register stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Status {
    /// A need.
    Need(NeedStatus),
    /// A resource.
    Resource(ResourceStatus),
    /// A project.
    Project(ProjectStatus),
    /// A pairing.
    Pairing(PairingStanding),
    /// A bid.
    Bid(BidStanding),
    /// A call.
    Call(CallStanding),
    /// A meeting.
    Meeting(MeetingStanding),
    /// An agreement.
    Agreement(AgreementStanding),
    /// A delivery.
    Delivery(DeliveryStanding),
    /// A member: whether it was revoked.
    Member(bool),
}

impl Status {
    /// Its place in its life, for an order by it.
    pub const fn step(self) -> i64 {
        match self {
            Self::Need(it) => it as i64,
            Self::Resource(it) => it as i64,
            Self::Project(it) => it as i64,
            Self::Pairing(it) => it as i64,
            Self::Bid(it) => it as i64,
            Self::Call(it) => it as i64,
            Self::Meeting(it) => it as i64,
            Self::Agreement(it) => it as i64,
            Self::Delivery(it) => it as i64,
            Self::Member(it) => it as i64,
        }
    }
}

/// Where a bid stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum BidStanding {
    /// It waits in its place of the queue.
    Waiting,
    /// It was chosen.
    Chosen,
    /// It was not chosen.
    Declined,
    /// Taken back by the bidder, or gone with what it was about.
    Withdrawn,
}

impl From<&BidStatus> for BidStanding {
    fn from(status: &BidStatus) -> Self {
        match status {
            BidStatus::Waiting => Self::Waiting,
            BidStatus::Chosen { .. } => Self::Chosen,
            BidStatus::Declined { .. } => Self::Declined,
            BidStatus::Withdrawn { .. } => Self::Withdrawn,
        }
    }
}

/// Where a call stands; one whose time is over is closed by the next tick.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum CallStanding {
    /// It was not closed.
    Open,
    /// It was.
    Closed,
}

/// Where a meeting stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum MeetingStanding {
    /// Decisions may be written down.
    Called,
    /// Its minutes are written.
    Closed,
    /// It is not held.
    Cancelled,
}

impl From<&meeting::MeetingStatus> for MeetingStanding {
    fn from(status: &meeting::MeetingStatus) -> Self {
        match status {
            meeting::MeetingStatus::Called => Self::Called,
            meeting::MeetingStatus::Closed { .. } => Self::Closed,
            meeting::MeetingStatus::Cancelled { .. } => Self::Cancelled,
        }
    }
}

/// Where an agreement stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum AgreementStanding {
    /// Somebody has not signed its first version.
    Drafted,
    /// A version is signed by all its parties.
    InForce,
    /// It is void.
    Withdrawn,
}

impl From<&Agreement> for AgreementStanding {
    fn from(it: &Agreement) -> Self {
        match (&it.withdrawn, it.in_force()) {
            (Some(_), _) => Self::Withdrawn,
            (None, Some(_)) => Self::InForce,
            (None, None) => Self::Drafted,
        }
    }
}

/// Where a delivery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum DeliveryStanding {
    /// The receiver has said nothing yet.
    Recorded,
    /// The receiver says that it is so.
    Confirmed,
    /// The receiver says that it is not so.
    Disputed,
    /// The giver took it back.
    Withdrawn,
}

impl From<&DeliveryStatus> for DeliveryStanding {
    fn from(status: &DeliveryStatus) -> Self {
        match status {
            DeliveryStatus::Recorded => Self::Recorded,
            DeliveryStatus::Confirmed { .. } => Self::Confirmed,
            DeliveryStatus::Disputed { .. } => Self::Disputed,
            DeliveryStatus::Withdrawn { .. } => Self::Withdrawn,
        }
    }
}
