//! What a crash has left unfinished: told from what somebody is still at by a lock that the maker holds.

use std::{
    fs::{self, File},
    io,
    path::Path,
};
use tempfile::TempDir;

const PREFIX: &str = ".restoring-";

/// A directory that has no name of its own yet. It is removed with all that is in it when it is dropped, and by the
/// next who makes one here when its maker has died.
#[derive(Debug)]
pub(super) struct Unfinished {
    directory: TempDir,
    /// Held as long as it is being worked on.
    _held: File,
}

impl Unfinished {
    /// Makes one in `parent`, after clearing away those whose makers have died.
    pub(super) fn make(parent: &Path) -> io::Result<Self> {
        // Held by one at a time, so that nobody takes a directory for left over that is just being made.
        let making = File::open(parent)?;
        making.lock()?;
        clear(parent);
        let directory = tempfile::Builder::new().prefix(PREFIX).tempdir_in(parent)?;
        let held = File::open(directory.path())?;
        held.lock()?;
        making.unlock()?;
        Ok(Self { directory, _held: held })
    }

    pub(super) fn path(&self) -> &Path {
        self.directory.path()
    }
}

/// What cannot be cleared away harms nobody.
fn clear(parent: &Path) {
    let Ok(items) = fs::read_dir(parent) else {
        return;
    };
    for item in items.flatten() {
        let path = item.path();
        let is_one = item.file_name().to_string_lossy().starts_with(PREFIX) && path.is_dir();
        if is_one && File::open(&path).is_ok_and(|directory| directory.try_lock().is_ok()) {
            match fs::remove_dir_all(&path) {
                Ok(()) => tracing::info!(path = %path.display(), "an unfinished restore was cleared away"),
                Err(error) => {
                    tracing::warn!(path = %path.display(), %error, "an unfinished restore is left over")
                }
            }
        }
    }
}
