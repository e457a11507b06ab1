//! What a decision would come to, before it is taken: the bounds on both sides of it at the prices of now.
#![expect(clippy::indexing_slicing, reason = "positions are those of the part, whose tables have one length")]

use super::{Ascent, CLOSED, Prices, Reading, take};
use crate::matching::search::fixings::{Fixed, Fixings};
use crate::matching::search::part::{Limit, Part};

/// The bounds on both sides of a decision about a member, if nothing changes but that.
pub(in crate::matching::search) fn sides(
    part: &Part,
    fixings: &Fixings,
    reading: &Reading,
    member: usize,
    bound: i128,
) -> [Option<i128>; 2] {
    let group = part.group_of(member);
    let members = group.first..group.first + group.members.len();
    let fixed = &fixings.members[members.clone()];
    let (worth, rivals) = (&reading.member_worth[members.clone()], &part.rivals[members]);
    let mut taken = vec![false; fixed.len()];
    let now = take(group.at_least, |place| fixed[place], worth, rivals, &mut taken);
    [Fixed::Yes, Fixed::No].map(|decided| {
        let changed = |place: usize| if group.first + place == member { decided } else { fixed[place] };
        let then = take(group.at_least, changed, worth, rivals, &mut taken);
        now.zip(then).map(|(now, then)| bound - now + then)
    })
}

/// The bounds on both sides of a decision about a way of whole rows, if nothing changes but that.
pub(in crate::matching::search) fn divided_sides(
    limit: &Limit,
    reading: &Reading,
    way: usize,
    bound: i128,
) -> [i128; 2] {
    let ways = limit.first..limit.first + limit.ways.len();
    let others = ways.filter(|&other| other != way).map(|other| reading.way_worth[other]);
    let (here, others) = (reading.way_worth[way].max(0), others.fold(0, i128::max));
    [bound - here.max(others) + here, bound - here.max(others) + others]
}

impl Ascent<'_> {
    /// The bounds on both sides of a decision about a way, if nothing changes but that; at prices read just before.
    pub(in crate::matching::search) fn way_sides(
        &mut self,
        prices: &Prices,
        reading: &Reading,
        way: usize,
    ) -> [Option<i128>; 2] {
        let Some(bound) = reading.bound else { return [None; 2] };
        let part = self.part;
        let number = part.way_limits[way] as usize;
        let limit = &part.limits[number];
        let at = &limit.ways[way - limit.first];
        if limit.divides_rows {
            return divided_sides(limit, reading, way, bound).map(Some);
        }
        let is_open = |edge: &&u32| {
            let member = part.member_of[part.rows[**edge as usize] as usize];
            member.is_some_and(|(_, member)| self.fixings.members[member as usize] == Fixed::Open)
        };
        let is_divided = |edge: &u32| part.row_ways[part.rows[*edge as usize] as usize].is_some();
        if !at.pays_once || at.edges.iter().any(|edge| is_open(&edge) || is_divided(edge)) {
            return [Some(bound); 2];
        }
        let price = prices.limits[number];
        let last = self.fixings.used[number] + 1 == limit.at_most;
        let mut held: Vec<(u32, i64)> = Vec::new();
        let mut rows = Vec::new();
        for (other, at) in (limit.first..).zip(&limit.ways) {
            if self.fixings.ways[other] != Fixed::Open || (other != way && !last) {
                continue;
            }
            for &edge in &at.edges {
                if self.worth[edge as usize] == CLOSED {
                    continue;
                }
                held.push((edge, self.worth[edge as usize]));
                rows.push(part.rows[edge as usize] as usize);
                self.worth[edge as usize] =
                    if other == way { self.worth[edge as usize] + price / at.most } else { CLOSED };
            }
        }
        rows.sort_unstable();
        rows.dedup();
        let yes = self.changed(&rows, prices, reading).map(|by| bound + by - i128::from(price));
        held.iter().for_each(|&(edge, worth)| self.worth[edge as usize] = worth);
        rows.clear();
        for &edge in &limit.ways[way - limit.first].edges {
            rows.push(part.rows[edge as usize] as usize);
            self.worth[edge as usize] = CLOSED;
        }
        rows.sort_unstable();
        rows.dedup();
        let no = self.changed(&rows, prices, reading).map(|by| bound + by);
        held.iter().for_each(|&(edge, worth)| self.worth[edge as usize] = worth);
        [yes, no]
    }

    /// By how much the bound changes when rows earn what they earn now; rows of members not decided to be served
    /// are left out.
    fn changed(&mut self, rows: &[usize], prices: &Prices, reading: &Reading) -> Option<i128> {
        let mut by = 0;
        for &row in rows {
            let full = match self.part.member_of[row] {
                None => false,
                Some((_, member)) if self.fixings.members[member as usize] == Fixed::Yes => true,
                Some(_) => continue,
            };
            let (now, _) = self.best(row, prices, full);
            if now == i128::MIN {
                return None;
            }
            by += now - reading.row_best[row].0;
        }
        Some(by)
    }
}
