//! Tables as Excel saves them: commas, semicolons or tabs, titles above the header, merged cells.
//!
//! Promises:
//! 1. The separator is the one under which a header is found with the most known columns.
//! 2. Lines above the header are passed over and said so; they may name the list.
//! 3. An empty cell of 社区, 街道 or 组织 below a filled one takes the value above, when the row says
//!    anything else at all; the first such row of a column is said with the number of all.
//! 4. A row with more or fewer cells than the header is an error; empty cells at its end are forgiven.

use super::{
    Kind, Record, Records,
    cells::Cells,
    file::Opened,
    heading::{self, Heading},
    json::file_name,
    problem::{Fault, Location, RowProblem},
};
use csv::{ReaderBuilder, StringRecord};
use serde_json::Value;
use std::{collections::BTreeMap, sync::Arc};

/// How many rows may stand above the header.
const TITLE_ROWS_MAX: usize = 10;

/// Columns whose cells are merged in practice, outermost first.
const MERGED: [&str; 3] = ["street", "community", "org"];

/// A column: its heading as written, and what it means.
struct Column {
    written: String,
    heading: Option<Heading>,
}

struct Header {
    /// Rows above it.
    above: usize,
    columns: Vec<Column>,
}

pub(super) fn read(name: &Arc<str>, opened: &Opened) -> Records {
    let mut read = Records::default();
    // Excel ends lines with CR LF; counted with one sign a line, the lines are those an editor shows.
    let text = opened.text.replace("\r\n", "\n");
    let at = |line| Location { file: Arc::clone(name), line };
    let best = [b',', b';', b'\t']
        .into_iter()
        .filter_map(|separator| {
            let rows = rows(&text, separator, TITLE_ROWS_MAX + 1);
            header(&rows).map(|(header, known)| (separator, header, known))
        })
        .max_by_key(|(separator, _, known)| (*known, std::cmp::Reverse(*separator)));
    let Some((separator, header, _)) = best else {
        read.problems.push(RowProblem::of_row(at(1), Fault::NoHeader));
        return read;
    };
    let rows = rows(&text, separator, usize::MAX);
    let titles: String = rows.iter().take(header.above).flat_map(|row| row.cells.iter()).collect();
    if header.above > 0 {
        let fault = Fault::LinesAboveHeader { lines: header.above as u64 };
        read.problems.push(RowProblem::of_row(at(1), fault));
    }
    let header_line = rows.get(header.above).map_or(1, |row| row.line);
    read.problems.extend(strange_columns(&header, &at(header_line)));
    let kind = kind_of(&header.columns)
        .or_else(|| Kind::named_in(&titles))
        .or_else(|| Kind::named_in(file_name(name)));

    let mut merged = Merged::default();
    for row in rows.into_iter().skip(header.above + 1) {
        let at = at(row.line);
        if row.cells.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let cells = match table_cells(&header, &row, opened) {
            Ok(cells) => cells,
            Err(fault) => {
                read.refused.push(kind);
                read.problems.push(RowProblem::of_row(at, fault));
                continue;
            }
        };
        let cells = merged.fill(cells, &at);
        read.records.push(Record { at, cells, kind_unless_said: kind });
    }
    read.problems.extend(merged.notices());
    read
}

/// A row of a table with the line it begins in.
struct TableRow {
    line: u64,
    cells: StringRecord,
    lines: u64,
}

fn rows(text: &str, separator: u8, limit: usize) -> Vec<TableRow> {
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    let mut record = StringRecord::new();
    // The text is valid UTF-8 and rows may have any length, so that reading cannot fail.
    while rows.len() < limit && reader.read_record(&mut record).unwrap_or(false) {
        let line = record.position().map_or(0, csv::Position::line);
        let lines = record.iter().map(|cell| cell.matches('\n').count() as u64).sum();
        rows.push(TableRow { line, cells: record.clone(), lines });
    }
    rows
}

/// The first row that names at least a title or an organization, or two columns; with how many are known.
fn header(rows: &[TableRow]) -> Option<(Header, usize)> {
    for (above, row) in rows.iter().enumerate() {
        let mut columns: Vec<Column> = row
            .cells
            .iter()
            .map(|cell| Column { written: cell.trim().to_owned(), heading: heading::read(cell) })
            .collect();
        second_title_is_detail(&mut columns);
        let fields = || columns.iter().filter_map(|column| column.heading.as_ref());
        let known = fields().count();
        let names = fields().any(|heading| matches!(heading.field, "title" | "name" | "org" | "unit"));
        if known >= 2 && names || (known == 1 && columns.len() == 1 && names) {
            return Some((Header { above, columns }, known));
        }
    }
    None
}

