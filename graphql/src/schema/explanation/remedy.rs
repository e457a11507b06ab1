//! Remedies 改进建议: the smallest changes that would serve a need or use a resource.

use crate::{
    input::change::ChangeInput,
    schema::{
        scalar::{Json, int},
        words::ChangeCode,
    },
};
use async_graphql::{InputType, SimpleObject};
use engine::matching::{Change, explaining::remedies as domain, wording::Names};

/// Changes that would serve a need or use what is idle 改进建议. They were tried: the plan then does what is
/// said here.
#[derive(Clone, SimpleObject)]
pub struct Remedy {
    /// What to change and how far that goes, in words, in the language of the request.
    pub message: String,
    /// What to change, all of it: one change, or two where none alone would do.
    pub changes: Vec<RemedyChange>,
    /// How much trouble it is, in points 难度: the rank of the remedies.
    pub effort: i32,
    /// How much would be planned then, of what is asked or of what is idle, in base units, lots or engagements.
    pub reaches: i32,
    /// Whether that is all of it.
    pub in_full: bool,
}

impl Remedy {
    /// A remedy by the names of a state.
    pub fn new(it: &domain::Remedy, names: Names<'_>) -> Self {
        Self {
            message: it.message(names),
            changes: it.changes.iter().map(|change| RemedyChange::new(change, names)).collect(),
            effort: int(it.effort),
            reaches: int(it.reaches),
            in_full: it.in_full,
        }
    }
}

/// One change of a remedy 变更.
#[derive(Clone, SimpleObject)]
pub struct RemedyChange {
    /// Of what kind.
    pub code: ChangeCode,
    /// What would be different, in words, in the language of the request.
    pub message: String,
    /// How much trouble it is, in points 难度.
    pub effort: i32,
    /// The same as a `ChangeInput`, to be given to `whatIf` as it is.
    pub input: Option<Json>,
}

impl RemedyChange {
    fn new(it: &Change, names: Names<'_>) -> Self {
        let input = ChangeInput::of(it).and_then(|input| input.to_value().into_json().ok());
        Self {
            code: ChangeCode::of(it),
            message: it.message(names),
            effort: int(it.effort()),
            input: input.map(Json),
        }
    }
}
