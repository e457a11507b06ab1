//! Branch and bound over one part: which decisions to take, in which order, and what is left of the question.
//!
//! The most promising open node is next. It is priced; decisions that the prices make hopeless are ruled out one by one;
//! a flow for what the prices take is completed; and if the node may still hold something better it is divided. A node is
//! done when its bound is no more than the best flow found. The tree is the proof, so nothing is ever taken off it.
#![expect(clippy::indexing_slicing, reason = "nodes are numbered as they are made, the rest by the part")]

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::Decision;
use super::completing::{Broken, broken, complete};
use super::fixings::{Fixed, Fixings};
use super::flow::{Flow, Wanted};
use super::part::Part;
use super::prices::{Ascent, Found, Prices, Reading, sides};

/// Looks at the root, where prices start from nothing but a plain flow.
const ROOT_LOOKS: u64 = 1_000;

/// Looks at every other node, where they start from those of the node above.
const NODE_LOOKS: u64 = 40;

/// How many single changes are tried on a completed flow.
const CHANGES_MAX: usize = 24;

/// Every so many nodes a flow is completed.
const COMPLETE_EVERY: u64 = 8;

/// The bound of a node that holds no flow at all.
pub(super) const IMPOSSIBLE: i128 = i128::MIN;

/// What became of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// To be looked at, or done: its bound stands.
    Leaf,
    /// Divided: the first side of the decision is the node `children`, the other the one after it.
    Divided { decision: Decision, children: u32 },
}

/// One node of the tree.
#[derive(Debug, Clone)]
pub(super) struct Node {
    above: u32,
    pub(super) state: State,
    pub(super) bound: i128,
    /// Which of the tree's prices prove it.
    pub(super) prices: u32,
}

/// The search of one part.
pub(super) struct Tree<'a> {
    part: &'a Part,
    pub(super) nodes: Vec<Node>,
    pub(super) prices: Vec<Prices>,
    open: BinaryHeap<(i128, Reverse<u32>)>,
    flow: Flow<'a>,
    /// Units along each edge of the best flow, and what it earns.
    pub(super) units: Vec<i64>,
    pub(super) objective: i128,
    pub(super) steps: u64,
    looked_at: u64,
}

impl<'a> Tree<'a> {
    /// The root, priced, and a first flow.
    pub(super) fn new(part: &'a Part, start: Prices) -> Self {
        let mut tree = Tree {
            part,
            nodes: vec![Node { above: 0, state: State::Leaf, bound: i128::MAX, prices: 0 }],
            flow: Flow::new(part, &start),
            prices: vec![start],
            open: BinaryHeap::new(),
            units: vec![0; part.values.len()],
            objective: 0,
            steps: 0,
            looked_at: 0,
        };
        tree.look_at(0);
        tree
    }

    /// Works until nothing is open or so many steps are spent.
    pub(super) fn work(&mut self, steps_max: u64) {
        while self.steps < steps_max {
            let Some((bound, Reverse(node))) = self.open.pop() else { break };
            if bound > self.objective {
                self.look_at(node);
            }
        }
    }

    /// What no flow of this part exceeds.
    pub(super) fn bound(&self) -> i128 {
        let leaves = self.nodes.iter().filter(|node| node.state == State::Leaf);
        leaves.map(|node| node.bound).max().unwrap_or(self.objective).max(self.objective)
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
        let mut fixings = Fixings::none(self.part);
        for &(decision, first) in path.iter().rev() {
            fixings.decide(self.part, decision, first);
        }
        fixings
    }

