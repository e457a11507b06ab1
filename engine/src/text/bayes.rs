//! Naive Bayes on whole numbers: which class a text speaks for, by its words and bigrams.
//!
//! Serves three questions: the category of a title, the categories of a name, the unit kind a need's wording calls for.
//! Counting comes first ([`Tally`]); what the counts say is worked out once ([`Bayes`]), so that a text is weighed by adding
//! up one row of numbers per feature.

use std::collections::BTreeMap;

use super::fixed::log2_milli;
use super::reading::Reading;

/// How many imagined texts of average wording each class is mixed with, so that one text is no proof.
const SMOOTHING: u64 = 8;
/// Evidence of one word, in thousandths of a bit, stays within these: that a word was not yet seen with a class says
/// little among few texts.
const BOUNDS: (i64, i64) = (-400, 3_500);

/// Counts of features by class. Classes are numbered from 0.
#[derive(Clone, Debug)]
pub(super) struct Tally {
    texts: Vec<u64>,
    texts_total: u64,
    features: BTreeMap<u32, BTreeMap<usize, u64>>,
}

/// What the counts say.
#[derive(Clone, Debug)]
pub(super) struct Bayes {
    /// How often each class was seen against an even spread, in thousandths of a bit.
    prior: Vec<i64>,
    /// The known features, ascending.
    features: Vec<u32>,
    /// For each feature one row of thousandths of a bit, a number a class.
    leans: Vec<i16>,
}

impl Tally {
    /// Counts nothing yet, for so many classes.
    pub(super) fn new(classes: usize) -> Self {
        Self { texts: vec![0; classes], texts_total: 0, features: BTreeMap::new() }
    }

    /// Takes a text of a class in; an unknown class is left out.
    pub(super) fn learn(&mut self, class: usize, text: &Reading) {
        let Some(texts) = self.texts.get_mut(class) else {
            return;
        };
        *texts += 1;
        self.texts_total += 1;
        for feature in &text.features {
            *self.features.entry(*feature).or_default().entry(class).or_default() += 1;
        }
    }

    /// Works out what the counts say.
    pub(super) fn finish(self) -> Bayes {
        let classes = self.texts.len() as u64;
        let seen = |&texts: &u64| log2_milli((texts + 3) * classes, self.texts_total + 3 * classes);
        let mut leans = Vec::with_capacity(self.features.len() * self.texts.len());
        for counts in self.features.values() {
            let everywhere: u64 = counts.values().sum();
            leans.extend(self.texts.iter().enumerate().map(|(class, &texts)| {
                self.lean(counts.get(&class).copied().unwrap_or(0), everywhere, texts)
            }));
        }
        Bayes {
            prior: self.texts.iter().map(seen).collect(),
            features: self.features.keys().copied().collect(),
            leans,
        }
    }

    /// How much oftener a feature stands in texts of the class than anywhere:
    /// (here + s·e/N) / (texts + s) against e/N, in whole numbers.
    fn lean(&self, here: u64, everywhere: u64, texts: u64) -> i16 {
        let numerator = here * self.texts_total + SMOOTHING * everywhere;
        let denominator = (texts + SMOOTHING) * everywhere;
        let bits = log2_milli(numerator, denominator).clamp(BOUNDS.0, BOUNDS.1);
        // A feature seen once is mostly chance, one seen often is not.
        let trusted = bits * everywhere as i64 / (everywhere + 2) as i64;
        i16::try_from(trusted).unwrap_or(0)
    }
}

impl Bayes {
    /// How often each class was seen against an even spread, in thousandths of a bit.
    pub(super) fn prior(&self) -> &[i64] {
        &self.prior
    }

    /// Evidence of a text for each class in thousandths of a bit; `None` when no feature is known.
    pub(super) fn evidence(&self, text: &Reading) -> Option<Vec<i64>> {
        let classes = self.prior.len();
        let mut evidence = vec![0; classes];
        let mut spoken = false;
        for feature in &text.features {
            let Ok(row) = self.features.binary_search(feature) else {
                continue;
            };
            spoken = true;
            let leans = self.leans.get(row * classes..(row + 1) * classes).unwrap_or_default();
            for (sum, lean) in evidence.iter_mut().zip(leans) {
                *sum += i64::from(*lean);
            }
        }
        spoken.then_some(evidence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::concepts::Concepts;

    #[test]
    fn a_text_speaks_for_the_class_it_was_learnt_with() {
        let read = |text: &str| Reading::of(Concepts::builtin(), text);
        let mut tally = Tally::new(2);
        for _ in 0..5 {
            tally.learn(0, &read("义诊"));
            tally.learn(1, &read("停车"));
            tally.learn(2, &read("停车"));
        }
        let bayes = tally.finish();
        let evidence = bayes.evidence(&read("老人义诊")).expect("a known word");
        assert!(evidence.first() > evidence.last(), "{evidence:?}");
        assert_eq!(bayes.evidence(&read("甲乙丙")), None);
        assert_eq!(bayes.prior().first(), bayes.prior().last());
    }
}
