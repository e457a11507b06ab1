//! What words mean, as far as the sentences of encyclopedias tell: words that stand in like company get like vectors, so that
//! 电暖器 is near 取暖器 although neither a lexicon nor a list has ever named both. It bridges the words nobody thought of.
//!
//! `engine/data/senses/` holds the words and their vectors; `engine/data/README.md` says where they come from. A wording means the sum of the
//! vectors of its words, rare ones counting more (Arora, Liang, Ma: *A simple but tough-to-beat baseline for sentence
//! embeddings*, 2017, with the rarity learnt from rows in place of theirs). All in whole numbers.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use super::fixed::log2_milli;

const WORDS: &str = include_str!("../../data/senses/words.txt");
const VECTORS: &[u8] = include_bytes!("../../data/senses/vectors.bin");

/// Numbers of a vector.
const DIMENSIONS: usize = 48;
/// The longest word, in characters.
const CHARACTERS_MAX: usize = 6;
/// To what length the vector of a meaning is scaled.
const LENGTH: i64 = 4096;
/// As if so many rows had been learnt in which no word stands: without any, all words count alike.
const IMAGINED_ROWS: u64 = 8;

/// A word that has a vector, by its place in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Word(u16);

impl Word {
    /// How many there are.
    pub(super) fn count() -> usize {
        words().len()
    }

    /// Its place among them.
    pub(super) fn index(self) -> usize {
        usize::from(self.0)
    }

    /// This word, if it has a vector.
    fn known(text: &str) -> Option<Self> {
        let place = words().binary_search(&text).ok()?;
        u16::try_from(place).ok().map(Self)
    }

    fn vector(self) -> impl Iterator<Item = i64> {
        let begin = self.index() * DIMENSIONS;
        let bytes = VECTORS.get(begin..begin + DIMENSIONS).unwrap_or_default();
        bytes.iter().map(|byte| i64::from(byte.cast_signed()))
    }

    /// What it means alone.
    pub(super) fn meaning(self) -> Meaning {
        Meaning::of([(self, 1)])
    }
}

/// All words, in the order of their bytes.
fn words() -> &'static [&'static str] {
    static LIST: OnceLock<Box<[&str]>> = OnceLock::new();
    LIST.get_or_init(|| WORDS.lines().collect())
}

/// The words with vectors in a piece of text: the longest at each place, none within another.
pub(super) fn each_known(text: &str, mut visit: impl FnMut(Word)) {
    let starts: Vec<usize> = text.char_indices().map(|(start, _)| start).chain([text.len()]).collect();
    let mut at = 0;
    while at + 1 < starts.len() {
        let longest = (2..=CHARACTERS_MAX.min(starts.len() - 1 - at)).rev().find_map(|length| {
            let part = text.get(*starts.get(at)?..*starts.get(at + length)?)?;
            Word::known(part).map(|word| (word, length))
        });
        match longest {
            Some((word, length)) => {
                visit(word);
                at += length;
            }
            None => at += 1,
        }
    }
}

/// What a wording means: a direction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Meaning {
    /// Of length [`LENGTH`]; nothing where no word is known.
    vector: Option<[i16; DIMENSIONS]>,
}

impl Meaning {
    /// The sum of words, each with its weight.
    pub(super) fn of(words: impl IntoIterator<Item = (Word, u64)>) -> Self {
        let mut sum = [0_i64; DIMENSIONS];
        for (word, weight) in words {
            let weight = i64::try_from(weight).unwrap_or(i64::MAX);
            for (sum, number) in sum.iter_mut().zip(word.vector()) {
                *sum += weight * number;
            }
        }
        let squares: u128 = sum.iter().map(|number| u128::from(number.unsigned_abs()).pow(2)).sum();
        let length = i64::try_from(squares.isqrt()).unwrap_or(i64::MAX);
        let scaled = |number: i64| i16::try_from(number * LENGTH / length.max(1)).unwrap_or_default();
        Self { vector: (length > 0).then(|| sum.map(scaled)) }
    }

