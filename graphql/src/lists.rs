//! Reading lists: files as streets keep them (Excel, CSV, JSON Lines) to typed rows, and rows to commands.
//!
//! 1. Every bad row is reported with its file, line, field, cause and a hint; the good ones are kept.
//! 2. Reading asks nothing but the bytes: it knows no state, no clock and no log.
//! 3. [`intake`] turns rows into commands against a state. The same rows twice are the same commands
//!    under the same request ids, so that importing a file again changes nothing.
//!
//! Read in this order: [`problem`], `file`, `json`, `sheet` with `separated` and `workbook`, `heading`, `table`, `merged`,
//! `cells`, [`row`], `duplicates`, then `wording` and [`intake`].

pub mod problem;

mod file;
mod heading;
mod json;
mod merged;
mod separated;
mod sheet;
mod table;
mod workbook;

mod cells;
mod duplicates;
mod kind;
pub mod row;

pub mod intake;
mod wording;

pub use kind::Kind;
pub use problem::{Fault, Location, RowProblem};
pub use row::{ListedRow, Row};

use file::{Contents, Text};
use std::sync::Arc;
use workbook::Named;

/// What came out of one or several files.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// The good rows, in the order of files and lines.
    pub rows: Vec<ListedRow>,
    /// What is wrong or worth saying, in the same order.
    pub problems: Vec<RowProblem>,
    /// Rows that were left out, by what they would have been.
    pub refused: Vec<Option<Kind>>,
}

/// One line of a file with its cells under the names of known fields.
#[derive(Clone, Debug)]
struct Record {
    at: Location,
    cells: cells::Cells,
    kind_unless_said: Option<Kind>,
}

impl Reading {
    /// Reads a file and adds what it holds. `name` is how problems call it; a sheet of a workbook is called
    /// `name[sheet]`.
    pub fn add(&mut self, name: &str, bytes: &[u8]) {
        let name: Arc<str> = name.into();
        match file::open(&name, bytes) {
            Ok(Contents::Workbook) => workbook(&name, bytes).into_iter().for_each(|it| self.take(it)),
            Ok(Contents::Table(text)) => self.take(table(&name, &text)),
            Ok(Contents::JsonLines(text)) => self.take(json::read(&name, &text).remarked(&name, &text)),
            Err(fault) => self.take(Records::failed(name, fault)),
        }
    }

    /// The same of a text that came without a file: it is no workbook, whatever it begins with.
    pub fn add_text(&mut self, name: &str, text: &str) {
        match file::open(name, text.as_bytes()) {
            Ok(Contents::Workbook) => self.take(Records::failed(name.into(), Fault::Workbook)),
            _ => self.add(name, text.as_bytes()),
        }
    }

    /// Reads several files.
    pub fn of<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Self {
        let mut reading = Self::default();
        for (name, bytes) in files {
            reading.add(name, bytes);
        }
        reading
    }

    /// Types the rows of one file, or of one sheet.
    fn take(&mut self, read: Records) {
        let problems_before = self.problems.len();
        self.refused.extend(read.refused);
        self.problems.extend(read.problems);
        let mut rows = Vec::new();
        for record in read.records {
            match row::read(&record) {
                Ok((row, notices)) => {
                    self.problems.extend(notices);
                    rows.push(row);
                }
                Err(refused) => {
                    self.refused.push(refused.kind);
                    self.problems.extend(refused.problems);
                }
            }
        }
        let (rows, twice) = duplicates::leave_out(rows);
        for (kind, problem) in twice {
            self.refused.push(Some(kind));
            self.problems.push(problem);
        }
        self.rows.extend(rows);
        if let Some(added) = self.problems.get_mut(problems_before..) {
            added.sort_by_key(|problem| problem.at.line);
        }
    }
}

/// What a format's reader makes of a file, or of one of its sheets.
#[derive(Debug, Default)]
struct Records {
    records: Vec<Record>,
    problems: Vec<RowProblem>,
    refused: Vec<Option<Kind>>,
}

impl Records {
    /// Nothing but a fault of the whole.
    fn failed(file: Arc<str>, fault: Fault) -> Self {
        let problem = RowProblem::of_row(Location { file, line: 1 }, fault);
        Self { problems: vec![problem], ..Self::default() }
    }

    /// With what is to be said of its encoding, first of all.
    fn remarked(mut self, file: &Arc<str>, text: &Text) -> Self {
        let at = Location { file: Arc::clone(file), line: 1 };
        self.problems.splice(0..0, text.remark().map(|fault| RowProblem::of_row(at, fault)));
        self
    }
}

fn table(name: &Arc<str>, text: &Text) -> Records {
    let sheet = separated::read(text, table::SAMPLE, table::known_columns);
    let read = sheet.and_then(|sheet| table::read(name, &[json::file_name(name)], &sheet));
    read.unwrap_or_else(|| Records::failed(Arc::clone(name), Fault::NoHeader)).remarked(name, text)
}

/// One for each sheet that holds anything. A sheet without a header is passed over beside others that have one.
fn workbook(name: &Arc<str>, bytes: &[u8]) -> Vec<Records> {
    let sheets = match workbook::read(bytes) {
        Ok(sheets) => sheets,
        Err(fault) => return vec![Records::failed(Arc::clone(name), fault)],
    };
    let filled = sheets.into_iter().filter(|it| !it.sheet.rows.is_empty());
    let read = filled.map(|Named { name: sheet_name, is_hidden, sheet }| {
        let file: Arc<str> = format!("{name}[{sheet_name}]").into();
        let names = [sheet_name.as_str(), json::file_name(name)];
        let read = if is_hidden { None } else { table::read(&file, &names, &sheet) };
        read.ok_or(Records::failed(file, Fault::SheetPassedOver { is_hidden }))
    });
    let read: Vec<Result<Records, Records>> = read.collect();
    if read.iter().any(Result::is_ok) {
        return read.into_iter().map(|it| it.unwrap_or_else(|passed_over| passed_over)).collect();
    }
    let fault = if read.is_empty() { Fault::EmptyFile } else { Fault::NoHeader };
    vec![Records::failed(Arc::clone(name), fault)]
}
