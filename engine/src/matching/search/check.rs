//! The certificate of a search: whoever holds a [`Proved`] holds a proof, not a promise.
//!
//! [`check`] shares nothing with the search but the shape of its answer. It checks, in 128 bits, that
//! 1. no row receives more than its demand, no column gives more than its capacity, and every rule is kept;
//! 2. the objective is what the flows are worth;
//! 3. the parts share neither an edge nor a rule, so that what bounds each bounds the whole together;
//! 4. in each part the questions are answered both ways, so that every flow that keeps the rules is at some leaf; where what is
//!    left falls into pieces, no edge that may still carry something and no rule that is still open joins two of them, so
//!    that what bounds each bounds what is left together (`check/falls.rs`);
//! 5. no leaf holds anything worth more than the bound: for any prices `p ≥ 0` of columns and `m ≥ 0` of choices a flow
//!    is worth at most `Σ capacity · p + Σ at_most · m` and what each row, or each group of rows that go together, can
//!    earn by itself when it pays them. An edge of a way pays `m / most` a unit, rounded down, where `most` is what the
//!    way's rows ask or its columns give: a way in use pays `m` at most, and only `at_most` ways are in use. A way that is
//!    answered to be used pays `m` as a whole instead. A choice of one way whose ways are whole rows has no price: those
//!    of one way earn, whichever earn the most. A row takes whole lots where they come from several columns, and from one
//!    edge alone where a choice says so. Cuts, each derived anew (`check/cuts.rs`), have prices that members and edges pay
//!    in the same way.
#![expect(
    clippy::indexing_slicing,
    reason = "what indexes anything here was found to be within bounds before"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;

use self::cuts::Ruled;
use self::falls::Scope;
pub use self::flaw::Flaw;
use super::{Found, Mixed, PartProof, Pieces, Question, Rule, Step};
use crate::matching::transport::Edge;

mod cuts;
mod falls;
mod flaw;
mod leaves;
mod rows;

/// What [`check`] has checked. Nothing else can make one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proved {
    found: Found,
    bound: i128,
}

impl Proved {
    /// What no flow that keeps the rules exceeds, added up anew: at most what was stated.
    #[must_use]
    pub fn bound(&self) -> i128 {
        self.bound
    }

    /// How far the objective may be from the best: 0 when it is the best.
    #[must_use]
    pub fn gap(&self) -> i128 {
        self.bound - self.found.objective
    }

    /// Gives up the proof and keeps what was proven.
    #[must_use]
    pub fn into_inner(self) -> Found {
        self.found
    }
}

impl Deref for Proved {
    type Target = Found;

    fn deref(&self) -> &Found {
        &self.found
    }
}

/// Checks a search's answer and seals it.
///
/// # Errors
/// The first [`Flaw`] found, in the order of the list above.
pub fn check(mixed: &Mixed, found: Found) -> Result<Proved, Flaw> {
    check_flows(mixed, &found.flows)?;
    let edges = mixed.base().edges().zip(&found.flows);
    let earned: i128 = edges.map(|(edge, &flow)| i128::from(edge.value) * i128::from(flow)).sum();
    if earned != found.objective {
        return Err(Flaw::ObjectiveMisstated { stated: found.objective, earned });
    }
    let mut bound = 0;
    for (number, ground) in grounds(mixed, &found)?.iter().enumerate() {
        bound += ground.bound(mixed, number, &found.proof.parts[number])?;
    }
    if bound > found.bound {
        return Err(Flaw::BoundMisstated { stated: found.bound, proved: bound });
    }
    Ok(Proved { found, bound })
}

