//! What one row earns by itself at given prices.
#![expect(clippy::indexing_slicing, reason = "positions are those of the part, whose tables have one length")]

use std::cmp::Reverse;

use super::{Ascent, CLOSED, Prices};
use crate::matching::search::part::Part;

/// Rows that ask for more lots than this are bounded as if lots could be split: there would be too many sums.
const WHOLE_LOTS_MAX: i64 = 16;

impl Ascent<'_> {
    /// What a row earns at most, and the edge it earns it by ([`u32::MAX`]: none, or several).
    pub(super) fn best(&mut self, row: usize, prices: &Prices, full: bool) -> (i128, u32) {
        let part = self.part;
        if self.fixings.bounded[row] {
            return (self.fill(row, prices, full, |_, _| ()), u32::MAX);
        }
        let (mut best, mut by) = (if full { CLOSED / 2 } else { 0 }, u32::MAX);
        for edge in part.edges_of(row) {
            let left = self.worth[edge] - prices.columns[part.columns[edge] as usize];
            if left > best {
                (best, by) = (left, edge as u32);
            }
        }
        if full && by == u32::MAX && part.demands[row] > 0 {
            return (i128::MIN, by);
        }
        (i128::from(part.demands[row]) * i128::from(best), by)
    }

    /// The same for a row some of whose edges have bounds of their own. `i128::MIN` if it cannot be done. Tells each edge
    /// and its units.
    pub(super) fn fill(
        &mut self,
        row: usize,
        prices: &Prices,
        full: bool,
        tell: impl FnMut(usize, i64),
    ) -> i128 {
        let part = self.part;
        if part.sole[row] {
            return self.fill_from_one(row, prices, full, tell);
        }
        let left =
            |&edge: &u32| self.worth[edge as usize] - prices.columns[part.columns[edge as usize] as usize];
        let mut order = std::mem::take(&mut self.order);
        order.clear();
        order.extend(
            (part.edges_of(row)).filter(|&edge| !self.fixings.is_closed(edge)).map(|edge| edge as u32),
        );
        order.sort_unstable_by_key(|edge| (Reverse(left(edge)), *edge));
        let lots = order.iter().map(|&edge| part.lots[edge as usize]).filter(|&lot| lot > 1);
        let in_sums = lots.clone().count() > 1
            && lots.min().is_some_and(|lot| part.demands[row] / lot <= WHOLE_LOTS_MAX);
        let (least, most) = (&self.fixings.least, &self.fixings.most);
        let offers = order.iter().map(|edge| (*edge as usize, left(edge)));
        let earned = if in_sums {
            whole_lots(part, row, full, &offers.collect::<Vec<_>>(), least, most, tell)
        } else {
            pour(part.demands[row], full, offers, least, most, tell)
        };
        self.order = order;
        earned
    }

    /// The same where one edge may serve the row at most.
    fn fill_from_one(
        &self,
        row: usize,
        prices: &Prices,
        full: bool,
        mut tell: impl FnMut(usize, i64),
    ) -> i128 {
        let (part, fixings) = (self.part, self.fixings);
        let demand = part.demands[row];
        let mut best = if full && demand > 0 { None } else { Some((0, Reverse(usize::MAX), 0)) };
        let mut forced = false;
        for edge in part.edges_of(row).filter(|&edge| !fixings.is_closed(edge)) {
            let (least, most) = (fixings.least[edge], fixings.most[edge].min(demand));
            if least > 0 && std::mem::replace(&mut forced, true) {
                return i128::MIN;
            }
            if least > 0 {
                best = None;
            } else if forced {
                continue;
            }
            let left = self.worth[edge] - prices.columns[part.columns[edge] as usize];
            let units = if full || left > 0 { most } else { least };
            if !full || most == demand {
                best = best.max(Some((i128::from(units) * i128::from(left), Reverse(edge), units)));
            }
        }
        let Some((earned, Reverse(edge), units)) = best else { return i128::MIN };
        if units > 0 {
            tell(edge, units);
        }
        earned
    }
}

/// The best a row that asks for so much can earn from edges of falling worth, if each may carry any number of units
/// between its bounds.
fn pour(
    demand: i64,
    full: bool,
    offers: impl Iterator<Item = (usize, i64)> + Clone,
    least: &[i64],
    most: &[i64],
    mut tell: impl FnMut(usize, i64),
) -> i128 {
    let mut wanted = demand;
    let mut earned = 0;
    for (edge, worth) in offers.clone().filter(|&(edge, _)| least[edge] > 0) {
        earned += i128::from(least[edge]) * i128::from(worth);
        wanted -= least[edge];
        tell(edge, least[edge]);
    }
    for (edge, worth) in offers {
        if wanted <= 0 || (worth <= 0 && !full) {
            break;
        }
        let units = (most[edge] - least[edge]).min(wanted);
        earned += i128::from(units) * i128::from(worth);
        wanted -= units;
        tell(edge, units);
    }
    if full && wanted > 0 { i128::MIN } else { earned }
}

/// The same if edges in lots carry whole lots: every sum of lots, and the best of the rest.
fn whole_lots(
    part: &Part,
    row: usize,
    full: bool,
    offers: &[(usize, i64)],
    least: &[i64],
    most: &[i64],
    mut tell: impl FnMut(usize, i64),
) -> i128 {
    let demand = part.demands[row];
    let lots = offers.iter().copied().filter(|&(edge, _)| part.lots[edge] > 1);
    let others = offers.iter().copied().filter(|&(edge, _)| part.lots[edge] == 1);
    // Units sent so far, what they earn, where they came from, units along the last edge.
    let mut layers: Vec<Vec<(i64, i128, usize, i64)>> = vec![vec![(0, 0, 0, 0)]];
    for (edge, worth) in lots.clone() {
        let mut next = Vec::new();
        for (from, &(units, earned, ..)) in layers.last().into_iter().flatten().enumerate() {
            let mut sent = least[edge];
            while sent <= most[edge].min(demand - units) {
                next.push((units + sent, earned + i128::from(sent) * i128::from(worth), from, sent));
                sent += part.lots[edge];
            }
        }
        next.sort_unstable_by_key(|&(units, earned, from, _)| (units, Reverse(earned), from));
        next.dedup_by_key(|&mut (units, ..)| units);
        layers.push(next);
    }
    let ends = layers.last().into_iter().flatten().enumerate();
    let ends = ends.filter_map(|(end, &(units, earned, ..))| {
        let rest = pour(demand - units, full, others.clone(), least, most, |_, _| ());
        (rest != i128::MIN).then(|| (earned + rest, Reverse(end)))
    });
    let Some((earned, Reverse(mut end))) = ends.max() else { return i128::MIN };
    let mut left = demand;
    for (layer, (edge, _)) in layers[1..].iter().zip(lots.collect::<Vec<_>>()).rev() {
        let (_, _, from, sent) = layer[end];
        if sent > 0 {
            tell(edge, sent);
        }
        left -= sent;
        end = from;
    }
    pour(left, full, others, least, most, tell);
    earned
}
