//! B5: a file has its name only when it is whole, and half a log says that it is half.

use crate::made::{all, items, more, origin, packed, plain, same, street};
use engine::identity::Position;
use std::{fs, os::unix::fs::PermissionsExt, path::Path};
use storage::{
    Head, Log,
    backup::{BackupError, Checked, Form, RestoreError, Step, restore_into, save, unfinished},
    memory::MemoryLog,
    sled::SledLog,
};

#[test]
fn b5_a_refused_file_leaves_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let file = packed(&street("花园", 40), 0);
    for cut in [0, 10, file.len() / 2, file.len() - 1] {
        let error = restore_into(&file[..cut], &directory.path().join("new"), &mut |_| ()).unwrap_err();
        assert!(matches!(error, RestoreError::Faulty(_)), "{error}");
        assert!(items(directory.path()).is_empty(), "cut at {cut}");
    }
}

#[test]
fn b5_from_the_first_record_to_the_last_the_directory_says_that_it_is_being_restored() {
    let directory = tempfile::tempdir().unwrap();
    let place = directory.path().join("new");
    let log = street("花园", 2_400);
    let mut groups = 0;
    restore_into(&*packed(&log, 0), &place, &mut |at| match at.step {
        Step::Appending => {
            assert_eq!(unfinished(&place), Ok(Some(log.head().unwrap())));
            groups += 1;
        }
        Step::Checking | Step::Writing => assert!(!place.exists()),
    })
    .unwrap();
    assert_eq!((groups, unfinished(&place)), (3, Ok(None)));
    same(&SledLog::open(&place).unwrap(), &log);
}

/// A directory as a restore leaves it that was cut off after its first group.
fn cut_off(file: &[u8], place: &Path) {
    let copy = place.with_extension("copy");
    fs::create_dir_all(place).unwrap();
    restore_into(file, place, &mut |at| {
        if at.step == Step::Appending && !copy.exists() {
            fs::create_dir(&copy).unwrap();
            fs::copy(place.join("restoring"), copy.join("restoring")).unwrap();
        }
    })
    .unwrap();
    fs::remove_dir_all(place).unwrap();
    fs::rename(&copy, place).unwrap();
    let checked = Checked::read(file, place, &mut |_| ()).unwrap();
    let whole = MemoryLog::new();
    checked.append_to(&whole, &mut |_| ()).unwrap();
    let half = SledLog::open(place).unwrap();
    half.append(Position::START, all(&whole).get(..1_000).unwrap()).unwrap();
}

#[test]
fn b5_a_restore_that_was_cut_off_is_carried_on_by_the_same_and_by_one_that_leads_further() {
    let directory = tempfile::tempdir().unwrap();
    let log = street("花园", 2_400);
    let (shorter, same_one) = (packed(&street("花园", 2_399), 0), packed(&log, 0));
    more(&log, "later", 3);
    let further = packed(&log, 0);
    for (name, file, end) in [("one", &same_one, 2_400), ("two", &further, 2_403)] {
        let place = directory.path().join(name);
        cut_off(&same_one, &place);
        fs::create_dir(place.join("lost+found")).unwrap();
        let error = restore_into(&*shorter, &place, &mut |_| ()).unwrap_err();
        assert_eq!(error, RestoreError::Unfinished { head: Position(2_400) });
        let elsewhere = packed(&street("河畔", 2_400), 0);
        let error = restore_into(&*elsewhere, &place, &mut |_| ()).unwrap_err();
        assert!(matches!(error, RestoreError::OtherStreet { .. }), "{error}");
        assert!(unfinished(&place).unwrap().is_some(), "what was refused changes nothing");

        let report = restore_into(&**file, &place, &mut |_| ()).unwrap();
        assert_eq!((report.appended, unfinished(&place)), (end - 1_000, Ok(None)));
        let restored = SledLog::open(&place).unwrap();
        assert_eq!(all(&restored), all(&log)[..end as usize]);
    }
}

