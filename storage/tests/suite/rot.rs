//! L8 for every file of a log's directory: a flipped bit or a cut anywhere is found at the opening or by
//! `verify`, by the name of its file or the position of its commit; or it lies where nothing that was acknowledged can
//! stand, behind the last mark of the head in sled's file, and changes nothing of what is served. And a start that is
//! refused has made nothing worse: with the bit flipped back, or the cut piece put back, everything is there.
//!
//! `GONGJIAN_ROT_ROUNDS` sets how many flips and how many cuts each file gets (30 unless said),
//! `GONGJIAN_ROT_SEED` from which seed.

use crate::{
    damage::copy,
    power::place,
    random::{Random, number},
};
use engine::{evolve::evolve_commit, identity::Position, state::State};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};
use storage::{
    Head, Log, OpenError, VerifyReport,
    conformance::samples,
    sled::{Inspection, SledLog},
    snapshot, verify,
};

/// Several sessions, so that sled has a snapshot and a log that goes on after it.
fn written(directory: &Path) -> VerifyReport {
    let mut head = Head::START;
    for session in 0..3 {
        let log = SledLog::open(directory).unwrap();
        for append in 0..20 {
            let records = samples(head, &format!("{session}-{append}"), 3);
            log.append(head.position, &records).unwrap();
            head = log.head().unwrap();
        }
    }
    let log = SledLog::open(directory).unwrap();
    let half = log.read(Position(89), 1).unwrap()[0].commit().head();
    let mut state = State::empty();
    for record in log.read(Position::START, half.position.0 as usize).unwrap() {
        evolve_commit(&mut state, record.commit().recorded(), &record.commit().events);
    }
    assert_eq!(state.position(), half.position);
    snapshot::save(&*log.shelf().unwrap(), &state, half).unwrap();
    drop(log);
    served(directory).unwrap()
}

/// All that the log serves, checked as the product does.
fn served(directory: &Path) -> Result<VerifyReport, OpenError> {
    let log = SledLog::open(directory)?;
    Ok(verify(&log, &mut |_| ())?)
}

/// Every file below a directory, by its path from there.
fn files(directory: &Path, inside: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for item in fs::read_dir(directory.join(inside)).unwrap().map(Result::unwrap) {
        let path = inside.join(item.file_name());
        match item.file_type().unwrap().is_dir() {
            true => found.extend(files(directory, &path)),
            false => found.push(path),
        }
    }
    found.sort();
    found
}

/// All that is served of a copy, and whether the directory is byte for byte as it was before.
fn inspected(directory: &Path) -> (Result<VerifyReport, OpenError>, bool) {
    let bytes = || {
        let files = files(directory, Path::new("")).into_iter();
        files.map(|file| (file.clone(), fs::read(directory.join(file)).unwrap())).collect::<Vec<_>>()
    };
    let before = bytes();
    let found = Inspection::open(directory);
    let found = found.and_then(|log| Ok(verify(&log, &mut |_| ())?));
    (found, bytes() == before)
}

/// Where the last mark of the head ends in sled's file: what comes behind it in that segment nobody was promised.
fn promised_to(database: &[u8], head: Head) -> usize {
    let mark = head.hash.to_string();
    let last = database.windows(mark.len()).rposition(|part| part == mark.as_bytes()).unwrap();
    last + mark.len()
}

/// What a look at a store says of damage; nothing when it takes it for sound.
fn named(looked: &Result<VerifyReport, OpenError>) -> Option<String> {
    match looked {
        Err(error) => Some(error.to_string()),
        Ok(report) => {
            let snapshots = report.snapshots.iter().filter(|snapshot| snapshot.ignored.is_some());
            let snapshots = snapshots.map(|it| format!("snapshots/ at position {}", it.position));
            report.rot.iter().map(ToString::to_string).chain(snapshots).next()
        }
    }
}

/// A look and an opening say the same, but that only the look says what has rotted where nobody reads.
fn same(looked: &Result<VerifyReport, OpenError>, opened: &Result<VerifyReport, OpenError>) -> bool {
    let without_rot = |report: &VerifyReport| VerifyReport { rot: Vec::new(), ..report.clone() };
    looked.as_ref().ok().map(without_rot) == opened.as_ref().ok().map(without_rot)
}

/// Takes the damage back and nothing else.
fn mended(mut left: Vec<u8>, whole: &[u8], at: usize, kind: &str) -> Vec<u8> {
    match kind {
        "flipped" => {
            if let Some(byte) = left.get_mut(at) {
                *byte = whole[at];
            }
        }
        _ => {
            // What a start lays out anew is empty.
            assert!(
                left.iter().skip(at).all(|byte| *byte == 0),
                "something was written where the file was cut"
            );
            left.truncate(at);
            left.extend_from_slice(&whole[at..]);
        }
    }
    left
}

