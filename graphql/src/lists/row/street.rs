//! Rows about the street itself: places, organizations, the roster.

use super::Whereabouts;
use crate::lists::{cells::Reader, problem::Fault};
use engine::{organization::Relation, place::PlaceLevel};

/// A place of the territory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceRow {
    /// Its id in the file.
    pub id: Option<String>,
    /// What it is called.
    pub name: String,
    /// How deep it lies.
    pub level: PlaceLevel,
    /// The id or name of the place around it; `None` = the street, or a root.
    pub parent: Option<String>,
}

/// An organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganizationRow {
    /// Its id in the file.
    pub id: Option<String>,
    /// What it is called.
    pub name: String,
    /// What it is, in the words of the list.
    pub said: Option<String>,
    /// Where it sits.
    pub at: Whereabouts,
    /// The id or name of a place below the community.
    pub place: Option<String>,
    /// How many needs it takes on at once without posted resources.
    pub open_capacity: Option<u32>,
}

/// A standing relation of a unit to a community.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RosterRow {
    /// The unit's name.
    pub unit: String,
    /// The community, with its street when that is said.
    pub at: Whereabouts,
    /// Of what kind.
    pub relation: Relation,
}

const LEVELS: [(PlaceLevel, &[&str]); 7] = [
    (PlaceLevel::District, &["district", "city", "市区", "市", "区", "县"]),
    (PlaceLevel::Street, &["street", "街道", "镇", "乡"]),
    (PlaceLevel::Community, &["community", "社区", "村"]),
    (PlaceLevel::Grid, &["grid", "网格"]),
    (PlaceLevel::Estate, &["estate", "小区"]),
    (PlaceLevel::Building, &["building", "楼栋", "楼", "楼宇"]),
    (PlaceLevel::Stairwell, &["stairwell", "梯", "单元"]),
];

const RELATIONS: [(Relation, &[&str]); 3] = [
    (Relation::Assigned, &["assigned", "包联"]),
    (Relation::Reported, &["reported", "双报到", "报到"]),
    (Relation::Paired, &["paired", "结对", "共建"]),
];

/// Reads one of a few words, in either case.
pub(super) fn word<T: Copy>(cells: &mut Reader<'_>, field: &str, words: &[(T, &[&str])]) -> Option<T> {
    let text = cells.text(field)?;
    let lower = text.to_lowercase();
    let found = words.iter().find(|(_, known)| known.contains(&lower.as_str()));
    if found.is_none() {
        let known: Vec<String> = words
            .iter()
            .map(|(_, known)| known.iter().take(2).copied().collect::<Vec<_>>().join(" "))
            .collect();
        cells.note(field, Fault::UnknownValue { value: text, known: known.join(", ") });
    }
    found.map(|(value, _)| *value)
}

pub(super) fn whereabouts(cells: &mut Reader<'_>) -> Whereabouts {
    let street = cells.name("street");
    Whereabouts {
        community: cells.name("community"),
        // The office and the street are written for each other.
        street: street.map(|name| name.trim_end_matches("办事处").to_owned()),
        city: cells.name("city"),
    }
}

/// A name under `name`, else under `title`.
fn named(cells: &mut Reader<'_>, second: &str) -> Option<String> {
    match cells.text("name") {
        Some(name) => Some(name),
        None => match cells.text(second) {
            Some(name) => Some(name),
            None => cells.needed("name"),
        },
    }
}

pub(super) fn place(cells: &mut Reader<'_>) -> Option<PlaceRow> {
    let id = cells.id();
    let name = named(cells, "title");
    let level = word(cells, "level", &LEVELS);
    if level.is_none() {
        cells.needed("level");
    }
    let parent = cells.text("parent");
    Some(PlaceRow { id, name: name?, level: level?, parent })
}

pub(super) fn organization(cells: &mut Reader<'_>) -> Option<OrganizationRow> {
    let id = cells.id();
    let name = match cells.text("org") {
        Some(name) => Some(name),
        None => named(cells, "title"),
    };
    let said = cells.name("org_type").or_else(|| cells.name("unit_type"));
    let at = whereabouts(cells);
    let place = cells.name("place");
    let open_capacity = match cells.number("open_capacity").map(u32::try_from) {
        Some(Err(_)) => {
            cells.note("open_capacity", Fault::NotANumber { value: "> 4294967295".into() });
            None
        }
        Some(Ok(capacity)) => Some(capacity),
        None => None,
    };
    Some(OrganizationRow { id, name: name?, said, at, place, open_capacity })
}

pub(super) fn roster(cells: &mut Reader<'_>) -> Option<RosterRow> {
    let unit = match cells.text("unit") {
        Some(unit) => Some(unit),
        None => match cells.text("org") {
            Some(unit) => Some(unit),
            None => cells.needed("unit"),
        },
    };
    let at = whereabouts(cells);
    if at.community.is_none() {
        cells.needed("community");
    }
    let relation = word(cells, "relation", &RELATIONS);
    if relation.is_none() {
        cells.needed("relation");
    }
    Some(RosterRow { unit: unit?, at, relation: relation? })
}
