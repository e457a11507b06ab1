//! Remedies: the smallest changes that would serve a need or use a giver, each tried before it is named.
//!
//! **What is tried.** For each giver that is no candidate, the one rule it fails, lifted on either side (see
//! `lifts`); for each candidate whose capacity others took, more capacity; waiting. Of each cause the
//! [`NEAR_MISSES`] smallest. Of a slot that waits for others of its project, the same of those. Only when none of them
//! helps, two rules together. Beside these a unit that might join, of the kinds that fit best.
//!
//! **How small.** A change with a number is taken with the smallest number that reaches what its largest
//! would reach: with one less the plan serves less. Between the two the number is found by halving, so where
//! a larger number could serve less again (waiting makes rivals heavier too), it is the last number of some
//! stretch that does not suffice, plus one. The street's least fit is lowered by what one pair lacks; where one less would
//! do as well, others did it, and it is not named.
//!
//! **Ranking.** By the sum of [`Change::effort`], then by what is served, then in the order of trying.

use super::{Explanations, lifts::Lift};
use crate::{
    identity::PlaceId,
    matching::{
        candidates::Shut,
        fit,
        market::{Asker, Giver, Placed},
        planner::Planner,
        what_if::{Change, what_if},
    },
    organization::UnitKind,
    pairing::{Supplier, Target},
    plan::Cause,
};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// The most plans that count for one need or giver; what was tried side by side beyond them is thrown away.
pub const TRIES_MAX: u32 = 120;

/// How many near misses of each cause are tried, those of least effort.
pub const NEAR_MISSES: usize = 4;

/// How many first rules are lifted when two are needed.
const FIRST_LIFTS: usize = 12;

/// The longest wait that is tried.
const WAIT_DAYS_MAX: u64 = 120;

/// The most engagements that a unit which might join is thought to take on.
const JOINING_MAX: u64 = 3;

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
    /// Goes from one supposition to the next, so that only what a change touches is judged again.
    planner: Planner<'a>,
    goal: Goal,
    before: u64,
    full: u64,
    tries: u32,
}

impl<'a> Explanations<'a> {
    pub(super) fn remedies_for_target(&self, target: Target) -> Vec<Remedy> {
        let Some((number, asker)) = self.asker_at(target) else { return Vec::new() };
        let mut near = self.near(number, asker);
        for (number, asker) in self.stalled().lacking(target).iter().filter_map(|slot| self.asker_at(*slot)) {
            near.extend(self.near(number, asker));
        }
        let wait = |days| Change::Wait { days: u32::try_from(days).unwrap_or(u32::MAX) };
        let mut search = self.search(Goal::Serve(target), asker.wanting);
        let mut lifts = nearest(near);
        lifts.push(Lift::range(1, WAIT_DAYS_MAX, wait));
        let mut found = search.singly(lifts);
        if found.is_empty() {
            found = search.in_pairs(self.first_lifts_for(number));
        }
        found.extend(search.invited(target, self.place_of(target)));
        ranked(found)
    }

    /// What would lift the one rule that keeps each giver from an asker, or that others took its capacity.
    fn near(&self, number: usize, asker: &Asker) -> Vec<(Cause, Lift)> {
        let contested = self.bids(number).into_iter().map(|giver| (Cause::CapacityContested, giver));
        let shut = (0..self.planned.market.givers.len())
            .filter_map(|giver| Some((self.cause(number, giver)?, giver)));
        let mut near: Vec<(Cause, Lift)> = Vec::new();
        for (cause, giver) in contested.chain(shut) {
            let Some(offered) = self.giver(giver) else { continue };
            if cause == Cause::CategoryDiffers && !self.is_close(number, offered) {
                continue;
            }
            near.extend(self.lifts(cause, asker, offered).into_iter().map(|lift| (cause, lift)));
        }
        near
    }

    /// Whether a giver of another category is close enough to name it: of the same top, or the one that the
    /// causes name as nearest, where its words are about the same thing.
    fn is_close(&self, asker: usize, offered: &Giver) -> bool {
        let top = |category: &Option<Placed>| category.as_ref().and_then(|category| category.top.clone());
        let (Some(asked), Some(judged)) = (self.planned.askers.get(asker), self.judged(asker)) else {
            return false;
        };
        let same_top = top(&asked.category).is_some() && top(&asked.category) == top(&offered.category);
        let is_nearest = |shut: &Shut| {
            self.planned.market.nearest(asked, Cause::CategoryDiffers, *shut) == Some(offered.supplier)
        };
        same_top
            || fit::are_about_the_same(asked, offered)
                && judged.shut.get(&Cause::CategoryDiffers).is_some_and(is_nearest)
    }

