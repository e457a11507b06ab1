//! Coverage 覆盖情况: how each community is served, and which are left out.

use super::part;
use crate::schema::{
    organization::Organization,
    place::Place,
    scalar::int,
    scope::{Scope, Snapshot},
};
use async_graphql::{ID, Object, Result};
use engine::tallies::{self, Covered};
use std::{cmp::Reverse, sync::Arc};

/// How a community is served.
#[derive(Clone)]
pub struct Coverage {
    at: Snapshot,
    it: Covered,
}

impl PartialEq for Coverage {
    fn eq(&self, other: &Self) -> bool {
        self.it == other.it
    }
}

/// How a community is served 覆盖情况. Needs that were in other hands from the beginning do not count.
#[Object]
impl Coverage {
    /// Where 社区.
    async fn place(&self) -> Option<Place> {
        Place::find(&self.at, self.it.place)
    }

    /// The community that sits there; null when none does.
    async fn community(&self) -> Option<Organization> {
        self.it.community.and_then(|id| Organization::find(&self.at, id))
    }

    /// Needs posted there 发布.
    async fn posted(&self) -> i32 {
        int(self.it.posted)
    }

    /// Of these, those for which anything was ever proposed 已匹配.
    async fn matched(&self) -> i32 {
        int(self.it.matched)
    }

    /// Of these, those of which something was agreed 已达成.
    async fn agreed(&self) -> i32 {
        int(self.it.agreed)
    }

    /// Needs that are open 待对接.
    async fn open(&self) -> i32 {
        int(self.it.open)
    }

    /// Of the open ones, those for which nothing was ever proposed 未匹配.
    async fn open_unmatched(&self) -> i32 {
        int(self.it.open_unmatched)
    }

    /// 未覆盖: whether it has needs, and nothing of them was ever matched.
    async fn left_out(&self) -> bool {
        self.it.is_left_out()
    }
}

/// How the communities are served: those that are left out first, with the most open needs before.
///
/// # Errors
/// `BAD_USER_INPUT` when an argument makes no sense.
pub fn read(
    scope: &Scope,
    place: Option<&ID>,
    period: Option<&str>,
    left_out_only: bool,
) -> Result<Vec<Coverage>> {
    let state = &scope.state;
    let mut found = tallies::coverage(state, part::place_of(state, place)?, part::months(period)?);
    found.retain(|it| !left_out_only || it.is_left_out());
    found.sort_by_key(|it| (Reverse(it.is_left_out()), Reverse(it.open_unmatched), it.place));
    Ok(found.into_iter().map(|it| Coverage { at: Arc::clone(state), it }).collect())
}
