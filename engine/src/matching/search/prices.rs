//! The bound: what column prices alone prove, and the search for better prices.
//!
//! Give every column a price `p ≥ 0`. Then nobody can earn more than `Σ capacity · p` and what is left to each row by
//! itself: its demand times its best `value - p`, or nothing. A group goes by its members' sums, which may be
//! negative for single rows: a project is worth taking up at these prices or it is not, so no value needs to be moved
//! between its rows. (That is the linear relaxation, in which a project could be served in part: the best shift of
//! value between the rows of a group is found by the sum itself.) A choice of at most K ways has a price `m ≥ 0` too:
//! the bound pays `K · m`, and each edge of a way that is not closed costs `m / most` more a unit, rounded down, where no flow
//! sends more than `most` through the way. A choice of one way whose ways are whole rows needs no price: at these prices one
//! way's rows earn more than the other's; nor does one whose ways are members of a group. Every such total is at least the value of any flow that keeps the rules.
//!
//! The total is a convex function of the prices, and its slope is capacity minus use. `prices/walk.rs` walks down it. The
//! walk is guided, the bound is exact: whole numbers, computed anew at every stop.
#![expect(clippy::indexing_slicing, reason = "positions are those of the part, whose tables have one length")]

use std::cmp::Reverse;

use super::cuts::Cut;
use super::fixings::{Fixed, Fixings};
use super::part::Part;

/// Stands for the worth of an edge that may carry nothing. No price can lift anything so low above anything real.
const CLOSED: i64 = i64::MIN / 2;

pub(super) use self::regrets::Regrets;
pub(super) use self::sides::{divided_sides, sides};
pub(super) use self::walk::{Found, Seen};

mod regrets;
mod rows;
mod sides;
mod walk;

/// Prices of a part's columns, limits and cuts, none negative.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Prices {
    pub(super) columns: Vec<i64>,
    pub(super) limits: Vec<i64>,
    pub(super) cuts: Vec<i64>,
}

/// What prices say about a node.
#[derive(Debug, Clone, Default)]
pub(super) struct Reading {
    /// No flow at this node is worth more. `None`: there is none at all.
    pub(super) bound: Option<i128>,
    /// What each member would earn in full; `None` if it cannot be full.
    pub(super) member_worth: Vec<Option<i128>>,
    /// Whether each member is taken at these prices.
    pub(super) taken: Vec<bool>,
    /// What the rows of each way earn, where ways are whole rows, and whether it is the one that earns the most.
    pub(super) way_worth: Vec<i128>,
    way_taken: Vec<bool>,
    /// Capacity of each column that stays idle, negative if it is asked for more than it has.
    idle: Vec<i64>,
    /// How much of each limit stays free, in 2^-20.
    free: Vec<i64>,
    /// How much of what it can carry runs on each way about which nothing is decided, in 2^-20.
    pub(super) used: Vec<i64>,
    /// How far each cut is from being broken.
    spare: Vec<i64>,
    /// Units along each edge; only kept where limits, cuts or an average want them.
    pub(super) units: Vec<i64>,
    row_best: Vec<(i128, u32)>,
}

/// An edge on a way: what runs on it pays for the way by the unit.
#[derive(Debug, Clone, Copy)]
struct Charge {
    edge: u32,
    limit: u32,
    way: u32,
    /// What the way carries at most.
    most: i64,
}

/// A node of one part, ready to be priced.
pub(super) struct Ascent<'a> {
    part: &'a Part,
    cuts: &'a [Cut],
    fixings: &'a Fixings,
    /// Value of each edge less what limits and cuts ask.
    worth: Vec<i64>,
    /// What runs on ways about which nothing is decided, by the edge.
    charges: Vec<Charge>,
    /// How many ways of each limit are left to those about which nothing is decided.
    left: Vec<i64>,
    /// Whether the units along each edge have to be known.
    counted: bool,
    contradicted: bool,
    order: Vec<u32>,
    pub(super) looks: u64,
}

impl<'a> Ascent<'a> {
    pub(super) fn new(part: &'a Part, cuts: &'a [Cut], fixings: &'a Fixings) -> Self {
        let worth = (0..part.values.len())
            .map(|edge| if fixings.is_closed(edge) { CLOSED } else { part.values[edge] })
            .collect();
        let mut charges = Vec::new();
        for (number, limit) in (0u32..).zip(&part.limits).filter(|(_, limit)| limit.has_price()) {
            for (way, at) in (limit.first..).zip(&limit.ways) {
                if fixings.ways[way] == Fixed::Open || (fixings.ways[way] == Fixed::Yes && !at.pays_once) {
                    let open = at.edges.iter().filter(|&&edge| !fixings.is_closed(edge as usize));
                    let charge = |&edge: &u32| Charge { edge, limit: number, way: way as u32, most: at.most };
                    charges.extend(open.map(charge));
                }
            }
        }
        let left = part.limits.iter().map(|limit| {
            let ways = (limit.first..).zip(&limit.ways);
            let paid = ways.filter(|&(way, at)| at.pays_once && fixings.ways[way] == Fixed::Yes).count();
            limit.at_most as i64 - paid as i64
        });
        let left = left.collect();
        let contradicted = fixings.contradict(part);
        let counted = !part.limits.is_empty() || !cuts.is_empty() || !part.in_lots.is_empty();
        Ascent {
            part,
            cuts,
            fixings,
            worth,
            charges,
            left,
            counted,
            contradicted,
            order: Vec::new(),
            looks: 0,
        }
    }

