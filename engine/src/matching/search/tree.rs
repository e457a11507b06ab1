//! Branch and bound over one part: which decisions to take, in which order, and what is left of the question.
//!
//! The most promising open node is next. It is priced; decisions that the prices make hopeless are ruled out one by one;
//! a flow for what the prices take is completed; and if the node may still hold something better it is divided. A node is
//! done when its bound is no more than the best flow found. The tree is the proof, so nothing is ever taken off it. A node that
//! falls into pieces is not divided but worked on piece by piece (`tree/apart.rs`).
#![expect(clippy::indexing_slicing, reason = "nodes are numbered as they are made, the rest by the part")]

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::rc::Rc;

use self::apart::Apart;
use self::near::{Nearby, by_column};
use super::Decision;
use super::cuts::Cut;
use super::fixings::Fixings;
use super::flow::Flow;
use super::part::Part;
use super::prices::{Ascent, Found, Prices, Reading, Seen};

mod root;

mod flows;

mod near;

mod dividing;

mod choosing;

mod apart;

mod telling;

/// Looks at every other node, where they start from those of the node above.
const NODE_LOOKS: u64 = 40;

/// The same where ways and lots are to be decided: what these ask moves little, and is only seen by prices that have settled.
const NODE_LOOKS_SETTLED: u64 = 100;

/// The same in a small question, where prices settle sooner.
const NODE_LOOKS_SMALL: u64 = 60;

/// First steps, in thousandths of Polyak's. Where there are cuts, prices find their way again
/// after each decision; without them little is left to gain below the root.
const NODE_PACE: i64 = 10;
const NODE_PACE_WITH_CUTS: i64 = 150;

/// One in so many steps is spent near the best flow, if there are so many rows.
const NEARBY_SHARE: u64 = 6;
const NEARBY_ROWS_LEAST: usize = 128;

/// Every so many nodes a flow is completed.
const COMPLETE_EVERY: u64 = 16;
const COMPLETE_EVERY_SETTLED: u64 = 2;

/// So many of the first nodes taken up are followed down to the end, the more promising side of each, and one in so many
/// afterwards: flows are found at the end.
const PLUNGES_FIRST: u64 = 4;
const PLUNGE_EVERY: u64 = 32;

/// The bound of a node that holds no flow at all.
pub(super) const IMPOSSIBLE: i128 = i128::MIN;

/// What became of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// To be looked at, or done: its bound stands.
    Leaf,
    /// Divided: the first side of the decision is the node `children`, the other the one after it.
    Divided { decision: Decision, children: u32 },
    /// In pieces, which bound it between them.
    Apart(u32),
}

/// One node of the tree.
#[derive(Debug, Clone)]
pub(super) struct Node {
    above: u32,
    pub(super) state: State,
    pub(super) bound: i128,
    /// Which of the tree's prices prove it.
    pub(super) prices: u32,
    /// Whether it has been looked at.
    seen: bool,
    /// Its pieces, if it falls apart.
    apart: Option<u32>,
}

/// The search of one part.
pub(super) struct Tree {
    part: Rc<Part>,
    pub(super) nodes: Vec<Node>,
    pub(super) prices: Vec<Prices>,
    open: BinaryHeap<(i128, Reverse<u32>)>,
    flow: Flow,
    by_column: Vec<Vec<u32>>,
    /// Units along each edge of the best flow, and what it earns.
    pub(super) units: Vec<i64>,
    pub(super) objective: i128,
    /// Whether such a flow is known, or only that nothing worth less is of interest.
    has_flow: bool,
    /// The prices it came with.
    flow_prices: Prices,
    /// What the relaxation breaks and no flow does, found at the root.
    pub(super) cuts: Vec<Cut>,
    pub(super) steps: u64,
    seen: Seen,
    looked_at: u64,
    taken_up: u64,
    /// Steps that the root took.
    root_steps: u64,
    /// Whether it is about a part cut out of another.
    is_small: bool,
    /// What was looked for near the best flow.
    nearby: Nearby,
    /// Nodes in pieces.
    aparts: Vec<Apart>,
}

impl Tree {
    /// The root, priced, and a first flow.
    pub(super) fn new(part: &Rc<Part>, start: Prices) -> Self {
        let mut tree = Tree::bare(part, start);
        tree.look_at(0);
        tree.root_steps = tree.steps;
        tree
    }

    /// The same for a small question about which good prices are known, and a flow or what it has to be worth more than.
    pub(super) fn near(part: &Rc<Part>, start: Prices, units: Option<Vec<i64>>, aim: i128) -> Self {
        let mut tree = Tree::bare(part, start);
        tree.objective = units.as_ref().map_or(aim, |units| part.earned(units));
        tree.has_flow = units.is_some();
        tree.units = units.unwrap_or(tree.units);
        tree.is_small = true;
        tree.look_at(0);
        tree
    }

    fn bare(part: &Rc<Part>, start: Prices) -> Self {
        Tree {
            part: Rc::clone(part),
            nodes: vec![Node {
                above: 0,
                state: State::Leaf,
                bound: i128::MAX,
                prices: 0,
                seen: false,
                apart: None,
            }],
            flow: Flow::new(part, &start),
            by_column: by_column(part),
            flow_prices: start.clone(),
            prices: vec![start],
            open: BinaryHeap::new(),
            units: vec![0; part.values.len()],
            objective: 0,
            steps: 0,
            cuts: Vec::new(),
            seen: Seen::new(part),
            looked_at: 0,
            taken_up: 0,
            root_steps: 0,
            is_small: false,
            nearby: Nearby::default(),
            aparts: Vec::new(),
            has_flow: true,
        }
    }

