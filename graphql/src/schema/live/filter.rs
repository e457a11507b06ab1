//! Which events are wanted: by kind, by whom they concern, by where that lies, by whose command.

use super::changes::lies_in;
use crate::schema::{
    event::{ActorKind, EventType},
    filter::{organization_id, place_id},
    history,
    words::Role,
};
use async_graphql::{ID, InputObject, Result};
use engine::{
    agreement::Subject,
    event::Event,
    history::{Entity, touched},
    identity::{OrganizationId, PairingId, PlaceId, ProjectId},
    meeting::Item,
    member::Caller,
    pairing::Target,
    state::State,
};

/// Of how many things of an organization it is looked up where the log speaks of them; of more, the log itself is read.
const INVOLVED_MAX: usize = 20_000;

/// Which events 事件 to follow. All conditions hold at once. Where something lies and whose it is goes by how things stand
/// when the event is told.
#[derive(Clone, Debug, Default, InputObject)]
pub struct EventFilter {
    /// Of one of these kinds 事件类型.
    pub types: Option<Vec<EventType>>,
    /// Concerning something that lies in this place or below it.
    pub place: Option<ID>,
    /// Concerning this organization: itself, what it posted, or what it is a side or a party of.
    pub organization: Option<ID>,
    /// Concerning one of these: global ids. A slot stands for its project; what is said of a pairing concerns both its
    /// sides.
    pub entities: Option<Vec<ID>>,
    /// Commanded by somebody like this 操作人.
    pub actor: Option<ActorFilter>,
}

/// By whose command 操作人. All conditions hold at once.
#[derive(Clone, Debug, Default, InputObject)]
pub struct ActorFilter {
    /// Of one of these kinds.
    pub kind: Option<Vec<ActorKind>>,
    /// A member with one of these roles.
    pub role: Option<Vec<Role>>,
    /// A member who acts for this organization.
    pub organization: Option<ID>,
}

/// The filter with its ids read.
pub struct Wanted {
    types: Option<Vec<EventType>>,
    place: Option<PlaceId>,
    organization: Option<OrganizationId>,
    entities: Option<Vec<Entity>>,
    kinds: Option<Vec<ActorKind>>,
    roles: Option<Vec<Role>>,
    acting_for: Option<OrganizationId>,
}

impl Wanted {
    /// Reads a filter.
    ///
    /// # Errors
    /// `BAD_USER_INPUT` when an id in it makes no sense.
    pub fn read(filter: EventFilter) -> Result<Self> {
        let EventFilter { types, place, organization, entities, actor } = filter;
        let ActorFilter { kind: kinds, role: roles, organization: acting_for } = actor.unwrap_or_default();
        let entity = |id: &ID| history::entity(Some(id), None);
        Ok(Self {
            types,
            place: place.as_ref().map(place_id).transpose()?,
            organization: organization.as_ref().map(organization_id).transpose()?,
            entities: entities.map(|ids| ids.iter().map(entity).collect()).transpose()?,
            kinds,
            roles,
            acting_for: acting_for.as_ref().map(organization_id).transpose()?,
        })
    }

    /// Whether every event passes.
    pub const fn is_everything(&self) -> bool {
        matches!(
            self,
            Self {
                types: None,
                place: None,
                organization: None,
                entities: None,
                kinds: None,
                roles: None,
                acting_for: None,
            }
        )
    }

    /// Of which entities an event has to speak in this state; `None` when it may be of any, or of more than are looked up.
    pub fn entities(&self, state: &State) -> Option<Vec<Entity>> {
        match (&self.entities, self.organization) {
            (Some(entities), _) => Some(entities.clone()),
            (None, Some(organization)) => state.involved(organization, INVOLVED_MAX),
            (None, None) => None,
        }
    }

    /// Whether an event passes, and who gave the command. One that may not be looked into passes by its kind and its
    /// actor alone, or not at all.
    pub fn lets(&self, state: &State, event: &Event, actor: &Caller, is_hidden: bool) -> bool {
        if !self.types.as_ref().is_none_or(|types| types.contains(&EventType::of(event))) {
            return false;
        }
        let (role, acting_for) = match *actor {
            Caller::Member { role, organization, .. } => (Some(role.into()), Some(organization)),
            Caller::System | Caller::Public => (None, None),
        };
        let is_by = self.kinds.as_ref().is_none_or(|kinds| kinds.contains(&ActorKind::of(actor)))
            && self.roles.as_ref().is_none_or(|roles| role.is_some_and(|role| roles.contains(&role)))
            && self.acting_for.is_none_or(|wanted| acting_for == Some(wanted));
        if !is_by {
            return false;
        }
        if self.place.is_none() && self.organization.is_none() && self.entities.is_none() {
            return true;
        }
        let concerned = touched(state, event);
        !is_hidden
            && self.entities.as_ref().is_none_or(|wanted| concerned.iter().any(|it| wanted.contains(it)))
            && self.place.is_none_or(|place| concerned.iter().any(|it| lies(state, it, place)))
            && self.organization.is_none_or(|wanted| concerned.iter().any(|it| state.involves(it, wanted)))
    }
}

/// Whether an entity lies in a place.
pub fn lies(state: &State, entity: &Entity, outer: PlaceId) -> bool {
    let in_it = |place: Option<PlaceId>| place.is_some_and(|inner| state.lies_in(inner, outer));
    let of_pairing =
        |id: PairingId| state.pairing(id).is_some_and(|it| lies_in(state, it.terms.target, outer));
    let of_project = |id: ProjectId| lies_in(state, Target::Slot(id, 0), outer);
    match entity {
        Entity::Place(id) => in_it(Some(*id)),
        Entity::Organization(id) => in_it(state.organization(*id).and_then(|it| it.draft.place)),
        Entity::Need(id) => lies_in(state, Target::Need(*id), outer),
        Entity::Resource(id) => in_it(state.resource(*id).and_then(|it| state.place_of(&it.draft.entry))),
        Entity::Project(id) => of_project(*id),
        Entity::Pairing(id) => of_pairing(*id),
        Entity::Delivery(id) => state.delivery(*id).is_some_and(|it| of_pairing(it.pairing)),
        Entity::Bid(id) => state.bid(*id).is_some_and(|it| lies_in(state, it.draft.target, outer)),
        Entity::Meeting(id) => state.meeting(*id).is_some_and(|it| {
            it.draft.agenda.iter().any(|item| match item {
                Item::Pairing(pairing) => of_pairing(*pairing),
                Item::Project(project) => of_project(*project),
            })
        }),
        Entity::Agreement(id) => state.agreement(*id).is_some_and(|it| match it.subject {
            Subject::Pairing(pairing) => of_pairing(pairing),
            Subject::Project(project) => of_project(project),
        }),
        Entity::Street
        | Entity::Rules
        | Entity::Category(_)
        | Entity::Member(_)
        | Entity::Plan(_)
        | Entity::Contact(_) => false,
    }
}
