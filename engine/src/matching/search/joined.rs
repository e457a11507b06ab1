//! Tiny instances joined by one project: what the search makes of the pieces, beside every flow of each. Test code only.

use super::oracle::{Ruling, TINY, case, enumeration_where};
use super::{Budget, Mixed, Rule, Step, check, search};
use crate::matching::oracle::{Shape, SplitMix64};
use crate::matching::transport::{Edge, Transport};

/// Instances side by side, with a project on top that has a row in each.
struct Joined {
    singles: Vec<(Mixed, usize)>,
    mixed: Mixed,
}

/// Of several tiny instances, each with a row that no group of its own has.
fn joined(shape: Shape, ruling: Ruling, count: u64, seed: u64) -> Joined {
    let mut dice = SplitMix64(seed ^ 0x1017);
    let (mut demands, mut capacities, mut edges, mut rules) = (vec![], vec![], vec![], vec![]);
    let (mut singles, mut project) = (Vec::new(), Vec::new());
    for place in 0..count {
        let single = case(shape, ruling, seed * count + place);
        let base = single.base();
        let (row, column, edge) = (demands.len() as u32, capacities.len() as u32, edges.len());
        let asked: Vec<u64> = base.demands().collect();
        let grouped = |row: usize| {
            single.rules().iter().any(|rule| match rule {
                Rule::Together { members, .. } => members.iter().flatten().any(|&of| of as usize == row),
                Rule::Choice { .. } | Rule::Lots { .. } => false,
            })
        };
        let mut open: Vec<usize> = (0..asked.len()).filter(|&row| asked[row] > 0 && !grouped(row)).collect();
        edges.extend(base.edges().map(|of| Edge { row: of.row + row, column: of.column + column, ..of }));
        rules.extend(single.rules().iter().map(|rule| moved(rule, row, column, edge)));
        demands.extend(asked);
        capacities.extend(base.capacities());
        if !open.is_empty() {
            let chosen = open.swap_remove(dice.below(open.len() as u64) as usize);
            project.push(row + chosen as u32);
            singles.push((single, chosen));
        } else {
            singles.push((single, usize::MAX));
        }
    }
    if !project.is_empty() {
        rules.push(Rule::all_or_nothing(&project));
    }
    let base = Transport::new(&demands, &capacities, edges).unwrap();
    Joined { singles, mixed: Mixed::new(base, rules).unwrap() }
}

fn moved(rule: &Rule, row: u32, column: u32, edge: usize) -> Rule {
    match rule {
        Rule::Together { members, at_least } => {
            let members = members.iter().map(|rows| rows.iter().map(|of| of + row).collect());
            Rule::Together { members: members.collect(), at_least: *at_least }
        }
        Rule::Choice { ways, at_most } => {
            let ways = ways.iter().map(|edges| edges.iter().map(|of| of + edge).collect());
            Rule::Choice { ways: ways.collect(), at_most: *at_most }
        }
        Rule::Lots { column: of, lot } => Rule::Lots { column: of + column, lot: *lot },
    }
}

/// The best of all flows: the project goes ahead everywhere, or nowhere.
fn best(joined: &Joined) -> i128 {
    let total = |ahead: bool| {
        let singles = joined.singles.iter().map(|(single, row)| {
            let asked: Vec<u64> = single.base().demands().collect();
            enumeration_where(single, |unmet| {
                let full = |row: usize| unmet[row] == if ahead { 0 } else { asked[row] };
                *row == usize::MAX || full(*row)
            })
        });
        singles.sum::<Option<i128>>()
    };
    total(true).max(total(false)).unwrap()
}

fn falls(steps: &[Step]) -> usize {
    steps.iter().filter(|step| matches!(step, Step::Apart(_))).count()
}

/// How many proofs had falls in them.
fn agree(shape: Shape, ruling: Ruling, count: u64, seeds: std::ops::Range<u64>) -> usize {
    let mut fallen = 0;
    for seed in seeds {
        let joined = joined(shape, ruling, count, seed);
        let found = search(&joined.mixed, Budget::UNLIMITED);
        let proved =
            check(&joined.mixed, found).unwrap_or_else(|flaw| panic!("{ruling:?}, seed {seed}: {flaw}"));
        assert_eq!((proved.objective, proved.gap()), (best(&joined), 0), "{ruling:?}, seed {seed}");
        fallen += usize::from(proved.proof.parts.iter().any(|part| falls(&part.steps) > 0));
    }
    fallen
}

#[test]
fn what_falls_apart_is_searched_and_proven_piece_by_piece() {
    let shape = Shape { rows: 5, demand: 3, capacity: 4, value: 1_000, ..TINY };
    let fallen = agree(shape, Ruling { groups: 0, choices: 2, lots: 2, rivals: 0 }, 3, 0..2_000)
        + agree(shape, Ruling { groups: 0, choices: 1, lots: 3, rivals: 0 }, 4, 0..2_000)
        + agree(TINY, Ruling { groups: 1, choices: 2, lots: 2, rivals: 0 }, 4, 0..2_000);
    println!("{fallen} proofs fell apart");
    assert!(fallen > 60, "only {fallen} proofs fell apart: that shows little");
}

#[test]
fn a_larger_budget_never_proves_less_of_what_falls_apart() {
    let shape = Shape { rows: 16, columns: 6, density: 40, demand: 9, capacity: 12, value: 1_000 };
    let mut fallen = 0;
    for seed in 0..10 {
        let Joined { mixed, .. } =
            joined(shape, Ruling { groups: 2, choices: 3, lots: 2, rivals: 0 }, 5, seed);
        let (mut objective, mut bound) = (0, i128::MAX);
        for steps in [0, 300, 1_000, 1_700, 3_000, 6_000] {
            let found = search(&mixed, Budget { steps });
            let proved = check(&mixed, found).unwrap_or_else(|flaw| panic!("seed {seed}: {flaw}"));
            assert!(proved.objective >= objective && proved.bound() <= bound, "seed {seed}, {steps} steps");
            (objective, bound) = (proved.objective, proved.bound());
            fallen += proved.proof.parts.iter().map(|part| falls(&part.steps)).sum::<usize>();
        }
    }
    assert!(fallen > 0, "nothing fell apart");
}

#[test]
fn how_many_threads_there_are_changes_nothing() {
    let shape = Shape { rows: 16, columns: 6, density: 40, demand: 9, capacity: 12, value: 1_000 };
    let Joined { mixed, .. } = joined(shape, Ruling { groups: 2, choices: 3, lots: 2, rivals: 0 }, 5, 7);
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| search(&mixed, Budget { steps: 2_000 }))
    };
    let alone = with(1);
    assert_eq!(alone, with(2));
    assert_eq!(alone, with(7));
}
