//! L8 for every file of a log's directory: a flipped bit or a cut anywhere is found at the opening or by
//! `verify`, or it changes nothing of what is served. And a start that is refused has made nothing worse: with the
//! bit flipped back, or the cut piece put back, everything is there.
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
    at_a_commit || ["sled/", "anchor", "a mark of the store"].iter().any(|place| said.contains(place))
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
    let mut found: BTreeMap<(String, &str), (u64, u64)> = BTreeMap::new();
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
            let (stopped, served_on) = found.entry((file.display().to_string(), kind)).or_default();
            let opened = served(&rotten);
            if looked.as_ref().ok() != opened.as_ref().ok() {
                failures.push(format!("{what}: looked at, it is {looked:?}, opened, it is {opened:?}"));
            }
            match opened {
                Ok(report) if report == truth => *served_on += 1,
                // A snapshot may rot: it is said, and nothing is taken from it.
                Ok(VerifyReport { snapshots, state, head, .. })
                    if (&state, head) == (&truth.state, truth.head)
                        && snapshots.iter().all(|snapshot| snapshot.ignored.is_some()) =>
                {
                    *stopped += 1;
                }
                Ok(report) => failures.push(format!("{what}: served up to {:?}", report.head)),
                Err(first) => {
                    *stopped += 1;
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
    for ((file, kind), (stopped, served_on)) in &found {
        println!("{file} {kind}: {stopped} stopped, {served_on} without consequence");
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(found.values().any(|(stopped, _)| *stopped > 0), "some bits matter");
}
