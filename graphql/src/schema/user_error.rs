//! User errors: what the domain refused, or what of an input could not be read. Data, not GraphQL errors.

use super::naming::Called;
use crate::input::path::Path;
use async_graphql::{Enum, SimpleObject};
use engine::refusal::Refusal;

/// Why something was not done 错误码.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum UserErrorCode {
    /// 标识无效: an id was not given out by this server.
    MalformedId,
    /// 标识类型不符: an id names something of another type.
    WrongIdType,
    /// 无法识别: a text is no day, time, code or number of the kind that is asked for.
    Unreadable,
    /// 请求标识已用: the `requestId` stands for another request, which was granted.
    RequestTaken,
    /// 必填: null was given for something that must be there.
    Required,
    /// 方案有变: the best plan is another one now than the preview whose `digest` was given.
    PlanDiffers,
    /// 代表方不明: it cannot be told for which side the caller speaks; say `side`.
    SideUnclear,
    /// 没有权限: the caller lacks a right.
    NotAllowed,
    /// 街道未建档: the log holds no street yet.
    StreetNotOpened,
    /// 街道已建档: the log holds a street already.
    StreetAlreadyOpened,
    /// 填写有误: a field is not right.
    Invalid,
    /// 不存在: it names something that does not exist, or that the caller does not see.
    NotFound,
    /// 名称重复: another one has this name.
    NameTaken,
    /// 外部编号重复: another entry of the list came in under this reference.
    ReferenceTaken,
    /// 区域层级过高: a place must lie lower than the one around it.
    PlaceTooHigh,
    /// 类别使用中: a category that entries or others use cannot be retired.
    CategoryInUse,
    /// 已建立共建关系: the roster has this link already.
    AlreadyLinked,
    /// 无此共建关系: the roster has no such link.
    NotLinked,
    /// 令牌重复: a token must be new.
    TokenTaken,
    /// 已停用: the login has ended before.
    AlreadyRevoked,
    /// 已被他人修改: somebody else changed it first; look again, then amend.
    RevisionPassed,
    /// 已撤回: it was withdrawn before.
    AlreadyWithdrawn,
    /// 需求已了结: the need or slot is withdrawn, settled or met.
    TargetNotOpen,
    /// 资源不可用: the resource is withdrawn or settled.
    SupplierNotOpen,
    /// 不直接认领: such an organization takes up no needs directly.
    TakesUpNoNeeds,
    /// 低于已承诺数量: more is promised than the change would leave.
    BelowPromised,
    /// 已按其他计量承诺: what is promised was counted in another measure or way.
    PromisedOtherwise,
    /// 已有约定: agreements stand on it.
    StillAgreed,
    /// 超出余量: the giving side has less left.
    CapacityExceeded,
    /// 超出需求数量: less is asked.
    MoreThanAsked,
    /// 同一组织: the asking and the giving organization are the same.
    SameOrganization,
    /// 不是配对一方: the organization is neither side of it.
    NotASide,
    /// 已配对: the same two are paired already.
    AlreadyPaired,
    /// 已认领: this side has claimed it before.
    AlreadyClaimed,
    /// 认领过期: the claim's time was over.
    ClaimLapsed,
    /// 配对状态不符: the pairing is over, or not in the state this needs.
    PairingNot,
    /// Another open project carries the need 需求已由其他项目承接.
    NeedCarried,
    /// 方案已过时: the street has moved on since the plan was made.
    PlanStale,
    /// 状态不符: it is not in the state that this needs.
    NotInState,
    /// 不是协议方: the organization is no party of it.
    NotAParty,
    /// 已办理: it has been done before.
    AlreadyDone,
    /// 不宜合并: two needs count different things or lie apart.
    NotAlike,
    /// 超出约定数量: less is left to be handed over.
    MoreThanAgreed,
    /// 交付未了结: something is handed over and not settled yet.
    DeliveryOpen,
    /// 已收榜: the call is over.
    CallOver,
    /// 超出资金上限: the money comes to more than may be spent.
    CeilingExceeded,
    /// 余额不足: the account holds less.
    BalanceTooLow,
    /// 联合认领未齐: a joint claim waits for another giver.
    JointClaimWaits,
    /// 时间已过: it has to lie ahead of now.
    NotAhead,
    /// 联系人编号已用: a contact's number is given once.
    ContactGivenBefore,
    /// 联系人已删除: the contact was erased before.
    ContactErasedBefore,
    /// 统一身份已绑定: whom the issuer of single sign-on calls so signs in as another member.
    SignOnTaken,
}

