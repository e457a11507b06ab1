//! What is wrong with a row, or worth saying about it: facts, with the place in the file.
//!
//! The words, in Chinese and English, are made in `wording` where they are shown.

mod wording;

use engine::refusal::Refusal;
use std::{fmt, sync::Arc};

/// A line of a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    /// The file, as it was named.
    pub file: Arc<str>,
    /// The line, the first is 1.
    pub line: u64,
}

impl fmt::Display for Location {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}", self.file, self.line)
    }
}

/// Something to say about a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowProblem {
    /// Where.
    pub at: Location,
    /// In which field or column; `None` when it is the row as a whole.
    pub field: Option<String>,
    /// What.
    pub fault: Fault,
}

impl RowProblem {
    /// A problem of the row as a whole.
    pub const fn of_row(at: Location, fault: Fault) -> Self {
        Self { at, field: None, fault }
    }

    /// A problem of one field.
    pub fn of_field(at: Location, field: impl Into<String>, fault: Fault) -> Self {
        Self { at, field: Some(field.into()), fault }
    }

    /// Whether the row went in all the same.
    pub const fn is_notice(&self) -> bool {
        self.fault.is_notice()
    }
}

/// What a cell should have held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Text.
    Text,
    /// A whole number.
    Number,
    /// A number or text.
    NumberOrText,
    /// A list of texts.
    Texts,
    /// A list of objects.
    Objects,
    /// Text, or an object with a title and a url.
    Source,
}

/// What is wrong, or worth saying.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The text is that of an Excel workbook.
    Workbook,
    /// The file is an Excel workbook of before 2007, or one with a password.
    OldWorkbook,
    /// The file is an Excel workbook, but a damaged or a strange one.
    WorkbookUnreadable {
        /// What its reader says.
        detail: String,
    },
    /// The file holds no rows at all.
    EmptyFile,
    /// The line is neither UTF-8 nor GB18030.
    Undecodable,
    /// The line is no JSON.
    NotJson {
        /// What the reader says.
        detail: String,
        /// The column where it stopped.
        column: usize,
    },
    /// The line is JSON, but no object.
    NotAnObject,
    /// No line of the table names its columns.
    NoHeader,
    /// The row has another number of cells than the header.
    Ragged {
        /// Cells of the header.
        header: usize,
        /// Cells of the row.
        row: usize,
    },
    /// The formula of a cell has no result.
    NoResult {
        /// The sign it shows instead.
        sign: String,
    },
    /// Something that must be said is not.
    Missing,
    /// A cell holds another type of value.
    WrongType {
        /// What it should hold.
        wanted: Wanted,
        /// What it holds.
        got: &'static str,
    },
    /// A cell holds a word that is not known there.
    UnknownValue {
        /// The word.
        value: String,
        /// What would be known.
        known: String,
    },
    /// Not a whole number from 0 on.
    NotANumber {
        /// What it is.
        value: String,
    },
    /// Not a day.
    NotADate {
        /// What it is.
        value: String,
    },
    /// Not hours of the day.
    NotHours {
        /// What it is.
        value: String,
    },
    /// The same row stands further up.
    Duplicate {
        /// In which line.
        first: u64,
        /// Whether the contents differ although the id is the same.
        differs: bool,
    },
    /// Another need seems to say the same.
    LikelyDuplicate {
        /// Which: its id in its list, or else its number.
        of: String,
        /// What it is called.
        title: String,
        /// How likely, 0 to 1000.
        score: u16,
    },
    /// No such place, neither in the rows nor in the log.
    UnknownPlace {
        /// What it was called.
        name: String,
        /// The place that may be meant.
        nearest: Option<String>,
    },
    /// More than one place is called so.
    UnclearPlace {
        /// What it was called.
        name: String,
        /// Each of them with all around it.
        places: String,
    },
    /// No such organization.
    UnknownOrganization {
        /// What it was called.
        name: String,
    },
    /// No such category.
    UnknownCategory {
        /// What it was called.
        name: String,
    },
    /// No need came in under this id, neither with the rows nor before.
    UnknownNeed {
        /// What it was called.
        name: String,
    },
    /// The street does not allow it.
    Refused(Refusal),
    /// The log could not take it.
    NotTaken {
        /// What the log says.
        detail: String,
    },

    /// Notice: fields that mean nothing here.
    UnknownField {
        /// The fields that would.
        known: String,
    },
    /// Notice: columns that mean nothing here.
    UnknownHeading {
        /// The headings that would.
        known: String,
    },
    /// Notice: a second column for the same thing.
    ColumnTwice {
        /// The heading of the first.
        first: String,
    },
    /// Notice: the file was not UTF-8.
    DecodedFrom {
        /// Its encoding.
        encoding: &'static str,
    },
    /// Notice: lines above the header were passed over.
    LinesAboveHeader {
        /// How many.
        lines: u64,
    },
    /// Notice: an empty cell of a merged column took the value above.
    TakenFromAbove {
        /// The value.
        value: String,
        /// In how many rows of this file.
        rows: u64,
    },
    /// Notice: an amount that merged cells say once was counted once, for the first of their rows.
    CountedOnce {
        /// How many rows have none for that.
        rows: u64,
    },
    /// Notice: a row of totals was passed over.
    TotalRow,
    /// Notice: a sheet of a workbook was passed over.
    SheetPassedOver {
        /// Because it is hidden; otherwise it has no header.
        is_hidden: bool,
    },
    /// Notice: the wording does not tell the category.
    CategoryUnsure {
        /// The codes it may be, best first.
        candidates: String,
    },
    /// Notice: the category is not in the taxonomy; the wording was asked instead.
    CategoryNotKnown {
        /// What was said.
        name: String,
        /// What the wording says.
        read: Option<String>,
    },
    /// Notice: no amount could be read; the words are kept.
    QuantityUnread {
        /// The words.
        text: String,
    },
    /// Notice: a column that should tell the list holds something else.
    KindIgnored {
        /// What it holds.
        value: String,
    },
}

