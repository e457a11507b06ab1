//! Funnels 漏斗: how many have come how far.

use super::{
    part::{self, AggregateScope},
    words::{Stage, TalliedList},
};
use crate::schema::{fault::bad_input, scalar::int, scope::Scope};
use async_graphql::{Result, SimpleObject};
use engine::{
    figures::Rate,
    tallies::{self, List},
};

/// One stage of a funnel 漏斗阶段.
#[derive(Clone, Copy, Debug, PartialEq, SimpleObject)]
pub struct FunnelStep {
    /// The stage.
    pub stage: Stage,
    /// How many have come to it at least, whatever became of them then.
    pub count: i32,
    /// In thousandths of what was posted, rounded down; null of nothing.
    pub per_mille: Option<i32>,
}

/// How many have come how far 漏斗, of what began in a period. What was in other hands from the beginning is not in it.
#[derive(Clone, Debug, PartialEq, SimpleObject)]
pub struct Funnel {
    /// Every stage in order; none has more than the one before. Pairings are not appraised, and end with ACCEPTED.
    pub steps: Vec<FunnelStep>,
}

/// The funnel of a part.
///
/// # Errors
/// `BAD_USER_INPUT` when an argument makes no sense.
pub fn read(
    scope: &Scope,
    list: Option<TalliedList>,
    within: &Option<AggregateScope>,
    period: Option<&str>,
) -> Result<Funnel> {
    let list = list.map_or(List::Needs, List::from);
    if !matches!(list, List::Needs | List::Pairings) {
        return Err(bad_input("list:只有需求和配对有漏斗", "list: needs and pairings go through a funnel"));
    }
    part::may_ask(scope, list, (false, false), within)?;
    let part = part::read(&scope.state, list, within, period)?;
    let tallies::Funnel(counts) = tallies::funnel(&scope.state, &part);
    let denominator = counts.first().copied().unwrap_or_default();
    // A need is appraised by its raiser, a pairing by nobody.
    let has_stage = |stage: tallies::Stage| list == List::Needs || stage != tallies::Stage::Appraised;
    let steps = tallies::Stage::ALL.into_iter().zip(counts).filter(|(stage, _)| has_stage(*stage));
    let steps = steps.map(|(stage, numerator)| FunnelStep {
        stage: stage.into(),
        count: int(numerator),
        per_mille: Rate { numerator, denominator }.per_mille().map(int),
    });
    Ok(Funnel { steps: steps.collect() })
}
