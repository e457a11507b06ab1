//! L8: damage stops the opening and names the place; so does a format that is newer than the program.

use crate::street::{NEW_YEAR, community, open_street, request};
use engine::{identity::Position, member::Caller};
use std::{fs, path::Path};
use storage::{
    Damage, Hash, Head, Ledger, Log, OpenError, ReadError, conformance::samples, failure::Flaw,
    record::Record, sled::SledLog, verify,
};

/// The key of a piece of a record.
fn key(position: u64, piece: u32, pieces: u32) -> Vec<u8> {
    [b"e".as_slice(), &position.to_be_bytes(), &piece.to_be_bytes(), &pieces.to_be_bytes()].concat()
}

/// Five commits; the fourth is so long that it is stored in two pieces.
fn written(directory: &Path) {
    use engine::{command::Command, entry::EntryDraft, identity::OrganizationId, need::NeedDraft};
    let ledger = Ledger::open(SledLog::open(directory).unwrap(), || NEW_YEAR).unwrap();
    open_street(&ledger);
    for name in ["花园", "河畔"] {
        ledger.execute_blocking(Caller::System, request(name), community(name)).unwrap();
    }
    let mut draft = NeedDraft::new(EntryDraft::new("老年食堂", OrganizationId::new(1)));
    draft.entry.detail = Some("菜".repeat(2_000));
    ledger.execute_blocking(Caller::System, request("need"), Command::PostNeed(draft)).unwrap();
    ledger.execute_blocking(Caller::System, request("钟楼"), community("钟楼")).unwrap();
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(ledger.close());
}

/// Writes five commits, changes the store behind the log's back, opens it again.
fn opened_after(tamper: impl FnOnce(&sled::Tree)) -> Result<Ledger, OpenError> {
    let directory = tempfile::tempdir().unwrap();
    written(directory.path());
    tampered(directory.path(), tamper);
    Ledger::open(SledLog::open(directory.path())?, || NEW_YEAR)
}

fn tampered(directory: &Path, tamper: impl FnOnce(&sled::Tree)) {
    // Other tests start children, which hold copies of our descriptors, and with them sled's lock, until they run.
    let database = fs::File::open(directory.join("sled").join("db")).unwrap();
    database.lock().unwrap();
    database.unlock().unwrap();
    let store = sled::Config::new().path(directory.join("sled")).open().unwrap();
    let tree = store.open_tree("log").unwrap();
    tamper(&tree);
    store.flush().unwrap();
}

fn damage(tamper: impl FnOnce(&sled::Tree)) -> (u64, Flaw) {
    match opened_after(tamper) {
        Err(OpenError::Read(ReadError::Damaged(Damage { position, flaw }))) => (position.0, flaw),
        other => panic!("{other:?}"),
    }
}

fn text(tree: &sled::Tree, position: u64) -> String {
    String::from_utf8(tree.get(key(position, 0, 1)).unwrap().unwrap().to_vec()).unwrap()
}

#[test]
fn l8_without_damage_it_opens() {
    assert_eq!(opened_after(|_| ()).unwrap().state().position(), Position(5));
}

#[test]
fn l8_a_changed_byte_is_named_by_its_position() {
    let (position, flaw) = damage(|tree| {
        let changed = text(tree, 2).replace("花园", "花图");
        tree.insert(key(2, 0, 1), changed.as_bytes()).unwrap();
    });
    assert_eq!(position, 2);
    assert!(matches!(flaw, Flaw::WrongHash { .. }), "{flaw}");
}

#[test]
fn l8_a_missing_commit_is_named_wherever_it_was() {
    for missing in [1, 2, 3, 5] {
        let pieces = if missing == 1 { 2 } else { 1 };
        let (position, flaw) = damage(|tree| {
            for piece in 0..pieces {
                assert!(tree.remove(key(missing, piece, pieces)).unwrap().is_some(), "{missing}");
            }
        });
        // Of the last one nothing in the store is left that knows of it: the anchor does.
        let expected = if missing == 5 { Flaw::Cut { acknowledged: Position(5) } } else { Flaw::Missing };
        assert_eq!((position, flaw), (missing, expected));
    }
}

