//! Days, months and years in a text.

use chrono::{Months, NaiveDate};

/// A date as precise as it was worded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Partial {
    year: i32,
    month: Option<u32>,
    day: Option<u32>,
}

impl Partial {
    fn first(self) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(self.year, self.month.unwrap_or(1), self.day.unwrap_or(1))
    }

    fn last(self) -> Option<NaiveDate> {
        match (self.month, self.day) {
            (Some(_), Some(_)) => self.first(),
            (Some(_), None) => self.first()?.checked_add_months(Months::new(1))?.pred_opt(),
            (None, _) => NaiveDate::from_ymd_opt(self.year, 12, 31),
        }
    }
}

/// First and last day of the first date or span of dates in a text; the end is open after 起.
pub(super) fn span(text: &[char]) -> Option<(NaiveDate, Option<NaiveDate>)> {
    let start = year_at(text)?;
    // 至2014年底 tells an end only; a lone end bounds no first day, so it stays text.
    if start.checked_sub(1).and_then(|before| text.get(before)) == Some(&'~') {
        return None;
    }
    let mut rest = text.get(start..)?;
    let begin = partial(&mut rest)?;
    let from = begin.first()?;
    if matches!(rest, ['起' | '始', ..] | ['以', '来', ..] | ['开', '始', ..]) {
        return Some((from, None));
    }
    let end = match rest {
        ['-' | '~', after @ ..] => following(after, begin),
        _ => None,
    };
    let to = end.unwrap_or(begin).last()?;
    (to >= from).then_some((from, Some(to)))
}

/// Where a year 1990–2099 begins that is not the tail of a longer number.
fn year_at(text: &[char]) -> Option<usize> {
    (0..text.len()).find(|&start| {
        let free = start
            .checked_sub(1)
            .and_then(|before| text.get(before))
            .is_none_or(|before| !before.is_ascii_digit());
        let rest = text.get(start..).unwrap_or_default();
        let digits = rest.iter().take_while(|letter| letter.is_ascii_digit()).count();
        let plausible = number(rest, 4).is_some_and(|year| (1990..2100).contains(&year));
        free && digits == 4 && plausible && matches!(rest.get(4), None | Some('年' | '-' | '~' | '.' | '/'))
    })
}

/// A date with its year; `rest` moves past it.
fn partial(rest: &mut &[char]) -> Option<Partial> {
    let year = i32::try_from(number(rest, 4)?).ok()?;
    *rest = rest.get(4..)?;
    let mut found = Partial { year, month: None, day: None };
    // In 2025年-2026年 and 2025-2026 the hyphen leads to the end of a span, not to a month.
    match rest {
        ['年', after @ ..] if digits(after) > 0 => *rest = after,
        ['年', after @ ..] => {
            *rest = after;
            return Some(found);
        }
        ['-' | '.' | '/', after @ ..] if (1..=2).contains(&digits(after)) => *rest = after,
        _ => return Some(found),
    }
    let (month, closed) = piece(rest, &['月'])?;
    found.month = Some(month);
    let mut tried = match rest {
        ['-' | '.' | '/', after @ ..] if !closed => after,
        _ if closed => rest,
        _ => return Some(found),
    };
    if (1..=2).contains(&digits(tried)) {
        found.day = piece(&mut tried, &['日', '号']).map(|(day, _)| day);
        *rest = tried;
    }
    Some(found)
}

/// The end of a span, worded in full or with what changes only.
fn following(after: &[char], begin: Partial) -> Option<Partial> {
    let mut rest = after;
    if digits(rest) == 4 {
        return partial(&mut rest);
    }
    let length = digits(rest);
    let value = u32::try_from(number(rest, length)?).ok()?;
    rest = rest.get(length..)?;
    match (rest.first(), begin.day) {
        (Some('月'), _) => {
            rest = rest.get(1..)?;
            let day = piece(&mut rest, &['日', '号']).map(|(day, _)| day);
            Some(Partial { month: Some(value), day, ..begin })
        }
        (Some('-' | '.' | '/'), Some(_)) => {
            rest = rest.get(1..)?;
            let (day, _) = piece(&mut rest, &['日'])?;
            Some(Partial { month: Some(value), day: Some(day), ..begin })
        }
        (_, Some(_)) => Some(Partial { day: Some(value), ..begin }),
        (_, None) => begin.month.map(|_| Partial { month: Some(value), ..begin }),
    }
}

/// One or two digits, and whether a sign closed them.
fn piece(rest: &mut &[char], closings: &[char]) -> Option<(u32, bool)> {
    let length = digits(rest);
    if !(1..=2).contains(&length) {
        return None;
    }
    let value = u32::try_from(number(rest, length)?).ok()?;
    *rest = rest.get(length..)?;
    match rest.split_first() {
        Some((first, after)) if closings.contains(first) => {
            *rest = after;
            Some((value, true))
        }
        _ => Some((value, false)),
    }
}

fn digits(text: &[char]) -> usize {
    text.iter().take_while(|letter| letter.is_ascii_digit()).count()
}

fn number(text: &[char], length: usize) -> Option<u64> {
    let letters = text.get(..length).filter(|letters| !letters.is_empty())?;
    letters.iter().try_fold(0_u64, |sum, letter| Some(sum * 10 + u64::from(letter.to_digit(10)?)))
}
