//! What the server is seen doing: counters, times and states in the text format of OpenMetrics at `/metrics`.
//!
//! Nothing here names a person, a document's contents or an address. States (position, queue, store) are read
//! when somebody asks, so that nothing has to keep them.

mod followers;

pub use followers::Following;

use super::{
    admission::Peer, answer, envelope::RequestTag, graphql, negotiation::Media, request::BadRequest,
};
use crate::{schema::fault::FaultCode, server::App};
use axum::{
    extract::{Extension, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use engine::{identity::Position, member::Caller};
use followers::Followers;
use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::{Registry, Unit},
};
use std::{
    path::Path,
    sync::{Arc, atomic::AtomicU64},
    time::Duration,
};

/// What every proxy says; who comes through one is not at this machine.
const FORWARDED: [HeaderName; 2] =
    [HeaderName::from_static("x-forwarded-for"), HeaderName::from_static("forwarded")];

/// Upper bounds of the times that are counted, in seconds.
const SECONDS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];

/// What kind of request, and how it was answered.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    kind: &'static str,
    status: u32,
}

/// What kind of request.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Kind {
    kind: &'static str,
}

/// The stable code of an error or a refusal.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Code {
    code: String,
}

/// Why somebody was turned away.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Why {
    why: &'static str,
}

/// Why somebody was turned away before anything was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TurnedAway {
    /// Too many requests.
    Rate,
    /// A token that opens no door.
    WrongToken,
    /// Too many connections of one address, or too many requests of one behind a proxy.
    Connections,
    /// Too many sockets.
    Sockets,
}

/// A value that is read when it is asked for.
type State64 = Gauge<f64, AtomicU64>;

/// The counters. A clone counts in the same ones.
#[derive(Clone)]
pub struct Seen(Arc<Counters>);

struct Counters {
    registry: Registry,
    requests: Family<Answered, Counter>,
    seconds: Family<Kind, Histogram, fn() -> Histogram>,
    turned_away: Family<Why, Counter>,
    errors: Family<Code, Counter>,
    refusals: Family<Code, Counter>,
    followers: Followers,
    subscriptions: Gauge,
    lag: Gauge,
    slow: Counter,
    plan_seconds: Histogram,
    position: Gauge,
    waiting: Gauge,
    commit_age: State64,
    plan_gap: State64,
    store_bytes: Gauge,
    sockets: Gauge,
    writable: Gauge,
}

fn times() -> Histogram {
    Histogram::new(SECONDS)
}

impl Default for Seen {
    /// Nothing was seen yet.
    fn default() -> Self {
        let mut registry = Registry::with_prefix("gongjian");
        let requests = Family::default();
        registry.register("requests", "Requests by kind of operation and status", requests.clone());
        let seconds = Family::<Kind, Histogram, _>::new_with_constructor(times as fn() -> Histogram);
        registry.register_with_unit("request", "Time of a request", Unit::Seconds, seconds.clone());
        let turned_away = Family::default();
        registry.register("turned_away", "Turned away before anything was looked at", turned_away.clone());
        let errors = Family::default();
        registry.register("errors", "Errors of requests by code", errors.clone());
        let refusals = Family::default();
        registry.register("refusals", "Commands that were refused, by code", refusals.clone());
        let subscriptions = Gauge::default();
        registry.register("subscriptions", "Subscriptions that run", subscriptions.clone());
        let lag = Gauge::default();
        registry.register(
            "subscription_lag_commits",
            "How many commits the slowest subscription is behind the head",
            lag.clone(),
        );
        let slow = Counter::default();
        registry.register("slow_operations", "Operations slower than the slow-query log wants", slow.clone());
        let plan_seconds = times();
        registry.register_with_unit("plan", "Time of a matching", Unit::Seconds, plan_seconds.clone());
        let position = Gauge::default();
        registry.register("position", "Position of the log", position.clone());
        let waiting = Gauge::default();
        registry.register("commands_waiting", "Commands that wait for the writer", waiting.clone());
        let commit_age = State64::default();
        registry.register_with_unit(
            "commit_age",
            "Age of the newest commit",
            Unit::Seconds,
            commit_age.clone(),
        );
        let plan_gap = State64::default();
        registry.register(
            "plan_gap_ratio",
            "How far the adopted plan may be from the best: (bound - objective) / bound",
            plan_gap.clone(),
        );
        let store_bytes = Gauge::default();
        registry.register_with_unit("store", "What the log takes on disk", Unit::Bytes, store_bytes.clone());
        let sockets = Gauge::default();
        registry.register("sockets", "WebSockets that are open", sockets.clone());
        let writable = Gauge::default();
        registry.register("writable", "1 while commands are taken", writable.clone());
        Self(Arc::new(Counters {
            registry,
            requests,
            seconds,
            turned_away,
            errors,
            refusals,
            followers: Followers::default(),
            subscriptions,
            lag,
            slow,
            plan_seconds,
            position,
            waiting,
            commit_age,
            plan_gap,
            store_bytes,
            sockets,
            writable,
        }))
    }
}

