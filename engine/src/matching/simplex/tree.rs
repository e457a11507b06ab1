//! The spanning tree: its flows, its prices, and one exchange of an edge.
//!
//! Every row and every column hangs, directly or not, from the root. The root takes what rows do not get and what
//! columns do not give, so a tree edge to the root is slack. A row always *sends* along its edge to its parent (its
//! demand, in units to be served), a column always *receives* along its edge; the direction of an edge needs no bit.
//!
//! Kept true between exchanges:
//! 1. the flows meet every demand and capacity exactly, slack included, and no flow is negative;
//! 2. along a tree edge the prices are tight: `row price + column price = value`, and 0 beside the root;
//! 3. no column hangs from an edge without flow (rows may). Such a tree is called strongly feasible, from every node a
//!    unit could be sent to the root, and with the rule in [`Tree::exchange`] it never comes back to a tree it has
//!    left, however many exchanges move no flow at all (Cunningham 1976).

/// No such node.
const NONE: u32 = u32::MAX;

/// A node's place in the tree and the flow on the edge to its parent: what an exchange reads together lies together.
///
/// `next` and `previous` string all nodes in one ring, root first, each node directly followed by everything below it: the
/// part below a node is what follows it until the depth is no greater than its own (the thread of Bradley, Brown and
/// Graves 1977).
#[derive(Debug, Clone, Copy)]
pub(super) struct Node {
    pub(super) parent: u32,
    pub(super) flow: u32,
    depth: u32,
    next: u32,
    previous: u32,
}

/// A strongly feasible spanning tree over rows, then columns, then the root.
pub(super) struct Tree {
    rows: u32,
    root: u32,
    nodes: Vec<Node>,
    /// The price of a row, the *negated* price of a column, 0 for the root: signed so, a subtree's prices move together.
    prices: Vec<i64>,
}

impl Tree {
    /// The tree in which nothing is matched: every node hangs from the root by its slack. Columns must give something.
    pub(super) fn star(demands: &[u32], capacities: &[u32]) -> Tree {
        let root = (demands.len() + capacities.len()) as u32;
        let mut nodes: Vec<Node> = (0u32..)
            .zip(demands.iter().chain(capacities))
            .map(|(node, &flow)| Node {
                parent: root,
                flow,
                depth: 1,
                next: node + 1,
                previous: node.checked_sub(1).unwrap_or(root),
            })
            .collect();
        nodes.push(Node { parent: NONE, flow: 0, depth: 0, next: 0, previous: root.saturating_sub(1) });
        Tree { rows: demands.len() as u32, root, prices: vec![0; nodes.len()], nodes }
    }

    pub(super) fn root(&self) -> u32 {
        self.root
    }

    /// Prices of rows, and negated prices of columns.
    pub(super) fn prices(&self) -> (&[i64], &[i64]) {
        let (rows, columns) = self.prices.split_at(self.rows as usize);
        (rows, columns.split_last().map_or(&[], |(_, columns)| columns))
    }

    /// The price of a row, or the negated price of a column.
    pub(super) fn price(&self, node: u32) -> i64 {
        self.prices[node as usize]
    }

    /// Every node but the root, rows first.
    pub(super) fn nodes(&self) -> &[Node] {
        &self.nodes[..self.root as usize]
    }

    /// Brings in the edge from `tail` (a row or the root) to `head` (a column or the root), on which a unit earns `gain`
    /// more than the prices ask, pushes round the loop it closes what the loop can carry, and lets an emptied edge go.
    ///
    /// Of several emptied edges the last one leaves, going round the loop in the direction of the push and starting where
    /// it is nearest the root. That choice keeps promise 3.
    pub(super) fn exchange(&mut self, tail: u32, head: u32, gain: i64) {
        let (meeting, leaving, amount, below_tail) = self.tightest(tail, head);
        if amount > 0 {
            self.push(tail, meeting, amount, true);
            self.push(head, meeting, amount, false);
        }
        if below_tail {
            self.rehang(tail, head, amount, leaving, gain);
        } else {
            self.rehang(head, tail, amount, leaving, -gain);
        }
    }

