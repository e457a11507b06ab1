//! What a thing is sorted by.

use super::order::{By, Key};
use chrono::Datelike;
use engine::{
    organization::OrganizationKind,
    state::{
        State,
        listed::{Facet, FacetKind, Matter, Register, Thing},
    },
};

/// What the thing with this number is sorted by; one that is not there, by nothing.
pub fn of(state: &State, register: Register, number: u64, by: By) -> Key {
    let find = || {
        let thing = Thing::find(state, register, number)?;
        Some(match by {
            By::Number => Key::Nothing,
            By::Facet(kind) => of_facet(&facet(state, thing, kind)?),
            By::Rank(rank) => thing.mark(state, rank).into(),
            By::Name => Key::Text(thing.name()?.to_owned()),
        })
    };
    find().unwrap_or(Key::Nothing)
}

/// What of a kind that has an order a thing has in common with others.
fn facet(state: &State, thing: Thing<'_>, kind: FacetKind) -> Option<Facet> {
    match kind {
        FacetKind::Deadline => thing.entry().map(|entry| Facet::Deadline(entry.window.to)),
        FacetKind::Category => {
            let category = thing.matter(state).and_then(Matter::category);
            Some(Facet::Category(category.map(|it| it.code.clone())))
        }
        FacetKind::Status => thing.status().map(Facet::Status),
        FacetKind::Urgency => thing.urgency().map(Facet::Urgency),
        FacetKind::Role => match thing {
            Thing::Member(it) => Some(Facet::Role(it.role)),
            _ => None,
        },
        FacetKind::Kind => match thing {
            Thing::Organization(it) => Some(Facet::Kind(it.draft.kind)),
            _ => None,
        },
        FacetKind::Level => match thing {
            Thing::Place(it) => Some(Facet::Level(it.level)),
            _ => None,
        },
        FacetKind::Relation => match thing {
            Thing::Link(it) => Some(Facet::Relation(it.relation)),
            _ => None,
        },
        FacetKind::Place => match thing {
            Thing::Link(it) => Some(Facet::Place(Some(it.community))),
            // What lies somewhere in a community stands there with all others.
            _ => None,
        },
        // Nothing is sorted by its top category, by its organization, by who asks, by who sees it, or by its plan: they have no order of their own.
        FacetKind::TopCategory
        | FacetKind::Organization
        | FacetKind::Asking
        | FacetKind::Plan
        | FacetKind::Unpublished
        | FacetKind::Beside => None,
    }
}

/// The same as [`of`] all that have this in common.
pub fn of_facet(facet: &Facet) -> Key {
    match facet {
        Facet::Organization(id) => number(id.number()),
        Facet::Place(place) => place.map_or(Key::Nothing, |id| number(id.number())),
        Facet::Category(code) | Facet::TopCategory(code) => {
            code.as_ref().map_or(Key::Nothing, |it| Key::Text(it.as_str().to_owned()))
        }
        Facet::Status(status) => Key::Number(status.step()),
        Facet::Urgency(urgency) => Key::Number(*urgency as i64),
        Facet::Plan(id) => number(id.number()),
        Facet::Role(role) => Key::Number(*role as i64),
        Facet::Asking(id) | Facet::Beside(id) => number(id.number()),
        Facet::Unpublished => Key::Nothing,
        Facet::Kind(kind) => Key::Number(match kind {
            OrganizationKind::StreetOffice => 0,
            OrganizationKind::Community => 1,
            OrganizationKind::Unit(kind) => 2 + *kind as i64,
            OrganizationKind::Team => i64::MAX,
        }),
        Facet::Level(level) => Key::Number(*level as i64),
        Facet::Relation(relation) => Key::Number(*relation as i64),
        Facet::Deadline(day) => day.map_or(Key::Nothing, |it| Key::Number(it.num_days_from_ce().into())),
    }
}

fn number(it: u64) -> Key {
    Key::Number(i64::try_from(it).unwrap_or(i64::MAX))
}
