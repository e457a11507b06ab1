//! Filters as they come in, and the lists of pairings they are applied to; for the three lists see [`super::listing`].
//!
//! All conditions of a filter hold at once. A top category includes its leaves, a place includes everything below it,
//! words are looked for in title and detail without regard to case.

use super::{
    connection::PageRequest,
    fault::bad_input,
    identity::NodeId,
    listing::wanted,
    pairing::{Pairing, PairingConnection},
    scalar::{Date, DateTime},
    scope::{Scope, Snapshot},
    words::{Channel, Form, NeedStatus, PairingStatus, ProjectStatus, ResourceStatus, Urgency},
};
use async_graphql::{Context, ID, InputObject, Result};
use engine::{
    category::CategoryCode,
    identity::{OrganizationId, PlaceId, PlanId},
    moment::Moment,
    pairing as domain,
    permission::Sight,
};
use std::sync::Arc;

/// A span of days 日期范围, both ends in it.
#[derive(Clone, Debug, InputObject)]
pub struct DayRange {
    /// The first day; open when not said.
    pub from: Option<Date>,
    /// The last day; open when not said.
    pub to: Option<Date>,
}

/// A span of time 时间范围.
#[derive(Clone, Copy, Debug, InputObject)]
pub struct TimeRange {
    /// From this moment on; open when not said.
    pub from: Option<DateTime>,
    /// Before this moment; open when not said.
    pub until: Option<DateTime>,
}

impl TimeRange {
    /// Whether a moment lies in it.
    pub fn holds(self, moment: Moment) -> bool {
        self.from.is_none_or(|from| from.0 <= moment) && self.until.is_none_or(|until| moment < until.0)
    }
}

/// Which needs to list. All conditions hold at once.
#[derive(Clone, Debug, Default, InputObject)]
pub struct NeedFilter {
    /// Of this category, by its code or global id; a top includes its leaves.
    pub category: Option<String>,
    /// In this place or below it.
    pub place: Option<ID>,
    /// Posted by this organization.
    pub organization: Option<ID>,
    /// In one of these states.
    pub status: Option<Vec<NeedStatus>>,
    /// Came in by one of these channels.
    pub channel: Option<Vec<Channel>>,
    /// As soon as one of these says; what says nothing is normal.
    pub urgency: Option<Vec<Urgency>>,
    /// Of one of these forms.
    pub form: Option<Vec<Form>>,
    /// Of use until a day in this span; what has no end is in none.
    pub deadline: Option<DayRange>,
    /// Posted in this span.
    pub posted: Option<TimeRange>,
    /// With all these words in title or detail, blanks between them, without regard to case 关键词.
    pub text: Option<String>,
    /// And each of these passes 并且.
    pub and: Option<Vec<NeedFilter>>,
    /// And one of these at least passes 或者; of none, none does.
    pub or: Option<Vec<NeedFilter>>,
    /// And this does not pass 排除.
    pub not: Option<Box<NeedFilter>>,
}

/// Which resources to list. All conditions hold at once.
#[derive(Clone, Debug, Default, InputObject)]
pub struct ResourceFilter {
    /// Of this category, by its code or global id; a top includes its leaves.
    pub category: Option<String>,
    /// In this place or below it.
    pub place: Option<ID>,
    /// Posted by this organization.
    pub organization: Option<ID>,
    /// In one of these states.
    pub status: Option<Vec<ResourceStatus>>,
    /// Of one of these forms.
    pub form: Option<Vec<Form>>,
    /// Of use until a day in this span; what has no end is in none.
    pub deadline: Option<DayRange>,
    /// Posted in this span.
    pub posted: Option<TimeRange>,
    /// With all these words in title or detail, blanks between them, without regard to case 关键词.
    pub text: Option<String>,
    /// And each of these passes 并且.
    pub and: Option<Vec<ResourceFilter>>,
    /// And one of these at least passes 或者; of none, none does.
    pub or: Option<Vec<ResourceFilter>>,
    /// And this does not pass 排除.
    pub not: Option<Box<ResourceFilter>>,
}

/// Which projects to list. All conditions hold at once.
#[derive(Clone, Debug, Default, InputObject)]
pub struct ProjectFilter {
    /// Of this category, by its code or global id; a top includes its leaves.
    pub category: Option<String>,
    /// In this place or below it.
    pub place: Option<ID>,
    /// Posted by this organization.
    pub organization: Option<ID>,
    /// In one of these states.
    pub status: Option<Vec<ProjectStatus>>,
    /// Of one of these forms.
    pub form: Option<Vec<Form>>,
    /// Of use until a day in this span; what has no end is in none.
    pub deadline: Option<DayRange>,
    /// Posted in this span.
    pub posted: Option<TimeRange>,
    /// With all these words in title or detail, blanks between them, without regard to case 关键词.
    pub text: Option<String>,
    /// And each of these passes 并且.
    pub and: Option<Vec<ProjectFilter>>,
    /// And one of these at least passes 或者; of none, none does.
    pub or: Option<Vec<ProjectFilter>>,
    /// And this does not pass 排除.
    pub not: Option<Box<ProjectFilter>>,
}

