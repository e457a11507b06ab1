//! Which edge comes in next, until none would gain.
//!
//! A look at every edge before every exchange would find the best one and cost more than it saves. Instead the rows of a
//! component are taken in blocks, round and round. A block's rows each name their best offer at the prices of now, and
//! the most gainful few are kept and exchanged, best first. Every exchange moves prices, so a gain is looked up again
//! just before it is used, and put back in line if it has shrunk behind the next. When a whole round of blocks has
//! nothing to name, the prices are those of an optimum.
//!
//! Order, and nothing else, decides between equals: among offers of one row the lower column, among rows the earlier one,
//! rows before the slack of columns. The block a row is in depends on its place in its component only.

use std::cmp::Reverse;

use super::ground::Part;
use super::steps::Steps;
use super::tree::{Plain, Tree};

/// Rows that are asked in one go. Larger blocks name better edges, smaller ones name them sooner.
const BLOCK_ROWS: usize = 128;

/// How many named edges are kept from a block.
const KEPT_MAX: usize = 16;

/// How many exchanges are made before the next block is asked: the tail of the list is not worth its exchanges.
const EXCHANGES_MAX: usize = 8;

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

/// Exchanges edges until no edge would gain. False if the steps ran out before that was sure.
pub(super) fn optimise(part: &Part<'_>, tree: &mut Tree<Plain>, steps: &mut Steps<'_>) -> bool {
    let blocks = part.rows().div_ceil(BLOCK_ROWS);
    let mut line = Vec::new();
    let mut block = 0;
    let mut quiet = 0;
    while quiet < blocks {
        name_rows(part, tree, block, &mut line);
        name_columns(part, tree, block, blocks, &mut line);
        quiet = if line.is_empty() { quiet + 1 } else { 0 };
        keep_most_gainful(&mut line);
        let mut exchanges = 0;
        while exchanges < EXCHANGES_MAX {
            let Some(best) = take_best(part, tree, &mut line) else {
                break;
            };
            if !steps.take() {
                return false;
            }
            tree.exchange(best.tail, best.head, best.gain);
            exchanges += 1;
            let next = again(part, tree, best);
            if next.gain > 0 {
                stand_in_line(&mut line, next);
            }
        }
        line.clear();
        block = if block + 1 == blocks { 0 } else { block + 1 };
    }
    true
}

/// Leaves the [`KEPT_MAX`] most gainful in line, the best of them last.
fn keep_most_gainful(line: &mut Vec<Candidate>) {
    if line.len() > KEPT_MAX {
        line.select_nth_unstable_by_key(KEPT_MAX, Candidate::rank);
        line.truncate(KEPT_MAX);
    }
    line.sort_unstable_by_key(|candidate| Reverse(candidate.rank()));
}

/// Takes from the line the first that, looked up again, is still ahead of the next. Those that gain no more drop out.
fn take_best(part: &Part<'_>, tree: &Tree<Plain>, line: &mut Vec<Candidate>) -> Option<Candidate> {
    loop {
        let candidate = again(part, tree, line.pop()?);
        if candidate.gain <= 0 {
            continue;
        }
        if line.last().is_none_or(|next| candidate.rank() < next.rank()) {
            return Some(candidate);
        }
        stand_in_line(line, candidate);
    }
}

/// Puts a candidate where its gain belongs in a line whose best is last.
fn stand_in_line(line: &mut Vec<Candidate>, candidate: Candidate) {
    let place = line.partition_point(|other| other.rank() > candidate.rank());
    line.insert(place, candidate);
}

/// The same row or column at the prices of now.
fn again(part: &Part<'_>, tree: &Tree<Plain>, candidate: Candidate) -> Candidate {
    if candidate.tail == tree.root {
        slack(tree, candidate.head)
    } else {
        best_offer(part, tree, candidate.tail)
    }
}

/// Adds what the rows of a block would gain by.
fn name_rows(part: &Part<'_>, tree: &Tree<Plain>, block: usize, line: &mut Vec<Candidate>) {
    let first = block * BLOCK_ROWS;
    let end = part.rows().min(first + BLOCK_ROWS);
    let named = (first..end).map(|row| best_offer(part, tree, row as u32));
    line.extend(named.filter(|candidate| candidate.gain > 0));
}

/// Adds the columns that would rather be idle, of as many as fall to a block.
fn name_columns(part: &Part<'_>, tree: &Tree<Plain>, block: usize, blocks: usize, line: &mut Vec<Candidate>) {
    let columns = part.capacities.len();
    let count = columns.div_ceil(blocks);
    let first = block * count;
    let end = columns.min(first + count);
    let named = (first..end).map(|column| slack(tree, (part.rows() + column) as u32));
    line.extend(named.filter(|candidate| candidate.gain > 0));
}

/// The edge by which a row gains most, which may be its slack. It is a candidate only if the gain is above 0.
fn best_offer(part: &Part<'_>, tree: &Tree<Plain>, row: u32) -> Candidate {
    let (row_prices, negated_column_prices) = tree.prices();
    let rows = row_prices.len() as u32;
    let (mut worth, mut head) = (0, tree.root);
    for offer in part.offers_of(row as usize) {
        let left = i64::from(offer.value) + negated_column_prices[offer.column as usize];
        if left > worth {
            (worth, head) = (left, rows + offer.column);
        }
    }
    Candidate { gain: worth - row_prices[row as usize], tail: row, head }
}

/// What a column would gain by being idle.
fn slack(tree: &Tree<Plain>, column: u32) -> Candidate {
    Candidate { gain: tree.price(column), tail: tree.root, head: column }
}
