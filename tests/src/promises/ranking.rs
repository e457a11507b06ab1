//! The rankings of units, put in order once more from the figures of each.

use engine::{
    figures::{Merit, RankedBy, Rate, Scope, Span},
    identity::OrganizationId,
    organization::OrganizationKind,
    period::{Month, Period},
    state::State,
    tallies::Slice,
};
use std::collections::BTreeSet;

/// Every month, quarter and year that has anything, by its first and its last month.
fn periods(months: &BTreeSet<Month>) -> BTreeSet<(Month, Month)> {
    let texts = months
        .iter()
        .flat_map(|month| [month.year.to_string(), month.quarter().to_string(), month.to_string()]);
    texts.map(|text| Period::read(&text).expect("a period")).map(|it| (it.first, it.last)).collect()
}

fn merit(state: &State, unit: OrganizationId, first: Month, last: Month) -> Merit {
    let counts = state.figures().of(&Scope::Of(Slice::Giving(unit)), first, last);
    let earned = state.figures().earned(first, last).get(&unit).cloned().unwrap_or_default();
    let (agreed, fulfilled, given) = (counts.agreed, counts.fulfilled, counts.given);
    Merit { earned, agreed, fulfilled, fulfilled_in_time: counts.fulfilled_in_time, given }
}

/// Whether one share is greater than another.
fn exceeds(one: Rate, other: Rate) -> bool {
    u128::from(one.numerator) * u128::from(other.denominator)
        > u128::from(other.numerator) * u128::from(one.denominator)
}

/// Compares every ranking of every period by every measure; how many places were compared.
///
/// # Panics
/// When one differs.
pub fn check(state: &State, months: &BTreeSet<Month>) -> usize {
    let mut compared = 0;
    for (first, last) in periods(months) {
        let units = state.organizations().filter(|it| matches!(it.draft.kind, OrganizationKind::Unit(_)));
        let all: Vec<(OrganizationId, Merit)> =
            units.map(|unit| (unit.id, merit(state, unit.id, first, last))).collect();
        for by in RankedBy::ALL {
            let ranked: Vec<_> = all.iter().filter(|(_, merit)| merit.share(by).denominator > 0).collect();
            let kept = state.figures().ranking(Span::from(Period { first, last }), by);
            assert_eq!(kept.len(), ranked.len(), "{by:?} from {first} to {last}");
            let mut before = None;
            for (at, it) in kept.page(0..kept.len()).enumerate() {
                let own = ranked.iter().find(|(unit, _)| *unit == it.spot.unit).expect("it is ranked");
                let share = own.1.share(by);
                let rank = 1 + ranked.iter().filter(|(_, other)| exceeds(other.share(by), share)).count();
                assert_eq!((it.rank, &it.merit), (rank, &own.1), "{by:?} from {first} to {last}");
                assert_eq!((kept.before(&it.spot, false), kept.before(&it.spot, true)), (at, at + 1));
                assert!(before < Some((rank, it.spot.unit)), "{by:?} from {first} to {last}: {before:?}");
                before = Some((rank, it.spot.unit));
                compared += 1;
            }
        }
    }
    compared
}
