//! A solution that stays, and is repaired instead of found anew when something changes.
//!
//! [`Standing`] keeps the instance in a form that can be edited, and the tree of the optimum. An edit leaves a flow that keeps
//! to the new demands and capacities, in a tree that keeps its promises; [`Standing::repair`] goes on from there with
//! exchanges until it is the optimum again: the same flows and the same prices, by key, as [`solve`](super::solve) would find.
//!
//! **How little is touched.** More to send is pushed along the path to the root; where the path cannot carry it, the rest becomes
//! slack and the emptied edge leaves. Less to send is pulled back along the same path, then taken from the edges beside it,
//! and what hung from an emptied edge hangs from the root by the slack that comes free (`standing/yielding.rs`). No pass over
//! all rows, columns or edges is ever made: a repair looks only at the edges of nodes whose price fell, because nothing else can
//! have begun to gain (`standing/repairing.rs`). In a tree of an optimum most nodes hang close to the root, so the part that
//! moves is small however large the instance; all that grows with it is the search for a key.
//!
//! **How fast**, as `benches/repair.rs` showed it on a busy machine; the time is that of edit, repair and audit, half of all took
//! less (means say more about the machine's other processes). The ratio is the processor time of a solve from nothing to
//! the median of a need posted. Counts are means over 1,600 edits of all kinds (scarce ones 160).
//!
//! | rows × columns | instance | any edit | a need posted | a fresh solve takes | pivots | touched | prices | flows |
//! |---|---|---|---|---|---|---|---|---|
//! | 20,000 × 15,000 | ample, near | 13 µs | 15 µs | 730 × | 1.5 | 7.9 | 5.1 | 4.8 |
//! | 200,000 × 150,000 | ample, near | 17 µs | 18 µs | 8,300 × | 1.5 | 8.1 | 5.2 | 5.1 |
//! | 200,000 × 150,000 | ample, anywhere | 22 µs | 27 µs | 10,300 × | 1.5 | 8.3 | 5.4 | 5.1 |
//! | 20,000 × 15,000 | scarce, near | 2.7 ms | 1.1 ms | 175 × | 27 | 2,006 | 1,924 | 224 |
//! | 20,000 × 15,000 | scarce, anywhere | 25 ms | 34 ms | 15 × | 47 | 9,582 | 9,145 | 504 |
//! | 200,000 × 150,000 | scarce, near | 4.4 ms | 1.8 ms | 1,400 × | 27 | 1,873 | 1,793 | 227 |
//!
//! Where all want the same, one need more changes two thousand prices and two hundred flows, and that is what a repair then
//! has to do: the nodes it touches are those whose prices change, and a few.
//!
//! Between an edit and the next repair, flows are allowed ones but not the best, and prices may prove nothing.

use thiserror::Error;

pub use self::changes::{Changes, FlowChange, PriceChange};
use self::noted::{Noted, ROOT, Worth, column_node, is_row, row_node, slot_of};
use self::sides::{Link, Place, Side};
use super::tie::Ties;
use super::tree::{NONE, Node, Step, Tree};
use super::{Budget, OutOfBudget, Solution, outcomes};
use crate::matching::certificate::{Verified, Violation, verify};
use crate::matching::transport::{
    CAPACITY_MAX, COLUMNS_MAX, DEMAND_MAX, Edge, ROWS_MAX, Transport, VALUE_MAX,
};

mod sides;

mod noted;

mod planting;

mod editing;
mod yielding;

mod repairing;

mod changes;

mod auditing;

#[cfg(test)]
mod histories;

/// An instance and its optimum, kept together through edits. Rows and columns go by their keys.
#[derive(Clone)]
pub struct Standing {
    rows: Side,
    columns: Side,
    tree: Tree<Noted>,
    objective: i128,
    /// The objective when the last repair was done, and what it had touched.
    settled: i128,
    touched: Vec<u32>,
    ties: Ties,
}

