//! Hours of the day and days of the week in a text.

/// Monday to Friday.
pub const WORKDAYS: u8 = 0b001_1111;
/// Saturday and Sunday.
pub const WEEKEND: u8 = 0b110_0000;

/// Minutes in a day.
const DAY: u16 = 24 * 60;

/// The first span of hours in a text: `9:00-17:00`, `18:00—次日8:00`, `上午9点至11点半`, `24小时`, `全天`.
pub(super) fn hours(text: &[char]) -> Option<(u16, u16)> {
    let joined: String = text.iter().collect();
    if joined.contains("24小时") || joined.contains("全天") {
        return Some((0, DAY));
    }
    (0..text.len()).find_map(|start| {
        let fresh = start
            .checked_sub(1)
            .and_then(|before| text.get(before))
            .is_none_or(|before| !before.is_ascii_digit());
        if !fresh || !text.get(start).is_some_and(char::is_ascii_digit) {
            return None;
        }
        let (begin, rest) = moment(text.get(start..)?, afternoon(text.get(..start)?))?;
        let rest = match rest {
            ['-' | '~', after @ ..] => after,
            _ => return None,
        };
        let (rest, next_day) = match rest {
            ['次' | '第', '二' | '日', '日' | '天', after @ ..] | ['次' | '翌', '日' | '晨', after @ ..] => {
                (after, true)
            }
            _ => (rest, false),
        };
        let (rest, late) = skip_part_of_day(rest)
            .unwrap_or((rest, begin >= DAY / 2 && !next_day && afternoon(text.get(..start)?)));
        let (end, _) = moment(rest, late)?;
        Some((begin, end))
    })
}

/// The days of the week a text names: 每周三, 周一至周五, 工作日, 周末.
pub(super) fn weekdays(text: &[char]) -> Option<u8> {
    let joined: String = text.iter().collect();
    let workdays = ["工作日", "平日"].iter().any(|word| joined.contains(word));
    let weekend = ["周末", "双休日", "休息日"].iter().any(|word| joined.contains(word));
    let named = named(text);
    let days = match (named, workdays, weekend) {
        (0, true, _) => WORKDAYS,
        (0, false, true) => WEEKEND,
        (named, _, _) => named,
    };
    (days != 0).then_some(days)
}

fn named(text: &[char]) -> u8 {
    let mut days = 0;
    let mut rest = text;
    while let Some((&first, after)) = rest.split_first() {
        rest = after;
        let listed = match (first, after) {
            ('周', _) => after,
            ('星', ['期', after @ ..]) | ('礼', ['拜', after @ ..]) => after,
            _ => continue,
        };
        days |= days_of(listed);
    }
    days
}

/// The days after 周: `三`, `二、四`, `一~五`, `一~周五`.
fn days_of(listed: &[char]) -> u8 {
    let mut days = 0;
    let mut last: Option<u32> = None;
    let mut spanning = false;
    for &letter in listed {
        match weekday(letter) {
            Some(day) => {
                let from = last.filter(|from| spanning && *from <= day).unwrap_or(day);
                days |= (from..=day).fold(0, |bits, day| bits | 1_u8 << day);
                last = Some(day);
                spanning = false;
            }
            None if "-~".contains(letter) => spanning = true,
            None if "、,和及周".contains(letter) => {}
            None => break,
        }
    }
    days
}

fn weekday(letter: char) -> Option<u32> {
    "一二三四五六"
        .chars()
        .position(|name| name == letter)
        .and_then(|day| u32::try_from(day).ok())
        .or("日天".contains(letter).then_some(6))
}

/// Minutes of the day of `9:00`, `9点`, `9点半`, `9时30分`; `late` adds twelve hours to the small ones.
fn moment(text: &[char], late: bool) -> Option<(u16, &[char])> {
    let digits = text.iter().take_while(|letter| letter.is_ascii_digit()).count();
    let hour = small(text.get(..digits)?)?;
    let rest = text.get(digits..)?;
    let (minute, rest) = match rest {
        [':', tens, ones, after @ ..] => (small(&[*tens, *ones])?, after),
        ['点', '半', after @ ..] | ['时', '半', after @ ..] => (30, after),
        ['点' | '时', tens, ones, '分', after @ ..] => (small(&[*tens, *ones])?, after),
        ['点' | '时', after @ ..] => (0, after),
        _ => return None,
    };
    let hour = if late && hour < 12 { hour + 12 } else { hour };
    let minutes = hour * 60 + minute;
    (minute < 60 && minutes <= DAY).then_some((minutes, rest))
}

/// A number of one or two digits.
fn small(digits: &[char]) -> Option<u16> {
    if !(1..=2).contains(&digits.len()) {
        return None;
    }
    digits.iter().try_fold(0, |sum, letter| Some(sum * 10 + u16::try_from(letter.to_digit(10)?).ok()?))
}

/// Whether the words just before a time say afternoon or evening.
fn afternoon(before: &[char]) -> bool {
    matches!(before, [.., '下', '午'] | [.., '晚', '上'] | [.., '傍', '晚'] | [.., '晚'])
}

/// Skips 上午, 下午, 晚上 before the end of a span; says whether it was a late part of the day.
fn skip_part_of_day(text: &[char]) -> Option<(&[char], bool)> {
    match text {
        ['下', '午', rest @ ..] | ['晚', '上', rest @ ..] | ['傍', '晚', rest @ ..] => {
            Some((rest, true))
        }
        ['晚', rest @ ..] => Some((rest, true)),
        ['上', '午', rest @ ..] | ['凌', '晨', rest @ ..] | ['早', '上', rest @ ..] => {
            Some((rest, false))
        }
        _ => None,
    }
}
