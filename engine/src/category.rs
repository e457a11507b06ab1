//! What needs and resources are about: a taxonomy of two levels that each street may edit and extend.

use serde::{Deserialize, Serialize};
use std::{fmt, sync::Arc};

/// The code of a category, such as `CARE-MEAL`: upper-case letters, digits and hyphens, 2 to 32 of them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CategoryCode(Arc<str>);

/// A text that is no category code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a category code: 2 to 32 upper-case letters, digits or hyphens")]
pub struct NotACategoryCode(pub String);

impl CategoryCode {
    /// Reads a code.
    ///
    /// # Errors
    /// When it holds anything but upper-case letters, digits and hyphens, or has fewer than 2 or more than 32.
    pub fn new(code: &str) -> Result<Self, NotACategoryCode> {
        let fits = (2..=32).contains(&code.len())
            && code.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'-');
        if fits { Ok(Self(code.into())) } else { Err(NotACategoryCode(code.to_owned())) }
    }

    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for CategoryCode {
    type Error = NotACategoryCode;
    fn try_from(code: String) -> Result<Self, Self::Error> {
        Self::new(&code)
    }
}

impl From<CategoryCode> for String {
    fn from(code: CategoryCode) -> Self {
        code.0.as_ref().to_owned()
    }
}

impl fmt::Display for CategoryCode {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// One category. A leaf has a parent, a top has none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Category {
    /// Its code.
    pub code: CategoryCode,
    /// The top it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<CategoryCode>,
    /// Its Chinese name.
    pub zh: String,
    /// Its English name.
    pub en: String,
    /// Leaves whose resources may serve a need of this one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub substitutes: Vec<CategoryCode>,
}

/// A category given to an entry, and how sure that is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Categorized {
    /// The leaf.
    pub code: CategoryCode,
    /// 1000 when a person stated it, less when it was read from the wording.
    pub confidence: u16,
}

impl Categorized {
    /// As a person stated it.
    pub const fn stated(code: CategoryCode) -> Self {
        Self { code, confidence: 1000 }
    }

    /// Whether a person stated it.
    pub const fn is_stated(&self) -> bool {
        self.confidence >= 1000
    }
}

#[derive(Deserialize)]
struct SeedTop {
    code: CategoryCode,
    zh: String,
    en: String,
    leaves: Vec<SeedLeaf>,
}

#[derive(Deserialize)]
struct SeedLeaf {
    code: CategoryCode,
    zh: String,
    en: String,
}

/// Leaves that stand in for each other in practice: a wish for goods is met from hardship relief, a
/// meal for elders from elder care, a course from a reading club's programme. A street edits them.
const SEED_SUBSTITUTES: [(&str, &[&str]); 12] = [
    ("CARE-WISH", &["CARE-POOR"]),
    ("CARE-POOR", &["CARE-WISH", "LIVE-FUND"]),
    ("CARE-ELDER", &["PARTY-VOL", "CARE-MEAL"]),
    ("CARE-DIGI", &["PARTY-VOL", "CARE-ELDER"]),
    ("CARE-DIS", &["CARE-WISH", "CARE-POOR"]),
    ("EDU-CARE", &["EDU-TUTOR", "PARTY-VOL", "EDU-SCI"]),
    ("EDU-TUTOR", &["EDU-CARE", "EDU-SCI"]),
    ("CULT-FEST", &["CULT-ARTS", "LIVE-CONV"]),
    ("CULT-ARTS", &["CULT-FEST", "SPACE-VENUE"]),
    ("CULT-READ", &["EDU-TUTOR", "SPACE-VENUE"]),
    ("SPACE-FIX", &["LIVE-FUND", "LIVE-ENV"]),
    ("LIVE-ENV", &["SPACE-FIX", "PARTY-VOL"]),
];

/// The taxonomy a new street starts with: 8 tops and 31 leaves.
///
/// # Errors
/// When the table built into the program is damaged; a test guards that it is not.
pub fn seed() -> Result<Vec<Category>, serde_json::Error> {
    let tops: Vec<SeedTop> = serde_json::from_str(include_str!("../data/taxonomy.json"))?;
    let mut categories = Vec::new();
    for top in tops {
        categories.push(Category {
            code: top.code.clone(),
            parent: None,
            zh: top.zh,
            en: top.en,
            substitutes: Vec::new(),
        });
        for leaf in top.leaves {
            let stand_ins = SEED_SUBSTITUTES.iter().find(|(code, _)| *code == leaf.code.as_str());
            categories.push(Category {
                substitutes: stand_ins
                    .into_iter()
                    .flat_map(|(_, codes)| codes.iter())
                    .filter_map(|code| CategoryCode::new(code).ok())
                    .collect(),
                code: leaf.code,
                parent: Some(top.code.clone()),
                zh: leaf.zh,
                en: leaf.en,
            });
        }
    }
    Ok(categories)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seed_has_eight_tops_and_thirty_one_leaves_and_every_stand_in_exists() {
        let seed = seed().unwrap();
        assert_eq!(seed.iter().filter(|category| category.parent.is_none()).count(), 8);
        assert_eq!(seed.iter().filter(|category| category.parent.is_some()).count(), 31);
        for (code, stand_ins) in SEED_SUBSTITUTES {
            for code in stand_ins.iter().chain([&code]) {
                assert!(seed.iter().any(|category| category.code.as_str() == *code), "{code}");
            }
        }
    }
}
