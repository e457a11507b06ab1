//! Pages of the three lists: filtered, in an order that was asked for, with cursors that stay good while others write.
//!
//! 1. A cursor names what the entry is sorted by and the entry itself, never how many came before: what is posted,
//!    amended or withdrawn meanwhile moves no page, and an entry whose place in the order changed is met at its new
//!    place or was met at its old one.
//! 2. Entries that have nothing to be sorted by come last, whichever way the list runs. Those that are alike there come
//!    in the order in which they were posted, or the other way round.
//! 3. A page looks only at the entries of the narrowest condition for which the state keeps an index, or runs along the
//!    index of its order; whichever promises to look at less. See [`walk`].
//! 4. What `totalCount` says is counted only when it is asked for, and at once where one index knows it.

pub mod order;
pub mod walk;
pub mod wanted;

use super::{
    connection::{Page, PageArguments},
    filter::{NeedFilter, ProjectFilter, ResourceFilter},
    need::{Need, NeedConnection},
    project::{Project, ProjectConnection},
    resource::{Resource, ResourceConnection},
    scalar::int,
    scope::Snapshot,
};
use async_graphql::{Context, Result};
use engine::{
    entry::List,
    identity::{NeedId, ProjectId, ResourceId},
};
use order::{NeedOrder, Order, ProjectOrder, ResourceOrder};
use walk::Walk;
use wanted::Wanted;

/// A page of needs.
///
/// # Errors
/// `BAD_USER_INPUT` when an id or a day in the filter makes no sense, or a cursor belongs to another order.
pub fn needs(
    ctx: &Context<'_>,
    at: &Snapshot,
    page: PageArguments<'_>,
    filter: NeedFilter,
    order: Option<NeedOrder>,
) -> Result<NeedConnection> {
    let wanted = Wanted::read(filter)?;
    let (page, total) = read(ctx, at, List::Needs, &wanted, order.map(Order::from), page)?;
    Ok(NeedConnection::of(page.mapped(|number| Need::find(at, NeedId::new(number))), total))
}

/// A page of resources.
///
/// # Errors
/// As for [`needs`].
pub fn resources(
    ctx: &Context<'_>,
    at: &Snapshot,
    page: PageArguments<'_>,
    filter: ResourceFilter,
    order: Option<ResourceOrder>,
) -> Result<ResourceConnection> {
    let wanted = Wanted::read(filter)?;
    let (page, total) = read(ctx, at, List::Resources, &wanted, order.map(Order::from), page)?;
    Ok(ResourceConnection::of(page.mapped(|number| Resource::find(at, ResourceId::new(number))), total))
}

/// A page of projects.
///
/// # Errors
/// As for [`needs`].
pub fn projects(
    ctx: &Context<'_>,
    at: &Snapshot,
    page: PageArguments<'_>,
    filter: ProjectFilter,
    order: Option<ProjectOrder>,
) -> Result<ProjectConnection> {
    let wanted = Wanted::read(filter)?;
    let (page, total) = read(ctx, at, List::Projects, &wanted, order.map(Order::from), page)?;
    Ok(ProjectConnection::of(page.mapped(|number| Project::find(at, ProjectId::new(number))), total))
}

/// The numbers of a page, and how many there are in all if that is asked.
fn read(
    ctx: &Context<'_>,
    at: &Snapshot,
    list: List,
    wanted: &Wanted,
    order: Option<Order>,
    page: PageArguments<'_>,
) -> Result<(Page<u64>, i32)> {
    let walk = Walk::new(at, list, wanted, order.unwrap_or_default());
    let counted = ctx.look_ahead().field("totalCount").exists();
    let total = if counted { int(walk.count()) } else { 0 };
    Ok((walk.page(&page)?, total))
}
