//! The books of a tree that stays: prices of values and of ties side by side, a note of how everything was before it was first
//! changed, and a line of nodes whose edges have to be looked at.

use std::collections::VecDeque;
use std::ops::{Add, AddAssign, Neg, Sub};

use super::super::tree::{Books, NONE, Node};

/// What a unit is worth, and what it counts where worth does not decide. Compared in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Worth {
    pub(super) value: i64,
    pub(super) tie: i64,
}

impl Worth {
    pub(super) const ZERO: Worth = Worth { value: 0, tie: 0 };
}

impl Add for Worth {
    type Output = Worth;

    fn add(self, other: Worth) -> Worth {
        Worth { value: self.value + other.value, tie: self.tie + other.tie }
    }
}

impl AddAssign for Worth {
    fn add_assign(&mut self, other: Worth) {
        *self = *self + other;
    }
}

impl Neg for Worth {
    type Output = Worth;

    fn neg(self) -> Worth {
        Worth { value: -self.value, tie: -self.tie }
    }
}

impl Sub for Worth {
    type Output = Worth;

    fn sub(self, other: Worth) -> Worth {
        self + -other
    }
}

/// How a node was when the last repair was done.
#[derive(Debug, Clone, Copy)]
pub(super) struct Before {
    pub(super) node: u32,
    /// [`NONE`] if it was not in the tree.
    pub(super) parent: u32,
    pub(super) flow: u32,
    pub(super) price: i64,
}

/// The root is node 0, columns are odd, rows are even.
#[derive(Debug, Clone, Default)]
pub(super) struct Noted {
    pub(super) prices: Vec<Worth>,
    /// Everything that was touched since the last repair, each once.
    pub(super) before: Vec<Before>,
    is_noted: Vec<bool>,
    line: VecDeque<u32>,
    in_line: Vec<bool>,
}

pub(super) const ROOT: u32 = 0;

pub(super) fn row_node(slot: u32) -> u32 {
    2 * slot + 2
}

pub(super) fn column_node(slot: u32) -> u32 {
    2 * slot + 1
}

/// The slot of a row's or column's node.
pub(super) fn slot_of(node: u32) -> u32 {
    (node - 1) / 2
}

pub(super) fn is_row(node: u32) -> bool {
    node.is_multiple_of(2)
}

impl Noted {
    /// Makes room for so many nodes.
    pub(super) fn grow(&mut self, nodes: usize) {
        self.prices.resize(nodes, Worth::ZERO);
        self.is_noted.resize(nodes, false);
        self.in_line.resize(nodes, false);
    }

    /// Puts a node in line, unless it stands there.
    pub(super) fn stand_in_line(&mut self, node: u32) {
        if node != ROOT && !self.in_line[node as usize] {
            self.in_line[node as usize] = true;
            self.line.push_back(node);
        }
    }

    /// The next node whose edges have to be looked at.
    pub(super) fn next_in_line(&mut self) -> Option<u32> {
        let node = self.line.pop_front()?;
        self.in_line[node as usize] = false;
        Some(node)
    }

    /// Forgets what was before, and leaves the nodes that were touched.
    pub(super) fn settle(&mut self, touched: &mut Vec<u32>) {
        touched.clear();
        for before in self.before.drain(..) {
            self.is_noted[before.node as usize] = false;
            touched.push(before.node);
        }
    }
}

impl Books for Noted {
    type Price = Worth;

    fn is_row(&self, node: u32) -> bool {
        is_row(node)
    }

    fn note(&mut self, node: u32, nodes: &[Node]) {
        if !self.is_noted[node as usize] {
            self.is_noted[node as usize] = true;
            let Node { parent, flow, .. } = nodes[node as usize];
            let price = if parent == NONE { 0 } else { self.prices[node as usize].value };
            self.before.push(Before { node, parent, flow, price });
        }
    }

    /// A lower price makes a node's edges gain, so it has to stand in line; so has one that moved without a change of price,
    /// because the order of keys may decide anew.
    fn shift(&mut self, node: u32, change: Worth) {
        self.prices[node as usize] += change;
        let lower = if is_row(node) { change < Worth::ZERO } else { change > Worth::ZERO };
        if lower || change == Worth::ZERO {
            self.stand_in_line(node);
        }
    }
}
