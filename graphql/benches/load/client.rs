//! The client: one thread, so many connections, each asking again as soon as it is answered. Requests lie ready as bytes,
//! so that next to nothing of the machine goes to it.

use std::{
    net::SocketAddr,
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// How long it is driven before anything is counted.
const WARMING: Duration = Duration::from_secs(1);

/// Where a body has this, each request has a number of its own.
pub const MARK: &str = "@@@@@@@@@@@@";

/// Numbers go on over all loads of a run, so that nothing is ever said twice.
static NUMBER: AtomicU64 = AtomicU64::new(0);

/// Whom to ask what, round and round.
pub struct Load {
    address: SocketAddr,
    requests: Vec<Request>,
}

struct Request {
    bytes: Vec<u8>,
    mark: Option<usize>,
}

impl Load {
    /// These bodies, one after the other.
    pub fn new(address: SocketAddr, token: Option<&str>, bodies: &[String]) -> Self {
        let authorization =
            token.map(|token| format!("Authorization: Bearer {token}\r\n")).unwrap_or_default();
        let request = |body: &String| {
            let text = format!(
                "POST /graphql HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\n\
                 Accept: application/json\r\n{authorization}Content-Length: {}\r\n\r\n{body}",
                body.len()
            );
            Request { mark: text.find(MARK), bytes: text.into_bytes() }
        };
        Self { address, requests: bodies.iter().map(request).collect() }
    }

    /// Writes the request of a turn.
    fn write(&self, turn: u64, into: &mut Vec<u8>) {
        let request = &self.requests[usize::try_from(turn).unwrap() % self.requests.len()];
        into.clear();
        into.extend_from_slice(&request.bytes);
        if let Some(mark) = request.mark {
            let mut number = NUMBER.fetch_add(1, Ordering::Relaxed);
            for digit in into[mark..mark + MARK.len()].iter_mut().rev() {
                *digit = b'0' + u8::try_from(number % 10).unwrap();
                number /= 10;
            }
        }
    }
}

/// What was measured.
pub struct Taken {
    /// Milliseconds of each answer, the shortest first.
    waits: Vec<f64>,
    time: Duration,
}

impl Taken {
    /// Answers a second.
    pub fn per_second(&self) -> f64 {
        self.waits.len() as f64 / self.time.as_secs_f64()
    }

    /// How long so much of them took at most, in milliseconds.
    pub fn quantile(&self, share: f64) -> f64 {
        let index = (self.waits.len() as f64 * share) as usize;
        self.waits[index.min(self.waits.len() - 1)]
    }
}

/// Drives a server for some time, with one more connection beside that asks something else, if so.
pub fn drive(load: &Load, connections: usize, beside: Option<&Load>, time: Duration) -> Taken {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let begun = Instant::now();
    let (from, until) = (begun + WARMING, begun + WARMING + time);
    let (turns, others) = (AtomicU64::new(0), AtomicU64::new(0));
    let clients = (0..connections).map(|_| ask(load, &turns, from, until));
    let beside = async {
        match beside {
            Some(load) => ask(load, &others, from, until).await.len(),
            None => 0,
        }
    };
    let both = async { tokio::join!(futures_util::future::join_all(clients), beside) };
    let mut waits: Vec<f64> = runtime.block_on(both).0.into_iter().flatten().collect();
    assert!(!waits.is_empty(), "nobody was answered");
    waits.sort_by(f64::total_cmp);
    Taken { waits, time }
}

/// What one body is answered.
pub fn once(address: SocketAddr, token: Option<&str>, body: String) -> serde_json::Value {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let load = Load::new(address, token, &[body]);
    runtime.block_on(async {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(&load.requests[0].bytes).await.unwrap();
        let mut read = vec![0; 1 << 20];
        let answer = answer(&mut stream, &mut read).await;
        check(answer);
        let body = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
        serde_json::from_slice(&answer[body..]).unwrap()
    })
}

/// One connection.
async fn ask(load: &Load, turns: &AtomicU64, from: Instant, until: Instant) -> Vec<f64> {
    let mut stream = TcpStream::connect(load.address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let (mut read, mut request, mut waits) = (vec![0; 1 << 18], Vec::new(), Vec::new());
    let mut checked = 0;
    loop {
        load.write(turns.fetch_add(1, Ordering::Relaxed), &mut request);
        let begun = Instant::now();
        if begun >= until {
            return waits;
        }
        stream.write_all(&request).await.unwrap();
        let answer = answer(&mut stream, &mut read).await;
        let ended = Instant::now();
        // A look at each would measure the client; the first answers of each connection tell enough.
        if checked < 3 {
            checked += 1;
            check(answer);
        }
        if begun >= from && ended <= until {
            waits.push((ended - begun).as_secs_f64() * 1_000.0);
        }
    }
}

/// It is what was asked for.
fn check(answer: &[u8]) {
    let text = String::from_utf8_lossy(answer);
    let fine = text.starts_with("HTTP/1.1 200") && !text.contains("\"errors\"");
    assert!(fine && !text.contains("userErrors\":[{"), "{text}");
}

/// Reads one answer with its head.
async fn answer<'a>(stream: &mut TcpStream, read: &'a mut [u8]) -> &'a [u8] {
    let (mut filled, mut whole) = (0, None);
    loop {
        let count = stream.read(&mut read[filled..]).await.unwrap();
        assert!(count > 0, "it hung up: {}", String::from_utf8_lossy(&read[..filled]));
        filled += count;
        if whole.is_none()
            && let Some(end) = read[..filled].windows(4).position(|four| four == b"\r\n\r\n")
        {
            let head = std::str::from_utf8(&read[..end]).unwrap();
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("content-length").then_some(value)
            });
            whole = Some(end + 4 + length.unwrap().trim().parse::<usize>().unwrap());
        }
        if whole.is_some_and(|whole| filled >= whole) {
            return &read[..filled];
        }
    }
}
