//! A tree as its proof will tell it, in a part's own numbering: what a small part's tree says is put into the words of the
//! part it was cut out of.
#![expect(clippy::indexing_slicing, reason = "places are those the trees and their parts gave themselves")]

use super::Decision;
use super::part::Part;
use super::prices::Prices;

/// A node, as [`super::Step`] has it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Mark {
    Ask(Decision),
    Leaf(u32),
    Apart(u32),
}

/// Which piece each row and each column of a part is in.
#[derive(Debug, Clone, Default)]
pub(super) struct Labels {
    pub(super) rows: Vec<u32>,
    pub(super) columns: Vec<u32>,
    pub(super) count: u32,
}

/// A tree in preorder, and what its leaves and falls refer to.
#[derive(Debug, Clone, Default)]
pub(super) struct Outline {
    pub(super) marks: Vec<Mark>,
    pub(super) prices: Vec<Prices>,
    pub(super) falls: Vec<Labels>,
}

impl Outline {
    /// One leaf.
    pub(super) fn leaf(prices: Prices) -> Outline {
        Outline { marks: vec![Mark::Leaf(0)], prices: vec![prices], falls: Vec::new() }
    }

    /// Tells another tree of the same part from here on.
    pub(super) fn append(&mut self, other: &Outline) {
        let (prices, falls) = (self.prices.len() as u32, self.falls.len() as u32);
        self.marks.extend(other.marks.iter().map(|&mark| match mark {
            Mark::Ask(decision) => Mark::Ask(decision),
            Mark::Leaf(place) => Mark::Leaf(prices + place),
            Mark::Apart(place) => Mark::Apart(falls + place),
        }));
        self.prices.extend(other.prices.iter().cloned());
        self.falls.extend(other.falls.iter().cloned());
    }

    /// The same in the numbering of the part that the small one was cut out of. What is not in the small one costs nothing.
    pub(super) fn lifted(self, small: &Part, part: &Part) -> Outline {
        let decision = |decision| match decision {
            Decision::Member { member } => Decision::Member { member: small.member_names[member as usize] },
            Decision::Way { way } => Decision::Way { way: small.way_names[way as usize] },
            Decision::Multiples { edge, lots } => {
                Decision::Multiples { edge: small.edge_names[edge as usize] as u32, lots }
            }
        };
        let marks = self.marks.into_iter().map(|mark| match mark {
            Mark::Ask(asked) => Mark::Ask(decision(asked)),
            Mark::Leaf(_) | Mark::Apart(_) => mark,
        });
        let prices = self.prices.into_iter().map(|prices| Prices {
            columns: placed(&small.column_names, &prices.columns, part.capacities.len()),
            limits: {
                let limits = small.limits.iter().map(|limit| limit.rule as u32).collect::<Vec<u32>>();
                placed(&limits, &prices.limits, part.limits.len())
            },
            cuts: Vec::new(),
        });
        let falls = self.falls.into_iter().map(|labels| Labels {
            rows: placed(&small.row_names, &labels.rows, part.demands.len()),
            columns: placed(&small.column_names, &labels.columns, part.capacities.len()),
            count: labels.count,
        });
        Outline { marks: marks.collect(), prices: prices.collect(), falls: falls.collect() }
    }
}

fn placed<T: Copy + Default>(names: &[u32], values: &[T], count: usize) -> Vec<T> {
    let mut all = vec![T::default(); count];
    for (&name, &value) in names.iter().zip(values) {
        all[name as usize] = value;
    }
    all
}
