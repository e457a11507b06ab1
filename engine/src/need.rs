//! The list of needs 需求清单, and the life of a need: review, matching, delivery, appraisal.

use crate::{
    appraisal::Appraised, entry::EntryDraft, identity::NeedId, moment::Moment, pairing::Tally,
    period::Quarter,
};
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

/// Why a need is not taken on 不予受理.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "type")]
pub enum RejectionGround {
    /// 属其他单位职责: it is another party's duty.
    #[serde(rename_all = "camelCase")]
    OthersDuty {
        /// Whose.
        party: String,
    },
    /// 已列入政府项目: a government project covers it.
    GovernmentProject,
    /// 不具备条件: it cannot be done.
    NotFeasible,
    /// 重复: it says what another need says.
    #[serde(rename_all = "camelCase")]
    DuplicateOf {
        /// Which.
        need: NeedId,
    },
    /// Anything else; the note says what.
    Other,
}

/// Whether somebody has to look at a need before it is matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "type")]
pub enum Review {
    /// Nobody asked for it: the need is open as it was posted.
    NotAsked,
    /// Asked for, and not done yet: the need is not matched.
    Waiting,
    /// Done: the need is as it says.
    #[serde(rename_all = "camelCase")]
    Verified {
        /// When.
        at: Moment,
    },
}

/// How a need ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "type")]
pub enum NeedEnd {
    /// Its poster took it back.
    #[serde(rename_all = "camelCase")]
    Withdrawn {
        /// Why.
        reason: String,
    },
    /// It was not taken on.
    #[serde(rename_all = "camelCase")]
    Rejected {
        /// On what ground.
        ground: RejectionGround,
        /// More of it, in words.
        note: Option<String>,
        /// When.
        at: Moment,
    },
    /// Another need carries what it asked.
    #[serde(rename_all = "camelCase")]
    Merged {
        /// Which.
        into: NeedId,
        /// When.
        at: Moment,
    },
    /// Its time was over before anything was promised.
    #[serde(rename_all = "camelCase")]
    Expired {
        /// When that was noted.
        at: Moment,
    },
    /// 销号: it is done with.
    #[serde(rename_all = "camelCase")]
    StruckOff {
        /// How it was settled, in words.
        note: Option<String>,
        /// When.
        at: Moment,
    },
}

/// A need taken along into a later period 结转.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CarriedOver {
    /// Into which quarter.
    pub into: Quarter,
    /// Why.
    pub reason: String,
    /// When that was decided.
    pub at: Moment,
}

/// Where a need stands. Derived from how it ended, from its review and from its tally.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum NeedStatus {
    /// It waits for its review.
    Posted,
    /// Nothing agreed yet.
    Open,
    /// Agreed in part, nothing accepted yet.
    PartlyAgreed,
    /// Agreed in full, nothing accepted yet.
    Agreed,
    /// Accepted in part.
    PartlyMet,
    /// Accepted in full, or struck off.
    Met,
    /// Met, and its raiser has said how well.
    Appraised,
    /// Its list said that it is in other hands.
    Settled,
    /// Not taken on.
    Rejected,
    /// Another need carries it.
    Merged,
    /// Its time was over.
    Expired,
    /// Taken back.
    Withdrawn,
}

impl NeedStatus {
    /// Its stable name, as shown to programs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Posted => "POSTED",
            Self::Open => "OPEN",
            Self::PartlyAgreed => "PARTLY_AGREED",
            Self::Agreed => "AGREED",
            Self::PartlyMet => "PARTLY_MET",
            Self::Met => "MET",
            Self::Appraised => "APPRAISED",
            Self::Settled => "SETTLED",
            Self::Rejected => "REJECTED",
            Self::Merged => "MERGED",
            Self::Expired => "EXPIRED",
            Self::Withdrawn => "WITHDRAWN",
        }
    }
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
    /// How it ended, if it did.
    pub end: Option<NeedEnd>,
    /// Whether somebody has to look at it first.
    pub review: Review,
    /// What of it is proposed, claimed, agreed, delivered, accepted.
    pub tally: Tally,
    /// When it was answered 答复: verified, rejected, merged, or claimed by a giver for the first time.
    pub replied: Option<Moment>,
    /// When the time for an answer was over, if there was none.
    pub reply_overdue: Option<Moment>,
    /// When all it asked was accepted.
    pub met: Option<Moment>,
    /// When somebody last said that it still stands; at first, when it was posted.
    pub confirmed: Moment,
    /// Since when it is asked to be confirmed again, if it is.
    pub stale: Option<Moment>,
    /// The periods it was taken along into, the last one last.
    pub carried_over: Vec<CarriedOver>,
    /// What its raiser says of it, once it is met.
    pub appraised: Option<Appraised>,
}

