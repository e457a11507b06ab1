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

#[test]
fn a_task_that_looks_makes_no_log_where_there_is_none() {
    let place = tempfile::tempdir().unwrap();
    let (wrong, full) = (place.path().join("wrong"), place.path().join("full"));
    fs::create_dir(&wrong).unwrap();
    fs::write(wrong.join("letter"), "dear").unwrap();
    run(&["import"], Some(&full), &demo_files());
    let (file, saved) = (place.path().join("increment.zst"), place.path().join("saved"));
    run(&["backup", words(&file), "--after", "3"], Some(&full), []);
    for data in [wrong.clone(), place.path().join("nowhere")] {
        for task in [
            ["verify"].as_slice(),
            &["backup", words(&saved)],
            &["export", words(&saved)],
            &["member", "list"],
            &["member", "add", "--role", "coordinator"],
            &["member", "revoke", "1"],
            &["vault", "change-key", "--new-key", words(&saved)],
        ] {
            let said = fails(task, Some(&data));
            let right =
                format!("there is no log in {}: name the directory of one with --data", data.display());
            assert!(said.contains(&right), "{task:?}: {said}");
        }
        let said = fails(&["restore", words(&file)], Some(&data));
        assert!(said.contains("the backup continues"), "{said}");
    }
    assert_eq!(items(&wrong), ["letter"]);
    assert_eq!(items(place.path()), ["full", "increment.zst", "wrong"]);
    // Who serves makes one, in a new place and in an empty one.
    fs::create_dir(place.path().join("empty")).unwrap();
    for name in ["empty", "new"] {
        Server::start(&place.path().join(name), &[]).stop();
        assert_eq!(verify(&place.path().join(name)).commits, 1);
    }
}

#[test]
fn an_export_restored_has_the_same_head_and_exports_the_same_bytes() {
    let place = tempfile::tempdir().unwrap();
    let at = |name: &str| place.path().join(name);
    run(&["import"], Some(&at("old")), &demo_files());
    run(&["export", words(&at("old.jsonl"))], Some(&at("old")), []);
    run(&["restore", words(&at("old.jsonl"))], Some(&at("new")), []);
    assert_eq!(verify(&at("new")), verify(&at("old")));
    run(&["export", words(&at("new.jsonl"))], Some(&at("new")), []);
    let lines = |name: &str| fs::read_to_string(at(name)).unwrap();
    // The header says when it was made, and the trailer sums it up.
    let records =
        |text: &str| text.lines().filter(|it| it.starts_with("{\"hash\"")).collect::<Vec<_>>().join("\n");
    assert_eq!(records(&lines("new.jsonl")), records(&lines("old.jsonl")));
    assert!(lines("old.jsonl").lines().count() > 20);
}

#[test]
fn increments_of_a_log_that_is_killed_between_them_lead_to_the_same_head() {
    let place = tempfile::tempdir().unwrap();
    let at = |name: &str| place.path().join(name);
    let (old, new) = (at("old"), at("new"));
    let mut after = 0_u64;
    for (round, list) in demo_files().iter().enumerate() {
        // Served and killed before, so that the file is what a crash leaves.
        let server = Server::start(&old, &["--street", "清河桥街道"]);
        server.kill_9();
        run(&["import", words(list)], Some(&old), []);
        let file = at(&format!("{round}.zst"));
        let saved = run(&["backup", words(&file), "--after", &after.to_string()], Some(&old), []);
        let restored = run(&["restore", words(&file)], Some(&new), []);
        let end = |said: &str| said.lines().find(|it| it.starts_with("head ")).map(str::to_owned);
        assert_eq!(end(&restored), end(&saved), "round {round}");
        let again = run(&["backup", words(&at("none")), "--after", "0"], Some(&new), []);
        assert_eq!(end(&again), end(&saved), "round {round}");
        fs::remove_file(at("none")).unwrap();
        after = end(&saved).unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    }
    assert_eq!(verify(&new), verify(&old));
    // One that was left out is named by the next.
    let said = fails(&["restore", words(&at("1.zst"))], Some(&at("bare")));
    assert!(said.contains("the backup continues"), "{said}");
    assert!(!at("bare").exists());
}
