//! Splits the rows by the page they came from, so that no page is both learnt from and measured.

use std::collections::BTreeSet;

use crate::text::published::{ListRow, PairingRow};

/// The seeds of the splits that are reported; each is used in both directions.
pub const SEEDS: [u64; 5] = [1, 2, 3, 4, 5];

/// Rows to learn from or to measure on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// Rows of the three lists.
    pub lists: Vec<ListRow>,
    /// Pairings.
    pub pairings: Vec<PairingRow>,
}

/// The two halves of the pages of one seed. The pages are ordered by a hash of seed and address and cut in the middle,
/// so the split depends neither on the order of the rows nor on the platform.
#[must_use]
pub fn halves(lists: &[ListRow], pairings: &[PairingRow], seed: u64) -> (Rows, Rows) {
    let listed = lists.iter().map(|row| row.source.url.as_str());
    let pages: BTreeSet<&str> = listed.chain(pairings.iter().map(|row| row.source.url.as_str())).collect();
    let mut ordered: Vec<(u64, &str)> = pages.into_iter().map(|url| (mixed(seed, url), url)).collect();
    ordered.sort_unstable();
    let (first, second) = ordered.split_at(ordered.len() / 2);
    let rows_of = |half: &[(u64, &str)]| {
        let pages: BTreeSet<&str> = half.iter().map(|&(_, url)| url).collect();
        let lists = lists.iter().filter(|row| pages.contains(row.source.url.as_str())).cloned().collect();
        let pairings =
            pairings.iter().filter(|row| pages.contains(row.source.url.as_str())).cloned().collect();
        Rows { lists, pairings }
    };
    (rows_of(first), rows_of(second))
}

/// FNV-1a of the seed and the text, finished by a splitmix64 step so that neighbouring seeds differ everywhere.
#[must_use]
pub fn mixed(seed: u64, text: &str) -> u64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in seed.to_le_bytes().iter().chain(text.as_bytes()) {
        hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::published;

    #[test]
    fn no_page_is_on_both_sides_and_no_row_is_lost() {
        for seed in SEEDS {
            let (one, other) = halves(published::lists(), published::pairings(), seed);
            let pages = |rows: &Rows| -> BTreeSet<String> {
                let listed = rows.lists.iter().map(|row| row.source.url.clone());
                listed.chain(rows.pairings.iter().map(|row| row.source.url.clone())).collect()
            };
            assert!(pages(&one).is_disjoint(&pages(&other)));
            assert_eq!(one.lists.len() + other.lists.len(), published::lists().len());
            assert_eq!(one.pairings.len() + other.pairings.len(), published::pairings().len());
        }
    }
}
