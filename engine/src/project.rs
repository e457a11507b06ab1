//! The list of projects 项目清单, the slots 需求项 a project is made of, and the needs 需求 it carries.
//!
//! What a project carries is matched once. Its slots stand for its needs: while a project that has slots is
//! open, the needs it carries are not matched on their own. A project without slots only groups its needs,
//! and they are matched as usual.

use crate::{
    appraisal::Appraised,
    category::Categorized,
    entry::{EntryDraft, Form},
    identity::{NeedId, ProjectId},
    moment::Moment,
    pairing::Tally,
    quantity::Quantity,
    window::Window,
};
use serde::{Deserialize, Serialize};

/// The most slots one project may have: an agenda item of a joint meeting, not a building site.
pub const SLOTS_MAX: usize = 50;

/// The most needs one project may carry.
pub const NEEDS_MAX: usize = 50;

/// One requirement of a project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SlotDraft {
    /// What is required.
    pub title: String,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Categorized>,
    /// What kind of thing it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<Form>,
    /// How much; `None` = one whole thing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<Quantity>,
    /// When; open parts are those of the project.
    #[serde(default)]
    pub window: Window,
}

impl SlotDraft {
    /// How much it asks, in base units of its measure.
    pub fn asked(&self) -> u64 {
        self.quantity.as_ref().map_or(1, |quantity| quantity.amount)
    }
}

/// What is said when a project is posted or amended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProjectDraft {
    /// The part all lists share.
    pub entry: EntryDraft,
    /// What it requires.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub slots: Vec<SlotDraft>,
    /// How many of the slots it needs to go ahead; `None` = all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required: Option<u16>,
    /// The needs it carries, each at most once. With slots, the slots stand for these needs: while the project
    /// is open, they are not matched on their own. Without slots they are matched as usual.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<NeedId>,
}

impl ProjectDraft {
    /// A project that says nothing but the shared part.
    pub const fn new(entry: EntryDraft) -> Self {
        Self { entry, slots: Vec::new(), required: None, needs: Vec::new() }
    }
}

/// Where a project stands. Derived from how it ended, from what was signed, started and accepted, and from its slots.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ProjectStatus {
    /// Posted; fewer slots agreed than it requires.
    Proposed,
    /// On the agenda of a joint meeting, likewise.
    UnderDiscussion,
    /// As many slots agreed in full as it requires, or agreed by a joint meeting.
    Agreed,
    /// Every party has signed its agreement.
    Signed,
    /// Under way.
    Running,
    /// Under way, and resting.
    Suspended,
    /// Under way, and everything agreed is handed over.
    Delivered,
    /// Accepted as a whole.
    Accepted,
    /// Accepted, and its raiser has said how well.
    Appraised,
    /// Done with.
    Closed,
    /// Given up on the way.
    Failed,
    /// Its list said that it is under way or over.
    Settled,
    /// Taken back.
    Withdrawn,
}

impl ProjectStatus {
    /// Its stable name, as shown to programs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Proposed => "PROPOSED",
            Self::UnderDiscussion => "UNDER_DISCUSSION",
            Self::Agreed => "AGREED",
            Self::Signed => "SIGNED",
            Self::Running => "RUNNING",
            Self::Suspended => "SUSPENDED",
            Self::Delivered => "DELIVERED",
            Self::Accepted => "ACCEPTED",
            Self::Appraised => "APPRAISED",
            Self::Closed => "CLOSED",
            Self::Failed => "FAILED",
            Self::Settled => "SETTLED",
            Self::Withdrawn => "WITHDRAWN",
        }
    }
}

/// How a project ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "type")]
pub enum ProjectEnd {
    /// Its poster took it back.
    #[serde(rename_all = "camelCase")]
    Withdrawn {
        /// Why.
        reason: String,
    },
    /// It was given up: what was not delivered is free again.
    #[serde(rename_all = "camelCase")]
    Failed {
        /// Why.
        reason: String,
        /// When.
        at: Moment,
    },
    /// It is done with.
    #[serde(rename_all = "camelCase")]
    Closed {
        /// When.
        at: Moment,
    },
}

/// A project that rests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Suspended {
    /// Why.
    pub reason: String,
    /// Since when.
    pub since: Moment,
}

