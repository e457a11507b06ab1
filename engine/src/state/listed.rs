//! What the entries of the lists have in common: by list and facet, the numbers of those that have it.
//!
//! A page of a filtered list is looked for where fewest stand, and an order that people ask for is that of the facets.
//! The index is derived, as [`super::due`] is: [`crate::evolve`] takes an entry from where it stood and puts it where it
//! stands, event by event. Numbers alone are kept, in [sets](super::numbers) that need little for what many have.

use super::{
    State,
    numbers::NumberSet,
    parts::{Collection, THINGS_MAX},
};
use crate::{
    category::CategoryCode,
    entry::{EntryDraft, List},
    event::Event,
    history::Entity,
    identity::{NeedId, OrganizationId, PlaceId, ProjectId, ResourceId},
    need::{NeedStatus, Urgency},
    project::ProjectStatus,
    resource::ResourceStatus,
};
use chrono::NaiveDate;
use imbl::OrdMap;
use serde::{Deserialize, Serialize};
use std::{iter, ops::Bound};

/// Something that entries have in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Facet {
    /// Posted by it.
    Organization(OrganizationId),
    /// Lying in this community; in this place, where that lies in none; or nowhere.
    Place(Option<PlaceId>),
    /// About this, or about nothing that is known.
    Category(Option<CategoryCode>),
    /// Standing there in its life.
    Status(EntryStatus),
    /// To be done so soon; needs only.
    Urgency(Urgency),
    /// Of use until this day, or without end.
    Deadline(Option<NaiveDate>),
}

/// Where an entry of any list stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum EntryStatus {
    /// A need.
    Need(NeedStatus),
    /// A resource.
    Resource(ResourceStatus),
    /// A project.
    Project(ProjectStatus),
}

/// What kind of thing a facet is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FacetKind {
    /// Who posted it.
    Organization,
    /// Where it lies.
    Place,
    /// What it is about.
    Category,
    /// Where it stands.
    Status,
    /// How soon.
    Urgency,
    /// Until when.
    Deadline,
}

impl Facet {
    /// What kind of thing it is.
    pub const fn kind(&self) -> FacetKind {
        match self {
            Self::Organization(_) => FacetKind::Organization,
            Self::Place(_) => FacetKind::Place,
            Self::Category(_) => FacetKind::Category,
            Self::Status(_) => FacetKind::Status,
            Self::Urgency(_) => FacetKind::Urgency,
            Self::Deadline(_) => FacetKind::Deadline,
        }
    }
}

/// The least facet of a kind, as facets are ordered.
const fn least(kind: FacetKind) -> Facet {
    match kind {
        FacetKind::Organization => Facet::Organization(OrganizationId::new(0)),
        FacetKind::Place => Facet::Place(None),
        FacetKind::Category => Facet::Category(None),
        FacetKind::Status => Facet::Status(EntryStatus::Need(NeedStatus::Posted)),
        FacetKind::Urgency => Facet::Urgency(Urgency::Emergency),
        FacetKind::Deadline => Facet::Deadline(None),
    }
}

/// Entries of one list by their numbers, in the order in which they were posted.
#[derive(Clone, Copy, Debug)]
pub struct Shelf<'a>(&'a NumberSet);

impl<'a> Shelf<'a> {
    /// How many they are; at once.
    pub fn len(self) -> usize {
        self.0.len()
    }

    /// Whether there are none; an index keeps no such shelf.
    pub fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// Those beyond one number and before another, the older first.
    pub fn numbers(self, after: Option<u64>, before: Option<u64>) -> Numbers<'a> {
        // Beyond the greatest number and before the least there is nothing.
        let first = after.map_or(Some(0), |after| after.checked_add(1));
        let last = before.map_or(Some(u64::MAX), |before| before.checked_sub(1));
        Box::new(first.zip(last).into_iter().flat_map(move |(first, last)| self.0.range(first..=last)))
    }
}

/// Numbers of entries, each greater than the one before.
pub type Numbers<'a> = Box<dyn DoubleEndedIterator<Item = u64> + 'a>;

/// By list and facet, the entries that have it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Listed(OrdMap<(List, Facet), NumberSet>);

/// Some of the entries that have a facet: words of a [`NumberSet`].
pub(super) type Run = ((List, Facet), Vec<(u64, u64)>);

impl Collection for Listed {
    type Thing = Run;

    // Most shelves are short, so that some go together.
    const TOGETHER: usize = 16;

    fn things(&self) -> impl Iterator<Item = Run> {
        self.0.iter().flat_map(|(key, shelf)| {
            let mut words = shelf.words();
            iter::from_fn(move || {
                let run: Vec<_> = words.by_ref().take(THINGS_MAX).collect();
                (!run.is_empty()).then(|| (key.clone(), run))
            })
        })
    }

    fn fill(&mut self, runs: Vec<Run>) {
        for (key, words) in runs {
            self.0.entry(key).or_default().fill(words);
        }
    }
}

impl Listed {
    fn put(&mut self, list: List, facet: Facet, number: u64) {
        self.0.entry((list, facet)).or_default().insert(number);
    }

    fn take(&mut self, list: List, facet: Facet, number: u64) {
        let key = (list, facet);
        if let Some(shelf) = self.0.get_mut(&key) {
            shelf.remove(number);
            if shelf.is_empty() {
                self.0.remove(&key);
            }
        }
    }
}

