//! Planning: the market becomes numbers, the numbers become a verified optimum, the optimum a proposal.
//!
//! **What is maximised.** The sum over all pairings of *need weight × fit × share of the need met*, in
//! units of one ordinary need (weight 1000) met in full at fit 1000 = 1 000 000 000 (a share of 1000 × 10⁶).
//! Whole numbers throughout; what a division leaves over is dropped once, per edge, when the instance is
//! made, so objective and bound are exact for that instance.
//!
//! **Diminishing value.** The first share of a need, the first need of a community and the first engagement
//! of a unit count most: [`super::fairness`] says how. The plan says what that costs.
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
    candidates::{Judged, judge_all},
    certificate::Verified,
    eligibility::Counting,
    fairness::merit,
    market::{Asker, Market},
    problem::{Problem, standing},
    reasons::unmet,
    simplex::Solution,
};
use crate::{
    moment::Moment,
    pairing::{PairingTerms, Supplier, Target},
    plan::{Churn, PlanSummary, Proposal},
    rules::Fairness,
    state::State,
};
use std::collections::BTreeSet;

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
    Planned::solve(Market::open(state, knowledge, now))?.proposal()
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
    pub fn solve(market: Market<'a>) -> Result<Self, MatchError> {
        let askers = market.askers();
        let mut judged: Vec<Judged> = askers.iter().map(|asker| judge_all(&market, asker)).collect();
        let fairness = market.state.rules().fairness;
        let mut problem = Problem::new(&market, &askers, &judged, fairness);
        let mut solved = problem.solve()?;
        if take_up_whole(&problem, &solved, &mut judged) {
            problem = Problem::new(&market, &askers, &judged, fairness);
            solved = problem.solve()?;
        }
        Ok(Self { market, askers, judged, problem, solved })
    }

    /// What is proposed to the street.
    ///
    /// # Errors
    /// [`MatchError`] when the best total without fairness, which its price is told by, fails verification.
    pub fn proposal(&self) -> Result<Proposal, MatchError> {
        let pairings = self.problem.pairings(&self.market, &self.askers, &self.judged, &self.solved);
        let unmet = unmet(&self.market, &self.askers, &self.judged, &pairings);
        let value = self.problem.plain_value(&self.askers, &self.judged, &self.solved);
        let merit = merit(&self.market, &self.askers, &pairings, (self.best_plain()?, value));
        Ok(Proposal {
            position: self.market.state.position(),
            summary: PlanSummary {
                objective: self.problem.above_ground(self.solved.objective()),
                bound: self.problem.above_ground(self.solved.bound()),
                prices_digest: self.solved.price_digest().iter().map(|byte| format!("{byte:02x}")).collect(),
                targets: u32::try_from(self.askers.len()).unwrap_or(u32::MAX),
                unmet,
                merit: Some(merit),
                churn: Some(churn(&standing(self.market.state), &pairings)),
            },
            pairings,
        })
    }

    /// The best total when nothing but weight, fit and share counts.
    fn best_plain(&self) -> Result<u64, MatchError> {
        if self.market.state.rules().fairness == Fairness::NONE {
            return Ok(self.problem.plain_value(&self.askers, &self.judged, &self.solved));
        }
        let plain = Problem::new(&self.market, &self.askers, &self.judged, Fairness::NONE);
        Ok(plain.plain_value(&self.askers, &self.judged, &*plain.solve()?))
    }
}

/// How a plan differs from what earlier ones propose.
fn churn(standing: &BTreeSet<(Target, Supplier)>, pairings: &[PairingTerms]) -> Churn {
    let kept = pairings.iter().filter(|terms| standing.contains(&(terms.target, terms.supplier))).count();
    let count = |it: usize| u32::try_from(it).unwrap_or(u32::MAX);
    Churn { kept: count(kept), added: count(pairings.len() - kept), dropped: count(standing.len() - kept) }
}

/// Lets needs that got nothing of what is shared out be taken up whole, where somebody can; true when any does.
fn take_up_whole(problem: &Problem, solved: &Solution, judged: &mut [Judged]) -> bool {
    let mut served = vec![false; judged.len()];
    for (asker, ..) in problem.used(solved) {
        if let Some(served) = served.get_mut(asker) {
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
