//! The ranking of units 单位排名: for every month, quarter and year, in the order of each measure, kept as credits and
//! pairings come, so that a page of it costs what it shows.
//!
//! Credits belong to the month in which they were given, all else to the month in which the pairing began. Everybody who
//! gives has its [`Merit`]; only units stand in the orders, as what they are now.

use super::{Earned, Rate};
use crate::{
    contribution::Credit,
    identity::OrganizationId,
    period::{Month, Period, Quarter},
};
use imbl::{OrdMap, Vector};
use serde::{Deserialize, Serialize};
use std::{cmp::Ordering, ops::Range};

/// A month, a quarter or a year: what a ranking is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Span {
    /// A year.
    Year(i32),
    /// A quarter.
    Quarter(Quarter),
    /// A month.
    Month(Month),
}

impl Span {
    /// Every span that a month lies in.
    pub const fn around(month: Month) -> [Self; 3] {
        [Self::Year(month.year), Self::Quarter(month.quarter()), Self::Month(month)]
    }
}

impl From<Period> for Span {
    fn from(period: Period) -> Self {
        let Period { first, last } = period;
        if first == last {
            Self::Month(first)
        } else if first.quarter() == last.quarter() {
            Self::Quarter(first.quarter())
        } else {
            Self::Year(first.year)
        }
    }
}

/// By what units are ranked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum RankedBy {
    /// 积分.
    Points,
    /// 时长.
    Minutes,
    /// 交付次数.
    Deliveries,
    /// 履约数.
    Fulfilled,
    /// 按时履约率.
    OnTime,
    /// 满意率.
    Satisfaction,
}

impl RankedBy {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Points, Self::Minutes, Self::Deliveries, Self::Fulfilled, Self::OnTime, Self::Satisfaction];
}

/// What speaks for whoever gives, in one span.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Merit {
    /// What it was credited with.
    pub earned: Earned,
    /// Pairings it gives that both sides agreed.
    pub agreed: u64,
    /// Of these, delivered and accepted.
    pub fulfilled: u64,
    /// Of these, within the limit of days.
    pub fulfilled_in_time: u64,
    /// Of the fulfilled, those of whose result the raiser is satisfied, basically satisfied, dissatisfied.
    pub given: [u64; 3],
}

impl Merit {
    /// What both come to together.
    pub(crate) const fn plus(&self, other: &Self) -> Self {
        let (one, two) = (&self.given, &other.given);
        Self {
            earned: self.earned.plus(&other.earned),
            agreed: self.agreed.saturating_add(other.agreed),
            fulfilled: self.fulfilled.saturating_add(other.fulfilled),
            fulfilled_in_time: self.fulfilled_in_time.saturating_add(other.fulfilled_in_time),
            given: [
                one[0].saturating_add(two[0]),
                one[1].saturating_add(two[1]),
                one[2].saturating_add(two[2]),
            ],
        }
    }

    /// 按时履约率.
    pub const fn on_time_rate(&self) -> Rate {
        Rate { numerator: self.fulfilled_in_time, denominator: self.agreed }
    }

    /// 满意率 of what was given.
    pub const fn satisfaction_rate(&self) -> Rate {
        let [satisfied, basically, dissatisfied] = self.given;
        let content = satisfied.saturating_add(basically);
        Rate { numerator: content, denominator: content.saturating_add(dissatisfied) }
    }

    /// What it is ranked by, as a share: a number is a share of one, and nothing is a share of nothing.
    pub const fn share(&self, by: RankedBy) -> Rate {
        let number = match by {
            RankedBy::Points => self.earned.points,
            RankedBy::Minutes => self.earned.minutes,
            RankedBy::Deliveries => self.earned.deliveries,
            RankedBy::Fulfilled => self.fulfilled,
            RankedBy::OnTime => return self.on_time_rate(),
            RankedBy::Satisfaction => return self.satisfaction_rate(),
        };
        Rate { numerator: number, denominator: if number > 0 { 1 } else { 0 } }
    }
}

