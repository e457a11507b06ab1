//! Clients that mean harm: the real program stays up, its memory stays small, and others are served meanwhile.
//!
//! While each of them does what it can, a member asks on and on; the longest it waited is printed, and the memory of
//! the server after it all.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails loudly")]

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde_json::{Value, json};
use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};
use tempfile::{TempDir, tempdir};
use tests::{client::Client, drivers::tell, program::Server};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    sync::watch,
    time::timeout,
};

/// How long somebody who means no harm may wait at most. Far more than it takes, on a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(5);

/// How much the memory of the server may grow, in KiB.
const GROWTH_MAX: u64 = 150 << 10;

struct Siege {
    server: Server,
    friend: Client,
    before: u64,
    _data: TempDir,
}

impl Siege {
    async fn begin() -> Self {
        let data = tempdir().unwrap();
        // The friend asks as fast as it is answered; the rates have tests of their own.
        let server = Server::start(data.path(), &["--demo", "--member-rate", "0"]);
        let friend = Client::member(&server.address, &server.token("COORDINATOR"));
        friend.data(FRIENDLY, json!({})).await;
        let before = server.memory();
        Self { server, friend, before, _data: data }
    }

    /// Lets somebody do harm while a friend asks on and on.
    async fn under<T>(&self, harm: impl Future<Output = T>) -> T {
        let (stop, stopped) = watch::channel(false);
        let asking = async {
            let (mut asked, mut longest) = (0_u32, Duration::ZERO);
            while !*stopped.borrow() || asked == 0 {
                let began = Instant::now();
                // Each time another document, so that no answer is one that was kept.
                self.friend.data(&format!("{FRIENDLY} # {asked}"), json!({})).await;
                longest = longest.max(began.elapsed());
                asked += 1;
            }
            (asked, longest)
        };
        let harming = async {
            let done = harm.await;
            stop.send(true).unwrap();
            done
        };
        let ((asked, longest), done) = tokio::join!(asking, harming);
        assert!(longest < PATIENCE, "a friend waited {longest:?}");
        tell(&format!("  meanwhile {asked} answers for a friend, the slowest after {longest:?}"));
        done
    }

    fn end(self) {
        let after = self.server.memory();
        let grown = after.saturating_sub(self.before);
        tell(&format!("  memory of the server {} MiB before, {} MiB after", self.before >> 10, after >> 10));
        assert!(grown < GROWTH_MAX, "memory grew by {grown} KiB");
        assert!(!self.server.log().contains("panicked"), "{}", self.server.log());
        self.server.stop();
    }

    async fn connect(&self, from: [u8; 4]) -> TcpStream {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(SocketAddr::from((from, 0))).unwrap();
        let to = self.server.address.parse().unwrap();
        timeout(PATIENCE, socket.connect(to)).await.unwrap().unwrap()
    }
}

const FRIENDLY: &str = "{ needs(first: 20) { nodes { id title organization { name } } } }";

fn bomb(levels: usize) -> String {
    let mut text = String::from("query { ...F0 }");
    for level in 0..levels {
        let spreads = format!("...F{} ", level + 1).repeat(10);
        text += &format!(" fragment F{level} on Query {{ {spreads} }}");
    }
    text + &format!(" fragment F{levels} on Query {{ position }}")
}

fn nested(field: &str, depth: usize) -> String {
    format!(
        "{{ street {{ place {{ {} name {} }} }} }}",
        format!("{field} {{ ").repeat(depth),
        "} ".repeat(depth * field.split('{').count())
    )
}

