//! Pages of the event feed: what to read of the log, from which end, and where to stop.

use super::Event;
use crate::schema::{
    connection::{PageInfo, count},
    fault::{FaultCode, fault},
    filter::TimeRange,
    live::filter::{EventFilter, Wanted},
    scalar::Position,
    scope::Scope,
};
use async_graphql::{Error, Result, SimpleObject};
use engine::{
    history::Entity,
    identity::Position as CommitPosition,
    moment::Moment,
    permission::{Sight, View},
};
use std::{collections::BTreeSet, ops::RangeInclusive, sync::Arc};
use storage::{Commit, Ledger, ReadError};

/// How many commits one page looks at under a filter for which there is no index.
const LOOKED_MAX: usize = 2_000;

/// How many of them are read at a time.
const READ_TOGETHER: usize = 200;

/// A page of the event feed 事件.
#[derive(Clone, SimpleObject)]
pub struct EventConnection {
    /// The events with their cursors.
    pub edges: Vec<EventEdge>,
    /// The events without their cursors.
    pub nodes: Vec<Event>,
    /// Where the page lies in the feed. Where the page ends because enough was looked at, its cursors name that place.
    pub page_info: PageInfo,
}

/// An event 事件 with its cursor.
#[derive(Clone, SimpleObject)]
pub struct EventEdge {
    /// Where to go on after it; good for `after` and `before` here, and for `after` in the subscription.
    pub cursor: String,
    /// The event.
    pub node: Event,
}

/// Which page is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    after: Option<Position>,
    before: Option<Position>,
    count: usize,
    backwards: bool,
}

impl Asked {
    /// Reads the four arguments.
    ///
    /// # Errors
    /// `BAD_USER_INPUT` when a count is out of range, or both are given.
    pub fn read(
        first: Option<i32>,
        after: Option<Position>,
        last: Option<i32>,
        before: Option<Position>,
    ) -> Result<Self> {
        let count = count(first, last)?;
        Ok(Self { after, before, count, backwards: last.is_some() })
    }

    /// The commits between its cursors; those that these name are in it, if something of them is.
    fn commits(&self, end: CommitPosition) -> RangeInclusive<u64> {
        let first = self.after.map_or(1, |it| it.commit.saturating_add(u64::from(it.event.is_none())));
        let last = self.before.map_or(end.0, |it| it.commit.min(end.0));
        first.max(1)..=last
    }

    fn start(&self) -> Position {
        self.after.unwrap_or(CommitPosition::START.into())
    }

    fn holds(&self, event: &Event) -> bool {
        self.before.is_none_or(|before| event.is_before(before))
    }
}

/// A page of the feed, up to the position of the scope.
///
/// # Errors
/// `NOT_ALLOWED` for the public, `BAD_USER_INPUT` when the filter makes no sense; otherwise when the log cannot be read.
pub async fn read(
    scope: &Scope,
    filter: Option<EventFilter>,
    during: Option<TimeRange>,
    asked: Asked,
) -> Result<EventConnection> {
    scope.needs(Sight::Street)?;
    let wanted = Wanted::read(filter.unwrap_or_default())?;
    let mut span = asked.commits(scope.state.position());
    if let Some(during) = during {
        span = made_in(scope, span, during).await?;
    }
    let Asked { count, backwards, .. } = asked;
    let takes_all = wanted.is_everything() && scope.state.view() == View::Everything;
    let together = if takes_all { count.saturating_add(1) } else { READ_TOGETHER };
    let mut commits = positions(scope, &wanted, span, backwards);

    let (mut found, mut looked, mut stopped) = (Vec::new(), 0, None);
    while found.len() <= count {
        let mut batch: Vec<u64> = commits.by_ref().take(together).collect();
        let Some(reached) = batch.last().copied() else { break };
        if backwards {
            batch.reverse();
        }
        looked += batch.len();
        let commits = fetch(scope, batch).await?;
        let of_commit =
            |commit: &Arc<Commit>| Event::of_commit(&scope.state, scope.sight(), commit, asked.start());
        let events = commits.iter().flat_map(of_commit);
        let passing = events.filter(|event| asked.holds(event) && event.passes(&wanted));
        if backwards {
            let mut passing: Vec<Event> = passing.collect();
            passing.reverse();
            found.extend(passing);
        } else {
            found.extend(passing);
        }
        if looked >= LOOKED_MAX && found.len() <= count {
            stopped = Some(reached);
            break;
        }
    }
    Ok(connection(asked, found, stopped))
}

