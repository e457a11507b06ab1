//! The slow, obvious twin of the solver, and the cases on which the two have to agree. Test code only.
//!
//! [`augmenting`] sends one unit at a time along the best path there is, found by Bellman–Ford in the residual graph.
//! [`enumeration`] tries every flow. Neither shares a line with the solver or with the other. Every random case is named
//! by its seed, which a failure prints.

use super::certificate::verify;
use super::simplex::{Budget, solve};
use super::transport::{Edge, Transport, VALUE_MAX};

/// SplitMix64: a seed in, always the same numbers out.
pub(crate) struct SplitMix64(pub(crate) u64);

impl SplitMix64 {
    /// A number from 0 to `end - 1`.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((u128::from(mixed ^ (mixed >> 31)) * u128::from(end)) >> 64) as u64
    }
}

/// How a random instance is drawn: every number is an inclusive upper limit except `density`, in percent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape {
    pub(crate) rows: u64,
    pub(crate) columns: u64,
    pub(crate) density: u64,
    pub(crate) demand: u64,
    pub(crate) capacity: u64,
    pub(crate) value: u64,
}

/// The instance of that shape and seed. Zero rows, zero columns, zero demands and zero capacities all come up.
pub(crate) fn random(shape: Shape, seed: u64) -> Transport {
    let mut dice = SplitMix64(seed);
    let rows = dice.below(shape.rows + 1);
    let columns = dice.below(shape.columns + 1);
    let demands: Vec<u64> = (0..rows).map(|_| dice.below(shape.demand + 1)).collect();
    let capacities: Vec<u64> = (0..columns).map(|_| dice.below(shape.capacity + 1)).collect();
    let mut edges = Vec::new();
    for row in 0..rows as u32 {
        for column in 0..columns as u32 {
            if dice.below(100) < shape.density {
                let value = 1 + dice.below(shape.value) as i64;
                edges.push(Edge { row, column, value });
            }
        }
    }
    Transport::new(&demands, &capacities, edges).unwrap()
}

/// The best total value, by the best augmenting path for one unit at a time until none earns anything.
fn augmenting(instance: &Transport) -> i128 {
    let edges: Vec<Edge> = instance.edges().collect();
    let mut flows = vec![0u64; edges.len()];
    let mut unmet: Vec<u64> = instance.demands().collect();
    let mut idle: Vec<u64> = instance.capacities().collect();
    let mut total = 0;
    loop {
        // The best value of a path from some unmet row to each node, and the edge it came by.
        let mut row_best: Vec<Option<i64>> = unmet.iter().map(|&unmet| (unmet > 0).then_some(0)).collect();
        let mut column_best: Vec<Option<i64>> = vec![None; idle.len()];
        let mut row_via = vec![None; unmet.len()];
        let mut column_via = vec![None; idle.len()];
        let mut changed = true;
        while changed {
            changed = false;
            for (number, edge) in edges.iter().enumerate() {
                let (row, column) = (edge.row as usize, edge.column as usize);
                let forward = row_best[row].map(|best| best + edge.value);
                if forward > column_best[column] {
                    (column_best[column], column_via[column]) = (forward, Some(number));
                    changed = true;
                }
                let back = column_best[column].map(|best| best - edge.value);
                if flows[number] > 0 && back > row_best[row] {
                    (row_best[row], row_via[row]) = (back, Some(number));
                    changed = true;
                }
            }
        }
        let open = (0..idle.len()).filter(|&column| idle[column] > 0);
        let Some(end) = open.max_by_key(|&column| column_best[column]) else {
            return total;
        };
        let Some(value) = column_best[end].filter(|&value| value > 0) else {
            return total;
        };
        total += i128::from(value);
        idle[end] -= 1;
        let mut column = end;
        loop {
            let number = column_via[column].unwrap();
            flows[number] += 1;
            let row = edges[number].row as usize;
            let Some(number) = row_via[row] else {
                unmet[row] -= 1;
                break;
            };
            flows[number] -= 1;
            column = edges[number].column as usize;
        }
    }
}

