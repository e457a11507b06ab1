//! Rows to commands: places, then organizations, then the roster, then needs and resources, then projects.
//!
//! 1. Each row is one command under a request id made from its contents, so that the same rows again
//!    change nothing. What rows imply without saying (a community's organization, a poster that was never
//!    registered) is looked up first and added only when it is not there.
//! 2. Whatever a row names must be settled before the row: each stage waits for the one before; within a
//!    stage commands may be under way together, and keep their order.
//! 3. A row that is refused is a problem with its line; the others go in.
//!
//! Who executes is a [`Desk`]: a ledger for an import, a state in memory for a matching without a log.

mod desk;
mod doubles;
mod entries;
mod ledger;
mod organizations;
mod places;
mod posters;
mod summary;
mod survey;

pub use desk::{Answer, Desk, MemoryDesk, Order, Setback};
pub use ledger::{LedgerDesk, request_name};
pub use summary::{Counts, Summary};

use super::{Kind, ListedRow, Location, Reading, Row, RowProblem, problem::Fault};
use engine::{
    command::Command,
    entry::List,
    event::Event,
    identity::{NeedId, OrganizationId, PlaceId},
};
use std::collections::{BTreeMap, BTreeSet};
use survey::Survey;

/// The name of a street that nobody named.
const NAMELESS_STREET: &str = "本街道";

/// What may be chosen about an intake.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The street to open an empty log for.
    pub street: Option<String>,
    /// Treat entries whose status says they are in other hands as open.
    pub ignore_status: bool,
    /// Say of each new need which others seem to say the same.
    pub name_duplicates: bool,
}

/// What an intake did.
#[derive(Clone, Debug, Default)]
pub struct Intake {
    /// How many rows of each kind are new, were there, were refused.
    pub summary: Summary,
    /// What is wrong or worth saying, by file and line; those of the reading are not repeated.
    pub problems: Vec<RowProblem>,
    /// The entries that are in now, in the order of the rows.
    pub posted: Vec<Posted>,
}

/// An entry that came in with a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posted {
    /// Which list.
    pub list: List,
    /// Its number in that list.
    pub number: u64,
    /// Where the row stands.
    pub at: Location,
    /// Its id in the file.
    pub id: Option<String>,
}

/// Takes the rows of a reading in. `done` is told how many rows are through, as they get through.
///
/// # Errors
/// [`Setback`] when not even the street could be opened; nothing has happened then.
pub fn take_in(
    desk: &mut dyn Desk,
    reading: &Reading,
    options: &Options,
    done: &mut dyn FnMut(u64),
) -> Result<Intake, Setback> {
    let mut summary = Summary::default();
    for kind in &reading.refused {
        summary.of(*kind).refused += 1;
    }
    let mut clerk = Clerk {
        survey: Survey::default(),
        desk,
        options,
        done,
        rows: &reading.rows,
        intake: Intake { summary, ..Intake::default() },
        new_needs: Vec::new(),
        references: BTreeMap::new(),
        names: BTreeMap::new(),
        root: PlaceId::new(0),
        office: OrganizationId::new(0),
        community_organizations: BTreeMap::new(),
        offices: BTreeMap::new(),
        places_of_rows: BTreeSet::new(),
    };
    clerk.open_street()?;
    clerk.survey = Survey::of(&clerk.desk.state(), clerk.rows);
    clerk.take_places();
    clerk.take_organizations();
    clerk.take_roster();
    clerk.take_entries();
    if options.name_duplicates {
        clerk.name_duplicates();
    }
    let mut intake = clerk.intake;
    let order: BTreeMap<&str, usize> =
        reading.rows.iter().enumerate().rev().map(|(index, row)| (row.at.file.as_ref(), index)).collect();
    let key = |at: &Location| (order.get(at.file.as_ref()).copied(), at.line);
    intake.problems.sort_by_key(|problem| key(&problem.at));
    intake.posted.sort_by_key(|posted| key(&posted.at));
    Ok(intake)
}

/// All there is to say, that of the reading first, ordered by line within a file.
pub fn in_order<'a>(reading: &'a Reading, intake: Option<&'a Intake>) -> Vec<&'a RowProblem> {
    let mut all: Vec<&RowProblem> =
        reading.problems.iter().chain(intake.into_iter().flat_map(|intake| &intake.problems)).collect();
    let mut files: Vec<&str> = Vec::new();
    for problem in &all {
        if !files.contains(&problem.at.file.as_ref()) {
            files.push(problem.at.file.as_ref());
        }
    }
    all.sort_by_key(|problem| {
        (files.iter().position(|file| *file == problem.at.file.as_ref()), problem.at.line)
    });
    all
}

/// Works through the stages; knows where everything that was named has gone.
struct Clerk<'a> {
    desk: &'a mut dyn Desk,
    options: &'a Options,
    done: &'a mut dyn FnMut(u64),
    rows: &'a [ListedRow],
    survey: Survey,
    intake: Intake,
    /// The needs that were not there before, with their rows.
    new_needs: Vec<(&'a ListedRow, NeedId)>,
    /// Places by the ids of the rows of this intake.
    references: BTreeMap<String, PlaceId>,
    /// Places by name, once all are there.
    names: BTreeMap<String, Vec<PlaceId>>,
    root: PlaceId,
    office: OrganizationId,
    community_organizations: BTreeMap<PlaceId, OrganizationId>,
    offices: BTreeMap<PlaceId, OrganizationId>,
    /// Places that a row of this intake has described already.
    places_of_rows: BTreeSet<PlaceId>,
}

