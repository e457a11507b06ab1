//! Sheets of an Excel workbook (.xlsx): each cell as its reader sees it, and which cells were merged.
//!
//! Read cell by cell, so that a lone mark in the last corner of a sheet costs one cell and not seventeen thousand
//! million. What formulas came to is taken as Excel left it; nothing is computed.
//!
//! The reader below trusts counts that a file claims and unpacks what it holds, however much: it is given files of whoever
//! runs the program, never what came over the network. Its readers of older formats trust more: they are not used.

use super::{
    problem::Fault,
    sheet::{Cell, Merge, Row, Sheet},
};
use calamine::{
    DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx,
    XlsxError::{self, Password},
};
use std::{collections::BTreeMap, io::Cursor, panic};

/// A sheet and what it is called.
#[derive(Debug)]
pub(super) struct Named {
    pub(super) name: String,
    pub(super) is_hidden: bool,
    pub(super) sheet: Sheet,
}

/// The sheets in their order.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Named>, Fault> {
    // The reader meets what others wrote: should it panic, that is one more workbook that cannot be read.
    let read = panic::catch_unwind(|| sheets(bytes));
    match read {
        Ok(Ok(sheets)) => Ok(sheets),
        Ok(Err(Password)) => Err(Fault::OldWorkbook),
        Ok(Err(error)) => Err(Fault::WorkbookUnreadable { detail: error.to_string() }),
        Err(_) => Err(Fault::WorkbookUnreadable { detail: "its reader broke off".to_owned() }),
    }
}

fn sheets(bytes: &[u8]) -> Result<Vec<Named>, XlsxError> {
    let mut book = Xlsx::new(Cursor::new(bytes))?;
    let tables = book.sheets_metadata().iter().filter(|it| it.typ == SheetType::WorkSheet);
    let tables: Vec<(String, bool)> =
        tables.map(|it| (it.name.clone(), it.visible != SheetVisible::Visible)).collect();
    let named = |(name, is_hidden): (String, bool)| {
        let merges = book.merge_cells_by_sheet_name(&name)?;
        let merges = merges.into_iter().map(|it| Merge {
            lines: (u64::from(it.start.0) + 1, u64::from(it.end.0) + 1),
            columns: (it.start.1 as usize, it.end.1 as usize),
        });
        let merges = merges.collect();
        let mut rows: BTreeMap<u32, BTreeMap<usize, Cell>> = BTreeMap::new();
        let mut cells = book.worksheet_cells_reader(&name)?;
        while let Some(cell) = cells.next_cell()? {
            let (row, column) = cell.get_position();
            if let Some(shown) = shown(cell.get_value()) {
                rows.entry(row).or_default().insert(column as usize, shown);
            }
        }
        let rows = rows.into_iter().map(|(row, cells)| Row {
            line: u64::from(row) + 1,
            written: None,
            cells,
            is_broken: false,
        });
        Ok(Named { name, is_hidden, sheet: Sheet { rows: rows.collect(), merges } })
    };
    tables.into_iter().map(named).collect()
}

/// What a cell shows; nothing when it is empty.
fn shown(value: &DataRef<'_>) -> Option<Cell> {
    let text = match value {
        DataRef::Empty => return None,
        DataRef::Error(error) => return Some(Cell::NoResult(error.to_string())),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => fifteen_digits(*number).to_string(),
        DataRef::String(text) => text.trim().to_owned(),
        DataRef::SharedString(text) => text.trim().to_owned(),
        DataRef::Bool(said) => said.to_string().to_uppercase(),
        DataRef::DateTime(moment) => day_or_hour(*moment),
        DataRef::DateTimeIso(text) => text.trim_end_matches("T00:00:00").replace('T', " "),
        DataRef::DurationIso(text) => text.clone(),
    };
    (!text.is_empty()).then_some(Cell::Text(text))
}

/// A number to the digits Excel shows of it: 0.1 + 0.2 is 0.3 there.
fn fifteen_digits(number: f64) -> f64 {
    format!("{number:.14e}").parse().unwrap_or(number)
}

/// 2026-03-01, with the hour where one is said; the hour alone where no day is.
fn day_or_hour(moment: ExcelDateTime) -> String {
    let (year, month, day, hour, minute, ..) = moment.to_ymd_hms_milli();
    let (date, clock) = (format!("{year:04}-{month:02}-{day:02}"), format!("{hour:02}:{minute:02}"));
    match (moment.as_f64() < 1.0, (hour, minute)) {
        (true, _) => clock,
        (false, (0, 0)) => date,
        (false, _) => format!("{date} {clock}"),
    }
}
