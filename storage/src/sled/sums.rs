//! The sums of sled's small files. sled looks at that of its snapshot and says of a bad one that something is corrupted
//! somewhere; of its settings it warns that they may be wrong, and goes on with them. So both are checked before sled
//! reads them, and named.
//!
//! This reads the format of sled 0.34.7, which is pinned: `conf` is text and its CRC-32; a snapshot, here never
//! compressed, is its content, the length of that in eight bytes, and the CRC-32 of the content.

use crate::failure::{Damage, Flaw, ReadError, StoreFault};
use engine::identity::Position;
use std::{
    fs::{self, DirEntry},
    io,
    path::Path,
};

/// What a snapshot of sled is called, before the number up to which it goes.
pub(super) const SNAPSHOT: &str = "snap.";

/// Checks the settings and the snapshot that sled would start from.
///
/// # Errors
/// [`Flaw::File`] with the name of the file, or that it cannot be read.
pub(super) fn check(store: &Path) -> Result<(), ReadError> {
    let fault = |error: io::Error| ReadError::Store(StoreFault::new("look at the files of sled", error));
    let conf = fs::read(store.join("conf")).map_err(fault)?;
    if content(&conf).is_none() {
        return Err(rotten("conf").into());
    }
    let items: Vec<DirEntry> =
        fs::read_dir(store).map_err(fault)?.collect::<Result<_, _>>().map_err(fault)?;
    let names = items.iter().filter_map(|item| item.file_name().into_string().ok());
    // sled takes the last by name, too.
    let Some(newest) = names.filter(|name| name.starts_with(SNAPSHOT)).max() else {
        return Ok(());
    };
    let bytes = fs::read(store.join(&newest)).map_err(fault)?;
    let whole = bytes.split_last_chunk::<12>().is_some_and(|(content, tail)| {
        let (length, sum) = tail.split_at(size_of::<u64>());
        length == (content.len() as u64).to_le_bytes() && sum == crc32fast::hash(content).to_le_bytes()
    });
    if whole { Ok(()) } else { Err(rotten(&newest).into()) }
}

/// What comes before a sum that holds. Of so few bytes sled says that there are no settings, and makes new ones.
fn content(bytes: &[u8]) -> Option<&[u8]> {
    let (content, sum) = bytes.split_last_chunk::<4>()?;
    (content.len() > 4 && *sum == crc32fast::hash(content).to_le_bytes()).then_some(content)
}

fn rotten(name: &str) -> Damage {
    let flaw = Flaw::File { name: format!("sled/{name}"), said: "its sum does not hold".to_owned() };
    Damage { position: Position::START, flaw }
}