/// A row with the command it became.
struct Job<'a> {
    row: &'a ListedRow,
    command: Command,
}

impl<'a> Clerk<'a> {
    /// Opens the street of an empty log: the one asked for, else the first place of that level, else the
    /// only street the rows name.
    fn open_street(&mut self) -> Result<(), Setback> {
        if self.desk.state().street().is_none() {
            let name = self.options.street.clone().unwrap_or_else(|| street_named_in(self.rows));
            let order = Order {
                request: super::row::digest("open street", &name),
                command: Command::OpenStreet { name },
            };
            let mut answers = self.desk.submit(vec![order], &mut |_| {});
            match answers.pop() {
                Some(Ok(_)) | None => {}
                Some(Err(setback)) => return Err(setback),
            }
        }
        let state = self.desk.state();
        let street = state.street().ok_or_else(|| Setback::NotTaken("the log holds no street".into()))?;
        (self.root, self.office) = (street.place, street.office);
        Ok(())
    }

    /// Executes the commands of rows and counts what became of them; the answers in the order of the jobs.
    fn execute(&mut self, jobs: Vec<Job<'a>>) -> Vec<(&'a ListedRow, Vec<Event>)> {
        let (rows, orders): (Vec<&ListedRow>, Vec<Order>) = jobs
            .into_iter()
            .map(|job| (job.row, Order { request: job.row.digest.clone(), command: job.command }))
            .unzip();
        let amends: Vec<bool> =
            orders.iter().map(|order| matches!(order.command, Command::AmendOrganization { .. })).collect();
        let answers = self.desk.submit(orders, self.done);
        let mut taken = Vec::new();
        for ((row, answer), amends) in rows.into_iter().zip(answers).zip(amends) {
            match answer {
                Ok(answer) => {
                    let counts = self.intake.summary.of(Some(row.row.kind()));
                    match (answer.repeated || answer.events.is_empty(), amends) {
                        (true, _) => counts.there += 1,
                        (false, true) => counts.changed += 1,
                        (false, false) => counts.new += 1,
                    }
                    if let (false, Some(need)) = (answer.repeated, need_posted(&answer.events)) {
                        self.new_needs.push((row, need));
                    }
                    taken.push((row, answer.events));
                }
                Err(setback) => self.set_back(row, setback),
            }
        }
        taken
    }

    /// Executes what rows imply; `row` is the first that does, and bears the problem when it fails.
    fn execute_implied(&mut self, jobs: Vec<(&'a ListedRow, String, Command)>) {
        let mut rows = Vec::new();
        let mut orders = Vec::new();
        for (row, request, command) in jobs {
            rows.push(row);
            orders.push(Order { request, command });
        }
        let answers = self.desk.submit(orders, &mut |_| {});
        for (row, answer) in rows.into_iter().zip(answers) {
            if let Err(setback) = answer {
                let problem = RowProblem::of_row(row.at.clone(), setback.into_fault());
                self.intake.problems.push(problem);
            }
        }
    }

    fn set_back(&mut self, row: &ListedRow, setback: Setback) {
        let field = match &setback {
            Setback::Refused(refusal) => refusal.field().map(|field| match field {
                "reference" => "id".to_owned(),
                other => other.to_owned(),
            }),
            Setback::NotTaken(_) => None,
        };
        self.refuse(row, field, setback.into_fault());
    }

    fn refuse(&mut self, row: &ListedRow, field: Option<String>, fault: Fault) {
        self.intake.summary.of(Some(row.row.kind())).refused += 1;
        self.intake.problems.push(RowProblem { at: row.at.clone(), field, fault });
    }

    fn notice(&mut self, row: &ListedRow, field: impl Into<String>, fault: Fault) {
        self.intake.problems.push(RowProblem::of_field(row.at.clone(), field, fault));
    }

    fn already_there(&mut self, kind: Kind) {
        self.intake.summary.of(Some(kind)).there += 1;
        (self.done)(1);
    }
}

fn need_posted(events: &[Event]) -> Option<NeedId> {
    events.iter().find_map(|event| match event {
        Event::NeedPosted { need, .. } => Some(*need),
        _ => None,
    })
}

fn street_named_in(rows: &[ListedRow]) -> String {
    let place = rows.iter().find_map(|row| match &row.row {
        Row::Place(place) if place.level == engine::place::PlaceLevel::Street => Some(place.name.clone()),
        _ => None,
    });
    let mut named = rows.iter().filter_map(|row| row.row.whereabouts()?.street.as_ref());
    let only = || {
        let first = named.next()?;
        named.all(|other| other == first).then(|| first.clone())
    };
    place.or_else(only).unwrap_or_else(|| NAMELESS_STREET.to_owned())
}
