//! Remedies: the smallest changes that would serve a need or use a giver, each tried before it is named.
//!
//! **What is tried.** For each giver that is no candidate, the one rule it fails, lifted on either side (see
//! `lifts`); for each candidate whose capacity others took, more capacity; waiting; a unit of each kind that
//! might join. Of each cause the [`NEAR_MISSES`] smallest. Only when none of them helps, two rules together.
//!
//! **How small.** A change with a number is taken with the smallest number that reaches what its largest
//! would reach: with one less the plan serves less. Between the two the number is found by halving, so where
//! a larger number could serve less again (waiting makes rivals heavier too), it is the last number of some
//! stretch that does not suffice, plus one.
//!
//! **Ranking.** By the sum of [`Change::effort`], then by what is served, then in the order of trying.

use super::{Explanations, lifts::Lift};
use crate::{
    identity::PlaceId,
    matching::{
        market::Market,
        planning::Planned,
        what_if::{Change, what_if},
    },
    organization::UnitKind,
    pairing::{Supplier, Target},
    plan::Cause,
};
use std::collections::BTreeMap;

/// The most plans that are made for one need or giver.
pub const TRIES_MAX: u32 = 240;

/// How many near misses of each cause are tried, those of least effort.
pub const NEAR_MISSES: usize = 4;

/// How many first rules are lifted when two are needed.
const FIRST_LIFTS: usize = 12;

/// The longest wait that is tried.
const WAIT_DAYS_MAX: u64 = 120;

/// How many kinds of units that might join are named.
const KINDS_NAMED: usize = 2;

/// Changes that would serve a need or use a giver. They were tried: the plan then does what is said here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remedy {
    /// What to change, all of it. One change, or two where none alone would do.
    pub changes: Vec<Change>,
    /// How much of what is asked would be planned then, in base units; for a giver, how much of it.
    pub reaches: u64,
    /// Whether that is all that is wanted, or all that the giver has.
    pub in_full: bool,
    /// How much trouble it is; see [`Change::effort`].
    pub effort: u32,
}

/// For what remedies are sought.
#[derive(Clone, Copy)]
pub(super) enum Goal {
    Serve(Target),
    Use(Supplier),
}

/// The search for remedies of one goal.
struct Search<'e, 'a> {
    explanations: &'e Explanations<'a>,
    goal: Goal,
    before: u64,
    full: u64,
    tries: u32,
}

