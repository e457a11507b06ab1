//! What a crash has left unfinished: told from what somebody is still at by a lock that the maker holds.

use std::{
    fs::{self, File},
    io,
    path::Path,
};
use tempfile::{NamedTempFile, TempDir};

/// A log or a vault that is being restored.
const RESTORING: &str = ".restoring-";
/// A backup that is being written.
pub(crate) const BACKING_UP: &str = ".backing-up-";
/// A copy of a vault that is being written: sealed, and not to be forgotten when a contact is erased.
pub(crate) const COPYING: &str = ".copying-";

/// A directory that has no name of its own yet. It is removed with all that is in it when it is dropped, and by the
/// next who makes something here when its maker has died.
#[derive(Debug)]
pub(crate) struct Unfinished {
    directory: TempDir,
    /// Held as long as it is being worked on.
    _held: File,
}

impl Unfinished {
    /// Makes one in `parent`, after clearing away those whose makers have died.
    pub(crate) fn make(parent: &Path) -> io::Result<Self> {
        making(parent, || {
            let directory = tempfile::Builder::new().prefix(RESTORING).tempdir_in(parent)?;
            let held = File::open(directory.path())?;
            held.lock()?;
            Ok(Self { directory, _held: held })
        })
    }

    pub(crate) fn path(&self) -> &Path {
        self.directory.path()
    }
}

/// Makes a file that has no name of its own yet, likewise.
pub(crate) fn file(parent: &Path, prefix: &'static str) -> io::Result<NamedTempFile> {
    making(parent, || {
        let file = tempfile::Builder::new().prefix(prefix).tempfile_in(parent)?;
        file.as_file().lock()?;
        Ok(file)
    })
}

/// One at a time, so that nobody takes for left over what is just being made.
fn making<T>(parent: &Path, make: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    let making = File::open(parent)?;
    making.lock()?;
    sweep(parent);
    let made = make()?;
    making.unlock()?;
    Ok(made)
}

/// Clears away what makers that have died have left in a directory. What cannot be cleared away harms nobody.
pub fn clear(parent: &Path) {
    // Without the lock somebody is just making something, and clears away the rest.
    if let Ok(making) = File::open(parent)
        && making.try_lock().is_ok()
    {
        sweep(parent);
    }
}

fn sweep(parent: &Path) {
    let Ok(items) = fs::read_dir(parent) else {
        return;
    };
    for item in items.flatten() {
        let (path, name) = (item.path(), item.file_name());
        let name = name.to_string_lossy();
        let is_one = [RESTORING, BACKING_UP, COPYING].into_iter().any(|prefix| name.starts_with(prefix));
        if !is_one || !File::open(&path).is_ok_and(|left| left.try_lock().is_ok()) {
            continue;
        }
        let cleared = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        match cleared {
            Ok(()) => tracing::info!(path = %path.display(), "something unfinished was cleared away"),
            Err(error) => tracing::warn!(path = %path.display(), %error, "something unfinished is left over"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_crash_left_is_cleared_and_what_somebody_is_at_is_not() {
        let parent = tempfile::tempdir().unwrap();
        let at = |name: &str| parent.path().join(name);
        fs::create_dir_all(at(".restoring-dead/log")).unwrap();
        for name in [".backing-up-dead", ".copying-dead", "street.jsonl.zst", ".backing"] {
            fs::write(at(name), "bytes").unwrap();
        }
        let directory = Unfinished::make(parent.path()).unwrap();
        let files = [BACKING_UP, COPYING].map(|prefix| file(parent.path(), prefix).unwrap());
        clear(parent.path());
        for left in [".restoring-dead", ".backing-up-dead", ".copying-dead"] {
            assert!(!at(left).exists(), "{left}");
        }
        assert!(at("street.jsonl.zst").exists() && at(".backing").exists());
        assert!(directory.path().exists() && files.iter().all(|file| file.path().exists()));
        drop((directory, files));
        assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 2);
    }
}
