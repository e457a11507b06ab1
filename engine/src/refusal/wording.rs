//! The words of a refusal, in Chinese and in English: what was wrong, and what would be right.

mod states;

use super::{Missing, Problem, Refusal};
use crate::{history::Entity, pairing::Target, permission::Right};
use states::chinese_state;

/// The language of a message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// 中文, the language of the street.
    #[default]
    Chinese,
    /// English.
    English,
}

/// How the things that a refusal speaks of are called.
pub trait Naming {
    /// What an entity is called.
    fn entity(&self, entity: &Entity) -> String;

    /// What a need or slot is called.
    fn target(&self, target: Target) -> String;
}

/// Things are called by their numbers, as in the log.
#[derive(Clone, Copy, Debug)]
pub struct ByNumber;

impl Naming for ByNumber {
    fn entity(&self, entity: &Entity) -> String {
        entity.to_string()
    }

    fn target(&self, target: Target) -> String {
        target.to_string()
    }
}

impl Refusal {
    /// One sentence for a person who knows the log: things go by their numbers.
    pub fn message(&self, language: Language) -> String {
        self.message_calling(language, &ByNumber)
    }

    /// One sentence for a person, in which things are called as these names have it.
    pub fn message_calling(&self, language: Language, names: &dyn Naming) -> String {
        match language {
            Language::Chinese => self.chinese(names),
            Language::English => self.english(names),
        }
    }

