//! The first stage: places that are rows of their own, then those that rows only mention.

use super::{Clerk, Job, survey::Seat};
use crate::{
    lists::{Kind, ListedRow, problem::Fault, row, row::PlaceRow, row::Row, row::Whereabouts},
    nearest::nearest,
};
use engine::{command::Command, event::Event, identity::PlaceId, place::PlaceLevel, state::State};
use std::collections::BTreeMap;

impl<'a> Clerk<'a> {
    pub(super) fn take_places(&mut self) {
        for level in PlaceLevel::ALL {
            self.take_places_of(level);
        }
        self.survey.learn_communities(&self.desk.state());
        self.add_mentioned_places();
        for place in self.desk.state().places() {
            self.names.entry(place.name.clone()).or_default().push(place.id);
        }
    }

    fn take_places_of(&mut self, level: PlaceLevel) {
        let state = self.desk.state();
        let mut jobs = Vec::new();
        for row in self.rows {
            let Row::Place(place) = &row.row else { continue };
            if place.level != level {
                continue;
            }
            match self.parent_of(&state, place) {
                Err(name) => {
                    let fault = self.no_place(&state, &name);
                    self.refuse(row, Some("parent".into()), fault);
                }
                Ok(parent) => match self.standing(&state, place, parent) {
                    Some(id) => {
                        self.describe(place, id);
                        self.already_there(Kind::Place);
                    }
                    None => {
                        let command = Command::AddPlace {
                            name: place.name.clone(),
                            level,
                            parent,
                            reference: place.id.clone(),
                        };
                        jobs.push(Job { row, command });
                    }
                },
            }
        }
        for (row, events) in self.execute(jobs) {
            let Row::Place(place) = &row.row else { continue };
            let added = events.iter().find_map(|event| match event {
                Event::PlaceAdded { place } => Some(place.id),
                _ => None,
            });
            if let Some(id) = added {
                self.describe(place, id);
            }
        }
    }

    fn describe(&mut self, row: &PlaceRow, id: PlaceId) {
        self.places_of_rows.insert(id);
        if let Some(reference) = &row.id {
            self.references.insert(reference.clone(), id);
        }
    }

    /// The place around: by the id or the name said; without any, the street, or none for what is above.
    fn parent_of(&self, state: &State, row: &PlaceRow) -> Result<Option<PlaceId>, String> {
        let Some(parent) = &row.parent else {
            return Ok((row.level > PlaceLevel::Street).then_some(self.root));
        };
        let referenced = self.references.get(parent).copied().or_else(|| state.place_referenced(parent));
        let named = || {
            let mut named = state.places().filter(|place| place.name == *parent && place.level < row.level);
            let first = named.next()?;
            named.next().is_none().then_some(first.id)
        };
        referenced.or_else(named).map(Some).ok_or_else(|| parent.clone())
    }

    /// The place a row speaks of, when it is there already and no other row of this intake described it.
    fn standing(&self, state: &State, row: &PlaceRow, parent: Option<PlaceId>) -> Option<PlaceId> {
        let is_root = row.level == PlaceLevel::Street
            && state.place(self.root).is_some_and(|root| root.name == row.name);
        let id = if is_root { Some(self.root) } else { state.place_named(parent, &row.name) }?;
        (!self.places_of_rows.contains(&id)).then_some(id)
    }

    /// Adds what rows mention and nobody described, outermost first.
    fn add_mentioned_places(&mut self) {
        let mut wanted: BTreeMap<Seat, &'a ListedRow> = BTreeMap::new();
        for row in self.rows {
            let seat = row.row.whereabouts().and_then(|at| self.survey.seat(at));
            for seat in seat.iter().flat_map(Seat::with_those_above) {
                wanted.entry(seat).or_insert(row);
            }
        }
        let deepest = wanted.keys().map(|seat| seat.steps.len()).max().unwrap_or(0);
        for depth in 1..=deepest {
            let state = self.desk.state();
            let mut jobs = Vec::new();
            for (seat, row) in wanted.iter().filter(|(seat, _)| seat.steps.len() == depth) {
                let above = Seat {
                    below_root: seat.below_root,
                    steps: seat.steps.iter().take(depth - 1).cloned().collect(),
                };
                let parent = self.place_at(&state, &above);
                let Some((level, name)) = seat.steps.last() else { continue };
                let reachable = parent.is_some() || depth == 1;
                if !reachable || state.place_named(parent, name).is_some() {
                    continue;
                }
                let way: Vec<&str> = seat.steps.iter().map(|(_, name)| name.as_str()).collect();
                let request =
                    row::digest(if seat.below_root { "place below" } else { "place" }, &way.join("/"));
                let command =
                    Command::AddPlace { name: name.clone(), level: *level, parent, reference: None };
                jobs.push((*row, request, command));
            }
            self.execute_implied(jobs);
        }
    }

    /// The place at the end of a way, when it is there.
    pub(super) fn place_at(&self, state: &State, seat: &Seat) -> Option<PlaceId> {
        let start = seat.below_root.then_some(self.root);
        seat.steps.iter().try_fold(start, |above, (_, name)| state.place_named(above, name).map(Some))?
    }

    /// Where a row says it is.
    pub(super) fn place_of(&self, state: &State, at: &Whereabouts) -> Option<PlaceId> {
        self.survey.seat(at).and_then(|seat| self.place_at(state, &seat))
    }

    /// A place by id or name; of several of one name the only one that lies in `within`.
    pub(super) fn find_place(&self, state: &State, name: &str, within: Option<PlaceId>) -> Option<PlaceId> {
        if let Some(id) = self.references.get(name).copied().or_else(|| state.place_referenced(name)) {
            return Some(id);
        }
        let named = self.names.get(name)?;
        if let [only] = named.as_slice() {
            return Some(*only);
        }
        let within = within?;
        let mut inside = named.iter().filter(|place| state.lies_in(**place, within));
        let first = inside.next()?;
        inside.next().is_none().then_some(*first)
    }

    /// Why a name was not found: it is nobody's, or that of several.
    pub(super) fn no_place(&self, state: &State, name: &str) -> Fault {
        let called: Vec<String> =
            state.places().filter(|it| it.name == name).map(|it| path(state, it.id)).collect();
        if called.is_empty() {
            let nearest = nearest(name, state.places().map(|it| it.name.as_str()));
            Fault::UnknownPlace { name: name.to_owned(), nearest: nearest.map(str::to_owned) }
        } else {
            Fault::UnclearPlace { name: name.to_owned(), places: called.join(", ") }
        }
    }
}

/// A place with all around it, outermost first.
fn path(state: &State, place: PlaceId) -> String {
    let mut names: Vec<&str> = state.around(place).map(|it| it.name.as_str()).collect();
    names.reverse();
    names.join("/")
}
