//! What is said of the rows of lists: problems to standard error, the summary of an import.

use super::output;
use crate::lists::{
    Kind, RowProblem,
    intake::{Counts, Summary},
};
use comfy_table::{CellAlignment, Table, presets::UTF8_FULL_CONDENSED};
use engine::refusal::wording::Language;
use serde_json::{Value, json};

/// Notices of one kind that are said in full; the others are counted.
const NOTICES_IN_FULL: usize = 10;

/// Prints problems line by line. Of notices of one kind in one file the first few are said, the rest counted.
pub(super) fn print_problems(problems: &[&RowProblem], language: Language) {
    let mut said: std::collections::BTreeMap<(&str, &str), usize> = std::collections::BTreeMap::new();
    for problem in problems {
        let count = said.entry((problem.at.file.as_ref(), problem.fault.code())).or_default();
        *count += 1;
        if !problem.is_notice() || *count <= NOTICES_IN_FULL {
            output::note(&problem.line(language));
        }
    }
    let is_notice = |code: &str| problems.iter().any(|it| it.fault.code() == code && it.is_notice());
    for ((file, code), count) in said {
        if count > NOTICES_IN_FULL && is_notice(code) {
            let more = count - NOTICES_IN_FULL;
            output::note(&match language {
                Language::Chinese => format!("{file}: 另有 {more} 条同类提示({code})"),
                Language::English => format!("{file}: {more} more notices of this kind ({code})"),
            });
        }
    }
}

/// Problems as JSON: the rows that were left out, or the notices about the others.
pub(super) fn problems_json(problems: &[&RowProblem], notices: bool, language: Language) -> Vec<Value> {
    let one = |problem: &&RowProblem| {
        json!({
            "file": problem.at.file.as_ref(),
            "line": problem.at.line,
            "field": problem.field,
            "code": problem.fault.code(),
            "cause": problem.cause(language),
            "hint": problem.hint(language),
        })
    };
    problems.iter().filter(|problem| problem.is_notice() == notices).map(one).collect()
}

/// The table at the end of an import.
pub(super) fn summary(summary: &Summary, language: Language) -> String {
    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED);
    table.set_header(match language {
        Language::Chinese => ["清单", "新增", "变更", "原有", "未收"],
        Language::English => ["list", "new", "changed", "already there", "refused"],
    });
    let kind_name = |kind: Option<Kind>| match (kind, language) {
        (Some(kind), Language::Chinese) => kind.zh().to_owned(),
        (Some(kind), Language::English) => kind.word().to_owned(),
        (None, Language::Chinese) => "(不明)".to_owned(),
        (None, Language::English) => "(unknown)".to_owned(),
    };
    let mut row = |name: String, counts: Counts| {
        let counts = [counts.new, counts.changed, counts.there, counts.refused];
        table.add_row(std::iter::once(name).chain(counts.map(|count| count.to_string())));
    };
    for (kind, counts) in summary.kinds() {
        row(kind_name(kind), counts);
    }
    let total = match language {
        Language::Chinese => "合计",
        Language::English => "all",
    };
    row(total.to_owned(), summary.total());
    for column in 1..=4 {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.to_string()
}
