//! `gongjian evaluate`: how well units are ranked for needs that people paired, on pages not learnt from.
//!
//! It prints tables in Markdown: ours beside chance and two ways of searching text, on the pages that were kept back while
//! weights and words were tuned, on those that were tuned on, and on halves of all; then what each factor of the fit and each
//! part of the affinity is worth. Every figure has the interval in which 95 of 100 fall when pages are drawn anew.

use super::{arguments::Evaluate, failure::Failure, files, output};
use comfy_table::{Table, presets::ASCII_MARKDOWN};
use engine::{
    matching::measurement::{self, Heard, Line, Territory},
    refusal::wording::Language,
    text::{
        affinity::Part,
        evaluation::{
            Method, Posting, Reach, Report, Split,
            confidence::{Interval, difference, interval},
            evaluate,
            ranking::{Ranking, Ranks},
        },
        published::{self, ListRow, PairingRow},
    },
};
use serde::de::DeserializeOwned;
use std::{borrow::Cow, path::PathBuf, process::ExitCode};

const SPLITS: [(Split, &str); 3] = [
    (Split::KeptBack, "Pages kept back while weights and words were tuned, learnt from the others"),
    (Split::TunedOn, "Pages tuned on: halves of them, five splits, both ways"),
    (Split::Halves, "Halves of all pages, five splits, both ways"),
];

const PLAIN: [(Method, &str); 6] = [
    (Method::Random, "random"),
    (Method::BigramTfIdf, "TF-IDF of bigrams"),
    (Method::Bm25, "BM25 of words"),
    (Method::Affinity, "ours, wording alone"),
    (Method::Untaught, "… having learnt nothing"),
    (Method::Unwritten, "… without the hand-written knowledge"),
];

pub(super) fn run(task: &Evaluate) -> Result<ExitCode, Failure> {
    let lists: Cow<'_, [ListRow]> = rows(task.lists.as_ref(), published::lists())?;
    let pairings: Cow<'_, [PairingRow]> = rows(task.pairings.as_ref(), published::pairings())?;
    let rows = Rows { lists: &lists, pairings: &pairings };
    for (split, title) in SPLITS {
        for posting in [Posting::Beforehand, Posting::AlsoWhatItDid] {
            let report = evaluate(rows.lists, rows.pairings, split, posting);
            let whole = rows.whole(split, posting, Territory::Untold, [Heard::All])?;
            let told = rows.whole(split, posting, Territory::Told, [Heard::All])?;
            output::say_line(&format!("## {title}"));
            output::say_line(&of_the_pool(&report, posting));
            output::say_line(&ranked(&report, &whole, &told, posting).to_string());
            output::say_line("");
        }
    }
    let split = Split::Halves;
    let report = evaluate(rows.lists, rows.pairings, split, Posting::Beforehand);
    output::say_line("## What each part of the affinity is worth (halves of all pages, wording alone)");
    output::say_line(&parts(&report).to_string());
    for (territory, title) in [
        (Territory::Untold, "whole fit, nobody known to be anywhere"),
        (Territory::Told, "whole fit, roster and places told: what knowing them would be worth"),
    ] {
        output::say_line("");
        output::say_line(&format!("## What each factor of the fit is worth (halves of all pages, {title})"));
        let lines = rows.whole(split, Posting::Beforehand, territory, Heard::every())?;
        output::say_line(&factors(&lines).to_string());
    }
    Ok(ExitCode::SUCCESS)
}

/// The rows that are measured.
struct Rows<'a> {
    lists: &'a [ListRow],
    pairings: &'a [PairingRow],
}

impl Rows<'_> {
    fn whole(
        &self,
        split: Split,
        posting: Posting,
        territory: Territory,
        choices: impl IntoIterator<Item = Heard>,
    ) -> Result<Vec<Line>, Failure> {
        measurement::measure(self.lists, self.pairings, split, posting, territory, choices)
            .map_err(|refusal| Failure::Said(refusal.message(Language::English)))
    }
}

fn of_the_pool(report: &Report, posting: Posting) -> String {
    let least = report.pools.iter().min().copied().unwrap_or(0);
    let most = report.pools.iter().max().copied().unwrap_or(0);
    let posted = match posting {
        Posting::Beforehand => "resources posted beforehand",
        Posting::AlsoWhatItDid => "resources as if it had posted what it then did",
    };
    let asked = report.of(Method::Affinity).unwrap_or_default().asked;
    let units = if least == most { least.to_string() } else { format!("{least} to {most}") };
    format!("{asked} questions; {units} units, known by name, kind and {posted}.\n")
}

