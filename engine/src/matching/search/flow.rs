//! A flow that stays the best while what it is asked changes: rows closed or to be served in full, edges bounded.
//!
//! Rows send their demand, columns want their capacity, and the root takes what rows do not get rid of and gives what
//! columns do not get. Potentials keep every way of sending a unit round a loop from earning anything; a change may
//! leave units with nowhere to be, and each is sent along the cheapest path to where one is missing (successive shortest
//! paths with Dijkstra, after Busacker and Gowen 1960 and Edmonds and Karp 1972). What does not change is not touched. A
//! row to be served in full may fail at a penalty larger than anything could earn: what still fails cannot be served.
#![expect(
    clippy::indexing_slicing,
    reason = "nodes and edges are numbered by the part the flow was made for"
)]

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::rc::Rc;

use super::fixings::Fixings;
use super::part::Part;
use super::prices::Prices;

const FAR: i64 = i64::MAX;

/// What a flow is asked at a node: which members to serve, and the bounds of each edge.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    pub(super) taken: Vec<bool>,
    pub(super) least: Vec<i64>,
    pub(super) most: Vec<i64>,
}

impl Wanted {
    pub(super) fn new(fixings: &Fixings, taken: &[bool]) -> Wanted {
        Wanted { taken: taken.to_vec(), least: fixings.least.clone(), most: fixings.most.clone() }
    }
}

/// How a unit reaches a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Via {
    /// Along an edge, up or down.
    Edge(u32),
    /// From or to the root, by the slack of the row or column at the other end.
    Slack,
}

/// The flow and what proves it.
pub(super) struct Flow {
    part: Rc<Part>,
    by_column: Vec<Vec<u32>>,
    demands: Vec<i64>,
    /// What a unit earns that a row keeps: 0, or minus the penalty where the row is to be served in full.
    kept_worth: Vec<i64>,
    least: Vec<i64>,
    most: Vec<i64>,
    /// Units along each edge.
    units: Vec<i64>,
    /// Units a row does not get.
    kept: Vec<i64>,
    /// Units a column does not give.
    idle: Vec<i64>,
    /// Of rows, columns and the root.
    potentials: Vec<i64>,
    excess: Vec<i64>,
    distance: Vec<i64>,
    via: Vec<(u32, Via)>,
    heap: BinaryHeap<Reverse<(i64, u32)>>,
    touched: Vec<u32>,
    /// Paths looked for so far.
    pub(super) paths: u64,
}

impl Flow {
    /// Nothing sent and nothing asked, at these prices.
    pub(super) fn new(part: &Rc<Part>, prices: &Prices) -> Self {
        let (rows, columns) = (part.demands.len(), part.capacities.len());
        let nodes = rows + columns + 1;
        let mut by_column = vec![Vec::new(); columns];
        for (edge, &column) in (0u32..).zip(&part.columns) {
            by_column[column as usize].push(edge);
        }
        let mut potentials = vec![0; nodes];
        let mut excess = vec![0; nodes];
        for column in 0..columns {
            potentials[rows + column] = -prices.columns[column];
            excess[rows + column] = -part.capacities[column];
        }
        excess[rows + columns] = part.capacities.iter().sum();
        let mut flow = Flow {
            part: Rc::clone(part),
            by_column,
            demands: vec![0; rows],
            kept_worth: vec![0; rows],
            least: vec![0; part.values.len()],
            most: vec![0; part.values.len()],
            units: vec![0; part.values.len()],
            kept: vec![0; rows],
            idle: vec![0; columns],
            potentials,
            excess,
            distance: vec![FAR; nodes],
            via: vec![(0, Via::Slack); nodes],
            heap: BinaryHeap::new(),
            touched: Vec::new(),
            paths: 0,
        };
        for row in 0..rows {
            flow.seat(row);
        }
        flow
    }

    pub(super) fn units(&self) -> &[i64] {
        &self.units
    }

    /// Whether a row to be served in full is not.
    pub(super) fn fails(&self, row: usize) -> bool {
        self.kept[row] > 0 && self.kept_worth[row] < 0
    }

    /// What the flow earns, penalties left out.
    pub(super) fn earned(&self) -> i128 {
        self.part.earned(&self.units)
    }

