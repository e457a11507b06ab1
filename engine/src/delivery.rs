//! Deliveries 交付: a quantity handed over, recorded by the giver, confirmed or disputed by the receiver.
//! ValueFlows calls one an EconomicEvent.
//!
//! What is recorded and not withdrawn counts as *delivered*, what is confirmed counts as *accepted*.

use crate::{
    identity::{DeliveryId, PairingId},
    moment::Moment,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The most lines of effort of one delivery.
pub const EFFORTS_MAX: usize = 20;

/// The most persons of one class: a whole district's volunteers.
pub const PERSONS_MAX: u32 = 100_000;

/// The most minutes of one person: a month around the clock. Longer work is handed over in parts.
pub const MINUTES_EACH_MAX: u32 = 31 * 24 * 60;

/// Who lent a hand: what contributions are told apart by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum PersonClass {
    /// 党员.
    PartyMembers,
    /// 在职职工.
    Employees,
    /// 志愿者.
    Volunteers,
    /// 居民.
    Residents,
}

impl PersonClass {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::PartyMembers, Self::Employees, Self::Volunteers, Self::Residents];
}

/// Time that persons of one class gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Effort {
    /// Of which class.
    pub class: PersonClass,
    /// How many persons.
    pub persons: u32,
    /// Minutes of all of them together.
    pub minutes: u32,
}

/// What is said when a delivery is recorded or corrected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeliveryDraft {
    /// How much of what is asked, in base units of its measure.
    pub quantity: u64,
    /// On which day.
    pub on: NaiveDate,
    /// What was done, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Who lent a hand, each class once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub efforts: Vec<Effort>,
}

impl DeliveryDraft {
    /// Minutes that persons of all classes gave.
    pub fn minutes(&self) -> u64 {
        self.efforts.iter().map(|effort| u64::from(effort.minutes)).sum()
    }
}

/// Where a delivery stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "type")]
pub enum DeliveryStatus {
    /// The receiver has said nothing yet.
    Recorded,
    /// The receiver says that it is so.
    #[serde(rename_all = "camelCase")]
    Confirmed {
        /// When.
        at: Moment,
    },
    /// The receiver says that it is not so; the giver corrects or withdraws it.
    #[serde(rename_all = "camelCase")]
    Disputed {
        /// What is wrong.
        reason: String,
        /// When it was said.
        at: Moment,
    },
    /// The giver took it back.
    #[serde(rename_all = "camelCase")]
    Withdrawn {
        /// Why.
        reason: String,
    },
}

/// A delivery with its life so far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Delivery {
    /// Its identity.
    pub id: DeliveryId,
    /// For which pairing.
    pub pairing: PairingId,
    /// What was last said of it.
    pub draft: DeliveryDraft,
    /// When it was recorded, or last corrected: the receiver's time runs from here.
    pub recorded: Moment,
    /// When the receiver's time was over, if it said nothing.
    pub overdue: Option<Moment>,
    /// Where it stands.
    pub status: DeliveryStatus,
}

impl Delivery {
    /// How much of it counts as delivered: nothing once it is withdrawn.
    pub const fn delivered(&self) -> u64 {
        match self.status {
            DeliveryStatus::Withdrawn { .. } => 0,
            DeliveryStatus::Recorded | DeliveryStatus::Confirmed { .. } | DeliveryStatus::Disputed { .. } => {
                self.draft.quantity
            }
        }
    }

    /// How much of it counts as accepted: what is confirmed.
    pub const fn accepted(&self) -> u64 {
        match self.status {
            DeliveryStatus::Confirmed { .. } => self.draft.quantity,
            DeliveryStatus::Recorded | DeliveryStatus::Disputed { .. } | DeliveryStatus::Withdrawn { .. } => {
                0
            }
        }
    }
}
