//! Open calls 揭榜 and the bids on needs and slots.

use super::{
    connection::{PageRequest, connection, page_size},
    filter::organization_id,
    identity::NodeId,
    next_actions::NextPart,
    organization::Organization,
    pairing::{Pairing, Supplier, Target},
    scalar::{DateTime, int},
    scope::{Scope, Snapshot},
};
use async_graphql::{Context, Enum, ID, InputObject, Object, Result};
use engine::{
    bid as domain,
    history::Entity,
    identity::{BidId, OrganizationId},
    pairing as paired,
    permission::Sight,
};
use std::sync::Arc;

/// Where a bid stands 揭榜状态.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum BidStatus {
    /// 待选: it waits in its place of the queue.
    Waiting,
    /// 中选: its pairing carries it on.
    Chosen,
    /// 未选.
    Declined,
    /// 已撤回: taken back by the bidder, or gone with what it was about.
    Withdrawn,
}

impl BidStatus {
    const fn of(status: &domain::BidStatus) -> Self {
        match status {
            domain::BidStatus::Waiting => Self::Waiting,
            domain::BidStatus::Chosen { .. } => Self::Chosen,
            domain::BidStatus::Declined { .. } => Self::Declined,
            domain::BidStatus::Withdrawn { .. } => Self::Withdrawn,
        }
    }
}

/// Which bids to list. All conditions hold at once.
#[derive(Clone, Debug, Default, InputObject)]
pub struct BidFilter {
    /// Made by this organization.
    pub organization: Option<ID>,
    /// In one of these states.
    pub status: Option<Vec<BidStatus>>,
}

/// A bid, as it was at one position.
#[derive(Clone)]
pub struct Bid {
    at: Snapshot,
    it: Arc<domain::Bid>,
}

impl Bid {
    fn new(at: &Snapshot, it: &Arc<domain::Bid>) -> Self {
        Self { at: Arc::clone(at), it: Arc::clone(it) }
    }

    /// The bid of this identity.
    pub fn find(at: &Snapshot, id: BidId) -> Option<Self> {
        at.bid(id).map(|it| Self::new(at, it))
    }

    /// The bid that was chosen to be this pairing.
    pub fn chosen_as(at: &Snapshot, pairing: &paired::Pairing) -> Option<Self> {
        let became = |it: &domain::Bid| matches!(it.status, domain::BidStatus::Chosen { pairing: of, .. } if of == pairing.id);
        at.bids_of_target(pairing.terms.target).find(|it| became(it)).map(|it| Self::new(at, it))
    }
}

/// A bid 揭榜: a unit offers to take up a need or slot. It reserves nothing until it is chosen.
#[Object]
impl Bid {
    /// Its global id.
    pub async fn id(&self) -> ID {
        NodeId::Bid(self.it.id).id()
    }

    #[graphql(flatten)]
    async fn next(&self) -> NextPart {
        NextPart::new(Arc::clone(&self.at), Entity::Bid(self.it.id))
    }

    /// What it would serve.
    async fn target(&self) -> Option<Target> {
        Target::find(&self.at, self.it.draft.target)
    }

    /// With what.
    async fn supplier(&self) -> Option<Supplier> {
        Supplier::find(&self.at, self.it.draft.supplier)
    }

    /// Who bids 揭榜单位.
    async fn bidder(&self) -> Option<Organization> {
        self.at.giving(self.it.draft.supplier).and_then(|giving| Organization::find(&self.at, giving))
    }

    /// How much of what is asked, in base units of its measure.
    async fn quantity(&self) -> i32 {
        int(self.it.draft.quantity)
    }

    /// How much of the giving side it takes: base units, lots, or one engagement.
    async fn draws(&self) -> i32 {
        int(self.it.draft.draws)
    }

    /// How it would be done 方案.
    async fn note(&self) -> Option<&str> {
        self.it.draft.note.as_deref()
    }

    /// When it was placed.
    async fn placed_at(&self) -> DateTime {
        DateTime(self.it.placed)
    }

    /// Where it stands 状态.
    async fn status(&self) -> BidStatus {
        BidStatus::of(&self.it.status)
    }

    /// Its place among those that wait for the same 顺位, from 1; null when it waits no longer.
    async fn rank(&self) -> Option<i32> {
        self.at.queue(self.it.draft.target).position(|it| it.id == self.it.id).map(|before| int(before + 1))
    }

    /// Why it was chosen, declined or withdrawn 原因.
    async fn reason(&self) -> Option<&str> {
        match &self.it.status {
            domain::BidStatus::Waiting => None,
            domain::BidStatus::Chosen { reason, .. } => reason.as_deref(),
            domain::BidStatus::Declined { reason, .. } | domain::BidStatus::Withdrawn { reason, .. } => {
                Some(reason)
            }
        }
    }

    /// When that was.
    async fn answered_at(&self) -> Option<DateTime> {
        match &self.it.status {
            domain::BidStatus::Waiting => None,
            domain::BidStatus::Chosen { at, .. }
            | domain::BidStatus::Declined { at, .. }
            | domain::BidStatus::Withdrawn { at, .. } => Some(DateTime(*at)),
        }
    }

    /// What it became when it was chosen.
    async fn pairing(&self) -> Option<Pairing> {
        match &self.it.status {
            domain::BidStatus::Chosen { pairing, .. } => Pairing::find(&self.at, *pairing),
            _ => None,
        }
    }
}

