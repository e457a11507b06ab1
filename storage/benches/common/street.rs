//! A street's ledger on disk that many threads write to; shared by the benches.

use engine::{
    command::Command,
    entry::EntryDraft,
    identity::{OrganizationId, Position},
    member::Caller,
    moment::Moment,
    need::NeedDraft,
};
use std::{
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
    thread,
};
use storage::{Ledger, RequestId, sled::SledLog};
use tempfile::TempDir;

/// 2024-01-01T00:00:00Z.
pub fn clock() -> Moment {
    Moment::from_millis(1_704_067_200_000)
}

/// A new directory on the disk that `GONGJIAN_BENCH_DIRECTORY` chooses.
pub fn directory() -> TempDir {
    match std::env::var_os("GONGJIAN_BENCH_DIRECTORY") {
        Some(place) => TempDir::new_in(place).unwrap(),
        None => TempDir::new().unwrap(),
    }
}

/// A street's ledger.
pub struct Street {
    pub ledger: Ledger,
    next: AtomicU64,
}

impl Street {
    pub fn open(directory: &Path) -> Self {
        let ledger = Ledger::open(SledLog::open(directory).unwrap(), clock).unwrap();
        let open = Command::OpenStreet { name: "春风街道".to_owned() };
        ledger.execute_blocking(Caller::System, RequestId::new("open").unwrap(), open).unwrap();
        // Opened again, it goes on with other requests.
        let next = AtomicU64::new(ledger.state().position().0);
        Self { ledger, next }
    }

    /// Posts one need; durable when it returns.
    pub fn post(&self) -> Position {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let mut draft = NeedDraft::new(EntryDraft::new("老年食堂每日午餐四十份", OrganizationId::new(1)));
        draft.entry.detail = Some("社区老年食堂需要每日供应午餐,并为行动不便的老人送餐上门。".to_owned());
        let request = RequestId::new(number.to_string()).unwrap();
        self.ledger.execute_blocking(Caller::System, request, Command::PostNeed(draft)).unwrap().position
    }

    /// Posts `count` needs with so many writers.
    pub fn post_many(&self, writers: u64, count: u64) {
        let left = AtomicU64::new(count);
        let take = || left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
        thread::scope(|scope| {
            for _ in 0..writers {
                scope.spawn(|| {
                    while take().is_ok() {
                        self.post();
                    }
                });
            }
        });
    }
}
