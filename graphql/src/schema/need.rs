//! Needs 需求: the first of the three lists.
#![expect(
    clippy::too_many_arguments,
    reason = "a field of a connection has its four arguments beside its own"
)]

use super::{
    bid::Bidding,
    connection::{PageArguments, connection, page_size},
    entry::{EntryPart, Posted, Tally},
    entry_life::{self, LikelyDuplicate, NeedLife},
    filter::{NeedFilter, PairingFilter},
    identity::NodeId,
    listing::{self, condition::Condition, listed, orders::NeedOrder},
    next_actions::NextPart,
    pairing::{Pairing, PairingConnection, PairingOrder},
    project::Project,
    related::OfNeed,
    scalar::int,
    scope::Snapshot,
    words::{Channel, NeedStatus, Urgency},
};
use async_graphql::{Context, ID, Object, Result};
use engine::{history::Entity, identity::NeedId, need as domain, pairing::Target};
use std::sync::Arc;

/// A need, as it was at one position.
#[derive(Clone)]
pub struct Need {
    at: Snapshot,
    it: Arc<domain::Need>,
}

impl Need {
    /// The node of a need of this state.
    pub fn new(at: &Snapshot, it: &Arc<domain::Need>) -> Self {
        Self { at: Arc::clone(at), it: Arc::clone(it) }
    }

    /// The need of this identity.
    pub fn find(at: &Snapshot, id: NeedId) -> Option<Self> {
        at.need(id).filter(|_| at.sees(Entity::Need(id))).map(|it| Self::new(at, it))
    }

    /// The needs of the same state that seem to say the same.
    ///
    /// # Errors
    /// `NOT_ALLOWED` for the public.
    pub async fn duplicates(&self, ctx: &Context<'_>) -> Result<Vec<LikelyDuplicate>> {
        entry_life::duplicates(ctx, &self.at, self.it.id).await
    }
}

/// An entry of the list of needs 需求清单. In ValueFlows terms an Intent with a receiver.
#[Object]
impl Need {
    /// Its global id.
    pub async fn id(&self) -> ID {
        NodeId::Need(self.it.id).id()
    }

    #[graphql(flatten)]
    async fn next(&self) -> NextPart {
        NextPart::new(Arc::clone(&self.at), Entity::Need(self.it.id))
    }

    #[graphql(flatten)]
    async fn entry(&self) -> EntryPart<Need> {
        EntryPart::new(&self.at, Posted::Need(Arc::clone(&self.it)))
    }

    #[graphql(flatten)]
    async fn life(&self) -> NeedLife {
        NeedLife::new(&self.at, &self.it)
    }

    /// How it came in 来源.
    async fn channel(&self) -> Option<Channel> {
        self.it.draft.channel.map(Channel::from)
    }

    /// How soon 紧急程度; null is read as normal.
    async fn urgency(&self) -> Option<Urgency> {
        self.it.draft.urgency.map(Urgency::from)
    }

    /// The most it may cost, in yuan 资金上限.
    async fn ceiling(&self) -> Option<i32> {
        self.it.draft.ceiling.map(int)
    }

    /// Where it stands 状态.
    async fn status(&self) -> NeedStatus {
        self.it.status().into()
    }

    /// The open project that carries it 承接项目, when one does. When that has slots, they are matched in its place.
    async fn project(&self) -> Option<Project> {
        self.at.carrier(self.it.id).map(|project| Project::new(&self.at, project))
    }

    /// How much it asks, in base units of its measure; 1 when it counts nothing.
    async fn asked(&self) -> i32 {
        int(self.it.asked())
    }

    /// What is neither claimed nor agreed yet 尚缺.
    async fn unserved(&self) -> i32 {
        int(self.it.unserved())
    }

    /// How much of what is asked is proposed, claimed, agreed.
    async fn tally(&self) -> Tally {
        self.it.tally.into()
    }

    #[graphql(flatten)]
    async fn related(&self) -> OfNeed {
        OfNeed::new(&self.at, Target::Need(self.it.id))
    }

    #[graphql(flatten)]
    async fn bidding(&self) -> Bidding<Need> {
        Bidding::new(&self.at, Target::Need(self.it.id))
    }

    /// What serves it, oldest first, as far as the caller sees it. Null, with an error, for the public.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn pairings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that pass this filter.")] filter: Option<PairingFilter>,
        #[graphql(desc = "In which order; oldest first when not said.")] order_by: Option<PairingOrder>,
        #[graphql(desc = "The first so many after `after`, at most 100; 20 when not said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<PairingConnection>> {
        let page = PageArguments::read(first, after.as_deref(), last, before.as_deref());
        let within = [Condition::Target(Target::Need(self.it.id))];
        Some(listing::for_members::<Pairing>(ctx, &self.at, (filter, order_by), page, within))
    }
}

connection!(Need, NeedConnection, NeedEdge, "the list of needs 需求清单");
listed!(Need, Needs of NeedId, NeedFilter, NeedOrder, NeedConnection);
