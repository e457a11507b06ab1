//! Open calls 揭榜 and the bids on needs and slots.
#![expect(
    clippy::too_many_arguments,
    reason = "a field of a connection has its four arguments beside its own"
)]

use super::{
    connection::{PageArguments, connection, page_size},
    filter::TimeRange,
    identity::NodeId,
    listing::{
        self,
        condition::Condition,
        listed,
        order::{By, order},
        read,
        wanted::filter,
    },
    next_actions::NextPart,
    organization::Organization,
    pairing::{Pairing, Supplier, Target},
    scalar::{DateTime, int},
    scope::{Scope, Snapshot},
};
use async_graphql::{Context, Enum, ID, Object, OutputType, Result, TypeName};
use engine::{
    bid as domain,
    history::Entity,
    identity::BidId,
    pairing as paired,
    state::listed::{BidStanding, FacetKind, Rank, Status, call_target},
};
use std::{borrow::Cow, marker::PhantomData, sync::Arc};

/// Where a bid stands 揭榜状态.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "BidStanding")]
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

filter! {
    /// Which bids 揭榜 to list. All conditions hold at once.
    BidFilter {
        /// Made by this organization.
        organization: ID => read::organization,
        /// On this need or slot.
        target: ID => read::target,
        /// On a slot of this project.
        project: ID => read::project,
        /// With this resource, or from the open capacity of this organization.
        supplier: ID => read::supplier,
        /// On what this organization asks 需求方.
        asking: ID => read::asking,
        /// On a need or slot of this category, by its global id or code; a top includes its leaves.
        category: ID => read::category,
        /// On a need or project in this place or below it.
        place: ID => read::place,
        /// In one of these states.
        status: Vec<BidStatus> => read::status(|it: BidStatus| Status::Bid(it.into())),
        /// Placed in this span.
        placed: TimeRange => |span| Ok(Condition::Began(*span)),
    }
}

