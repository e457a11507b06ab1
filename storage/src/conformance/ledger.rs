//! What the ledger promises of the past, over any log: a start from a snapshot, old states, histories, a view to
//! back up from.

use super::Open;
use crate::{
    backup::{Origin, backup, restore},
    ledger::{Ledger, Page},
    log::Log,
    memory::MemoryLog,
    request::RequestId,
    snapshot::Pace,
    verify::verify,
};
use engine::{
    command::Command,
    entry::EntryDraft,
    history::{Entity, value},
    identity::{NeedId, OrganizationId, Position},
    member::Caller,
    moment::Moment,
    need::NeedDraft,
    state::State,
};
use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

/// A snapshot every ten commits.
const PACE: Pace = Pace::every(10);

fn opened(open: Open<'_>, clock: &Arc<AtomicI64>) -> Ledger {
    let log: Arc<dyn Log> = Arc::from(open());
    let clock = Arc::clone(clock);
    let now = move || Moment::from_millis(clock.load(Ordering::SeqCst));
    Ledger::open_at_pace(log, now, PACE).expect("a good log")
}

/// Waits until the ledger has given up its log.
fn closed(ledger: Ledger) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(ledger.close());
}

/// Forty needs that are posted and amended, a minute apart; every state on the way.
fn written(open: Open<'_>) -> (Ledger, BTreeMap<Position, Arc<State>>) {
    let clock = Arc::new(AtomicI64::new(1_700_000_000_000));
    let ledger = opened(open, &clock);
    let mut states = BTreeMap::from([(Position::START, ledger.state())]);
    let mut run = |request: String, command: Command| {
        let request = RequestId::new(request).expect("valid");
        let done = ledger.execute_blocking(Caller::System, request, command).expect("granted");
        states.insert(done.position, done.state);
        clock.fetch_add(60_000, Ordering::SeqCst);
    };
    run("open".to_owned(), Command::OpenStreet { name: "春风街道".to_owned() });
    for number in 1..=40 {
        let draft = |title: String| NeedDraft::new(EntryDraft::new(title, OrganizationId::new(1)));
        run(format!("post-{number}"), Command::PostNeed(draft(format!("午餐{number}"))));
        if number % 2 == 0 {
            let need = NeedId::new(number / 2);
            let amend = Command::AmendNeed { need, revision: 1, draft: draft(format!("晚餐{number}")) };
            run(format!("amend-{number}"), amend);
        }
    }
    (ledger, states)
}

/// G11.
pub fn g11_a_start_with_and_without_snapshots_leads_to_the_same_state(open: Open<'_>) {
    let (ledger, states) = written(open);
    let last = ledger.state();
    closed(ledger);
    let clock = Arc::new(AtomicI64::new(1_700_100_000_000));
    let again = opened(open, &clock);
    assert_eq!(*again.state(), *last);
    closed(again);
    let log = open();
    let verified = verify(&*log, &mut |_| ()).expect("an undamaged log");
    assert_eq!(verified.state, *last);
    if let Some(shelf) = log.shelf() {
        let taken = shelf.list().expect("the shelf can be listed");
        assert_eq!(verified.snapshots.len(), taken.len());
        assert!(
            verified.snapshots.iter().all(|snapshot| snapshot.ignored.is_none()),
            "{:?}",
            verified.snapshots
        );
        for position in taken {
            let kept = crate::snapshot::load(&*shelf, position).expect("a good snapshot");
            assert_eq!(states.get(&position).map(|state| &**state), Some(&kept.state));
        }
    }
}

/// G12.
pub fn g12_the_past_is_what_it_was(open: Open<'_>) {
    let (ledger, states) = written(open);
    // Up and down, so that states at hand serve as well as snapshots.
    for position in states.keys().chain(states.keys().rev().step_by(3)) {
        let state = ledger.state_at(*position).expect("the past can be folded");
        assert_eq!(Some(&state), states.get(position), "{position}");
        if let Some(time) = state.time() {
            let later = Moment::from_millis(time.millis() + 59_999);
            for moment in [time, later] {
                assert_eq!(ledger.state_at_moment(moment).as_ref(), Ok(&state), "{moment}");
            }
        }
    }
    let before = ledger.state_at_moment(Moment::from_millis(0)).expect("before the first commit");
    assert_eq!(before.position(), Position::START);
    assert!(ledger.state_at(ledger.state().position().next()).is_err(), "what has not been yet");
}

/// G13.
pub fn g13_a_history_tells_who_changed_what(open: Open<'_>) {
    let (ledger, states) = written(open);
    let entity = Entity::Need(NeedId::new(7));
    let history = ledger.history(&entity, Page::OLDEST, 10).expect("a history can be read");
    assert_eq!((history.moves.len(), history.total, history.earlier, history.later), (2, 2, false, false));
    for moved in history.moves {
        let at = |position: u64| {
            let state = states.get(&Position(position)).expect("every position");
            value(state, &entity)
        };
        let (before, after) = (at(moved.position.0 - 1), at(moved.position.0));
        assert_eq!(moved.changes, engine::history::changes(before.as_ref(), after.as_ref()));
        assert!(moved.changes.iter().any(|change| change.path == "/draft/entry/title"));
        assert_eq!((moved.actor, moved.events.len()), (Caller::System, 1));
    }
}

/// G14.
pub fn g14_a_backup_of_what_is_served_is_the_log(open: Open<'_>) {
    let (ledger, _) = written(open);
    let mut file = Vec::new();
    let origin = Origin { street: None, created: Moment::from_millis(0) };
    let made = backup(&ledger.view(), Position::START, &origin, &mut file, &mut |_| ()).expect("a backup");
    let copy = MemoryLog::new();
    let scratch = std::env::temp_dir();
    restore(file.as_slice(), &copy, &scratch, &mut |_| ()).expect("it comes back");
    assert_eq!(copy.head(), Ok(made.header.head));
    assert_eq!(made.header.head.position, ledger.state().position());
    assert_eq!(*Ledger::open(copy, || Moment::from_millis(0)).expect("a good log").state(), *ledger.state());
}
