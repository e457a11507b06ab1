//! Branch and bound over one part: which decisions to take, in which order, and what is left of the question.
//!
//! The most promising open node is next. It is priced; decisions that the prices make hopeless are ruled out one by one;
//! a flow for what the prices take is completed; and if the node may still hold something better it is divided. A node is
//! done when its bound is no more than the best flow found. The tree is the proof, so nothing is ever taken off it.
#![expect(clippy::indexing_slicing, reason = "nodes are numbered as they are made, the rest by the part")]

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use self::choosing::most_undecided;
use super::Decision;
use super::completing::{Broken, Wish, broken, complete};
use super::cuts::{self, Cut};
use super::fixings::{Fixed, Fixings};
use super::flow::{Flow, Wanted};
use super::part::Part;
use super::prices::{Ascent, Found, Prices, Reading, Seen, sides};

mod choosing;

/// Looks at the root before there is a flow to aim at; prices start from those of a plain flow.
const FIRST_LOOKS: u64 = 100;

/// Looks at the root after that.
const ROOT_LOOKS: u64 = 1_000;

/// Looks at every other node, where they start from those of the node above.
const NODE_LOOKS: u64 = 40;

/// The same where ways and lots are to be decided: what these ask moves little, and is only seen by prices that have settled.
const NODE_LOOKS_SETTLED: u64 = 300;

/// First steps, in thousandths of Polyak's: at the root nothing is known. Where there are cuts, prices find their way again
/// after each decision; without them little is left to gain below the root.
const ROOT_PACE: i64 = 1_000;
const NODE_PACE: i64 = 10;
const NODE_PACE_WITH_CUTS: i64 = 150;

/// How often cuts are looked for at most: each time a walk for an average, and after it one for the prices of the cuts.
const CUT_ROUNDS: u64 = 12;
const AVERAGE_LOOKS: u64 = 150;
const AVERAGE_PACE: i64 = 50;
const CUT_LOOKS: u64 = 400;
const CUT_PACE: i64 = 300;

/// How many single changes are tried on a completed flow.
const CHANGES_MAX: usize = 24;

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
    /// The prices it came with.
    flow_prices: Prices,
    /// What the relaxation breaks and no flow does, found at the root.
    pub(super) cuts: Vec<Cut>,
    pub(super) steps: u64,
    seen: Seen,
    looked_at: u64,
    taken_up: u64,
}

impl<'a> Tree<'a> {
    /// The root, priced, and a first flow.
    pub(super) fn new(part: &'a Part, start: Prices) -> Self {
        let mut tree = Tree {
            part,
            nodes: vec![Node { above: 0, state: State::Leaf, bound: i128::MAX, prices: 0, seen: false }],
            flow: Flow::new(part, &start),
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
        };
        tree.look_at(0);
        tree
    }

