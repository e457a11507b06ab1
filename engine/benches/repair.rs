//! How fast a standing solution is repaired after an edit, and how much faster than a solve from nothing.
//!
//! `shared/instances.rs` says on what. Edits of each kind are made and repaired one after another, drawn as the
//! instance is; the time is that of the edit, the repair and the audit together. At the end the certificate has to hold.
//! `GONGJIAN_BENCH_XL=1` adds 200,000 × 150,000.
#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "a bench may fail loudly")]

use std::time::{Duration, Instant};

use engine::matching::simplex::standing::{Changes, Standing};
use engine::matching::simplex::{Budget, solve};

use self::instances::{CASES, Case, Dice, XL_CASES, draw};

#[path = "shared/instances.rs"]
#[expect(dead_code, reason = "the other bench uses the rest")]
mod instances;

const KINDS: [&str; 8] = [
    "a need posted",
    "a need withdrawn",
    "a need's quantity",
    "a need's edges",
    "one value",
    "a resource posted",
    "a resource withdrawn",
    "a resource's quantity",
];

/// Edits of each kind, on ample instances and on scarce ones.
const EDITS: (u64, u64) = (200, 20);

/// Keys of what is posted, beyond those of the instance.
const NEW: u64 = 1 << 32;

/// Draws one edit of a kind. It does nothing if it is about somebody who has gone.
fn edit(
    standing: &Standing,
    case: &Case,
    kind: usize,
    count: u64,
    dice: &mut Dice,
) -> impl FnOnce(&mut Standing) + use<> {
    let (row, column) = (dice.below(case.rows), dice.below(case.columns));
    let offers = near(case, row * case.columns / case.rows, case.columns, 20, dice);
    let askers = near(case, column * case.rows / case.columns, case.rows, 27, dice);
    let offers: Vec<_> = offers.into_iter().filter(|&(key, _)| standing.capacity(key).is_some()).collect();
    let askers: Vec<_> = askers.into_iter().filter(|&(key, _)| standing.demand(key).is_some()).collect();
    let demand = 1 + dice.below(40);
    let capacity = 1 + dice.below(if case.scarce { 50 } else { 100 });
    let (row_there, column_there) = (standing.demand(row).is_some(), standing.capacity(column).is_some());
    move |standing| {
        let done = match kind {
            0 => standing.add_row(NEW + count, demand, &offers),
            1 if row_there => standing.remove_row(row),
            2 if row_there => standing.set_demand(row, demand),
            3 if row_there => standing.set_offers(row, &offers),
            4 if row_there => standing.set_value(row, offers[0].0, Some(offers[0].1)),
            5 => standing.add_column(NEW + count, capacity, &askers),
            6 if column_there => standing.remove_column(column),
            7 if column_there => standing.set_capacity(column, capacity),
            _ => Ok(()),
        };
        done.unwrap();
    }
}

/// Edges to about so many others, near a place or anywhere as the case has it, of values such as the case has.
fn near(case: &Case, place: u64, others: u64, count: u64, dice: &mut Dice) -> Vec<(u64, i64)> {
    let reach = (others / 2).min(100);
    let mut keys: Vec<u64> = (0..count)
        .map(|_| {
            if case.territorial {
                (place + others - reach + dice.below(2 * reach)) % others
            } else {
                dice.below(others)
            }
        })
        .collect();
    keys.sort_unstable();
    keys.dedup();
    let weight = 100 + dice.below(900);
    let mut value =
        || if case.scarce { weight * (100 + dice.below(1_000)) } else { 1 + dice.below(1_000_000) };
    keys.into_iter().map(|key| (key, value() as i64)).collect()
}

fn line(name: &str, times: &mut [Duration], changes: &[Changes], fresh: Duration) {
    times.sort_unstable();
    let mean = times.iter().sum::<Duration>() / times.len() as u32;
    let last = times[times.len() * 99 / 100];
    let each =
        |count: fn(&Changes) -> usize| changes.iter().map(count).sum::<usize>() as f64 / changes.len() as f64;
    println!(
        "  {name:<22} {mean:>10.2?} {:>10.2?} {last:>10.2?} {:>9.0} {:>8.1} {:>8.1} {:>8.1} {:>8.1}",
        times[times.len() / 2],
        fresh.as_secs_f64() / mean.as_secs_f64(),
        each(|changes| changes.pivots as usize),
        each(|changes| changes.touched),
        each(|changes| changes.row_prices.len() + changes.column_prices.len()),
        each(|changes| changes.flows.len()),
    );
}

fn main() {
    let with_xl = std::env::var_os("GONGJIAN_BENCH_XL").is_some();
    let xl = XL_CASES.iter().filter(|_| with_xl);
    for case in CASES.iter().filter(|case| case.rows > 10_000).chain(xl) {
        let instance = draw(case);
        let start = Instant::now();
        solve(&instance, Budget::UNLIMITED).unwrap();
        let fresh = start.elapsed();
        let mut standing = Standing::new(&instance, Budget::UNLIMITED).unwrap();
        println!("{}: from nothing {fresh:.2?}", case.name);
        println!(
            "  {:<22} {:>10} {:>10} {:>10} {:>9} {:>8} {:>8} {:>8} {:>8}",
            "", "mean", "p50", "p99", "quicker", "pivots", "touched", "prices", "flows"
        );
        let mut dice = Dice(1);
        let (mut all_times, mut all_changes) = (Vec::new(), Vec::new());
        for (kind, name) in KINDS.iter().enumerate() {
            let (mut times, mut changes) = (Vec::new(), Vec::new());
            for count in 0..if case.scarce { EDITS.1 } else { EDITS.0 } {
                let edit = edit(&standing, case, kind, count, &mut dice);
                let start = Instant::now();
                edit(&mut standing);
                changes.push(standing.repair(Budget::UNLIMITED).unwrap());
                standing.audit().unwrap();
                times.push(start.elapsed());
            }
            line(name, &mut times, &changes, fresh);
            all_times.append(&mut times);
            all_changes.append(&mut changes);
        }
        line("all", &mut all_times, &all_changes, fresh);
        standing.verify().unwrap();
    }
}
