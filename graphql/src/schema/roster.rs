//! The roster 共建关系: standing links between units and communities.

use super::{
    connection::connection,
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
    state::listed::{FacetKind, link_of},
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

    #[expect(clippy::unnecessary_wraps, reason = "others that are listed may not be there")]
    fn find(at: &Snapshot, it: domain::RosterLink) -> Option<Self> {
        Some(Self::new(at, it))
    }
}

connection!(RosterLink, RosterConnection, RosterEdge, "standing relations 包联/双报到/结对");
listed!(RosterLink, Roster by link_of, RosterFilter, RosterOrder, RosterConnection);

filter! {
    /// Which standing relations to list. All conditions hold at once.
    RosterFilter {
        /// Of this unit.
        unit: ID => read::organization,
        /// With this community, or with those in this place.
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
        /// 社区: by community as these were added, then by unit.
        Community = By::Facet(FacetKind::Place),
        /// 关系: units that are assigned first, then those that reported, then those that are paired.
        Relation = By::Facet(FacetKind::Relation),
    }
}

/// A standing relation of a unit to a community 包联/双报到/结对.
#[Object]
impl RosterLink {
    /// The unit.
    async fn unit(&self) -> Option<Organization> {
        Organization::find(&self.at, self.it.unit)
    }

    /// The community, as a place.
    async fn community(&self) -> Option<Place> {
        Place::find(&self.at, self.it.community)
    }

    /// Of what kind.
    async fn relation(&self) -> Relation {
        self.it.relation.into()
    }
}
