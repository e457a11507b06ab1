//! The hand-written lexicon: concepts of community work, the words that name them, and the trades that serve them.
//!
//! `engine/data/lexicon.txt` holds one concept a line under the code of its category. It is general knowledge, so it
//! works before anything has been learnt; what a street really posts is learnt on top of it by
//! [`Lexicon`](super::classify::Lexicon) and [`Affinity`](super::affinity::Affinity).

mod nearness;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::segment::normalise;
use super::senses::Word;
use nearness::Nearness;

const LEXICON: &str = include_str!("../../data/lexicon.txt");

/// How much a word tells about its concept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// `~word`: often means something else.
    Hint,
    /// `word`
    Plain,
    /// `+word`: settles the matter.
    Deciding,
}

/// A place in a text where a word of the lexicon stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// Index of the concept.
    pub concept: usize,
    /// How much it tells.
    pub strength: Strength,
    /// Length of the word in characters.
    pub length: usize,
}

/// The concepts with their words and trades.
#[derive(Debug)]
pub struct Concepts {
    /// Per concept, the code of its category.
    leaves: Vec<String>,
    words: Phrases<(usize, Strength)>,
    trades: Phrases<usize>,
    near_words: OnceLock<Nearness>,
    near_trades: OnceLock<Nearness>,
}

/// Phrases with what they stand for, by their first character.
type Phrases<Found> = BTreeMap<char, Vec<Phrase<Found>>>;

/// A phrase; those of one first character stand longest first.
#[derive(Debug)]
struct Phrase<Found> {
    text: String,
    /// Its characters.
    length: usize,
    found: Vec<Found>,
}

impl Concepts {
    /// The lexicon that comes with the engine.
    #[must_use]
    pub fn builtin() -> &'static Self {
        static BUILTIN: OnceLock<Concepts> = OnceLock::new();
        BUILTIN.get_or_init(|| Self::parse(LEXICON))
    }

    /// No concept at all: what is left to who has learnt from rows alone.
    #[must_use]
    pub fn none() -> &'static Self {
        static NONE: OnceLock<Concepts> = OnceLock::new();
        NONE.get_or_init(|| Self::parse(""))
    }

    /// Reads the format that the head of `lexicon.txt` describes. Lines before the first `[CODE]` are left out.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut concepts = Self {
            leaves: Vec::new(),
            words: BTreeMap::new(),
            trades: BTreeMap::new(),
            near_words: OnceLock::new(),
            near_trades: OnceLock::new(),
        };
        let mut leaf = None;
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            if let Some(code) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                leaf = Some(code);
            } else if let Some(code) = leaf {
                concepts.add(code, line);
            }
        }
        concepts
    }

    fn add(&mut self, leaf: &str, line: &str) {
        let concept = self.leaves.len();
        self.leaves.push(leaf.to_owned());
        let (words, trades) = line.split_once('@').unwrap_or((line, ""));
        for marked in words.split_whitespace() {
            let (strength, word) = match (marked.strip_prefix('~'), marked.strip_prefix('+')) {
                (Some(word), _) => (Strength::Hint, word),
                (_, Some(word)) => (Strength::Deciding, word),
                _ => (Strength::Plain, marked),
            };
            insert(&mut self.words, word, (concept, strength));
        }
        for trade in trades.split_whitespace() {
            insert(&mut self.trades, trade, concept);
        }
    }

    /// How many concepts there are; they are numbered from 0.
    #[must_use]
    pub fn count(&self) -> usize {
        self.leaves.len()
    }

    /// The code of the category a concept belongs to.
    #[must_use]
    pub fn leaf(&self, concept: usize) -> Option<&str> {
        self.leaves.get(concept).map(String::as_str)
    }

    /// The codes of the categories in file order, each once.
    pub fn leaf_codes(&self) -> impl Iterator<Item = &str> {
        let mut last = "";
        self.leaves.iter().map(String::as_str).filter(move |code| {
            let fresh = *code != last;
            last = code;
            fresh
        })
    }

    /// Every word and trade of the lexicon, for the dictionary of the segmenter.
    pub fn phrases(&self) -> impl Iterator<Item = &str> {
        let words = self.words.values().flatten().map(|phrase| phrase.text.as_str());
        words.chain(self.trades.values().flatten().map(|phrase| phrase.text.as_str()))
    }

    /// The words of the lexicon in a text, in reading order. Of two words of which one lies inside the other, only the
    /// longer is mentioned: 心理咨询 is not also 咨询.
    #[must_use]
    pub fn mentions(&self, text: &str) -> Vec<Mention> {
        self.mentions_in(&normalise(text))
    }

    /// The same for a text in normal form.
    pub(super) fn mentions_in(&self, normal: &str) -> Vec<Mention> {
        let mut mentions = Vec::new();
        longest_matches(normal, &self.words, |length, found| {
            mentions.extend(found.iter().map(|&(concept, strength)| Mention { concept, strength, length }));
        });
        mentions
    }

    /// How near a word comes to what each concept is called, 0..=1000, in the order of the concepts.
    pub(super) fn near_words(&self, word: Word) -> &[u16] {
        let near = || Nearness::to(self.count(), &self.words, |(concept, _)| *concept);
        self.near_words.get_or_init(near).of(word)
    }

    /// How near a word comes to the trades of each concept, 0..=1000, in the order of the concepts.
    pub(super) fn near_trades(&self, word: Word) -> &[u16] {
        self.near_trades.get_or_init(|| Nearness::to(self.count(), &self.trades, |concept| *concept)).of(word)
    }

    /// The concepts that are the daily trade of a unit with this name, ascending, each once.
    #[must_use]
    pub fn trades(&self, name: &str) -> Vec<usize> {
        let mut concepts = Vec::new();
        longest_matches(&normalise(name), &self.trades, |_, found| concepts.extend(found.iter().copied()));
        concepts.sort_unstable();
        concepts.dedup();
        concepts
    }
}