order! {
    /// In which order to list bids 排序.
    BidOrder,
    /// What bids may be sorted by 排序依据.
    BidOrderField {
        /// 揭榜时间: when it was placed, the oldest first.
        Placed = By::Number,
        /// 状态: as the life of a bid goes, those that wait first.
        Status = By::Facet(FacetKind::Status),
        /// 数量: how much of what is asked, in base units whatever they count.
        Quantity = By::Rank(Rank::Quantity),
    }
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
        at.bid(id).filter(|_| at.sees(Entity::Bid(id))).map(|it| Self::new(at, it))
    }

    /// The bid that was chosen to be this pairing.
    pub fn chosen_as(at: &Snapshot, pairing: &paired::Pairing) -> Option<Self> {
        let became = |it: &domain::Bid| matches!(it.status, domain::BidStatus::Chosen { pairing: of, .. } if of == pairing.id);
        at.bids_of_target(pairing.terms.target).find(|it| became(it)).and_then(|it| Self::find(at, it.id))
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
        BidStanding::from(&self.it.status).into()
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

listed!(Bid, Bids of BidId, BidFilter, BidOrder, BidConnection);

/// An open call, as it was at one position.
#[derive(Clone)]
pub struct Call {
    at: Snapshot,
    it: Arc<domain::Call>,
}

impl Call {
    /// The last call on a need or slot.
    pub fn find(at: &Snapshot, target: paired::Target) -> Option<Self> {
        at.call(target).filter(|_| at.sees(target)).map(|it| Self { at: Arc::clone(at), it: Arc::clone(it) })
    }
}

connection!(Call, CallConnection, CallEdge, "open calls 揭榜");

filter! {
    /// Which open calls 榜单 to list. All conditions hold at once.
    CallFilter {
        /// On what this organization asks 发榜方.
        organization: ID => read::organization,
        /// On this need or slot.
        target: ID => read::target,
        /// On a slot of this project.
        project: ID => read::project,
        /// On a need or slot of this category, by its global id or code; a top includes its leaves.
        category: ID => read::category,
        /// On a need or project in this place or below it.
        place: ID => read::place,
        /// Opened in this span.
        opened: TimeRange => read::moments(Rank::Opened),
        /// That take bids until a moment in this span.
        until: TimeRange => read::moments(Rank::Until),
        /// With all these words in what the need or slot says, blanks between them, without regard to case 关键词.
        text: String => read::text,
    }
}

order! {
    /// In which order to list open calls 排序.
    CallOrder,
    /// What open calls may be sorted by 排序依据.
    CallOrderField {
        /// 对象: those on needs first, the oldest need first.
        Target = By::Number,
        /// 发榜时间: when it was opened.
        Opened = By::Rank(Rank::Opened),
        /// 截止时间: until when bids are taken, the soonest first.
        Until = By::Rank(Rank::Until),
        /// 类别: the code of the category of the need or slot.
        Category = By::Facet(FacetKind::Category),
    }
}

listed!(Call, Calls by call_target, CallFilter, CallOrder, CallConnection);

/// An open call 揭榜挂帅: the invitation to bid for a need or slot until a set time.
#[Object]
impl Call {
    /// Its global id; the last call on the same need or slot has the same.
    pub async fn id(&self) -> ID {
        NodeId::Call(self.it.target).id()
    }

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
pub struct Bidding<O> {
    at: Snapshot,
    target: paired::Target,
    of: PhantomData<fn() -> O>,
}

impl<O> Bidding<O> {
    /// What is bid on this target.
    pub fn new(at: &Snapshot, target: paired::Target) -> Self {
        Self { at: Arc::clone(at), target, of: PhantomData }
    }
}

/// One type for each thing it is a part of: the library copies the fields of a part when it comes to it, and one that is under way
/// elsewhere has none yet.
impl<O: OutputType> TypeName for Bidding<O> {
    fn type_name() -> Cow<'static, str> {
        format!("BiddingOf{}", O::type_name()).into()
    }
}

/// What is bid on a need or slot.
#[Object(name_type)]
impl<O: OutputType> Bidding<O> {
    /// The last call 揭榜 on it, open or not.
    async fn call(&self) -> Option<Call> {
        Call::find(&self.at, self.target)
    }

    /// The bids on it, the first comer first. Who acts for an organization sees its own, and those on what it asks. Null, with
    /// an error, for the public.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn bids(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that pass this filter.")] filter: Option<BidFilter>,
        #[graphql(desc = "In which order; as they were placed when not said.")] order_by: Option<BidOrder>,
        #[graphql(desc = "The first so many after `after`, at most 100; 20 when not said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<BidConnection>> {
        let page = PageArguments::read(first, after.as_deref(), last, before.as_deref());
        let within = [Condition::Target(self.target)];
        Some(listing::for_members::<Bid>(ctx, &self.at, (filter, order_by), page, within))
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
    /// The bids 揭榜. Who acts for an organization sees its own, and those on what it asks. Null, with an error, for the public.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn bids(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that pass this filter.")] filter: Option<BidFilter>,
        #[graphql(desc = "In which order; as they were placed when not said.")] order_by: Option<BidOrder>,
        #[graphql(desc = "The first so many after `after`, at most 100; 20 when not said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<BidConnection>> {
        let page = PageArguments::read(first, after.as_deref(), last, before.as_deref());
        let asked = (filter, order_by);
        let read = |scope: &Scope| listing::for_members::<Bid>(ctx, &scope.state, asked, page, []);
        Some(self.scope(ctx).and_then(read))
    }

    /// The calls 揭榜 that take bids at the time of the question.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn calls(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that pass this filter.")] filter: Option<CallFilter>,
        #[graphql(desc = "In which order; those on needs first, the oldest need first, when not said.")]
        order_by: Option<CallOrder>,
        #[graphql(desc = "The first so many after `after`, at most 100; 20 when not said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Result<CallConnection> {
        let scope = self.scope(ctx)?;
        let page = PageArguments::read(first, after.as_deref(), last, before.as_deref());
        let within = [Condition::TakesBids(scope.now())];
        listing::list::<Call>(ctx, &scope.state, (filter, order_by), page, within)
    }
}
