//! G4, G5: what happens when an append fails; and who may open a log.

use crate::street::{NEW_YEAR, community, ledger, open_street, request, street};
use engine::{identity::Position, member::Caller};
use storage::{
    ExecuteError, Health, Ledger, Log, OpenError,
    faulty::{Failure, FaultyLog},
    memory::MemoryLog,
    sled::SledLog,
    verify,
};

#[test]
fn g5_not_written_means_that_nothing_was_and_trying_again_helps() {
    let log = MemoryLog::new();
    let ledger = street(FaultyLog::new(log.clone(), [(2, Failure::NotWritten)]));
    let add = || ledger.execute_blocking(Caller::System, request("one"), community("花园"));
    let failed = add();
    assert!(matches!(failed, Err(ExecuteError::NotWritten(_))), "{failed:?}");
    assert_eq!(log.head().unwrap().position, Position(1));
    assert_eq!(ledger.state().position(), Position(1), "the draft was thrown away");
    assert_eq!(ledger.health(), Health::Writable);

    let again = add().unwrap();
    assert_eq!((again.position, again.repeated), (Position(2), false), "the name was not taken");
    assert_eq!(verify(&log, &mut |_| ()).unwrap().state, *ledger.state());
}

#[test]
fn g5_after_an_unknown_outcome_the_ledger_is_read_only_and_the_request_id_tells_later() {
    for (failure, was_written) in [(Failure::UnknownButWritten, true), (Failure::UnknownAndLost, false)] {
        let log = MemoryLog::new();
        let shaky = street(FaultyLog::new(log.clone(), [(3, failure)]));
        let add =
            |ledger: &Ledger, name| ledger.execute_blocking(Caller::System, request(name), community(name));
        let before = add(&shaky, "before").unwrap();

        let unknown = add(&shaky, "unknown");
        assert!(matches!(unknown, Err(ExecuteError::OutcomeUnknown(_))), "{unknown:?}");
        for name in ["unknown", "after"] {
            let refused = add(&shaky, name);
            assert!(matches!(refused, Err(ExecuteError::ReadOnly(_))), "{refused:?}");
        }
        assert!(matches!(shaky.health(), Health::ReadOnly { .. }));

        // Reads go on, on what was certain.
        assert_eq!(shaky.state().position(), Position(2));
        assert_eq!(shaky.read(Position(1), 10).unwrap().len(), 1);
        let known = add(&shaky, "before").unwrap();
        assert_eq!((known.position, known.repeated), (before.position, true));
        drop(shaky);

        // Opened again, the same request id is answered or executed: either way it happens once.
        let ledger = ledger(log.clone());
        let receipt = add(&ledger, "unknown").unwrap();
        assert_eq!((receipt.position, receipt.repeated), (Position(3), was_written), "{failure:?}");
        assert_eq!(log.head().unwrap().position, Position(3));
    }
}

#[test]
fn a_log_that_somebody_else_has_open_says_so() {
    let directory = tempfile::tempdir().unwrap();
    let first = SledLog::open(directory.path()).unwrap();
    let in_use = OpenError::InUse { directory: directory.path().to_owned() };
    assert_eq!(SledLog::open(directory.path()).unwrap_err(), in_use);
    drop(first);
    SledLog::open(directory.path()).unwrap();
}

#[test]
fn a_closed_ledger_has_given_up_its_files() {
    let directory = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    for _ in 0..10 {
        let ledger = Ledger::open(SledLog::open(directory.path()).unwrap(), || NEW_YEAR).unwrap();
        open_street(&ledger);
        runtime.block_on(ledger.close());
        // The handle still lives.
        assert_eq!(ledger.state().position(), Position(1));
    }
}
