//! Better flows near the best one: a few rows are freed, the others stay, and the same search answers what is left.
//!
//! Large neighbourhoods in the manner of Shaw (Principles and Practice of Constraint Programming 1998), chosen by prices: the gap
//! is a sum over rows and columns (`prices/regrets.rs`), so freed is what is near the row or column that accounts for most of
//! it, by edges that cost little at these prices. First few rows, and more when fewer lead nowhere.
#![expect(clippy::indexing_slicing, reason = "nodes are the part's rows and then its columns")]

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::rc::Rc;

use super::Tree;
use crate::matching::search::fixings::Fixings;
use crate::matching::search::narrowing::{narrowed, prices_of};
use crate::matching::search::part::Part;
use crate::matching::search::prices::{Ascent, Reading, Regrets};

/// Rows freed at first, and how many times as many when that leads nowhere any more.
const ROWS_FIRST: usize = 32;
const GROWTH: usize = 2;

/// Looks allowed for a small question.
const LOOKS_MAX: u64 = 3_000;

/// What has been looked at, and what is next.
#[derive(Debug, Default)]
pub(super) struct Nearby {
    /// How many rows are freed at once.
    rows_most: usize,
    /// Rows and columns to start from, the last first.
    waiting: Vec<u32>,
    /// Rows and columns that were free since something near them changed.
    settled: Vec<bool>,
    regrets: Option<Regrets>,
    /// Steps taken.
    spent: u64,
    over: bool,
}

impl Nearby {
    /// Whether something is left to be freed, and less than so many steps have been spent on it.
    pub(super) fn is_due(&self, steps: u64) -> bool {
        !self.over && self.spent < steps
    }
}

impl Tree {
    /// Answers one small question. Its flow is kept if it is better.
    pub(super) fn look_nearby(&mut self) {
        let before = self.steps;
        if let Some(rows) = self.next_rows() {
            self.answer(&rows);
        }
        self.nearby.spent += self.steps - before;
    }

    fn next_rows(&mut self) -> Option<Vec<u32>> {
        let nodes = self.part.demands.len() + self.part.capacities.len();
        loop {
            if self.nearby.regrets.is_none() {
                let regrets = self.regrets();
                let mut waiting: Vec<u32> =
                    (0..nodes as u32).filter(|&node| regrets.nodes[node as usize] > 0).collect();
                waiting.sort_by_key(|&node| (regrets.nodes[node as usize], Reverse(node)));
                self.nearby.regrets = Some(regrets);
                self.nearby.waiting = waiting;
            }
            while let Some(seed) = self.nearby.waiting.pop() {
                if !self.nearby.settled.get(seed as usize).is_some_and(|&settled| settled) {
                    let rows = self.around(seed);
                    if rows.len() > 1 {
                        return Some(rows);
                    }
                }
            }
            if self.nearby.rows_most >= self.part.demands.len() {
                self.nearby.over = true;
                return None;
            }
            self.nearby.rows_most = (self.nearby.rows_most * GROWTH).max(ROWS_FIRST);
            self.nearby.settled = vec![false; nodes];
            self.nearby.regrets = None;
        }
    }

    fn regrets(&mut self) -> Regrets {
        let fixings = Fixings::none(&self.part);
        let mut ascent = Ascent::new(&self.part, &self.cuts, &fixings);
        let mut reading = Reading::default();
        let prices = &self.prices[self.nodes[0].prices as usize];
        ascent.read(prices, &mut reading);
        self.steps += 1;
        ascent.regrets(prices, &reading, &self.units)
    }

    /// The rows nearest to one, in ascending order.
    fn around(&self, seed: u32) -> Vec<u32> {
        let part = Rc::clone(&self.part);
        let part = &*part;
        let rows = part.demands.len();
        let Some(regrets) = &self.nearby.regrets else { return Vec::new() };
        let gap = self.nodes[0].bound - self.objective;
        let columns = rows + part.capacities.len();
        let served = part.served(&self.units);
        let mut far = vec![i128::MAX; columns + part.groups.len()];
        let mut ahead = BinaryHeap::from([Reverse((0, 0u32, seed))]);
        far[seed as usize] = 0;
        let mut free = vec![false; rows];
        let mut count = 0;
        while let Some(Reverse((distance, hops, node))) = ahead.pop() {
            if far[node as usize] < distance || count >= self.nearby.rows_most {
                continue;
            }
            let node = node as usize;
            let mut reach = |next: usize, loss: i128| {
                let there = distance.saturating_add(loss);
                if there <= gap && there < far[next] {
                    far[next] = there;
                    ahead.push(Reverse((there, hops + 1, next as u32)));
                }
            };
            let loss = |edge: usize| if self.units[edge] > 0 { 0 } else { regrets.losses[edge] };
            if node >= columns {
                for &row in part.groups[node - columns].members.iter().flatten() {
                    count += usize::from(!std::mem::replace(&mut free[row as usize], true));
                    reach(row as usize, 0);
                }
            } else if node >= rows {
                for edge in self.by_column[node - rows].iter().map(|&edge| edge as usize) {
                    let row = part.rows[edge] as usize;
                    let loss = if self.units[edge] > 0 { regrets.leaving[row] } else { regrets.losses[edge] };
                    reach(row, loss);
                }
            } else {
                let mut can_move = true;
                if let Some((group, member)) = part.member_of[node] {
                    reach(columns + group as usize, regrets.turning[group as usize]);
                    can_move = served[member as usize] || free[node];
                }
                if can_move {
                    count += usize::from(!std::mem::replace(&mut free[node], true));
                    part.edges_of(node)
                        .for_each(|edge| reach(rows + part.columns[edge] as usize, loss(edge)));
                }
            }
        }
        (0..rows as u32).filter(|&row| free[row as usize]).collect()
    }

    fn answer(&mut self, rows: &[u32]) {
        let small = Rc::new(narrowed(&self.part, &Fixings::none(&self.part), Some(&self.units), rows));
        let start = prices_of(&small, &self.prices[self.nodes[0].prices as usize]);
        let units: Vec<i64> = small.edge_names.iter().map(|&edge| self.units[edge]).collect();
        let before = small.earned(&units);
        let mut tree = Tree::near(&small, start, Some(units), before);
        tree.work(LOOKS_MAX);
        self.steps += 1 + tree.steps * small.values.len() as u64 / self.part.values.len().max(1) as u64;
        let nodes = self.part.demands.len();
        for &row in rows {
            self.nearby.settled[row as usize] = true;
        }
        for &column in &small.column_names {
            self.nearby.settled[nodes + column as usize] = true;
        }
        if tree.objective > before {
            self.objective += tree.objective - before;
            for (&edge, &units) in small.edge_names.iter().zip(&tree.units) {
                if self.units[edge] != units {
                    self.units[edge] = units;
                    self.unsettle(edge);
                }
            }
            self.nearby.regrets = None;
        }
    }

    /// What is next to a change may be worth another look.
    fn unsettle(&mut self, edge: usize) {
        let column = self.part.columns[edge] as usize;
        self.nearby.settled[self.part.demands.len() + column] = false;
        for &edge in &self.by_column[column] {
            self.nearby.settled[self.part.rows[edge as usize] as usize] = false;
        }
    }
}

/// The edges of each column.
pub(super) fn by_column(part: &Part) -> Vec<Vec<u32>> {
    let mut by_column = vec![Vec::new(); part.capacities.len()];
    for (edge, &column) in (0u32..).zip(&part.columns) {
        by_column[column as usize].push(edge);
    }
    by_column
}
