//! The spanning tree: its flows, its prices, and one exchange of an edge.
//!
//! Every row and every column hangs, directly or not, from the root. The root takes what rows do not get and what
//! columns do not give, so a tree edge to the root is slack. A row always *sends* along its edge to its parent (its
//! demand, in units to be served), a column always *receives* along its edge; the direction of an edge needs no bit.
//!
//! Kept true between exchanges:
//! 1. the flows meet every demand and capacity exactly, slack included, and no flow is negative;
//! 2. along a tree edge the prices are tight: `row price + column price = value`, and 0 beside the root;
//! 3. no row hangs from an edge without flow (columns may). Such a tree is called strongly feasible, the root could send
//!    a unit more to every node, and with the rule in [`Tree::exchange`] it never comes back to a tree it has left,
//!    however many exchanges move no flow at all (Cunningham 1976).
//!
//! Promise 3 also says which prices an optimum ends with. It is the same as keeping the tree feasible when every column
//! gives a little more and every row asks for a little less. So the prices are those of the optimum after that nudge,
//! and of all prices that prove the optimum they are the least for columns and the greatest for rows.
//!
//! What else a price is, and who wants to know what changed, is the business of [`Books`].

use std::ops::Neg;

/// No such node.
pub(super) const NONE: u32 = u32::MAX;

/// What is kept about nodes beside their place in the tree: their prices, above all.
///
/// The price of a row counts as it is, that of a column *negated*, that of the root is 0: signed so, the prices of a part
/// that is moved change together.
pub(super) trait Books {
    /// A price, or a change of one.
    type Price: Copy + Neg<Output = Self::Price>;

    /// Whether a node is a row. Never asked about the root.
    fn is_row(&self, node: u32) -> bool;

    /// Takes note that the edge above a node, or its price, is about to change.
    fn note(&mut self, node: u32, nodes: &[Node]);

    /// Changes the price of a node.
    fn shift(&mut self, node: u32, change: Self::Price);
}

/// The books of a solve from nothing: rows come first, then columns, then the root.
pub(super) struct Plain {
    pub(super) rows: u32,
    pub(super) prices: Vec<i64>,
}

impl Books for Plain {
    type Price = i64;

    fn is_row(&self, node: u32) -> bool {
        node < self.rows
    }

    fn note(&mut self, _: u32, _: &[Node]) {}

    fn shift(&mut self, node: u32, change: i64) {
        self.prices[node as usize] += change;
    }
}

/// The edge above a node and the flow on it, and the node before it on the ring.
#[derive(Debug, Clone, Copy)]
pub(super) struct Node {
    pub(super) parent: u32,
    pub(super) flow: u32,
    pub(super) previous: u32,
}

impl Node {
    /// What hangs nowhere.
    pub(super) const OUTSIDE: Node = Node { parent: NONE, flow: 0, previous: NONE };
}

/// A node's place on the ring that strings all nodes, root first, each directly followed by everything below it: the part
/// below a node is what follows it until the depth is no greater than its own (the thread of Bradley, Brown and Graves
/// 1977).
///
/// It lies apart from the rest of the node because a part that moves is walked through along the ring, and the solver
/// hardly does anything else where all want the same: eight bytes a step instead of twenty saved a sixth there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    pub(super) next: u32,
    pub(super) depth: u32,
}

impl Step {
    /// What hangs nowhere.
    pub(super) const OUTSIDE: Step = Step { next: NONE, depth: 0 };
}

/// How far flow could be pushed round a loop, and what stopped it.
pub(super) struct Stop {
    /// Units pushed.
    pub(super) amount: u32,
    /// The lower end of the edge that gave out, and whether it lies where the push runs down. None if the limit held.
    pub(super) emptied: Option<(u32, bool)>,
}

/// The edge that left the tree in an exchange, and how much was pushed.
pub(super) struct Left {
    /// The end that was the lower one,
    pub(super) node: u32,
    /// and the node it hung from.
    pub(super) parent: u32,
    pub(super) amount: u32,
}

/// A strongly feasible spanning tree over rows, columns and the root.
#[derive(Clone)]
pub(super) struct Tree<B> {
    pub(super) root: u32,
    pub(super) nodes: Vec<Node>,
    pub(super) ring: Vec<Step>,
    pub(super) books: B,
}

