//! `gongjian verify` of the real program: it changes nothing, it says how far it is, and it bites.
#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

use engine::{
    command::Command,
    contact::{Purpose, Subject},
    event::Event,
    identity::{ContactId, OrganizationId, PairingId, Position},
    member::Caller,
    moment::Moment,
    need::NeedStatus,
    pairing::{PairingTerms, Side, Supplier, Target},
    state::State,
};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Output,
};
use storage::{
    Head, Ledger, Log, RequestId,
    backup::{Form, Origin, save},
    conformance::samples,
    memory::MemoryLog,
    record::Record,
    sled::SledLog,
    vault::{Contact, Unlock, Vault},
};
use tests::program::{command, demo_files, refused, run};

const NOW: Moment = Moment::from_millis(1_780_000_000_000);

/// Appends a commit that no program has decided on.
fn forge(data: &Path, request: &str, events: Vec<Event>) {
    let log = SledLog::open(data).unwrap();
    let head = log.head().unwrap();
    let time = log.read(Position(head.position.0 - 1), 1).unwrap().remove(0).commit().time;
    let request = RequestId::new(request).unwrap();
    let record = Record::seal(head, time, Caller::System, request, events).unwrap();
    log.append(head.position, &[record]).unwrap();
}

/// What a log amounts to.
fn state(data: &Path) -> State {
    storage::verify(&SledLog::open(data).unwrap(), &mut |_| ()).unwrap().state
}

#[test]
fn what_was_never_decided_is_found_although_every_hash_holds() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("data");
    run(&["import"], Some(&data), &demo_files());
    run(&["verify"], Some(&data), []);
    let sound = state(&data);
    assert_eq!(engine::audit::audit(&sound), []);
    let capacity = |it: Supplier| sound.offered(it).unwrap().0;
    let resource = sound.resources().find(|it| it.is_open()).unwrap();
    let owner = resource.draft.entry.organization;
    let need =
        sound.needs().find(|it| it.status() == NeedStatus::Open && it.draft.entry.organization != owner);
    let (need, pairing) = (need.unwrap(), PairingId::new(sound.pairings().count() as u64 + 1));
    let supplier = Supplier::Resource(resource.id);
    let draws = capacity(supplier).max(need.asked()) + 1;
    let terms =
        PairingTerms { target: Target::Need(need.id), supplier, quantity: need.asked(), draws, fit: None };
    let requested = Event::PairingRequested { pairing, by: owner, terms };
    forge(&data, "asked", vec![requested]);
    run(&["verify"], Some(&data), []);
    let agreed = [Side::Giving, Side::Asking];
    let claimed = Event::PairingClaimed { pairing, side: agreed[0], until: NOW };
    forge(&data, "forged", vec![claimed, Event::PairingAgreed { pairing, side: agreed[1] }]);

    let (printed, said) = refused(&["verify"], Some(&data));
    let finding = format!(
        "finding {}: it has {} to give, and {draws} of it are promised",
        resource.id,
        capacity(supplier)
    );
    assert!(printed.lines().any(|line| line == finding), "{finding}\n{printed}");
    assert!(said.contains("findings: "), "{said}");

    // And a pairing with what is not there.
    let (pairing, nobody) = (PairingId::new(pairing.number() + 1), OrganizationId::new(9_999));
    let terms = PairingTerms {
        target: Target::Need(need.id),
        supplier: Supplier::Unit(nobody),
        quantity: 1,
        draws: 1,
        fit: None,
    };
    forge(&data, "nobody", vec![Event::PairingRequested { pairing, by: owner, terms }]);
    let (printed, _) = refused(&["verify"], Some(&data));
    let finding = format!("finding {pairing}: it names {nobody}, which does not exist");
    assert!(printed.lines().any(|line| line == finding), "{finding}\n{printed}");
}

/// Every byte below a directory.
fn everything(path: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    if path.is_file() {
        return vec![(path.to_owned(), fs::read(path).unwrap())];
    }
    let mut items: Vec<PathBuf> = fs::read_dir(path).unwrap().map(|item| item.unwrap().path()).collect();
    items.sort();
    items.iter().flat_map(|item| everything(item)).collect()
}

