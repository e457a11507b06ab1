//! The server: routes, connections with their limits, the ticker, and a clean end.
//!
//! 1. Connections are served through hyper-util because `axum::serve` waits for headers without limit.
//! 2. When it ends: nothing new is taken, sockets are closed with 1001, requests get [`ServerConfig::drain`]
//!    to finish, then the ledger is closed. What is still running then is dropped.

use crate::{
    contacts::Contacts,
    http::{backup, console, document::Executor, envelope, graphql, health},
    hurry,
    schema::scope::Shared,
    ticker,
};
use axum::{Router, middleware, routing::any, routing::get};
use engine::text::classify::Lexicon;
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use std::{io, sync::Arc, time::Duration};
use storage::Ledger;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    task::JoinSet,
    time::timeout,
};

/// How many sockets may be open at once.
const SOCKETS_MAX: u32 = 1024;

/// How many connections may be open at once.
const CONNECTIONS_MAX: usize = 4096;

/// How long a client may take to send the head of a request.
const HEADER_TIME: Duration = Duration::from_secs(10);

/// How the server runs.
#[derive(Clone, Debug)]
pub struct ServerConfig {
    /// How long requests may take to finish once the server ends.
    pub drain: Duration,
    /// How often it is looked whether time has changed something, such as a claim that lapsed.
    pub tick: Duration,
    /// Whom to call, when the server keeps that.
    pub contacts: Option<Contacts>,
    /// Whether an emergency that opens, and quantity that is given free, are planned at once.
    pub replan: bool,
}

impl Default for ServerConfig {
    /// What a street needs: ten seconds to finish, a look every minute, no emergency left waiting.
    fn default() -> Self {
        Self { drain: Duration::from_secs(10), tick: Duration::from_secs(60), contacts: None, replan: true }
    }
}

/// What all requests of one server share.
#[derive(Clone)]
pub struct App {
    /// The ledger, and whose turn it is to match.
    pub shared: Shared,
    /// The schema.
    pub executor: Executor,
    sockets: Arc<Semaphore>,
    closing: watch::Receiver<bool>,
}

impl App {
    /// Room for one more socket, if there is some.
    pub fn socket_permit(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.sockets).try_acquire_owned().ok()
    }

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
    Router::new()
        .route("/graphql", any(graphql::handle))
        .route("/", get(console::page))
        .route("/console.css", get(console::style))
        .route("/console.js", get(console::script))
        .route("/backup", get(backup::log))
        .route("/backup/contacts", get(backup::contacts))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .layer(middleware::from_fn(envelope::wrap))
        .with_state(app)
}

/// Serves a ledger until `shutdown` is ready, then ends cleanly and closes the ledger.
///
/// # Errors
/// When the schema cannot be built, which a test guards against.
pub async fn serve(
    ledger: Ledger,
    listener: TcpListener,
    config: ServerConfig,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let executor = Executor::new().map_err(io::Error::other)?;
    let (close, closing) = watch::channel(false);
    let sockets = Arc::new(Semaphore::new(usize::try_from(SOCKETS_MAX).unwrap_or(usize::MAX)));
    let shared = Shared::new(ledger.clone()).with_contacts(config.contacts);
    // What the matching and the reading know is learnt before somebody waits for it.
    let (pool, state, now) = (shared.pool.clone(), ledger.state(), ledger.now());
    tokio::task::spawn_blocking(move || {
        let _ = Lexicon::builtin();
        pool.warm(&state, now);
    });
    let ticking = shared.clone();
    let hurry = config.replan.then(|| hurry::run(shared.clone()));
    let app = App { shared, executor, sockets: Arc::clone(&sockets), closing };
    // What time has brought while nobody served is noted before somebody asks.
    ticker::catch_up(&ticking).await;
    let mut ticker = JoinSet::new();
    ticker.spawn(ticker::run(ticking, config.tick));
    if let Some(hurry) = hurry {
        ticker.spawn(hurry);
    }

    let mut connections = JoinSet::new();
    accept(&listener, &app, &mut connections, shutdown).await;
    drop(listener);

    tracing::info!("going down");
    // Nobody listening means that no socket is open.
    let _ = close.send(true);
    ticker.shutdown().await;
    let finished = async {
        while connections.join_next().await.is_some() {}
        // Sockets have left their connections; each holds a permit until it has said its last words.
        let _ = sockets.acquire_many(SOCKETS_MAX).await;
    };
    if timeout(config.drain, finished).await.is_err() {
        tracing::warn!("some requests did not finish in time");
    }
    connections.shutdown().await;
    ledger.close().await;
    Ok(())
}

/// Takes connections until `shutdown` is ready.
async fn accept(
    listener: &TcpListener,
    app: &App,
    connections: &mut JoinSet<()>,
    shutdown: impl Future<Output = ()>,
) {
    let routes = routes(app.clone());
    let room = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        let next = async {
            // The semaphore is never closed, so a permit always comes.
            let permit = Arc::clone(&room).acquire_owned().await.ok();
            (permit, listener.accept().await)
        };
        let (permit, accepted) = tokio::select! {
            () = &mut shutdown => return,
            next = next => next,
            Some(_) = connections.join_next() => continue,
        };
        match accepted {
            Ok((stream, _)) => connect(stream, permit, routes.clone(), app.closing(), connections),
            Err(error) => {
                // Most likely no file descriptor is left: taking a breath lets some come free.
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

fn connect(
    stream: TcpStream,
    permit: Option<OwnedSemaphorePermit>,
    routes: Router,
    mut closing: Closing,
    connections: &mut JoinSet<()>,
) {
    // Small answers should not wait for the next packet; without it they are only slower.
    let _ = stream.set_nodelay(true);
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIME)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(routes))
        .with_upgrades();
    connections.spawn(async move {
        let mut connection = std::pin::pin!(connection);
        // Clients that break off are everyday life, so how a connection ends is not looked at.
        tokio::select! {
            _ = connection.as_mut() => {}
            () = closing.wait() => {
                connection.as_mut().graceful_shutdown();
                let _ = connection.await;
            }
        }
        drop(permit);
    });
}
