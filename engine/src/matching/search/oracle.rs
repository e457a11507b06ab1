//! The slow, obvious twin of the search: it tries every flow. Test code only; every random case is named by its seed.

use super::{Budget, Cut, LeafPrices, Mixed, Rule, Step, check, search};
use crate::matching::oracle::{Shape, SplitMix64, random};
use crate::matching::transport::{Edge, Transport};

/// Which rules a random instance has.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ruling {
    pub(super) groups: u64,
    pub(super) choices: u64,
    pub(super) lots: u64,
    /// Groups of which some members are rivals.
    pub(super) rivals: u64,
}

/// Rules drawn for an instance: groups of rows, single and several to a member, all or some; choices of every kind the
/// constructors make and of edges picked at random; lots.
pub(super) fn ruled(base: Transport, ruling: Ruling, dice: &mut SplitMix64) -> Mixed {
    let demands: Vec<u64> = base.demands().collect();
    let mut rows: Vec<u32> = (0..base.row_count() as u32).filter(|&row| demands[row as usize] > 0).collect();
    for place in (1..rows.len()).rev() {
        rows.swap(place, dice.below(place as u64 + 1) as usize);
    }
    let mut rules = Vec::new();
    for _ in 0..ruling.groups {
        let mut members = Vec::new();
        for _ in 0..=dice.below(3) {
            let take = rows.len().min(1 + dice.below(2) as usize);
            let member = rows.split_off(rows.len() - take);
            if !member.is_empty() {
                members.push(member);
            }
        }
        if !members.is_empty() {
            let at_least = 1 + dice.below(members.len() as u64) as usize;
            rules.push(Rule::Together { members, at_least });
        }
    }
    let all: Vec<u32> = (0..base.row_count() as u32).collect();
    let pick = |dice: &mut SplitMix64, end: usize| -> Vec<u32> {
        (0..end as u32).filter(|_| dice.below(2) == 0).collect()
    };
    for _ in 0..ruling.choices {
        let at_most = dice.below(3) as usize;
        rules.push(match dice.below(5) {
            0 => Rule::providers(&base, &pick(dice, base.row_count()), at_most),
            1 => {
                let columns = pick(dice, base.column_count());
                let needs: Vec<Vec<u32>> =
                    all.chunks(1 + dice.below(2) as usize).map(<[u32]>::to_vec).collect();
                Rule::pairings(&base, &columns, &needs, at_most)
            }
            2 => {
                let split = dice.below(all.len() as u64 + 1) as usize;
                Rule::one_of(&base, &[all[..split].to_vec(), all[split..].to_vec()])
            }
            3 => {
                // As it is where a need could be shared out or taken up whole: a few of the rows, the others free.
                let (first, second) = (pick(dice, all.len()), pick(dice, all.len()));
                let second = second.into_iter().filter(|row| !first.contains(row)).collect();
                Rule::one_of(&base, &[first, second])
            }
            _ => {
                let mut ways = vec![Vec::new(); 3];
                for edge in 0..base.edge_count() {
                    if let Some(way) = ways.get_mut(dice.below(4) as usize) {
                        way.push(edge);
                    }
                }
                Rule::Choice { ways, at_most }
            }
        });
    }
    // As it is where a slot could be shared out or taken up whole: two members of a group, of which one is served.
    let group = |rule: &Rule| match rule {
        Rule::Together { members, .. } if members.len() > 1 => Some(members.clone()),
        Rule::Together { .. } | Rule::Choice { .. } | Rule::Lots { .. } => None,
    };
    let groups: Vec<Vec<Vec<u32>>> = rules.iter().filter_map(group).collect();
    for mut members in groups.into_iter().take(ruling.rivals as usize) {
        let first = dice.below(members.len() as u64 - 1) as usize;
        rules.push(Rule::one_of(&base, &members.drain(first..first + 2).collect::<Vec<_>>()));
    }
    let mut columns: Vec<u32> = (0..base.column_count() as u32).collect();
    for _ in 0..ruling.lots {
        if !columns.is_empty() {
            let column = columns.swap_remove(dice.below(columns.len() as u64) as usize);
            rules.push(Rule::Lots { column, lot: 1 + dice.below(3) });
        }
    }
    Mixed::new(base, rules).unwrap()
}

/// The best total value, by trying every flow.
fn enumeration(mixed: &Mixed) -> i128 {
    enumeration_where(mixed, |_| true).unwrap_or(0)
}