fn insert<Found>(phrases: &mut Phrases<Found>, phrase: &str, found: Found) {
    let text = normalise(phrase);
    let Some(first) = text.chars().next() else {
        return;
    };
    let kin = phrases.entry(first).or_default();
    if let Some(known) = kin.iter_mut().find(|known| known.text == text) {
        known.found.push(found);
        return;
    }
    let length = text.chars().count();
    let place = kin.partition_point(|known| known.length >= length);
    kin.insert(place, Phrase { text, length, found: vec![found] });
}

/// Visits the longest phrase that begins at each character, unless it ends within the one before.
fn longest_matches<Found>(normal: &str, known: &Phrases<Found>, mut visit: impl FnMut(usize, &[Found])) {
    let mut covered_to = 0;
    for (start, first) in normal.char_indices() {
        let (Some(kin), Some(rest)) = (known.get(&first), normal.get(start..)) else {
            continue;
        };
        let longest = kin.iter().find(|phrase| rest.starts_with(&phrase.text));
        if let Some(phrase) = longest.filter(|phrase| start + phrase.text.len() > covered_to) {
            visit(phrase.length, &phrase.found);
            covered_to = start + phrase.text.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = "# head\n[HEALTH-PSY]\n心理咨询 ~压力 @ 心理\n[SAFE-LAW]\n咨询 律师 @ 律所\n";

    #[test]
    fn the_longer_word_hides_the_shorter_inside_it() {
        let concepts = Concepts::parse(SMALL);
        let leaves = |text: &str| -> Vec<String> {
            concepts
                .mentions(text)
                .iter()
                .filter_map(|mention| concepts.leaf(mention.concept))
                .map(str::to_owned)
                .collect()
        };
        assert_eq!(leaves("心理咨询"), ["HEALTH-PSY"]);
        assert_eq!(leaves("咨询律师"), ["SAFE-LAW", "SAFE-LAW"]);
        assert_eq!(leaves("无关"), Vec::<String>::new());
        assert_eq!(concepts.trades("某某律所"), [1]);
    }

    #[test]
    fn the_builtin_lexicon_covers_the_taxonomy() {
        let taxonomy = include_str!("../../data/taxonomy.json");
        let codes: Vec<&str> = Concepts::builtin().leaf_codes().collect();
        assert_eq!(codes.len(), 31);
        for code in codes {
            assert!(taxonomy.contains(&format!("\"{code}\"")), "{code} is no leaf");
        }
    }
}