    /// Where the two ends' paths to the root meet, the lower end of the edge that leaves, what the loop can carry, and
    /// whether that edge is on the tail's side.
    fn tightest(&self, tail: u32, head: u32) -> (u32, u32, u32, bool) {
        let (mut at_tail, mut at_head) = (tail, head);
        let (mut tail_least, mut tail_leaving) = (u32::MAX, NONE);
        let (mut head_least, mut head_leaving) = (u32::MAX, NONE);
        while at_tail != at_head {
            let (on_tail, on_head) = (self.nodes[at_tail as usize], self.nodes[at_head as usize]);
            if on_tail.depth >= on_head.depth {
                if at_tail < self.rows && (on_tail.flow < tail_least || tail_leaving == NONE) {
                    (tail_least, tail_leaving) = (on_tail.flow, at_tail);
                }
                at_tail = on_tail.parent;
            }
            if on_head.depth >= on_tail.depth {
                if at_head >= self.rows && on_head.flow <= head_least {
                    (head_least, head_leaving) = (on_head.flow, at_head);
                }
                at_head = on_head.parent;
            }
        }
        if head_leaving != NONE && (tail_leaving == NONE || head_least <= tail_least) {
            (at_tail, head_leaving, head_least, false)
        } else {
            (at_tail, tail_leaving, tail_least, true)
        }
    }

    /// Moves `amount` along the path from `node` up to `end`: on the tail's side rows lose it and columns gain it.
    fn push(&mut self, mut node: u32, end: u32, amount: u32, on_tail: bool) {
        while node != end {
            let at = &mut self.nodes[node as usize];
            if (node < self.rows) == on_tail {
                at.flow -= amount;
            } else {
                at.flow += amount;
            }
            node = at.parent;
        }
    }

    /// Cuts `leaving` from its parent and hangs the loose part by its node `top` under `holder`, with `flow` on the new
    /// edge and every price in it changed by `change`: the path from `top` up to `leaving` turns round.
    ///
    /// Each node of that path keeps below it what it had, less the path's part. On the ring that is a piece before the
    /// path's part and a piece after it, which come together; the depth of both shifts alike.
    fn rehang(&mut self, top: u32, holder: u32, flow: u32, leaving: u32, change: i64) {
        let before = self.nodes[leaving as usize].previous;
        let (mut node, mut above, mut flow_above) = (top, holder, flow);
        // The last node strung so far, and the first behind what was below the node in the old order.
        let mut last = NONE;
        let mut behind = NONE;
        loop {
            let old = self.nodes[node as usize];
            let depth = self.nodes[above as usize].depth + 1;
            let shift = depth.wrapping_sub(old.depth);
            if last == NONE {
                (last, behind) = self.move_below(node, old.depth, shift, change);
            } else {
                self.string(last, node);
                last = self.move_until(node, above, shift, change);
                if self.nodes[behind as usize].depth > old.depth {
                    self.string(last, behind);
                    (last, behind) = self.move_below(behind, old.depth, shift, change);
                }
            }
            let at = &mut self.nodes[node as usize];
            (at.parent, at.flow) = (above, flow_above);
            if node == leaving {
                break;
            }
            (above, node, flow_above) = (node, old.parent, old.flow);
        }
        self.string(before, behind);
        let follower = self.nodes[holder as usize].next;
        self.string(last, follower);
        self.string(holder, top);
    }

    /// Moves what comes on the ring from `first` until the depth is no greater than `depth`. The last node moved, and the
    /// one behind it.
    fn move_below(&mut self, first: u32, depth: u32, shift: u32, change: i64) -> (u32, u32) {
        let (mut last, mut node) = (first, self.shift(first, shift, change));
        while self.nodes[node as usize].depth > depth {
            (last, node) = (node, self.shift(node, shift, change));
        }
        (last, node)
    }

    /// Moves what comes on the ring from `first` up to just before `end`. The last node moved.
    fn move_until(&mut self, first: u32, end: u32, shift: u32, change: i64) -> u32 {
        let (mut last, mut node) = (first, self.shift(first, shift, change));
        while node != end {
            (last, node) = (node, self.shift(node, shift, change));
        }
        last
    }

