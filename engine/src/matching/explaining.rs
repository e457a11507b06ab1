//! Explanations: each yes and each no of a plan, with numbers that hold.
//!
//! [`Explanations`] is a solved market with its marginal prices; everything below is read off it.
//!
//! * [`Explanations::pairing`]: the factors, the runner-up on both sides, and the margin;
//! * [`Explanations::unmet`]: the causes, who took the contested capacity and by how much, and the smallest
//!   changes that would serve the need;
//! * [`Explanations::idle`]: why something stays unused, what it lost to, what would use it;
//! * [`Explanations::scarcity`]: what one more unit would add, by resource, by category and place;
//! * [`Explanations::difference`], [`Explanations::churn`]: what is new, dropped, changed, and why.
//!
//! **Worth.** What a pairing adds by itself, and beside it its share of what the community's bonus adds and the
//! unit's burden costs: together the plan's objective. `explaining/given.rs` says how.
//!
//! **Prices.** `explaining/prices.rs` reads two figures off the optimum: for each column what one more unit
//! of its capacity would add (the least price it has in any certificate), for each row what serving one unit
//! of it from elsewhere would free (the greatest). Explanations quote these. Slots that are held for the sake
//! of their project ([`PairingExplained::held`](pairing::PairingExplained::held)) have no price: no flow
//! decides about them.
//!
//! **Truth.** A [`Remedy`](remedies::Remedy) is never a guess: each was applied by
//! [`what_if`](super::what_if::what_if) and the street matched again, and what it claims is what that plan
//! did. So it stays true whatever the rules of planning are; it costs a plan for each try, which is why
//! remedies are made for one need or giver on demand, with at most [`remedies::TRIES_MAX`] tries.

mod given;
mod prices;

pub mod pairing;

pub mod remedies;

mod lifts;

pub mod idle;
pub mod unmet;

pub mod scarcity;

pub mod difference;

use super::{
    Knowledge,
    candidates::{Candidate, Judged},
    eligibility::Counting,
    market::{Asker, Giver, Market},
    planner::Afresh,
    planning::{MatchError, Planned},
    problem::Line,
    reasons::Stalled,
};
use crate::{
    identity::PlaceId,
    moment::Moment,
    pairing::{Supplier, Target},
    plan::{Cause, Proposal},
    state::State,
};
use given::{Given, Shares};
use prices::{Ledger, Prices};
use std::{collections::BTreeMap, sync::OnceLock};

/// What one ordinary need, met in full at the best fit, is worth.
pub const ORDINARY: i128 = 1_000_000_000;

/// A worth in the units of the plan's objective.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Worth(pub i128);

impl Worth {
    /// The same in thousandths of an ordinary need met in full at the best fit, rounded towards zero.
    pub const fn per_mille(self) -> i128 {
        self.0 * 1_000 / ORDINARY
    }
}

/// A plan with everything that explains it.
#[derive(Debug)]
pub struct Explanations<'a> {
    pub(super) planned: Planned<'a>,
    pub(super) lines: Vec<Line>,
    held: Vec<Given>,
    ledger: OnceLock<Ledger>,
    shares: OnceLock<Shares>,
    sums: OnceLock<Sums>,
    stalled: OnceLock<Stalled>,
}

/// What is planned in all, by position: each is asked for once a candidate, and the lines are many.
#[derive(Debug, Default)]
struct Sums {
    /// How much of what each asker asks.
    askers: BTreeMap<usize, u64>,
    /// How much of each giver.
    givers: BTreeMap<usize, u64>,
}

impl<'a> Explanations<'a> {
    /// Plans everything that is open now, and keeps what explains it.
    ///
    /// # Errors
    /// [`MatchError`] as of [`propose`](super::propose).
    pub fn of(state: &'a State, knowledge: Knowledge<'a>, now: Moment) -> Result<Self, MatchError> {
        Ok(Self::from_planned(Planned::solve(Market::open(state, knowledge, now), &mut Afresh)?))
    }

    pub(super) fn from_planned(planned: Planned<'a>) -> Self {
        let lines: Vec<Line> = planned.problem.lines(&planned.solved).collect();
        let giver_of = |asker: usize, candidate: usize| {
            Some(planned.judged.get(asker)?.candidates.get(candidate)?.giver)
        };
        let held = planned.problem.held().filter_map(|((asker, candidate, flow), worth)| {
            let giver = giver_of(asker, candidate)?;
            Some(Given { asker, giver, candidate, flow, worth, first_in: None })
        });
        let held = held.collect();
        Self {
            planned,
            lines,
            held,
            ledger: OnceLock::new(),
            shares: OnceLock::new(),
            sums: OnceLock::new(),
            stalled: OnceLock::new(),
        }
    }

