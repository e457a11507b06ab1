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
//! parking places asked, 60 offered). Any other need is taken up whole by one giver: one lot of a resource or
//! one engagement of a unit's open capacity; so is a need that would get nothing of what is shared out.
//!
//! **Projects.** A project gets as many of its slots in full as it requires, or nothing.
//!
//! **What is proven.** Which projects go ahead is a question beyond a flow: a search answers it
//! ([`super::search`]) and bounds what any other answer could be worth; its proof is checked. What is left is
//! a transportation problem, for which the optimum is exact and the prices prove it. The gap between the
//! plan's bound and objective is 0 unless the search ran out of its steps.
//!
//! **Proposals stay.** A pairing that the street already proposes counts 1/50 more, so that running the
//! matching again changes only what is worth changing.

use super::{
    Knowledge,
    candidates::Judged,
    certificate::Verified,
    eligibility::Counting,
    fairness::merit,
    market::{Asker, Market},
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

/// How much the search above the flow may do.
const SEARCH: search::Budget = search::Budget { steps: 20_000 };

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
    /// What no flow could decide.
    pub decisions: Decisions,
    pub problem: Problem,
    pub solved: Verified<Solution>,
    /// What no plan can exceed, counted as the objective is.
    bound: u64,
    /// The best total when nothing but weight, fit and share counts, what is no flow being decided as it is;
    /// `None` where the street wants no more than that, or where it has not been asked.
    plain: Option<u64>,
}

impl<'a> Planned<'a> {
    /// Judges every open asker, makes the problem, solves it and verifies the answer.
    pub fn solve(mut market: Market<'a>) -> Result<Self, MatchError> {
        let (askers, judged) = market.judged_askers();
        let planned = Self::with(market, askers, judged, &BTreeSet::new())?;
        let left_out = planned.left_out();
        if left_out.is_empty() {
            return planned.priced();
        }
        let Self { market, askers, judged, .. } = planned;
        Self::with(market, askers, judged, &left_out)?.priced()
    }

    /// The needs that are shared out and get nothing, although somebody could take them up whole.
    fn left_out(&self) -> BTreeSet<usize> {
        let used: BTreeSet<usize> = self.problem.used(&self.solved.flows).map(|(asker, ..)| asker).collect();
        let could_be_whole = |(asker, judged): (usize, &Judged)| {
            let target = self.askers.get(asker).map(|asker| asker.target);
            let shared = self.decisions.ways.get(asker) == Some(&Some(Counting::OneByOne));
            let whole = judged.counted(Counting::Whole).next().is_some();
            (matches!(target, Some(Target::Need(_))) && shared && whole && !used.contains(&asker))
                .then_some(asker)
        };
        self.judged.iter().enumerate().filter_map(could_be_whole).collect()
    }

    /// Solves the market with these needs taken up whole, although they could be shared out.
    fn with(
        market: Market<'a>,
        askers: Vec<Asker>,
        judged: Vec<Judged>,
        whole: &BTreeSet<usize>,
    ) -> Result<Self, MatchError> {
        let fairness = market.state.rules().fairness;
        let (open, rules) = Problem::open(&market, &askers, &judged, fairness, whole);
        if rules.is_empty() {
            // No flow decides anything here, so what fairness costs is found out beside it.
            let decisions = open.decide(&askers, &BTreeMap::new(), &[], false);
            let (solved, plain) = rayon::join(
                || open.solve(),
                || Self::plain(&market, &askers, &judged, &decisions).transpose(),
            );
            let (solved, plain) = (solved?, plain?);
            let bound = open.above_ground(solved.bound());
            return Ok(Self { market, askers, judged, decisions, problem: open, solved, bound, plain });
        }
        let mixed = Mixed::new(open.instance()?, rules)
            .map_err(|unruly| MatchError::Malformed(unruly.to_string()))?;
        let found = check(&mixed, search(&mixed, SEARCH))
            .map_err(|flaw| MatchError::NotVerified(flaw.to_string()))?;
        let bound = open.above_ground(found.bound());
        let missing = missing(market.state, &askers);
        let attempt = |held: bool| {
            let decisions = open.decide(&askers, &missing, &found.flows, held);
            let problem = Problem::decided(&market, &askers, &judged, fairness, &decisions);
            let solved = problem.solve()?;
            Ok((decisions, problem, solved))
        };
        let (mut decisions, mut problem, mut solved) = attempt(false)?;
        if !problem.serves_projects(&askers, &missing, &solved.flows) {
            // A project goes ahead although one of its slots alone would rather not: it is held to its flow.
            (decisions, problem, solved) = attempt(true)?;
        }
        Ok(Self { market, askers, judged, decisions, problem, solved, bound, plain: None })
    }

    /// The same, knowing what it would be worth without fairness.
    fn priced(mut self) -> Result<Self, MatchError> {
        if self.plain.is_none() {
            self.plain =
                Self::plain(&self.market, &self.askers, &self.judged, &self.decisions).transpose()?;
        }
        Ok(self)
    }

    /// The best total when nothing but weight, fit and share counts; `None` where the street wants no more.
    fn plain(
        market: &Market<'_>,
        askers: &[Asker],
        judged: &[Judged],
        decisions: &Decisions,
    ) -> Option<Result<u64, MatchError>> {
        (market.state.rules().fairness != Fairness::NONE).then(|| {
            let plain = Problem::decided(market, askers, judged, Fairness::NONE, decisions);
            Ok(plain.plain_value(askers, judged, &plain.solve()?.flows))
        })
    }

    /// What is proposed to the street.
    pub fn proposal(&self) -> Proposal {
        let pairings = self.problem.pairings(&self.market, &self.askers, &self.judged, &self.solved.flows);
        let unmet = unmet(&self.market, &self.askers, &self.judged, &pairings);
        let value = self.problem.plain_value(&self.askers, &self.judged, &self.solved.flows);
        let merit = merit(&self.market, &self.askers, &pairings, (self.plain.unwrap_or(value), value));
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
