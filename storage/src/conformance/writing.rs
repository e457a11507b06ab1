//! What the ledger promises of writing, over any log; and that a log takes in what another gave out.

use super::{Open, samples};
use crate::{
    backup::{Origin, backup, export, restore},
    commit::Head,
    faulty::{Failure, FaultyLog},
    ledger::{ExecuteError, Health, Ledger, Receipt},
    log::Log,
    memory::MemoryLog,
    request::{RequestId, RequestKey},
};
use engine::{
    command::Command,
    identity::{PlaceId, Position},
    member::Caller,
    moment::Moment,
    place::PlaceLevel,
};
use futures_util::StreamExt;
use std::{
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    thread,
};

const NEW_YEAR: Moment = Moment::from_millis(1_767_196_800_000);

fn opened(log: impl Log + 'static) -> Ledger {
    Ledger::open(log, || NEW_YEAR).expect("a good log")
}

fn street(open: Open<'_>) -> Ledger {
    let ledger = opened(Arc::<dyn Log>::from(open()));
    done(&ledger, "open", Command::OpenStreet { name: "春风街道".to_owned() });
    ledger
}

fn request(name: &str) -> RequestId {
    RequestId::new(name).expect("a valid request id")
}

fn community(name: &str) -> Command {
    let (level, parent) = (PlaceLevel::Community, Some(PlaceId::new(1)));
    Command::AddPlace { name: name.to_owned(), level, parent, reference: None }
}

fn run(ledger: &Ledger, name: &str, command: Command) -> Result<Receipt, ExecuteError> {
    ledger.execute_blocking(Caller::System, request(name), command)
}

fn done(ledger: &Ledger, name: &str, command: Command) -> Receipt {
    run(ledger, name, command).expect("granted")
}

/// Waits until the ledger has given up its log.
fn closed(ledger: Ledger) {
    runtime().block_on(ledger.close());
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().build().expect("a runtime")
}

/// G1, without a crash: every answer that was given to one of many is in the log that is opened next.
pub fn g1_what_was_acknowledged_is_there_when_opened_again(open: Open<'_>) {
    let ledger = street(open);
    let answers: Vec<(String, Position)> = thread::scope(|scope| {
        let write = |writer: u32| {
            let ledger = &ledger;
            scope.spawn(move || {
                let names = (0..20).map(|number| format!("{writer}-{number}"));
                names
                    .map(|name| (name.clone(), done(ledger, &name, community(&name)).position))
                    .collect::<Vec<_>>()
            })
        };
        let writers: Vec<_> = (0..8).map(write).collect();
        writers.into_iter().flat_map(|writer| writer.join().expect("it writes")).collect()
    });
    closed(ledger);
    let log = open();
    assert_eq!(log.head().expect("readable").position, Position(1 + answers.len() as u64));
    for (name, position) in answers {
        let key = RequestKey::of(&Caller::System, &request(&name));
        assert_eq!(log.find(&key), Ok(Some(position)), "{name}");
    }
}

/// G2, also after an end.
pub fn g2_a_request_happens_once(open: Open<'_>) {
    let ledger = street(open);
    let first = done(&ledger, "one", community("花园"));
    let again = done(&ledger, "one", community("另一个"));
    assert_eq!((first.repeated, again.repeated), (false, true));
    assert_eq!((again.position, again.events()), (first.position, first.events()));
    closed(ledger);
    let ledger = opened(Arc::<dyn Log>::from(open()));
    let later = done(&ledger, "one", community("花园"));
    assert_eq!((later.position, later.repeated, later.events()), (first.position, true, first.events()));
    assert_eq!(ledger.state().position(), first.position);
    closed(ledger);
}