    /// The column prices that prove it the best.
    pub(super) fn prices(&self) -> Prices {
        let rows = self.part.demands.len();
        let (columns, root) = self.potentials[rows..].split_at(self.part.capacities.len());
        let root = root.first().copied().unwrap_or(0);
        Prices {
            columns: columns.iter().map(|&potential| root - potential).collect(),
            limits: vec![0; self.part.limits.len()],
            cuts: Vec::new(),
        }
    }

    /// Makes it the best flow for what is wanted. False if the bounds leave none at all.
    pub(super) fn arrange(&mut self, wanted: &Wanted) -> bool {
        for row in 0..self.part.demands.len() {
            let (demand, kept_worth) = match self.part.member_of[row] {
                Some((_, member)) if wanted.taken[member as usize] => {
                    (self.part.demands[row], -self.part.penalty)
                }
                Some(_) => (0, 0),
                None => (self.part.demands[row], 0),
            };
            let edges = self.part.edges_of(row);
            let same = demand == self.demands[row]
                && kept_worth == self.kept_worth[row]
                && (demand == 0
                    || (wanted.least[edges.clone()] == self.least[edges.clone()]
                        && wanted.most[edges.clone()] == self.most[edges.clone()]));
            if same {
                continue;
            }
            let root = self.root();
            self.excess[root] -= demand - self.demands[row];
            self.excess[row] += demand - self.demands[row];
            self.demands[row] = demand;
            self.kept_worth[row] = kept_worth;
            if demand == 0 {
                self.least[edges.clone()].fill(0);
                self.most[edges].fill(0);
            } else {
                self.least[edges.clone()].copy_from_slice(&wanted.least[edges.clone()]);
                self.most[edges.clone()].copy_from_slice(&wanted.most[edges]);
            }
            self.seat(row);
        }
        self.settle()
    }

    fn root(&self) -> usize {
        self.excess.len() - 1
    }

    /// Sets a row's units and its potential anew, right for the prices of now; what finds no place is left as excess.
    fn seat(&mut self, row: usize) {
        let root = self.root();
        let edges = self.part.edges_of(row);
        let kept = std::mem::take(&mut self.kept[row]);
        self.excess[row] += kept;
        self.excess[root] -= kept;
        for edge in edges.clone() {
            self.send(row, edge, -self.units[edge]);
        }
        let at_root = self.potentials[root];
        let mut order = Vec::with_capacity(edges.len());
        for edge in edges {
            if self.most[edge] > 0 {
                self.send(row, edge, self.least[edge]);
                order.push((Reverse(self.part.values[edge] + self.column_potential(edge)), edge));
            }
        }
        order.sort_unstable();
        self.potentials[row] = at_root + self.kept_worth[row];
        for (Reverse(worth), edge) in order {
            let room = self.most[edge] - self.least[edge];
            if room == 0 {
                continue;
            }
            if worth <= at_root + self.kept_worth[row] {
                break;
            }
            if room >= self.excess[row] {
                self.potentials[row] = worth;
                break;
            }
            self.send(row, edge, room);
        }
    }

    fn column_potential(&self, edge: usize) -> i64 {
        self.potentials[self.part.demands.len() + self.part.columns[edge] as usize]
    }

    fn send(&mut self, row: usize, edge: usize, units: i64) {
        self.units[edge] += units;
        self.excess[row] -= units;
        self.excess[self.part.demands.len() + self.part.columns[edge] as usize] += units;
    }

    /// Sends every excess to where units are missing. False if some cannot go anywhere.
    fn settle(&mut self) -> bool {
        for node in 0..self.excess.len() {
            while self.excess[node] > 0 {
                if !self.relieve(node) {
                    return false;
                }
            }
        }
        true
    }