    /// The cosine with another one in thousandths, -1000..=1000; 0 when either is unknown.
    pub(super) fn cosine(&self, other: &Self) -> i32 {
        let (Some(one), Some(two)) = (&self.vector, &other.vector) else {
            return 0;
        };
        let product: i32 = one.iter().zip(two).map(|(one, two)| i32::from(*one) * i32::from(*two)).sum();
        let cosine = i64::from(product) * 1000 / (LENGTH * LENGTH);
        i32::try_from(cosine.clamp(-1000, 1000)).unwrap_or_default()
    }
}

/// How much each word of a wording counts, learnt from rows: what stands in many tells little.
#[derive(Clone, Debug)]
pub(super) struct Rarity {
    /// Weight of a word that no row has.
    unseen: u64,
    /// Weights of the words of the rows.
    seen: BTreeMap<Word, u64>,
}

impl Rarity {
    /// Learns from the words of rows.
    pub(super) fn learn(rows: impl IntoIterator<Item = BTreeSet<Word>>) -> Self {
        let (mut count, mut spread) = (IMAGINED_ROWS, BTreeMap::<Word, u64>::new());
        for row in rows {
            count += 1;
            row.into_iter().for_each(|word| *spread.entry(word).or_default() += 1);
        }
        let weight = |rows: u64| log2_milli(count, rows + 1).max(1).unsigned_abs();
        Self {
            unseen: weight(0),
            seen: spread.into_iter().map(|(word, rows)| (word, weight(rows))).collect(),
        }
    }

    /// The weight of a word.
    pub(super) fn of(&self, word: Word) -> u64 {
        self.seen.get(&word).copied().unwrap_or(self.unseen)
    }

    /// What words mean together.
    pub(super) fn meaning(&self, words: &[Word]) -> Meaning {
        Meaning::of(words.iter().map(|word| (*word, self.of(*word))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(text: &str) -> Vec<&'static str> {
        let mut found = Vec::new();
        each_known(text, |word| found.push(words()[word.index()]));
        found
    }

    fn meaning(text: &str) -> Meaning {
        let mut found = Vec::new();
        each_known(text, |word| found.push(word));
        Rarity::learn([]).meaning(&found)
    }

    #[test]
    fn the_files_belong_together() {
        assert_eq!(VECTORS.len(), Word::count() * DIMENSIONS);
        assert!(Word::count() <= usize::from(u16::MAX) + 1);
        assert!(words().is_sorted_by(|one, two| one < two), "each once");
        let length = |word: &&str| word.chars().count();
        assert!(words().iter().all(|word| (2..=CHARACTERS_MAX).contains(&length(word))));
    }

    #[test]
    fn the_longest_known_words_are_found_and_the_rest_is_passed_over() {
        assert_eq!(known("老年人志愿者abc理发"), ["老年人", "志愿者", "理发"]);
        assert_eq!(known("㐀a,"), [""; 0]);
        assert_eq!(known(""), [""; 0]);
    }

    #[test]
    fn what_stands_in_like_company_is_near() {
        let near = |one: &str, other: &str| meaning(one).cosine(&meaning(other));
        for (need, unit, stranger) in [
            ("打官司", "律师事务所", "园林绿化"),
            ("量血压", "医院", "律师事务所"),
            ("剪头发", "理发店", "供电公司"),
            ("停电", "供电公司", "幼儿园"),
        ] {
            assert!(near(need, unit) > near(need, stranger) + 100, "{need}");
        }
        assert_eq!(near("志愿者", ""), 0);
        assert!(near("志愿者", "志愿者") >= 990);
    }

    #[test]
    fn what_stands_in_many_rows_counts_less() {
        let row = |text: &str| {
            let mut row = Vec::new();
            each_known(text, |word| row.push(word));
            row.into_iter().collect()
        };
        let rarity = Rarity::learn(["社区医院", "社区律师", "社区理发"].map(row));
        let of = |text: &str| rarity.of(Word::known(text).unwrap());
        assert!(of("社区") < of("医院") && of("医院") < of("停车"));
        assert_eq!(Rarity::learn([]).unseen, 3000);
    }
}