impl Tree<Plain> {
    /// The tree in which nothing is matched: every node hangs from the root by its slack. Rows must ask for something.
    pub(super) fn star(demands: &[u32], capacities: &[u32]) -> Tree<Plain> {
        let root = (demands.len() + capacities.len()) as u32;
        let mut nodes: Vec<Node> = (0u32..)
            .zip(demands.iter().chain(capacities))
            .map(|(node, &flow)| Node { parent: root, flow, previous: node.checked_sub(1).unwrap_or(root) })
            .collect();
        nodes.push(Node { parent: NONE, flow: 0, previous: root.saturating_sub(1) });
        let mut ring: Vec<Step> = (1..=root).map(|next| Step { next, depth: 1 }).collect();
        ring.push(Step { next: 0, depth: 0 });
        let books = Plain { rows: demands.len() as u32, prices: vec![0; nodes.len()] };
        Tree { root, nodes, ring, books }
    }

    /// Prices of rows, and negated prices of columns.
    pub(super) fn prices(&self) -> (&[i64], &[i64]) {
        let (rows, columns) = self.books.prices.split_at(self.books.rows as usize);
        (rows, columns.split_last().map_or(&[], |(_, columns)| columns))
    }

    /// The price of a row, or the negated price of a column.
    pub(super) fn price(&self, node: u32) -> i64 {
        self.books.prices[node as usize]
    }

    /// Every node but the root, rows first.
    pub(super) fn nodes(&self) -> &[Node] {
        &self.nodes[..self.root as usize]
    }
}

impl<B: Books> Tree<B> {
    /// Brings in the edge from `tail` (a row or the root) to `head` (a column or the root), on which a unit earns `gain`
    /// more than the prices ask, pushes round the loop it closes what the loop can carry, and lets an emptied edge go.
    pub(super) fn exchange(&mut self, tail: u32, head: u32, gain: B::Price) -> Left {
        let Stop { amount, emptied } = self.push_round(tail, head, u64::MAX);
        let (leaving, below_tail) = emptied.expect("a row or column bounds what any loop can carry");
        let parent = self.nodes[leaving as usize].parent;
        if below_tail {
            self.rehang(tail, head, amount, leaving, gain);
        } else {
            self.rehang(head, tail, amount, leaving, -gain);
        }
        Left { node: leaving, parent, amount }
    }

    /// Pushes up to `limit` units round the loop that runs down to `down`, over to `up`, and up again: on the way down
    /// rows lose what they send, on the way up columns lose what they receive.
    ///
    /// Of several edges that give out at once the first one counts, starting where the loop is nearest the root. That
    /// choice keeps promise 3 once the edge has left the tree; and it is the limit's turn between the way down and the
    /// way up.
    pub(super) fn push_round(&mut self, down: u32, up: u32, limit: u64) -> Stop {
        let (mut at_down, mut at_up) = (down, up);
        let (mut down_least, mut down_emptied) = (u64::MAX, NONE);
        let (mut up_least, mut up_emptied) = (u64::MAX, NONE);
        while at_down != at_up {
            let (on_down, on_up) = (self.nodes[at_down as usize], self.nodes[at_up as usize]);
            let (down_depth, up_depth) = (self.ring[at_down as usize].depth, self.ring[at_up as usize].depth);
            if down_depth >= up_depth {
                if self.books.is_row(at_down) && u64::from(on_down.flow) <= down_least {
                    (down_least, down_emptied) = (u64::from(on_down.flow), at_down);
                }
                at_down = on_down.parent;
            }
            if up_depth >= down_depth {
                if !self.books.is_row(at_up) && u64::from(on_up.flow) < up_least {
                    (up_least, up_emptied) = (u64::from(on_up.flow), at_up);
                }
                at_up = on_up.parent;
            }
        }
        let (amount, emptied) = if down_emptied != NONE && down_least <= limit.min(up_least) {
            (down_least, Some((down_emptied, true)))
        } else if up_emptied != NONE && up_least < limit {
            (up_least, Some((up_emptied, false)))
        } else {
            (limit, None)
        };
        let amount = amount as u32;
        if amount > 0 {
            self.push(down, at_down, amount, true);
            self.push(up, at_down, amount, false);
        }
        Stop { amount, emptied }
    }

    /// Moves `amount` along the path from `node` up to `end`: where the push runs down, rows lose it and columns gain it.
    fn push(&mut self, mut node: u32, end: u32, amount: u32, down: bool) {
        while node != end {
            self.books.note(node, &self.nodes);
            let at = &mut self.nodes[node as usize];
            if self.books.is_row(node) == down {
                at.flow -= amount;
            } else {
                at.flow += amount;
            }
            node = at.parent;
        }
    }

    /// The branch that a node is on, by the node that hangs from the root.
    pub(super) fn branch(&self, mut node: u32) -> u32 {
        while self.ring[node as usize].depth > 1 {
            node = self.nodes[node as usize].parent;
        }
        node
    }

