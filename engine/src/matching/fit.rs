//! Fit: how well an eligible pair suits, in whole numbers from 0 to 1000 a factor.
//!
//! The total is the weighted mean of the factors. What the *asking* side leaves open (no window named, no place
//! known, a street without a roster) tells no giver from another, so that factor is left out. What the *giving*
//! side leaves open counts as it does of an ordinary pair, and is marked as assumed. A mean over fewer factors
//! would not be neutral: a wording that shares one word in ten lowers the mean of whoever has one, and a unit that
//! posted nothing would pass by those that did. So
//!
//! 1. saying more never hurts: whoever posts a resource suits every need as well as it did before, because its open
//!    capacity stands back only behind what suits as well (`Marks::suits`);
//! 2. saying nothing never wins: where two are alike, what was posted in the category asked goes before an open
//!    capacity.
//!
//! What an ordinary pair counts was measured on the published pairings that were tuned on (see
//! [`super::measurement`]): of the 1963 pairs with a posted resource that pass the rules and whose affinity is 200 or
//! more, the category counts 668 in the mean and the wording 85; of all 8632, 551 and 20.
//!
//! What the street itself has seen counts too. What units of a kind have taken up to the end here
//! ([`crate::leaning`]) moves what their kind does elsewhere; a unit that has itself taken a category up to the end, or
//! declined it, is believed more and more over its kind (`affinity`); and its [`Record`] says how reliable it is. Of
//! whom nothing is known counts what everybody starts with.
//!
//! Whether a pair is proposed at all is judged by the *matter* alone, as far as it is said (`Marks::matter`):
//! standing relation, nearness and time make a good pair better, they do not make a wrong one right.

use super::{
    eligibility::{Eligible, Kinship},
    market::{Asker, Giver, Ground, Placed},
};
use crate::{
    organization::Relation,
    pairing::{Factor, FactorKind, Fit},
    record::Record,
    rules::Weights,
};

/// The same leaf when at least one side's was only read from its wording.
const SAME_AS_READ: u16 = 700;

/// The same top, when at least one side's leaf was only read.
const SAME_TOP: u16 = 400;

/// Where one side has no category: a unit that takes a matter up directly is taken to serve what is asked, as far
/// as anybody can read.
const UNSAID_KIN: u16 = SAME_AS_READ;

/// Where a unit offers itself without a wording.
const UNSAID_WORDING: u16 = 50;

/// From so much on two wordings are taken to be about the same thing: more than those of an ordinary pair with a posted
/// resource have in common, which is 85. It is a guess: one word that says little (学生) is enough in a short title.
const ALIKE_MIN: u16 = 100;

/// How near two places are by the steps between them in the territory tree.
const NEARNESS: [u16; 7] = [1000, 900, 800, 650, 500, 350, 200];

/// Farther than that; and what a giver counts of which nobody knows where it is.
const FAR: u16 = 100;

/// What is known of its kind counts as so many facts of the unit's own.
const KIND_FACTS: u32 = 4;

/// So many facts of one kind are enough.
const FACTS_MAX: u32 = 12;

/// The factors of the matter itself.
const MATTER: [FactorKind; 3] = [FactorKind::Category, FactorKind::Wording, FactorKind::Affinity];

/// What one factor counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark(u16);

impl Mark {
    /// Left out.
    const SILENT: Self = Self(u16::MAX);
    /// Set where the giver left open what the factor looks at. No value reaches it.
    const ASSUMED: u16 = 1 << 15;

    const fn said(value: u16) -> Self {
        Self(value)
    }

    const fn assumed(value: u16) -> Self {
        Self(value | Self::ASSUMED)
    }

    fn value(self) -> Option<u16> {
        (self != Self::SILENT).then_some(self.0 & !Self::ASSUMED)
    }

    fn is_assumed(self) -> bool {
        self.value().is_some() && self.0 & Self::ASSUMED != 0
    }
}

