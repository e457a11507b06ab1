//! A sheet: rows of filled cells, whatever file they stood in.

use std::collections::BTreeMap;

/// Rows of cells, with those that were merged where the file can say so.
#[derive(Clone, Debug, Default)]
pub(super) struct Sheet {
    /// Rows from the first line to the last; some may hold nothing.
    pub(super) rows: Vec<Row>,
    /// Cells drawn as one over several lines or columns; their contents stand in the first.
    pub(super) merges: Vec<Merge>,
}

/// A row.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// The line it begins in, the first is 1.
    pub(super) line: u64,
    /// How many cells were written, empty ones too; `None` where a file writes only filled ones.
    pub(super) written: Option<usize>,
    /// The filled cells by column, from 0; trimmed.
    pub(super) cells: BTreeMap<usize, Cell>,
    /// Whether a part of it could not be decoded.
    pub(super) is_broken: bool,
}

/// What stands in a filled cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cell {
    /// Text as a reader of the file sees it; numbers without decimals that say nothing, days as 2026-03-01.
    Text(String),
    /// The sign of a formula that has no result, such as `#REF!`.
    NoResult(String),
}

/// Cells drawn as one: both ends are among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Merge {
    pub(super) lines: (u64, u64),
    pub(super) columns: (usize, usize),
}

impl Sheet {
    /// The row of a line.
    pub(super) fn row(&self, line: u64) -> Option<&Row> {
        let place = self.rows.binary_search_by_key(&line, |row| row.line).ok()?;
        self.rows.get(place)
    }
}

impl Row {
    /// The text of a cell; none where it is empty or has no result.
    pub(super) fn text(&self, column: usize) -> Option<&str> {
        match self.cells.get(&column)? {
            Cell::Text(text) => Some(text),
            Cell::NoResult(_) => None,
        }
    }

    /// How many columns there are up to the last filled one.
    pub(super) fn filled(&self) -> usize {
        self.cells.last_key_value().map_or(0, |(column, _)| column + 1)
    }
}