    /// Hangs a node that is outside from the root.
    pub(super) fn hang(&mut self, node: u32, flow: u32) {
        let follower = self.ring[self.root as usize].next;
        self.books.note(node, &self.nodes);
        let at = &mut self.nodes[node as usize];
        (at.parent, at.flow) = (self.root, flow);
        self.ring[node as usize].depth = 1;
        self.string(node, follower);
        self.string(self.root, node);
    }

    /// Takes out a node that nothing hangs from.
    pub(super) fn unhang(&mut self, node: u32) {
        let (next, previous) = (self.ring[node as usize].next, self.nodes[node as usize].previous);
        self.books.note(node, &self.nodes);
        self.string(previous, next);
        self.nodes[node as usize] = Node::OUTSIDE;
        self.ring[node as usize] = Step::OUTSIDE;
    }

    /// Takes flow off the edge above a node.
    pub(super) fn lose(&mut self, node: u32, units: u32) {
        self.books.note(node, &self.nodes);
        let at = &mut self.nodes[node as usize];
        at.flow -= units;
    }

    /// Changes the price of a node and of all that is below it.
    pub(super) fn lift(&mut self, node: u32, change: B::Price) {
        self.move_below(node, self.ring[node as usize].depth, 0, change);
    }

    /// Whether a push from `tail` over to `head`, round the loop that closes there, adds to the first edge of that loop in
    /// the order of `keys`. Slack has no place in the order.
    pub(super) fn adds_to_the_first(
        &self,
        tail: u32,
        head: u32,
        keys: impl Fn(u32, u32) -> (u64, u64),
    ) -> bool {
        let keys = |one: u32, other: u32| (one != self.root && other != self.root).then(|| keys(one, other));
        let mut first = (keys(tail, head), true);
        let mut look = |node: u32, down: bool| {
            let parent = self.nodes[node as usize].parent;
            let keys = keys(node, parent);
            if keys.is_some() && (first.0.is_none() || keys < first.0) {
                first = (keys, self.books.is_row(node) != down);
            }
            parent
        };
        let (mut at_tail, mut at_head) = (tail, head);
        while at_tail != at_head {
            let depths = (self.ring[at_tail as usize].depth, self.ring[at_head as usize].depth);
            if depths.0 >= depths.1 {
                at_tail = look(at_tail, true);
            }
            if depths.1 >= depths.0 {
                at_head = look(at_head, false);
            }
        }
        first.1
    }