impl Seen {
    /// A request was answered, and somebody waited for it so long; what is followed, nobody waits for.
    pub fn answered(&self, kind: &'static str, status: u16, waited: Option<Duration>) {
        self.0.requests.get_or_create(&Answered { kind, status: status.into() }).inc();
        if let Some(waited) = waited {
            self.0.seconds.get_or_create(&Kind { kind }).observe(waited.as_secs_f64());
        }
    }

    /// Somebody was turned away.
    pub fn turned_away(&self, why: TurnedAway) {
        let why = match why {
            TurnedAway::Rate => "rate",
            TurnedAway::WrongToken => "wrong_token",
            TurnedAway::Connections => "connections",
            TurnedAway::Sockets => "sockets",
        };
        self.0.turned_away.get_or_create(&Why { why }).inc();
    }

    /// A request has an error of this code.
    pub fn failed(&self, code: &str) {
        self.0.errors.get_or_create(&Code { code: code.to_owned() }).inc();
    }

    /// A command was refused.
    pub fn refused(&self, code: &'static str) {
        self.0.refusals.get_or_create(&Code { code: code.to_owned() }).inc();
    }

    /// Somebody follows the events after a position from now on.
    pub fn following(&self, after: Position) -> Following {
        self.0.followers.begin(after)
    }

    /// An operation was slow.
    pub fn slow(&self) {
        self.0.slow.inc();
    }

    /// A matching was done.
    pub fn planned(&self, took: Duration) {
        self.0.plan_seconds.observe(took.as_secs_f64());
    }
}

/// The text of the counters, for members and for whoever asks from this machine without a proxy.
pub async fn metrics(
    State(app): State<App>,
    Extension(Peer(peer)): Extension<Peer>,
    Extension(tag): Extension<RequestTag>,
    headers: HeaderMap,
) -> Response {
    let is_near = peer.to_canonical().is_loopback() && !FORWARDED.iter().any(|it| headers.contains_key(it));
    if !is_near && !is_member(&app, &headers).await {
        let bad = BadRequest {
            status: StatusCode::UNAUTHORIZED,
            code: FaultCode::Unauthenticated,
            message: "metrics are for members: give a token".to_owned(),
        };
        return answer::refuse(Media::Json, bad, &tag);
    }
    read_states(&app).await;
    let mut text = String::new();
    if encode(&mut text, &app.shared.seen.0.registry).is_err() {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    let content_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, HeaderValue::from_static(content_type))], text).into_response()
}

async fn is_member(app: &App, headers: &HeaderMap) -> bool {
    let Ok(authorization) = graphql::read_authorization(headers) else { return false };
    let entered = app.door.enter(&app.shared.ledger, authorization.as_deref()).await;
    matches!(entered.map(|it| it.caller), Ok(Caller::Member { .. } | Caller::System))
}

/// Reads what is not counted.
async fn read_states(app: &App) {
    let (ledger, seen) = (&app.shared.ledger, &app.shared.seen.0);
    let state = ledger.state();
    let whole = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    seen.position.set(i64::try_from(state.position().0).unwrap_or(i64::MAX));
    seen.waiting.set(whole(ledger.waiting()));
    let (count, slowest) = seen.followers.now();
    seen.subscriptions.set(whole(count));
    let behind = slowest.map_or(0, |it| state.position().0.saturating_sub(it.0));
    seen.lag.set(i64::try_from(behind).unwrap_or(i64::MAX));
    let asked = ledger.clone();
    let health = tokio::task::spawn_blocking(move || asked.health()).await;
    seen.writable.set(i64::from(matches!(health, Ok(storage::Health::Writable))));
    seen.sockets.set(whole(app.sockets.count()));
    if let Some(time) = state.time() {
        let age = ledger.now().millis() - time.millis();
        seen.commit_age.set(Duration::from_millis(u64::try_from(age).unwrap_or(0)).as_secs_f64());
    }
    if let Some(plan) = state.plans().next_back() {
        let (bound, objective) = (plan.summary.bound, plan.summary.objective);
        seen.plan_gap.set(ratio(bound.saturating_sub(objective), bound));
    }
    if let Some(directory) = app.config.store.clone() {
        let bytes = tokio::task::spawn_blocking(move || bytes_below(&directory)).await;
        seen.store_bytes.set(bytes.map_or(0, |it| i64::try_from(it).unwrap_or(i64::MAX)));
    }
}

/// A share, drawn on screens only.
#[expect(clippy::cast_precision_loss, reason = "a share that is drawn needs no more than 53 bits")]
fn ratio(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// What the files of a directory hold; what cannot be read counts nothing.
fn bytes_below(directory: &Path) -> u64 {
    let entries = std::fs::read_dir(directory).into_iter().flatten().flatten();
    entries
        .map(|entry| match entry.metadata() {
            Ok(it) if it.is_dir() => bytes_below(&entry.path()),
            Ok(it) => it.len(),
            Err(_) => 0,
        })
        .sum()
}
