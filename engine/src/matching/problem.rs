//! The problem: the market and its candidates as rows, columns and values of a transportation problem.
//!
//! A row is a piece of a need or slot, a column a resource or a unit's open capacity, an edge a candidate.
//! What is fair is said in the same language: rows that stand for a unit's rest and columns that stand for
//! nobody (see [`super::fairness`]). Their worth when nothing is matched is the `ground` of the problem, and
//! every total that leaves this file is counted from there.
//!
//! Some of it is no flow: a project gets what it requires or nothing, and a need that could be shared out one by one
//! or taken up whole is the one or the other. [`Problem::open`] says that, with its rules, for the search above the
//! flow; [`Problem::decided`] is what is left once those questions are answered: the instance whose prices prove and
//! explain everything else.

use super::{
    candidates::{Candidate, Judged},
    certificate::{Verified, verify},
    eligibility::Counting,
    fairness::{self, Tier},
    market::{Asker, Market},
    planning::MatchError,
    search::Rule,
    simplex::{self, Budget, Solution},
    transport::{Edge, Transport},
};
use crate::{
    identity::{PlaceId, ProjectId},
    pairing::{Origin, PairingStatus, PairingTerms, Supplier, Target},
    rules::Fairness,
    state::State,
};
use std::collections::{BTreeMap, BTreeSet};

mod key;
mod pieces;

mod deciding;

pub(super) use deciding::{Decisions, missing};
use pieces::{Ways, pieces, value};

/// What a row stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RowOf {
    /// Some units of what is asked; each counts so many thousandths of its share.
    Piece {
        /// Whose, by position among the askers.
        asker: usize,
        /// How the asker is counted.
        way: Counting,
        /// What a unit of it counts.
        mille: u64,
        /// The community whose bonus it carries: it decides that the need gets anything at all.
        first_in: Option<PlaceId>,
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

/// Some flow from a giver to an asker: the positions of asker and candidate, and how much.
pub(super) type Use = (usize, usize, u64);

/// A row by keys: what it asks, and what a unit of each column is worth to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Keyed {
    pub demand: u64,
    pub offers: Vec<(u64, i64)>,
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
    pub rows: Vec<RowOf>,
    pub columns: Vec<ColumnOf>,
    row_keys: Vec<u64>,
    column_keys: Vec<u64>,
    demands: Vec<u64>,
    capacities: Vec<u64>,
    /// By row, then column, as the solver numbers them; with the candidate of the row's asker, which is
    /// `None` where an end stands for rest or nobody.
    pub edges: Vec<(Edge, Option<usize>)>,
    /// What is decided beforehand, outside the rows and columns, with what a unit of it is worth.
    fixed: Vec<(Use, i64)>,
    /// What is reached when nothing more than that is matched.
    ground: i128,
}

impl Problem {
    /// The problem with every project open and every need counted in all its ways, and the rules that a flow must
    /// keep.
    pub fn open(
        market: &Market<'_>,
        askers: &[Asker],
        judged: &[Judged],
        fairness: Fairness,
    ) -> (Self, Vec<Rule>) {
        let mut ways: Vec<Ways> = judged.iter().map(Ways::of).collect();
        let missing = missing(market.state, askers);
        let mut servable: BTreeMap<ProjectId, usize> = BTreeMap::new();
        for (asker, _) in askers.iter().zip(&ways).filter(|(_, ways)| **ways != Ways::None) {
            if let Target::Slot(project, _) = asker.target {
                *servable.entry(project).or_default() += 1;
            }
        }
        let hopeless = |project| {
            servable.get(project).copied().unwrap_or(0) < missing.get(project).copied().unwrap_or(0)
        };
        for (asker, ways) in askers.iter().zip(&mut ways) {
            if matches!(&asker.target, Target::Slot(project, _) if hopeless(project)) {
                *ways = Ways::None;
            }
        }
        let problem = Self::build(market, askers, judged, fairness, &ways, &[]);
        let mut rules = problem.rules(askers, &missing);
        if ways.contains(&Ways::Either) {
            rules.extend(problem.one_way_each());
        }
        (problem, rules)
    }

    /// The problem that is left when what is no flow is decided.
    pub fn decided(
        market: &Market<'_>,
        askers: &[Asker],
        judged: &[Judged],
        fairness: Fairness,
        decisions: &Decisions,
    ) -> Self {
        let ways: Vec<Ways> = decisions.ways.iter().map(|way| way.map_or(Ways::None, Ways::One)).collect();
        Self::build(market, askers, judged, fairness, &ways, &decisions.fixed)
    }

