//! Reading the log beside the writer, never past the published head.

use super::recent::Recent;
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
    recent: Arc<Recent>,
    heads: watch::Receiver<Position>,
}

impl Reader {
    pub(super) const fn new(slot: Slot, recent: Arc<Recent>, heads: watch::Receiver<Position>) -> Self {
        Self { slot, recent, heads }
    }

    pub(super) fn heads(&self) -> watch::Receiver<Position> {
        self.heads.clone()
    }

    /// The open log; to be let go of soon, because the files are held as long as it is.
    pub(super) fn log(&self) -> Result<Arc<dyn Log>, ReadError> {
        self.slot.lock().unwrap_or_else(PoisonError::into_inner).clone().ok_or(ReadError::Closed)
    }

    /// Commits after a position, from memory if they are new. Blocks if not.
    pub(super) fn read(&self, after: Position, limit: usize) -> Result<Vec<Arc<Commit>>, ReadError> {
        match self.recent(after, limit) {
            Some(commits) => Ok(commits),
            None => Ok(self.records(after, limit)?.iter().map(Record::shared).collect()),
        }
    }

    /// The same, if it need not be read: never blocks.
    pub(super) fn recent(&self, after: Position, limit: usize) -> Option<Vec<Arc<Commit>>> {
        let is_open = self.slot.lock().unwrap_or_else(PoisonError::into_inner).is_some();
        is_open.then(|| self.recent.after(after, limit.min(self.published(after))))?
    }

    pub(super) fn records(&self, after: Position, limit: usize) -> Result<Vec<Record>, ReadError> {
        let log = self.log()?;
        match limit.min(self.published(after)) {
            0 => Ok(Vec::new()),
            limit => log.read(after, limit),
        }
    }

    /// How many commits after a position everybody may see.
    fn published(&self, after: Position) -> usize {
        usize::try_from(self.heads.borrow().0.saturating_sub(after.0)).unwrap_or(usize::MAX)
    }
}