impl Explanations<'_> {
    pub(super) fn remedies_for_target(&self, target: Target) -> Vec<Remedy> {
        let Some((number, asker)) = self.asker_at(target) else { return Vec::new() };
        let contested = self.bids(number).into_iter().map(|giver| (Cause::CapacityContested, giver));
        let shut = (0..self.planned.market.givers.len())
            .filter_map(|giver| Some((self.cause(number, giver)?, giver)));
        let mut near: Vec<(Cause, Lift)> = Vec::new();
        for (cause, giver) in contested.chain(shut) {
            let Some(offered) = self.giver(giver) else { continue };
            near.extend(self.lifts(cause, asker, offered).into_iter().map(|lift| (cause, lift)));
        }
        let wait = |days| Change::Wait { days: u32::try_from(days).unwrap_or(u32::MAX) };
        let mut search = self.search(Goal::Serve(target), asker.wanting);
        let mut found = search.singly(nearest(near));
        found.extend(search.smallest(&Lift::range(1, WAIT_DAYS_MAX, wait), &[]));
        found.extend(search.invited(self.place_of(target)));
        if found.is_empty() {
            found = search.in_pairs(self.first_lifts_for(number));
        }
        ranked(found)
    }

    /// The givers an asker is a candidate for, those first where it bids the most above the price.
    fn bids(&self, asker: usize) -> Vec<usize> {
        let mut bids: BTreeMap<usize, i64> = BTreeMap::new();
        for line in self.lines.iter().filter(|line| line.asker == Some(asker)) {
            let Some(giver) = line.giver else { continue };
            let bid = line.value - self.prices.column(line.column);
            bids.entry(giver).and_modify(|best| *best = bid.max(*best)).or_insert(bid);
        }
        let mut bids: Vec<(usize, i64)> = bids.into_iter().collect();
        bids.sort_by_key(|(giver, bid)| (std::cmp::Reverse(*bid), *giver));
        bids.into_iter().map(|(giver, _)| giver).collect()
    }

    /// The lifts of the first rule each giver fails, with the pair.
    fn first_lifts_for(&self, asker: usize) -> Vec<(Target, Supplier, Change)> {
        let Some(asked) = self.planned.askers.get(asker) else { return Vec::new() };
        let pairs = self.planned.market.givers.iter().enumerate().filter_map(|(giver, offered)| {
            let cause = self.cause(asker, giver).filter(|cause| *cause != Cause::FitTooLow)?;
            Some((offered.supplier, self.lifts(cause, asked, offered)))
        });
        let target = asked.target;
        pairs
            .flat_map(|(supplier, lifts)| lifts.into_iter().map(move |it| (target, supplier, it.smallest())))
            .collect()
    }

    pub(super) fn remedies_for_supplier(&self, supplier: Supplier) -> Vec<Remedy> {
        let Some(giver) = self.giver_at(supplier) else { return Vec::new() };
        let Some(offered) = self.giver(giver) else { return Vec::new() };
        let mut near: Vec<(Cause, Lift)> = Vec::new();
        for (number, asker) in self.planned.askers.iter().enumerate() {
            let Some(cause) = self.cause(number, giver) else { continue };
            near.extend(self.lifts(cause, asker, offered).into_iter().map(|lift| (cause, lift)));
        }
        let mut search = self.search(Goal::Use(supplier), offered.remaining);
        ranked(search.singly(nearest(near)))
    }

    fn search(&self, goal: Goal, full: u64) -> Search<'_, '_> {
        let before = match goal {
            Goal::Serve(target) => self.planned_for(target),
            Goal::Use(supplier) => self.planned_from(supplier),
        };
        Search { explanations: self, goal, before, full, tries: 0 }
    }
}

/// Of each cause the few lifts of least effort, none twice.
fn nearest(mut near: Vec<(Cause, Lift)>) -> Vec<Lift> {
    near.sort_by_key(|(_, lift)| lift.smallest().effort());
    let mut seen: Vec<Change> = Vec::new();
    let mut of_cause: BTreeMap<(Cause, bool), usize> = BTreeMap::new();
    near.retain(|(cause, lift)| {
        let change = lift.smallest();
        // Widening what is offered and what is asked are counted apart, or one would crowd out the other.
        let asking = matches!(change, Change::WidenAsked { .. } | Change::Link(_));
        let count = of_cause.entry((*cause, asking)).or_default();
        if *count >= NEAR_MISSES || seen.contains(&change) {
            return false;
        }
        seen.push(change);
        *count += 1;
        true
    });
    near.into_iter().map(|(_, lift)| lift).collect()
}

fn ranked(mut remedies: Vec<Remedy>) -> Vec<Remedy> {
    remedies.sort_by_key(|remedy| (remedy.effort, std::cmp::Reverse(remedy.reaches)));
    remedies
}

impl Search<'_, '_> {
    fn singly(&mut self, lifts: Vec<Lift>) -> Vec<Remedy> {
        lifts.iter().filter_map(|lift| self.smallest(lift, &[])).collect()
    }