    fn build(
        market: &Market<'_>,
        askers: &[Asker],
        judged: &[Judged],
        fairness: Fairness,
        ways: &[Ways],
        fixed: &[Use],
    ) -> Self {
        let mut problem = Self {
            rows: Vec::new(),
            columns: (0..market.givers.len()).map(ColumnOf::Giver).collect(),
            row_keys: Vec::new(),
            column_keys: market.givers.iter().map(|giver| key::of_supplier(giver.supplier)).collect(),
            demands: Vec::new(),
            capacities: market.givers.iter().map(|giver| giver.remaining).collect(),
            edges: Vec::new(),
            fixed: Vec::new(),
            ground: 0,
        };
        let standing = standing(market.state);
        let stays = |asker: &Asker, candidate: &Candidate| {
            let supplier = market.givers.get(candidate.giver).map(|giver| giver.supplier);
            supplier.is_some_and(|supplier| standing.contains(&(asker.target, supplier)))
        };
        let taken = problem.take_fixed(fixed, askers, judged, &stays);
        let mut first_pieces: BTreeMap<PlaceId, Vec<u32>> = BTreeMap::new();
        // A need in both ways has two first pieces and is one need.
        let mut open: BTreeMap<PlaceId, u64> = BTreeMap::new();
        for (index, ((asker, judged), ways)) in askers.iter().zip(judged).zip(ways).enumerate() {
            let community = fairness::counts_in(asker).filter(|_| fairness.community > 0);
            if let Some(community) = community.filter(|_| *ways != Ways::None) {
                *open.entry(community).or_default() += 1;
            }
            let all = ways.each().flat_map(|way| {
                pieces(asker, way, fairness, community.is_some()).map(move |piece| (way, piece))
            });
            for (way, piece) in all {
                let first_in = community.filter(|_| piece.first);
                let of = RowOf::Piece { asker: index, way, mille: piece.mille, first_in };
                let row = problem.row(of, key::of_piece(asker.target, way, piece.number), piece.demand);
                let extra = match first_in {
                    Some(community) => {
                        first_pieces.entry(community).or_default().push(row);
                        fairness::first_bonus(fairness)
                    }
                    None => 0,
                };
                for (position, candidate) in judged.counted(way) {
                    let stays = stays(asker, candidate);
                    let value = value(asker, candidate, piece.mille, stays) + extra;
                    let column = u32::try_from(candidate.giver).unwrap_or(u32::MAX);
                    problem.edges.push((Edge { row, column, value }, Some(position)));
                }
            }
        }
        let served = fairness::served_before(market.state, market.now);
        for (community, rows) in first_pieces {
            let before = served.get(&community).copied().unwrap_or(0);
            let open = open.get(&community).copied().unwrap_or(0);
            for (number, tier) in (0..).zip(fairness::nobody(fairness, before, open)) {
                problem.nobody(community, number, &rows, tier);
            }
        }
        for (index, giver) in market.givers.iter().enumerate() {
            if let Supplier::Unit(unit) = giver.supplier {
                let engaged = market.state.organization(unit).map_or(0, |unit| unit.engagements.reserved());
                let taken = taken.get(&index).copied().unwrap_or(0).min(giver.remaining);
                problem.ground += fairness::cost(fairness, engaged, taken);
                let rest = fairness::rest(fairness, engaged + taken, giver.remaining - taken);
                for (number, tier) in (0..).zip(rest) {
                    problem.rest(index, key::of_rest(unit, number), tier);
                }
            }
        }
        problem.edges.sort_unstable_by_key(|(edge, _)| (edge.row, edge.column));
        problem
    }

    /// Takes what is decided out of the capacities and counts it; how much of each giver that is.
    fn take_fixed(
        &mut self,
        fixed: &[Use],
        askers: &[Asker],
        judged: &[Judged],
        stays: &dyn Fn(&Asker, &Candidate) -> bool,
    ) -> BTreeMap<usize, u64> {
        let mut taken: BTreeMap<usize, u64> = BTreeMap::new();
        for &(asker, position, flow) in fixed {
            let Some(asker_of) = askers.get(asker) else { continue };
            let Some(candidate) = judged.get(asker).and_then(|judged| judged.candidates.get(position)) else {
                continue;
            };
            let worth = value(asker_of, candidate, 1_000, stays(asker_of, candidate));
            self.fixed.push(((asker, position, flow), worth));
            self.ground -= i128::from(worth) * i128::from(flow);
            *taken.entry(candidate.giver).or_default() += flow;
            if let Some(capacity) = self.capacities.get_mut(candidate.giver) {
                *capacity = capacity.saturating_sub(flow);
            }
        }
        taken
    }

