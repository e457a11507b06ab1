//! How fast the search above the flow proves its answer.
//!
//! *Streets* have 500 needs, 200 resources and 100 projects of three to seven slots, with categories, communities and
//! weights; in *ample* ones half of what there is is asked for, in *scarce* ones twice as much. *Ways* are ample ones where
//! every fourth need could be shared out or taken up whole, *rules* such with one-provider needs, caps and lots too; in
//! *tight* ones all there is is asked for; *caps* have no projects and no other rules. *Tangles* have no structure at all:
//! 20 edges a row to anywhere; the larger ones are *alone* (no needs beside 100 projects), *m100* and *m300* (2,000 needs ×
//! 1,500 resources). Every answer is checked.
//!
//! `GONGJIAN_BENCH_WRITE=<directory>` also writes the instances down, for the drivers in `tests/peers`;
//! `GONGJIAN_BENCH_ONLY=<name>` leaves the others out, `GONGJIAN_BENCH_SEEDS=<first>..<end>` draws from other seeds and
//! `GONGJIAN_BENCH_STEPS=<steps>` allows other budgets.
#![expect(clippy::unwrap_used, reason = "a bench may fail loudly")]

use std::path::Path;
use std::time::{Duration, Instant};

use engine::matching::search::{Budget, check, search};

use self::instance::{Case, Mixture, draw, written};

#[path = "search/instance.rs"]
mod instance;

const STREET: Case = Case {
    name: "street",
    needs: 500,
    resources: 200,
    projects: 100,
    demand: 20,
    seeds: 20,
    street: true,
    mixture: Mixture::None,
    steps: 60_000,
};

const TANGLE: Case = Case { name: "tangle", demand: 40, seeds: 1, street: false, ..STREET };

const CASES: [Case; 13] = [
    Case { name: "street-ample", demand: 10, ..STREET },
    Case { seeds: 3, ..STREET },
    Case { name: "street-scarce", demand: 40, seeds: 1, ..STREET },
    Case { name: "ways", demand: 10, seeds: 12, mixture: Mixture::Ways, ..STREET },
    Case { name: "ways-tight", seeds: 3, mixture: Mixture::Ways, ..STREET },
    Case { name: "rules", demand: 10, seeds: 12, mixture: Mixture::All, ..STREET },
    Case { name: "rules-tight", seeds: 3, mixture: Mixture::All, ..STREET },
    Case { name: "caps", demand: 10, projects: 0, seeds: 6, mixture: Mixture::Caps, ..STREET },
    Case { name: "caps-tight", projects: 0, seeds: 3, mixture: Mixture::Caps, ..STREET },
    TANGLE,
    Case { name: "alone", needs: 0, resources: 800, seeds: 1, steps: 20_000, ..TANGLE },
    Case { name: "m100", needs: 2_000, resources: 1_500, seeds: 1, steps: 20_000, ..TANGLE },
    Case { name: "m300", needs: 2_000, resources: 1_500, projects: 300, seeds: 1, steps: 20_000, ..TANGLE },
];

fn timed<T>(run: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let answer = run();
    (answer, start.elapsed())
}

fn main() {
    let only = std::env::var("GONGJIAN_BENCH_ONLY").unwrap_or_default();
    let seeds = std::env::var("GONGJIAN_BENCH_SEEDS").ok();
    let seeds = seeds.map(|range| {
        let (first, end) = range.split_once("..").unwrap();
        first.parse::<u64>().unwrap()..end.parse::<u64>().unwrap()
    });
    let steps = std::env::var("GONGJIAN_BENCH_STEPS").ok().map(|steps| steps.parse::<u64>().unwrap());
    let directory = std::env::var_os("GONGJIAN_BENCH_WRITE");
    println!(
        "{:<18} {:>16} {:>12} {:>9} {:>8} {:>11} {:>12} {:>12}",
        "case", "objective", "gap", "steps", "leaves", "prices", "search", "check"
    );
    for case in CASES.iter().filter(|case| only.is_empty() || case.name == only) {
        let from = seeds.clone().unwrap_or(0..case.seeds);
        for seed in from {
            let mixed = draw(case, seed);
            let name = format!("{}-{seed}", case.name);
            let (found, searched) = timed(|| search(&mixed, Budget { steps: steps.unwrap_or(case.steps) }));
            let (proved, checked) = timed(|| check(&mixed, found).unwrap());
            let (leaves, prices) = proved.proof.size();
            println!(
                "{name:<18} {:>16} {:>12} {:>9} {leaves:>8} {prices:>11} {searched:>12.2?} {checked:>12.2?}",
                proved.objective,
                proved.gap(),
                proved.steps
            );
            if let Some(directory) = &directory {
                let path = Path::new(directory).join(format!("{name}.txt"));
                let head = format!(
                    "objective {}\nbound {}\nmicroseconds {}\n",
                    proved.objective,
                    proved.bound(),
                    searched.as_micros()
                );
                std::fs::write(path, head + &written(&mixed)).unwrap();
            }
        }
    }
}
