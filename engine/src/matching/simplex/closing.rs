//! Reading the answer off the tree: flows of the instance's edges, and prices for every row and column, including those
//! that took no part.

use super::Solution;
use super::ground::Ground;
use super::tree::Tree;
use crate::matching::transport::Transport;

/// The solution the tree stands for. The flows are feasible and the prices too, whether or not the tree is optimal; if it
/// is, they match.
///
/// Only the prices of columns that took part come from the tree, cut off at 0. A row's price is then the best offer it
/// has at those prices, or 0 without one: in an optimal tree that is exactly its price there. Of the columns that took no
/// part, those with capacity stay idle at the price 0; those without may ask anything, and ask the least that leaves no
/// row wanting them.
pub(super) fn close(instance: &Transport, ground: &Ground, tree: &Tree, pivots: u64) -> Solution {
    let (flows, objective) = flows(instance, ground, tree);
    let capacities = instance.capacities_narrow().iter();
    let mut column_prices: Vec<Option<i64>> =
        capacities.map(|&capacity| (capacity > 0).then_some(0)).collect();
    let (_, negated) = tree.prices();
    for (&name, &negated) in ground.column_names.iter().zip(negated) {
        column_prices[name as usize] = Some((-negated).max(0));
    }
    let row_prices: Vec<i64> = (0..instance.row_count())
        .map(|row| {
            let offers = instance.offers_of(row).iter();
            offers
                .filter_map(|offer| Some(i64::from(offer.value) - column_prices[offer.column as usize]?))
                .fold(0, i64::max)
        })
        .collect();
    let mut free_prices = vec![0; instance.column_count()];
    for edge in instance.edges() {
        let wanted = edge.value - row_prices[edge.row as usize];
        let price = &mut free_prices[edge.column as usize];
        *price = wanted.max(*price);
    }
    let column_prices =
        column_prices.into_iter().zip(free_prices).map(|(price, free)| price.unwrap_or(free)).collect();
    Solution { flows, row_prices, column_prices, objective, pivots }
}

/// Units along each edge of the instance, and what they earn. Only tree edges carry any.
fn flows(instance: &Transport, ground: &Ground, tree: &Tree) -> (Vec<u64>, i128) {
    let mut flows = vec![0; instance.edge_count()];
    let mut objective = 0;
    let rows = ground.row_names.len();
    for (node, at) in tree.nodes().iter().enumerate() {
        if at.parent == tree.root() || at.flow == 0 {
            continue;
        }
        let parent = at.parent as usize;
        let (row, column) = if node < rows { (node, parent - rows) } else { (parent, node - rows) };
        let (row, column) = (ground.row_names[row], ground.column_names[column]);
        let place = instance.offers_of(row as usize).binary_search_by_key(&column, |offer| offer.column);
        let place = place.expect("a tree edge beside the slack is an edge of the instance");
        flows[instance.first_edge_of(row as usize) + place] = u64::from(at.flow);
        objective += i128::from(instance.offers_of(row as usize)[place].value) * i128::from(at.flow);
    }
    (flows, objective)
}
