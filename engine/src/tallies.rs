//! Tallies 汇总: how much of each list stands where, counted in small cells, so that a dashboard looks up and never scans.
//!
//! A cell holds what is of one list, began in one month, lies in one place (or anywhere below it), and has one value of
//! each of up to two properties: category, organization, channel, form, beneficiary, of pairings the giver. In it, entries
//! are told apart by their status, by the [`Stage`] they have come to, and by their measure, because only what is counted
//! alike may be summed. Beside the cells stand what happened on each day ([`Flow`]) and the resources of which nothing is
//! under way.
//!
//! 1. **What is counted is what the lists say.** The cells of a state are a function of its lists: a recount of these at
//!    any position gives the same. `tests/tests/dashboards.rs` recounts them, slowly and in its own way.
//! 2. **The size of a question is the size of its answer**: groups and months, never entries. What asks for no groups
//!    (a total, a funnel) reads the statuses of the months it spans; groups by one property, or by two at once, read as
//!    many cells as there are such values, or pairs of values, that anything has; groups by place add one look for each
//!    place. A series reads its days, a ranking its page. Nothing here grows with the lists while these stay as they are.
//! 3. **Every place, three depths.** The plain cells are kept for every place of the tree; those of a property for the
//!    community and all around it, below which they would be nearly as many as the entries; those of two properties for
//!    the street as a whole, because every entry would write them in each place around it. What happened is kept by day for
//!    every place and for every property in all of the street, and of a property in a community by month.
//! 4. **Two properties, not three.** All pairs of properties are kept; of three at once the cells would be nearly as many
//!    as the entries. Place, status and period are in every cell, and come on top.
//! 5. **Little is kept.** No entry has anything of its own here but a resource that is idle and a need that was ever
//!    paired: what an entry counted before an event is read off the state before it. Tops of categories and kinds of
//!    units are rolled up when they are asked for.
//!
//! [`crate::figures`] beside it keeps what has to be judged when it happens: rates, and how long things took.

mod aggregates;
mod cells;
mod days;
mod facets;
mod filing;
mod idle;
mod keys;
mod numbers;
mod views;

pub use aggregates::{By, Group, NotKept, Part, Slice, Totals, aggregate, total};
pub(crate) use days::DayKey;
pub use days::{Days, Flow, Grain, Stream, Where, series};
pub(crate) use keys::Key;
pub use keys::{List, PairingStanding, Stage, Standing, Sums};
pub use views::{Covered, Funnel, Gap, GapLine, coverage, funnel, gap};

use crate::{
    category::CategoryCode,
    event::Event,
    evolve::Recorded,
    history::Entity,
    identity::{NeedId, PairingId, PlaceId, ResourceId},
    moment::Moment,
    pairing::Target,
    state::State,
};
use cells::{Cells, Told};
use days::{DayCells, Happening};
use filing::{Filed, Happened};
use idle::{Idle, Resting};
use imbl::OrdMap;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Everything that is tallied at one position of the log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tallies {
    pub(crate) cells: Cells,
    pub(crate) days: DayCells,
    /// How far any pairing of a need has come, where it has one.
    reached: OrdMap<NeedId, Stage>,
    idle: Idle,
}

impl Tallies {
    /// How many lines are kept, of all cells.
    pub fn lines(&self) -> usize {
        self.cells.len() + self.days.len()
    }

    /// All cells, for those who count them once more.
    pub(crate) fn cells(&self) -> impl Iterator<Item = (Told, Sums)> {
        self.cells.told()
    }

    /// All that happened, likewise.
    pub(crate) fn days(&self) -> impl Iterator<Item = (Happening, Flow)> {
        self.days.told()
    }

    /// How far needs have come, likewise.
    pub(crate) const fn reached(&self) -> &OrdMap<NeedId, Stage> {
        &self.reached
    }

    /// Since when resources rest, likewise.
    pub(crate) const fn resting(&self) -> &OrdMap<ResourceId, Moment> {
        self.idle.since()
    }

    /// Under which places and categories they do, likewise.
    pub(crate) fn queues(&self) -> impl Iterator<Item = (PlaceId, Option<CategoryCode>, Moment, ResourceId)> {
        self.idle.told()
    }
}

pub(crate) use facets::Facet;
pub(crate) use keys::NOWHERE;

/// What something counted, read off one state.
struct Counted {
    filed: Option<Filed>,
    happened: Vec<Happened>,
    rests: Option<Resting>,
}

impl Counted {
    fn of(state: &State, entity: &Entity) -> Self {
        let rests = match entity {
            Entity::Resource(id) => state.resource(*id).and_then(|it| filing::rests(state, it)),
            _ => None,
        };
        Self { filed: filing::filed(state, entity), happened: filing::happened(state, entity), rests }
    }
}

/// What an event may move, with what it counted before.
pub(crate) struct Moving {
    entities: Vec<(Entity, Counted)>,
    pairings: Vec<(PairingId, Option<Stage>)>,
    /// The clock of the street has changed, and with it the day and month of everything.
    everything: bool,
}

/// What an event may move, given the state before it.
pub(crate) fn moving(state: &State, event: &Event, touched: &[Entity]) -> Moving {
    let mut entities: BTreeSet<Entity> = touched.iter().filter(|it| is_tallied(it)).cloned().collect();
    let beside = beside(state, event);
    entities.extend(beside);
    let pairings = entities.iter().filter_map(|entity| match entity {
        Entity::Pairing(id) => Some((*id, state.pairing(*id).map(|it| filing::stage_of_pairing(it)))),
        _ => None,
    });
    let pairings = pairings.collect();
    let everything = matches!(event, Event::RulesSet { rules }
        if rules.utc_offset_minutes != state.rules().utc_offset_minutes);
    let before = |entity: Entity| {
        let counted = Counted::of(state, &entity);
        (entity, counted)
    };
    Moving { entities: entities.into_iter().map(before).collect(), pairings, everything }
}