/// Which pairings to list. All conditions hold at once.
#[derive(Clone, Debug, Default, InputObject)]
pub struct PairingFilter {
    /// Whose need or slot is of this category, by its code or global id; a top includes its leaves.
    pub category: Option<String>,
    /// Whose need or project is in this place or below it.
    pub place: Option<ID>,
    /// With this organization on either side.
    pub organization: Option<ID>,
    /// In one of these states.
    pub status: Option<Vec<PairingStatus>>,
    /// Whose need came in by one of these channels.
    pub channel: Option<Vec<Channel>>,
    /// Whose need or slot is of one of these forms.
    pub form: Option<Vec<Form>>,
    /// With this text in the title of the need or slot, without regard to case.
    pub text: Option<String>,
}

/// A page of all pairings.
///
/// # Errors
/// `NOT_ALLOWED` for the public, `BAD_USER_INPUT` when an id in the filter makes no sense.
pub fn pairings(
    ctx: &Context<'_>,
    at: &Snapshot,
    page: PageRequest,
    filter: PairingFilter,
) -> Result<PairingConnection> {
    pairings_among(ctx, at, page, filter, || at.pairings())
}

/// A page of the pairings of one need or slot.
///
/// # Errors
/// As for [`pairings`].
pub fn pairings_of_target(
    ctx: &Context<'_>,
    at: &Snapshot,
    page: PageRequest,
    target: domain::Target,
    filter: PairingFilter,
) -> Result<PairingConnection> {
    pairings_among(ctx, at, page, filter, || at.pairings_of_target(target))
}

/// A page of the pairings of one resource or unit.
///
/// # Errors
/// As for [`pairings`].
pub fn pairings_of_supplier(
    ctx: &Context<'_>,
    at: &Snapshot,
    page: PageRequest,
    supplier: domain::Supplier,
    filter: PairingFilter,
) -> Result<PairingConnection> {
    pairings_among(ctx, at, page, filter, || at.pairings_of_supplier(supplier))
}

/// A page of the pairings that one plan proposed.
///
/// # Errors
/// As for [`pairings`].
pub fn pairings_of_plan(
    ctx: &Context<'_>,
    at: &Snapshot,
    page: PageRequest,
    plan: PlanId,
    filter: PairingFilter,
) -> Result<PairingConnection> {
    let of_plan = |it: &&Arc<domain::Pairing>| it.origin == domain::Origin::Plan(plan);
    pairings_among(ctx, at, page, filter, || at.pairings().filter(of_plan))
}

fn pairings_among<'a, I>(
    ctx: &Context<'_>,
    at: &Snapshot,
    page: PageRequest,
    filter: PairingFilter,
    items: impl Fn() -> I,
) -> Result<PairingConnection>
where
    I: DoubleEndedIterator<Item = &'a Arc<domain::Pairing>>,
{
    Scope::of(ctx)?.needs(Sight::Street)?;
    let PairingFilter { category, place, organization, status, channel, form, text } = filter;
    let target =
        wanted::shared((category.as_deref(), place.as_ref(), None), (form.as_ref(), text.as_deref(), None))?;
    let target = target.through_channels(channel);
    let side = organization.as_ref().map(organization_id).transpose()?;
    let lets = |it: &&Arc<domain::Pairing>| {
        status.as_ref().is_none_or(|wanted| wanted.contains(&PairingStatus::of(&it.status)))
            && side.is_none_or(|side| {
                at.asking(it.terms.target) == Some(side) || at.giving(it.terms.supplier) == Some(side)
            })
            && target.lets_target(at, it.terms.target)
    };
    Ok(PairingConnection::new(
        ctx,
        page,
        || items().filter(lets),
        |it| it.id.number(),
        |it| Pairing::new(at, it),
    ))
}

/// The category a code or an id names.
///
/// # Errors
/// `BAD_USER_INPUT` when it names none.
pub fn category_code(text: &str) -> Result<CategoryCode> {
    if let Some(NodeId::Category(code)) = NodeId::read(text) {
        return Ok(code);
    }
    CategoryCode::new(text).map_err(|error| bad_input(format!("category: {error}")))
}

/// The place an id names.
///
/// # Errors
/// `BAD_USER_INPUT` when it names none.
pub fn place_id(id: &ID) -> Result<PlaceId> {
    match NodeId::read(id) {
        Some(NodeId::Place(place)) => Ok(place),
        _ => Err(bad_input("place: this is not the id of a place")),
    }
}

/// The organization an id names.
///
/// # Errors
/// `BAD_USER_INPUT` when it names none.
pub fn organization_id(id: &ID) -> Result<OrganizationId> {
    match NodeId::read(id) {
        Some(NodeId::Organization(organization)) => Ok(organization),
        _ => Err(bad_input("organization: this is not the id of an organization")),
    }
}
