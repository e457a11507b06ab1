//! Worth: what things count in the plan's objective.

use crate::schema::scalar::{Long, int};
use async_graphql::SimpleObject;
use engine::{matching::explaining as domain, refusal::wording::Language};

/// A worth in the units of the plan's objective 价值. May be negative in a difference.
#[derive(Clone, SimpleObject)]
pub struct Worth {
    /// In units of the objective; an ordinary need met in full at the best fit counts 1000000000.
    pub value: Long,
    /// In thousandths of such a need 千分比, rounded towards zero.
    pub per_mille: i32,
    /// The same in words, in the language of the request.
    pub message: String,
}

impl Worth {
    /// A worth in one language.
    pub fn new(it: domain::Worth, language: Language) -> Self {
        Self { value: Long(it.0), per_mille: int(it.per_mille()), message: it.message(language) }
    }
}
