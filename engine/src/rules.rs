//! What a street may set: weights of the matching, limits of time, default capacities.

use crate::{contribution::CreditRule, entry::Form, pairing::FactorKind};
use serde::{Deserialize, Serialize};

/// The street's rules, changed as a whole by `SetRules`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Rules {
    /// Minutes the street's clock is ahead of UTC.
    pub utc_offset_minutes: i16,
    /// Hours after which a claim lapses when the other side stays silent.
    pub claim_hours: u32,
    /// How many needs a unit takes on at once without posted resources, unless it says otherwise.
    pub open_capacity: u32,
    /// The least fit of the matter itself (category, wording, affinity), 0 to 1000, at which a pairing is
    /// proposed.
    pub fit_min: u16,
    /// What each factor of the fit counts.
    pub weights: Weights,
    /// What makes one need weigh more than another.
    #[serde(default, skip_serializing_if = "NeedWeights::is_standard")]
    pub need_weights: NeedWeights,
    /// How a plan shares out what is scarce.
    #[serde(default, skip_serializing_if = "Fairness::is_standard")]
    pub fairness: Fairness,
    /// By when things are to happen, and what is looked at before.
    #[serde(default, skip_serializing_if = "Limits::is_standard")]
    pub limits: Limits,
    /// What a confirmed delivery is credited with, the first line that fits; `None` = [`Rules::CREDITS`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credits: Option<Vec<CreditRule>>,
    /// Days after which the contacts of what is over are erased 联系人保存期限: of an entry that is closed and in no
    /// live pairing, of an organization with nothing open and in no live pairing, counted from the last thing that
    /// happened to it. `None` = only when somebody erases them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact_days: Option<u32>,
}

/// Which needs wait for a review before they are matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ReviewRule {
    /// None: what is posted is open.
    None,
    /// Those that neither a community nor the street office posts, emergencies and imported lists aside.
    Others,
    /// All, emergencies and imported lists aside.
    All,
}

/// By when things are to happen, and what is looked at before. Days of 0 set no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Limits {
    /// Which needs wait for a review.
    pub review: ReviewRule,
    /// Hours after which a claim on an emergency lapses.
    pub emergency_claim_hours: u32,
    /// Days within which a need is to be answered 答复.
    pub reply_days: u16,
    /// Days within which a need is to be met 办结.
    pub resolve_days: u16,
    /// Days within which a receiver is to confirm or dispute a delivery.
    pub confirm_days: u16,
    /// Days after which an entry of the lists is asked to be confirmed again.
    pub stale_days: u16,
    /// Days after the end of its window when an entry of which nothing is promised expires; 0 = the day after.
    pub expiry_days: u16,
}

impl Limits {
    /// What a street starts with. A stored line without the field means these figures, so they stay as they are.
    pub const STANDARD: Self = Self {
        review: ReviewRule::None,
        emergency_claim_hours: 4,
        reply_days: 7,
        resolve_days: 30,
        confirm_days: 7,
        stale_days: 90,
        expiry_days: 0,
    };
    /// The longest limit in days: two years.
    pub const DAYS_MAX: u16 = 730;

    fn is_standard(&self) -> bool {
        *self == Self::STANDARD
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::STANDARD
    }
}

/// What a need weighs beyond an ordinary one (1000), in thousandths of it. See [`crate::matching::market`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NeedWeights {
    /// Added when it is urgent.
    pub urgent: u16,
    /// Added when it is an emergency.
    pub emergency: u16,
    /// Added for each doubling of the people it serves.
    pub doubling: u16,
    /// Added for each day it has waited.
    pub day: u16,
}

impl NeedWeights {
    /// What a street starts with. A stored line without the field means these figures, so they stay as they are.
    pub const STANDARD: Self = Self { urgent: 500, emergency: 1_000, doubling: 50, day: 10 };
    /// The most that urgency or an emergency may add.
    pub const URGENCY_MAX: u16 = 2_000;

    fn is_standard(&self) -> bool {
        *self == Self::STANDARD
    }
}

impl Default for NeedWeights {
    fn default() -> Self {
        Self::STANDARD
    }
}

