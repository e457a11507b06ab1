//! Explanations 方案解释: why the best plan is as it is, each yes and each no with numbers that hold.
//!
//! All of it is read off one plan, made once for a request ([`super::explaining`]). Remedies were each tried on
//! the whole street, so they cost what many plans cost, and are made only where they are asked for.

pub mod difference;
pub mod idle;
pub mod joint;
pub mod pairing;
pub mod remedy;
pub mod scarcity;
pub mod unmet;
pub mod worth;

use super::{
    connection::{PageRequest, page_size, place},
    explaining::ask,
    fault::wrong_id,
    identity::NodeId,
    matching::failed,
    named,
    plan::PlanPreview,
    scalar::int,
    scope::Scope,
};
use async_graphql::{Context, ID, Object, Result};
use difference::Difference;
use engine::{history::Entity, matching::joint::Undertaking, pairing as domain, permission::Sight};
use idle::{IdleExplained, IdleExplainedConnection};
use joint::{JointProject, JointProjectConnection};
use pairing::{PairingExplained, PairingExplainedConnection};
use scarcity::Scarcity;
use std::sync::Arc;
use unmet::{UnmetExplained, UnmetExplainedConnection};

/// The explanations of one plan.
pub struct PlanExplanations {
    scope: Scope,
}

impl PlanExplanations {
    /// The explanations of the plan for a scope; nothing is computed yet.
    ///
    /// # Errors
    /// `NOT_ALLOWED` for the public.
    pub fn new(scope: &Scope) -> Result<Self> {
        scope.needs(Sight::Street)?;
        Ok(Self { scope: scope.clone() })
    }
}

/// Why the best plan is as it is 方案解释. Who acts for an organization is told of what is its own: of pairings in which it
/// asks or gives, of its entries, and of needs that it reviews.
#[Object]
impl PlanExplanations {
    /// The plan that is explained.
    async fn plan(&self) -> Result<PlanPreview> {
        let proposal = ask(&self.scope, |it| it.proposal()).await?;
        Ok(PlanPreview::new(&self.scope.state, proposal))
    }

    /// Why this pairing is in the plan 配对理由; null when it is not. Null, with an error, of what is not there.
    async fn why_paired(
        &self,
        #[graphql(desc = "The id of a need or of a slot.")] target: ID,
        #[graphql(desc = "The id of a resource, or of a unit that takes the matter up directly.")]
        supplier: ID,
    ) -> Option<Result<PairingExplained>> {
        let explained = async {
            let (target, supplier) = (read_target(&target)?, read_supplier(&supplier)?);
            let at = &self.scope.state;
            named::is_seen(at, "target", &target.into())?;
            named::is_seen(at, "supplier", &supplier.into())?;
            if !self.scope.state.sees_pair(target, supplier) {
                return Ok(None);
            }
            let found = ask(&self.scope, move |it| it.pairing(target, supplier)).await?;
            Ok(found.map(|it| PairingExplained::new(&self.scope.state, it)))
        };
        explained.await.transpose()
    }

