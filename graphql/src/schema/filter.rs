//! Filters of the lists, and the connections they are applied to.
//!
//! All conditions of a filter hold at once. A top category includes its leaves, a place includes
//! everything below it, text is looked for in title and detail without regard to case.

use super::{
    connection::PageRequest,
    fault::bad_input,
    identity::NodeId,
    need::{Need, NeedConnection},
    pairing::{Pairing, PairingConnection},
    project::{Project, ProjectConnection},
    resource::{Resource, ResourceConnection},
    scope::{Scope, Snapshot},
    words::{Channel, Form, NeedStatus, PairingStatus, ProjectStatus, ResourceStatus},
};
use async_graphql::{Context, ID, InputObject, Result};
use engine::{
    category::{Categorized, CategoryCode},
    entry::EntryDraft,
    identity::{OrganizationId, PlaceId, PlanId},
    need as need_domain, pairing as domain,
    permission::Sight,
    state::State,
};
use std::sync::Arc;

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
    /// Of one of these forms.
    pub form: Option<Vec<Form>>,
    /// With this text in title or detail, without regard to case.
    pub text: Option<String>,
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
    /// With this text in title or detail, without regard to case.
    pub text: Option<String>,
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
    /// With this text in title or detail, without regard to case.
    pub text: Option<String>,
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

/// Conditions on the part that all entries share, with their ids read.
struct EntryFilter {
    category: Option<CategoryCode>,
    place: Option<PlaceId>,
    organization: Option<OrganizationId>,
    form: Option<Vec<Form>>,
    text: Option<String>,
}

impl EntryFilter {
    fn read(
        category: Option<&str>,
        place: Option<&ID>,
        organization: Option<&ID>,
        form: Option<Vec<Form>>,
        text: Option<&str>,
    ) -> Result<Self> {
        Ok(Self {
            category: category.map(category_code).transpose()?,
            place: place.map(place_id).transpose()?,
            organization: organization.map(organization_id).transpose()?,
            form,
            text: text.map(str::to_lowercase),
        })
    }

    fn lets(&self, state: &State, entry: &EntryDraft) -> bool {
        self.organization.is_none_or(|wanted| entry.organization == wanted)
            && self.of_category(state, entry.category.as_ref())
            && self.of_form(entry.form)
            && self.in_place(state, state.place_of(entry))
            && self.with_text(&entry.title, entry.detail.as_deref())
    }

    fn of_category(&self, state: &State, given: Option<&Categorized>) -> bool {
        self.category.as_ref().is_none_or(|wanted| {
            given.is_some_and(|given| {
                given.code == *wanted
                    || state.category(&given.code).is_some_and(|it| it.parent.as_ref() == Some(wanted))
            })
        })
    }

    fn of_form(&self, form: Option<engine::entry::Form>) -> bool {
        self.form.as_ref().is_none_or(|wanted| form.is_some_and(|form| wanted.contains(&form.into())))
    }

    fn in_place(&self, state: &State, place: Option<PlaceId>) -> bool {
        self.place.is_none_or(|outer| place.is_some_and(|inner| state.lies_in(inner, outer)))
    }

    fn with_text(&self, title: &str, detail: Option<&str>) -> bool {
        self.text.as_ref().is_none_or(|text| {
            title.to_lowercase().contains(text)
                || detail.is_some_and(|detail| detail.to_lowercase().contains(text))
        })
    }
}

/// A page of needs.
///
/// # Errors
/// `BAD_USER_INPUT` when an id in the filter makes no sense.
pub fn needs(
    ctx: &Context<'_>,
    at: &Snapshot,
    page: PageRequest,
    filter: NeedFilter,
) -> Result<NeedConnection> {
    let NeedFilter { category, place, organization, status, channel, form, text } = filter;
    let entry =
        EntryFilter::read(category.as_deref(), place.as_ref(), organization.as_ref(), form, text.as_deref())?;
    let lets = |it: &&Arc<need_domain::Need>| {
        status.as_ref().is_none_or(|wanted| wanted.contains(&it.status().into()))
            && by_channel(channel.as_ref(), it.draft.channel)
            && entry.lets(at, &it.draft.entry)
    };
    Ok(NeedConnection::new(
        ctx,
        page,
        || at.needs().filter(lets),
        |it| it.id.number(),
        |it| Need::new(at, it),
    ))
}

