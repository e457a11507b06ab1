//! The list of projects 项目清单, the slots 需求项 a project is made of, and the needs 需求 it carries.
//!
//! What a project carries is matched once. Its slots stand for its needs: while a project that has slots is
//! open, the needs it carries are not matched on their own. A project without slots only groups its needs,
//! and they are matched as usual.

use crate::{
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

/// Where a project stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProjectStatus {
    /// Posted; fewer slots agreed than it requires.
    Proposed,
    /// As many slots agreed in full as it requires.
    Agreed,
    /// Its list said that it is under way or over.
    Settled,
    /// Taken back.
    Withdrawn,
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
    /// Why it was withdrawn, if it was.
    pub withdrawn: Option<String>,
    /// One tally a slot, in the order of the slots.
    pub tallies: Vec<Tally>,
}

impl Project {
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

    /// Where it stands.
    pub fn status(&self) -> ProjectStatus {
        let required = self.slots_required();
        if self.withdrawn.is_some() {
            ProjectStatus::Withdrawn
        } else if self.draft.entry.settled.is_some() {
            ProjectStatus::Settled
        } else if required > 0 && self.slots_agreed() >= required {
            ProjectStatus::Agreed
        } else {
            ProjectStatus::Proposed
        }
    }

    /// Whether its slots may be matched.
    pub fn is_open(&self) -> bool {
        matches!(self.status(), ProjectStatus::Proposed | ProjectStatus::Agreed)
    }

    /// Whether its slots are matched in place of the needs it carries.
    pub fn stands_for_its_needs(&self) -> bool {
        self.is_open() && !self.draft.slots.is_empty()
    }
}
