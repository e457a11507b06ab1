//! The headings of tables: which field a column means, in Chinese and English with their synonyms.

use super::Kind;

/// What a heading means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Heading {
    pub(super) field: &'static str,
    /// The list a heading such as 需求名称 gives away.
    pub(super) kind: Option<Kind>,
    /// The unit in brackets of a heading such as 数量(平方米).
    pub(super) unit: Option<String>,
}

/// A field and the headings that mean it; headings are compared without blanks, brackets and case.
const HEADINGS: [(&str, &str); 37] = [
    ("title", "标题 名称 内容 事项 具体内容 服务内容 心愿 微心愿 title what"),
    ("detail", "详情 说明 备注 描述 detail description note notes"),
    ("leaf", "类别 分类 二级类别 需求类别 资源类别 项目类别 需求类型 资源类型 项目类型 leaf category"),
    ("top", "大类 一级类别 top"),
    (
        "org",
        "组织 单位名称 组织名称 提出单位 提供单位 责任单位 牵头单位 申报单位 发布单位 所属单位 提出方 提供方 org organization organisation poster",
    ),
    ("org_type", "单位类型 组织类型 单位性质 org_type orgtype"),
    ("unit_type", "unit_type unittype"),
    ("community", "社区 所属社区 所在社区 社区名称 community"),
    ("street", "街道 所属街道 所在街道 街道名称 镇街 street subdistrict"),
    ("city", "市 市区 区县 城市 所属区县 city district"),
    ("place", "地点 地址 位置 具体位置 place location"),
    ("quantity", "数量 需求数量 资源数量 规模 quantity amount"),
    ("unit", "单位 计量单位 unit"),
    ("time", "时间 时限 需求时间 提供时间 开放时间 服务时间 实施时间 完成时限 time when"),
    ("from", "开始日期 开始时间 起始日期 起 from start"),
    ("to", "结束日期 结束时间 截止日期 截止时间 止 to end until"),
    ("hours", "时段 开放时段 hours"),
    ("kind", "清单 类型 清单类型 kind list type"),
    ("id", "编号 序号 id no no. number #"),
    ("beneficiaries", "受益对象 服务对象 受益群体 受益人群 对象 beneficiaries beneficiary for"),
    ("status", "状态 进展 办理状态 完成情况 status state"),
    ("source", "来源 信息来源 出处 source"),
    ("channel", "渠道 吹哨渠道 来源渠道 channel"),
    ("urgency", "紧急程度 缓急 urgency"),
    ("ceiling", "资金上限 预算 预算上限 ceiling budget"),
    ("form", "形式 资源形式 form"),
    ("lots", "可用次数 可对接数 lots"),
    ("serves", "服务范围 服务社区 覆盖社区 serves"),
    ("conditions", "条件 使用条件 提供条件 conditions"),
    ("required", "最少需求项 required"),
    ("needs", "承接需求 对应需求 needs"),
    ("open_capacity", "认领上限 可认领数 open_capacity opencapacity"),
    ("level", "层级 级别 level"),
    ("parent", "上级 上级区域 parent"),
    ("relation", "关系 共建关系 relation"),
    ("name", "name"),
    ("slots", "slots"),
];

/// Headings that say the list besides the field.
const LISTS: [(&str, Kind, &str); 3] = [
    ("title", Kind::Need, "需求 需求名称 需求内容 需求事项 需求标题 心愿内容 need"),
    ("title", Kind::Resource, "资源 资源名称 资源内容 资源标题 resource"),
    ("title", Kind::Project, "项目 项目名称 项目内容 项目标题 project"),
];

/// What a heading means; `None` when nothing that is known.
pub(super) fn read(heading: &str) -> Option<Heading> {
    let (plain, bracket) = plain(heading);
    let is_it = |words: &str| words.split(' ').any(|word| word == plain);
    if let Some((field, kind, _)) = LISTS.iter().find(|(_, _, words)| is_it(words)) {
        return Some(Heading { field, kind: Some(*kind), unit: None });
    }
    let (field, _) = HEADINGS.iter().find(|(_, words)| is_it(words))?;
    let unit = bracket.filter(|_| *field == "quantity");
    Some(Heading { field, kind: None, unit })
}

/// The headings that are known, one of each field, as they are listed in hints.
pub(super) fn known() -> String {
    let first = |words: &str| words.split(' ').next().unwrap_or_default().to_owned();
    let words: Vec<String> = LISTS
        .iter()
        .map(|(_, _, words)| first(words))
        .chain(HEADINGS.iter().map(|(_, words)| first(words)))
        .filter(|word| !word.is_ascii())
        .collect();
    words.join(" ")
}

/// A heading without blanks, in small letters; what stood in brackets at its end comes apart.
fn plain(heading: &str) -> (String, Option<String>) {
    let letters: String = heading
        .chars()
        .filter(|letter| !letter.is_whitespace() && *letter != '*')
        .map(|letter| match letter {
            '（' => '(',
            '）' => ')',
            other => other,
        })
        .collect();
    let lower = letters.to_lowercase();
    match lower.split_once('(') {
        Some((head, tail)) if !head.is_empty() => {
            let inner = tail.trim_end_matches(')').to_owned();
            (head.to_owned(), Some(inner).filter(|inner| !inner.is_empty()))
        }
        _ => (lower, None),
    }
}