#[test]
fn l8_a_missing_piece_is_named() {
    for piece in 0..2 {
        let found = damage(|tree| assert!(tree.remove(key(4, piece, 2)).unwrap().is_some()));
        assert_eq!(found, (4, Flaw::PieceMissing { piece: piece + 1, pieces: 2 }));
    }
}

#[test]
fn l8_two_commits_that_changed_places_are_named() {
    let (position, flaw) = damage(|tree| {
        let (second, third) = (text(tree, 2), text(tree, 3));
        tree.insert(key(2, 0, 1), third.as_bytes()).unwrap();
        tree.insert(key(3, 0, 1), second.as_bytes()).unwrap();
    });
    assert_eq!((position, flaw), (2, Flaw::WrongPosition { stated: Position(3) }));
}

#[test]
fn l8_a_commit_of_another_history_breaks_the_chain() {
    let other = samples(Head::START, "other", 3).pop().unwrap();
    let (position, flaw) = damage(|tree| {
        tree.insert(key(3, 0, 1), other.text().as_bytes()).unwrap();
    });
    assert_eq!(position, 3);
    assert!(matches!(flaw, Flaw::BrokenChain { before, .. } if before == other.commit().before), "{flaw}");
}

#[test]
fn l8_a_last_commit_that_was_replaced_is_named() {
    let replaced = |follows_on: bool| {
        damage(|tree| {
            let last = Record::check(Position(5), text(tree, 5).as_bytes()).unwrap();
            let hash = if follows_on { last.commit().before } else { Hash::ZERO };
            let other = samples(Head { position: Position(4), hash }, "other", 1).pop().unwrap();
            tree.insert(key(5, 0, 1), other.text().as_bytes()).unwrap();
        })
    };
    let (position, flaw) = replaced(true);
    assert!(position == 5 && matches!(flaw, Flaw::WrongHead { .. }), "{flaw}");
    let (position, flaw) = replaced(false);
    assert!(position == 5 && matches!(flaw, Flaw::BrokenChain { .. }), "{flaw}");
}

#[test]
fn l8_records_after_the_head_are_named() {
    // None of the records of one that ends there is missing, and no head is so far behind.
    let found = damage(|tree| drop(tree.insert(key(7, 0, 1), b"{}").unwrap()));
    assert_eq!(found, (6, Flaw::Missing));
    let found = damage(|tree| drop(tree.insert(key(1_000, 0, 1), b"{}").unwrap()));
    assert_eq!(found, (5, Flaw::AfterHead));
}

#[test]
fn l8_a_record_that_is_no_json_is_named() {
    let (position, flaw) = damage(|tree| drop(tree.insert(key(3, 0, 1), b"\xff{}").unwrap()));
    assert_eq!(position, 3);
    assert!(matches!(flaw, Flaw::Unreadable(_)), "{flaw}");
}

#[test]
fn l8_a_store_that_lost_its_format_is_damaged_and_not_made_anew() {
    let (position, flaw) = damage(|tree| drop(tree.remove("m|format").unwrap()));
    assert_eq!(position, 0);
    assert!(matches!(flaw, Flaw::Mark(_)), "{flaw}");
}

#[test]
fn a_store_of_a_newer_program_is_left_alone() {
    let error = opened_after(|tree| drop(tree.insert("m|format", b"4").unwrap())).unwrap_err();
    assert!(matches!(error, OpenError::NewerStore { found: 4, known: 3, .. }), "{error}");
    assert!(error.to_string().contains("was made by a newer program"), "{error}");
}

#[test]
fn a_commit_of_a_newer_program_stops_the_opening() {
    let newer = |tree: &sled::Tree| {
        let text = text(tree, 3);
        let body = &text[text.find("\"body\":").unwrap() + 7..text.len() - 1];
        let body = body.replacen("\"v\":1", "\"v\":2", 1);
        let sealed = format!("{{\"hash\":\"{}\",\"body\":{body}}}", Hash::of(body.as_bytes()));
        tree.insert(key(3, 0, 1), sealed.as_bytes()).unwrap();
    };
    let error = opened_after(newer).unwrap_err();
    let expected = ReadError::NewerFormat { position: Position(3), found: 2, known: 1 };
    assert_eq!(error, OpenError::Read(expected));
    assert!(error.to_string().contains("a newer program"), "{error}");
}

