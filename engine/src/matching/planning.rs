//! Planning: the market becomes numbers, the numbers become a verified optimum, the optimum a proposal.
//!
//! **What is maximised.** The sum over all pairings of *need weight × fit × share of the need met*, in
//! units of one ordinary need (weight 1000) met in full at fit 1000 = 1 000 000 000 (a share of 1000 × 10⁶).
//! Whole numbers throughout; what a division leaves over is dropped once, per edge, when the instance is
//! made, so objective and bound are exact for that instance.
//!
//! **Diminishing value.** Where a need is shared out one by one, its first half counts 5/4 and its
//! second half 3/4: two needs half met are worth more than one met and one left.
//!
//! **How a need is counted.** A need with a posted resource that counts the same thing (30 parking
//! places asked, 60 offered) is shared out among such resources. Any other need is taken up whole, by one
//! giver: one lot of a resource or one engagement of a unit's open capacity; so is a need that would get
//! nothing of what is shared out. That keeps the problem a transportation problem, for which the optimum
//! is exact and the prices prove it.
//!
//! **Proposals stay.** A pairing that the street already proposes counts 1/50 more, so that running the
//! matching again changes only what is worth changing.

use super::{
    Knowledge,
    candidates::Judged,
    certificate::Verified,
    eligibility::Counting,
    market::{Asker, Market},
    problem::Problem,
    reasons::unmet,
    simplex::Solution,
};
use crate::{
    moment::Moment,
    plan::{PlanSummary, Proposal},
    state::State,
};

/// Why no plan could be made. A bug in the matching, never the fault of the street's data.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MatchError {
    /// The instance was not accepted: a bound that the domain's own limits should imply does not hold.
    #[error("the matching made no valid problem: {0}")]
    Malformed(String),
    /// The solver's answer did not pass the verifier.
    #[error("the plan failed its verification: {0}")]
    NotVerified(String),
}

/// The best plan for everything that is open now.
///
/// The same state, knowledge and time give the same plan: askers and givers stand in the order of their
/// identities, and the solver breaks ties by that order.
///
/// # Errors
/// [`MatchError`] when the answer of the solver does not pass the verifier.
pub fn propose(state: &State, knowledge: Knowledge<'_>, now: Moment) -> Result<Proposal, MatchError> {
    Ok(Planned::solve(Market::open(state, knowledge, now))?.proposal())
}

/// A market with its solved problem: what the proposal and every explanation are read off.
#[derive(Debug)]
pub(super) struct Planned<'a> {
    pub market: Market<'a>,
    pub askers: Vec<Asker>,
    /// Per asker, whom it was judged with.
    pub judged: Vec<Judged>,
    pub problem: Problem,
    pub solved: Verified<Solution>,
}

impl<'a> Planned<'a> {
    /// Judges every open asker, makes the problem, solves it and verifies the answer.
    pub fn solve(mut market: Market<'a>) -> Result<Self, MatchError> {
        let (askers, mut judged) = market.judged_askers();
        let mut problem = Problem::new(&market, &askers, &judged);
        let mut solved = problem.solve()?;
        if take_up_whole(&problem, &solved, &mut judged) {
            problem = Problem::new(&market, &askers, &judged);
            solved = problem.solve()?;
        }
        Ok(Self { market, askers, judged, problem, solved })
    }

    /// What is proposed to the street.
    pub fn proposal(&self) -> Proposal {
        let pairings = self.problem.pairings(&self.market, &self.askers, &self.judged, &self.solved);
        let unmet = unmet(&self.market, &self.askers, &self.judged, &pairings);
        let to_u64 = |total: i128| u64::try_from(total).unwrap_or(u64::MAX);
        Proposal {
            position: self.market.state.position(),
            summary: PlanSummary {
                objective: to_u64(self.solved.objective()),
                bound: to_u64(self.solved.bound()),
                prices_digest: self.solved.price_digest().iter().map(|byte| format!("{byte:02x}")).collect(),
                targets: u32::try_from(self.askers.len()).unwrap_or(u32::MAX),
                unmet,
            },
            pairings,
        }
    }
}

/// Lets needs that got nothing of what is shared out be taken up whole, where somebody can; true when any does.
fn take_up_whole(problem: &Problem, solved: &Solution, judged: &mut [Judged]) -> bool {
    let mut served = vec![false; judged.len()];
    for (edge, flow) in problem.edges.iter().zip(&solved.flows) {
        let row = problem.rows.get(edge.row as usize).filter(|_| *flow > 0);
        if let Some(served) = row.and_then(|row| served.get_mut(row.asker)) {
            *served = true;
        }
    }
    let mut any = false;
    for (judged, served) in judged.iter_mut().zip(served) {
        let whole = judged.candidates.iter().any(|candidate| candidate.counting == Counting::Whole);
        if judged.shared_out && !served && whole {
            judged.shared_out = false;
            any = true;
        }
    }
    any
}
