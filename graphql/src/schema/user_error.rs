//! User errors: what the domain refused, or what of an input could not be read. Data, not GraphQL errors.

use crate::input::path::Path;
use async_graphql::{Enum, SimpleObject};
use engine::refusal::{Refusal, wording::Language};

/// Why something was not done 错误码.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum UserErrorCode {
    /// An id was not given out by this server.
    MalformedId,
    /// An id names something of another type.
    WrongIdType,
    /// A text is no day, time, code or number of the kind that is asked for.
    Unreadable,
    /// Null was given for something that must be there.
    Required,
    /// It cannot be told for which side the caller speaks; say `side`.
    SideUnclear,
    /// The caller lacks a right.
    NotAllowed,
    /// The log holds no street yet.
    StreetNotOpened,
    /// The log holds a street already.
    StreetAlreadyOpened,
    /// A field is not right.
    Invalid,
    /// It names something that does not exist.
    NotFound,
    /// Another one has this name.
    NameTaken,
    /// Another entry of the list came in under this reference.
    ReferenceTaken,
    /// A place must lie lower than the one around it.
    PlaceTooHigh,
    /// A category that entries or others use cannot be retired.
    CategoryInUse,
    /// The roster has this link already.
    AlreadyLinked,
    /// The roster has no such link.
    NotLinked,
    /// A token must be new.
    TokenTaken,
    /// The login has ended before.
    AlreadyRevoked,
    /// Somebody else changed it first; look again, then amend.
    RevisionPassed,
    /// It was withdrawn before.
    AlreadyWithdrawn,
    /// The need or slot is withdrawn, settled or met.
    TargetNotOpen,
    /// The resource is withdrawn or settled.
    SupplierNotOpen,
    /// Such an organization takes up no needs directly.
    TakesUpNoNeeds,
    /// More is promised than the change would leave.
    BelowPromised,
    /// What is promised was counted in another measure or way.
    PromisedOtherwise,
    /// Agreements stand on it.
    StillAgreed,
    /// The giving side has less left.
    CapacityExceeded,
    /// Less is asked.
    MoreThanAsked,
    /// The asking and the giving organization are the same.
    SameOrganization,
    /// The organization is neither side of it.
    NotASide,
    /// The same two are paired already.
    AlreadyPaired,
    /// This side has claimed it before.
    AlreadyClaimed,
    /// The claim's time was over.
    ClaimLapsed,
    /// The pairing is over, or not in the state this needs.
    PairingNot,
    /// Another open project carries the need 需求已由其他项目承接.
    NeedCarried,
    /// The street has moved on since the plan was made.
    PlanStale,
    /// It is not in the state that this needs.
    NotInState,
    /// The organization is no party of it.
    NotAParty,
    /// It has been done before.
    AlreadyDone,
    /// Two needs count different things or lie apart.
    NotAlike,
    /// Less is left to be handed over.
    MoreThanAgreed,
    /// Something is handed over and not settled yet.
    DeliveryOpen,
    /// The call is over.
    CallOver,
    /// The money comes to more than may be spent.
    CeilingExceeded,
    /// The account holds less.
    BalanceTooLow,
    /// A joint claim waits for another giver.
    JointClaimWaits,
    /// It has to lie ahead of now.
    NotAhead,
    /// A contact's number is given once.
    ContactGivenBefore,
    /// The contact was erased before.
    ContactErasedBefore,
    /// Whom the issuer of single sign-on calls so signs in as another member.
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
    /// What a refusal says of an input, in which `path` finds what the engine names.
    pub fn refused(refusal: &Refusal, path: Path, language: Language) -> Self {
        let (named, field) = (refusal.field(), refusal.field().and_then(path));
        let message = refusal.message(language);
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
