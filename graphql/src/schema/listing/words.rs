//! Searching for words 关键词.

/// Words that all have to stand in a text, somewhere and in any order. Chinese is written without blanks, so a word is
/// found wherever its characters stand together.
#[derive(Debug)]
pub struct Words {
    words: Vec<String>,
    /// Whether capitals matter to any of them: in Chinese there are none.
    with_case: bool,
}

impl Words {
    /// The words of a text, with blanks between them; letters of full width are those of the usual width.
    pub fn of(text: &str) -> Self {
        let words: Vec<String> = narrow_letters(text).split_whitespace().map(str::to_lowercase).collect();
        let with_case = words
            .iter()
            .flat_map(|word| word.chars())
            .any(|it| it.is_ascii() || it.is_alphabetic() && it.to_uppercase().next() != Some(it));
        Self { words, with_case }
    }

    /// Whether all of them stand in a title or what is said below it.
    pub fn stand_in(&self, title: &str, detail: Option<&str>) -> bool {
        if !self.with_case {
            return self.words.iter().all(|word| {
                title.contains(word.as_str()) || detail.is_some_and(|detail| detail.contains(word.as_str()))
            });
        }
        let plain = |text: &str| narrow_letters(text).to_lowercase();
        let (title, detail) = (plain(title), detail.map(plain));
        self.words.iter().all(|word| {
            title.contains(word.as_str())
                || detail.as_ref().is_some_and(|detail| detail.contains(word.as_str()))
        })
    }
}

/// The text with ASCII where it has the letters, digits and blanks that are as wide as a Chinese character.
fn narrow_letters(text: &str) -> String {
    let narrow = |it: char| match it {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => u32::from(it).checked_sub(0xfee0).and_then(char::from_u32).unwrap_or(it),
        other => other,
    };
    text.chars().map(narrow).collect()
}
