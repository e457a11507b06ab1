//! G2: the same actor and request id gets the same answer, and nothing is appended.

use crate::street::{HeldLog, community, coordinator, ledger, open_street, queue, request, street};
use engine::{command::Command, identity::Position, member::Caller, refusal::Refusal};
use std::thread;
use storage::{Asked, ExecuteError, Log, Request, memory::MemoryLog, sled::SledLog};

#[test]
fn g2_a_request_sent_by_many_threads_at_once_happens_once() {
    let log = MemoryLog::new();
    let ledger = street(log.clone());
    let receipts: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| ledger.execute_blocking(Caller::System, request("one"), community("花园")))
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap().unwrap()).collect()
    });
    assert_eq!(receipts.iter().filter(|receipt| !receipt.repeated).count(), 1);
    for receipt in &receipts {
        assert_eq!((receipt.position, receipt.events()), (Position(2), receipts[0].events()));
        assert!(receipt.state.position() >= receipt.position);
    }
    assert_eq!(log.head().unwrap().position, Position(2));
}

#[tokio::test]
async fn g2_a_request_repeated_within_one_group_happens_once() {
    let log = MemoryLog::new();
    let (held, hold) = HeldLog::new(log.clone());
    let ledger = ledger(held);
    let open = Command::OpenStreet { name: "春风街道".to_owned() };
    let first = queue(ledger.execute(Caller::System, request("open"), open.clone()));
    hold.arrived();
    let twice = [0; 2].map(|_| queue(ledger.execute(Caller::System, request("one"), community("花园"))));
    drop(hold);
    assert!(!first.await.unwrap().repeated);
    let [once, again] = twice;
    let (once, again) = (once.await.unwrap(), again.await.unwrap());
    assert_eq!((once.position, once.repeated), (Position(2), false));
    assert_eq!((again.position, again.repeated, again.events()), (Position(2), true, once.events()));
}

#[test]
fn g2_the_answer_outlives_the_process() {
    let directory = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let mut answers = Vec::new();
    for _ in 0..3 {
        let ledger = ledger(SledLog::open(directory.path()).unwrap());
        open_street(&ledger);
        let receipt = ledger.execute_blocking(Caller::System, request("one"), community("花园")).unwrap();
        answers.push((receipt.position, receipt.events().to_vec(), receipt.repeated));
        runtime.block_on(ledger.close());
    }
    let [first, second, third] = <[_; 3]>::try_from(answers).unwrap();
    assert!(!first.2 && second.2);
    assert_eq!((&first.0, &first.1), (&second.0, &second.1));
    assert_eq!(second, third);
}

#[test]
fn g2_the_same_id_from_another_member_is_another_request() {
    let ledger = street(MemoryLog::new());
    let callers = [coordinator(1), coordinator(2), Caller::System];
    for (index, caller) in callers.into_iter().enumerate() {
        let receipt =
            ledger.execute_blocking(caller, request("same"), community(&format!("社区{index}"))).unwrap();
        assert_eq!((receipt.position, receipt.repeated), (Position(index as u64 + 2), false));
    }
}

#[test]
fn g2_the_answer_is_that_of_the_first_even_for_another_command() {
    let ledger = street(MemoryLog::new());
    let first = ledger.execute_blocking(Caller::System, request("one"), community("花园")).unwrap();
    let other = ledger.execute_blocking(Caller::System, request("one"), community("河畔")).unwrap();
    assert_eq!((other.position, other.events(), other.repeated), (first.position, first.events(), true));
}

/// A request that says what it asks for, in short.
fn asking(id: &str, bits: u64) -> Request {
    Request { id: request(id), asked: Some(Asked::new(bits)) }
}

#[test]
fn g2_an_id_that_is_given_again_for_something_else_is_an_error() {
    let directory = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    for start in 0..2 {
        let ledger = ledger(SledLog::open(directory.path()).unwrap());
        open_street(&ledger);
        let once = ledger.execute_blocking(Caller::System, asking("one", 7), community("花园")).unwrap();
        assert_eq!((once.position, once.repeated), (Position(2), start > 0), "start {start}");
        let again = ledger.execute_blocking(Caller::System, asking("one", 7), community("花园")).unwrap();
        assert_eq!((again.events(), again.repeated), (once.events(), true), "start {start}");
        let other = ledger.execute_blocking(Caller::System, asking("one", 8), community("河畔"));
        assert_eq!(other, Err(ExecuteError::RequestTaken { position: Position(2) }), "start {start}");
        runtime.block_on(ledger.close());
    }
}

#[tokio::test]
async fn g2_an_id_within_one_group_stands_for_one_request() {
    let log = MemoryLog::new();
    let (held, hold) = HeldLog::new(log.clone());
    let ledger = ledger(held);
    let open = Command::OpenStreet { name: "春风街道".to_owned() };
    let first = queue(ledger.execute(Caller::System, request("open"), open));
    hold.arrived();
    let both = [(7, "花园"), (8, "河畔")]
        .map(|(bits, name)| queue(ledger.execute(Caller::System, asking("one", bits), community(name))));
    drop(hold);
    first.await.unwrap();
    let [one, other] = both;
    assert_eq!(one.await.unwrap().position, Position(2));
    assert_eq!(other.await, Err(ExecuteError::RequestTaken { position: Position(2) }));
    assert_eq!(log.head().unwrap().position, Position(2));
}

#[test]
fn g2_where_either_does_not_say_what_it_asks_for_the_id_alone_counts() {
    let ledger = street(MemoryLog::new());
    let silent = ledger.execute_blocking(Caller::System, request("silent"), community("花园")).unwrap();
    let said = ledger.execute_blocking(Caller::System, asking("silent", 7), community("河畔")).unwrap();
    assert_eq!((said.position, said.repeated), (silent.position, true));
    ledger.execute_blocking(Caller::System, asking("said", 7), community("河畔")).unwrap();
    let silent = ledger.execute_blocking(Caller::System, request("said"), community("柳荫")).unwrap();
    assert_eq!((silent.position, silent.repeated), (Position(3), true));
}

#[test]
fn g2_a_refused_command_leaves_no_trace_and_is_decided_again() {
    let ledger = ledger(MemoryLog::new());
    let add = || ledger.execute_blocking(Caller::System, request("one"), community("花园"));
    assert_eq!(add(), Err(ExecuteError::Refused(Refusal::StreetNotOpened)));
    open_street(&ledger);
    let granted = add().unwrap();
    assert_eq!((granted.position, granted.repeated), (Position(2), false));
}

#[test]
fn g2_a_command_that_changes_nothing_appends_nothing() {
    let log = MemoryLog::new();
    let ledger = street(log.clone());
    let receipt = ledger.execute_blocking(Caller::System, request("tick"), Command::Tick).unwrap();
    assert_eq!((receipt.position, receipt.events(), receipt.repeated), (Position(1), [].as_slice(), false));
    assert_eq!(log.head().unwrap().position, Position(1));
}