    /// Works until nothing is open or so many steps are spent.
    pub(super) fn work(&mut self, steps_max: u64) {
        while self.steps < steps_max {
            let Some((bound, Reverse(node))) = self.open.pop() else { break };
            if let Some(number) = self.nodes[node as usize].apart {
                self.look_nearby_in_turn(bound);
                if bound > self.objective {
                    self.visit(node, number, steps_max);
                }
                let bound = self.nodes[node as usize].bound;
                if bound > self.objective && self.is_open(number) {
                    self.open.push((bound, Reverse(node)));
                }
                continue;
            }
            if self.nodes[node as usize].seen {
                continue;
            }
            self.taken_up += 1;
            let plunge = self.taken_up <= PLUNGES_FIRST || self.taken_up.is_multiple_of(PLUNGE_EVERY);
            let mut next = (bound > self.objective).then_some(node);
            while let Some(node) = next {
                self.look_nearby_in_turn(bound);
                next = self.look_at(node).filter(|_| plunge && self.steps < steps_max);
            }
        }
    }

    /// Looks near the best flow as long as that has not had its share.
    fn look_nearby_in_turn(&mut self, bound: i128) {
        while self.has_neighbourhoods()
            && bound > self.objective
            && self.nearby.is_due((self.steps - self.root_steps) / NEARBY_SHARE + 1)
        {
            self.look_nearby();
        }
    }

    /// What no flow of this part exceeds.
    pub(super) fn bound(&self) -> i128 {
        self.bound_of_leaves().max(self.objective)
    }

    /// What the leaves say.
    fn bound_of_leaves(&self) -> i128 {
        let leaves = self.nodes.iter().filter(|node| !matches!(node.state, State::Divided { .. }));
        leaves.map(|node| node.bound).max().unwrap_or(IMPOSSIBLE)
    }

    /// The decisions on the way to a node.
    fn fixings_of(&self, mut node: u32) -> Fixings {
        let mut path = Vec::new();
        while node != 0 {
            let above = self.nodes[node as usize].above;
            if let State::Divided { decision, children } = self.nodes[above as usize].state {
                path.push((decision, node == children));
            }
            node = above;
        }
        let mut fixings = Fixings::none(&self.part);
        for &(decision, first) in path.iter().rev() {
            fixings.decide(&self.part, decision, first);
        }
        fixings
    }

    /// Prices a node and divides it, unless that is not needed. The more promising side.
    fn look_at(&mut self, node: u32) -> Option<u32> {
        self.nodes[node as usize].seen = true;
        let mut fixings = self.fixings_of(node);
        let is_root = node == 0;
        self.looked_at += 1;
        let start = self.prices[self.nodes[node as usize].prices as usize].clone();
        let found = if is_root {
            self.root(&fixings, &start)?
        } else {
            let looks = match (self.is_plain(), self.is_small) {
                (true, _) => NODE_LOOKS,
                (false, false) => NODE_LOOKS_SETTLED,
                (false, true) => NODE_LOOKS_SMALL,
            };
            let pace = if self.cuts.is_empty() { NODE_PACE } else { NODE_PACE_WITH_CUTS };
            self.improve(&fixings, &start, Some(self.objective), looks, pace)
        };
        self.prove(node, &found.best, found.prices.clone());
        if self.is_done(node) {
            return None;
        }
        let every = if self.is_plain() { COMPLETE_EVERY } else { COMPLETE_EVERY_SETTLED };
        if is_root || self.looked_at.is_multiple_of(every) {
            self.try_flows(&fixings, &found, is_root);
            if self.is_done(node) {
                return None;
            }
        }
        let node = self.rule_out(node, &mut fixings, &found);
        if !self.is_plain() && self.fall_apart(node, &fixings, &found.prices) {
            self.open.push((self.nodes[node as usize].bound, Reverse(node)));
            return None;
        }
        self.divide(node, &fixings, &found)
    }

    /// Whether it pays to look near the best flow: what ways and lots ask is hard to see by prices, and freed rows are few.
    fn has_neighbourhoods(&self) -> bool {
        !self.is_small && !self.is_plain() && self.part.demands.len() >= NEARBY_ROWS_LEAST
    }

    /// Whether the rest follows where members are decided.
    fn is_plain(&self) -> bool {
        !self.part.limits.iter().any(|limit| limit.stands_alone) && self.part.in_lots.is_empty()
    }

    fn improve(
        &mut self,
        fixings: &Fixings,
        start: &Prices,
        aim: Option<i128>,
        looks: u64,
        pace: i64,
    ) -> Found {
        let mut ascent = Ascent::new(&self.part, &self.cuts, fixings);
        let found = ascent.improve(start, aim, looks, pace, &mut self.seen);
        self.steps += ascent.looks;
        found
    }

    fn is_done(&self, node: u32) -> bool {
        self.nodes[node as usize].bound <= self.objective
    }

    /// Notes a bound and the prices that prove it, if it is better.
    fn prove(&mut self, node: u32, reading: &Reading, prices: Prices) {
        let bound = reading.bound.unwrap_or(IMPOSSIBLE);
        let at = &mut self.nodes[node as usize];
        if bound < at.bound {
            at.bound = bound;
            if self.prices[at.prices as usize] != prices {
                at.prices = self.prices.len() as u32;
                self.prices.push(prices);
            }
        }
    }
}