/// G5: after an append of which nobody knows how it ended, nothing is written and all that was certain is read; opened
/// again, the same request is answered or done, once.
pub fn g5_after_an_unknown_outcome_nothing_is_written_until_it_is_known(open: Open<'_>) {
    let mut written = 0;
    for (number, failure) in [(1, Failure::UnknownButWritten), (2, Failure::UnknownAndLost)] {
        // The street is opened once, by the first append of all.
        let appends = if number == 1 { 3 } else { 2 };
        let shaky = opened(FaultyLog::new(Arc::<dyn Log>::from(open()), [(appends, failure)]));
        if number == 1 {
            done(&shaky, "open", Command::OpenStreet { name: "春风街道".to_owned() });
        }
        let before = format!("before-{number}");
        let known = done(&shaky, &before, community(&before));
        let name = format!("unknown-{number}");
        let unknown = run(&shaky, &name, community(&name));
        assert!(matches!(unknown, Err(ExecuteError::OutcomeUnknown(_))), "{unknown:?}");
        let refused = run(&shaky, "after", community("after"));
        assert!(matches!(refused, Err(ExecuteError::ReadOnly(_))), "{refused:?}");
        assert!(matches!(shaky.health(), Health::ReadOnly { .. }));
        assert_eq!(shaky.state().position(), known.position);
        let repeated = done(&shaky, &before, community(&before));
        assert_eq!((repeated.position, repeated.repeated), (known.position, true));
        closed(shaky);

        let ledger = opened(Arc::<dyn Log>::from(open()));
        let told = done(&ledger, &name, community(&name));
        let was_written = failure == Failure::UnknownButWritten;
        assert_eq!((told.position, told.repeated), (known.position.next(), was_written), "{failure:?}");
        written = told.position.0;
        closed(ledger);
    }
    assert_eq!(open().head().expect("readable").position, Position(written));
}

/// G6: a clock that runs back does not run the log back.
pub fn g6_no_commit_is_older_than_the_one_before_it(open: Open<'_>) {
    let clock = Arc::new(AtomicI64::new(NEW_YEAR.millis()));
    let hand = Arc::clone(&clock);
    let now = move || Moment::from_millis(hand.load(Ordering::SeqCst));
    let ledger = Ledger::open(Arc::<dyn Log>::from(open()), now).expect("a good log");
    done(&ledger, "open", Command::OpenStreet { name: "春风街道".to_owned() });
    clock.fetch_sub(86_400_000, Ordering::SeqCst);
    done(&ledger, "back", community("花园"));
    assert_eq!(ledger.state().time(), Some(NEW_YEAR));
    closed(ledger);
    let records = open().read(Position::START, 9).expect("readable");
    assert!(records.iter().all(|record| record.commit().time == NEW_YEAR), "{records:?}");
}

/// G7 and G10: whoever follows is told every commit once and in order, those of before and those of now, and finds a state
/// that has it.
pub fn g7_g10_who_follows_is_told_every_commit_once_and_finds_its_state(open: Open<'_>) {
    let ledger = street(open);
    let write = |from: u32, to: u32| {
        for name in (from..to).map(|number| number.to_string()) {
            done(&ledger, &name, community(&name));
        }
    };
    write(0, 100);
    thread::scope(|scope| {
        for after in [0, 1, 50, 101, 150] {
            let (followed, ledger) = (ledger.follow(Position(after)), &ledger);
            scope.spawn(move || {
                runtime().block_on(async {
                    let mut followed = pin!(followed);
                    for expected in after + 1..=201 {
                        let commit = followed.next().await.expect("it goes on").expect("readable");
                        assert_eq!(commit.position, Position(expected));
                        assert!(ledger.state().position() >= commit.position);
                    }
                });
            });
        }
        scope.spawn(|| write(100, 200));
    });
    closed(ledger);
}

/// B2 and B6: a log takes in a backup of another and what an export says came after it, and ends as that one does.
pub fn b2_b6_what_another_log_gave_out_comes_in(open: Open<'_>) {
    let source = MemoryLog::new();
    let half = samples(Head::START, "half", 40);
    source.append(Position::START, &half).expect("a good batch");
    let origin = Origin { street: None, created: NEW_YEAR };
    let mut full = Vec::new();
    backup(&source, Position::START, &origin, &mut full, &mut |_| ()).expect("a backup");
    let middle = source.head().expect("readable");
    source.append(middle.position, &samples(middle, "rest", 30)).expect("a good batch");
    let mut rest = Vec::new();
    export(&source, middle.position, &origin, &mut rest, &mut |_| ()).expect("an export");

    let scratch = std::env::temp_dir();
    let log = open();
    let take = |file: &[u8]| restore(file, &*log, &scratch, &mut |_| ());
    assert!(take(&rest).is_err(), "an increment continues something");
    assert_eq!(take(&full).expect("it comes in").appended, 40);
    assert_eq!(take(&rest).expect("and what came after it").appended, 30);
    assert_eq!(take(&rest).expect("again, which changes nothing").appended, 0);
    drop(log);
    let log = open();
    assert_eq!(log.head(), source.head());
    assert_eq!(log.read(Position::START, 99), source.read(Position::START, 99));
}
