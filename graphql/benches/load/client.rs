//! The client: one thread, so many connections, each asking again as soon as it is answered.

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

type Bodies<'a> = Box<dyn Fn(u64) -> Vec<u8> + 'a>;

/// Whom to ask what.
pub struct Load<'a> {
    address: SocketAddr,
    token: Option<&'a str>,
    bodies: Bodies<'a>,
}

impl<'a> Load<'a> {
    /// The same questions round and round.
    pub fn cycling(address: SocketAddr, token: Option<&'a str>, bodies: &'a [Vec<u8>]) -> Self {
        let bodies: Bodies<'a> =
            Box::new(|number| bodies[usize::try_from(number).unwrap() % bodies.len()].clone());
        Self { address, token, bodies }
    }

    /// Another question each time.
    pub fn making(address: SocketAddr, token: Option<&'a str>, body: &'a dyn Fn(u64) -> Vec<u8>) -> Self {
        Self { address, token, bodies: Box::new(body) }
    }

    /// The same, but no question is ever asked twice: each has another value of a variable that no document has. The
    /// document stays as it is.
    pub fn never_twice(self) -> Self {
        let Self { address, token, bodies } = self;
        static ASKED: AtomicU64 = AtomicU64::new(0);
        let marked = move |number| {
            let text = String::from_utf8(bodies(number)).unwrap();
            let mark = format!("\"variables\":{{\"unused\":{},", ASKED.fetch_add(1, Ordering::Relaxed));
            text.replacen("\"variables\":{", &mark, 1).into_bytes()
        };
        Self { address, token, bodies: Box::new(marked) }
    }

    fn request(&self, number: u64) -> Vec<u8> {
        let body = (self.bodies)(number);
        let authorization =
            self.token.map(|token| format!("Authorization: Bearer {token}\r\n")).unwrap_or_default();
        let head = format!(
            "POST /graphql HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nAccept: application/json\r\n\
             {authorization}Content-Length: {}\r\n\r\n",
            self.address,
            body.len()
        );
        [head.into_bytes(), body].concat()
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

/// Drives a server for some time.
pub fn drive(load: &Load<'_>, connections: usize, time: Duration) -> Taken {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (next, begun) = (AtomicU64::new(0), Instant::now());
    let clients = (0..connections).map(|_| ask(load, &next, begun + WARMING, begun + WARMING + time));
    let mut waits: Vec<f64> =
        runtime.block_on(futures_util::future::join_all(clients)).into_iter().flatten().collect();
    assert!(!waits.is_empty(), "nobody was answered");
    waits.sort_by(f64::total_cmp);
    Taken { waits, time }
}

/// One connection.
async fn ask(load: &Load<'_>, next: &AtomicU64, from: Instant, until: Instant) -> Vec<f64> {
    let mut stream = TcpStream::connect(load.address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let mut read = vec![0; 1 << 20];
    let mut waits = Vec::new();
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        let request = load.request(number);
        let begun = Instant::now();
        if begun >= until {
            return waits;
        }
        stream.write_all(&request).await.unwrap();
        let answer = answer(&mut stream, &mut read).await;
        let ended = Instant::now();
        // A look at each would measure the client; the first answers of each connection tell enough.
        if waits.len() < 3 {
            let text = String::from_utf8_lossy(answer);
            let fine = text.starts_with("HTTP/1.1 200") && !text.contains("\"errors\"");
            assert!(fine && !text.contains("userErrors\":[{"), "{text}");
        }
        if begun >= from && ended <= until {
            waits.push((ended - begun).as_secs_f64() * 1_000.0);
        }
    }
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
            let head = std::str::from_utf8(&read[..end]).unwrap().to_ascii_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
            whole = Some(end + 4 + length.unwrap().trim().parse::<usize>().unwrap());
        }
        if whole.is_some_and(|whole| filled >= whole) {
            return &read[..filled];
        }
    }
}