    /// The bound at these prices, and where it leans.
    pub(super) fn read(&mut self, prices: &Prices, reading: &mut Reading) {
        self.looks += 1;
        if self.contradicted {
            reading.bound = None;
            return;
        }
        self.charge(prices);
        let part = self.part;
        reading.row_best.clear();
        for row in 0..part.demands.len() {
            let best = self.best(row, prices, part.member_of[row].is_some());
            reading.row_best.push(best);
        }
        reading.member_worth.clear();
        reading.taken.clear();
        reading.taken.resize(part.member_groups.len(), false);
        let mut bound = Some(0i128);
        for group in &part.groups {
            for rows in &group.members {
                let worth = rows.iter().map(|&row| reading.row_best[row as usize].0);
                reading.member_worth.push(sum_unless_impossible(worth));
            }
        }
        for (cut, &price) in self.cuts.iter().zip(&prices.cuts).filter(|(_, price)| **price > 0) {
            for &(member, factor) in &cut.terms {
                if let Some(worth) = &mut reading.member_worth[member as usize] {
                    *worth -= i128::from(price) * i128::from(factor);
                }
            }
        }
        for group in &part.groups {
            let members = group.first..group.first + group.members.len();
            let fixed = &self.fixings.members[members.clone()];
            let worth = &reading.member_worth[members.clone()];
            let rivals = &part.rivals[members.clone()];
            let earned =
                take(group.at_least, |place| fixed[place], worth, rivals, &mut reading.taken[members]);
            bound = bound.zip(earned).map(|(bound, earned)| bound + earned);
        }
        let is_free = |row: &usize| part.member_of[*row].is_none() && part.row_ways[*row].is_none();
        let free = (0..part.demands.len()).filter(is_free);
        let free = sum_unless_impossible(free.map(|row| reading.row_best[row].0));
        let divided = self.divide(reading);
        let columns = part.capacities.iter().zip(&prices.columns);
        let columns: i128 = columns.map(|(&units, &price)| i128::from(units) * i128::from(price)).sum();
        let limits = self.left.iter().zip(&prices.limits);
        let limits: i128 = limits.map(|(&left, &price)| i128::from(left) * i128::from(price)).sum();
        let cuts = self.cuts.iter().zip(&prices.cuts);
        let cuts: i128 = cuts.map(|(cut, &price)| i128::from(cut.most) * i128::from(price)).sum();
        let rows = free.zip(divided).map(|(free, divided)| free + divided);
        reading.bound = bound.zip(rows).map(|(bound, rows)| bound + rows + columns + limits + cuts);
        self.use_up(prices, reading);
    }

    /// What is earned where ways are whole rows: by the rows of the best way of each choice. `None` if it cannot be done.
    fn divide(&self, reading: &mut Reading) -> Option<i128> {
        let part = self.part;
        reading.way_worth.clear();
        reading.way_worth.resize(part.way_limits.len(), 0);
        reading.way_taken.clear();
        reading.way_taken.resize(part.way_limits.len(), false);
        for (&way, &(worth, _)) in part.row_ways.iter().zip(&reading.row_best) {
            let Some(way) = way else { continue };
            if worth == i128::MIN {
                return None;
            }
            reading.way_worth[way as usize] += worth;
        }
        let mut earned = 0;
        for limit in part.limits.iter().filter(|limit| limit.divides_rows) {
            let ways = limit.first..limit.first + limit.ways.len();
            let best = ways.max_by_key(|&way| (reading.way_worth[way], Reverse(way)));
            if let Some(best) = best.filter(|&best| reading.way_worth[best] > 0) {
                reading.way_taken[best] = true;
                earned += reading.way_worth[best];
            }
        }
        Some(earned)
    }

    /// Value of edges on open ways and in cuts, less the price of the way and of the cut.
    pub(super) fn charge(&mut self, prices: &Prices) {
        for edge in self.cuts.iter().flat_map(|cut| cut.paying.iter().chain(&cut.earning)) {
            if self.worth[*edge as usize] != CLOSED {
                self.worth[*edge as usize] = self.part.values[*edge as usize];
            }
        }
        for charge in &self.charges {
            self.worth[charge.edge as usize] = self.part.values[charge.edge as usize];
        }
        for charge in &self.charges {
            self.worth[charge.edge as usize] -= prices.limits[charge.limit as usize] / charge.most;
        }
        for (cut, &price) in self.cuts.iter().zip(&prices.cuts).filter(|(_, price)| **price > 0) {
            let signed = cut.paying.iter().map(|&edge| (edge, -price));
            for (edge, by) in signed.chain(cut.earning.iter().map(|&edge| (edge, price))) {
                if self.worth[edge as usize] != CLOSED {
                    self.worth[edge as usize] += by;
                }
            }
        }
    }

