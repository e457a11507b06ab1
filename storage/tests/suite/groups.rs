//! G1, G3, G4, G6, G8, G9, G10: groups, their order, their bounds, and what is seen of them.

use crate::street::{
    HandClock, HeldLog, NEW_YEAR, community, coordinator, ledger, open_street, queue, request, street,
};
use engine::{identity::Position, member::Caller, moment::Moment, refusal::Refusal};
use std::thread;
use storage::{
    ExecuteError, Health, Ledger, Log,
    ledger::{GROUP_BYTES_MAX, GROUP_COMMANDS_MAX, QUEUE_COMMANDS_MAX},
    memory::MemoryLog,
    verify,
};

/// A ledger whose street is open and whose next append is held.
fn held_street(log: &MemoryLog) -> (Ledger, crate::street::Hold) {
    drop_and_wait(street(log.clone()));
    let (held, hold) = HeldLog::new(log.clone());
    (ledger(held), hold)
}

fn drop_and_wait(ledger: Ledger) {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(ledger.close());
}

fn names(count: usize) -> Vec<String> {
    (0..count).map(|index| format!("社区{index}")).collect()
}

#[test]
fn g1_a_receipt_is_given_after_the_commit_is_in_the_log() {
    let log = MemoryLog::new();
    let ledger = street(log.clone());
    for (index, name) in names(5).iter().enumerate() {
        let receipt = ledger.execute_blocking(Caller::System, request(name), community(name)).unwrap();
        assert_eq!(receipt.position, Position(index as u64 + 2));
        assert_eq!(log.head().unwrap().position, receipt.position);
        assert_eq!(log.read(Position(index as u64 + 1), 1).unwrap()[0].commit().events, receipt.events());
        assert!(!receipt.repeated && receipt.state.position() >= receipt.position);
    }
    assert_eq!(*ledger.head().borrow(), Position(6));
    assert_eq!(verify(&log, &mut |_| ()).unwrap().state, *ledger.state(), "replayed, it is the same state");
}

#[tokio::test]
async fn g3_what_waits_while_an_append_is_under_way_goes_into_the_next_together() {
    let log = MemoryLog::new();
    let (ledger, hold) = tokio::task::spawn_blocking(move || held_street(&log)).await.unwrap();
    let names = names(33);
    let first = queue(ledger.execute(Caller::System, request("first"), community("first")));
    hold.arrived();
    let others: Vec<_> = names
        .iter()
        .map(|name| queue(ledger.execute(Caller::System, request(name), community(name))))
        .collect();
    hold.go();
    hold.arrived();
    hold.go();
    assert_eq!(first.await.unwrap().position, Position(2));
    for (index, other) in others.into_iter().enumerate() {
        assert_eq!(other.await.unwrap().position, Position(index as u64 + 3), "in the order of the queue");
    }
    assert_eq!(hold.sizes(), [1, 33], "34 commands, two appends");
}

#[tokio::test]
async fn g3_a_group_is_bounded_by_its_number_of_commands() {
    let log = MemoryLog::new();
    let (ledger, hold) = tokio::task::spawn_blocking(move || held_street(&log)).await.unwrap();
    let names = names(GROUP_COMMANDS_MAX + 2);
    let mut answers = Vec::new();
    for name in &names {
        answers.push(queue(ledger.execute(Caller::System, request(name), community(name))));
        if answers.len() == 1 {
            hold.arrived();
        }
    }
    for _ in 0..2 {
        hold.go();
        hold.arrived();
    }
    hold.go();
    for answer in answers {
        answer.await.unwrap();
    }
    assert_eq!(hold.sizes(), [1, GROUP_COMMANDS_MAX, 1]);
}

#[tokio::test]
async fn g3_a_group_is_bounded_by_its_bytes() {
    let log = MemoryLog::new();
    let (ledger, hold) = tokio::task::spawn_blocking(move || held_street(&log)).await.unwrap();
    // A project with its fullest slots is some 60 kB, so a megabyte is reached long before 128 of them.
    let wordy = || {
        use engine::{command::Command, entry::EntryDraft, identity::OrganizationId, project::*};
        let office = OrganizationId::new(1);
        let mut draft = ProjectDraft::new(EntryDraft::new("共建花园", office));
        draft.entry.detail = Some("长".repeat(2_000));
        draft.entry.source = Some("长".repeat(2_000));
        draft.entry.window.wording = Some("长".repeat(2_000));
        draft.entry.beneficiaries.wording = Some("长".repeat(2_000));
        Command::PostProject(draft)
    };
    let first = queue(ledger.execute(Caller::System, request("first"), community("first")));
    hold.arrived();
    let names = names(GROUP_COMMANDS_MAX);
    let others: Vec<_> =
        names.iter().map(|name| queue(ledger.execute(Caller::System, request(name), wordy()))).collect();
    drop(first);
    hold.go();
    hold.arrived();
    let bytes = 24_000;
    let size = hold.sizes()[1];
    assert!((GROUP_BYTES_MAX / bytes / 2..=GROUP_BYTES_MAX / bytes).contains(&size), "{size} commands");
    drop(hold);
    for other in others {
        other.await.unwrap();
    }
}

