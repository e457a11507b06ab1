//! Fit: how well an eligible pair suits, in whole numbers from 0 to 1000 a factor.
//!
//! The total is the weighted mean of the factors that have something to say: a factor that says nothing
//! here (no category known, no place known) is left out rather than counted as bad.
//!
//! Whether a pair is proposed at all is judged by the *matter* alone (`Marks::matter`): standing relation,
//! nearness and time make a good pair better, they do not make a wrong one right.

use super::{
    eligibility::{Eligible, Kinship},
    market::{Asker, Giver, Ground, Placed},
};
use crate::{
    organization::Relation,
    pairing::{Factor, FactorKind, Fit},
    rules::Weights,
};

/// The same leaf when at least one side's was only read from its wording.
const SAME_AS_READ: u16 = 700;

/// How near two places are by the steps between them in the territory tree; farther is 100.
const NEARNESS: [u16; 7] = [1000, 900, 800, 650, 500, 350, 200];

/// The factors of the matter itself.
const MATTER: [FactorKind; 3] = [FactorKind::Category, FactorKind::Wording, FactorKind::Affinity];

/// The fit of a pair as it is kept inside the matching, without an allocation of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Marks {
    /// The weighted mean.
    pub total: u16,
    /// In the order of [`FactorKind::ALL`]; `SILENT` where a factor says nothing.
    values: [u16; FactorKind::ALL.len()],
}

/// No factor reaches it.
const SILENT: u16 = u16::MAX;

impl Marks {
    fn new(values: [u16; FactorKind::ALL.len()], weights: &Weights) -> Self {
        Self { total: mean(&values, weights, &FactorKind::ALL), values }
    }

    /// How well the matter itself fits: the weighted mean of category, wording and affinity.
    pub fn matter(&self, weights: &Weights) -> u16 {
        mean(&self.values, weights, &MATTER)
    }

    /// The same pair with its freshness of another day.
    pub fn aged(mut self, ground: Ground<'_>, giver: &Giver) -> Self {
        if said(&self.values, FactorKind::Freshness).is_some()
            && let Some(value) = self.values.last_mut()
        {
            *value = freshness(ground, giver);
        }
        Self::new(self.values, &ground.rules.weights)
    }

    /// As it is shown and stored.
    pub fn shown(&self, weights: &Weights) -> Fit {
        let factor =
            |kind| said(&self.values, kind).map(|value| Factor { kind, value, weight: weights.of(kind) });
        Fit { total: self.total, factors: FactorKind::ALL.into_iter().filter_map(factor).collect() }
    }
}

fn said(values: &[u16; FactorKind::ALL.len()], kind: FactorKind) -> Option<u16> {
    values.get(kind as usize).copied().filter(|value| *value != SILENT)
}

/// The weighted mean of those of these factors that say something, rounded down; 0 when none does.
fn mean(values: &[u16; FactorKind::ALL.len()], weights: &Weights, of: &[FactorKind]) -> u16 {
    let (mut sum, mut whole) = (0, 0);
    for kind in of {
        if let Some(value) = said(values, *kind) {
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
    let values = FactorKind::ALL.map(|kind| {
        if ground.rules.weights.of(kind) == 0 {
            return SILENT;
        }
        let value = match kind {
            FactorKind::Category => category(asker, giver, eligible.kinship),
            FactorKind::Roster => roster(ground, asker, giver),
            FactorKind::Distance => distance(asker, giver),
            FactorKind::Window => eligible.window,
            FactorKind::Wording => wording(asker, giver),
            FactorKind::Affinity => affinity.take().map(|affinity| affinity()),
            FactorKind::Freshness => Some(freshness(ground, giver)),
        };
        value.unwrap_or(SILENT)
    });
    Marks::new(values, &ground.rules.weights)
}

/// How alike the wordings of both sides are; `None` where a unit offers itself without a wording.
pub(super) fn wording(asker: &Asker, giver: &Giver) -> Option<u16> {
    giver.wording.as_ref().map(|wording| asker.wording.terms.alike(wording.terms()))
}

/// What units of this kind and name have taken up before.
pub(super) fn affinity(ground: Ground<'_>, asker: &Asker, giver: &Giver) -> u16 {
    ground.affinity.score(&asker.wording.words, &giver.profile.unit).total
}

fn category(asker: &Asker, giver: &Giver, kinship: Kinship) -> Option<u16> {
    let stated = |placed: &Option<Placed>| placed.as_ref().is_some_and(|category| category.stated);
    match kinship {
        Kinship::Same if stated(&asker.category) && stated(&giver.category) => Some(1000),
        Kinship::Same => Some(SAME_AS_READ),
        Kinship::StandsIn => Some(700),
        Kinship::SameTop => Some(400),
        Kinship::Unknown => None,
    }
}

/// The standing relation of the unit to the community; where the street keeps no roster it says nothing.
fn roster(ground: Ground<'_>, asker: &Asker, giver: &Giver) -> Option<u16> {
    let place = asker.place.as_ref().filter(|_| ground.has_roster)?;
    Some(match giver.relation(place) {
        Some(Relation::Assigned) => 1000,
        Some(Relation::Reported) => 900,
        Some(Relation::Paired) => 850,
        None => 0,
    })
}

fn distance(asker: &Asker, giver: &Giver) -> Option<u16> {
    let place = asker.place.as_ref()?;
    if giver.serves_named && giver.serves.iter().any(|area| place.lies_in(area)) {
        return Some(1000);
    }
    let steps = place.steps(giver.place.as_ref()?);
    Some(steps.and_then(|steps| NEARNESS.get(steps).copied()).unwrap_or(100))
}

/// A list goes stale: a fifth is lost in a quarter of a year, more than half never. What a unit offers as
/// open capacity is of today.
pub(super) fn freshness(ground: Ground<'_>, giver: &Giver) -> u16 {
    giver.posted.map_or(1000, |posted| {
        let days = ground.now.days_since(posted).min(250);
        1000 - u16::try_from(days * 2).unwrap_or(500)
    })
}
