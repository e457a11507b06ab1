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
#[derive(Debug, Clone, Copy)]
pub(super) struct Node {
    pub(super) parent: u32,
    pub(super) flow: u32,
    depth: u32,
    first_child: u32,
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
                first_child: NONE,
                next: if node + 1 < root { node + 1 } else { NONE },
                previous: node.checked_sub(1).unwrap_or(NONE),
            })
            .collect();
        nodes.push(Node {
            parent: NONE,
            flow: 0,
            depth: 0,
            first_child: if root > 0 { 0 } else { NONE },
            next: NONE,
            previous: NONE,
        });
        Tree {
            rows: demands.len() as u32,
            root,
            prices: vec![0; nodes.len()],
            nodes,
        }
    }

    pub(super) fn root(&self) -> u32 {
        self.root
    }

    /// Prices of rows, and negated prices of columns.
    pub(super) fn prices(&self) -> (&[i64], &[i64]) {
        let (rows, columns) = self.prices.split_at(self.rows as usize);
        (
            rows,
            columns.split_last().map_or(&[], |(_, columns)| columns),
        )
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
            self.rehang(tail, head, amount, leaving);
            self.reprice(tail, gain);
        } else {
            self.rehang(head, tail, amount, leaving);
            self.reprice(head, -gain);
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

    /// Cuts `leaving` from its parent and hangs the loose part by its node `node` under `parent`, with `flow` on the new
    /// edge: the path from `node` up to `leaving` turns round.
    fn rehang(&mut self, mut node: u32, mut parent: u32, mut flow: u32, leaving: u32) {
        loop {
            let old = self.nodes[node as usize];
            self.unlink(old);
            let elder = std::mem::replace(&mut self.nodes[parent as usize].first_child, node);
            if elder != NONE {
                self.nodes[elder as usize].previous = node;
            }
            let at = &mut self.nodes[node as usize];
            (at.parent, at.flow, at.next, at.previous) = (parent, flow, elder, NONE);
            if node == leaving {
                return;
            }
            (parent, node, flow) = (node, old.parent, old.flow);
        }
    }

    /// Takes a node out of its parent's children.
    fn unlink(&mut self, node: Node) {
        if node.previous == NONE {
            self.nodes[node.parent as usize].first_child = node.next;
        } else {
            self.nodes[node.previous as usize].next = node.next;
        }
        if node.next != NONE {
            self.nodes[node.next as usize].previous = node.previous;
        }
    }

    /// Adds `change` to every price below and at `top`, and sets depths right.
    fn reprice(&mut self, top: u32, change: i64) {
        let mut node = top;
        let mut depth = self.nodes[self.nodes[top as usize].parent as usize].depth + 1;
        loop {
            self.prices[node as usize] += change;
            let at = &mut self.nodes[node as usize];
            at.depth = depth;
            if at.first_child != NONE {
                node = at.first_child;
                depth += 1;
                continue;
            }
            loop {
                if node == top {
                    return;
                }
                let at = self.nodes[node as usize];
                if at.next != NONE {
                    node = at.next;
                    break;
                }
                node = at.parent;
                depth -= 1;
            }
        }
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
            let below = |child: u32| (child != NONE).then_some(child);
            let mut children = std::iter::successors(below(tree.nodes[parent].first_child), |&c| {
                below(tree.nodes[c as usize].next)
            });
            assert!(children.any(|child| child as usize == node), "seed {seed}");

            moved[node] += i64::from(at.flow);
            if parent != tree.root as usize {
                moved[parent] += i64::from(at.flow);
                let (row, column) = (node.min(parent), node.max(parent));
                let offers = ground.offers_of(row);
                let offer = offers
                    .iter()
                    .find(|offer| offer.column as usize + rows == column);
                let value = i64::from(offer.unwrap().value);
                assert_eq!(tree.prices[row] - tree.prices[column], value, "seed {seed}");
            } else {
                assert_eq!(tree.prices[node], 0, "seed {seed}");
            }
            assert!(
                node < rows || at.flow > 0,
                "seed {seed}: column without flow"
            );
        }
        let units = ground.demands.iter().chain(&ground.capacities);
        let expected: Vec<i64> = units.map(|&units| i64::from(units)).collect();
        assert_eq!(moved[..tree.root as usize], expected, "seed {seed}");
    }

    #[test]
    fn the_promises_hold_after_every_exchange_and_any_choice_of_edges_ends() {
        let shape = Shape {
            rows: 9,
            columns: 9,
            density: 45,
            demand: 2,
            capacity: 2,
            value: 3,
        };
        for seed in 0..1_000 {
            let ground = Ground::new(&random(shape, seed));
            let mut tree = Tree::star(&ground.demands, &ground.capacities);
            let mut dice = SplitMix64(seed);
            let rows = ground.row_names.len();
            check(&tree, &ground, seed);
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
            }
        }
    }
}
