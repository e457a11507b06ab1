//! Changes: every commit is read once, and told as what it changed.

use super::{ended, is_member_still};
use crate::schema::{
    event::EventType,
    fault::{FaultCode, after_end, bad_input, fault},
    filter::{organization_id, place_id},
    identity::NodeId,
    pairing::Pairing,
    project::Project,
    scalar::{ChangeCursor, DateTime, Position},
    scope::{Scope, Snapshot},
    viewed::Viewed,
    words::{PairingStatus, ProjectStatus},
};
use async_graphql::{Context, ID, InputObject, Result, SimpleObject, Subscription};
use engine::{
    history::{Entity, touched},
    identity::{OrganizationId, PairingId, PlaceId, Position as CommitPosition, ProjectId},
    pairing::Target,
    permission::{Sight, View},
    state::State,
};
use futures_util::{Stream, StreamExt, stream};
use std::sync::Arc;
use storage::Commit;

/// What commits after a cursor are told as, for as long as the caller stays a member. Without a cursor, what happens
/// next.
pub fn follow<T: Send + 'static>(
    scope: &Scope,
    after: Option<Position>,
    of_commit: impl Fn(&Snapshot, &Commit, Position) -> Vec<T> + Send + 'static,
) -> Result<impl Stream<Item = Result<T>> + 'static> {
    let (shared, caller) = (scope.shared().clone(), scope.caller());
    let after = after.unwrap_or(scope.state.position().into());
    // A cursor of a log that went further, such as before a backup was brought back: what comes now is not what follows it.
    let end = shared.ledger.state().position();
    if after.commit > end.0 {
        return Err(after_end("after", end.0));
    }
    // A cursor inside a commit needs that commit once more.
    let start = CommitPosition(after.commit.saturating_sub(u64::from(after.event.is_some())));
    let commits = Box::pin(shared.ledger.follow(start));
    let following = shared.seen.following(start);
    let batches = stream::unfold(Some((shared, commits, following, of_commit)), move |feed| async move {
        let (shared, mut commits, following, of_commit) = feed?;
        let commit = match commits.next().await? {
            Ok(commit) => commit,
            Err(error) => {
                tracing::error!(%error, "the feed could not be read");
                return Some((vec![Err(fault(FaultCode::Internal, "the feed could not be read"))], None));
            }
        };
        let state = shared.ledger.state();
        if !is_member_still(&state, &caller) {
            return Some((vec![Err(ended())], None));
        }
        // What is seen goes by the rights of now.
        let at = Arc::new(Viewed::new(Arc::clone(&state), View::of(&state, &caller)));
        let told = of_commit(&at, &commit, after);
        following.reached(commit.position);
        Some((told.into_iter().map(Ok).collect(), Some((shared, commits, following, of_commit))))
    });
    Ok(batches.flat_map(stream::iter))
}

/// Which pairings 配对 to follow. All conditions hold at once, as things stand when the change is told.
#[derive(Clone, Debug, Default, InputObject)]
pub struct PairingChangeFilter {
    /// Only these.
    pub pairings: Option<Vec<ID>>,
    /// With this organization on either side.
    pub organization: Option<ID>,
    /// Whose need or project is in this place or below it.
    pub place: Option<ID>,
    /// Standing in one of these states now.
    pub status: Option<Vec<PairingStatus>>,
}

/// Which projects 项目 to follow. All conditions hold at once, as things stand when the change is told.
#[derive(Clone, Debug, Default, InputObject)]
pub struct ProjectChangeFilter {
    /// Only these.
    pub projects: Option<Vec<ID>>,
    /// Posted by this organization.
    pub organization: Option<ID>,
    /// In this place or below it.
    pub place: Option<ID>,
    /// Standing in one of these states now.
    pub status: Option<Vec<ProjectStatus>>,
}

/// A pairing that a commit has changed 配对变动.
#[derive(Clone, SimpleObject)]
pub struct PairingChange {
    /// The position of the commit.
    pub position: Position,
    /// Where to go on after it: give this as `after`, and nothing is missed and nothing comes twice.
    pub cursor: ChangeCursor,
    /// When the commit was made.
    pub time: DateTime,
    /// What was said of it 事件类型, in the order in which it was.
    pub events: Vec<EventType>,
    /// The pairing as it stands when this is told, which may be later.
    pub pairing: Pairing,
}

