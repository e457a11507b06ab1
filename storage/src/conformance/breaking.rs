//! The promises that need a hand inside the backend: L8 wants damage, L9 a write that fails, L1 and L2 a kill. A backend
//! gives that hand, and the checks here do the rest. Cuts of power need a recorder of what is written, which is only there for
//! files: a backend that keeps its log in files is put to that test by one line, `kept_in` of `tests/suite/power.rs`.

use super::{Open, all, head_of, holds, sample, samples};
use crate::{
    commit::Head,
    failure::{AppendError, OpenError},
    hash::Hash,
    log::Log,
    record::Record,
    verify::verify,
};
use engine::identity::Position;
use std::{
    collections::BTreeMap,
    io::{self, BufRead, BufReader, Write},
    process::{Command, Stdio},
};

/// How many records the child of [`l1_l2_what_was_acknowledged_survives_a_kill`] appends at a time.
const BATCH: usize = 3;

/// A place where a log is kept, and a hand that breaks it.
pub trait Breakable {
    /// Opens the log that is kept there.
    ///
    /// # Errors
    /// What the backend says of a log that it cannot open.
    fn open(&self) -> Result<Box<dyn Log>, OpenError>;

    /// Does some damage to what is kept, as the seed chooses: the log is closed. What was done, in words.
    fn damage(&mut self, seed: u64) -> String;

    /// Makes everything as it was before the damage, and whatever opening the damaged log has done.
    fn restore(&mut self);
}

/// L8: whatever is damaged, the log is refused, at the opening or by [`verify()`], or serves what was appended and nothing else.
/// With the damage taken back it is all there. How many of so many rounds were refused.
pub fn l8_damage_is_refused_or_has_no_consequence(place: &mut dyn Breakable, rounds: u64) -> u64 {
    let kept = samples(Head::START, "kept", 90);
    let log = place.open().expect("an empty place");
    for batch in kept.chunks(BATCH) {
        log.append(log.head().expect("readable").position, batch).expect("a good batch");
    }
    drop(log);
    let mut refused = 0;
    for seed in 0..rounds {
        let done = place.damage(seed);
        let served = place.open().map_err(|error| error.to_string()).and_then(|log| {
            let report = verify(&*log, &mut |_| ()).map_err(|error| error.to_string())?;
            Ok((report.head, all(&*log)))
        });
        match served {
            Ok((head, records)) => {
                assert_eq!(head, head_of(&kept), "{done}, and another head is served");
                assert_eq!(records, kept, "{done}, and something else is served");
            }
            Err(error) => {
                assert!(!error.is_empty(), "{done}: it says what is wrong");
                refused += 1;
            }
        }
        place.restore();
        holds(&*place.open().expect("with the damage taken back it opens"), &kept);
    }
    refused
}

/// L9: `failing` opens the log so that its next append ends unknown. Then every append says `Poisoned` and what was there
/// before is read; opened again, the log has that append wholly or not at all, and goes on.
pub fn l9_after_an_unknown_outcome_nothing_is_written(open: Open<'_>, failing: Open<'_>) {
    let kept = samples(Head::START, "kept", 4);
    open().append(Position::START, &kept).expect("a good batch");
    let log = failing();
    let (lost, late) = (samples(head_of(&kept), "lost", 2), samples(head_of(&kept), "late", 1));
    let unknown = log.append(Position(4), &lost);
    assert!(matches!(unknown, Err(AppendError::OutcomeUnknown(_))), "{unknown:?}");
    assert!(log.fault().is_some(), "who asks is told before the next append is");
    for records in [&lost, &late] {
        let poisoned = log.append(Position(4), records);
        assert!(matches!(poisoned, Err(AppendError::Poisoned(_))), "{poisoned:?}");
        holds(&*log, &kept);
    }
    let unseen = lost.first().map(|record| record.commit().request_key()).expect("there are two");
    assert_eq!(log.find(&unseen), Ok(None));
    drop(log);
    let log = open();
    let head = log.head().expect("readable");
    let whole: Vec<Record> = kept.iter().chain(&lost).cloned().collect();
    assert!([head_of(&kept), head_of(&lost)].contains(&head), "wholly or not at all: {head:?}");
    holds(&*log, whole.get(..head.position.0 as usize).unwrap_or_default());
    let more = sample(head, "more");
    log.append(head.position, std::slice::from_ref(&more)).expect("it goes on");
}

/// The child's part of [`l1_l2_what_was_acknowledged_survives_a_kill`]: appends until it is killed, and tells on its
/// standard output what was acknowledged.
pub fn write_until_killed(open: Open<'_>) {
    let log = open();
    let mut head = log.head().expect("readable");
    for round in 0_u64.. {
        // Short records and long ones.
        let name = format!("{}-{}-{}", std::process::id(), round, "x".repeat(round as usize * 37 % 150));
        let batch = samples(head, &name, BATCH);
        log.append(head.position, &batch).expect("a good batch");
        head = head_of(&batch);
        // One write of a line shorter than a pipe's page is whole or not at all.
        let line = format!("acknowledged {} {}\n", head.position, head.hash);
        if io::stdout().lock().write_all(line.as_bytes()).is_err() {
            return;
        }
    }
}

/// L1 and L2 under `kill -9`: `child` makes the command of a process that calls [`write_until_killed`] on the same place. It is
/// killed so many times, at other acknowledgements each time; all it has told of is there then, and nothing half. How many
/// commits it had acknowledged.
pub fn l1_l2_what_was_acknowledged_survives_a_kill(
    open: Open<'_>,
    child: &dyn Fn() -> Command,
    kills: u64,
) -> u64 {
    let mut acknowledged: BTreeMap<Position, Hash> = BTreeMap::new();
    for kill in 0..kills {
        let mut child = child().stdout(Stdio::piped()).spawn().expect("a child");
        let told = child.stdout.take().expect("it tells");
        let mut left = 1 + kill * 7919 % 60;
        for line in BufReader::new(told).lines() {
            let line = line.expect("readable");
            let Some((_, line)) = line.split_once("acknowledged ") else { continue };
            let (position, hash) = line.split_once(' ').expect("a position and a hash");
            let position = Position(position.parse().expect("a number"));
            acknowledged.insert(position, Hash::parse(hash).expect("a hash"));
            left -= 1;
            if left == 0 {
                child.kill().expect("it lives");
                break;
            }
        }
        child.wait().expect("it ends");
        let log = open();
        let report = verify(&*log, &mut |_| ()).expect("what a kill leaves is whole");
        let last = acknowledged.last_key_value().map_or(Position::START, |(position, _)| *position);
        assert!(report.head.position >= last, "kill {kill}: {} of {last}", report.head.position);
        assert_eq!(report.commits % BATCH as u64, 0, "kill {kill}: no batch is half there");
        for (position, hash) in &acknowledged {
            let found = log.read(Position(position.0 - 1), 1).expect("readable");
            assert_eq!(
                found.first().map(|record| record.commit().hash),
                Some(*hash),
                "kill {kill}: {position}"
            );
        }
    }
    acknowledged.last_key_value().map_or(0, |(position, _)| position.0)
}