/// How a plan shares out what is scarce 公平. See [`crate::matching::fairness`] for what each figure means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Fairness {
    /// How much more than the mean the first half of a need counts, and how much less the second, in
    /// thousandths: 250 means 5/4 and 3/4. At most 1000.
    pub first_half: u16,
    /// What the first need served in a community adds, in thousandths of an ordinary need met in full; the
    /// second adds half of it, the third a quarter. At most 1000.
    pub community: u16,
    /// What a unit's second engagement at the same time costs, in thousandths of an ordinary need met in
    /// full; the third costs twice that, and so on up to five times. At most 200.
    pub burden: u16,
}

impl Fairness {
    /// What a street starts with. A stored line without the field means these figures, so they stay as they are.
    pub const STANDARD: Self = Self { first_half: 250, community: 200, burden: 20 };
    /// Only the total counts.
    pub const NONE: Self = Self { first_half: 0, community: 0, burden: 0 };

    fn is_standard(&self) -> bool {
        *self == Self::STANDARD
    }
}

impl Default for Fairness {
    fn default() -> Self {
        Self::STANDARD
    }
}

/// What each factor counts in the fit, 0 to 1000; 0 leaves it out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Weights {
    /// See [`FactorKind::Category`].
    pub category: u16,
    /// See [`FactorKind::Roster`].
    pub roster: u16,
    /// See [`FactorKind::Distance`].
    pub distance: u16,
    /// See [`FactorKind::Window`].
    pub window: u16,
    /// See [`FactorKind::Wording`].
    pub wording: u16,
    /// See [`FactorKind::Affinity`].
    pub affinity: u16,
    /// See [`FactorKind::Freshness`].
    pub freshness: u16,
    /// See [`FactorKind::Record`]. A stored line without the field means [`Weights::RECORD`], so that stays as it is.
    #[serde(default = "Weights::record_unless_said", skip_serializing_if = "Weights::is_record_unsaid")]
    pub record: u16,
}

impl Weights {
    /// What a street's record of its units counts unless it says otherwise.
    pub const RECORD: u16 = 100;

    const fn record_unless_said() -> u16 {
        Self::RECORD
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes fields by reference")]
    const fn is_record_unsaid(record: &u16) -> bool {
        *record == Self::RECORD
    }

    /// The weight of one factor.
    pub const fn of(&self, kind: FactorKind) -> u16 {
        match kind {
            FactorKind::Category => self.category,
            FactorKind::Roster => self.roster,
            FactorKind::Distance => self.distance,
            FactorKind::Window => self.window,
            FactorKind::Wording => self.wording,
            FactorKind::Affinity => self.affinity,
            FactorKind::Freshness => self.freshness,
            FactorKind::Record => self.record,
        }
    }
}

impl Rules {
    /// What a street starts with: Asia/Shanghai, a week to answer a claim, three direct engagements a
    /// unit; roster relation weighs more than distance, as real pairings show.
    pub const STANDARD: Self = Self {
        utc_offset_minutes: 480,
        claim_hours: 7 * 24,
        open_capacity: 3,
        fit_min: 250,
        weights: Weights {
            category: 150,
            roster: 150,
            distance: 60,
            window: 60,
            wording: 120,
            affinity: 350,
            freshness: 30,
            record: Weights::RECORD,
        },
        need_weights: NeedWeights::STANDARD,
        fairness: Fairness::STANDARD,
        limits: Limits::STANDARD,
        credits: None,
        contact_days: None,
    };

    /// The rule table of a street that sets none: ten points for each confirmed delivery and for each hour of effort,
    /// and one for each hundred yuan.
    pub const CREDITS: [CreditRule; 2] = [
        CreditRule {
            form: Some(Form::Money),
            category: None,
            points: 10,
            points_per_hour: 10,
            points_per_hundred: 1,
        },
        CreditRule { form: None, category: None, points: 10, points_per_hour: 10, points_per_hundred: 0 },
    ];

    /// The rule table in force.
    pub fn credit_rules(&self) -> &[CreditRule] {
        self.credits.as_deref().unwrap_or(&Self::CREDITS)
    }
}
