//! Where a flow falls short of what the prices promise.
//!
//! The bound less what the flow earns is a sum without a rest: what each row or group could earn at these prices
//! less what it does, what stays idle of each column at its price, and what stays free of each limit and cut at theirs.
#![expect(clippy::indexing_slicing, reason = "positions are those of the part, whose tables have one length")]

use super::{Ascent, Prices, Reading};

/// How much of the gap each row and column accounts for, and how far each edge is from being worth using.
#[derive(Debug)]
pub(in crate::matching::search) struct Regrets {
    /// Of rows, then of columns.
    pub(in crate::matching::search) nodes: Vec<i128>,
    /// What a row loses if it gets all it can along an edge rather than along its best; negative nowhere.
    pub(in crate::matching::search) losses: Vec<i128>,
    /// What a row loses at least if it gets all it can in another way than by its best edge.
    pub(in crate::matching::search) leaving: Vec<i128>,
    /// What is lost when a group is taken up rather than not, or the other way round.
    pub(in crate::matching::search) turning: Vec<i128>,
}

impl Ascent<'_> {
    /// The regrets of a flow at prices read just before.
    pub(in crate::matching::search) fn regrets(
        &self,
        prices: &Prices,
        reading: &Reading,
        units: &[i64],
    ) -> Regrets {
        let part = self.part;
        let rows = part.demands.len();
        let mut nodes = vec![0i128; rows + part.capacities.len()];
        let mut losses = vec![0i128; units.len()];
        let mut leaving = vec![0i128; rows];
        let mut idle = part.capacities.clone();
        for row in 0..rows {
            let left = |edge: usize| self.worth[edge] - prices.columns[part.columns[edge] as usize];
            let best = part.edges_of(row).map(left).max().unwrap_or(0);
            let best = if part.member_of[row].is_some() { best } else { best.max(0) };
            let mut earned = 0;
            for edge in part.edges_of(row) {
                let column = part.columns[edge] as usize;
                idle[column] -= units[edge];
                earned += i128::from(units[edge]) * i128::from(left(edge));
                let at_most = part.demands[row].min(part.capacities[column]);
                losses[edge] = i128::from(at_most) * i128::from(best - left(edge));
            }
            let others = part.edges_of(row).filter(|&edge| units[edge] == 0).map(|edge| losses[edge]);
            let unmet =
                part.member_of[row].is_none().then(|| i128::from(part.demands[row]) * i128::from(best));
            leaving[row] = others.chain(unmet).min().unwrap_or(i128::MAX);
            let (promised, _) = reading.row_best[row];
            let promised = match part.row_ways[row] {
                Some(way) if !reading.way_taken[way as usize] => 0,
                Some(_) | None => promised,
            };
            if part.member_of[row].is_none() {
                nodes[row] = promised - earned;
            } else if units[part.edges_of(row)].iter().any(|&units| units > 0) {
                nodes[row] = (promised - earned).max(0);
            }
        }
        let served = part.served(units);
        for (member, &served) in served.iter().enumerate() {
            if served != reading.taken[member] {
                let group = part.group_of(member);
                let worth = reading.member_worth[member].unwrap_or(0).abs();
                for &row in &group.members[member - group.first] {
                    nodes[row as usize] += worth;
                }
            }
        }
        for (column, &idle) in idle.iter().enumerate() {
            nodes[rows + column] = i128::from(idle) * i128::from(prices.columns[column]);
        }
        // What the rows of one way lack, those of another may have: they account for it together.
        for limit in part.limits.iter().filter(|limit| limit.divides_rows) {
            let mut rows: Vec<usize> = (limit.ways.iter().flat_map(|way| &way.edges))
                .map(|&edge| part.rows[edge as usize] as usize)
                .collect();
            rows.dedup();
            let lacking = rows.iter().map(|&row| nodes[row]).sum();
            rows.iter().for_each(|&row| nodes[row] = lacking);
        }
        for (limit, &price) in part.limits.iter().zip(&prices.limits).filter(|(_, price)| **price > 0) {
            let used = limit.ways.iter().map(|way| {
                let sent: i64 = way.edges.iter().map(|&edge| units[edge as usize]).sum();
                i128::from(sent.min(way.most)) * i128::from(price / way.most)
            });
            let free = limit.at_most as i128 * i128::from(price) - used.sum::<i128>();
            let mut edges = limit.ways.iter().flat_map(|way| &way.edges).map(|&edge| edge as usize);
            if let Some(first) = edges.next() {
                let row = part.rows[first];
                let of_one_row = edges.all(|edge| part.rows[edge] == row);
                let node = if of_one_row { row as usize } else { rows + part.columns[first] as usize };
                nodes[node] += free.max(0);
            }
        }
        let turning = part.groups.iter().map(|group| {
            let members = group.first..group.first + group.members.len();
            let worth = |member: usize| reading.member_worth[member].unwrap_or(i128::MIN / 4);
            if group.at_least == group.members.len() {
                members.map(worth).sum::<i128>().abs()
            } else {
                members.map(|member| worth(member).abs()).min().unwrap_or(0)
            }
        });
        let turning = turning.collect();
        Regrets { nodes, losses, leaving, turning }
    }
}
