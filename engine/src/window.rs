//! When something is wanted or on offer: days, hours of the day, days of the week, each open unless said.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Minutes in a day.
pub const DAY_MINUTES: u16 = 24 * 60;

/// Hours of the day, `from` to `to` in minutes after midnight; `to` at or before `from` runs over midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Hours {
    /// First minute, 0 to 1439.
    pub from: u16,
    /// Minute after the last, 0 to 1440.
    pub to: u16,
}

impl Hours {
    /// How many minutes a day it lasts.
    pub const fn minutes(self) -> u16 {
        if self.to > self.from { self.to - self.from } else { DAY_MINUTES - self.from + self.to }
    }

    /// The one or two spans inside a day.
    const fn spans(self) -> [(u16, u16); 2] {
        if self.to > self.from {
            [(self.from, self.to), (0, 0)]
        } else {
            [(self.from, DAY_MINUTES), (0, self.to)]
        }
    }

    /// Minutes a day that two spans of hours share.
    pub fn shared(self, other: Self) -> u16 {
        let mut minutes = 0;
        for (a, b) in self.spans() {
            for (c, d) in other.spans() {
                minutes += b.min(d).saturating_sub(a.max(c));
            }
        }
        minutes
    }
}

/// Days of the week as bits, Monday the lowest; 127 is every day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Weekdays(pub u8);

impl Weekdays {
    /// Every day of the week.
    pub const ALL: Self = Self(0b111_1111);
}

/// A time frame. What is not said is open.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Window {
    /// First day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// Last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
    /// Hours of the day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<Hours>,
    /// Days of the week.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weekdays: Option<Weekdays>,
    /// The words of the list, kept when they say more than was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wording: Option<String>,
}

/// How two windows meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overlap {
    /// They share time; how much of the asking window, 0 to 1000 (1000 also where nothing was said).
    Shares(u16),
    /// No common day.
    NoCommonDay,
    /// No common day of the week.
    NoCommonWeekday,
    /// No common hour of the day.
    NoCommonHour,
}

impl Window {
    /// No limit at all.
    pub fn open() -> Self {
        Self::default()
    }

    /// How much of `self`, the asking window, `offer` covers. Whole-number arithmetic, rounded down:
    /// share of days × share of weekdays × share of hours, each 1000 where the asking side left it open.
    pub fn overlap(&self, offer: &Self) -> Overlap {
        let days = match self.shared_days(offer) {
            Some(share) => share,
            None => return Overlap::NoCommonDay,
        };
        let weekdays = match (self.weekdays, offer.weekdays) {
            (Some(asked), Some(offered)) => {
                let common = (asked.0 & offered.0).count_ones();
                if common == 0 {
                    return Overlap::NoCommonWeekday;
                }
                common * 1000 / asked.0.count_ones().max(1)
            }
            _ => 1000,
        };
        let hours = match (self.hours, offer.hours) {
            (Some(asked), Some(offered)) => {
                let common = u32::from(asked.shared(offered));
                if common == 0 {
                    return Overlap::NoCommonHour;
                }
                common * 1000 / u32::from(asked.minutes().max(1))
            }
            _ => 1000,
        };
        let share = u64::from(days) * u64::from(weekdays) * u64::from(hours) / 1_000_000;
        Overlap::Shares(share.clamp(1, 1000) as u16)
    }

    /// Share of this window's days that the other has too, 0 to 1000; `None` when there is no common day.
    fn shared_days(&self, offer: &Self) -> Option<u32> {
        let first = self.from.max(offer.from);
        let last = match (self.to, offer.to) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        if let (Some(first), Some(last)) = (first, last)
            && first > last
        {
            return None;
        }
        let (Some(from), Some(to)) = (self.from, self.to) else {
            return Some(1000);
        };
        let asked = (to - from).num_days().max(0) + 1;
        let common = (last.unwrap_or(to) - first.unwrap_or(from)).num_days().max(0) + 1;
        Some(u32::try_from((common * 1000 / asked).clamp(1, 1000)).unwrap_or(1000))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(from: u16, to: u16) -> Hours {
        Hours { from: from * 60, to: to * 60 }
    }

    #[test]
    fn hours_that_run_over_midnight_share_what_lies_in_both() {
        assert_eq!(hours(18, 8).minutes(), 14 * 60);
        assert_eq!(hours(18, 8).shared(hours(22, 6)), 8 * 60);
        assert_eq!(hours(18, 8).shared(hours(8, 18)), 0);
        assert_eq!(hours(8, 18).shared(hours(9, 12)), 3 * 60);
    }

    #[test]
    fn a_window_left_open_covers_everything() {
        let asked = Window { hours: Some(hours(18, 8)), ..Window::default() };
        assert_eq!(asked.overlap(&Window::open()), Overlap::Shares(1000));
        assert_eq!(Window::open().overlap(&asked), Overlap::Shares(1000));
        let day = Window { hours: Some(hours(8, 18)), ..Window::default() };
        assert_eq!(asked.overlap(&day), Overlap::NoCommonHour);
    }

    #[test]
    fn days_are_shared_in_parts() {
        let day = |d: u32| NaiveDate::from_ymd_opt(2026, 5, d);
        let asked = Window { from: day(1), to: day(10), ..Window::default() };
        let offer = Window { from: day(6), to: None, ..Window::default() };
        assert_eq!(asked.overlap(&offer), Overlap::Shares(500));
        let late = Window { from: day(11), ..Window::default() };
        assert_eq!(asked.overlap(&late), Overlap::NoCommonDay);
    }
}
