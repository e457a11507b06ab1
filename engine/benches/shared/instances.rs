//! The instances that the benches of the solver draw, and the edits.
//!
//! Three sizes, about 20 edges a row: S is a busy community (100 rows, 80 columns), M a street (2,000 × 1,500), L a
//! district (20,000 × 15,000), XL a large city (200,000 × 150,000). Two temperaments: in *ample* instances demand is 1–40,
//! capacity 1–100 and values are drawn apart, 1–1,000,000; in *scarce* ones capacity is 1–50, less than is asked for, and a
//! value is the product of a row's weight and nearly a column's, so that all want the same and long chains of displacement
//! decide. *Territorial* means that a row's columns lie near its own place in the numbering, *random* that they lie anywhere.

use engine::matching::transport::{Edge, Transport};

/// An instance to be solved, and whether the baseline can be asked to.
pub struct Case {
    pub name: &'static str,
    pub rows: u64,
    pub columns: u64,
    pub scarce: bool,
    pub territorial: bool,
    pub baseline: bool,
}

const fn case(
    name: &'static str,
    (rows, columns): (u64, u64),
    scarce: bool,
    territorial: bool,
    baseline: bool,
) -> Case {
    Case { name, rows, columns, scarce, territorial, baseline }
}

const S: (u64, u64) = (100, 80);
pub const M: (u64, u64) = (2_000, 1_500);
const L: (u64, u64) = (20_000, 15_000);
const XL: (u64, u64) = (200_000, 150_000);

pub const CASES: [Case; 7] = [
    case("S ample random", S, false, false, true),
    case("S scarce random", S, true, false, true),
    case("M ample territorial", M, false, true, true),
    case("M scarce territorial", M, true, true, true),
    case("L ample territorial", L, false, true, true),
    case("L scarce territorial", L, true, true, false),
    case("L scarce random", L, true, false, false),
];

pub const XL_CASES: [Case; 3] = [
    case("XL ample territorial", XL, false, true, false),
    case("XL ample random", XL, false, false, false),
    case("XL scarce territorial", XL, true, true, false),
];

const SEED: u64 = 20_240_607;

/// SplitMix64.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((u128::from(mixed ^ (mixed >> 31)) * u128::from(end)) >> 64) as u64
    }
}

pub fn draw(case: &Case) -> Transport {
    let mut dice = Dice(SEED);
    let capacity = if case.scarce { 50 } else { 100 };
    let demands: Vec<u64> = (0..case.rows).map(|_| 1 + dice.below(40)).collect();
    let capacities: Vec<u64> = (0..case.columns).map(|_| 1 + dice.below(capacity)).collect();
    let row_weights: Vec<u64> = demands.iter().map(|_| 100 + dice.below(900)).collect();
    let column_weights: Vec<u64> = capacities.iter().map(|_| 100 + dice.below(900)).collect();
    let reach = (case.columns / 2).min(100);
    let mut edges = Vec::new();
    for (row, row_weight) in row_weights.iter().enumerate() {
        let mut columns: Vec<u64> = (0..20)
            .map(|_| {
                if case.territorial {
                    let here = row as u64 * case.columns / case.rows;
                    (here + case.columns - reach + dice.below(2 * reach)) % case.columns
                } else {
                    dice.below(case.columns)
                }
            })
            .collect();
        columns.sort_unstable();
        columns.dedup();
        for column in columns {
            let value = if case.scarce {
                row_weight * (column_weights[column as usize] + dice.below(100))
            } else {
                1 + dice.below(1_000_000)
            };
            edges.push(Edge { row: row as u32, column: column as u32, value: value as i64 });
        }
    }
    Transport::new(&demands, &capacities, edges).unwrap()
}
