//! G5 on a disk that runs full in the middle of a write: the command is not acknowledged, the ledger takes
//! no more, state and log are served on, and opened again with room it has every acknowledged commit. The
//! recorder plays the full disk, so no file system has to be mounted. And a start on a disk that is full already serves
//! the log to be read, from a copy where there is room for one, or says how much is missing and where.

use crate::{
    damage::copy,
    power::{
        Known, NotedLog, note, notes, place,
        recording::{Deed, recorded},
    },
    random::{Random, number},
    street::{NEW_YEAR, community, request},
};
use engine::{command::Command, identity::Position, member::Caller};
use std::{env, ffi::OsString, path::Path};
use storage::{ExecuteError, Health, Ledger, Log, sled::SledLog, verify};

const DIRECTORY: &str = "GONGJIAN_FULL_DIRECTORY";
const LATER: &str = "GONGJIAN_FULL_LATER";

/// The child: does nothing unless the parent below has started it.
#[test]
fn child() {
    let Some(directory) = env::var_os(DIRECTORY) else {
        return;
    };
    let notes = notes();
    // There may be too little room to begin, or only to look at what little there is.
    let log = match SledLog::open(Path::new(&directory)) {
        Ok(log) if log.fault().is_none() => log,
        _ => return note(&notes, "full"),
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

/// The child that opens what is there already.
#[test]
fn later_child() {
    let Some(directory) = env::var_os(LATER) else {
        return;
    };
    let notes = notes();
    let log = match SledLog::open(Path::new(&directory)) {
        Ok(log) => log,
        Err(error) => return note(&notes, &format!("refused {error}")),
    };
    let fault = log.fault();
    let ledger = Ledger::open(log, || NEW_YEAR).unwrap();
    let last = ledger.state().position();
    let mut read = Position::START;
    while read < last {
        read = ledger.read(read, 100).unwrap().last().unwrap().position;
    }
    let known = ledger.execute_blocking(Caller::System, request("0"), Command::Tick).unwrap();
    assert_eq!((known.position, known.repeated), (Position(1), true));
    if let Some(fault) = fault {
        assert_eq!(ledger.health(), Health::ReadOnly { why: fault.clone() });
        let refused = ledger.execute_blocking(Caller::System, request("new"), community("new"));
        assert_eq!(refused.unwrap_err(), ExecuteError::ReadOnly(fault.clone()));
        note(&notes, &format!("read {last} {fault}"));
    } else {
        note(&notes, &format!("opened {last}"));
    }
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(ledger.close());
}

#[test]
fn g5_a_start_on_a_full_disk_serves_what_is_there_or_says_what_is_missing() {
    let seed = number("GONGJIAN_FULL_SEED", 20_240_101);
    let rounds = number("GONGJIAN_FULL_ROUNDS", 12);
    println!("GONGJIAN_FULL_SEED={seed} GONGJIAN_FULL_ROUNDS={rounds}");
    let mut random = Random::new(seed);
    let root = place();
    let (whole, small) = (root.path().join("whole"), root.path().join("small"));
    let last = told(&whole);
    let (mut opened, mut read, mut refused, mut failures) = (0, 0, 0, Vec::new());
    for round in 0..rounds {
        let room = random.below(if round % 2 == 0 { 5_000 } else { 3_000_000 });
        copy(&whole, &small);
        let bytes = OsString::from(room.to_string());
        let mut settings = vec![(LATER, small.as_os_str()), ("GONGJIAN_RECORDER_ROOM", bytes.as_os_str())];
        // In every third round there is room nowhere.
        let crammed = round % 3 == 2;
        if crammed {
            settings.push(("TMPDIR", small.as_os_str()));
        }
        let (deeds, output) = recorded("full::later_child", &small, &settings);
        let said: Vec<&str> = deeds
            .iter()
            .filter_map(|deed| if let Deed::Noted(said) = deed { Some(&**said) } else { None })
            .collect();
        let end = said.first().copied().unwrap_or("nothing");
        match end.split_once(' ') {
            Some(("opened", position)) if position == last.to_string() => opened += 1,
            Some(("read", told)) if told.starts_with(&format!("{last} ")) && !crammed => read += 1,
            Some(("refused", told)) if crammed && told.contains("make room in") && told.contains("small") => {
                refused += 1;
            }
            _ => {
                failures.push(format!("room for {room}: {end}, {}", String::from_utf8_lossy(&output.stderr)))
            }
        }
        // With room it is as if nothing had been.
        let log = SledLog::open(&small).unwrap();
        let report = verify(&log, &mut |_| ()).unwrap();
        if (log.fault(), report.head.position) != (None, last) {
            failures.push(format!("room for {room}, opened with more: {:?}", report.head));
        }
        drop(log);
        std::fs::remove_dir_all(&small).unwrap();
    }
    println!("{opened} started, {read} were read from a copy, {refused} said what is missing");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(read > 0 && refused > 0, "some disks were too full");
}

/// A log with a few hundred commits, and where it ends.
fn told(directory: &Path) -> Position {
    let ledger = Ledger::open(SledLog::open(directory).unwrap(), || NEW_YEAR).unwrap();
    let name = "春风街道".to_owned();
    ledger.execute_blocking(Caller::System, request("0"), Command::OpenStreet { name }).unwrap();
    for number in 1..300 {
        let name = format!("{number}{}", "长".repeat(100));
        ledger.execute_blocking(Caller::System, request(&number.to_string()), community(&name)).unwrap();
    }
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(ledger.close());
    ledger.state().position()
}