/// Where a unit stands in an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spot {
    /// What it is ranked by.
    pub share: Rate,
    /// Which unit.
    pub unit: OrganizationId,
}

impl Spot {
    /// The greater share first, compared without rounding; of equal ones the unit that was registered first.
    pub fn compare(&self, other: &Self) -> Ordering {
        better(self.share, other.share).then(self.unit.cmp(&other.unit))
    }
}

fn better(one: Rate, other: Rate) -> Ordering {
    let cross = |of: Rate, with: Rate| u128::from(of.numerator) * u128::from(with.denominator);
    cross(other, one).cmp(&cross(one, other))
}

/// The merits of all who give, and the orders of units.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Rankings {
    merits: OrdMap<(OrganizationId, Span), Merit>,
    orders: OrdMap<(Span, RankedBy), Vector<Spot>>,
}

impl Rankings {
    /// Adds a credit.
    pub fn credit(&mut self, giver: OrganizationId, is_unit: bool, month: Month, credit: &Credit) {
        self.change(giver, is_unit, month, |merit| merit.earned.add(credit));
    }

    /// Changes what speaks for a giver in every span around a month, and where it stands there if it is a unit.
    pub fn change(
        &mut self,
        giver: OrganizationId,
        is_unit: bool,
        month: Month,
        change: impl Fn(&mut Merit),
    ) {
        for span in Span::around(month) {
            let merit = self.merits.entry((giver, span)).or_default();
            let before = merit.clone();
            change(merit);
            let after = merit.clone();
            for by in RankedBy::ALL {
                let (old, new) = (before.share(by), after.share(by));
                if is_unit && old != new {
                    self.stand(span, by, Spot { share: old, unit: giver }, false);
                    self.stand(span, by, Spot { share: new, unit: giver }, true);
                }
            }
        }
    }

    /// Lets an organization stand in the orders if it is a unit, and in none if it is none.
    pub fn seat(&mut self, giver: OrganizationId, is_unit: bool) {
        let from = (giver, Span::Year(i32::MIN));
        let own = self.merits.range(from..).take_while(|((it, _), _)| *it == giver);
        let own: Vec<(Span, Merit)> = own.map(|((_, span), merit)| (*span, merit.clone())).collect();
        for (span, merit) in own {
            for by in RankedBy::ALL {
                self.stand(span, by, Spot { share: merit.share(by), unit: giver }, is_unit);
            }
        }
    }

    /// Puts a spot into an order or takes it out. What is a share of nothing stands nowhere.
    fn stand(&mut self, span: Span, by: RankedBy, spot: Spot, stands: bool) {
        if spot.share.denominator == 0 {
            return;
        }
        let order = self.orders.entry((span, by)).or_default();
        match order.binary_search_by(|it| it.compare(&spot)) {
            Ok(at) if !stands => {
                order.remove(at);
            }
            Err(at) if stands => order.insert(at, spot),
            Ok(_) | Err(_) => {}
        }
    }

    /// The merits of all who give, for those who count them once more.
    pub fn merits(&self) -> impl Iterator<Item = (&(OrganizationId, Span), &Merit)> {
        self.merits.iter()
    }

    /// The orders, likewise.
    pub fn orders(&self) -> impl Iterator<Item = (&(Span, RankedBy), &Vector<Spot>)> {
        self.orders.iter()
    }

    /// Lets the first of every order stand at its end too, for those who have to notice.
    #[cfg(test)]
    pub fn crowd(&mut self) {
        let crowded = |(key, order): (&_, &Vector<Spot>)| {
            (*key, order.iter().chain(order.get(0)).copied().collect::<Vector<_>>())
        };
        let crowded: Vec<_> = self.orders.iter().map(crowded).collect();
        self.orders.extend(crowded);
    }

    /// The order of a span by one measure.
    pub fn ranking(&self, span: Span, by: RankedBy) -> Ranking<'_> {
        Ranking { of: self, span, order: self.orders.get(&(span, by)) }
    }
}

