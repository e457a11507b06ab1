//! Fairness 公平: what it means here, exactly, and what it costs.
//!
//! **The first share counts most.** Of a need that is shared out one by one, each unit of the first half
//! counts `1 + f`, each of the second `1 − f` (`f` = [`Fairness::first_half`]): two needs half met are worth
//! more than one met and one left.
//!
//! **The first need of a community counts most.** The first need that is served in a community adds a bonus
//! `b` ([`Fairness::community`]), the second `b/2`, the third `b/4`, further ones nothing. A need is served
//! when it gets anything; those served within the last year count as the first ones. So a community with
//! nothing is helped before another gets its fourth, unless that is worth more than the bonus.
//!
//! **Burden is spread.** What a unit posted, it offered; what it takes up beside that is its burden. Its
//! second engagement at the same time costs `s` ([`Fairness::burden`]), the third `2s`, up to `5s`.
//! Engagements it has already count.
//!
//! **Waiting raises weight**: see [`super::market`].
//!
//! All three are concave, so the problem stays a transportation problem and its optimum exact. A bonus is
//! a column that stands for *nobody*: every first piece is worth `b` more, and leaving it to nobody is worth
//! what serving it would *not* add, `b − b`, `b − b/2`, … for the last ones left, `b` for all before. A
//! burden is a row that stands for *rest*: the dearest engagement is spared first.
//!
//! **Figures of merit** ([`Merit`]) tell how fair a plan is, and the **price of fairness** what it costs:
//! the best total without these rules, less the plain total of the plan, both counting weight × fit × share
//! alone.

use super::market::{Asker, Market};
use crate::{
    entry::EntryDraft,
    identity::{OrganizationId, PlaceId},
    moment::Moment,
    pairing::{Origin, PairingStatus, PairingTerms, Target},
    place::PlaceLevel,
    plan::Merit,
    rules::Fairness,
    state::State,
};
use std::collections::{BTreeMap, BTreeSet};

/// A thousandth of an ordinary need met in full, in units of value.
const MILLE: i64 = 1_000_000;

/// How many served needs of a community carry a bonus.
const TIERS: u64 = 3;

/// How often the step of burden is added at most.
const STEPS: u64 = 5;

/// For how many days a served need counts for its community.
const SERVED_DAYS: u32 = 365;

/// So many units, each worth so much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tier {
    pub units: u64,
    pub value: i64,
}

impl Tier {
    /// What all of them are worth.
    pub fn total(&self) -> i128 {
        i128::from(self.units) * i128::from(self.value)
    }
}

/// What the `n`-th served need of a community adds, `n` from 0.
fn bonus(fairness: Fairness, n: u64) -> i64 {
    if n < TIERS { (i64::from(fairness.community) * MILLE) >> n } else { 0 }
}

/// What the very first served need of a community adds.
pub(super) fn first_bonus(fairness: Fairness) -> i64 {
    bonus(fairness, 0)
}

/// What the next `served` needs of a community add together, after `before` others.
pub(super) fn bonuses(fairness: Fairness, before: u64, served: u64) -> i128 {
    (before..before + served).map(|n| i128::from(bonus(fairness, n))).sum()
}

/// What leaving needs of a community unserved is worth, where every served one is worth [`first_bonus`] more:
/// of `open` needs, with `before` served already. What is worth nothing is left out.
pub(super) fn nobody(fairness: Fairness, before: u64, open: u64) -> Vec<Tier> {
    let first = first_bonus(fairness);
    let bonuses = TIERS.saturating_sub(before).min(open);
    let mut tiers = vec![Tier { units: open - bonuses, value: first }];
    tiers.extend((0..bonuses).map(|n| Tier { units: 1, value: first - bonus(fairness, before + n) }));
    tiers.retain(|tier| tier.units > 0 && tier.value > 0);
    tiers
}

/// What `taken` engagements cost a unit that has `engaged` already.
pub(super) fn cost(fairness: Fairness, engaged: u64, taken: u64) -> i128 {
    (engaged..engaged + taken).map(|n| i128::from(step(fairness, n))).sum()
}

