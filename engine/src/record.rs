//! Track records 履约记录: how what a unit was to give has gone, as far as the matching learns from it.
//!
//! Only facts of the log count: what was accepted, claims of others that a unit left unanswered until they lapsed,
//! pairings it declined, and what raisers said of what it gave. Nothing is forgotten and nothing is guessed; a unit of
//! which nothing is known has no record at all, which is not a bad one.

use crate::{appraisal::Grade, category::CategoryCode};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A unit starts with this many good marks of so many, so that its first fact does not decide everything.
const GOOD_BEFORE: u32 = 4;
/// See [`GOOD_BEFORE`].
const MARKS_BEFORE: u32 = 5;

/// What is known of one unit as a giver.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// Pairings of which everything was delivered and accepted.
    pub fulfilled: u32,
    /// Claims of the other side that lapsed because it did not answer.
    pub lapsed: u32,
    /// What raisers said of what it gave: satisfied, basically satisfied, dissatisfied.
    pub grades: [u32; 3],
    /// Accepted pairings by the category of what was asked.
    pub taken_up: BTreeMap<CategoryCode, u32>,
    /// Pairings it declined, by the category of what was asked.
    pub declined: BTreeMap<CategoryCode, u32>,
}

impl Record {
    /// What everybody starts with, in thousandths.
    pub const RELIABILITY_BEFORE: u16 = (1000 * GOOD_BEFORE / MARKS_BEFORE) as u16;

    /// How reliable the unit is, 0 to 1000; `None` where nothing is known.
    ///
    /// Good marks over all marks, with four good ones of five to start with: two for each fulfilled pairing, two for
    /// *satisfied* and one for *basically satisfied*; two bad ones for each lapsed claim, four for *dissatisfied*.
    pub fn reliability(&self) -> Option<u16> {
        let [satisfied, basically, dissatisfied] = self.grades;
        let twice = |count: u32| count.saturating_mul(2);
        let good = twice(self.fulfilled).saturating_add(twice(satisfied)).saturating_add(basically);
        let bad = twice(self.lapsed).saturating_add(dissatisfied.saturating_mul(4));
        if good == 0 && bad == 0 {
            return None;
        }
        let marks = u64::from(good) + u64::from(bad) + u64::from(MARKS_BEFORE);
        let value = 1000 * (u64::from(good) + u64::from(GOOD_BEFORE)) / marks;
        u16::try_from(value).ok()
    }

    /// How often a category was taken up to the end, and how often declined.
    pub fn experience(&self, leaf: &CategoryCode) -> (u32, u32) {
        let of = |counts: &BTreeMap<CategoryCode, u32>| counts.get(leaf).copied().unwrap_or(0);
        (of(&self.taken_up), of(&self.declined))
    }

    /// Counts what a raiser said.
    pub(crate) fn grade(&mut self, grade: Grade) {
        if let Some(count) = self.grades.get_mut(grade as usize) {
            *count += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_starts_well_and_follows_the_facts() {
        let record = |fulfilled, lapsed, grades| Record { fulfilled, lapsed, grades, ..Record::default() };
        assert_eq!(record(0, 0, [0; 3]).reliability(), None, "nothing is known");
        assert_eq!(record(1, 0, [0; 3]).reliability(), Some(857));
        assert_eq!(record(1, 0, [1, 0, 0]).reliability(), Some(888));
        assert_eq!(record(0, 1, [0; 3]).reliability(), Some(571));
        assert_eq!(record(1, 0, [0, 0, 1]).reliability(), Some(545));
        assert!(record(20, 0, [20, 0, 0]).reliability() > record(20, 0, [0, 20, 0]).reliability());
    }
}
