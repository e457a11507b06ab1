//! Reading lists: files as streets keep them (JSON Lines, CSV out of Excel) to typed rows, and rows to commands.
//!
//! 1. Every bad row is reported with its file, line, field, cause and a hint; the good ones are kept.
//! 2. Reading asks nothing but the bytes: it knows no state, no clock and no log.
//! 3. [`intake`] turns rows into commands against a state. The same rows twice are the same commands
//!    under the same request ids, so that importing a file again changes nothing.
//!
//! Read in this order: [`problem`], `file`, `json`, `heading`, `table`, `cells`, [`row`], `duplicates`, then
//! `wording` and [`intake`].

pub mod problem;

mod file;
mod heading;
mod json;
mod table;

mod cells;
mod duplicates;
mod kind;
pub mod row;

pub mod intake;
mod wording;

pub use kind::Kind;
pub use problem::{Fault, Location, RowProblem};
pub use row::{ListedRow, Row};

use std::sync::Arc;

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
    /// Reads a file and adds what it holds. `name` is how problems call it.
    pub fn add(&mut self, name: &str, bytes: &[u8]) {
        let name: Arc<str> = name.into();
        let mut records = Vec::new();
        let problems_before = self.problems.len();
        match file::open(&name, bytes) {
            Ok(opened) => {
                if let Some(problem) = opened.remark(&name) {
                    self.problems.push(problem);
                }
                let read = match opened.format {
                    file::Format::JsonLines => json::read(&name, &opened),
                    file::Format::Table => table::read(&name, &opened),
                };
                self.refused.extend(read.refused);
                self.problems.extend(read.problems);
                records = read.records;
            }
            Err(problem) => self.problems.push(*problem),
        }
        let mut rows = Vec::new();
        for record in records {
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

    /// Reads several files.
    pub fn of<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Self {
        let mut reading = Self::default();
        for (name, bytes) in files {
            reading.add(name, bytes);
        }
        reading
    }
}

/// What a format's reader makes of a file.
#[derive(Debug, Default)]
struct Records {
    records: Vec<Record>,
    problems: Vec<RowProblem>,
    refused: Vec<Option<Kind>>,
}