/// What was found, from the end that was asked for; and the commit at which the search was broken off.
fn connection(asked: Asked, mut found: Vec<Event>, stopped: Option<u64>) -> EventConnection {
    let Asked { after, before, count, backwards } = asked;
    let more = found.len() > count || stopped.is_some();
    found.truncate(count);
    if backwards {
        found.reverse();
    }
    let edge = |node: &Event| EventEdge { cursor: node.cursor().to_string(), node: node.clone() };
    let edges: Vec<EventEdge> = found.iter().map(edge).collect();
    // From the end, the first event of the commit that was looked at last is what nothing beyond was looked at precedes.
    let stopped = stopped.map(|commit| Position { commit, event: backwards.then_some(0) }.to_string());
    let ends = [edges.first(), edges.last()].map(|edge| edge.map(|edge| edge.cursor.clone()));
    let [start_cursor, end_cursor] = match (ends, stopped) {
        ([_, end], Some(stopped)) if backwards => [Some(stopped), end],
        ([start, _], Some(stopped)) => [start, Some(stopped)],
        (ends, None) => ends,
    };
    let page_info = PageInfo {
        has_next_page: if backwards { before.is_some() } else { more },
        has_previous_page: if backwards { more } else { after.is_some_and(|after| after.commit > 0) },
        start_cursor,
        end_cursor,
    };
    EventConnection { edges, nodes: found, page_info }
}

/// The commits to look at, from the end that was asked for.
fn positions(
    scope: &Scope,
    wanted: &Wanted,
    span: RangeInclusive<u64>,
    backwards: bool,
) -> Box<dyn Iterator<Item = u64> + Send> {
    let directed =
        |it: Box<dyn DoubleEndedIterator<Item = u64> + Send>| -> Box<dyn Iterator<Item = u64> + Send> {
            if backwards { Box::new(it.rev()) } else { it }
        };
    match wanted.entities(&scope.state) {
        None => directed(Box::new(span)),
        Some(entities) => {
            let of = |entity: &Entity| -> Vec<u64> {
                let spoken = scope.state.touches_in(entity, &span).map(|position| position.0);
                let limit = LOOKED_MAX.saturating_add(READ_TOGETHER);
                if backwards { spoken.rev().take(limit).collect() } else { spoken.take(limit).collect() }
            };
            let positions: BTreeSet<u64> = entities.iter().flat_map(of).collect();
            directed(Box::new(positions.into_iter()))
        }
    }
}

/// The commits of a span that were made in a span of time.
async fn made_in(
    scope: &Scope,
    span: RangeInclusive<u64>,
    TimeRange { from, to }: TimeRange,
) -> Result<RangeInclusive<u64>> {
    let made_before = |ledger: &Ledger, moment: Moment| {
        let before = Moment::from_millis(moment.millis().saturating_sub(1));
        ledger.position_at(before).map(|position| position.0)
    };
    let (first, last) = span.into_inner();
    blocking(scope, move |ledger| {
        let early = from.map_or(Ok(0), |from| made_before(ledger, from.0))?;
        let late = to.map_or(Ok(last), |to| made_before(ledger, to.0))?;
        Ok(first.max(early.saturating_add(1))..=last.min(late))
    })
    .await
}

/// The commits at these positions, which rise.
async fn fetch(scope: &Scope, positions: Vec<u64>) -> Result<Vec<Arc<Commit>>> {
    blocking(scope, move |ledger| {
        let mut commits: Vec<Arc<Commit>> = Vec::with_capacity(positions.len());
        for run in positions.chunk_by(|one, next| one.checked_add(1) == Some(*next)) {
            let [mut read, last] = [run.first(), run.last()].map(|it| it.copied().unwrap_or_default());
            // A log may give less than was asked for, and more follows.
            while read <= last {
                let limit = usize::try_from(last - read).unwrap_or(READ_TOGETHER).saturating_add(1);
                let page = ledger.read(CommitPosition(read.saturating_sub(1)), limit)?;
                let Some(newest) = page.last() else { break };
                read = newest.position.0.saturating_add(1);
                commits.extend(page);
            }
        }
        Ok(commits)
    })
    .await
}

/// What is read of the log where that may take its time.
async fn blocking<T: Send + 'static>(
    scope: &Scope,
    read: impl FnOnce(&Ledger) -> Result<T, ReadError> + Send + 'static,
) -> Result<T> {
    let unreadable = || -> Error { fault(FaultCode::Internal, "the feed could not be read") };
    let ledger = scope.shared().ledger.clone();
    tokio::task::spawn_blocking(move || read(&ledger)).await.map_err(|_| unreadable())?.map_err(|error| {
        tracing::error!(%error, "the feed could not be read");
        unreadable()
    })
}