    /// Works until nothing is open or so many steps are spent.
    pub(super) fn work(&mut self, steps_max: u64) {
        while self.steps < steps_max {
            let Some((bound, Reverse(node))) = self.open.pop() else { break };
            if self.nodes[node as usize].seen {
                continue;
            }
            self.taken_up += 1;
            let plunge = self.taken_up <= PLUNGES_FIRST || self.taken_up.is_multiple_of(PLUNGE_EVERY);
            let mut next = (bound > self.objective).then_some(node);
            while let Some(node) = next {
                next = self.look_at(node).filter(|_| plunge && self.steps < steps_max);
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

    /// Prices a node and divides it, unless that is not needed. The more promising side.
    fn look_at(&mut self, node: u32) -> Option<u32> {
        self.nodes[node as usize].seen = true;
        let mut fixings = self.fixings_of(node);
        let is_root = node == 0;
        self.looked_at += 1;
        let start = self.prices[self.nodes[node as usize].prices as usize].clone();
        let found = if is_root {
            // Without a flow to aim at, a guess is aimed at; the flow that comes of it is the aim from then on.
            let first = self.improve(&fixings, &start, None, FIRST_LOOKS, ROOT_PACE);
            self.try_flows(&fixings, &first, true);
            let start = self.better_start(&fixings, &first);
            let found = self.improve(&fixings, &start, Some(self.objective), ROOT_LOOKS, ROOT_PACE);
            self.cut(&fixings, found)
        } else {
            let looks = if self.is_plain() { NODE_LOOKS } else { NODE_LOOKS_SETTLED };
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
        self.divide(node, &fixings, &found)
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
        let mut ascent = Ascent::new(self.part, &self.cuts, fixings);
        let found = ascent.improve(start, aim, looks, pace, &mut self.seen);
        self.steps += ascent.looks;
        found
    }

    /// Looks for cuts that the relaxation breaks and prices them, as long as that gets somewhere.
    fn cut(&mut self, fixings: &Fixings, mut found: Found) -> Found {
        if self.part.groups.is_empty() {
            return found;
        }
        let aim = Some(self.objective);
        for _ in 0..CUT_ROUNDS {
            if found.best.bound.is_none_or(|bound| bound <= self.objective) {
                break;
            }
            self.seen.start_anew();
            let settled = self.improve(fixings, &found.prices, aim, AVERAGE_LOOKS, AVERAGE_PACE);
            if settled.best.bound < found.best.bound {
                found = settled;
            }
            let mut cuts = cuts::broken(self.part, &found.prices, self.seen.average());
            cuts.retain(|cut| !self.cuts.contains(cut));
            if cuts.is_empty() {
                break;
            }
            self.cuts.extend(cuts);
            let mut start = found.prices.clone();
            start.cuts.resize(self.cuts.len(), 0);
            let before = found.best.bound;
            found = self.improve(fixings, &start, aim, CUT_LOOKS, CUT_PACE);
            // What costs nothing is no use.
            let mut prices = found.prices.cuts.iter();
            self.cuts.retain(|_| prices.next().is_some_and(|&price| price > 0));
            found.prices.cuts.retain(|&price| price > 0);
            if found.best.bound == before {
                break;
            }
        }
        found
    }

    /// The prices of the walk or those of the best flow, whichever prove more.
    fn better_start(&mut self, fixings: &Fixings, first: &Found) -> Prices {
        let mut reading = Reading::default();
        Ascent::new(self.part, &self.cuts, fixings).read(&self.flow_prices, &mut reading);
        self.steps += 1;
        if reading.bound < first.best.bound { self.flow_prices.clone() } else { first.prices.clone() }
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
            self.nodes.push(Node { above: node, state: State::Leaf, bound, prices, seen: false });
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

    /// The same for a way.
    fn way_sides(&mut self, fixings: &Fixings, found: &Found, way: usize, bound: i128) -> [i128; 2] {
        let mut ascent = Ascent::new(self.part, &self.cuts, fixings);
        let mut reading = Reading::default();
        ascent.read(&found.prices, &mut reading);
        self.steps += 1;
        let sides = ascent.way_sides(&found.prices, &reading, way);
        sides.map(|side| side.unwrap_or(IMPOSSIBLE).min(bound))
    }

    fn divide(&mut self, node: u32, fixings: &Fixings, found: &Found) -> Option<u32> {
        if let Some(decision) = most_undecided(self.part, fixings, &self.seen) {
            let bound = self.nodes[node as usize].bound;
            let sides = match decision {
                Decision::Member { member } => self.sides(fixings, found, member as usize, bound),
                Decision::Way { way } => self.way_sides(fixings, found, way as usize, bound),
                Decision::Multiples { .. } => [bound; 2],
            };
            return self.open(node, decision, sides);
        }
        let taken: Vec<bool> = fixings.members.iter().map(|&fixed| fixed == Fixed::Yes).collect();
        let before = self.flow.paths;
        let whole = self.flow.arrange(&Wanted::new(fixings, &taken));
        self.steps += self.flow.paths - before;
        let prices = self.flow.prices();
        let mut reading = Reading::default();
        Ascent::new(self.part, &self.cuts, fixings).read(&prices, &mut reading);
        self.steps += 1;
        self.prove(node, &reading, prices);
        if self.is_done(node) {
            return None;
        }
        let fails = !whole || (0..self.part.demands.len()).any(|row| self.flow.fails(row));
        let bound = self.nodes[node as usize].bound;
        match broken(self.part, &self.flow, fixings) {
            Some(Broken::Limit { way }) => self.open(node, Decision::Way { way }, [bound; 2]),
            Some(Broken::Lot { edge, lots }) => {
                self.open(node, Decision::Multiples { edge, lots }, [bound; 2])
            }
            None => {
                if !fails {
                    self.keep_if_better();
                }
                None
            }
        }
    }

    fn open(&mut self, node: u32, decision: Decision, bounds: [i128; 2]) -> Option<u32> {
        let children = self.split(node, decision, bounds);
        for (child, bound) in (children..).zip(bounds) {
            if bound > self.objective {
                self.open.push((bound, Reverse(child)));
            }
        }
        let better = (children..).zip(bounds).max_by_key(|&(child, bound)| (bound, Reverse(child)));
        better.filter(|&(_, bound)| bound > self.objective).map(|(child, _)| child)
    }

    fn keep_if_better(&mut self) -> bool {
        let earned = self.flow.earned();
        let better = earned > self.objective;
        if better {
            self.objective = earned;
            self.units.copy_from_slice(self.flow.units());
            self.flow_prices = self.flow.prices();
        }
        better
    }

    /// Completes a flow for what the prices take, then for single changes of it that the flow's own prices promise
    /// something of.
    fn try_flows(&mut self, fixings: &Fixings, found: &Found, thorough: bool) {
        let before = self.flow.paths;
        let worth = &found.best.member_worth;
        let mut wishes = vec![found.best.taken.clone()];
        if thorough {
            wishes.push(self.seen.members.iter().map(|&often| often >= 1 << 15).collect());
        }
        let wishes = wishes
            .into_iter()
            .map(|taken| Wish::most_used(self.part, fixings, &found.prices, &self.seen.ways, taken));
        for wish in wishes.collect::<Vec<_>>() {
            let completed = complete(self.part, &mut self.flow, fixings, &wish, worth).is_some();
            if completed && (self.keep_if_better() || thorough) {
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
            let earned = self.flow.earned();
            let here: Vec<bool> = part.served(self.flow.units());
            let units = self.flow.units().to_vec();
            Ascent::new(part, &self.cuts, fixings).read(&self.flow.prices(), &mut reading);
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
                let wish = Wish { taken: wish, closed: part.unused(&units) };
                let Some(changed) = complete(part, &mut self.flow, fixings, &wish, worth) else { continue };
                if changed > earned {
                    self.keep_if_better();
                    continue 'again;
                }
            }
            break;
        }
    }
}
