//! The words of a refusal, in Chinese and in English: what was wrong, and what would be right.

use super::{Missing, Problem, Refusal};
use crate::permission::Right;

/// The language of a message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// 中文, the language of the street.
    #[default]
    Chinese,
    /// English.
    English,
}

impl Refusal {
    /// One sentence for a person.
    pub fn message(&self, language: Language) -> String {
        match language {
            Language::Chinese => self.chinese(),
            Language::English => self.english(),
        }
    }

    fn chinese(&self) -> String {
        match self {
            Self::NotAllowed { right } => format!("没有权限:需要{}", right_chinese(right)),
            Self::StreetNotOpened => "日志中还没有街道,请先开通街道".into(),
            Self::StreetAlreadyOpened { name } => format!("日志已属于「{name}」"),
            Self::Invalid { field, problem } => format!("{field}:{}", problem_chinese(problem)),
            Self::NotFound { field, missing } => format!("{field}:没有{}", missing_name(missing)),
            Self::NameTaken { name } => format!("名称「{name}」已被使用"),
            Self::ReferenceTaken { reference, .. } => {
                format!("编号「{reference}」已有另一条内容不同的记录")
            }
            Self::PlaceTooHigh { level, parent } => {
                format!("{}不能放在{}之下:层级必须低于上级", level.zh(), parent.zh())
            }
            Self::CategoryInUse { code } => format!("类别 {code} 仍在使用,不能停用"),
            Self::AlreadyLinked => "该共建关系已经登记".into(),
            Self::NotLinked => "没有这条共建关系".into(),
            Self::TokenTaken => "令牌重复,请重新生成".into(),
            Self::AlreadyRevoked => "该成员此前已被停用".into(),
            Self::RevisionPassed { seen, current } => {
                format!("内容已被他人修改(您看到第{seen}版,现为第{current}版),请刷新后再改")
            }
            Self::AlreadyWithdrawn => "此前已撤回".into(),
            Self::TargetNotOpen { target } => format!("{target} 已撤回、已办结或已满足,不能再对接"),
            Self::SupplierNotOpen { supplier } => format!("{supplier} 已撤回或已停止提供"),
            Self::TakesUpNoNeeds { organization } => {
                format!("{organization} 不直接认领需求,只有驻区单位和队伍可以")
            }
            Self::BelowPromised { promised, left } => {
                format!("已承诺 {promised},不能减少到 {left}")
            }
            Self::PromisedOtherwise => "已有承诺按原计量方式登记,不能更换计量单位".into(),
            Self::StillAgreed { agreed } => format!("仍有已达成的对接(数量 {agreed}),请先解除"),
            Self::CapacityExceeded { supplier, draws, remaining } => {
                format!("{supplier} 只剩 {remaining},不能再占用 {draws}")
            }
            Self::MoreThanAsked { target, quantity, unserved } => {
                format!("{target} 只还需要 {unserved},不能给 {quantity}")
            }
            Self::SameOrganization => "供需双方是同一组织".into(),
            Self::NotASide { organization } => format!("{organization} 不是这项对接的任何一方"),
            Self::AlreadyPaired { pairing } => format!("双方已有对接 {pairing}"),
            Self::AlreadyClaimed { .. } => "本方已经认领".into(),
            Self::ClaimLapsed { until } => format!("认领已于 {until} 过期"),
            Self::PairingNot { pairing, wanted, is } => {
                format!("{pairing} 当前状态为 {is},此操作需要 {wanted}")
            }
            Self::NeedCarried { need, by } => {
                format!("{need} 已由共建项目 {by} 承接,一项需求同时只由一个项目承接")
            }
            Self::PlanStale { target, supplier } => {
                format!("方案已过时:{target} 与 {supplier} 的对接不再成立,请重新匹配")
            }
            Self::NotInState { entity, wanted, is } => {
                format!("{entity} 当前状态为 {is},此操作需要 {wanted}")
            }
            Self::NotAParty { organization, entity } => format!("{organization} 不是 {entity} 的参与方"),
            Self::AlreadyDone { entity } => format!("{entity} 此前已办理过,无需重复"),
            Self::NotAlike { need, other } => {
                format!("{need} 与 {other} 的计量单位或地点不同,不能合并")
            }
            Self::MoreThanAgreed { pairing, quantity, left } => {
                format!("{pairing} 尚未交付的只有 {left},不能交付 {quantity}")
            }
            Self::DeliveryOpen { delivery } => format!("{delivery} 还未确认、更正或撤回,请先处理"),
            Self::CallOver { until } => format!("揭榜已于 {until} 截止"),
            Self::CeilingExceeded { yuan, ceiling } => {
                format!("资金合计 {yuan} 元,超过上限 {ceiling} 元")
            }
            Self::BalanceTooLow { organization, wanted, left, .. } => {
                format!("{organization} 的余额为 {left},不足以兑换 {wanted}")
            }
            Self::JointClaimWaits { pairing } => format!("联合认领尚缺 {pairing} 的供给方认领"),
            Self::NotAhead { field } => format!("{field}:应晚于当前时间"),
            Self::ContactGivenBefore { contact } => format!("{contact} 的编号已用过,请重新登记"),
            Self::ContactErasedBefore { contact, at } => format!("{contact} 已于 {at} 删除"),
            Self::SignOnTaken { member } => format!("该统一身份已绑定 {member}"),
        }
    }

