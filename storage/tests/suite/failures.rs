//! G4, G5, G15, G16: what happens when an append fails or cannot begin, and when the program does; and who may open a log.

use crate::street::{HeldLog, NEW_YEAR, community, ledger, open_street, queue, request, street};
use engine::{identity::Position, member::Caller};
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};
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

#[tokio::test]
async fn g15_a_panic_at_one_command_is_the_answer_to_it_alone() {
    let log = MemoryLog::new();
    let (switched, switches) = FaultyLog::switched(log.clone());
    let (held, hold) = HeldLog::new(switched);
    let ledger = tokio::task::spawn_blocking(move || ledger(held)).await.unwrap();
    let add = |name: &str| ledger.execute(Caller::System, request(name), community(name));
    let opening = ledger.clone();
    let opened = tokio::task::spawn_blocking(move || open_street(&opening));
    hold.arrived();
    switches.panic_at(request("poison"));
    // They are decided together: some before the fault, some after it, one again.
    let before: Vec<_> = ["one", "two"].map(|name| queue(add(name))).into();
    let poison = queue(add("poison"));
    let after: Vec<_> = ["three", "two"].map(|name| queue(add(name))).into();
    hold.go();
    hold.arrived();
    hold.go();
    opened.await.unwrap();
    let said = "a bug was ordered at poison".to_owned();
    assert_eq!(poison.await.unwrap_err(), ExecuteError::Bug { said });
    let mut answers = Vec::new();
    for answer in before.into_iter().chain(after) {
        let receipt = answer.await.unwrap();
        answers.push((receipt.position.0, receipt.repeated));
    }
    assert_eq!(answers, [(2, false), (3, false), (4, false), (3, true)]);
    assert_eq!(hold.sizes(), [1, 3], "one group");

    // Readers and writer go on, and the log has what was answered.
    assert_eq!(ledger.health(), Health::Writable);
    assert_eq!(ledger.read(Position::START, 9).unwrap().len(), 4);
    drop(hold);
    assert_eq!(add("four").await.unwrap().position, Position(5));
    assert_eq!(verify(&log, &mut |_| ()).unwrap().state, *ledger.state());
}

#[test]
fn g15_a_clock_that_panics_is_a_fault_like_any_other() {
    let broken = Arc::new(AtomicBool::new(false));
    let clock = Arc::clone(&broken);
    let ledger = Ledger::open(MemoryLog::new(), move || {
        assert!(!clock.load(Ordering::SeqCst), "no time");
        NEW_YEAR
    })
    .unwrap();
    open_street(&ledger);
    let add = |name| ledger.execute_blocking(Caller::System, request(name), community(name));
    broken.store(true, Ordering::SeqCst);
    for _ in 0..2 {
        assert_eq!(add("late").unwrap_err(), ExecuteError::Bug { said: "no time".to_owned() });
    }
    // What was done before is still told, for which nobody asks the time.
    assert!(open_street(&ledger).repeated);
    broken.store(false, Ordering::SeqCst);
    assert_eq!(add("late").unwrap().position, Position(2));
}

#[test]
fn g16_a_full_log_is_said_beforehand_and_so_is_that_there_is_room_again() {
    let (log, switches) = FaultyLog::switched(MemoryLog::new());
    let ledger = street(log);
    let add = |name| ledger.execute_blocking(Caller::System, request(name), community(name));
    assert_eq!(ledger.health(), Health::Writable);
    for name in ["one", "two"] {
        switches.fill(true);
        let Health::NoRoom { why } = ledger.health() else { panic!("{:?}", ledger.health()) };
        assert_eq!(add(name).unwrap_err(), ExecuteError::NotWritten(why));
        assert!(open_street(&ledger).repeated, "reads go on");
        switches.fill(false);
        assert_eq!(ledger.health(), Health::Writable);
        add(name).unwrap();
    }
    assert_eq!(ledger.state().position(), Position(3));
}
