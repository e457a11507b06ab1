//! Planning: the market becomes numbers, the numbers become a verified optimum, the optimum a proposal.
//!
//! **What is maximised.** The sum over all pairings of *need weight × fit × share of the need met*, in
//! units of one ordinary need (weight 1000) met in full at fit 1000 = 1 000 000 000 ([`SHARE`] × 10⁶).
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
    certificate::{Verified, verify},
    eligibility::{self, Counting, Eligible},
    fit,
    market::{Asker, Giver, Market},
    simplex::{self, Budget, Solution},
    transport::{Edge, Transport},
};
use crate::{
    moment::Moment,
    pairing::{Fit, Origin, PairingStatus, PairingTerms, Supplier, Target},
    plan::{Cause, PlanSummary, Proposal, Unmet, UnmetReason},
    state::State,
};
use std::collections::{BTreeMap, BTreeSet};

/// What one whole share is worth at weight 1 and fit 1.
pub const SHARE: u64 = 1_000;

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

/// A pair that may be in the plan.
#[derive(Debug)]
struct Candidate {
    giver: usize,
    counting: Counting,
    fit: Fit,
}

/// What judging one asker against the whole market gave.
#[derive(Debug, Default)]
struct Judged {
    candidates: Vec<Candidate>,
    /// Whether it is shared out one by one rather than taken up whole.
    shared_out: bool,
    /// Per cause, how many givers it shut out and the one whose wording came nearest.
    shut: BTreeMap<Cause, (u32, u16, Supplier)>,
}

/// The best plan for everything that is open now.
///
/// The same state, knowledge and time give the same plan: askers and givers stand in the order of their
/// identities, and the solver breaks ties by that order.
///
/// # Errors
/// [`MatchError`] when the answer of the solver does not pass the verifier.
pub fn propose(state: &State, knowledge: Knowledge<'_>, now: Moment) -> Result<Proposal, MatchError> {
    let market = Market::open(state, knowledge, now);
    let askers = market.askers();
    let mut judged: Vec<Judged> = askers.iter().map(|asker| judge_all(&market, asker)).collect();
    let mut problem = Problem::new(&market, &askers, &judged);
    let mut solved = problem.solve()?;
    if take_up_whole(&problem, &solved, &mut judged) {
        problem = Problem::new(&market, &askers, &judged);
        solved = problem.solve()?;
    }
    let pairings = problem.pairings(&market, &askers, &judged, &solved);
    let unmet = unmet(&market, &askers, &judged, &pairings);
    let to_u64 = |total: i128| u64::try_from(total).unwrap_or(u64::MAX);
    Ok(Proposal {
        position: state.position(),
        summary: PlanSummary {
            objective: to_u64(solved.objective()),
            bound: to_u64(solved.bound()),
            prices_digest: solved.price_digest().iter().map(|byte| format!("{byte:02x}")).collect(),
            targets: u32::try_from(askers.len()).unwrap_or(u32::MAX),
            unmet,
        },
        pairings,
    })
}

