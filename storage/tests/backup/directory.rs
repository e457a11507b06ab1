//! B5: a directory or a file has its name only when it is whole.

use crate::made::{items, origin, packed, plain, same, street};
use engine::identity::Position;
use std::{fs, os::unix::fs::PermissionsExt};
use storage::{
    Log,
    backup::{BackupError, Checked, Form, RestoreError, restore_new, save},
    sled::SledLog,
};

#[test]
fn b5_a_refused_file_leaves_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let file = packed(&street("花园", 40), 0);
    for cut in [0, 10, file.len() / 2, file.len() - 1] {
        let error = restore_new(&file[..cut], &directory.path().join("new"), &mut |_| ()).unwrap_err();
        assert!(matches!(error, RestoreError::Faulty(_)), "{error}");
        assert!(items(directory.path()).is_empty(), "cut at {cut}");
    }
}

#[test]
fn b5_until_it_is_whole_there_is_nothing_by_that_name() {
    let directory = tempfile::tempdir().unwrap();
    let place = directory.path().join("new");
    let file = packed(&street("花园", 1_200), 0);
    let mut told = 0;
    restore_new(&*file, &place, &mut |_| {
        assert!(!place.exists());
        told += 1;
    })
    .unwrap();
    assert!(told > 1_200);
    assert_eq!(items(directory.path()), ["new"]);
}

#[test]
fn b5_what_a_crash_left_is_cleared_away_and_what_somebody_is_at_is_not() {
    let directory = tempfile::tempdir().unwrap();
    let file = packed(&street("花园", 4), 0);
    let left = directory.path().join(".restoring-left");
    fs::create_dir_all(left.join("log/sled")).unwrap();
    fs::write(left.join("log/sled/db"), "half").unwrap();
    let mut met = Vec::new();
    restore_new(&*file, &directory.path().join("one"), &mut |_| {
        // Another restore beside this one, while this one is at its directory.
        if met.is_empty()
            && items(directory.path())
                .iter()
                .any(|name| name.starts_with(".restoring-") && name != ".restoring-left")
        {
            restore_new(&*file, &directory.path().join("two"), &mut |_| ()).unwrap();
            met = items(directory.path());
        }
    })
    .unwrap();
    assert!(
        met.contains(&"two".to_owned()) && met.iter().any(|name| name.starts_with(".restoring-")),
        "{met:?}"
    );
    assert_eq!(items(directory.path()), ["one", "two"]);
}

#[test]
fn b5_an_empty_directory_gives_way_and_anything_else_does_not() {
    let directory = tempfile::tempdir().unwrap();
    let log = street("花园", 4);
    let (empty, full, file) =
        (directory.path().join("empty"), directory.path().join("full"), directory.path().join("file"));
    fs::create_dir(&empty).unwrap();
    fs::create_dir(&full).unwrap();
    fs::write(full.join("letter"), "dear").unwrap();
    fs::write(&file, "text").unwrap();
    restore_new(&*packed(&log, 0), &empty, &mut |_| ()).unwrap();
    same(&SledLog::open(&empty).unwrap(), &log);
    for place in [&full, &file, &empty] {
        let error = restore_new(&*packed(&log, 0), place, &mut |_| ()).unwrap_err();
        assert_eq!(error, RestoreError::Occupied { directory: place.clone() });
    }
    assert_eq!(items(&full), ["letter"]);
    assert_eq!(items(directory.path()), ["empty", "file", "full"]);
}

#[test]
fn b5_a_name_that_was_taken_meanwhile_is_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let place = directory.path().join("new");
    let checked = Checked::read(&*packed(&street("花园", 4), 0), directory.path(), &mut |_| ()).unwrap();
    assert_eq!(checked.header().commits(), 4);
    let error = checked.restore_new(&place, &mut |_| {
        fs::create_dir(&place).unwrap();
        fs::write(place.join("letter"), "dear").unwrap();
    });
    assert_eq!(error.unwrap_err(), RestoreError::Occupied { directory: place.clone() });
    assert_eq!((items(&place), items(directory.path())), (vec!["letter".to_owned()], vec!["new".to_owned()]));
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
