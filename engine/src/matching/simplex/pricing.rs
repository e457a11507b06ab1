//! Which edge comes in next, until none would gain.
//!
//! A look at every edge before every exchange would find the best one and cost more than it saves. Instead the rows of a
//! component are taken in blocks, round and round. A block's rows each name their best offer at the prices of now; the
//! most gainful few are kept, exchanged best first, and re-priced after every exchange, because each moves prices. When a
//! whole round of blocks has nothing to name, the prices are those of an optimum.
//!
//! Order, and nothing else, decides between equals: among offers of one row the lower column, among rows the earlier one,
//! rows before the slack of columns. The block a row is in depends on its place in its component only.

use std::cmp::Reverse;

use super::ground::{Component, Ground};
use super::tree::Tree;

/// Rows that are asked in one go. Larger blocks name better edges, smaller ones name them sooner.
const BLOCK_ROWS: usize = 256;

/// How many named edges are kept from a block.
const KEPT_MAX: usize = 32;

/// How many of those are exchanged before the next block is asked: towards its end the list has only leavings.
const EXCHANGES_MAX: usize = 16;

/// An edge that would gain: from a row or the root (the slack of a column) to a column or the root (the slack of a row).
#[derive(Debug, Clone, Copy)]
struct Candidate {
    gain: i64,
    tail: u32,
    head: u32,
}

impl Candidate {
    /// Least first: the most gainful, then the earliest. No two candidates of a list share their place.
    fn rank(&self) -> (Reverse<i64>, u32, u32) {
        (Reverse(self.gain), self.tail, self.head)
    }
}

/// Exchanges edges of a component until no edge would gain, counting `pivots` on. False if it had to stop at
/// `pivots_max` before that was sure.
pub(super) fn optimise(
    ground: &Ground,
    component: &Component,
    tree: &mut Tree,
    pivots: &mut u64,
    pivots_max: u64,
) -> bool {
    let blocks = component.rows.len().div_ceil(BLOCK_ROWS);
    let block_columns = component.columns.len().div_ceil(blocks.max(1));
    let mut candidates: Vec<Candidate> = Vec::new();
    let mut block = 0;
    let mut quiet = 0;
    while quiet < blocks {
        candidates.clear();
        name_rows(ground, component, tree, block, &mut candidates);
        name_columns(
            ground,
            component,
            tree,
            block * block_columns,
            block_columns,
            &mut candidates,
        );
        quiet = if candidates.is_empty() { quiet + 1 } else { 0 };
        if candidates.len() > KEPT_MAX {
            candidates.select_nth_unstable_by_key(KEPT_MAX, Candidate::rank);
            candidates.truncate(KEPT_MAX);
        }
        for _ in 0..EXCHANGES_MAX {
            let Some(best) = candidates.iter().min_by_key(|candidate| candidate.rank()) else {
                break;
            };
            if *pivots == pivots_max {
                return false;
            }
            tree.exchange(best.tail, best.head, best.gain);
            *pivots += 1;
            candidates.retain_mut(|candidate| {
                *candidate = if candidate.tail == tree.root() {
                    slack(tree, candidate.head)
                } else {
                    best_offer(ground, tree, candidate.tail)
                };
                candidate.gain > 0
            });
        }
        block = if block + 1 == blocks { 0 } else { block + 1 };
    }
    true
}

/// Adds what the rows of a block would gain by.
fn name_rows(
    ground: &Ground,
    component: &Component,
    tree: &Tree,
    block: usize,
    candidates: &mut Vec<Candidate>,
) {
    let first = component.rows.start + block * BLOCK_ROWS;
    let end = component.rows.end.min(first + BLOCK_ROWS);
    let named = (first..end).map(|row| best_offer(ground, tree, row as u32));
    candidates.extend(named.filter(|candidate| candidate.gain > 0));
}

/// Adds the columns of a block that would rather be idle.
fn name_columns(
    ground: &Ground,
    component: &Component,
    tree: &Tree,
    skipped: usize,
    count: usize,
    candidates: &mut Vec<Candidate>,
) {
    let first = component.columns.end.min(component.columns.start + skipped);
    let end = component.columns.end.min(first + count);
    let rows = ground.row_names.len();
    let named = (first..end).map(|column| slack(tree, (rows + column) as u32));
    candidates.extend(named.filter(|candidate| candidate.gain > 0));
}

/// The edge by which a row gains most, which may be its slack. It is a candidate only if the gain is above 0.
fn best_offer(ground: &Ground, tree: &Tree, row: u32) -> Candidate {
    let (row_prices, negated_column_prices) = tree.prices();
    let rows = row_prices.len() as u32;
    let (mut worth, mut head) = (0, tree.root());
    for offer in ground.offers_of(row as usize) {
        let left = i64::from(offer.value) + negated_column_prices[offer.column as usize];
        if left > worth {
            (worth, head) = (left, rows + offer.column);
        }
    }
    Candidate {
        gain: worth - row_prices[row as usize],
        tail: row,
        head,
    }
}

/// What a column would gain by being idle.
fn slack(tree: &Tree, column: u32) -> Candidate {
    Candidate {
        gain: tree.price(column),
        tail: tree.root(),
        head: column,
    }
}
