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
    tallies::{List, Part, Slice, Standing},
};
use std::collections::BTreeSet;

/// In which part of the street to look 统计范围: in a place, in some states, and of one more property at most. Below the
/// community, properties are not told apart, and states are.
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

/// The part that is asked for.
///
/// # Errors
/// `BAD_USER_INPUT` when an id or the period cannot be read, or the part is not told apart.
pub fn read(state: &State, list: List, scope: &Option<AggregateScope>, period: Option<&str>) -> Result<Part> {
    let AggregateScope {
        place,
        category,
        organization,
        giving,
        channel,
        form,
        beneficiary,
        unit_kind,
        status,
    } = scope.clone().unwrap_or_default();
    let slices = [
        category.as_ref().map(|id| category_code(id)).transpose()?.map(Slice::Category),
        organization.as_ref().map(organization_id).transpose()?.map(Slice::Organization),
        giving.as_ref().map(organization_id).transpose()?.map(Slice::Giving),
        channel.map(|it| Slice::Channel(it.into())),
        form.map(|it| Slice::Form(it.into())),
        beneficiary.map(|it| Slice::Beneficiary(it.into())),
        unit_kind.map(|it| Slice::UnitKind(it.into())),
    ];
    let mut slices = slices.into_iter().flatten();
    let slice = slices.next();
    if slices.next().is_some() {
        return Err(bad_input("scope: give a place, states, and at most one more property"));
    }
    let standings = status.map(|wanted| standings(list, &wanted)).transpose()?;
    let place = place_of(state, place.as_ref())?;
    let part = Part { list, place, slice, standings, months: months(period)? };
    if part.is_kept(state) { Ok(part) } else { Err(too_deep()) }
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
pub fn too_deep() -> async_graphql::Error {
    bad_input("below the community only totals, states and times are told apart, and no further property")
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