/// A street with so many contacts of its office, and what opens its vault.
async fn with_contacts(data: &Path, key: &Path, count: u64) -> Unlock {
    let unlock = match key.exists() {
        true => Unlock::KeyFile(key.to_owned()),
        false => Unlock::create_key_file(key).unwrap(),
    };
    let ledger = Ledger::open(SledLog::open(data).unwrap(), || NOW).unwrap();
    let vault = Vault::open(&data.join("vault"), &unlock).unwrap();
    let request = |name: String| RequestId::new(name).unwrap();
    let open = Command::OpenStreet { name: "春风街道".into() };
    ledger.execute(Caller::System, request("open".into()), open).await.unwrap();
    for number in 1..=count {
        let person = Contact { name: format!("王{number}"), phone: "1".into(), note: String::new() };
        let contact = vault.seal(ContactId::new(0), &person, NOW).unwrap();
        let of = Subject::Organization(OrganizationId::new(1));
        let give = Command::GiveContact { contact, of, purpose: Purpose::Liaison };
        ledger.execute(Caller::System, request(format!("give-{number}")), give).await.unwrap();
    }
    ledger.close().await;
    unlock
}

#[tokio::test]
async fn verify_changes_nothing_and_names_where_log_and_vault_say_different_things() {
    let place = tempfile::tempdir().unwrap();
    let (data, key) = (place.path().join("data"), place.path().join("key"));
    let unlock = with_contacts(&data, &key, 3).await;
    let task = ["verify", "--vault-key", key.to_str().unwrap()];
    assert!(run(&task, Some(&data), []).contains("contacts 3, erased 0"));
    // Contact 2 was erased in the vault alone, contact 3 in the log alone, and one was sealed before a crash.
    let vault = Vault::open(&data.join("vault"), &unlock).unwrap();
    let texts = fs::read(data.join("vault/contacts")).unwrap();
    vault.erase(ContactId::new(2), NOW).unwrap();
    drop(vault);
    fs::write(data.join("vault/contacts"), texts).unwrap();
    fs::write(data.join("vault/keys.new"), "half").unwrap();
    let reason = engine::contact::ErasureReason::Asked;
    forge(&data, "erased", vec![Event::ContactErased { contact: ContactId::new(3), reason }]);

    let before = everything(&data);
    let (printed, said) = refused(&task, Some(&data));
    let findings: Vec<&str> = printed.lines().filter_map(|line| line.strip_prefix("finding ")).collect();
    assert_eq!(
        findings,
        [
            "contact-2: its erasure was not finished; the next start does it",
            "contact-2: the log says that it is kept, the vault has erased it",
            "contact-3: the log says that it is erased, the vault has it still; the next start erases it",
        ],
        "{said}"
    );
    assert!(everything(&data) == before, "not a byte is changed");

    fs::remove_dir_all(data.join("vault")).unwrap();
    let (printed, _) = refused(&["verify"], Some(&data));
    for number in [1, 2] {
        let missing =
            format!("finding contact-{number}: the log says that it is kept, the vault does not have it");
        assert!(printed.lines().any(|line| line == missing), "{printed}");
    }
    assert!(!data.join("vault").exists());
}

#[test]
fn what_rots_beside_the_commits_is_named_and_looking_makes_no_file() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("data");
    run(&["import"], Some(&data), &demo_files());
    fs::remove_file(data.join("lock")).unwrap();
    run(&["verify"], Some(&data), []);
    assert!(!data.join("lock").exists(), "looking has made none");
    let mut anchor = fs::read(data.join("anchor")).unwrap();
    anchor[600] ^= 1;
    fs::write(data.join("anchor"), anchor).unwrap();
    let before = everything(&data);
    let (printed, said) = refused(&["verify"], Some(&data));
    assert!(printed.contains("finding anchor, byte 512: "), "{printed}");
    assert!(said.contains("1 findings"), "{said}");
    assert!(everything(&data) == before, "not a byte is changed");
    // The next start mends it.
    drop(SledLog::open(&data).unwrap());
    run(&["verify"], Some(&data), []);
}

#[test]
fn a_long_way_is_told_line_by_line_where_nobody_watches() {
    let place = tempfile::tempdir().unwrap();
    let (data, file) = (place.path().join("data"), place.path().join("full.zst"));
    let log = MemoryLog::new();
    log.append(Position::START, &samples(Head::START, "far", 10_000)).unwrap();
    let origin = Origin { street: None, created: NOW };
    save(&log, Position::START, &origin, Form::Packed, &file, &mut |_| ()).unwrap();
    run(&["restore", file.to_str().unwrap()], Some(&data), []);
    let Output { stderr, status, .. } = command().arg("verify").arg("--data").arg(&data).output().unwrap();
    let said = String::from_utf8(stderr).unwrap();
    assert!(status.success(), "{said}");
    let told: Vec<&str> = said.lines().filter(|line| line.starts_with("commits ")).collect();
    let tenths: Vec<String> = (1..=10).map(|tenth| format!("commits {tenth}000 of 10000")).collect();
    assert_eq!(told, tenths, "{said}");
}
