//! Periods 期: the quarters and years that needs and statistics belong to.

use chrono::{Datelike, Months, NaiveDate};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A quarter of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Quarter {
    /// The year of our era.
    pub year: i32,
    /// 1 to 4.
    pub quarter: u8,
}

impl Quarter {
    /// The quarter a day lies in.
    pub fn of(day: NaiveDate) -> Self {
        let quarter = u8::try_from(day.month0() / 3).map_or(1, |index| index + 1);
        Self { year: day.year(), quarter }
    }

    /// The quarter that follows.
    pub const fn next(self) -> Self {
        if self.quarter >= 4 {
            Self { year: self.year.saturating_add(1), quarter: 1 }
        } else {
            Self { year: self.year, quarter: self.quarter + 1 }
        }
    }

    /// Its first and its last day; `None` of a year no calendar has.
    pub fn days(self) -> Option<(NaiveDate, NaiveDate)> {
        let first =
            |it: Self| NaiveDate::from_ymd_opt(it.year, (u32::from(it.quarter) * 3).checked_sub(2)?, 1);
        Some((first(self)?, first(self.next())?.pred_opt()?))
    }

    /// Its first and its last month.
    pub const fn months(self) -> (Month, Month) {
        let last = self.quarter.saturating_mul(3);
        (Month { year: self.year, month: last.saturating_sub(2) }, Month { year: self.year, month: last })
    }

    /// Whether it is a quarter at all, of a year a clerk may mean.
    pub fn is_sound(self) -> bool {
        (1..=4).contains(&self.quarter) && (2000..=2200).contains(&self.year)
    }
}

impl fmt::Display for Quarter {
    /// As in `2026-Q3`.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}-Q{}", self.year, self.quarter)
    }
}

/// A month of a year: what figures are kept by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Month {
    /// The year of our era.
    pub year: i32,
    /// 1 to 12.
    pub month: u8,
}

impl Month {
    /// Before all others.
    pub const FIRST: Self = Self { year: i32::MIN, month: 1 };
    /// After all others.
    pub const LAST: Self = Self { year: i32::MAX, month: 12 };

    /// Its first and its last day; `None` of a year no calendar has.
    pub fn days(self) -> Option<(NaiveDate, NaiveDate)> {
        let first = NaiveDate::from_ymd_opt(self.year, self.month.into(), 1)?;
        Some((first, first.checked_add_months(Months::new(1))?.pred_opt()?))
    }

    /// The month a day lies in.
    pub fn of(day: NaiveDate) -> Self {
        Self { year: day.year(), month: u8::try_from(day.month()).unwrap_or(1) }
    }

    /// The quarter it belongs to.
    pub const fn quarter(self) -> Quarter {
        Quarter { year: self.year, quarter: self.month.saturating_sub(1) / 3 + 1 }
    }
}

impl fmt::Display for Month {
    /// As in `2026-07`.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}-{:02}", self.year, self.month)
    }
}

/// A month, a quarter or a year: what figures are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    /// Its first month.
    pub first: Month,
    /// Its last month.
    pub last: Month,
}

impl Period {
    /// Reads `2026`, `2026-Q3` or `2026-07`; `None` when it is none of these.
    pub fn read(text: &str) -> Option<Self> {
        let (year, part) = text.split_once('-').map_or((text, None), |(year, part)| (year, Some(part)));
        let digits =
            |text: &str, count: usize| text.len() == count && text.bytes().all(|it| it.is_ascii_digit());
        let year: i32 = digits(year, 4).then(|| year.parse().ok())??;
        let (first, last): (u8, u8) = match part {
            None => (1, 12),
            Some(part) => match part.strip_prefix('Q') {
                Some(quarter) if digits(quarter, 1) => {
                    let quarter: u8 = quarter.parse().ok()?;
                    (quarter.checked_mul(3)?.checked_sub(2)?, quarter.checked_mul(3)?)
                }
                None if digits(part, 2) => (part.parse().ok()?, part.parse().ok()?),
                Some(_) | None => return None,
            },
        };
        let month = |month| Month { year, month };
        (first >= 1 && last <= 12).then(|| Self { first: month(first), last: month(last) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn every_day_lies_in_one_quarter_and_quarters_follow_one_another() {
        let quarter = |year, quarter| Quarter { year, quarter };
        assert_eq!(Quarter::of(day(2026, 1, 1)), quarter(2026, 1));
        assert_eq!(Quarter::of(day(2026, 6, 30)), quarter(2026, 2));
        assert_eq!(Quarter::of(day(2026, 12, 31)), quarter(2026, 4));
        assert_eq!(quarter(2026, 4).next(), quarter(2027, 1));
        assert_eq!(quarter(2026, 2).next(), quarter(2026, 3));
        assert_eq!(quarter(2026, 4).days(), Some((day(2026, 10, 1), day(2026, 12, 31))));
        assert_eq!(quarter(2024, 1).days(), Some((day(2024, 1, 1), day(2024, 3, 31))));
        assert!(!quarter(2026, 5).is_sound() && !quarter(26, 1).is_sound());
        assert_eq!(Month::of(day(2026, 7, 3)).quarter(), quarter(2026, 3));
        assert_eq!(
            (Month::of(day(2026, 7, 3)).to_string(), quarter(2026, 3).to_string()),
            ("2026-07".into(), "2026-Q3".into())
        );
    }
    #[test]
    fn a_period_is_a_year_a_quarter_or_a_month() {
        let months = |text| Period::read(text).map(|it| (it.first.to_string(), it.last.to_string()));
        let span = |first: &str, last: &str| Some((first.to_owned(), last.to_owned()));
        assert_eq!(months("2026"), span("2026-01", "2026-12"));
        assert_eq!(months("2026-Q3"), span("2026-07", "2026-09"));
        assert_eq!(months("2026-07"), span("2026-07", "2026-07"));
        for text in
            ["", "26", "2026-", "2026-7", "2026-13", "2026-00", "2026-Q0", "2026-Q5", "2026-Q", "2026-07-15"]
        {
            assert_eq!(months(text), None, "{text}");
        }
    }
}
