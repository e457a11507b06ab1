//! The promises of [`Log`] as checks that every backend runs; a function is named after its promise.
//!
//! A backend's tests call [`conformance_tests!`](crate::conformance_tests) with an expression that makes
//! a fresh, empty place and gives back a function that opens the log there. The function is called
//! again after the former handle was dropped: what it opens then is the same log.
//!
//! What the ledger makes of any log is in the same list: of writing (G1, G2, G5, G6, G7, G10), of the past (G11 to G14), of
//! what another log gave out (B2, B6). Shelves have a list of their own, [`shelf`].
//!
//! L8, L9 and what L1 and L2 say of kills need a hand inside the backend, which it gives to the checks in [`breaking`]. What L2
//! says of cuts of power is tested where the writes can be recorded. G3, G4, G8, G9, G15 and G16 lie in the ledger alone,
//! whatever is below it, and so do K1 to K4 and K6; K5, K7 and K8 are those of a shelf. The vault (V) has one form, which is files.

pub mod breaking;
mod ledger;
pub mod shelf;
mod writing;

pub use ledger::{
    g11_a_start_with_and_without_snapshots_leads_to_the_same_state, g12_the_past_is_what_it_was,
    g13_a_history_tells_who_changed_what, g14_a_backup_of_what_is_served_is_the_log,
};
pub use writing::{
    b2_b6_what_another_log_gave_out_comes_in, g1_what_was_acknowledged_is_there_when_opened_again,
    g2_a_request_happens_once, g5_after_an_unknown_outcome_nothing_is_written_until_it_is_known,
    g6_no_commit_is_older_than_the_one_before_it,
    g7_g10_who_follows_is_told_every_commit_once_and_finds_its_state,
};

use crate::{
    commit::Head, failure::AppendError, hash::Hash, log::Log, record::Record, request::RequestId,
    request::RequestKey,
};
use engine::{
    event::Event,
    identity::{MemberId, OrganizationId, PlaceId, Position},
    member::{Caller, Role},
    moment::Moment,
};
use std::thread;

/// Opens the log under test.
pub type Open<'a> = &'a dyn Fn() -> Box<dyn Log>;

/// Writes a `#[test]` for each check of the list. The argument makes a fresh place and gives back what
/// opens a log there: `conformance_tests!({ let log = MemoryLog::new(); move || Box::new(log.clone()) as Box<dyn Log> });`
#[macro_export]
macro_rules! conformance_tests {
    ($open:expr) => {
        $crate::conformance_tests!(
            $open;
            l1_an_append_is_there_all_or_not_at_all,
            l2_what_was_appended_is_there_byte_for_byte_when_opened_again,
            l3_an_append_that_expects_another_head_changes_nothing,
            l4_only_records_that_continue_the_head_are_taken,
            l5_a_request_is_there_once_and_is_found,
            l6_reading_leaves_no_gap,
            l7_readers_see_whole_appends_while_one_writes,
            l10_records_may_be_large,
            l11_the_index_of_requests_has_an_entry_for_each_commit_and_no_other,
            g1_what_was_acknowledged_is_there_when_opened_again,
            g2_a_request_happens_once,
            g5_after_an_unknown_outcome_nothing_is_written_until_it_is_known,
            g6_no_commit_is_older_than_the_one_before_it,
            g7_g10_who_follows_is_told_every_commit_once_and_finds_its_state,
            b2_b6_what_another_log_gave_out_comes_in,
            g11_a_start_with_and_without_snapshots_leads_to_the_same_state,
            g12_the_past_is_what_it_was,
            g13_a_history_tells_who_changed_what,
            g14_a_backup_of_what_is_served_is_the_log,
        );
    };
    ($open:expr; $($check:ident),* $(,)?) => {$(
        #[test]
        fn $check() {
            let open = $open;
            $crate::conformance::$check(&open);
        }
    )*};
}

/// A plain record that follows `head`; its request id is `request`.
pub fn sample(head: Head, request: &str) -> Record {
    sample_named(head, request, request)
}

/// Records in a row that follow `head`, with the request ids `prefix-0`, `prefix-1`, …
pub fn samples(head: Head, prefix: &str, count: usize) -> Vec<Record> {
    let mut head = head;
    let next = |index| {
        let record = sample(head, &format!("{prefix}-{index}"));
        head = record.commit().head();
        record
    };
    (0..count).map(next).collect()
}

fn sample_named(head: Head, request: &str, name: &str) -> Record {
    let events = vec![Event::PlaceRenamed { place: PlaceId::new(1), name: name.to_owned() }];
    sealed(head, Caller::System, request, events)
}

fn sealed(head: Head, actor: Caller, request: &str, events: Vec<Event>) -> Record {
    let request = RequestId::new(request).expect("samples have valid request ids");
    Record::seal(head, Moment::from_millis(1_700_000_000_000), actor, request, events)
        .expect("samples can be written as JSON")
}