    /// Moves one node in depth and price. The node that follows it.
    fn shift(&mut self, node: u32, shift: u32, change: i64) -> u32 {
        self.prices[node as usize] += change;
        let at = &mut self.nodes[node as usize];
        at.depth = at.depth.wrapping_add(shift);
        at.next
    }

    /// Makes two nodes neighbours on the ring.
    fn string(&mut self, node: u32, next: u32) {
        self.nodes[node as usize].next = next;
        self.nodes[next as usize].previous = node;
    }
}

#[cfg(test)]
mod tests {
    use super::super::ground::Ground;
    use super::*;
    use crate::matching::oracle::{Shape, SplitMix64, random};

    /// Fails unless promises 1, 2 and 3 hold and the links agree with each other.
    fn check(tree: &Tree, ground: &Ground, seed: u64) {
        let rows = ground.row_names.len();
        let mut moved = vec![0i64; tree.nodes.len()];
        for (node, at) in tree.nodes().iter().enumerate() {
            let parent = at.parent as usize;
            assert_eq!(at.depth, tree.nodes[parent].depth + 1, "seed {seed}");
            moved[node] += i64::from(at.flow);
            if parent != tree.root as usize {
                moved[parent] += i64::from(at.flow);
                let (row, column) = (node.min(parent), node.max(parent));
                let offers = ground.offers_of(row);
                let offer = offers.iter().find(|offer| offer.column as usize + rows == column);
                let value = i64::from(offer.unwrap().value);
                assert_eq!(tree.prices[row] - tree.prices[column], value, "seed {seed}");
            } else {
                assert_eq!(tree.prices[node], 0, "seed {seed}");
            }
            assert!(node < rows || at.flow > 0, "seed {seed}: column without flow");
        }
        let units = ground.demands.iter().chain(&ground.capacities);
        let expected: Vec<i64> = units.map(|&units| i64::from(units)).collect();
        assert_eq!(moved[..tree.root as usize], expected, "seed {seed}");
    }

    /// Fails unless the ring visits every node once, each directly followed by all that is below it.
    fn check_ring(tree: &Tree, seed: u64) {
        let mut path = vec![tree.root];
        let mut node = tree.root;
        for _ in tree.nodes() {
            let next = tree.nodes[node as usize].next;
            assert_eq!(tree.nodes[next as usize].previous, node, "seed {seed}");
            let at = tree.nodes[next as usize];
            path.truncate(at.depth as usize);
            assert_eq!(path.last(), Some(&at.parent), "seed {seed}");
            path.push(next);
            node = next;
        }
        assert_eq!(tree.nodes[node as usize].next, tree.root, "seed {seed}");
    }

    #[test]
    fn the_promises_hold_after_every_exchange_and_any_choice_of_edges_ends() {
        let shape = Shape { rows: 9, columns: 9, density: 45, demand: 2, capacity: 2, value: 3 };
        for seed in 0..1_000 {
            let ground = Ground::new(&random(shape, seed));
            let mut tree = Tree::star(&ground.demands, &ground.capacities);
            let mut dice = SplitMix64(seed);
            let rows = ground.row_names.len();
            check(&tree, &ground, seed);
            check_ring(&tree, seed);
            loop {
                let mut gainful = Vec::new();
                for row in 0..rows {
                    gainful.push((row as u32, tree.root, -tree.prices[row]));
                    for offer in ground.offers_of(row) {
                        let column = rows + offer.column as usize;
                        let gain = i64::from(offer.value) - tree.prices[row] + tree.prices[column];
                        gainful.push((row as u32, column as u32, gain));
                    }
                }
                for column in rows..tree.root as usize {
                    gainful.push((tree.root, column as u32, tree.prices[column]));
                }
                gainful.retain(|&(_, _, gain)| gain > 0);
                if gainful.is_empty() {
                    break;
                }
                let chosen = dice.below(gainful.len() as u64) as usize;
                let (tail, head, gain) = gainful[chosen];
                tree.exchange(tail, head, gain);
                check(&tree, &ground, seed);
                check_ring(&tree, seed);
            }
        }
    }
}
