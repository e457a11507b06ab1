//! From an optimum to the optimum: between flows of the same value, the rule in [`tie`](super::tie) decides.
//!
//! The flows of the best value are exactly those that run along tight edges only, where the two prices ask what the edge is
//! worth, and leave slack only to rows and columns of price 0 (whichever optimal prices one takes). So the same tree goes
//! on with the same exchanges, over tight edges only and with ties for values, and the prices of values do not move.
//!
//! All edges of the tree are tight; those outside are *loose* and go in a list, with the slacks. It is as good as empty where
//! values are drawn apart, and then there is no other optimum and nothing to do. Where an edge enters the tree, the one that
//! leaves takes its place on the list.

use std::cmp::Reverse;
use std::ops::Range;

use rayon::prelude::*;

use super::ground::Part;
use super::steps::Steps;
use super::tie::Ties;
use super::tree::{Left, Plain, Tree};

/// How many loose edges are looked at before the best of them are exchanged.
const BLOCK_EDGES: usize = 128;

/// How many of those are exchanged.
const EXCHANGES_MAX: usize = 8;

/// A tight edge outside the tree, from a row or the root to a column or the root.
#[derive(Debug, Clone, Copy)]
struct Loose {
    tail: u32,
    head: u32,
}

/// Brings an optimal tree to the flow that the rule names, and changes prices to those of ties on the way. False if the
/// steps ran out. With nothing to choose from, all stays as it is.
pub(super) fn decide(part: &Part<'_>, tree: &mut Tree<Plain>, ties: Ties, steps: &mut Steps<'_>) -> bool {
    let mut loose = loose(part, tree);
    if loose.is_empty() {
        return true;
    }
    let rule = Rule { part, ties };
    rule.price(tree, &loose);
    rule.by_tie(tree, &mut loose, steps) && rule.by_order(tree, &mut loose, steps)
}

/// How many rows are looked through in one go. This is a pass over all edges, the only one a large component makes at its
/// leisure, so large ones share it out.
const ROWS_TOGETHER: usize = 1 << 15;

/// All tight edges and slacks outside the tree.
fn loose(part: &Part<'_>, tree: &Tree<Plain>) -> Vec<Loose> {
    let rows = part.rows();
    let mut loose = if rows <= ROWS_TOGETHER {
        loose_rows(part, tree, 0..rows)
    } else {
        let starts: Vec<usize> = (0..rows).step_by(ROWS_TOGETHER).collect();
        let pieces = starts.par_iter();
        pieces
            .flat_map_iter(|&start| loose_rows(part, tree, start..rows.min(start + ROWS_TOGETHER)))
            .collect()
    };
    for (head, &negated_price) in (rows as u32..).zip(tree.prices().1) {
        if negated_price == 0 && tree.nodes[head as usize].parent != tree.root {
            loose.push(Loose { tail: tree.root, head });
        }
    }
    loose
}

/// The tight edges and slacks of some rows outside the tree.
fn loose_rows(part: &Part<'_>, tree: &Tree<Plain>, rows: Range<usize>) -> Vec<Loose> {
    let (row_prices, negated_column_prices) = tree.prices();
    let mut loose = Vec::new();
    for row in rows {
        let (tail, price) = (row as u32, row_prices[row]);
        let parent = tree.nodes[row].parent;
        if price == 0 && parent != tree.root {
            loose.push(Loose { tail, head: tree.root });
        }
        for offer in part.offers_of(row) {
            let left = i64::from(offer.value) + negated_column_prices[offer.column as usize];
            let head = part.rows() as u32 + offer.column;
            if left == price && parent != head && tree.nodes[head as usize].parent != tail {
                loose.push(Loose { tail, head });
            }
        }
    }
    loose
}

struct Rule<'a> {
    part: &'a Part<'a>,
    ties: Ties,
}

