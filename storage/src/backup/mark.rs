//! The mark of a restore that is under way. It lies beside the log from before the first record goes in until
//! whoever restores has done everything, and says what is still to come. A log under a mark is a beginning
//! that nobody may take for the whole: it is neither served nor verified.

use super::{Header, RestoreError, spool::directory};
use crate::{commit::Head, failure::StoreFault};
use serde::{Deserialize, Serialize};
use std::{
    fs::{self, File},
    io::{self, ErrorKind, Write},
    path::{Path, PathBuf},
};

const NAME: &str = "restoring";
const FORMAT: &str = "gongjian-restoring";
const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
struct Line {
    format: String,
    version: u32,
    /// Where the log ends when all is there.
    head: Head,
}

/// A restore that is under way in a directory. Dropped, it stays: whatever became of the restore, it was not finished.
#[derive(Debug)]
#[must_use = "until it is lifted, nobody uses the log"]
pub struct Mark {
    path: PathBuf,
}

impl Mark {
    /// Lays the mark on the disk. One that is there gives way: the new restore was found to go on from it.
    pub(super) fn lay(place: &Path, header: &Header) -> io::Result<Self> {
        let path = place.join(NAME);
        let line = Line { format: FORMAT.to_owned(), version: VERSION, head: header.head };
        let mut file = tempfile::Builder::new().prefix(".restoring-").tempfile_in(place)?;
        serde_json::to_writer(file.as_file(), &line)?;
        file.write_all(b"\n")?;
        file.as_file().sync_all()?;
        file.persist(&path).map_err(|failed| failed.error)?;
        // The directory itself may be as young as the mark in it.
        for names in fs::canonicalize(place)?.ancestors().take(2) {
            File::open(names)?.sync_all()?;
        }
        Ok(Self { path })
    }

    /// The mark that is there.
    pub(super) const fn found(path: PathBuf) -> Self {
        Self { path }
    }

    /// Says that all is done.
    ///
    /// # Errors
    /// When the disk fails: the same restore, done again, lifts it.
    pub fn lift(self) -> Result<(), RestoreError> {
        let lifted = fs::remove_file(&self.path).and_then(|()| match self.path.parent() {
            Some(place) => File::open(place)?.sync_all(),
            None => Ok(()),
        });
        lifted.map_err(directory("say that it is restored"))
    }
}

/// Where the mark of a directory lies.
pub(super) fn at(place: &Path) -> PathBuf {
    place.join(NAME)
}

/// Where a restore leads that is under way in a directory, or was cut off there; nothing when all that is there is whole.
///
/// # Errors
/// When the mark cannot be read.
pub fn unfinished(place: &Path) -> Result<Option<Head>, StoreFault> {
    let fault = |said: String| StoreFault::new("read the mark of a restore", said);
    let text = match fs::read(at(place)) {
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return Ok(None);
        }
        text => text.map_err(|error| fault(error.to_string()))?,
    };
    let line: Line = serde_json::from_slice(&text).map_err(|error| fault(error.to_string()))?;
    match line.format == FORMAT && line.version <= VERSION {
        true => Ok(Some(line.head)),
        false => Err(fault(format!("{} version {}", line.format, line.version))),
    }
}
