//! Spans to a collector of OpenTelemetry: only when one is named, of requests and of what they decide, never contents, and
//! the last of them before the server is gone.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails loudly")]

use serde_json::json;
use std::sync::{Arc, Mutex};
use tempfile::tempdir;
use tests::{client::Client, program::Server};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// A collector: keeps what is posted, heads and bodies, and says thank you.
struct Collector {
    url: String,
    heard: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Collector {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let heard = Arc::new(Mutex::new(Vec::new()));
        let posts = Arc::clone(&heard);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(hear(stream, Arc::clone(&posts)));
            }
        });
        Self { url, heard }
    }

    fn heard(&self) -> Vec<Vec<u8>> {
        self.heard.lock().unwrap().clone()
    }
}

/// One connection with its requests.
async fn hear(mut stream: TcpStream, posts: Arc<Mutex<Vec<Vec<u8>>>>) {
    let mut read = Vec::new();
    let mut piece = vec![0; 64 << 10];
    while let Ok(1..) =
        stream.read(&mut piece).await.inspect(|count| read.extend_from_slice(&piece[..*count]))
    {
        let Some(end) = read.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(&read[..end]).to_lowercase();
        let length =
            head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
        let whole = end + 4 + length.unwrap_or(0);
        if read.len() >= whole {
            posts.lock().unwrap().push(read.drain(..whole).collect());
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await.unwrap();
        }
    }
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_that_is_named_gets_the_spans_and_no_contents() {
    let collector = Collector::start().await;
    let data = tempdir().unwrap();
    let server = Server::start(data.path(), &["--demo", "--otlp-endpoint", &collector.url]);
    let member = Client::member(&server.address, &server.token("COORDINATOR"));
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let board =
        "query Board($text: String) { needs(first: 25, filter: { text: $text }) { nodes { id title } } }";
    let traced = member.request(board).header("traceparent", format!("00-{trace}-00f067aa0ba902b7-01"));
    let answer = traced.header("x-request-id", "asked-by-the-test").send().await.unwrap();
    assert_eq!(answer.status(), 200);
    member.data(board, json!({ "text": "机密的内容" })).await;
    let office = member.data("{ street { office { id } } }", json!({})).await;
    let office = &office["street"]["office"]["id"];
    let post = json!({ "title": "机密的需求", "organization": office });
    let posted = member.done("postNeed", "need { id }", post).await;
    member
        .mutate("withdrawNeed", "need { id }", json!({ "need": posted["need"]["id"], "reason": "x" }))
        .await;
    member
        .mutate("withdrawNeed", "need { id }", json!({ "need": posted["need"]["id"], "reason": "x" }))
        .await;
    let token = server.token("COORDINATOR");
    // Ends at once: the spans that wait go before it does.
    server.stop();

    let posts = collector.heard();
    assert!(posts.iter().all(|post| post.starts_with(b"POST /v1/traces HTTP/1.1\r\n")), "{}", posts.len());
    assert!(posts.iter().any(|post| holds(post, b"application/x-protobuf")));
    let all = posts.concat();
    let id: Vec<u8> = (0..16).map(|at| u8::from_str_radix(&trace[2 * at..2 * at + 2], 16).unwrap()).collect();
    for (what, part) in [
        ("the service", &b"gongjian"[..]),
        ("a request by its operation", b"query Board"),
        ("its id", b"asked-by-the-test"),
        ("the trace its client began", &id),
        ("how it was executed", b"operation"),
        ("what was decided and made last", b"decide and append"),
        ("the command", b"PostNeed"),
        ("a refusal by its code", b"ALREADY_WITHDRAWN"),
    ] {
        assert!(holds(&all, part), "{what} is in no span");
    }
    for secret in ["机密的内容", "机密的需求", "needs(first", &token] {
        assert!(!holds(&all, secret.as_bytes()), "{secret} is in a span");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_that_is_away_holds_nobody_up_and_without_one_lines_are_all_there_is() {
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", nobody.local_addr().unwrap());
    drop(nobody);
    for flags in [&["--demo", "--otlp-endpoint", &url][..], &["--demo"]] {
        let data = tempdir().unwrap();
        let server = Server::start(data.path(), flags);
        let member = Client::member(&server.address, &server.token("OBSERVER"));
        for _ in 0..3 {
            member.data("query Look { position }", json!({})).await;
        }
        let log = server.log();
        assert_eq!(
            log.lines().filter(|line| line.contains("answered") && line.contains("Look")).count(),
            3,
            "{log}"
        );
        assert!(!log.contains("otel."), "spans are not for lines: {log}");
        server.stop();
    }
}