    /// The pairings of the plan with their reasons, in the order of what they serve.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn pairings(
        &self,
        #[graphql(desc = "The first so many after `after`, at most 100; 20 when not said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<PairingExplainedConnection>> {
        let read = async || {
            let page = PageRequest::read(first, after.as_deref(), last, before.as_deref())?;
            let at = Arc::clone(&self.scope.state);
            let found = ask(&self.scope, move |it| {
                let pairings = it.proposal().pairings.into_iter().enumerate();
                let own: Vec<_> = pairings.filter(|(_, it)| at.sees_pair(it.target, it.supplier)).collect();
                let total = int(own.len());
                (
                    page.of(own.into_iter(), place)
                        .mapped(|(_, terms)| it.pairing(terms.target, terms.supplier)),
                    total,
                )
            });
            let (page, total) = found.await?;
            let wrap = |it| Some(PairingExplained::new(&self.scope.state, it));
            Ok(PairingExplainedConnection::of(page.mapped(wrap), total))
        };
        Some(read().await)
    }

    /// Why this need or slot is not served in full 未满足原因; null when the plan serves it. Null, with an error, of what is not
    /// there, or is over and not matched any more.
    async fn why_unmet(
        &self,
        #[graphql(desc = "The id of a need or of a slot.")] target: ID,
    ) -> Option<Result<UnmetExplained>> {
        let explained = async {
            let target = read_target(&target)?;
            named::is_seen(&self.scope.state, "target", &target.into())?;
            if !self.scope.state.is_own(target) {
                return Ok(None);
            }
            let found = ask(&self.scope, move |it| it.unmet_without_remedies(target)).await?;
            if found.is_none() {
                named::is_matched(&self.scope.state, "target", target)?;
            }
            Ok(found.map(|it| UnmetExplained::new(&self.scope, it)))
        };
        explained.await.transpose()
    }

    /// The needs and slots that the plan does not serve in full, and why.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn unmet(
        &self,
        #[graphql(desc = "The first so many after `after`, at most 100; 20 when not said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<UnmetExplainedConnection>> {
        let read = async || {
            let page = PageRequest::read(first, after.as_deref(), last, before.as_deref())?;
            let at = Arc::clone(&self.scope.state);
            let found = ask(&self.scope, move |it| {
                let unmet = it.proposal().summary.unmet.into_iter().enumerate();
                let own: Vec<_> = unmet.filter(|(_, it)| at.is_own(it.target)).collect();
                let total = int(own.len());
                (
                    page.of(own.into_iter(), place)
                        .mapped(|(_, unmet)| it.unmet_without_remedies(unmet.target)),
                    total,
                )
            });
            let (page, total) = found.await?;
            let wrap = |it| Some(UnmetExplained::new(&self.scope, it));
            Ok(UnmetExplainedConnection::of(page.mapped(wrap), total))
        };
        Some(read().await)
    }

    /// Why this resource, or this unit's open capacity, is not used in full 闲置原因; null when the plan uses
    /// all that is left of it. Null, with an error, of what is not there.
    async fn why_idle(
        &self,
        #[graphql(desc = "The id of a resource, or of a unit that may take matters up directly.")]
        supplier: ID,
    ) -> Option<Result<IdleExplained>> {
        let explained = async {
            let supplier = read_supplier(&supplier)?;
            named::is_seen(&self.scope.state, "supplier", &supplier.into())?;
            if !self.scope.state.is_own(supplier) {
                return Ok(None);
            }
            let found = ask(&self.scope, move |it| it.idle_without_remedies(supplier)).await?;
            Ok(found.map(|it| IdleExplained::new(&self.scope, it)))
        };
        explained.await.transpose()
    }

    /// The resources, then the units, that the plan does not use in full, and why.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn idle(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many after `after`, at most 100; 20 when not said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<IdleExplainedConnection>> {
        let read = async || {
            let page = PageRequest::read(first, after.as_deref(), last, before.as_deref())?;
            let counted = ctx.look_ahead().field("totalCount").exists();
            let at = Arc::clone(&self.scope.state);
            let found = ask(&self.scope, move |it| {
                let resources = at.resources().map(|resource| domain::Supplier::Resource(resource.id));
                let units = at.organizations().map(|unit| domain::Supplier::Unit(unit.id));
                let own: Vec<_> = resources.chain(units).filter(|supplier| at.is_own(*supplier)).collect();
                let idle = || {
                    let each = own.iter().enumerate();
                    each.filter_map(|(index, supplier)| Some((index, it.idle_without_remedies(*supplier)?)))
                };
                let total = if counted { int(idle().count()) } else { 0 };
                (page.of(idle(), place), total)
            });
            let (page, total) = found.await?;
            let wrap = |(_, it)| Some(IdleExplained::new(&self.scope, it));
            Ok(IdleExplainedConnection::of(page.mapped(wrap), total))
        };
        Some(read().await)
    }

    /// What one more unit would add 稀缺程度: of each giver, of each category at each place.
    #[graphql(complexity = "100 + child_complexity")]
    async fn scarcity(&self) -> Result<Scarcity> {
        let found = ask(&self.scope, |it| it.scarcity()).await?.map_err(|error| failed(&error))?;
        Ok(Scarcity::new(&self.scope.state, found))
    }

    /// How the plan differs from what the street proposes already: what adopting it would change 变动.
    async fn churn(&self) -> Result<Difference> {
        let found = ask(&self.scope, |it| it.churn()).await?;
        Ok(Difference::new(&self.scope.state, found))
    }

    /// What is worth doing together 共建项目建议: exchanges, then needs shared by several, then groups.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn joint_projects(
        &self,
        #[graphql(desc = "The first so many after `after`, at most 100; 20 when not said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<JointProjectConnection>> {
        let read = async || {
            let page = PageRequest::read(first, after.as_deref(), last, before.as_deref())?;
            let found = ask(&self.scope, |it| it.joint_projects()).await?;
            let at = &self.scope.state;
            let takes_part = |it: &Undertaking| {
                at.is_own(Entity::Organization(it.organization)) || at.sees_pair(it.target, it.supplier)
            };
            let all = found.into_iter().enumerate();
            let own: Vec<_> = all.filter(|(_, it)| it.undertakings.iter().any(takes_part)).collect();
            let total = int(own.len());
            let wrap = |(_, it)| Some(JointProject::new(at, it));
            Ok(JointProjectConnection::of(page.of(own.into_iter(), place).mapped(wrap), total))
        };
        Some(read().await)
    }
}

fn read_target(id: &ID) -> Result<domain::Target> {
    let target = NodeId::read(id).and_then(|id| id.target());
    target.ok_or_else(|| wrong_id("target", "需求或需求项", "a need or of a slot"))
}

fn read_supplier(id: &ID) -> Result<domain::Supplier> {
    let supplier = NodeId::read(id).and_then(|id| id.supplier());
    supplier.ok_or_else(|| wrong_id("supplier", "资源或组织", "a resource or of an organization"))
}
