//! The barrier at the start: sled never syncs `conf` nor its directory, so that a power cut just
//! after the creation would leave a store that cannot be opened. We sync all of it ourselves.

use std::{
    fs::{self, File},
    io,
    path::Path,
};

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
