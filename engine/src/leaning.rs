//! Leanings 类别倾向: what units of one kind have taken up to the end on this street, category by category.
//!
//! A hospital that has just been registered has no record of its own, but three others that saw their health pairings
//! through speak for it. The counts are exact and kept by `evolve`; the fit hears them in *steps* (1, 2, 4, 8 …), because
//! whatever moves a kind moves every pair of every unit of it: so a count that has reached n was heard log₂ n + 1
//! times and not n times, and the first facts, which say most, are all heard.
//!
//! How they are weighed against what is known from elsewhere is told in [`crate::text::affinity`].

use crate::category::CategoryCode;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// How often units of one kind took up what, of pairings that were accepted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Leaning {
    by_leaf: BTreeMap<CategoryCode, u32>,
    all: u32,
}

impl Leaning {
    /// How often a category was taken up.
    pub fn of(&self, leaf: &CategoryCode) -> u32 {
        self.by_leaf.get(leaf).copied().unwrap_or(0)
    }

    /// Every category that was taken up, and how often.
    pub(crate) fn leaves(&self) -> impl Iterator<Item = (&CategoryCode, u32)> {
        self.by_leaf.iter().map(|(leaf, count)| (leaf, *count))
    }

    /// How often any category was.
    pub const fn all(&self) -> u32 {
        self.all
    }

    /// One more was accepted.
    pub(crate) fn note(&mut self, leaf: CategoryCode) {
        let count = self.by_leaf.entry(leaf).or_default();
        *count = count.saturating_add(1);
        self.all = self.all.saturating_add(1);
    }

    /// The categories that another one differs in; `None` where it differs in all of them, because shares are of a whole.
    pub(crate) fn differing(&self, other: &Self) -> Option<BTreeSet<CategoryCode>> {
        if self.all != other.all {
            return None;
        }
        let leaves = self.by_leaf.keys().chain(other.by_leaf.keys());
        Some(leaves.filter(|leaf| self.of(leaf) != other.of(leaf)).cloned().collect())
    }

    /// What the fit hears of it: every count rounded down to a power of two.
    pub(crate) fn stepped(&self) -> Self {
        let by_leaf = self.by_leaf.iter().map(|(leaf, count)| (leaf.clone(), step(*count))).collect();
        Self { by_leaf, all: step(self.all) }
    }
}

fn step(count: u32) -> u32 {
    count.checked_ilog2().map_or(0, |doublings| 1 << doublings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_is_heard_when_it_doubles() {
        let heard: Vec<u32> = (0..=9).map(step).collect();
        assert_eq!(heard, [0, 1, 2, 2, 4, 4, 4, 4, 8, 8]);
        assert_eq!(step(u32::MAX), 1 << 31);
    }

    #[test]
    fn while_the_whole_is_heard_as_before_only_one_category_differs() {
        let [wish, law] = ["CARE-WISH", "SAFE-LAW"].map(|code| CategoryCode::new(code).unwrap());
        let heard = |wishes: usize, laws: usize| {
            let mut leaning = Leaning::default();
            (0..wishes).for_each(|_| leaning.note(wish.clone()));
            (0..laws).for_each(|_| leaning.note(law.clone()));
            leaning.stepped()
        };
        assert_eq!(heard(3, 1).differing(&heard(3, 2)), Some(BTreeSet::from([law.clone()])));
        assert_eq!(heard(3, 2).differing(&heard(3, 3)), Some(BTreeSet::new()));
        assert_eq!(heard(3, 4).differing(&heard(4, 4)), None);
    }

    #[test]
    fn what_is_heard_of_a_category_is_never_more_than_of_all() {
        let mut leaning = Leaning::default();
        for turn in 0..200 {
            leaning.note(CategoryCode::new(if turn % 3 == 0 { "CARE-WISH" } else { "SAFE-LAW" }).unwrap());
            let heard = leaning.stepped();
            assert!(heard.by_leaf.values().all(|count| *count <= heard.all), "{heard:?}");
        }
    }
}