impl Fault {
    /// Whether the row went in all the same.
    pub const fn is_notice(&self) -> bool {
        match self {
            Self::Workbook
            | Self::OldWorkbook
            | Self::WorkbookUnreadable { .. }
            | Self::EmptyFile
            | Self::Undecodable
            | Self::NotJson { .. }
            | Self::NotAnObject
            | Self::NoHeader
            | Self::Ragged { .. }
            | Self::NoResult { .. }
            | Self::Missing
            | Self::WrongType { .. }
            | Self::UnknownValue { .. }
            | Self::NotANumber { .. }
            | Self::NotADate { .. }
            | Self::NotHours { .. }
            | Self::Duplicate { .. }
            | Self::UnknownPlace { .. }
            | Self::UnclearPlace { .. }
            | Self::UnknownOrganization { .. }
            | Self::UnknownCategory { .. }
            | Self::UnknownNeed { .. }
            | Self::Refused(_)
            | Self::NotTaken { .. } => false,
            Self::LikelyDuplicate { .. }
            | Self::UnknownField { .. }
            | Self::UnknownHeading { .. }
            | Self::ColumnTwice { .. }
            | Self::DecodedFrom { .. }
            | Self::LinesAboveHeader { .. }
            | Self::TakenFromAbove { .. }
            | Self::CountedOnce { .. }
            | Self::TotalRow
            | Self::SheetPassedOver { .. }
            | Self::CategoryUnsure { .. }
            | Self::CategoryNotKnown { .. }
            | Self::QuantityUnread { .. }
            | Self::KindIgnored { .. } => true,
        }
    }

    /// The stable code, as shown to programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Workbook => "WORKBOOK",
            Self::OldWorkbook => "OLD_WORKBOOK",
            Self::WorkbookUnreadable { .. } => "WORKBOOK_UNREADABLE",
            Self::EmptyFile => "EMPTY_FILE",
            Self::Undecodable => "UNDECODABLE",
            Self::NotJson { .. } => "NOT_JSON",
            Self::NotAnObject => "NOT_AN_OBJECT",
            Self::NoHeader => "NO_HEADER",
            Self::Ragged { .. } => "RAGGED",
            Self::NoResult { .. } => "NO_RESULT",
            Self::Missing => "MISSING",
            Self::WrongType { .. } => "WRONG_TYPE",
            Self::UnknownValue { .. } => "UNKNOWN_VALUE",
            Self::NotANumber { .. } => "NOT_A_NUMBER",
            Self::NotADate { .. } => "NOT_A_DATE",
            Self::NotHours { .. } => "NOT_HOURS",
            Self::Duplicate { .. } => "DUPLICATE",
            Self::LikelyDuplicate { .. } => "LIKELY_DUPLICATE",
            Self::UnknownPlace { .. } => "UNKNOWN_PLACE",
            Self::UnclearPlace { .. } => "UNCLEAR_PLACE",
            Self::UnknownOrganization { .. } => "UNKNOWN_ORGANIZATION",
            Self::UnknownCategory { .. } => "UNKNOWN_CATEGORY",
            Self::UnknownNeed { .. } => "UNKNOWN_NEED",
            Self::Refused(refusal) => refusal.code(),
            Self::NotTaken { .. } => "NOT_TAKEN",
            Self::UnknownField { .. } => "UNKNOWN_FIELD",
            Self::UnknownHeading { .. } => "UNKNOWN_HEADING",
            Self::ColumnTwice { .. } => "COLUMN_TWICE",
            Self::DecodedFrom { .. } => "DECODED_FROM",
            Self::LinesAboveHeader { .. } => "LINES_ABOVE_HEADER",
            Self::TakenFromAbove { .. } => "TAKEN_FROM_ABOVE",
            Self::CountedOnce { .. } => "COUNTED_ONCE",
            Self::TotalRow => "TOTAL_ROW",
            Self::SheetPassedOver { .. } => "SHEET_PASSED_OVER",
            Self::CategoryUnsure { .. } => "CATEGORY_UNSURE",
            Self::CategoryNotKnown { .. } => "CATEGORY_NOT_KNOWN",
            Self::QuantityUnread { .. } => "QUANTITY_UNREAD",
            Self::KindIgnored { .. } => "KIND_IGNORED",
        }
    }
}