/// A project that a commit has changed 项目变动.
#[derive(Clone, SimpleObject)]
pub struct ProjectChange {
    /// The position of the commit.
    pub position: Position,
    /// Where to go on after it: give this as `after`, and nothing is missed and nothing comes twice.
    pub cursor: ChangeCursor,
    /// When the commit was made.
    pub time: DateTime,
    /// What was said of it 事件类型, in the order in which it was.
    pub events: Vec<EventType>,
    /// The project as it stands when this is told, which may be later.
    pub project: Project,
}

/// What changes.
#[derive(Default)]
pub struct LiveChanges;

/// What changes.
#[Subscription]
impl LiveChanges {
    /// Every change of a pairing 配对变动, history first, then live: once for each commit that changed it, nothing missed
    /// and nothing twice. To go on after a break, give the `cursor` of the last one. For members, of the pairings that they see.
    async fn pairing_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only what follows this position or cursor; only what is new when not said.")]
        after: Option<ChangeCursor>,
        #[graphql(desc = "Only pairings that pass this filter.")] filter: Option<PairingChangeFilter>,
    ) -> Result<impl Stream<Item = Result<PairingChange>> + 'static> {
        let scope = Scope::of(ctx)?;
        scope.needs(Sight::Street)?;
        let passes = pairing_filter(filter.unwrap_or_default())?;
        let of_commit = move |at: &Snapshot, commit: &Commit, after: Position| {
            let changed = changed(at, commit, after, |entity| match entity {
                Entity::Pairing(id) => Some(*id),
                _ => None,
            });
            let told = changed.into_iter().filter(|it| passes(at, it.id)).filter_map(|it| {
                let pairing = Pairing::find(at, it.id)?;
                let Changed { cursor, events, .. } = it;
                let (position, cursor, time) = (commit.position.into(), cursor.into(), DateTime(commit.time));
                Some(PairingChange { position, cursor, time, events, pairing })
            });
            told.collect()
        };
        follow(scope, after.map(Position::from), of_commit)
    }

    /// Every change of a project 项目变动, its agreement, its slots and its pairings included; as `pairingChanged`. For
    /// members; what is only said of rows that they do not see is not told.
    async fn project_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only what follows this position or cursor; only what is new when not said.")]
        after: Option<ChangeCursor>,
        #[graphql(desc = "Only projects that pass this filter.")] filter: Option<ProjectChangeFilter>,
    ) -> Result<impl Stream<Item = Result<ProjectChange>> + 'static> {
        let scope = Scope::of(ctx)?;
        scope.needs(Sight::Street)?;
        let passes = project_filter(filter.unwrap_or_default())?;
        let of_commit = move |at: &Snapshot, commit: &Commit, after: Position| {
            let changed = changed(at, commit, after, |entity| match entity {
                Entity::Project(id) => Some(*id),
                _ => None,
            });
            let told = changed.into_iter().filter(|it| passes(at, it.id)).filter_map(|it| {
                let project = Project::find(at, it.id)?;
                let Changed { cursor, events, .. } = it;
                let (position, cursor, time) = (commit.position.into(), cursor.into(), DateTime(commit.time));
                Some(ProjectChange { position, cursor, time, events, project })
            });
            told.collect()
        };
        follow(scope, after.map(Position::from), of_commit)
    }
}

impl From<ChangeCursor> for Position {
    fn from(ChangeCursor { commit, change }: ChangeCursor) -> Self {
        Self { commit, event: change }
    }
}

impl From<Position> for ChangeCursor {
    fn from(Position { commit, event }: Position) -> Self {
        Self { commit, change: event }
    }
}

/// Something that a commit has changed; its cursor counts what changed, not the events.
struct Changed<T> {
    id: T,
    cursor: Position,
    events: Vec<EventType>,
}

