//! What the server tells of itself: lines on standard error, always, and spans to a collector, when one is named.
//!
//! Spans carry what the lines carry, names and numbers and never contents, and only those of our own crates are sent.
//! Without a collector no span is made and nobody is called. `OTEL_TRACES_SAMPLER`, `OTEL_BSP_*` and
//! `OTEL_EXPORTER_OTLP_HEADERS` mean what OpenTelemetry says.

use super::failure::Failure;
use crate::{
    http::envelope::SPANS,
    outgoing::{Sender, Url},
};
use async_graphql::async_trait::async_trait;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::{Resource, trace::SdkTracerProvider};
use std::io::IsTerminal;
use tracing::Metadata;
use tracing_subscriber::{
    EnvFilter, Layer, Registry,
    filter::{FilterExt, LevelFilter, filter_fn},
    layer::SubscriberExt,
    util::SubscriberInitExt,
};

/// The collector's path for spans, below the address that is named.
const TRACES: &str = "/v1/traces";

/// What tells while the server runs.
pub(super) struct Telemetry {
    spans: Option<SdkTracerProvider>,
}

impl Telemetry {
    /// Begins: lines to standard error, as much as `GONGJIAN_LOG` or `RUST_LOG` asks, and spans to a collector.
    pub(super) fn start(collector: Option<&Url>) -> Result<Self, Failure> {
        let asked = std::env::var("GONGJIAN_LOG").or_else(|_| std::env::var("RUST_LOG")).ok();
        let filter = EnvFilter::builder().parse_lossy(asked.as_deref().unwrap_or("info"));
        let coloured = std::io::stderr().is_terminal();
        // Lines say all they have to say themselves.
        let lines = tracing_subscriber::fmt::layer()
            .with_ansi(coloured)
            .with_writer(std::io::stderr)
            // Said of both parts: without it every `trace!` of every library is made and asked about first.
            .with_filter(filter.and(filter_fn(|it| !is_ours(it)).with_max_level_hint(LevelFilter::TRACE)));
        let spans = collector.map(provider).transpose()?;
        // What the spans are about, not where in our sources they are made.
        let layer = spans.as_ref().map(|provider| {
            tracing_opentelemetry::layer()
                .with_tracer(provider.tracer("gongjian"))
                .with_location(false)
                .with_threads(false)
                .with_target(false)
                .with_tracked_inactivity(false)
                .with_filter(filter_fn(is_ours).with_max_level_hint(LevelFilter::INFO))
        });
        // Fails only when somebody in this process has begun before, and then that one stays.
        let _ = Registry::default().with(lines).with(layer).try_init();
        Ok(Self { spans })
    }

    /// Sends what is still to be sent, for a few seconds at most.
    pub(super) fn end(self) {
        if let Some(Err(error)) = self.spans.map(|provider| provider.shutdown()) {
            tracing::warn!(%error, "the last spans were not sent");
        }
    }
}

fn is_ours(it: &Metadata<'_>) -> bool {
    it.is_span() && it.target() == SPANS
}

/// What gathers spans and sends them from a thread of its own.
fn provider(collector: &Url) -> Result<SdkTracerProvider, Failure> {
    let exporter = SpanExporter::builder()
        .with_http()
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(format!("{}{TRACES}", collector.to_string().trim_end_matches('/')))
        .with_http_client(Collector(Sender::to(collector)))
        .build()
        .map_err(Failure::said)?;
    let resource = Resource::builder().with_service_name("gongjian").build();
    Ok(SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build())
}

/// The collector, spoken to by our own client.
#[derive(Debug)]
struct Collector(Sender);

#[async_trait]
impl HttpClient for Collector {
    /// Blocks; the thread that sends spans has nothing else to do.
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let (parts, body) = request.into_parts();
        let answer = self.0.send(Request::from_parts(parts, body.as_ref()))?;
        Ok(answer.map(Bytes::from))
    }
}