/// Point 1.
fn check_flows(mixed: &Mixed, flows: &[u64]) -> Result<(), Flaw> {
    let base = mixed.base();
    if flows.len() != base.edge_count() {
        return Err(Flaw::WrongShape);
    }
    let mut received = vec![0u128; base.row_count()];
    let mut given = vec![0u128; base.column_count()];
    for (edge, &flow) in base.edges().zip(flows) {
        received[edge.row as usize] += u128::from(flow);
        given[edge.column as usize] += u128::from(flow);
    }
    let demands: Vec<u128> = base.demands().map(u128::from).collect();
    if let Some(row) = (0..demands.len()).find(|&row| received[row] > demands[row]) {
        return Err(Flaw::RowOverfilled { row });
    }
    if let Some(column) = base.capacities().zip(&given).position(|(units, &given)| given > u128::from(units))
    {
        return Err(Flaw::ColumnOverdrawn { column });
    }
    for (rule, stated) in mixed.rules().iter().enumerate() {
        let kept = match stated {
            Rule::Together { members, at_least } => {
                let full = |rows: &&Vec<u32>| {
                    rows.iter().all(|&row| received[row as usize] == demands[row as usize])
                };
                let empty = |rows: &Vec<u32>| rows.iter().all(|&row| received[row as usize] == 0);
                let served = members.iter().filter(full).count();
                members.iter().all(|rows| full(&rows) || empty(rows)) && (served == 0 || served >= *at_least)
            }
            Rule::Choice { ways, at_most } => {
                ways.iter().filter(|edges| edges.iter().any(|&edge| flows[edge] > 0)).count() <= *at_most
            }
            Rule::Lots { column, lot } => {
                let mut edges = base.edges().zip(flows).filter(|(edge, _)| edge.column == *column);
                edges.all(|(_, flow)| flow % lot == 0)
            }
        };
        if !kept {
            return Err(Flaw::RuleBroken { rule });
        }
    }
    Ok(())
}

/// An edge with its number and the place of its column among the part's prices.
type Placed = (usize, Edge, usize);

/// A part as the bound wants it, in the numbers of the instance.
#[derive(Default)]
struct Ground {
    /// Demand of each row and its edges.
    rows: BTreeMap<u32, (i128, Vec<Placed>)>,
    /// The place of each column among the capacities.
    columns: BTreeMap<u32, usize>,
    /// What columns can give: of those with lots, whole lots.
    capacities: Vec<i128>,
    /// Rules whose members are here.
    groups: Vec<usize>,
    /// The rule and the member of each row that is one.
    members: BTreeMap<u32, (usize, usize)>,
    /// Choices whose edges are here, each with what a way can carry at most.
    choices: Vec<(usize, Vec<i128>)>,
    /// The most each edge on a way carries: what its row asks or what its column has.
    fullest: BTreeMap<usize, i128>,
    /// The least and the most an edge carries whatever is answered, where that is less than its row asks.
    bounds: BTreeMap<usize, (i128, i128)>,
    /// Edges in lots.
    lots: BTreeMap<usize, i128>,
    /// The place of the row of each edge.
    edge_rows: BTreeMap<usize, usize>,
    /// Rows that a choice lets only one of their edges serve.
    sole: BTreeSet<u32>,
    /// Choices of one way whose ways are whole rows, and the rule and the way of each such row.
    dividing: BTreeSet<usize>,
    row_ways: BTreeMap<u32, (usize, usize)>,
    /// Members of which a choice lets only one be served, with that choice.
    rivals: BTreeMap<(usize, usize), usize>,
}

