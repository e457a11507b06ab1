//! Which edge comes in next, until none would gain.
//!
//! A look at every edge before every exchange would find the best one and cost more than it saves. Instead the rows of a
//! component are taken in blocks, round and round. A block's rows each name their best offer at the prices of now. What
//! gains nearly as much as the best of them is exchanged, best first, and a few more in any case: where values are drawn
//! apart nearly everything a block names is worth an exchange, and where all want the same only what ranks high everywhere
//! is. Every exchange moves prices, so a gain is looked up again just before it is used, and put back in line if it has
//! shrunk behind the next. When a whole round of blocks has nothing to name, the prices are those of an optimum.
//!
//! Order, and nothing else, decides between equals: among offers of one row the lower column, among rows the earlier one,
//! rows before the slack of columns. The block a row is in depends on its place in its component only.

use std::cmp::Reverse;

use super::ground::Part;
use super::steps::Steps;
use super::tree::{Plain, Tree};
use crate::matching::transport::Offer;

/// Rows that are asked in one go. Larger blocks name better edges, smaller ones name them sooner.
const BLOCK_ROWS: usize = 128;

/// How many exchanges are made before the next block is asked, however little they gain beside the first.
const EXCHANGES: usize = 8;

/// How many named edges are kept at least: some will have stopped gaining when their turn comes.
const KEPT: usize = 2 * EXCHANGES;

/// An edge that would gain: from a row or the root (the slack of a column) to a column or the root (the slack of a row).
#[derive(Debug, Clone, Copy)]
struct Candidate {
    gain: i64,
    tail: u32,
    head: u32,
    /// What a unit is worth along it.
    value: u32,
}

impl Candidate {
    /// Least first: the most gainful, then the earliest. No two candidates of a list share their place.
    fn rank(&self) -> (Reverse<i64>, u32, u32) {
        (Reverse(self.gain), self.tail, self.head)
    }

    /// The gain from which on another is nearly as good.
    fn nearly(&self) -> i64 {
        self.gain - self.gain / 10
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
        line_up(&mut line);
        let enough = line.last().map_or(0, Candidate::nearly);
        let mut exchanges = 0;
        while let Some(best) = take_best(part, tree, &mut line) {
            if exchanges >= EXCHANGES && best.gain < enough {
                break;
            }
            if !steps.take() {
                return false;
            }
            tree.exchange(best.tail, best.head, best.gain);
            exchanges += 1;
        }
        line.clear();
        block = if block + 1 == blocks { 0 } else { block + 1 };
    }
    true
}

/// Leaves in line what gains nearly as much as the best, but the [`KEPT`] most gainful at least, the best of them last.
fn line_up(line: &mut Vec<Candidate>) {
    if line.len() > KEPT {
        let enough = line.iter().max_by_key(|candidate| candidate.gain).map_or(0, Candidate::nearly);
        if line.iter().filter(|candidate| candidate.gain >= enough).count() >= KEPT {
            line.retain(|candidate| candidate.gain >= enough);
        } else {
            line.select_nth_unstable_by_key(KEPT, Candidate::rank);
            line.truncate(KEPT);
        }
    }
    line.sort_unstable_by_key(|candidate| Reverse(candidate.rank()));
}

/// Takes from the line the first that, looked up again, is still ahead of the next. Those that gain no more drop out. One
/// whose own two prices have not moved need not be looked up: what else its row could have is looked at in the next round.
fn take_best(part: &Part<'_>, tree: &Tree<Plain>, line: &mut Vec<Candidate>) -> Option<Candidate> {
    loop {
        let candidate = line.pop()?;
        if gain(tree, candidate) == candidate.gain {
            return Some(candidate);
        }
        let candidate = again(part, tree, candidate);
        if candidate.gain <= 0 {
            continue;
        }
        if line.last().is_none_or(|next| candidate.rank() < next.rank()) {
            return Some(candidate);
        }
        let place = line.partition_point(|other| other.rank() > candidate.rank());
        line.insert(place, candidate);
    }
}

/// What the very same edge would gain at the prices of now.
fn gain(tree: &Tree<Plain>, Candidate { tail, head, value, .. }: Candidate) -> i64 {
    i64::from(value) - tree.price(tail) + tree.price(head)
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
///
/// Most rows asked gain nothing. So the most a row could have left is found first, in four strands that need not wait for
/// each other, and which offer that is only where it matters.
fn best_offer(part: &Part<'_>, tree: &Tree<Plain>, row: u32) -> Candidate {
    let (row_prices, negated_column_prices) = tree.prices();
    let offers = part.offers_of(row as usize);
    let left = |offer: &Offer| i64::from(offer.value) + negated_column_prices[offer.column as usize];
    let (fours, rest) = offers.as_chunks::<4>();
    let mut most = [0; 4];
    for four in fours {
        for (most, offer) in most.iter_mut().zip(four) {
            *most = left(offer).max(*most);
        }
    }
    let worth = rest.iter().map(left).chain(most).fold(0, i64::max);
    let gain = worth - row_prices[row as usize];
    let slack = Candidate { gain, tail: row, head: tree.root, value: 0 };
    if gain <= 0 || worth == 0 {
        return slack;
    }
    let best = offers.iter().find(|offer| left(offer) == worth);
    best.map_or(slack, |best| Candidate {
        head: row_prices.len() as u32 + best.column,
        value: best.value,
        ..slack
    })
}

/// What a column would gain by being idle.
fn slack(tree: &Tree<Plain>, column: u32) -> Candidate {
    Candidate { gain: tree.price(column), tail: tree.root, head: column, value: 0 }
}
