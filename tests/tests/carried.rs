//! A street carried from place to place by the real program: nothing is lost on the way, half of it is never taken for
//! the whole, and who only looks makes nothing.
#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

use engine::{identity::Position, moment::Moment};
use std::{
    fs,
    path::{Path, PathBuf},
};
use storage::{
    Head, Log,
    backup::{Form, Origin, save},
    conformance::samples,
    memory::MemoryLog,
};
use tempfile::TempDir;
use tests::program::{Server, demo_files, fails, killed_when, run, verify};

fn words(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn items(directory: &Path) -> Vec<String> {
    let items = fs::read_dir(directory).unwrap();
    let mut names: Vec<String> = items.map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// A backup of a log with so many commits, as another machine has made it, and the log's end.
fn backup_of(commits: usize, place: &TempDir) -> (PathBuf, Head) {
    let (log, file) = (MemoryLog::new(), place.path().join("full.zst"));
    log.append(Position::START, &samples(Head::START, "far", commits)).unwrap();
    let origin = Origin { street: None, created: Moment::from_millis(0) };
    save(&log, Position::START, &origin, Form::Packed, &file, &mut |_| ()).unwrap();
    (file, log.head().unwrap())
}

#[test]
fn a_restore_that_was_killed_is_refused_by_every_task_and_carried_on_by_the_same_restore() {
    let place = tempfile::tempdir().unwrap();
    let (file, head) = backup_of(30_000, &place);
    let (data, list) = (place.path().join("data"), &demo_files()[0]);
    // A disk of its own, freshly mounted.
    fs::create_dir_all(data.join("lost+found")).unwrap();
    let restore = ["restore", words(&file)];
    let mark = data.join("restoring");
    killed_when(&restore, &data, || mark.exists());
    // Further on: what is noted of the log's end has changed.
    let anchor = || fs::read(data.join("anchor")).unwrap_or_default();
    let before = anchor();
    killed_when(&restore, &data, || anchor() != before);

    let saved = place.path().join("saved");
    for task in [
        ["serve", "--listen", "127.0.0.1:0"].as_slice(),
        &["verify"],
        &["backup", words(&saved)],
        &["export", words(&saved)],
        &["member", "list"],
        &["member", "add", "--role", "coordinator", "--street", "春风街道"],
        &["import", words(list)],
        &["vault", "change-key", "--new-key", words(&saved)],
    ] {
        let said = fails(task, Some(&data));
        assert!(said.contains("a restore up to position 30000 was cut off in"), "{task:?}: {said}");
    }
    assert!(mark.exists() && !saved.exists());

    let said = run(&restore, Some(&data), []);
    assert!(said.contains("commits 30000, new ") && !said.contains("new 30000"), "it carried on: {said}");
    assert!(said.contains(&format!("head {} {}", head.position, head.hash)), "{said}");
    assert!(!mark.exists() && data.join("lost+found").is_dir());
    assert_eq!(verify(&data).head, head.hash.to_string());
}
