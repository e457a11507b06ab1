//! Which part of the street a tile looks at, as it is asked for.

use crate::schema::{
    fault::{bad_input, not_allowed},
    figures,
    filter::{category_code, organization_id, place_id},
    identity::NodeId,
    named,
    scope::Scope,
    words::{BeneficiaryGroup, Channel, Form, ListStatus, UnitKind},
};
use async_graphql::{ID, InputObject, Result};
use engine::{
    identity::PlaceId,
    period::Month,
    permission::{Sight, View},
    state::State,
    tallies::{Grain, List, NotKept, Part, Slice, Standing, Where},
};
use std::collections::BTreeSet;

/// In which part of the street to look 统计范围: in a place, in some states, and of what has all the properties that are
/// given. Those of `groupBy` among them, two properties at most are told apart at once in the street as a whole, one in a
/// place, and below the community none; states and times are everywhere.
#[derive(Clone, Debug, Default, InputObject)]
pub struct AggregateScope {
    /// In this place and everywhere below it.
    pub place: Option<ID>,
    /// Of this category, by its global id or code; a top includes its leaves.
    pub category: Option<ID>,
    /// Posted by this organization; of pairings, what it asks.
    pub organization: Option<ID>,
    /// Of pairings: what this organization gives.
    pub giving: Option<ID>,
    /// Came in by this channel.
    pub channel: Option<Channel>,
    /// Of this form.
    pub form: Option<Form>,
    /// For this group.
    pub beneficiary: Option<BeneficiaryGroup>,
    /// Posted by whoever is of this kind 单位类型; of pairings, what it gives.
    pub unit_kind: Option<UnitKind>,
    /// Standing in one of these states 状态, as the list has them: what its filter calls `status`.
    pub status: Option<Vec<ListStatus>>,
}

impl AggregateScope {
    /// The properties that are given.
    fn slices(&self) -> Result<Vec<Slice>> {
        let slices = [
            self.category.as_ref().map(|id| category_code(id)).transpose()?.map(Slice::Category),
            self.organization.as_ref().map(organization_id).transpose()?.map(Slice::Organization),
            self.giving.as_ref().map(organization_id).transpose()?.map(Slice::Giving),
            self.channel.map(|it| Slice::Channel(it.into())),
            self.form.map(|it| Slice::Form(it.into())),
            self.beneficiary.map(|it| Slice::Beneficiary(it.into())),
            self.unit_kind.map(|it| Slice::UnitKind(it.into())),
        ];
        Ok(slices.into_iter().flatten().collect())
    }
}

/// The part that is asked for.
///
/// # Errors
/// `BAD_USER_INPUT` when an id or the period cannot be read, or the part is not told apart.
pub fn read(state: &State, list: List, scope: &Option<AggregateScope>, period: Option<&str>) -> Result<Part> {
    let scope = scope.clone().unwrap_or_default();
    let standings = scope.status.as_ref().map(|wanted| standings(list, wanted)).transpose()?;
    let place = place_of(state, scope.place.as_ref())?;
    let part = Part { list, place, slices: scope.slices()?, standings, months: months(period)? };
    part.slices.iter().try_for_each(|slice| is_there(state, slice))?;
    if scope.giving.is_some() && list != List::Pairings {
        return Err(bad_input(
            "scope.giving:只有配对有供给方",
            "scope.giving: only pairings have a giving side",
        ));
    }
    part.kept(state, &[]).map_err(not_kept)?;
    Ok(part)
}

/// The part of a time series: a place, one property, or both.
///
/// # Errors
/// `BAD_USER_INPUT` when an id cannot be read, or more is given than a series of such steps tells apart.
pub fn spot(state: &State, scope: &Option<AggregateScope>, grain: Grain) -> Result<Where> {
    let scope = scope.clone().unwrap_or_default();
    if scope.status.is_some() {
        return Err(bad_input(
            "scope:时间序列说的是发生了什么,不分状态",
            "scope: a series tells what happened, and no states",
        ));
    }
    let mut slices = scope.slices()?.into_iter();
    let part = Where { place: place_of(state, scope.place.as_ref())?, slice: slices.next() };
    part.slice.iter().try_for_each(|slice| is_there(state, slice))?;
    if slices.next().is_some() {
        return Err(bad_input(
            "scope:时间序列一次只按一项条件统计,可另加区域",
            "scope: a series is kept of one property at a time, in a place or everywhere",
        ));
    }
    part.kept(state, grain).map_err(not_kept)?;
    Ok(part)
}

