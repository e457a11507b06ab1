//! Appraisals 评议: how well something was done, as its raiser says.

use super::scalar::DateTime;
use async_graphql::{Enum, SimpleObject};
use engine::appraisal as domain;

/// How satisfied the raiser is 评议等次.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "engine::appraisal::Grade")]
pub enum Grade {
    /// 满意.
    Satisfied,
    /// 基本满意.
    BasicallySatisfied,
    /// 不满意.
    Dissatisfied,
}

/// The raiser's verdict 评议.
#[derive(Clone, SimpleObject)]
pub struct Appraisal {
    /// How satisfied.
    pub grade: Grade,
    /// Why, in the raiser's words.
    pub note: Option<String>,
    /// When it was given.
    pub at: DateTime,
}

impl From<&domain::Appraised> for Appraisal {
    fn from(it: &domain::Appraised) -> Self {
        Self { grade: it.appraisal.grade.into(), note: it.appraisal.note.clone(), at: DateTime(it.at) }
    }
}