    fn english(&self) -> String {
        match self {
            Self::NotAllowed { right } => {
                format!("not allowed: this needs {}", right_english(right))
            }
            Self::StreetNotOpened => "the log holds no street yet; open one first".into(),
            Self::StreetAlreadyOpened { name } => format!("the log belongs to {name:?} already"),
            Self::Invalid { field, problem } => format!("{field}: {}", problem_english(problem)),
            Self::NotFound { field, missing } => {
                format!("{field}: there is no {}", missing_name(missing))
            }
            Self::NameTaken { name } => format!("the name {name:?} is taken"),
            Self::ReferenceTaken { reference, .. } => {
                format!("another entry with different contents came in under the reference {reference:?}")
            }
            Self::PlaceTooHigh { level, parent } => {
                format!("a {level:?} cannot lie in a {parent:?}: its level must be lower than its parent's")
            }
            Self::CategoryInUse { code } => {
                format!("category {code} is in use and cannot be retired")
            }
            Self::AlreadyLinked => "the roster has this link already".into(),
            Self::NotLinked => "the roster has no such link".into(),
            Self::TokenTaken => "the token is not new; make another".into(),
            Self::AlreadyRevoked => "this login was revoked before".into(),
            Self::RevisionPassed { seen, current } => {
                format!(
                    "somebody else changed it (you saw revision {seen}, it is at {current}); look again, then amend"
                )
            }
            Self::AlreadyWithdrawn => "it was withdrawn before".into(),
            Self::TargetNotOpen { target } => {
                format!("{target} is withdrawn, settled or met and takes no more pairings")
            }
            Self::SupplierNotOpen { supplier } => {
                format!("{supplier} is withdrawn or no longer offered")
            }
            Self::TakesUpNoNeeds { organization } => {
                format!("{organization} takes up no needs directly; resident units and teams do")
            }
            Self::BelowPromised { promised, left } => {
                format!("{promised} is promised already, so it cannot shrink to {left}")
            }
            Self::PromisedOtherwise => {
                "what is promised was counted in another measure; it cannot change now".into()
            }
            Self::StillAgreed { agreed } => {
                format!("agreements over {agreed} stand on it; end them first")
            }
            Self::CapacityExceeded { supplier, draws, remaining } => {
                format!("{supplier} has {remaining} left, which is less than {draws}")
            }
            Self::MoreThanAsked { target, quantity, unserved } => {
                format!("{target} still asks for {unserved}, which is less than {quantity}")
            }
            Self::SameOrganization => "both sides are the same organization".into(),
            Self::NotASide { organization } => format!("{organization} is no side of this pairing"),
            Self::AlreadyPaired { pairing } => format!("the two are paired already, by {pairing}"),
            Self::AlreadyClaimed { .. } => "this side has claimed it already".into(),
            Self::ClaimLapsed { until } => format!("the claim lapsed at {until}"),
            Self::PairingNot { pairing, wanted, is } => {
                format!("{pairing} is {is}; this needs it to be {wanted}")
            }
            Self::NeedCarried { need, by } => {
                format!("{need} is carried by {by} already; one open project at a time carries a need")
            }
            Self::PlanStale { target, supplier } => {
                format!("the plan is stale: {target} with {supplier} no longer holds; match again")
            }
            Self::NotInState { entity, wanted, is } => {
                format!("{entity} is {is}; this needs it to be {wanted}")
            }
            Self::NotAParty { organization, entity } => format!("{organization} is no party of {entity}"),
            Self::AlreadyDone { entity } => format!("this was done to {entity} before"),
            Self::NotAlike { need, other } => {
                format!("{need} and {other} count different things or lie apart; they cannot be merged")
            }
            Self::MoreThanAgreed { pairing, quantity, left } => {
                format!("{left} of {pairing} is left to be handed over, which is less than {quantity}")
            }
            Self::DeliveryOpen { delivery } => {
                format!("{delivery} is neither confirmed, corrected nor withdrawn; settle it first")
            }
            Self::CallOver { until } => format!("the call ended at {until}"),
            Self::CeilingExceeded { yuan, ceiling } => {
                format!("the money comes to {yuan} yuan, which is more than the ceiling of {ceiling}")
            }
            Self::BalanceTooLow { organization, wanted, left, .. } => {
                format!("{organization} has {left} left, which is less than {wanted}")
            }
            Self::JointClaimWaits { pairing } => {
                format!("the joint claim waits for the giver of {pairing} to claim")
            }
            Self::NotAhead { field } => format!("{field}: must lie ahead of now"),
            Self::ContactGivenBefore { contact } => {
                format!("the number of {contact} is taken; give the contact anew")
            }
            Self::ContactErasedBefore { contact, at } => format!("{contact} was erased at {at}"),
            Self::SignOnTaken { member } => format!("this sign-on is bound to {member}"),
        }
    }
}

