//! What ours is compared with: chance, the plain TF-IDF of character bigrams that a spreadsheet macro could do, and BM25
//! over jieba's words, the yardstick of full-text search.

use std::collections::{BTreeMap, BTreeSet};

use super::ranking::PoolUnit;
use super::split::mixed;
use crate::text::fixed::{log2_milli, root};
use crate::text::segment::{bigrams, words};

/// Scores by a hash of need and unit.
pub(super) fn chance(units: &[PoolUnit], need: &str, seed: u64) -> Vec<u64> {
    units.iter().map(|unit| mixed(mixed(seed, need), &unit.name)).collect()
}

/// A text as a bag of terms.
type Document = BTreeMap<String, u64>;

/// The units as documents, each its name and the titles of its resources, with the rarity of terms counted over the pool.
pub(super) struct Index {
    documents: Vec<Document>,
    spread: BTreeMap<String, u64>,
    cut: fn(&str) -> Vec<String>,
}

impl Index {
    /// Of character bigrams.
    pub(super) fn of_bigrams(units: &[PoolUnit]) -> Self {
        Self::of(units, bigrams)
    }

    /// Of jieba's words.
    pub(super) fn of_words(units: &[PoolUnit]) -> Self {
        Self::of(units, words)
    }

    fn of(units: &[PoolUnit], cut: fn(&str) -> Vec<String>) -> Self {
        let documents: Vec<Document> = units.iter().map(|unit| document(unit, cut)).collect();
        let mut spread = BTreeMap::new();
        for term in documents.iter().flat_map(|document| document.keys()) {
            *spread.entry(term.clone()).or_default() += 1;
        }
        Self { documents, spread, cut }
    }

    /// The cosine of TF-IDF weights, in thousandths of the need's length.
    pub(super) fn tf_idf(&self, need: &str) -> Vec<u64> {
        let asked: BTreeSet<String> = (self.cut)(need).into_iter().collect();
        self.documents
            .iter()
            .map(|document| {
                let weight = |(term, count): (&String, &u64)| count * self.rarity(term);
                let length = root(document.iter().map(|term| weight(term).pow(2)).sum()).max(1);
                let shared = document.iter().filter(|(term, _)| asked.contains(*term));
                let product: u64 = shared.map(|term| weight(term) * self.rarity(term.0)).sum();
                product * 1000 / length
            })
            .collect()
    }

    /// Okapi BM25 with k1 = 1.2 and b = 0.75, in thousandths of a bit: for every term of the need
    /// `idf · f · (k1 + 1) / (f + k1 · (1 - b + b · length / mean length))`, where `idf` is
    /// log2(1 + (N - n + ½) / (n + ½)), which is never negative (Robertson and Zaragoza, "The Probabilistic Relevance
    /// Framework: BM25 and Beyond", 2009).
    pub(super) fn bm25(&self, need: &str) -> Vec<u64> {
        let asked: BTreeSet<String> = (self.cut)(need).into_iter().collect();
        let lengths: Vec<u64> = self.documents.iter().map(|document| document.values().sum()).collect();
        let total = lengths.iter().sum::<u64>().max(1);
        let units = self.documents.len() as u64;
        let score = |(document, length): (&Document, &u64)| {
            // 12 · (1 - b + b · length / mean length), in thousandths: 3 and 9 are 12 · 0.25 and 12 · 0.75.
            let norm = 3_000 + 9_000 * length * units / total;
            let share = |term: &String| {
                let count = document.get(term).copied().unwrap_or(0);
                self.inverse_frequency(term) * 22_000 * count / (10_000 * count + norm)
            };
            asked.iter().map(share).sum::<u64>()
        };
        self.documents.iter().zip(&lengths).map(score).collect()
    }

    /// log2((1 + units) / (1 + units with it)) + 1, in thousandths.
    fn rarity(&self, term: &str) -> u64 {
        let spread = self.spread.get(term).copied().unwrap_or(0);
        let units = self.documents.len() as u64;
        1000 + u64::try_from(log2_milli(units + 1, spread + 1)).unwrap_or(0)
    }

    /// log2((N + 1) / (n + ½)), in thousandths; the same as log2(1 + (N - n + ½) / (n + ½)).
    fn inverse_frequency(&self, term: &str) -> u64 {
        let spread = self.spread.get(term).copied().unwrap_or(0);
        let units = self.documents.len() as u64;
        u64::try_from(log2_milli(2 * units + 2, 2 * spread + 1)).unwrap_or(0)
    }
}

fn document(unit: &PoolUnit, cut: fn(&str) -> Vec<String>) -> Document {
    let mut counts = Document::new();
    for text in [&unit.name].into_iter().chain(&unit.resources) {
        for term in cut(text) {
            *counts.entry(term).or_default() += 1;
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pool_unit(name: &str, resources: &[&str]) -> PoolUnit {
        PoolUnit {
            name: name.into(),
            kind: None,
            resources: resources.iter().map(|&title| title.to_owned()).collect(),
            neighbourhoods: Vec::new(),
        }
    }

    #[test]
    fn bm25_meets_an_example_computed_by_hand() {
        let unit = |name: &str| pool_unit(name, &[]);
        let units = [unit("义诊 理发"), unit("理发 理发 磨刀 修鞋"), unit("停车")];
        let index = Index::of(&units, |text| text.split(' ').map(str::to_owned).collect());
        // N = 3, lengths 2, 4 and 1, mean 7/3. idf(理发) = log2(4 / 2.5) = 0.678; idf(停车) = log2(4 / 1.5) = 1.415.
        // First: 0.678 · 2.2 / (1 + 1.2 · (0.25 + 0.75 · 2 / 2.3333)) = 0.678 · 2.2 / 2.0714 = 0.720.
        // Second: 0.678 · 2 · 2.2 / (2 + 1.2 · (0.25 + 0.75 · 4 / 2.3333)) = 0.678 · 4.4 / 3.8429 = 0.776.
        // Third: 1.415 · 2.2 / (1 + 1.2 · (0.25 + 0.75 · 1 / 2.3333)) = 1.415 · 2.2 / 1.6857 = 1.847.
        let found = index.bm25("理发 停车");
        for (found, expected) in found.iter().zip([720_u64, 776, 1847]) {
            assert!(found.abs_diff(expected) <= 2, "{found} instead of {expected}");
        }
    }

    #[test]
    fn what_shares_no_term_scores_nothing() {
        let unit = |name: &str| pool_unit(name, &["停车场"]);
        let units = [unit("东风厂"), unit("西风厂")];
        assert_eq!(Index::of_words(&units).bm25("义诊"), [0, 0]);
        assert_eq!(Index::of_bigrams(&units).tf_idf("义诊"), [0, 0]);
    }
}
