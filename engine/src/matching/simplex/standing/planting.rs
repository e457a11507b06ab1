//! The first tree: the components' trees of a solve from nothing, put together under one root.

use super::super::closing::Outcome;
use super::super::ground::Ground;
use super::*;

impl Standing {
    /// Solves an instance by a rule for ties, and stays.
    pub(super) fn by(instance: &Transport, budget: Budget, ties: Ties) -> Result<Standing, OutOfBudget> {
        let ground = Ground::new(instance);
        let solved = outcomes(instance, &ground, budget, ties)?;
        let (rows, columns) = sides(instance);
        let size = 1 + 2 * instance.row_count().max(instance.column_count());
        let (parents, flows) = places(instance, &ground, &solved, size);
        let (nodes, ring) = strung(&parents, &flows);
        let tree = Tree { root: ROOT, nodes, ring, books: Noted::default() };
        let mut standing =
            Standing { rows, columns, tree, objective: 0, settled: 0, touched: Vec::new(), ties };
        standing.tree.books.grow(size);
        standing.price_all();
        // What gives nothing took no part, and has yet to find out what one unit of it would be worth.
        for (slot, capacity) in (0u32..).zip(instance.capacities()) {
            if capacity == 0 {
                standing.tree.books.stand_in_line(column_node(slot));
            }
        }
        standing.climb(Budget::UNLIMITED).expect("a budget without limit lasts");
        standing.settle();
        Ok(standing)
    }

    /// Gives every node of the tree the price of its place, and adds up what the flows earn.
    fn price_all(&mut self) {
        let mut node = self.tree.ring[ROOT as usize].next;
        while node != ROOT {
            let Node { parent, flow, .. } = *self.at(node);
            let above = self.price(parent);
            let price = if parent == ROOT {
                Worth::ZERO
            } else {
                let worth = self.worth(node, parent);
                self.objective += i128::from(worth.value) * i128::from(flow);
                if is_row(node) { above + worth } else { above - worth }
            };
            self.tree.books.prices[node as usize] = price;
            node = self.tree.ring[node as usize].next;
        }
    }
}

/// Rows and columns in slots of the instance's own numbers.
fn sides(instance: &Transport) -> (Side, Side) {
    let (mut rows, mut columns) = (Side::default(), Side::default());
    for (row, &demand) in (0u32..).zip(instance.demands_narrow()) {
        rows.enter(instance.row_key(row), demand);
    }
    for (column, &capacity) in (0u32..).zip(instance.capacities_narrow()) {
        columns.enter(instance.column_key(column), capacity);
    }
    let mut askers = vec![0; instance.column_count()];
    for (row, _) in (0u32..).zip(instance.demands_narrow()) {
        let offers = instance.offers_of(row as usize);
        offers.iter().for_each(|offer| askers[offer.column as usize] += 1);
        let links = offers.iter().map(|offer| Link { to: offer.column, value: offer.value });
        rows.at_mut(row).links = links.collect();
    }
    for (column, askers) in (0u32..).zip(askers) {
        columns.at_mut(column).links.reserve_exact(askers);
    }
    // Row after row, so that each column's edges come in their order.
    for Edge { row, column, value } in instance.edges() {
        columns.at_mut(column).links.push(Link { to: row, value: value as u32 });
    }
    (rows, columns)
}

/// The node above each node, and the flow between them. Rows that ask for nothing stay outside.
fn places(
    instance: &Transport,
    ground: &Ground<'_>,
    outcomes: &[Option<Outcome>],
    size: usize,
) -> (Vec<u32>, Vec<u32>) {
    let (mut parents, mut flows) = (vec![NONE; size], vec![0; size]);
    let rows = (0u32..).map(row_node).zip(instance.demands_narrow()).filter(|&(_, &demand)| demand > 0);
    let columns = (0u32..).map(column_node).zip(instance.capacities_narrow());
    for (node, &units) in rows.chain(columns) {
        (parents[node as usize], flows[node as usize]) = (ROOT, units);
    }
    for (component, outcome) in ground.components.iter().zip(outcomes) {
        let rows = ground.row_names_of(component).iter().map(|&name| row_node(name));
        let columns = ground.column_names_of(component).iter().map(|&name| column_node(name));
        let nodes: Vec<u32> = rows.chain(columns).chain([ROOT]).collect();
        for (&node, &(parent, flow)) in nodes.iter().zip(outcome.iter().flat_map(|outcome| &outcome.places)) {
            parents[node as usize] = nodes[parent as usize];
            flows[node as usize] = flow;
        }
    }
    (parents, flows)
}

/// The nodes of a tree, and the ring. Those without a parent, but for the root, are not on it.
fn strung(parents: &[u32], flows: &[u32]) -> (Vec<Node>, Vec<Step>) {
    let mut nodes: Vec<Node> =
        parents.iter().zip(flows).map(|(&parent, &flow)| Node { parent, flow, previous: NONE }).collect();
    let mut ring = vec![Step::OUTSIDE; nodes.len()];
    // The children of each node as a list: its first child, and for each child the next.
    let (mut first, mut sibling) = (vec![NONE; parents.len()], vec![NONE; parents.len()]);
    for (node, &parent) in parents.iter().enumerate().rev() {
        if parent != NONE {
            sibling[node] = first[parent as usize];
            first[parent as usize] = node as u32;
        }
    }
    let mut last = ROOT;
    let mut open = vec![first[ROOT as usize]];
    while let Some(node) = open.pop() {
        if node == NONE {
            continue;
        }
        ring[last as usize].next = node;
        let depth = ring[parents[node as usize] as usize].depth + 1;
        (nodes[node as usize].previous, ring[node as usize].depth) = (last, depth);
        last = node;
        open.push(sibling[node as usize]);
        open.push(first[node as usize]);
    }
    ring[last as usize].next = ROOT;
    nodes[ROOT as usize].previous = last;
    (nodes, ring)
}