impl Rule<'_> {
    /// The keys of an edge's row and column, whichever end comes first.
    fn keys(&self, one: u32, other: u32) -> (u64, u64) {
        let row = self.part.row_names[one.min(other) as usize];
        let column = self.part.column_names[one.max(other) as usize - self.part.rows()];
        (self.part.instance.row_key(row), self.part.instance.column_key(column))
    }

    /// What a unit along an edge counts; slack counts nothing.
    fn tie(&self, root: u32, one: u32, other: u32) -> i64 {
        if one == root || other == root {
            return 0;
        }
        let (row, column) = self.keys(one, other);
        self.ties.of(row, column)
    }

    /// Gives nodes the price that their place in the tree gives them in ties: those whose branch has a loose edge. No
    /// exchange will ever look at others.
    fn price(&self, tree: &mut Tree<Plain>, loose: &[Loose]) {
        let ends = loose.iter().flat_map(|edge| [edge.tail, edge.head]).filter(|&end| end != tree.root);
        let mut branches: Vec<u32> = ends.map(|end| tree.branch(end)).collect();
        branches.sort_unstable();
        branches.dedup();
        for branch in branches {
            tree.books.prices[branch as usize] = 0;
            let mut node = tree.ring[branch as usize].next;
            while tree.ring[node as usize].depth > 1 {
                let parent = tree.nodes[node as usize].parent;
                let (tie, above) = (self.tie(tree.root, node, parent), tree.price(parent));
                let price = if node < tree.books.rows { above + tie } else { above - tie };
                tree.books.prices[node as usize] = price;
                node = tree.ring[node as usize].next;
            }
        }
    }

    fn gain(&self, tree: &Tree<Plain>, Loose { tail, head }: Loose) -> i64 {
        self.tie(tree.root, tail, head) - tree.price(tail) + tree.price(head)
    }

    /// Exchanges loose edges as long as one of them gains in ties. False if the steps ran out.
    fn by_tie(&self, tree: &mut Tree<Plain>, loose: &mut [Loose], steps: &mut Steps<'_>) -> bool {
        let blocks = loose.len().div_ceil(BLOCK_EDGES);
        let (mut block, mut quiet) = (0, 0);
        let mut named = Vec::new();
        while quiet < blocks {
            let first = block * BLOCK_EDGES;
            let end = loose.len().min(first + BLOCK_EDGES);
            named.extend((first..end).map(|place| (self.gain(tree, loose[place]), place)));
            named.retain(|&(gain, _)| gain > 0);
            quiet = if named.is_empty() { quiet + 1 } else { 0 };
            if named.len() > EXCHANGES_MAX {
                named.select_nth_unstable_by_key(EXCHANGES_MAX, |&named| Reverse(named));
                named.truncate(EXCHANGES_MAX);
            }
            named.sort_unstable();
            while let Some((_, place)) = named.pop() {
                let gain = self.gain(tree, loose[place]);
                if gain <= 0 {
                    continue;
                }
                if !steps.take() {
                    return false;
                }
                loose[place] = exchange(tree, loose[place], gain);
            }
            block = if block + 1 == blocks { 0 } else { block + 1 };
        }
        true
    }

    /// Exchanges loose edges that gain nothing and lose nothing in ties, as long as one of them gains in order: on the
    /// first edge of the loop it closes there would be more flow, not less. False if the steps ran out.
    fn by_order(&self, tree: &mut Tree<Plain>, loose: &mut [Loose], steps: &mut Steps<'_>) -> bool {
        let mut undecided: Vec<Loose> =
            loose.iter().copied().filter(|&edge| self.gain(tree, edge) == 0).collect();
        let mut quiet = 0;
        while quiet < undecided.len() {
            quiet = 0;
            for edge in &mut undecided {
                if !tree.adds_to_the_first(edge.tail, edge.head, |one, other| self.keys(one, other)) {
                    quiet += 1;
                    continue;
                }
                if !steps.take() {
                    return false;
                }
                *edge = exchange(tree, *edge, 0);
            }
        }
        true
    }
}

/// Brings a loose edge into the tree. The one that left.
fn exchange(tree: &mut Tree<Plain>, Loose { tail, head }: Loose, gain: i64) -> Loose {
    let Left { node, parent, .. } = tree.exchange(tail, head, gain);
    if node < tree.books.rows {
        Loose { tail: node, head: parent }
    } else {
        Loose { tail: parent, head: node }
    }
}
