//! GraphQL over WebSocket: the protocol `graphql-transport-ws`, with limits on time, size and number.
//!
//! 1. A client that does not begin with `connection_init` in time is closed with 4408; one that
//!    subscribes before, with 4401; one that begins twice, with 4429.
//! 2. What is no message of the protocol closes with 4400, a subprotocol of another kind with 4406, an
//!    id that is in use with 4409, a token that opens no door with 4403.
//! 3. Every operation is judged on the newest state, so a revoked login ends at its next message; one that says
//!    nothing, with 4403 at the next ping. A token that expires ends its socket at that moment, with 4403 too.
//! 4. A client that reads nothing, or is silent although it is pinged, is let go.
//! 5. However an operation ends, one line tells of it.
//! 6. When the server goes down, sockets close with 1001; one without sign-in, when there are too many, with 1013.

mod account;
mod message;
mod operations;

use super::{
    admission::{Whose, sockets::SocketRoom},
    envelope::RequestTag,
    graphql::{Refused, text, wrong_token},
    negotiation::Media,
    request::BadRequest,
    seen::TurnedAway,
};
use crate::{
    schema::fault::FaultCode,
    server::App,
    sign_in::{Entry, NotSignedIn},
};
use axum::{
    extract::{
        WebSocketUpgrade,
        ws::{CloseFrame, Message, WebSocket},
    },
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use engine::{member::Caller, moment::Moment};
use message::{ClientMessage, Subscribe};
use operations::{Operations, Outgoing};
use std::{net::IpAddr, time::Duration};
use tokio::{
    sync::mpsc,
    time::{Instant, MissedTickBehavior, interval, sleep_until, timeout},
};

/// The subprotocol.
const PROTOCOL: &str = "graphql-transport-ws";

/// How long a client may take to begin.
const INIT_TIME: Duration = Duration::from_secs(5);

/// How often a client is pinged.
const PING_TIME: Duration = Duration::from_secs(20);

/// How long a client may be silent, pongs included.
const SILENCE_TIME: Duration = Duration::from_secs(60);

/// How long one message may take to be written.
const WRITE_TIME: Duration = Duration::from_secs(10);

/// How long at least from one look at a token that is about to end to the next.
const LOOK_TIME: Duration = Duration::from_millis(50);

/// How long both sides may take to say goodbye.
const CLOSE_TIME: Duration = Duration::from_secs(1);

/// After how many seconds there may be room for a socket again.
const RETRY_SECONDS: u64 = 5;

/// The longest message of a client, in bytes.
const MESSAGE_BYTES_MAX: usize = 1 << 18;

/// How much is read and written at once, in bytes: a thousand sockets of 128 KiB each way would be a lot.
const BUFFER_BYTES: usize = 4 << 10;

/// How many answers may wait to be written; operations wait when they are full.
const OUTGOING_MAX: usize = 32;

/// Why a socket is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Close {
    code: u16,
    reason: &'static str,
}

impl Close {
    const GOING_AWAY: Self = Self { code: 1001, reason: "the server is going down" };
    const TOO_MANY: Self = Self { code: 1013, reason: "too many sockets are open without sign-in" };
    const BAD_MESSAGE: Self = Self { code: 4400, reason: "Invalid message received" };
    const UNAUTHORIZED: Self = Self { code: 4401, reason: "Unauthorized" };
    const FORBIDDEN: Self = Self { code: 4403, reason: "Forbidden" };
    const BAD_PROTOCOL: Self = Self { code: 4406, reason: "Subprotocol not acceptable" };
    const INIT_TIMEOUT: Self = Self { code: 4408, reason: "Connection initialisation timeout" };
    const SUBSCRIBER_EXISTS: Self = Self { code: 4409, reason: "Subscriber already exists" };
    const TOO_MANY_INITS: Self = Self { code: 4429, reason: "Too many initialisation requests" };
}