/// The best total value, by trying every flow.
fn enumeration(instance: &Transport) -> i128 {
    fn best(edges: &[Edge], unmet: &mut [u64], idle: &mut [u64]) -> i128 {
        let Some((edge, rest)) = edges.split_first() else {
            return 0;
        };
        let (row, column) = (edge.row as usize, edge.column as usize);
        let most = unmet[row].min(idle[column]);
        let mut found = 0;
        for flow in 0..=most {
            unmet[row] -= flow;
            idle[column] -= flow;
            let value = i128::from(edge.value) * i128::from(flow);
            found = found.max(value + best(rest, unmet, idle));
            unmet[row] += flow;
            idle[column] += flow;
        }
        found
    }
    let edges: Vec<Edge> = instance.edges().collect();
    let mut unmet: Vec<u64> = instance.demands().collect();
    let mut idle: Vec<u64> = instance.capacities().collect();
    best(&edges, &mut unmet, &mut idle)
}

/// Solves and verifies each case, and compares the objective with the oracle's.
fn agree(oracle: fn(&Transport) -> i128, shape: Shape, seeds: std::ops::Range<u64>) {
    for seed in seeds {
        let instance = random(shape, seed);
        let solution = solve(&instance, Budget::UNLIMITED).unwrap();
        let verified = verify(&instance, solution)
            .unwrap_or_else(|violation| panic!("{shape:?}, seed {seed}: {violation}"));
        let expected = oracle(&instance);
        assert_eq!(verified.objective(), expected, "{shape:?}, seed {seed}");
    }
}

#[test]
fn the_solver_agrees_with_enumeration_on_tiny_instances() {
    let shape = Shape { rows: 3, columns: 3, density: 70, demand: 3, capacity: 3, value: 6 };
    agree(enumeration, shape, 0..20_000);
    agree(augmenting, shape, 0..20_000);
}

#[test]
fn the_solver_agrees_with_augmenting_paths_on_small_instances() {
    let sparse = Shape { rows: 12, columns: 9, density: 25, demand: 5, capacity: 6, value: 1_000 };
    agree(augmenting, sparse, 0..10_000);
    let scarce = Shape { rows: 14, columns: 5, density: 80, demand: 6, capacity: 4, value: 50 };
    agree(augmenting, scarce, 0..5_000);
}

#[test]
fn the_solver_agrees_when_almost_everything_ties() {
    let ties = Shape { rows: 12, columns: 12, density: 60, demand: 1, capacity: 1, value: 2 };
    agree(augmenting, ties, 0..10_000);
    let equal = Shape { rows: 9, columns: 9, density: 50, demand: 3, capacity: 3, value: 1 };
    agree(augmenting, equal, 0..5_000);
}

#[test]
fn numbers_at_the_edge_of_their_bounds_still_verify() {
    let huge = Shape {
        rows: 40,
        columns: 40,
        density: 30,
        demand: u64::from(u32::MAX),
        capacity: u64::from(u32::MAX),
        value: VALUE_MAX as u64,
    };
    for seed in 0..500 {
        let instance = random(huge, seed);
        let solution = solve(&instance, Budget::UNLIMITED).unwrap();
        verify(&instance, solution).unwrap_or_else(|violation| panic!("seed {seed}: {violation}"));
    }
}

#[test]
fn larger_instances_verify() {
    let shape = Shape { rows: 600, columns: 500, density: 4, demand: 40, capacity: 60, value: 1_000_000 };
    for seed in 0..20 {
        let instance = random(shape, seed);
        let solution = solve(&instance, Budget::UNLIMITED).unwrap();
        verify(&instance, solution).unwrap_or_else(|violation| panic!("seed {seed}: {violation}"));
    }
}
