//! How alike two wordings are: the cosine of their words and bigrams, rare ones counting more, with the concepts of the
//! hand-written lexicon as a bridge between synonyms (义诊 and 测血压 share no character).

pub mod postings;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use super::concepts::{Concepts, Strength};
use super::fixed::{log2_milli, root};
use super::published;
use super::segment::{bigrams, words};

/// Weight of a bigram against a word, of 1000.
const BIGRAM_SHARE: u64 = 600;
/// Weight of a shared concept against a word as rare as can be, of 1000.
const CONCEPT_SHARE: u64 = 700;
/// Weight of a category that concepts of both texts belong to, of 1000.
const LEAF_SHARE: u64 = 400;

/// Which words are rare, learnt from titles.
#[derive(Clone, Debug)]
pub struct Similarity {
    titles: u64,
    /// In how many titles a term stands; its key is the term's hash.
    spread: BTreeMap<u64, u64>,
}

/// A wording made ready to be compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// Hash of the term and its weight, ascending by hash.
    weights: Vec<(u64, u64)>,
    /// Root of the sum of squared weights.
    length: u64,
}

impl Similarity {
    /// Learns how widely terms are spread over titles.
    #[must_use]
    pub fn learn<'a>(titles: impl IntoIterator<Item = &'a str>) -> Self {
        let mut similarity = Self { titles: 0, spread: BTreeMap::new() };
        for title in titles {
            similarity.titles += 1;
            for (term, _) in terms_of(title) {
                *similarity.spread.entry(term).or_default() += 1;
            }
        }
        similarity
    }

    /// Learnt from every published title the engine carries.
    #[must_use]
    pub fn builtin() -> &'static Self {
        static BUILTIN: OnceLock<Similarity> = OnceLock::new();
        BUILTIN.get_or_init(|| {
            let listed = published::lists().iter().map(|row| row.title.as_str());
            Self::learn(listed.chain(published::pairings().iter().map(|row| row.need.as_str())))
        })
    }

    /// Makes a wording ready; worth keeping when it is compared with many.
    #[must_use]
    pub fn terms(&self, text: &str) -> Terms {
        let rarest = log2_milli(self.titles + 1, 1).max(1000);
        let weights: Vec<(u64, u64)> = terms_of(text)
            .into_iter()
            .map(|(term, share)| {
                let spread = self.spread.get(&term).copied().unwrap_or(0);
                let rarity = log2_milli(self.titles + 1, spread + 1).clamp(0, rarest) as u64;
                (term, rarity * share / 1000)
            })
            .filter(|&(_, weight)| weight > 0)
            .collect();
        let length = root(weights.iter().map(|(_, weight)| weight * weight).sum());
        Terms { weights, length }
    }

    /// How alike two wordings are, 0..=1000; the same either way round.
    ///
    /// ```
    /// let similarity = engine::text::similarity::Similarity::builtin();
    /// assert_eq!(similarity.between("社区义诊", "社区义诊"), 1000);
    /// assert!(similarity.between("社区义诊", "测血压血糖") > similarity.between("社区义诊", "停车场错时开放"));
    /// ```
    #[must_use]
    pub fn between(&self, one: &str, other: &str) -> u16 {
        self.terms(one).alike(&self.terms(other))
    }
}

impl Terms {
    /// The cosine of two wordings, 0..=1000.
    #[must_use]
    pub fn alike(&self, other: &Self) -> u16 {
        let length = self.length * other.length;
        if length == 0 {
            return 0;
        }
        u16::try_from((self.product(other) * 1000 / length).min(1000)).unwrap_or(1000)
    }

    /// The sum over shared terms of the product of their weights.
    fn product(&self, other: &Self) -> u64 {
        let (mut left, mut right) = (self.weights.as_slice(), other.weights.as_slice());
        let mut sum = 0;
        while let (Some((one, rest_left)), Some((two, rest_right))) =
            (left.split_first(), right.split_first())
        {
            if one.0 == two.0 {
                sum += one.1 * two.1;
            }
            if one.0 <= two.0 {
                left = rest_left;
            }
            if two.0 <= one.0 {
                right = rest_right;
            }
        }
        sum
    }
}

/// The terms of a text with their share of 1000, ascending by hash, each once.
fn terms_of(text: &str) -> BTreeMap<u64, u64> {
    let mut terms = BTreeMap::new();
    let concepts = Concepts::builtin();
    let named = concepts.mentions(text);
    for mention in named.iter().filter(|mention| mention.strength != Strength::Hint) {
        terms.insert(hash('c', &mention.concept.to_string()), CONCEPT_SHARE);
        terms.insert(hash('l', concepts.leaf(mention.concept).unwrap_or_default()), LEAF_SHARE);
    }
    for word in words(text).into_iter().filter(|word| word.chars().count() > 1).collect::<BTreeSet<_>>() {
        terms.insert(hash('w', &word), 1000);
    }
    for bigram in bigrams(text).into_iter().collect::<BTreeSet<_>>() {
        terms.insert(hash('b', &bigram), BIGRAM_SHARE);
    }
    terms
}

/// FNV-1a; a clash of two terms among the few thousand of a street is beyond expectation.
fn hash(class: char, term: &str) -> u64 {
    let start = (0xcbf2_9ce4_8422_2325_u64 ^ u64::from(class)).wrapping_mul(0x0000_0100_0000_01b3);
    term.bytes().fold(start, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alike_is_symmetric_and_bounded() {
        let texts = ["健康义诊", "义诊", "量血压", "小区停车难", "", "停车场夜间开放"];
        let similarity = Similarity::builtin();
        for one in texts {
            for other in texts {
                let found = similarity.between(one, other);
                assert_eq!(found, similarity.between(other, one));
                assert!(found <= 1000);
            }
        }
        assert!(similarity.between("健康义诊", "义诊活动") > similarity.between("健康义诊", "健身活动"));
        assert_eq!(similarity.between("", "义诊"), 0);
    }
}
