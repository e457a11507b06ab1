//! The ranking of units 单位排名: what they gave, how much of it in time, and how content those were who got it.

use crate::schema::{
    connection::{Page, PageArguments, PageInfo, connection},
    fault::bad_input,
    figures::{self, Rate},
    organization::Organization,
    scalar::int,
    scope::{Scope, Snapshot},
};
use async_graphql::{Enum, Object, Result};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use engine::{
    figures::{Ranked, RankedBy, Rate as Share, Span, Spot},
    identity::OrganizationId,
    permission::Sight,
};
use std::sync::Arc;

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

impl From<UnitRanking> for RankedBy {
    fn from(by: UnitRanking) -> Self {
        match by {
            UnitRanking::Points => Self::Points,
            UnitRanking::Minutes => Self::Minutes,
            UnitRanking::Deliveries => Self::Deliveries,
            UnitRanking::Fulfilled => Self::Fulfilled,
            UnitRanking::OnTimeRate => Self::OnTime,
            UnitRanking::SatisfactionRate => Self::Satisfaction,
        }
    }
}

/// A unit with its place in the ranking.
#[derive(Clone)]
pub struct UnitRank {
    at: Snapshot,
    it: Ranked,
}

impl PartialEq for UnitRank {
    fn eq(&self, other: &Self) -> bool {
        self.it == other.it
    }
}

connection!(UnitRank, UnitRankConnection, UnitRankEdge, "a ranking of units 单位排名, the best first");

impl PartialEq for UnitRankConnection {
    fn eq(&self, other: &Self) -> bool {
        let nodes = self.edges.iter().map(|edge| &edge.node);
        self.total_count == other.total_count && nodes.eq(other.edges.iter().map(|edge| &edge.node))
    }
}

/// A unit with its place in the ranking 单位排名. Credits belong to the month in which they were given, all else to the
/// month in which the pairing began.
#[Object]
impl UnitRank {
    /// Which place, from 1; who is level shares it.
    async fn rank(&self) -> i32 {
        int(self.it.rank)
    }

    /// The unit.
    async fn organization(&self) -> Option<Organization> {
        Organization::find(&self.at, self.it.spot.unit)
    }

    /// Points credited in the period 积分.
    async fn points(&self) -> i32 {
        int(self.it.merit.earned.points)
    }

    /// Minutes credited in the period 时长.
    async fn minutes(&self) -> i32 {
        int(self.it.merit.earned.minutes)
    }

    /// Deliveries credited in the period 交付次数.
    async fn deliveries(&self) -> i32 {
        int(self.it.merit.earned.deliveries)
    }

    /// Pairings it gives that both sides agreed 达成.
    async fn agreed(&self) -> i32 {
        int(self.it.merit.agreed)
    }

    /// Of these, delivered and accepted 履约数.
    async fn fulfilled(&self) -> i32 {
        int(self.it.merit.fulfilled)
    }

    /// 按时履约率: fulfilled, within the street's limit for meeting a need from the day both agreed / agreed.
    async fn on_time_rate(&self) -> Rate {
        self.it.merit.on_time_rate().into()
    }

    /// 满意率: (satisfied + basically satisfied) / appraised, of what it gave.
    async fn satisfaction_rate(&self) -> Rate {
        self.it.merit.satisfaction_rate().into()
    }
}

/// A page of the units of a period, the best first; those of which there is nothing to say by this measure are left out.
///
/// # Errors
/// `NOT_ALLOWED` for the public, `BAD_USER_INPUT` when the period cannot be read or a cursor belongs to another ranking.
pub fn read(
    scope: &Scope,
    period: &str,
    by: Option<UnitRanking>,
    page: &PageArguments<'_>,
) -> Result<UnitRankConnection> {
    scope.needs(Sight::Street)?;
    let by = RankedBy::from(by.unwrap_or(UnitRanking::Points));
    let span = Span::from(figures::period(period)?);
    let state = &scope.state;
    let ranking = state.figures().ranking(span, by);
    let [after, before] =
        [page.after, page.before].map(|cursor| cursor.map(|it| read_cursor(by, it)).transpose());
    let begin = after?.map_or(0, |spot| ranking.before(&spot, true));
    let end = before?.map_or(ranking.len(), |spot| ranking.before(&spot, false)).max(begin);
    let places = if page.backwards {
        end.saturating_sub(page.count).max(begin)..end
    } else {
        begin..begin.saturating_add(page.count).min(end)
    };
    let info = (places.start > 0, places.end < ranking.len());
    let entries: Vec<(String, UnitRank)> = ranking
        .page(places)
        .map(|it| (write_cursor(by, &it.spot), UnitRank { at: Arc::clone(state), it }))
        .collect();
    let info = PageInfo {
        has_previous_page: info.0,
        has_next_page: info.1,
        start_cursor: entries.first().map(|(cursor, _)| cursor.clone()),
        end_cursor: entries.last().map(|(cursor, _)| cursor.clone()),
    };
    Ok(UnitRankConnection::of(Page { entries, info }, int(ranking.len())))
}

/// A cursor says by what its ranking goes and where the unit stands there, so that the next page begins at the same place
/// whatever becomes of the unit meanwhile.
fn write_cursor(by: RankedBy, Spot { share, unit }: &Spot) -> String {
    let Share { numerator, denominator } = share;
    URL_SAFE_NO_PAD.encode(format!("rank:{by:?}:{numerator}.{denominator}.{}", unit.number()))
}

fn read_cursor(by: RankedBy, cursor: &str) -> Result<Spot> {
    let read = || {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
        let mut numbers = text.strip_prefix(&format!("rank:{by:?}:"))?.split('.').map(str::parse::<u64>);
        let mut next = || numbers.next()?.ok();
        let share = Share { numerator: next()?, denominator: next().filter(|it| *it > 0)? };
        Some(Spot { share, unit: OrganizationId::new(next()?) })
    };
    read().ok_or_else(|| bad_input("本列表没有给出过这个游标", "the cursor was not given out by this list"))
}
