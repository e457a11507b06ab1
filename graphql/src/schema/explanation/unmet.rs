//! Why a need stays unmet, and what would serve it.

use super::{remedy::Remedy, worth::Worth};
use crate::schema::{
    connection::{PageRequest, connection, page_size, place},
    explaining::ask,
    pairing::{Supplier, Target},
    plan::UnmetReason,
    scalar::int,
    scope::Scope,
};
use async_graphql::{Context, Enum, Object, Result, SimpleObject};
use engine::matching::explaining::unmet as domain;

/// A need or slot that a plan does not serve in full, explained.
#[derive(Clone)]
pub struct UnmetExplained {
    scope: Scope,
    it: domain::UnmetExplained,
}

impl UnmetExplained {
    /// The node of an explanation of this scope.
    pub fn new(scope: &Scope, it: domain::UnmetExplained) -> Self {
        Self { scope: scope.clone(), it }
    }
}

connection!(
    UnmetExplained,
    UnmetExplainedConnection,
    UnmetExplainedEdge,
    "what a plan does not serve in full, and why 未满足原因"
);

/// Why a need or slot is not served in full 未满足原因.
#[Object]
impl UnmetExplained {
    /// Which need or slot.
    async fn target(&self) -> Option<Target> {
        Target::find(&self.scope.state, self.it.target)
    }

    /// What it asks and nobody has claimed, agreed or requested by hand, in base units; 0 when it is not matched
    /// at all.
    async fn wanting(&self) -> i32 {
        int(self.it.wanting)
    }

    /// What of that the plan serves.
    async fn planned(&self) -> i32 {
        int(self.it.planned)
    }

    /// Why no more 原因: contested capacity first, then the causes by how many candidates they shut out.
    #[graphql(complexity = "crate::schema::connection::cost(20, child_complexity)")]
    async fn causes(&self) -> Vec<UnmetReason> {
        self.it.causes.iter().map(|it| UnmetReason::new(&self.scope.state, it.clone())).collect()
    }

    /// The pairings that took what it could have had, the one that is easiest to outbid first; at most ten,
    /// as far as the caller is told of them 占用余量的配对.
    #[graphql(complexity = "crate::schema::connection::cost(10, child_complexity)")]
    async fn winners(&self) -> Vec<Winner> {
        let winner = |it: &domain::Winner| Winner {
            target: Target::find(&self.scope.state, it.target),
            supplier: Supplier::find(&self.scope.state, it.supplier),
            quantity: int(it.quantity),
            lead: Worth::new(it.lead, self.scope.language),
        };
        let seen = self.it.winners.iter().filter(|it| self.scope.state.sees_pair(it.target, it.supplier));
        seen.map(winner).collect()
    }

    /// What it could have had and nobody outbid it for: units that rest, and what is held for projects 未动用的余量.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn withheld(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many after `after`, at most 100; 20 when not said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<WithheldConnection>> {
        let read = || {
            let page = PageRequest::read(first, after.as_deref(), last, before.as_deref())?;
            let withheld = || self.it.withheld.iter().enumerate();
            let wrap = |(_, it): (usize, &domain::Withheld)| Withheld::new(&self.scope, *it);
            Ok(WithheldConnection::new(ctx, page, withheld, place, wrap))
        };
        Some(read())
    }

    /// The other slots of its project that nobody could serve, for which it waits 等待的需求项.
    #[graphql(complexity = "crate::schema::connection::cost(50, child_complexity)")]
    async fn lacking(&self) -> Vec<Target> {
        self.it.lacking.iter().filter_map(|it| Target::find(&self.scope.state, *it)).collect()
    }

    /// The smallest changes that would serve it, least effort first 改进建议. Each was tried on the whole
    /// street, so this takes as long as many plans.
    #[graphql(complexity = "200 + child_complexity")]
    async fn remedies(&self) -> Result<Vec<Remedy>> {
        let target = self.it.target;
        let found = ask(&self.scope, move |it| it.unmet(target)).await?;
        let remedies = found.map(|it| it.remedies).unwrap_or_default();
        Ok(remedies.iter().map(|it| Remedy::new(it, self.scope.names())).collect())
    }
}

/// A pairing that took contested capacity 占用余量的配对.
#[derive(Clone, SimpleObject)]
pub struct Winner {
    /// What it serves.
    pub target: Option<Target>,
    /// The capacity.
    pub supplier: Option<Supplier>,
    /// How much of what the winner asks it serves, in base units.
    pub quantity: i32,
    /// By how much it won, for one unit of the capacity; never negative 领先.
    pub lead: Worth,
}

/// Why something that could serve a need does not, although nobody outbid the need 未动用原因.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum WithholdingCode {
    /// The unit has engagements left, but one more would cost its burden more than it adds 负担.
    Rests,
    /// It is held for a slot, so that the slot's project gets all it needs 项目整体保留.
    HeldForProject,
}

/// Something that could serve a need and does not, although nobody outbid the need 未动用的余量.
#[derive(Clone, SimpleObject)]
pub struct Withheld {
    /// The resource or unit.
    pub supplier: Option<Supplier>,
    /// Why.
    pub code: WithholdingCode,
    /// The slot it is held for, when `code` is HELD_FOR_PROJECT.
    pub target: Option<Target>,
    /// By how much the burden is above what it would add, when `code` is RESTS; never negative.
    pub by: Option<Worth>,
    /// Why, in words, in the language of the request.
    pub message: String,
}

connection!(Withheld, WithheldConnection, WithheldEdge, "what could serve a need and does not 未动用的余量");

impl Withheld {
    fn new(scope: &Scope, it: domain::Withheld) -> Self {
        let (code, target, by) = match it.why {
            domain::Withholding::Rests(by) => (WithholdingCode::Rests, None, Some(by)),
            domain::Withholding::HeldFor(target) => (WithholdingCode::HeldForProject, Some(target), None),
        };
        Self {
            supplier: Supplier::find(&scope.state, it.supplier),
            code,
            target: target.and_then(|target| Target::find(&scope.state, target)),
            by: by.map(|by| Worth::new(by, scope.language)),
            message: it.message(scope.names()),
        }
    }
}