#[test]
fn verify_notices_a_request_that_leads_elsewhere() {
    let directory = tempfile::tempdir().unwrap();
    written(directory.path());
    tampered(directory.path(), |tree| {
        assert!(tree.insert("c|system|河畔", &2_u64.to_be_bytes()).unwrap().is_some());
    });
    let error = verify(&SledLog::open(directory.path()).unwrap(), &mut |_| ()).unwrap_err();
    let flaw = Flaw::RequestIndex { found: Some(Position(2)) };
    assert_eq!(error, ReadError::Damaged(Damage { position: Position(3), flaw }));
}

#[test]
fn verify_names_an_entry_of_the_index_that_no_commit_has_made() {
    for (key, leads_to) in
        [("c|system|鬼", 2_u64), ("c|system|鬼", 9), ("c|member-x|鬼", 3), ("c|member-7|a|b", 1)]
    {
        let directory = tempfile::tempdir().unwrap();
        written(directory.path());
        tampered(directory.path(), |tree| {
            assert!(tree.insert(key, &leads_to.to_be_bytes()).unwrap().is_none());
        });
        let error = verify(&SledLog::open(directory.path()).unwrap(), &mut |_| ()).unwrap_err();
        let ReadError::Damaged(Damage { position, flaw: Flaw::StrayRequest { request } }) = error else {
            panic!("{key}: {error}");
        };
        assert_eq!(position, Position(leads_to));
        assert!(key.ends_with(&request), "{request}");
    }
}

#[test]
fn verify_reports_what_a_whole_log_holds() {
    let directory = tempfile::tempdir().unwrap();
    written(directory.path());
    let log = SledLog::open(directory.path()).unwrap();
    let mut walked = Vec::new();
    let report = verify(&log, &mut |position| walked.push(position.0)).unwrap();
    assert_eq!(walked, [1, 2, 3, 4, 5]);
    assert_eq!((report.commits, report.head), (5, log.head().unwrap()));
    let events = log.read(Position::START, 10).unwrap();
    assert_eq!(report.events, events.iter().map(|record| record.commit().events.len() as u64).sum::<u64>());
}

#[test]
fn every_flipped_bit_of_a_record_is_noticed() {
    let record = samples(Head::START, "花园", 1).pop().unwrap();
    let text = record.text().as_bytes();
    for index in 0..text.len() {
        for bit in 0..8 {
            let mut changed = text.to_vec();
            changed[index] ^= 1 << bit;
            assert!(Record::check(Position(1), &changed).is_err(), "bit {bit} of byte {index}");
        }
    }
    assert_eq!(Record::check(Position(1), text), Ok(record));
}

/// Copies a directory with all that is in it.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for item in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(item.file_name());
        if item.file_type().unwrap().is_dir() {
            copy(&item.path(), &target);
        } else {
            fs::copy(item.path(), target).unwrap();
        }
    }
}

#[test]
fn l8_a_store_that_went_back_in_time_is_noticed() {
    let directory = tempfile::tempdir().unwrap();
    let (store, older) = (directory.path().join("sled"), directory.path().join("older"));
    written(directory.path());
    copy(&store, &older);
    let log = SledLog::open(directory.path()).unwrap();
    log.append(Position(5), &samples(log.head().unwrap(), "more", 3)).unwrap();
    drop(log);
    fs::remove_dir_all(&store).unwrap();
    fs::rename(&older, &store).unwrap();

    let flaw = Flaw::Cut { acknowledged: Position(8) };
    let damage = Damage { position: Position(6), flaw };
    assert_eq!(SledLog::open(directory.path()).unwrap_err(), OpenError::Read(ReadError::Damaged(damage)));
}

#[test]
fn l8_a_store_that_lost_its_anchor_or_all_its_files_is_noticed() {
    for lost in ["anchor", "sled"] {
        let directory = tempfile::tempdir().unwrap();
        written(directory.path());
        match lost {
            "sled" => fs::remove_dir_all(directory.path().join(lost)).unwrap(),
            _ => fs::remove_file(directory.path().join(lost)).unwrap(),
        }
        let error = SledLog::open(directory.path()).unwrap_err();
        assert!(matches!(error, OpenError::Read(ReadError::Damaged(_))), "{lost}: {error}");
    }
}
