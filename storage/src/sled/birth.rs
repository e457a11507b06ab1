//! How a store comes into being: made whole under another name, synced, and only then given its own.
//!
//! sled writes a new store in many steps that it never syncs. Cut short by a kill or a power cut, they
//! leave one that cannot be opened although nothing was ever promised in it. So a directory called
//! `sled` is always a whole store with an anchor beside it, and what lies under the other name is rubbish.

use super::{anchor::Anchor, barrier, guarded, lock, marks};
use crate::{
    commit::Head,
    failure::{Damage, Flaw, OpenError, StoreFault},
};
use std::{
    fs::{self, File},
    io,
    path::Path,
};

/// Makes the store of `directory` when there is none.
///
/// # Errors
/// When the anchor knows of commits although the store is gone, or when the disk fails.
pub(super) fn make(directory: &Path, store: &Path) -> Result<(), OpenError> {
    let fault = |error: io::Error| OpenError::Store(StoreFault::new("make the store", error));
    if store.try_exists().map_err(fault)? {
        return Ok(());
    }
    let (anchor, acknowledged) = Anchor::open(&directory.join("anchor"), true)?;
    if acknowledged != Head::START {
        let flaw = Flaw::Cut { acknowledged: acknowledged.position };
        return Err(Damage { position: Head::START.position.next(), flaw }.into());
    }
    drop(anchor);

    let making = directory.join("sled.new");
    if making.try_exists().map_err(fault)? {
        fs::remove_dir_all(&making).map_err(fault)?;
    }
    let opened = guarded("make the store", || {
        let made = ::sled::Config::new().path(&making).open()?;
        Ok((made.open_tree("log")?, made))
    });
    let (tree, made) = opened.map_err(OpenError::Store)?;
    marks::put_format(&tree)?;
    made.flush().map_err(|error| fault(error.into()))?;
    drop((tree, made));
    lock::freed(&making.join("db")).map_err(fault)?;

    // The anchor's name, too, is on the disk before there is a store.
    barrier::sync_all(&making).map_err(fault)?;
    fs::rename(&making, store).map_err(fault)?;
    File::open(directory).and_then(|names| names.sync_all()).map_err(fault)
}
