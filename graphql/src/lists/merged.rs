//! Merged cells 合并单元格: what the rows take that the first of them says for all.
//!
//! A workbook tells which cells are merged: the rows below take what the first says, but for amounts, which would be
//! counted once a row, and for ids, of which each row has its own. Text tells nothing: there an empty cell of 社区, 街道 or
//! 组织 below a filled one is taken for merged, when the row says anything else at all. So it is in columns of a workbook
//! in which nothing is merged. The first row that took something is named, with the number of all.

use super::{
    cells::Cells,
    problem::{Fault, Location, RowProblem},
    sheet::{Merge, Row, Sheet},
};
use serde_json::Value;
use std::collections::BTreeMap;

/// Columns whose cells are merged in practice, outermost first.
const GUESSED: [&str; 3] = ["street", "community", "org"];

/// Amounts: said once for several rows, they are not the amount of each.
const AMOUNTS: [&str; 5] = ["quantity", "ceiling", "lots", "open_capacity", "required"];

/// What is merged below a header, and what was taken so far.
pub(super) struct Merged<'a> {
    sheet: &'a Sheet,
    /// By column: its field, and its merged cells from the first line to the last.
    columns: BTreeMap<usize, (&'static str, Vec<Merge>)>,
    /// The last filled cell of each column of [`GUESSED`].
    above: BTreeMap<&'static str, Value>,
    taken: BTreeMap<&'static str, (Location, String, u64)>,
    once: BTreeMap<&'static str, (Location, u64)>,
}

impl<'a> Merged<'a> {
    /// `fields` are the columns that mean something, `header` the last line of the header.
    pub(super) fn below(
        header: u64,
        fields: impl Iterator<Item = (usize, &'static str)>,
        sheet: &'a Sheet,
    ) -> Self {
        let tall = |it: &&Merge| it.lines.0 > header && it.lines.1 > it.lines.0;
        let of_column = |column: usize| {
            let merges = sheet.merges.iter().filter(tall).filter(|it| it.columns.0 == column);
            let mut merges: Vec<Merge> = merges.copied().collect();
            merges.sort_by_key(|it| it.lines);
            merges
        };
        let columns = fields.map(|(column, field)| (column, (field, of_column(column)))).collect();
        Self { sheet, columns, above: BTreeMap::new(), taken: BTreeMap::new(), once: BTreeMap::new() }
    }

    /// Gives a row what it shares with those above it.
    pub(super) fn fill(&mut self, row: &Row, mut cells: Cells, at: &Location) -> Cells {
        for (column, (field, merges)) in &self.columns {
            let before = merges.partition_point(|it| it.lines.0 < row.line);
            let merge = merges.get(before.wrapping_sub(1)).filter(|it| it.lines.1 >= row.line);
            let said = merge.and_then(|it| self.sheet.row(it.lines.0)?.text(*column));
            let Some(said) = said.filter(|_| !cells.has(field)) else {
                continue;
            };
            if AMOUNTS.contains(field) {
                self.once.entry(field).or_insert_with(|| (at.clone(), 0)).1 += 1;
            } else if *field != "id" {
                note(&mut self.taken, field, said, at);
                cells.put(field, Value::String(said.to_owned()));
            }
        }
        self.guess(cells, at)
    }

    fn guess(&mut self, mut cells: Cells, at: &Location) -> Cells {
        let filled_otherwise = cells.says_more_than(&["street", "community", "org", "id", "kind"]);
        // A new street begins its own communities, a new community its own organizations.
        let mut fresh = false;
        for field in GUESSED {
            let is_told = self.columns.values().any(|(told, merges)| *told == field && !merges.is_empty());
            if let Some(value) = cells.get(field) {
                fresh |= self.above.get(field).is_some_and(|above| above != value);
                self.above.insert(field, value.clone());
            } else if fresh {
                self.above.remove(field);
            } else if !is_told
                && filled_otherwise
                && let Some(value) = self.above.get(field).cloned()
            {
                note(&mut self.taken, field, value.as_str().unwrap_or_default(), at);
                cells.put(field, value);
            }
        }
        cells
    }

    /// What is to be said of it.
    pub(super) fn notices(self) -> impl Iterator<Item = RowProblem> {
        let taken = self.taken.into_iter().map(|(field, (at, value, rows))| {
            RowProblem::of_field(at, field, Fault::TakenFromAbove { value, rows })
        });
        let once = self.once.into_iter();
        taken.chain(
            once.map(|(field, (at, rows))| RowProblem::of_field(at, field, Fault::CountedOnce { rows })),
        )
    }
}

fn note(
    taken: &mut BTreeMap<&'static str, (Location, String, u64)>,
    field: &'static str,
    value: &str,
    at: &Location,
) {
    taken.entry(field).or_insert_with(|| (at.clone(), value.to_owned(), 0)).2 += 1;
}
