//! What a street may set: weights of the matching, limits of time, default capacities.

use crate::pairing::FactorKind;
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
    /// Days after which the contacts of what is over are erased 联系人保存期限: of an entry that is closed and in no
    /// live pairing, of an organization with nothing open and in no live pairing, counted from the last thing that
    /// happened to it. `None` = only when somebody erases them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact_days: Option<u32>,
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
}

impl Weights {
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
        },
        need_weights: NeedWeights::STANDARD,
        fairness: Fairness::STANDARD,
        contact_days: None,
    };
}
