//! Dividing a node: what the prices decide by themselves, and the question that is asked about the rest.
#![expect(clippy::indexing_slicing, reason = "nodes are numbered as they are made, the rest by the part")]

use std::cmp::Reverse;
use std::rc::Rc;

use super::choosing::most_undecided;
use super::{IMPOSSIBLE, Node, State, Tree};
use crate::matching::search::Decision;
use crate::matching::search::completing::{Broken, broken};
use crate::matching::search::fixings::{Fixed, Fixings};
use crate::matching::search::flow::Wanted;
use crate::matching::search::prices::{Ascent, Found, Reading, divided_sides, sides};

impl Tree {
    /// Divides a node. The bounds of both sides follow from what is known.
    fn split(&mut self, node: u32, decision: Decision, bounds: [i128; 2]) -> u32 {
        let children = self.nodes.len() as u32;
        let prices = self.nodes[node as usize].prices;
        self.nodes[node as usize].state = State::Divided { decision, children };
        for bound in bounds {
            self.nodes.push(Node {
                above: node,
                state: State::Leaf,
                bound,
                prices,
                seen: false,
                apart: None,
            });
        }
        children
    }

    /// Decides members, and ways of whole rows, for whom the other decision could not lead to anything better. The node
    /// that is left.
    pub(super) fn rule_out(&mut self, mut node: u32, fixings: &mut Fixings, found: &Found) -> u32 {
        let part = Rc::clone(&self.part);
        let bound = self.nodes[node as usize].bound;
        for member in 0..fixings.members.len() {
            if fixings.members[member] == Fixed::Open {
                let sides = self.sides(fixings, found, member, bound);
                node = self.force(node, fixings, Decision::Member { member: member as u32 }, sides);
            }
        }
        for limit in part.limits.iter().filter(|limit| limit.divides_rows) {
            for way in limit.first..limit.first + limit.ways.len() {
                if fixings.ways[way] == Fixed::Open {
                    let sides = divided_sides(limit, &found.best, way, bound);
                    node = self.force(node, fixings, Decision::Way { way: way as u32 }, sides);
                }
            }
        }
        node
    }

    /// Takes a decision if only one side of it could lead to anything better. The node that is left.
    fn force(&mut self, node: u32, fixings: &mut Fixings, decision: Decision, sides: [i128; 2]) -> u32 {
        let [first, second] = sides.map(|side| side > self.objective);
        if first == second {
            return node;
        }
        let children = self.split(node, decision, sides);
        fixings.decide(&self.part, decision, first);
        if first { children } else { children + 1 }
    }

    /// The bounds on both sides of a decision about a member, at the prices found.
    fn sides(&self, fixings: &Fixings, found: &Found, member: usize, bound: i128) -> [i128; 2] {
        sides(&self.part, fixings, &found.best, member, bound).map(|side| side.unwrap_or(IMPOSSIBLE))
    }

    /// The same for a way.
    fn way_sides(&mut self, fixings: &Fixings, found: &Found, way: usize, bound: i128) -> [i128; 2] {
        let mut ascent = Ascent::new(&self.part, &self.cuts, fixings);
        let mut reading = Reading::default();
        ascent.read(&found.prices, &mut reading);
        self.steps += 1;
        let sides = ascent.way_sides(&found.prices, &reading, way);
        sides.map(|side| side.unwrap_or(IMPOSSIBLE).min(bound))
    }

    pub(super) fn divide(&mut self, node: u32, fixings: &Fixings, found: &Found) -> Option<u32> {
        if let Some(decision) = most_undecided(&self.part, fixings, &self.seen) {
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
        Ascent::new(&self.part, &self.cuts, fixings).read(&prices, &mut reading);
        self.steps += 1;
        self.prove(node, &reading, prices);
        if self.is_done(node) {
            return None;
        }
        let fails = !whole || (0..self.part.demands.len()).any(|row| self.flow.fails(row));
        let bound = self.nodes[node as usize].bound;
        match broken(&self.part, &self.flow, fixings) {
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
}
