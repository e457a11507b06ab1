//! L1, L2, G1, G2, K5 under `kill -9`: a child writes with many threads and tells what was acknowledged; it is
//! killed at seeded moments, of which a quarter lie in its opening of the log; all that it told must be there, the log must
//! be whole, and a start must lead to what a fold of all of it does.
//!
//! `GONGJIAN_CRASH_KILLS` sets how often (8 unless said), `GONGJIAN_CRASH_SEED` from which seed.

use crate::{
    power::no_rot,
    random::{Random, number},
    street::{NEW_YEAR, community, open_street, request},
};
use engine::{
    command::Command,
    entry::EntryDraft,
    identity::{OrganizationId, Position},
    member::Caller,
    need::NeedDraft,
};
use std::{
    collections::BTreeMap,
    env,
    io::{self, BufRead, BufReader, Write},
    os::unix::process::ExitStatusExt,
    path::Path,
    process::{self, Command as Program, Stdio},
    thread,
    time::{Duration, Instant},
};
use storage::{Ledger, Log, request::RequestKey, sled::SledLog, snapshot::Pace, verify};

const DIRECTORY: &str = "GONGJIAN_CRASH_DIRECTORY";
const THREADS: u32 = 8;

/// The child: does nothing unless the parent below has started it. It writes until it is killed.
#[test]
fn child() {
    let Some(directory) = env::var_os(DIRECTORY) else {
        return;
    };
    // So often that many kills meet a snapshot that is being written.
    let pace = Pace::every(40);
    println!("opening");
    let log = SledLog::open(Path::new(&directory)).unwrap();
    let ledger = Ledger::open_at_pace(log, || NEW_YEAR, pace).unwrap();
    open_street(&ledger);
    thread::scope(|scope| {
        for writer in 0..THREADS {
            let ledger = &ledger;
            scope.spawn(move || write(ledger, writer));
        }
    });
}

fn write(ledger: &Ledger, writer: u32) {
    let id = process::id();
    for count in 0_usize.. {
        let name = format!("{id}-{writer}-{count}");
        // Short records and such as take several pieces.
        let command = match count % 3 {
            0 => community(&name),
            _ => {
                let mut draft = NeedDraft::new(EntryDraft::new(name.clone(), OrganizationId::new(1)));
                draft.entry.detail = Some("长".repeat(1 + count * 397 % 2_000));
                Command::PostNeed(draft)
            }
        };
        let receipt = ledger.execute_blocking(Caller::System, request(&name), command).unwrap();
        // One write of a line shorter than a pipe's page is whole or not at all.
        let line = format!("acknowledged {} {name}\n", receipt.position);
        if io::stdout().lock().write_all(line.as_bytes()).is_err() {
            // The parent is gone.
            process::exit(1);
        }
    }
}

/// When a child is killed.
#[derive(Clone, Copy, Debug)]
enum Kill {
    /// So long after it has begun to open the log.
    Opening(Duration),
    /// After so many acknowledgements.
    Writing(usize),
}

/// Starts a child, kills it, and gives back all that it told.
fn killed(directory: &Path, kill: Kill) -> Vec<(Position, String)> {
    let mut child = Program::new(env::current_exe().unwrap())
        .args(["--exact", "crash::child", "--nocapture", "--test-threads=1"])
        .env(DIRECTORY, directory)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut told = Vec::new();
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        if let (Kill::Opening(patience), true) = (kill, line.ends_with("opening")) {
            let opening = Instant::now();
            while opening.elapsed() < patience {
                thread::yield_now();
            }
            child.kill().unwrap();
        }
        let Some((_, acknowledged)) = line.split_once("acknowledged ") else {
            continue;
        };
        let (position, name) = acknowledged.split_once(' ').unwrap();
        told.push((Position(position.parse().unwrap()), name.to_owned()));
        if matches!(kill, Kill::Writing(count) if told.len() == count) {
            child.kill().unwrap();
        }
    }
    let ended = child.wait().unwrap();
    assert_eq!(ended.signal(), Some(9), "the child ended by itself");
    told
}

#[test]
fn l2_whatever_was_acknowledged_survives_a_kill() {
    let seed = number("GONGJIAN_CRASH_SEED", 20_240_101);
    let kills = number("GONGJIAN_CRASH_KILLS", 8);
    println!("GONGJIAN_CRASH_SEED={seed} GONGJIAN_CRASH_KILLS={kills}");

    let directory = tempfile::tempdir().unwrap();
    let mut acknowledged = BTreeMap::new();
    let (mut random, mut snapshots, begun) = (Random::new(seed), 0, Instant::now());
    for count in 0..kills {
        // The first child makes the log, and is left the time to.
        let kill = match random.below(4) {
            0 if count > 0 => Kill::Opening(Duration::from_micros(random.below(40_000) as u64)),
            _ => Kill::Writing(1 + random.below(400)),
        };
        for (position, name) in killed(directory.path(), kill) {
            assert_eq!(acknowledged.insert(position, name), None, "{position} was given twice");
        }

        no_rot(directory.path()).unwrap_or_else(|error| panic!("{kill:?}, {count}: {error}"));
        let log = SledLog::open(directory.path()).unwrap();
        let report = verify(&log, &mut |_| ()).unwrap_or_else(|error| panic!("{kill:?}, {count}: {error}"));
        for (position, name) in &acknowledged {
            let key = RequestKey::of(&Caller::System, &request(name));
            assert_eq!(log.find(&key), Ok(Some(*position)), "{kill:?}, {count}: {name}");
        }
        assert!(report.commits as usize > acknowledged.len(), "the street itself is one more");
        assert!(report.snapshots.iter().all(|snapshot| snapshot.ignored.is_none()), "{:?}", report.snapshots);
        snapshots += report.snapshots.len();
        // As the product starts: from the last snapshot, to what a fold of all commits leads to.
        let ledger = Ledger::open_at_pace(log, || NEW_YEAR, Pace::every(u64::MAX)).unwrap();
        assert_eq!(*ledger.state(), report.state, "{kill:?}, {count}");
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(ledger.close());
    }
    println!(
        "{} acknowledged commits, none lost; {snapshots} snapshots, none half; {:.0} s",
        acknowledged.len(),
        begun.elapsed().as_secs_f64()
    );
    assert!(snapshots > 0, "some were taken");
}
