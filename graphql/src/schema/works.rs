//! What becomes of a project and of a pairing once they are agreed: fields that stand beside their others.
#![expect(
    clippy::too_many_arguments,
    reason = "a field of a connection has its four arguments beside its own"
)]

use super::{
    agreement::Agreement,
    appraisal::Appraisal,
    connection::{PageArguments, page_size},
    delivery::{Delivery, DeliveryConnection, DeliveryFilter, DeliveryOrder},
    listing::{self, condition::Condition},
    scalar::{DateTime, int},
    scope::{Scope, Snapshot},
};
use async_graphql::{Context, Object, Result};
use engine::{
    agreement::Subject,
    pairing::{Pairing as DomainPairing, PairingStatus},
    permission::Sight,
    project::{Project as DomainProject, ProjectEnd},
};
use std::sync::Arc;

/// How a project runs.
pub struct ProjectLife {
    at: Snapshot,
    it: Arc<DomainProject>,
}

impl ProjectLife {
    /// The life of a project of this state.
    pub fn new(at: &Snapshot, it: &Arc<DomainProject>) -> Self {
        Self { at: Arc::clone(at), it: Arc::clone(it) }
    }
}

/// How a project runs.
#[Object]
impl ProjectLife {
    /// Its agreement 共建协议 that is not void; null when there is none that the caller sees. Null, with an error, for the
    /// public.
    async fn agreement(&self, ctx: &Context<'_>) -> Option<Result<Agreement>> {
        match Scope::of(ctx).and_then(|scope| scope.needs(Sight::Street)) {
            Ok(()) => Agreement::live(&self.at, Subject::Project(self.it.id)).map(Ok),
            Err(error) => Some(Err(error)),
        }
    }

    /// When its agreement first came into force 签约时间.
    async fn signed_at(&self) -> Option<DateTime> {
        self.it.signed.map(DateTime)
    }

    /// When it started 开工时间.
    async fn started_at(&self) -> Option<DateTime> {
        self.it.started.map(DateTime)
    }

    /// Since when it rests 暂停时间; null when it does not.
    async fn suspended_since(&self) -> Option<DateTime> {
        self.it.suspended.as_ref().map(|suspended| DateTime(suspended.since))
    }

    /// Why it rests.
    async fn suspended_reason(&self) -> Option<&str> {
        self.it.suspended.as_ref().map(|suspended| suspended.reason.as_str())
    }

    /// When it was accepted as a whole 验收时间.
    async fn accepted_at(&self) -> Option<DateTime> {
        self.it.accepted.map(DateTime)
    }

    /// What its raiser says of it 评议.
    async fn appraisal(&self) -> Option<Appraisal> {
        self.it.appraised.as_ref().map(Appraisal::from)
    }

    /// When it was closed 办结 or given up 终止.
    async fn ended_at(&self) -> Option<DateTime> {
        match self.it.end.as_ref()? {
            ProjectEnd::Failed { at, .. } | ProjectEnd::Closed { at } => Some(DateTime(*at)),
            ProjectEnd::Withdrawn { .. } => None,
        }
    }

    /// Why it was given up, if it was.
    async fn failed_reason(&self) -> Option<&str> {
        match self.it.end.as_ref()? {
            ProjectEnd::Failed { reason, .. } => Some(reason),
            ProjectEnd::Withdrawn { .. } | ProjectEnd::Closed { .. } => None,
        }
    }
}

/// How an agreed pairing is carried out.
pub struct PairingLife {
    at: Snapshot,
    it: Arc<DomainPairing>,
}

impl PairingLife {
    /// The life of a pairing of this state.
    pub fn new(at: &Snapshot, it: &Arc<DomainPairing>) -> Self {
        Self { at: Arc::clone(at), it: Arc::clone(it) }
    }
}

/// How an agreed pairing is carried out.
#[Object]
impl PairingLife {
    /// How much of its quantity is handed over, as the giver says 已交付.
    async fn delivered(&self) -> i32 {
        int(self.it.delivered)
    }

    /// How much of that the receiver has confirmed 已确认.
    async fn accepted(&self) -> i32 {
        int(self.it.accepted)
    }

    /// What of it is agreed and not handed over yet 待交付.
    async fn undelivered(&self) -> i32 {
        int(self.it.undelivered())
    }

    /// When all of it was accepted 验收时间.
    async fn accepted_at(&self) -> Option<DateTime> {
        match self.it.status {
            PairingStatus::Accepted { at } => Some(DateTime(at)),
            _ => None,
        }
    }

    /// Its own agreement that is not void; null when there is none, as for the pairings of a project, which has one.
    async fn agreement(&self) -> Option<Agreement> {
        Agreement::live(&self.at, Subject::Pairing(self.it.id))
    }

    /// What was handed over 交付, oldest first when not said otherwise, whatever became of it.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn deliveries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that pass this filter.")] filter: Option<DeliveryFilter>,
        #[graphql(desc = "In which order; as they were recorded when not said.")] order_by: Option<
            DeliveryOrder,
        >,
        #[graphql(desc = "The first so many after `after`, at most 100; 20 when not said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<DeliveryConnection>> {
        let page = PageArguments::read(first, after.as_deref(), last, before.as_deref());
        let within = [Condition::Pairing(self.it.id)];
        Some(listing::list::<Delivery>(ctx, &self.at, (filter, order_by), page, within))
    }
}
