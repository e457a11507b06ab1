//! What a row is: a place, an organization, a roster link, a need, a resource or a project.

use std::fmt;

/// What a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// 区域.
    Place,
    /// 组织.
    Organization,
    /// 包联/双报到/结对.
    Roster,
    /// 需求.
    Need,
    /// 资源.
    Resource,
    /// 项目.
    Project,
}

/// Words that mean a kind, the longer before the shorter where one holds the other.
const WORDS: [(&str, Kind); 27] = [
    ("place", Kind::Place),
    ("区域", Kind::Place),
    ("地点", Kind::Place),
    ("organization", Kind::Organization),
    ("organisation", Kind::Organization),
    ("org", Kind::Organization),
    ("组织", Kind::Organization),
    ("驻区单位", Kind::Organization),
    ("单位", Kind::Organization),
    ("roster", Kind::Roster),
    ("包联", Kind::Roster),
    ("双报到", Kind::Roster),
    ("结对", Kind::Roster),
    ("共建关系", Kind::Roster),
    ("need", Kind::Need),
    ("needs", Kind::Need),
    ("需求", Kind::Need),
    ("微心愿", Kind::Need),
    ("心愿", Kind::Need),
    ("resource", Kind::Resource),
    ("resources", Kind::Resource),
    ("资源", Kind::Resource),
    ("project", Kind::Project),
    ("projects", Kind::Project),
    ("项目", Kind::Project),
    ("places", Kind::Place),
    ("organizations", Kind::Organization),
];

/// The kinds as they are listed in hints.
pub(super) const KNOWN: &str =
    "need 需求, resource 资源, project 项目, organization 组织, roster 包联/双报到/结对, place 区域";

impl Kind {
    /// All kinds, in the order in which they are taken in.
    pub const ALL: [Self; 6] =
        [Self::Place, Self::Organization, Self::Roster, Self::Need, Self::Resource, Self::Project];

    /// Reads the word of a cell: `need`, 「需求」, 「需求清单」.
    pub fn read(text: &str) -> Option<Self> {
        let word = text.trim().to_lowercase();
        let word = word.trim_end_matches("清单").trim_end_matches("类");
        WORDS.iter().find(|(known, _)| *known == word).map(|(_, kind)| *kind)
    }

    /// Reads what a file or the lines above a table are called: `2026需求清单.csv`, `needs.jsonl`. `None`
    /// when it names no list, or more than one.
    pub fn named_in(text: &str) -> Option<Self> {
        let lower = text.to_lowercase();
        let lists = [
            (Self::Need, ["需求", "心愿", "need"]),
            (Self::Resource, ["资源", "resource", "resource"]),
            (Self::Project, ["项目", "project", "project"]),
            (Self::Organization, ["组织名册", "单位名册", "organization"]),
            (Self::Roster, ["包联", "双报到", "roster"]),
        ];
        let mut found = None;
        for (kind, words) in lists {
            if words.iter().any(|word| lower.contains(word)) {
                if found.is_some() {
                    return None;
                }
                found = Some(kind);
            }
        }
        found
    }

    /// The English word, as in JSON rows.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Place => "place",
            Self::Organization => "organization",
            Self::Roster => "roster",
            Self::Need => "need",
            Self::Resource => "resource",
            Self::Project => "project",
        }
    }

    /// The Chinese word.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Place => "区域",
            Self::Organization => "组织",
            Self::Roster => "共建关系",
            Self::Need => "需求",
            Self::Resource => "资源",
            Self::Project => "项目",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.word())
    }
}