    /// Cuts `leaving` from its parent and hangs the loose part by its node `top` under `holder`, with `flow` on the new
    /// edge and every price in it changed by `change`: the path from `top` up to `leaving` turns round.
    ///
    /// Each node of that path keeps below it what it had, less the path's part. On the ring that is a piece before the
    /// path's part and a piece after it, which come together; the depth of both shifts alike.
    pub(super) fn rehang(&mut self, top: u32, holder: u32, flow: u32, leaving: u32, change: B::Price) {
        let before = self.nodes[leaving as usize].previous;
        let (mut node, mut above, mut flow_above) = (top, holder, flow);
        // The last node strung so far, and the first behind what was below the node in the old order.
        let mut last = NONE;
        let mut behind = NONE;
        loop {
            let old = self.nodes[node as usize];
            let old_depth = self.ring[node as usize].depth;
            let depth = self.ring[above as usize].depth + 1;
            let shift = depth.wrapping_sub(old_depth);
            if last == NONE {
                (last, behind) = self.move_below(node, old_depth, shift, change);
            } else {
                self.string(last, node);
                last = self.move_until(node, above, shift, change);
                if self.ring[behind as usize].depth > old_depth {
                    self.string(last, behind);
                    (last, behind) = self.move_below(behind, old_depth, shift, change);
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
        let follower = self.ring[holder as usize].next;
        self.string(last, follower);
        self.string(holder, top);
    }

    /// Moves what comes on the ring from `first` until the depth is no greater than `depth`. The last node moved, and the
    /// one behind it.
    fn move_below(&mut self, first: u32, depth: u32, shift: u32, change: B::Price) -> (u32, u32) {
        let (mut last, mut node) = (first, self.shift(first, shift, change));
        while self.ring[node as usize].depth > depth {
            (last, node) = (node, self.shift(node, shift, change));
        }
        (last, node)
    }

    /// Moves what comes on the ring from `first` up to just before `end`. The last node moved.
    fn move_until(&mut self, first: u32, end: u32, shift: u32, change: B::Price) -> u32 {
        let (mut last, mut node) = (first, self.shift(first, shift, change));
        while node != end {
            (last, node) = (node, self.shift(node, shift, change));
        }
        last
    }

    /// Moves one node in depth and price. The node that follows it.
    fn shift(&mut self, node: u32, shift: u32, change: B::Price) -> u32 {
        self.books.note(node, &self.nodes);
        self.books.shift(node, change);
        let at = &mut self.ring[node as usize];
        at.depth = at.depth.wrapping_add(shift);
        at.next
    }

    /// Makes two nodes neighbours on the ring.
    pub(super) fn string(&mut self, node: u32, next: u32) {
        self.ring[node as usize].next = next;
        self.nodes[next as usize].previous = node;
    }
}

#[cfg(test)]
mod tests {
    use super::super::ground::{Ground, Part};
    use super::*;
    use crate::matching::oracle::{Shape, SplitMix64, random};

    /// Fails unless promises 1, 2 and 3 hold and the links agree with each other.
    fn check(tree: &Tree<Plain>, part: &Part<'_>, seed: u64) {
        let rows = part.rows();
        let mut moved = vec![0i64; tree.nodes.len()];
        for (node, at) in tree.nodes().iter().enumerate() {
            let parent = at.parent as usize;
            assert_eq!(tree.ring[node].depth, tree.ring[parent].depth + 1, "seed {seed}");
            moved[node] += i64::from(at.flow);
            if parent != tree.root as usize {
                moved[parent] += i64::from(at.flow);
                let (row, column) = (node.min(parent), node.max(parent));
                let offers = part.offers_of(row);
                let offer = offers.iter().find(|offer| offer.column as usize + rows == column);
                let value = i64::from(offer.unwrap().value);
                assert_eq!(tree.price(row as u32) - tree.price(column as u32), value, "seed {seed}");
            } else {
                assert_eq!(tree.price(node as u32), 0, "seed {seed}");
            }
            assert!(node >= rows || at.flow > 0, "seed {seed}: row without flow");
        }
        let units = part.demands.iter().chain(&part.capacities);
        let expected: Vec<i64> = units.map(|&units| i64::from(units)).collect();
        assert_eq!(moved[..tree.root as usize], expected, "seed {seed}");
    }

    /// Fails unless the ring visits every node once, each directly followed by all that is below it.
    fn check_ring(tree: &Tree<Plain>, seed: u64) {
        let mut path = vec![tree.root];
        let mut node = tree.root;
        for _ in tree.nodes() {
            let next = tree.ring[node as usize].next;
            assert_eq!(tree.nodes[next as usize].previous, node, "seed {seed}");
            let at = tree.nodes[next as usize];
            path.truncate(tree.ring[next as usize].depth as usize);
            assert_eq!(path.last(), Some(&at.parent), "seed {seed}");
            path.push(next);
            node = next;
        }
        assert_eq!(tree.ring[node as usize].next, tree.root, "seed {seed}");
    }

    /// Every edge and slack that gains.
    fn gainful(tree: &Tree<Plain>, part: &Part<'_>) -> Vec<(u32, u32, i64)> {
        let rows = part.rows() as u32;
        let mut all = Vec::new();
        for row in 0..rows {
            all.push((row, tree.root, -tree.price(row)));
            for offer in part.offers_of(row as usize) {
                let column = rows + offer.column;
                all.push((row, column, i64::from(offer.value) - tree.price(row) + tree.price(column)));
            }
        }
        all.extend((rows..tree.root).map(|column| (tree.root, column, tree.price(column))));
        all.retain(|&(_, _, gain)| gain > 0);
        all
    }

    #[test]
    fn the_promises_hold_after_every_exchange_and_any_choice_of_edges_ends() {
        let shape = Shape { rows: 9, columns: 9, density: 45, demand: 2, capacity: 2, value: 3 };
        for seed in 0..1_000 {
            let instance = random(shape, seed);
            let ground = Ground::new(&instance);
            let mut dice = SplitMix64(seed);
            for component in &ground.components {
                let part = ground.part(component);
                let mut tree = Tree::star(&part.demands, &part.capacities);
                check(&tree, &part, seed);
                check_ring(&tree, seed);
                loop {
                    let gainful = gainful(&tree, &part);
                    if gainful.is_empty() {
                        break;
                    }
                    let (tail, head, gain) = gainful[dice.below(gainful.len() as u64) as usize];
                    tree.exchange(tail, head, gain);
                    check(&tree, &part, seed);
                    check_ring(&tree, seed);
                }
            }
        }
    }
}
