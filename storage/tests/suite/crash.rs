//! L1, L2, G1, G2, K5 under `kill -9`: a child writes with many threads and tells what was acknowledged; it is
//! killed at seeded moments; all that it told must be there, and the log must be whole.
//!
//! `GONGJIAN_CRASH_KILLS` sets how often (8 unless said), `GONGJIAN_CRASH_SEED` from which seed.

use crate::street::{NEW_YEAR, community, open_street, request};
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
    path::Path,
    process::{self, Command as Program, Stdio},
    thread,
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

/// Starts a child, kills it after `count` acknowledgements, and gives back all that it told.
fn killed_after(directory: &Path, count: usize) -> Vec<(Position, String)> {
    let mut child = Program::new(env::current_exe().unwrap())
        .args(["--exact", "crash::child", "--nocapture", "--test-threads=1"])
        .env(DIRECTORY, directory)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut told = Vec::new();
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        let Some((_, acknowledged)) = line.split_once("acknowledged ") else {
            continue;
        };
        let (position, name) = acknowledged.split_once(' ').unwrap();
        told.push((Position(position.parse().unwrap()), name.to_owned()));
        if told.len() == count {
            child.kill().unwrap();
        }
    }
    child.wait().unwrap();
    assert!(told.len() >= count, "the child ended by itself");
    told
}

#[test]
fn l2_whatever_was_acknowledged_survives_a_kill() {
    let number =
        |name: &str, unless_said: u64| env::var(name).map_or(unless_said, |text| text.parse().unwrap());
    let seed = number("GONGJIAN_CRASH_SEED", 20_240_101);
    let kills = number("GONGJIAN_CRASH_KILLS", 8);
    println!("GONGJIAN_CRASH_SEED={seed} GONGJIAN_CRASH_KILLS={kills}");

    let directory = tempfile::tempdir().unwrap();
    let mut acknowledged = BTreeMap::new();
    let (mut random, mut snapshots) = (seed, 0);
    for kill in 0..kills {
        // Knuth's MMIX generator, enough to choose moments.
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        for (position, name) in killed_after(directory.path(), 1 + (random >> 33) as usize % 400) {
            assert_eq!(acknowledged.insert(position, name), None, "{position} was given twice");
        }

        let log = SledLog::open(directory.path()).unwrap();
        let report = verify(&log, &mut |_| ()).unwrap_or_else(|error| panic!("kill {kill}: {error}"));
        for (position, name) in &acknowledged {
            let key = RequestKey::of(&Caller::System, &request(name));
            assert_eq!(log.find(&key), Ok(Some(*position)), "kill {kill}: {name}");
        }
        assert!(report.commits as usize > acknowledged.len(), "the street itself is one more");
        assert!(report.snapshots.iter().all(|snapshot| snapshot.ignored.is_none()), "{:?}", report.snapshots);
        snapshots += report.snapshots.len();
    }
    println!("{} acknowledged commits, none lost; {snapshots} snapshots, none half", acknowledged.len());
    assert!(snapshots > 0, "some were taken");
}
