//! `graphql-transport-ws`: the feed that resumes, and every rule of the protocol.

use crate::street::{Street, as_shown};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{
        Error, Message, client::IntoClientRequest, handshake::client::Response,
        protocol::frame::coding::CloseCode,
    },
};

pub struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    async fn open(street: &Street, protocol: &str) -> Self {
        let mut request = format!("ws://{}/graphql", street.address).into_client_request().unwrap();
        if !protocol.is_empty() {
            request.headers_mut().insert("sec-websocket-protocol", protocol.parse().unwrap());
        }
        Self(connect_async(request).await.unwrap().0)
    }

    /// A socket of a client that a proxy names, or why there is none.
    pub async fn open_from(street: &Street, client: &str) -> Result<Self, Response> {
        let mut request = format!("ws://{}/graphql", street.address).into_client_request().unwrap();
        request.headers_mut().insert("sec-websocket-protocol", "graphql-transport-ws".parse().unwrap());
        request.headers_mut().insert("x-forwarded-for", client.parse().unwrap());
        match connect_async(request).await {
            Ok((socket, _)) => Ok(Self(socket)),
            Err(Error::Http(refused)) => Err(*refused),
            Err(other) => panic!("{other}"),
        }
    }

    /// The same, let in.
    pub async fn begin_from(street: &Street, client: &str, token: &str) -> Result<Self, Response> {
        let mut socket = Self::open_from(street, client).await?;
        let payload =
            if token.is_empty() { json!({}) } else { json!({ "Authorization": format!("Bearer {token}") }) };
        socket.say(json!({ "type": "connection_init", "payload": payload })).await;
        assert_eq!(socket.hear().await, json!({ "type": "connection_ack" }));
        Ok(socket)
    }

    /// Says something; the code the server closes with then.
    pub async fn closed_after(mut self, message: Value) -> u16 {
        self.say(message).await;
        self.closed().await
    }

    /// A socket whose client has been let in.
    pub async fn begin(street: &Street, token: &str) -> Self {
        let mut socket = Self::open(street, "graphql-transport-ws").await;
        let payload =
            if token.is_empty() { json!({}) } else { json!({ "authorization": format!("Bearer {token}") }) };
        socket.say(json!({ "type": "connection_init", "payload": payload })).await;
        assert_eq!(socket.hear().await, json!({ "type": "connection_ack" }));
        socket
    }

    pub async fn say(&mut self, message: Value) {
        self.send(&message.to_string()).await;
    }

    async fn send(&mut self, text: &str) {
        self.0.send(Message::Text(text.into())).await.unwrap();
    }

    /// The next message of the server.
    pub async fn hear(&mut self) -> Value {
        loop {
            match self.0.next().await.unwrap().unwrap() {
                Message::Text(text) => return serde_json::from_str(&text).unwrap(),
                Message::Ping(_) | Message::Pong(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    /// The code the server closes with.
    async fn closed(mut self) -> u16 {
        loop {
            match self.0.next().await {
                Some(Ok(Message::Close(Some(frame)))) => return CloseCode::into(frame.code),
                Some(Ok(Message::Text(_) | Message::Ping(_))) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    pub async fn subscribe(&mut self, id: &str, query: &str, variables: Value) {
        let payload = json!({ "query": query, "variables": variables });
        self.say(json!({ "id": id, "type": "subscribe", "payload": payload })).await;
    }

    /// The next event of a subscription.
    async fn event(&mut self) -> Value {
        let message = self.hear().await;
        assert_eq!(message["type"], "next", "{message}");
        message["payload"]["data"]["events"].clone()
    }
}

const FEED: &str = "subscription($after: Position) { events(after: $after) { position index cursor type concerns { needId } } }";

#[tokio::test]
async fn following_from_beyond_the_end_is_an_error_and_not_a_silence() {
    let street = Street::open().await;
    for feed in ["events { cursor }", "pairingChanged { cursor }", "projectChanged { cursor }"] {
        let mut socket = Socket::begin(&street, &street.observer).await;
        let query = format!("subscription {{ {} }}", feed.replacen(' ', "(after: \"99999\") ", 1));
        socket.subscribe("feed", &query, json!({})).await;
        let heard = socket.hear().await;
        assert!(heard.to_string().contains("after:日志到"), "{feed}: {heard}");
    }
}

#[tokio::test]
async fn the_feed_resumes_from_any_event_with_nothing_missed_and_nothing_twice() {
    let street = Street::open().await;
    street.need("一").await;
    let stored: Vec<(u64, String)> =
        street.events().iter().map(|(position, event)| (*position, as_shown(event))).collect();
    let mut seen: Vec<(u64, String)> = Vec::new();
    let mut after = json!("0");
    // Break off after every event: the next connection goes on exactly there, inside commits too.
    for _ in &stored {
        let mut socket = Socket::begin(&street, &street.observer).await;
        socket.subscribe("1", FEED, json!({ "after": after })).await;
        let event = socket.event().await;
        after = event["cursor"].clone();
        let position = event["position"].as_str().unwrap().parse().unwrap();
        seen.push((position, event["type"].as_str().unwrap().to_owned()));
    }
    assert_eq!(seen, stored);
}

#[tokio::test]
async fn history_runs_into_live_events() {
    let street = Street::open().await;
    let first = street.need("一").await;
    let before = street.ledger.state().position().0 - 1;
    let mut socket = Socket::begin(&street, &street.liaison).await;
    socket.subscribe("feed", FEED, json!({ "after": before.to_string() })).await;
    assert_eq!(socket.event().await["concerns"]["needId"], json!(first));
    for title in ["二", "三"] {
        let posted = street.need(title).await;
        assert_eq!(socket.event().await["concerns"]["needId"], json!(posted));
    }
    socket.say(json!({ "id": "feed", "type": "complete" })).await;
    socket.subscribe("feed", "{ position }", json!({})).await;
    let message = socket.hear().await;
    assert_eq!(message["payload"]["data"]["position"], street.ledger.state().position().to_string());
    assert_eq!(socket.hear().await, json!({ "id": "feed", "type": "complete" }));
}

#[tokio::test]
async fn the_ticker_notes_a_claim_that_lapsed() {
    let street = Street::open().await;
    let (need, resource) = (street.need("义诊").await, street.resource("社区义诊").await);
    let request = json!({ "target": need, "supplier": resource });
    let payload = street.mutate(&street.officer, "requestPairing", "pairing { claimedUntil }", request).await;
    let mut socket = Socket::begin(&street, &street.liaison).await;
    let query = "subscription($after: Position) { events(after: $after) { type actor { kind } } }";
    socket.subscribe("feed", query, json!({ "after": payload["position"] })).await;
    street.pass(7 * 24 + 1);
    assert_eq!(socket.event().await, json!({ "type": "PAIRING_LAPSED", "actor": { "kind": "SYSTEM" } }));
}

#[tokio::test]
async fn without_a_position_the_feed_begins_with_what_happens_next() {
    let street = Street::open().await;
    let mut socket = Socket::begin(&street, &street.liaison).await;
    socket.subscribe("feed", "subscription { events { type } }", json!({})).await;
    // An answer to a later message says that the subscription stands.
    socket.subscribe("q", "{ position }", json!({})).await;
    assert_eq!(socket.hear().await["id"], "q");
    assert_eq!(socket.hear().await["type"], "complete");
    street.need("一").await;
    assert_eq!(socket.event().await["type"], "NEED_POSTED");
}

#[tokio::test]
async fn the_feed_is_for_members_for_as_long_as_they_are() {
    let street = Street::open().await;
    let mut public = Socket::begin(&street, "").await;
    public.subscribe("1", FEED, json!({ "after": "0" })).await;
    let message = public.hear().await;
    let errors = if message["type"] == "error" { &message["payload"] } else { &message["payload"]["errors"] };
    assert_eq!(errors[0]["extensions"]["code"], "NOT_ALLOWED", "{message}");

    let token = street.member(4, engine::member::Role::UnitLiaison).await;
    let mut member = Socket::begin(&street, &token).await;
    let position = street.ledger.state().position().to_string();
    member.subscribe("1", FEED, json!({ "after": position })).await;
    // An answer to a later message says that the subscription stands.
    member.subscribe("q", "{ position }", json!({})).await;
    assert_eq!(member.hear().await["id"], "q");
    assert_eq!(member.hear().await["type"], "complete");
    let id = street.ledger.state().members().next_back().unwrap().id;
    street.execute(engine::command::Command::RevokeMember(id)).await;
    let message = member.hear().await;
    assert_eq!(message["payload"]["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{message}");
    member.hear().await;
    member.subscribe("2", "{ position }", json!({})).await;
    assert_eq!(member.closed().await, 4403);
}

#[tokio::test]
async fn queries_and_mutations_run_on_sockets_and_wrong_documents_are_errors() {
    let street = Street::open().await;
    let mut socket = Socket::begin(&street, &street.officer).await;
    socket
        .subscribe("m", "mutation { postNeed(input: { title: \"x\" }) { need { title } } }", json!({}))
        .await;
    let message = socket.hear().await;
    assert_eq!(message["payload"]["data"]["postNeed"]["need"]["title"], "x", "{message}");
    assert_eq!(socket.hear().await, json!({ "id": "m", "type": "complete" }));
    for query in [
        "{",
        "{ nothing }",
        "query($x: ID!) { node(id: $x) { id } }",
        "{ ...A } fragment A on Query { ...A }",
    ] {
        socket.subscribe("q", query, json!({})).await;
        let message = socket.hear().await;
        assert_eq!((&message["type"], &message["id"]), (&json!("error"), &json!("q")), "{query}");
        assert!(message["payload"][0]["extensions"]["code"].is_string(), "{message}");
    }
    socket.say(json!({ "type": "ping", "payload": { "at": 1 } })).await;
    assert_eq!(socket.hear().await, json!({ "type": "pong", "payload": { "at": 1 } }));
}

#[tokio::test]
async fn sockets_are_closed_with_the_code_of_the_protocol() {
    let street = Street::open().await;
    let fresh = async || Socket::open(&street, "graphql-transport-ws").await;
    let begun = async || Socket::begin(&street, &street.officer).await;

    assert_eq!(Socket::open(&street, "").await.closed().await, 4406);
    for text in ["garbage", "{}", "{\"type\":\"start\"}", "{\"type\":\"subscribe\",\"id\":\"1\"}"] {
        let mut socket = fresh().await;
        socket.send(text).await;
        assert_eq!(socket.closed().await, 4400, "{text}");
    }
    let mut binary = fresh().await;
    binary.0.send(Message::Binary(vec![0].into())).await.unwrap();
    assert_eq!(binary.closed().await, 4400);

    let mut early = fresh().await;
    early.subscribe("1", "{ position }", json!({})).await;
    assert_eq!(early.closed().await, 4401);

    let mut stranger = fresh().await;
    stranger
        .say(json!({ "type": "connection_init", "payload": { "authorization": "Bearer gj_nobody" } }))
        .await;
    assert_eq!(stranger.closed().await, 4403);

    let mut twice = begun().await;
    twice.say(json!({ "type": "connection_init" })).await;
    assert_eq!(twice.closed().await, 4429);

    let mut same = begun().await;
    same.subscribe("1", "subscription { events { type } }", json!({})).await;
    same.subscribe("1", "subscription { events { type } }", json!({})).await;
    assert_eq!(same.closed().await, 4409);

    let silent = fresh().await;
    assert_eq!(silent.closed().await, 4408);
}

#[tokio::test]
async fn a_socket_runs_so_many_operations_and_no_more() {
    let street = Street::open().await;
    let mut socket = Socket::begin(&street, &street.officer).await;
    for number in 0..51 {
        socket.subscribe(&number.to_string(), "subscription { events { type } }", json!({})).await;
    }
    let message = socket.hear().await;
    assert_eq!((&message["type"], &message["id"]), (&json!("error"), &json!("50")));
    assert_eq!(message["payload"][0]["extensions"]["code"], "OVERLOADED");
}

#[tokio::test]
async fn sockets_close_when_the_server_goes_down() {
    let street = Street::open().await;
    let mut socket = Socket::begin(&street, &street.officer).await;
    socket.subscribe("1", "subscription { events { type } }", json!({})).await;
    let (code, ()) = tokio::join!(socket.closed(), street.close());
    assert_eq!(code, 1001);
}

#[tokio::test]
async fn a_header_signs_in_as_well() {
    let street = Street::open().await;
    let mut request = format!("ws://{}/graphql", street.address).into_client_request().unwrap();
    let headers = request.headers_mut();
    headers.insert("sec-websocket-protocol", "graphql-transport-ws".parse().unwrap());
    headers.insert("authorization", format!("Bearer {}", street.liaison).parse().unwrap());
    let mut socket = Socket(connect_async(request).await.unwrap().0);
    socket.say(json!({ "type": "connection_init" })).await;
    socket.hear().await;
    socket.subscribe("1", "{ me { role } }", json!({})).await;
    assert_eq!(socket.hear().await["payload"]["data"]["me"]["role"], "UNIT_LIAISON");
}
