//! Which part of the street a tile looks at, as it is asked for.

use crate::schema::{
    fault::bad_input,
    figures,
    filter::{category_code, organization_id, place_id},
    words::{BeneficiaryGroup, Channel, Form, ListStatus, UnitKind},
};
use async_graphql::{ID, InputObject, Result};
use engine::{
    identity::PlaceId,
    period::Month,
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
        return Err(bad_input("scope: a series tells what happened, and no states"));
    }
    let mut slices = scope.slices()?.into_iter();
    let part = Where { place: place_of(state, scope.place.as_ref())?, slice: slices.next() };
    if slices.next().is_some() {
        return Err(bad_input("scope: a series is kept of one property at a time, in a place or everywhere"));
    }
    part.kept(state, grain).map_err(not_kept)?;
    Ok(part)
}

/// The states that are asked for, as the list has them.
fn standings(list: List, wanted: &[ListStatus]) -> Result<BTreeSet<Standing>> {
    let one = |it: &ListStatus| {
        it.standing(list).ok_or_else(|| {
            let all: Vec<&str> = ListStatus::all(list).into_iter().map(Standing::name).collect();
            bad_input(format!("status: this list has only {}", all.join(", ")))
        })
    };
    wanted.iter().map(one).collect()
}

/// What is said of a part that is not told apart.
pub fn not_kept(why: NotKept) -> async_graphql::Error {
    bad_input(match why {
        NotKept::Properties => {
            "scope and groupBy: at most two properties are told apart at once; place, status and period come on top"
        }
        NotKept::Pairs => {
            "scope and groupBy: two properties at once are told apart in the street as a whole, not by place"
        }
        NotKept::Days => {
            "scope: in one place, what happened with a property is told by MONTH or QUARTER, not by day or week"
        }
        NotKept::Depth => {
            "below the community only totals, states and times are told apart, and no further property"
        }
    })
}

/// A place that is there.
///
/// # Errors
/// `BAD_USER_INPUT` when there is no such place.
pub fn place_of(state: &State, place: Option<&ID>) -> Result<Option<PlaceId>> {
    let place = place.map(place_id).transpose()?;
    match place {
        Some(id) if state.place(id).is_none() => Err(bad_input("place: there is no such place")),
        place => Ok(place),
    }
}

/// The months of a period.
///
/// # Errors
/// `BAD_USER_INPUT` when it cannot be read.
pub fn months(period: Option<&str>) -> Result<Option<(Month, Month)>> {
    let period = period.map(figures::period).transpose()?;
    Ok(period.map(|it| (it.first, it.last)))
}
