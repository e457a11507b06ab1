//! Sets of numbers that lie close together, sixty-four to a word: who of a list shares something.
//!
//! Entries are numbered as they come, so of a status or an urgency that many have, a tree of numbers would keep eight bytes
//! each, and as much again for its own sake, where a bit will do. The words stand in a persistent map, like everything in
//! a [`State`](super::State).

use super::parts::leaf_by_leaf;
use imbl::OrdMap;
use serde::{Deserialize, Serialize};
use std::{iter::FusedIterator, ops::RangeInclusive};

/// How many numbers share a word.
pub(super) const BITS: u64 = u64::BITS as u64;

/// A set of numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct NumberSet {
    /// By the number over sixty-four: a bit for each. No word is empty.
    words: OrdMap<u64, u64>,
    len: usize,
}

impl NumberSet {
    /// How many there are; at once.
    pub const fn len(&self) -> usize {
        self.len
    }

    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub fn insert(&mut self, number: u64) {
        let word = self.words.entry(number / BITS).or_default();
        self.len += usize::from(*word & bit(number) == 0);
        *word |= bit(number);
    }

    pub fn remove(&mut self, number: u64) {
        let key = number / BITS;
        let Some(word) = self.words.get_mut(&key).filter(|word| **word & bit(number) != 0) else {
            return;
        };
        *word &= !bit(number);
        self.len -= 1;
        if *word == 0 {
            self.words.remove(&key);
        }
    }

    /// Those of a span, in their order.
    pub fn range(&self, span: RangeInclusive<u64>) -> impl DoubleEndedIterator<Item = u64> + '_ {
        let (first, last) = (*span.start(), *span.end());
        // The map takes no range that ends before it begins.
        let keys = (first <= last).then_some(first / BITS..=last / BITS);
        keys.into_iter().flat_map(|keys| self.words.range(keys)).flat_map(move |(key, word)| {
            let begin = key * BITS;
            let low = u64::MAX << first.saturating_sub(begin).min(BITS - 1);
            let high = u64::MAX >> (BITS - 1 - last.saturating_sub(begin).min(BITS - 1));
            Word { begin, bits: word & low & high }
        })
    }

    /// One of its words: which of [`BITS`] numbers it holds, the least at the lowest bit.
    pub fn word(&self, key: u64) -> u64 {
        self.words.get(&key).copied().unwrap_or(0)
    }

    /// Its words, in their order.
    pub fn words(&self) -> impl Iterator<Item = (u64, u64)> + '_ {
        self.words.iter().map(|(key, word)| (*key, *word))
    }

    /// Takes words in that follow all it has.
    pub fn fill(&mut self, words: Vec<(u64, u64)>) {
        for (key, word) in leaf_by_leaf(words) {
            self.len += word.count_ones() as usize;
            self.words.insert(key, word);
        }
    }
}

const fn bit(number: u64) -> u64 {
    1 << (number % BITS)
}

/// The numbers of one word that are left to be told.
struct Word {
    begin: u64,
    bits: u64,
}

impl Iterator for Word {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        let at = u64::from(self.bits.trailing_zeros());
        // Takes the lowest bit away; of none, none.
        self.bits &= self.bits.wrapping_sub(1);
        (at < BITS).then(|| self.begin + at)
    }
}

impl DoubleEndedIterator for Word {
    fn next_back(&mut self) -> Option<u64> {
        let at = self.bits.checked_ilog2()?;
        self.bits &= !(1 << at);
        Some(self.begin + u64::from(at))
    }
}

impl FusedIterator for Word {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn it_holds_what_a_plain_set_holds_and_tells_it_from_both_ends(
            steps in prop::collection::vec((any::<bool>(), 0..300_u64), 0..200),
            spans in prop::collection::vec((0..320_u64, 0..320_u64), 20),
        ) {
            let (mut set, mut plain) = (NumberSet::default(), BTreeSet::new());
            for (puts, number) in steps {
                if puts {
                    set.insert(number);
                    plain.insert(number);
                } else {
                    set.remove(number);
                    plain.remove(&number);
                }
                prop_assert_eq!((set.len(), set.is_empty()), (plain.len(), plain.is_empty()));
            }
            for (first, last) in spans.into_iter().chain([(0, u64::MAX), (64, 127), (63, 64)]) {
                let expected: Vec<u64> = plain.iter().copied().filter(|it| (first..=last).contains(it)).collect();
                let mut back: Vec<u64> = set.range(first..=last).rev().collect();
                back.reverse();
                prop_assert_eq!(&back, &expected);
                prop_assert_eq!(set.range(first..=last).collect::<Vec<_>>(), expected);
                let (mut ends, mut numbers) = (Vec::new(), set.range(first..=last));
                while let Some(low) = numbers.next() {
                    ends.extend([Some(low), numbers.next_back()].into_iter().flatten());
                }
                ends.sort_unstable();
                prop_assert_eq!(ends, back);
            }
            for number in 0..320 {
                prop_assert_eq!(set.word(number / BITS) & bit(number) != 0, plain.contains(&number));
            }
            let mut again = NumberSet::default();
            again.fill(set.words().collect());
            prop_assert_eq!(again, set);
        }
    }

    #[test]
    fn the_greatest_numbers_have_room_too() {
        let mut set = NumberSet::default();
        [0, u64::MAX].into_iter().for_each(|number| set.insert(number));
        assert_eq!(set.range(0..=u64::MAX).collect::<Vec<_>>(), [0, u64::MAX]);
        assert_eq!(set.range(1..=u64::MAX).next_back(), Some(u64::MAX));
        assert_eq!(set.range(0..=u64::MAX - 1).next_back(), Some(0));
    }
}