/// What of one kind a commit has changed, each once, in the order in which it was first named; what a cursor inside the
/// commit has passed is left out, and what only events say that the caller does not see. What an event touches is the same
/// in every later state, and so is the order.
fn changed<T: Copy + PartialEq>(
    at: &Snapshot,
    commit: &Commit,
    after: Position,
    pick: impl Fn(&Entity) -> Option<T>,
) -> Vec<Changed<T>> {
    let mut found: Vec<(T, Vec<EventType>)> = Vec::new();
    for event in &commit.events {
        let kind = at.sees_event(event).then(|| EventType::of(event));
        for id in touched(at, event).iter().filter_map(&pick) {
            match found.iter_mut().find(|(known, _)| *known == id) {
                Some((_, events)) if events.last() == kind.as_ref() => {}
                Some((_, events)) => events.extend(kind),
                None => found.push((id, kind.into_iter().collect())),
            }
        }
    }
    let seen = if after.commit == commit.position.0 { after.event } else { None };
    let count = found.len();
    let numbered = (0_u32..).zip(found).filter(|(number, _)| seen.is_none_or(|seen| *number > seen));
    numbered
        .filter(|(_, (_, events))| !events.is_empty())
        .map(|(number, (id, events))| {
            let last = usize::try_from(number).is_ok_and(|number| number + 1 == count);
            let event = if last { None } else { Some(number) };
            Changed { id, cursor: Position { commit: commit.position.0, event }, events }
        })
        .collect()
}

fn ids<T>(field: &str, ids: Option<Vec<ID>>, read: impl Fn(NodeId) -> Option<T>) -> Result<Option<Vec<T>>> {
    let one = |id: &ID| {
        NodeId::read(id).and_then(&read).ok_or_else(|| {
            bad_input(format!("{field}:标识的类型不对"), format!("{field}: this is the id of no such thing"))
        })
    };
    ids.map(|ids| ids.iter().map(one).collect()).transpose()
}

fn part(place: Option<ID>, organization: Option<ID>) -> Result<(Option<PlaceId>, Option<OrganizationId>)> {
    let place = place.as_ref().map(place_id).transpose()?;
    Ok((place, organization.as_ref().map(organization_id).transpose()?))
}

fn pairing_filter(
    filter: PairingChangeFilter,
) -> Result<impl Fn(&State, PairingId) -> bool + Send + 'static> {
    let PairingChangeFilter { pairings, organization, place, status } = filter;
    let pairings = ids("pairings", pairings, |id| match id {
        NodeId::Pairing(id) => Some(id),
        _ => None,
    })?;
    let (place, organization) = part(place, organization)?;
    Ok(move |state: &State, id: PairingId| {
        state.pairing(id).is_some_and(|it| {
            let sides = [state.asking(it.terms.target), state.giving(it.terms.supplier)];
            pairings.as_ref().is_none_or(|wanted| wanted.contains(&id))
                && organization.is_none_or(|wanted| sides.contains(&Some(wanted)))
                && place.is_none_or(|outer| lies_in(state, it.terms.target, outer))
                && status.as_ref().is_none_or(|wanted| wanted.contains(&PairingStatus::of(&it.status)))
        })
    })
}

fn project_filter(
    filter: ProjectChangeFilter,
) -> Result<impl Fn(&State, ProjectId) -> bool + Send + 'static> {
    let ProjectChangeFilter { projects, organization, place, status } = filter;
    let projects = ids("projects", projects, |id| match id {
        NodeId::Project(id) => Some(id),
        _ => None,
    })?;
    let (place, organization) = part(place, organization)?;
    Ok(move |state: &State, id: ProjectId| {
        state.project(id).is_some_and(|it| {
            projects.as_ref().is_none_or(|wanted| wanted.contains(&id))
                && organization.is_none_or(|wanted| it.draft.entry.organization == wanted)
                && place.is_none_or(|outer| lies_in(state, Target::Slot(id, 0), outer))
                && status.as_ref().is_none_or(|wanted| wanted.contains(&it.status().into()))
        })
    })
}

/// Whether what is asked lies in a place.
pub(super) fn lies_in(state: &State, target: Target, outer: PlaceId) -> bool {
    let place = match target {
        Target::Need(need) => state.need(need).and_then(|it| state.place_of(&it.draft.entry)),
        Target::Slot(project, _) => state.project(project).and_then(|it| state.place_of(&it.draft.entry)),
    };
    place.is_some_and(|inner| state.lies_in(inner, outer))
}