/// The fit of a pair as it is kept inside the matching, without an allocation of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Marks {
    /// The weighted mean.
    pub total: u16,
    /// In the order of [`FactorKind::ALL`].
    marks: [Mark; FactorKind::ALL.len()],
}

impl Marks {
    fn new(marks: [Mark; FactorKind::ALL.len()], weights: &Weights) -> Self {
        Self { total: mean(&marks, weights, &FactorKind::ALL), marks }
    }

    /// How well the matter itself fits, as far as it is said: the weighted mean of category, wording and affinity
    /// without what is assumed.
    pub fn matter(&self, weights: &Weights) -> u16 {
        mean(&self.marks.map(|mark| if mark.is_assumed() { Mark::SILENT } else { mark }), weights, &MATTER)
    }

    /// The same with what is assumed: what tells two givers of one owner apart.
    pub fn suits(&self, weights: &Weights) -> u16 {
        mean(&self.marks, weights, &MATTER)
    }

    /// The same pair with its freshness of another day.
    pub fn aged(mut self, ground: Ground<'_>, giver: &Giver) -> Self {
        let mark = self.marks.get_mut(FactorKind::Freshness as usize);
        if let Some(mark) = mark.filter(|mark| **mark != Mark::SILENT) {
            *mark = freshness(ground, giver);
        }
        Self::new(self.marks, &ground.rules.weights)
    }

    /// As it is shown and stored.
    pub fn shown(&self, weights: &Weights) -> Fit {
        let factor = |(kind, mark): (FactorKind, Mark)| {
            let (value, weight, assumed) = (mark.value()?, weights.of(kind), mark.is_assumed());
            Some(Factor { kind, value, weight, assumed })
        };
        let factors = FactorKind::ALL.into_iter().zip(self.marks).filter_map(factor);
        Fit { total: self.total, factors: factors.collect() }
    }
}

/// The weighted mean of those of these factors that are not left out, rounded down; 0 when all are.
fn mean(marks: &[Mark; FactorKind::ALL.len()], weights: &Weights, of: &[FactorKind]) -> u16 {
    let (mut sum, mut whole) = (0, 0);
    for kind in of {
        if let Some(value) = marks.get(*kind as usize).and_then(|mark| mark.value()) {
            let weight = u32::from(weights.of(*kind));
            sum += u32::from(value) * weight;
            whole += weight;
        }
    }
    u16::try_from(sum.checked_div(whole).unwrap_or(0)).unwrap_or(1000)
}

/// The fit of an eligible pair. `affinity` is asked only where it counts.
pub(super) fn fit(
    ground: Ground<'_>,
    asker: &Asker,
    giver: &Giver,
    eligible: Eligible,
    affinity: impl FnOnce() -> u16,
) -> Marks {
    let mut affinity = Some(affinity);
    let marks = FactorKind::ALL.map(|kind| {
        if ground.rules.weights.of(kind) == 0 {
            return Mark::SILENT;
        }
        match kind {
            FactorKind::Category => category(asker, giver, eligible.kinship),
            FactorKind::Roster => roster(ground, asker, giver),
            FactorKind::Distance => distance(asker, giver),
            FactorKind::Window => eligible.window.map_or(Mark::SILENT, Mark::said),
            FactorKind::Wording => wording(asker, giver).map_or(Mark::assumed(UNSAID_WORDING), Mark::said),
            FactorKind::Affinity => affinity.take().map_or(Mark::SILENT, |affinity| Mark::said(affinity())),
            FactorKind::Freshness => freshness(ground, giver),
            FactorKind::Record => record(ground, giver),
        }
    });
    Marks::new(marks, &ground.rules.weights)
}

/// How alike the wordings of both sides are; `None` where a unit offers itself without a wording.
pub(super) fn wording(asker: &Asker, giver: &Giver) -> Option<u16> {
    giver.wording.as_ref().map(|wording| asker.wording.terms.alike(wording.terms()))
}

