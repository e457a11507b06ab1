//! Where rows say they are, read together: one row's silence is filled by what the others say.
//!
//! A community that one street has, among all rows and in the log, lies in that street; otherwise in the
//! log's own. A city stands above a street that is not the log's own.

use crate::lists::{
    ListedRow,
    row::{Row, Whereabouts},
};
use engine::{place::PlaceLevel, state::State};
use std::collections::{BTreeMap, BTreeSet};

/// A way down the territory tree, from the log's own street or from outside it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Seat {
    /// Whether it begins below the log's own street; without steps it is that street.
    pub(super) below_root: bool,
    /// Level and name, outermost first.
    pub(super) steps: Vec<(PlaceLevel, String)>,
}

impl Seat {
    const fn root() -> Self {
        Self { below_root: true, steps: Vec::new() }
    }

    fn step(mut self, level: PlaceLevel, name: &str) -> Self {
        self.steps.push((level, name.to_owned()));
        self
    }

    fn city(&self) -> Option<&str> {
        self.steps.iter().find(|(level, _)| *level == PlaceLevel::District).map(|(_, name)| name.as_str())
    }

    /// Itself and all ways that lead to it, outermost first; not the log's own street.
    pub(super) fn with_those_above(&self) -> impl Iterator<Item = Self> + '_ {
        (1..=self.steps.len()).map(|length| Self {
            below_root: self.below_root,
            steps: self.steps.iter().take(length).cloned().collect(),
        })
    }
}

/// What all rows and the log say of streets, cities and communities.
#[derive(Debug, Default)]
pub(super) struct Survey {
    root: String,
    root_cities: BTreeSet<String>,
    cities_of_street: BTreeMap<String, BTreeSet<String>>,
    streets_of_community: BTreeMap<String, BTreeSet<Seat>>,
}

impl Survey {
    pub(super) fn of(state: &State, rows: &[ListedRow]) -> Self {
        let root = state.street().map(|street| street.name.clone()).unwrap_or_default();
        let mut survey = Self { root, ..Self::default() };
        let said = || rows.iter().filter_map(|row| row.row.whereabouts());
        survey.learn_streets(state);
        for at in said() {
            if let (Some(street), Some(city)) = (&at.street, &at.city) {
                survey.street_in_city(street, city);
            }
        }
        survey.learn_communities(state);
        for row in rows {
            // Communities that are rows of their own lie in the log's street unless a parent says otherwise.
            if let Row::Place(place) = &row.row
                && place.level == PlaceLevel::Community
                && place.parent.is_none()
            {
                survey.streets_of_community.entry(place.name.clone()).or_default().insert(Seat::root());
            }
        }
        for at in said() {
            if let (Some(community), Some(street)) = (&at.community, &at.street) {
                let seat = survey.street(street, at.city.as_deref());
                survey.streets_of_community.entry(community.clone()).or_default().insert(seat);
            }
        }
        survey
    }

    /// Communities that place rows have added since.
    pub(super) fn learn_communities(&mut self, state: &State) {
        for place in state.places().filter(|place| place.level == PlaceLevel::Community) {
            if let Some(seat) = place.parent.and_then(|parent| seat_in(state, parent)) {
                self.streets_of_community.entry(place.name.clone()).or_default().insert(seat);
            }
        }
    }

    fn learn_streets(&mut self, state: &State) {
        for place in state.places().filter(|place| place.level == PlaceLevel::Street) {
            if let Some(city) = place.parent.and_then(|parent| state.place(parent)) {
                self.street_in_city(&place.name, &city.name);
            }
        }
    }

    fn street_in_city(&mut self, street: &str, city: &str) {
        if street == self.root {
            self.root_cities.insert(city.to_owned());
        } else {
            self.cities_of_street.entry(street.to_owned()).or_default().insert(city.to_owned());
        }
    }

    fn street(&self, street: &str, city: Option<&str>) -> Seat {
        if street == self.root {
            return Seat::root();
        }
        let known = self.cities_of_street.get(street);
        let only = known.filter(|cities| cities.len() == 1).and_then(BTreeSet::first).map(String::as_str);
        let outside = Seat { below_root: false, steps: Vec::new() };
        match city.or(only) {
            Some(city) => outside.step(PlaceLevel::District, city).step(PlaceLevel::Street, street),
            None => outside.step(PlaceLevel::Street, street),
        }
    }

    /// Where a row is; `None` when it does not say.
    pub(super) fn seat(&self, at: &Whereabouts) -> Option<Seat> {
        let city = at.city.as_deref();
        let outside = || Seat { below_root: false, steps: Vec::new() };
        let strange_city = city.filter(|city| !self.root_cities.contains(*city));
        match (&at.community, &at.street) {
            (Some(community), Some(street)) => {
                Some(self.street(street, city).step(PlaceLevel::Community, community))
            }
            (Some(community), None) => {
                let fits = |seat: &&Seat| city.is_none() || seat.city().is_none() || seat.city() == city;
                let known = self.streets_of_community.get(community);
                let mut streets = known.into_iter().flatten().filter(fits);
                let street = match (streets.next(), streets.next(), strange_city) {
                    (Some(only), None, _) => only.clone(),
                    (_, _, Some(city)) => outside().step(PlaceLevel::District, city),
                    _ => Seat::root(),
                };
                Some(street.step(PlaceLevel::Community, community))
            }
            (None, Some(street)) => Some(self.street(street, city)),
            (None, None) => match (city, strange_city) {
                (None, _) => None,
                (Some(_), None) => Some(Seat::root()),
                (Some(_), Some(city)) => Some(outside().step(PlaceLevel::District, city)),
            },
        }
    }
}

/// The way to a place that is there.
fn seat_in(state: &State, place: engine::identity::PlaceId) -> Option<Seat> {
    let root = state.street()?.place;
    let mut steps = Vec::new();
    for place in state.around(place) {
        if place.id == root {
            steps.reverse();
            return Some(Seat { below_root: true, steps });
        }
        steps.push((place.level, place.name.clone()));
    }
    steps.reverse();
    Some(Seat { below_root: false, steps })
}
