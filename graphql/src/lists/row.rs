//! Typed rows: what a line says, before anybody asked whether the street knows the names in it.

mod entry;
mod street;

pub use super::cells::NumberOrText;
pub use entry::{EntryRow, NeedRow, ProjectRow, ResourceRow, SlotRow, When, is_settled};
pub use street::{OrganizationRow, PlaceRow, RosterRow};

use super::{
    Kind, Record,
    cells::Reader,
    kind,
    problem::{Fault, Location, RowProblem},
};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// A row with its place in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedRow {
    /// Where it stands.
    pub at: Location,
    /// SHA-256 of its kind and contents, in hexadecimal: the same row is the same request.
    pub digest: String,
    /// What it says.
    pub row: Row,
}

/// What a row says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    /// A place of the territory.
    Place(PlaceRow),
    /// An organization.
    Organization(OrganizationRow),
    /// A standing relation of a unit to a community.
    Roster(RosterRow),
    /// A need.
    Need(Box<NeedRow>),
    /// A resource.
    Resource(Box<ResourceRow>),
    /// A project.
    Project(Box<ProjectRow>),
}

/// Where a row says it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Whereabouts {
    /// 社区.
    pub community: Option<String>,
    /// 街道.
    pub street: Option<String>,
    /// 市/区.
    pub city: Option<String>,
}

impl Row {
    /// What it is.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Place(_) => Kind::Place,
            Self::Organization(_) => Kind::Organization,
            Self::Roster(_) => Kind::Roster,
            Self::Need(_) => Kind::Need,
            Self::Resource(_) => Kind::Resource,
            Self::Project(_) => Kind::Project,
        }
    }

    /// Its id in the file.
    pub fn id(&self) -> Option<&str> {
        match self {
            Self::Place(row) => row.id.as_deref(),
            Self::Organization(row) => row.id.as_deref(),
            Self::Roster(_) => None,
            Self::Need(_) | Self::Resource(_) | Self::Project(_) => {
                self.entry().and_then(|entry| entry.id.as_deref())
            }
        }
    }

    /// The part all three lists share.
    pub fn entry(&self) -> Option<&EntryRow> {
        match self {
            Self::Place(_) | Self::Organization(_) | Self::Roster(_) => None,
            Self::Need(row) => Some(&row.entry),
            Self::Resource(row) => Some(&row.entry),
            Self::Project(row) => Some(&row.entry),
        }
    }

    /// Where it says it is.
    pub fn whereabouts(&self) -> Option<&Whereabouts> {
        match self {
            Self::Place(_) => None,
            Self::Organization(row) => Some(&row.at),
            Self::Roster(row) => Some(&row.at),
            Self::Need(_) | Self::Resource(_) | Self::Project(_) => self.entry().map(|entry| &entry.at),
        }
    }
}

/// A row that is left out, with all that is wrong with it.
#[derive(Debug)]
pub(super) struct RefusedRow {
    pub(super) kind: Option<Kind>,
    pub(super) problems: Vec<RowProblem>,
}

/// Types a record; notices of a good row come along.
pub(super) fn read(record: &Record) -> Result<(ListedRow, Vec<RowProblem>), RefusedRow> {
    let mut cells = Reader::new(&record.at, &record.cells, String::new());
    let Some(kind) = kind_of(record, &mut cells) else {
        return Err(RefusedRow { kind: None, problems: cells.problems });
    };
    let row = match kind {
        Kind::Place => street::place(&mut cells).map(Row::Place),
        Kind::Organization => street::organization(&mut cells).map(Row::Organization),
        Kind::Roster => street::roster(&mut cells).map(Row::Roster),
        Kind::Need => entry::need(&mut cells).map(|row| Row::Need(Box::new(row))),
        Kind::Resource => entry::resource(&mut cells).map(|row| Row::Resource(Box::new(row))),
        Kind::Project => entry::project(&mut cells, record).map(|row| Row::Project(Box::new(row))),
    };
    let problems = cells.problems;
    match row {
        Some(row) if problems.iter().all(RowProblem::is_notice) => {
            let digest = digest(kind.word(), &record.cells.canonical());
            Ok((ListedRow { at: record.at.clone(), digest, row }, problems))
        }
        _ => Err(RefusedRow { kind: Some(kind), problems }),
    }
}

fn kind_of(record: &Record, cells: &mut Reader<'_>) -> Option<Kind> {
    match record.cells.get("kind") {
        None => {
            if record.kind_unless_said.is_none() {
                cells.note("kind", Fault::Missing);
            }
            record.kind_unless_said
        }
        Some(Value::String(word)) => match (Kind::read(word), record.kind_unless_said) {
            (Some(kind), _) => Some(kind),
            (None, Some(kind)) => {
                cells.note("kind", Fault::KindIgnored { value: word.clone() });
                Some(kind)
            }
            (None, None) => {
                let known = kind::KNOWN.to_owned();
                cells.note("kind", Fault::UnknownValue { value: word.clone(), known });
                None
            }
        },
        Some(_) => {
            cells.text("kind");
            None
        }
    }
}

/// SHA-256 of parts, in hexadecimal; the parts are told apart by their lengths.
pub(super) fn digest(kind: &str, contents: &str) -> String {
    let mut hash = Sha256::new();
    for part in [kind, contents] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
