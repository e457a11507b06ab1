//! The problem: the market and its candidates as rows, columns and values of a transportation problem.
//!
//! A row is a piece of a need or slot, a column a resource or a unit's open capacity, an edge a candidate.
//! What is fair is said in the same language: rows that stand for a unit's rest and columns that stand for
//! nobody (see [`super::fairness`]). Their worth when nothing is matched is the `ground` of the problem, and
//! every total that leaves this file is counted from there.

use super::{
    candidates::{Candidate, Judged},
    certificate::{Verified, verify},
    eligibility::Counting,
    fairness::{self, Tier},
    market::{Asker, Market},
    planning::MatchError,
    simplex::{self, Budget, Solution},
    transport::{Edge, Transport},
};
use crate::{
    identity::PlaceId,
    pairing::{Origin, PairingStatus, PairingTerms, Supplier, Target},
    rules::Fairness,
    state::State,
};
use std::collections::{BTreeMap, BTreeSet};

/// What one whole share is worth at weight 1 and fit 1.
const SHARE: u64 = 1_000;

/// What a row stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RowOf {
    /// Some units of what is asked; each counts so many thousandths of its share.
    Piece {
        /// Whose, by position among the askers.
        asker: usize,
        /// What a unit of it counts.
        mille: u64,
    },
    /// Engagements a unit is spared.
    Rest,
}

/// What a column stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ColumnOf {
    /// A resource or a unit's open capacity, by position among the givers.
    Giver(usize),
    /// Nobody serves a need of this community.
    Nobody(PlaceId),
}

/// The market as a transportation problem.
#[derive(Debug)]
pub(super) struct Problem {
    pub rows: Vec<RowOf>,
    pub columns: Vec<ColumnOf>,
    demands: Vec<u64>,
    capacities: Vec<u64>,
    /// By row, then column, as the solver numbers them; with the candidate of the row's asker, which is
    /// `None` where an end stands for rest or nobody.
    pub edges: Vec<(Edge, Option<usize>)>,
    /// What is reached when nothing is matched at all.
    ground: i128,
}

impl Problem {
    /// The problem of a market, shared out as `fairness` says.
    pub fn new(market: &Market<'_>, askers: &[Asker], judged: &[Judged], fairness: Fairness) -> Self {
        let mut problem = Self {
            rows: Vec::new(),
            columns: (0..market.givers.len()).map(ColumnOf::Giver).collect(),
            demands: Vec::new(),
            capacities: market.givers.iter().map(|giver| giver.remaining).collect(),
            edges: Vec::new(),
            ground: 0,
        };
        let standing = standing(market.state);
        let mut first_pieces: BTreeMap<PlaceId, Vec<u32>> = BTreeMap::new();
        let bonus = fairness::first_bonus(fairness);
        for (index, (asker, judged)) in askers.iter().zip(judged).enumerate() {
            if judged.countable().next().is_none() {
                continue;
            }
            let community = fairness::counts_in(market.state, asker).filter(|_| bonus > 0);
            for piece in pieces(asker, judged.shared_out, fairness, community.is_some()) {
                let row = problem.row(RowOf::Piece { asker: index, mille: piece.mille }, piece.demand);
                let extra = match community.filter(|_| piece.first) {
                    Some(community) => {
                        first_pieces.entry(community).or_default().push(row);
                        bonus
                    }
                    None => 0,
                };
                for (position, candidate) in judged.countable() {
                    let supplier = market.givers.get(candidate.giver).map(|giver| giver.supplier);
                    let stays = supplier.is_some_and(|supplier| standing.contains(&(asker.target, supplier)));
                    let value = value(asker, candidate, piece.mille, judged.shared_out, stays) + extra;
                    let column = u32::try_from(candidate.giver).unwrap_or(u32::MAX);
                    problem.edges.push((Edge { row, column, value }, Some(position)));
                }
            }
        }
        let served = fairness::served_before(market.state, market.now);
        for (community, rows) in first_pieces {
            let before = served.get(&community).copied().unwrap_or(0);
            for tier in fairness::nobody(fairness, before, rows.len() as u64) {
                problem.nobody(community, &rows, tier);
            }
        }
        for (index, giver) in market.givers.iter().enumerate() {
            if let Supplier::Unit(unit) = giver.supplier {
                let engaged = market.state.organization(unit).map_or(0, |unit| unit.engagements.reserved());
                for tier in fairness::rest(fairness, engaged, giver.remaining) {
                    problem.rest(index, tier);
                }
            }
        }
        problem.edges.sort_unstable_by_key(|(edge, _)| (edge.row, edge.column));
        problem
    }

    fn row(&mut self, of: RowOf, demand: u64) -> u32 {
        let row = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        self.rows.push(of);
        self.demands.push(demand);
        row
    }

    /// A column that leaves so many of these rows unserved for so much each.
    fn nobody(&mut self, community: PlaceId, rows: &[u32], tier: Tier) {
        let column = u32::try_from(self.columns.len()).unwrap_or(u32::MAX);
        self.columns.push(ColumnOf::Nobody(community));
        self.capacities.push(tier.units);
        for &row in rows {
            self.edges.push((Edge { row, column, value: tier.value }, None));
        }
        self.ground += tier.total();
    }

