//! Keeping the flow within demands and capacities when they change, and the tree with its promises.
//!
//! Everything comes down to one node having more or less to pass on. First the path to the root takes it: every edge of it
//! is tight, so the flow stays the best if that is enough. What the path cannot take becomes slack, or is taken from other
//! edges of the node, and then something hangs from the root that did not. Its price is 0 there, the prices below it move
//! along, and the repair will see what that makes gain.

use super::*;

impl Standing {
    /// A row asks for more, or a column gives more.
    pub(super) fn raise(&mut self, node: u32, by: u32) {
        let (down, up) = if is_row(node) { (ROOT, node) } else { (node, ROOT) };
        let stop = self.tree.push_round(down, up, u64::from(by));
        self.objective += self.along_the_path(node, stop.amount);
        if let Some((leaving, _)) = stop.emptied {
            self.hang_part(node, by - stop.amount, leaving);
        }
    }

    /// A row asks for less, and for `left` in all.
    pub(super) fn lower_row(&mut self, row: u32, by: u32, left: u32) {
        let node = row_node(row);
        let stop = self.tree.push_round(node, ROOT, u64::from(by));
        self.objective -= self.along_the_path(node, stop.amount);
        let Some((mut emptied, _)) = stop.emptied else {
            return;
        };
        let mut rest = by - stop.amount;
        if emptied != node {
            let above = self.at(node).parent;
            let taken = self.take(node, rest);
            self.hang_part(above, taken, emptied);
            rest -= taken;
            if self.at(node).flow > 0 {
                return;
            }
            emptied = node;
        }
        // The row has nothing left on its own edge: it has to hang from a column it still sends something to, or go.
        let links = self.rows.at(row).links.iter();
        let children =
            links.map(|link| column_node(link.to)).filter(|&column| self.at(column).parent == node);
        let mut children: Vec<(u32, u32)> = children.map(|column| (self.at(column).flow, column)).collect();
        children.sort_unstable();
        for (flow, column) in children.into_iter().rev() {
            if flow > rest {
                let taken = self.take(column, rest);
                self.hang_part(column, taken, emptied);
                return;
            }
            let taken = self.take(column, flow);
            self.hang_part(column, taken, column);
            rest -= taken;
        }
        debug_assert!((rest, left) == (0, 0), "a row sends what it asks for");
        self.tree.unhang(node);
    }

    /// A column gives less.
    pub(super) fn lower_column(&mut self, column: u32, by: u32) {
        let node = column_node(column);
        let stop = self.tree.push_round(ROOT, node, u64::from(by));
        self.objective -= self.along_the_path(node, stop.amount);
        let Some((emptied, _)) = stop.emptied else {
            return;
        };
        let mut rest = by - stop.amount;
        if emptied != node {
            let above = self.at(node).parent;
            let taken = self.take(node, rest);
            self.hang_part(above, taken, emptied);
            rest -= taken;
        }
        // The column has nothing left on its own edge, or nothing more to lose. What hangs from it gives the rest.
        for place in 0..self.columns.at(column).links.len() {
            if rest == 0 {
                return;
            }
            let row = row_node(self.columns.at(column).links[place].to);
            if self.at(row).parent == node {
                let all = self.at(row).flow <= rest;
                let taken = self.take(row, rest);
                self.hang_part(row, taken, if all { row } else { node });
                rest -= taken;
            }
        }
    }

    /// Takes a tree edge between a row and a column away, by its lower end.
    pub(super) fn cut(&mut self, lower: u32) {
        let Node { parent, flow, .. } = *self.at(lower);
        self.take(lower, flow);
        self.hang_part(lower, flow, lower);
        if flow > 0 {
            self.raise(parent, flow);
        }
    }

    /// Takes up to `units` off the edge above a node, which does not hang from the root. What was taken.
    fn take(&mut self, node: u32, units: u32) -> u32 {
        let Node { parent, flow, .. } = *self.at(node);
        let taken = flow.min(units);
        self.objective -= i128::from(self.worth(node, parent).value) * i128::from(taken);
        self.tree.lose(node, taken);
        taken
    }

    /// Cuts the edge above `leaving`, which has no flow left, and hangs what was below it from the root by the slack of
    /// one of its nodes.
    fn hang_part(&mut self, node: u32, slack: u32, leaving: u32) {
        let price = self.price(node);
        self.tree.rehang(node, ROOT, slack, leaving, -price);
    }

    /// What so many units earn when they come along the path between a node and the root.
    fn along_the_path(&self, node: u32, units: u32) -> i128 {
        let price = self.price(node).value;
        i128::from(if is_row(node) { price } else { -price }) * i128::from(units)
    }
}
