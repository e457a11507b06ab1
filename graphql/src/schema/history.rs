//! History 变更历史: who did what to a thing, when, and what that changed; and the street as it was.

use super::{
    connection::{PageInfo, PageRequest, connection, count, page_size, place},
    event::{self, Actor, Concerns, EventType, concerns::Concerned},
    fault::{FaultCode, after_end, bad_input, fault},
    identity::NodeId,
    scalar::{DateTime, Json, Position, int},
    scope::{Scope, Snapshot},
};
use async_graphql::{Context, Enum, Error, ID, Object, Result, SimpleObject};
use engine::{
    event as domain,
    history::{Change, Entity},
    identity::Position as CommitPosition,
    moment::Moment,
    permission::{Sight, View},
};
use std::sync::Arc;
use storage::{
    ReadError,
    ledger::{Moved, Page, TravelError},
};

/// What has a history 变更历史 and no global id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum HistorySubject {
    /// 街道: its name, its place, its office.
    Street,
    /// 规则: the rules in force.
    Rules,
}

/// Of what a history is asked.
///
/// # Errors
/// `BAD_USER_INPUT` when neither or both are given, or the id was not given out by this server.
pub fn entity(id: Option<&ID>, of: Option<HistorySubject>) -> Result<Entity> {
    match (id, of) {
        (None, Some(HistorySubject::Street)) => Ok(Entity::Street),
        (None, Some(HistorySubject::Rules)) => Ok(Entity::Rules),
        (Some(id), None) => {
            let id = NodeId::read(id).ok_or_else(|| {
                bad_input("该标识不是本服务器给出的", "the id was not given out by this server")
            })?;
            Ok(Entity::from(&id))
        }
        (None, None) | (Some(_), Some(_)) => {
            Err(bad_input("请只给 `id`、`of` 中的一个", "give exactly one of `id`, `of`"))
        }
    }
}

/// Which part of a history is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HistoryPage {
    page: Page,
    count: usize,
}

impl HistoryPage {
    /// Reads the four arguments: `first` with `after`, or `last` with `before`.
    ///
    /// # Errors
    /// `BAD_USER_INPUT` when they do not go together, or a count is out of range.
    pub fn read(
        first: Option<i32>,
        after: Option<Position>,
        last: Option<i32>,
        before: Option<Position>,
    ) -> Result<Self> {
        let backwards = last.is_some() || before.is_some();
        if backwards && (first.is_some() || after.is_some()) {
            return Err(bad_input(
                "请给 `first` 与 `after`,或 `last` 与 `before`",
                "give `first` and `after`, or `last` and `before`",
            ));
        }
        let count = count(first, last)?;
        let whole = |position: Option<Position>| position.map(|position| CommitPosition(position.commit));
        let page = if backwards {
            whole(before).map_or(Page::NEWEST, Page::Before)
        } else {
            whole(after).map_or(Page::OLDEST, Page::After)
        };
        Ok(Self { page, count })
    }
}

/// A page of a history 变更历史, oldest first.
#[derive(Clone, SimpleObject)]
pub struct HistoryConnection {
    /// The entries with their cursors.
    pub edges: Vec<HistoryEdge>,
    /// The entries without their cursors.
    pub nodes: Vec<HistoryEntry>,
    /// Where the page lies in the history.
    pub page_info: PageInfo,
    /// How many entries the whole history has.
    pub total_count: i32,
}

impl HistoryConnection {
    /// The history of nothing.
    const fn none() -> Self {
        let page_info =
            PageInfo { has_next_page: false, has_previous_page: false, start_cursor: None, end_cursor: None };
        Self { edges: Vec::new(), nodes: Vec::new(), page_info, total_count: 0 }
    }
}

/// An entry of a history 变更历史 with its cursor.
#[derive(Clone, SimpleObject)]
pub struct HistoryEdge {
    /// Its position; good for `after` and `before`.
    pub cursor: String,
    /// The entry.
    pub node: HistoryEntry,
}

/// What one commit did to a thing.
#[derive(Clone)]
pub struct HistoryEntry {
    at: Snapshot,
    of: Arc<Entity>,
    it: Arc<Moved>,
}

/// What one commit did to a thing 变更记录.
#[Object]
impl HistoryEntry {
    /// The position of the commit.
    async fn position(&self) -> Position {
        self.it.position.into()
    }