/// The best total value of the flows that leave this unmet of each row. `None`: there are none.
pub(super) fn enumeration_where(mixed: &Mixed, accepted: impl Fn(&[u64]) -> bool) -> Option<i128> {
    struct Trial<'a, F> {
        mixed: &'a Mixed,
        accepted: F,
        edges: Vec<Edge>,
        demands: Vec<u64>,
        unmet: Vec<u64>,
        idle: Vec<u64>,
        flows: Vec<u64>,
        best: Option<i128>,
    }
    impl<F: Fn(&[u64]) -> bool> Trial<'_, F> {
        fn from(&mut self, edge: usize, value: i128) {
            let Some(&Edge { row, column, value: worth }) = self.edges.get(edge) else {
                if Some(value) > self.best && self.keeps_rules() && (self.accepted)(&self.unmet) {
                    self.best = Some(value);
                }
                return;
            };
            let (row, column) = (row as usize, column as usize);
            for flow in 0..=self.unmet[row].min(self.idle[column]) {
                self.flows[edge] = flow;
                self.unmet[row] -= flow;
                self.idle[column] -= flow;
                self.from(edge + 1, value + i128::from(worth) * i128::from(flow));
                self.unmet[row] += flow;
                self.idle[column] += flow;
            }
            self.flows[edge] = 0;
        }

        fn keeps_rules(&self) -> bool {
            self.mixed.rules().iter().all(|rule| match rule {
                Rule::Together { members, at_least } => {
                    let mut served = 0;
                    for rows in members {
                        let full = rows.iter().all(|&row| self.unmet[row as usize] == 0);
                        let empty =
                            rows.iter().all(|&row| self.unmet[row as usize] == self.demands[row as usize]);
                        if !full && !empty {
                            return false;
                        }
                        served += usize::from(full);
                    }
                    served == 0 || served >= *at_least
                }
                Rule::Choice { ways, at_most } => {
                    let mut used = 0;
                    for way in ways {
                        used += usize::from(way.iter().any(|&edge| self.flows[edge] != 0));
                    }
                    used <= *at_most
                }
                Rule::Lots { column, lot } => {
                    let given = self.edges.iter().zip(&self.flows);
                    given.filter(|(edge, _)| edge.column == *column).all(|(_, &flow)| flow % lot == 0)
                }
            })
        }
    }
    let demands: Vec<u64> = mixed.base().demands().collect();
    let mut trial = Trial {
        mixed,
        accepted,
        edges: mixed.base().edges().collect(),
        unmet: demands.clone(),
        demands,
        idle: mixed.base().capacities().collect(),
        flows: vec![0; mixed.base().edge_count()],
        best: None,
    };
    trial.from(0, 0);
    trial.best
}

pub(super) const TINY: Shape = Shape { rows: 4, columns: 3, density: 60, demand: 2, capacity: 3, value: 9 };

pub(super) fn case(shape: Shape, ruling: Ruling, seed: u64) -> Mixed {
    ruled(random(shape, seed), ruling, &mut SplitMix64(seed ^ 0x5EED))
}

fn agree(shape: Shape, ruling: Ruling, seeds: std::ops::Range<u64>) {
    for seed in seeds {
        let mixed = case(shape, ruling, seed);
        let found = search(&mixed, Budget::UNLIMITED);
        let proved = check(&mixed, found).unwrap_or_else(|flaw| panic!("{ruling:?}, seed {seed}: {flaw}"));
        assert_eq!((proved.objective, proved.gap()), (enumeration(&mixed), 0), "{ruling:?}, seed {seed}");
    }
}

#[test]
fn the_search_agrees_with_enumeration_on_groups() {
    agree(TINY, Ruling { groups: 1, choices: 0, lots: 0, rivals: 0 }, 0..3_000);
    agree(TINY, Ruling { groups: 3, choices: 0, lots: 0, rivals: 0 }, 0..3_000);
}

#[test]
fn the_search_agrees_with_enumeration_on_choices() {
    agree(TINY, Ruling { groups: 0, choices: 1, lots: 0, rivals: 0 }, 0..3_000);
    agree(TINY, Ruling { groups: 0, choices: 3, lots: 0, rivals: 0 }, 0..3_000);
}

#[test]
fn the_search_agrees_with_enumeration_on_rivals() {
    agree(TINY, Ruling { groups: 1, choices: 0, lots: 0, rivals: 1 }, 0..3_000);
    agree(TINY, Ruling { groups: 2, choices: 0, lots: 1, rivals: 2 }, 0..3_000);
    agree(TINY, Ruling { groups: 2, choices: 1, lots: 0, rivals: 2 }, 0..3_000);
}

