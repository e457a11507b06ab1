//! The report: every method over the same splits, and ours with each part left out.

use super::baseline::{BigramIndex, chance};
use super::ranking::{Bench, Pool, PoolUnit, Ranks};
use super::split::{Rows, SEEDS, halves};
use crate::text::affinity::{Affinity, Part, Posted, Score, UnitProfile};
use crate::text::published::{ListRow, PairingRow};

/// A way to rank units for a need.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Method {
    /// By chance.
    Random,
    /// TF-IDF of character bigrams over name and resource titles.
    BigramTfIdf,
    /// [`Affinity`], all parts.
    Affinity,
    /// [`Affinity`] that has learnt nothing: the hand-written knowledge alone.
    Untaught,
    /// [`Affinity`] with one part left out.
    Without(Part),
    /// One part of [`Affinity`] alone.
    Only(Part),
}

/// What one method achieved on one direction of one split, or on all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// The method.
    pub method: Method,
    /// Its ranks.
    pub ranks: Ranks,
}

/// The lines of one direction of one split.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Direction {
    /// The seed of the split.
    pub seed: u64,
    /// True when the second half is learnt and the first measured.
    pub turned: bool,
    /// Units in the pool.
    pub units: usize,
    /// One line per method, in the order of [`Report::total`].
    pub lines: Vec<Line>,
}

/// What [`evaluate`] found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Every method over all directions together.
    pub total: Vec<Line>,
    /// The same by direction.
    pub directions: Vec<Direction>,
}

impl Report {
    /// The ranks of a method over all directions.
    #[must_use]
    pub fn of(&self, method: Method) -> Option<Ranks> {
        self.total.iter().find(|line| line.method == method).map(|line| line.ranks)
    }
}

/// Every method that is reported.
#[must_use]
pub fn methods() -> Vec<Method> {
    let plain = [Method::Random, Method::BigramTfIdf, Method::Affinity, Method::Untaught];
    plain.into_iter().chain(Part::ALL.map(Method::Without)).chain(Part::ALL.map(Method::Only)).collect()
}

/// Splits the rows by page over [`SEEDS`], learns on one half and measures on the other, both directions.
#[must_use]
pub fn evaluate(lists: &[ListRow], pairings: &[PairingRow], pool: Pool) -> Report {
    let mut directions = Vec::new();
    for seed in SEEDS {
        let (one, other) = halves(lists, pairings, seed);
        directions.push(direction((&one, &other), pool, seed, false));
        directions.push(direction((&other, &one), pool, seed, true));
    }
    let total = methods()
        .into_iter()
        .map(|method| {
            let lines =
                directions.iter().flat_map(|direction| &direction.lines).filter(|line| line.method == method);
            Line { method, ranks: lines.fold(Ranks::default(), |sum, line| sum.and(line.ranks)) }
        })
        .collect();
    Report { total, directions }
}

fn direction((learnt, measured): (&Rows, &Rows), pool: Pool, seed: u64, turned: bool) -> Direction {
    let bench = Bench::of(measured, pool);
    let index = BigramIndex::of(&bench.units);
    let taught = Contestant::of(Affinity::learn(&learnt.lists, &learnt.pairings), &bench);
    let untaught = Contestant::of(Affinity::learn(&[], &[]), &bench);
    let lines = methods()
        .into_iter()
        .map(|method| {
            let ranks = bench.rank(|need| match method {
                Method::Random => chance(&bench.units, need, seed),
                Method::BigramTfIdf => index.scores(need),
                Method::Affinity => taught.marks(need, |score| score.total),
                Method::Untaught => untaught.marks(need, |score| score.total),
                Method::Without(part) => taught.marks(need, |score| score.total_without(&[part])),
                Method::Only(part) => taught.marks(need, |score| score.part(part)),
            });
            Line { method, ranks }
        })
        .collect();
    Direction { seed, turned, units: bench.units.len(), lines }
}

/// An affinity with the pool made ready for it.
struct Contestant {
    affinity: Affinity,
    profiles: Vec<UnitProfile>,
}

impl Contestant {
    fn of(affinity: Affinity, bench: &Bench) -> Self {
        let profiles = bench.units.iter().map(|unit| profile(&affinity, unit)).collect();
        Self { affinity, profiles }
    }

    fn marks(&self, need: &str, mark: impl Fn(&Score) -> u16) -> Vec<u64> {
        let need = self.affinity.need(need);
        self.profiles.iter().map(|unit| u64::from(mark(&self.affinity.score(&need, unit)))).collect()
    }
}

fn profile(affinity: &Affinity, unit: &PoolUnit) -> UnitProfile {
    let resources: Vec<Posted<'_>> =
        unit.resources.iter().map(|title| Posted { title, leaf: None }).collect();
    affinity.unit(&unit.name, unit.kind, &resources)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::published;

    #[test]
    fn ours_beats_bigrams_on_unseen_pages() {
        let report = evaluate(published::lists(), published::pairings(), Pool::Posted);
        let total = |method| report.of(method).expect("reported");
        let (ours, bigrams) = (total(Method::Affinity), total(Method::BigramTfIdf));
        assert!(ours.mean_reciprocal_rank() >= bigrams.mean_reciprocal_rank() + 120);
        assert!(ours.recall_at_5() >= bigrams.recall_at_5() + 250);
        assert!(ours.recall_at_5() >= 480);
        for direction in &report.directions {
            let recall = |method| {
                direction.lines.iter().find(|line| line.method == method).map(|line| line.ranks.recall_at_5())
            };
            assert!(
                recall(Method::Affinity) > recall(Method::BigramTfIdf).map(|share| share + 100),
                "{direction:?}"
            );
        }
    }

    #[test]
    fn posting_beforehand_helps_and_ours_still_leads() {
        let report = evaluate(published::lists(), published::pairings(), Pool::PostedAndDone);
        let total = |method| report.of(method).expect("reported");
        let (ours, bigrams) = (total(Method::Affinity), total(Method::BigramTfIdf));
        assert!(ours.mean_reciprocal_rank() >= bigrams.mean_reciprocal_rank() + 50);
        assert!(ours.recall_at_5() >= bigrams.recall_at_5() + 100);
    }
}
