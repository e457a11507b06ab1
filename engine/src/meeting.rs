//! The joint meeting 联席会: its agenda, who takes part, what was decided of each item, and the minutes.
//!
//! A decision is one event, and what it does to the pairing or project is another of the same commit: so the minutes
//! say what was meant, and the life of each thing says what became of it.

use crate::{
    identity::{MeetingId, OrganizationId, PairingId, ProjectId},
    moment::Moment,
};
use serde::{Deserialize, Serialize};

/// The most items on one agenda.
pub const ITEMS_MAX: usize = 200;

/// The longest minutes, in characters.
pub const MINUTES_CHARS_MAX: usize = 20_000;

/// The most organizations that take part in one meeting.
pub const PARTICIPANTS_MAX: usize = 200;

/// What an item of the agenda is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Item {
    /// A pairing that is proposed or claimed.
    Pairing(PairingId),
    /// A project that is not signed yet.
    Project(ProjectId),
}

/// What is said when a meeting is called or changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MeetingDraft {
    /// What it is called.
    pub title: String,
    /// When it is held.
    pub at: Moment,
    /// Where, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub venue: Option<String>,
    /// Who takes part, each once.
    pub participants: Vec<OrganizationId>,
    /// What is on the agenda, each item once, in order.
    pub agenda: Vec<Item>,
}

/// What a meeting decides of an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "type")]
pub enum Decision {
    /// Both sides agree: a pairing is agreed, a project goes ahead to its agreement.
    Agree,
    /// The pairing is for another quantity from now on; who had claimed it keeps the claim.
    #[serde(rename_all = "camelCase")]
    ChangeTerms {
        /// How much of what is asked.
        quantity: u64,
        /// How much of the giving side it takes.
        draws: u64,
    },
    /// Not now: the item waits for another meeting.
    Postpone,
    /// It is not done: the pairing is declined, the project withdrawn.
    Drop,
}

/// A decision with its note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Decided {
    /// Of which item.
    pub item: Item,
    /// What.
    pub decision: Decision,
    /// Why, and what else was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// When it was written down.
    pub at: Moment,
}

/// Where a meeting stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "type")]
pub enum MeetingStatus {
    /// It was called, and decisions may be written down.
    Called,
    /// It is over.
    #[serde(rename_all = "camelCase")]
    Closed {
        /// What was said, in words.
        minutes: String,
        /// When it was closed.
        at: Moment,
    },
    /// It is not held.
    #[serde(rename_all = "camelCase")]
    Cancelled {
        /// Why.
        reason: String,
    },
}

impl MeetingStatus {
    /// Its stable name, as shown to programs.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Called => "CALLED",
            Self::Closed { .. } => "CLOSED",
            Self::Cancelled { .. } => "CANCELLED",
        }
    }
}

/// A meeting with its life so far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Meeting {
    /// Its identity.
    pub id: MeetingId,
    /// What was last said of it.
    pub draft: MeetingDraft,
    /// When it was called.
    pub called: Moment,
    /// What was decided, in order; the last decision on an item stands.
    pub decisions: Vec<Decided>,
    /// Where it stands.
    pub status: MeetingStatus,
}

impl Meeting {
    /// What stands decided of an item.
    pub fn decided(&self, item: Item) -> Option<&Decided> {
        self.decisions.iter().rev().find(|decided| decided.item == item)
    }
}