    /// Sends from one node what can be sent along the cheapest path to a node that misses some. False if there is none.
    fn relieve(&mut self, start: usize) -> bool {
        self.paths += 1;
        self.heap.clear();
        self.touched.clear();
        self.reach(start, 0, (start as u32, Via::Slack));
        let mut end = None;
        while let Some(Reverse((far, node))) = self.heap.pop() {
            let node = node as usize;
            if far > self.distance[node] {
                continue;
            }
            if self.excess[node] < 0 {
                end = Some((node, far));
                break;
            }
            self.look_from(node, far);
        }
        let nearest = end.map_or(0, |(_, far)| far);
        for place in 0..self.touched.len() {
            let node = self.touched[place] as usize;
            if end.is_some() {
                self.potentials[node] += self.distance[node].min(nearest) - nearest;
            }
            self.distance[node] = FAR;
        }
        if let Some((end, _)) = end {
            self.push(start, end);
        }
        end.is_some()
    }

    /// Everything one step from a node.
    fn look_from(&mut self, node: usize, far: i64) {
        let part = Rc::clone(&self.part);
        let (rows, root) = (part.demands.len(), self.root());
        let at = self.potentials[node];
        let from = node as u32;
        if node < rows {
            for edge in part.edges_of(node) {
                if self.units[edge] < self.most[edge] {
                    let column = rows + part.columns[edge] as usize;
                    let cost = at - self.potentials[column] - part.values[edge];
                    self.reach(column, far + cost, (from, Via::Edge(edge as u32)));
                }
            }
            self.reach(root, far + at - self.potentials[root] - self.kept_worth[node], (from, Via::Slack));
        } else if node < root {
            for place in 0..self.by_column[node - rows].len() {
                let edge = self.by_column[node - rows][place] as usize;
                if self.units[edge] > self.least[edge] {
                    let row = part.rows[edge] as usize;
                    let cost = part.values[edge] + at - self.potentials[row];
                    self.reach(row, far + cost, (from, Via::Edge(edge as u32)));
                }
            }
            if self.idle[node - rows] > 0 {
                self.reach(root, far + at - self.potentials[root], (from, Via::Slack));
            }
        } else {
            for row in 0..rows {
                if self.kept[row] > 0 {
                    let cost = self.kept_worth[row] + at - self.potentials[row];
                    self.reach(row, far + cost, (from, Via::Slack));
                }
            }
            for column in rows..root {
                self.reach(column, far + at - self.potentials[column], (from, Via::Slack));
            }
        }
    }

    fn reach(&mut self, node: usize, far: i64, via: (u32, Via)) {
        if far < self.distance[node] {
            if self.distance[node] == FAR {
                self.touched.push(node as u32);
            }
            self.distance[node] = far;
            self.via[node] = via;
            self.heap.push(Reverse((far, node as u32)));
        }
    }

    /// Moves along the path just found what every step of it can carry.
    fn push(&mut self, start: usize, end: usize) {
        let mut amount = self.excess[start].min(-self.excess[end]);
        let mut node = end;
        while node != start {
            let (from, via) = self.via[node];
            amount = amount.min(self.room(from as usize, node, via));
            node = from as usize;
        }
        let mut node = end;
        while node != start {
            let (from, via) = self.via[node];
            self.carry(from as usize, node, via, amount);
            node = from as usize;
        }
        self.excess[start] -= amount;
        self.excess[end] += amount;
    }

    /// How much one step of a path can carry.
    fn room(&self, from: usize, to: usize, via: Via) -> i64 {
        let rows = self.part.demands.len();
        match via {
            Via::Edge(edge) if from < rows => self.most[edge as usize] - self.units[edge as usize],
            Via::Edge(edge) => self.units[edge as usize] - self.least[edge as usize],
            Via::Slack if from == self.root() && to < rows => self.kept[to],
            Via::Slack if to == self.root() && from >= rows => self.idle[from - rows],
            Via::Slack => i64::MAX,
        }
    }

    fn carry(&mut self, from: usize, to: usize, via: Via, amount: i64) {
        let (rows, root) = (self.part.demands.len(), self.root());
        match via {
            Via::Edge(edge) if from < rows => self.units[edge as usize] += amount,
            Via::Edge(edge) => self.units[edge as usize] -= amount,
            Via::Slack if from == root && to < rows => self.kept[to] -= amount,
            Via::Slack if from == root => self.idle[to - rows] += amount,
            Via::Slack if from < rows => self.kept[from] += amount,
            Via::Slack => self.idle[from - rows] -= amount,
        }
    }
}
