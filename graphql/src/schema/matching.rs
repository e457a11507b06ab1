//! The matching run off the async threads, one at a time, by a planner that is kept ready.
//!
//! The planner follows the street by difference, so a request pays for what has changed since the last one and
//! not for the whole street. Requests about the far past do not use it: it would have to go there and back.

use super::{
    fault::{FaultCode, fault},
    scope::Scope,
};
use async_graphql::{Error, Result};
use engine::{
    matching::{self, Explanations, Knowledge, MatchError, Planner, Subject, Suggestion},
    moment::Moment,
    plan::Proposal,
    state::State,
};
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError},
    time::Instant,
};
use tokio::sync::OwnedSemaphorePermit;

/// The street as the matching sees it, kept ready between requests. Using it blocks.
#[derive(Clone, Default)]
pub struct LivePlanner(Arc<Mutex<Option<Planner<'static>>>>);

impl LivePlanner {
    /// Makes it ready for a state, so that nobody has to wait for that.
    pub fn warm(&self, state: &State, now: Moment) {
        advanced(&mut self.held(), state, now);
    }

    /// The best plan for a state.
    fn propose(&self, state: &State, now: Moment) -> Result<Proposal, MatchError> {
        advanced(&mut self.held(), state, now).propose()
    }

    /// The best plan for a state, with everything that explains it. What it explains is no longer the planner's.
    pub(super) fn explain<'a>(&self, state: &'a State, now: Moment) -> Result<Explanations<'a>, MatchError> {
        opened(&mut self.held()).explain_at(state, now)
    }

    /// The candidates for one subject. While a plan is made on the pool, they are looked for without it.
    fn suggest(&self, state: &State, now: Moment, subject: Subject, limit: usize) -> Vec<Suggestion> {
        match self.0.try_lock() {
            Ok(mut planner) => advanced(&mut planner, state, now).pool().suggest(subject, limit),
            Err(TryLockError::Poisoned(held)) => {
                drop(held);
                advanced(&mut self.held(), state, now).pool().suggest(subject, limit)
            }
            Err(TryLockError::WouldBlock) => {
                matching::suggest(state, Knowledge::builtin(), now, subject, limit)
            }
        }
    }

    /// The planner; a new one when whoever held it last did not come to an end with it.
    fn held(&self) -> MutexGuard<'_, Option<Planner<'static>>> {
        self.0.lock().unwrap_or_else(|poisoned: PoisonError<_>| {
            self.0.clear_poison();
            let mut planner = poisoned.into_inner();
            *planner = None;
            planner
        })
    }
}

fn advanced<'p>(
    planner: &'p mut Option<Planner<'static>>,
    state: &State,
    now: Moment,
) -> &'p mut Planner<'static> {
    let planner = opened(planner);
    planner.advance(state, now);
    planner
}

fn opened<'p>(planner: &'p mut Option<Planner<'static>>) -> &'p mut Planner<'static> {
    planner.get_or_insert_with(|| Planner::open(Knowledge::builtin()))
}

/// A turn at the matching. Whoever computes holds it to the end, even when nobody waits any more.
///
/// # Errors
/// `UNAVAILABLE` when the server is going down.
pub(super) async fn turn(scope: &Scope) -> Result<OwnedSemaphorePermit> {
    let turns = Arc::clone(&scope.shared().matching);
    turns.acquire_owned().await.map_err(|_| fault(FaultCode::Unavailable, "the server is going down"))
}

/// What is said of a matching that failed.
pub(super) fn failed(error: &MatchError) -> Error {
    tracing::error!(%error, "the matching failed");
    fault(FaultCode::Internal, format!("no plan: {error}"))
}

/// The best plan for the state of a scope, at its time.
///
/// # Errors
/// `INTERNAL` when the matching fails its own verification, which is a bug of ours.
pub async fn propose(scope: &Scope) -> Result<Proposal> {
    let turn = turn(scope).await?;
    let (at, now, pool) = (Arc::clone(&scope.state), scope.now(), live(scope));
    let seen = scope.shared().seen.clone();
    let computed = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        let began = Instant::now();
        let proposal = match pool {
            Some(pool) => pool.propose(&at, now),
            None => matching::propose(&at, Knowledge::builtin(), now),
        };
        seen.planned(began.elapsed());
        proposal
    });
    computed
        .await
        .map_err(|_| fault(FaultCode::Internal, "the matching ended unfinished"))?
        .map_err(|error| failed(&error))
}

/// The candidates for one subject, best first.
///
/// # Errors
/// When the computation ends unfinished, which is a bug.
pub async fn suggest(scope: &Scope, subject: Subject, limit: usize) -> Result<Vec<Suggestion>> {
    let (at, now, pool) = (Arc::clone(&scope.state), scope.now(), live(scope));
    let ranked = tokio::task::spawn_blocking(move || match pool {
        Some(pool) => pool.suggest(&at, now, subject, limit),
        None => matching::suggest(&at, Knowledge::builtin(), now, subject, limit),
    });
    ranked.await.map_err(|_| fault(FaultCode::Internal, "the suggestions could not be computed"))
}

/// The planner that is kept ready, where it follows quickly.
pub(super) fn live(scope: &Scope) -> Option<LivePlanner> {
    scope.is_near.then(|| scope.shared().pool.clone())
}