impl Need {
    /// A need as it is posted.
    pub const fn posted(id: NeedId, draft: NeedDraft, at: Moment) -> Self {
        Self {
            id,
            draft,
            posted: at,
            revision: 1,
            end: None,
            review: Review::NotAsked,
            tally: Tally::NONE,
            replied: None,
            reply_overdue: None,
            met: None,
            confirmed: at,
            stale: None,
            carried_over: Vec::new(),
            appraised: None,
        }
    }

    /// How much it asks, in base units of its measure.
    pub fn asked(&self) -> u64 {
        self.draft.entry.amount()
    }

    /// What is neither claimed nor agreed yet.
    pub fn unserved(&self) -> u64 {
        self.asked().saturating_sub(self.tally.reserved())
    }

    /// Why it was withdrawn, if it was.
    pub fn withdrawn(&self) -> Option<&str> {
        match &self.end {
            Some(NeedEnd::Withdrawn { reason }) => Some(reason),
            _ => None,
        }
    }

    /// The quarter it belongs to, on a clock that is `offset_minutes` ahead of UTC.
    pub fn period(&self, offset_minutes: i16) -> Quarter {
        let carried = self.carried_over.last().map(|carried| carried.into);
        carried.unwrap_or_else(|| Quarter::of(self.posted.date(offset_minutes)))
    }

    /// Where it stands.
    pub fn status(&self) -> NeedStatus {
        match &self.end {
            Some(NeedEnd::Withdrawn { .. }) => return NeedStatus::Withdrawn,
            Some(NeedEnd::Rejected { .. }) => return NeedStatus::Rejected,
            Some(NeedEnd::Merged { .. }) => return NeedStatus::Merged,
            Some(NeedEnd::Expired { .. }) => return NeedStatus::Expired,
            Some(NeedEnd::StruckOff { .. }) if self.appraised.is_some() => return NeedStatus::Appraised,
            Some(NeedEnd::StruckOff { .. }) => return NeedStatus::Met,
            None => {}
        }
        let asked = self.asked();
        if self.tally.accepted >= asked {
            if self.appraised.is_some() { NeedStatus::Appraised } else { NeedStatus::Met }
        } else if self.draft.entry.settled.is_some() {
            NeedStatus::Settled
        } else if self.tally.accepted > 0 {
            NeedStatus::PartlyMet
        } else if self.tally.agreed >= asked {
            NeedStatus::Agreed
        } else if self.tally.agreed > 0 {
            NeedStatus::PartlyAgreed
        } else if self.review == Review::Waiting {
            NeedStatus::Posted
        } else {
            NeedStatus::Open
        }
    }

    /// Whether the public reads of it: it waits for no review, and was neither refused nor taken back before one. What was
    /// published once stays so when it is over.
    pub const fn is_published(&self) -> bool {
        !matches!(self.review, Review::Waiting) && !matches!(self.end, Some(NeedEnd::Rejected { .. }))
    }

    /// Whether it may be matched: not over, not in review, and something of it is not agreed yet.
    pub fn is_open(&self) -> bool {
        self.end.is_none()
            && self.draft.entry.settled.is_none()
            && self.review != Review::Waiting
            && self.tally.agreed < self.asked()
    }

    /// Whether it takes the light path 微心愿: no meeting, no agreement.
    pub fn is_light(&self) -> bool {
        self.draft.channel == Some(Channel::Wish)
    }
}