/// Why an edit was refused; nothing has changed. Trying again cannot help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Refused {
    /// No row has this key.
    #[error("no row has the key {0}")]
    NoSuchRow(u64),
    /// No column has this key.
    #[error("no column has the key {0}")]
    NoSuchColumn(u64),
    /// A row has this key already.
    #[error("there is a row of the key {0}")]
    RowExists(u64),
    /// A column has this key already.
    #[error("there is a column of the key {0}")]
    ColumnExists(u64),
    /// There are as many rows or columns as there can be.
    #[error("there is no room for another")]
    Full,
    /// A quantity or a value outside the bounds of [`transport`](super::super::transport).
    #[error("{0} is out of bounds")]
    OutOfBounds(i128),
    /// One list names the same pair twice.
    #[error("an edge to {0} comes twice")]
    DuplicateEdge(u64),
}

/// The budget ran out in a repair. Flows are allowed ones; another repair goes on where this one stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("not repaired after {pivots} pivots")]
pub struct Unrepaired {
    /// Exchanges made.
    pub pivots: u64,
}

impl Standing {
    /// Solves an instance from nothing, and stays.
    ///
    /// # Errors
    /// [`OutOfBudget`] when more pivots are needed than `budget` allows.
    pub fn new(instance: &Transport, budget: Budget) -> Result<Standing, OutOfBudget> {
        Standing::by(instance, budget, Ties::FULL)
    }

    /// What the flows earn.
    #[must_use]
    pub fn objective(&self) -> i128 {
        self.objective
    }

    /// What a row asks for.
    #[must_use]
    pub fn demand(&self, row: u64) -> Option<u64> {
        Some(u64::from(self.rows.at(self.rows.slot(row)?).units))
    }

    /// What a column can give.
    #[must_use]
    pub fn capacity(&self, column: u64) -> Option<u64> {
        Some(u64::from(self.columns.at(self.columns.slot(column)?).units))
    }

    /// The price of a row: what its last unit adds.
    #[must_use]
    pub fn row_price(&self, row: u64) -> Option<i64> {
        let slot = self.rows.slot(row)?;
        let price = self.tree.books.prices[row_node(slot) as usize].value;
        Some(if self.rows.at(slot).units > 0 { price } else { self.best_offer(slot) })
    }

    /// The price of a column: what one unit more would add.
    #[must_use]
    pub fn column_price(&self, column: u64) -> Option<i64> {
        let slot = self.columns.slot(column)?;
        Some(-self.tree.books.prices[column_node(slot) as usize].value)
    }