    fn chinese(&self, names: &dyn Naming) -> String {
        let called = |it: Entity| names.entity(&it);
        match self {
            Self::NotAllowed { right } => format!("没有权限:需要{}", right_chinese(right, names)),
            Self::StreetNotOpened => "日志中还没有街道,请先开通街道".into(),
            Self::StreetAlreadyOpened { name } => format!("日志已属于「{name}」"),
            Self::Invalid { field: field @ "until", problem: Problem::OutOfRange { max, .. } } => {
                format!("{field}:最晚为从现在起 {max} 天")
            }
            Self::Invalid { field: field @ "points", problem: Problem::Empty } => {
                format!("{field}:积分和时长至少填写一项")
            }
            Self::Invalid { field: field @ "community", problem: Problem::WrongLevel } => {
                format!("{field}:应为社区,不是其他层级的区域")
            }
            Self::Invalid { field, problem } => format!("{field}:{}", problem_chinese(problem)),
            Self::NotFound { field, missing } => format!("{field}:没有{}", missing_chinese(missing)),
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
            Self::TargetNotOpen { target } => {
                let target = names.target(*target);
                format!("{target} 已撤回、已办结或已满足,不能再对接")
            }
            Self::SupplierNotOpen { supplier } => {
                let supplier = called((*supplier).into());
                format!("{supplier} 已撤回或已停止提供")
            }
            Self::TakesUpNoNeeds { organization } => {
                let organization = called(Entity::Organization(*organization));
                format!("{organization} 不直接认领需求,只有驻区单位和队伍可以")
            }
            Self::BelowPromised { promised, left } => {
                format!("已承诺 {promised},不能减少到 {left}")
            }
            Self::PromisedOtherwise => "已有承诺按原计量方式登记,不能更换计量单位".into(),
            Self::StillAgreed { agreed } => format!("仍有已达成的对接(数量 {agreed}),请先解除"),
            Self::CapacityExceeded { supplier, draws, remaining } => {
                let supplier = called((*supplier).into());
                format!("{supplier} 只剩 {remaining},不能再占用 {draws}")
            }
            Self::MoreThanAsked { target, quantity, unserved } => {
                let target = names.target(*target);
                format!("{target} 只还需要 {unserved},不能给 {quantity}")
            }
            Self::SameOrganization => "供需双方是同一组织".into(),
            Self::NotASide { organization } => {
                let organization = called(Entity::Organization(*organization));
                format!("{organization} 不是这项对接的任何一方")
            }
            Self::AlreadyPaired { pairing } => {
                let pairing = called(Entity::Pairing(*pairing));
                format!("双方已经对接:{pairing}")
            }
            Self::AlreadyClaimed { .. } => "本方已经认领".into(),
            Self::ClaimLapsed { until } => format!("认领已于 {until} 过期"),
            Self::PairingNot { pairing, wanted, is } => {
                let it = Entity::Pairing(*pairing);
                let (is, wanted) = (chinese_state(&it, is), chinese_state(&it, wanted));
                format!("{} 当前状态为「{is}」,此操作需要「{wanted}」", called(it))
            }
            Self::NeedCarried { need, by } => {
                let need = called(Entity::Need(*need));
                let by = called(Entity::Project(*by));
                format!("{need} 已由共建项目 {by} 承接,一项需求同时只由一个项目承接")
            }
            Self::PlanStale { target, supplier } => {
                let target = names.target(*target);
                let supplier = called((*supplier).into());
                format!("方案已过时:{target} 与 {supplier} 的对接不再成立,请重新匹配")
            }
            Self::NotInState { entity, wanted, is } => {
                let (is, wanted) = (chinese_state(entity, is), chinese_state(entity, wanted));
                format!("{} 当前状态为「{is}」,此操作需要「{wanted}」", names.entity(entity))
            }
            Self::NotAParty { organization, entity } => {
                let organization = called(Entity::Organization(*organization));
                let entity = names.entity(entity);
                format!("{organization} 不是 {entity} 的参与方")
            }
            Self::AlreadyDone { entity } => {
                let entity = names.entity(entity);
                format!("{entity} 此前已办理过,无需重复")
            }
            Self::NotAlike { need, other } => {
                let need = called(Entity::Need(*need));
                let other = called(Entity::Need(*other));
                format!("{need} 与 {other} 的计量单位或地点不同,不能合并")
            }
            Self::MoreThanAgreed { pairing, quantity, left } => {
                let pairing = called(Entity::Pairing(*pairing));
                format!("{pairing} 尚未交付的只有 {left},不能交付 {quantity}")
            }
            Self::DeliveryOpen { delivery } => {
                let delivery = called(Entity::Delivery(*delivery));
                format!("{delivery} 还未确认、更正或撤回,请先处理")
            }
            Self::CallOver { until } => format!("揭榜已于 {until} 截止"),
            Self::CeilingExceeded { yuan, ceiling } => {
                format!("资金合计 {yuan} 元,超过上限 {ceiling} 元")
            }
            Self::BalanceTooLow { organization, wanted, left, .. } => {
                let organization = called(Entity::Organization(*organization));
                format!("{organization} 的余额为 {left},不足以兑换 {wanted}")
            }
            Self::JointClaimWaits { pairing } => {
                let pairing = called(Entity::Pairing(*pairing));
                format!("联合认领尚缺 {pairing} 的供给方认领")
            }
            Self::NotAhead { field: "into" } => "into:应晚于该需求原来的季度,且不早于本季度".into(),
            Self::NotAhead { field } => format!("{field}:应晚于当前时间"),
            Self::ContactGivenBefore { contact } => {
                let contact = called(Entity::Contact(*contact));
                format!("{contact} 的编号已用过,请重新登记")
            }
            Self::ContactErasedBefore { contact, at } => {
                let contact = called(Entity::Contact(*contact));
                format!("{contact} 已于 {at} 删除")
            }
            Self::SignOnTaken { member } => {
                let member = called(Entity::Member(*member));
                format!("该统一身份已绑定 {member}")
            }
        }
    }