fn head_of(records: &[Record]) -> Head {
    records.last().map_or(Head::START, |record| record.commit().head())
}

/// Everything, page by page.
fn all(log: &dyn Log) -> Vec<Record> {
    let mut records = Vec::new();
    loop {
        let page = log.read(head_of(&records).position, 1_000).expect("an undamaged log can be read");
        if page.is_empty() {
            return records;
        }
        records.extend(page);
    }
}

fn holds(log: &dyn Log, records: &[Record]) {
    assert_eq!(log.head(), Ok(head_of(records)), "head");
    assert_eq!(all(log), records, "records");
}

/// L1, without a crash: a batch with one bad record leaves nothing of the good ones.
pub fn l1_an_append_is_there_all_or_not_at_all(open: Open<'_>) {
    let log = open();
    holds(&*log, &[]);
    let first = samples(Head::START, "first", 3);
    assert_eq!(log.append(Position::START, &[]), Ok(()), "nothing is always whole");
    log.append(Position::START, &first).expect("a good batch");
    holds(&*log, &first);

    let mut second = samples(head_of(&first), "second", 2);
    second.push(sample(head_of(&second), "second-0"));
    assert_eq!(log.append(Position(3), &second), Err(AppendError::RequestRepeated { position: Position(6) }));
    holds(&*log, &first);
    let lost = second.first().map(|record| record.commit().request_key()).expect("there are three");
    assert_eq!(log.find(&lost), Ok(None), "its request is not there either");
}

/// L2, without a power cut: closed and opened again, with the same bytes, more than once.
pub fn l2_what_was_appended_is_there_byte_for_byte_when_opened_again(open: Open<'_>) {
    let mut kept = Vec::new();
    for round in 0..4 {
        let log = open();
        holds(&*log, &kept);
        let more = samples(head_of(&kept), &format!("round-{round}"), 5);
        log.append(head_of(&kept).position, &more).expect("a good batch");
        kept.extend(more);
        holds(&*log, &kept);
    }
    let log = open();
    holds(&*log, &kept);
    for record in &kept {
        assert_eq!(log.find(&record.commit().request_key()), Ok(Some(record.commit().position)));
    }
}

/// L3.
pub fn l3_an_append_that_expects_another_head_changes_nothing(open: Open<'_>) {
    let log = open();
    let early = sample(Head { position: Position(1), hash: Hash::ZERO }, "early");
    let conflict = |head| Err(AppendError::Conflict { head: Position(head) });
    assert_eq!(log.append(Position(1), std::slice::from_ref(&early)), conflict(0));
    assert_eq!(log.append(Position(1), &[]), conflict(0));

    let kept = samples(Head::START, "kept", 2);
    log.append(Position::START, &kept).expect("a good batch");
    for expected in [0, 1, 3, u64::MAX] {
        let late = samples(Head::START, "late", 1);
        assert_eq!(log.append(Position(expected), &late), conflict(2), "expected {expected}");
    }
    holds(&*log, &kept);
}

/// L4.
pub fn l4_only_records_that_continue_the_head_are_taken(open: Open<'_>) {
    let log = open();
    let kept = samples(Head::START, "kept", 2);
    log.append(Position::START, &kept).expect("a good batch");
    let head = head_of(&kept);

    let other_past = Head { hash: Hash::ZERO, ..head };
    let too_far = Head { position: Position(3), ..head };
    let row = samples(head, "row", 3);
    let hole: Vec<Record> = row.iter().take(1).chain(row.iter().skip(2)).cloned().collect();
    for (what, records, position) in [
        ("another past", vec![sample(other_past, "a")], 3),
        ("a position too far", vec![sample(too_far, "b")], 3),
        ("a hole inside", hole, 4),
        ("twice the same", row.iter().take(1).chain(row.iter().take(1)).cloned().collect(), 4),
    ] {
        let broken = Err(AppendError::BrokenChain { position: Position(position) });
        assert_eq!(log.append(Position(2), &records), broken, "{what}");
    }
    holds(&*log, &kept);
    log.append(Position(2), &row).expect("the row itself is good");
}

/// L5.
pub fn l5_a_request_is_there_once_and_is_found(open: Open<'_>) {
    let member = |number, role| Caller::Member {
        member: MemberId::new(number),
        organization: OrganizationId::new(1),
        role,
    };
    let callers =
        [Caller::System, Caller::Public, member(1, Role::Coordinator), member(2, Role::Coordinator)];
    let log = open();
    let mut head = Head::START;
    for caller in callers {
        // The same id from another actor is another request.
        let record = sealed(head, caller, "same", Vec::new());
        log.append(head.position, std::slice::from_ref(&record)).expect("the first of this actor");
        head = record.commit().head();
        let again = sealed(head, caller, "same", Vec::new());
        assert_eq!(
            log.append(head.position, &[again]),
            Err(AppendError::RequestRepeated { position: head.position.next() })
        );
        assert_eq!(log.find(&record.commit().request_key()), Ok(Some(head.position)));
    }
    // A member with another role is the same actor.
    let promoted = RequestKey::of(&member(2, Role::Observer), &RequestId::new("same").expect("valid"));
    assert_eq!(log.find(&promoted), Ok(Some(Position(4))));
    for unknown in ["other", "sam", "same-", "sameé"] {
        let key = RequestKey::of(&Caller::System, &RequestId::new(unknown).expect("valid"));
        assert_eq!(log.find(&key), Ok(None), "{unknown}");
    }
}

