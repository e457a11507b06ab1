//! B6: an incremental backup goes onto the commit it was made after, and nowhere else.

use crate::made::{all, forged, lines, more, origin, packed, plain, refusal, restored, same, street};
use engine::{identity::Position, member::Caller, moment::Moment};
use storage::{
    Head, Log, RequestId,
    backup::{BackupError, Fault, FileFlaw, RestoreError, backup, restore_into},
    failure::{AppendError, Flaw},
    faulty::{Failure, FaultyLog},
    memory::MemoryLog,
    record::Record,
    sled::SledLog,
};

#[test]
fn b6_a_chain_of_three() {
    let directory = tempfile::tempdir().unwrap();
    let (log, place) = (street("花园", 7), directory.path().join("new"));
    let mut files = vec![packed(&log, 0)];
    for (name, after) in [("second", 7), ("third", 12)] {
        more(&log, name, 5);
        files.push(packed(&log, after));
    }
    restore_into(&*files[0], &place, &mut |_| ()).unwrap();
    let copy = SledLog::open(&place).unwrap();
    for (file, (after, head)) in files[1..].iter().zip([(7, 12), (12, 17)]) {
        let report = restored(&**file, &copy).unwrap();
        assert_eq!(
            (report.header.after.position, report.header.head.position),
            (Position(after), Position(head))
        );
        assert_eq!((report.commits, report.appended), (5, 5));
    }
    same(&copy, &log);
}

#[test]
fn b6_an_increment_without_commits_is_a_file_too() {
    let log = street("花园", 3);
    let copy = street("花园", 3);
    for file in [packed(&log, 3), plain(&log, 3)] {
        assert_eq!(restored(&*file, &copy).unwrap().appended, 0);
    }
    same(&copy, &log);
}

/// Restores onto `log`, is refused, and leaves the log as it was.
fn refused_by(log: &MemoryLog, file: &[u8]) -> RestoreError {
    let before = all(log);
    let error = restored(file, log).unwrap_err();
    assert_eq!(all(log), before, "{error}");
    error
}

#[test]
fn b6_the_wrong_base_is_refused() {
    let log = street("花园", 10);
    let file = packed(&log, 6);
    let base = all(&log)[5].commit().head();
    let other_base =
        |found: &MemoryLog| RestoreError::OtherBase { needed: base, found: found.head().unwrap() };

    let (empty, behind, ahead) = (MemoryLog::new(), street("花园", 5), street("花园", 10));
    more(&ahead, "more", 1);
    // The same beginning, another sixth commit; and another one at the position where the file goes on.
    let (aside, aside_later) = (street("花园", 5), street("花园", 6));
    more(&aside, "aside", 1);
    more(&aside_later, "aside", 2);
    for (what, found) in [
        ("empty", empty),
        ("behind", behind),
        ("ahead", ahead),
        ("aside", aside),
        ("aside later", aside_later),
    ] {
        assert_eq!(refused_by(&found, &file), other_base(&found), "{what}");
    }
}

#[test]
fn b6_the_wrong_street_is_refused() {
    let (log, other) = (street("花园", 10), street("河畔", 6));
    let begin = |log: &MemoryLog| all(log).first().map(|record| record.commit().hash);
    let expected = RestoreError::OtherStreet { stated: begin(&log), found: begin(&other) };
    assert_eq!(refused_by(&other, &packed(&log, 6)), expected);
}

#[test]
fn b6_a_full_backup_needs_an_empty_log() {
    let log = street("花园", 4);
    for commits in [1, 3, 4, 5] {
        let error = refused_by(&street("花园", commits), &packed(&log, 0));
        assert_eq!(error, RestoreError::NotEmpty { head: Position(commits as u64) });
    }
    let nothing = packed(&MemoryLog::new(), 0);
    assert_eq!(refused_by(&log, &nothing), RestoreError::NotEmpty { head: Position(4) });
}

#[test]
fn b6_an_increment_alone_makes_no_log() {
    let directory = tempfile::tempdir().unwrap();
    let log = street("花园", 4);
    let file = packed(&log, 2);
    let needed = all(&log)[1].commit().head();
    let error = restore_into(&*file, &directory.path().join("new"), &mut |_| ()).unwrap_err();
    assert_eq!(error, RestoreError::OtherBase { needed, found: Head::START });
    assert!(crate::made::items(directory.path()).is_empty());
    assert_eq!(refusal(&file), error);
}

#[test]
fn b6_a_restore_that_was_cut_off_is_carried_on_and_twice_is_once() {
    let log = street("花园", 3);
    more(&log, "more", 1_200);
    let file = packed(&log, 3);
    for failure in [Failure::NotWritten, Failure::UnknownButWritten, Failure::UnknownAndLost] {
        let copy = street("花园", 3);
        // Groups of a thousand: the second one fails.
        let error = restored(&*file, &FaultyLog::new(copy.clone(), [(2, failure)])).unwrap_err();
        let RestoreError::Stopped { reached, error } = error else { panic!("{error}") };
        assert_eq!(reached, Position(1_003));
        assert!(matches!(error, AppendError::NotWritten(_) | AppendError::OutcomeUnknown(_)), "{error}");

        let there = copy.head().unwrap().position.0;
        assert_eq!(there, if failure == Failure::UnknownButWritten { 1_203 } else { 1_003 });
        assert_eq!(restored(&*file, &copy).unwrap().appended, 1_203 - there);
        same(&copy, &log);
        assert_eq!(restored(&*file, &copy).unwrap().appended, 0);
        same(&copy, &log);
    }
}

#[test]
fn b6_an_increment_whose_header_lies_about_its_base_is_refused() {
    let log = street("花园", 4);
    let (before, base) = (all(&log)[0].commit().head(), all(&log)[1].commit().head());
    let mut lines = lines(&log, 2);
    lines[0] = lines[0].replace(&base.hash.to_string(), &before.hash.to_string());
    let file = forged(&lines, 2, log.head().unwrap());
    let error = refused_by(&street("花园", 2), &file);
    assert!(
        error.to_string().starts_with("the backup is damaged at line 2 (position 3): the record follows"),
        "{error}"
    );
}

#[test]
fn b6_an_increment_that_is_older_than_its_base_is_refused() {
    // Sealed by hand: no ledger writes it, and the file alone does not show it.
    let at = |head, time: i64, request: &str| {
        let request = RequestId::new(request).unwrap();
        Record::seal(head, Moment::from_millis(time), Caller::System, request, Vec::new()).unwrap()
    };
    let first = at(Head::START, 1_000, "first");
    let second = at(first.commit().head(), 999, "second");
    let (base, sound) = (MemoryLog::new(), at(first.commit().head(), 1_000, "second"));
    base.append(Position::START, std::slice::from_ref(&first)).unwrap();
    let log = MemoryLog::new();
    log.append(Position::START, &[first, sound.clone()]).unwrap();
    let mut lines = lines(&log, 1);
    lines[0] = lines[0].replace(&sound.commit().hash.to_string(), &second.commit().hash.to_string());
    lines[1] = second.text().to_owned();
    let error = refused_by(&base, &forged(&lines, 1, second.commit().head()));
    let flaw = FileFlaw::Record(Flaw::TimeRunsBack);
    assert_eq!(error, RestoreError::Faulty(Fault { line: 2, position: Some(Position(2)), flaw }));
}

#[test]
fn a_backup_cannot_begin_after_the_end() {
    let log = street("花园", 4);
    let error = backup(&log, Position(5), &origin(), Vec::new(), &mut |_| ()).unwrap_err();
    assert_eq!(error, BackupError::AfterHead { after: Position(5), head: Position(4) });
}
