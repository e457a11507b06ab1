//! A client of the face over the network: requests over HTTP, the feed over `graphql-transport-ws`.

use futures_util::{FutureExt, SinkExt, StreamExt};
use serde_json::{Value, json};
use std::{future::Future, time::Duration};
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, client_async, connect_async,
    tungstenite::{Message, client::IntoClientRequest},
};

/// How long an answer may take. Far more than it takes, so that only a hang is a failure.
const DEADLINE: Duration = Duration::from_secs(60);

async fn in_time<T>(what: &str, future: impl Future<Output = T>) -> T {
    tokio::time::timeout(DEADLINE, future).await.unwrap_or_else(|_| panic!("{what}: not in {DEADLINE:?}"))
}

/// Somebody who asks: a token, or nobody in particular, and a language.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    address: String,
    token: Option<String>,
    language: &'static str,
}

impl Client {
    /// The public.
    pub fn public(address: &str) -> Self {
        let http = reqwest::Client::builder().timeout(DEADLINE).no_proxy().build().unwrap();
        Self { http, address: address.to_owned(), token: None, language: "en" }
    }

    /// Whoever holds a token.
    pub fn member(address: &str, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..Self::public(address) }
    }

    /// The same one, who wants another language.
    pub fn in_language(&self, language: &'static str) -> Self {
        Self { language, ..self.clone() }
    }

    /// Where it asks, and with which token.
    pub fn request(&self, query: &str) -> reqwest::RequestBuilder {
        let request = self.http.post(format!("http://{}/graphql", self.address));
        let request = request.json(&json!({ "query": query }));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// The status and the body of an answer; an error when the answer did not come whole.
    pub async fn try_ask(&self, query: &str, variables: Value) -> reqwest::Result<(u16, Value)> {
        let mut request = self
            .http
            .post(format!("http://{}/graphql", self.address))
            .header("accept-language", self.language)
            .header("accept", "application/graphql-response+json")
            .json(&json!({ "query": query, "variables": variables }));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        let answer = request.send().await?;
        let status = answer.status().as_u16();
        Ok((status, answer.json().await?))
    }

    /// The status and the bytes of what lies at a path.
    pub async fn get(&self, path: &str) -> (u16, Vec<u8>) {
        let mut request = self.http.get(format!("http://{}{path}", self.address));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.bytes().await.unwrap().to_vec())
    }

    /// The whole answer.
    pub async fn ask(&self, query: &str, variables: Value) -> Value {
        self.try_ask(query, variables).await.unwrap().1
    }

    /// The data of an answer without errors.
    pub async fn data(&self, query: &str, variables: Value) -> Value {
        let answer = self.ask(query, variables).await;
        assert!(answer.get("errors").is_none(), "{answer}");
        answer["data"].clone()
    }

    /// Runs a mutation with one input; its payload, or an error when the answer did not come whole.
    pub async fn try_mutate(&self, field: &str, selection: &str, input: Value) -> reqwest::Result<Value> {
        let (first, rest) = field.split_at(1);
        let query = format!(
            "mutation($input: {}{rest}Input!) {{ {field}(input: $input) {{
                position {selection} userErrors {{ code field message }} }} }}",
            first.to_ascii_uppercase()
        );
        let (_, answer) = self.try_ask(&query, json!({ "input": input })).await?;
        assert!(answer.get("errors").is_none(), "{answer}");
        Ok(answer["data"][field].clone())
    }

    /// Runs a mutation that may be refused; its payload.
    pub async fn mutate(&self, field: &str, selection: &str, input: Value) -> Value {
        self.try_mutate(field, selection, input).await.unwrap()
    }

    /// Runs a mutation that has to be done; its payload.
    pub async fn done(&self, field: &str, selection: &str, input: Value) -> Value {
        let payload = self.mutate(field, selection, input).await;
        assert_eq!(payload["userErrors"], json!([]), "{payload}");
        payload
    }

    /// Whether a mutation is allowed as the next action of a bid, meeting, agreement or delivery, or else the code of its
    /// refusal.
    ///
    /// # Errors
    /// That code.
    pub async fn may(&self, mutation: &str, id: &Value) -> Result<(), String> {
        let next = "{ nextActions { action allowed refusal { code } } }";
        let query = format!(
            "query($id: ID!) {{ node(id: $id) {{ ... on Bid {next} ... on Meeting {next} ... on Agreement {next}
                ... on Delivery {next} }} }}"
        );
        let data = self.data(&query, json!({ "id": id })).await;
        let all = data["node"]["nextActions"].as_array().unwrap();
        let action = shouted(mutation);
        let found =
            all.iter().find(|it| it["action"] == *action).unwrap_or_else(|| panic!("no {action}: {data}"));
        if found["allowed"] == true {
            Ok(())
        } else {
            Err(found["refusal"]["code"].as_str().unwrap().to_owned())
        }
    }

    /// Where the log stands.
    pub async fn position(&self) -> u64 {
        let data = self.data("{ position }", json!({})).await;
        data["position"].as_str().unwrap().parse().unwrap()
    }

    /// The first result of a subscription, or its refusal, as an answer over HTTP would be.
    pub async fn first(&self, query: &str) -> Value {
        let mut feed = self.begin().await;
        feed.say(json!({ "id": "feed", "type": "subscribe", "payload": { "query": query } })).await;
        let message = feed.hear().await;
        match message["type"].as_str() {
            Some("error") => json!({ "errors": message["payload"] }),
            _ => message["payload"].clone(),
        }
    }

    /// Follows the events after a position or a cursor. History comes first, so nothing after it is missed.
    pub async fn follow(&self, after: &Value) -> Feed {
        let mut feed = self.begin().await;
        let query = "subscription($after: Position) { events(after: $after) {
            position cursor type concerns { needId pairingId } } }";
        let payload = json!({ "query": query, "variables": { "after": after } });
        feed.say(json!({ "id": "feed", "type": "subscribe", "payload": payload })).await;
        feed
    }

    /// Follows any subscription.
    pub async fn subscribe(&self, query: &str, variables: Value) -> Feed {
        let mut feed = self.begin().await;
        let payload = json!({ "query": query, "variables": variables });
        feed.say(json!({ "id": "feed", "type": "subscribe", "payload": payload })).await;
        feed
    }

    /// A socket with a small buffer that runs a subscription so many times and never looks at what is told.
    pub async fn deaf(&self, query: &str, times: usize) -> Deaf {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(4 << 10).unwrap();
        let stream = in_time("connecting", socket.connect(self.address.parse().unwrap())).await.unwrap();
        let mut request = format!("ws://{}/graphql", self.address).into_client_request().unwrap();
        request.headers_mut().insert("sec-websocket-protocol", "graphql-transport-ws".parse().unwrap());
        let (mut socket, _) =
            in_time("upgrading", client_async(request, MaybeTlsStream::Plain(stream))).await.unwrap();
        let authorization = self.token.as_ref().map(|token| format!("Bearer {token}"));
        let init = json!({ "type": "connection_init", "payload": { "authorization": authorization } });
        let subscribes = (0..times)
            .map(|id| json!({ "id": id.to_string(), "type": "subscribe", "payload": { "query": query } }));
        for message in [init].into_iter().chain(subscribes) {
            socket.feed(Message::Text(message.to_string().into())).await.unwrap();
        }
        in_time("saying", socket.flush()).await.unwrap();
        Deaf(socket)
    }

    /// A socket that was let in.
    async fn begin(&self) -> Feed {
        let mut request = format!("ws://{}/graphql", self.address).into_client_request().unwrap();
        request.headers_mut().insert("sec-websocket-protocol", "graphql-transport-ws".parse().unwrap());
        let mut feed = Feed(in_time("connecting", connect_async(request)).await.unwrap().0);
        let authorization = self.token.as_ref().map(|token| format!("Bearer {token}"));
        feed.say(json!({ "type": "connection_init", "payload": { "authorization": authorization } })).await;
        assert_eq!(feed.hear().await, json!({ "type": "connection_ack" }));
        feed
    }
}