/// A page of resources.
///
/// # Errors
/// `BAD_USER_INPUT` when an id in the filter makes no sense.
pub fn resources(
    ctx: &Context<'_>,
    at: &Snapshot,
    page: PageRequest,
    filter: ResourceFilter,
) -> Result<ResourceConnection> {
    let ResourceFilter { category, place, organization, status, form, text } = filter;
    let entry =
        EntryFilter::read(category.as_deref(), place.as_ref(), organization.as_ref(), form, text.as_deref())?;
    let lets = |it: &&Arc<engine::resource::Resource>| {
        status.as_ref().is_none_or(|wanted| wanted.contains(&it.status().into()))
            && entry.lets(at, &it.draft.entry)
    };
    Ok(ResourceConnection::new(
        ctx,
        page,
        || at.resources().filter(lets),
        |it| it.id.number(),
        |it| Resource::new(at, it),
    ))
}

/// A page of projects.
///
/// # Errors
/// `BAD_USER_INPUT` when an id in the filter makes no sense.
pub fn projects(
    ctx: &Context<'_>,
    at: &Snapshot,
    page: PageRequest,
    filter: ProjectFilter,
) -> Result<ProjectConnection> {
    let ProjectFilter { category, place, organization, status, form, text } = filter;
    let entry =
        EntryFilter::read(category.as_deref(), place.as_ref(), organization.as_ref(), form, text.as_deref())?;
    let lets = |it: &&Arc<engine::project::Project>| {
        status.as_ref().is_none_or(|wanted| wanted.contains(&it.status().into()))
            && entry.lets(at, &it.draft.entry)
    };
    Ok(ProjectConnection::new(
        ctx,
        page,
        || at.projects().filter(lets),
        |it| it.id.number(),
        |it| Project::new(at, it),
    ))
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
    let entry = EntryFilter::read(category.as_deref(), place.as_ref(), None, form, text.as_deref())?;
    let side = organization.as_ref().map(organization_id).transpose()?;
    let lets = |it: &&Arc<domain::Pairing>| {
        status.as_ref().is_none_or(|wanted| wanted.contains(&PairingStatus::of(&it.status)))
            && side.is_none_or(|side| {
                at.asking(it.terms.target) == Some(side) || at.giving(it.terms.supplier) == Some(side)
            })
            && target_passes(at, &entry, channel.as_ref(), it.terms.target)
    };
    Ok(PairingConnection::new(
        ctx,
        page,
        || items().filter(lets),
        |it| it.id.number(),
        |it| Pairing::new(at, it),
    ))
}

fn target_passes(
    state: &State,
    entry: &EntryFilter,
    channel: Option<&Vec<Channel>>,
    target: domain::Target,
) -> bool {
    match target {
        domain::Target::Need(need) => state
            .need(need)
            .is_some_and(|it| entry.lets(state, &it.draft.entry) && by_channel(channel, it.draft.channel)),
        domain::Target::Slot(project, index) => state.project(project).is_some_and(|project| {
            project.draft.slots.get(usize::from(index)).is_some_and(|slot| {
                channel.is_none()
                    && entry.of_category(state, slot.category.as_ref())
                    && entry.of_form(slot.form)
                    && entry.in_place(state, state.place_of(&project.draft.entry))
                    && entry.with_text(&slot.title, None)
            })
        }),
    }
}

fn by_channel(wanted: Option<&Vec<Channel>>, channel: Option<need_domain::Channel>) -> bool {
    wanted.is_none_or(|wanted| channel.is_some_and(|channel| wanted.contains(&channel.into())))
}

/// The category that a code or a global id names.
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
