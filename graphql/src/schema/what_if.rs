//! What-if 情景推演: the street with changes that nobody has made, for every question that may be asked of it.

use super::{
    explaining, explanation::difference::Difference, fault::too_many, matching, query::Query,
    scalar::DateTime, scope::Scope, user_error::UserError,
};
use crate::{input::change::ChangeInput, reading::Reading};
use async_graphql::{Object, Result};
use engine::{
    matching::what_if::{Supposed, what_if},
    moment::Moment,
    permission::Sight,
    state::State,
};
use std::sync::Arc;

/// The most changes that are supposed at once.
const CHANGES_MAX: usize = 50;

/// The street with changes that nobody has made.
pub struct WhatIf {
    before: Scope,
    after: std::result::Result<Scope, Vec<UserError>>,
}

impl WhatIf {
    /// Makes the changes, one after the other, on a copy of the state.
    ///
    /// # Errors
    /// `NOT_ALLOWED` for the public, `BAD_USER_INPUT` for too many changes.
    pub fn read(scope: &Scope, changes: &[ChangeInput], at: Option<DateTime>) -> Result<Self> {
        scope.needs(Sight::Street)?;
        if changes.len() > CHANGES_MAX {
            return Err(too_many("changes", CHANGES_MAX));
        }
        let now = at.map_or(scope.now(), |at| at.0);
        let after = suppose(scope, changes, now).map(|supposed| scope.supposing(supposed));
        Ok(Self { before: scope.clone(), after })
    }
}

/// Each change is read against the state that the former ones leave, as mutations of one document are.
fn suppose(
    scope: &Scope,
    changes: &[ChangeInput],
    now: Moment,
) -> std::result::Result<Supposed, Vec<UserError>> {
    let mut supposed = Supposed { state: State::clone(&scope.state), now };
    for (index, change) in changes.iter().enumerate() {
        let part = format!("changes.{index}");
        let state = Arc::new(scope.state.supposing(supposed.state.clone()));
        let mut reading = Reading::new(state, scope.caller(), scope.language);
        let read = change.read(&mut reading).filter(|_| reading.is_clean());
        let Some(read) = read else { return Err(reading.into_errors_of(&part)) };
        match what_if(&supposed.state, &[read], supposed.now) {
            Ok(next) => supposed = next,
            Err(impossible) => {
                let field = change.path(&impossible.change, &impossible.refusal);
                reading.refuse(&impossible.refusal);
                let refused = reading.into_errors_of(&part).into_iter();
                return Err(refused.map(|it| it.at(format!("{part}.{field}"))).collect());
            }
        }
    }
    Ok(supposed)
}

/// The street with changes that nobody has made 情景推演. Nothing of it is recorded.
#[Object]
impl WhatIf {
    /// What may be asked of it: all that may be asked of the street, its plan and suggestions among it. It
    /// keeps the position it started from. Null when a change is impossible.
    async fn supposed(&self) -> Option<Query> {
        self.after.as_ref().ok().map(|scope| Query::of(scope.clone()))
    }

    /// How its best plan differs from that of the street without the changes 方案差异. Null when a change is
    /// impossible.
    #[graphql(complexity = "200 + child_complexity")]
    async fn difference(&self) -> Result<Option<Difference>> {
        let Ok(after) = &self.after else { return Ok(None) };
        let plan = matching::propose(&self.before).await?;
        let (before, then) = (Arc::clone(&self.before.state), self.before.now());
        let difference = explaining::ask(after, move |it| it.difference(&before, then, &plan)).await?;
        Ok(Some(Difference::new(&after.state, difference)))
    }

    /// Why a change is impossible, in the words of whoever would refuse it; `field` says which and what of it, such as
    /// `changes.0.addCapacity.more`. Empty when all are possible.
    async fn user_errors(&self) -> &[UserError] {
        self.after.as_ref().err().map_or(&[], Vec::as_slice)
    }
}