/// Counts what an event has moved; the state is that after it.
pub(crate) fn note(state: &mut State, recorded: Recorded, moving: Moving) {
    for (pairing, before) in moving.pairings {
        note_reached(state, pairing, before);
    }
    for (entity, before) in moving.entities {
        let after = Counted::of(state, &entity);
        let tallies = &mut state.tallies;
        tallies.cells.turn(before.filed.as_ref(), after.filed.as_ref());
        tallies.days.turn(&before.happened, &after.happened);
        if let Entity::Resource(id) = entity {
            tallies.idle.turn(id, before.rests.as_ref(), after.rests.as_ref(), recorded.time);
        }
    }
    if moving.everything {
        recount(state);
    }
}

/// Counts everything anew.
fn recount(state: &mut State) {
    let mut entities: Vec<Entity> = state.needs.keys().map(|id| Entity::Need(*id)).collect();
    entities.extend(state.resources.keys().map(|id| Entity::Resource(*id)));
    entities.extend(state.projects.keys().map(|id| Entity::Project(*id)));
    entities.extend(state.pairings.keys().map(|id| Entity::Pairing(*id)));
    entities.extend(state.deliveries.keys().map(|id| Entity::Delivery(*id)));
    let (mut cells, mut days) = (Cells::default(), DayCells::default());
    for entity in entities {
        let Counted { filed, happened, rests: _ } = Counted::of(state, &entity);
        cells.turn(None, filed.as_ref());
        days.turn(&[], &happened);
    }
    (state.tallies.cells, state.tallies.days) = (cells, days);
}

const fn is_tallied(entity: &Entity) -> bool {
    match entity {
        Entity::Need(_)
        | Entity::Resource(_)
        | Entity::Project(_)
        | Entity::Pairing(_)
        | Entity::Delivery(_) => true,
        Entity::Street
        | Entity::Rules
        | Entity::Category(_)
        | Entity::Place(_)
        | Entity::Organization(_)
        | Entity::Member(_)
        | Entity::Plan(_)
        | Entity::Bid(_)
        | Entity::Meeting(_)
        | Entity::Agreement(_)
        | Entity::Contact(_) => false,
    }
}

/// What an event moves although it does not touch it: what is filed as something else says.
fn beside(state: &State, event: &Event) -> Vec<Entity> {
    let of_target = |target: Target| with_deliveries(state, state.pairings_of_target(target).map(|it| it.id));
    match event {
        Event::NeedAmended { need, .. } => of_target(Target::Need(*need)),
        Event::ProjectAmended { project, .. } => {
            with_deliveries(state, state.pairings_of_project(*project).map(|it| it.id))
        }
        Event::ResourceAmended { resource, .. } => {
            let supplier = crate::pairing::Supplier::Resource(*resource);
            with_deliveries(state, state.pairings_of_supplier(supplier).map(|it| it.id))
        }
        Event::OrganizationAmended { organization, draft }
            if state.organization(*organization).is_some_and(|it| it.draft.place != draft.place) =>
        {
            // Rare, and the only look at everything: what says no place of its own lies where its poster sits.
            let moves = |entry: &crate::entry::EntryDraft| {
                entry.organization == *organization && entry.place.is_none()
            };
            let mut found = Vec::new();
            for need in state.needs().filter(|it| moves(&it.draft.entry)) {
                found.push(Entity::Need(need.id));
                found.extend(of_target(Target::Need(need.id)));
            }
            for project in state.projects().filter(|it| moves(&it.draft.entry)) {
                found.push(Entity::Project(project.id));
                let pairings = state.pairings_of_project(project.id).map(|it| it.id);
                found.extend(with_deliveries(state, pairings));
            }
            let resources = state.resources().filter(|it| moves(&it.draft.entry));
            found.extend(resources.map(|it| Entity::Resource(it.id)));
            found
        }
        _ => Vec::new(),
    }
}

fn with_deliveries(state: &State, pairings: impl Iterator<Item = PairingId>) -> Vec<Entity> {
    let mut found = Vec::new();
    for pairing in pairings {
        found.push(Entity::Pairing(pairing));
        found.extend(state.deliveries_of(pairing).map(|it| Entity::Delivery(it.id)));
    }
    found
}

/// Keeps how far any pairing of a need has come. Only what falls back makes it look at the others.
fn note_reached(state: &mut State, id: PairingId, before: Option<Stage>) {
    let Some(pairing) = state.pairing(id) else {
        return;
    };
    let Target::Need(need) = pairing.terms.target else {
        return;
    };
    let after = filing::stage_of_pairing(pairing);
    let known = state.tallies.reached.get(&need).copied().unwrap_or(Stage::Posted);
    let reached = if before.is_some_and(|before| after < before) {
        let all = state.pairings_of_target(Target::Need(need)).map(|it| filing::stage_of_pairing(it));
        all.max().unwrap_or(Stage::Posted)
    } else {
        known.max(after)
    };
    if reached != known {
        state.tallies.reached.insert(need, reached);
    }
}

/// Counts something that is counted already, for those who have to notice.
#[cfg(test)]
pub(crate) fn count_twice(state: &mut State, entity: &Entity) {
    let Counted { filed, happened, rests: _ } = Counted::of(state, entity);
    state.tallies.cells.turn(None, filed.as_ref());
    state.tallies.days.turn(&[], &happened);
}

/// Forgets what is idle, likewise.
#[cfg(test)]
pub(crate) fn forget_idle(state: &mut State) {
    state.tallies.idle = Idle::default();
}
