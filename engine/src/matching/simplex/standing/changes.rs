//! What a repair changed, told by key.

use super::noted::Before;
use super::*;

/// More or less flow along an edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FlowChange {
    /// The key of the row.
    pub row: u64,
    /// The key of the column.
    pub column: u64,
    /// Units after the repair before.
    pub before: u64,
    /// Units now.
    pub after: u64,
}

/// Another price of a row or a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PriceChange {
    /// The key of the row or column.
    pub key: u64,
    /// The price after the repair before. None if it was not there, or was a row that asked for nothing.
    pub before: Option<i64>,
    /// The price now. None if it is not there any more, or is a row that asks for nothing.
    pub after: Option<i64>,
}

/// What changed between two repairs. Rows that ask for nothing have no part in it: their prices follow from the columns'.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changes {
    /// Flows that are not what they were, by row key and column key.
    pub flows: Vec<FlowChange>,
    /// Rows whose price is not what it was, by key.
    pub row_prices: Vec<PriceChange>,
    /// Columns whose price is not what it was, by key.
    pub column_prices: Vec<PriceChange>,
    /// What the flows earned after the repair before.
    pub objective_before: i128,
    /// What they earn now.
    pub objective_after: i128,
    /// Exchanges the repair took.
    pub pivots: u64,
    /// How many rows and columns were touched at all.
    pub touched: usize,
}

impl Standing {
    /// Everything that differs from the notes.
    pub(super) fn changes(&self, pivots: u64) -> Changes {
        let before = &self.tree.books.before;
        Changes {
            flows: self.flow_changes(before),
            row_prices: self.price_changes(before, true),
            column_prices: self.price_changes(before, false),
            objective_before: self.settled,
            objective_after: self.objective,
            pivots,
            touched: before.len(),
        }
    }

    /// An edge may have been above one of its ends before and above the other now, or have gone and come again under the
    /// same keys: what it carried is added up by keys.
    fn flow_changes(&self, before: &[Before]) -> Vec<FlowChange> {
        let mut flows = Vec::new();
        for &Before { node, parent, flow, .. } in before {
            let now = self.at(node);
            for (parent, before, after) in [(parent, flow, 0), (now.parent, 0, now.flow)] {
                if parent != NONE && parent != ROOT {
                    let (row, column) = self.keys(node, parent);
                    flows.push(FlowChange { row, column, before: before.into(), after: after.into() });
                }
            }
        }
        flows.sort_unstable_by_key(|change| (change.row, change.column));
        flows.dedup_by(|next, first| {
            let same = (next.row, next.column) == (first.row, first.column);
            if same {
                first.before += next.before;
                first.after += next.after;
            }
            same
        });
        flows.retain(|change| change.before != change.after);
        flows
    }

    fn price_changes(&self, before: &[Before], rows: bool) -> Vec<PriceChange> {
        let signed = |price: i64| if rows { price } else { -price };
        let of_that_side = before.iter().filter(|before| is_row(before.node) == rows);
        let mut prices: Vec<PriceChange> = of_that_side
            .map(|&Before { node, parent, price, .. }| PriceChange {
                key: self.place(node).key,
                before: (parent != NONE).then(|| signed(price)),
                after: (self.at(node).parent != NONE).then(|| signed(self.price(node).value)),
            })
            .collect();
        prices.sort_unstable_by_key(|change| change.key);
        prices.dedup_by(|next, first| {
            let same = next.key == first.key;
            if same {
                first.before = first.before.or(next.before);
                first.after = first.after.or(next.after);
            }
            same
        });
        prices.retain(|change| change.before != change.after);
        prices
    }
}