/// Documents that cost little to send and much to run.
fn documents() -> Vec<(&'static str, String)> {
    let aliases = |count: usize, field: &str| {
        let list: String = (0..count).map(|number| format!("a{number}: {field} ")).collect();
        format!("{{ {list} }}")
    };
    let ring = |count: usize| {
        let list: String =
            (0..count).map(|it| format!("fragment R{it} on Query {{ ...R{} }} ", (it + 1) % count)).collect();
        format!("{{ ...R0 }} {list}")
    };
    vec![
        ("a fragment bomb of 1.5 kB", bomb(12)),
        ("a fragment bomb of 200 levels", bomb(200)),
        ("10,000 deep", nested("parent", 10_000)),
        ("a tree of trees", nested("children { nodes", 6)),
        ("lists in lists 10,000 deep", format!("{{ node(id: {}{}) {{ id }} }}", "[".repeat(10_000), "]".repeat(10_000))),
        ("a type 10,000 deep", format!("query($a: {}Int{}) {{ position }}", "[".repeat(10_000), "]".repeat(10_000))),
        ("30,000 aliases", aliases(30_000, "position")),
        ("1,000 matchings", aliases(1_000, "previewPlan { objective }")),
        ("50,000 fields", format!("{{ {} }}", "position ".repeat(50_000))),
        ("10,000 fragments", {
            let list: String = (0..10_000).map(|it| format!("fragment F{it} on Query {{ position }} ")).collect();
            format!("{{ position }} {list}")
        }),
        ("a ring of 2,000 fragments", ring(2_000)),
        ("a fragment in itself", "{ ...A } fragment A on Query { ...A }".to_owned()),
        ("pages of pages", "{ needs(first: 100) { nodes { organization { resources(first: 100) { nodes { organization { needs(first: 100) { nodes { id } } } } } } } } }".to_owned()),
        ("a page of a billion", "{ needs(first: 1000000000) { nodes { id } } }".to_owned()),
        ("50,000 ids", format!("{{ nodes(ids: [{}]) {{ id }} }}", "\"x\" ".repeat(50_000))),
        ("5,000 directives", format!("{{ position {} }}", "@include(if: true) ".repeat(5_000))),
        ("10,000 operations", (0..10_000).map(|it| format!("query Q{it} {{ position }} ")).collect()),
        ("a long text", format!("{{ needs(first: 1, filter: {{ text: \"{}\" }}) {{ totalCount }} }}", "楼".repeat(200_000))),
        ("a document of braces", "{".repeat(500_000)),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn what_hurts_is_refused_soon_and_briefly() {
    let siege = Siege::begin().await;
    documents_that_hurt_are_answered_soon_and_briefly(&siege).await;
    bodies_without_end_are_not_read_to_their_end(&siege).await;
    what_is_no_http_or_no_json_is_refused_without_a_word_too_many(&siege).await;
    siege.end();
}

#[tokio::test(flavor = "multi_thread")]
async fn crowds_hold_nobody_up() {
    // This process holds the other ends.
    let limit = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum }).unwrap();
    let siege = Siege::begin().await;
    one_address_has_its_share_of_connections_and_no_more(&siege).await;
    a_thousand_sockets_are_the_most_and_hold_nobody_up(&siege).await;
    a_crowd_that_says_nothing_holds_nobody_up(&siege).await;
    siege.end();
}

async fn documents_that_hurt_are_answered_soon_and_briefly(siege: &Siege) {
    let enemy = Client::member(&siege.server.address, &siege.server.token("OBSERVER"));
    let documents = documents();
    let count = documents.len();
    let mut slowest = (Duration::ZERO, "");
    siege
        .under(async {
            for (name, document) in documents {
                let began = Instant::now();
                let (status, answer) = enemy.try_ask(&document, json!({})).await.unwrap();
                let took = began.elapsed();
                slowest = slowest.max((took, name));
                assert!(took < PATIENCE, "{name}: {took:?}");
                assert!(status == 200 || status == 400, "{name}: {status}");
                let code = answer["errors"][0]["extensions"]["code"].as_str().unwrap_or("none");
                assert_ne!(code, "INTERNAL", "{name}: {answer}");
                let length = answer.to_string().len();
                assert!(length < 50_000, "{name}: an answer of {length} bytes");
                assert!(code != "none" || name == "a long text", "{name} ran: {answer}");
            }
        })
        .await;
    tell(&format!("{count} documents that hurt, the slowest {} after {:?}", slowest.1, slowest.0));
}

