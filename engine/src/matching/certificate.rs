//! The certificate: whoever holds a [`Verified`] solution holds a proof, not a promise.
//!
//! [`verify`] shares nothing with the solver but the shape of its answer. It adds up what was handed in and checks, in 128
//! bits, that
//! 1. no row receives more than its demand, no column gives more than its capacity;
//! 2. no price is negative, and along every edge `row price + column price ≥ value`, so that
//!    `bound = Σ demand · row price + Σ capacity · column price` is at least the value of *any* feasible flow;
//! 3. flow runs only along edges where that is an equality, and only rows served in full and columns used up have a price.
//!    Term by term this says that `bound - objective = 0`, which is checked as well: the flow is optimal.
//!
//! The prices are also what the explanations quote, so their digest can be kept beside a plan and compared later.
#![expect(
    clippy::indexing_slicing,
    reason = "edges name rows and columns of the instance, and the shape is checked before anything is looked up"
)]

use std::ops::Deref;

use sha2::{Digest, Sha256};

pub use self::violation::Violation;
use super::simplex::Solution;
use super::transport::{Edge, Transport};

mod violation;

/// What [`verify`] has checked, with the figures it found. Nothing else can make one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified<T> {
    subject: T,
    objective: i128,
    bound: i128,
    price_digest: [u8; 32],
}

impl<T> Verified<T> {
    /// What the flows earn, added up anew.
    #[must_use]
    pub fn objective(&self) -> i128 {
        self.objective
    }

    /// What the prices prove nobody can exceed.
    #[must_use]
    pub fn bound(&self) -> i128 {
        self.bound
    }

    /// How far the objective may be from the best: 0 for an optimum.
    #[must_use]
    pub fn gap(&self) -> i128 {
        self.bound - self.objective
    }

    /// SHA-256 of the prices: the number of rows, the row prices, the number of columns, the column prices, each as
    /// eight bytes, lowest first.
    #[must_use]
    pub fn price_digest(&self) -> &[u8; 32] {
        &self.price_digest
    }

    /// Gives up the proof and keeps what was proven.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.subject
    }
}

impl<T> Deref for Verified<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.subject
    }
}

/// Checks that `solution` is an optimum of `instance`, and seals it.
///
/// # Errors
/// The first [`Violation`] found, in the order of its variants.
pub fn verify(instance: &Transport, solution: Solution) -> Result<Verified<Solution>, Violation> {
    check_shape(instance, &solution)?;
    let (received, given) = totals(instance, &solution);
    check_quantities(instance, &received, &given)?;
    check_prices(instance, &solution)?;
    check_slackness(instance, &solution, &received, &given)?;
    let (earned, bound) = (earned(instance, &solution), asked(instance, &solution));
    if solution.objective != earned || earned != bound {
        return Err(Violation::ObjectiveMisstated { stated: solution.objective, earned, bound });
    }
    Ok(Verified { price_digest: price_digest(&solution), objective: earned, bound, subject: solution })
}

/// What no feasible flow of `instance` exceeds, by these prices of its columns, whatever they are and wherever they come from.
///
/// Weak duality: every unit that flows along an edge earns its value, which is at most the price of its column plus what
/// the row would have left at these prices. So the rows' prices need not be known: each is the best offer the row has,
/// or 0. A price below 0, or one that is missing, counts as 0; those beyond the last column are not looked at.
#[must_use]
pub fn bound(instance: &Transport, column_prices: &[i64]) -> i128 {
    let price_of = |column: usize| i128::from(column_prices.get(column).map_or(0, |&price| price.max(0)));
    let mut best_offers = vec![0; instance.row_count()];
    for edge in instance.edges() {
        let best = &mut best_offers[edge.row as usize];
        *best = (i128::from(edge.value) - price_of(edge.column as usize)).max(*best);
    }
    let rows = instance.demands().zip(best_offers).map(|(demand, best)| i128::from(demand) * best);
    let columns =
        instance.capacities().enumerate().map(|(column, units)| i128::from(units) * price_of(column));
    rows.chain(columns).sum()
}

fn check_shape(instance: &Transport, solution: &Solution) -> Result<(), Violation> {
    let flows = solution.flows.len();
    let row_prices = solution.row_prices.len();
    let column_prices = solution.column_prices.len();
    if (flows, row_prices, column_prices)
        != (instance.edge_count(), instance.row_count(), instance.column_count())
    {
        return Err(Violation::WrongShape { flows, row_prices, column_prices });
    }
    Ok(())
}

