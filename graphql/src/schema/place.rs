//! Places 区域: the nodes of the territory tree.
#![expect(
    clippy::too_many_arguments,
    reason = "a field of a connection has its four arguments beside its own"
)]

use super::{
    connection::{PageArguments, connection, page_size},
    identity::NodeId,
    listing::{
        self,
        condition::Condition,
        listed,
        order::{By, order},
        orders::OrganizationOrder,
        read,
        wanted::filter,
    },
    organization::{Organization, OrganizationConnection, OrganizationFilter},
    related::OfPlace,
    scope::Snapshot,
    words::PlaceLevel,
};
use async_graphql::{Context, ID, Object, Result};
use engine::{identity::PlaceId, place as domain, state::listed::FacetKind};
use std::sync::Arc;

/// A place, as it was at one position.
#[derive(Clone)]
pub struct Place {
    at: Snapshot,
    it: Arc<domain::Place>,
}

impl Place {
    /// The place of this identity.
    pub fn find(at: &Snapshot, id: PlaceId) -> Option<Self> {
        at.place(id).map(|it| Self { at: Arc::clone(at), it: Arc::clone(it) })
    }
}

connection!(Place, PlaceConnection, PlaceEdge, "places 区域");
listed!(Place, Places of PlaceId, PlaceFilter, PlaceOrder, PlaceConnection);

filter! {
    /// Which places 区域 to list. All conditions hold at once.
    PlaceFilter {
        /// Of this level.
        level: PlaceLevel => |level| Ok(Condition::Level((*level).into())),
        /// This place, or what lies below it.
        within: ID => read::place,
        /// With all these words in the name, blanks between them, without regard to case 关键词.
        text: String => read::text,
    }
}

order! {
    /// In which order to list places 排序.
    PlaceOrder,
    /// What places may be sorted by 排序依据.
    PlaceOrderField {
        /// 添加时间: when it was added, the oldest first.
        Added = By::Number,
        /// 名称: by its characters.
        Name = By::Name,
        /// 层级: how deep it lies, districts and streets first.
        Level = By::Facet(FacetKind::Level),
    }
}

/// A node of the territory tree 区域: district › street › community › grid › estate › building › stairwell
/// (市区 › 街道 › 社区 › 网格 › 小区 › 楼栋 › 梯).
#[Object]
impl Place {
    /// Its global id.
    pub async fn id(&self) -> ID {
        NodeId::Place(self.it.id).id()
    }

    /// What it is called; unique below its parent.
    async fn name(&self) -> &str {
        &self.it.name
    }

    /// How deep it lies.
    async fn level(&self) -> PlaceLevel {
        self.it.level.into()
    }

    /// The place around it; null for a root.
    async fn parent(&self) -> Option<Self> {
        self.it.parent.and_then(|parent| Self::find(&self.at, parent))
    }

    /// The names from the root down to this place.
    async fn path(&self) -> Vec<String> {
        let mut names: Vec<String> = self.at.around(self.it.id).map(|place| place.name.clone()).collect();
        names.reverse();
        names
    }

    /// The places directly below it.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn children(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that pass this filter.")] filter: Option<PlaceFilter>,
        #[graphql(desc = "In which order; as they were added when not said.")] order_by: Option<PlaceOrder>,
        #[graphql(desc = "The first so many after `after`, at most 100; 20 when not said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<PlaceConnection>> {
        let page = PageArguments::read(first, after.as_deref(), last, before.as_deref());
        let within = [Condition::Parent(self.it.id)];
        Some(listing::list::<Self>(ctx, &self.at, (filter, order_by), page, within))
    }

    /// The organizations that sit exactly here.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn organizations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that pass this filter.")] filter: Option<OrganizationFilter>,
        #[graphql(desc = "In which order; as they were registered when not said.")] order_by: Option<
            OrganizationOrder,
        >,
        #[graphql(desc = "The first so many after `after`, at most 100; 20 when not said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<OrganizationConnection>> {
        let page = PageArguments::read(first, after.as_deref(), last, before.as_deref());
        let within = [Condition::Seat(self.it.id)];
        Some(listing::list::<Organization>(ctx, &self.at, (filter, order_by), page, within))
    }

    #[graphql(flatten)]
    async fn related(&self) -> OfPlace {
        OfPlace::new(&self.at, self.it.id)
    }

    /// The identity it had in an imported list 外部编号.
    async fn reference(&self) -> Option<&str> {
        self.it.reference.as_deref()
    }
}
