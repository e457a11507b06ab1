//! The server: routes, connections with their limits, the ticker, and a clean end.
//!
//! 1. Connections are served through hyper-util because `axum::serve` waits for headers without limit.
//! 2. When it ends: nothing new is taken, sockets are closed with 1001, requests get [`ServerConfig::drain`]
//!    to finish, then the ledger is closed. What is still running then is dropped.

mod config;
mod connections;
pub(crate) mod hangup;
mod patient;
mod tls;

use crate::{
    http::{
        admission::{Admission, sockets::Sockets},
        backup, console,
        document::Executor,
        envelope, graphql, health,
        kept::Answers,
        nowhere, seen,
    },
    hurry,
    schema::scope::Shared,
    sign_in::Door,
    ticker,
};
use axum::{
    Router,
    http::{Method, header},
    middleware,
    routing::{any, get},
};
use engine::text::classify::Lexicon;
use std::{io, ops::Deref, sync::Arc, time::Duration};
use storage::Ledger;
use tokio::{net::TcpListener, sync::watch, task::JoinSet, time::timeout};
use tower_http::cors::CorsLayer;

pub use config::ServerConfig;
pub use tls::TlsFiles;

/// How often those are forgotten who ask nothing any more.
const SWEEP_TIME: Duration = Duration::from_secs(60);

/// How long a browser may remember which origins may ask.
const PREFLIGHT_TIME: Duration = Duration::from_secs(3600);

/// What all requests of one server share. A clone is another handle, because each request passes through several hands.
#[derive(Clone)]
pub struct App(Arc<Parts>);

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// What a server is made of.
pub struct Parts {
    /// The ledger, and whose turn it is to match.
    pub shared: Shared,
    /// The schema.
    pub executor: Executor,
    /// What was answered before.
    pub answers: Answers,
    /// How it runs.
    pub config: Arc<ServerConfig>,
    /// Who has used up how much.
    pub admission: Arc<Admission>,
    /// Who is let in as whom.
    pub door: Door,
    /// How many sockets there are, and whose.
    pub sockets: Arc<Sockets>,
    closing: watch::Receiver<bool>,
}

impl App {
    /// Whether the server is going down.
    pub fn is_closing(&self) -> bool {
        *self.closing.borrow()
    }

    /// Waits for the server to go down.
    pub fn closing(&self) -> Closing {
        Closing(self.closing.clone())
    }
}

/// The end of the server, to be waited for.
pub struct Closing(watch::Receiver<bool>);

impl Closing {
    /// Returns when the server goes down.
    pub async fn wait(&mut self) {
        // An error means that the server is gone already.
        let _ = self.0.wait_for(|closing| *closing).await;
    }
}

/// The routes of the server.
fn routes(app: App) -> Router {
    let cors = cors(&app.config);
    let routes = Router::new()
        .route("/graphql", any(graphql::handle))
        .route("/", get(console::page))
        .route("/console.css", get(console::style))
        .route("/console.js", get(console::script))
        .route("/backup", get(backup::log))
        .route("/backup/contacts", get(backup::contacts))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .route("/metrics", get(seen::metrics))
        .fallback(nowhere::no_route)
        .method_not_allowed_fallback(nowhere::no_method);
    // Without the layer, no answer allows anything to other origins.
    let routes = match cors {
        Some(cors) => routes.layer(cors),
        None => routes,
    };
    routes.layer(middleware::from_fn_with_state(app.clone(), envelope::wrap)).with_state(app)
}

/// What pages of other origins may do, if any are named.
fn cors(config: &ServerConfig) -> Option<CorsLayer> {
    if config.origins.is_empty() {
        return None;
    }
    let headers = [
        header::AUTHORIZATION,
        header::CONTENT_TYPE,
        header::ACCEPT,
        header::ACCEPT_LANGUAGE,
        envelope::REQUEST_ID,
    ];
    let layer = CorsLayer::new()
        .allow_origin(config.origins.clone())
        .allow_methods([Method::GET, Method::POST])
        .allow_headers(headers)
        .expose_headers([envelope::REQUEST_ID, header::RETRY_AFTER])
        .max_age(PREFLIGHT_TIME);
    Some(layer)
}

/// Serves a ledger until `shutdown` is ready, then ends cleanly and closes the ledger.
///
/// # Errors
/// When the certificate or the keys of the single sign-on cannot be read from their files, or the schema cannot be
/// built, which a test guards against.
pub async fn serve(
    ledger: Ledger,
    listener: TcpListener,
    config: ServerConfig,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let executor = Executor::new(config.documents.clone(), config.introspection).map_err(io::Error::other)?;
    let admission = Arc::new(Admission::new(config.limits.clone()));
    let sockets = Arc::new(Sockets::new(&config.limits));
    let door = Door::new(config.single_sign_on.as_ref()).await?;
    let (close, closing) = watch::channel(false);
    let shared = Shared::new(ledger.clone()).with_contacts(config.contacts.clone());
    // What the matching and the reading know is learnt before somebody waits for it.
    let (pool, state, now) = (shared.pool.clone(), ledger.state(), ledger.now());
    tokio::task::spawn_blocking(move || {
        let _ = Lexicon::builtin();
        pool.warm(&state, now);
    });
    let ticking = shared.clone();
    let hurry = config.replan.then(|| hurry::run(shared.clone()));
    let (tick, drain) = (config.tick, config.drain);
    let reloads = config.tls.is_some() || config.single_sign_on.is_some();
    let config = Arc::new(config);
    let app = App(Arc::new(Parts {
        shared,
        executor,
        answers: Answers::default(),
        config,
        admission: Arc::clone(&admission),
        door: door.clone(),
        sockets: Arc::clone(&sockets),
        closing,
    }));
    // What time has brought while nobody served is noted before somebody asks.
    ticker::catch_up(&ticking).await;
    let mut ticker = JoinSet::new();
    ticker.spawn(ticker::run(ticking, tick));
    ticker.spawn(ticker::sweep(admission, SWEEP_TIME));
    if let Some(hurry) = hurry {
        ticker.spawn(hurry);
    }
    if !reloads {
        ticker.spawn(hangup::Hangups::new().in_vain());
    }
    if let Some(single) = door.single().cloned() {
        ticker.spawn(async move { single.keys().follow().await });
    }

    let mut connections = JoinSet::new();
    let accepted =
        connections::accept(&listener, &app, routes(app.clone()), &mut connections, shutdown).await;
    drop(listener);

    tracing::info!("going down");
    // Nobody listening means that no socket is open.
    let _ = close.send(true);
    ticker.shutdown().await;
    let finished = async {
        while connections.join_next().await.is_some() {}
        // Sockets have left their connections; each keeps its room until it has said its last words.
        sockets.closed().await;
    };
    if timeout(drain, finished).await.is_err() {
        tracing::warn!("some requests did not finish in time");
    }
    connections.shutdown().await;
    ledger.close().await;
    accepted
}