    /// The givers an asker is a candidate for, those first where it bids the most above the price. A slot whose
    /// project gets nothing bids nowhere; then those that fit best.
    fn bids(&self, asker: usize) -> Vec<usize> {
        let mut bids: BTreeMap<usize, i64> = BTreeMap::new();
        for line in self.lines_of_asker(asker) {
            let Some(giver) = line.giver else { continue };
            let bid = line.value - self.prices().column(line.column);
            bids.entry(giver).and_modify(|best| *best = bid.max(*best)).or_insert(bid);
        }
        if let Some(judged) = self.judged(asker).filter(|_| bids.is_empty()) {
            let fits = judged.candidates.iter();
            bids.extend(fits.map(|candidate| (candidate.giver, i64::from(candidate.fit.total))));
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
            if cause == Cause::CategoryDiffers && !self.is_close(number, offered) {
                continue;
            }
            near.extend(self.lifts(cause, asker, offered).into_iter().map(|lift| (cause, lift)));
        }
        let mut search = self.search(Goal::Use(supplier), offered.remaining);
        ranked(search.singly(nearest(near)))
    }

    fn reached_by(&self, goal: Goal) -> u64 {
        match goal {
            Goal::Serve(target) => self.planned_for(target),
            Goal::Use(supplier) => self.planned_from(supplier),
        }
    }

    fn search(&self, goal: Goal, full: u64) -> Search<'_, 'a> {
        let before = self.reached_by(goal);
        let market = &self.planned.market;
        let mut planner = Planner::open(market.knowledge);
        planner.advance(market.state, market.now);
        Search { explanations: self, planner, goal, before, full, tries: 0 }
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
        self.side_by_side(&lifts, |search, lift| search.smallest(lift, &[]).into_iter().collect())
    }

    /// Two rules together: the first one lifted, then what fails next.
    fn in_pairs(&mut self, firsts: Vec<(Target, Supplier, Change)>) -> Vec<Remedy> {
        let mut firsts = firsts;
        firsts.sort_by_key(|(_, _, change)| change.effort());
        firsts.dedup();
        firsts.truncate(FIRST_LIFTS);
        self.side_by_side(&firsts, |search, (target, supplier, first)| {
            let first = std::slice::from_ref(first);
            let seconds = search.outcome(first, |after| {
                let (number, asker) = after.asker_at(*target)?;
                let giver = after.giver_at(*supplier)?;
                let cause = after.cause(number, giver)?;
                Some(after.lifts(cause, asker, after.giver(giver)?))
            });
            let seconds = seconds.flatten().into_iter().flatten();
            seconds.filter_map(|second| search.both_needed(second, first)).collect()
        })
    }

    /// What trying each of several things finds, in their order. They are tried at the same time, each thread going from
    /// one to the next; what is found and what counts as tried does not depend on how many threads there are.
    fn side_by_side<T: Sync>(
        &mut self,
        them: &[T],
        attempt: impl Fn(&mut Self, &T) -> Vec<Remedy> + Sync,
    ) -> Vec<Remedy> {
        let threads = rayon::current_num_threads().clamp(1, them.len().max(1));
        let (explanations, goal, full) = (self.explanations, self.goal, self.full);
        let tried: Vec<Vec<(usize, u32, Vec<Remedy>)>> = (0..threads)
            .into_par_iter()
            .map(|thread| {
                let mut search = explanations.search(goal, full);
                let dealt = them.iter().enumerate().skip(thread).step_by(threads);
                let each = dealt.map(|(place, it)| {
                    search.tries = 0;
                    let found = attempt(&mut search, it);
                    (place, search.tries, found)
                });
                each.collect()
            })
            .collect();
        let mut tried: Vec<_> = tried.into_iter().flatten().collect();
        tried.sort_by_key(|(place, ..)| *place);
        let mut found = Vec::new();
        for (_, tries, remedies) in tried {
            if self.tries >= TRIES_MAX {
                break;
            }
            self.tries = self.tries.saturating_add(tries).min(TRIES_MAX);
            found.extend(remedies);
        }
        found
    }

