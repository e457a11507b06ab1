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
    /// How many engagements it can carry, when it is lent whole rather than shared out: each takes up to all of the
    /// quantity, as of six grants of 3,000 yuan.
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ResourceStatus {
    /// Something of it is free.
    Open,
    /// Nothing of it is free.
    Exhausted,
    /// Its owner lends nothing of it for now.
    Paused,
    /// Its list said that it is in other hands.
    Settled,
    /// Its time is over.
    Expired,
    /// Taken back.
    Withdrawn,
}

impl ResourceStatus {
    /// Its stable name, as shown to programs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "OPEN",
            Self::Exhausted => "EXHAUSTED",
            Self::Paused => "PAUSED",
            Self::Settled => "SETTLED",
            Self::Expired => "EXPIRED",
            Self::Withdrawn => "WITHDRAWN",
        }
    }
}

/// How a resource ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "type")]
pub enum ResourceEnd {
    /// Its owner took it back.
    #[serde(rename_all = "camelCase")]
    Withdrawn {
        /// Why.
        reason: String,
    },
    /// Its time was over.
    #[serde(rename_all = "camelCase")]
    Expired {
        /// When that was noted.
        at: Moment,
    },
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
    /// How it ended, if it did.
    pub end: Option<ResourceEnd>,
    /// Why nothing of it is lent for now, if so.
    pub paused: Option<String>,
    /// What of its capacity is proposed, claimed, agreed, delivered, accepted.
    pub tally: Tally,
    /// When its owner last said that it still stands; at first, when it was posted.
    pub confirmed: Moment,
    /// Since when it is asked to be confirmed again, if it is.
    pub stale: Option<Moment>,
}

impl Resource {
    /// A resource as it is posted.
    pub const fn posted(id: ResourceId, draft: ResourceDraft, at: Moment) -> Self {
        Self {
            id,
            draft,
            posted: at,
            revision: 1,
            end: None,
            paused: None,
            tally: Tally::NONE,
            confirmed: at,
            stale: None,
        }
    }

    /// Why it was withdrawn, if it was.
    pub fn withdrawn(&self) -> Option<&str> {
        match &self.end {
            Some(ResourceEnd::Withdrawn { reason }) => Some(reason),
            Some(ResourceEnd::Expired { .. }) | None => None,
        }
    }

    /// Whether it may be matched, as far as anything of it is free.
    pub fn is_open(&self) -> bool {
        matches!(self.status(), ResourceStatus::Open | ResourceStatus::Exhausted)
    }

    /// *Remaining* = capacity − claimed − agreed. Proposals reserve nothing; what was delivered stays taken.
    pub fn remaining(&self) -> u64 {
        self.draft.capacity().saturating_sub(self.tally.reserved())
    }

    /// Where it stands.
    pub fn status(&self) -> ResourceStatus {
        match &self.end {
            Some(ResourceEnd::Withdrawn { .. }) => ResourceStatus::Withdrawn,
            Some(ResourceEnd::Expired { .. }) => ResourceStatus::Expired,
            None if self.draft.entry.settled.is_some() => ResourceStatus::Settled,
            None if self.paused.is_some() => ResourceStatus::Paused,
            None if self.remaining() == 0 => ResourceStatus::Exhausted,
            None => ResourceStatus::Open,
        }
    }
}
