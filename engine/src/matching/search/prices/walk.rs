//! The walk from prices to better ones: down the slope of the bound, which is what is left idle.
//!
//! A direction that remembers earlier ones (Camerini, Fratta and Maffioli 1975), per column divided by its capacity, with
//! Polyak's step towards what is already known to be reachable. What it sees on the way, averaged, comes close to a
//! solution of the relaxation (Barahona and Anbil 2000).
#![expect(clippy::indexing_slicing, reason = "positions are those of the part, whose tables have one length")]

use super::{Ascent, Prices, Reading};
use crate::matching::search::cuts::Cut;
use crate::matching::search::part::Part;

/// The most a cut may cost, so that an edge in many of them stays within 64 bits; more than any unit is worth.
const CUT_PRICE_MAX: i64 = 1 << 40;

impl Ascent<'_> {
    /// Looks for better prices than `start`, for at most `looks_max` looks, until the bound is no more than `target`.
    ///
    /// `pace` is the first step's length in thousandths of Polyak's.
    pub(in crate::matching::search) fn improve(
        &mut self,
        start: &Prices,
        aim: Option<i128>,
        looks_max: u64,
        pace: i64,
        seen: &mut Seen,
    ) -> Found {
        let mut here = start.clone();
        let mut reading = Reading::default();
        self.read(&here, &mut reading);
        let mut found = Found::new(&here, &reading);
        let guess = reading.bound.unwrap_or(0) / 64 * 63;
        let target = aim.unwrap_or(guess);
        let mut way = Direction::new(self.part, self.cuts);
        let mut pace = pace;
        let patience = if looks_max < 100 { 5 } else { 20 };
        let mut stalled = 0;
        for _ in 1..looks_max {
            let Some(bound) = reading.bound else { break };
            if found.best.bound.is_none_or(|best| best <= target) {
                break;
            }
            way.turn(&reading, &here);
            if !way.step(self.part, self.cuts, &mut here, bound - target, pace) {
                break;
            }
            self.read(&here, &mut reading);
            stalled += 1;
            seen.take_in(self.part, &reading);
            if found.see(&here, &reading) {
                stalled = 0;
            }
            if stalled > patience {
                here.clone_from(&found.prices);
                reading.clone_from(&found.best);
                pace = pace * 7 / 10;
                stalled = 0;
                if pace < 2 {
                    break;
                }
            }
        }
        found
    }
}

/// What walks have seen on average: in the end this is a solution of the relaxation.
#[derive(Debug, Clone, Default)]
pub(in crate::matching::search) struct Seen {
    /// How often each member was taken of late, in 2^-16.
    pub(in crate::matching::search) members: Vec<i64>,
    /// How much of what it can carry ran on each way of late, in 2^-20.
    pub(in crate::matching::search) ways: Vec<i64>,
    /// How many units ran on each edge in lots of late, in 2^-20.
    pub(in crate::matching::search) in_lots: Vec<i64>,
    /// How often each member was taken since this began anew, and in how many looks.
    times: Vec<i64>,
    looks: i64,
}

impl Seen {
    pub(in crate::matching::search) fn start_anew(&mut self) {
        self.times = vec![0; self.members.len()];
        self.looks = 0;
    }

    /// How far each member was taken since, in 2^-16.
    pub(in crate::matching::search) fn average(&self) -> Vec<i64> {
        self.times.iter().map(|&times| (times << 16) / self.looks.max(1)).collect()
    }

    pub(in crate::matching::search) fn new(part: &Part) -> Seen {
        let (members, ways) = (part.member_groups.len(), part.way_limits.len());
        Seen {
            members: vec![1 << 15; members],
            ways: vec![0; ways],
            in_lots: vec![0; part.in_lots.len()],
            times: vec![0; members],
            looks: 0,
        }
    }

    fn take_in(&mut self, part: &Part, reading: &Reading) {
        for (often, &taken) in self.members.iter_mut().zip(&reading.taken) {
            *often += ((i64::from(taken) << 16) - *often) / 64;
        }
        for (often, &used) in self.ways.iter_mut().zip(&reading.used) {
            *often += (used - *often) / 64;
        }
        for (often, &edge) in self.in_lots.iter_mut().zip(&part.in_lots) {
            *often += ((reading.units[edge as usize].min(1 << 40) << 20) - *often) / 64;
        }
        for (times, &taken) in self.times.iter_mut().zip(&reading.taken) {
            *times += i64::from(taken);
        }
        self.looks += 1;
    }
}

/// The best prices a walk came by.
pub(in crate::matching::search) struct Found {
    pub(in crate::matching::search) prices: Prices,
    pub(in crate::matching::search) best: Reading,
}