    /// Both rules together, or the second alone where the first turns out not to matter.
    fn both_needed(&mut self, second: Lift, first: &[Change]) -> Option<Remedy> {
        let (number, reaches) = self.least(&second, first)?;
        let goal = self.goal;
        if self.outcome(first, |after| after.reached_by(goal))? >= reaches {
            let (changes, in_full) = (first.to_vec(), reaches >= self.full);
            let effort = changes.iter().map(Change::effort).fold(0, u32::saturating_add);
            return Some(Remedy { changes, reaches, in_full, effort });
        }
        if self.reached(&second, number, &[])? < reaches {
            return Some(self.remedy(&second, number, first, reaches));
        }
        self.smallest(&Lift { most: number, ..second }, &[])
    }

    /// A unit that might join with a few engagements, of the kinds that fit best when one of each kind joins.
    fn invited(&mut self, target: Target, place: Option<PlaceId>) -> Vec<Remedy> {
        let invite = move |kind, number: u64| {
            let engagements = u32::try_from(number).unwrap_or(u32::MAX);
            Change::InviteUnit { kind, place, engagements }
        };
        let alone = |kind| Lift::range(1, JOINING_MAX, move |number| invite(kind, number));
        let last = self.explanations.state().last.organization;
        let fits = self.outcome(&UnitKind::ALL.map(|kind| invite(kind, 1)), |after| {
            let candidates = after.asker_at(target).and_then(|(asker, _)| after.judged(asker));
            let new = candidates.into_iter().flat_map(|judged| &judged.candidates).filter_map(|candidate| {
                let unit = after.giver(candidate.giver)?;
                (unit.organization.number() > last).then_some((unit.kind, candidate.fit.total))
            });
            new.collect::<Vec<(UnitKind, u16)>>()
        });
        let mut fits = fits.unwrap_or_default();
        fits.sort_by_key(|(_, fit)| std::cmp::Reverse(*fit));
        let best = fits.into_iter().take(KINDS_NAMED);
        self.singly(best.map(|(kind, _)| alone(kind)).collect())
    }

    /// The lift with the smallest number that reaches what its largest reaches, after other changes.
    fn smallest(&mut self, lift: &Lift, before: &[Change]) -> Option<Remedy> {
        let (number, reaches) = self.least(lift, before)?;
        Some(self.remedy(lift, number, before, reaches))
    }

    fn remedy(&self, lift: &Lift, number: u64, before: &[Change], reaches: u64) -> Remedy {
        let mut changes = before.to_vec();
        changes.push((lift.make)(number));
        let effort = changes.iter().map(Change::effort).fold(0, u32::saturating_add);
        Remedy { changes, reaches, in_full: reaches >= self.full, effort }
    }

    /// That number, and what it reaches; `None` when even the largest reaches no more than now.
    fn least(&mut self, lift: &Lift, before: &[Change]) -> Option<(u64, u64)> {
        let most = self.reached(lift, lift.most, before).filter(|reached| *reached > self.before)?;
        if lift.least == lift.most {
            let less = lift.most.checked_sub(1).filter(|less| lift.may_be_less && *less > 0);
            let is_needed = match less {
                Some(less) => self.reached(lift, less, before)? < most,
                None => true,
            };
            return is_needed.then_some((lift.most, most));
        }
        let least = self.reached(lift, lift.least, before)?;
        if least >= most {
            return Some((lift.least, least));
        }
        let (mut short, mut enough, mut reaches) = (lift.least, lift.most, most);
        while enough - short > 1 {
            let middle = short.midpoint(enough);
            let reached = self.reached(lift, middle, before)?;
            if reached >= most {
                (enough, reaches) = (middle, reached);
            } else {
                short = middle;
            }
        }
        Some((enough, reaches))
    }

    fn reached(&mut self, lift: &Lift, number: u64, before: &[Change]) -> Option<u64> {
        let mut changes = before.to_vec();
        changes.push((lift.make)(number));
        let goal = self.goal;
        self.outcome(&changes, |after| after.reached_by(goal))
    }

    /// Matches the street after these changes and reads something off; `None` when it cannot be.
    fn outcome<R>(&mut self, changes: &[Change], read: impl FnOnce(&Explanations<'_>) -> R) -> Option<R> {
        if self.tries >= TRIES_MAX {
            return None;
        }
        self.tries += 1;
        let market = &self.explanations.planned.market;
        let supposed = what_if(market.state, changes, market.now).ok()?;
        self.planner.advance(&supposed.state, supposed.now);
        let after = self.planner.explain().ok()?;
        Some(read(&after))
    }
}