connection!(Bid, BidConnection, BidEdge, "bids 揭榜");

/// A page of some bids, all of them by [`Sight::Street`] only.
fn page<'a, I: DoubleEndedIterator<Item = &'a Arc<domain::Bid>>>(
    ctx: &Context<'_>,
    scope: &Scope,
    at: &Snapshot,
    filter: BidFilter,
    request: Result<PageRequest>,
    bids: impl Fn() -> I,
) -> Result<BidConnection> {
    scope.needs(Sight::Street)?;
    let organization: Option<OrganizationId> =
        filter.organization.as_ref().map(organization_id).transpose()?;
    let lets = |it: &&Arc<domain::Bid>| {
        organization.is_none_or(|wanted| at.giving(it.draft.supplier) == Some(wanted))
            && filter.status.as_ref().is_none_or(|wanted| wanted.contains(&BidStatus::of(&it.status)))
    };
    let wrap = |it: &Arc<domain::Bid>| Bid::new(at, it);
    Ok(BidConnection::new(ctx, request?, || bids().filter(lets), |it| it.id.number(), wrap))
}

/// An open call, as it was at one position.
#[derive(Clone)]
pub struct Call {
    at: Snapshot,
    it: Arc<domain::Call>,
}

impl Call {
    /// The last call on a need or slot.
    pub fn find(at: &Snapshot, target: paired::Target) -> Option<Self> {
        at.call(target).map(|it| Self { at: Arc::clone(at), it: Arc::clone(it) })
    }
}

/// Where a call stands in its list, rising as the targets do.
fn place(target: paired::Target) -> u64 {
    match target {
        paired::Target::Need(need) => need.number(),
        paired::Target::Slot(project, index) => (1 << 63) | (project.number() << 16) | u64::from(index),
    }
}

connection!(Call, CallConnection, CallEdge, "open calls 揭榜");

/// An open call 揭榜挂帅: the invitation to bid for a need or slot until a set time.
#[Object]
impl Call {
    /// On what.
    async fn target(&self) -> Option<Target> {
        Target::find(&self.at, self.it.target)
    }

    /// When it was opened.
    async fn opened_at(&self) -> DateTime {
        DateTime(self.it.opened)
    }

    /// Until when bids are taken 截止时间.
    async fn until(&self) -> DateTime {
        DateTime(self.it.until)
    }

    /// What bidders are to know 榜单说明.
    async fn note(&self) -> Option<&str> {
        self.it.note.as_deref()
    }

    /// When it was closed; null while it is not.
    async fn closed_at(&self) -> Option<DateTime> {
        self.it.closed.map(DateTime)
    }

    /// Whether bids are taken at the time of the question.
    async fn is_open(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(self.it.ended(Scope::of(ctx)?.now()).is_none())
    }
}

/// What is bid on a need or slot; its fields appear in both.
pub struct Bidding {
    at: Snapshot,
    target: paired::Target,
}

impl Bidding {
    /// What is bid on this target.
    pub fn new(at: &Snapshot, target: paired::Target) -> Self {
        Self { at: Arc::clone(at), target }
    }
}

/// What is bid on a need or slot.
#[Object]
impl Bidding {
    /// The last call 揭榜 on it, open or not.
    async fn call(&self) -> Option<Call> {
        Call::find(&self.at, self.target)
    }

    /// The bids on it, the first comer first. Null, with an error, for the public.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn bids(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that pass this filter.")] filter: Option<BidFilter>,
        #[graphql(desc = "The first so many after `after`, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<BidConnection>> {
        let request = PageRequest::read(first, after.as_deref(), last, before.as_deref());
        let filter = filter.unwrap_or_default();
        let bids = || self.at.bids_of_target(self.target);
        Some(Scope::of(ctx).and_then(|scope| page(ctx, scope, &self.at, filter, request, bids)))
    }
}

/// The queries about calls and bids.
pub struct BiddingQuery {
    bound: Option<Scope>,
}

impl BiddingQuery {
    /// Of a state that was asked for, or else of the request's own.
    pub const fn of(bound: Option<Scope>) -> Self {
        Self { bound }
    }

    fn scope<'a>(&'a self, ctx: &Context<'a>) -> Result<&'a Scope> {
        self.bound.as_ref().map_or_else(|| Scope::of(ctx), Ok)
    }
}

/// The queries about calls and bids.
#[Object]
impl BiddingQuery {
    /// The bids 揭榜, oldest first. Null, with an error, for the public.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn bids(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that pass this filter.")] filter: Option<BidFilter>,
        #[graphql(desc = "The first so many after `after`, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<BidConnection>> {
        let request = PageRequest::read(first, after.as_deref(), last, before.as_deref());
        let filter = filter.unwrap_or_default();
        let read = |scope: &Scope| page(ctx, scope, &scope.state, filter, request, || scope.state.bids());
        Some(self.scope(ctx).and_then(read))
    }

    /// The calls that take bids at the time of the question, those on needs first, the oldest need first.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn calls(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many after `after`, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Result<CallConnection> {
        let scope = self.scope(ctx)?;
        let page = PageRequest::read(first, after.as_deref(), last, before.as_deref())?;
        let open = || scope.state.calls().filter(|it| it.ended(scope.now()).is_none());
        let wrap = |it: &Arc<domain::Call>| Call { at: Arc::clone(&scope.state), it: Arc::clone(it) };
        Ok(CallConnection::new(ctx, page, open, |it| place(it.target), wrap))
    }
}