/// Point 3.
fn grounds(mixed: &Mixed, found: &Found) -> Result<Vec<Ground>, Flaw> {
    let (base, proof) = (mixed.base(), &found.proof);
    let mut grounds: Vec<Ground> = proof.parts.iter().map(|_| Ground::default()).collect();
    let named = proof.row_parts.iter().chain(&proof.column_parts);
    if (proof.row_parts.len(), proof.column_parts.len()) != (base.row_count(), base.column_count())
        || named.max().is_some_and(|&part| part as usize >= grounds.len())
    {
        return Err(Flaw::WrongShape);
    }
    for ((row, &part), demand) in (0..).zip(&proof.row_parts).zip(base.demands()) {
        grounds[part as usize].rows.insert(row, (i128::from(demand), Vec::new()));
    }
    let mut places = Vec::new();
    for ((column, &part), capacity) in (0..).zip(&proof.column_parts).zip(base.capacities()) {
        let ground = &mut grounds[part as usize];
        places.push(ground.capacities.len());
        ground.columns.insert(column, ground.capacities.len());
        ground.capacities.push(i128::from(capacity));
    }
    let mut edges = Vec::new();
    for (number, edge) in base.edges().enumerate() {
        let part = proof.row_parts[edge.row as usize];
        if part != proof.column_parts[edge.column as usize] {
            return Err(Flaw::PartsJoined { edge });
        }
        if let Some((_, row)) = grounds[part as usize].rows.get_mut(&edge.row) {
            row.push((number, edge, places[edge.column as usize]));
        }
        edges.push(edge);
    }
    let demands: Vec<u64> = base.demands().collect();
    let capacities: Vec<u64> = base.capacities().collect();
    for (rule, stated) in mixed.rules().iter().enumerate() {
        let parts: BTreeSet<u32> = match stated {
            Rule::Together { members, .. } => {
                members.iter().flatten().map(|&row| proof.row_parts[row as usize]).collect()
            }
            Rule::Choice { ways, .. } => {
                ways.iter().flatten().map(|&edge| proof.row_parts[edges[edge].row as usize]).collect()
            }
            Rule::Lots { column, .. } => [proof.column_parts[*column as usize]].into(),
        };
        if parts.len() > 1 {
            return Err(Flaw::PartsRuled { rule });
        }
        let Some(&part) = parts.first() else { continue };
        let ground = &mut grounds[part as usize];
        match stated {
            Rule::Together { members, .. } => {
                ground.groups.push(rule);
                for (member, rows) in members.iter().enumerate() {
                    ground.members.extend(rows.iter().map(|&row| (row, (rule, member))));
                }
            }
            Rule::Choice { ways, at_most } => {
                let most = |way: &Vec<usize>| {
                    let rows: BTreeSet<u32> = way.iter().map(|&edge| edges[edge].row).collect();
                    let columns: BTreeSet<u32> = way.iter().map(|&edge| edges[edge].column).collect();
                    let asked: i128 = rows.iter().map(|&row| i128::from(demands[row as usize])).sum();
                    let given: i128 =
                        columns.iter().map(|&column| i128::from(capacities[column as usize])).sum();
                    asked.min(given).max(1)
                };
                if let (Some(&[first]), 1) = (ways.first().map(Vec::as_slice), *at_most) {
                    let row = edges[first].row;
                    let named: BTreeSet<usize> =
                        ways.iter().filter(|way| way.len() == 1).flatten().copied().collect();
                    let (_, offers) = &ground.rows[&row];
                    if offers.iter().all(|(number, ..)| named.contains(number)) {
                        ground.sole.insert(row);
                    }
                }
                ground.choices.push((rule, ways.iter().map(most).collect()));
            }
            Rule::Lots { column, lot } => {
                let from_column = (0..).zip(&edges).filter(|(_, edge)| edge.column == *column);
                ground.lots.extend(from_column.map(|(number, _): (usize, _)| (number, i128::from(*lot))));
                // What is left of the last lot can go to nobody.
                let capacity = &mut ground.capacities[places[*column as usize]];
                *capacity -= *capacity % i128::from(*lot);
            }
        }
    }
    for ground in &mut grounds {
        for (rule, _) in &ground.choices {
            let Rule::Choice { ways, at_most: 1 } = &mixed.rules()[*rule] else { continue };
            if chooses_between_edges(ways, &edges) {
                // It says nothing of whole rows, even where the row has but one edge.
                continue;
            }
            if let Some(row_ways) = ground.row_ways(*rule, ways, &edges) {
                ground.dividing.insert(*rule);
                ground.row_ways.extend(row_ways);
            } else if let Some(members) = ground.rivals(ways, &edges) {
                ground.rivals.extend(members.into_iter().map(|member| (member, *rule)));
            }
        }
        let rows = ground.rows.values().enumerate();
        let edge_rows =
            rows.flat_map(|(place, (_, edges))| edges.iter().map(move |(number, ..)| (*number, place)));
        ground.edge_rows = edge_rows.collect();
        let ways = ground.choices.iter().flat_map(|(rule, _)| match &mixed.rules()[*rule] {
            Rule::Choice { ways, .. } => ways.as_slice(),
            Rule::Together { .. } | Rule::Lots { .. } => &[],
        });
        for &number in ways.flatten() {
            let edge = edges[number];
            let (demand, _) = &ground.rows[&edge.row];
            let capacity = &ground.capacities[places[edge.column as usize]];
            ground.fullest.insert(number, *demand.min(capacity));
        }
        for (demand, edges) in ground.rows.values() {
            for (number, _, place) in edges {
                let fullest = *demand.min(&ground.capacities[*place]);
                if let Some(lot) = ground.lots.get(number) {
                    ground.bounds.insert(*number, (0, fullest / lot * lot));
                } else if fullest < *demand && ground.fullest.contains_key(number) {
                    ground.bounds.insert(*number, (0, fullest));
                }
            }
        }
    }
    Ok(grounds)
}