    fn look_at(&mut self, node: u32) {
        let part = self.part;
        let mut fixings = self.fixings_of(node);
        let is_root = node == 0;
        self.looked_at += 1;
        let start = self.prices[self.nodes[node as usize].prices as usize].clone();
        let (looks, pace) = if is_root { (ROOT_LOOKS, 1_000) } else { (NODE_LOOKS, 300) };
        let found = {
            let mut ascent = Ascent::new(part, &fixings);
            let found = ascent.improve(&start, self.objective, looks, pace);
            self.steps += ascent.looks;
            found
        };
        self.prove(node, &found.best, found.prices.clone());
        if self.is_done(node) {
            return;
        }
        if is_root || self.looked_at % COMPLETE_EVERY == 0 {
            self.try_flows(&fixings, &found, is_root);
            if self.is_done(node) {
                return;
            }
        }
        let node = self.rule_out(node, &mut fixings, &found);
        self.divide(node, &fixings, &found);
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

    /// Divides a node. The bounds of both sides follow from what is known.
    fn split(&mut self, node: u32, decision: Decision, bounds: [i128; 2]) -> u32 {
        let children = self.nodes.len() as u32;
        let prices = self.nodes[node as usize].prices;
        self.nodes[node as usize].state = State::Divided { decision, children };
        for bound in bounds {
            self.nodes.push(Node { above: node, state: State::Leaf, bound, prices });
        }
        children
    }

    /// Decides members for whom the other decision could not lead to anything better. The node that is left.
    fn rule_out(&mut self, mut node: u32, fixings: &mut Fixings, found: &Found) -> u32 {
        let bound = self.nodes[node as usize].bound;
        for member in 0..fixings.members.len() {
            if fixings.members[member] != Fixed::Open {
                continue;
            }
            let [yes, no] = self.sides(fixings, found, member, bound);
            if (yes > self.objective) == (no > self.objective) {
                continue;
            }
            let decision = Decision::Member { member: member as u32 };
            let children = self.split(node, decision, [yes, no]);
            let first = yes > self.objective;
            node = if first { children } else { children + 1 };
            fixings.decide(self.part, decision, first);
        }
        node
    }

    /// The bounds on both sides of a decision about a member, at the prices found.
    fn sides(&self, fixings: &Fixings, found: &Found, member: usize, bound: i128) -> [i128; 2] {
        sides(self.part, fixings, &found.best, member, bound).map(|side| side.unwrap_or(IMPOSSIBLE))
    }

    fn divide(&mut self, node: u32, fixings: &Fixings, found: &Found) {
        let open = (0..fixings.members.len()).filter(|&member| fixings.members[member] == Fixed::Open);
        let halfway = |member: usize| (found.often[member] - (1 << 15)).abs();
        let worth = |member: usize| found.best.member_worth[member].map(i128::abs);
        if let Some(member) = open.min_by_key(|&member| (halfway(member), worth(member), member)) {
            let sides = self.sides(fixings, found, member, self.nodes[node as usize].bound);
            self.open(node, Decision::Member { member: member as u32 }, sides);
            return;
        }
        let taken: Vec<bool> = fixings.members.iter().map(|&fixed| fixed == Fixed::Yes).collect();
        let before = self.flow.paths;
        let whole = self.flow.arrange(&Wanted::new(fixings, &taken));
        self.steps += self.flow.paths - before;
        let prices = self.flow.prices();
        let mut reading = Reading::default();
        Ascent::new(self.part, fixings).read(&prices, &mut reading);
        self.steps += 1;
        self.prove(node, &reading, prices);
        if self.is_done(node) {
            return;
        }
        let fails = !whole || (0..self.part.demands.len()).any(|row| self.flow.fails(row));
        let bound = self.nodes[node as usize].bound;
        match broken(self.part, &self.flow, fixings) {
            Some(Broken::Limit { way }) => self.open(node, Decision::Way { way }, [bound; 2]),
            Some(Broken::Lot { edge, lots }) => {
                self.open(node, Decision::Multiples { edge, lots }, [bound; 2]);
            }
            None if !fails => self.keep_if_better(),
            None => {}
        }
    }

    fn open(&mut self, node: u32, decision: Decision, bounds: [i128; 2]) {
        let children = self.split(node, decision, bounds);
        for (child, bound) in (children..).zip(bounds) {
            if bound > self.objective {
                self.open.push((bound, Reverse(child)));
            }
        }
    }

    fn keep_if_better(&mut self) {
        let earned = self.flow.earned();
        if earned > self.objective {
            self.objective = earned;
            self.units.copy_from_slice(self.flow.units());
        }
    }

    /// Completes a flow for what the prices take, then for single changes of it that the flow's own prices promise
    /// something of.
    fn try_flows(&mut self, fixings: &Fixings, found: &Found, thorough: bool) {
        let before = self.flow.paths;
        let worth = &found.best.member_worth;
        let mut wishes = vec![found.best.taken.clone()];
        if thorough {
            wishes.push(found.often.iter().map(|&often| often >= 1 << 15).collect());
        }
        for wish in wishes {
            if complete(self.part, &mut self.flow, fixings, &wish, worth).is_some() {
                self.keep_if_better();
                self.change(fixings, worth);
            }
        }
        self.steps += self.flow.paths - before;
    }

    /// Opens groups that are worth something at the flow's prices, closes groups that are not, one at a time.
    fn change(&mut self, fixings: &Fixings, worth: &[Option<i128>]) {
        let part = self.part;
        let mut tries = 0;
        let mut reading = Reading::default();
        'again: while tries < CHANGES_MAX {
            let mut earned = self.flow.earned();
            let here: Vec<bool> = part.served(self.flow.units());
            Ascent::new(part, fixings).read(&self.flow.prices(), &mut reading);
            self.steps += 1;
            let mut changes = Vec::new();
            for group in &part.groups {
                let members = group.first..group.first + group.members.len();
                if here[members.clone()] == reading.taken[members.clone()] {
                    continue;
                }
                let promised: i128 = members
                    .clone()
                    .filter(|&member| here[member] != reading.taken[member])
                    .filter_map(|member| reading.member_worth[member])
                    .map(i128::abs)
                    .sum();
                changes.push((Reverse(promised), group.first, members));
            }
            changes.sort_unstable_by_key(|(promised, first, _)| (*promised, *first));
            for (_, _, members) in changes {
                tries += 1;
                if tries > CHANGES_MAX {
                    break;
                }
                let mut wish = here.clone();
                wish[members.clone()].copy_from_slice(&reading.taken[members]);
                let Some(changed) = complete(part, &mut self.flow, fixings, &wish, worth) else { continue };
                if changed > earned {
                    earned = changed;
                    self.keep_if_better();
                    continue 'again;
                }
            }
            let _ = earned;
            break;
        }
    }
}
