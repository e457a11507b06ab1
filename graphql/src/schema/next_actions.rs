//! 下一步: what the caller may do with a thing now and, for what is refused, why.

pub mod action;

use super::{
    naming::Called,
    scope::{Scope, Snapshot},
    user_error::UserError,
    words::Side,
};
use crate::input::path;
use action::Action;
use async_graphql::{Context, Object, Result, SimpleObject};
use engine::{
    command::Command,
    decide::Context as Asked,
    history::Entity,
    next_actions::{NextAction as Tried, next_actions},
    permission::Sight,
};

/// One thing that could be done 操作.
#[derive(Clone, SimpleObject)]
pub struct NextAction {
    /// What 操作.
    pub action: Action,
    /// Whether it is done to a part only 部分认领: `claimPairing` with a `quantity`.
    pub in_part: bool,
    /// For which side of a pairing, where that is to be said.
    pub side: Option<Side>,
    /// Whether it would be granted now.
    pub allowed: bool,
    /// Why it would be refused; null when it would be granted.
    pub refusal: Option<UserError>,
}

impl NextAction {
    fn new(tried: &Tried, called: Called<'_>) -> Option<Self> {
        let action = Action::of(&tried.command)?;
        let side = match tried.command {
            Command::ClaimPairing { side, .. }
            | Command::ClaimPart { side, .. }
            | Command::DeclinePairing { side, .. }
            | Command::WithdrawPairing { side, .. } => Some(side.into()),
            _ => None,
        };
        Some(Self {
            action,
            in_part: matches!(tried.command, Command::ClaimPart { .. }),
            side,
            allowed: tried.is_allowed(),
            refusal: tried
                .refusal
                .as_ref()
                .map(|refusal| UserError::refused(refusal, path::of(&tried.command), called)),
        })
    }
}

/// The part of a thing that tells what may be done with it.
pub struct NextPart {
    at: Snapshot,
    entity: Entity,
}

impl NextPart {
    /// That of an entity.
    pub const fn new(at: Snapshot, entity: Entity) -> Self {
        Self { at, entity }
    }
}

/// The part of a thing that tells what may be done with it.
#[Object]
impl NextPart {
    /// What the caller may do with it now and, for what is refused, why 下一步: every kind of command that can be given
    /// to it, judged as the command itself would be. Null, with an error, for the public.
    #[graphql(complexity = "20 + 20 * child_complexity")]
    async fn next_actions(&self, ctx: &Context<'_>) -> Option<Result<Vec<NextAction>>> {
        let read = || {
            let scope = Scope::of(ctx)?;
            scope.needs(Sight::Street)?;
            let asked = Asked { caller: scope.caller(), now: scope.now() };
            let tried = next_actions(&self.at, &asked, &self.entity);
            let called = Called::new(&self.at, scope.language);
            Ok(tried.iter().filter_map(|it| NextAction::new(it, called)).collect())
        };
        Some(read())
    }
}
