//! Keeping the index: where the things of an entity stand before an event and after it, and what else an event moves.

use super::{Facet, Mark, Rank, Register, Thing, call_number, link_number};
use crate::{
    agreement::Subject,
    category::CategoryCode,
    event::Event,
    history::Entity,
    identity::{MemberId, NeedId, PairingId, ProjectId, ResourceId},
    organization::RosterLink,
    pairing::{Pairing, Supplier, Target},
    state::State,
};
use std::{collections::BTreeSet, sync::Arc};

/// Where a thing stands: its register, its number, what it has in common with others, and its places in orders.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    register: Register,
    number: u64,
    facets: Vec<Facet>,
    marks: Vec<(Rank, Mark)>,
}

impl Standing {
    fn of(state: &State, register: Register, number: u64) -> Option<Self> {
        let thing = Thing::find(state, register, number)?;
        let marks = thing.ranks().iter().map(|rank| (*rank, thing.mark(state, *rank))).collect();
        Some(Self { register, number, facets: thing.facets(state), marks })
    }
}

/// Where the things that an entity is stand; with what is called for it.
pub(crate) fn of(state: &State, entity: &Entity) -> Vec<Standing> {
    let one = |register, number| Standing::of(state, register, number).into_iter().collect();
    match entity {
        Entity::Need(id) => {
            let call = Standing::of(state, Register::Calls, call_number(Target::Need(*id)));
            Standing::of(state, Register::Needs, id.number()).into_iter().chain(call).collect()
        }
        Entity::Project(id) => {
            let calls = state.calls.range(Target::Slot(*id, 0)..=Target::Slot(*id, u16::MAX));
            let calls =
                calls.filter_map(|(target, _)| Standing::of(state, Register::Calls, call_number(*target)));
            Standing::of(state, Register::Projects, id.number()).into_iter().chain(calls).collect()
        }
        Entity::Resource(id) => one(Register::Resources, id.number()),
        Entity::Pairing(id) => one(Register::Pairings, id.number()),
        Entity::Bid(id) => one(Register::Bids, id.number()),
        Entity::Meeting(id) => one(Register::Meetings, id.number()),
        Entity::Agreement(id) => one(Register::Agreements, id.number()),
        Entity::Delivery(id) => one(Register::Deliveries, id.number()),
        Entity::Plan(id) => one(Register::Plans, id.number()),
        Entity::Member(id) => one(Register::Members, id.number()),
        Entity::Organization(id) => one(Register::Organizations, id.number()),
        Entity::Place(id) => one(Register::Places, id.number()),
        Entity::Street | Entity::Rules | Entity::Category(_) | Entity::Contact(_) => Vec::new(),
    }
}

/// What an event moves without naming it: what serves an entry lies where that lies and is whose that is, an entry or a
/// member without a place of its own lies where its organization sits, and what is about a leaf is about its top.
pub(crate) fn moved(state: &State, event: &Event) -> Vec<Entity> {
    match event {
        // Rare, as places are that move.
        Event::CategoryDefined { category }
            if state.category(&category.code).is_some_and(|it| it.parent != category.parent) =>
        {
            about(state, &category.code)
        }
        Event::NeedAmended { need, .. } => beside_target(state, Target::Need(*need)),
        Event::ResourceAmended { resource, .. } => beside_supplier(state, Supplier::Resource(*resource)),
        Event::ProjectAmended { project, .. } => beside_project(state, *project),
        Event::OrganizationAmended { organization, draft } => {
            if state.organization(*organization).is_none_or(|it| it.draft.place == draft.place) {
                return Vec::new();
            }
            let facet = Facet::Organization(*organization);
            let of = |register| {
                state.listed(register, &facet).into_iter().flat_map(|shelf| shelf.numbers(None, None))
            };
            let members = of(Register::Members).map(|it| Entity::Member(MemberId::new(it)));
            let needs = of(Register::Needs).map(NeedId::new).flat_map(|need| {
                [vec![Entity::Need(need)], beside_target(state, Target::Need(need))].concat()
            });
            let resources = of(Register::Resources).map(|it| Entity::Resource(ResourceId::new(it)));
            let projects = of(Register::Projects).map(ProjectId::new).flat_map(|project| {
                [vec![Entity::Project(project)], beside_project(state, project)].concat()
            });
            members.chain(needs).chain(resources).chain(projects).collect()
        }
        _ => Vec::new(),
    }
}

