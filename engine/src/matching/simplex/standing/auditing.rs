//! Checking what a repair has touched, and nothing else, by the same conditions as the certificate.
//!
//! Whoever trusts the state before a repair can trust the one after it if this finds nothing: flows and prices of what was not
//! touched are as they were, and every edge with a touched end is looked at from there. Whoever trusts neither asks
//! [`Standing::verify`].

use super::*;

impl Standing {
    /// Checks every row and column that the last repair touched, with their edges.
    ///
    /// # Errors
    /// The first [`Violation`] found, in the numbering of [`Standing::instance`]: a mistake in here.
    pub fn audit(&self) -> Result<(), Violation> {
        let there = self.touched.iter().filter(|&&node| self.at(node).parent != NONE);
        there
            .copied()
            .try_for_each(|node| if is_row(node) { self.audit_row(node) } else { self.audit_column(node) })
    }

    fn audit_row(&self, node: u32) -> Result<(), Violation> {
        let (row, demand) = (|| position(&self.rows, slot_of(node)), u64::from(self.place(node).units));
        let (received, price) = (self.carried(node), self.price(node).value);
        if received > u128::from(demand) {
            return Err(Violation::RowOverfilled { row: row(), received, demand });
        }
        if price < 0 {
            return Err(Violation::RowPriceNegative { row: row(), price });
        }
        self.audit_edges(node)?;
        let unmet = u128::from(demand) - received;
        if unmet > 0 && price != 0 {
            return Err(Violation::UnmetRowPriced { row: row(), unmet, price });
        }
        Ok(())
    }

    fn audit_column(&self, node: u32) -> Result<(), Violation> {
        let (column, capacity) =
            (|| position(&self.columns, slot_of(node)), u64::from(self.place(node).units));
        let (given, price) = (self.carried(node), -self.price(node).value);
        if given > u128::from(capacity) {
            return Err(Violation::ColumnOverdrawn { column: column(), given, capacity });
        }
        if price < 0 {
            return Err(Violation::ColumnPriceNegative { column: column(), price });
        }
        self.audit_edges(node)?;
        let idle = u128::from(capacity) - given;
        if idle > 0 && price != 0 {
            return Err(Violation::IdleColumnPriced { column: column(), idle, price });
        }
        Ok(())
    }

    /// What runs along all edges of a node.
    fn carried(&self, node: u32) -> u128 {
        self.place(node).links.iter().map(|link| u128::from(self.flow_between(node, link.to))).sum()
    }

    fn flow_between(&self, node: u32, to: u32) -> u32 {
        let slot = slot_of(node);
        if is_row(node) { self.flow(slot, to) } else { self.flow(to, slot) }
    }

    fn audit_edges(&self, node: u32) -> Result<(), Violation> {
        for link in &self.place(node).links {
            let (row, column) =
                if is_row(node) { (slot_of(node), link.to) } else { (link.to, slot_of(node)) };
            if self.rows.at(row).units == 0 {
                // It asks what leaves it wanting nothing, whatever that is.
                continue;
            }
            let (row_price, column_price) =
                (self.price(row_node(row)).value, -self.price(column_node(column)).value);
            let asked = i128::from(row_price) + i128::from(column_price);
            let flow = u64::from(self.flow(row, column));
            let edge = || Edge {
                row: position(&self.rows, row) as u32,
                column: position(&self.columns, column) as u32,
                value: i64::from(link.value),
            };
            if asked < i128::from(link.value) {
                return Err(Violation::EdgeUnderpriced { edge: edge(), row_price, column_price });
            }
            if flow > 0 && asked != i128::from(link.value) {
                return Err(Violation::FlowOnDearEdge { edge: edge(), flow, row_price, column_price });
            }
        }
        Ok(())
    }
}

/// The place of a slot in the order of keys. A pass over all of them, and only on the way to a refusal.
fn position(side: &Side, slot: u32) -> usize {
    side.keys().take_while(|&(_, other)| other != slot).count()
}
