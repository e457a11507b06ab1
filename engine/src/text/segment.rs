//! Cuts Chinese wording into normal form, words and character bigrams.
//!
//! Promises: the same text gives the same pieces in the same order on every platform; nothing is lost but punctuation,
//! white space and stop words. The dictionary is jieba's own plus the words of the [lexicon](super::concepts); it is
//! loaded once per process. What the words *mean* is left to the other modules.

use std::sync::OnceLock;

use jieba_rs::Jieba;

use super::concepts::Concepts;

/// Words that carry no topic in a list row. Kept short: a verb such as 修 or 教 is a topic here.
const STOP_WORDS: [&str; 68] = [
    "的",
    "了",
    "和",
    "与",
    "及",
    "或",
    "在",
    "是",
    "有",
    "为",
    "对",
    "等",
    "把",
    "被",
    "给",
    "让",
    "我",
    "我们",
    "他",
    "她",
    "它",
    "你",
    "您",
    "这",
    "那",
    "也",
    "都",
    "就",
    "而",
    "并",
    "以",
    "从",
    "到",
    "向",
    "由",
    "于",
    "之",
    "其",
    "中",
    "上",
    "下",
    "内",
    "外",
    "个",
    "名",
    "位",
    "者",
    "一",
    "一个",
    "一名",
    "想",
    "希望",
    "需要",
    "想要",
    "能",
    "可以",
    "进行",
    "开展",
    "提供",
    "解决",
    "问题",
    "需求",
    "相关",
    "工作",
    "社区",
    "街道",
    "进社区",
    "走进",
];

/// The wording in its normal form: full-width letters, digits and signs become half-width, Latin letters lower case,
/// and everything that is neither letter, digit nor ideograph becomes one blank.
///
/// ```
/// assert_eq!(engine::text::segment::normalise("ＡＥＤ急救(第3场)!"), "aed急救 第3场");
/// ```
#[must_use]
pub fn normalise(text: &str) -> String {
    let mut normal = String::with_capacity(text.len());
    for raw in text.chars() {
        let half = half_width(raw);
        if half.is_alphanumeric() {
            normal.extend(half.to_lowercase());
        } else if !normal.is_empty() && !normal.ends_with(' ') {
            normal.push(' ');
        }
    }
    if normal.ends_with(' ') {
        normal.pop();
    }
    normal
}

/// The half-width twin of a full-width form (U+FF01–U+FF5E, U+3000), any other character unchanged.
#[must_use]
pub fn half_width(raw: char) -> char {
    match raw {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(raw as u32 - 0xfee0).unwrap_or(raw),
        _ => raw,
    }
}

/// The words of a text in reading order, without stop words, blanks and bare numbers.
#[must_use]
pub fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    each_word(&normalise(text), |word| words.push(word.to_owned()));
    words
}

/// Visits the words of a text in normal form, as [`words`] gives them.
pub(super) fn each_word(normal: &str, mut visit: impl FnMut(&str)) {
    for token in dictionary().cut(normal, false) {
        let word = token.word.trim();
        if !word.is_empty() && !is_stop_word(word) && !is_number(word) {
            visit(word);
        }
    }
}

/// The overlapping pairs of neighbouring characters of a text; a pair never bridges a blank.
///
/// ```
/// assert_eq!(engine::text::segment::bigrams("停车难,路"), ["停车", "车难"]);
/// ```
#[must_use]
pub fn bigrams(text: &str) -> Vec<String> {
    let mut pairs = Vec::new();
    each_bigram(&normalise(text), |pair| pairs.push(pair.to_owned()));
    pairs
}

/// Visits the bigrams of a text in normal form, as [`bigrams`] gives them.
pub(super) fn each_bigram(normal: &str, mut visit: impl FnMut(&str)) {
    for run in normal.split(' ') {
        let starts = run.char_indices().map(|(start, _)| start);
        let ends = starts.clone().skip(2).chain([run.len()]);
        // The last character begins no pair, so it is left without an end.
        for (start, end) in starts.zip(ends).take(run.chars().count().saturating_sub(1)) {
            visit(run.get(start..end).unwrap_or_default());
        }
    }
}

fn is_stop_word(word: &str) -> bool {
    STOP_WORDS.contains(&word)
}

fn is_number(word: &str) -> bool {
    word.chars().all(|letter| letter.is_ascii_digit())
}

/// jieba with the domain's words added. Their frequency is the one jieba suggests for keeping the word whole.
fn dictionary() -> &'static Jieba {
    static DICTIONARY: OnceLock<Jieba> = OnceLock::new();
    DICTIONARY.get_or_init(|| {
        let mut jieba = Jieba::new();
        for word in Concepts::builtin().phrases() {
            if word.chars().count() > 1 && !jieba.has_word(word) {
                jieba.add_word(word, None, None);
            }
        }
        jieba
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_domain_stay_whole() {
        let cases = [
            ("老旧小区加装电梯", vec!["老旧小区", "加装电梯"]),
            ("爱心暑托班", vec!["爱心", "暑托班"]),
            ("希望有人陪伴我", vec!["有人", "陪伴"]),
        ];
        for (text, expected) in cases {
            let found = words(text);
            for word in expected {
                assert!(found.iter().any(|known| known.contains(word)), "{text}: {found:?} lacks {word}");
            }
        }
    }

    #[test]
    fn punctuation_and_width_do_not_matter() {
        assert_eq!(words("义诊、理发!"), words("义诊 理发"));
        assert_eq!(bigrams("ＡＥＤ"), bigrams("aed"));
        assert_eq!(normalise("  …… "), "");
    }
}
