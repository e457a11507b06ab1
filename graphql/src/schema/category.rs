//! Categories 类别: the taxonomy of two levels.

use super::{
    identity::NodeId,
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

    /// All categories by code.
    pub fn all(at: &Snapshot) -> Vec<Self> {
        at.categories().map(|it| Self { at: Arc::clone(at), it: Arc::clone(it) }).collect()
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

    /// The leaves of a top.
    #[graphql(complexity = "crate::schema::connection::cost(10, child_complexity)")]
    async fn leaves(&self) -> Vec<Self> {
        let leaves = self.at.categories().filter(|it| it.parent.as_ref() == Some(&self.it.code));
        leaves.map(|it| Self { at: Arc::clone(&self.at), it: Arc::clone(it) }).collect()
    }

    /// Leaves whose resources may serve a need of this one 可替代类别.
    #[graphql(complexity = "crate::schema::connection::cost(3, child_complexity)")]
    async fn substitutes(&self) -> Vec<Self> {
        self.it.substitutes.iter().filter_map(|code| Self::find(&self.at, code)).collect()
    }
}
