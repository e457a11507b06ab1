//! After an erasure no byte yields the contact, and copies are whole or not at all.

use super::*;
use crate::{
    random::Random,
    street::{community, open_street, request},
};
use engine::{identity::Position, member::Caller};
use storage::{
    Ledger,
    backup::{Form, Origin, save},
    sled::SledLog,
    snapshot::Pace,
    verify,
};

#[test]
fn v3_v7_after_an_erasure_no_byte_of_store_snapshots_and_new_backups_yields_the_contact() {
    let place = Place::new();
    let vault = place.filled(9);
    // A street beside it, with a log, snapshots and a backup.
    let pace = Pace::every(5);
    let log = SledLog::open(&place.path("data")).unwrap();
    let ledger = Ledger::open_at_pace(log, || NEW_YEAR, pace).unwrap();
    open_street(&ledger);
    for name in 0..30 {
        let name = format!("社区{name}");
        ledger.execute_blocking(Caller::System, request(&name), community(&name)).unwrap();
    }
    let gone = ContactId::new(4);
    let traces_of = |index| {
        let traces = traces(&place, index);
        assert!(
            traces.iter().all(|trace| !found(&place.path("data"), trace).is_empty()),
            "they can be found"
        );
        traces
    };
    let (theirs, others) = (traces_of(3), traces_of(4));
    let head = ledger.view();
    let before = storage::Log::head(&head).unwrap();

    vault.erase(gone, later(99)).unwrap();
    assert_eq!(vault.read(gone), Ok(Reading::Erased { at: later(99) }));
    // With everything that a new backup has.
    let origin = Origin { street: None, created: NEW_YEAR };
    save(&ledger.view(), Position::START, &origin, Form::Plain, &place.path("data/backup"), &mut |_| ())
        .unwrap();
    vault.save(&place.path("data/vault.copy")).unwrap();
    for trace in &theirs {
        assert_eq!(found(&place.path("data"), trace), Vec::<String>::new());
    }
    // A half of it neither.
    assert_eq!(found(&place.path("data"), &theirs[1][..16]), Vec::<String>::new());
    assert_eq!(found(&place.path("data"), &theirs[2][500..532]), Vec::<String>::new());
    for trace in &others {
        assert!(found(&place.path("data"), trace).contains(&"vault.copy".to_owned()), "the others are kept");
    }
    assert!(!found(&place.path("data"), &others[1]).contains(&"backup".to_owned()), "V7");
    for clear in ["王阿姨4号", "13800130004"] {
        assert_eq!(found(&place.path("data"), clear.as_bytes()), Vec::<String>::new());
    }

    // The chain holds, and it stays so.
    assert_eq!(verify(&ledger.view(), &mut |_| ()).unwrap().head, before);
    drop(vault);
    let vault = place.vault().unwrap();
    vault.erase(gone, later(100)).unwrap();
    assert_eq!(vault.read(gone), Ok(Reading::Erased { at: later(99) }), "once is enough");
    assert_eq!(vault.verify().unwrap(), VaultReport { kept: 8, erased: 1, ..VaultReport::default() });
}

#[test]
fn v3_an_erasure_that_a_crash_broke_off_is_finished() {
    let place = Place::new();
    drop(place.filled(3));
    let [_, _, sealed] = traces(&place, 1);
    let contacts = fs::read(place.path("data/vault/contacts")).unwrap();
    place.vault().unwrap().erase(ContactId::new(2), later(9)).unwrap();
    // As if it had stopped between its two steps.
    fs::write(place.path("data/vault/contacts"), contacts).unwrap();
    assert_eq!(found(&place.path("data"), &sealed), ["contacts"]);
    let vault = place.vault().unwrap();
    assert_eq!(found(&place.path("data"), &sealed), Vec::<String>::new());
    assert_eq!(vault.verify().unwrap(), VaultReport { kept: 2, erased: 1, ..VaultReport::default() });
}

#[test]
fn v7_a_copy_comes_back_with_its_key_and_whole_or_not_at_all() {
    let place = Place::new();
    let vault = place.filled(5);
    let path = place.path("copy");
    vault.save(&path).unwrap();
    assert_eq!(vault.save(&path), Err(VaultError::Exists { path: path.clone() }));
    let file = fs::read(&path).unwrap();
    let restore = |file: &[u8], unlock: &Unlock| Vault::restore_new(file, &place.path("back"), unlock);
    let mut random = Random::new(7);
    for round in 0..200 {
        let mut rotten = file.clone();
        let at = random.below(file.len());
        match round % 2 {
            0 => rotten.truncate(at),
            _ => rotten[at] ^= 1 << random.below(8),
        }
        assert!(restore(&rotten, &place.unlock).is_err(), "byte {at}");
        assert!(!place.path("back").exists());
    }
    let other = Unlock::create_key_file(&place.path("other")).unwrap();
    assert_eq!(restore(&file, &other).unwrap_err(), VaultError::WrongKey);
    assert!(!place.path("back").exists());

    let back = restore(&file, &place.unlock).unwrap();
    for number in 1..=5 {
        assert_eq!(back.read(ContactId::new(number)), kept(number));
    }
    let exists = VaultError::Exists { path: place.path("back") };
    assert_eq!(restore(&file, &place.unlock).unwrap_err(), exists);
}
