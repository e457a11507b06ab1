//! What cells are told apart by, and what they hold.

use super::facets::Cut;
use crate::{
    identity::PlaceId,
    need::NeedStatus,
    pairing::{PairingStatus, Tally},
    period::Month,
    project::ProjectStatus,
    resource::ResourceStatus,
};
use serde::{Deserialize, Serialize};

/// What is tallied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum List {
    /// 需求清单.
    Needs,
    /// 资源清单.
    Resources,
    /// 项目清单.
    Projects,
    /// 配对.
    Pairings,
}

impl List {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Needs, Self::Resources, Self::Projects, Self::Pairings];
}

/// Where a pairing stands, without when and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum PairingStanding {
    /// Nobody has claimed it.
    Proposed,
    /// One side has.
    Claimed,
    /// Both sides have.
    Agreed,
    /// All of it is delivered and accepted.
    Accepted,
    /// One side does not want it.
    Declined,
    /// The second claim did not come in time.
    Lapsed,
    /// Taken back.
    Withdrawn,
    /// Something newer took its place.
    Superseded,
}

impl From<&PairingStatus> for PairingStanding {
    fn from(status: &PairingStatus) -> Self {
        match status {
            PairingStatus::Proposed => Self::Proposed,
            PairingStatus::Claimed { .. } => Self::Claimed,
            PairingStatus::Agreed { .. } => Self::Agreed,
            PairingStatus::Accepted { .. } => Self::Accepted,
            PairingStatus::Declined { .. } => Self::Declined,
            PairingStatus::Lapsed { .. } => Self::Lapsed,
            PairingStatus::Withdrawn { .. } => Self::Withdrawn,
            PairingStatus::Superseded => Self::Superseded,
        }
    }
}

impl PairingStanding {
    /// Its stable name, as shown to programs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Proposed => "PROPOSED",
            Self::Claimed => "CLAIMED",
            Self::Agreed => "AGREED",
            Self::Accepted => "ACCEPTED",
            Self::Declined => "DECLINED",
            Self::Lapsed => "LAPSED",
            Self::Withdrawn => "WITHDRAWN",
            Self::Superseded => "SUPERSEDED",
        }
    }
}

/// The status of an entry of any list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Standing {
    /// That of a need.
    Need(NeedStatus),
    /// That of a resource.
    Resource(ResourceStatus),
    /// That of a project.
    Project(ProjectStatus),
    /// That of a pairing.
    Pairing(PairingStanding),
}

impl Standing {
    /// The first of all, where a range of keys begins.
    pub(super) const FIRST: Self = Self::Need(NeedStatus::Posted);

    /// Its stable name, as shown to programs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Need(it) => it.name(),
            Self::Resource(it) => it.name(),
            Self::Project(it) => it.name(),
            Self::Pairing(it) => it.name(),
        }
    }

    /// Whether a need may be matched, or a resource lent: what a gap is made of.
    pub const fn is_open(self) -> bool {
        match self {
            Self::Need(it) => {
                matches!(it, NeedStatus::Open | NeedStatus::PartlyAgreed | NeedStatus::PartlyMet)
            }
            Self::Resource(it) => matches!(it, ResourceStatus::Open),
            Self::Project(_) | Self::Pairing(_) => false,
        }
    }
}

/// How far something has come on the way from the list to the appraisal.
///
/// A need has come as far as any of its pairings ever did, whatever became of that; a pairing likewise by itself. Of a
/// resource it says what is under way now, [`Stage::Posted`] being nothing; of a project, how far any slot has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Stage {
    /// 发布: it stands in its list.
    Posted,
    /// 提出: something was proposed or requested.
    Proposed,
    /// 认领: one side claimed.
    Claimed,
    /// 达成: both sides agreed.
    Agreed,
    /// 交付: something of it was handed over.
    Delivered,
    /// 确认: something of that was confirmed.
    Accepted,
    /// 评议: its raiser has said how well.
    Appraised,
}

impl Stage {
    /// All of them, in order.
    pub const ALL: [Self; 7] = [
        Self::Posted,
        Self::Proposed,
        Self::Claimed,
        Self::Agreed,
        Self::Delivered,
        Self::Accepted,
        Self::Appraised,
    ];
}

/// How many there are, and how much: of one measure, so that it may be summed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sums {
    /// Entries.
    pub count: u64,
    /// What is asked of needs, slots and pairings; what is offered of resources.
    pub amount: u64,
    /// What of it is proposed, claimed, agreed, delivered, accepted now.
    pub tally: Tally,
}

impl Sums {
    /// Both together.
    pub const fn plus(self, other: Self) -> Self {
        Self {
            count: self.count.saturating_add(other.count),
            amount: self.amount.saturating_add(other.amount),
            tally: self.tally.plus(other.tally),
        }
    }

    /// What is left without the other.
    pub const fn minus(self, other: Self) -> Self {
        Self {
            count: self.count.saturating_sub(other.count),
            amount: self.amount.saturating_sub(other.amount),
            tally: self.tally.minus(other.tally),
        }
    }

    /// What is neither claimed nor agreed: of a need unserved, of a resource remaining.
    pub const fn free(&self) -> u64 {
        self.amount.saturating_sub(self.tally.reserved())
    }
}

/// A line of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Key {
    pub list: List,
    pub place: PlaceId,
    pub cut: Cut,
    pub month: Month,
    pub standing: Standing,
    pub stage: Stage,
    /// The number of the measure.
    pub measure: u32,
}

/// What lies nowhere in the tree is filed here; no place has this number.
pub(crate) const NOWHERE: PlaceId = PlaceId::new(0);