    /// When it was made.
    async fn time(&self) -> DateTime {
        DateTime(self.it.time)
    }

    /// Who gave the command 操作人.
    async fn actor(&self) -> Actor {
        Actor::new(&self.at, self.it.actor).told_if(self.it.events.iter().all(|it| self.at.sees_event(it)))
    }

    /// What was said about the thing 事件, as far as the caller sees what else it is about.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many after `after`, at most 100; 20 when not said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<HistoryEventConnection>> {
        let read = || {
            let page = PageRequest::read(first, after.as_deref(), last, before.as_deref())?;
            let seen = || self.it.events.iter().enumerate().filter(|(_, it)| self.at.sees_event(it));
            let wrap =
                |(_, it): (usize, &domain::Event)| HistoryEvent { at: Arc::clone(&self.at), it: it.clone() };
            Ok(HistoryEventConnection::new(ctx, page, seen, place, wrap))
        };
        Some(read())
    }

    /// What that changed 字段变更, field by field; none when it said what was so already.
    #[graphql(complexity = "crate::schema::connection::cost(page_size(first, last), child_complexity)")]
    async fn changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many after `after`, at most 100; 20 when not said.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what follows this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many before `before`, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what precedes this cursor.")] before: Option<String>,
    ) -> Option<Result<FieldChangeConnection>> {
        let read = || {
            let page = PageRequest::read(first, after.as_deref(), last, before.as_deref())?;
            let told =
                || self.it.changes.iter().enumerate().filter(|(_, it)| is_told(&self.at, &self.of, it));
            Ok(FieldChangeConnection::new(ctx, page, told, place, |(_, it)| FieldChange::of(it)))
        };
        Some(read())
    }
}

connection!(
    HistoryEvent,
    HistoryEventConnection,
    HistoryEventEdge,
    "what one commit said about a thing 事件"
);
connection!(
    FieldChange,
    FieldChangeConnection,
    FieldChangeEdge,
    "what one commit changed of a thing 字段变更"
);

/// An event in the history of a thing.
#[derive(Clone)]
pub struct HistoryEvent {
    at: Snapshot,
    it: domain::Event,
}

/// One event about a thing 事件.
#[Object]
impl HistoryEvent {
    /// What has happened 事件类型.
    #[graphql(name = "type")]
    async fn kind(&self) -> EventType {
        EventType::of(&self.it)
    }

    /// The event as it is stored, without secrets; identities in it are bare numbers.
    async fn payload(&self) -> Result<Json> {
        event::payload(&self.at, &self.it)
    }

    /// What it concerns.
    async fn concerns(&self) -> Concerns {
        Concerns::new(&self.at, Concerned::of(&self.it))
    }
}

/// One field that has another value than before 字段变更.
#[derive(Clone, SimpleObject)]
pub struct FieldChange {
    /// Which, as a JSON pointer (RFC 6901), such as `/draft/entry/title`.
    pub path: String,
    /// What it was 变更前; null when it was not there.
    pub before: Option<Json>,
    /// What it is 变更后; null when it is gone.
    pub after: Option<Json>,
}

impl FieldChange {
    fn of(it: &Change) -> Self {
        let json = |value: &Option<serde_json::Value>| value.clone().map(Json);
        Self { path: it.path.clone(), before: json(&it.before), after: json(&it.after) }
    }
}

/// Whether a change is told: what a paper of the street says of rows is told row by row, by the paper itself.
fn is_told(at: &Snapshot, of: &Entity, change: &Change) -> bool {
    let untold = match of {
        Entity::Plan(_) => "/summary/unmet",
        Entity::Meeting(_) => "/decisions",
        _ => return true,
    };
    at.view() == View::Everything || !change.path.starts_with(untold)
}

