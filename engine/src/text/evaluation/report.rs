//! The report: every method over the same splits, and ours with each part left out.

use super::baseline::{Index, chance};
use super::ranking::{Bench, PoolUnit, Posting, Ranking, Ranks, Reach};
use super::split::{Rows, SEEDS, halves, kept_back};
use crate::text::affinity::{Affinity, Part, Posted, Score, UnitProfile};
use crate::text::published::{ListRow, PairingRow};

/// A way to rank units for a need.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Method {
    /// By chance.
    Random,
    /// TF-IDF of character bigrams over name and resource titles.
    BigramTfIdf,
    /// BM25 of jieba's words over name and resource titles.
    Bm25,
    /// [`Affinity`], all parts.
    Affinity,
    /// [`Affinity`] that has learnt nothing: the hand-written knowledge alone.
    Untaught,
    /// [`Affinity`] without the hand-written knowledge: what it has learnt alone.
    Unwritten,
    /// [`Affinity`] with one part left out.
    Without(Part),
    /// One part of [`Affinity`] alone.
    Only(Part),
}

impl Method {
    /// Every method that is reported.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let plain =
            [Self::Random, Self::BigramTfIdf, Self::Bm25, Self::Affinity, Self::Untaught, Self::Unwritten];
        plain.into_iter().chain(Part::ALL.map(Self::Without)).chain(Part::ALL.map(Self::Only)).collect()
    }
}

/// Which pages are learnt from and which are measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Split {
    /// Halves of all pages, over [`SEEDS`] and in both directions.
    Halves,
    /// The same within the pages that were looked at while tuning: what was tuned on.
    TunedOn,
    /// Learnt from the pages that were looked at, measured on the third [`kept_back`]: the honest figures.
    KeptBack,
}

impl Split {
    /// Its pairs of what is learnt and what is measured, each with a seed.
    #[must_use]
    pub fn sides(self, lists: &[ListRow], pairings: &[PairingRow]) -> Vec<(u64, Rows, Rows)> {
        let rows = |wanted: &dyn Fn(&str) -> bool| Rows::of_pages(lists, pairings, wanted);
        match self {
            Self::Halves => in_halves(&rows(&|_| true)),
            Self::TunedOn => in_halves(&rows(&|page| !kept_back(page))),
            Self::KeptBack => vec![(0, rows(&|page| !kept_back(page)), rows(&kept_back))],
        }
    }
}

fn in_halves(rows: &Rows) -> Vec<(u64, Rows, Rows)> {
    let both = |seed| {
        let (one, other) = halves(rows, seed);
        [(seed, one.clone(), other.clone()), (seed, other, one)]
    };
    SEEDS.into_iter().flat_map(both).collect()
}

/// What one method achieved within one reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The method.
    pub method: Method,
    /// Among whom it looked.
    pub reach: Reach,
    /// Its ranks by page.
    pub ranking: Ranking,
}

/// What [`evaluate`] found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Every method within every reach, over all sides together.
    pub lines: Vec<Line>,
    /// The sizes of the pools, one a side.
    pub pools: Vec<usize>,
}

impl Report {
    /// The ranks of a method by page.
    #[must_use]
    pub fn ranking(&self, method: Method, reach: Reach) -> Option<&Ranking> {
        let line = self.lines.iter().find(|line| line.method == method && line.reach == reach);
        line.map(|line| &line.ranking)
    }

    /// The ranks of a method in the whole pool.
    #[must_use]
    pub fn of(&self, method: Method) -> Option<Ranks> {
        self.ranking(method, Reach::Pool).map(Ranking::total)
    }

    fn add(&mut self, method: Method, reach: Reach, ranking: Ranking) {
        match self.lines.iter_mut().find(|line| line.method == method && line.reach == reach) {
            Some(line) => line.ranking.extend(&ranking),
            None => self.lines.push(Line { method, reach, ranking }),
        }
    }
}

/// Learns and measures side by side, every method within every reach.
#[must_use]
pub fn evaluate(lists: &[ListRow], pairings: &[PairingRow], split: Split, posting: Posting) -> Report {
    let mut report = Report::default();
    for (seed, learnt, measured) in split.sides(lists, pairings) {
        let bench = Bench::of(&learnt, &measured, posting);
        report.pools.push(bench.units.len());
        let words = Index::of_words(&bench.units);
        let bigrams = Index::of_bigrams(&bench.units);
        let rows = &bench.learnt;
        let taught = Contestant::of(Affinity::learn(&rows.lists, &rows.pairings), &bench);
        let untaught = Contestant::of(Affinity::learn(&[], &[]), &bench);
        let unwritten = Contestant::of(Affinity::learn_unwritten(&rows.lists, &rows.pairings), &bench);
        for method in Method::all() {
            for reach in Reach::ALL {
                let ranking = bench.rank(reach, |need| match method {
                    Method::Random => chance(&bench.units, need, seed),
                    Method::BigramTfIdf => bigrams.tf_idf(need),
                    Method::Bm25 => words.bm25(need),
                    Method::Affinity => taught.marks(need, |score| score.total),
                    Method::Untaught => untaught.marks(need, |score| score.total),
                    Method::Unwritten => unwritten.marks(need, |score| score.total),
                    Method::Without(part) => taught.marks(need, |score| score.total_without(&[part])),
                    Method::Only(part) => taught.marks(need, |score| score.part(part)),
                });
                report.add(method, reach, ranking);
            }
        }
    }
    report
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

    fn report(split: Split, posting: Posting) -> Report {
        evaluate(published::lists(), published::pairings(), split, posting)
    }

    #[test]
    fn ours_beats_every_peer_on_pages_that_were_kept_back() {
        let report = report(Split::KeptBack, Posting::Beforehand);
        let ours = report.of(Method::Affinity).expect("reported");
        for peer in [Method::Random, Method::BigramTfIdf, Method::Bm25] {
            let peer = report.of(peer).expect("reported");
            assert!(ours.mean_reciprocal_rank() >= peer.mean_reciprocal_rank() + 120, "{report:?}");
            assert!(ours.recall_at_5() >= peer.recall_at_5() + 200, "{report:?}");
        }
    }

    #[test]
    fn posting_beforehand_helps_and_ours_still_leads() {
        let total = |posting, method| report(Split::Halves, posting).of(method).expect("reported");
        let ours = total(Posting::AlsoWhatItDid, Method::Affinity);
        let bigrams = total(Posting::AlsoWhatItDid, Method::BigramTfIdf);
        let before = total(Posting::Beforehand, Method::Affinity);
        assert!(ours.mean_reciprocal_rank() >= bigrams.mean_reciprocal_rank() + 100);
        assert!(ours.recall_at_5() >= bigrams.recall_at_5() + 200);
        assert!(ours.mean_reciprocal_rank() >= before.mean_reciprocal_rank() + 50);
    }

    #[test]
    fn no_side_of_any_split_measures_a_page_it_has_learnt() {
        for split in [Split::Halves, Split::TunedOn, Split::KeptBack] {
            for (_, learnt, measured) in split.sides(published::lists(), published::pairings()) {
                assert!(learnt.pages().is_disjoint(&measured.pages()), "{split:?}");
                assert!(!measured.pages().iter().any(|page| kept_back(page) && split == Split::TunedOn));
            }
        }
    }
}
