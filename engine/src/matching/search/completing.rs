//! From a wish to a flow that keeps every rule: serve the members wished for, give up what cannot be kept, look again.
//!
//! Every round of giving up closes something for good, so it ends; every flow in between is the best for what is left.
#![expect(
    clippy::indexing_slicing,
    reason = "positions are those of the part that the flow and the fixings belong to"
)]

use std::cmp::Reverse;
use std::ops::Range;

use super::fixings::{Fixed, Fixings};
use super::flow::{Flow, Wanted};
use super::part::{Limit, Part};
use super::prices::Prices;

/// What to start from.
#[derive(Debug, Clone)]
pub(super) struct Wish {
    /// The members to serve.
    pub(super) taken: Vec<bool>,
    /// The ways to leave alone from the first; all others may be used.
    pub(super) closed: Vec<bool>,
}

impl Wish {
    /// Of each limit the ways that were used most stay, as many as may be used, if its ways are sought after.
    pub(super) fn most_used(
        part: &Part,
        fixings: &Fixings,
        prices: &Prices,
        used: &[i64],
        taken: Vec<bool>,
    ) -> Wish {
        let mut closed = vec![false; part.way_limits.len()];
        let is_sought = |limit: &Limit, price: i64| price > 0 || limit.divides_rows;
        let limits = part.limits.iter().zip(&prices.limits);
        for (limit, _) in limits.filter(|(limit, price)| is_sought(limit, **price)) {
            let mut ways: Vec<usize> = (limit.first..limit.first + limit.ways.len()).collect();
            ways.sort_by_key(|&way| (fixings.ways[way] != Fixed::Yes, Reverse(used[way]), way));
            for &way in &ways[limit.at_most..] {
                closed[way] = true;
            }
        }
        Wish { taken, closed }
    }
}

/// Sends what is wished for and keeps every rule and every decision taken. `None` if giving up did not lead there.
pub(super) fn complete(
    part: &Part,
    flow: &mut Flow,
    fixings: &Fixings,
    wish: &Wish,
    worth: &[Option<i128>],
) -> Option<i128> {
    let mut wanted = Wanted::new(fixings, &wish.taken);
    for way in (0..part.way_limits.len()).filter(|&way| wish.closed.get(way) == Some(&true)) {
        let limit = &part.limits[part.way_limits[way] as usize];
        for &edge in &limit.ways[way - limit.first].edges {
            wanted.most[edge as usize] = wanted.least[edge as usize];
        }
    }
    for group in &part.groups {
        let members = group.first..group.first + group.members.len();
        if wanted.taken[members.clone()].iter().filter(|&&taken| taken).count() < group.at_least {
            wanted.taken[members.clone()].fill(false);
        }
        if !decisions_kept(fixings, &wanted, members) {
            return None;
        }
    }
    loop {
        if !flow.arrange(&wanted) {
            return None;
        }
        match give_up_a_member(part, flow, fixings, &mut wanted, worth) {
            GivenUp::Something => continue,
            GivenUp::Impossible => return None,
            GivenUp::Nothing => {}
        }
        match close_ways(part, flow, fixings, &mut wanted) {
            GivenUp::Something => continue,
            GivenUp::Impossible => return None,
            GivenUp::Nothing => {}
        }
        if !round_a_lot(part, flow, &mut wanted) {
            return Some(flow.earned());
        }
    }
}

enum GivenUp {
    Nothing,
    Something,
    Impossible,
}

/// Of the members that cannot be served in full the least worthy goes, and its whole group if too few are left.
fn give_up_a_member(
    part: &Part,
    flow: &Flow,
    fixings: &Fixings,
    wanted: &mut Wanted,
    worth: &[Option<i128>],
) -> GivenUp {
    let failing = (0..part.demands.len()).filter(|&row| flow.fails(row));
    let members = failing.filter_map(|row| part.member_of[row]).map(|(_, member)| member as usize);
    let Some(member) = members.min_by_key(|&member| (worth[member], member)) else {
        return GivenUp::Nothing;
    };
    let group = part.group_of(member);
    let members = group.first..group.first + group.members.len();
    wanted.taken[member] = false;
    let left = wanted.taken[members.clone()].iter().filter(|&&taken| taken).count();
    if left < group.at_least {
        wanted.taken[members.clone()].fill(false);
    }
    if decisions_kept(fixings, wanted, members) { GivenUp::Something } else { GivenUp::Impossible }
}

/// Whether what is wanted of these members is what has been decided about them.
fn decisions_kept(fixings: &Fixings, wanted: &Wanted, mut members: Range<usize>) -> bool {
    members.all(|member| match fixings.members[member] {
        Fixed::Yes => wanted.taken[member],
        Fixed::No => !wanted.taken[member],
        Fixed::Open => true,
    })
}

