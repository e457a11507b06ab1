//! What makes the answer *the* answer: the flow that the rule names, prices that are the value of one unit more, and
//! neither of them a matter of numbering or of threads. Test code only.

use super::tie::{TIE_BITS, Ties};
use super::{Budget, OutOfBudget, Solution, solve, solve_by};
use crate::matching::certificate::verify;
use crate::matching::oracle::{Shape, SplitMix64, random};
use crate::matching::transport::{Edge, Transport};

/// An instance whose rows and columns have names that say nothing about their positions.
fn named(shape: Shape, seed: u64) -> Transport {
    let instance = random(shape, seed);
    let mut dice = SplitMix64(!seed);
    let mut names = |count: usize| -> Vec<u64> {
        let mut names: Vec<u64> = (0..count as u64).map(|place| dice.below(1 << 40) << 20 | place).collect();
        shuffle(&mut names, &mut dice);
        names
    };
    let (rows, columns) = (names(instance.row_count()), names(instance.column_count()));
    instance.with_keys(rows, columns).unwrap()
}

fn shuffle<T>(all: &mut [T], dice: &mut SplitMix64) {
    for place in (1..all.len()).rev() {
        all.swap(place, dice.below(place as u64 + 1) as usize);
    }
}

/// The same instance with rows, columns and edges numbered anew.
fn renumbered(instance: &Transport, seed: u64) -> Transport {
    let mut dice = SplitMix64(seed);
    let mut rows: Vec<u32> = (0..instance.row_count() as u32).collect();
    let mut columns: Vec<u32> = (0..instance.column_count() as u32).collect();
    shuffle(&mut rows, &mut dice);
    shuffle(&mut columns, &mut dice);
    let demands: Vec<u64> = instance.demands().collect();
    let capacities: Vec<u64> = instance.capacities().collect();
    let place = |order: &[u32], old: u32| order.iter().position(|&place| place == old).unwrap() as u32;
    let mut edges: Vec<Edge> = instance
        .edges()
        .map(|edge| Edge { row: place(&rows, edge.row), column: place(&columns, edge.column), ..edge })
        .collect();
    shuffle(&mut edges, &mut dice);
    let demands: Vec<u64> = rows.iter().map(|&row| demands[row as usize]).collect();
    let capacities: Vec<u64> = columns.iter().map(|&column| capacities[column as usize]).collect();
    let row_keys = rows.iter().map(|&row| instance.row_key(row)).collect();
    let column_keys = columns.iter().map(|&column| instance.column_key(column)).collect();
    Transport::new(&demands, &capacities, edges).unwrap().with_keys(row_keys, column_keys).unwrap()
}

type Answer = (Vec<((u64, u64), u64)>, Vec<(u64, i64)>, Vec<(u64, i64)>);

/// A solution by keys: what it says, freed from any numbering.
fn by_keys(instance: &Transport, solution: &Solution) -> Answer {
    let keys = |edge: Edge| (instance.row_key(edge.row), instance.column_key(edge.column));
    let mut flows: Vec<_> = instance.edges().map(keys).zip(solution.flows.iter().copied()).collect();
    let rows = 0..instance.row_count() as u32;
    let mut row_prices: Vec<_> =
        rows.map(|row| instance.row_key(row)).zip(solution.row_prices.iter().copied()).collect();
    let columns = 0..instance.column_count() as u32;
    let mut column_prices: Vec<_> = columns
        .map(|column| instance.column_key(column))
        .zip(solution.column_prices.iter().copied())
        .collect();
    flows.sort_unstable();
    row_prices.sort_unstable();
    column_prices.sort_unstable();
    (flows, row_prices, column_prices)
}

/// Ties as they are, ties that say little, and none at all, so that the order of keys decides everything.
const RULES: [Ties; 3] = [Ties::FULL, Ties::of_bits(1), Ties::of_bits(0)];

const DEGENERATE: [Shape; 4] = [
    Shape { rows: 12, columns: 12, density: 60, demand: 1, capacity: 1, value: 1 },
    Shape { rows: 10, columns: 10, density: 50, demand: 3, capacity: 3, value: 2 },
    Shape { rows: 14, columns: 9, density: 30, demand: 4, capacity: 5, value: 6 },
    Shape { rows: 40, columns: 40, density: 15, demand: 2, capacity: 2, value: 1 },
];

#[test]
fn the_answer_does_not_depend_on_the_numbering() {
    for shape in DEGENERATE {
        for seed in 0..300 {
            let instance = named(shape, seed);
            let other = renumbered(&instance, seed);
            for ties in RULES {
                let solution = solve_by(&instance, Budget::UNLIMITED, ties).unwrap();
                let again = solve_by(&other, Budget::UNLIMITED, ties).unwrap();
                let (one, two) = (by_keys(&instance, &solution), by_keys(&other, &again));
                assert_eq!(one, two, "{shape:?}, {ties:?}, seed {seed}");
                verify(&instance, solution).unwrap_or_else(|wrong| panic!("{shape:?}, seed {seed}: {wrong}"));
            }
        }
    }
}

