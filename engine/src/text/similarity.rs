//! How alike two wordings are: the cosine of their words and bigrams, rare ones counting more, with the concepts of the
//! hand-written lexicon as a bridge between synonyms (义诊 and 测血压 share no character).

pub mod postings;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::concepts::{Concepts, Strength};
use super::fixed::{log2_milli, root};
use super::published;
use super::reading::{Reading, hash};

/// Weight of a bigram against a word, of 1000.
const BIGRAM_SHARE: u32 = 600;
/// Weight of a shared concept against a word as rare as can be, of 1000.
const CONCEPT_SHARE: u32 = 700;
/// Weight of a category that concepts of both texts belong to, of 1000.
const LEAF_SHARE: u32 = 400;

/// Which words are rare, learnt from titles.
#[derive(Clone, Debug)]
pub struct Similarity {
    /// The hand-written concepts that bridge synonyms.
    concepts: &'static Concepts,
    /// Weight of a word that no title has, in thousandths.
    unseen: u32,
    /// Terms of the titles, ascending, each with its weight as if its share were 1000.
    rarities: Vec<(u32, u32)>,
}

/// A wording made ready to be compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// Terms and their weights, ascending by term.
    weights: Box<[(u32, u32)]>,
    /// Root of the sum of squared weights.
    length: u64,
}

impl Similarity {
    /// Learns how widely terms are spread over titles.
    #[must_use]
    pub fn learn<'a>(titles: impl IntoIterator<Item = &'a str>) -> Self {
        Self::learn_with(Concepts::builtin(), titles)
    }

    /// Learns how widely terms are spread, with these concepts as the bridge between synonyms.
    pub(super) fn learn_with<'a>(
        concepts: &'static Concepts,
        titles: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let mut count: u64 = 0;
        let mut spread: BTreeMap<u32, u64> = BTreeMap::new();
        for title in titles {
            count += 1;
            for (term, _) in terms_of(concepts, &Reading::of(concepts, title)) {
                *spread.entry(term).or_default() += 1;
            }
        }
        let rarest = log2_milli(count + 1, 1).max(1000);
        let rarity = |titles: u64| {
            u32::try_from(log2_milli(count + 1, titles + 1).clamp(0, rarest)).unwrap_or(u32::MAX)
        };
        let rarities = spread.into_iter().map(|(term, titles)| (term, rarity(titles))).collect();
        Self { concepts, unseen: rarity(0), rarities }
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
        self.terms_of(&Reading::of(self.concepts, text))
    }

    /// The same for a wording that has been read.
    pub(super) fn terms_of(&self, text: &Reading) -> Terms {
        let weight = |(term, share): (u32, u32)| {
            let known = self.rarities.binary_search_by_key(&term, |(known, _)| *known);
            let known = known.ok().and_then(|position| self.rarities.get(position));
            (term, known.map_or(self.unseen, |(_, rarity)| *rarity) * share / 1000)
        };
        let weights: Box<[(u32, u32)]> =
            terms_of(self.concepts, text).into_iter().map(weight).filter(|(_, weight)| *weight > 0).collect();
        let length = root(weights.iter().map(|(_, weight)| u64::from(*weight).pow(2)).sum());
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
    /// The cosine of two wordings, 0..=1000. Nothing is allocated.
    #[must_use]
    pub fn alike(&self, other: &Self) -> u16 {
        cosine(self.product(other), self.length, other.length)
    }

    /// The sum over shared terms of the product of their weights. Both sides step by the outcome of the comparison
    /// instead of branching on it, which no processor could foretell.
    fn product(&self, other: &Self) -> u64 {
        let (mut left, mut right, mut sum) = (0, 0, 0);
        while let (Some(one), Some(two)) = (self.weights.get(left), other.weights.get(right)) {
            sum += u64::from(one.0 == two.0) * u64::from(one.1) * u64::from(two.1);
            left += usize::from(one.0 <= two.0);
            right += usize::from(two.0 <= one.0);
        }
        sum
    }
}

/// The cosine of two wordings with these lengths, 0..=1000.
fn cosine(product: u64, one: u64, other: u64) -> u16 {
    let length = one * other;
    if product == 0 || length == 0 {
        return 0;
    }
    u16::try_from((product * 1000 / length).min(1000)).unwrap_or(1000)
}

/// The terms of a text with their share of 1000, ascending, each once.
fn terms_of(concepts: &Concepts, text: &Reading) -> Vec<(u32, u32)> {
    let mut terms = Vec::with_capacity(text.words.len() + text.bigrams.len() + 2 * text.mentions.len());
    for mention in text.mentions.iter().filter(|mention| mention.strength != Strength::Hint) {
        let number = u32::try_from(mention.concept).unwrap_or(u32::MAX);
        terms.push((of_class('c', number), CONCEPT_SHARE));
        terms.push((of_class('l', hash(concepts.leaf(mention.concept).unwrap_or_default())), LEAF_SHARE));
    }
    terms.extend(text.words.iter().map(|word| (of_class('w', *word), 1000)));
    terms.extend(text.bigrams.iter().map(|bigram| (of_class('b', *bigram), BIGRAM_SHARE)));
    terms.sort_unstable();
    terms.dedup_by_key(|(term, _)| *term);
    terms
}

/// A term of a class of its own: the word 停车 is not the bigram 停车. Multiplying by an odd number loses nothing.
fn of_class(class: char, term: u32) -> u32 {
    (term ^ u32::from(class)).wrapping_mul(0x9e37_79b1).rotate_left(u32::from(class) % 31)
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