/// A client that reads nothing. Dropped, it is gone.
#[derive(Debug)]
#[expect(dead_code, reason = "it is only there")]
pub struct Deaf(WebSocketStream<MaybeTlsStream<TcpStream>>);

/// A subscription to the events.
#[derive(Debug)]
pub struct Feed(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Feed {
    async fn say(&mut self, message: Value) {
        in_time("saying", self.0.send(Message::Text(message.to_string().into()))).await.unwrap();
    }

    async fn hear(&mut self) -> Value {
        loop {
            match in_time("hearing", self.0.next()).await.unwrap().unwrap() {
                Message::Text(text) => return serde_json::from_str(&text).unwrap(),
                Message::Ping(_) | Message::Pong(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    /// The next result of any subscription: the value of its one field.
    pub async fn told(&mut self) -> Value {
        self.told_or_gone().await.unwrap_or_else(|| panic!("the connection is gone"))
    }

    /// The same; nothing when the connection is gone, as it is after the server was killed.
    pub async fn told_or_gone(&mut self) -> Option<Value> {
        // Pings are no news: without any, the wait ends all the same.
        in_time("being told", async {
            loop {
                match self.0.next().await {
                    Some(Ok(Message::Text(text))) => {
                        let message: Value = serde_json::from_str(&text).unwrap();
                        assert_eq!(message["type"], "next", "{message}");
                        assert!(message["payload"].get("errors").is_none(), "{message}");
                        let data = message["payload"]["data"].as_object().unwrap();
                        return data.values().next().cloned();
                    }
                    Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                    Some(Ok(_) | Err(_)) | None => return None,
                }
            }
        })
        .await
    }

    /// Whether nothing has come so far.
    pub fn is_quiet(&mut self) -> bool {
        loop {
            match self.0.next().now_or_never() {
                None => return true,
                Some(Some(Ok(Message::Ping(_) | Message::Pong(_)))) => {}
                Some(_) => return false,
            }
        }
    }

    /// Waits for the next ping of the server; whether one came before anything else.
    pub async fn pinged(&mut self) -> bool {
        matches!(in_time("being pinged", self.0.next()).await, Some(Ok(Message::Ping(_))))
    }

    /// The next event.
    pub async fn event(&mut self) -> Value {
        let message = self.hear().await;
        assert_eq!((&message["type"], &message["id"]), (&json!("next"), &json!("feed")), "{message}");
        let event = &message["payload"]["data"]["events"];
        assert!(event.is_object(), "{message}");
        event.clone()
    }

    /// The next so many events.
    pub async fn events(&mut self, count: usize) -> Vec<Value> {
        let mut events = Vec::with_capacity(count);
        for _ in 0..count {
            events.push(self.event().await);
        }
        events
    }

    /// The code the server closes with, whatever it says before.
    pub async fn close_code(mut self) -> u16 {
        loop {
            match in_time("closing", self.0.next()).await {
                Some(Ok(Message::Close(Some(frame)))) => return frame.code.into(),
                Some(Ok(_)) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    /// Waits until the connection is gone, with no further event on it.
    pub async fn gone(mut self) {
        while let Some(Ok(message)) = in_time("breaking off", self.0.next()).await {
            assert!(!matches!(message, Message::Text(_)), "{message:?}");
        }
    }
}

/// The value of an enum that is called as this field is: `claimPairing` is `CLAIM_PAIRING`.
pub fn shouted(field: &str) -> String {
    let words = field.chars().flat_map(|it| it.is_ascii_uppercase().then_some('_').into_iter().chain([it]));
    words.map(|it| it.to_ascii_uppercase()).collect()
}