fn right_chinese(right: &Right) -> String {
    match right {
        Right::Operate => "系统操作员权限".into(),
        Right::Coordinate => "街道协调员角色".into(),
        Right::ActFor(organization) => format!("代表 {organization} 的成员角色"),
    }
}

fn right_english(right: &Right) -> String {
    match right {
        Right::Operate => "the operator of the system".into(),
        Right::Coordinate => "the role of a street coordinator".into(),
        Right::ActFor(organization) => format!("a member who acts for {organization}"),
    }
}

fn problem_chinese(problem: &Problem) -> String {
    match problem {
        Problem::Empty => "不能为空".into(),
        Problem::TooLong { chars_max } => format!("最多 {chars_max} 个字"),
        Problem::OutOfRange { min, max, got } => format!("应在 {min} 到 {max} 之间,实为 {got}"),
        Problem::Unprintable => "含有控制字符,请删去".into(),
        Problem::EndsBeforeItBegins => "结束早于开始".into(),
        Problem::WrongLevel => "类别层级不对:条目用二级类别,上级用一级类别".into(),
        Problem::NoWeight => "权重不能全为 0".into(),
        Problem::TooMany { max } => format!("最多 {max} 项"),
        Problem::NamesItself => "不能指向自己".into(),
        Problem::NamedTwice => "不能重复".into(),
        Problem::InTheFuture => "不能晚于今天".into(),
    }
}

fn problem_english(problem: &Problem) -> String {
    match problem {
        Problem::Empty => "must not be empty".into(),
        Problem::TooLong { chars_max } => format!("has more than {chars_max} characters"),
        Problem::OutOfRange { min, max, got } => {
            format!("must lie between {min} and {max}, got {got}")
        }
        Problem::Unprintable => "holds control characters; leave them out".into(),
        Problem::EndsBeforeItBegins => "ends before it begins".into(),
        Problem::WrongLevel => "is of the wrong level: entries take a leaf, a parent is a top".into(),
        Problem::NoWeight => "at least one weight must be above 0".into(),
        Problem::TooMany { max } => format!("has more than {max}"),
        Problem::NamesItself => "must not name itself".into(),
        Problem::NamedTwice => "must not name the same twice".into(),
        Problem::InTheFuture => "must not lie after today".into(),
    }
}

fn missing_name(missing: &Missing) -> String {
    match missing {
        Missing::Place(id) => id.to_string(),
        Missing::Organization(id) => id.to_string(),
        Missing::Member(id) => id.to_string(),
        Missing::Category(code) => code.to_string(),
        Missing::Need(id) => id.to_string(),
        Missing::Resource(id) => id.to_string(),
        Missing::Project(id) => id.to_string(),
        Missing::Slot(id, index) => format!("{id}#{}", u32::from(*index) + 1),
        Missing::Pairing(id) => id.to_string(),
        Missing::Bid(id) => id.to_string(),
        Missing::Meeting(id) => id.to_string(),
        Missing::Agreement(id) => id.to_string(),
        Missing::Milestone(id, number) => format!("{id} milestone {number}"),
        Missing::Delivery(id) => id.to_string(),
        Missing::Call(target) => format!("{target} call"),
        Missing::Item(id) => format!("{id} item"),
        Missing::Contact(id) => id.to_string(),
        Missing::Token(label) => label.clone(),
        Missing::SignOn(id) => format!("{id} sign-on"),
    }
}
