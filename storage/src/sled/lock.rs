//! One process at a time: a lock file of our own beside sled's lock, because sled tells contention
//! only in prose, and because its background threads hold on to it for a moment after it was dropped.

use crate::failure::{OpenError, StoreFault};
use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{self, ErrorKind},
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

/// How long a former holder may take to let go: a process that is being replaced, or sled's threads.
const PATIENCE: Duration = Duration::from_millis(500);

/// The right to the directory, until it is dropped.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) file: File,
    /// sled's own lock, unless it is `file`.
    database: Option<PathBuf>,
}

/// Takes the lock of the directory, and waits until sled's `database`, if there is one, is free as well.
///
/// # Errors
/// `InUse` when somebody holds one of them longer than a moment, or when the disk fails.
pub(super) fn hold(directory: &Path, database: PathBuf) -> Result<Held, OpenError> {
    let fault = |error| OpenError::Store(StoreFault::new("lock the directory", error));
    let mut options = OpenOptions::new();
    let file =
        options.create(true).truncate(false).write(true).open(directory.join("lock")).map_err(fault)?;
    if !taken(&file).map_err(fault)? || database.exists() && !is_free(&database).map_err(fault)? {
        return Err(OpenError::InUse { directory: directory.to_owned() });
    }
    Ok(Held { file, database: Some(database) })
}

/// Takes the same lock without making its file: where that is missing, sled's is taken in its place, which nobody who
/// opens the store can do without.
///
/// # Errors
/// Like [`hold`].
pub(super) fn hold_to_look(directory: &Path, database: PathBuf) -> Result<Held, OpenError> {
    let fault = |error| OpenError::Store(StoreFault::new("lock the directory", error));
    let held = match File::open(directory.join("lock")) {
        Ok(file) => Held { file, database: Some(database) },
        Err(error) if error.kind() == ErrorKind::NotFound => {
            Held { file: File::open(database).map_err(fault)?, database: None }
        }
        Err(error) => return Err(fault(error)),
    };
    let free = |database: &Option<PathBuf>| database.as_ref().map_or(Ok(true), |path| is_free(path));
    match taken(&held.file).and_then(|taken| Ok(taken && free(&held.database)?)).map_err(fault)? {
        true => Ok(held),
        false => Err(OpenError::InUse { directory: directory.to_owned() }),
    }
}

impl Drop for Held {
    /// Lets go only when sled has, so that whoever comes next finds both free.
    fn drop(&mut self) {
        if let Some(database) = &self.database
            && matches!(is_free(database), Ok(false))
        {
            tracing::warn!(database = %database.display(), "sled has not let go of its file");
        }
    }
}

/// Waits until a sled that was dropped has let go of its `database`.
pub(super) fn freed(database: &Path) -> io::Result<()> {
    match is_free(database)? {
        true => Ok(()),
        false => Err(io::Error::other("sled has not let go of its file")),
    }
}

/// Whether sled's lock is free; only looked at, sled takes it itself.
fn is_free(database: &Path) -> io::Result<bool> {
    let file = File::open(database)?;
    let free = taken(&file)?;
    // Closing lets go too, but a child that is being started may hold a copy of the descriptor for a moment.
    file.unlock()?;
    Ok(free)
}

/// Whether the lock could be taken within our patience.
fn taken(file: &File) -> io::Result<bool> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(true),
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) if Instant::now() >= deadline => return Ok(false),
            // Locks give no sign when they are let go, other than to a thread that would wait without end.
            Err(TryLockError::WouldBlock) => thread::sleep(Duration::from_millis(2)),
        }
    }
}