impl State {
    /// The entries of a list that have something in common; `None` when there are none.
    pub fn listed(&self, list: List, facet: &Facet) -> Option<Shelf<'_>> {
        self.listed.0.get(&(list, facet.clone())).map(Shelf)
    }

    /// All facets of a kind that entries of a list have, in their order.
    pub fn facets(&self, list: List, kind: FacetKind) -> impl Iterator<Item = (&Facet, Shelf<'_>)> {
        let of_kind = move |key: &(List, Facet)| key.0 == list && key.1.kind() == kind;
        self.listed
            .0
            .range((list, least(kind))..)
            .take_while(move |(key, _)| of_kind(key))
            .map(|((_, facet), shelf)| (facet, Shelf(shelf)))
    }

    /// The numbers of a list beyond one and before another, the older first.
    pub fn numbers(&self, list: List, after: Option<u64>, before: Option<u64>) -> Numbers<'_> {
        fn span<I>(after: Option<u64>, before: Option<u64>, id: fn(u64) -> I) -> (Bound<I>, Bound<I>) {
            let bound = |number: Option<u64>| number.map_or(Bound::Unbounded, |it| Bound::Excluded(id(it)));
            (bound(after), bound(before))
        }
        // A range that ends before it begins is none, and the map would not take it.
        if after.zip(before).is_some_and(|(after, before)| before <= after) {
            return Box::new(iter::empty());
        }
        match list {
            List::Needs => {
                Box::new(self.needs.range(span(after, before, NeedId::new)).map(|(id, _)| id.number()))
            }
            List::Resources => Box::new(
                self.resources.range(span(after, before, ResourceId::new)).map(|(id, _)| id.number()),
            ),
            List::Projects => {
                Box::new(self.projects.range(span(after, before, ProjectId::new)).map(|(id, _)| id.number()))
            }
        }
    }

    /// How many entries a list has, ended ones too.
    pub fn list_len(&self, list: List) -> usize {
        match list {
            List::Needs => self.needs.len(),
            List::Resources => self.resources.len(),
            List::Projects => self.projects.len(),
        }
    }
}

/// Where an entry stands: its list, its number, and what it has in common with others.
pub(crate) type Standing = (List, u64, Vec<Facet>);

/// Where an entity stands, when it is an entry.
pub(crate) fn of(state: &State, entity: &Entity) -> Option<Standing> {
    match entity {
        Entity::Need(id) => state.need(*id).map(|it| {
            let mut facets = shared(state, &it.draft.entry, EntryStatus::Need(it.status()));
            facets.push(Facet::Urgency(it.draft.urgency.unwrap_or(Urgency::Normal)));
            (List::Needs, id.number(), facets)
        }),
        Entity::Resource(id) => state.resource(*id).map(|it| {
            let facets = shared(state, &it.draft.entry, EntryStatus::Resource(it.status()));
            (List::Resources, id.number(), facets)
        }),
        Entity::Project(id) => state.project(*id).map(|it| {
            let facets = shared(state, &it.draft.entry, EntryStatus::Project(it.status()));
            (List::Projects, id.number(), facets)
        }),
        Entity::Street
        | Entity::Rules
        | Entity::Category(_)
        | Entity::Place(_)
        | Entity::Organization(_)
        | Entity::Member(_)
        | Entity::Pairing(_)
        | Entity::Plan(_)
        | Entity::Bid(_)
        | Entity::Meeting(_)
        | Entity::Agreement(_)
        | Entity::Delivery(_)
        | Entity::Contact(_) => None,
    }
}

fn shared(state: &State, entry: &EntryDraft, status: EntryStatus) -> Vec<Facet> {
    let place = state.place_of(entry).map(|place| state.vicinity(place));
    vec![
        Facet::Organization(entry.organization),
        Facet::Place(place),
        Facet::Category(entry.category.as_ref().map(|given| given.code.clone())),
        Facet::Status(status),
        Facet::Deadline(entry.window.to),
    ]
}

/// The entries that an event moves without saying anything of them: an entry without a place of its own lies where its
/// poster sits.
pub(crate) fn moved(state: &State, event: &Event) -> Vec<Entity> {
    let Event::OrganizationAmended { organization, draft } = event else { return Vec::new() };
    if state.organization(*organization).is_none_or(|it| it.draft.place == draft.place) {
        return Vec::new();
    }
    let facet = Facet::Organization(*organization);
    let of_list = |list: List, entity: fn(u64) -> Entity| {
        state.listed(list, &facet).into_iter().flat_map(|shelf| shelf.numbers(None, None)).map(entity)
    };
    of_list(List::Needs, |number| Entity::Need(NeedId::new(number)))
        .chain(of_list(List::Resources, |number| Entity::Resource(ResourceId::new(number))))
        .chain(of_list(List::Projects, |number| Entity::Project(ProjectId::new(number))))
        .collect()
}

/// Puts an entry where it stands now.
pub(crate) fn note(state: &mut State, entity: &Entity, before: Option<Standing>) {
    let after = of(state, entity);
    if before == after {
        return;
    }
    if let Some((list, number, facets)) = &before {
        let stays = |facet: &Facet| after.as_ref().is_some_and(|(_, _, facets)| facets.contains(facet));
        for facet in facets.iter().filter(|facet| !stays(facet)) {
            state.listed.take(*list, facet.clone(), *number);
        }
    }
    if let Some((list, number, facets)) = after {
        let was = |facet: &Facet| before.as_ref().is_some_and(|(_, _, facets)| facets.contains(facet));
        for facet in facets.into_iter().filter(|facet| !was(facet)) {
            state.listed.put(list, facet, number);
        }
    }
}