/// Of every flow there is, in the order of the edges' keys: the greatest by value, then by ties, then by itself.
fn named_by_the_rule(instance: &Transport, ties: Ties) -> Vec<u64> {
    type Rank = (i128, i128, Vec<u64>);
    fn look(
        edges: &[(u64, u64, Edge)],
        ties: Ties,
        sofar: Rank,
        unmet: &mut [u64],
        idle: &mut [u64],
        best: &mut Rank,
    ) {
        let Some((&(row_key, column_key, edge), rest)) = edges.split_first() else {
            if sofar > *best {
                *best = sofar;
            }
            return;
        };
        let (row, column) = (edge.row as usize, edge.column as usize);
        for flow in 0..=unmet[row].min(idle[column]) {
            let mut next = sofar.clone();
            next.0 += i128::from(edge.value) * i128::from(flow);
            next.1 += i128::from(ties.of(row_key, column_key)) * i128::from(flow);
            next.2.push(flow);
            unmet[row] -= flow;
            idle[column] -= flow;
            look(rest, ties, next, unmet, idle, best);
            unmet[row] += flow;
            idle[column] += flow;
        }
    }
    let mut edges: Vec<_> = instance
        .edges()
        .map(|edge| (instance.row_key(edge.row), instance.column_key(edge.column), edge))
        .collect();
    edges.sort_unstable();
    let (mut unmet, mut idle): (Vec<u64>, Vec<u64>) =
        (instance.demands().collect(), instance.capacities().collect());
    let mut best = (-1, 0, vec![]);
    look(&edges, ties, (0, 0, vec![]), &mut unmet, &mut idle, &mut best);
    best.2
}

#[test]
fn the_rule_names_the_answer() {
    let shapes = [
        Shape { rows: 3, columns: 3, density: 90, demand: 2, capacity: 2, value: 2 },
        Shape { rows: 4, columns: 3, density: 80, demand: 1, capacity: 2, value: 1 },
    ];
    for shape in shapes {
        for seed in 0..400 {
            let instance = named(shape, seed);
            for ties in RULES {
                let solution = solve_by(&instance, Budget::UNLIMITED, ties).unwrap();
                let flows: Vec<u64> =
                    by_keys(&instance, &solution).0.into_iter().map(|(_, flow)| flow).collect();
                assert_eq!(flows, named_by_the_rule(&instance, ties), "{shape:?}, {ties:?}, seed {seed}");
            }
        }
    }
}

#[test]
fn a_price_is_the_value_of_one_unit() {
    let shapes = [
        Shape { rows: 9, columns: 8, density: 45, demand: 4, capacity: 4, value: 30 },
        Shape { rows: 12, columns: 6, density: 60, demand: 2, capacity: 2, value: 3 },
        Shape { rows: 20, columns: 15, density: 20, demand: 3, capacity: 4, value: 1_000 },
    ];
    let best = |demands: &[u64], capacities: &[u64], edges: &[Edge]| {
        let instance = Transport::new(demands, capacities, edges.iter().copied()).unwrap();
        solve(&instance, Budget::UNLIMITED).unwrap().objective
    };
    for shape in shapes {
        for seed in 0..200 {
            let instance = random(shape, seed);
            let solution = solve(&instance, Budget::UNLIMITED).unwrap();
            let edges: Vec<Edge> = instance.edges().collect();
            let mut demands: Vec<u64> = instance.demands().collect();
            let mut capacities: Vec<u64> = instance.capacities().collect();
            for column in 0..capacities.len() {
                capacities[column] += 1;
                let gain = best(&demands, &capacities, &edges) - solution.objective;
                let price = i128::from(solution.column_prices[column]);
                assert_eq!(gain, price, "{shape:?}, seed {seed}: one more of column {column}");
                capacities[column] -= 1;
            }
            for row in (0..demands.len()).filter(|&row| instance.demands().nth(row) != Some(0)) {
                demands[row] -= 1;
                let loss = solution.objective - best(&demands, &capacities, &edges);
                let price = i128::from(solution.row_prices[row]);
                assert_eq!(loss, price, "{shape:?}, seed {seed}: one less of row {row}");
                demands[row] += 1;
            }
        }
    }
}

fn on<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(work)
}

/// Many streets that share nothing, some of them larger.
fn streets(seed: u64) -> Transport {
    let (mut demands, mut capacities, mut edges) = (vec![], vec![], vec![]);
    for street in 0..60 {
        let size = if street % 20 == 0 { 120 } else { 12 };
        let shape = Shape { rows: size, columns: size, density: 25, demand: 3, capacity: 3, value: 5 };
        let part = random(shape, seed * 100 + street);
        let (rows, columns) = (demands.len() as u32, capacities.len() as u32);
        let shifted = |edge: Edge| Edge { row: edge.row + rows, column: edge.column + columns, ..edge };
        edges.extend(part.edges().map(shifted));
        demands.extend(part.demands());
        capacities.extend(part.capacities());
    }
    Transport::new(&demands, &capacities, edges).unwrap()
}

#[test]
fn the_answer_does_not_depend_on_the_threads() {
    for seed in 0..10 {
        let instance = streets(seed);
        let alone = on(1, || solve(&instance, Budget::UNLIMITED));
        let pivots = alone.as_ref().map_or(0, |solution| solution.pivots);
        for threads in [2, 4] {
            assert_eq!(on(threads, || solve(&instance, Budget::UNLIMITED)), alone, "seed {seed}");
            assert_eq!(on(threads, || solve(&instance, Budget { pivots })), alone, "seed {seed}");
        }
        for pivots in [0, 1, pivots / 3, pivots - 1] {
            let short = on(1, || solve(&instance, Budget { pivots }));
            assert!(matches!(&short, Err(OutOfBudget { best, .. }) if best.pivots == pivots), "seed {seed}");
            for threads in [2, 4] {
                assert_eq!(on(threads, || solve(&instance, Budget { pivots })), short, "seed {seed}");
            }
        }
    }
}

#[test]
fn ties_have_all_the_bits_their_bound_allows() {
    let greatest = (0..1_000).map(|key| Ties::FULL.of(key, !key)).max().unwrap();
    assert!((1 << (TIE_BITS - 1)..1 << TIE_BITS).contains(&greatest));
}
