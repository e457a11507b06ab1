//! Random histories of edits, after each of which the repaired solution has to be the one found from nothing. Test code only.

use std::collections::BTreeMap;

use super::super::{Budget, Solution, solve_by};
use super::*;
use crate::matching::oracle::{Shape, SplitMix64, random};

/// Flows and prices by key, as a reader sees them who only follows the changes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Seen {
    flows: BTreeMap<(u64, u64), u64>,
    rows: BTreeMap<u64, i64>,
    columns: BTreeMap<u64, i64>,
}

impl Seen {
    /// All there is to see of a solution: flows, and prices of rows that ask for something and of columns.
    fn of(instance: &Transport, solution: &Solution) -> Seen {
        let mut seen = Seen::default();
        for (edge, &flow) in instance.edges().zip(&solution.flows) {
            if flow > 0 {
                seen.flows.insert((instance.row_key(edge.row), instance.column_key(edge.column)), flow);
            }
        }
        for ((row, demand), &price) in (0u32..).zip(instance.demands()).zip(&solution.row_prices) {
            if demand > 0 {
                seen.rows.insert(instance.row_key(row), price);
            }
        }
        for (column, &price) in (0u32..).zip(&solution.column_prices) {
            seen.columns.insert(instance.column_key(column), price);
        }
        seen
    }

    fn follow(&mut self, changes: &Changes, seed: u64) {
        for change in &changes.flows {
            let keys = (change.row, change.column);
            assert_eq!(self.flows.remove(&keys).unwrap_or(0), change.before, "seed {seed}: {change:?}");
            if change.after > 0 {
                self.flows.insert(keys, change.after);
            }
        }
        for (prices, changes) in
            [(&mut self.rows, &changes.row_prices), (&mut self.columns, &changes.column_prices)]
        {
            for change in changes {
                assert_eq!(prices.remove(&change.key), change.before, "seed {seed}: {change:?}");
                prices.extend(change.after.map(|price| (change.key, price)));
            }
        }
    }
}

/// The flows as rows tell them, which has to be as columns do.
fn told_by_ends(standing: &Standing) -> BTreeMap<(u64, u64), u64> {
    let rows = standing
        .rows
        .keys()
        .flat_map(|(row, _)| standing.received(row).map(move |(column, flow)| ((row, column), flow)));
    let columns = standing
        .columns
        .keys()
        .flat_map(|(column, _)| standing.given(column).map(move |(row, flow)| ((row, column), flow)));
    let (by_rows, by_columns) = (rows.collect(), columns.collect::<BTreeMap<_, _>>());
    assert_eq!(by_rows, by_columns);
    by_rows
}

/// Fails unless the tree keeps its promises.
fn check(standing: &Standing, seed: u64) {
    let tree = &standing.tree;
    let mut moved = vec![0i64; tree.nodes.len()];
    let (mut node, mut path, mut on_ring) = (ROOT, vec![ROOT], 0);
    loop {
        let next = tree.ring[node as usize].next;
        assert_eq!(tree.nodes[next as usize].previous, node, "seed {seed}");
        if next == ROOT {
            break;
        }
        let at = tree.nodes[next as usize];
        path.truncate(tree.ring[next as usize].depth as usize);
        assert_eq!(path.last(), Some(&at.parent), "seed {seed}");
        path.push(next);
        moved[next as usize] += i64::from(at.flow);
        assert!(!is_row(next) || at.flow > 0, "seed {seed}: row without flow");
        let worth = if at.parent == ROOT {
            Worth::ZERO
        } else {
            moved[at.parent as usize] += i64::from(at.flow);
            standing.worth(next, at.parent)
        };
        let apart = standing.price(next) - standing.price(at.parent);
        assert_eq!(apart, if is_row(next) { worth } else { -worth }, "seed {seed}");
        node = next;
        on_ring += 1;
    }
    let asking = standing.rows.keys().filter(|&(_, slot)| standing.rows.at(slot).units > 0).count();
    assert_eq!(on_ring, asking + standing.columns.keys().count(), "seed {seed}");
    for (_, slot) in standing.rows.keys() {
        let units = i64::from(standing.rows.at(slot).units);
        assert_eq!(moved[row_node(slot) as usize], units, "seed {seed}");
    }
    for (_, slot) in standing.columns.keys() {
        let units = i64::from(standing.columns.at(slot).units);
        assert_eq!(moved[column_node(slot) as usize], units, "seed {seed}");
    }
}

