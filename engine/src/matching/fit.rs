//! Fit: how well an eligible pair suits, in whole numbers from 0 to 1000 a factor.
//!
//! The total is the weighted mean of the factors that have something to say: a factor that says nothing
//! here (no category known, no place known) is left out rather than counted as bad.
//!
//! Whether a pair is proposed at all is judged by the *matter* alone (`matter`): standing relation,
//! nearness and time make a good pair better, they do not make a wrong one right.

use super::{
    eligibility::{Eligible, Kinship},
    market::{Asker, Giver, Market},
};
use crate::{
    organization::Relation,
    pairing::{Factor, FactorKind, Fit},
};

/// The same leaf when at least one side's was only read from its wording.
const SAME_AS_READ: u16 = 700;

/// How near two places are by the steps between them in the territory tree; farther is 100.
const NEARNESS: [u16; 7] = [1000, 900, 800, 650, 500, 350, 200];

/// The fit of an eligible pair.
pub(super) fn fit(market: &Market<'_>, asker: &Asker, giver: &Giver, eligible: Eligible) -> Fit {
    let weights = &market.state.rules().weights;
    let factors: Vec<Factor> = FactorKind::ALL
        .into_iter()
        .filter_map(|kind| {
            let weight = weights.of(kind);
            let value = if weight == 0 { None } else { value(kind, market, asker, giver, eligible) };
            value.map(|value| Factor { kind, value, weight })
        })
        .collect();
    Fit { total: mean(&factors), factors }
}

/// The weighted mean, rounded down; 0 when nothing is known.
fn mean(factors: &[Factor]) -> u16 {
    let weights: u32 = factors.iter().map(|factor| u32::from(factor.weight)).sum();
    let sum: u32 = factors.iter().map(|factor| u32::from(factor.value) * u32::from(factor.weight)).sum();
    u16::try_from(sum.checked_div(weights).unwrap_or(0)).unwrap_or(1000)
}

/// How well the matter itself fits: the weighted mean of category, wording and affinity.
pub(super) fn matter(fit: &Fit) -> u16 {
    let of_the_matter =
        |kind| matches!(kind, FactorKind::Category | FactorKind::Wording | FactorKind::Affinity);
    let factors: Vec<Factor> =
        fit.factors.iter().filter(|factor| of_the_matter(factor.kind)).copied().collect();
    mean(&factors)
}

fn value(
    kind: FactorKind,
    market: &Market<'_>,
    asker: &Asker,
    giver: &Giver,
    eligible: Eligible,
) -> Option<u16> {
    match kind {
        FactorKind::Category => match eligible.kinship {
            Kinship::Same if stated(asker, giver) => Some(1000),
            Kinship::Same => Some(SAME_AS_READ),
            Kinship::StandsIn => Some(700),
            Kinship::SameTop => Some(400),
            Kinship::Unknown => None,
        },
        FactorKind::Roster => roster(market, asker, giver),
        FactorKind::Distance => distance(market, asker, giver),
        FactorKind::Window => eligible.window,
        FactorKind::Wording => giver.terms.as_ref().map(|terms| asker.terms.alike(terms)),
        FactorKind::Affinity => Some(market.knowledge.affinity.score(&asker.words, &giver.profile).total),
        // A list goes stale: a fifth is lost in a quarter of a year, more than half never. What a unit
        // offers as open capacity is of today.
        FactorKind::Freshness => Some(giver.posted.map_or(1000, |posted| {
            let days = market.now.days_since(posted).min(250);
            1000 - u16::try_from(days * 2).unwrap_or(500)
        })),
    }
}

/// The standing relation of the unit to the community; where the street keeps no roster it says nothing.
fn roster(market: &Market<'_>, asker: &Asker, giver: &Giver) -> Option<u16> {
    let place = asker.place?;
    market.state.roster().next()?;
    Some(match market.state.relation(giver.organization, place) {
        Some(Relation::Assigned) => 1000,
        Some(Relation::Reported) => 900,
        Some(Relation::Paired) => 850,
        None => 0,
    })
}

fn distance(market: &Market<'_>, asker: &Asker, giver: &Giver) -> Option<u16> {
    let place = asker.place?;
    if giver.serves_named && giver.serves.iter().any(|area| market.state.lies_in(place, *area)) {
        return Some(1000);
    }
    let steps = market.state.steps(place, giver.place?);
    let near = steps.and_then(|steps| NEARNESS.get(usize::try_from(steps).ok()?).copied());
    Some(near.unwrap_or(100))
}

/// Whether both categories were stated by a person.
fn stated(asker: &Asker, giver: &Giver) -> bool {
    asker.category.as_ref().is_some_and(|category| category.stated)
        && giver.category.as_ref().is_some_and(|category| category.stated)
}
