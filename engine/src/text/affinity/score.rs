//! The score of one need with one unit, and its parts.

use super::Affinity;
use super::profile::{ByKind, NEUTRAL, NeedWords, UnitName, UnitProfile, expected, squashed};
use crate::text::senses::Meaning;

/// A witness for the fit of a need and a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Wording of the need against the unit's name and each posted resource: the best cosine.
    Text,
    /// What units of this kind take up.
    Kind,
    /// The trade that the name tells of, outright or by the meaning of its words.
    Trade,
    /// Category and concepts of the posted resources.
    Posted,
    /// What units with such words in their name took up.
    Name,
    /// The kind of unit that needs worded so went to.
    Calling,
    /// What the wording means, against what the unit's name means.
    Sense,
}

impl Part {
    /// Every part, in the order of the fields of [`Score`].
    pub const ALL: [Self; 7] =
        [Self::Text, Self::Kind, Self::Trade, Self::Posted, Self::Name, Self::Calling, Self::Sense];

    /// Its weight, of 1000 together.
    #[must_use]
    pub fn weight(self) -> u32 {
        match self {
            Self::Text => 322,
            Self::Kind => 64,
            Self::Trade => 239,
            Self::Posted => 152,
            Self::Name => 46,
            Self::Calling => 97,
            Self::Sense => 80,
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
    /// See [`Part::Sense`]; 200 when one side tells nothing.
    pub sense: u16,
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
            Part::Sense => self.sense,
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
/// Mark of wordings that have nothing to do with each other; what points away from each other has less.
const SENSE_OF_STRANGERS: i32 = 200;
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
            sense: sense(&need.meaning, &unit.name.meaning),
        };
        score.total = score.total_without(&[]);
        score
    }
}

fn trade(need: &NeedWords, unit: &UnitName) -> u16 {
    let meant = u64::from(nearest(&need.near, &unit.near)) * KINDRED_TRADE / 1000;
    told_trade(need, unit).max(u16::try_from(meant).unwrap_or(0))
}

fn told_trade(need: &NeedWords, unit: &UnitName) -> u16 {
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

fn sense(need: &Meaning, unit: &Meaning) -> u16 {
    u16::try_from((need.cosine(unit) + SENSE_OF_STRANGERS).clamp(0, 1000)).unwrap_or(0)
}

/// The largest product, in thousandths, of the marks that two lists, ascending by concept, give to one concept.
fn nearest(one: &[(usize, u16)], other: &[(usize, u16)]) -> u16 {
    let product = |&(concept, mark): &(usize, u16)| {
        let place = other.binary_search_by_key(&concept, |(concept, _)| *concept).ok()?;
        Some(u32::from(mark) * u32::from(other.get(place)?.1) / 1000)
    };
    one.iter().filter_map(product).max().and_then(|product| u16::try_from(product).ok()).unwrap_or(0)
}

/// Whether two ascending lists share an element.
fn meet(one: &[usize], other: &[usize]) -> bool {
    one.iter().any(|concept| other.binary_search(concept).is_ok())
}