/// One random edit of a standing solution. Keys are few, so that they come again.
fn edit(standing: &mut Standing, shape: Shape, dice: &mut SplitMix64) {
    let rows: Vec<u64> = standing.rows.keys().map(|(key, _)| key).collect();
    let columns: Vec<u64> = standing.columns.keys().map(|(key, _)| key).collect();
    fn one_of(keys: &[u64], dice: &mut SplitMix64) -> Option<u64> {
        (!keys.is_empty()).then(|| keys[dice.below(keys.len() as u64) as usize])
    }
    fn links(keys: &[u64], shape: Shape, dice: &mut SplitMix64) -> Vec<(u64, i64)> {
        let chosen = keys.iter().filter(|_| dice.below(100) < shape.density).copied().collect::<Vec<_>>();
        chosen.into_iter().map(|key| (key, 1 + dice.below(shape.value) as i64)).collect()
    }
    match dice.below(8) {
        0 => {
            let (key, demand) = (dice.below(3 * shape.rows), dice.below(shape.demand + 1));
            let added = standing.add_row(key, demand, &links(&columns, shape, dice));
            assert_eq!(added.is_err(), rows.contains(&key));
        }
        1 => {
            let (key, capacity) = (dice.below(3 * shape.columns), dice.below(shape.capacity + 1));
            let added = standing.add_column(key, capacity, &links(&rows, shape, dice));
            assert_eq!(added.is_err(), columns.contains(&key));
        }
        2 => {
            if let Some(key) = one_of(&rows, dice) {
                standing.remove_row(key).unwrap();
            }
        }
        3 => {
            if let Some(key) = one_of(&columns, dice) {
                standing.remove_column(key).unwrap();
            }
        }
        4 => {
            if let Some(key) = one_of(&rows, dice) {
                standing.set_demand(key, dice.below(shape.demand + 1)).unwrap();
            }
        }
        5 => {
            if let Some(key) = one_of(&columns, dice) {
                standing.set_capacity(key, dice.below(shape.capacity + 1)).unwrap();
            }
        }
        6 => {
            if let Some(key) = one_of(&rows, dice) {
                standing.set_offers(key, &links(&columns, shape, dice)).unwrap();
            }
        }
        _ => {
            if let (Some(row), Some(column)) = (one_of(&rows, dice), one_of(&columns, dice)) {
                let value = (dice.below(4) > 0).then(|| 1 + dice.below(shape.value) as i64);
                standing.set_value(row, column, value).unwrap();
            }
        }
    }
}

/// Lives through random histories, checking everything after every repair.
fn live(shape: Shape, ties: Ties, seeds: std::ops::Range<u64>, edits: u64) {
    for seed in seeds {
        let instance = random(shape, seed);
        let mut standing = Standing::by(&instance, Budget::UNLIMITED, ties).unwrap();
        check(&standing, seed);
        let mut dice = SplitMix64(!seed);
        let mut seen = Seen::of(&standing.instance(), &standing.solution());
        let mut objective = standing.objective();
        for _ in 0..edits {
            for _ in 0..=dice.below(3) {
                edit(&mut standing, shape, &mut dice);
                check(&standing, seed);
            }
            let changes = standing.repair(Budget::UNLIMITED).unwrap();
            check(&standing, seed);
            seen.follow(&changes, seed);
            standing.audit().unwrap_or_else(|wrong| panic!("{shape:?}, seed {seed}: {wrong}"));
            let instance = standing.instance();
            let mut fresh = solve_by(&instance, Budget::UNLIMITED, ties).unwrap();
            fresh.pivots = 0;
            let found = standing.verify().unwrap_or_else(|wrong| panic!("{shape:?}, seed {seed}: {wrong}"));
            assert_eq!((changes.objective_before, changes.objective_after), (objective, fresh.objective));
            objective = fresh.objective;
            assert_eq!(found.into_inner(), fresh, "{shape:?}, {ties:?}, seed {seed}");
            assert_eq!(seen, Seen::of(&instance, &fresh), "{shape:?}, {ties:?}, seed {seed}");
            assert_eq!(seen.flows, told_by_ends(&standing), "seed {seed}");
        }
    }
}

#[test]
fn a_repair_finds_what_a_solve_from_nothing_finds() {
    let sparse = Shape { rows: 12, columns: 10, density: 30, demand: 5, capacity: 6, value: 1_000 };
    live(sparse, Ties::FULL, 0..1_000, 12);
    let scarce = Shape { rows: 14, columns: 6, density: 60, demand: 6, capacity: 4, value: 50 };
    live(scarce, Ties::FULL, 0..1_000, 12);
}

#[test]
fn a_repair_decides_between_equals_as_a_solve_from_nothing_does() {
    let equal = Shape { rows: 10, columns: 10, density: 40, demand: 3, capacity: 3, value: 1 };
    let single = Shape { rows: 9, columns: 9, density: 60, demand: 1, capacity: 1, value: 2 };
    for ties in [Ties::FULL, Ties::of_bits(1), Ties::of_bits(0)] {
        live(equal, ties, 0..400, 10);
        live(single, ties, 0..400, 10);
    }
}

#[test]
fn larger_histories_end_in_the_same_place() {
    let shape = Shape { rows: 300, columns: 250, density: 5, demand: 40, capacity: 60, value: 1_000 };
    live(shape, Ties::FULL, 0..6, 30);
}

