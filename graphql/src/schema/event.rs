//! The event feed 事件: what has happened, in order, each event with typed references to what it concerns.

pub mod concerns;

pub use concerns::Concerns;

use super::{
    fault::{FaultCode, fault},
    live::filter::Wanted,
    organization::Organization,
    scalar::{DateTime, Position},
    scope::{Scope, Snapshot},
    words::Role,
};
use async_graphql::{Enum, Json, Object, Result, SimpleObject};
use engine::{
    event as domain, identity::Position as CommitPosition, member::Caller, moment::Moment, permission::Sight,
};
use std::sync::Arc;
use storage::Commit;

/// Who gave a command 操作者.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ActorKind {
    /// 系统: the program itself, or the operator at its console.
    System,
    /// 成员: a signed-in member.
    Member,
    /// 公众: nobody in particular.
    Public,
}

/// Who gave the command an event came from.
#[derive(Clone)]
pub struct Actor {
    at: Snapshot,
    it: Caller,
}

impl Actor {
    /// Whoever gave a command, with what this state knows of it.
    pub fn new(at: &Snapshot, it: Caller) -> Self {
        Self { at: Arc::clone(at), it }
    }
}

/// Who gave the command an event came from 操作人. The login itself is not shown.
#[Object]
impl Actor {
    /// The program, a member, or the public.
    async fn kind(&self) -> ActorKind {
        match self.it {
            Caller::System => ActorKind::System,
            Caller::Member { .. } => ActorKind::Member,
            Caller::Public => ActorKind::Public,
        }
    }

    /// The role it had; null unless a member.
    async fn role(&self) -> Option<Role> {
        match self.it {
            Caller::Member { role, .. } => Some(role.into()),
            Caller::System | Caller::Public => None,
        }
    }

    /// Whom it acted for; null unless a member.
    async fn organization(&self) -> Option<Organization> {
        match self.it {
            Caller::Member { organization, .. } => Organization::find(&self.at, organization),
            Caller::System | Caller::Public => None,
        }
    }
}

/// One event of one commit.
#[derive(Clone)]
pub struct Event {
    at: Snapshot,
    sight: Sight,
    position: CommitPosition,
    index: u32,
    last: bool,
    time: Moment,
    actor: Caller,
    it: domain::Event,
}

impl Event {
    /// The events of a commit that come after a cursor, as a caller of this sight may see them.
    pub fn of_commit(at: &Snapshot, sight: Sight, commit: &Commit, after: Position) -> Vec<Self> {
        let count = commit.events.len();
        let seen = match after.event {
            Some(event) if after.commit == commit.position.0 => Some(event),
            _ => None,
        };
        (0..)
            .zip(&commit.events)
            .filter(|(index, _)| seen.is_none_or(|seen| *index > seen))
            .map(|(index, it)| Self {
                at: Arc::clone(at),
                sight,
                position: commit.position,
                index,
                last: usize::try_from(index).is_ok_and(|index| index + 1 == count),
                time: commit.time,
                actor: commit.actor,
                it: it.clone(),
            })
            .collect()
    }

    /// Where the feed goes on after this event.
    pub const fn cursor(&self) -> Position {
        let event = if self.last { None } else { Some(self.index) };
        Position { commit: self.position.0, event }
    }

    /// Whether it is wanted.
    pub fn passes(&self, wanted: &Wanted) -> bool {
        wanted.lets(&self.at, &self.it, self.is_hidden())
    }

    /// Logins are for coordinators.
    fn is_hidden(&self) -> bool {
        self.sight < Sight::Members
            && matches!(
                self.it,
                domain::Event::MemberAdded { .. }
                    | domain::Event::MemberRevoked { .. }
                    | domain::Event::TokenIssued { .. }
                    | domain::Event::TokenRevoked { .. }
                    | domain::Event::SignOnBound { .. }
                    | domain::Event::SignOnUnbound { .. }
            )
    }
}

/// Something that has happened 事件. All events of one command have one position.
#[Object]
impl Event {
    /// The position of its commit.
    async fn position(&self) -> Position {
        self.position.into()
    }

    /// Its number inside the commit, from 0.
    async fn index(&self) -> i32 {
        super::scalar::int(self.index)
    }

