//! Categories 类别: the taxonomy of two levels.

use super::{
    connection::{PageArguments, connection, page_size},
    identity::NodeId,
    listing::sorted,
    related::OfCategory,
    scalar::int,
    scope::{Scope, Snapshot},
};
use async_graphql::{Context, ID, Object, Result};
use engine::{category as domain, refusal::wording::Language};
use std::sync::Arc;

/// A category, as it was at one position.
#[derive(Clone)]
pub struct Category {
    at: Snapshot,
    it: Arc<domain::Category>,
}

impl Category {
    /// The category of this code.
    pub fn find(at: &Snapshot, code: &domain::CategoryCode) -> Option<Self> {
        at.category(code).map(|it| Self { at: Arc::clone(at), it: Arc::new(it.clone()) })
    }

    /// All categories, by code.
    ///
    /// # Errors
    /// `BAD_USER_INPUT` when the page makes no sense.
    pub fn all(at: &Snapshot, request: Result<PageArguments<'_>>) -> Result<CategoryConnection> {
        page(at.categories().map(|it| Self { at: Arc::clone(at), it: Arc::clone(it) }), request)
    }
}

/// A category 类别 of the taxonomy. A leaf has a parent, a top has none.
#[Object]
impl Category {
    /// Its global id.
    pub async fn id(&self) -> ID {
        NodeId::Category(self.it.code.clone()).id()
    }

    /// Its code, such as `CARE-MEAL`.
    async fn code(&self) -> &str {
        self.it.code.as_str()
    }

    /// Its name in the language of the request.
    async fn name(&self, ctx: &Context<'_>) -> Result<&str> {
        Ok(match Scope::of(ctx)?.language {
            Language::Chinese => &self.it.zh,
            Language::English => &self.it.en,
        })
    }

    /// Its Chinese name.
    async fn zh(&self) -> &str {
        &self.it.zh
    }

    /// Its English name.
    async fn en(&self) -> &str {
        &self.it.en
    }

    /// The top it belongs to; null for a top.
    async fn parent(&self) -> Option<Self> {
        self.it.parent.as_ref().and_then(|parent| Self::find(&self.at, parent))
    }

    #[graphql(flatten)]
    async fn related(&self) -> OfCategory {
        OfCategory::new(&self.at, self.it.code.clone())
    }

    /// The leaves of a top, by code.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn leaves(
        &self,
        #[graphql(desc = "The first so many after `after`, at most 100; 20 when not said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<CategoryConnection>> {
        let leaves = self.at.categories().filter(|it| it.parent.as_ref() == Some(&self.it.code));
        let leaves = leaves.map(|it| Self { at: Arc::clone(&self.at), it: Arc::clone(it) });
        Some(page(leaves, PageArguments::read(first, after.as_deref(), last, before.as_deref())))
    }

    /// Leaves whose resources may serve a need of this one 可替代类别, by code.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn substitutes(
        &self,
        #[graphql(desc = "The first so many after `after`, at most 100; 20 when not said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<CategoryConnection>> {
        let substitutes = self.it.substitutes.iter().filter_map(|code| Self::find(&self.at, code));
        Some(page(substitutes, PageArguments::read(first, after.as_deref(), last, before.as_deref())))
    }
}

connection!(Category, CategoryConnection, CategoryEdge, "the taxonomy 类别");

/// A page of some categories, by code.
fn page(
    them: impl Iterator<Item = Category>,
    request: Result<PageArguments<'_>>,
) -> Result<CategoryConnection> {
    let entries: Vec<(domain::CategoryCode, Category)> = them.map(|it| (it.it.code.clone(), it)).collect();
    let total = int(entries.len());
    let page = sorted::page(entries, "code", Ord::cmp, &request?)?;
    Ok(CategoryConnection::of(page.mapped(|(_, it)| Some(it)), total))
}
