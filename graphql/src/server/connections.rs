//! Connections: taken while there is room, each client its share, heads, handshakes and answers within their time.

use super::{App, Closing, patient::Patient, tls};
use crate::http::{
    admission::{Peer, rooms},
    seen::TurnedAway,
};
use axum::{Router, extract::Request};
use hyper::{
    body::Incoming,
    server::conn::http1,
    service::{Service as _, service_fn},
};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use std::{io, net::SocketAddr, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    task::JoinSet,
    time::timeout,
};
use tokio_rustls::TlsAcceptor;

/// How long a client may take to send the head of a request, or to wait with the next one.
const HEADER_TIME: Duration = Duration::from_secs(10);

/// How long a TLS handshake may take.
const HANDSHAKE_TIME: Duration = Duration::from_secs(10);

/// Room of a connection: among all, and among those of its address.
type Room = (Option<OwnedSemaphorePermit>, rooms::Room);

/// Takes connections until `shutdown` is ready.
///
/// # Errors
/// When TLS is wanted and the certificate cannot be read.
pub(super) async fn accept(
    listener: &TcpListener,
    app: &App,
    routes: Router,
    connections: &mut JoinSet<()>,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let mut following = JoinSet::new();
    let certificate = match &app.config.tls {
        None => None,
        Some(files) => {
            let (newest, certificate) = watch::channel(files.read()?);
            following.spawn(tls::follow(files.clone(), newest));
            Some(certificate)
        }
    };
    let room = Arc::new(Semaphore::new(app.config.limits.connections));
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        let next = async {
            // The semaphore is never closed, so a permit always comes.
            let permit = Arc::clone(&room).acquire_owned().await.ok();
            (permit, listener.accept().await)
        };
        let (permit, accepted) = tokio::select! {
            () = &mut shutdown => return Ok(()),
            next = next => next,
            Some(_) = connections.join_next() => continue,
        };
        match accepted {
            Ok((stream, address)) => {
                let Some(own) = app.admission.connection(Peer(address.ip())) else {
                    app.shared.seen.turned_away(TurnedAway::Connections);
                    tracing::debug!(address = %address.ip(), "too many connections of one address");
                    continue;
                };
                let acceptor = certificate.as_ref().map(|it| it.borrow().clone());
                let patience = app.config.limits.write_time;
                let one = Connection { routes: routes.clone(), address, patience, room: (permit, own) };
                connections.spawn(one.serve(stream, acceptor, app.closing()));
            }
            Err(error) => {
                // Most likely no file descriptor is left: taking a breath lets some come free.
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

/// One connection.
struct Connection {
    routes: Router,
    address: SocketAddr,
    /// How long its client may take nothing of an answer.
    patience: Duration,
    room: Room,
}

impl Connection {
    async fn serve(self, stream: TcpStream, acceptor: Option<TlsAcceptor>, closing: Closing) {
        // Small answers should not wait for the next packet; without it they are only slower.
        let _ = stream.set_nodelay(true);
        let stream = Patient::new(stream, self.patience);
        match acceptor {
            None => self.speak(stream, closing).await,
            Some(acceptor) => {
                // Whoever cannot shake hands is no client of ours.
                if let Ok(Ok(stream)) = timeout(HANDSHAKE_TIME, acceptor.accept(stream)).await {
                    self.speak(stream, closing).await;
                }
            }
        }
    }

    async fn speak(self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, mut closing: Closing) {
        let Self { routes, address, patience: _, room } = self;
        let routes = TowerToHyperService::new(routes);
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(Peer(address.ip()));
            routes.call(request)
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEADER_TIME)
            .serve_connection(TokioIo::new(stream), service)
            .with_upgrades();
        let mut connection = std::pin::pin!(connection);
        // Clients that break off are everyday life, so how a connection ends is not looked at.
        tokio::select! {
            _ = connection.as_mut() => {}
            () = closing.wait() => {
                connection.as_mut().graceful_shutdown();
                let _ = connection.await;
            }
        }
        drop(room);
    }
}
