//! The matching run off the async threads, one at a time.

use super::{
    fault::{FaultCode, fault},
    scope::{Scope, Snapshot},
};
use async_graphql::Result;
use engine::{
    matching::{self, Knowledge},
    plan::Proposal,
};
use std::sync::Arc;

/// The best plan for a state.
///
/// # Errors
/// `INTERNAL` when the matching fails its own verification, which is a bug of ours.
pub async fn propose(scope: &Scope, at: &Snapshot) -> Result<Proposal> {
    let _turn = scope
        .shared
        .matching
        .acquire()
        .await
        .map_err(|_| fault(FaultCode::Unavailable, "the server is going down"))?;
    let (at, now) = (Arc::clone(at), scope.shared.ledger.now());
    tokio::task::spawn_blocking(move || matching::propose(&at, Knowledge::builtin(), now))
        .await
        .map_err(|_| fault(FaultCode::Internal, "the matching ended unfinished"))?
        .map_err(|error| {
            tracing::error!(%error, "the matching failed");
            fault(FaultCode::Internal, format!("no plan: {error}"))
        })
}
