//! The ranking of units 单位排名: what they gave, how much of it in time, and how content those were who got it.

use crate::schema::{
    figures::{self, Rate},
    organization::Organization,
    scalar::int,
    scope::{Scope, Snapshot},
};
use async_graphql::{Enum, Object, Result};
use engine::{
    figures::{Counts, Earned, Rate as Share, Scope as Counted},
    identity::OrganizationId,
    organization::OrganizationKind,
    period::Period,
    permission::Sight,
};
use std::{cmp::Ordering, sync::Arc};

/// By what units are ranked 排名依据.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum UnitRanking {
    /// 积分: points credited.
    Points,
    /// 时长: minutes credited.
    Minutes,
    /// 交付次数: deliveries credited.
    Deliveries,
    /// 履约数: pairings fulfilled.
    Fulfilled,
    /// 按时履约率: fulfilled in time / agreed.
    OnTimeRate,
    /// 满意率: (satisfied + basically satisfied) / appraised.
    SatisfactionRate,
}

/// A unit with its place in the ranking.
#[derive(Clone)]
pub struct UnitRank {
    at: Snapshot,
    rank: usize,
    unit: OrganizationId,
    earned: Earned,
    counts: Counts,
}

impl PartialEq for UnitRank {
    fn eq(&self, other: &Self) -> bool {
        (self.rank, self.unit, &self.earned, &self.counts)
            == (other.rank, other.unit, &other.earned, &other.counts)
    }
}

/// A unit with its place in the ranking 单位排名. Credits belong to the month in which they were given, all else to the
/// month in which the pairing began.
#[Object]
impl UnitRank {
    /// Which place, from 1; who is level shares it.
    async fn rank(&self) -> i32 {
        int(self.rank)
    }

    /// The unit.
    async fn organization(&self) -> Option<Organization> {
        Organization::find(&self.at, self.unit)
    }

    /// Points credited in the period 积分.
    async fn points(&self) -> i32 {
        int(self.earned.points)
    }

    /// Minutes credited in the period 时长.
    async fn minutes(&self) -> i32 {
        int(self.earned.minutes)
    }

    /// Deliveries credited in the period 交付次数.
    async fn deliveries(&self) -> i32 {
        int(self.earned.deliveries)
    }

    /// Pairings it gives that both sides agreed 达成.
    async fn agreed(&self) -> i32 {
        int(self.counts.agreed)
    }

    /// Of these, delivered and accepted 履约数.
    async fn fulfilled(&self) -> i32 {
        int(self.counts.fulfilled)
    }

    /// 按时履约率: fulfilled, within the street's limit for meeting a need from the day both agreed / agreed.
    async fn on_time_rate(&self) -> Rate {
        self.counts.fulfilment_in_time_rate().into()
    }

    /// 满意率: (satisfied + basically satisfied) / appraised, of what it gave.
    async fn satisfaction_rate(&self) -> Rate {
        self.counts.given_satisfaction_rate().into()
    }
}

/// The units of a period, the best first; those of which there is nothing to say by this measure are left out.
///
/// # Errors
/// `NOT_ALLOWED` for the public, `BAD_USER_INPUT` when the period cannot be read.
pub fn read(scope: &Scope, period: &str, by: Option<UnitRanking>, count: usize) -> Result<Vec<UnitRank>> {
    scope.needs(Sight::Street)?;
    let by = by.unwrap_or(UnitRanking::Points);
    let Period { first, last } = figures::period(period)?;
    let (state, figures) = (&scope.state, scope.state.figures());
    let mut earned = figures.earned(first, last);
    let units = state.organizations().filter(|it| matches!(it.draft.kind, OrganizationKind::Unit(_)));
    let mut ranked: Vec<UnitRank> = units
        .map(|unit| UnitRank {
            at: Arc::clone(state),
            rank: 0,
            unit: unit.id,
            earned: earned.remove(&unit.id).unwrap_or_default(),
            counts: figures.of(&Counted::Giving(unit.id), first, last),
        })
        .filter(|it| measure(it, by).denominator > 0)
        .collect();
    ranked.sort_by(|one, other| better(measure(one, by), measure(other, by)).then(one.unit.cmp(&other.unit)));
    let mut former: Option<(usize, Share)> = None;
    for (index, it) in ranked.iter_mut().enumerate() {
        let value = measure(it, by);
        let rank = former.filter(|(_, share)| better(*share, value) == Ordering::Equal);
        it.rank = rank.map_or(index + 1, |(rank, _)| rank);
        former = Some((it.rank, value));
    }
    ranked.truncate(count);
    Ok(ranked)
}

/// What a unit is ranked by, as a share; a number is a share of one, and nothing is a share of nothing.
fn measure(it: &UnitRank, by: UnitRanking) -> Share {
    let number = |numerator: u64| Share { numerator, denominator: u64::from(numerator > 0) };
    match by {
        UnitRanking::Points => number(it.earned.points),
        UnitRanking::Minutes => number(it.earned.minutes),
        UnitRanking::Deliveries => number(it.earned.deliveries),
        UnitRanking::Fulfilled => number(it.counts.fulfilled),
        UnitRanking::OnTimeRate => it.counts.fulfilment_in_time_rate(),
        UnitRanking::SatisfactionRate => it.counts.given_satisfaction_rate(),
    }
}

/// The greater share first, compared without rounding.
fn better(one: Share, other: Share) -> Ordering {
    let cross = |of: Share, with: Share| u128::from(of.numerator) * u128::from(with.denominator);
    cross(other, one).cmp(&cross(one, other))
}
