//! How long a start takes, and what the lists weigh: the replay of a log of 100,000 posted needs, and the
//! resident memory of the state they leave.
//!
//! `cargo bench -p storage --bench start`; `GONGJIAN_START_COMMITS` sets how many (1000000 takes a minute or two),
//! `GONGJIAN_BENCH_DIRECTORY` chooses the disk. Each figure is taken in a fresh process.
#![expect(clippy::unwrap_used, reason = "a bench may fail loudly")]

#[path = "common/street.rs"]
mod street;

use engine::identity::Position;
use std::{
    env, fs,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};
use storage::{Ledger, Log, sled::SledLog};
use street::{Street, clock, directory};

const DIRECTORY: &str = "GONGJIAN_START_DIRECTORY";
const PART: &str = "GONGJIAN_START_PART";

/// Resident bytes of this process, on a machine with pages of 4 KiB.
fn resident() -> u64 {
    let pages = fs::read_to_string("/proc/self/statm").unwrap();
    pages.split(' ').nth(1).unwrap().parse::<u64>().unwrap() * 4096
}

const fn mebibytes(bytes: u64) -> u64 {
    bytes >> 20
}

/// Opens and replays.
fn start(directory: &Path) {
    let begun = Instant::now();
    let log = SledLog::open(directory).unwrap();
    let opened = begun.elapsed();
    let ledger = Ledger::open(log, clock).unwrap();
    let replayed = begun.elapsed().saturating_sub(opened);
    let commits = ledger.state().position().0;
    println!(
        "{commits} commits: store opened in {:.2} s, replayed in {:.2} s, {:.0} commits/s",
        opened.as_secs_f64(),
        replayed.as_secs_f64(),
        commits as f64 / replayed.as_secs_f64()
    );
}

/// Reads everything once, so that the store has taken what it takes; what the replay adds is the state.
fn weigh(directory: &Path) {
    let log = SledLog::open(directory).unwrap();
    let mut last = Position::START;
    while let Some(record) = log.read(last, 1_000).unwrap().pop() {
        last = record.commit().position;
    }
    let store = resident();
    let ledger = Ledger::open(log, clock).unwrap();
    let state = resident().saturating_sub(store);
    let entries = ledger.state().position().0 - 1;
    println!(
        "{entries} entries: the store has {} MiB resident, the state {} MiB, {} MiB per 100,000 entries",
        mebibytes(store),
        mebibytes(state),
        mebibytes(state * 100_000 / entries)
    );
}

fn main() {
    if let Some(directory) = env::var_os(DIRECTORY) {
        let directory = Path::new(&directory);
        match env::var(PART).unwrap().as_str() {
            "start" => start(directory),
            _ => weigh(directory),
        }
        return;
    }
    // Built and run as a test, there is nothing to measure.
    if !env::args().any(|argument| argument == "--bench") {
        return;
    }
    let commits = env::var("GONGJIAN_START_COMMITS").map_or(100_000, |text| text.parse().unwrap());
    let place = directory();
    let begun = Instant::now();
    let street = Street::open(place.path());
    street.post_many(128, commits);
    println!("{commits} needs posted by 128 writers in {:.1} s", begun.elapsed().as_secs_f64());
    drop(street);
    // The writer gives up the files a moment after the last handle.
    let patience = Instant::now();
    while SledLog::open(place.path()).is_err() && patience.elapsed() < Duration::from_secs(10) {}
    for part in ["start", "weigh"] {
        let status = Command::new(env::current_exe().unwrap())
            .env(DIRECTORY, place.path())
            .env(PART, part)
            .status()
            .unwrap();
        assert!(status.success(), "{part}");
    }
}