/// Whether each way is one edge, all of the same row.
fn chooses_between_edges(ways: &[Vec<usize>], edges: &[Edge]) -> bool {
    let rows: Option<BTreeSet<u32>> = ways
        .iter()
        .map(|way| match way[..] {
            [edge] => Some(edges[edge].row),
            _ => None,
        })
        .collect();
    rows.is_some_and(|rows| rows.len() == 1)
}

/// A node above the one that is looked at.
enum Node<'a> {
    /// Whether the first answer is being followed up, and what the first came to if it is not.
    Asked { question: Question, first: bool, best: Option<i128> },
    /// Which piece is being looked at, and what those before come to.
    Fallen { pieces: &'a Pieces, number: u32, sum: Option<i128> },
}

impl Ground {
    /// The way of each row, if the ways are whole rows, each in one of them, that are neither members nor in another such
    /// choice.
    fn row_ways(
        &self,
        rule: usize,
        ways: &[Vec<usize>],
        edges: &[Edge],
    ) -> Option<BTreeMap<u32, (usize, usize)>> {
        let mut row_ways = BTreeMap::new();
        for (way, named) in ways.iter().enumerate() {
            let named: BTreeSet<usize> = named.iter().copied().collect();
            let rows: BTreeSet<u32> = named.iter().map(|&edge| edges[edge].row).collect();
            for row in rows {
                let (_, offers) = &self.rows[&row];
                let is_whole = offers.iter().all(|(number, ..)| named.contains(number));
                let is_taken = self.members.contains_key(&row) || self.row_ways.contains_key(&row);
                if !is_whole || is_taken || row_ways.insert(row, (rule, way)).is_some() {
                    return None;
                }
            }
        }
        Some(row_ways)
    }

    /// The members that the ways are, if each is a whole one, all of one group, none in another such choice.
    fn rivals(&self, ways: &[Vec<usize>], edges: &[Edge]) -> Option<BTreeSet<(usize, usize)>> {
        let mut members = BTreeSet::new();
        for named in ways {
            let named: BTreeSet<usize> = named.iter().copied().collect();
            let of = |edge: usize| self.members.get(&edges[edge].row).copied();
            let member = of(*named.first()?)?;
            let rows = self.members.iter().filter(|(_, of)| **of == member);
            let whole: BTreeSet<usize> =
                rows.flat_map(|(row, _)| self.rows[row].1.iter().map(|(number, ..)| *number)).collect();
            if named != whole || self.rivals.contains_key(&member) || !members.insert(member) {
                return None;
            }
        }
        let groups: BTreeSet<usize> = members.iter().map(|(rule, _)| *rule).collect();
        (groups.len() == 1).then_some(members)
    }

