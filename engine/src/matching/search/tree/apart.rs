//! What has been decided may take a node apart: into pieces that share neither an edge nor a rule. Each is a question of its own.
//!
//! Where every piece is left with one choice in doubt, one tree over all of them has a leaf for every combination; a tree for each
//! has two leaves. The bound of the node is the sum of theirs. A piece is of interest only above what is left of the best flow
//! when all other pieces give what their bounds say: that is its own search's aim.
#![expect(clippy::indexing_slicing, reason = "positions are those of the part the tree is about")]

use std::rc::Rc;

use super::{IMPOSSIBLE, State, Tree};
use crate::matching::search::fixings::{Fixed, Fixings};
use crate::matching::search::narrowing::{narrowed, prices_of};
use crate::matching::search::outline::{Labels, Outline};
use crate::matching::search::part::{Part, Sets};
use crate::matching::search::prices::{Ascent, Prices, Reading};

/// Looks that a piece is allowed each time the node comes up.
const PIECE_LOOKS: u64 = 500;

/// A node in pieces.
#[derive(Default)]
pub(super) struct Apart {
    pub(super) labels: Labels,
    pub(super) pieces: Vec<Piece>,
}

/// One piece.
pub(super) struct Piece {
    small: Rc<Part>,
    start: Prices,
    /// Its search, from the first time it is looked at until it is closed.
    tree: Option<Tree>,
    /// What the search said when it was closed.
    told: Option<Outline>,
    bound: i128,
    /// The best flow found, and what it earns.
    best: Option<(i128, Vec<i64>)>,
}

impl Piece {
    fn new(small: Part, prices: &Prices) -> Piece {
        let start = prices_of(&small, prices);
        let mut reading = Reading::default();
        Ascent::new(&small, &[], &Fixings::none(&small)).read(&start, &mut reading);
        let bound = reading.bound.unwrap_or(IMPOSSIBLE);
        Piece { small: Rc::new(small), start, tree: None, told: None, bound, best: None }
    }

    /// Its tree in the numbering of the part it is of.
    pub(super) fn outline(&self, part: &Part) -> Outline {
        let outline = match (&self.told, &self.tree) {
            (Some(told), _) => told.clone(),
            (None, Some(tree)) => tree.outline(),
            (None, None) => Outline::leaf(self.start.clone()),
        };
        outline.lifted(&self.small, part)
    }

    fn earned(&self) -> Option<i128> {
        self.best.as_ref().map(|(earned, _)| *earned)
    }

    /// Searches on, for what is worth more than the aim and than this flow. How many looks it took.
    fn work(&mut self, aim: i128, known: Option<Vec<i64>>, looks: u64) -> u64 {
        let known = known.map(|units| (self.small.earned(&units), units));
        let known = known.filter(|(earned, _)| *earned > aim);
        let before = self.tree.as_ref().map_or(0, |tree| tree.steps);
        let mut tree = self.tree.take().unwrap_or_else(|| {
            let units = known.as_ref().map(|(_, units)| units.clone());
            Tree::near(&self.small, self.start.clone(), units, aim)
        });
        if aim > tree.objective {
            tree.objective = aim;
            tree.has_flow = false;
        }
        if let Some((earned, units)) = known.filter(|(earned, _)| *earned > tree.objective) {
            (tree.objective, tree.units, tree.has_flow) = (earned, units, true);
        }
        tree.work(before + looks);
        self.bound = self.bound.min(tree.bound_of_leaves());
        if tree.has_flow && self.earned().is_none_or(|earned| earned < tree.objective) {
            self.best = Some((tree.objective, tree.units.clone()));
        }
        let took = tree.steps - before;
        if self.bound <= tree.objective || tree.open.is_empty() {
            self.told = Some(tree.outline());
        } else {
            self.tree = Some(tree);
        }
        took
    }
}

impl Tree {
    /// Takes a node apart if it falls into pieces of which several leave something open.
    pub(super) fn fall_apart(&mut self, node: u32, fixings: &Fixings, prices: &Prices) -> bool {
        let Some((labels, rows)) = pieces(&self.part, fixings) else { return false };
        let pieces = rows.iter().map(|rows| Piece::new(narrowed(&self.part, fixings, None, rows), prices));
        let pieces = pieces.collect();
        self.steps += 1;
        self.nodes[node as usize].apart = Some(self.aparts.len() as u32);
        self.aparts.push(Apart { labels, pieces });
        true
    }

    /// Works on the pieces of a node for a while, the small ones first.
    pub(super) fn visit(&mut self, node: u32, number: u32, steps_max: u64) {
        let agrees = self.agrees(&self.fixings_of(node));
        let Apart { labels, mut pieces } = std::mem::take(&mut self.aparts[number as usize]);
        let all = self.part.values.len().max(1) as u64;
        for place in 0..pieces.len() {
            let total = together(&pieces);
            if total <= self.objective || self.steps >= steps_max {
                break;
            }
            let piece = &mut pieces[place];
            if piece.told.is_some() {
                continue;
            }
            let aim = (self.objective - (total - piece.bound)).max(-1);
            let names = &piece.small.edge_names;
            let known = agrees.then(|| names.iter().map(|&edge| self.units[edge]).collect());
            let here = names.len().max(1) as u64;
            let left = (steps_max - self.steps).saturating_mul(all) / here;
            let looks = piece.work(aim, known, left.min(PIECE_LOOKS));
            self.steps += 1 + looks * here / all;
        }
        let total = together(&pieces);
        let earned = pieces.iter().map(Piece::earned).sum::<Option<i128>>();
        if let Some(earned) = earned.filter(|&earned| earned > self.objective) {
            self.objective = earned;
            self.has_flow = true;
            self.units.fill(0);
            for piece in &pieces {
                let flow = piece.best.iter().flat_map(|(_, units)| units);
                for (&edge, &units) in piece.small.edge_names.iter().zip(flow) {
                    self.units[edge] = units;
                }
            }
        }
        self.aparts[number as usize] = Apart { labels, pieces };
        let at = &mut self.nodes[node as usize];
        if total <= at.bound {
            at.bound = total;
            at.state = State::Apart(number);
        }
    }

