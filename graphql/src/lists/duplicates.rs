//! Rows that stand twice in one file: the first goes in, the others are reported with its line.

use super::{
    Kind,
    problem::{Fault, RowProblem},
    row::ListedRow,
};
use std::collections::BTreeMap;

/// Leaves out every row that repeats an earlier one: the same kind and id, or no id and the same contents.
pub(super) fn leave_out(rows: Vec<ListedRow>) -> (Vec<ListedRow>, Vec<(Kind, RowProblem)>) {
    let mut first: BTreeMap<(Kind, String), (u64, String)> = BTreeMap::new();
    let (mut kept, mut twice) = (Vec::new(), Vec::new());
    for row in rows {
        let kind = row.row.kind();
        let key = row.row.id().map_or_else(|| format!("={}", row.digest), |id| format!("#{id}"));
        if let Some((line, digest)) = first.get(&(kind, key.clone())) {
            let fault = Fault::Duplicate { first: *line, differs: *digest != row.digest };
            let problem = match row.row.id() {
                Some(_) => RowProblem::of_field(row.at, "id", fault),
                None => RowProblem::of_row(row.at, fault),
            };
            twice.push((kind, problem));
        } else {
            first.insert((kind, key), (row.at.line, row.digest.clone()));
            kept.push(row);
        }
    }
    (kept, twice)
}