    /// What a row receives and from which columns, in no particular order.
    pub fn received(&self, row: u64) -> impl Iterator<Item = (u64, u64)> + '_ {
        let slot = self.rows.slot(row);
        slot.into_iter().flat_map(move |slot| {
            self.rows.at(slot).links.iter().filter_map(move |link| {
                let flow = self.flow(slot, link.to);
                (flow > 0).then(|| (self.columns.at(link.to).key, u64::from(flow)))
            })
        })
    }

    /// What a column gives and to which rows, in no particular order.
    pub fn given(&self, column: u64) -> impl Iterator<Item = (u64, u64)> + '_ {
        let slot = self.columns.slot(column);
        slot.into_iter().flat_map(move |slot| {
            self.columns.at(slot).links.iter().filter_map(move |link| {
                let flow = self.flow(link.to, slot);
                (flow > 0).then(|| (self.rows.at(link.to).key, u64::from(flow)))
            })
        })
    }

    /// The instance as it is now, rows and columns in the order of their keys.
    #[must_use]
    pub fn instance(&self) -> Transport {
        let mut places = vec![0; self.columns.slots()];
        for (place, (_, slot)) in (0u32..).zip(self.columns.keys()) {
            places[slot as usize] = place;
        }
        let units = |side: &Side| side.keys().map(|(_, slot)| u64::from(side.at(slot).units)).collect();
        let (demands, capacities): (Vec<u64>, Vec<u64>) = (units(&self.rows), units(&self.columns));
        let edges = (0u32..).zip(self.rows.keys()).flat_map(|(row, (_, slot))| {
            let links = self.rows.at(slot).links.iter();
            links.map(move |link| (row, link))
        });
        let edges = edges.map(|(row, link)| Edge {
            row,
            column: places[link.to as usize],
            value: i64::from(link.value),
        });
        let keys = |side: &Side| side.keys().map(|(key, _)| key).collect();
        let instance = Transport::new(&demands, &capacities, edges)
            .and_then(|instance| instance.with_keys(keys(&self.rows), keys(&self.columns)));
        instance.expect("every edit was checked against the same bounds")
    }

    /// Flows and prices as they are now, of the instance that [`Standing::instance`] gives.
    #[must_use]
    pub fn solution(&self) -> Solution {
        let instance = self.instance();
        let slots: Vec<u32> = self.rows.keys().map(|(_, slot)| slot).collect();
        let columns: Vec<u32> = self.columns.keys().map(|(_, slot)| slot).collect();
        let flow = |edge: Edge| self.flow(slots[edge.row as usize], columns[edge.column as usize]);
        Solution {
            flows: instance.edges().map(|edge| u64::from(flow(edge))).collect(),
            row_prices: self.rows.keys().filter_map(|(key, _)| self.row_price(key)).collect(),
            column_prices: self.columns.keys().filter_map(|(key, _)| self.column_price(key)).collect(),
            objective: self.objective,
            pivots: 0,
        }
    }

    /// Checks everything with the certificate, as after a solve from nothing. Takes a pass over all edges.
    ///
    /// # Errors
    /// The first [`Violation`] found: after an edit without a repair there may be one, after a repair it is a mistake in here.
    pub fn verify(&self) -> Result<Verified<Solution>, Violation> {
        verify(&self.instance(), self.solution())
    }

    /// Units along an edge.
    fn flow(&self, row: u32, column: u32) -> u32 {
        self.joined(row, column).map_or(0, |lower| self.at(lower).flow)
    }

    fn at(&self, node: u32) -> &Node {
        &self.tree.nodes[node as usize]
    }

    fn price(&self, node: u32) -> Worth {
        self.tree.books.prices[node as usize]
    }

    /// The row or column of a node.
    fn place(&self, node: u32) -> &Place {
        let side = if is_row(node) { &self.rows } else { &self.columns };
        side.at(slot_of(node))
    }

    /// The keys of an edge's row and column, whichever end comes first.
    fn keys(&self, one: u32, other: u32) -> (u64, u64) {
        let (row, column) = if is_row(one) { (one, other) } else { (other, one) };
        (self.place(row).key, self.place(column).key)
    }

    /// What an edge counts where values do not decide.
    fn tie(&self, one: u32, other: u32) -> i64 {
        let (row, column) = self.keys(one, other);
        self.ties.of(row, column)
    }

    /// What a unit is worth, and counts, along an edge that there is.
    fn worth(&self, one: u32, other: u32) -> Worth {
        let value = self.place(one).value(slot_of(other)).map_or(0, i64::from);
        Worth { value, tie: self.tie(one, other) }
    }

    /// The lower end of the tree's edge between a row and a column, if it is one.
    fn joined(&self, row: u32, column: u32) -> Option<u32> {
        let (row, column) = (row_node(row), column_node(column));
        if self.at(row).parent == column {
            Some(row)
        } else {
            (self.at(column).parent == row).then_some(column)
        }
    }

    /// The most that a row would have left at the prices of now, or 0.
    fn best_offer(&self, row: u32) -> i64 {
        let links = self.rows.at(row).links.iter();
        links.map(|link| i64::from(link.value) + self.price(column_node(link.to)).value).fold(0, i64::max)
    }
}
