//! Ranks: where the unit that really took a need up stands among all units of the measured half.
//!
//! **Rule.** Each pairing that is not marked `need_inferred` is one question (the same need with the same unit is asked
//! once). The pool is every unit of the measured half's pairings, with its kind and the resources that list rows of
//! that half post under exactly its name; [`Pool`] says whether what it did counts as posted too. When a need was taken up by several units, the *other* ones are ignored while
//! one is ranked. Units of equal score share the middle of their ranks, rounded up, so a method gains nothing by ties.

use std::collections::{BTreeMap, BTreeSet};

use super::split::Rows;
use crate::text::published::ListKind;
use crate::text::unit_kind::UnitKind;

/// What is known of the units in the pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pool {
    /// The honest case: name, kind, and resources that were posted beforehand; few units posted any.
    Posted,
    /// As if every unit had posted beforehand what it then did (`project` of its pairings). It shows what posting is
    /// worth; it says nothing about needs that are taken up by units that post nothing.
    PostedAndDone,
}

/// A unit of the pool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoolUnit {
    /// Its name as the pairing words it.
    pub name: String,
    /// Its kind as the pairing tells it.
    pub kind: Option<UnitKind>,
    /// Titles of the resources it posted.
    pub resources: Vec<String>,
}

/// A need and who took it up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The wording of the need.
    pub need: String,
    /// Positions of its units in the pool, ascending.
    pub takers: Vec<usize>,
}

/// The pool and the questions of a measured half.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bench {
    /// Units, by name ascending.
    pub units: Vec<PoolUnit>,
    /// Questions, by need ascending.
    pub questions: Vec<Question>,
}

impl Bench {
    /// Builds pool and questions from a measured half.
    #[must_use]
    pub fn of(rows: &Rows, pool: Pool) -> Self {
        let mut posted: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for row in rows.lists.iter().filter(|row| row.kind == ListKind::Resource) {
            if let Some(org) = &row.org {
                posted.entry(org).or_default().insert(&row.title);
            }
        }
        if pool == Pool::PostedAndDone {
            for row in &rows.pairings {
                posted.entry(&row.unit).or_default().extend(row.project.as_deref());
            }
        }
        let kinds: BTreeMap<&str, &str> =
            rows.pairings.iter().map(|row| (row.unit.as_str(), row.unit_type.as_str())).collect();
        let units: Vec<PoolUnit> = kinds
            .iter()
            .map(|(&name, &kind)| PoolUnit {
                name: name.to_owned(),
                kind: UnitKind::read(kind),
                resources: posted.get(name).into_iter().flatten().map(|&title| title.to_owned()).collect(),
            })
            .collect();
        let positions: BTreeMap<&str, usize> =
            kinds.keys().enumerate().map(|(position, &name)| (name, position)).collect();
        let mut takers: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
        for row in rows.pairings.iter().filter(|row| !row.need_inferred) {
            takers.entry(&row.need).or_default().extend(positions.get(row.unit.as_str()));
        }
        let questions = takers
            .into_iter()
            .map(|(need, takers)| Question { need: need.to_owned(), takers: takers.into_iter().collect() })
            .collect();
        Self { units, questions }
    }

    /// Ranks every taker of every question by a method that scores all units of the pool for a need.
    pub fn rank(&self, mut method: impl FnMut(&str) -> Vec<u64>) -> Ranks {
        let mut ranks = Ranks::default();
        for question in &self.questions {
            let scores = method(&question.need);
            for &taker in &question.takers {
                ranks.add(rank_of(&scores, taker, &question.takers));
            }
        }
        ranks
    }
}

fn rank_of(scores: &[u64], taker: usize, takers: &[usize]) -> u64 {
    let own = scores.get(taker).copied().unwrap_or(0);
    let rivals = || scores.iter().enumerate().filter(|(unit, _)| takers.binary_search(unit).is_err());
    let better = rivals().filter(|&(_, &score)| score > own).count() as u64;
    let equal = rivals().filter(|&(_, &score)| score == own).count() as u64;
    1 + better + equal.div_ceil(2)
}

/// Ranks summed over questions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ranks {
    /// Questions asked.
    pub asked: u64,
    reciprocals: u64,
    within: [u64; 4],
}

/// The ranks within which a find counts as recalled.
pub const RECALL_AT: [u64; 4] = [1, 3, 5, 10];

impl Ranks {
    fn add(&mut self, rank: u64) {
        self.asked += 1;
        self.reciprocals += 1_000_000 / rank;
        for (count, at) in self.within.iter_mut().zip(RECALL_AT) {
            *count += u64::from(rank <= at);
        }
    }

    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let mut within = self.within;
        within.iter_mut().zip(other.within).for_each(|(one, two)| *one += two);
        Self { asked: self.asked + other.asked, reciprocals: self.reciprocals + other.reciprocals, within }
    }

    /// Mean reciprocal rank, of 1000.
    #[must_use]
    pub fn mean_reciprocal_rank(&self) -> u64 {
        self.reciprocals / 1000 / self.asked.max(1)
    }

    /// Share found within each rank of [`RECALL_AT`], of 1000.
    #[must_use]
    pub fn recalls(&self) -> [u64; 4] {
        self.within.map(|count| count * 1000 / self.asked.max(1))
    }
}

impl Ranks {
    /// Share found among the first five, of 1000.
    #[must_use]
    pub fn recall_at_5(&self) -> u64 {
        self.recalls()[2]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_share_the_middle_and_fellow_takers_are_ignored() {
        assert_eq!(rank_of(&[5, 9, 1], 0, &[0]), 2);
        assert_eq!(rank_of(&[5, 9, 1], 0, &[0, 1]), 1);
        assert_eq!(rank_of(&[3, 3, 3, 3], 0, &[0]), 3);
        let mut ranks = Ranks::default();
        ranks.add(1);
        ranks.add(4);
        assert_eq!((ranks.mean_reciprocal_rank(), ranks.recalls()), (625, [500, 500, 1000, 1000]));
    }
}
