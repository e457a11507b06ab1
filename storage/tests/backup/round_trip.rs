//! B2: what comes back is the same to the byte, packed or plain, from any log to any other.

use crate::made::{all, items, lines, more, packed, plain, refusal, restored, same, street};
use engine::identity::Position;
use std::fs;
use storage::{
    Head, Log,
    backup::{Progress, RestoreError, Step, backup, export, restore, restore_into},
    conformance::l10_records_may_be_large,
    memory::MemoryLog,
    sled::SledLog,
    verify,
};

#[test]
fn b2_memory_to_memory_packed_and_plain() {
    for commits in [0, 1, 2, 1_200] {
        let log = street("花园", commits);
        for file in [packed(&log, 0), plain(&log, 0)] {
            let copy = MemoryLog::new();
            let report = restored(&*file, &copy).unwrap();
            same(&copy, &log);
            assert_eq!((report.commits, report.appended), (commits as u64, commits as u64));
            assert_eq!(report.header.head, log.head().unwrap());
        }
    }
}

#[test]
fn b2_sled_to_sled_and_back_to_memory() {
    let directory = tempfile::tempdir().unwrap();
    let (old, new) = (directory.path().join("old"), directory.path().join("a/b/new"));
    let log = SledLog::open(&old).unwrap();
    more(&log, "花园", 1_500);
    let file = packed(&log, 0);

    restore_into(&*file, &new, &mut |_| ()).unwrap();
    assert_eq!(items(new.parent().unwrap()), ["new"], "nothing is left beside it");
    let copy = SledLog::open(&new).unwrap();
    same(&copy, &log);
    assert_eq!(verify(&copy, &mut |_| ()).unwrap().commits, 1_500);

    // And it is a log like any other.
    more(&copy, "later", 3);
    let memory = MemoryLog::new();
    restored(&*packed(&copy, 0), &memory).unwrap();
    same(&memory, &copy);
}

#[test]
fn b2_an_export_of_a_restored_log_is_the_same_file() {
    let log = street("花园", 20);
    let copy = MemoryLog::new();
    restored(&*packed(&log, 0), &copy).unwrap();
    assert_eq!(plain(&copy, 0), plain(&log, 0));
    assert_eq!(packed(&copy, 0), packed(&log, 0), "the same program packs the same way");
}

#[test]
fn b2_large_records_come_back() {
    // The conformance list fills the log with records up to three megabytes.
    let log = MemoryLog::new();
    l10_records_may_be_large(&|| Box::new(log.clone()));
    let copy = MemoryLog::new();
    restored(&*packed(&log, 0), &copy).unwrap();
    same(&copy, &log);
}

#[test]
fn the_lines_are_header_records_and_trailer() {
    let log = street("花园", 3);
    let lines = lines(&log, 0);
    assert_eq!(lines.len(), 4);
    let texts: Vec<_> = all(&log).iter().map(|record| record.text().to_owned()).collect();
    assert_eq!(lines[1..], texts);
    let unpacked = zstd::decode_all(&*packed(&log, 0)).unwrap();
    assert_eq!(unpacked, plain(&log, 0));
}

#[test]
fn progress_is_told_to_the_last_commit() {
    let log = street("花园", 3);
    let (mut told, mut file) = (Vec::new(), Vec::new());
    let origin = crate::made::origin();
    backup(&log, Position::START, &origin, &mut file, &mut |progress| told.push(progress)).unwrap();
    let scratch = std::env::temp_dir();
    restore(&*file, &MemoryLog::new(), &scratch, &mut |progress| told.push(progress)).unwrap();
    let head = Position(3);
    let steps = [(Step::Writing, 1), (Step::Writing, 2), (Step::Writing, 3)];
    let steps = steps.into_iter().chain([(Step::Checking, 1), (Step::Checking, 2), (Step::Checking, 3)]);
    let steps = steps.chain([(Step::Appending, 3)]);
    let expected = steps.map(|(step, position)| Progress { step, position: Position(position), head });
    assert!(told.iter().copied().eq(expected), "{told:?}");
}

#[test]
fn an_output_that_fails_is_told_and_what_it_took_is_refused() {
    /// Takes some bytes, then no more.
    struct Full(Vec<u8>);
    impl std::io::Write for Full {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            let room = 300_usize.saturating_sub(self.0.len()).min(bytes.len());
            self.0.extend(&bytes[..room]);
            if room == 0 { Err(std::io::Error::other("the disk is full")) } else { Ok(room) }
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let log = street("花园", 30);
    for plain in [false, true] {
        let mut full = Full(Vec::new());
        let origin = crate::made::origin();
        let error = match plain {
            true => export(&log, Position::START, &origin, &mut full, &mut |_| ()),
            false => backup(&log, Position::START, &origin, &mut full, &mut |_| ()),
        };
        assert_eq!(error.unwrap_err().to_string(), "the backup cannot be written: write: the disk is full");
        assert!(matches!(refusal(&full.0), RestoreError::Faulty(_)));
    }
}

#[test]
fn a_restore_into_an_opened_but_empty_store_works_too() {
    let directory = tempfile::tempdir().unwrap();
    let log = SledLog::open(directory.path()).unwrap();
    assert_eq!(log.head(), Ok(Head::START));
    let origin = street("花园", 9);
    let scratch = directory.path().join("scratch");
    fs::create_dir(&scratch).unwrap();
    restore(&*packed(&origin, 0), &log, &scratch, &mut |_| ()).unwrap();
    same(&log, &origin);
    assert!(items(&scratch).is_empty(), "the copy has no name");
}
