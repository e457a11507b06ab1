//! What differs between two plans, pairing by pairing, each with its reason.

use super::worth::Worth;
use crate::schema::{
    connection::{PageRequest, connection, page_size, place},
    pairing::{Supplier, Target},
    scalar::int,
    scope::{Scope, Snapshot},
    words::{CauseCode, WhyCode},
};
use async_graphql::{Context, Object, Result};
use engine::matching::{
    explaining::difference::{self as domain, Why},
    wording::Names,
};

/// How a plan differs from another, for the state of the newer one.
pub struct Difference {
    at: Snapshot,
    it: domain::Difference,
}

impl Difference {
    /// The node of a difference for this state.
    pub fn new(at: &Snapshot, it: domain::Difference) -> Self {
        Self { at: Snapshot::clone(at), it }
    }
}

/// How a plan differs from what was before 方案差异.
#[Object]
impl Difference {
    /// By how much the objective grew; negative when it fell, null when that of the other is not known.
    async fn objective(&self, ctx: &Context<'_>) -> Result<Option<Worth>> {
        let language = Scope::of(ctx)?.language;
        Ok(self.it.objective.map(|worth| Worth::new(worth, language)))
    }

    /// How many pairings stay as they were 保留.
    async fn kept(&self) -> i32 {
        int(self.it.kept)
    }

    /// How many are new, dropped, or changed in quantity 变动.
    async fn changed_count(&self) -> i32 {
        int(self.it.changed.len())
    }

    /// What is new, dropped, or changed in quantity, in the order of what is served.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many after `after`, at most 100; 20 when not said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<ChangedPairingConnection>> {
        let read = || {
            let page = PageRequest::read(first, after.as_deref(), last, before.as_deref())?;
            let all = || self.it.changed.iter().enumerate();
            let seen = || all().filter(|(_, it)| self.at.sees_pair(it.target, it.supplier));
            let wrap = |(_, it): (usize, &domain::Changed)| ChangedPairing {
                at: Snapshot::clone(&self.at),
                it: *it,
            };
            Ok(ChangedPairingConnection::new(ctx, page, seen, place, wrap))
        };
        Some(read())
    }
}

/// One pairing that changed.
#[derive(Clone)]
pub struct ChangedPairing {
    at: Snapshot,
    it: domain::Changed,
}

connection!(
    ChangedPairing,
    ChangedPairingConnection,
    ChangedPairingEdge,
    "what differs between two plans 变动的配对"
);

/// One pairing that is new, dropped, or changed in quantity 变动的配对.
#[Object]
impl ChangedPairing {
    /// What is served.
    async fn target(&self) -> Option<Target> {
        Target::find(&self.at, self.it.target)
    }

    /// What serves it.
    async fn supplier(&self) -> Option<Supplier> {
        Supplier::find(&self.at, self.it.supplier)
    }

    /// The quantity before, in base units of what is asked; 0 when the pairing is new.
    async fn before(&self) -> i32 {
        int(self.it.before)
    }

    /// The quantity now; 0 when the pairing is dropped.
    async fn after(&self) -> i32 {
        int(self.it.after)
    }

    /// Why 原因.
    async fn why(&self) -> WhyCode {
        WhyCode::of(self.it.why)
    }

    /// The rule that the pair fails now, when `why` is NOT_ELIGIBLE; that it failed before, when it is ELIGIBLE_NOW.
    async fn cause(&self) -> Option<CauseCode> {
        match self.it.why {
            Why::NotEligible(cause) | Why::EligibleNow(cause) => Some(cause.into()),
            _ => None,
        }
    }

    /// What serves the need instead, or served it before, when `why` is INSTEAD_BY or INSTEAD_OF.
    async fn other_supplier(&self) -> Option<Supplier> {
        match self.it.why {
            Why::InsteadBy(supplier) | Why::InsteadOf(supplier) => Supplier::find(&self.at, supplier),
            _ => None,
        }
    }

    /// The need that has the capacity now, or had it before, when `why` is OUTBID_BY or LEFT_BY.
    async fn other_target(&self) -> Option<Target> {
        match self.it.why {
            Why::OutbidBy(target) | Why::LeftBy(target) => Target::find(&self.at, target),
            _ => None,
        }
    }

    /// Why, in words, in the language of the request.
    async fn message(&self, ctx: &Context<'_>) -> Result<String> {
        Ok(self.it.why.message(Names::of(&self.at, Scope::of(ctx)?.language)))
    }
}
