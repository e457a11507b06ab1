//! The way back to the optimum: exchanges of edges that gain, looked for only where something can have begun to.
//!
//! In a tree of an optimum no edge gains. An edge begins to only if its worth rises or the price at one of its ends falls;
//! then that end stands in line ([`Noted`]). So when the line is empty the tree is optimal, for values and for ties.
//! What is left are edges that neither gain nor lose in both, and there the first edge of the loop decides.
//!
//! Everybody in line is asked before anything is exchanged, and the most gainful edge of all comes first. Where there is
//! enough for everybody, a handful of nodes is asked and any order will do. Where all want the same, a change displaces others in
//! long chains, and then this order touches hardly more nodes than end with another price: on 20,000 × 15,000 scarce rows
//! and columns it made a tenth of the exchanges that taking nodes as they come made, and a fiftieth where columns lie anywhere.
//!
//! There a node is asked four or five times on average, at 27 edges a time, and that is most of what a repair costs. What did not
//! help: to ask only those whose price fell by more than half of what their nearest edge lacked when last asked (7 % of the
//! looks saved, because prices fall by more than that); to drop what a node named before it was asked again, and to look
//! only at the named edge where it still gains as much (half the looks, but the cheap half: no time gained).

use std::collections::BinaryHeap;

use super::*;

impl Standing {
    /// Makes flows and prices those of the optimum again, and says what changed since they were.
    ///
    /// # Errors
    /// [`Unrepaired`] when more pivots are needed than `budget` allows.
    pub fn repair(&mut self, budget: Budget) -> Result<Changes, Unrepaired> {
        let pivots = self.climb(budget)?;
        let changes = self.changes(pivots);
        self.settle();
        Ok(changes)
    }

    /// From here on changes count anew.
    pub(super) fn settle(&mut self) {
        self.settled = self.objective;
        self.tree.books.settle(&mut self.touched);
        self.rows.settle();
        self.columns.settle();
    }

    /// Exchanges edges until none gains. How many it took.
    pub(super) fn climb(&mut self, budget: Budget) -> Result<u64, Unrepaired> {
        let mut pivots = 0;
        let mut named: BinaryHeap<(Worth, u32)> = BinaryHeap::new();
        loop {
            while let Some(node) = self.tree.books.next_in_line() {
                named.extend(self.gainful(node).map(|(_, _, gain)| (gain, node)));
            }
            let Some((_, node)) = named.pop() else {
                return Ok(pivots);
            };
            // It may have been named for more than it gains by now, or several times.
            let Some((tail, head, gain)) = self.gainful(node) else {
                continue;
            };
            if named.peek().is_some_and(|&next| next > (gain, node)) {
                named.push((gain, node));
                continue;
            }
            if pivots == budget.pivots {
                named.push((gain, node));
                named.into_iter().for_each(|(_, node)| self.tree.books.stand_in_line(node));
                return Err(Unrepaired { pivots });
            }
            self.exchange(tail, head, gain);
            self.tree.books.stand_in_line(node);
            pivots += 1;
        }
    }

    /// Brings an edge in.
    fn exchange(&mut self, tail: u32, head: u32, gain: Worth) {
        let left = self.tree.exchange(tail, head, gain);
        self.objective += i128::from(gain.value) * i128::from(left.amount);
    }

    /// The edge of a node that gains most, if any gains: from a row or the root to a column or the root.
    fn gainful(&self, node: u32) -> Option<(u32, u32, Worth)> {
        let (parent, price) = (self.at(node).parent, self.price(node));
        if parent == NONE {
            return None;
        }
        let mut best = None;
        let mut most = Worth::ZERO;
        let mut even = false;
        if parent != ROOT {
            let gain = if is_row(node) { -price } else { price };
            even = gain == most;
            if gain > most {
                (best, most) = (Some(ROOT), gain);
            }
        }
        for link in &self.place(node).links {
            let (other, apart) = self.across(node, price, link);
            let value = i64::from(link.value) + apart.value;
            if value < most.value || value == 0 && self.is_tree_edge(node, other) {
                continue;
            }
            let gain = Worth { value, tie: self.tie(node, other) + apart.tie };
            if self.at(other).parent == NONE {
                continue;
            }
            even |= gain == Worth::ZERO;
            if gain > most {
                (best, most) = (Some(other), gain);
            }
        }
        if best.is_none() && even {
            best = self.first_by_order(node);
        }
        best.map(|other| if is_row(node) { (node, other, most) } else { (other, node, most) })
    }

    /// Of the edges of a node that neither gain nor lose, one through which a push adds to the first edge of its loop.
    fn first_by_order(&self, node: u32) -> Option<u32> {
        let (parent, price) = (self.at(node).parent, self.price(node));
        let slack = (parent != ROOT && price == Worth::ZERO).then_some(ROOT);
        let links = self.place(node).links.iter().filter_map(|link| {
            let (other, apart) = self.across(node, price, link);
            let gain = Worth { value: i64::from(link.value), tie: self.tie(node, other) } + apart;
            let even =
                gain == Worth::ZERO && self.at(other).parent != NONE && !self.is_tree_edge(node, other);
            even.then_some(other)
        });
        slack.into_iter().chain(links).find(|&other| {
            let (tail, head) = if is_row(node) { (node, other) } else { (other, node) };
            self.tree.adds_to_the_first(tail, head, |row, column| self.keys(row, column))
        })
    }

    /// The other end of an edge, and how far the prices of column and row are apart.
    fn across(&self, node: u32, price: Worth, link: &Link) -> (u32, Worth) {
        if is_row(node) {
            let other = column_node(link.to);
            (other, self.price(other) - price)
        } else {
            let other = row_node(link.to);
            (other, price - self.price(other))
        }
    }

    fn is_tree_edge(&self, one: u32, other: u32) -> bool {
        self.at(one).parent == other || self.at(other).parent == one
    }
}