    fn english(&self, names: &dyn Naming) -> String {
        let called = |it: Entity| names.entity(&it);
        match self {
            Self::NotAllowed { right } => {
                format!("not allowed: this needs {}", right_english(right, names))
            }
            Self::StreetNotOpened => "the log holds no street yet; open one first".into(),
            Self::StreetAlreadyOpened { name } => format!("the log belongs to {name:?} already"),
            Self::Invalid { field: field @ "until", problem: Problem::OutOfRange { max, .. } } => {
                format!("{field}: must lie within {max} days from now")
            }
            Self::Invalid { field: field @ "points", problem: Problem::Empty } => {
                format!("{field}: give points or minutes to redeem, or both")
            }
            Self::Invalid { field: field @ "community", problem: Problem::WrongLevel } => {
                format!("{field}: must be a community, not a place of another level")
            }
            Self::Invalid { field, problem } => format!("{field}: {}", problem_english(problem)),
            Self::NotFound { field, missing } => {
                format!("{field}: there is no {}", missing_english(missing))
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
                let target = names.target(*target);
                format!("{target} is withdrawn, settled or met and takes no more pairings")
            }
            Self::SupplierNotOpen { supplier } => {
                let supplier = called((*supplier).into());
                format!("{supplier} is withdrawn or no longer offered")
            }
            Self::TakesUpNoNeeds { organization } => {
                let organization = called(Entity::Organization(*organization));
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
                let supplier = called((*supplier).into());
                format!("{supplier} has {remaining} left, which is less than {draws}")
            }
            Self::MoreThanAsked { target, quantity, unserved } => {
                let target = names.target(*target);
                format!("{target} still asks for {unserved}, which is less than {quantity}")
            }
            Self::SameOrganization => "both sides are the same organization".into(),
            Self::NotASide { organization } => {
                let organization = called(Entity::Organization(*organization));
                format!("{organization} is no side of this pairing")
            }
            Self::AlreadyPaired { pairing } => {
                let pairing = called(Entity::Pairing(*pairing));
                format!("the two are paired already, by {pairing}")
            }
            Self::AlreadyClaimed { .. } => "this side has claimed it already".into(),
            Self::ClaimLapsed { until } => format!("the claim lapsed at {until}"),
            Self::PairingNot { pairing, wanted, is } => {
                let pairing = called(Entity::Pairing(*pairing));
                format!("{pairing} is {is}; this needs it to be {wanted}")
            }
            Self::NeedCarried { need, by } => {
                let need = called(Entity::Need(*need));
                let by = called(Entity::Project(*by));
                format!("{need} is carried by {by} already; one open project at a time carries a need")
            }
            Self::PlanStale { target, supplier } => {
                let target = names.target(*target);
                let supplier = called((*supplier).into());
                format!("the plan is stale: {target} with {supplier} no longer holds; match again")
            }
            Self::NotInState { entity, wanted, is } => {
                let entity = names.entity(entity);
                format!("{entity} is {is}; this needs it to be {wanted}")
            }
            Self::NotAParty { organization, entity } => {
                let organization = called(Entity::Organization(*organization));
                let entity = names.entity(entity);
                format!("{organization} is no party of {entity}")
            }
            Self::AlreadyDone { entity } => {
                let entity = names.entity(entity);
                format!("this was done to {entity} before")
            }
            Self::NotAlike { need, other } => {
                let need = called(Entity::Need(*need));
                let other = called(Entity::Need(*other));
                format!("{need} and {other} count different things or lie apart; they cannot be merged")
            }
            Self::MoreThanAgreed { pairing, quantity, left } => {
                let pairing = called(Entity::Pairing(*pairing));
                format!("{left} of {pairing} is left to be handed over, which is less than {quantity}")
            }
            Self::DeliveryOpen { delivery } => {
                let delivery = called(Entity::Delivery(*delivery));
                format!("{delivery} is neither confirmed, corrected nor withdrawn; settle it first")
            }
            Self::CallOver { until } => format!("the call ended at {until}"),
            Self::CeilingExceeded { yuan, ceiling } => {
                format!("the money comes to {yuan} yuan, which is more than the ceiling of {ceiling}")
            }
            Self::BalanceTooLow { organization, wanted, left, .. } => {
                let organization = called(Entity::Organization(*organization));
                format!("{organization} has {left} left, which is less than {wanted}")
            }
            Self::JointClaimWaits { pairing } => {
                let pairing = called(Entity::Pairing(*pairing));
                format!("the joint claim waits for the giver of {pairing} to claim")
            }
            Self::NotAhead { field: "into" } => {
                "into: must be a quarter after the need's own, and none that is over".into()
            }
            Self::NotAhead { field } => format!("{field}: is past; must lie after now"),
            Self::ContactGivenBefore { contact } => {
                let contact = called(Entity::Contact(*contact));
                format!("the number of {contact} is taken; give the contact anew")
            }
            Self::ContactErasedBefore { contact, at } => {
                let contact = called(Entity::Contact(*contact));
                format!("{contact} was erased at {at}")
            }
            Self::SignOnTaken { member } => {
                let member = called(Entity::Member(*member));
                format!("this sign-on is bound to {member}")
            }
        }
    }
}

