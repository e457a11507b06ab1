//! How long a start takes, and what the lists weigh: a log of 100,000 posted needs, whose writer was killed at its last
//! acknowledgement, is opened from the last snapshot, once more after that start has ended in order, once more after a
//! kill that came when the archivist had caught up, as it has where people write; then without any snapshot, which folds all
//! of it; a look into the past; and the resident memory of the state.
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
    process::{self, Command},
    thread,
    time::{Duration, Instant},
};
use storage::{Ledger, Log, sled::SledLog, snapshot::Pace};
use street::{Street, clock, directory};

const DIRECTORY: &str = "GONGJIAN_START_DIRECTORY";
const PART: &str = "GONGJIAN_START_PART";

/// Resident bytes of this process, on a machine with pages of 4 KiB.
fn resident() -> u64 {
    let pages = fs::read_to_string("/proc/self/statm").unwrap();
    pages.split(' ').nth(1).unwrap().parse::<u64>().unwrap() * 4096
}

/// Seconds that this process has worked, on all cores: what a busy neighbour takes is not in it.
fn worked() -> f64 {
    let status = fs::read_to_string("/proc/self/stat").unwrap();
    let after_name = status.rsplit(") ").next().unwrap();
    let ticks = after_name.split(' ').skip(11).take(2).map(|ticks| ticks.parse::<f64>().unwrap());
    ticks.sum::<f64>() / 100.0
}

const fn mebibytes(bytes: u64) -> u64 {
    bytes >> 20
}

/// Opens, from a snapshot or from the beginning.
fn start(directory: &Path, what: &str) {
    let (begun, before) = (Instant::now(), worked());
    let log = SledLog::open(directory).unwrap();
    let opened = begun.elapsed();
    let opening = worked() - before;
    let snapshots = log.shelf().unwrap().list().unwrap();
    let ledger = Ledger::open_at_pace(log, clock, Pace::every(u64::MAX)).unwrap();
    let folded = begun.elapsed().saturating_sub(opened);
    let folding = worked() - before - opening;
    let commits = ledger.state().position().0;
    let from = snapshots.last().map_or(0, |last| last.0);
    println!(
        "{what}: {commits} commits, the last of {} snapshots at {from}: store opened in {:.2} s ({opening:.2} s of work), \
         state in {:.2} s ({folding:.2} s of work){}",
        snapshots.len(),
        opened.as_secs_f64(),
        folded.as_secs_f64(),
        match from {
            0 => format!(", {:.0} commits a second of work", commits as f64 / folding),
            _ => String::new(),
        }
    );
    if from > 0 {
        for share in [99, 60, 10] {
            let begun = Instant::now();
            ledger.state_at(Position(commits * share / 100)).unwrap();
            let first = begun.elapsed();
            ledger.state_at(Position(commits * share / 100 + 1)).unwrap();
            let (first, next) = (first.as_secs_f64(), begun.elapsed().as_secs_f64() - first.as_secs_f64());
            println!("  the state at {share} %: {first:.2} s, then the one after it: {next:.4} s");
        }
    }
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(ledger.close());
}

/// How large the snapshots are; nothing when there are none.
fn snapshots(directory: &Path) -> u64 {
    let files = fs::read_dir(directory.join("snapshots")).into_iter().flatten();
    let sizes = files.map(|file| file.unwrap().metadata().unwrap().len());
    sizes.sum()
}

/// Reads everything once, so that the store has taken what it takes; what the replay adds is the state.
fn weigh(directory: &Path) {
    let log = SledLog::open(directory).unwrap();
    let mut last = Position::START;
    while let Some(record) = log.read(last, 1_000).unwrap().pop() {
        last = record.commit().position;
    }
    let store = resident();
    let ledger = Ledger::open_at_pace(log, clock, Pace::every(u64::MAX)).unwrap();
    let state = resident().saturating_sub(store);
    let entries = ledger.state().position().0 - 1;
    let from = if snapshots(directory) > 0 { "a snapshot" } else { "the first commit" };
    println!(
        "{entries} entries from {from}: the store has {} MiB resident, the state {} MiB, {} MiB per 100,000 entries",
        mebibytes(store),
        mebibytes(state),
        mebibytes(state * 100_000 / entries)
    );
}

/// Makes the log, and ends as if it was killed.
fn write(directory: &Path) {
    let commits = env::var("GONGJIAN_START_COMMITS").map_or(100_000, |text| text.parse().unwrap());
    let begun = Instant::now();
    let street = Street::open(directory);
    street.post_many(128, commits);
    println!("{commits} needs posted by 128 writers in {:.1} s", begun.elapsed().as_secs_f64());
    println!("snapshots: {} MiB", mebibytes(snapshots(directory)));
    process::abort();
}

/// Writes some more, and ends as if it was killed after the archivist had come to rest.
fn rest(directory: &Path) {
    let street = Street::open(directory);
    street.post_many(128, 7_000);
    let shelf = directory.join("snapshots");
    let newest = || {
        let names = fs::read_dir(&shelf).into_iter().flatten().map(|file| file.unwrap().file_name());
        let numbers = names.filter_map(|name| name.to_str()?.strip_suffix(".snapshot")?.parse::<u64>().ok());
        numbers.max().unwrap_or(0)
    };
    let begun = Instant::now();
    let head = street.ledger.state().position().0;
    while Pace::STANDARD.due(Position(newest()), Position(head)) {
        thread::sleep(Duration::from_millis(20));
    }
    println!(
        "the archivist rests {:.1} s after the writing, at {} of {head}",
        begun.elapsed().as_secs_f64(),
        newest()
    );
    process::abort();
}

fn main() {
    if let Some(directory) = env::var_os(DIRECTORY) {
        let directory = Path::new(&directory);
        match env::var(PART).unwrap().as_str() {
            "write" => write(directory),
            "rest" => rest(directory),
            "weigh" => weigh(directory),
            part => start(directory, part),
        }
        return;
    }
    // Built and run as a test, there is nothing to measure.
    if !env::args().any(|argument| argument == "--bench") {
        return;
    }
    let place = directory();
    let parts = [
        "write",
        "after a kill",
        "after an orderly end",
        "rest",
        "after a kill at rest",
        "weigh",
        "without",
        "weigh",
    ];
    for part in parts {
        if part == "without" {
            fs::remove_dir_all(place.path().join("snapshots")).unwrap();
        }
        let status = Command::new(env::current_exe().unwrap())
            .env(DIRECTORY, place.path())
            .env(PART, part)
            .status()
            .unwrap();
        assert!(status.success() != ["write", "rest"].contains(&part), "{part}: {status}");
    }
}
