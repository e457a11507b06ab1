//! Idle resources 闲置资源: page by page through the queue that the state keeps.

use super::part;
use crate::schema::{
    connection::PageInfo,
    fault::bad_input,
    filter::category_code,
    identity::NodeId,
    named,
    resource::Resource,
    scalar::{DateTime, int},
    scope::{Scope, Snapshot},
};
use async_graphql::{Context, ID, Object, Result, SimpleObject};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use engine::{
    category::CategoryCode,
    identity::{PlaceId, ResourceId},
    moment::Moment,
    permission::Sight,
    state::State,
    tallies::{self, List, Part, Slice, Stage},
};
use std::sync::Arc;

/// A resource that is idle.
#[derive(Clone)]
pub struct IdleResource {
    at: Snapshot,
    since: Moment,
    id: ResourceId,
}

impl PartialEq for IdleResource {
    fn eq(&self, other: &Self) -> bool {
        (self.since, self.id) == (other.since, other.id)
    }
}

/// A resource of which something is free and nothing under way 闲置资源.
#[Object]
impl IdleResource {
    /// The resource.
    async fn resource(&self) -> Option<Resource> {
        Resource::find(&self.at, self.id)
    }

    /// Since when 闲置起始: since it was posted, or since what was under way last was over.
    async fn since(&self) -> DateTime {
        DateTime(self.since)
    }

    /// Whole days since then, at the time of the request 闲置天数.
    async fn days(&self, ctx: &Context<'_>) -> Result<i32> {
        Ok(int(Scope::of(ctx)?.now().days_since(self.since)))
    }
}

/// An idle resource 闲置资源, with its cursor.
#[derive(Clone, PartialEq, SimpleObject)]
pub struct IdleResourceEdge {
    /// Where to go on after it.
    pub cursor: String,
    /// The resource.
    pub node: IdleResource,
}

/// A page of idle resources 闲置资源, idle longest first.
#[derive(Clone, PartialEq, SimpleObject)]
pub struct IdleResourceConnection {
    /// The resources with their cursors.
    pub edges: Vec<IdleResourceEdge>,
    /// The resources without their cursors.
    pub nodes: Vec<IdleResource>,
    /// Where the page lies in the list.
    pub page_info: PageInfo,
    /// How many are idle in this place and category.
    pub total_count: i32,
}

/// A page of idle resources.
///
/// # Errors
/// `NOT_ALLOWED` for the public, `BAD_USER_INPUT` when an argument makes no sense.
pub fn read(
    scope: &Scope,
    place: Option<&ID>,
    category: Option<&str>,
    count: usize,
    after: Option<&str>,
) -> Result<IdleResourceConnection> {
    scope.needs(Sight::Street)?;
    let state = &scope.state;
    let place = part::place_of(state, place)?;
    let category = category.map(category_code).transpose()?;
    if let Some(code) = &category {
        named::is_there(state, "category", &NodeId::Category(code.clone()))?;
    }
    let after = after.map(read_cursor).transpose()?;
    let mut found = state.idle(place, category.as_ref(), after, count.saturating_add(1));
    let has_next_page = found.len() > count;
    found.truncate(count);
    let nodes: Vec<IdleResource> =
        found.into_iter().map(|(since, id)| IdleResource { at: Arc::clone(state), since, id }).collect();
    let edges: Vec<IdleResourceEdge> = nodes
        .iter()
        .map(|node| IdleResourceEdge { cursor: write_cursor(node.since, node.id), node: node.clone() })
        .collect();
    let page_info = PageInfo {
        has_next_page,
        has_previous_page: after.is_some(),
        start_cursor: edges.first().map(|edge| edge.cursor.clone()),
        end_cursor: edges.last().map(|edge| edge.cursor.clone()),
    };
    let total_count = int(total(state, place, category));
    Ok(IdleResourceConnection { edges, nodes, page_info, total_count })
}

/// How many are idle: read off the tallies, or counted in the queue of a small place.
fn total(state: &State, place: Option<PlaceId>, category: Option<CategoryCode>) -> u64 {
    let slices = category.clone().map(Slice::Category).into_iter().collect();
    let part = Part { place, slices, ..Part::of(List::Resources) };
    if part.kept(state, &[]).is_ok() {
        let resting = tallies::total(state, &part);
        return resting.count_if(|standing, stage| standing.is_open() && stage == Stage::Posted);
    }
    let all = state.idle(place, category.as_ref(), None, usize::MAX);
    u64::try_from(all.len()).unwrap_or(u64::MAX)
}

fn write_cursor(since: Moment, id: ResourceId) -> String {
    URL_SAFE_NO_PAD.encode(format!("idle:{}.{}", since.millis(), id.number()))
}

fn read_cursor(cursor: &str) -> Result<(Moment, ResourceId)> {
    let read = || {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
        let (since, id) = text.strip_prefix("idle:")?.split_once('.')?;
        Some((Moment::from_millis(since.parse().ok()?), ResourceId::new(id.parse().ok()?)))
    };
    read().ok_or_else(|| bad_input("本列表没有给出过这个游标", "the cursor was not given out by this list"))
}
