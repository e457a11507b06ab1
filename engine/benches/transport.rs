//! How fast the exact solver is, and how much faster than the textbook.
//!
//! `shared/instances.rs` says what is solved. The baseline is successive shortest paths with potentials, by Dijkstra with
//! a binary heap: the straightforward way to an exact optimum. Before anything is sampled, both solve the same instances
//! in turn, have to agree, and a table with the ratio is printed. `GONGJIAN_BENCH_XL=1` adds 200,000 × 150,000 to the table, without the baseline.
#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "a bench may fail loudly")]

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use engine::matching::certificate::verify;
use engine::matching::simplex::{Budget, Solution, solve};
use engine::matching::transport::{Edge, Transport};

use self::instances::{CASES, M, XL_CASES, draw};

#[path = "shared/instances.rs"]
mod instances;

/// The best total value, by successive shortest paths. Costs are `top - value ≥ 0`; what a row does not get goes to a sink
/// of its own that costs `top`, so that every row ships its whole demand and prices start at 0.
fn shortest_paths(instance: &Transport) -> i128 {
    let edges: Vec<Edge> = instance.edges().collect();
    let rows = instance.row_count();
    let columns = instance.column_count();
    let unserved = rows + columns;
    let top = edges.iter().map(|edge| edge.value).max().unwrap_or(0);
    let mut by_row = vec![Vec::new(); rows];
    let mut by_column = vec![Vec::new(); columns];
    for (number, edge) in edges.iter().enumerate() {
        by_row[edge.row as usize].push(number);
        by_column[edge.column as usize].push(number);
    }
    let mut flows = vec![0u64; edges.len()];
    let mut dropped = vec![0u64; rows];
    let mut idle: Vec<u64> = instance.capacities().collect();
    let mut prices = vec![0i64; unserved + 1];
    let mut distance = vec![i64::MAX; unserved + 1];
    let mut via = vec![usize::MAX; unserved + 1];
    let mut heap = BinaryHeap::new();
    for (source, demand) in instance.demands().enumerate() {
        let mut left = demand;
        while left > 0 {
            let mut touched = vec![source];
            heap.clear();
            heap.push(Reverse((0, source)));
            distance[source] = 0;
            let end = loop {
                let Some(Reverse((far, node))) = heap.pop() else {
                    unreachable!("a row can always go unserved");
                };
                if far > distance[node] {
                    continue;
                }
                if node == unserved || (node >= rows && idle[node - rows] > 0) {
                    break node;
                }
                let mut relax = |to: usize, cost: i64, number: usize| {
                    let next = far + cost + prices[node] - prices[to];
                    if next < distance[to] {
                        if distance[to] == i64::MAX {
                            touched.push(to);
                        }
                        (distance[to], via[to]) = (next, number);
                        heap.push(Reverse((next, to)));
                    }
                };
                if node < rows {
                    for &number in &by_row[node] {
                        let edge = edges[number];
                        relax(rows + edge.column as usize, top - edge.value, number);
                    }
                    relax(unserved, top, edges.len() + node);
                } else {
                    for &number in &by_column[node - rows] {
                        if flows[number] > 0 {
                            relax(edges[number].row as usize, edges[number].value - top, number);
                        }
                    }
                }
            };
            // The path backwards, for its bottleneck and then for the flow.
            let mut amount = if end == unserved { left } else { left.min(idle[end - rows]) };
            let mut path = Vec::new();
            let mut node = end;
            while node != source {
                let number = via[node];
                path.push((node, number));
                node = if number >= edges.len() {
                    number - edges.len()
                } else if node < rows {
                    amount = amount.min(flows[number]);
                    rows + edges[number].column as usize
                } else {
                    edges[number].row as usize
                };
            }
            for (node, number) in path {
                if number >= edges.len() {
                    dropped[number - edges.len()] += amount;
                } else if node < rows {
                    flows[number] -= amount;
                } else {
                    flows[number] += amount;
                }
            }
            if end != unserved {
                idle[end - rows] -= amount;
            }
            left -= amount;
            let reached = distance[end];
            for node in touched {
                prices[node] += distance[node].min(reached) - reached;
                distance[node] = i64::MAX;
            }
        }
    }
    let earned = edges.iter().zip(&flows);
    earned.map(|(edge, &flow)| i128::from(edge.value) * i128::from(flow)).sum()
}

/// The answer, and the middle of five times.
fn timed<T>(mut run: impl FnMut() -> T) -> (T, Duration) {
    let mut times = Vec::new();
    loop {
        let start = Instant::now();
        let answer = black_box(run());
        times.push(start.elapsed());
        if times.len() == 5 {
            times.sort_unstable();
            return (answer, times[2]);
        }
    }
}

fn solved(instance: &Transport) -> Solution {
    solve(instance, Budget::UNLIMITED).unwrap()
}

/// One line per case: both solvers in turn, agreeing and verified.
fn table() {
    let with_xl = std::env::var_os("GONGJIAN_BENCH_XL").is_some();
    let xl = XL_CASES.iter().filter(|_| with_xl);
    println!("case                     pivots      simplex   certificate    baseline   ratio");
    for case in CASES.iter().chain(xl) {
        let instance = draw(case);
        let (solution, simplex) = timed(|| solved(&instance));
        let start = Instant::now();
        let verified = verify(&instance, solution).unwrap();
        let certificate = start.elapsed();
        print!("{:<22} {:>8} {simplex:>12.2?} {certificate:>13.2?}", case.name, verified.pivots);
        if case.baseline {
            let (objective, baseline) = timed(|| shortest_paths(&instance));
            assert_eq!(objective, verified.objective());
            let ratio = baseline.as_secs_f64() / simplex.as_secs_f64();
            print!(" {baseline:>11.2?} {ratio:>7.1}");
        }
        println!();
    }
}

fn transport(criterion: &mut Criterion) {
    table();
    let mut group = criterion.benchmark_group("transport");
    group.sample_size(10);
    for case in &CASES {
        let instance = draw(case);
        group.bench_with_input(BenchmarkId::new("simplex", case.name), &instance, |b, instance| {
            b.iter(|| solved(black_box(instance)));
        });
        if case.baseline && case.rows <= M.0 {
            group.bench_with_input(
                BenchmarkId::new("shortest paths", case.name),
                &instance,
                |b, instance| b.iter(|| shortest_paths(black_box(instance))),
            );
        }
    }
    group.finish();
}

criterion_group!(benches, transport);
criterion_main!(benches);
