//! Splits the rows by the page they came from, so that no page is both learnt from and measured.
//!
//! Two splits are used. [`halves`] cuts the pages in the middle, over several seeds and in both directions. [`kept_back`]
//! names one third of the pages, fixed by a hash, that stayed out of sight while weights and words were tuned: figures on
//! that third are the honest ones.

use std::collections::{BTreeMap, BTreeSet};

use super::ranking::bare;
use crate::text::published::{ListRow, PairingRow};

/// The seeds of the splits that are reported; each is used in both directions.
pub const SEEDS: [u64; 5] = [1, 2, 3, 4, 5];

/// The seed that names the pages kept back.
const KEPT_BACK: u64 = 2026;

/// Rows to learn from or to measure on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// Rows of the three lists.
    pub lists: Vec<ListRow>,
    /// Pairings.
    pub pairings: Vec<PairingRow>,
}

impl Rows {
    /// The rows of the wanted pages.
    #[must_use]
    pub fn of_pages(lists: &[ListRow], pairings: &[PairingRow], wanted: impl Fn(&str) -> bool) -> Self {
        Self {
            lists: lists.iter().filter(|row| wanted(&row.source.url)).cloned().collect(),
            pairings: pairings.iter().filter(|row| wanted(&row.source.url)).cloned().collect(),
        }
    }

    /// Their pages, ascending, each once.
    #[must_use]
    pub fn pages(&self) -> BTreeSet<&str> {
        let listed = self.lists.iter().map(|row| row.source.url.as_str());
        listed.chain(self.pairings.iter().map(|row| row.source.url.as_str())).collect()
    }

    /// The rows without those that name one of these units, so that nothing is learnt about them.
    #[must_use]
    pub(super) fn without_units(&self, names: &BTreeSet<&str>) -> Self {
        let unnamed = |row: &&ListRow| row.org.as_deref().is_none_or(|org| !names.contains(bare(org)));
        let others = self.pairings.iter().filter(|row| !names.contains(bare(&row.unit)));
        Self {
            lists: self.lists.iter().filter(unnamed).cloned().collect(),
            pairings: others.cloned().collect(),
        }
    }
}

/// The two halves of the pages of one seed. The pages are ordered by a hash of seed and address and cut in the middle,
/// so the split depends neither on the order of the rows nor on the platform.
#[must_use]
pub fn halves(rows: &Rows, seed: u64) -> (Rows, Rows) {
    let mut ordered: Vec<(u64, &str)> = rows.pages().into_iter().map(|url| (mixed(seed, url), url)).collect();
    ordered.sort_unstable();
    let (first, second) = ordered.split_at(ordered.len() / 2);
    let rows_of = |half: &[(u64, &str)]| {
        let pages: BTreeSet<&str> = half.iter().map(|&(_, url)| url).collect();
        Rows::of_pages(&rows.lists, &rows.pairings, |page| pages.contains(page))
    };
    (rows_of(first), rows_of(second))
}

/// Whether a page belongs to the third that was not looked at while tuning.
#[must_use]
pub fn kept_back(page: &str) -> bool {
    mixed(KEPT_BACK, page).is_multiple_of(3)
}

/// Which rows lie in one neighbourhood, as far as they tell: rows of one page, of one street, or of one community of
/// that name do, and so does whatever they connect.
#[derive(Debug, Default)]
pub(super) struct Neighbourhoods<'a> {
    /// Page, street or community → one it is joined with; the smallest of a neighbourhood points at itself.
    joined: BTreeMap<Mark<'a>, Mark<'a>>,
}

/// What tells where a row belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Mark<'a> {
    Page(&'a str),
    Street(&'a str),
    Community(&'a str),
}

impl<'a> Neighbourhoods<'a> {
    /// Joins whatever a row names together.
    pub(super) fn of(rows: &'a Rows) -> Self {
        let mut found = Self::default();
        for row in &rows.lists {
            let page = Mark::Page(&row.source.url);
            found.join(page, page);
            row.street.iter().for_each(|street| found.join(page, Mark::Street(street)));
            row.community.iter().for_each(|community| found.join(page, Mark::Community(community)));
        }
        for row in &rows.pairings {
            let page = Mark::Page(&row.source.url);
            found.join(page, page);
            row.community.iter().for_each(|community| found.join(page, Mark::Community(community)));
        }
        found
    }

    /// The number of the neighbourhood that a page lies in, counted from 0; `None` for a page that no row is from.
    pub(super) fn number(&self, page: &'a str) -> Option<usize> {
        let root = self.root(Mark::Page(page));
        let roots = self.joined.iter().filter(|(mark, next)| mark == next);
        roots.map(|(mark, _)| *mark).position(|mark| mark == root)
    }

    fn root(&self, mut mark: Mark<'a>) -> Mark<'a> {
        while let Some(&next) = self.joined.get(&mark) {
            if next == mark {
                break;
            }
            mark = next;
        }
        mark
    }

    fn join(&mut self, one: Mark<'a>, other: Mark<'a>) {
        let (one, other) = (self.root(one), self.root(other));
        self.joined.insert(one.max(other), one.min(other));
        self.joined.insert(one.min(other), one.min(other));
    }
}

/// FNV-1a of the seed and the text, finished by a splitmix64 step so that neighbouring seeds differ everywhere.
#[must_use]
pub fn mixed(seed: u64, text: &str) -> u64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in seed.to_le_bytes().iter().chain(text.as_bytes()) {
        hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    stirred(hash)
}

/// The finishing step of splitmix64.
pub(super) fn stirred(mut hash: u64) -> u64 {
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::published;

    fn published() -> Rows {
        Rows { lists: published::lists().to_vec(), pairings: published::pairings().to_vec() }
    }

    #[test]
    fn no_page_is_on_both_sides_and_no_row_is_lost() {
        let all = published();
        for seed in SEEDS {
            let (one, other) = halves(&all, seed);
            assert!(one.pages().is_disjoint(&other.pages()));
            assert_eq!(one.lists.len() + other.lists.len(), all.lists.len());
            assert_eq!(one.pairings.len() + other.pairings.len(), all.pairings.len());
        }
    }

    #[test]
    fn about_a_third_of_the_pages_is_kept_back() {
        let all = published();
        let pages = all.pages();
        let kept = pages.iter().filter(|page| kept_back(page)).count();
        assert_eq!((kept, pages.len()), (32, 106));
    }

    #[test]
    fn rows_of_one_street_or_community_are_neighbours() {
        let row = |page: &str, street: Option<&str>, community: Option<&str>| {
            let line = serde_json::json!({
                "kind": "need", "title": "义诊", "leaf": "HEALTH-CLINIC", "street": street,
                "community": community, "source": { "url": page }
            });
            serde_json::from_value::<ListRow>(line).expect("a row")
        };
        let rows = Rows {
            lists: vec![
                row("a", Some("东街"), Some("一社区")),
                row("b", Some("东街"), None),
                row("c", None, Some("一社区")),
                row("d", Some("西街"), None),
            ],
            pairings: Vec::new(),
        };
        let found = Neighbourhoods::of(&rows);
        let numbers = ["a", "b", "c", "d", "e"].map(|page| found.number(page));
        assert_eq!(numbers, [Some(0), Some(0), Some(0), Some(1), None]);
    }
}
