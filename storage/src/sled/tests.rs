//! What needs to reach behind the handle: a sync that fails.

use super::*;
use crate::{
    conformance::{sample, samples},
    failure::{Damage, Flaw},
};
use std::{collections::BTreeMap, slice};

/// So many small records, one append each.
fn appended(log: &SledLog, count: usize, words: &str) -> Vec<Record> {
    appended_by(log, count, words, 1)
}

/// The same, so many in one append.
fn appended_by(log: &SledLog, count: usize, words: &str, together: usize) -> Vec<Record> {
    let records = samples(log.head().unwrap(), words, count);
    for group in records.chunks(together) {
        log.append(Position(group[0].commit().position.0 - 1), group).unwrap();
    }
    records
}

fn index(log: &dyn Log) -> BTreeMap<RequestKey, Position> {
    let mut entries = BTreeMap::new();
    let mut note = |entry: RequestEntry| {
        let again = entries.insert(entry.key.unwrap(), entry.position);
        assert_eq!(again, None, "each is there once");
    };
    log.requests(&mut note).unwrap();
    entries
}

#[test]
fn l5_l11_a_request_that_lags_behind_the_index_is_found_and_entered_in_the_end() {
    let directory = tempfile::tempdir().unwrap();
    let mut wanted = BTreeMap::new();
    let indexed = |log: &SledLog| marks::head(&log.tree).unwrap().position;
    let mut longest = 0;
    let most = end::LAG_MAX;
    let sessions = [(0, 1), (1, 1), (5, 1), (5, 5), (most, 1), (1, 1), (most + 1, 1), (3 * most, 1)];
    let groups = [(most, most), (most + 1, most + 1), (3 * most, 7), (3 * most, 50)];
    for (session, (count, together)) in sessions.into_iter().chain(groups).enumerate() {
        let log = SledLog::open(directory.path()).unwrap();
        assert_eq!((indexed(&log), index(&log)), (log.durable().position, wanted.clone()));
        for record in appended_by(&log, count, &session.to_string(), together) {
            wanted.insert(record.commit().request_key(), record.commit().position);
        }
        longest = longest.max(log.durable().position.0 - indexed(&log).0);
        assert_eq!(index(&log), wanted);
        for (key, position) in &wanted {
            assert_eq!(log.find(key), Ok(Some(*position)));
        }
        let last = wanted.iter().find(|(_, position)| **position == log.durable().position);
        if let Some((again, _)) = last {
            let head = log.head().unwrap();
            let repeated = log.append(head.position, &[sample(head, again.request.as_str())]);
            assert!(matches!(repeated, Err(AppendError::RequestRepeated { .. })), "{repeated:?}");
        }
        drop(log);
        let looked_at = Inspection::open(directory.path()).unwrap();
        assert_eq!(index(&looked_at), wanted, "without a start that enters them");
    }
    assert_eq!(longest, end::LAG_MAX as u64, "some do lag");
}

/// Opens the store itself, does something to its keys, and closes it.
fn tampered(directory: &Path, change: impl FnOnce(&::sled::Tree)) {
    let (tree, store) = start(&directory.join("sled")).unwrap();
    change(&tree);
    store.flush().unwrap();
    drop((tree, store));
    lock::freed(&directory.join("sled/db")).unwrap();
}

#[test]
fn stores_of_earlier_formats_are_read_and_become_one_of_this() {
    // In the first all that a commit leaves was one batch, in the second requests lagged behind records that came alone.
    for (format, indexed) in [("1", 5), ("2", 5), ("2", 2)] {
        let directory = tempfile::tempdir().unwrap();
        let log = SledLog::open(directory.path()).unwrap();
        let records = appended(&log, 5, "old");
        drop(SledLog::open(directory.path()).map_err(|error| error.to_string()).unwrap_err());
        drop(log);
        tampered(directory.path(), |tree| {
            let mut batch = ::sled::Batch::default();
            batch.insert("m|format", format);
            records[..indexed].iter().for_each(|record| marks::put_request(&mut batch, record.commit()));
            marks::put_head(&mut batch, records[indexed - 1].commit().head()).unwrap();
            tree.apply_batch(batch).unwrap();
        });
        for more in [1, 2] {
            let log = SledLog::open(directory.path()).unwrap();
            assert_eq!(log.read(Position::START, 5).unwrap(), records);
            let found = log.tree.get("m|format").unwrap().unwrap();
            assert_eq!(&*found, b"3", "older programs refuse it from now on");
            appended(&log, more, &format!("new-{more}"));
        }
        assert_eq!(index(&SledLog::open(directory.path()).unwrap()).len(), 8);
    }
}

