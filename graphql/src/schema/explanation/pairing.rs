//! Why a pairing is in the plan.

use super::worth::Worth;
use crate::schema::{
    connection::connection,
    pairing::{Fit, Supplier, Target},
    scalar::int,
    scope::{Scope, Snapshot},
};
use async_graphql::{Context, Object, Result, SimpleObject};
use engine::matching::explaining::pairing as domain;

/// A pairing of a plan, explained.
#[derive(Clone)]
pub struct PairingExplained {
    at: Snapshot,
    it: domain::PairingExplained,
}

impl PairingExplained {
    /// The node of an explanation for this state.
    pub fn new(at: &Snapshot, it: domain::PairingExplained) -> Self {
        Self { at: Snapshot::clone(at), it }
    }
}

connection!(
    PairingExplained,
    PairingExplainedConnection,
    PairingExplainedEdge,
    "the pairings of a plan with their reasons 配对理由"
);

/// Why a pairing is in the plan 配对理由.
#[Object]
impl PairingExplained {
    /// What is served.
    async fn target(&self) -> Option<Target> {
        Target::find(&self.at, self.it.target)
    }

    /// What serves it.
    async fn supplier(&self) -> Option<Supplier> {
        Supplier::find(&self.at, self.it.supplier)
    }

    /// How much of what is asked, in base units of its measure.
    async fn quantity(&self) -> i32 {
        int(self.it.quantity)
    }

    /// How much of the giving side it takes: base units, lots, or one engagement.
    async fn draws(&self) -> i32 {
        int(self.it.draws)
    }

    /// How well it fits 契合度.
    async fn fit(&self, ctx: &Context<'_>) -> Result<Fit> {
        Ok(Fit::new(&self.it.fit, Scope::of(ctx)?.language))
    }

    /// What it is worth by itself 价值: weight × fit × share. Worth and bonus less burden, added up over all
    /// pairings, are the plan's objective.
    async fn worth(&self, ctx: &Context<'_>) -> Result<Worth> {
        Ok(Worth::new(self.it.worth, Scope::of(ctx)?.language))
    }

    /// Its even share of what the first needs served in its community add 社区加成.
    async fn bonus(&self, ctx: &Context<'_>) -> Result<Worth> {
        Ok(Worth::new(self.it.bonus, Scope::of(ctx)?.language))
    }

    /// Its even share of what its unit's engagements cost together 负担.
    async fn burden(&self, ctx: &Context<'_>) -> Result<Worth> {
        Ok(Worth::new(self.it.burden, Scope::of(ctx)?.language))
    }

    /// Whether it is held for the sake of its project 项目整体保留: then its margin is 0 and it has no rivals.
    async fn held(&self) -> bool {
        self.it.held
    }

    /// What one more unit of the giving side would add 影子价格.
    async fn price(&self, ctx: &Context<'_>) -> Result<Worth> {
        Ok(Worth::new(self.it.price, Scope::of(ctx)?.language))
    }

    /// What it is worth beyond what both sides would do without each other 优势. Never negative; to forbid the
    /// pairing would cost the plan at least this, as long as the same projects go ahead and each need is counted as it
    /// is.
    async fn margin(&self, ctx: &Context<'_>) -> Result<Worth> {
        Ok(Worth::new(self.it.margin, Scope::of(ctx)?.language))
    }

    /// Who else could have served the need, the best of them 次优供给方.
    async fn rival_supplier(&self, ctx: &Context<'_>) -> Result<Option<RivalSupplier>> {
        let language = Scope::of(ctx)?.language;
        Ok(self.it.asking.map(|second| RivalSupplier {
            supplier: Supplier::find(&self.at, second.who),
            behind: Worth::new(second.behind, language),
        }))
    }

    /// What else could have been served, the best of it 次优需求.
    async fn rival_target(&self, ctx: &Context<'_>) -> Result<Option<RivalTarget>> {
        let language = Scope::of(ctx)?.language;
        Ok(self.it.giving.map(|second| RivalTarget {
            target: Target::find(&self.at, second.who),
            behind: Worth::new(second.behind, language),
        }))
    }
}

/// Who came second in serving a need 次优供给方.
#[derive(Clone, SimpleObject)]
pub struct RivalSupplier {
    /// The resource or unit.
    pub supplier: Option<Supplier>,
    /// How far it is behind, over all the pairing carries; 0 when it would have done as well.
    pub behind: Worth,
}

/// What came second in being served 次优需求.
#[derive(Clone, SimpleObject)]
pub struct RivalTarget {
    /// The need or slot.
    pub target: Option<Target>,
    /// How far it is behind, over all the pairing carries; 0 when it would have done as well.
    pub behind: Worth,
}
