//! The score of one need with one unit, and its parts.

use super::Affinity;
use super::profile::{ByKind, NEUTRAL, NeedWords, UnitName, UnitProfile, expected, squashed};

/// A witness for the fit of a need and a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Wording of the need against the unit's name and each posted resource: the best cosine.
    Text,
    /// What units of this kind take up.
    Kind,
    /// The trade that the name tells of.
    Trade,
    /// Category and concepts of the posted resources.
    Posted,
    /// What units with such words in their name took up.
    Name,
    /// The kind of unit that needs worded so went to.
    Calling,
}

impl Part {
    /// Every part, in the order of the fields of [`Score`].
    pub const ALL: [Self; 6] = [Self::Text, Self::Kind, Self::Trade, Self::Posted, Self::Name, Self::Calling];

    /// Its weight, of 1000 together.
    #[must_use]
    pub fn weight(self) -> u32 {
        match self {
            Self::Text => 350,
            Self::Kind => 70,
            Self::Trade => 260,
            Self::Posted => 165,
            Self::Name => 50,
            Self::Calling => 105,
        }
    }
}

/// How well a unit fits a need; every number is 0..=1000.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// The weighted mean of the parts.
    pub total: u16,
    /// See [`Part::Text`].
    pub text: u16,
    /// See [`Part::Kind`]; 500 is the average of all kinds.
    pub kind: u16,
    /// See [`Part::Trade`].
    pub trade: u16,
    /// See [`Part::Posted`].
    pub posted: u16,
    /// See [`Part::Name`]; 500 when the name tells nothing.
    pub name: u16,
    /// See [`Part::Calling`]; 500 when the wording tells nothing.
    pub calling: u16,
}

impl Score {
    /// One part.
    #[must_use]
    pub fn part(&self, part: Part) -> u16 {
        match part {
            Part::Text => self.text,
            Part::Kind => self.kind,
            Part::Trade => self.trade,
            Part::Posted => self.posted,
            Part::Name => self.name,
            Part::Calling => self.calling,
        }
    }

    /// The total as it would be without some parts, the other weights unchanged.
    #[must_use]
    pub fn total_without(&self, left_out: &[Part]) -> u16 {
        let kept = Part::ALL.into_iter().filter(|part| !left_out.contains(part));
        let sum: u32 = kept.map(|part| u32::from(self.part(part)) * part.weight()).sum();
        u16::try_from(sum / 1000).unwrap_or(1000)
    }
}

/// Mark of a unit whose name tells of no trade: between one that fits and one that does not.
const NO_TRADE: u16 = 200;
/// Least mark of a unit whose trade is another one: units give beside their trade too.
const OTHER_TRADE: u64 = 100;
/// Mark of a trade of the right category but another concept.
const KINDRED_TRADE: u64 = 550;
/// Mark of a trade that the wording only hints at.
const HINTED_TRADE: u16 = 400;
/// Share of 1000 of a posted resource's mark that its category makes; its concepts make the rest.
const POSTED_BY_CATEGORY: u64 = 500;

impl Affinity {
    /// Scores a need with a unit.
    #[must_use]
    pub fn score(&self, need: &NeedWords, unit: &UnitProfile) -> Score {
        let of_kind = |marks: &ByKind| {
            unit.name.kind.and_then(|kind| marks.get(kind as usize).copied()).unwrap_or(NEUTRAL)
        };
        let mut score = Score {
            total: 0,
            text: unit.wordings.nearest(&need.terms),
            kind: of_kind(&need.kinds),
            trade: trade(need, &unit.name),
            posted: posted(need, unit),
            name: name(need, &unit.name),
            calling: of_kind(&need.callings),
        };
        score.total = score.total_without(&[]);
        score
    }
}

fn trade(need: &NeedWords, unit: &UnitName) -> u16 {
    if unit.trades.is_empty() {
        return NO_TRADE;
    }
    if meet(&need.concepts, &unit.trades) {
        return 1000;
    }
    let kindred = need.leaves.iter().filter(|(leaf, _)| unit.trade_leaves.binary_search(leaf).is_ok());
    let share: u64 = kindred.map(|&(_, share)| share).sum();
    let mark = u16::try_from((share * KINDRED_TRADE / 100_000).max(OTHER_TRADE)).unwrap_or(0);
    if meet(&need.hints, &unit.trades) { mark.max(HINTED_TRADE) } else { mark }
}

fn posted(need: &NeedWords, unit: &UnitProfile) -> u16 {
    if unit.posted.is_empty() {
        return 0;
    }
    let closeness = expected(&need.leaves, need.leaves_total, &unit.posted) * POSTED_BY_CATEGORY / 1000;
    let concept = if meet(&need.concepts, &unit.posted_concepts) { 1000 - POSTED_BY_CATEGORY } else { 0 };
    u16::try_from(closeness + concept).unwrap_or(1000)
}

fn name(need: &NeedWords, unit: &UnitName) -> u16 {
    if unit.lifts.is_empty() {
        return NEUTRAL;
    }
    squashed(expected(&need.leaves, need.leaves_total, &unit.lifts))
}

/// Whether two ascending lists share an element.
fn meet(one: &[usize], other: &[usize]) -> bool {
    one.iter().any(|concept| other.binary_search(concept).is_ok())
}