/// Refuses a property that names what is not there: of it nothing is counted, and a zero would say that there is none.
fn is_there(state: &State, slice: &Slice) -> Result<()> {
    match slice {
        Slice::Category(code) => named::is_there(state, "scope.category", &NodeId::Category(code.clone())),
        Slice::Organization(id) => named::is_there(state, "scope.organization", &NodeId::Organization(*id)),
        Slice::Giving(id) => named::is_there(state, "scope.giving", &NodeId::Organization(*id)),
        Slice::UnitKind(_) | Slice::Channel(_) | Slice::Form(_) | Slice::Beneficiary(_) => Ok(()),
    }
}

/// Refuses the public pairings, and who posted what: of the entries it sees only what is published, and here all are
/// counted. Who is paired with whom is told to those who see every pairing, and to each side of its own.
///
/// # Errors
/// `NOT_ALLOWED`, naming what is missing.
pub fn may_ask(scope: &Scope, list: List, asks: (bool, bool), within: &Option<AggregateScope>) -> Result<()> {
    let within = within.clone().unwrap_or_default();
    let (asking, giving) = (asks.0 || within.organization.is_some(), asks.1 || within.giving.is_some());
    if list == List::Pairings || asking || giving {
        scope.needs(Sight::Street)?;
    }
    let View::Organization(own) = scope.state.view() else {
        return Ok(());
    };
    let is_own =
        |id: &Option<ID>| id.as_ref().is_some_and(|id| organization_id(id).is_ok_and(|id| id == own));
    match asking && giving && !is_own(&within.organization) && !is_own(&within.giving) {
        true => Err(not_allowed(
            scope.language,
            (
                "街道协调员或观察员角色,或在 scope 中指明本组织",
                "the role of a coordinator or observer, or your own organization in `scope`",
            ),
        )),
        false => Ok(()),
    }
}

/// The states that are asked for, as the list has them.
fn standings(list: List, wanted: &[ListStatus]) -> Result<BTreeSet<Standing>> {
    let one = |it: &ListStatus| {
        it.standing(list).ok_or_else(|| {
            let all: Vec<&str> = ListStatus::all(list).into_iter().map(Standing::name).collect();
            bad_input(
                format!("status:此清单只有 {}", all.join("、")),
                format!("status: this list has only {}", all.join(", ")),
            )
        })
    };
    wanted.iter().map(one).collect()
}

/// What is said of a part that is not told apart.
pub fn not_kept(why: NotKept) -> async_graphql::Error {
    let (zh, en) = match why {
        NotKept::Properties => (
            "scope 与 groupBy:一次最多区分两项条件,区域、状态和时段可另加",
            "scope and groupBy: at most two properties are told apart at once; place, status and period come on top",
        ),
        NotKept::Pairs => (
            "scope 与 groupBy:同时按两项条件只统计全街道,不分区域",
            "scope and groupBy: two properties at once are told apart in the street as a whole, not by place",
        ),
        NotKept::Days => (
            "scope:在一个区域内按条件统计只到月或季度,不到日或周",
            "scope: in one place, what happened with a property is told by MONTH or QUARTER, not by day or week",
        ),
        NotKept::Depth => (
            "社区以下只区分总数、状态和时间,不区分其他条件",
            "below the community only totals, states and times are told apart, and no further property",
        ),
    };
    bad_input(zh, en)
}

/// A place that is there.
///
/// # Errors
/// `BAD_USER_INPUT` when there is no such place.
pub fn place_of(state: &State, place: Option<&ID>) -> Result<Option<PlaceId>> {
    let place = place.map(place_id).transpose()?;
    place.map_or(Ok(()), |id| named::is_there(state, "place", &NodeId::Place(id)))?;
    Ok(place)
}

/// The months of a period.
///
/// # Errors
/// `BAD_USER_INPUT` when it cannot be read.
pub fn months(period: Option<&str>) -> Result<Option<(Month, Month)>> {
    let period = period.map(figures::period).transpose()?;
    Ok(period.map(|it| (it.first, it.last)))
}
