//! The list of resources 资源清单.

use crate::{
    entry::{EntryDraft, Form},
    identity::{PlaceId, ResourceId},
    moment::Moment,
    pairing::Tally,
    quantity::Measure,
};
use serde::{Deserialize, Serialize};

/// What is said when a resource is posted or amended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ResourceDraft {
    /// The part all lists share.
    pub entry: EntryDraft,
    /// How many engagements it can carry, when it is lent whole rather than shared out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lots: Option<u64>,
    /// The places it serves, with all below them; empty = the street it lies in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub serves: Vec<PlaceId>,
    /// On what conditions it is lent, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conditions: Option<String>,
}

impl ResourceDraft {
    /// A resource that says nothing but the shared part.
    pub const fn new(entry: EntryDraft) -> Self {
        Self { entry, lots: None, serves: Vec::new(), conditions: None }
    }

    /// What one unit of the capacity is.
    pub fn counted(&self) -> Counted {
        match &self.entry.quantity {
            Some(quantity) if self.lots.is_none() && quantity.measure.divides() => {
                Counted::Units(quantity.measure.clone())
            }
            _ => Counted::Lots,
        }
    }

    /// How much there is: base units when it is shared out, else engagements.
    pub fn capacity(&self) -> u64 {
        match self.counted() {
            Counted::Units(_) => self.entry.amount(),
            Counted::Lots => self.lots.unwrap_or_else(|| Form::lots_unless_said(self.entry.form)),
        }
    }
}

/// What one unit of a resource's capacity is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Counted {
    /// A base unit of the measure: parking places, sessions, yuan.
    Units(Measure),
    /// One engagement with the whole thing.
    Lots,
}

/// Where a resource stands. Derived from what was withdrawn and from its tally.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ResourceStatus {
    /// Something of it is free.
    Open,
    /// Nothing of it is free.
    Exhausted,
    /// Its list said that it is in other hands.
    Settled,
    /// Taken back.
    Withdrawn,
}

/// A resource with its life so far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Resource {
    /// Its identity.
    pub id: ResourceId,
    /// What was last said of it.
    pub draft: ResourceDraft,
    /// When it was posted.
    pub posted: Moment,
    /// How often it was changed; the first draft is 1.
    pub revision: u64,
    /// Why it was withdrawn, if it was.
    pub withdrawn: Option<String>,
    /// What of its capacity is proposed, claimed, agreed.
    pub tally: Tally,
}

impl Resource {
    /// *Remaining* = capacity − claimed − agreed. Proposals reserve nothing.
    pub fn remaining(&self) -> u64 {
        self.draft.capacity().saturating_sub(self.tally.reserved())
    }

    /// Where it stands.
    pub fn status(&self) -> ResourceStatus {
        if self.withdrawn.is_some() {
            ResourceStatus::Withdrawn
        } else if self.draft.entry.settled.is_some() {
            ResourceStatus::Settled
        } else if self.remaining() == 0 {
            ResourceStatus::Exhausted
        } else {
            ResourceStatus::Open
        }
    }
}
