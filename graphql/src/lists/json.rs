//! JSON Lines: one object a line, blank lines passed over.

use super::{
    Kind, Record, Records,
    cells::{self, Cells},
    file::Text,
    problem::{Fault, Location, RowProblem},
};
use serde_json::Value;
use std::{collections::BTreeSet, sync::Arc};

pub(super) fn read(name: &Arc<str>, text: &Text) -> Records {
    let mut read = Records::default();
    let mut unknown = BTreeSet::new();
    for (number, line) in (1..).zip(text.text.lines()) {
        if line.trim().is_empty() {
            continue;
        }
        let at = Location { file: Arc::clone(name), line: number };
        if text.broken.contains(&number) {
            read.refused.push(None);
            read.problems.push(RowProblem::of_row(at, Fault::Undecodable));
            continue;
        }
        let object = match serde_json::from_str::<Value>(line.trim()) {
            Ok(Value::Object(object)) => object,
            Ok(_) => {
                read.refused.push(None);
                read.problems.push(RowProblem::of_row(at, Fault::NotAnObject));
                continue;
            }
            Err(error) => {
                read.refused.push(None);
                let detail = error.to_string();
                let detail = detail.split(" at line ").next().unwrap_or_default().to_owned();
                let fault = Fault::NotJson { detail, column: error.column() };
                read.problems.push(RowProblem::of_row(at, fault));
                continue;
            }
        };
        let mut cells = Cells::default();
        for (field, value) in object {
            match cells::known(&field) {
                Some(known) => cells.put(known, value),
                // Said once a file: the rows of a file have the same fields.
                None if unknown.insert(field.clone()) => {
                    let fault = Fault::UnknownField { known: cells::FIELDS.join(", ") };
                    read.problems.push(RowProblem::of_field(at.clone(), field, fault));
                }
                None => {}
            }
        }
        read.records.push(Record { at, cells, kind_unless_said: Kind::named_in(file_name(name)) });
    }
    read
}

/// The last part of a path.
pub(super) fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}
