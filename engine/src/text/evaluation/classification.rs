//! How well the category is read from wording that was not learnt.

use super::split::{Rows, SEEDS, halves};
use crate::text::classify::{Lexicon, published_titles};
use crate::text::published::{ListRow, PairingRow};

/// What the classifier achieved, summed over all splits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Classification {
    /// Titles asked.
    pub asked: u64,
    /// Titles whose best candidate is the label, sure or not.
    pub best_right: u64,
    /// Titles whose label is among the three candidates.
    pub among_three: u64,
    /// Titles it was sure about.
    pub sure: u64,
    /// Titles it was sure about and right.
    pub sure_right: u64,
}

impl Classification {
    /// Share of titles it was sure about, of 1000.
    #[must_use]
    pub fn coverage(&self) -> u64 {
        self.sure * 1000 / self.asked.max(1)
    }

    /// Share right of those it was sure about, of 1000.
    #[must_use]
    pub fn precision(&self) -> u64 {
        self.sure_right * 1000 / self.sure.max(1)
    }

    /// Share whose best candidate is right, of 1000.
    #[must_use]
    pub fn accuracy(&self) -> u64 {
        self.best_right * 1000 / self.asked.max(1)
    }
}

/// Learns on one half of the pages and asks for every title of the other, both directions, over [`SEEDS`].
#[must_use]
pub fn classification(lists: &[ListRow], pairings: &[PairingRow]) -> Classification {
    let all = Rows { lists: lists.to_vec(), pairings: pairings.to_vec() };
    let mut sum = Classification::default();
    for seed in SEEDS {
        let (one, other) = halves(&all, seed);
        for (learnt, measured) in [(&one, &other), (&other, &one)] {
            let lexicon = Lexicon::learn(&published_titles(&learnt.lists, &learnt.pairings));
            for row in published_titles(&measured.lists, &measured.pairings) {
                let guess = lexicon.classify(&row.title);
                sum.asked += 1;
                sum.best_right +=
                    u64::from(guess.candidates.first().is_some_and(|best| best.leaf == row.leaf));
                sum.among_three +=
                    u64::from(guess.candidates.iter().any(|candidate| candidate.leaf == row.leaf));
                sum.sure += u64::from(guess.leaf.is_some());
                sum.sure_right += u64::from(guess.leaf.as_ref() == Some(&row.leaf));
            }
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::published;

    #[test]
    fn unseen_titles_are_mostly_read_right() {
        let found = classification(published::lists(), published::pairings());
        assert!(found.precision() >= 800 && found.coverage() >= 750 && found.accuracy() >= 750, "{found:?}");
    }
}
