//! G5 on a disk that runs full in the middle of a write: the command is not acknowledged, the ledger takes
//! no more, state and log are served on, and opened again with room it has every acknowledged commit. The
//! recorder plays the full disk, so no file system has to be mounted.

use crate::{
    power::{Known, NotedLog, note, notes, place, recording::recorded},
    random::{Random, number},
    street::{NEW_YEAR, community, request},
};
use engine::{command::Command, identity::Position, member::Caller};
use std::{env, ffi::OsString, path::Path};
use storage::{ExecuteError, Health, Ledger, sled::SledLog};

const DIRECTORY: &str = "GONGJIAN_FULL_DIRECTORY";

/// The child: does nothing unless the parent below has started it.
#[test]
fn child() {
    let Some(directory) = env::var_os(DIRECTORY) else {
        return;
    };
    let notes = notes();
    // There may be too little room to begin.
    let Ok(log) = SledLog::open(Path::new(&directory)) else {
        return note(&notes, "full");
    };
    let ledger = Ledger::open(NotedLog::new(log), || NEW_YEAR).unwrap();
    let mut last = Position::START;
    let failed = loop {
        let name = format!("{}", last.0);
        let command = match last.0 {
            0 => Command::OpenStreet { name: "春风街道".to_owned() },
            _ => community(&format!("{name}{}", "长".repeat(100))),
        };
        match ledger.execute_blocking(Caller::System, request(&name), command) {
            Ok(receipt) => {
                assert!(!receipt.repeated);
                last = receipt.position;
                note(&notes, &format!("acknowledged {last} {name}"));
            }
            Err(failed) => break failed,
        }
    };
    assert!(
        matches!(failed, ExecuteError::OutcomeUnknown(_) | ExecuteError::ReadOnly(_)),
        "after {last}: {failed:?}"
    );
    assert!(matches!(ledger.health(), Health::ReadOnly { .. }), "{:?}", ledger.health());
    for id in ["again", "and-again"] {
        let refused = ledger.execute_blocking(Caller::System, request(id), community(id));
        assert!(matches!(refused, Err(ExecuteError::ReadOnly(_))), "{refused:?}");
    }

    // State and log are served on, all of it.
    assert_eq!(ledger.state().position(), last);
    let mut read = Position::START;
    while read < last {
        let page = ledger.read(read, 100).unwrap();
        assert!(page.iter().map(|commit| commit.position.0).eq(read.0 + 1..=read.0 + page.len() as u64));
        read = page.last().unwrap().position;
    }
    if last > Position::START {
        let known = ledger.execute_blocking(Caller::System, request("0"), Command::Tick).unwrap();
        assert_eq!((known.position, known.repeated), (Position(1), true));
    }
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(ledger.close());
    note(&notes, "stopped");
}

#[test]
fn g5_a_full_disk_stops_the_writing_and_nothing_else() {
    let seed = number("GONGJIAN_FULL_SEED", 20_240_101);
    let rounds = number("GONGJIAN_FULL_ROUNDS", 12);
    println!("GONGJIAN_FULL_SEED={seed} GONGJIAN_FULL_ROUNDS={rounds}");
    let mut random = Random::new(seed);
    let (mut written, mut failures) = (0, Vec::new());
    for round in 0..rounds {
        // From too little to begin with, to some hundreds of commits.
        let room = random.below(if round % 4 == 0 { 20_000 } else { 2_000_000 });
        let root = place();
        let directory = root.path().join("log");
        std::fs::create_dir(&directory).unwrap();
        let bytes = OsString::from(room.to_string());
        let settings = [(DIRECTORY, directory.as_os_str()), ("GONGJIAN_RECORDER_ROOM", bytes.as_os_str())];
        let (deeds, output) = recorded("full::child", &directory, &settings);
        let mut known = Known::default();
        deeds.iter().for_each(|deed| known.hear(deed));
        written += known.acknowledged();
        if !output.status.success() {
            failures.push(format!("room for {room}: {}", String::from_utf8_lossy(&output.stderr)));
        }
        if let Err(error) = known.check(&directory) {
            failures.push(format!("room for {room}, opened with more: {error}"));
        }
    }
    println!("{rounds} full disks, {written} acknowledged commits, {} bad", failures.len());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(written > 0, "some had room to begin");
}
