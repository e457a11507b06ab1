//! The words of the matching in Chinese and English: factors, causes, reasons for a pairing.
//!
//! Where a message speaks of something that has a name it takes the [`Names`] of a state.

mod names;

pub use names::Names;

use super::{
    explaining::{
        Worth,
        difference::Why,
        remedies::Remedy,
        unmet::{Withheld, Withholding},
    },
    joint::{Kind, Role},
};
use crate::{
    identity::OrganizationId,
    pairing::{Factor, FactorKind, Fit},
    plan::{Cause, UnmetReason},
    refusal::wording::Language,
};

impl FactorKind {
    /// The stable code, as shown to programs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Category => "CATEGORY",
            Self::Roster => "ROSTER",
            Self::Distance => "DISTANCE",
            Self::Window => "WINDOW",
            Self::Wording => "WORDING",
            Self::Affinity => "AFFINITY",
            Self::Freshness => "FRESHNESS",
            Self::Record => "RECORD",
        }
    }

    /// What it is called.
    pub const fn label(self, language: Language) -> &'static str {
        match (language, self) {
            (Language::Chinese, Self::Category) => "类别相符",
            (Language::Chinese, Self::Roster) => "包联/双报到/结对关系",
            (Language::Chinese, Self::Distance) => "距离",
            (Language::Chinese, Self::Window) => "时间重合",
            (Language::Chinese, Self::Wording) => "文字相近",
            (Language::Chinese, Self::Affinity) => "单位类型与专长",
            (Language::Chinese, Self::Freshness) => "清单新鲜度",
            (Language::Chinese, Self::Record) => "履约记录",
            (Language::English, Self::Category) => "category",
            (Language::English, Self::Roster) => "standing relation",
            (Language::English, Self::Distance) => "distance",
            (Language::English, Self::Window) => "time in common",
            (Language::English, Self::Wording) => "similar wording",
            (Language::English, Self::Affinity) => "what such units take up",
            (Language::English, Self::Freshness) => "freshness",
            (Language::English, Self::Record) => "track record",
        }
    }
}

impl Fit {
    /// The reasons for a pairing, the weightiest first: each factor with its value and its share.
    pub fn reasons(&self, language: Language) -> Vec<String> {
        let mut factors = self.factors.clone();
        factors.sort_by_key(|factor| std::cmp::Reverse(u32::from(factor.value) * u32::from(factor.weight)));
        factors.iter().map(|factor| factor.message(language)).collect()
    }
}

impl Factor {
    fn message(&self, language: Language) -> String {
        let Self { kind, value, weight, assumed } = *self;
        let label = kind.label(language);
        match (language, assumed) {
            (Language::Chinese, false) => format!("{label} {value}/1000(权重 {weight})"),
            (Language::Chinese, true) => format!("{label} 未注明,按 {value}/1000 计(权重 {weight})"),
            (Language::English, false) => format!("{label}: {value}/1000 at weight {weight}"),
            (Language::English, true) => {
                format!("{label}: not stated, counted as {value}/1000 at weight {weight}")
            }
        }
    }
}

