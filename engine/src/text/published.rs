//! The rows gathered from public pages, embedded as they are: what the lexicon and the affinity learn from at first.
//!
//! `engine/data/README.md` says where they come from and how far to trust their labels. A row keeps only what the text
//! modules read; every other column stays in the file.

use std::sync::OnceLock;

use serde::Deserialize;

const LISTS: &str = include_str!("../../data/published_lists.jsonl");
const PAIRINGS: &str = include_str!("../../data/published_pairings.jsonl");

/// Which of the three lists a row stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ListKind {
    /// 需求清单
    Need,
    /// 资源清单
    Resource,
    /// 项目清单
    Project,
}

/// The page a row was gathered from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Source {
    /// Its address; rows of one page share it, so it is what splits rows into learnt and measured.
    pub url: String,
}

/// One row of the three published lists.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ListRow {
    /// The list it stands on.
    pub kind: ListKind,
    /// Its wording.
    pub title: String,
    /// The code of its category.
    pub leaf: String,
    /// Who posted it, where known.
    pub org: Option<String>,
    /// The kind of that poster in Chinese, where known.
    pub org_type: Option<String>,
    /// How much, where known.
    pub quantity: Option<u64>,
    /// The unit of measure of `quantity`.
    pub unit: Option<String>,
    /// When, in free text.
    pub time: Option<String>,
    /// The community it belongs to, where told.
    #[serde(default)]
    pub community: Option<String>,
    /// The street above that community, where told.
    #[serde(default)]
    pub street: Option<String>,
    /// The page it was found on.
    pub source: Source,
}

/// One need that people paired with a unit.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct PairingRow {
    /// The wording of the need.
    pub need: String,
    /// Who took it up, sometimes with what.
    #[serde(rename = "resource_or_unit")]
    pub unit: String,
    /// The kind of that unit in English.
    pub unit_type: String,
    /// What was done, where told.
    pub project: Option<String>,
    /// The code of the need's category.
    pub leaf: String,
    /// The community whose need it was, where told.
    #[serde(default)]
    pub community: Option<String>,
    /// True when the page tells only what the unit did and the need was inferred from that.
    #[serde(default)]
    pub need_inferred: bool,
    /// The page it was found on.
    pub source: Source,
}

/// The published list rows, in file order.
#[must_use]
pub fn lists() -> &'static [ListRow] {
    static ROWS: OnceLock<Vec<ListRow>> = OnceLock::new();
    ROWS.get_or_init(|| rows_of(LISTS))
}

/// The published pairings, in file order.
#[must_use]
pub fn pairings() -> &'static [PairingRow] {
    static ROWS: OnceLock<Vec<PairingRow>> = OnceLock::new();
    ROWS.get_or_init(|| rows_of(PAIRINGS))
}

fn rows_of<Row: for<'de> Deserialize<'de>>(lines: &str) -> Vec<Row> {
    lines
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| serde_json::from_str(line).expect("the embedded rows are read by a test of this module"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_embedded_row_is_read() {
        assert_eq!(lists().len(), 299);
        assert_eq!(pairings().len(), 132);
        assert_eq!(lists().iter().filter(|row| row.kind == ListKind::Need).count(), 115);
    }
}
