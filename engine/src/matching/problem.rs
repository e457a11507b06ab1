//! The problem: the market and its candidates as rows, columns and values of a transportation problem.

use super::{
    candidates::{Candidate, Judged},
    certificate::{Verified, verify},
    eligibility::Counting,
    market::{Asker, Market},
    planning::MatchError,
    simplex::{self, Budget, Solution},
    transport::{Edge, Transport},
};
use crate::{
    pairing::{Origin, PairingStatus, PairingTerms, Supplier, Target},
    state::State,
};
use std::collections::{BTreeMap, BTreeSet};

/// What one whole share is worth at weight 1 and fit 1.
pub(super) const SHARE: u64 = 1_000;

/// One row of the instance: a need, or one half of a need that is shared out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    pub asker: usize,
    pub demand: u64,
    /// What a unit of it counts, in quarters.
    pub quarters: u64,
}

/// One edge of a solved problem.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    pub row: usize,
    pub column: usize,
    /// Whose piece the row is; `None` when the row stands for nobody's need.
    pub asker: Option<usize>,
    /// Who gives; `None` when the column stands for nobody.
    pub giver: Option<usize>,
    /// The candidate of the asker; `None` when one of the ends is no asker or no giver.
    pub candidate: Option<usize>,
    /// What a unit is worth.
    pub value: i64,
    /// Units carried.
    pub flow: u64,
}

/// The market as a transportation problem.
#[derive(Debug)]
pub(super) struct Problem {
    pub rows: Vec<Row>,
    demands: Vec<u64>,
    capacities: Vec<u64>,
    pub edges: Vec<Edge>,
    /// Per edge, the candidate of the row's asker.
    candidates: Vec<usize>,
}

impl Problem {
    pub fn new(market: &Market<'_>, askers: &[Asker], judged: &[Judged]) -> Self {
        let standing = standing(market.state);
        let capacities = market.givers.iter().map(|giver| giver.remaining).collect();
        let mut problem = Self {
            rows: Vec::new(),
            demands: Vec::new(),
            capacities,
            edges: Vec::new(),
            candidates: Vec::new(),
        };
        for (index, (asker, judged)) in askers.iter().zip(judged).enumerate() {
            let shared_out = judged.shared_out;
            for row in rows(index, asker, shared_out) {
                let number = u32::try_from(problem.rows.len()).unwrap_or(u32::MAX);
                problem.rows.push(row);
                problem.demands.push(row.demand);
                for (position, candidate) in judged.countable() {
                    let supplier = market.givers.get(candidate.giver).map(|giver| giver.supplier);
                    let stays = supplier.is_some_and(|supplier| standing.contains(&(asker.target, supplier)));
                    problem.edges.push(Edge {
                        row: number,
                        column: u32::try_from(candidate.giver).unwrap_or(u32::MAX),
                        value: value(asker, candidate, row, shared_out, stays),
                    });
                    problem.candidates.push(position);
                }
            }
        }
        problem
    }

    pub fn solve(&self) -> Result<Verified<Solution>, MatchError> {
        let instance = Transport::new(&self.demands, &self.capacities, self.edges.iter().copied())
            .map_err(|malformed| MatchError::Malformed(malformed.to_string()))?;
        let solution = simplex::solve(&instance, Budget::UNLIMITED)
            .map_err(|out_of_budget| MatchError::NotVerified(out_of_budget.to_string()))?;
        verify(&instance, solution).map_err(|violation| MatchError::NotVerified(violation.to_string()))
    }

    /// Every edge with what it joins and carries, as the explanations read it.
    pub fn lines<'s>(&'s self, solved: &'s Solution) -> impl Iterator<Item = Line> + 's {
        self.edges.iter().zip(&self.candidates).zip(&solved.flows).map(|((edge, candidate), &flow)| {
            let (row, column) = (edge.row as usize, edge.column as usize);
            Line {
                row,
                column,
                asker: self.rows.get(row).map(|row| row.asker),
                giver: Some(column),
                candidate: Some(*candidate),
                value: edge.value,
                flow,
            }
        })
    }