/// Every method within every reach.
fn ranked(report: &Report, whole: &[Line], told: &[Line], posting: Posting) -> Table {
    let mut table = table(["among", "method", "asked", "MRR", "95 %", "@1", "@3", "@5", "95 %", "@10"]);
    let reaches = match posting {
        Posting::Beforehand => &Reach::ALL[..],
        Posting::AlsoWhatItDid => &[Reach::Pool][..],
    };
    for reach in reaches {
        let plain = PLAIN.into_iter().map(|(method, name)| (name, report.ranking(method, *reach)));
        let fits = [("ours, whole fit", of_reach(whole, *reach)), ("… roster told", of_reach(told, *reach))];
        for (name, ranking) in plain.chain(fits) {
            let Some(ranking) = ranking else { continue };
            let total = ranking.total();
            let [first, third, fifth, tenth] = total.recalls().map(share);
            table.add_row([
                among(*reach).to_owned(),
                name.to_owned(),
                total.asked.to_string(),
                share(total.mean_reciprocal_rank()),
                between(interval(ranking, Ranks::mean_reciprocal_rank)),
                first,
                third,
                fifth,
                between(interval(ranking, Ranks::recall_at_5)),
                tenth,
            ]);
        }
    }
    table
}

fn among(reach: Reach) -> &'static str {
    match reach {
        Reach::Pool => "pool",
        Reach::Street => "street of 20",
        Reach::Roster => "roster as told",
    }
}

fn of_reach(lines: &[Line], reach: Reach) -> Option<&Ranking> {
    lines.iter().find(|line| line.reach == reach).map(|line| &line.ranking)
}

/// The affinity without each of its parts, and each part alone.
fn parts(report: &Report) -> Table {
    let ranking = |method| report.ranking(method, Reach::Pool);
    let without = Part::ALL.map(|part| (format!("without {part:?}"), ranking(Method::Without(part))));
    let only = Part::ALL.map(|part| (format!("{part:?} alone"), ranking(Method::Only(part))));
    worths(ranking(Method::Affinity), without.into_iter().chain(only))
}

/// The whole fit without each of its factors, and each factor alone.
fn factors(lines: &[Line]) -> Table {
    let in_pool = || lines.iter().filter(|line| line.reach == Reach::Pool);
    let all = in_pool().find(|line| line.heard == Heard::All).map(|line| &line.ranking);
    let others = in_pool().filter_map(|line| match line.heard {
        Heard::All => None,
        Heard::Without(kind) => Some((format!("without {kind:?}"), Some(&line.ranking))),
        Heard::Only(kind) => Some((format!("{kind:?} alone"), Some(&line.ranking))),
    });
    worths(all, others)
}

fn worths<'a>(all: Option<&Ranking>, others: impl Iterator<Item = (String, Option<&'a Ranking>)>) -> Table {
    let mut table = table(["heard", "MRR", "change, 95 %", "", "@5", "change, 95 %", ""]);
    let Some(all) = all else { return table };
    let row = |name: String, ranking: &Ranking| {
        let mut cells = vec![name];
        let is_all = std::ptr::eq(ranking, all);
        for figure in [Ranks::mean_reciprocal_rank, Ranks::recall_at_5] {
            let change = difference(ranking, all, figure);
            cells.push(share(figure(&ranking.total())));
            cells.push(if is_all { String::new() } else { between(change) });
            cells.push(if change.is_noise() && !is_all { "noise" } else { "" }.to_owned());
        }
        cells
    };
    table.add_row(row("all".into(), all));
    for (name, ranking) in others {
        if let Some(ranking) = ranking {
            table.add_row(row(name, ranking));
        }
    }
    table
}

fn table<const COLUMNS: usize>(header: [&str; COLUMNS]) -> Table {
    let mut table = Table::new();
    table.load_style(ASCII_MARKDOWN);
    table.set_header(header);
    table
}

/// Thousandths as a decimal fraction.
fn share(thousandths: u64) -> String {
    signed(i64::try_from(thousandths).unwrap_or(i64::MAX))
}

fn between(found: Interval) -> String {
    format!("{} … {}", signed(found.low), signed(found.high))
}

fn signed(thousandths: i64) -> String {
    let sign = if thousandths < 0 { "-" } else { "" };
    let size = thousandths.unsigned_abs();
    format!("{sign}{}.{:03}", size / 1000, size % 1000)
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