/// Of the ways used beyond what a limit allows, those close that are missed least; not those whose lots are decided.
fn close_ways(part: &Part, flow: &Flow, fixings: &Fixings, wanted: &mut Wanted) -> GivenUp {
    let (mut over, mut closed) = (false, false);
    let prices = flow.prices();
    for limit in &part.limits {
        for (_, way) in ways_over(part, flow, &prices, fixings, limit, 2) {
            over = true;
            for edge in limit.ways[way].edges.iter().map(|&edge| edge as usize) {
                closed |= wanted.least[edge] < wanted.most[edge] && flow.units()[edge] > wanted.least[edge];
                wanted.most[edge] = wanted.least[edge];
            }
        }
    }
    match (over, closed) {
        (false, _) => GivenUp::Nothing,
        (true, true) => GivenUp::Something,
        (true, false) => GivenUp::Impossible,
    }
}

/// The ways that carry something beyond the `at_most` that would be missed most, and by how much they would be; ways
/// decided to be used stay.
fn ways_over(
    part: &Part,
    flow: &Flow,
    prices: &Prices,
    fixings: &Fixings,
    limit: &Limit,
    every: usize,
) -> Vec<(i128, usize)> {
    let mut used: Vec<(bool, i128, Reverse<usize>)> = (0..limit.ways.len())
        .filter(|&way| limit.ways[way].edges.iter().any(|&edge| flow.units()[edge as usize] > 0))
        .map(|way| {
            let edges = limit.ways[way].edges.iter().map(|&edge| edge as usize);
            let missed = edges.map(|edge| missed(part, flow, prices, edge)).sum::<i128>();
            (fixings.ways[limit.first + way] == Fixed::Yes, missed, Reverse(way))
        })
        .collect();
    if used.len() <= limit.at_most {
        return Vec::new();
    }
    used.sort_unstable();
    used.truncate((used.len() - limit.at_most).div_ceil(every));
    used.into_iter().map(|(_, missed, Reverse(way))| (missed, way)).collect()
}

/// What the units on an edge are worth more than the next best their row could get at these prices.
fn missed(part: &Part, flow: &Flow, prices: &Prices, edge: usize) -> i128 {
    let row = part.rows[edge] as usize;
    let others = part.edges_of(row).filter(|&other| other != edge);
    let next = others.map(|other| part.values[other] - prices.columns[part.columns[other] as usize]).max();
    i128::from(flow.units()[edge]) * i128::from(part.values[edge] - next.unwrap_or(0).max(0))
}

/// Rounds what is nearest to a whole number of lots to it, or to the other side if rows that are to be full would fail.
/// Whether anything was.
fn round_a_lot(part: &Part, flow: &mut Flow, wanted: &mut Wanted) -> bool {
    let split = part.in_lots.iter().map(|&edge| edge as usize).filter_map(|edge| {
        let (lot, units) = (part.lots[edge], flow.units()[edge]);
        let over = units % lot;
        (over != 0).then(|| ((over.min(lot - over) << 20) / lot, edge, units - over, 2 * over >= lot))
    });
    let Some((_, edge, whole, up_first)) = split.min() else { return false };
    let (least, most) = (wanted.least[edge], wanted.most[edge]);
    for up in [up_first, !up_first] {
        if up && whole + part.lots[edge] > most {
            continue;
        }
        (wanted.least[edge], wanted.most[edge]) =
            if up { (whole + part.lots[edge], most) } else { (least, whole.max(least)) };
        if flow.arrange(wanted) && (0..part.demands.len()).all(|row| !flow.fails(row)) {
            return true;
        }
    }
    (wanted.least[edge], wanted.most[edge]) = (least, whole.max(least));
    true
}

/// A decision that the flow of a fully decided node asks for, because it breaks a limit or splits a lot.
pub(super) fn broken(part: &Part, flow: &Flow, fixings: &Fixings) -> Option<Broken> {
    let prices = flow.prices();
    let over = part.limits.iter().filter_map(|limit| {
        let (missed, way) = ways_over(part, flow, &prices, fixings, limit, 1).into_iter().next_back()?;
        Some((missed, Reverse(limit.first + way)))
    });
    let over = over.max().map(|(_, Reverse(way))| Broken::Limit { way: way as u32 });
    let split = part.lots.iter().enumerate().filter_map(|(edge, &lot)| {
        let units = flow.units()[edge];
        (units % lot != 0).then_some(Broken::Lot { edge: edge as u32, lots: (units / lot) as u64 })
    });
    over.into_iter().chain(split).next()
}

/// What a flow breaks, and where to decide about it.
pub(super) enum Broken {
    /// More ways are used than allowed; this one is open.
    Limit { way: u32 },
    /// An edge carries a fraction beside so many whole lots.
    Lot { edge: u32, lots: u64 },
}
