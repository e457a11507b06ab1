//! `gongjian evaluate`: how well units are ranked for needs that people paired, on pages not learnt from.

use super::{arguments::Evaluate, failure::Failure, files, output};
use comfy_table::{Table, presets::UTF8_FULL_CONDENSED};
use engine::{
    matching::measurement,
    refusal::wording::Language,
    text::{
        evaluation::{Method, Pool, evaluate, ranking::Ranks},
        published::{self, ListRow, PairingRow},
    },
};
use serde::de::DeserializeOwned;
use std::{borrow::Cow, path::PathBuf, process::ExitCode};

pub(super) fn run(task: &Evaluate) -> Result<ExitCode, Failure> {
    let lists: Cow<'_, [ListRow]> = rows(task.lists.as_ref(), published::lists())?;
    let pairings: Cow<'_, [PairingRow]> = rows(task.pairings.as_ref(), published::pairings())?;
    let report = evaluate(&lists, &pairings, Pool::Posted);
    let whole = measurement::measure(&lists, &pairings, Pool::Posted)
        .map_err(|refusal| Failure::Said(refusal.message(Language::English)))?;
    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED);
    table.set_header(["method", "MRR", "recall@1", "recall@3", "recall@5", "recall@10"]);
    let methods = [
        ("random", report.of(Method::Random)),
        ("TF-IDF", report.of(Method::BigramTfIdf)),
        ("ours, wording alone", report.of(Method::Affinity)),
        ("ours, whole fit", Some(whole)),
    ];
    for (name, ranks) in methods {
        let ranks = ranks.unwrap_or_default();
        let cells = std::iter::once(ranks.mean_reciprocal_rank()).chain(ranks.recalls()).map(share);
        table.add_row(std::iter::once(name.to_owned()).chain(cells));
    }
    output::say_line(&table.to_string());
    output::say_line(&asked(whole));
    Ok(ExitCode::SUCCESS)
}

fn asked(ranks: Ranks) -> String {
    format!("{} questions, split by page, learnt on one half and asked on the other", ranks.asked)
}

/// Thousandths as a decimal fraction.
fn share(thousandths: u64) -> String {
    format!("{}.{:03}", thousandths / 1000, thousandths % 1000)
}

fn rows<T: DeserializeOwned + Clone>(
    file: Option<&PathBuf>,
    builtin: &'static [T],
) -> Result<Cow<'static, [T]>, Failure> {
    let Some(file) = file else {
        return Ok(Cow::Borrowed(builtin));
    };
    let bytes = files::bytes(file)?;
    let text = String::from_utf8_lossy(&bytes);
    let mut rows = Vec::new();
    for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        let row = serde_json::from_str(line)
            .map_err(|error| Failure::Said(format!("{}:{number}: {error}", file.display())))?;
        rows.push(row);
    }
    Ok(Cow::Owned(rows))
}
