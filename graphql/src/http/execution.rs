//! Runs an operation within its time, counts it, and names it when it was slow. The same for HTTP and for
//! sockets.

use super::{
    document::Prepared,
    documents::Fingerprint,
    envelope::{RequestTag, SPANS},
};
use crate::{schema::scope::Scope, server::App};
use async_graphql::{Response, parser::types::OperationType};
use std::time::Instant;
use tracing::Instrument;

/// An operation did not end in its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it took too long; a mutation may have been done: the same requestId tells")]
pub struct TimedOut;

/// The word for a kind of operation.
pub const fn kind_name(kind: OperationType) -> &'static str {
    match kind {
        OperationType::Query => "query",
        OperationType::Mutation => "mutation",
        OperationType::Subscription => "subscription",
    }
}

/// Runs a query or a mutation.
///
/// # Errors
/// [`TimedOut`] when it does not end in its time.
pub async fn execute(
    app: &App,
    prepared: Prepared,
    scope: Scope,
    tag: &RequestTag,
) -> Result<Response, TimedOut> {
    let watch = Watch::begin(app, tag, &prepared);
    let Prepared { request, kind, name, cost, checked, .. } = prepared;
    let span = tracing::info_span!(target: SPANS, "operation", kind = kind_name(kind), name, cost);
    let running = app.executor.run(request.data(scope), &checked).instrument(span);
    let response = tokio::time::timeout(app.admission.limits().operation_time, running).await;
    drop(watch);
    response.map_err(|_| TimedOut)
}

/// Names an operation that was slow when it is dropped: answered, out of its time, or left by its client.
struct Watch {
    app: App,
    tag: RequestTag,
    kind: OperationType,
    name: Option<String>,
    cost: u64,
    fingerprint: Fingerprint,
    began: Instant,
}

impl Watch {
    fn begin(app: &App, tag: &RequestTag, prepared: &Prepared) -> Self {
        Self {
            app: app.clone(),
            tag: tag.clone(),
            kind: prepared.kind,
            name: prepared.short_name(),
            cost: prepared.cost,
            fingerprint: prepared.fingerprint,
            began: Instant::now(),
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let Self { app, tag, kind, name, cost, fingerprint, began } = self;
        let took = began.elapsed();
        if took < app.config.slow {
            return;
        }
        app.shared.seen.slow();
        tracing::warn!(
            request = %tag.id,
            kind = kind_name(*kind),
            operation = name.as_deref(),
            document = %fingerprint.short(),
            cost,
            ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
            "slow"
        );
    }
}
