//! Why a resource or a unit's open capacity stays unused.

use super::{remedy::Remedy, worth::Worth};
use crate::schema::{
    connection::connection,
    explaining::ask,
    pairing::{Supplier, Target},
    scalar::int,
    scope::Scope,
    words::CauseCode,
};
use async_graphql::{Object, Result, SimpleObject};
use engine::matching::explaining::idle as domain;

/// Something that a plan does not use in full, explained.
#[derive(Clone)]
pub struct IdleExplained {
    scope: Scope,
    it: domain::IdleExplained,
}

impl IdleExplained {
    /// The node of an explanation of this scope.
    pub fn new(scope: &Scope, it: domain::IdleExplained) -> Self {
        Self { scope: scope.clone(), it }
    }
}

connection!(
    IdleExplained,
    IdleExplainedConnection,
    IdleExplainedEdge,
    "what a plan does not use in full, and why 闲置原因"
);

/// Why a resource, or a unit's open capacity, is not used in full 闲置原因.
#[Object]
impl IdleExplained {
    /// Which resource or unit.
    async fn supplier(&self) -> Option<Supplier> {
        Supplier::find(&self.scope.state, self.it.supplier)
    }

    /// What of it is neither claimed nor agreed: base units, lots or engagements.
    async fn remaining(&self) -> i32 {
        int(self.it.remaining)
    }

    /// What of that the plan uses.
    async fn planned(&self) -> i32 {
        int(self.it.planned)
    }

    /// What keeps the open needs from it 原因, the most frequent cause first.
    #[graphql(complexity = "crate::schema::connection::cost(20, child_complexity)")]
    async fn causes(&self) -> Vec<IdleReason> {
        let language = self.scope.language;
        let reason = |(cause, needs): &(engine::plan::Cause, u32)| IdleReason {
            code: (*cause).into(),
            message: cause.message(language).to_owned(),
            needs: int(*needs),
        };
        self.it.causes.iter().map(reason).collect()
    }

    /// What it could have served and others serve, the nearest first; at most ten, as far as the caller is
    /// told of them 被他方承接的需求.
    #[graphql(complexity = "crate::schema::connection::cost(10, child_complexity)")]
    async fn lost(&self) -> Vec<LostTarget> {
        let lost = |it: &domain::Lost| LostTarget {
            target: Target::find(&self.scope.state, it.target),
            to: Supplier::find(&self.scope.state, it.to),
            lead: Worth::new(it.lead, self.scope.language),
        };
        let seen = self.it.lost.iter().filter(|it| self.scope.state.sees_pair(it.target, it.to));
        seen.map(lost).collect()
    }

    /// The smallest changes that would use more of it, least effort first 改进建议. Each was tried on the whole
    /// street, so this takes as long as many plans.
    #[graphql(complexity = "200 + child_complexity")]
    async fn remedies(&self) -> Result<Vec<Remedy>> {
        let supplier = self.it.supplier;
        let found = ask(&self.scope, move |it| it.idle(supplier)).await?;
        let remedies = found.map(|it| it.remedies).unwrap_or_default();
        Ok(remedies.iter().map(|it| Remedy::new(it, self.scope.names())).collect())
    }
}

/// One cause why something stays idle, and how many needs it keeps away 闲置原因.
#[derive(Clone, SimpleObject)]
pub struct IdleReason {
    /// The cause.
    pub code: CauseCode,
    /// The cause and what would lift it, in the language of the request.
    pub message: String,
    /// How many open needs and slots it keeps away.
    pub needs: i32,
}

/// A need that something else serves 被他方承接的需求.
#[derive(Clone, SimpleObject)]
pub struct LostTarget {
    /// The need or slot.
    pub target: Option<Target>,
    /// What serves it.
    pub to: Option<Supplier>,
    /// By how much that is better, for one unit; never negative 领先.
    pub lead: Worth,
}
