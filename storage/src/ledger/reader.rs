//! Reading the log beside the writer, never past the published head.

use crate::{commit::Commit, failure::ReadError, log::Log, record::Record};
use engine::identity::Position;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::watch;

/// Where the open log hangs; the writer takes it away at the end.
pub(super) type Slot = Arc<Mutex<Option<Arc<dyn Log>>>>;

/// A reading handle; it keeps neither the writer nor the log alive.
#[derive(Clone)]
pub(super) struct Reader {
    slot: Slot,
    heads: watch::Receiver<Position>,
}

impl Reader {
    pub(super) const fn new(slot: Slot, heads: watch::Receiver<Position>) -> Self {
        Self { slot, heads }
    }

    pub(super) fn heads(&self) -> watch::Receiver<Position> {
        self.heads.clone()
    }

    /// The open log; to be let go of soon, because the files are held as long as it is.
    pub(super) fn log(&self) -> Result<Arc<dyn Log>, ReadError> {
        self.slot.lock().unwrap_or_else(PoisonError::into_inner).clone().ok_or(ReadError::Closed)
    }

    pub(super) fn read(&self, after: Position, limit: usize) -> Result<Vec<Commit>, ReadError> {
        Ok(self.records(after, limit)?.into_iter().map(Record::into_commit).collect())
    }

    pub(super) fn records(&self, after: Position, limit: usize) -> Result<Vec<Record>, ReadError> {
        let log = self.log()?;
        let head = *self.heads.borrow();
        let published = usize::try_from(head.0.saturating_sub(after.0)).unwrap_or(usize::MAX);
        match limit.min(published) {
            0 => Ok(Vec::new()),
            limit => log.read(after, limit),
        }
    }
}