impl Cause {
    /// What it means, and the nearest change that would lift it.
    pub const fn message(self, language: Language) -> &'static str {
        match (language, self) {
            (Language::Chinese, Self::NoCandidate) => {
                "没有可用的资源或单位;可邀请单位登记资源,或提高单位的认领上限"
            }
            (Language::Chinese, Self::AlreadySettled) => "清单注明已有着落,不再匹配",
            (Language::Chinese, Self::CarriedByProject) => "由共建项目承接,通过项目的需求项落实",
            (Language::Chinese, Self::CategoryDiffers) => "类别不符;可调整类别或在类别表中列为可替代",
            (Language::Chinese, Self::FormDiffers) => "形式不符(物、服务、工程、场地、资金、人力)",
            (Language::Chinese, Self::MeasureDiffers) => "计量单位不可换算;请用同一单位写明数量",
            (Language::Chinese, Self::TooSmall) => "规模不够;可减少所需数量或另找更大的资源",
            (Language::Chinese, Self::NoCommonDay) => "日期没有重合;可放宽起止日期",
            (Language::Chinese, Self::NoCommonWeekday) => "星期没有重合;可换一天",
            (Language::Chinese, Self::NoCommonHour) => "时段没有重合;可放宽时段",
            (Language::Chinese, Self::PlaceNotServed) => "不在服务范围,也没有包联或结对关系;可建立结对",
            (Language::Chinese, Self::BeneficiaryDiffers) => "服务对象不同;可放宽服务对象",
            (Language::Chinese, Self::ResponderDiffers) => "不是该吹哨渠道的响应方;可换一种渠道",
            (Language::Chinese, Self::OverCeiling) => "超过资金上限;可提高上限",
            (Language::Chinese, Self::NothingRemains) => "资源已用完;可等待释放或增加供给",
            (Language::Chinese, Self::SameOrganization) => "供需双方为同一组织",
            (Language::Chinese, Self::Declined) => "双方曾对接,一方已谢绝",
            (Language::Chinese, Self::AlreadyPaired) => "双方已有一笔对接;其余部分可由他方承接",
            (Language::Chinese, Self::FitTooLow) => "契合度低于最低要求;可手工提出,或降低最低契合度",
            (Language::Chinese, Self::CapacityContested) => "本可对接,但余量被更合适的需求占用;可增加供给",
            (Language::Chinese, Self::ProjectIncomplete) => {
                "本可对接,但项目必需的其他需求项尚无着落,整个项目暂不启动;可先补齐那些需求项"
            }
            (Language::English, Self::NoCandidate) => {
                "no resource or unit is available; invite units to post, or let units take on more"
            }
            (Language::English, Self::AlreadySettled) => "the list says it is settled, so it is not matched",
            (Language::English, Self::CarriedByProject) => "carried by a project: served through its slots",
            (Language::English, Self::CategoryDiffers) => {
                "another category; change it, or list the two as substitutable"
            }
            (Language::English, Self::FormDiffers) => {
                "another form (goods, service, works, venue, money, people)"
            }
            (Language::English, Self::MeasureDiffers) => {
                "the amounts count different things; state both in the same unit"
            }
            (Language::English, Self::TooSmall) => "too small; ask for less, or find something larger",
            (Language::English, Self::NoCommonDay) => "no common day; widen the dates",
            (Language::English, Self::NoCommonWeekday) => "no common day of the week; take another day",
            (Language::English, Self::NoCommonHour) => "no common hour; widen the hours",
            (Language::English, Self::PlaceNotServed) => {
                "the place is not served and no roster link helps; link the unit to the community"
            }
            (Language::English, Self::BeneficiaryDiffers) => "meant for other people; widen whom it is for",
            (Language::English, Self::ResponderDiffers) => {
                "not the class of responders this whistle calls; take another channel"
            }
            (Language::English, Self::OverCeiling) => "over the money ceiling; raise it",
            (Language::English, Self::NothingRemains) => "nothing of it remains; wait, or add supply",
            (Language::English, Self::SameOrganization) => "both sides are the same organization",
            (Language::English, Self::Declined) => "the two were paired before and one side declined",
            (Language::English, Self::AlreadyPaired) => {
                "the two are paired already; what is left is for others"
            }
            (Language::English, Self::FitTooLow) => {
                "fits less than the rules ask; request it by hand, or lower the least fit"
            }
            (Language::English, Self::CapacityContested) => {
                "it would fit, but needs that fit better use all that remains; add supply"
            }
            (Language::English, Self::ProjectIncomplete) => {
                "it would fit, but the project cannot go ahead without other slots; find somebody for those"
            }
        }
    }
}

impl UnmetReason {
    /// One sentence for a person: the cause, and how many candidates it shut out.
    pub fn message(&self, language: Language) -> String {
        let cause = self.cause.message(language);
        match (language, self.candidates) {
            (_, 0) => cause.to_owned(),
            (Language::Chinese, count) => format!("{count} 个候选:{cause}"),
            (Language::English, 1) => format!("1 candidate: {cause}"),
            (Language::English, count) => format!("{count} candidates: {cause}"),
        }
    }
}

impl Role {
    /// What it is called in Chinese.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Pays => "出资",
            Self::Supplies => "供物",
            Self::Builds => "施工",
            Self::Staffs => "出人",
            Self::Hosts => "提供场地",
            Self::Serves => "服务",
        }
    }

    /// What it is called.
    pub const fn label(self, language: Language) -> &'static str {
        match (language, self) {
            (Language::Chinese, role) => role.zh(),
            (Language::English, Self::Pays) => "pays",
            (Language::English, Self::Supplies) => "supplies",
            (Language::English, Self::Builds) => "builds",
            (Language::English, Self::Staffs) => "staffs",
            (Language::English, Self::Hosts) => "hosts",
            (Language::English, Self::Serves) => "serves",
        }
    }
}

impl Worth {
    /// As a share of an ordinary need met in full at the best fit.
    pub fn message(self, language: Language) -> String {
        let per_mille = self.per_mille();
        match language {
            Language::Chinese => format!("相当于一项普通需求全部满足的 {per_mille}‰"),
            Language::English => format!("{per_mille}‰ of an ordinary need met in full"),
        }
    }
}

impl Remedy {
    /// One sentence for a person: what to change, and how far that goes.
    pub fn message(&self, names: Names<'_>) -> String {
        let changes: Vec<String> = self.changes.iter().map(|change| change.message(names)).collect();
        match (names.language, self.in_full) {
            (Language::Chinese, true) => format!("{}:即可全部对接", changes.join(",并且")),
            (Language::Chinese, false) => format!("{}:可对接到 {}", changes.join(",并且"), self.reaches),
            (Language::English, true) => format!("{}: enough for all of it", changes.join(" and ")),
            (Language::English, false) => format!("{}: enough for {}", changes.join(" and "), self.reaches),
        }
    }
}

