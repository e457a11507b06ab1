//! How many things took how many whole days: small enough to keep, exact enough for a median.

use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, sync::Arc};

/// Counts by whole days.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Histogram(Arc<BTreeMap<u32, u64>>);

impl Histogram {
    /// How many things were counted.
    pub fn count(&self) -> u64 {
        self.0.values().sum()
    }

    /// The days that half of them took at most: of an even number the lower of the two in the middle, so that it is
    /// a time that was taken. `None` when nothing was counted.
    pub fn median(&self) -> Option<u32> {
        let middle = self.count().div_ceil(2);
        let mut seen = 0;
        self.0.iter().find_map(|(days, count)| {
            seen += count;
            (middle > 0 && seen >= middle).then_some(*days)
        })
    }

    /// Counts by whole days, the shortest first.
    pub fn days(&self) -> impl Iterator<Item = (u32, u64)> {
        self.0.iter().map(|(days, count)| (*days, *count))
    }

    /// Counts one thing more.
    pub fn put(&mut self, days: u32) {
        *Arc::make_mut(&mut self.0).entry(days).or_default() += 1;
    }

    /// Counts one thing no more.
    pub fn take(&mut self, days: u32) {
        let counts = Arc::make_mut(&mut self.0);
        if let Some(count) = counts.get_mut(&days) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&days);
            }
        }
    }

    /// Adds all that another one counts.
    pub fn add(&mut self, other: &Self) {
        if other.0.is_empty() {
            return;
        }
        let counts = Arc::make_mut(&mut self.0);
        for (days, count) in other.days() {
            *counts.entry(days).or_default() += count;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_is_a_time_that_was_taken_and_what_is_taken_out_counts_no_more() {
        let mut days = Histogram::default();
        assert_eq!(days.median(), None);
        for (put, median) in [(9, 9), (2, 2), (4, 4), (4, 4), (1, 4), (1, 2)] {
            days.put(put);
            assert_eq!(days.median(), Some(median), "after {put}");
        }
        days.take(1);
        days.take(1);
        assert_eq!((days.count(), days.median()), (4, Some(4)));
        let mut twice = days.clone();
        twice.add(&days);
        assert_eq!(twice.days().collect::<Vec<_>>(), [(2, 2), (4, 4), (9, 2)]);
    }
}
