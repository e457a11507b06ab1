//! Reads quantities as Chinese lists word them: `20余户`, `近600平方米`, `1.5万元`, `两把`, `每年2场`, `若干`.
//!
//! Promises: what cannot be read is kept as text and never guessed (`若干` and `每年` have no amount); the original is
//! always kept; the amount is in base units of its measure, so `1.5万元` is 15000.

use super::measure::{Measure, measure};
use super::numeral::{Numeral, leading};
use super::segment::half_width;

/// What a quantity text says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The amount in base units of `measure`; `None` when the text gives no number.
    pub amount: Option<u64>,
    /// The unit as the text words it, without the words that make it vague.
    pub unit: Option<String>,
    /// The dimension of the amount.
    pub measure: Measure,
    /// True for 余, 多, 近, 约, 左右, 以上, 不少于 and the like.
    pub approximate: bool,
    /// The text as it came.
    pub original: String,
}

/// Words before a number that make it vague.
const VAGUE_BEFORE: [&str; 13] =
    ["大约", "约", "近", "将近", "不少于", "不低于", "至少", "超过", "超", "最多", "不超过", "大概", "上"];
/// Words between number and unit, or at the end, that make it vague.
const VAGUE_AFTER: [&str; 8] = ["余", "多", "来", "左右", "以上", "以内", "上下", "几"];
/// Words of rhythm before a number; they say how often, not how much.
const RHYTHM: [&str; 10] = ["每年", "每月", "每周", "每天", "每日", "每季度", "每人", "每户", "全年", "共"];

/// Reads a quantity text.
///
/// ```
/// use engine::text::quantity::read;
/// let found = read("近1.5万元");
/// assert_eq!((found.amount, found.unit.as_deref(), found.approximate), (Some(15_000), Some("元"), true));
/// assert_eq!(read("若干").amount, None);
/// ```
#[must_use]
pub fn read(text: &str) -> Reading {
    let letters: Vec<char> = text.chars().map(half_width).filter(|letter| !letter.is_whitespace()).collect();
    let mut rest = letters.as_slice();
    let mut approximate = false;
    while let Some((after, vague)) = opening(rest) {
        rest = after;
        approximate |= vague;
    }
    match leading(rest) {
        Some(number) => with_number(text, rest, number, approximate),
        None => unread(text),
    }
}

fn opening(rest: &[char]) -> Option<(&[char], bool)> {
    let strip =
        |words: &[&str]| words.iter().filter_map(|word| after(rest, word)).min_by_key(|left| left.len());
    strip(&VAGUE_BEFORE).map(|left| (left, true)).or_else(|| strip(&RHYTHM).map(|left| (left, false)))
}

/// What follows a word at the head of a text.
pub(super) fn after<'a>(rest: &'a [char], word: &str) -> Option<&'a [char]> {
    let length = word.chars().count();
    let head = rest.get(..length)?;
    head.iter().copied().eq(word.chars()).then(|| rest.get(length..).unwrap_or_default())
}

/// What follows a word behind a number that makes it vague.
pub(super) fn after_vague(rest: &[char]) -> Option<&[char]> {
    VAGUE_AFTER.iter().find_map(|word| after(rest, word))
}

fn with_number(text: &str, rest: &[char], number: Numeral, approximate: bool) -> Reading {
    let mut left = rest.get(number.length..).unwrap_or_default();
    // 3-5场 is a range, 2/3 a fraction, 3月 a date: none of them is one amount.
    if left.first().is_some_and(|letter| "-~至到/:月年号.%".contains(*letter)) {
        return unread(text);
    }
    let mut approximate = approximate;
    let mut milli = number.milli;
    while let Some(after) = after_vague(left) {
        left = after;
        approximate = true;
        // 20余万元: the scale comes after the vague word.
        if let Some((factor, after)) = scale_first(left) {
            milli = milli.saturating_mul(factor);
            left = after;
        }
    }
    let tail: String = left.iter().collect();
    approximate |= VAGUE_AFTER.iter().any(|word| tail.ends_with(word)) || tail.contains("(多)");
    let unit = VAGUE_AFTER.iter().fold(tail.as_str(), |unit, word| unit.trim_end_matches(word)).to_owned();
    let (measure, factor) = measure(&unit);
    let amount = milli.checked_mul(factor).filter(|base| base % 1000 == 0).map(|base| base / 1000);
    match amount {
        Some(amount) => {
            let unit = Some(unit).filter(|unit| !unit.is_empty());
            Reading { amount: Some(amount), unit, measure, approximate, original: text.to_owned() }
        }
        None => unread(text),
    }
}

fn scale_first(left: &[char]) -> Option<(u64, &[char])> {
    match left.split_first()? {
        ('万', rest) => Some((10_000, rest)),
        ('亿', rest) => Some((100_000_000, rest)),
        _ => None,
    }
}

fn unread(text: &str) -> Reading {
    Reading { amount: None, unit: None, measure: Measure::Lot, approximate: false, original: text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_read_as_people_mean_them() {
        let cases = [
            ("3", Some(3), None, Measure::Lot, false),
            ("20余户", Some(20), Some("户"), Measure::Households, true),
            ("近600平方米", Some(600), Some("平方米"), Measure::Area, true),
            ("1.5万元", Some(15_000), Some("元"), Measure::Money, false),
            ("20余万元", Some(200_000), Some("元"), Measure::Money, true),
            ("两把", Some(2), Some("把"), Measure::Items, false),
            ("十五", Some(15), None, Measure::Lot, false),
            ("每年2场", Some(2), Some("场"), Measure::Sessions, false),
            ("三百多辆", Some(300), Some("辆"), Measure::Items, true),
            ("80余个车位", Some(80), Some("个车位"), Measure::Parking, true),
            ("约2亩", Some(1334), Some("亩"), Measure::Area, true),
            ("３00人左右", Some(300), Some("人"), Measure::People, true),
            ("不少于10人", Some(10), Some("人"), Measure::People, true),
            ("1,200元", Some(1200), Some("元"), Measure::Money, false),
            ("若干", None, None, Measure::Lot, false),
            ("每年", None, None, Measure::Lot, false),
            ("3-5场", None, None, Measure::Lot, false),
            ("2026年", None, None, Measure::Lot, false),
            ("1.5人", None, None, Measure::Lot, false),
            ("", None, None, Measure::Lot, false),
            ("面议", None, None, Measure::Lot, false),
        ];
        for (text, amount, unit, measure, approximate) in cases {
            let found = read(text);
            assert_eq!((found.amount, found.unit.as_deref()), (amount, unit), "{text}");
            assert_eq!((found.measure, found.approximate), (measure, approximate), "{text}");
            assert_eq!(found.original, text);
        }
    }
}
