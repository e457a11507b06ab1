//! What goes around every request: its id, the security headers, and one line in the log.

use super::{
    admission::{Peer, TooMany},
    graphql::Refused,
    held,
    negotiation::{self, Media},
    seen::{Seen, TurnedAway},
};
use crate::{server::App, sign_in};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::Response,
};
use engine::refusal::wording::Language;
use opentelemetry::{propagation::TextMapPropagator, trace::TraceContextExt};
use opentelemetry_http::HeaderExtractor;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use std::{
    net::{IpAddr, Ipv4Addr},
    time::Instant,
};
use tracing::{Instrument, Span, field::Empty};
use tracing_opentelemetry::OpenTelemetrySpanExt;

/// The header that carries the id of a request both ways.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The target of spans, which only a collector sees; lines leave them out.
pub const SPANS: &str = "gongjian::spans";

/// The longest id that is taken over from a client.
const ID_CHARS_MAX: usize = 128;

/// What the pages of this server may load: only what comes from here.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'";

/// How long a browser that has come by TLS comes by nothing else: a year, in seconds.
const ONLY_TLS: &str = "max-age=31536000";

/// What the errors of one request are marked with, and where they are counted.
#[derive(Clone)]
pub struct RequestTag {
    /// Its id, for logs and errors.
    pub id: String,
    /// Where its errors are counted.
    pub seen: Seen,
    /// In which language they are told.
    pub language: Language,
}

/// A connection that says nothing of where it comes from; the server's own all do.
const NOBODY: Peer = Peer(IpAddr::V4(Ipv4Addr::UNSPECIFIED));

/// What a handler tells about an operation, for the log: never its contents.
#[derive(Clone, Debug)]
pub struct OperationTag {
    /// Query, mutation or subscription.
    pub kind: &'static str,
    /// The name the client gave it.
    pub name: Option<String>,
    /// How many fields its answer may hold.
    pub cost: u64,
}

/// Gives a request its id, runs it, and writes its line.
pub async fn wrap(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let began = Instant::now();
    let language = request.headers().get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let tag = RequestTag {
        id: request_id(request.headers()),
        seen: app.shared.seen.clone(),
        language: negotiation::language(language),
    };
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let peer = request.extensions().get::<Peer>().copied().unwrap_or(NOBODY);
    let whose = app.admission.whose(peer, request.headers());
    request.extensions_mut().insert(tag.clone());
    request.extensions_mut().insert(whose);

    let span = span(&request, &tag);

    let mut response = match app.admission.under_way(whose) {
        Ok(room) => held::hold(room, next.run(request).instrument(span.clone()).await),
        Err(too_many) => turned_away(&tag, too_many),
    };

    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&tag.id) {
        headers.insert(REQUEST_ID, value);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CONTENT_SECURITY_POLICY));

    if app.config.tls.is_some() {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(ONLY_TLS));
    }

    let operation = response.extensions().get::<OperationTag>();
    let took = began.elapsed();
    let kind = operation.map_or("other", |it| it.kind);
    app.shared.seen.answered(kind, response.status().as_u16(), Some(took));
    tell(&span, operation, response.status());
    tracing::info!(
        request = %tag.id,
        %method,
        path,
        kind = operation.map(|it| it.kind),
        operation = operation.and_then(|it| it.name.as_deref()),
        cost = operation.map(|it| it.cost),
        status = response.status().as_u16(),
        ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        "answered"
    );
    response
}

/// The answer to one of too many requests that a client has under way.
fn turned_away(tag: &RequestTag, too_many: TooMany) -> Response {
    tag.seen.turned_away(TurnedAway::Connections);
    Refused::from(too_many).respond(Media::Json, tag)
}

/// The span of a request, below the one its client says it is part of. Nothing, unless a collector wants it.
fn span(request: &Request, tag: &RequestTag) -> Span {
    let span = tracing::info_span!(
        target: SPANS,
        "request",
        otel.kind = "server",
        otel.status_code = Empty,
        http.request.method = %request.method(),
        http.response.status_code = Empty,
        url.path = request.uri().path(),
        "graphql.operation.type" = Empty,
        graphql.operation.name = Empty,
        gongjian.cost = Empty,
        gongjian.request = %tag.id,
    );
    if !span.is_disabled() {
        let outer = TraceContextPropagator::new().extract(&HeaderExtractor(request.headers()));
        // Fails only without a collector, and then there is no span either.
        let _ = span.set_parent(outer);
    }
    span
}

/// What is known of a request at its end.
fn tell(span: &Span, operation: Option<&OperationTag>, status: StatusCode) {
    if span.is_disabled() {
        return;
    }
    span.record("http.response.status_code", status.as_u16());
    if status.is_server_error() {
        span.record("otel.status_code", "ERROR");
    }
    if let Some(OperationTag { kind, name, cost }) = operation {
        let name = name.as_deref().unwrap_or_default();
        // A span that has begun takes a name only from OpenTelemetry itself.
        span.context().span().update_name(format!("{kind} {name}").trim_end().to_owned());
        span.record("graphql.operation.type", *kind);
        span.record("graphql.operation.name", name);
        span.record("gongjian.cost", *cost);
    }
}

/// The client's id when it is sane, else a random one.
fn request_id(headers: &HeaderMap) -> String {
    let sane = |text: &&str| {
        (1..=ID_CHARS_MAX).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte))
    };
    let given = headers.get(REQUEST_ID).and_then(|value| value.to_str().ok()).filter(sane);
    given.map_or_else(|| sign_in::random_hex::<8>().unwrap_or_else(|_| "unknown".to_owned()), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sane_id_is_kept_and_any_other_is_replaced() {
        let with = |text: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(REQUEST_ID, HeaderValue::from_static(text));
            request_id(&headers)
        };
        assert_eq!(with("trace-1.2:3_4"), "trace-1.2:3_4");
        assert_eq!(with("a b").len(), 16);
        assert_eq!(with("<script>").len(), 16);
        assert_eq!(request_id(&HeaderMap::new()).len(), 16);
    }
}