#[test]
fn l1_what_a_crash_left_of_an_append_is_no_part_of_the_log() {
    for (before, whole, left) in [(0, 3, 1), (3, 3, 2), (end::LAG_MAX, 0, 5), (7, 0, end::LAG_MAX - 8)] {
        let directory = tempfile::tempdir().unwrap();
        let log = SledLog::open(directory.path()).unwrap();
        let mut kept = appended(&log, before, "alone");
        let together = samples(log.head().unwrap(), "together", whole);
        log.append(Position(before as u64), &together).unwrap();
        kept.extend(together);
        let head = log.head().unwrap();
        drop(log);
        let lost = samples(head, "lost", left + 1);
        tampered(directory.path(), |tree| {
            for (key, text) in entry::singles(&lost).unwrap().into_iter().take(left) {
                tree.insert(key, text).unwrap();
            }
        });
        let holds_what_was_kept = |log: &dyn Log| {
            assert_eq!(log.head(), Ok(head));
            assert_eq!(log.read(Position::START, kept.len() + 1).unwrap(), kept);
            assert_eq!(index(log).len(), kept.len());
            assert_eq!(log.find(&lost[0].commit().request_key()), Ok(None));
        };
        holds_what_was_kept(&Inspection::open(directory.path()).unwrap());
        let log = SledLog::open(directory.path()).unwrap();
        holds_what_was_kept(&log);
        let records = log.tree.scan_prefix("e").count();
        assert_eq!(records, kept.len(), "its records are gone");
        let other = samples(head, "other", 2);
        log.append(head.position, &other).unwrap();
        drop(log);
        assert_eq!(SledLog::open(directory.path()).unwrap().read(head.position, 9).unwrap(), other);
    }
}

#[test]
fn l8_an_acknowledged_append_that_has_lost_its_end_is_damage() {
    let directory = tempfile::tempdir().unwrap();
    let log = SledLog::open(directory.path()).unwrap();
    for words in ["first", "second"] {
        let head = log.head().unwrap();
        log.append(head.position, &samples(head, words, 3)).unwrap();
    }
    drop(log);
    tampered(directory.path(), |tree| {
        let last = tree.scan_prefix("e").keys().next_back().unwrap().unwrap();
        tree.remove(last).unwrap();
    });
    let refused = SledLog::open(directory.path()).unwrap_err();
    let cut = Damage { position: Position(4), flaw: Flaw::Cut { acknowledged: Position(6) } };
    assert_eq!(refused.to_string(), OpenError::from(ReadError::Damaged(cut)).to_string());
}

#[test]
fn l9_a_failed_sync_poisons_the_log_and_is_never_tried_again() {
    let directory = tempfile::tempdir().unwrap();
    let mut log = SledLog::open(directory.path()).unwrap();
    let first = sample(Head::START, "first");
    log.append(Position::START, slice::from_ref(&first)).unwrap();

    // A file that cannot be synced.
    let good = std::mem::replace(&mut log.database, File::open("/proc/self/status").unwrap());
    let second = sample(first.commit().head(), "second");
    let unknown = log.append(Position(1), slice::from_ref(&second));
    assert!(matches!(unknown, Err(AppendError::OutcomeUnknown(_))), "{unknown:?}");

    // Even when the disk is well again: only opening it anew tells what it holds.
    log.database = good;
    let poisoned = log.append(Position(1), slice::from_ref(&second));
    assert!(matches!(poisoned, Err(AppendError::Poisoned(_))), "{poisoned:?}");
    assert_eq!(log.head(), Ok(first.commit().head()));
    assert_eq!(log.read(Position::START, 10), Ok(vec![first]));
    assert_eq!(log.find(&second.commit().request_key()), Ok(None));
}