    /// The plan itself.
    pub fn proposal(&self) -> Proposal {
        self.planned.proposal()
    }

    /// Whether both plans share out one by one the same needs and take up whole the same: then the figures of
    /// one tell what happens in the other.
    pub fn counts_like(&self, other: &Explanations<'_>) -> bool {
        let counted = |of: &Explanations<'_>| -> Vec<(Target, Option<Counting>)> {
            let ways = of.planned.decisions.ways.iter().copied();
            of.planned.askers.iter().map(|asker| asker.target).zip(ways).collect()
        };
        counted(self) == counted(other)
    }

    pub(super) const fn state(&self) -> &'a State {
        self.planned.market.state
    }

    pub(super) fn asker_at(&self, target: Target) -> Option<(usize, &Asker)> {
        self.planned.askers.iter().enumerate().find(|(_, asker)| asker.target == target)
    }

    pub(super) fn giver_at(&self, supplier: Supplier) -> Option<usize> {
        self.planned.market.givers.iter().position(|giver| giver.supplier == supplier)
    }

    pub(super) fn giver(&self, giver: usize) -> Option<&Giver> {
        let giver = self.planned.market.givers.get(giver)?;
        Some(giver)
    }

    pub(super) fn judged(&self, asker: usize) -> Option<&Judged> {
        self.planned.judged.get(asker)
    }

    pub(super) fn candidate(&self, line: &Line) -> Option<&Candidate> {
        self.judged(line.asker?)?.candidates.get(line.candidate?)
    }

    /// How much of what a target asks is planned.
    pub(super) fn planned_for(&self, target: Target) -> u64 {
        let asker = self.asker_at(target).map(|(asker, _)| asker);
        asker.and_then(|asker| self.sums().askers.get(&asker).copied()).unwrap_or(0)
    }

    /// How much of a giver is planned.
    pub(super) fn planned_from(&self, supplier: Supplier) -> u64 {
        self.giver_at(supplier).map_or(0, |giver| self.planned_of(giver))
    }

    /// The same of a giver at this position.
    fn planned_of(&self, giver: usize) -> u64 {
        self.sums().givers.get(&giver).copied().unwrap_or(0)
    }

    fn sums(&self) -> &Sums {
        self.sums.get_or_init(|| {
            let mut sums = Sums::default();
            for given in self.given() {
                *sums.askers.entry(given.asker).or_default() += self.quantity(&given);
                *sums.givers.entry(given.giver).or_default() += given.flow;
            }
            sums
        })
    }

    /// What keeps a pair from being a candidate; `None` when it is one, or stands back for what its owner posted.
    pub(super) fn cause(&self, asker: usize, giver: usize) -> Option<Cause> {
        let judged = self.judged(asker)?;
        if judged.candidates.iter().any(|candidate| candidate.giver == giver) {
            return None;
        }
        let market = &self.planned.market;
        market.cause(self.planned.askers.get(asker)?, market.givers.get(giver)?)
    }

    /// Where a need or slot is.
    pub(super) fn place_of(&self, target: Target) -> Option<PlaceId> {
        let state = self.state();
        match target {
            Target::Need(need) => state.place_of(&state.need(need)?.draft.entry),
            Target::Slot(project, _) => state.place_of(&state.project(project)?.draft.entry),
        }
    }

    /// The projects that get nothing because they cannot have all they need.
    fn stalled(&self) -> &Stalled {
        self.stalled.get_or_init(|| {
            let Planned { market, askers, judged, .. } = &self.planned;
            let ends = |given: Given| {
                Some((askers.get(given.asker)?.target, self.giver(given.giver)?.supplier, given.flow))
            };
            Stalled::of(market, askers, judged, self.given().filter_map(ends))
        })
    }

    /// What the prices ask for both ends of a line.
    pub(super) fn asked_by_prices(&self, line: &Line) -> i64 {
        self.prices().row(line.row) + self.prices().column(line.column)
    }

    fn ledger(&self) -> &Ledger {
        self.ledger.get_or_init(|| Ledger::new(&self.planned.problem, &self.lines, self.planned.askers.len()))
    }

    fn prices(&self) -> &Prices {
        &self.ledger().prices
    }

    /// The lines of one asker, of one row, of one column.
    pub(super) fn lines_of_asker(&self, asker: usize) -> impl Iterator<Item = &Line> {
        self.ledger().of_asker(asker).iter().filter_map(|number| self.lines.get(*number))
    }

    fn lines_of_row(&self, row: usize) -> impl Iterator<Item = &Line> {
        self.ledger().of_row(row).iter().filter_map(|number| self.lines.get(*number))
    }

    fn lines_of_column(&self, column: usize) -> impl Iterator<Item = &Line> {
        self.ledger().of_column(column).iter().filter_map(|number| self.lines.get(*number))
    }
}
