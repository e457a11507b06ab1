//! Reading the answer off the trees: flows of the instance's edges, and prices for every row and column, including those
//! that took no part.

use super::Solution;
use super::ground::{Component, Ground};
use crate::matching::transport::Transport;

/// What became of one component. Numbers are those of its [`Part`](super::ground::Part).
pub(super) struct Outcome {
    /// The node above each row and then each column, and the flow on the edge to it.
    pub(super) places: Vec<(u32, u32)>,
    /// The price of each row.
    pub(super) row_prices: Vec<i64>,
    /// The price of each column, cut off at 0.
    pub(super) column_prices: Vec<i64>,
    /// Exchanges it took.
    pub(super) pivots: u64,
    /// Whether it is the optimum that the rule names.
    pub(super) done: bool,
}

/// The solution that the components' trees stand for. The flows are feasible and the prices too, whether or not the trees
/// are optimal; if they are, they match. Components without an outcome move nothing.
///
/// Prices come from the trees where they are optimal, and follow elsewhere, so that each is the value of one unit more (of a
/// row: of its last unit):
/// - a row that asks for something has the best offer for its price, at the prices of the columns that can give something,
///   or 0 without one: in an optimal tree it has that price already;
/// - a column that gives nothing asks what the row that wants it most would pay, of those that ask for something;
/// - a row that asks for nothing has the best offer of all columns for its price, so that it wants none.
pub(super) fn close(instance: &Transport, ground: &Ground<'_>, outcomes: &[Option<Outcome>]) -> Solution {
    let (flows, objective) = flows(instance, ground, outcomes);
    let mut row_prices = vec![0; instance.row_count()];
    let mut column_prices = vec![0; instance.column_count()];
    for (component, outcome) in solved(ground, outcomes) {
        spread(ground.row_names_of(component), &outcome.row_prices, &mut row_prices);
        spread(ground.column_names_of(component), &outcome.column_prices, &mut column_prices);
    }
    let (demands, capacities) = (instance.demands_narrow(), instance.capacities_narrow());
    if !outcomes.iter().all(|outcome| outcome.as_ref().is_some_and(|outcome| outcome.done)) {
        for (row, _) in demands.iter().enumerate().filter(|&(_, &demand)| demand > 0) {
            row_prices[row] = best_offer(instance, row, &column_prices, |column| capacities[column] > 0);
        }
    }
    if capacities.contains(&0) {
        for edge in instance.edges() {
            let (row, column) = (edge.row as usize, edge.column as usize);
            if demands[row] > 0 && capacities[column] == 0 {
                column_prices[column] = (edge.value - row_prices[row]).max(column_prices[column]);
            }
        }
    }
    for (row, _) in demands.iter().enumerate().filter(|&(_, &demand)| demand == 0) {
        row_prices[row] = best_offer(instance, row, &column_prices, |_| true);
    }
    let pivots = outcomes.iter().flatten().map(|outcome| outcome.pivots).sum();
    Solution { flows, row_prices, column_prices, objective, pivots }
}

/// Puts each price in its place.
fn spread(names: &[u32], prices: &[i64], all: &mut [i64]) {
    for (&name, &price) in names.iter().zip(prices) {
        all[name as usize] = price;
    }
}

/// The most that a row would have left at these prices, of the columns that count.
fn best_offer(
    instance: &Transport,
    row: usize,
    column_prices: &[i64],
    counts: impl Fn(usize) -> bool,
) -> i64 {
    let offers = instance.offers_of(row).iter().filter(|offer| counts(offer.column as usize));
    offers.map(|offer| i64::from(offer.value) - column_prices[offer.column as usize]).fold(0, i64::max)
}

/// Components that have an outcome.
fn solved<'a>(
    ground: &'a Ground<'_>,
    outcomes: &'a [Option<Outcome>],
) -> impl Iterator<Item = (&'a Component, &'a Outcome)> {
    let pairs = ground.components.iter().zip(outcomes);
    pairs.filter_map(|(component, outcome)| Some((component, outcome.as_ref()?)))
}

/// Units along each edge of the instance, and what they earn. Only tree edges carry any.
fn flows(instance: &Transport, ground: &Ground<'_>, outcomes: &[Option<Outcome>]) -> (Vec<u64>, i128) {
    let mut flows = vec![0; instance.edge_count()];
    let mut objective = 0;
    for (component, outcome) in solved(ground, outcomes) {
        let (row_names, column_names) = (ground.row_names_of(component), ground.column_names_of(component));
        let (rows, root) = (row_names.len(), outcome.places.len());
        for (node, &(parent, flow)) in outcome.places.iter().enumerate() {
            let parent = parent as usize;
            if parent == root || flow == 0 {
                continue;
            }
            let (row, column) = if node < rows { (node, parent - rows) } else { (parent, node - rows) };
            let (row, column) = (row_names[row] as usize, column_names[column]);
            let place = instance.offers_of(row).binary_search_by_key(&column, |offer| offer.column);
            let place = place.expect("a tree edge beside the slack is an edge of the instance");
            flows[instance.first_edge_of(row) + place] = u64::from(flow);
            objective += i128::from(instance.offers_of(row)[place].value) * i128::from(flow);
        }
    }
    (flows, objective)
}
