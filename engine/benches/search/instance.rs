//! Instances with rules, drawn from seeds and written down. Shared by the bench and by the comparison with others.

use std::fmt::Write as _;

use engine::matching::search::{Mixed, Rule};
use engine::matching::transport::{Edge, Transport};

/// How an instance is drawn, and how many steps are allowed.
pub struct Case {
    pub name: &'static str,
    pub needs: u32,
    pub resources: u32,
    pub projects: u32,
    /// The most a row asks for; a column gives 1–100.
    pub demand: u64,
    pub seeds: u64,
    pub street: bool,
    pub mixture: Mixture,
    pub steps: u64,
}

/// Rules beside the projects.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mixture {
    None,
    /// Every fourth need could be taken up whole instead, by units with one to three engagements each, one unit to four
    /// resources.
    Ways,
    /// Every tenth resource serves two needs at most.
    Caps,
    /// Every fifth need wants one provider besides, and every tenth resource comes in lots of 5.
    All,
}

/// Categories and communities of a street.
const CATEGORIES: u64 = 12;
const COMMUNITIES: u64 = 8;

/// SplitMix64.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((u128::from(mixed ^ (mixed >> 31)) * u128::from(end)) >> 64) as u64
    }
}

/// The instance of that case and seed.
pub fn draw(case: &Case, seed: u64) -> Mixed {
    let mut dice = Dice(seed);
    let mut slots = Vec::new();
    let mut rows = case.needs;
    for _ in 0..case.projects {
        let size = 3 + dice.below(5) as u32;
        slots.push((rows..rows + size).collect::<Vec<u32>>());
        rows += size;
    }
    let mut demands: Vec<u64> = (0..rows).map(|_| 1 + dice.below(case.demand)).collect();
    let mut capacities: Vec<u64> = (0..case.resources).map(|_| 1 + dice.below(100)).collect();
    let mut edges =
        if case.street { street(case, &slots, &demands, &mut dice) } else { tangle(case, rows, &mut dice) };
    let whole: Vec<(u32, u32)> = match case.mixture {
        Mixture::Ways => (0..case.needs).step_by(4).zip(rows..).collect(),
        Mixture::None | Mixture::Caps | Mixture::All => Vec::new(),
    };
    if !whole.is_empty() {
        demands.resize(demands.len() + whole.len(), 1);
        capacities.extend((0..case.resources / 4).map(|_| 1 + dice.below(3)));
        edges.extend(engagements(&whole, case.resources..capacities.len() as u32, &mut dice));
    }
    let base = Transport::new(&demands, &capacities, edges).unwrap();
    let mut rules: Vec<Rule> = slots.iter().map(|rows| Rule::all_or_nothing(rows)).collect();
    if case.mixture == Mixture::All {
        rules.extend((0..case.needs).step_by(5).map(|row| Rule::providers(&base, &[row], 1)));
    }
    rules.extend(whole.iter().map(|&(need, row)| Rule::one_of(&base, &[vec![need], vec![row]])));
    if matches!(case.mixture, Mixture::Caps | Mixture::All) {
        let needs: Vec<Vec<u32>> = (0..case.needs).map(|row| vec![row]).collect();
        let capped = (0..case.resources).step_by(10);
        rules.extend(capped.map(|column| Rule::pairings(&base, &[column], &needs, 2)));
    }
    if case.mixture == Mixture::All {
        rules.extend((5..case.resources).step_by(10).map(|column| Rule::Lots { column, lot: 5 }));
    }
    Mixed::new(base, rules).unwrap()
}

/// About 20 edges a row to anywhere, worth 1–1,000,000: no structure for a search to hold on to.
fn tangle(case: &Case, rows: u32, dice: &mut Dice) -> Vec<Edge> {
    let mut edges = Vec::new();
    for row in 0..rows {
        let mut columns: Vec<u32> = (0..20).map(|_| dice.below(u64::from(case.resources)) as u32).collect();
        columns.sort_unstable();
        columns.dedup();
        for column in columns {
            edges.push(Edge { row, column, value: 1 + dice.below(1_000_000) as i64 });
        }
    }
    edges
}

/// A row has a category and a community (the slots of a project share the community) and a weight; a resource has both
/// as well, and every third serves the whole street. A unit is worth weight × fit ÷ demand: a need met counts the same
/// however much it asks for.
fn street(case: &Case, slots: &[Vec<u32>], demands: &[u64], dice: &mut Dice) -> Vec<Edge> {
    let resources: Vec<(u64, u64, bool)> = (0..case.resources)
        .map(|_| (dice.below(CATEGORIES), dice.below(COMMUNITIES), dice.below(3) == 0))
        .collect();
    let mut homes: Vec<u64> = (0..case.needs).map(|_| dice.below(COMMUNITIES)).collect();
    for rows in slots {
        let home = dice.below(COMMUNITIES);
        homes.extend(rows.iter().map(|_| home));
    }
    let mut edges = Vec::new();
    for ((row, home), demand) in (0..).zip(homes).zip(demands) {
        let category = dice.below(CATEGORIES);
        let weight = 1_000 + dice.below(2_200);
        for (column, &(offered, place, everywhere)) in (0..).zip(&resources) {
            if offered == category && (place == home || everywhere) {
                let fit = 400 + dice.below(600);
                let value = (weight * fit * 1_000 / demand).max(1) as i64;
                edges.push(Edge { row, column, value });
            }
        }
    }
    edges
}

/// One unit in six could take up any of these needs as a whole.
fn engagements(whole: &[(u32, u32)], units: std::ops::Range<u32>, dice: &mut Dice) -> Vec<Edge> {
    let mut edges = Vec::new();
    for &(_, row) in whole {
        let weight = 1_000 + dice.below(2_200);
        for column in units.clone() {
            if dice.below(6) == 0 {
                let fit = 400 + dice.below(600);
                edges.push(Edge { row, column, value: (weight * fit * 1_000) as i64 });
            }
        }
    }
    edges
}

/// Plain text: a line per thing, its kind first.
pub fn written(mixed: &Mixed) -> String {
    let mut text = String::new();
    let line = |text: &mut String, kind: &str, numbers: &[u64]| {
        text.push_str(kind);
        for number in numbers {
            write!(text, " {number}").unwrap();
        }
        text.push('\n');
    };
    let wide = |rows: &[u32]| rows.iter().map(|&row| u64::from(row)).collect::<Vec<u64>>();
    line(&mut text, "demands", &mixed.base().demands().collect::<Vec<_>>());
    line(&mut text, "capacities", &mixed.base().capacities().collect::<Vec<_>>());
    for edge in mixed.base().edges() {
        line(&mut text, "edge", &[u64::from(edge.row), u64::from(edge.column), edge.value as u64]);
    }
    for rule in mixed.rules() {
        match rule {
            Rule::Together { members, at_least } => {
                line(&mut text, "together", &[*at_least as u64]);
                members.iter().for_each(|rows| line(&mut text, "member", &wide(rows)));
            }
            Rule::Choice { ways, at_most } => {
                line(&mut text, "choice", &[*at_most as u64]);
                for edges in ways {
                    line(&mut text, "way", &edges.iter().map(|&edge| edge as u64).collect::<Vec<_>>());
                }
            }
            Rule::Lots { column, lot } => line(&mut text, "lots", &[u64::from(*column), *lot]),
        }
    }
    text
}
