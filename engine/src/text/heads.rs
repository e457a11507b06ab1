//! Reads how many people or households a text speaks of: `银龄学员40人`, `22层176户`, `沿街商户60余家`.
//!
//! Promises: an age, a storey or a class year is never taken for a head count, and where a text leaves two readings
//! there is none.

use super::{
    numeral::leading,
    quantity::{after, after_vague},
    segment::half_width,
};

/// What stands behind a number of people.
const PEOPLE: [&str; 18] = [
    "人",
    "名",
    "位",
    "口",
    "居民",
    "村民",
    "群众",
    "业主",
    "学生",
    "老人",
    "儿童",
    "孩子",
    "青少年",
    "职工",
    "员工",
    "党员",
    "骑手",
    "志愿者",
];
/// What stands behind a number of households, or of shops and firms.
const HOUSEHOLDS: [&str; 3] = ["户", "家", "商户"];
/// Before a number: a rank, the end of a range, or part of a vaguer number.
const NOT_BEFORE: [char; 9] = ['第', '几', '数', '-', '~', '—', '–', '至', '到'];

/// How many people a text counts, else how many households; `None` when it counts neither, or several groups of them.
///
/// ```
/// use engine::text::heads::read;
/// assert_eq!(read("25名80岁以上独居老人"), Some(25));
/// assert_eq!(read("83岁患病老人"), None);
/// ```
#[must_use]
pub fn read(text: &str) -> Option<u64> {
    let letters: Vec<char> = text.chars().map(half_width).filter(|letter| !letter.is_whitespace()).collect();
    let (mut people, mut households) = (Vec::new(), Vec::new());
    let mut at = 0;
    while let Some(rest) = letters.get(at..).filter(|rest| !rest.is_empty()) {
        // What comes then is a part of what was told.
        if begins(rest, &["其中"]) {
            break;
        }
        let Some(number) = leading(rest) else {
            at += 1;
            continue;
        };
        let before = letters.get(at.saturating_sub(2)..at).unwrap_or_default();
        // 每户2人 is a rate.
        let told = !before.contains(&'每') && before.last().is_none_or(|letter| !NOT_BEFORE.contains(letter));
        at += number.length.max(1);
        let mut counted = letters.get(at..).unwrap_or_default();
        while let Some(after) = after_vague(counted).or_else(|| after(counted, "个")) {
            counted = after;
        }
        let whole =
            Some(number.milli).filter(|milli| *milli > 0 && milli % 1000 == 0).map(|milli| milli / 1000);
        let Some(amount) = whole.filter(|_| told) else { continue };
        if begins(counted, &PEOPLE) {
            people.push(amount);
        } else if begins(counted, &HOUSEHOLDS) {
            households.push(amount);
        }
    }
    match (people.as_slice(), households.as_slice()) {
        ([one], _) | ([], [one]) => Some(*one),
        _ => None,
    }
}

fn begins(rest: &[char], words: &[&str]) -> bool {
    words.iter().any(|word| after(rest, word).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_are_counted_and_nothing_else_is() {
        let cases = [
            ("银龄学员40人", Some(40)),
            ("近900名老人", Some(900)),
            ("约2500人次", Some(2500)),
            ("约300户", Some(300)),
            ("沿街商户60余家", Some(60)),
            ("园区42家小微企业", Some(42)),
            ("39个家庭", Some(39)),
            ("7000余居民", Some(7000)),
            ("22层176户", Some(176)),
            ("3单元24户停水", Some(24)),
            ("2000多户4000多居民", Some(4000)),
            ("6层12户，其中70岁以上老人9人", Some(12)),
            ("25名80岁以上独居老人", Some(25)),
            ("满意度调查160人100%", Some(160)),
            ("二十余户", Some(20)),
            ("独居老人一名", Some(1)),
            ("一家三口", Some(3)),
            ("１２户", Some(12)),
            ("83岁患病老人", None),
            ("80岁以上老党员", None),
            ("80余岁老人", None),
            ("10栋楼", None),
            ("小学1—4年级学生", None),
            ("一期二期学龄儿童", None),
            ("89岁五保户", None),
            ("200-1000人次/晚", None),
            ("每户2人", None),
            ("数十人", None),
            ("老人30人、儿童20人", None),
            ("0人", None),
            ("三无人员", None),
            ("居民", None),
            ("", None),
        ];
        for (text, count) in cases {
            assert_eq!(read(text), count, "{text}");
        }
    }
}
