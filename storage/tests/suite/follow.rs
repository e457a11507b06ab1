//! G7: history, then live; nothing missed, nothing twice.

use crate::street::{community, request, street};
use engine::{identity::Position, member::Caller};
use futures_util::{StreamExt, TryStreamExt};
use std::thread;
use storage::{Ledger, memory::MemoryLog};

fn write(ledger: &Ledger, names: std::ops::Range<u32>) {
    for name in names.map(|name| name.to_string()) {
        ledger.execute_blocking(Caller::System, request(&name), community(&name)).unwrap();
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().build().unwrap()
}

#[test]
fn g7_followers_get_history_then_live_wherever_they_start() {
    let ledger = street(MemoryLog::new());
    write(&ledger, 0..600);
    thread::scope(|scope| {
        for after in [0, 1, 300, 601, 650] {
            let followed = ledger.follow(Position(after));
            scope.spawn(move || {
                let commits: Vec<_> =
                    runtime().block_on(followed.take(1_201 - after as usize).try_collect()).unwrap();
                let positions: Vec<_> = commits.iter().map(|commit| commit.position.0).collect();
                assert_eq!(positions, (after + 1..=1_201).collect::<Vec<_>>());
            });
        }
        scope.spawn(|| write(&ledger, 600..1_200));
    });
}

#[test]
fn g7_a_follower_slower_than_any_queue_misses_nothing() {
    let ledger = street(MemoryLog::new());
    let mut followed = Box::pin(ledger.follow(Position::START));
    let runtime = runtime();
    let first = runtime.block_on(followed.next()).unwrap().unwrap();
    assert_eq!(first.position, Position(1));
    // It sleeps while everything happens.
    write(&ledger, 0..2_000);
    for position in 2..=2_001 {
        let commit = runtime.block_on(followed.next()).unwrap().unwrap();
        assert_eq!(commit.position, Position(position));
    }
}

#[test]
fn g7_a_follower_ends_when_the_ledger_is_closed() {
    let ledger = street(MemoryLog::new());
    let followed = ledger.follow(Position::START);
    let runtime = runtime();
    let count = thread::scope(|scope| {
        let mut followed = Box::pin(followed);
        assert!(runtime.block_on(followed.next()).unwrap().is_ok());
        let waits = scope.spawn(move || self::runtime().block_on(followed.count()));
        runtime.block_on(ledger.close());
        waits.join().unwrap()
    });
    assert_eq!(count, 0);
    assert_eq!(runtime.block_on(ledger.follow(Position::START).count()), 0);
}

#[test]
fn g7_a_follower_does_not_keep_the_ledger_open() {
    let ledger = street(MemoryLog::new());
    let followed = ledger.follow(Position(1));
    drop(ledger);
    assert_eq!(runtime().block_on(followed.count()), 0);
}