impl UserErrorCode {
    /// That of a refusal.
    pub const fn of(refusal: &Refusal) -> Self {
        match refusal {
            Refusal::NotAllowed { .. } => Self::NotAllowed,
            Refusal::StreetNotOpened => Self::StreetNotOpened,
            Refusal::StreetAlreadyOpened { .. } => Self::StreetAlreadyOpened,
            Refusal::Invalid { .. } => Self::Invalid,
            Refusal::NotFound { .. } => Self::NotFound,
            Refusal::NameTaken { .. } => Self::NameTaken,
            Refusal::ReferenceTaken { .. } => Self::ReferenceTaken,
            Refusal::PlaceTooHigh { .. } => Self::PlaceTooHigh,
            Refusal::CategoryInUse { .. } => Self::CategoryInUse,
            Refusal::AlreadyLinked => Self::AlreadyLinked,
            Refusal::NotLinked => Self::NotLinked,
            Refusal::TokenTaken => Self::TokenTaken,
            Refusal::AlreadyRevoked => Self::AlreadyRevoked,
            Refusal::RevisionPassed { .. } => Self::RevisionPassed,
            Refusal::AlreadyWithdrawn => Self::AlreadyWithdrawn,
            Refusal::TargetNotOpen { .. } => Self::TargetNotOpen,
            Refusal::SupplierNotOpen { .. } => Self::SupplierNotOpen,
            Refusal::TakesUpNoNeeds { .. } => Self::TakesUpNoNeeds,
            Refusal::BelowPromised { .. } => Self::BelowPromised,
            Refusal::PromisedOtherwise => Self::PromisedOtherwise,
            Refusal::StillAgreed { .. } => Self::StillAgreed,
            Refusal::CapacityExceeded { .. } => Self::CapacityExceeded,
            Refusal::MoreThanAsked { .. } => Self::MoreThanAsked,
            Refusal::SameOrganization => Self::SameOrganization,
            Refusal::NotASide { .. } => Self::NotASide,
            Refusal::AlreadyPaired { .. } => Self::AlreadyPaired,
            Refusal::AlreadyClaimed { .. } => Self::AlreadyClaimed,
            Refusal::ClaimLapsed { .. } => Self::ClaimLapsed,
            Refusal::PairingNot { .. } => Self::PairingNot,
            Refusal::NeedCarried { .. } => Self::NeedCarried,
            Refusal::PlanStale { .. } => Self::PlanStale,
            Refusal::NotInState { .. } => Self::NotInState,
            Refusal::NotAParty { .. } => Self::NotAParty,
            Refusal::AlreadyDone { .. } => Self::AlreadyDone,
            Refusal::NotAlike { .. } => Self::NotAlike,
            Refusal::MoreThanAgreed { .. } => Self::MoreThanAgreed,
            Refusal::DeliveryOpen { .. } => Self::DeliveryOpen,
            Refusal::CallOver { .. } => Self::CallOver,
            Refusal::CeilingExceeded { .. } => Self::CeilingExceeded,
            Refusal::BalanceTooLow { .. } => Self::BalanceTooLow,
            Refusal::JointClaimWaits { .. } => Self::JointClaimWaits,
            Refusal::NotAhead { .. } => Self::NotAhead,
            Refusal::ContactGivenBefore { .. } => Self::ContactGivenBefore,
            Refusal::ContactErasedBefore { .. } => Self::ContactErasedBefore,
            Refusal::SignOnTaken { .. } => Self::SignOnTaken,
        }
    }
}

/// One reason why a mutation did nothing 退回原因. Nothing at all is done when there is any.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
pub struct UserError {
    /// The reason, for programs.
    pub code: UserErrorCode,
    /// The path of what it is about in the input, by names with dots between, such as `window.from`; of a list it does
    /// not say which item: `shares.quantity`. Null when it is about no part of the input.
    pub field: Option<String>,
    /// The reason in words, in the language of the request.
    pub message: String,
}

impl UserError {
    /// The same about another part of the input.
    pub fn at(self, field: String) -> Self {
        let rest = self.field.as_deref().and_then(|told| {
            let (head, rest) = self.message.split_once(':')?;
            (!head.is_empty() && told.ends_with(head)).then(|| rest.to_owned())
        });
        let message = rest.map_or(self.message, |rest| format!("{field}:{rest}"));
        Self { code: self.code, field: Some(field), message }
    }

    /// What a refusal says of an input, in which `path` finds what the engine names, of things that are so called.
    pub fn refused(refusal: &Refusal, path: Path, called: Called<'_>) -> Self {
        let (named, field) = (refusal.field(), refusal.field().and_then(path));
        let message = refusal.message_calling(called.language, &called);
        // The words of the engine begin with its own name of the field, where they name it.
        let message = match (named, field) {
            (Some(named), Some(field)) if named != field => match message.strip_prefix(named) {
                Some(rest) if rest.starts_with(':') => format!("{field}{rest}"),
                _ => message,
            },
            _ => message,
        };
        Self { code: UserErrorCode::of(refusal), field: field.map(str::to_owned), message }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_graphql::resolver_utils::EnumType;

    #[test]
    fn the_codes_of_refusals_are_those_of_the_engine() {
        for refusal in [
            Refusal::StreetNotOpened,
            Refusal::PromisedOtherwise,
            Refusal::RevisionPassed { seen: 1, current: 2 },
            Refusal::StillAgreed { agreed: 1 },
        ] {
            let code = UserErrorCode::of(&refusal);
            let shown = UserErrorCode::items().iter().find(|item| item.value == code).unwrap().name;
            assert_eq!(shown, refusal.code());
        }
    }
}