/// Whether somebody who is told this knows where to look: at a file, or at a position of the log.
fn names_a_place(said: &str) -> bool {
    let at_a_commit = said.contains("position ") && !said.contains("position 0");
    at_a_commit
        || ["sled/", "anchor", "a mark of the store", "snapshots/"].iter().any(|place| said.contains(place))
}

/// What became of the damage of one kind to one file.
#[derive(Default)]
struct Tally {
    stopped: u64,
    served_on: u64,
    named: u64,
    unnamed: u64,
}

#[test]
fn l8_no_flipped_bit_and_no_cut_of_any_file_is_served_as_truth() {
    let seed = number("GONGJIAN_ROT_SEED", 20_240_101);
    let rounds = number("GONGJIAN_ROT_ROUNDS", 30);
    println!("GONGJIAN_ROT_SEED={seed} GONGJIAN_ROT_ROUNDS={rounds}");
    let root = place();
    let (whole, rotten) = (root.path().join("whole"), root.path().join("rotten"));
    let truth = written(&whole);
    let mut random = Random::new(seed);
    let mut found: BTreeMap<(String, &str), Tally> = BTreeMap::new();
    let promised_to = promised_to(&fs::read(whole.join("sled/db")).unwrap(), truth.head);
    let mut failures = Vec::new();
    for file in files(&whole, Path::new("")) {
        let bytes = fs::read(whole.join(&file)).unwrap();
        // sled's file is a sparse segment; what is written of it lies at its beginning.
        let Some(last) = bytes.iter().rposition(|byte| *byte != 0) else {
            continue;
        };
        for round in 0..2 * rounds {
            let (at, kind) = (random.below(last + 1), if round % 2 == 0 { "flipped" } else { "cut" });
            let mut changed = bytes.clone();
            match kind {
                "flipped" => changed[at] ^= 1 << random.below(8),
                _ => changed.truncate(at),
            }
            copy(&whole, &rotten);
            fs::write(rotten.join(&file), changed).unwrap();
            let what = format!("{} {kind} at {at} of {}", file.display(), bytes.len());
            let (looked, unchanged) = inspected(&rotten);
            if !unchanged {
                failures.push(format!("{what}: looking at it changed it"));
            }
            let tally = found.entry((file.display().to_string(), kind)).or_default();
            match named(&looked) {
                Some(said) if names_a_place(&said) => tally.named += 1,
                Some(said) => failures.push(format!("{what}: {said}: that names no place")),
                None if file == Path::new("sled/db") && at >= promised_to => tally.unnamed += 1,
                None => failures.push(format!("{what}: nobody says so")),
            }
            let opened = served(&rotten);
            if !same(&looked, &opened) {
                failures.push(format!("{what}: looked at, it is {looked:?}, opened, it is {opened:?}"));
            }
            match opened {
                Ok(report) if report == truth => {
                    tally.served_on += 1;
                    let left = inspected(&rotten).0.unwrap().rot;
                    if left.iter().any(|rot| rot.file == "anchor") {
                        failures.push(format!("{what}: the start has not mended it: {left:?}"));
                    }
                }
                // A snapshot may rot: it is said, and nothing is taken from it.
                Ok(VerifyReport { snapshots, state, head, .. })
                    if (&state, head) == (&truth.state, truth.head)
                        && snapshots.iter().all(|snapshot| snapshot.ignored.is_some()) =>
                {
                    tally.stopped += 1;
                }
                Ok(report) => failures.push(format!("{what}: served up to {:?}", report.head)),
                Err(first) => {
                    tally.stopped += 1;
                    if !names_a_place(&first.to_string()) {
                        failures.push(format!("{what}: {first}: that names no place"));
                    }
                    // Trying again must not heal it by forgetting.
                    if let Ok(report) = served(&rotten)
                        && report != truth
                    {
                        failures.push(format!("{what}: {first}; then served up to {:?}", report.head));
                    }
                    let left = fs::read(rotten.join(&file)).unwrap_or_default();
                    fs::write(rotten.join(&file), mended(left, &bytes, at, kind)).unwrap();
                    match served(&rotten) {
                        Ok(report) if report == truth => {}
                        other => {
                            let error = other.err();
                            failures.push(format!("{what}: {first}; mended, it is not as it was: {error:?}"));
                        }
                    }
                }
            }
            fs::remove_dir_all(&rotten).unwrap();
        }
    }
    for ((file, kind), Tally { stopped, served_on, named, unnamed }) in &found {
        println!(
            "{file} {kind}: {stopped} stopped or were ignored, {served_on} had no consequence; {named} were named, \
             {unnamed} lay behind all that was promised"
        );
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(found.values().any(|tally| tally.stopped > 0), "some bits matter");
}