#[test]
fn b5_a_crash_before_the_mark_is_lifted_is_made_good_by_the_same_restore() {
    let directory = tempfile::tempdir().unwrap();
    let (place, log) = (directory.path().join("new"), street("花园", 4));
    let file = packed(&log, 0);
    let checked = Checked::beside(&*file, &place, &mut |_| ()).unwrap();
    let restored = checked.restore_into(&place, &mut |_| ()).unwrap();
    assert_eq!(restored.report.appended, 4);
    drop(restored);
    assert!(
        unfinished(&place).unwrap().is_some(),
        "all records are there, but what comes after them may not be"
    );
    assert_eq!(restore_into(&*file, &place, &mut |_| ()).unwrap().appended, 0);
    assert_eq!(unfinished(&place), Ok(None));
    same(&SledLog::open(&place).unwrap(), &log);
}

#[test]
fn b5_whatever_else_is_in_the_directory_is_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let log = street("花园", 4);
    let (empty, full, file) =
        (directory.path().join("empty"), directory.path().join("full"), directory.path().join("file"));
    fs::create_dir(&empty).unwrap();
    fs::create_dir(&full).unwrap();
    fs::write(full.join("letter"), "dear").unwrap();
    fs::write(&file, "text").unwrap();
    for place in [&empty, &full] {
        restore_into(&*packed(&log, 0), place, &mut |_| ()).unwrap();
        same(&SledLog::open(place).unwrap(), &log);
        let error = restore_into(&*packed(&log, 0), place, &mut |_| ()).unwrap_err();
        assert_eq!((error, unfinished(place)), (RestoreError::NotEmpty { head: Position(4) }, Ok(None)));
    }
    assert_eq!(fs::read(full.join("letter")).unwrap(), b"dear");
    restore_into(&*packed(&log, 0), &file, &mut |_| ()).unwrap_err();
    assert_eq!(fs::read(&file).unwrap(), b"text");
}

#[test]
fn b5_an_increment_goes_under_the_mark_too_and_makes_no_log() {
    let directory = tempfile::tempdir().unwrap();
    let log = street("花园", 6);
    let (place, wrong) = (directory.path().join("right"), directory.path().join("wrong"));
    restore_into(&*packed(&street("花园", 4), 0), &place, &mut |_| ()).unwrap();
    fs::create_dir(&wrong).unwrap();
    let needed = all(&log)[3].commit().head();
    let error = restore_into(&*packed(&log, 4), &wrong, &mut |_| ()).unwrap_err();
    assert_eq!(error, RestoreError::OtherBase { needed, found: Head::START });
    assert!(items(&wrong).is_empty());
    let mut marked = false;
    let told = &mut |_| marked |= place.join("restoring").exists();
    assert_eq!(restore_into(&*packed(&log, 4), &place, told).unwrap().appended, 2);
    assert!(marked && unfinished(&place) == Ok(None));
    same(&SledLog::open(&place).unwrap(), &log);
}

#[test]
fn b5_a_saved_file_is_whole_private_and_never_written_over() {
    let directory = tempfile::tempdir().unwrap();
    let log = street("花园", 40);
    for (name, form, bytes) in
        [("street.zst", Form::Packed, packed(&log, 0)), ("street.jsonl", Form::Plain, plain(&log, 0))]
    {
        let path = directory.path().join(name);
        let report = save(&log, Position::START, &origin(), form, &path, &mut |_| assert!(!path.exists()));
        assert_eq!(report.unwrap().written_bytes, bytes.len() as u64);
        assert_eq!(fs::read(&path).unwrap(), bytes);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let error = save(&log, Position::START, &origin(), form, &path, &mut |_| ()).unwrap_err();
        assert_eq!(error, BackupError::Exists { path });
    }
    let late = directory.path().join("late");
    let take = &mut |_| fs::write(&late, "dear").unwrap();
    let error = save(&log, Position::START, &origin(), Form::Packed, &late, take).unwrap_err();
    assert_eq!(
        (error, fs::read(&late).unwrap()),
        (BackupError::Exists { path: late.clone() }, b"dear".to_vec())
    );
    save(&log, Position(41), &origin(), Form::Packed, &directory.path().join("none"), &mut |_| ())
        .unwrap_err();
    assert_eq!(items(directory.path()), ["late", "street.jsonl", "street.zst"]);
    assert_eq!(log.head().unwrap().position, Position(40));
}
