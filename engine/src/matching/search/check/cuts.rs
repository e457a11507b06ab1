//! What a cut says, derived from the instance alone.
//!
//! Let `D` be what a member asks for the cut's rows, `y` 1 if it is served and 0 if not, and `s` what members get for these
//! rows from other columns and what the other rows do not get from these columns. The columns give no more than
//! they have, so `Σ D·y + Σ asked - s ≤ capacity`. Writing `D - D·(1 - y)` for members counted by what they leave gives
//! `Σ D·y - Σ D·(1 - y) ≤ b + s` with whole `y` and `1 - y`, and `s ≥ 0`. Mixed-integer rounding by `δ`, with
//! `g = b mod δ`, makes of it `Σ G(D)·y + Σ G(-D)·(1 - y) ≤ (δ - g)·⌊b / δ⌋ + s`, where
//! `G(d) = (δ - g)·⌊d / δ⌋ + max(0, d mod δ - g)`.
#![expect(clippy::indexing_slicing, reason = "places of columns are those of the ground's own capacities")]

use std::collections::{BTreeMap, BTreeSet};

use super::super::{Cut, Mixed, Rule};
use super::Ground;
use crate::matching::transport::Edge;

/// `Σ factor·y + Σ sign·flow ≤ most` over members served and over edges.
pub(super) struct Ruled {
    pub(super) factors: BTreeMap<(usize, usize), i128>,
    pub(super) edges: Vec<(usize, i128)>,
    pub(super) most: i128,
}

impl Ground {
    /// What the cut says, or `None` if it speaks of what is not here.
    pub(super) fn ruled(&self, mixed: &Mixed, cut: &Cut) -> Option<Ruled> {
        let ascending = |names: &[u32]| names.is_sorted_by(|one, next| one < next);
        if cut.divisor == 0 || !ascending(&cut.columns) || !ascending(&cut.rows) {
            return None;
        }
        let columns: BTreeSet<u32> = cut.columns.iter().copied().collect();
        let mut room = 0;
        for column in &columns {
            room += self.capacities[*self.columns.get(column)?];
        }
        let (mut edges, mut asked) = (Vec::new(), 0);
        let mut demands: BTreeMap<(usize, usize), i128> = BTreeMap::new();
        for row in &cut.rows {
            let (demand, offers) = self.rows.get(row)?;
            let inside = |edge: &Edge| columns.contains(&edge.column);
            if let Some(&(rule, member)) = self.members.get(row) {
                let Rule::Together { members, at_least } = &mixed.rules()[rule] else { return None };
                let together = *at_least == members.len();
                *demands.entry((rule, if together { 0 } else { member })).or_insert(0) += demand;
                let elsewhere = offers.iter().filter(|(_, edge, _)| !inside(edge));
                edges.extend(elsewhere.map(|(number, ..)| (*number, -1)));
            } else {
                asked += demand;
                let here = offers.iter().filter(|(_, edge, _)| inside(edge));
                edges.extend(here.map(|(number, ..)| (*number, 1)));
            }
        }
        let left: BTreeSet<(usize, usize)> = cut.left.iter().copied().collect();
        for member in &left {
            room -= demands.get(member)?;
        }
        room -= asked;
        let divisor = i128::from(cut.divisor);
        let rest = room.rem_euclid(divisor);
        let rounded = |units: i128| {
            (divisor - rest) * units.div_euclid(divisor) + (units.rem_euclid(divisor) - rest).max(0)
        };
        let mut most = (divisor - rest) * room.div_euclid(divisor) + asked;
        let mut factors = BTreeMap::new();
        for (member, demand) in demands {
            if left.contains(&member) {
                // The factor stands before 1 - y.
                most -= rounded(-demand);
                factors.insert(member, -rounded(-demand));
            } else {
                factors.insert(member, rounded(demand));
            }
        }
        Some(Ruled { factors, edges, most })
    }
}