/// Upgrades a request to a socket, if there is room for one more.
pub(super) fn accept(
    app: App,
    upgrade: WebSocketUpgrade,
    headers: &HeaderMap,
    tag: RequestTag,
    whose: Whose,
) -> Response {
    let Some(room) = app.sockets.open(whose) else {
        app.shared.seen.turned_away(TurnedAway::Sockets);
        let bad = BadRequest {
            status: StatusCode::SERVICE_UNAVAILABLE,
            code: FaultCode::Overloaded,
            message: "too many sockets are open".to_owned(),
        };
        return Refused { bad, retry_after: Some(RETRY_SECONDS) }.respond(Media::Json, &tag);
    };
    let authorization = text(headers, header::AUTHORIZATION);
    let offers = text(headers, header::SEC_WEBSOCKET_PROTOCOL).unwrap_or_default();
    let speaks_ours = offers.split(',').any(|offer| offer.trim() == PROTOCOL);
    upgrade
        .protocols([PROTOCOL])
        .max_message_size(MESSAGE_BYTES_MAX)
        .max_frame_size(MESSAGE_BYTES_MAX)
        .read_buffer_size(BUFFER_BYTES)
        .write_buffer_size(BUFFER_BYTES)
        .on_upgrade(move |socket| async move {
            let connection = Connection::new(app, socket, room, authorization, (tag, whose.address()));
            connection.serve(speaks_ours).await;
        })
}

/// One socket and what runs on it.
struct Connection {
    app: App,
    socket: WebSocket,
    /// Given back when the socket is done, so that a shutdown can wait for all of them.
    room: SocketRoom,
    authorization: Option<String>,
    tag: RequestTag,
    address: IpAddr,
    begun: bool,
    /// When the token ends, if it does.
    until: Option<Moment>,
    operations: Operations,
    outgoing: mpsc::Receiver<Outgoing>,
}

impl Connection {
    fn new(
        app: App,
        socket: WebSocket,
        room: SocketRoom,
        authorization: Option<String>,
        (tag, address): (RequestTag, IpAddr),
    ) -> Self {
        let (sender, outgoing) = mpsc::channel(OUTGOING_MAX);
        let operations = Operations::new(app.clone(), tag.clone(), sender);
        let (begun, until) = (false, None);
        Self { app, socket, room, authorization, tag, address, begun, until, operations, outgoing }
    }

    async fn serve(mut self, speaks_ours: bool) {
        let close = if speaks_ours { self.run().await } else { Some(Close::BAD_PROTOCOL) };
        // Operations stop here, before the last words.
        self.operations.stop();
        if let Some(Close { code, reason }) = close {
            let frame = CloseFrame { code, reason: reason.into() };
            if self.write(Message::Close(Some(frame))).await.is_ok() {
                self.hear_out().await;
            }
        }
    }

    /// Reads until both sides have said close: unread bytes would reset the connection, and the answer to a
    /// client's close is only written while somebody reads.
    async fn hear_out(&mut self) {
        let _ = timeout(CLOSE_TIME, async { while let Some(Ok(_)) = self.socket.recv().await {} }).await;
    }

    /// Serves until something ends it; `None` when the client has gone.
    async fn run(&mut self) -> Option<Close> {
        let init_deadline = Instant::now() + INIT_TIME;
        let mut heard = Instant::now();
        let mut pings = interval(PING_TIME);
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut closing = self.app.closing();
        loop {
            tokio::select! {
                () = closing.wait() => return Some(Close::GOING_AWAY),
                () = sleep_until(init_deadline), if !self.begun => return Some(Close::INIT_TIMEOUT),
                _ = pings.tick() => {
                    if heard.elapsed() > SILENCE_TIME || self.write(Message::Ping("".into())).await.is_err() {
                        return None;
                    }
                    // What runs on for long ends with the login it was begun with,
                    if self.begun && self.look().is_err() {
                        return Some(Close::FORBIDDEN);
                    }
                }
                // and with its token, to the moment.
                () = self.token_ends(), if self.until.is_some() => {
                    if self.look().is_err() {
                        return Some(Close::FORBIDDEN);
                    }
                }
                Some(outgoing) = self.outgoing.recv() => {
                    if let Some(text) = self.operations.release(outgoing)
                        && self.write(Message::Text(text.into())).await.is_err()
                    {
                        return None;
                    }
                }
                received = self.socket.recv() => {
                    heard = Instant::now();
                    let text = match received? {
                        Ok(Message::Text(text)) => text,
                        Ok(Message::Ping(_) | Message::Pong(_)) => continue,
                        Ok(Message::Binary(_)) => return Some(Close::BAD_MESSAGE),
                        Ok(Message::Close(_)) => {
                            self.hear_out().await;
                            return None;
                        }
                        Err(_) => return None,
                    };
                    match self.hear(text.as_str()).await {
                        Ok(()) => {}
                        Err(close) => return Some(close),
                    }
                }
            }
        }
    }

