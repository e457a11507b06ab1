//! What is done around sled's start, on both sides of it. Before: a snapshot that it was still writing when
//! it was killed is taken away, because sled would take it for the newest, find it cut short, and refuse
//! to open. After: sled never syncs `conf` nor its directory, so we sync all of it ourselves.

use std::{
    fs::{self, File},
    io,
    path::Path,
};

/// Takes away the snapshots that were never finished. They hold nothing that the log does not.
pub(super) fn clear(store: &Path) -> io::Result<()> {
    for item in fs::read_dir(store)? {
        let path = item?.path();
        if path.extension().is_some_and(|extension| extension == "generating") {
            tracing::warn!(path = %path.display(), "an unfinished snapshot is taken away");
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

/// Syncs every file of the store, its directory, and the two directories above.
///
/// # Errors
/// When a file cannot be synced, or when the store holds a value outside its log file: such values
/// are not crash-safe and nothing here writes them.
pub(super) fn sync_all(store: &Path) -> io::Result<()> {
    let blobs = store.join("blobs");
    if blobs.is_dir() && fs::read_dir(&blobs)?.next().is_some() {
        return Err(io::Error::other("the store holds values outside its log file"));
    }
    for item in fs::read_dir(store)? {
        File::open(item?.path())?.sync_all()?;
    }
    // An absolute path, so that a relative one of one part has a parent too.
    for directory in fs::canonicalize(store)?.ancestors().take(3) {
        File::open(directory)?.sync_all()?;
    }
    Ok(())
}