    /// What a row asks for.
    pub fn demand(&self, row: usize) -> u64 {
        self.demands.get(row).copied().unwrap_or(0)
    }

    /// How many rows and columns there are.
    pub const fn extent(&self) -> (usize, usize) {
        (self.rows.len(), self.capacities.len())
    }

    /// Leaves a giver without capacity, so that its price tells what a unit of it would add.
    pub fn close(&mut self, giver: usize) {
        if let Some(capacity) = self.capacities.get_mut(giver) {
            *capacity = 0;
        }
    }

    /// The flows as pairings, the halves of a need put together again.
    pub fn pairings(
        &self,
        market: &Market<'_>,
        askers: &[Asker],
        judged: &[Judged],
        solved: &Verified<Solution>,
    ) -> Vec<PairingTerms> {
        let mut merged: BTreeMap<(Target, Supplier), PairingTerms> = BTreeMap::new();
        for ((edge, position), flow) in self.edges.iter().zip(&self.candidates).zip(&solved.flows) {
            let Some(row) = self.rows.get(edge.row as usize).filter(|_| *flow > 0) else { continue };
            let (Some(asker), Some(judged)) = (askers.get(row.asker), judged.get(row.asker)) else {
                continue;
            };
            let Some(candidate) = judged.candidates.get(*position) else { continue };
            let Some(giver) = market.givers.get(candidate.giver) else { continue };
            let (quantity, draws) = match candidate.counting {
                Counting::OneByOne => (*flow, *flow),
                Counting::Whole => (asker.wanting, 1),
            };
            let terms = merged.entry((asker.target, giver.supplier)).or_insert_with(|| PairingTerms {
                target: asker.target,
                supplier: giver.supplier,
                quantity: 0,
                draws: 0,
                fit: Some(candidate.fit.clone()),
            });
            terms.quantity += quantity;
            terms.draws += draws;
        }
        merged.into_values().collect()
    }
}

/// The rows of one asker: one when it is taken up whole, its two halves when it is shared out.
fn rows(asker: usize, need: &Asker, shared_out: bool) -> impl Iterator<Item = Row> {
    let served = need.asked.saturating_sub(need.wanting);
    let first =
        if shared_out { (need.asked.div_ceil(2)).saturating_sub(served).min(need.wanting) } else { 1 };
    let second = if shared_out { need.wanting - first } else { 0 };
    let quarters = if shared_out && need.asked > 1 { [5, 3] } else { [4, 4] };
    [first, second]
        .into_iter()
        .zip(quarters)
        .filter(|(demand, _)| *demand > 0)
        .map(move |(demand, quarters)| Row { asker, demand, quarters })
}

/// What one unit of flow is worth: weight × fit × share, at least 1.
///
/// At most 3200 × 1000 × 1000 × 5/4 × 51/50 = 4.08 × 10⁹, which is less than what an edge may be worth.
fn value(asker: &Asker, candidate: &Candidate, row: Row, shared_out: bool, stays: bool) -> i64 {
    let units = if shared_out { 1 } else { asker.wanting };
    let whole = u128::from(asker.weight) * u128::from(candidate.fit.total) * u128::from(SHARE);
    let share = whole * u128::from(units) * u128::from(row.quarters) / (4 * u128::from(asker.asked.max(1)));
    let kept = if stays { share + share / 50 } else { share };
    i64::try_from(kept.max(1)).unwrap_or(i64::MAX)
}

/// The pairs that earlier plans propose and nobody has claimed.
fn standing(state: &State) -> BTreeSet<(Target, Supplier)> {
    state
        .proposed()
        .filter(|pairing| {
            pairing.status == PairingStatus::Proposed && matches!(pairing.origin, Origin::Plan(_))
        })
        .map(|pairing| (pairing.terms.target, pairing.terms.supplier))
        .collect()
}
