//! How near a word comes to a concept by its meaning: what the lexicon would have listed, had its authors thought of it.
//!
//! A word is as near to a concept as to the nearest of the concept's own words; the cube of the cosine sets apart what is
//! really near from what is merely about the same world. Worked out once a word and process, on its first use.

use std::sync::OnceLock;

use super::Phrases;
use crate::text::senses::{Meaning, Word, each_known};

/// Marks of one word, a concept each, 0..=1000; nothing before the word was asked about.
type Marks = OnceLock<Box<[u16]>>;

/// Phrases of concepts with what they mean, and how near words come to them.
#[derive(Debug)]
pub(super) struct Nearness {
    /// Of how many concepts.
    concepts: usize,
    /// Each phrase that means something, with its concept.
    phrases: Vec<(usize, Meaning)>,
    /// Of every word.
    marks: Box<[Marks]>,
}

impl Nearness {
    /// To so many concepts with these phrases.
    pub(super) fn to<Found>(
        concepts: usize,
        phrases: &Phrases<Found>,
        concept: impl Fn(&Found) -> usize,
    ) -> Self {
        let meant = phrases.values().flatten().flat_map(|phrase| {
            let mut words = Vec::new();
            each_known(&phrase.text, |word| words.push((word, 1)));
            let meaning = Meaning::of(words);
            phrase.found.iter().map(&concept).map(|concept| (concept, meaning.clone())).collect::<Vec<_>>()
        });
        let phrases = meant.filter(|(_, meaning)| *meaning != Meaning::default()).collect();
        Self { concepts, phrases, marks: (0..Word::count()).map(|_| OnceLock::new()).collect() }
    }

    /// How near a word comes to each concept, 0..=1000.
    pub(super) fn of(&self, word: Word) -> &[u16] {
        self.marks.get(word.index()).map_or(&[], |marks| marks.get_or_init(|| self.marks_of(word)))
    }

    fn marks_of(&self, word: Word) -> Box<[u16]> {
        let meaning = word.meaning();
        let mut nearest = vec![0; self.concepts];
        for (concept, phrase) in &self.phrases {
            if let Some(nearest) = nearest.get_mut(*concept) {
                *nearest = meaning.cosine(phrase).max(*nearest);
            }
        }
        nearest.into_iter().map(|cosine| u16::try_from(cosine.pow(3) / 1_000_000).unwrap_or(0)).collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::text::{concepts::Concepts, senses::each_known};

    #[test]
    fn a_word_comes_near_the_concept_whose_words_stand_in_like_company() {
        let concepts = Concepts::parse("[HEALTH-CLINIC]\n看病 医生 @ 医院\n[SAFE-LAW]\n打官司 法律 @ 律师\n");
        let near = |text: &str, of_trades: bool| {
            let mut marks = Vec::new();
            each_known(text, |word| {
                marks =
                    if of_trades { concepts.near_trades(word) } else { concepts.near_words(word) }.to_vec();
            });
            marks
        };
        for (text, of_trades, nearest) in
            [("诊治", false, 0), ("诉讼", false, 1), ("门诊", true, 0), ("法院", true, 1), ("医院", true, 0)]
        {
            let marks = near(text, of_trades);
            assert_eq!(marks.len(), 2, "{text}");
            assert!(marks[nearest] > 180 && marks[nearest] > 2 * marks[1 - nearest], "{text}: {marks:?}");
        }
        assert!(near("医院", true)[0] >= 980, "one of its own words");
    }
}
