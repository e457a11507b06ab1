//! B1: a backup that is made while the street is served is a consistent beginning of its log.

use crate::made::{all, origin, packed, refusal, restored, street};
use engine::{
    command::Command,
    identity::{PlaceId, Position},
    member::Caller,
    moment::Moment,
    place::PlaceLevel,
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};
use storage::{
    Damage, Head, Ledger, Log, ReadError, RequestId,
    backup::{BackupError, Origin, backup},
    failure::{AppendError, Flaw},
    memory::MemoryLog,
    record::Record,
    request::RequestKey,
    sled::SledLog,
    verify,
};

const NOW: Moment = Moment::from_millis(1_704_067_200_000);

fn execute(ledger: &Ledger, request: &str, command: Command) {
    ledger.execute_blocking(Caller::System, RequestId::new(request).unwrap(), command).unwrap();
}

#[test]
fn b1_a_backup_of_a_served_street_is_a_consistent_beginning() {
    let directory = tempfile::tempdir().unwrap();
    let log = Arc::new(SledLog::open(directory.path()).unwrap());
    let ledger = Ledger::open(Arc::clone(&log), || NOW).unwrap();
    execute(&ledger, "open", Command::OpenStreet { name: "春风街道".to_owned() });

    let stop = AtomicBool::new(false);
    let mut files = Vec::new();
    thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for index in 0.. {
                if stop.load(Ordering::Relaxed) {
                    return;
                }
                let (level, parent) = (PlaceLevel::Community, Some(PlaceId::new(1)));
                let name = format!("社区-{index}");
                execute(&ledger, &name.clone(), Command::AddPlace { name, level, parent, reference: None });
            }
        });
        let mut head = ledger.head();
        for at_least in [20, 60, 100] {
            // The writer is known to be at work before, and goes on during, the backup.
            while head.borrow_and_update().0 < at_least {
                assert!(!writer.is_finished(), "the writer goes on until it is told");
                thread::yield_now();
            }
            let before = log.head().unwrap();
            let mut file = Vec::new();
            let mut first = true;
            let wait_for_more = &mut |_| {
                // At the first record, until there is something that must not get in.
                while first && log.head().unwrap() == before {
                    assert!(!writer.is_finished(), "the writer goes on until it is told");
                    thread::yield_now();
                }
                first = false;
            };
            let origin = Origin::of(&ledger.state(), ledger.now());
            let report = backup(&ledger.view(), Position::START, &origin, &mut file, wait_for_more).unwrap();
            assert_eq!(report.header.street.as_deref(), Some("春风街道"));
            assert!(report.header.head.position >= before.position);
            files.push((report, file));
        }
        stop.store(true, Ordering::Relaxed);
    });

    let whole = all(&*log);
    for (report, file) in files {
        let copy = MemoryLog::new();
        restored(&*file, &copy).unwrap();
        let end = report.header.head.position.0 as usize;
        assert!(end < whole.len(), "the writer went on");
        assert_eq!(all(&copy), whole[..end]);
        assert_eq!(verify(&copy, &mut |_| ()).unwrap().head, report.header.head);
    }
    // The last state of all, which nobody writes to any more.
    let copy = MemoryLog::new();
    restored(&*packed(&*log, 0), &copy).unwrap();
    assert_eq!(verify(&copy, &mut |_| ()).unwrap().state, *ledger.state());
}

#[test]
fn g14_a_backup_ends_with_an_error_when_the_ledger_is_closed_and_holds_up_nobody() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = Ledger::open(SledLog::open(directory.path()).unwrap(), || NOW).unwrap();
    execute(&ledger, "open", Command::OpenStreet { name: "春风街道".to_owned() });
    // More than are read at once.
    for index in 0..1_100 {
        let (level, parent) = (PlaceLevel::Community, Some(PlaceId::new(1)));
        let name = format!("社区-{index}");
        execute(&ledger, &name.clone(), Command::AddPlace { name, level, parent, reference: None });
    }
    let view = ledger.view();
    let mut open = true;
    let close_at_the_first = &mut |_| {
        if open {
            tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(ledger.close());
            // The files are free although the backup is not at its end.
            drop(SledLog::open(directory.path()).unwrap());
            open = false;
        }
    };
    let origin = Origin { street: None, created: NOW };
    let broken = backup(&view, Position::START, &origin, Vec::new(), close_at_the_first).unwrap_err();
    assert_eq!(broken, BackupError::Read(ReadError::Closed));
    assert_eq!(view.head(), Err(ReadError::Closed));
    let append = view.append(Position(1_101), &[]).unwrap_err();
    assert!(matches!(append, AppendError::NotWritten(_)), "a view takes nothing");
}

#[test]
fn g14_an_increment_of_what_is_served_continues_the_backup_before() {
    let ledger = Ledger::open(MemoryLog::new(), || NOW).unwrap();
    let copy = MemoryLog::new();
    for (index, after) in [0_u64, 1, 1, 2].into_iter().enumerate() {
        let (level, parent) = (PlaceLevel::Community, Some(PlaceId::new(1)));
        let command = match index {
            0 => Command::OpenStreet { name: "春风街道".to_owned() },
            // Nothing new: an empty increment.
            2 => Command::Tick,
            _ => Command::AddPlace { name: format!("社区-{index}"), level, parent, reference: None },
        };
        execute(&ledger, &index.to_string(), command);
        restored(&*packed(&ledger.view(), if index == 2 { 2 } else { after }), &copy).unwrap();
        assert_eq!(copy.head(), ledger.view().head());
    }
}

/// A log that lost its third commit.
struct Holed(MemoryLog);

impl Log for Holed {
    fn append(&self, expected: Position, records: &[Record]) -> Result<(), AppendError> {
        self.0.append(expected, records)
    }
    fn read(&self, after: Position, limit: usize) -> Result<Vec<Record>, ReadError> {
        let page = self.0.read(after, limit)?;
        Ok(page.into_iter().filter(|record| record.commit().position != Position(3)).collect())
    }
    fn head(&self) -> Result<Head, ReadError> {
        self.0.head()
    }
    fn find(&self, request: &RequestKey) -> Result<Option<Position>, ReadError> {
        self.0.find(request)
    }
}

#[test]
fn b1_a_damaged_log_is_not_backed_up() {
    let mut file = Vec::new();
    let holed = Holed(street("花园", 5));
    let error = backup(&holed, Position::START, &origin(), &mut file, &mut |_| ()).unwrap_err();
    let flaw = Flaw::WrongPosition { stated: Position(4) };
    assert_eq!(error, BackupError::Read(ReadError::Damaged(Damage { position: Position(3), flaw })));
    refusal(&file);
    let last = Holed(street("花园", 3));
    let error = backup(&last, Position(2), &origin(), &mut file, &mut |_| ()).unwrap_err();
    let flaw = Flaw::Missing;
    assert_eq!(error, BackupError::Read(ReadError::Damaged(Damage { position: Position(3), flaw })));
}
