//! `GET /backup?after=POSITION`: the log while it is served, in the form of `storage::backup`, as it is written.
//! `GET /backup/contacts`: a copy of the vault, sealed as it is; asked for on its own, it is never part of the first.
//!
//! 1. For coordinators. The log holds what all members see, and the hashes of their tokens.
//! 2. What was sent so far is worth nothing when it breaks off: the connection ends without its last chunk, and the seal
//!    at the end of the file is missing, so `restore` refuses it.
//! 3. It holds up nobody: a thread of its own reads and packs, at most `BACKUPS_MAX` at once, and a client that takes
//!    nothing for `STALL_TIME` is left.

use super::{
    answer,
    envelope::RequestTag,
    graphql::{read_authorization, unauthorized},
    negotiation::Media,
    request::BadRequest,
};
use crate::{schema::fault::FaultCode, server::App};
use axum::{
    body::{Body, Bytes},
    extract::{Extension, RawQuery, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use engine::{
    identity::Position,
    permission::{self, Right},
};
use futures_util::stream;
use std::{
    io::{self, BufWriter, Write},
    sync::Arc,
    time::Duration,
};
use storage::backup::{self, Origin};
use tokio::{
    runtime::Handle,
    sync::{Semaphore, mpsc},
    time::timeout,
};

/// How many backups may be under way at once.
const BACKUPS_MAX: usize = 2;

/// How long a client may take nothing.
const STALL_TIME: Duration = Duration::from_secs(60);

/// Bytes that go out at once.
const PIECE_BYTES: usize = 64 << 10;

/// Pieces that wait for the client.
const PIECES_MAX: usize = 4;

/// Whose turn it is: all servers of a process share its threads.
static TURNS: Semaphore = Semaphore::const_new(BACKUPS_MAX);

/// The log after a position, packed and sealed.
pub async fn log(
    State(app): State<App>,
    Extension(tag): Extension<RequestTag>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    match start(&app, &headers, query.as_deref()).await {
        Ok(response) => response,
        Err(bad) => refuse(bad, &tag),
    }
}

/// The vault, sealed as it is.
pub async fn contacts(
    State(app): State<App>,
    Extension(tag): Extension<RequestTag>,
    headers: HeaderMap,
) -> Response {
    match copy(&app, &headers).await {
        Ok(response) => response,
        Err(bad) => refuse(bad, &tag),
    }
}

async fn start(app: &App, headers: &HeaderMap, query: Option<&str>) -> Result<Response, BadRequest> {
    check_caller(app, headers).await?;
    let after = read_after(query)?;
    let ledger = app.shared.ledger.clone();
    let head = ledger.state().position();
    if after > head {
        return Err(BadRequest::new(format!("after: the log ends at {head}")));
    }
    let turn = TURNS.try_acquire().map_err(|_| BadRequest {
        status: StatusCode::TOO_MANY_REQUESTS,
        code: FaultCode::Overloaded,
        message: format!("{BACKUPS_MAX} backups are under way already"),
    })?;
    let (pieces, sent) = mpsc::channel(PIECES_MAX);
    let runtime = Handle::current();
    tokio::task::spawn_blocking(move || {
        let _turn = turn;
        let out =
            BufWriter::with_capacity(PIECE_BYTES, Pieces { out: pieces.clone(), runtime: runtime.clone() });
        let origin = Origin::of(&ledger.state(), ledger.now());
        match backup::backup(&ledger.view(), after, &origin, out, &mut |_| ()) {
            Ok(report) => {
                tracing::info!(commits = report.commits, head = %report.header.head.position, "backed up");
            }
            Err(error) => {
                tracing::warn!(%error, "a backup was broken off");
                // Ends the connection before the end of the answer. Without a listener there is nobody to tell.
                let broken = Err(io::Error::other("the backup was broken off"));
                let _ = runtime.block_on(timeout(STALL_TIME, pieces.send(broken)));
            }
        }
    });
    let body = stream::unfold(sent, |mut sent| async move { Some((sent.recv().await?, sent)) });
    Ok(file(
        Body::from_stream(body),
        "application/zstd",
        &format!("gongjian-{}-{}.jsonl.zst", after.0, head.0),
    ))
}

async fn copy(app: &App, headers: &HeaderMap) -> Result<Response, BadRequest> {
    check_caller(app, headers).await?;
    let Some(contacts) = &app.shared.contacts else {
        return Err(BadRequest {
            status: StatusCode::NOT_FOUND,
            code: FaultCode::Unavailable,
            message: "this server has no vault for contacts".to_owned(),
        });
    };
    let vault = contacts.vault();
    let copied =
        tokio::task::spawn_blocking(move || vault.copy()).await.map(|copied| copied.map_err(Arc::new));
    match copied {
        Ok(Ok(bytes)) => Ok(file(Body::from(bytes), "application/octet-stream", "gongjian.contacts")),
        broken => {
            tracing::error!(?broken, "the vault could not be copied");
            Err(BadRequest {
                status: StatusCode::INTERNAL_SERVER_ERROR,
                code: FaultCode::Internal,
                message: "the vault could not be copied".to_owned(),
            })
        }
    }
}

/// Only coordinators carry the whole street away.
async fn check_caller(app: &App, headers: &HeaderMap) -> Result<(), BadRequest> {
    let ledger = &app.shared.ledger;
    let value = read_authorization(headers).map_err(|why| unauthorized(why.to_string()))?;
    let entered = app.door.enter(ledger, value.as_deref()).await;
    let caller = entered.map_err(|why| unauthorized(why.to_string()))?.caller;
    match permission::has(&ledger.state(), &caller, Right::Coordinate) {
        true => Ok(()),
        false if value.is_none() => {
            Err(unauthorized("a backup is for coordinators: send a token".to_owned()))
        }
        false => Err(BadRequest {
            status: StatusCode::FORBIDDEN,
            code: FaultCode::NotAllowed,
            message: "a backup is for coordinators".to_owned(),
        }),
    }
}

/// `after=POSITION`; without it, from the beginning.
fn read_after(query: Option<&str>) -> Result<Position, BadRequest> {
    let mut after = Position::START;
    for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
        let number = (name == "after").then(|| value.parse().ok()).flatten();
        after = number
            .map(Position)
            .ok_or_else(|| BadRequest::new("it takes `after=POSITION` and nothing else"))?;
    }
    Ok(after)
}

fn file(body: Body, content_type: &'static str, name: &str) -> Response {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

fn refuse(bad: BadRequest, tag: &RequestTag) -> Response {
    let is_unauthorized = bad.status == StatusCode::UNAUTHORIZED;
    let mut response = answer::refuse(Media::Json, bad, tag);
    if is_unauthorized {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

/// Where a thread that may wait writes what a connection sends.
struct Pieces {
    out: mpsc::Sender<io::Result<Bytes>>,
    runtime: Handle,
}

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let piece = Ok(Bytes::copy_from_slice(bytes));
        match self.runtime.block_on(timeout(STALL_TIME, self.out.send(piece))) {
            Ok(Ok(())) => Ok(bytes.len()),
            Ok(Err(_)) => Err(io::Error::new(io::ErrorKind::BrokenPipe, "the client went away")),
            Err(_) => Err(io::Error::new(io::ErrorKind::TimedOut, "the client takes nothing")),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_is_read_and_nothing_else_is_taken() {
        assert_eq!(read_after(None), Ok(Position::START));
        assert_eq!(read_after(Some("after=12")), Ok(Position(12)));
        for query in ["after=", "after=-1", "after=x", "before=3", "after=1&contacts=true"] {
            assert!(read_after(Some(query)).is_err(), "{query}");
        }
    }
}