/// L6.
pub fn l6_reading_leaves_no_gap(open: Open<'_>) {
    let log = open();
    // More than a byte's worth of positions, so that an order of texts would show.
    let kept = samples(Head::START, "kept", 300);
    log.append(Position::START, &kept).expect("a good batch");
    for (after, limit, least, most) in
        [(0, 1, 1, 1), (0, 300, 1, 300), (0, 1_000, 1, 300), (254, 4, 1, 4), (299, 10, 1, 1), (0, 0, 0, 0)]
    {
        let page = log.read(Position(after), limit).expect("an undamaged log can be read");
        assert!((least..=most).contains(&page.len()), "after {after}, limit {limit}: {}", page.len());
        let expected = kept.iter().skip(after as usize).take(page.len());
        assert!(page.iter().eq(expected), "after {after}, limit {limit}");
    }
    for after in [300, 301, u64::MAX] {
        assert_eq!(log.read(Position(after), 10), Ok(Vec::new()), "after {after}");
    }
    holds(&*log, &kept);
}

/// L7, what can be seen of it from outside: while one thread appends batches of seven, readers see only
/// multiples of seven, never less than before, and what the head shows can be read and found.
pub fn l7_readers_see_whole_appends_while_one_writes(open: Open<'_>) {
    const BATCHES: usize = 40;
    let log = open();
    let log = &*log;
    let kept = samples(Head::START, "kept", 7 * BATCHES);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let mut seen = 0;
                while seen < kept.len() {
                    let head = log.head().expect("the head can be read").position.0 as usize;
                    assert!(head >= seen && head.is_multiple_of(7), "head {head} after {seen}");
                    seen = head;
                    let page = log.read(Position(head.saturating_sub(7) as u64), 7).expect("readable");
                    let expected = kept.iter().skip(head.saturating_sub(7)).take(page.len());
                    assert!(page.iter().eq(expected), "what the head shows");
                    assert!(head == 0 || !page.is_empty(), "what the head shows is there");
                    let last = kept.iter().take(head).next_back();
                    for commit in last.into_iter().map(Record::commit) {
                        assert_eq!(log.find(&commit.request_key()), Ok(Some(commit.position)));
                    }
                }
            });
        }
        let mut head = Position::START;
        for batch in kept.chunks(7) {
            log.append(head, batch).expect("a good batch");
            head = head_of(batch).position;
        }
    });
    holds(log, &kept);
}

/// L10: around the sizes at which backends cut, and a few megabytes.
pub fn l10_records_may_be_large(open: Open<'_>) {
    let bare = sample_named(Head::START, "size-00000000", "").text().len();
    let sizes = [4_095, 4_096, 4_097, 8_191, 8_192, 8_193, 65_536, 3_000_000];
    let mut kept: Vec<Record> = Vec::new();
    for size in sizes {
        let request = format!("size-{size:08}");
        let name = "x".repeat(size - bare);
        let record = sample_named(head_of(&kept), &request, &name);
        assert_eq!(record.text().len(), size, "positions have one digit");
        kept.push(record);
    }
    let (alone, together) = kept.split_at(4);
    let log = open();
    for record in alone {
        log.append(Position(record.commit().position.0 - 1), std::slice::from_ref(record)).expect("good");
    }
    log.append(Position(4), together).expect("a good batch");
    holds(&*log, &kept);
    drop(log);
    holds(&*open(), &kept);
}

/// L11: where the log can show its index at all.
pub fn l11_the_index_of_requests_has_an_entry_for_each_commit_and_no_other(open: Open<'_>) {
    let log = open();
    let kept = samples(Head::START, "a|b", 20);
    log.append(Position::START, &kept).expect("a good batch");
    let late = samples(head_of(&kept), "a|b", 1);
    assert!(log.append(Position(20), &late).is_err(), "its request is known");
    drop(log);
    let mut entries = Vec::new();
    open().requests(&mut |entry| entries.push((entry.position, entry.key))).expect("the index can be read");
    entries.sort_by_key(|(position, _)| *position);
    let expected = kept.iter().map(|record| (record.commit().position, Ok(record.commit().request_key())));
    assert!(entries.is_empty() || entries.iter().cloned().eq(expected), "{entries:?}");
}