/// What the engagement after `engaged` others costs.
fn step(fairness: Fairness, engaged: u64) -> i64 {
    i64::from(fairness.burden) * MILLE * i64::try_from(engaged.min(STEPS)).unwrap_or(0)
}

/// What it is worth to spare a unit engagements it could take, when it has `engaged` already and could take
/// `remaining` more. What is worth nothing is left out.
pub(super) fn rest(fairness: Fairness, engaged: u64, remaining: u64) -> Vec<Tier> {
    let below = STEPS.saturating_sub(engaged).min(remaining);
    let cost = |n: u64| step(fairness, engaged + n);
    let mut tiers: Vec<Tier> = (0..below).map(|n| Tier { units: 1, value: cost(n) }).collect();
    tiers.push(Tier { units: remaining - below, value: cost(below) });
    tiers.retain(|tier| tier.units > 0 && tier.value > 0);
    tiers
}

/// The community in which serving this asker would count: that of a need of which nothing is served yet.
pub(super) fn counts_in(asker: &Asker) -> Option<PlaceId> {
    let untouched = asker.asked == asker.wanting;
    match asker.target {
        Target::Need(_) if untouched => asker.place?.community,
        Target::Need(_) | Target::Slot(..) => None,
    }
}

/// Per community, how many of its needs of the last year are served: promised something by somebody.
pub(super) fn served_before(state: &State, now: Moment) -> BTreeMap<PlaceId, u64> {
    let mut served = BTreeMap::new();
    for need in state.needs().filter(|need| need.tally.reserved() > 0) {
        if now.days_since(need.posted) <= SERVED_DAYS
            && let Some(community) = community(state, &need.draft.entry)
        {
            *served.entry(community).or_default() += 1;
        }
    }
    served
}

fn community(state: &State, entry: &EntryDraft) -> Option<PlaceId> {
    state.at_level(state.place_of(entry)?, PlaceLevel::Community)
}

/// The figures of merit of a plan; `plain` is the best total without fairness, `value` that of the plan.
pub(super) fn merit(
    market: &Market<'_>,
    askers: &[Asker],
    pairings: &[PairingTerms],
    (plain, value): (u64, u64),
) -> Merit {
    let mut given: BTreeMap<Target, u64> = BTreeMap::new();
    for terms in pairings {
        *given.entry(terms.target).or_default() += terms.quantity;
    }
    let shares: Vec<u64> = askers
        .iter()
        .map(|asker| {
            let left = asker.wanting.saturating_sub(given.get(&asker.target).copied().unwrap_or(0));
            (asker.asked - left.min(asker.asked)) * 1_000 / asker.asked.max(1)
        })
        .collect();
    let nothing = shares.iter().filter(|share| **share == 0).count();
    let least = shares.iter().copied().filter(|share| *share > 0).min().unwrap_or(0);
    let (communities, empty) = communities(market, askers, &given);
    let count = |it: usize| u32::try_from(it).unwrap_or(u32::MAX);
    Merit {
        with_nothing: count(nothing),
        least_share: u16::try_from(least).unwrap_or(1_000),
        communities: count(communities),
        communities_with_nothing: count(empty),
        burden_gini: gini(burdens(market, pairings)),
        plain_objective: plain,
        price_of_fairness: plain.saturating_sub(value),
    }
}

/// How many communities ask for something or were served, and how many of them have nothing.
fn communities(market: &Market<'_>, askers: &[Asker], given: &BTreeMap<Target, u64>) -> (usize, usize) {
    let mut served: BTreeSet<PlaceId> = served_before(market.state, market.now).into_keys().collect();
    let mut all = served.clone();
    for asker in askers.iter().filter(|asker| matches!(asker.target, Target::Need(_))) {
        let Some(community) = asker.place.and_then(|place| place.community) else { continue };
        all.insert(community);
        if given.contains_key(&asker.target) {
            served.insert(community);
        }
    }
    (all.len(), all.len() - served.len())
}