/// A part of the history of a thing, up to the position of the scope. What the caller does not see has as much of a history
/// as what is not there: none.
///
/// # Errors
/// `NOT_ALLOWED` for what the caller may not see; otherwise when the log cannot be read.
pub async fn read(scope: &Scope, entity: Entity, page: HistoryPage) -> Result<HistoryConnection> {
    scope.needs(if matches!(entity, Entity::Member(_)) { Sight::Members } else { Sight::Street })?;
    if !scope.state.sees(entity.clone()) {
        return Ok(HistoryConnection::none());
    }
    let end = scope.state.position();
    let asked = match page.page {
        Page::After(after) => Page::After(after),
        Page::Before(before) => Page::Before(before.min(end.next())),
    };
    let (ledger, about) = (scope.shared().ledger.clone(), entity.clone());
    let found = tokio::task::spawn_blocking(move || ledger.history(&about, asked, page.count))
        .await
        .map_err(|_| fault(FaultCode::Internal, "the history could not be read"))?
        .map_err(|error| unreadable(&error))?;
    // What was said after this state is not part of what is asked.
    let newest = scope.shared().ledger.state();
    let total = newest.touches(&entity).filter(|position| *position <= end).count();
    let of = Arc::new(entity.clone());
    let nodes: Vec<HistoryEntry> = found
        .moves
        .into_iter()
        .filter(|moved| moved.position <= end)
        .map(|moved| HistoryEntry { at: Arc::clone(&scope.state), of: Arc::clone(&of), it: Arc::new(moved) })
        .collect();
    let last = nodes.last().map(|node| node.it.position);
    let later = match (last, asked) {
        (Some(last), _) => newest.touches(&entity).any(|position| position > last && position <= end),
        (None, Page::After(_)) => false,
        (None, Page::Before(_)) => total > 0,
    };
    let edges: Vec<HistoryEdge> = nodes
        .iter()
        .map(|node| HistoryEdge { cursor: node.it.position.0.to_string(), node: node.clone() })
        .collect();
    let page_info = PageInfo {
        has_next_page: later,
        has_previous_page: found.earlier,
        start_cursor: edges.first().map(|edge| edge.cursor.clone()),
        end_cursor: edges.last().map(|edge| edge.cursor.clone()),
    };
    Ok(HistoryConnection { edges, nodes, page_info, total_count: int(total) })
}

/// The scope of a state of the past.
///
/// # Errors
/// `NOT_ALLOWED` for the public, `BAD_USER_INPUT` when it is not said which state, or it is yet to come.
pub async fn as_of(
    scope: Result<&Scope>,
    position: Option<Position>,
    moment: Option<DateTime>,
) -> Result<Scope> {
    let scope = scope?;
    // Old wordings were amended for a reason: the public sees the street as it stands.
    scope.needs(Sight::Street)?;
    let newest = scope.state.position();
    let ledger = scope.shared().ledger.clone();
    let wanted = match (position, moment) {
        (Some(Position { commit, event: None }), None) if commit <= newest.0 => Wanted::Position(commit),
        (Some(Position { event: None, .. }), None) => {
            return Err(after_end("position", newest.0));
        }
        (Some(_), None) => {
            return Err(bad_input("position:应为一次提交的序号", "position: give the number of a commit"));
        }
        (None, Some(DateTime(moment))) => Wanted::Moment(moment.min(scope.now())),
        (None, None) | (Some(_), Some(_)) => {
            return Err(bad_input(
                "请只给 `position`、`at` 中的一个",
                "give exactly one of `position`, `at`",
            ));
        }
    };
    let turns = Arc::clone(&scope.shared().travelling);
    let turn =
        turns.acquire_owned().await.map_err(|_| fault(FaultCode::Unavailable, "the server is going down"))?;
    let state = tokio::task::spawn_blocking(move || {
        // Held to the end, even when nobody waits any more.
        let _turn = turn;
        match wanted {
            Wanted::Position(position) => ledger.state_at(CommitPosition(position)),
            // Whatever was written since the request began is not part of what it sees.
            Wanted::Moment(moment) => ledger.state_at(ledger.position_at(moment)?.min(newest)),
        }
    })
    .await
    .map_err(|_| fault(FaultCode::Internal, "the past could not be read"))?
    .map_err(|error| match error {
        TravelError::AfterHead { .. } => after_end("position", newest.0),
        TravelError::Read(error) => unreadable(&error),
    })?;
    let now = match wanted {
        Wanted::Position(_) => state.time().unwrap_or(scope.now()),
        Wanted::Moment(moment) => moment,
    };
    Ok(scope.at_past(scope.viewed(state), now))
}

/// Which past.
#[derive(Clone, Copy)]
enum Wanted {
    Position(u64),
    Moment(Moment),
}

fn unreadable(error: &ReadError) -> Error {
    tracing::error!(%error, "the log could not be read");
    fault(FaultCode::Internal, "the log could not be read")
}
