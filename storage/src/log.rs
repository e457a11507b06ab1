//! The log: what every backend promises. [`crate::conformance`] holds each of them to it.

use crate::{
    commit::Head,
    failure::{AppendError, ReadError, StoreFault},
    record::Record,
    request::RequestKey,
    snapshot::Shelf,
};
use engine::identity::Position;
use std::sync::Arc;

/// A sequence of commits that only grows.
///
/// All methods block; call them from threads that may wait. Promises:
///
/// * **L1 whole** – the records of one append are there all or not at all, also after a crash.
/// * **L2 durable** – once `append` answers `Ok`, the records are there, byte for byte, whenever and by
///   whomever the log is opened again; a power cut does not take them back.
/// * **L3 expected** – an append that expects another head changes nothing and says where the head is.
/// * **L4 chained** – only records that continue the head, and each other, are taken; otherwise nothing is written.
/// * **L5 once** – a request is in the log at most once; `find` leads to its commit, or to nothing.
/// * **L6 gapless** – `read(after, limit)` gives the commits after `after` in order without a gap: at least
///   one if there is one (and `limit` is not 0), at most `limit`, perhaps fewer than asked.
/// * **L7 durable before seen** – `head`, `read` and `find` show an append wholly or not at all, and not
///   before it is durable.
/// * **L8 honest** – what cannot be read is an error that names the position; nothing is skipped, guessed or cut.
/// * **L9 poison** – `Conflict`, `BrokenChain`, `RequestRepeated`, `NotWritten`, `Poisoned`: nothing was
///   written. After `OutcomeUnknown` every append says `Poisoned`; reads go on and show what was there before.
/// * **L10 large** – a record may be megabytes.
/// * **L11 index** – `requests` shows the requests of all commits and no others, or nothing at all.
pub trait Log: Send + Sync {
    /// Appends records, in order, after the commit `expected`. No records: only the expectation is checked.
    ///
    /// # Errors
    /// See [`AppendError`]: nothing was written, except perhaps on `OutcomeUnknown`.
    fn append(&self, expected: Position, records: &[Record]) -> Result<(), AppendError>;

    /// The commits after `after`: see L6.
    ///
    /// # Errors
    /// Damage, a newer format, or a failing store.
    fn read(&self, after: Position, limit: usize) -> Result<Vec<Record>, ReadError>;

    /// The last commit.
    ///
    /// # Errors
    /// Damage, or a failing store.
    fn head(&self) -> Result<Head, ReadError>;

    /// The position of the commit that answers a request.
    ///
    /// # Errors
    /// Damage, or a failing store.
    fn find(&self, request: &RequestKey) -> Result<Option<Position>, ReadError>;

    /// Shows every entry of the index that `find` looks into, in any order, for those who look for entries that
    /// lead nowhere. A log whose index is made anew at every opening need not: it shows nothing.
    ///
    /// # Errors
    /// Damage, or a failing store.
    fn requests(&self, visit: &mut dyn FnMut(RequestEntry)) -> Result<(), ReadError> {
        let _ = visit;
        Ok(())
    }

    /// Bytes of the store that have rotted and that no commit is read from, for those who want to know before it
    /// matters. What cannot tell such bytes from others shows nothing.
    ///
    /// # Errors
    /// A failing store.
    fn rot(&self) -> Result<Vec<Rot>, ReadError> {
        Ok(Vec::new())
    }

    /// Where snapshots of the state are kept beside the log, if anywhere.
    fn shelf(&self) -> Option<Arc<dyn Shelf>> {
        None
    }

    /// Why it takes no more appends, if it knows already: who asks now need not find out by the next one.
    fn fault(&self) -> Option<StoreFault> {
        None
    }

    /// Why even a small append would be `NotWritten` just now, for want of room, if so. Asked again it may be otherwise.
    fn want_of_room(&self) -> Option<StoreFault> {
        None
    }
}

/// A place of the store that is not what was written there, although all commits are whole.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}, byte {byte}: {said}")]
pub struct Rot {
    /// Of which file, below the log's directory.
    pub file: &'static str,
    /// Where what does not hold begins in it.
    pub byte: u64,
    /// What is wrong there.
    pub said: &'static str,
}

/// An entry of the index of requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestEntry {
    /// The key of a request, or what stands in its place.
    pub key: Result<RequestKey, String>,
    /// Where it leads.
    pub position: Position,
}

/// Checks what L3 and L4 ask of an append, for backends.
///
/// # Errors
/// `Conflict` or `BrokenChain`.
pub fn check_append(head: Head, expected: Position, records: &[Record]) -> Result<(), AppendError> {
    if expected != head.position {
        return Err(AppendError::Conflict { head: head.position });
    }
    let mut last = head;
    for record in records {
        let commit = record.commit();
        if commit.position != last.position.next() || commit.before != last.hash {
            return Err(AppendError::BrokenChain { position: last.position.next() });
        }
        last = commit.head();
    }
    Ok(())
}

impl<L: Log + ?Sized> Log for Arc<L> {
    fn append(&self, expected: Position, records: &[Record]) -> Result<(), AppendError> {
        (**self).append(expected, records)
    }
    fn read(&self, after: Position, limit: usize) -> Result<Vec<Record>, ReadError> {
        (**self).read(after, limit)
    }
    fn head(&self) -> Result<Head, ReadError> {
        (**self).head()
    }
    fn find(&self, request: &RequestKey) -> Result<Option<Position>, ReadError> {
        (**self).find(request)
    }
    fn requests(&self, visit: &mut dyn FnMut(RequestEntry)) -> Result<(), ReadError> {
        (**self).requests(visit)
    }
    fn rot(&self) -> Result<Vec<Rot>, ReadError> {
        (**self).rot()
    }
    fn shelf(&self) -> Option<Arc<dyn Shelf>> {
        (**self).shelf()
    }
    fn fault(&self) -> Option<StoreFault> {
        (**self).fault()
    }
    fn want_of_room(&self) -> Option<StoreFault> {
        (**self).want_of_room()
    }
}
