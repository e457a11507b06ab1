//! A street carried from place to place by the real program: nothing is lost on the way, half of it is never taken for
//! the whole, and who only looks makes nothing.
#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

use engine::{
    command::Command,
    contact::{ErasureReason, Purpose, Subject},
    identity::{ContactId, OrganizationId, Position},
    member::Caller,
    moment::Moment,
};
use std::{
    fs,
    path::{Path, PathBuf},
};
use storage::{
    Head, Ledger, Log, RequestId,
    backup::{Checked, Form, Origin, save},
    conformance::samples,
    memory::MemoryLog,
    sled::SledLog,
    vault::{Contact, Unlock, Vault},
};
use tempfile::TempDir;
use tests::program::{Server, demo_files, fails, killed_when, run, verify};

const NOW: Moment = Moment::from_millis(1_780_000_000_000);

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
    let (mut after, lists) = (0_u64, demo_files());
    let login = ["member", "add", "--role", "observer"].as_slice();
    let (imported, none) = (["import"].as_slice(), Vec::new());
    for (round, (task, files)) in [(imported, &lists), (login, &none), (login, &none)].into_iter().enumerate()
    {
        // Served and killed before, so that the file is what a crash leaves.
        Server::start(&old, &["--street", "清河桥街道"]).kill_9();
        run(task, Some(&old), files);
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

/// A street at `data`, with contacts up to this number. What was given before stays.
async fn give_contacts(data: &Path, unlock: &Unlock, up_to: u64) {
    let ledger = Ledger::open(SledLog::open(data).unwrap(), || NOW).unwrap();
    let vault = Vault::open(&data.join("vault"), unlock).unwrap();
    let request = |name: String| RequestId::new(name).unwrap();
    let open = Command::OpenStreet { name: "春风街道".into() };
    if ledger.state().street().is_none() {
        ledger.execute(Caller::System, request("open".into()), open).await.unwrap();
    }
    for number in ledger.state().last_contact().number() + 1..=up_to {
        let person = Contact { name: format!("王{number}"), phone: "1".into(), note: String::new() };
        let contact = vault.seal(ledger.state().last_contact(), &person, NOW).unwrap();
        let of = Subject::Organization(OrganizationId::new(1));
        let give = Command::GiveContact { contact, of, purpose: Purpose::Liaison };
        ledger.execute(Caller::System, request(format!("give-{number}")), give).await.unwrap();
    }
    ledger.close().await;
}

#[tokio::test]
async fn contacts_follow_from_increment_to_increment_and_a_crash_before_them_is_made_good() {
    let place = tempfile::tempdir().unwrap();
    let at = |name: &str| place.path().join(name);
    let (old, new, key) = (at("old"), at("new"), at("key"));
    let unlock = Unlock::create_key_file(&key).unwrap();
    let with_contacts = |task: &[&str], data: &Path| {
        let all = [task, &["--with-contacts", "--vault-key", words(&key)]].concat();
        run(&all, Some(data), [])
    };
    let whole = |data: &Path, counted: &str| {
        let said = run(&["verify", "--vault-key", words(&key)], Some(data), []);
        assert!(said.contains(counted), "{said}");
    };
    let mut after = 0;
    for (round, up_to) in [(1, 2), (2, 5), (3, 6)] {
        give_contacts(&old, &unlock, up_to).await;
        if round == 3 {
            let reason = ErasureReason::Asked;
            let ledger = Ledger::open(SledLog::open(&old).unwrap(), || NOW).unwrap();
            let erase = Command::EraseContact { contact: ContactId::new(1), reason };
            ledger.execute(Caller::System, RequestId::new("erase").unwrap(), erase).await.unwrap();
            ledger.close().await;
            Vault::open(&old.join("vault"), &unlock).unwrap().erase(ContactId::new(1), NOW).unwrap();
        }
        let file = at(&format!("{round}.zst"));
        let saved = with_contacts(&["backup", words(&file), "--after", &after.to_string()], &old);
        if round > 1 {
            // As if the power was cut when the log was there and the contacts were not.
            let input = fs::File::open(&file).unwrap();
            let checked = Checked::beside(input, &new, &mut |_| ()).unwrap();
            drop(checked.restore_into(&new, &mut |_| ()).unwrap());
            let said = fails(&["serve", "--listen", "127.0.0.1:0", "--vault-key", words(&key)], Some(&new));
            assert!(said.contains("was cut off in"), "{said}");
        }
        let restored = with_contacts(&["restore", words(&file)], &new);
        let head = |said: &str| said.lines().find(|it| it.starts_with("head ")).unwrap().to_owned();
        assert_eq!(head(&restored), head(&saved));
        after = head(&saved).split(' ').nth(1).unwrap().parse().unwrap();
        whole(&new, ["contacts 2, erased 0", "contacts 5, erased 0", "contacts 5, erased 1"][round - 1]);
    }
    // What cannot end well does not begin: the contacts of another vault, or none, or another key.
    let (other, other_key) = (at("other"), at("other_key"));
    give_contacts(&old, &unlock, 7).await;
    let file = at("4.zst");
    run(&["backup", words(&file), "--after", &after.to_string()], Some(&old), []);
    let unlocked = Unlock::create_key_file(&other_key).unwrap();
    drop(Vault::open(&other, &unlocked).unwrap());
    let before = fs::read(new.join("anchor")).unwrap();
    let refusal = |key: &Path| {
        let said =
            fails(&["restore", words(&file), "--with-contacts", "--vault-key", words(key)], Some(&new));
        assert!(fs::read(new.join("anchor")).unwrap() == before && !new.join("restoring").exists(), "{said}");
        said
    };
    assert!(refusal(&key).contains("cannot read"), "there are no contacts");
    let another = Vault::open(&at("another"), &unlock).unwrap();
    another.save(&at("4.zst.contacts")).unwrap();
    let said = refusal(&key);
    assert!(said.contains("the copy is of another vault than the one in"), "{said}");
    assert!(refusal(&other_key).contains("not the master key"));
    whole(&new, "contacts 5, erased 1");
}

#[tokio::test]
async fn an_older_log_beside_the_vault_destroys_nothing_that_the_newer_one_names() {
    let place = tempfile::tempdir().unwrap();
    let at = |name: &str| place.path().join(name);
    let (data, key, kept) = (at("data"), at("key"), at("kept"));
    let unlock = Unlock::create_key_file(&key).unwrap();
    give_contacts(&data, &unlock, 2).await;
    run(&["backup", words(&at("older.zst"))], Some(&data), []);
    give_contacts(&data, &unlock, 9).await;
    run(&["backup", words(&at("newer.zst"))], Some(&data), []);
    for (file, served) in [("older.zst", true), ("newer.zst", false)] {
        fs::rename(data.join("vault"), &kept).unwrap();
        fs::remove_dir_all(&data).unwrap();
        fs::create_dir(&data).unwrap();
        fs::rename(&kept, data.join("vault")).unwrap();
        run(&["restore", words(&at(file))], Some(&data), []);
        if served {
            let server = Server::start(&data, &["--vault-key", words(&key)]);
            let said = server.log();
            assert_eq!(said.matches("the log does not name this contact").count(), 7, "{said}");
            server.stop();
        }
    }
    let said = run(&["verify", "--vault-key", words(&key)], Some(&data), []);
    assert!(said.contains("contacts 9, erased 0"), "{said}");
}
