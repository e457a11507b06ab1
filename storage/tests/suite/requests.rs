//! G2: the same actor and request id gets the same answer, and nothing is appended.

use crate::street::{HeldLog, community, coordinator, ledger, open_street, queue, request, street};
use engine::{command::Command, identity::Position, member::Caller, refusal::Refusal};
use std::thread;
use storage::{ExecuteError, Log, memory::MemoryLog, sled::SledLog};

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