    /// What no flow in this part exceeds: point 4, and point 5 at every leaf.
    fn bound(&self, mixed: &Mixed, part: usize, proof: &PartProof) -> Result<i128, Flaw> {
        let cuts = (0..)
            .zip(&proof.cuts)
            .map(|(place, cut)| self.ruled(mixed, cut).ok_or(Flaw::CutUnfounded { part, cut: place }));
        let cuts = cuts.collect::<Result<Vec<Ruled>, Flaw>>()?;
        for prices in &proof.prices {
            let fits = prices.columns.len() == self.capacities.len()
                && prices.rules.len() == self.choices.len()
                && prices.cuts.len() == cuts.len();
            let mut all = prices.columns.iter().chain(&prices.rules).chain(&prices.cuts);
            if !fits || all.any(|&price| price < 0) {
                return Err(Flaw::PricesUnfit { part });
            }
        }
        let falls_fit = proof.falls.iter().all(|pieces| self.fits(pieces));
        if !falls_fit {
            return Err(Flaw::PiecesUnfit { part });
        }
        self.told(mixed, part, proof, &cuts).map(|most| most.unwrap_or(0).max(0))
    }

    /// What the tree proves. `None`: that there is nothing at all.
    fn told(
        &self,
        mixed: &Mixed,
        part: usize,
        proof: &PartProof,
        cuts: &[Ruled],
    ) -> Result<Option<i128>, Flaw> {
        let mut above: Vec<Node> = Vec::new();
        let mut scopes: Vec<Scope> = Vec::new();
        let mut steps = proof.steps.iter();
        loop {
            let mut most = match steps.next() {
                None => return Err(Flaw::TreeUnfinished { part }),
                Some(&Step::Ask(question)) => {
                    if !self.knows(mixed, question) {
                        return Err(Flaw::QuestionMeaningless { part, question });
                    }
                    above.push(Node::Asked { question, first: true, best: None });
                    continue;
                }
                Some(&Step::Apart(place)) => {
                    let pieces = proof.falls.get(place as usize).ok_or(Flaw::PiecesUnfit { part })?;
                    let answers = self.answers(mixed, &above);
                    if answers.is_some_and(|answers| self.are_joined(mixed, &answers, scopes.last(), pieces))
                    {
                        return Err(Flaw::PiecesJoined { part });
                    }
                    above.push(Node::Fallen { pieces, number: 0, sum: Some(0) });
                    scopes.push(Scope::of(pieces, 0, scopes.last()));
                    continue;
                }
                Some(&Step::Leaf(place)) => {
                    let prices = proof.prices.get(place as usize).ok_or(Flaw::PricesUnfit { part })?;
                    let answers = self.answers(mixed, &above);
                    answers.and_then(|answers| self.leaf(mixed, &answers, scopes.last(), prices, cuts))
                }
            };
            loop {
                match above.pop() {
                    None if steps.next().is_some() => return Err(Flaw::TreeUnfinished { part }),
                    None => return Ok(most),
                    Some(Node::Asked { question, first: true, .. }) => {
                        above.push(Node::Asked { question, first: false, best: most });
                        break;
                    }
                    Some(Node::Asked { first: false, best, .. }) => most = most.max(best),
                    Some(Node::Fallen { pieces, number, sum }) => {
                        scopes.pop();
                        let sum = sum.zip(most).map(|(sum, most)| sum + most);
                        if number + 1 < pieces.count {
                            above.push(Node::Fallen { pieces, number: number + 1, sum });
                            scopes.push(Scope::of(pieces, number + 1, scopes.last()));
                            break;
                        }
                        most = sum;
                    }
                }
            }
        }
    }

    fn knows(&self, mixed: &Mixed, question: Question) -> bool {
        match question {
            Question::Member { rule, member } => {
                self.groups.contains(&rule)
                    && matches!(&mixed.rules()[rule], Rule::Together { members, .. } if member < members.len())
            }
            Question::Way { rule, way } => {
                self.choices.iter().any(|(choice, ways)| *choice == rule && way < ways.len())
            }
            Question::Lots { edge, .. } => self.lots.contains_key(&edge),
        }
    }
}
