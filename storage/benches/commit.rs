//! Durable commits a second at 1, 16, 64 and 256 writers, beside what the same disk does when a plain file is
//! written and synced with `fdatasync` once per commit, and beside bare sled that is given the same bytes one
//! by one: with `flush` and `fdatasync`, and with `flush` alone, which a power cut may take back.
//!
//! `cargo bench -p storage --bench commit` prints the ratios first, measured in turns so that a busy neighbour hits all
//! alike; criterion's own figures follow. `GONGJIAN_BENCH_DIRECTORY` chooses the disk.
#![expect(clippy::unwrap_used, reason = "a bench may fail loudly")]

#[path = "common/street.rs"]
mod street;

use criterion::{Criterion, Throughput, criterion_group};
use engine::identity::Position;
use std::{
    fs::{File, OpenOptions},
    os::unix::fs::FileExt,
    thread,
    time::{Duration, Instant},
};
use street::{Street, directory};
use tempfile::TempDir;

const WRITERS: [u64; 4] = [1, 16, 64, 256];

/// How long each turn of the ratio takes, and how many turns there are.
const TURN: Duration = Duration::from_millis(400);
const TURNS: u32 = 5;

/// A plain file, written and synced record by record. Its bytes are laid out beforehand, so that a sync
/// pays for the data alone and not for a file that grows: the best that this disk can do.
struct Plain {
    file: File,
    bytes: Vec<u8>,
    at: u64,
    _directory: TempDir,
}

impl Plain {
    const LAID_OUT: u64 = 16 << 20;

    fn open(bytes: usize) -> Self {
        let directory = directory();
        let path = directory.path().join("plain");
        let file = OpenOptions::new().create(true).truncate(true).write(true).open(path).unwrap();
        file.write_all_at(&vec![b'-'; Self::LAID_OUT as usize], 0).unwrap();
        file.sync_all().unwrap();
        Self { file, bytes: vec![b'x'; bytes], at: 0, _directory: directory }
    }

    fn write(&mut self) {
        self.file.write_all_at(&self.bytes, self.at).unwrap();
        self.file.sync_data().unwrap();
        self.at = (self.at + self.bytes.len() as u64) % (Self::LAID_OUT - self.bytes.len() as u64);
    }
}

/// sled without us: one insert after the other, each flushed.
struct Bare {
    store: sled::Db,
    /// Synced after every flush, when it is to be durable.
    database: Option<File>,
    bytes: Vec<u8>,
    next: u64,
    _directory: TempDir,
}

impl Bare {
    fn open(bytes: usize, durable: bool) -> Self {
        let directory = directory();
        let store = sled::Config::new().path(directory.path()).cache_capacity(256 << 20).open().unwrap();
        let file = || OpenOptions::new().write(true).open(directory.path().join("db")).unwrap();
        let database = durable.then(file);
        Self { store, database, bytes: vec![b'x'; bytes], next: 0, _directory: directory }
    }

    fn write(&mut self) {
        self.next += 1;
        self.store.insert(self.next.to_be_bytes(), self.bytes.as_slice()).unwrap();
        self.store.flush().unwrap();
        if let Some(database) = &self.database {
            database.sync_data().unwrap();
        }
    }
}

/// Writes a second of one who writes alone.
fn rate(mut write: impl FnMut()) -> f64 {
    let begun = Instant::now();
    let mut count = 0_u32;
    while begun.elapsed() < TURN {
        write();
        count += 1;
    }
    f64::from(count) / begun.elapsed().as_secs_f64()
}