/// What each row receives and each column gives.
fn totals(instance: &Transport, solution: &Solution) -> (Vec<u128>, Vec<u128>) {
    let mut received = vec![0; instance.row_count()];
    let mut given = vec![0; instance.column_count()];
    for (edge, &flow) in instance.edges().zip(&solution.flows) {
        received[edge.row as usize] += u128::from(flow);
        given[edge.column as usize] += u128::from(flow);
    }
    (received, given)
}

fn check_quantities(instance: &Transport, received: &[u128], given: &[u128]) -> Result<(), Violation> {
    for (row, (&received, demand)) in received.iter().zip(instance.demands()).enumerate() {
        if received > u128::from(demand) {
            return Err(Violation::RowOverfilled { row, received, demand });
        }
    }
    for (column, (&given, capacity)) in given.iter().zip(instance.capacities()).enumerate() {
        if given > u128::from(capacity) {
            return Err(Violation::ColumnOverdrawn { column, given, capacity });
        }
    }
    Ok(())
}

fn check_prices(instance: &Transport, solution: &Solution) -> Result<(), Violation> {
    for (row, &price) in solution.row_prices.iter().enumerate() {
        if price < 0 {
            return Err(Violation::RowPriceNegative { row, price });
        }
    }
    for (column, &price) in solution.column_prices.iter().enumerate() {
        if price < 0 {
            return Err(Violation::ColumnPriceNegative { column, price });
        }
    }
    for edge in instance.edges() {
        let (row_price, column_price) = prices_of(solution, edge);
        if i128::from(row_price) + i128::from(column_price) < i128::from(edge.value) {
            return Err(Violation::EdgeUnderpriced { edge, row_price, column_price });
        }
    }
    Ok(())
}

fn check_slackness(
    instance: &Transport,
    solution: &Solution,
    received: &[u128],
    given: &[u128],
) -> Result<(), Violation> {
    for (edge, &flow) in instance.edges().zip(&solution.flows) {
        let (row_price, column_price) = prices_of(solution, edge);
        let asked = i128::from(row_price) + i128::from(column_price);
        if flow > 0 && asked != i128::from(edge.value) {
            return Err(Violation::FlowOnDearEdge { edge, flow, row_price, column_price });
        }
    }
    let rows = instance.demands().zip(received).zip(&solution.row_prices);
    for (row, ((demand, &received), &price)) in rows.enumerate() {
        let unmet = u128::from(demand) - received;
        if unmet > 0 && price != 0 {
            return Err(Violation::UnmetRowPriced { row, unmet, price });
        }
    }
    let columns = instance.capacities().zip(given).zip(&solution.column_prices);
    for (column, ((capacity, &given), &price)) in columns.enumerate() {
        let idle = u128::from(capacity) - given;
        if idle > 0 && price != 0 {
            return Err(Violation::IdleColumnPriced { column, idle, price });
        }
    }
    Ok(())
}

fn prices_of(solution: &Solution, edge: Edge) -> (i64, i64) {
    (solution.row_prices[edge.row as usize], solution.column_prices[edge.column as usize])
}

/// Cannot overflow: flows were found to be within 32 bits, values are, and so are the edges.
fn earned(instance: &Transport, solution: &Solution) -> i128 {
    instance.edges().zip(&solution.flows).map(|(edge, &flow)| i128::from(edge.value) * i128::from(flow)).sum()
}

/// What all demand and all capacity together ask. Cannot overflow: quantities have 32 bits, prices 63, and rows and
/// columns together 25.
fn asked(instance: &Transport, solution: &Solution) -> i128 {
    let rows = instance.demands().zip(&solution.row_prices);
    let columns = instance.capacities().zip(&solution.column_prices);
    rows.chain(columns).map(|(units, &price)| i128::from(units) * i128::from(price)).sum()
}

