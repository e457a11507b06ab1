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
//! **How a need is counted.** A need is shared out one by one among resources that count the same thing (30
//! parking places asked, 60 offered), or taken up whole by one giver: one lot of a resource or one engagement of
//! a unit's open capacity. Where both could be, the plan takes whichever is worth more to all; so it is with a slot.
//!
//! **Projects.** A project gets as many of its slots in full as it requires, or nothing.
//!
//! **What is proven.** Which projects go ahead and how each need is counted are questions beyond a flow: a search
//! answers them ([`super::search`]) and bounds what any other answers could be worth; its proof is checked. What is
//! left is a transportation problem, for which the optimum is exact and the prices prove it. The gap between the
//! plan's bound and objective is 0 unless the search ran out of its steps.
//!
//! **Proposals stay.** A pairing that the street already proposes counts 1/50 more, so that running the
//! matching again changes only what is worth changing.

use super::{
    Knowledge,
    candidates::Judged,
    certificate::Verified,
    fairness::merit,
    market::{Asker, Market},
    planner::{Afresh, Solver},
    problem::{Decisions, Problem, missing, standing},
    reasons::unmet,
    search::{self, Mixed, check, search},
    simplex::Solution,
};
use crate::{
    moment::Moment,
    pairing::{PairingTerms, Supplier, Target},
    plan::{Churn, PlanSummary, Proposal},
    rules::Fairness,
    state::State,
};
use std::collections::{BTreeMap, BTreeSet};

/// How much the search above the flow may do beyond the root of each part: so many steps, and no more looks at an edge
/// than this where there are many edges. What it cannot prove by then is said with the plan.
const STEPS_MAX: u64 = 40_000;
const LOOKS_AT_EDGES_MAX: u64 = 400_000_000;

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
    Ok(Planned::solve(Market::open(state, knowledge, now), &mut Afresh)?.proposal())
}

/// A market with its solved problem: what the proposal and every explanation are read off.
#[derive(Debug)]
pub(super) struct Planned<'a> {
    pub market: Market<'a>,
    pub askers: Vec<Asker>,
    /// Per asker, whom it was judged with.
    pub judged: Vec<Judged>,
    /// What no flow could decide.
    pub decisions: Decisions,
    pub problem: Problem,
    pub solved: Verified<Solution>,
    /// What no plan can exceed, counted as the objective is.
    bound: u64,
    /// The best total when nothing but weight, fit and share counts, what is no flow being decided as it is.
    plain: u64,
}

impl<'a> Planned<'a> {
    /// Judges every open asker, makes the problem, solves it and verifies the answer.
    pub fn solve(market: Market<'a>, solver: &mut impl Solver) -> Result<Self, MatchError> {
        Self::unpriced(market, solver)?.priced(solver)
    }

    /// The same, not knowing yet what it would be worth without fairness.
    fn unpriced(mut market: Market<'a>, solver: &mut impl Solver) -> Result<Self, MatchError> {
        let (askers, judged) = market.judged_askers();
        let fairness = market.state.rules().fairness;
        let (open, rules) = Problem::open(&market, &askers, &judged, fairness);
        if rules.is_empty() {
            let solved = solver.solve(&open)?;
            let bound = open.above_ground(solved.bound());
            let decisions = open.decide(&askers, &BTreeMap::new(), &solved.flows, false);
            return Ok(Self { market, askers, judged, decisions, problem: open, solved, bound, plain: 0 });
        }
        let mixed = Mixed::new(open.instance()?, rules)
            .map_err(|unruly| MatchError::Malformed(unruly.to_string()))?;
        let edges = mixed.base().edge_count().max(1) as u64;
        let budget = search::Budget { steps: STEPS_MAX.min(LOOKS_AT_EDGES_MAX / edges) };
        let found = check(&mixed, search(&mixed, budget))
            .map_err(|flaw| MatchError::NotVerified(flaw.to_string()))?;
        let bound = open.above_ground(found.bound());
        let missing = missing(market.state, &askers);
        let mut attempt = |held: bool| {
            let decisions = open.decide(&askers, &missing, &found.flows, held);
            let problem = Problem::decided(&market, &askers, &judged, fairness, &decisions);
            let solved = solver.solve(&problem)?;
            Ok((decisions, problem, solved))
        };
        let (mut decisions, mut problem, mut solved) = attempt(false)?;
        if !problem.serves_projects(&askers, &missing, &solved.flows) {
            // A project goes ahead although one of its slots alone would rather not: it is held to its flow.
            (decisions, problem, solved) = attempt(true)?;
        }
        Ok(Self { market, askers, judged, decisions, problem, solved, bound, plain: 0 })
    }

    /// The same, knowing what it would be worth without fairness.
    fn priced(self, solver: &mut impl Solver) -> Result<Self, MatchError> {
        let (market, askers, judged) = (&self.market, &self.askers, &self.judged);
        let plain = if market.state.rules().fairness == Fairness::NONE {
            self.problem.plain_value(askers, judged, &self.solved.flows)
        } else {
            let plain = Problem::decided(market, askers, judged, Fairness::NONE, &self.decisions);
            plain.plain_value(askers, judged, &solver.solve(&plain)?.flows)
        };
        Ok(Self { plain, ..self })
    }

    /// What is proposed to the street.
    pub fn proposal(&self) -> Proposal {
        let pairings = self.problem.pairings(&self.market, &self.askers, &self.judged, &self.solved.flows);
        let unmet = unmet(&self.market, &self.askers, &self.judged, &pairings);
        let value = self.problem.plain_value(&self.askers, &self.judged, &self.solved.flows);
        let merit = merit(&self.market, &self.askers, &pairings, (self.plain, value));
        Proposal {
            position: self.market.state.position(),
            summary: PlanSummary {
                objective: self.problem.above_ground(self.solved.objective()),
                bound: self.bound,
                prices_digest: self.solved.price_digest().iter().map(|byte| format!("{byte:02x}")).collect(),
                targets: u32::try_from(self.askers.len()).unwrap_or(u32::MAX),
                unmet,
                merit: Some(merit),
                churn: Some(churn(&standing(self.market.state), &pairings)),
            },
            pairings,
        }
    }
}

/// How a plan differs from what earlier ones propose.
fn churn(standing: &BTreeSet<(Target, Supplier)>, pairings: &[PairingTerms]) -> Churn {
    let kept = pairings.iter().filter(|terms| standing.contains(&(terms.target, terms.supplier))).count();
    let count = |it: usize| u32::try_from(it).unwrap_or(u32::MAX);
    Churn { kept: count(kept), added: count(pairings.len() - kept), dropped: count(standing.len() - kept) }
}