    /// A row that spares a unit so many engagements for so much each.
    fn rest(&mut self, giver: usize, tier: Tier) {
        let row = self.row(RowOf::Rest, tier.units);
        let column = u32::try_from(giver).unwrap_or(u32::MAX);
        self.edges.push((Edge { row, column, value: tier.value }, None));
        self.ground += tier.total();
    }

    /// Solves it and has the answer verified.
    pub fn solve(&self) -> Result<Verified<Solution>, MatchError> {
        let instance =
            Transport::new(&self.demands, &self.capacities, self.edges.iter().map(|(edge, _)| *edge))
                .map_err(|malformed| MatchError::Malformed(malformed.to_string()))?;
        let solution = simplex::solve(&instance, Budget::UNLIMITED)
            .map_err(|out_of_budget| MatchError::NotVerified(out_of_budget.to_string()))?;
        verify(&instance, solution).map_err(|violation| MatchError::NotVerified(violation.to_string()))
    }

    /// A total of the instance, counted from where nothing is matched.
    pub fn above_ground(&self, total: i128) -> u64 {
        u64::try_from(total - self.ground).unwrap_or(0)
    }

    /// The asker and the candidate behind every edge that carries something, with the flow.
    pub fn used(&self, solved: &Solution) -> impl Iterator<Item = (usize, usize, u64)> {
        self.edges.iter().zip(&solved.flows).filter_map(|((edge, candidate), &flow)| {
            match (self.rows.get(edge.row as usize)?, candidate) {
                (RowOf::Piece { asker, .. }, Some(candidate)) if flow > 0 => Some((*asker, *candidate, flow)),
                _ => None,
            }
        })
    }

    /// The flows as pairings, the pieces of a need put together again.
    pub fn pairings(
        &self,
        market: &Market<'_>,
        askers: &[Asker],
        judged: &[Judged],
        solved: &Solution,
    ) -> Vec<PairingTerms> {
        let mut merged: BTreeMap<(Target, Supplier), PairingTerms> = BTreeMap::new();
        for (asker, candidate, flow) in self.used(solved) {
            let (Some(asker), Some(judged)) = (askers.get(asker), judged.get(asker)) else { continue };
            let Some(candidate) = judged.candidates.get(candidate) else { continue };
            let Some(giver) = market.givers.get(candidate.giver) else { continue };
            let (quantity, draws) = match candidate.counting {
                Counting::OneByOne => (flow, flow),
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

    /// What the pairings are worth when only the total counts: without fairness, without what stays.
    pub fn plain_value(&self, askers: &[Asker], judged: &[Judged], solved: &Solution) -> u64 {
        let worth = |(asker, candidate, flow): (usize, usize, u64)| {
            let (asker, judged) = (askers.get(asker)?, judged.get(asker)?);
            let candidate = judged.candidates.get(candidate)?;
            let unit = value(asker, candidate, 1_000, judged.shared_out, false);
            Some(u64::try_from(unit).unwrap_or(0) * flow)
        };
        self.used(solved).filter_map(worth).sum()
    }
}

/// Some units of what one asker wants.
struct Piece {
    demand: u64,
    /// What a unit of it counts, in thousandths of its share.
    mille: u64,
    /// Whether it decides that the need gets anything at all.
    first: bool,
}

/// The pieces of one asker: one when it is taken up whole; when it is shared out its halves, and the very
/// first unit apart where it decides that a community gets something.
fn pieces(need: &Asker, shared_out: bool, fairness: Fairness, apart: bool) -> impl Iterator<Item = Piece> {
    let served = need.asked.saturating_sub(need.wanting);
    let apart = u64::from(apart && served == 0);
    let (first, second, skew) = if !shared_out {
        (1, 0, 0)
    } else if fairness.first_half == 0 || need.asked < 2 {
        (need.wanting, 0, 0)
    } else {
        let first = need.asked.div_ceil(2).saturating_sub(served).min(need.wanting);
        (first, need.wanting - first, u64::from(fairness.first_half))
    };
    [(apart, 1_000 + skew, true), (first - apart, 1_000 + skew, false), (second, 1_000 - skew, false)]
        .into_iter()
        .filter(|(demand, ..)| *demand > 0)
        .map(|(demand, mille, first)| Piece { demand, mille, first })
}

/// What one unit of flow is worth: weight × fit × share, at least 1.
///
/// At most 3200 × 1000 × 1000 × 51/50 = 3.264 × 10⁹: a piece that counts up to double holds at most half of
/// what is asked. With the bonus of a community, at most 10⁹, it stays below what an edge may be worth.
fn value(asker: &Asker, candidate: &Candidate, mille: u64, shared_out: bool, stays: bool) -> i64 {
    let units = if shared_out { 1 } else { asker.wanting };
    let whole = u128::from(asker.weight) * u128::from(candidate.fit.total) * u128::from(SHARE);
    let share = whole * u128::from(units) * u128::from(mille) / (1_000 * u128::from(asker.asked.max(1)));
    let kept = if stays { share + share / 50 } else { share };
    i64::try_from(kept.max(1)).unwrap_or(i64::MAX)
}

/// The pairs that earlier plans propose and nobody has claimed.
pub(super) fn standing(state: &State) -> BTreeSet<(Target, Supplier)> {
    state
        .proposed()
        .filter(|pairing| {
            pairing.status == PairingStatus::Proposed && matches!(pairing.origin, Origin::Plan(_))
        })
        .map(|pairing| (pairing.terms.target, pairing.terms.supplier))
        .collect()
}