async fn a_crowd_that_says_nothing_holds_nobody_up(siege: &Siege) {
    let crowd = siege
        .under(async {
            let mut crowd = Vec::with_capacity(15 * 200);
            for address in 2..17 {
                for number in 0..200 {
                    let mut stream = siege.connect([127, 0, 0, address]).await;
                    // Some say nothing, some begin a head and some a body, and none goes on.
                    let begun: &[u8] = match number % 3 {
                        0 => b"",
                        1 => b"POST /graphql HTTP/1.1\r\nhost: x\r\nx-slow: ",
                        _ => b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 900000\r\n\r\n{",
                    };
                    stream.write_all(begun).await.unwrap();
                    crowd.push(stream);
                }
            }
            crowd
        })
        .await;
    tell(&format!("{} connections that say nothing more are open, from 15 addresses", crowd.len()));
    // The server lets them go by itself; friends are served until then, too.
    let gone = siege
        .under(async {
            let mut gone = 0;
            for mut stream in crowd {
                let mut rest = Vec::new();
                // A reset is an end as well.
                let end = timeout(Duration::from_secs(40), stream.read_to_end(&mut rest)).await;
                gone += usize::from(end.is_ok());
            }
            gone
        })
        .await;
    assert_eq!(gone, 15 * 200, "all were let go");
}

async fn one_address_has_its_share_of_connections_and_no_more(siege: &Siege) {
    let refused = siege
        .under(async {
            let mut open = Vec::new();
            for _ in 0..300 {
                open.push(siege.connect([127, 0, 0, 9]).await);
            }
            let mut refused = 0;
            for stream in open.iter_mut().rev().take(300 - 256) {
                let mut rest = Vec::new();
                refused += usize::from(timeout(PATIENCE, stream.read_to_end(&mut rest)).await.is_ok());
            }
            refused
        })
        .await;
    tell(&format!("300 connections of one address, {refused} refused"));
    assert_eq!(refused, 300 - 256);
}

async fn bodies_without_end_are_not_read_to_their_end(siege: &Siege) {
    let statuses = siege
        .under(async {
            let mut statuses = Vec::new();
            for head in [
                "content-length: 68719476736\r\n\r\n".to_owned(),
                "transfer-encoding: chunked\r\n\r\n".to_owned(),
            ] {
                let mut stream = siege.connect([127, 0, 0, 3]).await;
                let head =
                    format!("POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n{head}");
                stream.write_all(head.as_bytes()).await.unwrap();
                let (mut reading, mut writing) = stream.into_split();
                let flood = tokio::spawn(async move {
                    let chunk = [b"10000\r\n".as_slice(), &[b' '; 0x10000], b"\r\n"].concat();
                    let mut sent = 0_usize;
                    // Until the server will have no more of it, at most 256 MiB.
                    while sent < 256 << 20 && writing.write_all(&chunk).await.is_ok() {
                        sent += chunk.len();
                    }
                    sent
                });
                let mut answer = [0; 12];
                timeout(Duration::from_secs(30), reading.read_exact(&mut answer)).await.unwrap().unwrap();
                drop(reading);
                let sent = flood.await.unwrap();
                assert!(sent < 64 << 20, "{sent} bytes were taken");
                statuses.push(String::from_utf8_lossy(&answer[9..]).into_owned());
            }
            statuses
        })
        .await;
    assert_eq!(statuses, ["413", "413"]);
}

async fn a_thousand_sockets_are_the_most_and_hold_nobody_up(siege: &Siege) {
    let token = siege.server.token("OBSERVER");
    let init =
        json!({ "type": "connection_init", "payload": { "authorization": format!("Bearer {token}") } });
    let (open, refused) = siege
        .under(async {
            let (mut open, mut refused) = (Vec::new(), 0);
            for number in 0..1_100_u32 {
                let mut stream = siege.connect([127, 0, 0, u8::try_from(20 + number % 8).unwrap()]).await;
                let ask = "GET /graphql HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
                    sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
                    sec-websocket-protocol: graphql-transport-ws\r\n\r\n";
                stream.write_all(ask.as_bytes()).await.unwrap();
                let mut answer = [0; 12];
                timeout(PATIENCE, stream.read_exact(&mut answer)).await.unwrap().unwrap();
                match &answer[9..] {
                    b"101" => {
                        // Begun, so that it is kept, and as a member, for strangers have far fewer.
                        stream.write_all(&masked(init.to_string().as_bytes())).await.unwrap();
                        timeout(PATIENCE, let_in(&mut stream)).await.unwrap();
                        open.push(stream);
                    }
                    b"503" | b"429" => refused += 1,
                    other => panic!("{}", String::from_utf8_lossy(other)),
                }
            }
            (open, refused)
        })
        .await;
    tell(&format!("{} sockets open, {refused} refused", open.len()));
    assert!((900..=1_024).contains(&open.len()) && refused > 0, "{} open, {refused} refused", open.len());
    siege.under(async { drop(open) }).await;
}

/// A frame of text as a client sends it, with a mask of zeros and a length of two bytes.
fn masked(text: &[u8]) -> Vec<u8> {
    let [high, low] = u16::try_from(text.len()).unwrap().to_be_bytes();
    assert!(text.len() >= 126);
    [&[0x81, 0x80 | 126, high, low, 0, 0, 0, 0], text].concat()
}

/// Reads until the server says that it has let somebody in.
async fn let_in(stream: &mut TcpStream) {
    let mut heard = Vec::new();
    while !heard.ends_with(b"\"connection_ack\"}") {
        heard.push(stream.read_u8().await.unwrap());
    }
}

async fn what_is_no_http_or_no_json_is_refused_without_a_word_too_many(siege: &Siege) {
    siege
        .under(async {
            for garbage in [
                b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".as_slice(),
                b"GET / HTTP/9.9\r\n\r\n",
                b"\0\0\0\0\0\0\0\0\r\n\r\n",
                &[b'A'; 1 << 20],
            ] {
                let mut stream = siege.connect([127, 0, 0, 4]).await;
                // It may hang up before everything was said.
                let _ = stream.write_all(garbage).await;
                let mut answer = Vec::new();
                let _ = timeout(Duration::from_secs(30), stream.read_to_end(&mut answer)).await.unwrap();
                assert!(answer.len() < 1_000);
            }
            let deep = format!(
                "{{\"query\":\"{{ position }}\",\"variables\":{}{}}}",
                "{\"a\":".repeat(50_000),
                "1".to_owned() + &"}".repeat(50_000)
            );
            let answer = reqwest::Client::builder()
                .no_proxy()
                .build()
                .unwrap()
                .post(format!("http://{}/graphql", siege.server.address))
                .header("content-type", "application/json")
                .body(deep)
                .send()
                .await
                .unwrap();
            assert_eq!(answer.status(), 400);
            let answer: Value = answer.json().await.unwrap();
            assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_REQUEST");
        })
        .await;
}