#[tokio::test]
async fn g4_a_refused_command_stands_between_accepted_ones_and_leaves_no_gap() {
    let log = MemoryLog::new();
    let kept = log.clone();
    let (ledger, hold) = tokio::task::spawn_blocking(move || held_street(&log)).await.unwrap();
    let first = queue(ledger.execute(Caller::System, request("0"), community("花园")));
    hold.arrived();
    let nobody = queue(ledger.execute(Caller::Public, request("1"), community("河畔")));
    let river = queue(ledger.execute(Caller::System, request("2"), community("河畔")));
    let again = queue(ledger.execute(coordinator(1), request("3"), community("河畔")));
    let tower = queue(ledger.execute(coordinator(1), request("4"), community("钟楼")));

    // While the append is under way nobody sees anything of it.
    assert_eq!(ledger.state().position(), Position(1));
    assert_eq!(ledger.read(Position(1), 10), Ok(Vec::new()));
    hold.go();
    hold.arrived();
    assert_eq!(ledger.state().position(), Position(2));
    hold.go();

    assert_eq!(first.await.unwrap().position, Position(2));
    assert!(matches!(nobody.await, Err(ExecuteError::Refused(Refusal::NotAllowed { .. }))));
    assert_eq!(river.await.unwrap().position, Position(3));
    let taken = Refusal::NameTaken { name: "河畔".to_owned() };
    assert_eq!(again.await, Err(ExecuteError::Refused(taken)), "decided on the state the former left");
    assert_eq!(tower.await.unwrap().position, Position(4));
    assert_eq!(hold.sizes(), [1, 2]);
    assert_eq!(kept.head().unwrap().position, Position(4));
}

#[test]
fn g6_time_never_runs_backwards_in_the_log() {
    let clock = HandClock::new();
    let ledger = Ledger::open(MemoryLog::new(), clock.as_clock()).unwrap();
    open_street(&ledger);
    let day = 86_400_000;
    let at = |days: i64| Moment::from_millis(NEW_YEAR.millis() + days * day);
    for (name, shown, recorded) in [("a", 2, 2), ("b", 1, 2), ("c", -100, 2), ("d", 3, 3)] {
        clock.set(at(shown));
        ledger.execute_blocking(Caller::System, request(name), community(name)).unwrap();
        assert_eq!(ledger.state().time(), Some(at(recorded)), "{name}");
        assert_eq!(ledger.now(), at(recorded), "{name}");
    }
}

#[tokio::test]
async fn g8_beyond_a_full_queue_commands_are_turned_away_at_once() {
    let log = MemoryLog::new();
    let (ledger, hold) = tokio::task::spawn_blocking(move || held_street(&log)).await.unwrap();
    let names = names(QUEUE_COMMANDS_MAX);
    let first = queue(ledger.execute(Caller::System, request("first"), community("first")));
    hold.arrived();
    let others: Vec<_> = names
        .iter()
        .map(|name| queue(ledger.execute(Caller::System, request(name), community(name))))
        .collect();
    let one_more = ledger.execute(Caller::System, request("more"), community("more")).await;
    assert_eq!(one_more, Err(ExecuteError::Overloaded));
    drop(hold);
    first.await.unwrap();
    for other in others {
        other.await.unwrap();
    }
    ledger.execute(Caller::System, request("more"), community("more")).await.unwrap();
}

#[test]
fn g9_two_processes_on_one_log_read_on_and_decide_again() {
    let log = MemoryLog::new();
    let ledgers = [street(log.clone()), ledger(log.clone())];
    thread::scope(|scope| {
        for (index, ledger) in ledgers.iter().enumerate() {
            scope.spawn(move || {
                for round in 0..50 {
                    let id = request(&format!("{index}-{round}"));
                    // Both want the same names; each name goes to the one who was first.
                    match ledger.execute_blocking(Caller::System, id, community(&round.to_string())) {
                        Ok(_) | Err(ExecuteError::Refused(Refusal::NameTaken { .. })) => {}
                        Err(error) => panic!("{error}"),
                    }
                }
            });
        }
    });
    let report = verify(&log, &mut |_| ()).unwrap();
    assert_eq!(report.commits, 51, "the street and fifty names, each once");
    for (index, ledger) in ledgers.iter().enumerate() {
        let id = request(&format!("last-{index}"));
        let receipt =
            ledger.execute_blocking(Caller::System, id, community(&format!("最后{index}"))).unwrap();
        assert_eq!(receipt.position, Position(52 + index as u64), "it knows what the other wrote");
        assert_eq!(ledger.health(), Health::Writable);
    }
}

#[test]
fn g10_whoever_hears_of_a_position_finds_its_state() {
    let ledger = street(MemoryLog::new());
    let mut heads = ledger.head();
    thread::scope(|scope| {
        scope.spawn(|| {
            for name in names(200) {
                ledger.execute_blocking(Caller::System, request(&name), community(&name)).unwrap();
            }
        });
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        while *heads.borrow_and_update() < Position(201) {
            let heard = *heads.borrow();
            assert!(ledger.state().position() >= heard);
            runtime.block_on(heads.changed()).unwrap();
        }
    });
}

#[tokio::test]
async fn close_finishes_what_waits_and_takes_nothing_more() {
    let log = MemoryLog::new();
    let (ledger, hold) = tokio::task::spawn_blocking(move || held_street(&log)).await.unwrap();
    let first = queue(ledger.execute(Caller::System, request("1"), community("1")));
    hold.arrived();
    let second = queue(ledger.execute(Caller::System, request("2"), community("2")));
    let closed = queue(ledger.close());
    let third = queue(ledger.execute(Caller::System, request("3"), community("3")));
    drop(hold);
    closed.await;
    for answer in [first.await, second.await, third.await] {
        answer.unwrap();
    }
    let after = ledger.execute(Caller::System, request("4"), community("4")).await;
    assert_eq!(after, Err(ExecuteError::Closed));
    assert!(matches!(ledger.health(), Health::ReadOnly { .. }));
    assert_eq!(ledger.state().position(), Position(4), "the last state can still be seen");
    ledger.close().await;
}