/// A project with its life so far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Project {
    /// Its identity.
    pub id: ProjectId,
    /// What was last said of it.
    pub draft: ProjectDraft,
    /// When it was posted.
    pub posted: Moment,
    /// How often it was changed; the first draft is 1.
    pub revision: u64,
    /// How it ended, if it did.
    pub end: Option<ProjectEnd>,
    /// One tally a slot, in the order of the slots.
    pub tallies: Vec<Tally>,
    /// When it first came on the agenda of a joint meeting, if it did.
    pub discussed: Option<Moment>,
    /// When a joint meeting agreed it, if one did.
    pub agreed: Option<Moment>,
    /// When an agreement on it first came into force, if one did.
    pub signed: Option<Moment>,
    /// When it started, if it did.
    pub started: Option<Moment>,
    /// Why it rests, if it does.
    pub suspended: Option<Suspended>,
    /// When it was accepted as a whole, if it was.
    pub accepted: Option<Moment>,
    /// What its raiser says of it, once it is accepted.
    pub appraised: Option<Appraised>,
}

impl Project {
    /// A project as it is posted.
    pub fn posted(id: ProjectId, draft: ProjectDraft, at: Moment) -> Self {
        Self {
            id,
            tallies: vec![Tally::NONE; draft.slots.len()],
            draft,
            posted: at,
            revision: 1,
            end: None,
            discussed: None,
            agreed: None,
            signed: None,
            started: None,
            suspended: None,
            accepted: None,
            appraised: None,
        }
    }

    /// Why it was withdrawn, if it was.
    pub fn withdrawn(&self) -> Option<&str> {
        match &self.end {
            Some(ProjectEnd::Withdrawn { reason }) => Some(reason),
            Some(ProjectEnd::Failed { .. } | ProjectEnd::Closed { .. }) | None => None,
        }
    }

    /// How many slots are agreed in full.
    pub fn slots_agreed(&self) -> usize {
        self.draft
            .slots
            .iter()
            .zip(&self.tallies)
            .filter(|(slot, tally)| tally.agreed >= slot.asked())
            .count()
    }

    /// How many slots it needs to go ahead.
    pub fn slots_required(&self) -> usize {
        self.draft.required.map_or(self.draft.slots.len(), usize::from)
    }

    /// Whether something is agreed and all that is agreed is handed over.
    pub fn is_delivered(&self) -> bool {
        let agreed = self.tallies.iter().any(|tally| tally.agreed > 0);
        agreed && self.tallies.iter().all(|tally| tally.delivered >= tally.agreed)
    }

    /// Where it stands.
    pub fn status(&self) -> ProjectStatus {
        match &self.end {
            Some(ProjectEnd::Withdrawn { .. }) => return ProjectStatus::Withdrawn,
            Some(ProjectEnd::Failed { .. }) => return ProjectStatus::Failed,
            Some(ProjectEnd::Closed { .. }) => return ProjectStatus::Closed,
            None => {}
        }
        let required = self.slots_required();
        if self.appraised.is_some() {
            ProjectStatus::Appraised
        } else if self.accepted.is_some() {
            ProjectStatus::Accepted
        } else if self.draft.entry.settled.is_some() {
            ProjectStatus::Settled
        } else if self.started.is_some() {
            if self.suspended.is_some() {
                ProjectStatus::Suspended
            } else if self.is_delivered() {
                ProjectStatus::Delivered
            } else {
                ProjectStatus::Running
            }
        } else if self.signed.is_some() {
            ProjectStatus::Signed
        } else if self.agreed.is_some() || (required > 0 && self.slots_agreed() >= required) {
            ProjectStatus::Agreed
        } else if self.discussed.is_some() {
            ProjectStatus::UnderDiscussion
        } else {
            ProjectStatus::Proposed
        }
    }

    /// Whether it goes on: not ended, not accepted as a whole, not in other hands.
    pub fn is_open(&self) -> bool {
        self.end.is_none() && self.accepted.is_none() && self.draft.entry.settled.is_none()
    }

    /// Whether a joint meeting may still decide of it: it goes on, is not signed and not under way.
    pub fn is_before_signing(&self) -> bool {
        self.is_open() && self.signed.is_none() && self.started.is_none()
    }

    /// Whether its slots may be matched: it goes on, and does not rest.
    pub fn takes_pairings(&self) -> bool {
        self.is_open() && self.suspended.is_none()
    }

    /// Whether its slots are matched in place of the needs it carries.
    pub fn stands_for_its_needs(&self) -> bool {
        self.is_open() && !self.draft.slots.is_empty()
    }
}
