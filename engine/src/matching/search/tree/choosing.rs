//! Which question to ask next.
#![expect(clippy::indexing_slicing, reason = "positions are those of the part the fixings were made for")]

use std::cmp::Reverse;

use crate::matching::search::Decision;
use crate::matching::search::fixings::{Fixed, Fixings};
use crate::matching::search::part::Part;
use crate::matching::search::prices::Seen;

/// Ways and lots that are used less than once in so many times, or as seldom not used, are as good as decided, in 2^-16.
const HARDLY: i64 = 1 << 11;

/// What the walks saw now one way, now the other: weighed by how undecided it is and by how much moves with it.
///
/// Members are asked about until the last is decided; lots, and ways that no member decides, only while walks are
/// undecided about them.
pub(super) fn most_undecided(part: &Part, fixings: &Fixings, seen: &Seen) -> Option<Decision> {
    let members = (0..fixings.members.len()).filter(|&member| fixings.members[member] == Fixed::Open);
    let members = members.map(|member| {
        let often = seen.members[member].clamp(1 << 10, 63 << 10);
        (undecided(often) * part.at_stake[member], Decision::Member { member: member as u32 })
    });
    let ways = (0..fixings.ways.len()).filter(|&way| fixings.ways[way] == Fixed::Open);
    let ways = ways.filter_map(|way| {
        let limit = &part.limits[part.way_limits[way] as usize];
        let at = limit.ways.get(way - limit.first).filter(|_| limit.stands_alone)?;
        let often = (seen.ways[way] >> 4).min(1 << 16);
        let best = at.edges.iter().map(|&edge| part.values[edge as usize]).max()?;
        is_undecided(often)
            .then(|| (undecided(often) * stake(at.most, best), Decision::Way { way: way as u32 }))
    });
    let lots = part.in_lots.iter().zip(&seen.in_lots).filter_map(|(&edge, &units)| {
        let at = edge as usize;
        let lot = part.lots[at];
        // Whole lots, and how much of one more, in 2^-16.
        let (units, in_one) = (i128::from(units), i128::from(lot) << 20);
        let (lots, often) = (units / in_one, ((units % in_one) << 16) / in_one);
        let (lots, often) = (lots as i64, often as i64);
        let open = fixings.least[at] / lot <= lots && lots < fixings.most[at] / lot;
        let decision = Decision::Multiples { edge, lots: lots as u64 };
        (open && is_undecided(often)).then(|| (undecided(often) * stake(lot, part.values[at]), decision))
    });
    let weighed = members.chain(ways).chain(lots).enumerate();
    let (_, (_, decision)) = weighed.max_by_key(|&(place, (weight, _))| (weight, Reverse(place)))?;
    Some(decision)
}

fn is_undecided(often: i64) -> bool {
    (HARDLY + 1..(1 << 16) - HARDLY).contains(&often)
}

fn undecided(often: i64) -> i128 {
    i128::from(often) * i128::from((1 << 16) - often)
}

/// What so many units are worth, on the scale of `Part::at_stake`.
fn stake(units: i64, value: i64) -> i128 {
    i128::from(units) * i128::from(value) / (1 << 20) + 1
}
