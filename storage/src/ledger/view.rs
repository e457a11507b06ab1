//! The log as the ledger serves it: for reading, up to the published head, until the ledger is closed.

use super::{Ledger, reader::Reader};
use crate::{
    commit::Head,
    failure::{AppendError, ReadError, StoreFault},
    log::{Log, RequestEntry},
    record::Record,
    replay::commit_at,
    request::RequestKey,
    snapshot::Shelf,
};
use engine::identity::Position;
use std::sync::Arc;

/// The log of a ledger that is being served. Whatever reads a log takes it: a backup, an export, `verify`. It
/// holds up nobody, does not keep the ledger open, and answers `Closed` once that is closed.
#[derive(Clone)]
pub struct View {
    reader: Reader,
}

impl Ledger {
    /// The log as it is served.
    pub fn view(&self) -> View {
        View { reader: self.reader.clone() }
    }
}

impl View {
    fn end(&self) -> Position {
        *self.reader.heads().borrow()
    }
}

impl Log for View {
    /// Only the ledger appends: this never does.
    fn append(&self, _: Position, _: &[Record]) -> Result<(), AppendError> {
        Err(AppendError::NotWritten(StoreFault::new("append", "this is a view, only the ledger appends")))
    }

    fn read(&self, after: Position, limit: usize) -> Result<Vec<Record>, ReadError> {
        self.reader.records(after, limit)
    }

    fn head(&self) -> Result<Head, ReadError> {
        let end = self.end();
        let log = self.reader.log()?;
        let head = log.head()?;
        if head.position == end {
            return Ok(head);
        }
        // More is durable than was published yet.
        Ok(commit_at(&*log, end)?.map_or(Head::START, |commit| commit.head()))
    }

    fn find(&self, request: &RequestKey) -> Result<Option<Position>, ReadError> {
        let end = self.end();
        Ok(self.reader.log()?.find(request)?.filter(|position| *position <= end))
    }

    fn requests(&self, visit: &mut dyn FnMut(RequestEntry)) -> Result<(), ReadError> {
        // What is being written may stand in the index already; so nothing past the end is shown.
        let end = self.end();
        self.reader.log()?.requests(&mut |entry| {
            if entry.position <= end {
                visit(entry);
            }
        })
    }

    fn shelf(&self) -> Option<Arc<dyn Shelf>> {
        self.reader.log().ok()?.shelf()
    }
}