    /// Does what a message asks.
    async fn hear(&mut self, text: &str) -> Result<(), Close> {
        match ClientMessage::read(text).ok_or(Close::BAD_MESSAGE)? {
            ClientMessage::ConnectionInit { authorization } => {
                if self.begun {
                    return Err(Close::TOO_MANY_INITS);
                }
                self.begun = true;
                if authorization.is_some() {
                    self.authorization = authorization;
                }
                match self.sign_in().await?.caller {
                    Caller::Member { .. } | Caller::System => self.room.is_members(),
                    Caller::Public if self.room.is_publics() => {}
                    Caller::Public => {
                        self.app.shared.seen.turned_away(TurnedAway::Sockets);
                        return Err(Close::TOO_MANY);
                    }
                }
                self.say(message::connection_ack()).await
            }
            ClientMessage::Ping { payload } => self.say(message::pong(payload)).await,
            ClientMessage::Pong => Ok(()),
            ClientMessage::Subscribe(subscribe) => self.subscribe(subscribe).await,
            ClientMessage::Complete { id } => {
                self.operations.cancel(&id);
                Ok(())
            }
        }
    }

    async fn subscribe(&mut self, subscribe: Subscribe) -> Result<(), Close> {
        if !self.begun {
            return Err(Close::UNAUTHORIZED);
        }
        if self.operations.is_running(&subscribe.id) {
            return Err(Close::SUBSCRIBER_EXISTS);
        }
        let entry = self.sign_in().await?;
        if let Err(too_many) = self.app.admission.request(&entry, self.address) {
            self.app.shared.seen.turned_away(TurnedAway::Rate);
            let refusal = self.operations.rate_limited(&subscribe.id, too_many);
            return self.say(refusal).await;
        }
        match self.operations.start(subscribe, entry.caller) {
            None => Ok(()),
            Some(refusal) => self.say(refusal).await,
        }
    }

    /// Whether the authorization still opens the door.
    fn look(&self) -> Result<Entry, NotSignedIn> {
        let ledger = &self.app.shared.ledger;
        self.app.door.look(&ledger.state(), ledger.now(), self.authorization.as_deref())
    }

    /// Waits for the end of the token, by the clock of the ledger, and at least a moment.
    fn token_ends(&self) -> impl Future<Output = ()> + use<> {
        let left = self.until.map_or(0, |until| until.millis() - self.app.shared.ledger.now().millis());
        let left = Duration::from_millis(u64::try_from(left).unwrap_or(0)).max(LOOK_TIME);
        tokio::time::sleep(left)
    }

    async fn sign_in(&mut self) -> Result<Entry, Close> {
        match self.app.door.enter(&self.app.shared.ledger, self.authorization.as_deref()).await {
            Ok(entry) => {
                self.until = entry.until;
                Ok(entry)
            }
            Err(why) => {
                // Closed late, or at once when the address has shown too many.
                let _ = wrong_token(&self.app, self.address, &self.tag, why).await;
                Err(Close::FORBIDDEN)
            }
        }
    }

    async fn say(&mut self, text: String) -> Result<(), Close> {
        // A client that does not read is gone; the code is for those that do.
        self.write(Message::Text(text.into())).await.map_err(|()| Close::GOING_AWAY)
    }

    async fn write(&mut self, message: Message) -> Result<(), ()> {
        match timeout(WRITE_TIME, self.socket.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(()),
        }
    }
}
