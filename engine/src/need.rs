//! The list of needs 需求清单.

use crate::{entry::EntryDraft, identity::NeedId, moment::Moment, pairing::Tally};
use serde::{Deserialize, Serialize};

/// How a need came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Channel {
    /// 组织吹哨: members respond.
    OrganizationWhistle,
    /// 社区吹哨: units respond.
    CommunityWhistle,
    /// 业主吹哨: the property company responds.
    OwnerWhistle,
    /// 邻里吹哨: the residents' team responds.
    NeighbourWhistle,
    /// 百姓吹哨: volunteers respond.
    ResidentWhistle,
    /// 走访.
    VisitingDay,
    /// 微心愿: the light path, without meeting and agreement.
    Wish,
    /// 热线.
    Hotline,
    /// Came with an imported list.
    Import,
}

/// How soon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Urgency {
    /// 应急: hours.
    Emergency,
    /// 紧急: days.
    Urgent,
    /// 一般.
    Normal,
}

/// What is said when a need is posted or amended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NeedDraft {
    /// The part all lists share.
    pub entry: EntryDraft,
    /// How it came in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// How soon; `None` is read as normal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub urgency: Option<Urgency>,
    /// The most it may cost, in yuan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ceiling: Option<u64>,
}

impl NeedDraft {
    /// A need that says nothing but the shared part.
    pub const fn new(entry: EntryDraft) -> Self {
        Self { entry, channel: None, urgency: None, ceiling: None }
    }
}

/// Where a need stands. Derived from what was withdrawn and from its tally.
///
/// Until deliveries are recorded, *met* means agreed in full.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NeedStatus {
    /// Nothing agreed yet.
    Open,
    /// Agreed in part.
    PartlyMet,
    /// Agreed in full.
    Met,
    /// Its list said that it is in other hands.
    Settled,
    /// Taken back.
    Withdrawn,
}

/// A need with its life so far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Need {
    /// Its identity.
    pub id: NeedId,
    /// What was last said of it.
    pub draft: NeedDraft,
    /// When it was posted.
    pub posted: Moment,
    /// How often it was changed; the first draft is 1.
    pub revision: u64,
    /// Why it was withdrawn, if it was.
    pub withdrawn: Option<String>,
    /// What of it is proposed, claimed, agreed.
    pub tally: Tally,
}

impl Need {
    /// How much it asks, in base units of its measure.
    pub fn asked(&self) -> u64 {
        self.draft.entry.amount()
    }

    /// What is neither claimed nor agreed yet.
    pub fn unserved(&self) -> u64 {
        self.asked().saturating_sub(self.tally.reserved())
    }

    /// Where it stands.
    pub fn status(&self) -> NeedStatus {
        if self.withdrawn.is_some() {
            NeedStatus::Withdrawn
        } else if self.draft.entry.settled.is_some() {
            NeedStatus::Settled
        } else if self.tally.agreed >= self.asked() {
            NeedStatus::Met
        } else if self.tally.agreed > 0 {
            NeedStatus::PartlyMet
        } else {
            NeedStatus::Open
        }
    }

    /// Whether it may be matched.
    pub fn is_open(&self) -> bool {
        matches!(self.status(), NeedStatus::Open | NeedStatus::PartlyMet)
    }
}
