//! Naive Bayes on whole numbers: which class a text speaks for, by its words and bigrams.
//!
//! Serves three questions: the category of a title, the categories of a name, the unit kind a need's wording calls for.

use std::collections::{BTreeMap, BTreeSet};

use super::fixed::log2_milli;
use super::segment::{bigrams, words};

/// How many imagined texts of average wording each class is mixed with, so that one text is no proof.
const SMOOTHING: u64 = 8;
/// Evidence of one word, in thousandths of a bit, stays within these: that a word was not yet seen with a class says
/// little among few texts.
const BOUNDS: (i64, i64) = (-400, 3_500);

/// Counts of features by class. Classes are numbered from 0.
#[derive(Clone, Debug, Default)]
pub(super) struct Bayes {
    texts: Vec<u64>,
    texts_total: u64,
    features: BTreeMap<String, BTreeMap<usize, u64>>,
}

impl Bayes {
    /// Counts nothing yet, for so many classes.
    pub(super) fn new(classes: usize) -> Self {
        Self { texts: vec![0; classes], texts_total: 0, features: BTreeMap::new() }
    }

    /// Takes a text of a class in; an unknown class is left out.
    pub(super) fn learn(&mut self, class: usize, text: &str) {
        let Some(texts) = self.texts.get_mut(class) else {
            return;
        };
        *texts += 1;
        self.texts_total += 1;
        for feature in features_of(text) {
            *self.features.entry(feature).or_default().entry(class).or_default() += 1;
        }
    }

    /// How often each class was seen against an even spread, in thousandths of a bit.
    pub(super) fn prior(&self) -> impl Iterator<Item = i64> {
        let classes = self.texts.len() as u64;
        self.texts.iter().map(move |&texts| log2_milli((texts + 3) * classes, self.texts_total + 3 * classes))
    }

    /// Evidence of a text for each class in thousandths of a bit; `None` when no feature is known.
    pub(super) fn evidence(&self, text: &str) -> Option<Vec<i64>> {
        let mut evidence = vec![0; self.texts.len()];
        let mut spoken = false;
        for counts in features_of(text).iter().filter_map(|feature| self.features.get(feature)) {
            spoken = true;
            let everywhere: u64 = counts.values().sum();
            for (class, (sum, &texts)) in evidence.iter_mut().zip(&self.texts).enumerate() {
                *sum += self.lean(counts.get(&class).copied().unwrap_or(0), everywhere, texts);
            }
        }
        spoken.then_some(evidence)
    }

    /// How much oftener a feature stands in texts of the class than anywhere:
    /// (here + s·e/N) / (texts + s) against e/N, in whole numbers.
    fn lean(&self, here: u64, everywhere: u64, texts: u64) -> i64 {
        let numerator = here * self.texts_total + SMOOTHING * everywhere;
        let denominator = (texts + SMOOTHING) * everywhere;
        let bits = log2_milli(numerator, denominator).clamp(BOUNDS.0, BOUNDS.1);
        // A feature seen once is mostly chance, one seen often is not.
        bits * everywhere as i64 / (everywhere + 2) as i64
    }
}

/// The words and bigrams of a text, each once.
fn features_of(text: &str) -> BTreeSet<String> {
    words(text).into_iter().chain(bigrams(text)).collect()
}
