//! Snapshots: the state at some commits, kept beside the log, so that a start and a look into the past need
//! not fold the log from its first commit.
//!
//! A snapshot is a convenience. Everything in it comes from the log and is never trusted over it:
//!
//! * **K1 bound** – a snapshot names the commit it stands at, by position and hash. It is used only if the log has that
//!   very commit there. The commits after it are read, verified and folded one by one.
//! * **K2 whole** – its content lies in pieces of at most a mebibyte, each under a SHA-256 that runs on from the
//!   piece before. No byte is decoded before its piece was checked, and nothing of it is used before its end was.
//! * **K3 same program** – it carries the fingerprint of the sources that folded it. Another program ignores it.
//! * **K4 harmless** – one that does not fit is ignored with a line in the operator's log, whatever is wrong with it: the
//!   next older one is taken, or the whole log is folded, and a new one takes its place.
//! * **K5 whole or not there** – a [`Shelf`] shows a snapshot after all of it is kept, or never.
//! * **K6 few** – of a log of *n* commits at most two snapshots near its end are kept and one in each of at most eight
//!   spans, so they weigh a few times the newest, and every commit has one that is not much further back than *n* / 4.
//!   One is due when a thirty-second part of the log has come since the last, and at least 5,000 commits ([`Pace`]): so a
//!   start folds no more than that, and for each commit about 32 entries are written again. Where so much is written that
//!   this would take more than an eighth of a core, they come as often as that allows, and one when the writing ends.
//!   None is taken at the end: that would make every stop as long as the start that it shortens. But a start that had 5,000
//!   commits to fold takes one, and the next has none of them.
//!
//! What is checked at a start that uses one: the piece sums, the commit it stands at, every commit after it (own hash,
//! link to the one before, position, time), and that the log ends as it was acknowledged. The commits before are checked
//! one by one whenever they are read (for `follow`, history, a look into the past, a backup), and all of them,
//! with every link, by [`verify`](crate::verify()), which also folds the whole log and compares each snapshot with
//! what came out. So a byte that rots in an old commit cannot change what is served: the state was folded before
//! it rotted, and the commit itself is refused when it is read.
//!
//! # The form
//!
//! One line of JSON ([`SnapshotHeader`]), then pieces: a length (4 bytes, little-endian), 32 bytes of SHA-256 over the
//! sum before and the piece, the piece. The first sum before is that of the header line. A length of 0 ends
//! it. The pieces together are the parts of the state ([`engine::state::parts`]) as frames: two lengths, packed and
//! unpacked (4 bytes each, little-endian), and the zstd frame of the part's MessagePack, with maps by field name. A length of
//! 0 ends them. Frames stand by themselves, so a start decodes them on all cores.

mod chunks;
mod directory;
mod form;
mod frames;
mod shelf;
mod spacing;

pub use directory::DirectoryShelf;
pub use form::{SnapshotFlaw, SnapshotHeader, load, save};
pub use shelf::{MemoryShelf, Shelf};
pub use spacing::Pace;

pub(crate) use form::{is_whole, open};
pub(crate) use spacing::superfluous;

use crate::{commit::Head, failure::ReadError, log::Log, replay::commit_at};
use engine::{identity::Position, state::State};

/// A state that fits the log, and the commit it stands at.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The commit.
    pub head: Head,
    /// What the log amounts to with it.
    pub state: State,
}

/// The newest snapshot at or before `end` that fits the log; those that do not are passed over with a word.
///
/// # Errors
/// When the log itself cannot be read at a snapshot's commit, or is damaged there.
pub fn nearest(shelf: &dyn Shelf, log: &dyn Log, end: Position) -> Result<Option<Snapshot>, ReadError> {
    let positions = match shelf.list() {
        Ok(positions) => positions,
        Err(error) => {
            tracing::warn!(%error, "the snapshots cannot be listed: the log is folded from its beginning");
            return Ok(None);
        }
    };
    for position in positions.into_iter().rev().filter(|position| *position <= end) {
        match fitting(shelf, log, position)? {
            Ok(snapshot) => return Ok(Some(snapshot)),
            Err(flaw) => tracing::warn!(%position, %flaw, "a snapshot is ignored"),
        }
    }
    Ok(None)
}

/// The snapshot at a position, if it fits the log.
pub(crate) fn fitting(
    shelf: &dyn Shelf,
    log: &dyn Log,
    position: Position,
) -> Result<Result<Snapshot, SnapshotFlaw>, ReadError> {
    let opened = match open(shelf, position) {
        Ok(opened) => opened,
        Err(flaw) => return Ok(Err(flaw)),
    };
    let head = opened.header().head;
    if head.position > log.head()?.position {
        return Ok(Err(SnapshotFlaw::OtherLog { stated: head, found: None }));
    }
    let commit = commit_at(log, head.position)?;
    let found = commit.as_ref().map(|commit| (commit.head(), commit.time));
    if found != opened.header().time.map(|time| (head, time)) {
        return Ok(Err(SnapshotFlaw::OtherLog { stated: head, found: found.map(|(head, _)| head.hash) }));
    }
    Ok(opened.into_snapshot())
}