    /// Two rules together: the first one lifted, then what fails next.
    fn in_pairs(&mut self, firsts: Vec<(Target, Supplier, Change)>) -> Vec<Remedy> {
        let mut firsts = firsts;
        firsts.sort_by_key(|(_, _, change)| change.effort());
        firsts.dedup();
        firsts.truncate(FIRST_LIFTS);
        let mut found = Vec::new();
        for (target, supplier, first) in firsts {
            let first = [first];
            let seconds = self.outcome(&first, |after| {
                let (number, asker) = after.asker_at(target)?;
                let giver = after.giver_at(supplier)?;
                let cause = after.cause(number, giver)?;
                Some(after.lifts(cause, asker, after.giver(giver)?))
            });
            for second in seconds.flatten().into_iter().flatten() {
                found.extend(self.smallest(&second, &first));
            }
        }
        found
    }

    /// A unit of each kind that might join with one engagement; the kinds that fit best.
    fn invited(&mut self, place: Option<PlaceId>) -> Vec<Remedy> {
        let goal = self.goal;
        let mut joined: Vec<(u16, Remedy)> = Vec::new();
        for kind in UnitKind::ALL {
            let change = Change::InviteUnit { kind, place, engagements: 1 };
            let Some(remedy) = self.smallest(&Lift::fixed(change), &[]) else { continue };
            let best = self.outcome(&remedy.changes, |after| after.best_fit(goal)).unwrap_or(0);
            joined.push((best, remedy));
        }
        joined.sort_by_key(|(fit, _)| std::cmp::Reverse(*fit));
        joined.into_iter().take(KINDS_NAMED).map(|(_, remedy)| remedy).collect()
    }

    /// The lift with the smallest number that reaches what its largest reaches, after other changes.
    fn smallest(&mut self, lift: &Lift, before: &[Change]) -> Option<Remedy> {
        let reach = self.reached(lift, lift.most, before).filter(|reached| *reached > self.before)?;
        let (mut short, mut enough) = (lift.least - 1, lift.most);
        if lift.most > lift.least && self.reached(lift, lift.least, before)? >= reach {
            enough = lift.least;
        } else if lift.most > lift.least {
            short = lift.least;
        }
        while enough - short > 1 && enough > lift.least {
            let middle = short.midpoint(enough);
            if self.reached(lift, middle, before)? >= reach { enough = middle } else { short = middle }
        }
        let reaches = self.reached(lift, enough, before)?;
        let mut changes = before.to_vec();
        changes.push((lift.make)(enough));
        let effort = changes.iter().map(Change::effort).fold(0, u32::saturating_add);
        Some(Remedy { changes, reaches, in_full: reaches >= self.full, effort })
    }

    fn reached(&mut self, lift: &Lift, number: u64, before: &[Change]) -> Option<u64> {
        let mut changes = before.to_vec();
        changes.push((lift.make)(number));
        let goal = self.goal;
        self.outcome(&changes, |after| match goal {
            Goal::Serve(target) => after.planned_for(target),
            Goal::Use(supplier) => after.planned_from(supplier),
        })
    }

    /// Matches the street after these changes and reads something off; `None` when it cannot be.
    fn outcome<R>(&mut self, changes: &[Change], read: impl FnOnce(&Explanations<'_>) -> R) -> Option<R> {
        if self.tries >= TRIES_MAX {
            return None;
        }
        self.tries += 1;
        let market = &self.explanations.planned.market;
        let supposed = what_if(market.state, changes, market.now).ok()?;
        let market = Market::open(&supposed.state, market.knowledge, supposed.now);
        let after = Explanations::from_planned(Planned::solve(market).ok()?);
        Some(read(&after))
    }
}

impl Explanations<'_> {
    /// The best fit by which the plan serves the goal.
    fn best_fit(&self, goal: Goal) -> u16 {
        let used = self.lines.iter().filter(|line| line.flow > 0);
        let of_goal = used.filter(|line| match (goal, self.ends(line)) {
            (Goal::Serve(wanted), Some((target, _))) => wanted == target,
            (Goal::Use(wanted), Some((_, supplier))) => wanted == supplier,
            (_, None) => false,
        });
        of_goal.filter_map(|line| self.candidate(line)).map(|it| it.fit.total).max().unwrap_or(0)
    }
}
