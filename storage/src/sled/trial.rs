//! A start on a copy: when a look at the file has found something odd, sled starts on a copy of the store first. If
//! the copy has all that was acknowledged, the store itself may be opened; if not, the start is refused and nothing
//! on the disk was changed, so that what is there can still be looked into.

use super::{guarded, inspection::told_with, lock, look::Doubt, read_end, start};
use crate::{
    commit::Head,
    failure::{OpenError, StoreFault},
};
use std::{
    fs::{self, File},
    io::{self, ErrorKind, Read, Seek, SeekFrom, Write},
    os::unix::fs::MetadataExt,
    path::Path,
};
use tempfile::TempDir;

const PREFIX: &str = ".trying-";

/// How many bytes are written to see whether any can be: sled's snapshot and its first segments are less.
const BYTES_TRIED: usize = 4 << 20;

/// Starts sled on a copy of `store` and checks that it ends as it was acknowledged.
///
/// # Errors
/// What the store itself would be refused for, or that there is no room for a copy. What sled says of a store it cannot
/// read names no place; the doubt does.
pub(super) fn passes(
    directory: &Path,
    store: &Path,
    acknowledged: Head,
    doubt: Doubt,
) -> Result<(), OpenError> {
    let fault = |error: io::Error| OpenError::Store(StoreFault::new("try the store on a copy", error));
    let trial = place_in(directory).map_err(fault)?;
    let copied = trial.path().join("sled");
    copy(store, &copied).map_err(fault)?;
    let tried = guarded("open sled on a copy", || start(&copied)).map_err(OpenError::Store).and_then(
        |(tree, _store)| {
            read_end(directory, &tree, acknowledged)?;
            Ok(())
        },
    );
    lock::freed(&copied.join("db")).map_err(fault)?;
    tried.map_err(|error| told_with(&doubt, error))
}

/// Takes away the copies that a crash has left.
pub(super) fn clear(directory: &Path) -> io::Result<()> {
    for item in fs::read_dir(directory)? {
        let item = item?;
        if item.file_name().to_string_lossy().starts_with(PREFIX) {
            fs::remove_dir_all(item.path())?;
        }
    }
    Ok(())
}

/// A directory for a copy.
pub(super) fn place_in(directory: &Path) -> io::Result<TempDir> {
    tempfile::Builder::new().prefix(PREFIX).tempdir_in(directory)
}

/// Whether so much can be written beside the log as a start may take: quotas and disks that only read tell in no other way.
pub(super) fn takes_bytes(directory: &Path) -> io::Result<()> {
    let place = place_in(directory)?;
    let mut file = File::create_new(place.path().join("bytes"))?;
    let block = [1; 64 << 10];
    for _ in 0..BYTES_TRIED / block.len() {
        file.write_all(&block)?;
    }
    file.sync_all()
}

/// How many bytes of the disk the files of a store take.
pub(super) fn allocated(store: &Path) -> io::Result<u64> {
    let mut bytes = 0;
    for item in fs::read_dir(store)? {
        bytes += item?.metadata()?.blocks() * 512;
    }
    Ok(bytes)
}

/// Copies a directory of files; what is empty in them stays empty on the disk.
pub(super) fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir(to)?;
    for item in fs::read_dir(from)? {
        let item = item?;
        let target = to.join(item.file_name());
        if item.file_type()?.is_dir() {
            copy(&item.path(), &target)?;
        } else {
            copy_file(&item.path(), &target)?;
        }
    }
    Ok(())
}

fn copy_file(from: &Path, to: &Path) -> io::Result<()> {
    let (mut input, mut output) = (File::open(from)?, File::create_new(to)?);
    let mut block = vec![0; 64 << 10];
    let mut length = 0;
    loop {
        let read = match input.read(&mut block) {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            read => read?,
        };
        let Some(bytes) = block.get(..read).filter(|bytes| !bytes.is_empty()) else {
            break;
        };
        length += read as u64;
        match bytes.iter().all(|byte| *byte == 0) {
            true => drop(output.seek(SeekFrom::Start(length))?),
            false => output.write_all(bytes)?,
        }
    }
    output.set_len(length)
}