impl Withheld {
    /// Why a need does not get what this could give.
    pub fn message(&self, names: Names<'_>) -> String {
        let supplier = names.supplier(self.supplier);
        match (names.language, self.why) {
            (Language::Chinese, Withholding::Rests(_)) => {
                format!("{supplier}已承担较多,再承担一项的负担超过所得")
            }
            (Language::Chinese, Withholding::HeldFor(target)) => {
                format!("{supplier}留给了{},该项目须整体落实", names.target(target))
            }
            (Language::English, Withholding::Rests(_)) => {
                format!("{supplier} bears much already: another engagement would burden it more than it adds")
            }
            (Language::English, Withholding::HeldFor(target)) => {
                format!(
                    "{supplier} is held for {}, whose project goes ahead as a whole",
                    names.target(target)
                )
            }
        }
    }
}

impl Why {
    /// Why a pairing is new, gone or changed.
    pub fn message(self, names: Names<'_>) -> String {
        match names.language {
            Language::Chinese => self.chinese(names),
            Language::English => self.english(names),
        }
    }

    fn chinese(self, names: Names<'_>) -> String {
        match self {
            Self::TakenUp => "已手工提出、认领或达成".into(),
            Self::NeedGone => "需求已不再开放".into(),
            Self::GiverGone => "资源或单位已不在".into(),
            Self::NotEligible(cause) => format!("不再符合:{}", cause.message(names.language)),
            Self::EligibleNow(cause) => format!("此前不符合:{}", cause.message(names.language)),
            Self::NeedNew => "新的需求".into(),
            Self::GiverNew => "新的资源或单位".into(),
            Self::WantsOtherwise => "需求数量有变".into(),
            Self::HasOtherwise => "余量有变".into(),
            Self::InsteadBy(supplier) => format!("改由{}对接", names.supplier(supplier)),
            Self::InsteadOf(supplier) => format!("替代{}", names.supplier(supplier)),
            Self::OutbidBy(target) => format!("余量让给了更合适的{}", names.target(target)),
            Self::LeftBy(target) => format!("{}让出了余量", names.target(target)),
            Self::RulesChanged => "街道规则有变".into(),
            Self::Rebalanced => "整体更优".into(),
        }
    }

    fn english(self, names: Names<'_>) -> String {
        match self {
            Self::TakenUp => "it was requested by hand, claimed or agreed".into(),
            Self::NeedGone => "the need is no longer open".into(),
            Self::GiverGone => "the resource or unit is no longer there".into(),
            Self::NotEligible(cause) => format!("no longer eligible: {}", cause.message(names.language)),
            Self::EligibleNow(cause) => format!("not eligible before: {}", cause.message(names.language)),
            Self::NeedNew => "the need is new".into(),
            Self::GiverNew => "the resource or unit is new".into(),
            Self::WantsOtherwise => "the need wants another quantity".into(),
            Self::HasOtherwise => "another capacity is left".into(),
            Self::InsteadBy(supplier) => format!("{} serves it instead", names.supplier(supplier)),
            Self::InsteadOf(supplier) => format!("instead of {}", names.supplier(supplier)),
            Self::OutbidBy(target) => format!("outbid by {}", names.target(target)),
            Self::LeftBy(target) => format!("{} left the capacity", names.target(target)),
            Self::RulesChanged => "the street's rules changed".into(),
            Self::Rebalanced => "the plan as a whole is worth more so".into(),
        }
    }
}

impl Kind {
    /// Why things belong together.
    pub fn message(&self, names: Names<'_>) -> String {
        match (names.language, self) {
            (Language::Chinese, Self::Together { community }) => {
                format!("{}的同类需求,时间可以安排在一起", names.place(*community))
            }
            (Language::Chinese, Self::Shared { target }) => {
                format!("{}由几家单位分工承担", names.target(*target))
            }
            (Language::Chinese, Self::Exchange { organizations }) => {
                format!("互相提供:{}", ring(names, organizations))
            }
            (Language::English, Self::Together { community }) => {
                format!("kindred needs of {} at times in common", names.place(*community))
            }
            (Language::English, Self::Shared { target }) => {
                format!("{} in several roles", names.target(*target))
            }
            (Language::English, Self::Exchange { organizations }) => {
                format!("each gives to the next: {}", ring(names, organizations))
            }
        }
    }
}

/// Round to where it began.
fn ring(names: Names<'_>, organizations: &[OrganizationId]) -> String {
    let all = organizations.iter().chain(organizations.first());
    all.map(|organization| names.organization(*organization)).collect::<Vec<_>>().join(" → ")
}
