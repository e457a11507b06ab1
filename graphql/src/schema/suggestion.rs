//! Suggestions 推荐: what fits one need, one resource or one unit, best first, with the reasons.

use super::{
    fault::{bad_input, not_allowed, wrong_id},
    identity::NodeId,
    named,
    organization::Organization,
    pairing::{Fit, Supplier, Target},
    scalar::int,
    scope::{Scope, Snapshot},
    words::CauseCode,
};
use async_graphql::{Context, ID, Object, Result, SimpleObject};
use engine::{
    history::Entity,
    matching::{self, Subject},
    pairing as domain,
};
use std::sync::Arc;

/// A possible pairing for a state.
#[derive(Clone)]
pub struct Suggestion {
    at: Snapshot,
    it: matching::Suggestion,
}

/// Why a plan would not propose something that may still be requested by hand 保留意见.
#[derive(Clone, SimpleObject)]
pub struct Reserve {
    /// The cause.
    pub code: CauseCode,
    /// The cause and what would lift it, in the language of the request.
    pub message: String,
}

/// One possible pairing 推荐, by the same fit the plans use.
#[Object]
impl Suggestion {
    /// What would be served.
    async fn target(&self) -> Option<Target> {
        Target::find(&self.at, self.it.target)
    }

    /// What would serve it.
    async fn supplier(&self) -> Option<Supplier> {
        Supplier::find(&self.at, self.it.supplier)
    }

    /// The organization that would give.
    async fn organization(&self) -> Option<Organization> {
        Organization::find(&self.at, self.it.organization)
    }

    /// How much of what is asked, in base units of its measure.
    async fn quantity(&self) -> i32 {
        int(self.it.quantity)
    }

    /// How much of the giving side it would take.
    async fn draws(&self) -> i32 {
        int(self.it.draws)
    }

    /// How well it fits, with its factors and the reasons in words.
    async fn fit(&self, ctx: &Context<'_>) -> Result<Fit> {
        Ok(Fit::new(&self.it.fit, Scope::of(ctx)?.language))
    }

    /// Why a plan would not propose it although it may be requested by hand; null when it would.
    async fn reserve(&self, ctx: &Context<'_>) -> Result<Option<Reserve>> {
        let language = Scope::of(ctx)?.language;
        Ok(self
            .it
            .reserve
            .map(|cause| Reserve { code: cause.into(), message: cause.message(language).to_owned() }))
    }
}

/// Reads for what suggestions are asked: exactly one of the four.
///
/// # Errors
/// `BAD_USER_INPUT` when it is none, several, or not of the right type.
pub fn subject(
    need: Option<ID>,
    slot: Option<ID>,
    resource: Option<ID>,
    organization: Option<ID>,
) -> Result<Subject> {
    let read = |field: &str, id: &ID| match (field, NodeId::read(id)) {
        ("need", Some(NodeId::Need(need))) => Ok(Subject::Target(domain::Target::Need(need))),
        ("slot", Some(NodeId::Slot(project, index))) => {
            Ok(Subject::Target(domain::Target::Slot(project, index)))
        }
        ("resource", Some(NodeId::Resource(resource))) => {
            Ok(Subject::Supplier(domain::Supplier::Resource(resource)))
        }
        ("organization", Some(NodeId::Organization(unit))) => Ok(Subject::Organization(unit)),
        ("slot", _) => Err(wrong_id(field, "项目需求项", "a slot of a project")),
        ("resource", _) => Err(wrong_id(field, "资源", "a resource")),
        ("organization", _) => Err(wrong_id(field, "组织", "an organization")),
        _ => Err(wrong_id(field, "需求", "a need")),
    };
    let given: Vec<(&str, ID)> =
        [("need", need), ("slot", slot), ("resource", resource), ("organization", organization)]
            .into_iter()
            .filter_map(|(field, id)| id.map(|id| (field, id)))
            .collect();
    match given.as_slice() {
        [(field, id)] => read(field, id),
        _ => Err(bad_input(
            "请只给 `need`、`slot`、`resource`、`organization` 中的一个",
            "give exactly one of `need`, `slot`, `resource`, `organization`",
        )),
    }
}

/// The candidates for one subject, computed off the async threads.
///
/// # Errors
/// `NOT_ALLOWED` when who asks acts for an organization, and this is not its own, whether it is there or not;
/// `BAD_USER_INPUT` when it is not there, or is over; when the computation ends unfinished, which is a bug.
pub async fn suggest(scope: &Scope, subject: Subject, limit: usize) -> Result<Vec<Suggestion>> {
    let is_own = match subject {
        Subject::Target(target) => scope.state.is_own(target),
        Subject::Supplier(supplier) => scope.state.is_own(supplier),
        Subject::Organization(unit) => scope.state.is_own(Entity::Organization(unit)),
    };
    if !is_own {
        let needs =
            ("街道协调员角色或本单位的条目", "the role of a street coordinator, or an entry of one's own");
        return Err(not_allowed(scope.language, needs));
    }
    match subject {
        Subject::Target(target) => {
            let field = if matches!(target, domain::Target::Need(_)) { "need" } else { "slot" };
            named::is_seen(&scope.state, field, &target.into())?;
            named::is_matched(&scope.state, field, target)?;
        }
        Subject::Supplier(supplier) => named::is_seen(&scope.state, "resource", &supplier.into())?,
        Subject::Organization(unit) => {
            named::is_seen(&scope.state, "organization", &NodeId::Organization(unit))?;
        }
    }
    let ranked = super::matching::suggest(scope, subject, limit).await?;
    Ok(ranked.into_iter().map(|it| Suggestion { at: Arc::clone(&scope.state), it }).collect())
}