/// Lets so many writers post for a turn: how long each post of each writer took.
fn post_for_a_turn(street: &Street, writers: u64) -> Vec<Vec<Duration>> {
    let begun = Instant::now();
    let write = || {
        let mut taken = Vec::new();
        while begun.elapsed() < TURN {
            let started = Instant::now();
            street.post();
            taken.push(started.elapsed());
        }
        taken
    };
    thread::scope(|scope| {
        let threads: Vec<_> = (0..writers).map(|_| scope.spawn(write)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

/// What so many writers got through in all turns.
#[derive(Default)]
struct Course {
    seconds: f64,
    taken: Vec<Duration>,
    /// The least that one writer got through, of its fair share; the worst of all turns.
    share: Option<f64>,
}

impl Course {
    fn turn(&mut self, street: &Street, writers: u64) {
        let begun = Instant::now();
        let posts = post_for_a_turn(street, writers);
        self.seconds += begun.elapsed().as_secs_f64();
        let slowest = posts.iter().map(Vec::len).min().unwrap_or_default() as f64;
        let fair = posts.iter().map(Vec::len).sum::<usize>() as f64 / writers as f64;
        let share = slowest / fair;
        self.share = Some(self.share.map_or(share, |worst| worst.min(share)));
        self.taken.extend(posts.into_iter().flatten());
    }

    fn rate(&self) -> f64 {
        self.taken.len() as f64 / self.seconds
    }

    /// Nobody but one in so many waited longer, in milliseconds.
    fn wait(&mut self, one_in: usize) -> f64 {
        self.taken.sort_unstable();
        let index = self.taken.len() - 1 - self.taken.len() / one_in;
        self.taken.get(index).unwrap().as_secs_f64() * 1_000.0
    }
}

/// The size of a record as the street writes it.
fn record_bytes(street: &Street) -> usize {
    let last = street.post();
    let commit = street.ledger.read(Position(last.0 - 1), 1).unwrap().pop().unwrap();
    // The body without its hash.
    serde_json::to_string(&commit.events).unwrap().len() + 300
}

fn ratios() {
    let place = directory();
    let street = Street::open(place.path());
    let bytes = record_bytes(&street);
    let mut plain = Plain::open(bytes);
    let (mut synced, mut flushed) = (Bare::open(bytes, true), Bare::open(bytes, false));
    let mut alone = [0.0; 3];
    let mut courses = WRITERS.map(|writers| (writers, Course::default()));
    for _ in 0..TURNS {
        let rates = [rate(|| plain.write()), rate(|| synced.write()), rate(|| flushed.write())];
        for (sum, rate) in alone.iter_mut().zip(rates) {
            *sum += rate / f64::from(TURNS);
        }
        for (writers, course) in &mut courses {
            course.turn(&street, *writers);
        }
    }
    let [raw, bare, unsafe_bare] = alone;
    println!("plain file, {bytes} bytes and fdatasync: {raw:.0}/s");
    println!("bare sled, insert + flush + fdatasync: {bare:.0}/s, {:.2} of the plain file", bare / raw);
    println!(
        "bare sled, insert + flush, not durable: {unsafe_bare:.0}/s, {:.2} of the plain file",
        unsafe_bare / raw
    );
    for (writers, course) in &mut courses {
        let rate = course.rate();
        println!(
            "{writers:>3} writers: {rate:.0} durable commits/s, {:.2} of the plain file, {:.2} of bare sled, \
             p50 {:.2} ms, p99 {:.2} ms, slowest writer {:.2} of its share",
            rate / raw,
            rate / bare,
            course.wait(2),
            course.wait(100),
            course.share.unwrap_or_default(),
        );
    }
}

fn commits(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("durable");
    group.sample_size(10).warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(1));
    group.throughput(Throughput::Elements(1));
    let place = directory();
    let street = Street::open(place.path());
    let mut plain = Plain::open(record_bytes(&street));
    group.bench_function("plain file", |bencher| bencher.iter(|| plain.write()));
    for writers in WRITERS {
        group.bench_function(format!("{writers} writers"), |bencher| {
            bencher.iter_custom(|count| {
                let begun = Instant::now();
                street.post_many(writers, count);
                begun.elapsed()
            });
        });
    }
    group.finish();
}

criterion_group!(benches, commits);

fn main() {
    // Built and run as a test, there is nothing to measure.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    ratios();
    benches();
    Criterion::default().configure_from_args().final_summary();
}
