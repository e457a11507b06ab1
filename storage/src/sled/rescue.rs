//! A copy of the store that is read from: after a write that failed half way, where nothing can be written, and when a
//! log is only looked at.
//!
//! When sled cannot write, it keeps the fault and answers with it whenever it would have to write again; some reads do,
//! because they meet a page whose splitting was not finished. What was durable is still on the disk. So the log
//! then reads from a copy of the store, beside it or, where that disk is full, in the system's place for
//! such things. The failed log takes no more appends, so the copy does not grow old.

use super::{barrier, end::End, guarded, lock, start, sums, trial};
use crate::{
    commit::Head,
    failure::{OpenError, ReadError, StoreFault},
};
use std::{
    env, io,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// Room that a start of sled may take beside the copy.
const ROOM_BYTES_MIN: u64 = 8 << 20;

/// After a copy that could not be made none is tried for so long: each reads the whole store.
const PATIENCE: Duration = Duration::from_secs(30);

/// A copy that was made, or when the last try failed.
#[derive(Debug, Default)]
pub(super) struct Tried {
    made: Option<Arc<Rescue>>,
    failed: Option<Instant>,
}

impl Tried {
    /// A copy that was made before it was needed.
    pub(super) fn made(rescue: Rescue) -> Self {
        Self { made: Some(Arc::new(rescue)), failed: None }
    }

    /// The copy, made now if there is none and the last try is not too fresh.
    pub(super) fn get(&mut self, make: impl FnOnce() -> Result<Rescue, ReadError>) -> Option<Arc<Rescue>> {
        let fresh = self.failed.is_some_and(|failed| failed.elapsed() < PATIENCE);
        if self.made.is_none() && !fresh {
            match make() {
                Ok(rescue) => self.made = Some(Arc::new(rescue)),
                Err(error) => {
                    tracing::warn!(%error, "the log cannot be read from a copy either");
                    self.failed = Some(Instant::now());
                }
            }
        }
        self.made.clone()
    }
}

/// A copy that is read from. Its directory goes last.
#[derive(Debug)]
pub(super) struct Rescue {
    pub(super) tree: ::sled::Tree,
    pub(super) store: ::sled::Db,
    _place: TempDir,
}

/// A copy of a store that sled could not be started on, because nothing can be written beside it.
///
/// # Errors
/// Damage; or that there is no room for a copy either, how much it takes, and where.
pub(super) fn on_a_full_disk(
    directory: &Path,
    store: &Path,
    acknowledged: Head,
    why: &StoreFault,
) -> Result<Rescue, OpenError> {
    let fault = |said: String| OpenError::Store(StoreFault::new("open the log", said));
    lock::freed(&store.join("db")).map_err(|error| fault(error.to_string()))?;
    Rescue::make(directory, store, acknowledged).map_err(|error| match error {
        ReadError::Store(copy) => fault(format!(
            "{}; make room in {}, or for a copy to read from in {} ({})",
            why.said,
            directory.display(),
            env::temp_dir().display(),
            copy.said
        )),
        damaged => damaged.into(),
    })
}

impl Rescue {
    /// Copies `store` to where there is room, and checks that all up to `durable` is there.
    pub(super) fn make(directory: &Path, store: &Path, durable: Head) -> Result<Self, ReadError> {
        let fault = |error: io::Error| ReadError::Store(StoreFault::new("copy the store to read on", error));
        let bytes = trial::allocated(store).map_err(fault)?;
        let system = env::temp_dir();
        let needed = bytes.saturating_add(ROOM_BYTES_MIN);
        let has_room = |place: &&Path| {
            rustix::fs::statvfs(*place)
                .is_ok_and(|disk| disk.f_bavail.saturating_mul(disk.f_frsize) >= needed)
        };
        let mut last = fault(io::Error::other(format!("there is nowhere room for {needed} bytes")));
        for place in [directory, &system].into_iter().filter(has_room) {
            match Self::make_in(place, store, durable) {
                Ok(rescue) => {
                    tracing::warn!(place = %place.display(), "the log is read from a copy");
                    return Ok(rescue);
                }
                // A damaged store is damaged anywhere.
                Err(error @ ReadError::Damaged(_)) => return Err(error),
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    fn make_in(place: &Path, store: &Path, durable: Head) -> Result<Self, ReadError> {
        let fault = |error: io::Error| ReadError::Store(StoreFault::new("copy the store to read on", error));
        let place = trial::place_in(place).map_err(fault)?;
        let copied = place.path().join("sled");
        trial::copy(store, &copied).map_err(fault)?;
        barrier::clear(&copied).map_err(fault)?;
        sums::check(&copied)?;
        let started = guarded("open sled on a copy", || start(&copied)).map_err(ReadError::Store)?;
        // More than was durable may be there, which is not shown.
        let (tree, store) = started;
        End::read(&tree, durable)?;
        Ok(Self { tree, store, _place: place })
    }
}