    /// Whether more work on a node in pieces may come to anything.
    pub(super) fn is_open(&self, number: u32) -> bool {
        self.aparts[number as usize].pieces.iter().any(|piece| piece.told.is_none())
    }

    /// Whether the best flow does what has been decided.
    fn agrees(&self, fixings: &Fixings) -> bool {
        let edges = self.units.iter().zip(&fixings.least).zip(&fixings.most);
        let served = self.part.served(&self.units);
        self.has_flow
            && edges.into_iter().all(|((units, least), most)| least <= units && units <= most)
            && fixings.members.iter().zip(served).all(|(&fixed, served)| match fixed {
                Fixed::Open => true,
                Fixed::Yes => served,
                Fixed::No => !served,
            })
    }
}

/// What the bounds of all pieces come to.
fn together(pieces: &[Piece]) -> i128 {
    let is_possible = pieces.iter().all(|piece| piece.bound != IMPOSSIBLE);
    if is_possible { pieces.iter().map(|piece| piece.bound).sum() } else { IMPOSSIBLE }
}

/// The pieces of what is left, by their rows, if several of them leave something open; those that do not are one.
fn pieces(part: &Part, fixings: &Fixings) -> Option<(Labels, Vec<Vec<u32>>)> {
    let rows = part.demands.len();
    let mut sets = Sets::new(rows + part.capacities.len());
    let member = |row: usize| part.member_of[row].map(|(_, member)| fixings.members[member as usize]);
    let is_gone = |row: usize| member(row) == Some(Fixed::No);
    let is_left = |edge: usize| !fixings.is_closed(edge) && !is_gone(part.rows[edge] as usize);
    for edge in (0..part.values.len()).filter(|&edge| is_left(edge)) {
        sets.join(part.rows[edge], rows as u32 + part.columns[edge]);
    }
    for group in &part.groups {
        let members =
            (group.first..).zip(&group.members).filter(|(member, _)| fixings.members[*member] != Fixed::No);
        let is_open = members.clone().any(|(member, _)| fixings.members[member] == Fixed::Open);
        let mut rows = members.flat_map(|(_, rows)| rows).filter(|_| is_open);
        if let Some(&first) = rows.next() {
            rows.for_each(|&row| sets.join(first, row));
        }
    }
    let mut is_open = vec![false; rows + part.capacities.len()];
    for limit in &part.limits {
        let mut edges = limit.ways.iter().flat_map(|way| &way.edges).filter(|&&edge| is_left(edge as usize));
        if let Some(&first) = edges.next() {
            let first = part.rows[first as usize];
            edges.for_each(|&edge| sets.join(first, part.rows[edge as usize]));
        }
    }
    for row in (0..rows).filter(|&row| member(row) == Some(Fixed::Open)) {
        is_open[sets.leader(row as u32) as usize] = true;
    }
    let undecided = (0..fixings.ways.len()).filter(|&way| fixings.ways[way] == Fixed::Open);
    let undecided = undecided.flat_map(|way| {
        let limit = &part.limits[part.way_limits[way] as usize];
        &limit.ways[way - limit.first].edges
    });
    for &edge in undecided.chain(&part.in_lots).filter(|&&edge| is_left(edge as usize)) {
        if fixings.least[edge as usize] < fixings.most[edge as usize] {
            is_open[sets.leader(part.rows[edge as usize]) as usize] = true;
        }
    }
    let mut numbers: Vec<Option<u32>> = vec![None; is_open.len()];
    let mut lists: Vec<Vec<u32>> = Vec::new();
    let mut rest = Vec::new();
    for row in (0..rows as u32).filter(|&row| !is_gone(row as usize)) {
        let leader = sets.leader(row) as usize;
        if is_open[leader] {
            let number = *numbers[leader].get_or_insert(lists.len() as u32) as usize;
            lists.resize(lists.len().max(number + 1), Vec::new());
            lists[number].push(row);
        } else if part.edges_of(row as usize).any(is_left) {
            rest.push(row);
        }
    }
    if lists.len() < 2 {
        return None;
    }
    // The small ones first: what they come to narrows what the others are asked for.
    let mut order: Vec<usize> = (0..lists.len()).collect();
    order.sort_by_key(|&number| (lists[number].len(), number));
    let mut places = vec![0u32; lists.len()];
    for (place, &number) in (0..).zip(&order) {
        places[number] = place;
    }
    let mut lists: Vec<Vec<u32>> = order.iter().map(|&number| std::mem::take(&mut lists[number])).collect();
    let others = if rest.is_empty() { 0 } else { lists.len() as u32 };
    lists.extend(Some(rest).filter(|rest| !rest.is_empty()));
    let label =
        |node: u32| numbers[sets.leader(node) as usize].map_or(others, |number| places[number as usize]);
    let mut labels: Vec<u32> = (0..is_open.len() as u32).map(label).collect();
    let columns = labels.split_off(rows);
    Some((Labels { rows: labels, columns, count: lists.len() as u32 }, lists))
}
