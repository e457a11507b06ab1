//! Deliveries 交付: what was handed over, who lent a hand, and what the receiver says of it.
#![expect(
    clippy::too_many_arguments,
    reason = "a field of a connection has its four arguments beside its own"
)]

use super::{
    connection::{PageArguments, connection, page_size},
    filter::DayRange,
    identity::NodeId,
    listing::{
        self, listed,
        order::{By, order},
        read,
        wanted::filter,
    },
    next_actions::NextPart,
    pairing::Pairing,
    scalar::{Date, DateTime, int},
    scope::{Scope, Snapshot},
};
use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject};
use engine::{
    delivery as domain,
    history::Entity,
    identity::DeliveryId,
    state::listed::{DeliveryStanding, FacetKind, Rank, Status},
};
use std::sync::Arc;

/// Who lent a hand 人员类别.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "engine::delivery::PersonClass")]
pub enum PersonClass {
    /// 党员.
    PartyMembers,
    /// 在职职工.
    Employees,
    /// 志愿者.
    Volunteers,
    /// 居民.
    Residents,
}

/// Where a delivery stands 交付状态.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "DeliveryStanding")]
pub enum DeliveryStatus {
    /// 待确认: the receiver has said nothing yet.
    Recorded,
    /// 已确认.
    Confirmed,
    /// 有异议: the giver corrects or withdraws it.
    Disputed,
    /// 已撤回.
    Withdrawn,
}

/// Time that persons of one class gave 投入.
#[derive(Clone, SimpleObject)]
pub struct Effort {
    /// Of which class.
    pub class: PersonClass,
    /// How many persons.
    pub persons: i32,
    /// Minutes of all of them together.
    pub minutes: i32,
}

/// A delivery, as it was at one position.
#[derive(Clone)]
pub struct Delivery {
    at: Snapshot,
    it: Arc<domain::Delivery>,
}

impl Delivery {
    /// The node of a delivery of this state.
    pub fn new(at: &Snapshot, it: &Arc<domain::Delivery>) -> Self {
        Self { at: Arc::clone(at), it: Arc::clone(it) }
    }

    /// The delivery of this identity.
    pub fn find(at: &Snapshot, id: DeliveryId) -> Option<Self> {
        at.delivery(id).filter(|_| at.sees(Entity::Delivery(id))).map(|it| Self::new(at, it))
    }
}

/// A delivery 交付. ValueFlows calls it an EconomicEvent.
#[Object]
impl Delivery {
    /// Its global id.
    pub async fn id(&self) -> ID {
        NodeId::Delivery(self.it.id).id()
    }

    #[graphql(flatten)]
    async fn next(&self) -> NextPart {
        NextPart::new(Arc::clone(&self.at), Entity::Delivery(self.it.id))
    }

    /// For which pairing.
    async fn pairing(&self) -> Option<Pairing> {
        Pairing::find(&self.at, self.it.pairing)
    }

    /// How much of what is asked, in base units of its measure.
    async fn quantity(&self) -> i32 {
        int(self.it.draft.quantity)
    }

    /// On which day.
    async fn on(&self) -> Date {
        self.it.draft.on.into()
    }

    /// What was done, in words.
    async fn note(&self) -> Option<&str> {
        self.it.draft.note.as_deref()
    }

    /// Who lent a hand.
    #[graphql(complexity = "crate::schema::connection::cost(20, child_complexity)")]
    async fn efforts(&self) -> Vec<Effort> {
        let efforts = self.it.draft.efforts.iter();
        let shown = efforts.map(|it| Effort {
            class: it.class.into(),
            persons: int(it.persons),
            minutes: int(it.minutes),
        });
        shown.collect()
    }

    /// When it was recorded, or last corrected: the receiver's time runs from here.
    async fn recorded_at(&self) -> DateTime {
        DateTime(self.it.recorded)
    }

    /// Where it stands 状态.
    async fn status(&self) -> DeliveryStatus {
        DeliveryStanding::from(&self.it.status).into()
    }

    /// When the receiver confirmed or disputed it.
    async fn answered_at(&self) -> Option<DateTime> {
        match &self.it.status {
            domain::DeliveryStatus::Confirmed { at } | domain::DeliveryStatus::Disputed { at, .. } => {
                Some(DateTime(*at))
            }
            domain::DeliveryStatus::Recorded | domain::DeliveryStatus::Withdrawn { .. } => None,
        }
    }

    /// Why it is disputed, or was withdrawn 原因.
    async fn reason(&self) -> Option<&str> {
        match &self.it.status {
            domain::DeliveryStatus::Disputed { reason, .. }
            | domain::DeliveryStatus::Withdrawn { reason } => Some(reason),
            domain::DeliveryStatus::Recorded | domain::DeliveryStatus::Confirmed { .. } => None,
        }
    }

    /// When the receiver's time was over, if it said nothing 确认超期.
    async fn overdue_since(&self) -> Option<DateTime> {
        self.it.overdue.map(DateTime)
    }
}

connection!(Delivery, DeliveryConnection, DeliveryEdge, "deliveries 交付");

listed!(Delivery, Deliveries of DeliveryId, DeliveryFilter, DeliveryOrder, DeliveryConnection);

filter! {
    /// Which deliveries 交付 to list. All conditions hold at once.
    DeliveryFilter {
        /// By or to this organization.
        organization: ID => read::organization,
        /// To this organization 接收方.
        asking: ID => read::asking,
        /// By this organization 交付方.
        giving: ID => read::giving,
        /// For this need or slot.
        target: ID => read::target,
        /// For a slot of this project.
        project: ID => read::project,
        /// From this resource, or from the open capacity of this organization.
        supplier: ID => read::supplier,
        /// For this pairing.
        pairing: ID => read::pairing,
        /// For a need or slot of this category, by its global id or code; a top includes its leaves.
        category: ID => read::category,
        /// For a need or project in this place or below it.
        place: ID => read::place,
        /// In one of these states.
        status: Vec<DeliveryStatus> => read::status(|it: DeliveryStatus| Status::Delivery(it.into())),
        /// On a day in this span.
        on: DayRange => read::days("on", Rank::On),
    }
}

order! {
    /// In which order to list deliveries 排序.
    DeliveryOrder,
    /// What deliveries may be sorted by 排序依据.
    DeliveryOrderField {
        /// 登记顺序: in the order in which they were first recorded, the oldest first.
        Recorded = By::Number,
        /// 交付日期: the day on which it was handed over.
        On = By::Rank(Rank::On),
        /// 状态: as the life of a delivery goes, those that wait for their receiver first.
        Status = By::Facet(FacetKind::Status),
        /// 数量: how much of what is asked, in base units whatever they count.
        Quantity = By::Rank(Rank::Quantity),
    }
}

/// Queries of deliveries: of the request's own state, or of another one that was asked for.
pub struct DeliveryQuery {
    bound: Option<Scope>,
}

impl DeliveryQuery {
    /// The queries of one state.
    pub const fn of(bound: Option<Scope>) -> Self {
        Self { bound }
    }
}

/// Queries of deliveries.
#[Object]
impl DeliveryQuery {
    /// The deliveries 交付. Who acts for an organization sees those by it and to it. Null, with an error, for the public.
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
        let scope = self.bound.as_ref().map_or_else(|| Scope::of(ctx), Ok);
        let asked = (filter, order_by);
        Some(scope.and_then(|scope| listing::for_members::<Delivery>(ctx, &scope.state, asked, page, [])))
    }
}
