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
    };
}