/// 需求名称 beside 需求内容: the second of two titles tells more of the first.
fn second_title_is_detail(columns: &mut [Column]) {
    let is = |column: &Column, field| column.heading.as_ref().is_some_and(|heading| heading.field == field);
    if columns.iter().any(|column| is(column, "detail")) {
        return;
    }
    let second = columns.iter_mut().filter(|column| is(column, "title")).nth(1);
    if let Some(heading) = second.and_then(|column| column.heading.as_mut()) {
        heading.field = "detail";
    }
}

/// The list that the columns give away: by a heading such as 需求名称, or because only a roster has a
/// relation and only organizations have no title.
fn kind_of(columns: &[Column]) -> Option<Kind> {
    let has = |field| columns.iter().filter_map(|column| column.heading.as_ref()).any(|it| it.field == field);
    let said = columns.iter().find_map(|column| column.heading.as_ref().and_then(|heading| heading.kind));
    let bare = || match (has("relation"), has("title"), has("org")) {
        (true, false, _) => Some(Kind::Roster),
        (false, false, true) => Some(Kind::Organization),
        _ => None,
    };
    said.or_else(bare)
}

fn strange_columns(header: &Header, at: &Location) -> Vec<RowProblem> {
    let mut problems = Vec::new();
    let mut first: BTreeMap<&str, &str> = BTreeMap::new();
    for column in &header.columns {
        match &column.heading {
            None if column.written.is_empty() => {}
            None => {
                let fault = Fault::UnknownHeading { known: heading::known() };
                problems.push(RowProblem::of_field(at.clone(), column.written.clone(), fault));
            }
            Some(heading) => {
                if let Some(first) = first.get(heading.field) {
                    let fault = Fault::ColumnTwice { first: (*first).to_owned() };
                    problems.push(RowProblem::of_field(at.clone(), column.written.clone(), fault));
                } else {
                    first.insert(heading.field, &column.written);
                }
            }
        }
    }
    problems
}

fn table_cells(header: &Header, row: &TableRow, opened: &Opened) -> Result<Cells, Fault> {
    if opened.broken.range(row.line..=row.line + row.lines).next().is_some() {
        return Err(Fault::Undecodable);
    }
    let filled = (1..)
        .zip(row.cells.iter())
        .filter(|(_, cell)| !cell.trim().is_empty())
        .map(|(number, _)| number)
        .last();
    let filled = filled.unwrap_or(0);
    if row.cells.len() < header.columns.len() || filled > header.columns.len() {
        return Err(Fault::Ragged { header: header.columns.len(), row: row.cells.len() });
    }
    let mut cells = Cells::default();
    let mut unit = None;
    for (column, cell) in header.columns.iter().zip(row.cells.iter()) {
        if let Some(heading) = &column.heading {
            cells.put(heading.field, Value::String(cell.trim().to_owned()));
            if !cell.trim().is_empty() {
                unit = heading.unit.clone().or(unit);
            }
        }
    }
    if let Some(unit) = unit {
        cells.put("unit", Value::String(unit));
    }
    Ok(cells)
}

/// The last filled cell of each merged column, and what was taken from it.
#[derive(Default)]
struct Merged {
    above: BTreeMap<&'static str, Value>,
    taken: BTreeMap<&'static str, (Location, String, u64)>,
}

impl Merged {
    fn fill(&mut self, mut cells: Cells, at: &Location) -> Cells {
        let filled_otherwise = cells.says_more_than(&["street", "community", "org", "id", "kind"]);
        // A new street begins its own communities, a new community its own organizations.
        let mut fresh = false;
        for field in MERGED {
            if let Some(value) = cells.get(field) {
                fresh |= self.above.get(field).is_some_and(|above| above != value);
                self.above.insert(field, value.clone());
            } else if fresh {
                self.above.remove(field);
            } else if filled_otherwise && let Some(value) = self.above.get(field).cloned() {
                let text = value.as_str().unwrap_or_default().to_owned();
                let taken = self.taken.entry(field).or_insert_with(|| (at.clone(), text, 0));
                taken.2 += 1;
                cells.put(field, value);
            }
        }
        cells
    }

    fn notices(self) -> Vec<RowProblem> {
        let notice = |(field, (at, value, rows)): (&str, _)| {
            RowProblem::of_field(at, field, Fault::TakenFromAbove { value, rows })
        };
        self.taken.into_iter().map(notice).collect()
    }
}