    /// Where to go on after it: give this as `after`, and nothing is missed and nothing comes twice.
    #[graphql(name = "cursor")]
    async fn resume(&self) -> Position {
        self.cursor()
    }

    /// When it happened.
    async fn time(&self) -> DateTime {
        DateTime(self.time)
    }

    /// Who gave the command.
    async fn actor(&self) -> Actor {
        Actor::new(&self.at, self.actor)
    }

    /// The name of its kind, such as `NeedPosted`.
    #[graphql(name = "type")]
    async fn kind(&self) -> &'static str {
        self.it.name()
    }

    /// The event as it is stored, without secrets; identities in it are bare numbers.
    /// Events about logins are empty for all but coordinators.
    async fn payload(&self) -> Result<Json<serde_json::Value>> {
        if self.is_hidden() {
            return Ok(Json(serde_json::json!({ "type": self.it.name() })));
        }
        payload(&self.it)
    }

    /// The global ids of what it concerns.
    async fn concerns(&self) -> Concerns {
        if self.is_hidden() { Concerns::default() } else { Concerns::of(&self.it) }
    }
}

/// An event as it is stored, without secrets.
///
/// # Errors
/// When it cannot be written as JSON, which is a bug: it was read from there.
pub fn payload(event: &domain::Event) -> Result<Json<serde_json::Value>> {
    let mut payload = serde_json::to_value(event)
        .map_err(|_| fault(FaultCode::Internal, "the event cannot be shown as JSON"))?;
    if let Some(fields) = payload.as_object_mut() {
        fields.remove("token");
        fields.remove("sign_on");
        fields.remove("signOn");
    }
    Ok(Json(payload))
}

/// A page of the event feed 事件.
#[derive(Clone, SimpleObject)]
pub struct EventConnection {
    /// The events with their cursors.
    pub edges: Vec<EventEdge>,
    /// The events without their cursors.
    pub nodes: Vec<Event>,
    /// Where the page lies in the feed.
    pub page_info: super::connection::PageInfo,
}

/// An event 事件 with its cursor.
#[derive(Clone, SimpleObject)]
pub struct EventEdge {
    /// Where to go on after it; good for `after` here and in the subscription.
    pub cursor: String,
    /// The event.
    pub node: Event,
}

/// The events that follow a cursor, oldest first, up to the position of the request.
///
/// # Errors
/// When the log cannot be read.
pub async fn page(scope: &Scope, after: Position, count: usize) -> Result<EventConnection> {
    // A cursor inside a commit needs that commit once more; one event more tells whether something follows.
    let mut start = CommitPosition(after.commit.saturating_sub(u64::from(after.event.is_some())));
    let mut events: Vec<Event> = Vec::new();
    while events.len() <= count && start < scope.state.position() {
        let commits = read(scope, start, count.saturating_add(1)).await?;
        let Some(last) = commits.last() else { break };
        start = last.position;
        let seen = commits.iter().filter(|commit| commit.position <= scope.state.position());
        events.extend(seen.flat_map(|commit| Event::of_commit(&scope.state, scope.sight(), commit, after)));
    }
    let more = events.len() > count;
    events.truncate(count);
    let edges: Vec<EventEdge> = events
        .iter()
        .map(|node| EventEdge { cursor: node.cursor().to_string(), node: node.clone() })
        .collect();
    let page_info = super::connection::PageInfo {
        has_next_page: more,
        has_previous_page: after.commit > 0,
        start_cursor: edges.first().map(|edge| edge.cursor.clone()),
        end_cursor: edges.last().map(|edge| edge.cursor.clone()),
    };
    Ok(EventConnection { edges, nodes: events, page_info })
}

async fn read(scope: &Scope, after: CommitPosition, limit: usize) -> Result<Vec<Arc<Commit>>> {
    let ledger = scope.shared().ledger.clone();
    tokio::task::spawn_blocking(move || ledger.read(after, limit))
        .await
        .map_err(|_| fault(FaultCode::Internal, "the feed could not be read"))?
        .map_err(|error| {
            tracing::error!(%error, "the feed could not be read");
            fault(FaultCode::Internal, "the feed could not be read")
        })
}
