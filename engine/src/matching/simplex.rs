//! The exact solver: network simplex on the two sides of the problem themselves.
#![expect(
    clippy::indexing_slicing,
    reason = "the inner loops follow indices that the checked instance and the tree's own links made; each is below the length it is used on by construction"
)]

use thiserror::Error;

use self::closing::close;
use self::ground::Ground;
use self::tree::Tree;
use super::transport::Transport;

mod ground;

mod tree;

mod pricing;

mod closing;

/// How much work a solve may do, in exchanges of an edge of the tree (pivots). Between two exchanges lies at most one look
/// at every edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// The most exchanges the solver may make.
    pub pivots: u64,
}

impl Budget {
    /// As many exchanges as it takes. The solver always ends; only how soon has no useful bound.
    pub const UNLIMITED: Budget = Budget { pivots: u64::MAX };
}

/// A flow, and the prices that prove it the best.
///
/// The prices are those of the dual problem: `row_prices[r] ≥ 0` is what one more unit of demand of row `r` would add,
/// `column_prices[c] ≥ 0` what one more unit of capacity of column `c` would. Along every edge their sum is at least the
/// edge's value, and equal to it where there is flow. A row with unmet demand and a column with idle capacity have the
/// price 0. (Where an optimum is degenerate, one more unit may add less than the price says, never more.)
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Solution {
    /// Units along each edge, in the order of the edges' numbers.
    pub flows: Vec<u64>,
    /// Price of each row.
    pub row_prices: Vec<i64>,
    /// Price of each column.
    pub column_prices: Vec<i64>,
    /// Total value of the flows.
    pub objective: i128,
    /// Exchanges it took: a measure of work that does not depend on the machine.
    pub pivots: u64,
}

/// The budget ran out before the optimum was proven. A larger budget can help.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("not proven after {} pivots: found {}, at most {bound} is possible", best.pivots, best.objective)]
pub struct OutOfBudget {
    /// The best flow found, feasible. Its prices are feasible too, so the bound below follows from them.
    pub best: Solution,
    /// No flow is worth more than this.
    pub bound: i128,
}

/// The best flow of an instance, and the prices that prove it.
///
/// # Errors
/// [`OutOfBudget`] when more pivots are needed than `budget` allows.
pub fn solve(instance: &Transport, budget: Budget) -> Result<Solution, OutOfBudget> {
    let ground = Ground::new(instance);
    let mut tree = Tree::star(&ground.demands, &ground.capacities);
    let mut pivots = 0;
    for component in &ground.components {
        if !pricing::optimise(&ground, component, &mut tree, &mut pivots, budget.pivots) {
            let best = close(instance, &ground, &tree, pivots);
            let bound = bound(instance, &best);
            return Err(OutOfBudget { best, bound });
        }
    }
    Ok(close(instance, &ground, &tree, pivots))
}

/// What the prices of a solution prove that no flow exceeds.
fn bound(instance: &Transport, solution: &Solution) -> i128 {
    let rows = instance.demands().zip(&solution.row_prices);
    let columns = instance.capacities().zip(&solution.column_prices);
    rows.chain(columns)
        .map(|(units, &price)| i128::from(units) * i128::from(price))
        .sum()
}