/// Whether their words alone say that two are about the same thing, whatever their categories are.
pub(super) fn are_about_the_same(asker: &Asker, giver: &Giver) -> bool {
    wording(asker, giver).is_some_and(|alike| alike >= ALIKE_MIN)
}

/// What units of this kind and name have taken up elsewhere and on this street, and this one here.
pub(super) fn affinity(ground: Ground<'_>, asker: &Asker, giver: &Giver) -> u16 {
    let elsewhere = ground.affinity.score(&asker.wording.words, &giver.profile.unit).total;
    let Some(Placed { code, .. }) = &asker.category else { return elsewhere };
    let of_kind = giver.leaning.as_ref().map_or(elsewhere, |(kind, leaning)| {
        ground.affinity.leant(elsewhere, *kind, code.as_str(), leaning.of(code), leaning.all())
    });
    let Some(record) = &giver.record else { return of_kind };
    let (taken_up, declined) = record.experience(code);
    experienced(of_kind, taken_up, declined)
}

/// The mean of what is known of its kind, which counts as [`KIND_FACTS`] facts, and of the unit's own facts:
/// 1000 for each time it was taken up, 0 for each time it was declined; of each the street hears at most [`FACTS_MAX`].
fn experienced(of_kind: u16, taken_up: u32, declined: u32) -> u16 {
    let (taken_up, declined) = (taken_up.min(FACTS_MAX), declined.min(FACTS_MAX));
    let sum = u32::from(of_kind) * KIND_FACTS + 1000 * taken_up;
    u16::try_from(sum / (KIND_FACTS + taken_up + declined)).unwrap_or(1000)
}

/// How reliable the unit has been. Of whom nothing is known counts what everybody starts with; where nothing is known
/// of anybody, it is left out.
fn record(ground: Ground<'_>, giver: &Giver) -> Mark {
    if !ground.has_records {
        return Mark::SILENT;
    }
    let reliability = giver.record.as_ref().and_then(|record| record.reliability());
    reliability.map_or(Mark::assumed(Record::RELIABILITY_BEFORE), Mark::said)
}

fn category(asker: &Asker, giver: &Giver, kinship: Kinship) -> Mark {
    let stated = |placed: &Option<Placed>| placed.as_ref().is_some_and(|category| category.stated);
    match kinship {
        Kinship::Same if stated(&asker.category) && stated(&giver.category) => Mark::said(1000),
        Kinship::Same => Mark::said(SAME_AS_READ),
        Kinship::StandsIn => Mark::said(700),
        Kinship::SameTop => Mark::said(SAME_TOP),
        Kinship::Unknown => Mark::assumed(UNSAID_KIN),
    }
}

/// The standing relation of the unit to the community; where the street keeps no roster it is left out.
fn roster(ground: Ground<'_>, asker: &Asker, giver: &Giver) -> Mark {
    let Some(place) = asker.place.as_ref().filter(|_| ground.has_roster) else { return Mark::SILENT };
    Mark::said(match giver.relation(place) {
        Some(Relation::Assigned) => 1000,
        Some(Relation::Reported) => 900,
        Some(Relation::Paired) => 850,
        None => 0,
    })
}

fn distance(asker: &Asker, giver: &Giver) -> Mark {
    let Some(place) = asker.place.as_ref() else { return Mark::SILENT };
    if giver.serves_named && giver.serves.iter().any(|area| place.lies_in(area)) {
        return Mark::said(1000);
    }
    let Some(from) = giver.place.as_ref() else { return Mark::assumed(FAR) };
    let near = place.steps(from).and_then(|steps| NEARNESS.get(steps).copied());
    Mark::said(near.unwrap_or(FAR))
}

/// A list goes stale: a fifth is lost in a quarter of a year, more than half never. What a unit offers as
/// open capacity is of today.
pub(super) fn freshness(ground: Ground<'_>, giver: &Giver) -> Mark {
    Mark::said(giver.posted.map_or(1000, |posted| {
        let days = ground.now.days_since(posted).min(250);
        1000 - u16::try_from(days * 2).unwrap_or(500)
    }))
}
