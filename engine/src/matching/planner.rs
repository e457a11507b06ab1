//! The planner: a pool and a solved plan that follow the street together.
//!
//! A plan from nothing analyses, judges and solves everything. The planner keeps all three: the [`Pool`] judges again
//! only what a change can matter to, and the solutions stand ([`Standing`]) and are repaired where rows,
//! columns or values differ from those before. Because the solver's optimum is canonical, flows and prices
//! alike, the plan of a planner *is* the plan from nothing: whatever happened in between, not only one that
//! is worth as much.
//!
//! What is compared is the problem, not the events: nothing that changes a row can be overlooked.

use super::{
    Knowledge,
    certificate::{Verified, verify},
    explaining::Explanations,
    planning::{MatchError, Planned},
    pool::{Pool, Touched},
    problem::{Keyed, Problem},
    simplex::{
        Budget, Solution,
        standing::{Refused, Standing},
    },
};
use crate::{moment::Moment, plan::Proposal, state::State};
use std::collections::BTreeMap;

/// Solved problems are few: with and without projects and needs left out, and without fairness.
const STAGES: usize = 6;

/// A pool and its plan, kept ready.
pub struct Planner<'k> {
    pool: Pool<'k>,
    kept: Kept,
}

impl<'k> Planner<'k> {
    /// A planner that has seen nothing yet.
    pub fn open(knowledge: Knowledge<'k>) -> Self {
        Self { pool: Pool::open(knowledge), kept: Kept::default() }
    }

    /// Follows the street to a state and a time. What changed for the matching.
    pub fn advance(&mut self, state: &State, now: Moment) -> Touched {
        self.pool.advance(state, now)
    }

    /// The best plan for the state it has followed to: exactly [`propose`](super::propose) of that state.
    ///
    /// # Errors
    /// [`MatchError`] when an answer does not pass the verifier.
    pub fn propose(&mut self) -> Result<Proposal, MatchError> {
        Ok(self.planned()?.proposal())
    }

    /// The same plan with everything that explains it.
    ///
    /// # Errors
    /// As [`Planner::propose`].
    pub fn explain(&mut self) -> Result<Explanations<'_>, MatchError> {
        Ok(Explanations::from_planned(self.planned()?))
    }

    /// The same on a state of the caller's own, which is followed to first: what explains it outlives the use of the
    /// planner.
    ///
    /// # Errors
    /// As [`Planner::propose`].
    pub fn explain_at<'a>(&mut self, state: &'a State, now: Moment) -> Result<Explanations<'a>, MatchError>
    where
        'k: 'a,
    {
        self.advance(state, now);
        self.kept.begin();
        let planned = Planned::solve(self.pool.market_on(state), &mut self.kept)?;
        Ok(Explanations::from_planned(planned))
    }

    fn planned(&mut self) -> Result<Planned<'_>, MatchError> {
        self.kept.begin();
        Planned::solve(self.pool.market(), &mut self.kept)
    }

    /// The pool, for suggestions.
    pub const fn pool(&self) -> &Pool<'k> {
        &self.pool
    }
}

/// Whoever solves the problems of a plan, in the order in which they are asked.
pub(super) trait Solver {
    /// The optimum of a problem, verified.
    fn solve(&mut self, problem: &Problem) -> Result<Verified<Solution>, MatchError>;
}

/// Solves each problem from nothing.
pub(super) struct Afresh;

impl Solver for Afresh {
    fn solve(&mut self, problem: &Problem) -> Result<Verified<Solution>, MatchError> {
        problem.solve()
    }
}

/// The solved problems of the last plan, in the order in which they were asked.
#[derive(Default)]
pub(super) struct Kept {
    stages: Vec<Stage>,
    next: usize,
}

impl Kept {
    fn begin(&mut self) {
        self.next = 0;
    }
}

impl Solver for Kept {
    fn solve(&mut self, problem: &Problem) -> Result<Verified<Solution>, MatchError> {
        let number = self.next;
        self.next += 1;
        let kept = self.stages.get_mut(number).map(|stage| stage.follow(problem));
        let stage = match kept {
            Some(Ok(())) => self.stages.get(number),
            Some(Err(_)) | None => {
                let stage = Stage::of(problem)?;
                if number < STAGES {
                    self.stages.truncate(number);
                    self.stages.push(stage);
                    self.stages.last()
                } else {
                    return problem.solve();
                }
            }
        };
        let Some(stage) = stage else { return problem.solve() };
        let instance = problem.instance()?;
        verify(&instance, stage.solution(problem))
            .map_err(|violation| MatchError::NotVerified(violation.to_string()))
    }
}

/// One solved problem, by keys.
struct Stage {
    standing: Standing,
    rows: BTreeMap<u64, Keyed>,
    columns: BTreeMap<u64, u64>,
}

/// Why a stage could not follow; the problem is then solved from nothing.
struct Lost;

impl From<Refused> for Lost {
    fn from(_: Refused) -> Self {
        Self
    }
}

impl Stage {
    fn of(problem: &Problem) -> Result<Self, MatchError> {
        let standing = Standing::new(&problem.instance()?, Budget::UNLIMITED)
            .map_err(|out_of_budget| MatchError::NotVerified(out_of_budget.to_string()))?;
        let rows = problem.keyed_rows().collect();
        Ok(Self { standing, rows, columns: problem.keyed_columns().collect() })
    }

    /// Makes the kept problem this one, and repairs its optimum.
    fn follow(&mut self, problem: &Problem) -> Result<(), Lost> {
        let rows: BTreeMap<u64, Keyed> = problem.keyed_rows().collect();
        let columns: BTreeMap<u64, u64> = problem.keyed_columns().collect();
        for (key, capacity) in &columns {
            match self.columns.get(key) {
                Some(before) if before == capacity => {}
                Some(_) => self.standing.set_capacity(*key, *capacity)?,
                None => self.standing.add_column(*key, *capacity, &[])?,
            }
        }
        for key in self.rows.keys().filter(|key| !rows.contains_key(key)) {
            self.standing.remove_row(*key)?;
        }
        for (key, row) in &rows {
            match self.rows.get(key) {
                Some(before) => {
                    if before.offers != row.offers {
                        self.standing.set_offers(*key, &row.offers)?;
                    }
                    if before.demand != row.demand {
                        self.standing.set_demand(*key, row.demand)?;
                    }
                }
                None => self.standing.add_row(*key, row.demand, &row.offers)?,
            }
        }
        for key in self.columns.keys().filter(|key| !columns.contains_key(key)) {
            self.standing.remove_column(*key)?;
        }
        self.standing.repair(Budget::UNLIMITED).map_err(|_| Lost)?;
        (self.rows, self.columns) = (rows, columns);
        Ok(())
    }

    /// Flows and prices in the numbering of the problem.
    fn solution(&self, problem: &Problem) -> Solution {
        let received: BTreeMap<u64, Vec<(u64, u64)>> =
            self.rows.keys().map(|row| (*row, self.standing.received(*row).collect())).collect();
        let flow = |(row, column): (u64, u64)| {
            let from = received.get(&row).map_or(&[][..], Vec::as_slice);
            from.iter().find(|(from, _)| *from == column).map_or(0, |(_, flow)| *flow)
        };
        Solution {
            flows: problem.keyed_edges().map(flow).collect(),
            row_prices: problem.row_keys().map(|key| self.standing.row_price(key).unwrap_or(0)).collect(),
            column_prices: problem
                .column_keys()
                .map(|key| self.standing.column_price(key).unwrap_or(0))
                .collect(),
            objective: self.standing.objective(),
            pivots: 0,
        }
    }
}