    /// A project gets as many slots as it requires, in full, or nothing. A slot that could be counted in two ways is a
    /// member in each, of which only one is served: [`Self::one_way_each`].
    fn rules(&self, askers: &[Asker], missing: &BTreeMap<ProjectId, usize>) -> Vec<Rule> {
        type Members = BTreeMap<(u16, Counting), Vec<u32>>;
        let mut slots: BTreeMap<ProjectId, Members> = BTreeMap::new();
        for (row, of) in (0..).zip(&self.rows) {
            let RowOf::Piece { asker, way, .. } = of else { continue };
            if let Some(Target::Slot(project, slot)) = askers.get(*asker).map(|asker| asker.target) {
                slots.entry(project).or_default().entry((slot, *way)).or_default().push(row);
            }
        }
        let together = |(project, members): (ProjectId, Members)| {
            let at_least = missing.get(&project).copied().filter(|missing| *missing > 0)?;
            Some(Rule::Together { at_least, members: members.into_values().collect() })
        };
        slots.into_iter().filter_map(together).collect()
    }

    /// A need that could be shared out or taken up whole is the one or the other.
    fn one_way_each(&self) -> impl Iterator<Item = Rule> {
        let mut ways: BTreeMap<usize, BTreeMap<Counting, Vec<usize>>> = BTreeMap::new();
        for (number, (edge, _)) in self.edges.iter().enumerate() {
            if let Some(RowOf::Piece { asker, way, .. }) = self.rows.get(edge.row as usize) {
                ways.entry(*asker).or_default().entry(*way).or_default().push(number);
            }
        }
        let choice = |ways: BTreeMap<_, _>| Rule::Choice { ways: ways.into_values().collect(), at_most: 1 };
        ways.into_values().filter(|ways| ways.len() > 1).map(choice)
    }

    fn row(&mut self, of: RowOf, key: u64, demand: u64) -> u32 {
        let row = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        self.rows.push(of);
        self.row_keys.push(key);
        self.demands.push(demand);
        row
    }

    /// A column that leaves so many of these rows unserved for so much each.
    fn nobody(&mut self, community: PlaceId, number: u64, rows: &[u32], tier: Tier) {
        let column = u32::try_from(self.columns.len()).unwrap_or(u32::MAX);
        self.columns.push(ColumnOf::Nobody(community));
        self.column_keys.push(key::of_nobody(community, number));
        self.capacities.push(tier.units);
        for &row in rows {
            self.edges.push((Edge { row, column, value: tier.value }, None));
        }
        self.ground += tier.total();
    }

    /// A row that spares a unit so many engagements for so much each.
    fn rest(&mut self, giver: usize, key: u64, tier: Tier) {
        let row = self.row(RowOf::Rest, key, tier.units);
        let column = u32::try_from(giver).unwrap_or(u32::MAX);
        self.edges.push((Edge { row, column, value: tier.value }, None));
        self.ground += tier.total();
    }

    /// Solves it and has the answer verified.
    pub fn solve(&self) -> Result<Verified<Solution>, MatchError> {
        let instance = self.instance()?;
        let solution = simplex::solve(&instance, Budget::UNLIMITED)
            .map_err(|out_of_budget| MatchError::NotVerified(out_of_budget.to_string()))?;
        verify(&instance, solution).map_err(|violation| MatchError::NotVerified(violation.to_string()))
    }

    /// Rows with what they ask and what each column is worth to them, all by key.
    pub fn keyed_rows(&self) -> impl Iterator<Item = (u64, Keyed)> {
        let mut edges = self.edges.iter().map(|(edge, _)| edge).peekable();
        (0..).zip(self.row_keys.iter().zip(&self.demands)).map(move |(row, (key, demand))| {
            let mut offers = Vec::new();
            while let Some(edge) = edges.next_if(|edge| edge.row == row) {
                let column = self.column_keys.get(edge.column as usize).copied().unwrap_or(u64::MAX);
                offers.push((column, edge.value));
            }
            (*key, Keyed { demand: *demand, offers })
        })
    }

    /// Columns with what they can give, by key.
    pub fn keyed_columns(&self) -> impl Iterator<Item = (u64, u64)> {
        self.column_keys().zip(self.capacities.iter().copied())
    }