/// All that is about a category.
fn about(state: &State, code: &CategoryCode) -> Vec<Entity> {
    let facet = Facet::Category(Some(code.clone()));
    let each = |register: Register| {
        let shelf = state.listed(register, &facet).into_iter();
        let numbers = shelf.flat_map(|shelf| shelf.numbers(None, None));
        numbers.map(move |number| register.entity(number))
    };
    // Calls stand with what they are on.
    let found: BTreeSet<Entity> = Register::ALL.into_iter().flat_map(each).collect();
    found.into_iter().collect()
}

/// What is on a need or slot.
fn beside_target(state: &State, target: Target) -> Vec<Entity> {
    let bids = state.bids_of_target(target).map(|it| Entity::Bid(it.id));
    let pairings = state.pairings_of_target(target).flat_map(|it| beside_pairing(state, it));
    bids.chain(pairings).collect()
}

/// What is made with a resource or by a unit, and the other parts of what is claimed jointly with it, each once.
fn beside_supplier(state: &State, supplier: Supplier) -> Vec<Entity> {
    let bids = state.bids_of_supplier(supplier).map(|it| Entity::Bid(it.id));
    let mut found: BTreeSet<Entity> = bids.collect();
    for it in state.pairings_of_supplier(supplier) {
        found.extend(beside_pairing(state, it));
        let all = it.joint.map(|_| state.pairings_of_target(it.terms.target));
        let group = all.into_iter().flatten().filter(|other| other.joint == it.joint);
        found.extend(group.map(|other| Entity::Pairing(other.id)));
    }
    found.into_iter().collect()
}

/// What is on a project and on its slots, also on those that are not any more.
fn beside_project(state: &State, project: ProjectId) -> Vec<Entity> {
    let agreements = state.agreements_of(Subject::Project(project)).map(|it| Entity::Agreement(it.id));
    let pairings = state.pairings_of_project(project).flat_map(|it| beside_pairing(state, it));
    let bids = state.bids_of_project(project).map(|it| Entity::Bid(it.id));
    agreements.chain(pairings).chain(bids).collect()
}

fn beside_pairing(state: &State, pairing: &Arc<Pairing>) -> Vec<Entity> {
    let id: PairingId = pairing.id;
    let deliveries = state.deliveries_of(id).map(|it| Entity::Delivery(it.id));
    let agreements = state.agreements_of(Subject::Pairing(id)).map(|it| Entity::Agreement(it.id));
    [Entity::Pairing(id)].into_iter().chain(deliveries).chain(agreements).collect()
}

/// Puts the things that an entity is where they stand now.
pub(crate) fn note(state: &mut State, entity: &Entity, before: &[Standing]) {
    let after = of(state, entity);
    if before == after {
        return;
    }
    let other = |all: &'_ [Standing], it: &Standing| {
        all.iter().position(|other| (other.register, other.number) == (it.register, it.number))
    };
    for was in before {
        let is = other(&after, was).and_then(|index| after.get(index));
        for facet in was.facets.iter().filter(|facet| is.is_none_or(|is| !is.facets.contains(facet))) {
            state.listed.take(was.register, facet.clone(), was.number);
        }
        for (rank, mark) in was.marks.iter().filter(|mark| is.is_none_or(|is| !is.marks.contains(mark))) {
            state.ranked.remove(&(was.register, *rank, *mark, was.number));
        }
    }
    for is in after {
        let was = other(before, &is).and_then(|index| before.get(index));
        for facet in is.facets.into_iter().filter(|facet| was.is_none_or(|was| !was.facets.contains(facet))) {
            state.listed.put(is.register, facet, is.number);
        }
        for (rank, mark) in
            is.marks.into_iter().filter(|mark| was.is_none_or(|was| !was.marks.contains(mark)))
        {
            state.ranked.insert((is.register, rank, mark, is.number));
        }
    }
}

/// Puts a link of the roster where it stands for as long as it is one: nothing moves it.
pub(crate) fn link(state: &mut State, link: &RosterLink) {
    for facet in Thing::Link(*link).facets(state) {
        state.listed.put(Register::Roster, facet, link_number(link));
    }
}

/// Takes a link of the roster from where it stands.
pub(crate) fn unlink(state: &mut State, link: &RosterLink) {
    for facet in Thing::Link(*link).facets(state) {
        state.listed.take(Register::Roster, facet, link_number(link));
    }
}