/// Per unit that has anything to give, how many pairings it gives in: standing ones and those of the plan.
fn burdens(market: &Market<'_>, pairings: &[PairingTerms]) -> Vec<u64> {
    let state = market.state;
    let mut burdens: BTreeMap<OrganizationId, u64> = market
        .givers
        .iter()
        .filter(|giver| state.is_unit(giver.organization))
        .map(|giver| (giver.organization, 0))
        .collect();
    let mut count = |supplier| {
        if let Some(burden) = state.giving(supplier).and_then(|unit| burdens.get_mut(&unit)) {
            *burden += 1;
        }
    };
    let by_a_plan = |origin| matches!(origin, Origin::Plan(_));
    for pairing in state.pairings().filter(|pairing| pairing.status.is_live()) {
        if pairing.status != PairingStatus::Proposed || !by_a_plan(pairing.origin) {
            count(pairing.terms.supplier);
        }
    }
    pairings.iter().for_each(|terms| count(terms.supplier));
    burdens.into_values().collect()
}

/// The Gini coefficient in thousandths: 0 when all bear the same, near 1000 when one bears all; 0 without burden.
///
/// `Σ (2i − n − 1) · x_i / (n · Σ x_i)` over the burdens in ascending order, `i` from 1 (Gini 1912, in the
/// form for a sorted sample).
fn gini(mut burdens: Vec<u64>) -> u16 {
    burdens.sort_unstable();
    let n = i128::try_from(burdens.len()).unwrap_or(0);
    let total: i128 = burdens.iter().copied().map(i128::from).sum();
    if total == 0 {
        return 0;
    }
    let skew: i128 = (1..).zip(&burdens).map(|(i, x)| (2 * i - n - 1) * i128::from(*x)).sum();
    u16::try_from(skew * 1_000 / (n * total)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FAIR: Fairness = Fairness { first_half: 0, community: 200, burden: 20 };

    /// What serving `k` of `open` needs adds, by way of nobody's columns.
    fn added(before: u64, open: u64, k: u64) -> i64 {
        let mut units: Vec<i64> = nobody(FAIR, before, open)
            .iter()
            .flat_map(|tier| std::iter::repeat_n(tier.value, usize::try_from(tier.units).unwrap()))
            .collect();
        units.sort_unstable_by_key(|value| std::cmp::Reverse(*value));
        let all: i64 = units.iter().sum();
        let left: i64 = units.iter().take(usize::try_from(open - k).unwrap()).sum();
        i64::try_from(k).unwrap() * first_bonus(FAIR) + left - all
    }

    #[test]
    fn nobodys_columns_add_up_to_the_bonuses() {
        for before in 0..6 {
            for open in 0..7 {
                for k in 0..=open {
                    let expected: i64 = (before..before + k).map(|n| bonus(FAIR, n)).sum();
                    assert_eq!(added(before, open, k), expected, "{before} before, {k} of {open}");
                }
            }
        }
        assert_eq!([0, 1, 2, 3].map(|n| bonus(FAIR, n) / MILLE), [200, 100, 50, 0]);
    }

    #[test]
    fn rest_spares_the_dearest_engagements_first() {
        for engaged in 0..8 {
            for remaining in 0..9 {
                for taken in 0..=remaining {
                    let mut units: Vec<i64> = rest(FAIR, engaged, remaining)
                        .iter()
                        .flat_map(|tier| {
                            std::iter::repeat_n(tier.value, usize::try_from(tier.units).unwrap())
                        })
                        .collect();
                    units.sort_unstable_by_key(|value| std::cmp::Reverse(*value));
                    let all: i64 = units.iter().sum();
                    let spared: i64 = units.iter().take(usize::try_from(remaining - taken).unwrap()).sum();
                    let paid = i128::from(all - spared);
                    assert_eq!(paid, cost(FAIR, engaged, taken), "{engaged} engaged, {taken} of {remaining}");
                }
            }
        }
    }

    #[test]
    fn gini_is_nothing_when_all_bear_the_same_and_most_when_one_bears_all() {
        let cases: [(&[u64], u16); 6] = [
            (&[], 0),
            (&[0, 0], 0),
            (&[4, 4, 4], 0),
            (&[0, 0, 0, 8], 750),
            (&[1, 3], 250),
            (&[2, 0, 1], 444),
        ];
        for (burdens, expected) in cases {
            assert_eq!(gini(burdens.to_vec()), expected, "{burdens:?}");
        }
    }
}
