//! Appraisals 评议: the raiser's verdict on what was done.

use crate::moment::Moment;
use serde::{Deserialize, Serialize};

/// How satisfied the raiser is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Grade {
    /// 满意.
    Satisfied,
    /// 基本满意.
    BasicallySatisfied,
    /// 不满意.
    Dissatisfied,
}

impl Grade {
    /// All of them, the best first.
    pub const ALL: [Self; 3] = [Self::Satisfied, Self::BasicallySatisfied, Self::Dissatisfied];
}

/// A verdict, as it is given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Appraisal {
    /// How satisfied.
    pub grade: Grade,
    /// Why, in the raiser's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A verdict with the time it was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Appraised {
    /// The verdict.
    pub appraisal: Appraisal,
    /// When it was given.
    pub at: Moment,
}