fn judge_all(market: &Market<'_>, asker: &Asker) -> Judged {
    let mut judged = Judged::default();
    let mut eligible: Vec<(usize, Eligible)> = Vec::new();
    for (index, giver) in market.givers.iter().enumerate() {
        match eligibility::judge(market, asker, giver) {
            Ok(pair) => eligible.push((index, pair)),
            Err(cause) => judged.shut_out(cause, asker, giver),
        }
    }
    eligibility::posted_first(&mut eligible, market);
    for (index, pair) in eligible {
        let Some(giver) = market.givers.get(index) else { continue };
        let fit = fit::fit(market, asker, giver, pair);
        if fit::matter(&fit) < market.state.rules().fit_min {
            judged.shut_out(Cause::FitTooLow, asker, giver);
        } else {
            judged.candidates.push(Candidate { giver: index, counting: pair.counting, fit });
        }
    }
    // What counts the same thing goes before what would take the matter up as a whole.
    judged.shared_out = judged.candidates.iter().any(|candidate| candidate.counting == Counting::OneByOne);
    judged
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

impl Judged {
    /// The candidates that count as this need is counted, with their positions.
    fn countable(&self) -> impl Iterator<Item = (usize, &Candidate)> {
        let counting = if self.shared_out { Counting::OneByOne } else { Counting::Whole };
        self.candidates.iter().enumerate().filter(move |(_, candidate)| candidate.counting == counting)
    }

    fn shut_out(&mut self, cause: Cause, asker: &Asker, giver: &Giver) {
        let alike = giver.terms.as_ref().map_or(0, |terms| asker.terms.alike(terms));
        let (count, nearest, supplier) = self.shut.entry(cause).or_insert((0, alike, giver.supplier));
        *count += 1;
        if alike > *nearest {
            (*nearest, *supplier) = (alike, giver.supplier);
        }
    }
}

/// One row of the instance: a need, or one half of a need that is shared out.
#[derive(Clone, Copy, Debug)]
struct Row {
    asker: usize,
    demand: u64,
    /// What a unit of it counts, in quarters.
    quarters: u64,
}

/// The market as a transportation problem.
#[derive(Debug)]
struct Problem {
    rows: Vec<Row>,
    demands: Vec<u64>,
    capacities: Vec<u64>,
    edges: Vec<Edge>,
    /// Per edge, the candidate of the row's asker.
    candidates: Vec<usize>,
}

impl Problem {
    fn new(market: &Market<'_>, askers: &[Asker], judged: &[Judged]) -> Self {
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

    fn solve(&self) -> Result<Verified<Solution>, MatchError> {
        let instance = Transport::new(&self.demands, &self.capacities, self.edges.iter().copied())
            .map_err(|malformed| MatchError::Malformed(malformed.to_string()))?;
        let solution = simplex::solve(&instance, Budget::UNLIMITED)
            .map_err(|out_of_budget| MatchError::NotVerified(out_of_budget.to_string()))?;
        verify(&instance, solution).map_err(|violation| MatchError::NotVerified(violation.to_string()))
    }

    /// The flows as pairings, the halves of a need put together again.
    fn pairings(
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

/// What stays unmet and why: contested capacity first, then the causes by how many candidates they shut out.
fn unmet(market: &Market<'_>, askers: &[Asker], judged: &[Judged], pairings: &[PairingTerms]) -> Vec<Unmet> {
    let mut served: BTreeMap<Target, u64> = BTreeMap::new();
    for terms in pairings {
        *served.entry(terms.target).or_default() += terms.quantity;
    }
    askers
        .iter()
        .zip(judged)
        .filter_map(|(asker, judged)| {
            let left = asker.wanting.saturating_sub(served.get(&asker.target).copied().unwrap_or(0));
            (left > 0).then(|| Unmet {
                target: asker.target,
                quantity: left,
                reasons: reasons(market, judged),
            })
        })
        .collect()
}

fn reasons(market: &Market<'_>, judged: &Judged) -> Vec<UnmetReason> {
    let mut reasons: Vec<UnmetReason> = judged
        .shut
        .iter()
        .map(|(cause, (count, _, nearest))| UnmetReason {
            cause: *cause,
            candidates: *count,
            nearest: Some(*nearest),
        })
        .collect();
    reasons.sort_by_key(|reason| (std::cmp::Reverse(reason.candidates), reason.cause));
    let best = judged
        .candidates
        .iter()
        .max_by_key(|candidate| (candidate.fit.total, std::cmp::Reverse(candidate.giver)));
    if let Some(best) = best {
        reasons.insert(
            0,
            UnmetReason {
                cause: Cause::CapacityContested,
                candidates: u32::try_from(judged.candidates.len()).unwrap_or(u32::MAX),
                nearest: market.givers.get(best.giver).map(|giver| giver.supplier),
            },
        );
    }
    if reasons.is_empty() {
        reasons.push(UnmetReason { cause: Cause::NoCandidate, candidates: 0, nearest: None });
    }
    reasons
}