    /// What columns and limits have left when every row does what is best for it.
    fn use_up(&mut self, prices: &Prices, reading: &mut Reading) {
        let part = self.part;
        reading.idle.clear();
        reading.idle.extend_from_slice(&part.capacities);
        reading.free.clear();
        reading.free.extend(self.left.iter().map(|&left| left << 20));
        reading.used.clear();
        reading.used.resize(part.way_limits.len(), 0);
        let counted = self.counted;
        let mut units = std::mem::take(&mut reading.units);
        units.clear();
        units.resize(if counted { part.values.len() } else { 0 }, 0);
        for row in 0..part.demands.len() {
            let full = part.member_of[row].is_some();
            if part.member_of[row].is_some_and(|(_, member)| !reading.taken[member as usize]) {
                continue;
            }
            if part.row_ways[row].is_some_and(|way| !reading.way_taken[way as usize]) {
                continue;
            }
            let (_, by) = reading.row_best[row];
            if by != u32::MAX {
                reading.idle[part.columns[by as usize] as usize] -= part.demands[row];
                if counted {
                    units[by as usize] = part.demands[row];
                }
            } else if self.fixings.bounded[row] {
                let idle = &mut reading.idle;
                self.fill(row, prices, full, |edge, sent| {
                    idle[part.columns[edge] as usize] -= sent;
                    if counted {
                        units[edge] = sent;
                    }
                });
            }
        }
        for charge in &self.charges {
            let sent = units[charge.edge as usize].min(charge.most);
            let used = ((i128::from(sent) << 20) / i128::from(charge.most)) as i64;
            reading.free[charge.limit as usize] -= used;
            reading.used[charge.way as usize] += used;
        }
        for (used, _) in reading.used.iter_mut().zip(&reading.way_taken).filter(|(_, taken)| **taken) {
            *used = 1 << 20;
        }
        for limit in part.limits.iter().filter(|limit| limit.sole) {
            for (way, at) in (limit.first..).zip(&limit.ways) {
                let in_use = at.edges.iter().any(|&edge| units[edge as usize] > 0);
                reading.used[way] = i64::from(in_use) << 20;
            }
        }
        reading.spare.clear();
        for cut in self.cuts {
            let taken = cut.terms.iter().filter(|(member, _)| reading.taken[*member as usize]);
            let here = cut.paying.iter().map(|&edge| units[edge as usize]);
            let elsewhere = cut.earning.iter().map(|&edge| -units[edge as usize]);
            let held = taken.map(|&(_, factor)| factor).chain(here).chain(elsewhere).sum::<i64>();
            reading.spare.push(cut.most - held);
        }
        reading.units = units;
    }
}

/// The members of a group worth taking, marked in `taken`, and what they earn. `None` if the decisions leave no way. Of
/// rivals at most one is taken.
fn take(
    at_least: usize,
    fixed: impl Fn(usize) -> Fixed,
    worth: &[Option<i128>],
    rivals: &[Option<u32>],
    taken: &mut [bool],
) -> Option<i128> {
    let mut count = 0;
    let mut earned = 0;
    let mut open = Vec::new();
    let mut rivals_taken: Vec<u32> = Vec::new();
    for (place, (&worth, taken)) in worth.iter().zip(&mut *taken).enumerate() {
        *taken = fixed(place) == Fixed::Yes;
        match (fixed(place), worth) {
            (Fixed::Yes, Some(worth)) => {
                count += 1;
                earned += worth;
                rivals_taken.extend(rivals[place]);
            }
            (Fixed::Yes, None) => return None,
            (Fixed::Open, Some(worth)) => open.push((worth, place)),
            (Fixed::Open, None) | (Fixed::No, _) => {}
        }
    }
    let bound_to_serve = count > 0;
    open.sort_unstable_by_key(|&(worth, place)| (Reverse(worth), place));
    for (worth, place) in open {
        let is_beaten = rivals[place].is_some_and(|rivals| rivals_taken.contains(&rivals));
        if !is_beaten && (count < at_least || worth > 0) {
            count += 1;
            earned += worth;
            taken[place] = true;
            rivals_taken.extend(rivals[place]);
        }
    }
    if bound_to_serve {
        return (count >= at_least).then_some(earned);
    }
    if count < at_least || earned <= 0 {
        taken.fill(false);
        return Some(0);
    }
    Some(earned)
}

fn sum_unless_impossible(worths: impl Iterator<Item = i128>) -> Option<i128> {
    let mut total = 0;
    for worth in worths {
        if worth == i128::MIN {
            return None;
        }
        total += worth;
    }
    Some(total)
}
