//! The roster 共建关系: standing links between units and communities.

use super::{
    connection::connection,
    identity::NodeId,
    listing::{
        condition::Condition,
        listed,
        order::{By, order},
        read,
        wanted::filter,
    },
    organization::Organization,
    place::Place,
    scope::Snapshot,
    words::{Relation, UnitKind},
};
use async_graphql::{ID, Object};
use engine::{
    organization as domain,
    state::listed::{FacetKind, Register, Thing, link_number, link_of},
};
use std::sync::Arc;

/// A standing relation, as it was at one position.
#[derive(Clone)]
pub struct RosterLink {
    at: Snapshot,
    it: domain::RosterLink,
}

impl RosterLink {
    /// The node of a link of this state.
    pub fn new(at: &Snapshot, it: domain::RosterLink) -> Self {
        Self { at: Arc::clone(at), it }
    }

    /// The link, if the roster has it.
    pub fn find(at: &Snapshot, it: domain::RosterLink) -> Option<Self> {
        Thing::find(at, Register::Roster, link_number(&it)).map(|_| Self::new(at, it))
    }
}

connection!(RosterLink, RosterConnection, RosterEdge, "standing relations 包联/双报到/结对");
listed!(RosterLink, Roster by link_of, RosterFilter, RosterOrder, RosterConnection);

filter! {
    /// Which standing relations 共建关系 to list. All conditions hold at once.
    RosterFilter {
        /// Of this unit.
        unit: ID => read::organization,
        /// With the community of this place, or with those below it.
        place: ID => read::place,
        /// Of one of these kinds.
        relation: Vec<Relation> => read::each::<Relation, _>(Condition::Relation),
        /// Of resident units of this kind.
        unit_kind: UnitKind => |kind| Ok(Condition::UnitKind(*kind)),
    }
}

order! {
    /// In which order to list standing relations 排序.
    RosterOrder,
    /// What standing relations may be sorted by 排序依据.
    RosterOrderField {
        /// 单位: by unit as these were registered, then by community.
        Unit = By::Number,
        /// 区域: by the place of the community as these were added, then by unit.
        Place = By::Facet(FacetKind::Place),
        /// 关系: units that are assigned first, then those that reported, then those that are paired.
        Relation = By::Facet(FacetKind::Relation),
    }
}

/// A standing relation of a unit to a community 包联/双报到/结对.
#[Object]
impl RosterLink {
    /// Its global id; the same link has the same again after it was ended.
    pub async fn id(&self) -> ID {
        NodeId::RosterLink(self.it).id()
    }

    /// The unit.
    async fn unit(&self) -> Option<Organization> {
        Organization::find(&self.at, self.it.unit)
    }

    /// The place 区域 of the community.
    async fn place(&self) -> Option<Place> {
        Place::find(&self.at, self.it.community)
    }

    /// Of what kind.
    async fn relation(&self) -> Relation {
        self.it.relation.into()
    }
}
