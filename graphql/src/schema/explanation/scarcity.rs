//! Scarcity 稀缺程度: what one more unit would add to the plan.

use super::worth::Worth;
use crate::schema::{
    category::Category,
    connection::{PageRequest, connection, page_size, place},
    pairing::Supplier,
    place::Place,
    scope::{Scope, Snapshot},
    words::Measure,
};
use async_graphql::{Context, Object, Result, SimpleObject};
use engine::{
    matching::explaining::{Worth as Marginal, scarcity as domain},
    pairing, quantity,
    refusal::wording::Language,
};
use std::{cmp::Reverse, sync::Arc};

/// What one more unit would add, for a state.
pub struct Scarcity {
    at: Snapshot,
    it: domain::Scarcity,
}

impl Scarcity {
    /// The node of the prices of a plan for this state, the dearest first.
    pub fn new(at: &Snapshot, mut it: domain::Scarcity) -> Self {
        it.givers.sort_by_key(|(_, worth)| Reverse(*worth));
        it.categories.sort_by_key(|marginal| Reverse(marginal.worth));
        it.street.sort_by_key(|marginal| Reverse(marginal.worth));
        Self { at: Arc::clone(at), it }
    }
}

/// What one more unit would add to the plan 稀缺程度, the dearest first.
#[Object]
impl Scarcity {
    /// Of each resource and unit that is there: one more base unit, lot or engagement.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn givers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many after `after`, at most 100; 20 when not said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<ScarceSupplierConnection>> {
        let read = || {
            let language = Scope::of(ctx)?.language;
            let page = PageRequest::read(first, after.as_deref(), last, before.as_deref())?;
            let all = || self.it.givers.iter().enumerate().filter(|(_, (giver, _))| self.at.is_own(*giver));
            let wrap = |(_, (supplier, worth)): (usize, &(pairing::Supplier, Marginal))| ScarceSupplier {
                supplier: Supplier::find(&self.at, *supplier),
                worth: Worth::new(*worth, language),
            };
            Ok(ScarceSupplierConnection::new(ctx, page, all, place, wrap))
        };
        Some(read())
    }

    /// Of each category that open needs name, in each community that they lie in: what a new resource of it would
    /// add.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn categories(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many after `after`, at most 100; 20 when not said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<ScarceCategoryConnection>> {
        let read = || {
            let language = Scope::of(ctx)?.language;
            let page = PageRequest::read(first, after.as_deref(), last, before.as_deref())?;
            let all = || self.it.categories.iter().enumerate();
            let wrap = |(_, it): (usize, &domain::Marginal)| ScarceCategory::new(&self.at, it, language);
            Ok(ScarceCategoryConnection::new(ctx, page, all, place, wrap))
        };
        Some(read())
    }

    /// The same for the whole street: of each category the most that any community has.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn street(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many after `after`, at most 100; 20 when not said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<ScarceCategoryConnection>> {
        let read = || {
            let language = Scope::of(ctx)?.language;
            let page = PageRequest::read(first, after.as_deref(), last, before.as_deref())?;
            let all = || self.it.street.iter().enumerate();
            let wrap = |(_, it): (usize, &domain::Marginal)| ScarceCategory::new(&self.at, it, language);
            Ok(ScarceCategoryConnection::new(ctx, page, all, place, wrap))
        };
        Some(read())
    }
}

connection!(
    ScarceSupplier,
    ScarceSupplierConnection,
    ScarceSupplierEdge,
    "scarce givers 供给稀缺, the dearest first"
);
connection!(
    ScarceCategory,
    ScarceCategoryConnection,
    ScarceCategoryEdge,
    "scarce categories 类别稀缺, the dearest first"
);

/// What one more of a resource or unit would add 供给稀缺.
#[derive(Clone, SimpleObject)]
pub struct ScarceSupplier {
    /// The resource or unit.
    pub supplier: Option<Supplier>,
    /// What one more base unit, lot or engagement would add.
    pub worth: Worth,
}

/// What one more unit of a category would add at a place 类别稀缺.
#[derive(Clone, SimpleObject)]
pub struct ScarceCategory {
    /// The category.
    pub category: Option<Category>,
    /// What is counted 计量; null = one lot, a resource that is lent whole.
    pub measure: Option<Measure>,
    /// The unit in words; null = one lot.
    pub unit: Option<String>,
    /// The community; for the whole street the one where it is worth most.
    pub place: Option<Place>,
    /// What it would add.
    pub worth: Worth,
}

impl ScarceCategory {
    fn new(at: &Snapshot, it: &domain::Marginal, language: Language) -> Self {
        let measure: Option<&quantity::Measure> = it.measure.as_ref();
        Self {
            category: Category::find(at, &it.category),
            measure: measure.map(Measure::of),
            unit: measure.map(|measure| measure.unit().to_owned()),
            place: Place::find(at, it.place),
            worth: Worth::new(it.worth, language),
        }
    }
}
