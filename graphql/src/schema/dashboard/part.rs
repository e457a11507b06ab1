//! Which part of the street a tile looks at, as it is asked for.

use crate::schema::{
    fault::bad_input,
    figures,
    filter::{category_code, organization_id, place_id},
    words::{BeneficiaryGroup, Channel, Form},
};
use async_graphql::{ID, InputObject, Result};
use engine::{
    identity::PlaceId,
    period::Month,
    state::State,
    tallies::{List, Part, Slice},
};

/// In which part of the street to look: in a place, and of one more property at most. Below the community, properties
/// are not told apart.
#[derive(Clone, Debug, Default, InputObject)]
pub struct AggregateScope {
    /// In this place and everywhere below it.
    pub place: Option<ID>,
    /// Of this category, by its code or global id; a top includes its leaves.
    pub category: Option<String>,
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
}

/// The part that is asked for.
///
/// # Errors
/// `BAD_USER_INPUT` when an id or the period cannot be read, or the part is not told apart.
pub fn read(state: &State, list: List, scope: &Option<AggregateScope>, period: Option<&str>) -> Result<Part> {
    let AggregateScope { place, category, organization, giving, channel, form, beneficiary } =
        scope.clone().unwrap_or_default();
    let slices = [
        category.as_deref().map(category_code).transpose()?.map(Slice::Category),
        organization.as_ref().map(organization_id).transpose()?.map(Slice::Organization),
        giving.as_ref().map(organization_id).transpose()?.map(Slice::Giving),
        channel.map(|it| Slice::Channel(it.into())),
        form.map(|it| Slice::Form(it.into())),
        beneficiary.map(|it| Slice::Beneficiary(it.into())),
    ];
    let mut slices = slices.into_iter().flatten();
    let slice = slices.next();
    if slices.next().is_some() {
        return Err(bad_input("scope: give a place and at most one more property"));
    }
    let part = Part { list, place: place_of(state, place.as_ref())?, slice, months: months(period)? };
    if part.is_kept(state) { Ok(part) } else { Err(too_deep()) }
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
