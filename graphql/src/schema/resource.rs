//! Resources 资源: the second of the three lists.
#![expect(
    clippy::too_many_arguments,
    reason = "a field of a connection has its four arguments beside its own"
)]

use super::{
    connection::{PageArguments, PageRequest, connection, page_size},
    entry::{EntryPart, Posted, Tally},
    entry_life::ResourceLife,
    filter::{PairingFilter, ResourceFilter},
    identity::NodeId,
    listing::{self, condition::Condition, listed, orders::ResourceOrder},
    next_actions::NextPart,
    pairing::{Pairing, PairingConnection, PairingOrder},
    place::{Place, PlaceConnection},
    related::OfResource,
    scalar::int,
    scope::Snapshot,
    words::{Measure, ResourceStatus},
};
use async_graphql::{Context, ID, Object, Result};
use engine::{history::Entity, identity::ResourceId, pairing::Supplier, resource as domain};
use std::sync::Arc;

/// A resource, as it was at one position.
#[derive(Clone)]
pub struct Resource {
    at: Snapshot,
    it: Arc<domain::Resource>,
}

impl Resource {
    /// The node of a resource of this state.
    pub fn new(at: &Snapshot, it: &Arc<domain::Resource>) -> Self {
        Self { at: Arc::clone(at), it: Arc::clone(it) }
    }

    /// The resource of this identity.
    pub fn find(at: &Snapshot, id: ResourceId) -> Option<Self> {
        at.resource(id).filter(|_| at.sees(Entity::Resource(id))).map(|it| Self::new(at, it))
    }
}

/// An entry of the list of resources 资源清单. In ValueFlows terms an Intent with a provider.
#[Object]
impl Resource {
    /// Its global id.
    pub async fn id(&self) -> ID {
        NodeId::Resource(self.it.id).id()
    }

    #[graphql(flatten)]
    async fn next(&self) -> NextPart {
        NextPart::new(Arc::clone(&self.at), Entity::Resource(self.it.id))
    }

    #[graphql(flatten)]
    async fn entry(&self) -> EntryPart<Resource> {
        EntryPart::new(&self.at, Posted::Resource(Arc::clone(&self.it)))
    }

    #[graphql(flatten)]
    async fn life(&self) -> ResourceLife {
        ResourceLife::new(&self.it)
    }

    /// How many engagements it can carry, as stated, when it is lent whole 可对接次数.
    async fn lots(&self) -> Option<i32> {
        self.it.draft.lots.map(int)
    }

    /// The places it serves, with all below them 服务范围, as they were added; none = the street it lies in.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn serves(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many after `after`, at most 100; 20 when not said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<PlaceConnection>> {
        let read = || {
            let page = PageRequest::read(first, after.as_deref(), last, before.as_deref())?;
            let mut served = self.it.draft.serves.clone();
            served.sort_unstable();
            let found = || served.iter().filter_map(|id| Some((*id, Place::find(&self.at, *id)?)));
            Ok(PlaceConnection::new(ctx, page, found, |(id, _)| id.number(), |(_, it)| it))
        };
        Some(read())
    }

    /// On what conditions it is lent, in words 提供条件.
    async fn conditions(&self) -> Option<&str> {
        self.it.draft.conditions.as_deref()
    }

    /// Where it stands 状态.
    async fn status(&self) -> ResourceStatus {
        self.it.status().into()
    }

    /// What one unit of its capacity is: a base unit of this measure, or one engagement when null.
    async fn counted_in(&self) -> Option<Measure> {
        match self.it.draft.counted() {
            domain::Counted::Units(measure) => Some(Measure::of(&measure)),
            domain::Counted::Lots => None,
        }
    }

    /// How much there is: base units when it is shared out, else engagements.
    async fn capacity(&self) -> i32 {
        int(self.it.draft.capacity())
    }

    /// Capacity less what is claimed and agreed 余量. Proposals reserve nothing.
    async fn remaining(&self) -> i32 {
        int(self.it.remaining())
    }

    /// What of its capacity is proposed, claimed, agreed.
    async fn tally(&self) -> Tally {
        self.it.tally.into()
    }

    #[graphql(flatten)]
    async fn related(&self) -> OfResource {
        OfResource::new(&self.at, self.it.id)
    }

    /// What it serves, oldest first, as far as the caller sees it. Null, with an error, for the public.
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
        let within = [Condition::Supplier(Supplier::Resource(self.it.id))];
        Some(listing::for_members::<Pairing>(ctx, &self.at, (filter, order_by), page, within))
    }
}

connection!(Resource, ResourceConnection, ResourceEdge, "the list of resources 资源清单");
listed!(Resource, Resources of ResourceId, ResourceFilter, ResourceOrder, ResourceConnection);