    /// The keys at both ends of every edge.
    pub fn keyed_edges(&self) -> impl Iterator<Item = (u64, u64)> {
        self.edges.iter().filter_map(|(edge, _)| {
            let row = *self.row_keys.get(edge.row as usize)?;
            Some((row, *self.column_keys.get(edge.column as usize)?))
        })
    }

    /// The keys of the rows.
    pub fn row_keys(&self) -> impl Iterator<Item = u64> {
        self.row_keys.iter().copied()
    }

    /// The keys of the columns.
    pub fn column_keys(&self) -> impl Iterator<Item = u64> {
        self.column_keys.iter().copied()
    }

    /// The instance; who is who is told to the solver, so that its answer does not depend on the numbering.
    pub fn instance(&self) -> Result<Transport, MatchError> {
        Transport::new(&self.demands, &self.capacities, self.edges.iter().map(|(edge, _)| *edge))
            .and_then(|instance| instance.with_keys(self.row_keys.clone(), self.column_keys.clone()))
            .map_err(|malformed| MatchError::Malformed(malformed.to_string()))
    }

    /// A total of the instance, counted from where nothing is matched.
    pub fn above_ground(&self, total: i128) -> u64 {
        u64::try_from(total - self.ground).unwrap_or(0)
    }

    /// What is decided beforehand and what flows.
    pub fn used(&self, flows: &[u64]) -> impl Iterator<Item = Use> {
        let flowing = self.edges.iter().zip(flows).filter_map(|((edge, candidate), &flow)| {
            match (self.rows.get(edge.row as usize)?, candidate) {
                (RowOf::Piece { asker, .. }, Some(candidate)) if flow > 0 => Some((*asker, *candidate, flow)),
                _ => None,
            }
        });
        self.fixed.iter().map(|(held, _)| *held).chain(flowing)
    }

    /// What slots are held to, with what a unit of it is worth. No row stands for it.
    pub fn held(&self) -> impl Iterator<Item = (Use, i64)> + '_ {
        self.fixed.iter().copied()
    }

    /// Every edge with what it joins and carries, as the explanations read it.
    pub fn lines<'s>(&'s self, solved: &'s Solution) -> impl Iterator<Item = Line> + 's {
        self.edges.iter().zip(&solved.flows).map(|((edge, candidate), &flow)| {
            let (row, column) = (edge.row as usize, edge.column as usize);
            let asker = match self.rows.get(row) {
                Some(RowOf::Piece { asker, .. }) => Some(*asker),
                Some(RowOf::Rest) | None => None,
            };
            let giver = match self.columns.get(column) {
                Some(ColumnOf::Giver(giver)) => Some(*giver),
                Some(ColumnOf::Nobody(_)) | None => None,
            };
            Line { row, column, asker, giver, candidate: *candidate, value: edge.value, flow }
        })
    }

    /// What a row asks for.
    pub fn demand(&self, row: usize) -> u64 {
        self.demands.get(row).copied().unwrap_or(0)
    }

    /// How many rows and columns there are.
    pub const fn extent(&self) -> (usize, usize) {
        (self.rows.len(), self.columns.len())
    }

    /// Leaves a giver without capacity, so that its price tells what a unit of it would add.
    pub fn close(&mut self, giver: usize) {
        if let Some(capacity) = self.capacities.get_mut(giver) {
            *capacity = 0;
        }
    }

    /// The flows as pairings, the pieces of a need put together again.
    pub fn pairings(
        &self,
        market: &Market<'_>,
        askers: &[Asker],
        judged: &[Judged],
        flows: &[u64],
    ) -> Vec<PairingTerms> {
        let mut merged: BTreeMap<(Target, Supplier), PairingTerms> = BTreeMap::new();
        for (asker, candidate, flow) in self.used(flows) {
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
                fit: Some(candidate.fit.shown(&market.state.rules().weights)),
            });
            terms.quantity += quantity;
            terms.draws += draws;
        }
        merged.into_values().collect()
    }

    /// What the pairings are worth when only the total counts: without fairness, without what stays.
    pub fn plain_value(&self, askers: &[Asker], judged: &[Judged], flows: &[u64]) -> u64 {
        let worth = |(asker, candidate, flow): Use| {
            let (asker, judged) = (askers.get(asker)?, judged.get(asker)?);
            let unit = value(asker, judged.candidates.get(candidate)?, 1_000, false);
            Some(u64::try_from(unit).unwrap_or(0) * flow)
        };
        self.used(flows).filter_map(worth).sum()
    }
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