fn right_chinese(right: &Right, names: &dyn Naming) -> String {
    match right {
        Right::Operate => "系统操作员权限".into(),
        Right::Coordinate => "街道协调员角色".into(),
        Right::ActFor(organization) => {
            format!("代表 {} 的成员角色", names.entity(&Entity::Organization(*organization)))
        }
    }
}

fn right_english(right: &Right, names: &dyn Naming) -> String {
    match right {
        Right::Operate => "the operator of the system".into(),
        Right::Coordinate => "the role of a street coordinator".into(),
        Right::ActFor(organization) => {
            format!("a member who acts for {}", names.entity(&Entity::Organization(*organization)))
        }
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

/// What there is none of. Who asks knows what was given; whether it is there and not seen, nobody is told.
fn missing_chinese(missing: &Missing) -> String {
    match missing {
        Missing::Place(_) => "这个区域".into(),
        Missing::Organization(_) => "这个组织".into(),
        Missing::Member(_) => "这个成员".into(),
        Missing::Category(code) => format!("类别 {code}"),
        Missing::Need(_) => "这项需求".into(),
        Missing::Resource(_) => "这项资源".into(),
        Missing::Project(_) => "这个项目".into(),
        Missing::Slot(_, index) => format!("第 {} 个需求项", u32::from(*index) + 1),
        Missing::Pairing(_) => "这项对接".into(),
        Missing::Bid(_) => "这次揭榜".into(),
        Missing::Meeting(_) => "这次联席会".into(),
        Missing::Agreement(_) => "这份协议".into(),
        Missing::Milestone(_, number) => format!("第 {number} 个里程碑"),
        Missing::Delivery(_) => "这次交付".into(),
        Missing::Call(_) => "这项发榜".into(),
        Missing::Item(_) => "这项议题".into(),
        Missing::Contact(_) => "这位联系人".into(),
        Missing::Token(label) => format!("名为「{label}」的令牌"),
        Missing::SignOn(_) => "绑定的统一身份".into(),
    }
}

fn missing_english(missing: &Missing) -> String {
    match missing {
        Missing::Place(_) => "such place".into(),
        Missing::Organization(_) => "such organization".into(),
        Missing::Member(_) => "such member".into(),
        Missing::Category(code) => format!("category {code}"),
        Missing::Need(_) => "such need".into(),
        Missing::Resource(_) => "such resource".into(),
        Missing::Project(_) => "such project".into(),
        Missing::Slot(_, index) => format!("slot {} in this project", u32::from(*index) + 1),
        Missing::Pairing(_) => "such pairing".into(),
        Missing::Bid(_) => "such bid".into(),
        Missing::Meeting(_) => "such meeting".into(),
        Missing::Agreement(_) => "such agreement".into(),
        Missing::Milestone(_, number) => format!("milestone {number} in this agreement"),
        Missing::Delivery(_) => "such delivery".into(),
        Missing::Call(_) => "call on this".into(),
        Missing::Item(_) => "such item on this agenda".into(),
        Missing::Contact(_) => "such contact".into(),
        Missing::Token(label) => format!("good token called {label:?}"),
        Missing::SignOn(_) => "single sign-on of this member".into(),
    }
}
