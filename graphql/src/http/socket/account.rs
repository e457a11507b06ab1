//! What is told of an operation on a socket: one line and one count, however it ends.
//!
//! Whoever drops the account ends the operation. Unless something else was noted, its client did: it said `complete`, or
//! it is gone.

use crate::{
    http::{
        document::Prepared,
        envelope::{OperationTag, RequestTag},
        execution::kind_name,
    },
    server::App,
};
use std::time::{Duration, Instant};

/// How an operation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Everything was said.
    Done,
    /// The document, or what it asks, is not as it should be.
    Refused,
    /// Its client asks too often.
    RateLimited,
    /// Too many run on the socket.
    Overloaded,
    /// It did not end in its time.
    TimedOut,
    /// The client wants no more of it.
    Left,
}

impl End {
    /// The status that the same has over HTTP; what clients leave has the one that proxies made up for it.
    const fn status(self) -> u16 {
        match self {
            Self::Done => 200,
            Self::Refused => 400,
            Self::RateLimited => 429,
            Self::Left => 499,
            Self::Overloaded => 503,
            Self::TimedOut => 504,
        }
    }
}

/// The account of one operation.
pub struct Account {
    app: App,
    tag: RequestTag,
    operation: Option<OperationTag>,
    began: Instant,
    end: End,
}

impl Account {
    /// An operation begins; nothing is known of it yet.
    pub fn begin(app: App, tag: RequestTag) -> Self {
        Self { app, tag, operation: None, began: Instant::now(), end: End::Left }
    }

    /// Which one it is.
    pub fn names(&mut self, prepared: &Prepared) {
        let (kind, name, cost) = (kind_name(prepared.kind), prepared.short_name(), prepared.cost);
        self.operation = Some(OperationTag { kind, name, cost });
    }

    /// How it ends.
    pub const fn ends(&mut self, end: End) {
        self.end = end;
    }
}

impl Drop for Account {
    fn drop(&mut self) {
        let Self { app, tag, operation, began, end } = self;
        let (took, kind) = (began.elapsed(), operation.as_ref().map_or("other", |it| it.kind));
        // A subscription is there to be left, and how long it was followed is nothing that anybody waited for.
        let follows = kind == "subscription";
        let end = if follows && *end == End::Left { End::Done } else { *end };
        let waited: Option<Duration> = if follows { None } else { Some(took) };
        app.shared.seen.answered(kind, end.status(), waited);
        // What has begun to run is watched where it runs.
        if operation.is_none() && took >= app.config.slow {
            app.shared.seen.slow();
            tracing::warn!(request = %tag.id, kind, status = end.status(), ms = millis(took), "slow");
        }
        tracing::info!(
            request = %tag.id,
            kind,
            operation = operation.as_ref().and_then(|it| it.name.as_deref()),
            cost = operation.as_ref().map(|it| it.cost),
            status = end.status(),
            ms = millis(took),
            "answered on a socket"
        );
    }
}

fn millis(took: Duration) -> u64 {
    u64::try_from(took.as_millis()).unwrap_or(u64::MAX)
}
