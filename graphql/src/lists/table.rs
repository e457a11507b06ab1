//! Tables: what a sheet of cells says about the things in its rows.
//!
//! Promises:
//! 1. Rows above the header are passed over and said so; they may name the list. A header may have several rows where
//!    merged cells tell so: 时间 above 开始日期 and 结束日期.
//! 2. What the first of merged cells says is said of all their rows: see `merged`.
//! 3. A row with more or fewer cells than the header is an error; empty cells at its end are forgiven.
//! 4. A row of totals is passed over and said so. A column that nothing is known of is passed over and said so.

use super::{
    Kind, Record, Records,
    cells::Cells,
    heading::{self, Heading},
    merged::Merged,
    problem::{Fault, Location, RowProblem},
    sheet::{Cell, Row, Sheet},
};
use serde_json::Value;
use std::{collections::BTreeMap, sync::Arc};

/// How many rows may stand above the header.
const TITLE_ROWS_MAX: usize = 10;

/// Of how many rows a header may be made.
const HEADER_ROWS_MAX: u64 = 3;

/// What rows of totals begin with.
const TOTALS: [&str; 5] = ["合计", "总计", "小计", "共计", "total"];

/// A column: its heading as written, and what it means.
struct Column {
    written: String,
    heading: Option<Heading>,
}

struct Header {
    /// Rows above it.
    above: usize,
    /// Its own rows.
    rows: usize,
    columns: Vec<Column>,
}

/// How many rows of a sheet tell whether it has a header.
pub(super) const SAMPLE: usize = TITLE_ROWS_MAX + HEADER_ROWS_MAX as usize;

/// How many columns of a sheet are known; `None` when it has no header.
pub(super) fn known_columns(sheet: &Sheet) -> Option<usize> {
    header(sheet).map(|(_, known)| known)
}

/// The rows below the header; `None` when there is none. `file` is how problems call the sheet, `names` may tell the list
/// when the table does not, the first that does.
pub(super) fn read(file: &Arc<str>, names: &[&str], sheet: &Sheet) -> Option<Records> {
    let (header, _) = header(sheet)?;
    let mut read = Records::default();
    let at = |line| Location { file: Arc::clone(file), line };
    let (above, rest) = sheet.rows.split_at_checked(header.above)?;
    let (own, rows) = rest.split_at_checked(header.rows)?;
    if header.above > 0 {
        let fault = Fault::LinesAboveHeader { lines: header.above as u64 };
        read.problems.push(RowProblem::of_row(at(1), fault));
    }
    let lines = (own.first().map_or(1, |row| row.line), own.last().map_or(1, |row| row.line));
    read.problems.extend(strange_columns(&header, rows, &at(lines.0)));
    let titles: String =
        above.iter().flat_map(|row| (0..row.filled()).filter_map(|it| row.text(it))).collect();
    let kind = kind_of(&header.columns)
        .or_else(|| Kind::named_in(&titles))
        .or_else(|| names.iter().find_map(|name| Kind::named_in(name)));

    let mut merged = Merged::below(lines.1, fields(&header.columns), sheet);
    for row in rows.iter().filter(|row| !row.cells.is_empty()) {
        let at = at(row.line);
        if is_total(row) {
            read.problems.push(RowProblem::of_row(at, Fault::TotalRow));
            continue;
        }
        match cells_of(&header, row, &at) {
            Ok(cells) => {
                let cells = merged.fill(row, cells, &at);
                read.records.push(Record { at, cells, kind_unless_said: kind });
            }
            Err(problem) => {
                read.refused.push(kind);
                read.problems.push(problem);
            }
        }
    }
    read.problems.extend(merged.notices());
    Some(read)
}

/// The first rows that name at least a title or an organization, or two columns; with how many are known.
fn header(sheet: &Sheet) -> Option<(Header, usize)> {
    (0..sheet.rows.len().min(TITLE_ROWS_MAX + 1)).find_map(|above| {
        let own = header_rows(sheet, above);
        let mut columns = columns(own);
        second_title_is_detail(&mut columns);
        let known = fields(&columns).count();
        let names = fields(&columns).any(|(_, field)| matches!(field, "title" | "name" | "org" | "unit"));
        let is_header = (known >= 2 && names) || (known == 1 && columns.len() == 1 && names);
        is_header.then_some((Header { above, rows: own.len(), columns }, known))
    })
}

