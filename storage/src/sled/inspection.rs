//! A log that is only looked at. sled writes when it starts, so it starts on a copy: in the directory itself nothing is
//! changed, whatever is found.

use super::{Anchor, End, SledLog, lock, look, read_end, records, rescue::Rescue, rot};
use crate::{
    commit::Head,
    failure::{AppendError, OpenError, ReadError, StoreFault},
    log::{Log, RequestEntry, Rot},
    record::Record,
    request::RequestKey,
    snapshot::{DirectoryShelf, Shelf},
};
use engine::identity::Position;
use std::{
    fmt::Display,
    path::{Path, PathBuf},
    sync::Arc,
};

/// The log of a directory, to be read and verified but not changed. It takes as much room as the log again,
/// beside it or in the system's temporary directory, and one process at a time may have the directory open.
#[derive(Debug)]
pub struct Inspection {
    copy: Rescue,
    end: End,
    shelf: DirectoryShelf,
    store: PathBuf,
    anchor: Anchor,
    _held: lock::Held,
}

impl Inspection {
    /// Looks at the log in `directory`.
    ///
    /// # Errors
    /// What [`SledLog::open`] would refuse it for, or that there is no log, or no room for a copy.
    pub fn open(directory: &Path) -> Result<Self, OpenError> {
        let store = directory.join("sled");
        if !store.is_dir() {
            return Err(OpenError::Store(StoreFault::new("look at the log", "there is none")));
        }
        let held = lock::hold_to_look(directory, store.join("db"))?;
        let (anchor, acknowledged) = Anchor::open(&directory.join("anchor"), false)?;
        let copy = Rescue::make(directory, &store, acknowledged).map_err(OpenError::from).map_err(
            |error| match (look::doubt(&store, acknowledged), rot::find(&store)) {
                (Ok(Some(doubt)), _) => told_with(&doubt, error),
                (_, Ok(found)) => found.iter().rev().fold(error, |error, rot| told_with(rot, error)),
                _ => error,
            },
        )?;
        let end = read_end(directory, &copy.tree, acknowledged)?;
        let shelf = DirectoryShelf::look_at(&directory.join("snapshots"));
        Ok(Self { copy, end, shelf, store, anchor, _held: held })
    }
}

/// What sled says of a store it cannot read names no place; what was seen in its file does.
pub(super) fn told_with(seen: &dyn Display, error: OpenError) -> OpenError {
    match error {
        OpenError::Store(fault) | OpenError::Read(ReadError::Store(fault)) => {
            OpenError::Store(StoreFault::new(fault.step, format!("{seen}; {}", fault.said)))
        }
        named => named,
    }
}

impl Log for Inspection {
    /// It is only looked at: this never appends.
    fn append(&self, _: Position, _: &[Record]) -> Result<(), AppendError> {
        Err(AppendError::NotWritten(StoreFault::new("append", "the log is only looked at")))
    }

    fn read(&self, after: Position, limit: usize) -> Result<Vec<Record>, ReadError> {
        records(&self.copy.tree, after, self.end.head.position, limit)
    }

    fn head(&self) -> Result<Head, ReadError> {
        Ok(self.end.head)
    }

    fn find(&self, request: &RequestKey) -> Result<Option<Position>, ReadError> {
        let lags = self.end.lag.get(request);
        lags.map_or_else(|| SledLog::find_in(&self.copy.tree, request), |position| Ok(Some(position)))
    }

    fn requests(&self, visit: &mut dyn FnMut(RequestEntry)) -> Result<(), ReadError> {
        SledLog::requests_in(&self.copy.tree, &self.end.lag, visit)
    }

    fn rot(&self) -> Result<Vec<Rot>, ReadError> {
        let fault = |error| ReadError::Store(StoreFault::new("look for rot", error));
        let mut found = rot::find(&self.store).map_err(fault)?;
        found.extend(self.anchor.rot());
        Ok(found)
    }

    fn shelf(&self) -> Option<Arc<dyn Shelf>> {
        Some(Arc::new(self.shelf.clone()))
    }
}