#[test]
fn l9_a_sync_that_fails_is_an_unknown_outcome_like_any_other() {
    let directory = tempfile::tempdir().unwrap();
    let open = || SledLog::open(directory.path()).unwrap();
    let failing = || {
        let mut log = open();
        log.database = File::open("/proc/self/status").unwrap();
        Box::new(log) as Box<dyn Log>
    };
    crate::conformance::breaking::l9_after_an_unknown_outcome_nothing_is_written(
        &|| Box::new(open()),
        &failing,
    );
}

#[test]
fn l9_an_anchor_that_cannot_be_written_stops_the_appends_after_the_one_that_met_it() {
    let directory = tempfile::tempdir().unwrap();
    let log = SledLog::open(directory.path()).unwrap();
    let (first, second) = (sample(Head::START, "first"), |head| sample(head, "second"));
    assert_eq!(log.fault(), None);
    log.writing.lock().unwrap().anchor.break_off().unwrap();
    log.append(Position::START, slice::from_ref(&first)).unwrap();
    let fault = log.fault().expect("it is said before anybody finds out");
    let next = log.append(Position(1), &[second(first.commit().head())]);
    assert_eq!(next, Err(AppendError::Poisoned(fault)));
    drop(log);
    let log = SledLog::open(directory.path()).unwrap();
    assert_eq!((log.fault(), log.read(Position::START, 9)), (None, Ok(vec![first])));
}

#[test]
fn l9_after_a_failed_write_the_log_is_read_from_a_copy_when_sled_cannot() {
    let directory = tempfile::tempdir().unwrap();
    let log = SledLog::open(directory.path()).unwrap();
    let kept = samples(Head::START, "kept", 300);
    log.append(Position::START, &kept).unwrap();
    let tries = std::cell::Cell::new(0);
    let fault = || StoreFault::new("read", "sled keeps the fault");
    // sled fails at every first try, which is the one on the store itself.
    let read = || {
        tries.set(0);
        log.read_from(|tree| match tries.replace(tries.get() + 1) {
            0 => Err(ReadError::Store(fault())),
            _ => records(tree, Position(290), log.durable().position, 100),
        })
    };
    assert_eq!(read(), Err(ReadError::Store(fault())), "as long as no write has failed, the fault is said");
    log.writing.lock().unwrap().poison = Some(fault());
    for _ in 0..2 {
        assert_eq!(read().unwrap(), kept[290..]);
    }
    // It is told damage as damage, and takes no copy for it.
    let damage = Damage { position: Position(1), flaw: Flaw::Missing };
    assert_eq!(log.read_from(|_| Err::<(), _>(damage.clone().into())), Err(damage.into()));
    drop(log);
    assert_eq!(SledLog::open(directory.path()).unwrap().head().unwrap().position, Position(300));
    let left = fs::read_dir(directory.path()).unwrap().map(|item| item.unwrap().file_name());
    assert!(left.into_iter().all(|name| !name.to_string_lossy().starts_with(".trying-")));
}

#[test]
fn l9_a_full_disk_is_said_before_anything_is_written_and_hurts_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let mut log = SledLog::open(directory.path()).unwrap();
    let first = sample(Head::START, "first");
    assert_eq!(Log::want_of_room(&log), None);
    log.room_bytes_min = u64::MAX;
    for _ in 0..2 {
        assert!(Log::want_of_room(&log).is_some(), "it is said before anybody finds out");
        let full = log.append(Position::START, slice::from_ref(&first));
        assert!(
            matches!(&full, Err(AppendError::NotWritten(fault)) if fault.said.contains("full")),
            "{full:?}"
        );
        assert_eq!((log.head(), log.read(Position::START, 10)), (Ok(Head::START), Ok(Vec::new())));
    }
    log.room_bytes_min = ROOM_BYTES_MIN;
    log.append(Position::START, slice::from_ref(&first)).unwrap();
    assert_eq!(log.read(Position::START, 10), Ok(vec![first]));
}