#[test]
fn numbers_at_the_edge_of_their_bounds_can_be_edited() {
    let (most, value) = (u64::from(u32::MAX), VALUE_MAX as u64);
    let huge = Shape { rows: 12, columns: 12, density: 40, demand: most, capacity: most, value };
    live(huge, Ties::FULL, 0..200, 10);
}

#[test]
fn a_repair_that_was_stopped_goes_on() {
    let shape = Shape { rows: 14, columns: 6, density: 60, demand: 6, capacity: 4, value: 50 };
    for seed in 0..300 {
        let mut standing = Standing::new(&random(shape, seed), Budget::UNLIMITED).unwrap();
        let mut dice = SplitMix64(!seed);
        for _ in 0..10 {
            edit(&mut standing, shape, &mut dice);
        }
        let mut whole = standing.clone();
        let expected = whole.repair(Budget::UNLIMITED).unwrap();
        let mut stops = 0;
        let mut changes = loop {
            match standing.repair(Budget { pivots: 1 }) {
                Ok(changes) => break changes,
                Err(Unrepaired { pivots }) => stops += pivots,
            }
            check(&standing, seed);
        };
        changes.pivots += stops;
        assert_eq!(standing.solution(), whole.solution(), "seed {seed}");
        assert_eq!((changes.flows, changes.row_prices), (expected.flows, expected.row_prices), "seed {seed}");
    }
}

#[test]
fn an_audit_finds_what_is_wrong_with_what_was_touched() {
    let shape = Shape { rows: 14, columns: 6, density: 60, demand: 6, capacity: 4, value: 50 };
    let mut spoilt = 0;
    for seed in 0..300 {
        let mut standing = Standing::new(&random(shape, seed), Budget::UNLIMITED).unwrap();
        let mut dice = SplitMix64(!seed);
        for _ in 0..4 {
            edit(&mut standing, shape, &mut dice);
        }
        standing.repair(Budget::UNLIMITED).unwrap();
        standing.audit().unwrap();
        for &node in &standing.touched.clone() {
            if standing.at(node).parent == NONE {
                continue;
            }
            for change in [-1, 1] {
                standing.tree.books.prices[node as usize].value += change;
                assert_eq!(standing.audit().is_err(), standing.verify().is_err(), "seed {seed}");
                spoilt += usize::from(standing.audit().is_err());
                standing.tree.books.prices[node as usize].value -= change;
            }
            standing.tree.nodes[node as usize].flow += 1;
            let wrong = standing
                .verify()
                .err()
                .filter(|wrong| !matches!(wrong, Violation::ObjectiveMisstated { .. }));
            assert_eq!(standing.audit().is_err(), wrong.is_some(), "seed {seed}");
            spoilt += usize::from(standing.audit().is_err());
            standing.tree.nodes[node as usize].flow -= 1;
        }
    }
    assert!(spoilt > 1_000, "{spoilt}");
}

#[test]
fn what_cannot_be_is_refused_and_changes_nothing() {
    let edges = [Edge { row: 0, column: 0, value: 5 }];
    let instance = Transport::new(&[2], &[3], edges).unwrap().with_keys(vec![70], vec![80]).unwrap();
    let mut standing = Standing::new(&instance, Budget::UNLIMITED).unwrap();
    let before = standing.solution();
    let refusals = [
        (standing.add_row(70, 1, &[]), Refused::RowExists(70)),
        (standing.add_column(80, 1, &[]), Refused::ColumnExists(80)),
        (standing.add_row(71, 1, &[(80, 4), (81, 4)]), Refused::NoSuchColumn(81)),
        (standing.add_row(71, 1, &[(80, 4), (80, 5)]), Refused::DuplicateEdge(80)),
        (standing.add_row(71, 1, &[(80, 0)]), Refused::OutOfBounds(0)),
        (standing.add_row(71, 1 << 32, &[]), Refused::OutOfBounds(1 << 32)),
        (standing.add_column(81, 1, &[(71, 4)]), Refused::NoSuchRow(71)),
        (standing.set_demand(71, 1), Refused::NoSuchRow(71)),
        (standing.set_capacity(80, 1 << 32), Refused::OutOfBounds(1 << 32)),
        (standing.set_value(70, 81, Some(1)), Refused::NoSuchColumn(81)),
        (standing.set_offers(70, &[(80, VALUE_MAX + 1)]), Refused::OutOfBounds(i128::from(VALUE_MAX) + 1)),
        (standing.remove_row(71), Refused::NoSuchRow(71)),
        (standing.remove_column(81), Refused::NoSuchColumn(81)),
    ];
    for (found, expected) in refusals {
        assert_eq!(found, Err(expected));
    }
    let changes = standing.repair(Budget { pivots: 0 }).unwrap();
    assert_eq!((changes.touched, standing.solution()), (0, before));
}
