//! What ours is compared with: chance, and the plain TF-IDF of character bigrams that a spreadsheet macro could do.

use std::collections::{BTreeMap, BTreeSet};

use super::ranking::PoolUnit;
use super::split::mixed;
use crate::text::fixed::{log2_milli, root};
use crate::text::segment::bigrams;

/// Scores by a hash of need and unit.
pub(super) fn chance(units: &[PoolUnit], need: &str, seed: u64) -> Vec<u64> {
    units.iter().map(|unit| mixed(mixed(seed, need), &unit.name)).collect()
}

/// TF-IDF of character bigrams over name and resource titles; the rarity is counted over the pool itself.
pub(super) struct BigramIndex {
    units: u64,
    spread: BTreeMap<String, u64>,
    documents: Vec<BTreeMap<String, u64>>,
}

impl BigramIndex {
    pub(super) fn of(units: &[PoolUnit]) -> Self {
        let documents: Vec<BTreeMap<String, u64>> = units.iter().map(document).collect();
        let mut spread = BTreeMap::new();
        for bigram in documents.iter().flat_map(|document| document.keys()) {
            *spread.entry(bigram.clone()).or_default() += 1;
        }
        Self { units: units.len() as u64, spread, documents }
    }

    pub(super) fn scores(&self, need: &str) -> Vec<u64> {
        let asked: BTreeSet<String> = bigrams(need).into_iter().collect();
        self.documents
            .iter()
            .map(|document| {
                let weight = |(bigram, count): (&String, &u64)| count * self.rarity(bigram);
                let length = root(document.iter().map(|term| weight(term).pow(2)).sum()).max(1);
                let shared = document.iter().filter(|(bigram, _)| asked.contains(*bigram));
                let product: u64 = shared.map(|term| weight(term) * self.rarity(term.0)).sum();
                product * 1000 / length
            })
            .collect()
    }

    /// log2((1 + units) / (1 + units with it)) + 1, in thousandths.
    fn rarity(&self, bigram: &str) -> u64 {
        let spread = self.spread.get(bigram).copied().unwrap_or(0);
        1000 + u64::try_from(log2_milli(self.units + 1, spread + 1)).unwrap_or(0)
    }
}

fn document(unit: &PoolUnit) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for text in [&unit.name].into_iter().chain(&unit.resources) {
        for bigram in bigrams(text) {
            *counts.entry(bigram).or_default() += 1;
        }
    }
    counts
}
