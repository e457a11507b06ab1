//! The words of a change, in Chinese and in English: what somebody would have to do.

use super::{Change, Widening};
use crate::{matching::wording::Names, pairing::Supplier, refusal::wording::Language, window::Weekdays};

impl Change {
    /// One clause for a person: what would be different.
    pub fn message(&self, names: Names<'_>) -> String {
        match names.language {
            Language::Chinese => self.chinese(names),
            Language::English => self.english(names),
        }
    }

    fn chinese(&self, names: Names<'_>) -> String {
        match self {
            Self::Command(command) => format!("执行命令 {}", command.name()),
            Self::Wait { days } => format!("再等 {days} 天"),
            Self::At(moment) => format!("时间为 {moment}"),
            Self::LoseUnit(unit) => format!("{}退出", names.organization(*unit)),
            Self::InviteUnit { kind, engagements, .. } => {
                format!("再有一家{}加入,可认领 {engagements} 项", kind.label_zh())
            }
            Self::AddCapacity { supplier: Supplier::Resource(resource), more } => {
                format!("{}再增加 {more}", names.resource(*resource))
            }
            Self::AddCapacity { supplier: Supplier::Unit(unit), more } => {
                format!("{}多认领 {more} 项", names.organization(*unit))
            }
            Self::MultiplyWeight { factor, times } => {
                format!("「{}」的权重变为 {times} 倍", factor.label(Language::Chinese))
            }
            Self::MultiplyUrgency { times } => format!("紧急程度的加权变为 {times} 倍"),
            Self::WidenAsked { target, by } => format!("{}的时间{}", names.target(*target), by.chinese()),
            Self::WidenOffered { resource, by } => {
                format!("{}的时间{}", names.resource(*resource), by.chinese())
            }
            Self::ServeToo { resource, place } => {
                format!("{}也服务{}", names.resource(*resource), names.place(*place))
            }
            Self::Link(link) => {
                format!("{}与{}结对", names.organization(link.unit), names.place(link.community))
            }
            Self::RaiseCeiling { need, to } => format!("{}的资金上限提高到 {to} 元", names.need(*need)),
            Self::TakeAs { target, category } => {
                format!("{}按类别{}对接", names.target(*target), names.category(category))
            }
            Self::AcceptAnyForm { target } => format!("{}不限形式", names.target(*target)),
            Self::OpenToEverybody { target } => format!("{}不限服务对象", names.target(*target)),
            Self::CallEverybody { need } => format!("{}面向所有响应方", names.need(*need)),
            Self::LowerFitMin { to } => format!("最低契合度降到 {to}"),
        }
    }

    fn english(&self, names: Names<'_>) -> String {
        match self {
            Self::Command(command) => format!("the command {} is carried out", command.name()),
            Self::Wait { days: 1 } => "wait another day".into(),
            Self::Wait { days } => format!("wait another {days} days"),
            Self::At(moment) => format!("it is {moment}"),
            Self::LoseUnit(unit) => format!("{} leaves", names.organization(*unit)),
            Self::InviteUnit { kind, engagements, .. } => {
                format!("another unit joins ({}) and takes on {engagements}", kind.label_en())
            }
            Self::AddCapacity { supplier: Supplier::Resource(resource), more } => {
                format!("{more} more of {}", names.resource(*resource))
            }
            Self::AddCapacity { supplier: Supplier::Unit(unit), more } => {
                format!("{} takes on {more} more", names.organization(*unit))
            }
            Self::MultiplyWeight { factor, times } => {
                format!("{} counts {times} times as much", factor.label(Language::English))
            }
            Self::MultiplyUrgency { times } => format!("urgency counts {times} times as much"),
            Self::WidenAsked { target, by } => {
                format!("widen when {} may be served: {}", names.target(*target), by.english())
            }
            Self::WidenOffered { resource, by } => {
                format!("widen when {} is there: {}", names.resource(*resource), by.english())
            }
            Self::ServeToo { resource, place } => {
                format!("let {} serve {} too", names.resource(*resource), names.place(*place))
            }
            Self::Link(link) => {
                format!("pair {} with {}", names.organization(link.unit), names.place(link.community))
            }
            Self::RaiseCeiling { need, to } => {
                format!("raise the ceiling of {} to {to} yuan", names.need(*need))
            }
            Self::TakeAs { target, category } => {
                format!("take {} as a matter of {}", names.target(*target), names.category(category))
            }
            Self::AcceptAnyForm { target } => format!("accept any form for {}", names.target(*target)),
            Self::OpenToEverybody { target } => {
                format!("keep {} to no group of people", names.target(*target))
            }
            Self::CallEverybody { need } => format!("let {} call all responders", names.need(*need)),
            Self::LowerFitMin { to } => format!("lower the least fit to {to}"),
        }
    }
}

impl Widening {
    fn chinese(self) -> String {
        match self {
            Self::Days { earlier, later } => sides("提前", earlier.into(), "延后", later.into(), " 天"),
            Self::Minutes { earlier, later } => {
                sides("每天提前", earlier.into(), "每天延后", later.into(), " 分钟")
            }
            Self::Weekdays(days) => format!("增加{}", named(days, WEEKDAYS_ZH).join("、")),
        }
    }

    fn english(self) -> String {
        match self {
            Self::Days { earlier, later } => {
                sides("earlier by ", earlier.into(), "later by ", later.into(), " days")
            }
            Self::Minutes { earlier, later } => {
                sides("earlier by ", earlier.into(), "later by ", later.into(), " minutes a day")
            }
            Self::Weekdays(days) => format!("on {} too", named(days, WEEKDAYS_EN).join(", ")),
        }
    }
}

const WEEKDAYS_ZH: [&str; 7] = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];
const WEEKDAYS_EN: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

fn named(days: Weekdays, names: [&'static str; 7]) -> Vec<&'static str> {
    let set = names.into_iter().enumerate().filter(|(day, _)| days.0 >> day & 1 == 1);
    set.map(|(_, name)| name).collect()
}

/// The sides that are not 0.
fn sides(before: &str, earlier: u64, after: &str, later: u64, unit: &str) -> String {
    let side = |word: &str, by: u64| (by > 0).then(|| format!("{word}{by}{unit}"));
    let sides: Vec<String> = [side(before, earlier), side(after, later)].into_iter().flatten().collect();
    sides.join(", ")
}
