//! Everything the certificate of a search can find wrong. From a search's own answer it means a bug in the search.

use thiserror::Error;

use crate::matching::search::Question;
use crate::matching::transport::Edge;

/// Why an answer proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Flaw {
    /// There must be one flow per edge, one part per row and column, and a proof for each part.
    #[error("the answer does not fit the instance")]
    WrongShape,
    /// A row receives more than it asked for.
    #[error("row {row} receives more than it asked for")]
    RowOverfilled {
        /// The row.
        row: usize,
    },
    /// A column gives more than it has.
    #[error("column {column} gives more than it has")]
    ColumnOverdrawn {
        /// The column.
        column: usize,
    },
    /// The flows do not keep a rule.
    #[error("rule {rule} is not kept")]
    RuleBroken {
        /// The rule.
        rule: usize,
    },
    /// The flows are worth something else.
    #[error("the flows are worth {earned}, not {stated}")]
    ObjectiveMisstated {
        /// What the answer says.
        stated: i128,
        /// What they are worth.
        earned: i128,
    },
    /// An edge joins two parts.
    #[error("edge {edge:?} joins two parts")]
    PartsJoined {
        /// The edge.
        edge: Edge,
    },
    /// A rule speaks of two parts.
    #[error("rule {rule} speaks of two parts")]
    PartsRuled {
        /// The rule.
        rule: usize,
    },
    /// A price is negative, or there are not as many as columns, choices and cuts, or a leaf names none.
    #[error("the prices of part {part} do not fit it")]
    PricesUnfit {
        /// The part.
        part: usize,
    },
    /// A cut speaks of what is not in its part, or twice of the same, or rounds by nothing.
    #[error("cut {cut} of part {part} does not follow from the instance")]
    CutUnfounded {
        /// The part.
        part: usize,
        /// The cut.
        cut: usize,
    },
    /// A question asks about nothing in its part.
    #[error("{question:?} asks about nothing in part {part}")]
    QuestionMeaningless {
        /// The part.
        part: usize,
        /// The question.
        question: Question,
    },
    /// The tree ends before every answer is followed up, or goes on after.
    #[error("the tree of part {part} does not follow up every answer once")]
    TreeUnfinished {
        /// The part.
        part: usize,
    },
    /// The leaves prove less than was stated.
    #[error("the leaves prove a bound of {proved}, not of {stated}")]
    BoundMisstated {
        /// What the answer says.
        stated: i128,
        /// What the leaves prove.
        proved: i128,
    },
    /// Pieces do not say of every row and every column where it is, or a fall names none.
    #[error("the pieces of part {part} do not fit it")]
    PiecesUnfit {
        /// The part.
        part: usize,
    },
    /// An edge or a rule joins pieces that are said to share nothing.
    #[error("part {part} does not fall into the pieces it is said to fall into")]
    PiecesJoined {
        /// The part.
        part: usize,
    },
}
