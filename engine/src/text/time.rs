//! Reads times as lists word them: `2026-01`, `2025年`, `2022-06至09`, `周末 9:00-17:00`, `夜间18:00—次日8:00`, `每周三`.
//!
//! Promises: what cannot be read is kept as text and bounds nothing (`长期`, `高温期`); a date is only read with its
//! year, since the reader has no clock; hours may wrap past midnight; the original is always kept.

mod calendar;
mod clock;

use chrono::NaiveDate;

use super::segment::half_width;

/// What a time text says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeReading {
    /// First day, where told.
    pub from: Option<NaiveDate>,
    /// Last day, where told. A month or a year alone runs to its end.
    pub to: Option<NaiveDate>,
    /// Start and end in minutes of the day, 0..=1440; an end at or before its start is on the next day.
    pub hours: Option<(u16, u16)>,
    /// Days of the week, Monday = bit 0.
    pub weekdays: Option<u8>,
    /// The text as it came.
    pub original: String,
}

/// Reads a time text.
///
/// ```
/// use engine::text::time::{WEEKEND, read};
/// let found = read("周末 9:00-17:00");
/// assert_eq!((found.weekdays, found.hours), (Some(WEEKEND), Some((540, 1020))));
/// assert_eq!(read("长期").from, None);
/// ```
#[must_use]
pub fn read(text: &str) -> TimeReading {
    let plain: Vec<char> = text.chars().map(half_width).map(dash).collect();
    let days = calendar::span(&plain);
    TimeReading {
        from: days.map(|(from, _)| from),
        to: days.and_then(|(_, to)| to),
        hours: clock::hours(&plain),
        weekdays: clock::weekdays(&plain),
        original: text.to_owned(),
    }
}

pub use clock::{WEEKEND, WORKDAYS};

/// `~` for every word and sign that can only mean "to"; a plain hyphen may also stand within a date and stays.
fn dash(letter: char) -> char {
    match letter {
        '—' | '–' | '―' | '〜' | '至' | '到' => '~',
        _ => letter,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::published;

    fn day(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(year, month, day)
    }

    #[test]
    fn dates_are_read_with_their_year() {
        let cases = [
            ("2026-01", day(2026, 1, 1), day(2026, 1, 31)),
            ("2025年", day(2025, 1, 1), day(2025, 12, 31)),
            ("2026年(年度共建需求)", day(2026, 1, 1), day(2026, 12, 31)),
            ("2022-06至09", day(2022, 6, 1), day(2022, 9, 30)),
            ("2023-03-30", day(2023, 3, 30), day(2023, 3, 30)),
            ("2024年2月", day(2024, 2, 1), day(2024, 2, 29)),
            ("2024年2月3日", day(2024, 2, 3), day(2024, 2, 3)),
            ("2024.5.1", day(2024, 5, 1), day(2024, 5, 1)),
            ("2020-01-15至06-15", day(2020, 1, 15), day(2020, 6, 15)),
            ("2024年11月至2025年2月", day(2024, 11, 1), day(2025, 2, 28)),
            ("2025年7月1日-31日", day(2025, 7, 1), day(2025, 7, 31)),
            ("2025-04起", day(2025, 4, 1), None),
            ("2022-06-01起每月1天", day(2022, 6, 1), None),
            ("至2014年底", None, None),
            ("2025年-2026年", day(2025, 1, 1), day(2026, 12, 31)),
            ("2025-13", None, None),
            ("6月", None, None),
            ("长期", None, None),
            ("高温期", None, None),
            ("18天寒假班", None, None),
            ("2025-01春节前", day(2025, 1, 1), day(2025, 1, 31)),
        ];
        for (text, from, to) in cases {
            let found = read(text);
            assert_eq!((found.from, found.to), (from, to), "{text}");
            assert_eq!(found.original, text);
        }
    }

    #[test]
    fn hours_and_days_of_the_week_are_read() {
        let cases = [
            ("周末 9:00-17:00", Some((540, 1020)), Some(WEEKEND)),
            ("夜间18:00—次日8:00", Some((1080, 480)), None),
            ("每周三", None, Some(0b000_0100)),
            ("周一至周五", None, Some(WORKDAYS)),
            ("工作日17:30-21:30可入停", Some((1050, 1290)), Some(WORKDAYS)),
            ("24小时开放", Some((0, 1440)), None),
            ("周六、周日上午9点至11点半", Some((540, 690)), Some(WEEKEND)),
            ("每周二、四下午2点-4点", Some((840, 960)), Some(0b000_1010)),
            ("星期日", None, Some(0b100_0000)),
            ("节假日、双休日、下班时段", None, Some(WEEKEND)),
            ("每晚", None, None),
            ("暑假", None, None),
            ("每月1天", None, None),
            ("25:00-26:00", None, None),
        ];
        for (text, hours, weekdays) in cases {
            let found = read(text);
            assert_eq!((found.hours, found.weekdays), (hours, weekdays), "{text}");
        }
    }

    #[test]
    fn every_published_time_is_kept_and_most_are_read() {
        let times: Vec<&str> = published::lists().iter().filter_map(|row| row.time.as_deref()).collect();
        let read = times.iter().map(|text| read(text));
        let known =
            read.filter(|found| found.from.is_some() || found.hours.is_some() || found.weekdays.is_some());
        assert!(known.count() * 100 >= times.len() * 80);
    }
}
