//! The ranking of a period: who was credited with how much.

use crate::schema::{
    connection::{PageArguments, connection},
    figures,
    listing::{sorted, wanted::Wanted},
    organization::{Organization, OrganizationFilter},
    scalar::int,
    scope::Scope,
};
use async_graphql::{Enum, Result, SimpleObject};
use engine::{
    figures::Earned, identity::OrganizationId, period::Period, permission::Sight, state::listed::Register,
};
use std::cmp::Reverse;

/// By what a ranking goes 排名依据.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
pub enum ContributionMeasure {
    /// 积分.
    #[default]
    Points,
    /// 时长.
    Minutes,
    /// 交付次数.
    Deliveries,
}

impl ContributionMeasure {
    const fn of(self, earned: &Earned) -> u64 {
        match self {
            Self::Points => earned.points,
            Self::Minutes => earned.minutes,
            Self::Deliveries => earned.deliveries,
        }
    }

    /// What its cursors begin with.
    const fn name(self) -> &'static str {
        match self {
            Self::Points => "points",
            Self::Minutes => "minutes",
            Self::Deliveries => "deliveries",
        }
    }
}

/// One place in a ranking 排名.
#[derive(Clone, SimpleObject)]
pub struct ContributionRank {
    /// Which place, from 1, among those that pass the filter; who earned the same shares it.
    pub rank: i32,
    /// Who.
    pub organization: Option<Organization>,
    /// Points earned in the period.
    pub points: i32,
    /// Minutes earned in the period.
    pub minutes: i32,
    /// Deliveries credited in the period.
    pub deliveries: i32,
}

connection!(
    ContributionRank,
    ContributionRankConnection,
    ContributionRankEdge,
    "a ranking 贡献排名, the most first"
);

impl PartialEq for ContributionRank {
    fn eq(&self, other: &Self) -> bool {
        let said = |it: &Self| {
            let whose = it.organization.as_ref().map(Organization::identity);
            (it.rank, whose, it.points, it.minutes, it.deliveries)
        };
        said(self) == said(other)
    }
}

impl PartialEq for ContributionRankConnection {
    fn eq(&self, other: &Self) -> bool {
        let nodes = self.edges.iter().map(|edge| &edge.node);
        self.total_count == other.total_count && nodes.eq(other.edges.iter().map(|edge| &edge.node))
    }
}

/// Where an organization stands: how much it earned, and which it is.
type Spot = (u64, OrganizationId);

/// Who was credited with how much in a period, the most first.
///
/// # Errors
/// `NOT_ALLOWED` for the public, `BAD_USER_INPUT` when the period cannot be read, the filter makes no sense, or a cursor
/// belongs to another ranking.
pub fn read(
    scope: &Scope,
    period: &str,
    by: ContributionMeasure,
    filter: Option<OrganizationFilter>,
    page: &PageArguments<'_>,
) -> Result<ContributionRankConnection> {
    scope.needs(Sight::Street)?;
    let Period { first, last } = figures::period(period)?;
    let state = &scope.state;
    let wanted = Wanted::read(state, filter, [])?;
    let earned = state.figures().earned(first, last).into_iter();
    let passing = earned.filter(|(organization, earned)| {
        by.of(earned) > 0 && wanted.lets(state, Register::Organizations, organization.number())
    });
    let entries: Vec<(Spot, Earned)> =
        passing.map(|(organization, earned)| ((by.of(&earned), organization), earned)).collect();
    let mut amounts: Vec<u64> = entries.iter().map(|((amount, _), _)| *amount).collect();
    amounts.sort_unstable_by_key(|amount| Reverse(*amount));
    let most_first = |one: &Spot, other: &Spot| (Reverse(one.0), one.1).cmp(&(Reverse(other.0), other.1));
    let page = sorted::page(entries, by.name(), most_first, page)?;
    let ranked = |((amount, organization), it): (Spot, Earned)| {
        Some(ContributionRank {
            rank: int(1 + amounts.partition_point(|other| *other > amount)),
            organization: Organization::find(state, organization),
            points: int(it.points),
            minutes: int(it.minutes),
            deliveries: int(it.deliveries),
        })
    };
    Ok(ContributionRankConnection::of(page.mapped(ranked), int(amounts.len())))
}