#[test]
fn the_search_agrees_with_enumeration_on_lots() {
    let shape = Shape { demand: 4, capacity: 5, rows: 3, ..TINY };
    agree(shape, Ruling { groups: 0, choices: 0, lots: 2, rivals: 0 }, 0..3_000);
}

#[test]
fn the_search_agrees_with_enumeration_on_all_rules_at_once() {
    agree(TINY, Ruling { groups: 2, choices: 1, lots: 1, rivals: 0 }, 0..4_000);
    agree(TINY, Ruling { groups: 1, choices: 2, lots: 2, rivals: 0 }, 0..4_000);
}

#[test]
fn a_larger_budget_never_finds_less_and_never_proves_less() {
    let shape = Shape { rows: 40, columns: 14, density: 40, demand: 9, capacity: 12, value: 1_000 };
    let ruling = Ruling { groups: 9, choices: 2, lots: 1, rivals: 0 };
    let mut unfinished = 0;
    for seed in 0..12 {
        let mixed = case(shape, ruling, seed);
        let (mut objective, mut bound) = (0, i128::MAX);
        for steps in [0, 500, 1_000, 2_000, 4_000] {
            let found = search(&mixed, Budget { steps });
            assert_eq!(found, search(&mixed, Budget { steps }), "seed {seed}: the same twice");
            let proved = check(&mixed, found).unwrap_or_else(|flaw| panic!("seed {seed}: {flaw}"));
            assert!(proved.objective >= objective && proved.bound() <= bound, "seed {seed}, {steps} steps");
            assert!(proved.objective <= proved.bound(), "seed {seed}, {steps} steps");
            (objective, bound) = (proved.objective, proved.bound());
            unfinished += usize::from(steps == 0 && proved.gap() > 0);
        }
    }
    assert!(unfinished > 0, "no case was hard enough to show anything");
}

/// Any cut at all over a part, sensible or not: what the certificate makes of it has to hold for every flow.
fn any_cut(mixed: &Mixed, columns: &[u32], rows: &[u32], dice: &mut SplitMix64) -> Cut {
    let mut some =
        |names: &[u32]| -> Vec<u32> { names.iter().copied().filter(|_| dice.below(3) > 0).collect() };
    let (columns, rows) = (some(columns), some(rows));
    let mut left = Vec::new();
    for (rule, stated) in mixed.rules().iter().enumerate() {
        let Rule::Together { members, at_least } = stated else { continue };
        for (member, of_member) in members.iter().enumerate() {
            let together = *at_least == members.len();
            let mut here = members.iter().flatten().filter(|_| together).chain(of_member);
            let named = here.any(|row| rows.contains(row));
            if named && (!together || member == 0) && dice.below(2) == 0 {
                left.push((rule, member));
            }
        }
    }
    Cut { columns, rows, divisor: 1 + dice.below(4), left }
}

#[test]
fn no_cut_forbids_what_the_rules_allow() {
    let mut tight = 0;
    for seed in 0..3_000 {
        let mixed = case(TINY, Ruling { groups: 2, choices: 0, lots: 1, rivals: 0 }, seed);
        let mut found = search(&mixed, Budget::UNLIMITED);
        let best = found.objective;
        let dice = &mut SplitMix64(seed ^ 0xC07);
        for (number, part) in (0u32..).zip(&mut found.proof.parts).skip(1) {
            let named = |parts: &[u32]| -> Vec<u32> {
                (0u32..).zip(parts).filter(|(_, of)| **of == number).map(|(name, _)| name).collect()
            };
            let (columns, rows) = (named(&found.proof.column_parts), named(&found.proof.row_parts));
            let prices = &part.prices[0];
            let columns_priced = prices.columns.iter().map(|price| price * dice.below(2) as i64).collect();
            let rules = prices.rules.clone();
            part.cuts = (0..2).map(|_| any_cut(&mixed, &columns, &rows, dice)).collect();
            let cuts = (0..2).map(|_| dice.below(6) as i64).collect();
            part.prices = vec![LeafPrices { columns: columns_priced, rules, cuts }];
            part.steps = vec![Step::Leaf(0)];
        }
        found.bound = 1 << 40;
        let proved = check(&mixed, found).unwrap_or_else(|flaw| panic!("seed {seed}: {flaw}"));
        assert!(proved.bound() >= best, "seed {seed}");
        tight += usize::from(proved.gap() == 0);
    }
    assert!(tight > 100, "{tight} bounds were tight: cuts that forbid too much would not show");
}
