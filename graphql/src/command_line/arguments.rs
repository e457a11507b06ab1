//! What may be asked on the command line. Every flag has a `GONGJIAN_*` twin in the environment.

use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand, ValueEnum};
use engine::refusal::wording::Language;
use std::path::PathBuf;

/// Gongjian 共建: matches what a neighbourhood needs (需求清单) with what its units can give (资源清单),
/// and carries each pairing to a joint project (项目清单).
#[derive(Debug, Parser)]
#[command(name = "gongjian", version, disable_help_subcommand = true)]
pub(super) struct Arguments {
    /// Language of messages; without it, Chinese in a Chinese locale, else English
    #[arg(long, global = true, env = "GONGJIAN_LANG", value_name = "zh|en")]
    lang: Option<Lang>,
    #[command(subcommand)]
    pub(super) task: Task,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Lang {
    Zh,
    En,
}

impl Arguments {
    /// The language of messages.
    pub(super) fn language(&self) -> Language {
        match self.lang {
            Some(Lang::Zh) => Language::Chinese,
            Some(Lang::En) => Language::English,
            None => locale(),
        }
    }
}

/// The locale of the process, as C programs find it.
fn locale() -> Language {
    let said = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(|name| std::env::var(name).ok());
    match said.into_iter().find(|value| !value.is_empty()) {
        Some(locale) if locale.to_lowercase().starts_with("zh") => Language::Chinese,
        _ => Language::English,
    }
}

fn day(text: &str) -> Result<NaiveDate, String> {
    text.parse().map_err(|_| format!("{text:?} is not a date such as 2026-03-01"))
}

#[derive(Debug, Subcommand)]
pub(super) enum Task {
    /// Match lists 匹配: lists in, plan out; no server, nothing is stored
    Match(Match),
    /// Take lists 导入 into the log of a street
    Import(Import),
    /// Measure how well units are ranked for needs that people paired 评估
    Evaluate(Evaluate),
}

/// Where the log is.
#[derive(Clone, Debug, Args)]
pub(super) struct Data {
    /// Directory of the log
    #[arg(long, env = "GONGJIAN_DATA", default_value = "data", value_name = "DIR")]
    pub(super) data: PathBuf,
}

/// The street of an empty log.
#[derive(Clone, Debug, Args)]
pub(super) struct Street {
    /// Name of the street 街道, when the log is empty and the lists do not tell
    #[arg(long, env = "GONGJIAN_STREET", value_name = "NAME")]
    pub(super) street: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct Match {
    /// Lists: JSON Lines or CSV, UTF-8 or GB18030; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
    /// Print one JSON object instead of tables
    #[arg(long, env = "GONGJIAN_JSON")]
    pub(super) json: bool,
    /// For every need, also the N best candidates 候选
    #[arg(long, env = "GONGJIAN_SUGGESTIONS", value_name = "N", default_value_t = 0)]
    pub(super) suggestions: usize,
    /// Match also entries whose status says they are settled (已认领, 已完成 …)
    #[arg(long, env = "GONGJIAN_IGNORE_STATUS")]
    pub(super) ignore_status: bool,
    /// Match as if it were this day
    #[arg(long, env = "GONGJIAN_TODAY", value_name = "DATE", value_parser = day)]
    pub(super) today: Option<NaiveDate>,
    #[command(flatten)]
    pub(super) street: Street,
}

#[derive(Debug, Args)]
pub(super) struct Import {
    /// Lists: JSON Lines or CSV, UTF-8 or GB18030; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) data: Data,
    #[command(flatten)]
    pub(super) street: Street,
    /// Take entries whose status says they are settled (已认领, 已完成 …) in as open
    #[arg(long, env = "GONGJIAN_IGNORE_STATUS")]
    pub(super) ignore_status: bool,
}

#[derive(Debug, Args)]
pub(super) struct Evaluate {
    /// Pairings that people made; without it, those that come with the program
    #[arg(long, env = "GONGJIAN_PAIRINGS", value_name = "FILE")]
    pub(super) pairings: Option<PathBuf>,
    /// Published lists; without it, those that come with the program
    #[arg(long, env = "GONGJIAN_LISTS", value_name = "FILE")]
    pub(super) lists: Option<PathBuf>,
}
