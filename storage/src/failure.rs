//! What can go wrong with a log, as facts. "It did not happen" and "it may have happened" are
//! different errors, and damage names its place.

use crate::hash::Hash;
use engine::identity::Position;
use std::{any::Any, path::PathBuf};

/// The store or the machine below it failed: what was being done, and what was said.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{step}: {said}")]
pub struct StoreFault {
    /// What was being done, such as "flush".
    pub step: &'static str,
    /// What the layer below said.
    pub said: String,
}

impl StoreFault {
    /// A fault met while doing `step`.
    pub fn new(step: &'static str, said: impl ToString) -> Self {
        Self { step, said: said.to_string() }
    }
}

/// What a panic said.
pub(crate) fn last_words(panic: &(dyn Any + Send)) -> &str {
    let said = panic.downcast_ref::<String>().map(String::as_str);
    said.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("without a word")
}

/// A stored log is not what was once acknowledged. Nothing is skipped, guessed or cut: the reader stops.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the log is damaged at position {position}: {flaw}")]
pub struct Damage {
    /// Where.
    pub position: Position,
    /// What is wrong there.
    pub flaw: Flaw,
}

/// What is wrong at one position of a damaged log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// There is no commit although there are later ones or the head says so.
    #[error("the commit is missing")]
    Missing,
    /// One piece of a commit is missing.
    #[error("piece {piece} of {pieces} is missing")]
    PieceMissing {
        /// Which, counted from 1.
        piece: u32,
        /// How many there should be.
        pieces: u32,
    },
    /// The bytes are no record.
    #[error("the record is unreadable: {0}")]
    Unreadable(String),
    /// The body was changed, or its hash.
    #[error("the record says hash {stated}, its body has {computed}")]
    WrongHash {
        /// The hash beside the body.
        stated: Hash,
        /// The hash of the body.
        computed: Hash,
    },
    /// The hash holds, yet this program cannot make sense of the body.
    #[error("the record is whole, but this program does not understand it: {0}")]
    NotUnderstood(String),
    /// The record says that it belongs elsewhere.
    #[error("the record says it is position {stated}")]
    WrongPosition {
        /// Where it says it belongs.
        stated: Position,
    },
    /// It does not continue the commit before it.
    #[error("the record follows {before}, the commit before it is {expected}")]
    BrokenChain {
        /// What it names as the hash of the commit before.
        before: Hash,
        /// What that hash is.
        expected: Hash,
    },
    /// It was made earlier than the commit before it.
    #[error("the commit is older than the one before it")]
    TimeRunsBack,
    /// A commit has another hash than the one under which it was acknowledged.
    #[error("the commit is {found}, it was acknowledged as {stated}")]
    WrongHead {
        /// What the head or the anchor says.
        stated: Hash,
        /// The hash of the commit.
        found: Hash,
    },
    /// The log ends before this position, although a later one was acknowledged.
    #[error("the log ends here, but commits up to {acknowledged} were acknowledged")]
    Cut {
        /// How far it was acknowledged.
        acknowledged: Position,
    },
    /// There are records after the head.
    #[error("there are records after the head")]
    AfterHead,
    /// The index of request ids does not lead to this commit.
    #[error("the index of requests leads to {found:?} instead")]
    RequestIndex {
        /// Where it leads, if anywhere.
        found: Option<Position>,
    },
    /// The index of request ids has an entry that no commit has made.
    #[error("the index of requests has {request:?}, which leads to a commit of another request or to none")]
    StrayRequest {
        /// The request.
        request: String,
    },
    /// A snapshot fits the log, and yet the log amounts to something else there.
    #[error("a snapshot that fits the log holds another state than the log")]
    SnapshotDiffers,
    /// A file beside the commits is not what was written.
    #[error("{name}: {said}")]
    File {
        /// Which, below the log's directory.
        name: String,
        /// What is wrong with it.
        said: String,
    },
    /// A key or mark of the store cannot be read.
    #[error("a mark of the store is unreadable: {0}")]
    Mark(String),
}

/// Why a log could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// It is damaged.
    #[error(transparent)]
    Damaged(#[from] Damage),
    /// A newer program wrote it. Trying again with that program helps.
    #[error(
        "the log was written by a newer program: format {found} at position {position}, this program reads up to {known}"
    )]
    NewerFormat {
        /// At which commit.
        position: Position,
        /// Its version.
        found: u32,
        /// The newest version this program reads.
        known: u32,
    },
    /// The store failed; it may work the next time.
    #[error("the log cannot be read: {0}")]
    Store(StoreFault),
    /// The ledger was closed.
    #[error("the ledger is closed")]
    Closed,
}

/// Why a log or ledger could not be opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// Somebody else has it open. Trying again helps when they are done.
    #[error("{} is in use by another process", directory.display())]
    InUse {
        /// The directory.
        directory: PathBuf,
    },
    /// A newer program made the store.
    #[error("{} was made by a newer program: store format {found}, this program reads up to {known}", directory.display())]
    NewerStore {
        /// The directory.
        directory: PathBuf,
        /// The version of the store.
        found: u32,
        /// The newest version this program reads.
        known: u32,
    },
    /// What is stored cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The store failed.
    #[error("the log cannot be opened: {0}")]
    Store(StoreFault),
}

impl From<Damage> for OpenError {
    fn from(damage: Damage) -> Self {
        Self::Read(ReadError::Damaged(damage))
    }
}

/// Why commits were not, or perhaps not, appended.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AppendError {
    /// Another writer was here first; nothing was written. Read on and decide again.
    #[error("the head is {head} by now")]
    Conflict {
        /// Where the log ends.
        head: Position,
    },
    /// The records do not continue the head: a bug of the caller; nothing was written.
    #[error("the record at {position} does not continue the chain")]
    BrokenChain {
        /// The first that does not.
        position: Position,
    },
    /// The request of a record is in the log already: a bug of the caller; nothing was written.
    #[error("the request of the record at {position} is in the log already")]
    RequestRepeated {
        /// The first such record.
        position: Position,
    },
    /// The store failed before anything was written. Trying again may help.
    #[error("nothing was written: {0}")]
    NotWritten(StoreFault),
    /// The store failed in a way that leaves open what is on the disk. The log takes no more appends
    /// until it is opened again.
    #[error("it is unknown what was written: {0}")]
    OutcomeUnknown(StoreFault),
    /// A former append ended unknown; this one wrote nothing.
    #[error("the log takes no appends since a former one ended unknown: {0}")]
    Poisoned(StoreFault),
}
