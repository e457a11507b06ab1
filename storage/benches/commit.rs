//! Durable commits a second at 1, 16 and 64 writers, beside what the same disk does when a plain file
//! is written and synced with `fdatasync` once per commit.
//!
//! `cargo bench -p storage` prints the ratios first, measured in turns so that a busy neighbour hits both
//! alike; criterion's own figures follow. `GONGJIAN_BENCH_DIRECTORY` chooses the disk.
#![expect(clippy::unwrap_used, reason = "a bench may fail loudly")]

use criterion::{Criterion, Throughput, criterion_group};
use engine::{
    command::Command,
    entry::EntryDraft,
    identity::{OrganizationId, Position},
    member::Caller,
    moment::Moment,
    need::NeedDraft,
};
use std::{
    fs::{File, OpenOptions},
    os::unix::fs::FileExt,
    sync::atomic::{AtomicU64, Ordering},
    thread,
    time::{Duration, Instant},
};
use storage::{Ledger, RequestId, sled::SledLog};
use tempfile::TempDir;

const WRITERS: [u64; 3] = [1, 16, 64];

/// How long each turn of the ratio takes, and how many turns there are.
const TURN: Duration = Duration::from_millis(400);
const TURNS: u32 = 5;

fn directory() -> TempDir {
    match std::env::var_os("GONGJIAN_BENCH_DIRECTORY") {
        Some(place) => TempDir::new_in(place).unwrap(),
        None => TempDir::new().unwrap(),
    }
}

/// A street's ledger on disk that many threads write to.
struct Street {
    ledger: Ledger,
    next: AtomicU64,
    _directory: TempDir,
}

impl Street {
    fn open() -> Self {
        let directory = directory();
        let log = SledLog::open(directory.path()).unwrap();
        let ledger = Ledger::open(log, || Moment::from_millis(1_704_067_200_000)).unwrap();
        let open = Command::OpenStreet { name: "春风街道".to_owned() };
        ledger.execute_blocking(Caller::System, RequestId::new("open").unwrap(), open).unwrap();
        Self { ledger, next: AtomicU64::new(0), _directory: directory }
    }

    /// Posts one need; durable when it returns.
    fn post(&self) {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let mut draft = NeedDraft::new(EntryDraft::new("老年食堂每日午餐四十份", OrganizationId::new(1)));
        draft.entry.detail = Some("社区老年食堂需要每日供应午餐,并为行动不便的老人送餐上门。".to_owned());
        let request = RequestId::new(number.to_string()).unwrap();
        self.ledger.execute_blocking(Caller::System, request, Command::PostNeed(draft)).unwrap();
    }

    /// Posts until the time is over; commits a second.
    fn rate(&self, writers: u64) -> f64 {
        let begun = Instant::now();
        let count = AtomicU64::new(0);
        thread::scope(|scope| {
            for _ in 0..writers {
                scope.spawn(|| {
                    while begun.elapsed() < TURN {
                        self.post();
                        count.fetch_add(1, Ordering::Relaxed);
                    }
                });
            }
        });
        count.into_inner() as f64 / begun.elapsed().as_secs_f64()
    }

    /// Posts `count` needs with so many writers.
    fn post_many(&self, writers: u64, count: u64) {
        let left = AtomicU64::new(count);
        let take = || left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
        thread::scope(|scope| {
            for _ in 0..writers {
                scope.spawn(|| {
                    while take().is_ok() {
                        self.post();
                    }
                });
            }
        });
    }
}

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

    fn rate(&mut self) -> f64 {
        let begun = Instant::now();
        let mut count = 0_u32;
        while begun.elapsed() < TURN {
            self.write();
            count += 1;
        }
        f64::from(count) / begun.elapsed().as_secs_f64()
    }
}

/// The size of a record as the street writes it.
fn record_bytes(street: &Street) -> usize {
    street.post();
    let last = Position(street.ledger.state().position().0 - 1);
    let commit = street.ledger.read(last, 1).unwrap().pop().unwrap();
    // The body without its hash.
    serde_json::to_string(&commit.events).unwrap().len() + 300
}

fn ratios() {
    let street = Street::open();
    let bytes = record_bytes(&street);
    let mut plain = Plain::open(bytes);
    let mut raw = 0.0;
    let mut rates = WRITERS.map(|writers| (writers, 0.0));
    for _ in 0..TURNS {
        raw += plain.rate() / f64::from(TURNS);
        for (writers, rate) in &mut rates {
            *rate += street.rate(*writers) / f64::from(TURNS);
        }
    }
    println!("plain file, {bytes} bytes and fdatasync: {raw:.0}/s");
    for (writers, rate) in rates {
        println!("{writers:>2} writers: {rate:.0} durable commits/s, {:.2} of the plain file", rate / raw);
    }
}

fn commits(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("durable");
    group.sample_size(10).warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(1));
    group.throughput(Throughput::Elements(1));
    let street = Street::open();
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
    ratios();
    benches();
    Criterion::default().configure_from_args().final_summary();
}
