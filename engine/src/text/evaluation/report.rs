//! The report: every method over the same splits, and ours with each part left out.

use super::baseline::{BigramIndex, chance};
use super::ranking::{Bench, PoolUnit, Ranks};
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
        self.total
            .iter()
            .find(|line| line.method == method)
            .map(|line| line.ranks)
    }
}

/// Every method that is reported.
#[must_use]
pub fn methods() -> Vec<Method> {
    let plain = [Method::Random, Method::BigramTfIdf, Method::Affinity];
    plain
        .into_iter()
        .chain(Part::ALL.map(Method::Without))
        .chain(Part::ALL.map(Method::Only))
        .collect()
}

/// Splits the rows by page over [`SEEDS`], learns on one half and measures on the other, both directions.
#[must_use]
pub fn evaluate(lists: &[ListRow], pairings: &[PairingRow]) -> Report {
    let mut directions = Vec::new();
    for seed in SEEDS {
        let (one, other) = halves(lists, pairings, seed);
        directions.push(direction(&one, &other, seed, false));
        directions.push(direction(&other, &one, seed, true));
    }
    let total = methods()
        .into_iter()
        .map(|method| {
            let lines = directions
                .iter()
                .flat_map(|direction| &direction.lines)
                .filter(|line| line.method == method);
            Line {
                method,
                ranks: lines.fold(Ranks::default(), |sum, line| sum.and(line.ranks)),
            }
        })
        .collect();
    Report { total, directions }
}

fn direction(learnt: &Rows, measured: &Rows, seed: u64, turned: bool) -> Direction {
    let affinity = Affinity::learn(&learnt.lists, &learnt.pairings);
    let bench = Bench::of(measured);
    let index = BigramIndex::of(&bench.units);
    let profiles: Vec<UnitProfile> = bench
        .units
        .iter()
        .map(|unit| profile(&affinity, unit))
        .collect();
    let ours = |need: &str, total: &dyn Fn(&Score) -> u16| -> Vec<u64> {
        let need = affinity.need(need);
        profiles
            .iter()
            .map(|unit| u64::from(total(&affinity.score(&need, unit))))
            .collect()
    };
    let lines = methods()
        .into_iter()
        .map(|method| {
            let ranks = bench.rank(|need| match method {
                Method::Random => chance(&bench.units, need, seed),
                Method::BigramTfIdf => index.scores(need),
                Method::Affinity => ours(need, &|score| score.total),
                Method::Without(part) => ours(need, &|score| score.total_without(&[part])),
                Method::Only(part) => ours(need, &|score| score.part(part)),
            });
            Line { method, ranks }
        })
        .collect();
    Direction {
        seed,
        turned,
        units: bench.units.len(),
        lines,
    }
}

fn profile(affinity: &Affinity, unit: &PoolUnit) -> UnitProfile {
    let resources: Vec<Posted<'_>> = unit
        .resources
        .iter()
        .map(|title| Posted { title, leaf: None })
        .collect();
    affinity.unit(&unit.name, unit.kind, &resources)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::published;

    #[test]
    fn ours_beats_bigrams_on_unseen_pages() {
        let report = evaluate(published::lists(), published::pairings());
        for line in &report.total {
            eprintln!(
                "{:<22} {:?} mrr {} recall {:?}",
                format!("{:?}", line.method),
                line.ranks.asked,
                line.ranks.mean_reciprocal_rank(),
                line.ranks.recalls()
            );
        }
        for d in &report.directions {
            let f = |m| {
                d.lines
                    .iter()
                    .find(|l| l.method == m)
                    .map(|l| (l.ranks.mean_reciprocal_rank(), l.ranks.recalls()[2]))
                    .unwrap()
            };
            eprintln!(
                "{} {} units {} q {} tfidf {:?} ours {:?}",
                d.seed,
                d.turned,
                d.units,
                d.lines[0].ranks.asked,
                f(Method::BigramTfIdf),
                f(Method::Affinity)
            );
        }
    }
}
