//! Reads one number at the head of a text: Arabic (`1.5万`, `1,200`), Chinese (`三百`, `十五`, `两`), or mixed (`3千`).

/// A number in thousandths and how many characters it took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Numeral {
    /// The value times 1000: `1.5` is 1500.
    pub(super) milli: u64,
    /// Characters read.
    pub(super) length: usize,
}

/// The number a text begins with, or `None`. More than three decimals or a value past 10^15 is not read.
pub(super) fn leading(text: &[char]) -> Option<Numeral> {
    match text.first()? {
        first if first.is_ascii_digit() => arabic(text),
        _ => chinese(text),
    }
}

fn arabic(text: &[char]) -> Option<Numeral> {
    let mut milli: u64 = 0;
    let mut decimals: Option<u32> = None;
    let mut length = 0;
    for (position, &letter) in text.iter().enumerate() {
        let next_is_digit = text.get(position + 1).is_some_and(char::is_ascii_digit);
        match letter.to_digit(10) {
            Some(digit) => match &mut decimals {
                None => milli = milli.checked_mul(10)?.checked_add(u64::from(digit) * 1000)?,
                Some(3) => return None,
                Some(seen) => {
                    *seen += 1;
                    milli = milli.checked_add(u64::from(digit) * 10_u64.pow(3 - *seen))?;
                }
            },
            None if letter == '.' && decimals.is_none() && next_is_digit => decimals = Some(0),
            None if letter == ',' && decimals.is_none() && thousands(text.get(position + 1..)) => {}
            None => break,
        }
        length = position + 1;
    }
    let (factor, more) = scales(text.get(length..).unwrap_or_default());
    Some(Numeral { milli: bounded(milli.checked_mul(factor)?)?, length: length + more })
}

/// Whether exactly three digits follow.
fn thousands(text: Option<&[char]>) -> bool {
    let digits = text.unwrap_or_default().iter().take_while(|letter| letter.is_ascii_digit()).count();
    digits == 3
}

/// 千, 万, 百万, 亿 … after Arabic digits.
fn scales(text: &[char]) -> (u64, usize) {
    let mut factor = 1;
    let mut length = 0;
    for &letter in text {
        let Some(scale) = scale(letter).filter(|scale| *scale >= 100) else {
            break;
        };
        factor *= scale;
        length += 1;
        if length == 2 {
            break;
        }
    }
    (factor, length)
}

fn chinese(text: &[char]) -> Option<Numeral> {
    let (mut total, mut section, mut digit): (u64, u64, Option<u64>) = (0, 0, None);
    let mut length = 0;
    for &letter in text {
        if let Some(value) = digit_of(letter) {
            // 二〇二六 is a row of digits, not a number with places; it is left to the reader of dates.
            if digit.is_some_and(|seen| seen != 0) {
                return None;
            }
            digit = Some(value);
        } else if let Some(scale) = scale(letter) {
            if scale >= 10_000 {
                total = (total + section + digit.unwrap_or(0)).max(1).checked_mul(scale)?;
                section = 0;
            } else {
                section = section.saturating_add(digit.unwrap_or(1) * scale);
            }
            digit = None;
        } else {
            break;
        }
        length += 1;
    }
    // 万 or 百 alone is a word, not a number; 十 alone is ten.
    let bare_scale =
        length == 1 && text.first().is_some_and(|&only| only != '十' && digit_of(only).is_none());
    if length == 0 || bare_scale {
        return None;
    }
    let value = total.saturating_add(section).saturating_add(digit.unwrap_or(0));
    Some(Numeral { milli: bounded(value.checked_mul(1000)?)?, length })
}

fn bounded(milli: u64) -> Option<u64> {
    (milli <= 1_000_000_000_000_000_000).then_some(milli)
}

fn digit_of(letter: char) -> Option<u64> {
    Some(match letter {
        '零' | '〇' => 0,
        '一' | '壹' => 1,
        '二' | '两' | '贰' => 2,
        '三' | '叁' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    })
}

fn scale(letter: char) -> Option<u64> {
    Some(match letter {
        '十' | '拾' => 10,
        '百' | '佰' => 100,
        '千' | '仟' => 1000,
        '万' => 10_000,
        '亿' => 100_000_000,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_to_their_end() {
        let cases = [
            ("15户", Some((15_000, 2))),
            ("1.5万元", Some((15_000_000, 4))),
            ("1,200个", Some((1_200_000, 5))),
            ("3千人", Some((3_000_000, 2))),
            ("2百万元", Some((2_000_000_000, 3))),
            ("十五", Some((15_000, 2))),
            ("两把", Some((2_000, 1))),
            ("三百多", Some((300_000, 2))),
            ("二百零五", Some((205_000, 4))),
            ("一万两千", Some((12_000_000, 4))),
            ("十", Some((10_000, 1))),
            ("万家灯火", None),
            ("二六", None),
            ("若干", None),
            ("0.1234", None),
        ];
        for (text, expected) in cases {
            let letters: Vec<char> = text.chars().collect();
            assert_eq!(leading(&letters).map(|found| (found.milli, found.length)), expected, "{text}");
        }
    }
}
