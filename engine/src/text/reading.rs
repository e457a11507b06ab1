//! A wording read once: cut, looked up in the lexicon, and turned into numbers, for whoever asks about it after.
//!
//! Cutting is the dear part of everything in here, so nobody cuts twice. Words and bigrams are kept as 32-bit hashes: of the
//! few thousand that rows teach, two share one once in hundreds of lexicons, and then they count as one word.

use super::concepts::{Concepts, Mention, Strength};
use super::segment::{each_bigram, each_word, normalise};
use super::senses::{Word, each_known};

/// What there is to know about a wording before anything learnt is asked.
#[derive(Clone, Debug)]
pub(super) struct Reading {
    /// Words and bigrams together, ascending, each once: the features that classes are learnt by.
    pub(super) features: Vec<u32>,
    /// Words of at least two characters, ascending, each once.
    pub(super) words: Vec<u32>,
    /// Bigrams, ascending, each once.
    pub(super) bigrams: Vec<u32>,
    /// Places where the lexicon speaks, in reading order.
    pub(super) mentions: Vec<Mention>,
    /// Words whose meaning is known, in reading order.
    pub(super) known: Vec<Word>,
}

impl Reading {
    /// Reads a wording with these concepts.
    pub(super) fn of(concepts: &Concepts, text: &str) -> Self {
        let normal = normalise(text);
        let (mut features, mut words, mut bigrams) = (Vec::new(), Vec::new(), Vec::new());
        each_word(&normal, |word| {
            features.push(hash(word));
            if word.chars().nth(1).is_some() {
                words.push(hash(word));
            }
        });
        each_bigram(&normal, |bigram| bigrams.push(hash(bigram)));
        features.extend_from_slice(&bigrams);
        for list in [&mut features, &mut words, &mut bigrams] {
            list.sort_unstable();
            list.dedup();
        }
        let mut known = Vec::new();
        each_known(&normal, |word| known.push(word));
        Self { features, words, bigrams, mentions: concepts.mentions_in(&normal), known }
    }

    /// Concepts that are named outright, ascending, each once.
    pub(super) fn named(&self) -> Vec<usize> {
        self.concepts(|strength| strength != Strength::Hint)
    }

    /// Concepts that are only hinted at, ascending, each once.
    pub(super) fn hinted(&self) -> Vec<usize> {
        self.concepts(|strength| strength == Strength::Hint)
    }

    fn concepts(&self, wanted: impl Fn(Strength) -> bool) -> Vec<usize> {
        let mentions = self.mentions.iter().filter(|mention| wanted(mention.strength));
        let mut concepts: Vec<usize> = mentions.map(|mention| mention.concept).collect();
        concepts.sort_unstable();
        concepts.dedup();
        concepts
    }
}

/// FNV-1a, folded to 32 bits.
pub(super) fn hash(text: &str) -> u32 {
    let long = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    let [a, b, c, d, e, f, g, h] = long.to_le_bytes();
    u32::from_le_bytes([a ^ e, b ^ f, c ^ g, d ^ h])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_of_two_characters_is_one_feature_with_its_bigram() {
        let reading = Reading::of(Concepts::builtin(), "义诊");
        assert_eq!(reading.features, [hash("义诊")]);
        assert_eq!((reading.words, reading.bigrams), (vec![hash("义诊")], vec![hash("义诊")]));
    }

    #[test]
    fn what_is_named_is_told_from_what_is_hinted() {
        let concepts = Concepts::parse("[HEALTH-PSY]\n心理咨询 ~压力\n[CARE-WISH]\n+微心愿\n");
        let reading = Reading::of(&concepts, "微心愿:压力大,想要心理咨询");
        assert_eq!((reading.named(), reading.hinted()), (vec![0, 1], vec![0]));
    }
}