fn price_digest(solution: &Solution) -> [u8; 32] {
    let mut digest = Sha256::new();
    for prices in [&solution.row_prices, &solution.column_prices] {
        digest.update((prices.len() as u64).to_le_bytes());
        for price in prices {
            digest.update(price.to_le_bytes());
        }
    }
    digest.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two rows compete for column 0 (row 0 is worth more there); row 1 gets the rest and stays one short; column 1
    /// keeps two idle.
    fn story() -> (Transport, Solution) {
        let edges = [(0, 0, 9), (0, 1, 2), (1, 0, 5)];
        let edges = edges.map(|(row, column, value)| Edge { row, column, value });
        let instance = Transport::new(&[3, 3], &[5, 2], edges).unwrap();
        let solution = Solution {
            flows: vec![3, 0, 2],
            row_prices: vec![4, 0],
            column_prices: vec![5, 0],
            objective: 37,
            pivots: 0,
        };
        (instance, solution)
    }

    #[test]
    fn an_optimum_is_sealed_with_its_figures() {
        let (instance, solution) = story();
        let verified = verify(&instance, solution.clone()).unwrap();
        assert_eq!((verified.objective(), verified.bound(), verified.gap()), (37, 37, 0));
        assert_eq!(verified.row_prices, solution.row_prices);
        let mut other = solution.clone();
        other.pivots = 99;
        assert_eq!(verify(&instance, other).unwrap().price_digest(), verified.price_digest());
        let hex: String = verified.price_digest().iter().map(|byte| format!("{byte:02x}")).collect();
        // sha256 of the little-endian words 2, 4, 0, 2, 5, 0, computed by another program.
        assert_eq!(hex, "b253c6d7bc9b1f840ba9b8ea05372dbebf9bdf018d263a6614e0c82fd0fd429d");
        assert_eq!(verified.into_inner(), solution);
    }

    #[test]
    fn any_prices_of_columns_bound_any_flow() {
        let (instance, solution) = story();
        assert_eq!(bound(&instance, &solution.column_prices), 37);
        // Free columns: each row may take its best offer in full.
        assert_eq!(bound(&instance, &[]), 3 * 9 + 3 * 5);
        assert_eq!(bound(&instance, &[-4, i64::MIN]), 3 * 9 + 3 * 5);
        // Columns nobody can pay: all that is left is what they ask.
        assert_eq!(bound(&instance, &[i64::MAX, 2]), 5 * i128::from(i64::MAX) + 2 * 2);
        for first in 0..12 {
            for second in 0..12 {
                assert!(bound(&instance, &[first, second]) >= 37, "{first} {second}");
            }
        }
    }

    #[test]
    fn every_corruption_is_named() {
        let edge = |row, column, value| Edge { row, column, value };
        type Corruption = fn(&mut Solution);
        let cases: Vec<(Corruption, Violation)> = vec![
            (|s| s.flows.truncate(2), Violation::WrongShape { flows: 2, row_prices: 2, column_prices: 2 }),
            (|s| s.row_prices.push(0), Violation::WrongShape { flows: 3, row_prices: 3, column_prices: 2 }),
            (
                |s| s.column_prices.clear(),
                Violation::WrongShape { flows: 3, row_prices: 2, column_prices: 0 },
            ),
            (|s| s.flows[1] = 1, Violation::RowOverfilled { row: 0, received: 4, demand: 3 }),
            (
                |s| s.flows[0] = u64::MAX,
                Violation::RowOverfilled { row: 0, received: u128::from(u64::MAX), demand: 3 },
            ),
            (|s| s.flows[2] = 3, Violation::ColumnOverdrawn { column: 0, given: 6, capacity: 5 }),
            (|s| s.row_prices[1] = -1, Violation::RowPriceNegative { row: 1, price: -1 }),
            (
                |s| s.column_prices[1] = i64::MIN,
                Violation::ColumnPriceNegative { column: 1, price: i64::MIN },
            ),
            (
                |s| s.row_prices[0] = 3,
                Violation::EdgeUnderpriced { edge: edge(0, 0, 9), row_price: 3, column_price: 5 },
            ),
            (
                |s| s.column_prices[0] = 4,
                Violation::EdgeUnderpriced { edge: edge(0, 0, 9), row_price: 4, column_price: 4 },
            ),
            (
                |s| s.column_prices[0] = 6,
                Violation::FlowOnDearEdge { edge: edge(0, 0, 9), flow: 3, row_price: 4, column_price: 6 },
            ),
            (
                |s| (s.flows[0], s.flows[1]) = (2, 1),
                Violation::FlowOnDearEdge { edge: edge(0, 1, 2), flow: 1, row_price: 4, column_price: 0 },
            ),
            (|s| s.flows[0] = 2, Violation::UnmetRowPriced { row: 0, unmet: 1, price: 4 }),
            (|s| s.flows[2] = 1, Violation::IdleColumnPriced { column: 0, idle: 1, price: 5 }),
            (|s| s.column_prices[1] = 1, Violation::IdleColumnPriced { column: 1, idle: 2, price: 1 }),
            (|s| s.objective += 1, Violation::ObjectiveMisstated { stated: 38, earned: 37, bound: 37 }),
        ];
        for (corrupt, expected) in cases {
            let (instance, mut solution) = story();
            corrupt(&mut solution);
            assert_eq!(verify(&instance, solution).unwrap_err(), expected);
        }
    }
}