/// The rows of the header that would begin here: one, or as many as the tallest of its headings.
fn header_rows(sheet: &Sheet, above: usize) -> &[Row] {
    let rows = sheet.rows.get(above..).unwrap_or_default();
    let Some(first) = rows.first() else {
        return rows;
    };
    let headings = sheet.merges.iter().filter(|it| {
        it.lines.0 == first.line && first.text(it.columns.0).is_some_and(|text| heading::read(text).is_some())
    });
    let last = headings.map(|it| it.lines.1).max().unwrap_or(first.line);
    let last = last.min(first.line + HEADER_ROWS_MAX - 1);
    rows.get(..rows.partition_point(|row| row.line <= last)).unwrap_or_default()
}

/// What the columns are called: the lowest heading that is known, or else the lowest.
fn columns(header: &[Row]) -> Vec<Column> {
    let width = header.iter().map(|row| row.written.unwrap_or_else(|| row.filled())).max().unwrap_or(0);
    let column = |column: usize| {
        let texts = || header.iter().rev().filter_map(|row| row.text(column));
        let known = texts().find_map(|text| Some((text, heading::read(text)?)));
        match known {
            Some((text, heading)) => Column { written: text.to_owned(), heading: Some(heading) },
            None => Column { written: texts().next().unwrap_or_default().to_owned(), heading: None },
        }
    };
    (0..width).map(column).collect()
}

/// The columns that mean something.
fn fields(columns: &[Column]) -> impl Iterator<Item = (usize, &'static str)> {
    let fields = columns.iter().map(|column| column.heading.as_ref().map(|heading| heading.field));
    fields.enumerate().filter_map(|(column, field)| Some((column, field?)))
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

fn strange_columns(header: &Header, rows: &[Row], at: &Location) -> Vec<RowProblem> {
    let mut problems = Vec::new();
    let mut first: BTreeMap<&str, &str> = BTreeMap::new();
    let unknown = |said: String| {
        RowProblem::of_field(at.clone(), said, Fault::UnknownHeading { known: heading::known() })
    };
    for (number, column) in header.columns.iter().enumerate() {
        match &column.heading {
            None if column.written.is_empty() => {
                if rows.iter().any(|row| row.cells.contains_key(&number)) {
                    problems.push(unknown(letters(number)));
                }
            }
            None => problems.push(unknown(column.written.clone())),
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

/// How spreadsheets call a column: A … Z, AA …
fn letters(column: usize) -> String {
    let mut letters = Vec::new();
    let mut left = column + 1;
    while left > 0 {
        letters.push(char::from(b'A' + u8::try_from((left - 1) % 26).unwrap_or(0)));
        left = (left - 1) / 26;
    }
    letters.into_iter().rev().collect()
}

fn is_total(row: &Row) -> bool {
    let Some((_, Cell::Text(first))) = row.cells.first_key_value() else {
        return false;
    };
    let plain: String = first.chars().filter(|letter| !letter.is_whitespace()).collect();
    let plain = plain.trim_end_matches([':', '：']).to_lowercase();
    TOTALS.contains(&plain.as_str())
}

fn cells_of(header: &Header, row: &Row, at: &Location) -> Result<Cells, RowProblem> {
    if row.is_broken {
        return Err(RowProblem::of_row(at.clone(), Fault::Undecodable));
    }
    let (columns, filled) = (header.columns.len(), row.filled());
    let written = row.written.unwrap_or(filled.max(columns));
    if written < columns || filled > columns {
        return Err(RowProblem::of_row(at.clone(), Fault::Ragged { header: columns, row: written }));
    }
    let mut cells = Cells::default();
    let mut unit = None;
    for (number, column) in header.columns.iter().enumerate() {
        let (Some(heading), Some(cell)) = (&column.heading, row.cells.get(&number)) else {
            continue;
        };
        match cell {
            Cell::Text(text) => {
                cells.put(heading.field, Value::String(text.clone()));
                unit = heading.unit.clone().or(unit);
            }
            Cell::NoResult(sign) => {
                let fault = Fault::NoResult { sign: sign.clone() };
                return Err(RowProblem::of_field(at.clone(), column.written.clone(), fault));
            }
        }
    }
    if let Some(unit) = unit {
        cells.put("unit", Value::String(unit));
    }
    Ok(cells)
}
