//! Units of measure: which dimension a unit text means, and how many base units one of it is.
//!
//! Two quantities are commensurable when their [`Measure`] is equal. Texts found in real lists are understood with their
//! trimmings: 余个车位, 个车位(多), 元(上限), 名60岁以上老人.

use super::segment::{half_width, normalise};

pub use crate::quantity::Measure;

/// A dimension, base units per unit, and the words that mean it.
type Row = (Measure, u64, &'static str);

/// Whole words, tried before [`WITHIN`].
const EXACT: [Row; 15] = [
    (Measure::Money, 1, "元 块 块钱 圆 人民币 rmb"),
    (Measure::Money, 1_000, "千元"),
    (Measure::Money, 10_000, "万 万元 万块"),
    (Measure::Money, 100_000_000, "亿元"),
    (Measure::Area, 1, "平 平米 平方 平方米 m2 方"),
    (Measure::People, 1, "人 名 位 人次 人员 口"),
    (Measure::Households, 1, "户 家 家庭"),
    (Measure::Sessions, 1, "场 次 节 课时 期 场次 堂 回 班次 轮 讲"),
    (Measure::Hours, 1, "小时 时 钟头 工时 h"),
    (Measure::Days, 1, "天 日"),
    (
        Measure::Items,
        1,
        "个 件 台 把 张 份 套 盏 辆 只 副 本 册 棵 株 盆 袋 瓶 箱 盒 双 床 条 根 块 部 支 组 批 幅 盘 桶 包 桌 顶 架 处 间 座 米 斤 公斤",
    ),
    (Measure::Lot, 1, "项 一批"),
    (Measure::Points, 1, "分 积分"),
    (Measure::Days, 7, "周 星期"),
    (Measure::Days, 30, "个月"),
];

/// Words within a longer text; the first line that matches wins.
const WITHIN: [Row; 11] = [
    (Measure::Parking, 1, "车位 泊位 停车位"),
    (Measure::Money, 10_000, "万元"),
    (Measure::Money, 1, "元"),
    (Measure::Area, 1, "平方米 平米 m2"),
    (Measure::People, 1, "人次 老人 儿童 学生 志愿者 职工 员工 居民 党员 青少年 岗位 孩子"),
    (Measure::Households, 1, "户 家庭"),
    (Measure::Sessions, 1, "课时 场次 讲座"),
    (Measure::Hours, 1, "小时 工时"),
    (Measure::Points, 1, "积分"),
    (Measure::Lot, 1, "项目"),
    (Measure::Items, 1, "个 件 台 把"),
];

/// The dimension a unit text means and how many base units one of it is. An acre is 亩: 667 square metres.
///
/// ```
/// use engine::text::measure::{Measure, measure};
/// assert_eq!(measure("万元"), (Measure::Money, 10_000));
/// assert_eq!(measure("余个车位"), (Measure::Parking, 1));
/// assert_eq!(measure("名60岁以上老人"), (Measure::People, 1));
/// assert_eq!(measure(""), (Measure::Lot, 1));
/// assert_eq!(measure("里弄"), (Measure::Other("里弄".into()), 1));
/// ```
#[must_use]
pub fn measure(unit: &str) -> (Measure, u64) {
    let plain = plain(unit);
    if plain.is_empty() {
        return (Measure::Lot, 1);
    }
    if plain == "亩" {
        return (Measure::Area, 667);
    }
    let exact = EXACT.iter().find(|(_, _, words)| words.split(' ').any(|word| word == plain));
    let within = || WITHIN.iter().find(|(_, _, words)| words.split(' ').any(|word| plain.contains(word)));
    // 名 and 户 at the head count whatever is named after them: 名60岁以上老人, 户独居老人.
    let headed = match plain.chars().next() {
        Some('名' | '位') => Some((Measure::People, 1)),
        Some('户') => Some((Measure::Households, 1)),
        _ => None,
    };
    let owned = |row: &Row| (row.0.clone(), row.1);
    exact.map(owned).or(headed).or_else(|| within().map(owned)).unwrap_or((Measure::Other(plain), 1))
}

/// The text without brackets and what they hold, 余/多/左右 and blanks.
fn plain(unit: &str) -> String {
    let mut depth = 0_u32;
    let mut kept = String::new();
    for letter in unit.chars().map(half_width) {
        match letter {
            '(' | '[' | '【' => depth += 1,
            ')' | ']' | '】' => depth = depth.saturating_sub(1),
            _ if depth == 0 => kept.push(letter),
            _ => {}
        }
    }
    let normal: String =
        normalise(&kept.replace('㎡', "平方米")).chars().filter(|letter| !letter.is_whitespace()).collect();
    let trimmed = normal.trim_start_matches(['余', '多', '来', '几']);
    trimmed.trim_end_matches("左右").trim_end_matches("以上").trim_end_matches("以内").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::published;

    #[test]
    fn unit_texts_of_real_lists_are_understood() {
        let cases = [
            ("个车位(多)", Measure::Parking, 1),
            ("余个车位", Measure::Parking, 1),
            ("个车位缺口", Measure::Parking, 1),
            ("个停车位", Measure::Parking, 1),
            ("元(上限)", Measure::Money, 1),
            ("元补贴(多)", Measure::Money, 1),
            ("万元帮扶", Measure::Money, 10_000),
            ("名老人", Measure::People, 1),
            ("名60岁以上老人", Measure::People, 1),
            ("名困难职工", Measure::People, 1),
            ("户独居老人", Measure::Households, 1),
            ("平方米", Measure::Area, 1),
            ("㎡", Measure::Area, 1),
            ("亩", Measure::Area, 667),
            ("场", Measure::Sessions, 1),
            ("课时", Measure::Sessions, 1),
            ("把", Measure::Items, 1),
            ("余人", Measure::People, 1),
            ("个岗位", Measure::People, 1),
            ("积分", Measure::Points, 1),
            ("项", Measure::Lot, 1),
            (" ", Measure::Lot, 1),
        ];
        for (text, expected, factor) in cases {
            assert_eq!(measure(text), (expected, factor), "{text}");
        }
    }

    #[test]
    fn few_published_units_stay_other() {
        let units: Vec<&str> = published::lists().iter().filter_map(|row| row.unit.as_deref()).collect();
        let other: Vec<&&str> =
            units.iter().filter(|unit| matches!(measure(unit).0, Measure::Other(_))).collect();
        assert!(other.len() * 5 <= units.len(), "{} of {}: {other:?}", other.len(), units.len());
    }
}