/// The units of a span in the order of one measure, the best first.
#[derive(Clone, Copy, Debug)]
pub struct Ranking<'a> {
    of: &'a Rankings,
    span: Span,
    order: Option<&'a Vector<Spot>>,
}

/// A unit with its place in a ranking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ranked {
    /// Which place, from 1; who is level shares it.
    pub rank: usize,
    /// Where it stands.
    pub spot: Spot,
    /// What speaks for it.
    pub merit: Merit,
}

impl Ranking<'_> {
    /// How many units stand in it.
    pub fn len(&self) -> usize {
        self.order.map_or(0, Vector::len)
    }

    /// Whether none does.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many stand before a spot, whether or not anybody stands there; itself among them when `included`.
    pub fn before(&self, spot: &Spot, included: bool) -> usize {
        let found = self.order.map_or(Err(0), |order| order.binary_search_by(|it| it.compare(spot)));
        match found {
            Ok(at) => at.saturating_add(usize::from(included)),
            Err(at) => at,
        }
    }

    /// The units from one place of the order to another.
    pub fn page(&self, places: Range<usize>) -> impl Iterator<Item = Ranked> {
        let spots = places.map_while(|at| self.order?.get(at));
        spots.map(|spot| Ranked {
            rank: self.better_than(spot.share).saturating_add(1),
            spot: *spot,
            merit: self.of.merits.get(&(spot.unit, self.span)).cloned().unwrap_or_default(),
        })
    }

    fn better_than(&self, share: Rate) -> usize {
        let side = |it: &Spot| match better(it.share, share) {
            Ordering::Less => Ordering::Less,
            Ordering::Equal | Ordering::Greater => Ordering::Greater,
        };
        self.order.map_or(0, |order| order.binary_search_by(side).unwrap_or_else(|at| at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(rankings: &Rankings, by: RankedBy) -> Vec<(usize, u64)> {
        let may = Span::Month(Month { year: 2026, month: 5 });
        let ranking = rankings.ranking(may, by);
        ranking.page(0..ranking.len()).map(|it| (it.rank, it.spot.unit.number())).collect()
    }

    #[test]
    fn who_is_level_shares_a_place_and_who_is_no_unit_has_none() {
        let may = Month { year: 2026, month: 5 };
        let mut rankings = Rankings::default();
        for (unit, agreed, in_time) in [(1, 2, 1), (2, 4, 2), (3, 3, 3), (4, 3, 1), (5, 0, 0)] {
            let change = |merit: &mut Merit| (merit.agreed, merit.fulfilled_in_time) = (agreed, in_time);
            rankings.change(OrganizationId::new(unit), true, may, change);
        }
        assert_eq!(units(&rankings, RankedBy::OnTime), [(1, 3), (2, 1), (2, 2), (4, 4)]);
        rankings.seat(OrganizationId::new(1), false);
        rankings.seat(OrganizationId::new(3), true);
        assert_eq!(units(&rankings, RankedBy::OnTime), [(1, 3), (2, 2), (3, 4)]);
        rankings.change(OrganizationId::new(1), false, may, |merit| merit.fulfilled_in_time += 1);
        rankings.seat(OrganizationId::new(1), true);
        assert_eq!(units(&rankings, RankedBy::OnTime), [(1, 1), (1, 3), (3, 2), (4, 4)]);
        assert_eq!(units(&rankings, RankedBy::Points), []);
        // 1/2 is 2/4: a place that moves between them is found again.
        rankings.change(OrganizationId::new(2), true, may, |merit| {
            (merit.agreed, merit.fulfilled_in_time) = (2, 1);
        });
        assert_eq!(units(&rankings, RankedBy::OnTime), [(1, 1), (1, 3), (3, 2), (4, 4)]);
    }

    #[test]
    fn a_month_lies_in_its_quarter_and_year_and_a_period_is_one_of_the_three() {
        for (text, at) in [("2026", 0), ("2026-Q2", 1), ("2026-05", 2)] {
            let period = Period::read(text).unwrap();
            assert_eq!(Span::from(period), Span::around(Month { year: 2026, month: 5 })[at], "{text}");
        }
    }
}
