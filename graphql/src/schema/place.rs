//! Places 区域: the nodes of the territory tree.

use super::{
    identity::NodeId,
    listing::{
        condition::Condition,
        listed,
        order::{By, order},
        read,
        wanted::filter,
    },
    organization::Organization,
    scope::Snapshot,
    words::PlaceLevel,
};
use async_graphql::{ID, Object};
use engine::{identity::PlaceId, place as domain};
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

listed!(Place, Places of PlaceId, PlaceFilter, PlaceOrder);

filter! {
    /// Which places to list. All conditions hold at once.
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
    #[graphql(complexity = "crate::schema::connection::cost(10, child_complexity)")]
    async fn children(&self) -> Vec<Self> {
        let below = self.at.places().filter(|place| place.parent == Some(self.it.id));
        below.map(|it| Self { at: Arc::clone(&self.at), it: Arc::clone(it) }).collect()
    }

    /// The organizations that sit exactly here.
    #[graphql(complexity = "crate::schema::connection::cost(10, child_complexity)")]
    async fn organizations(&self) -> Vec<Organization> {
        let here = self.at.organizations().filter(|it| it.draft.place == Some(self.it.id));
        here.map(|it| Organization::new(&self.at, it)).collect()
    }

    /// The identity it had in an imported list 外部编号.
    async fn reference(&self) -> Option<&str> {
        self.it.reference.as_deref()
    }
}