impl Found {
    fn new(prices: &Prices, reading: &Reading) -> Found {
        Found { prices: prices.clone(), best: reading.clone() }
    }

    /// Takes note of a stop. Whether its bound is better.
    fn see(&mut self, prices: &Prices, reading: &Reading) -> bool {
        let better = reading.bound < self.best.bound;
        if better {
            self.prices.clone_from(prices);
            self.best.clone_from(reading);
        }
        better
    }
}

/// Where the walk is heading: an average of slopes, in 2^-8.
struct Direction {
    columns: Vec<i64>,
    limits: Vec<i64>,
    cuts: Vec<i64>,
    fresh: bool,
    /// Units one engagement of each limit may stand for: limits are stepped on that scale.
    scale: Vec<i64>,
}

impl Direction {
    fn new(part: &Part, cuts: &[Cut]) -> Direction {
        let scale = part.limits.iter().map(|limit| {
            let most = limit.ways.iter().map(|way| way.most).max().unwrap_or(1);
            most.min(1 << 20)
        });
        Direction {
            columns: vec![0; part.capacities.len()],
            limits: vec![0; part.limits.len()],
            cuts: vec![0; cuts.len()],
            fresh: true,
            scale: scale.collect(),
        }
    }

    /// Turns towards the slope of this stop. Where a price is 0 and would fall it stays.
    fn turn(&mut self, reading: &Reading, here: &Prices) {
        let keep = if self.fresh { 0 } else { 180 };
        self.fresh = false;
        let columns = self.columns.iter_mut().zip(&reading.idle).zip(&here.columns);
        for ((way, &idle), &price) in columns {
            *way = (*way * keep + (idle << 8) * (256 - keep)) >> 8;
            if price == 0 && *way > 0 {
                *way = 0;
            }
        }
        let limits = self.limits.iter_mut().zip(&reading.free).zip(&here.limits);
        for ((way, &free), &price) in limits {
            *way = (*way * keep + (free >> 12) * (256 - keep)) >> 8;
            if price == 0 && *way > 0 {
                *way = 0;
            }
        }
        let cuts = self.cuts.iter_mut().zip(&reading.spare).zip(&here.cuts);
        for ((way, &spare), &price) in cuts {
            *way = (*way * keep + (spare << 8) * (256 - keep)) >> 8;
            if price == 0 && *way > 0 {
                *way = 0;
            }
        }
    }

    /// One step down. False if there is nowhere to go.
    fn step(&self, part: &Part, cuts: &[Cut], here: &mut Prices, gap: i128, pace: i64) -> bool {
        // Columns move by way / capacity, limits by scale · way / free ways: 2^16 keeps the fractions.
        let column_move = |column: usize| {
            (i128::from(self.columns[column]) << 16) / i128::from(part.capacities[column].max(1))
        };
        let limit_move = |limit: usize| {
            let at_most = part.limits[limit].at_most.max(1) as i128;
            (i128::from(self.limits[limit]) << 16) * i128::from(self.scale[limit]) / at_most
        };
        let cut_move =
            |cut: usize| (i128::from(self.cuts[cut]) << 16) / i128::from(cuts[cut].capacity.max(1));
        let length: i128 = (0..self.columns.len())
            .map(|column| i128::from(self.columns[column]) * column_move(column))
            .chain((0..self.limits.len()).map(|limit| i128::from(self.limits[limit]) * limit_move(limit)))
            .chain((0..self.cuts.len()).map(|cut| i128::from(self.cuts[cut]) * cut_move(cut)))
            .sum();
        if length <= 0 {
            return false;
        }
        // The step is gap · move / length, each in its own fractions (2^8 of the way in both).
        let ratio = (gap.min(1 << 62) << 32) / 1_000 * i128::from(pace) / (length >> 8).max(1);
        let mut moved = false;
        for (column, price) in here.columns.iter_mut().enumerate() {
            let by = ((ratio * column_move(column)) >> 32).clamp(-(1 << 60), 1 << 60) as i64;
            let next = (*price - by).clamp(0, part.penalty);
            moved |= next != *price;
            *price = next;
        }
        for (limit, price) in here.limits.iter_mut().enumerate() {
            let by = ((ratio * limit_move(limit)) >> 32).clamp(-(1 << 60), 1 << 60) as i64;
            let next = (*price - by).clamp(0, part.penalty);
            moved |= next != *price;
            *price = next;
        }
        for (cut, price) in here.cuts.iter_mut().enumerate() {
            let by = ((ratio * cut_move(cut)) >> 32).clamp(-(1 << 60), 1 << 60) as i64;
            let next = (*price - by).clamp(0, CUT_PRICE_MAX);
            moved |= next != *price;
            *price = next;
        }
        moved
    }
}
