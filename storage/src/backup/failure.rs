//! What can go wrong with a backup, as facts: the log or the output when it is made, the file or the
//! place it is restored to when it comes back.

use crate::{
    commit::Head,
    failure::{AppendError, Flaw, OpenError, ReadError, StoreFault},
    hash::Hash,
};
use engine::identity::Position;
use std::path::PathBuf;

/// Why there is no backup. What was written of it has no trailer and is refused everywhere.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BackupError {
    /// The log cannot be read, or is damaged.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// It was to begin after a position that the log has not reached.
    #[error("the log ends at {head}, there is nothing after {after}")]
    AfterHead {
        /// Where it was to begin.
        after: Position,
        /// Where the log ends.
        head: Position,
    },
    /// The file is there already; it was left alone.
    #[error("{} is there already", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The output failed, such as a full disk. Trying again may help.
    #[error("the backup cannot be written: {0}")]
    Output(StoreFault),
}

/// What is wrong with the file, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}{}: {flaw}", position.map(|position| format!(" (position {position})")).unwrap_or_default())]
pub struct Fault {
    /// The line of the unpacked file, from 1.
    pub line: u64,
    /// The position of the record that stands there, or should.
    pub position: Option<Position>,
    /// What is wrong.
    pub flaw: FileFlaw,
}

/// What is wrong with a line of a backup, or with the file around its lines.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileFlaw {
    /// The file ends before its trailer, or inside it.
    #[error("the file is cut short")]
    CutShort,
    /// zstd cannot unpack it any further.
    #[error("it cannot be unpacked: {0}")]
    Unpacking(String),
    /// A line is longer than any record.
    #[error("the line is longer than {bytes_max} bytes")]
    TooLong {
        /// The most bytes of a line.
        bytes_max: u64,
    },
    /// The first line is no header.
    #[error("it is no backup: {0}")]
    NotABackup(String),
    /// The header says what cannot be, such as an end before the beginning.
    #[error("the header contradicts itself")]
    HeaderContradiction,
    /// A record is wrong by itself, or does not continue the one before it.
    #[error(transparent)]
    Record(Flaw),
    /// The first record of all is not the one that the header names.
    #[error("the header says the street begins with {stated:?}, the first record is {found}")]
    OtherFirst {
        /// What the header says.
        stated: Option<Hash>,
        /// The hash of the record at position 1.
        found: Hash,
    },
    /// The last line is no trailer.
    #[error("the trailer is unreadable: {0}")]
    NoTrailer(String),
    /// The trailer counts or names other records.
    #[error("the trailer says {commits} commits up to {head:?}")]
    OtherTotal {
        /// How many it counts.
        commits: u64,
        /// What it names as the last.
        head: Head,
    },
    /// A line before the trailer was changed, or the trailer's sum.
    #[error("the trailer says the lines have {stated}, they have {computed}")]
    OtherLines {
        /// What the trailer says.
        stated: Hash,
        /// What the lines have.
        computed: Hash,
    },
    /// The trailer says the right things in another spelling.
    #[error("the trailer is not spelled as it is written")]
    TrailerSpelling,
    /// There is something after the trailer.
    #[error("there is more after the trailer")]
    AfterTrailer,
    /// The packed file has no seal: cut short, or packed by another program. Unpacked, it can be restored.
    #[error("the packed file has no seal")]
    NoSeal,
    /// The packed bytes were changed.
    #[error("the seal says the packed bytes have {stated}, they have {computed}")]
    OtherBytes {
        /// What the seal says, as far as it is text.
        stated: String,
        /// What the bytes have.
        computed: Hash,
    },
}

/// Why a backup was not restored.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RestoreError {
    /// The file is not what was once written. Another copy helps; nothing was changed.
    #[error("the backup is damaged at {0}")]
    Faulty(Fault),
    /// A newer program wrote it. Restoring with that program helps; nothing was changed.
    #[error(
        "the backup was written by a newer program: format {found} at line {line}, this program reads up to {known}"
    )]
    NewerFormat {
        /// At which line.
        line: u64,
        /// Its version.
        found: u32,
        /// The newest version this program reads.
        known: u32,
    },
    /// A full backup goes only into an empty log; nothing was changed.
    #[error("a full backup needs an empty log, this one ends at {head}")]
    NotEmpty {
        /// Where the log ends.
        head: Position,
    },
    /// The log is another street's; nothing was changed.
    #[error("the backup is of the street that begins with {stated:?}, the log begins with {found:?}")]
    OtherStreet {
        /// The first commit of the street that was backed up.
        stated: Option<Hash>,
        /// The first commit of the log.
        found: Option<Hash>,
    },
    /// An incremental backup goes only onto the commit it was made after; nothing was changed. The ones
    /// between help, or a full one.
    #[error("the backup continues {needed:?}, the log ends with {found:?}")]
    OtherBase {
        /// The commit it was made after.
        needed: Head,
        /// The end of the log.
        found: Head,
    },
    /// The input failed while it was read; nothing was changed. Trying again may help.
    #[error("the backup cannot be read: {0}")]
    Input(StoreFault),
    /// The directory to restore into, or the one for the copy of the input, failed.
    #[error("the directory cannot be prepared: {0}")]
    Directory(StoreFault),
    /// The log to restore into cannot be opened.
    #[error(transparent)]
    Open(OpenError),
    /// The log to restore into cannot be read; nothing was changed.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The log took the records up to `reached`, then failed. Restoring the same backup again carries on from there.
    #[error("the log took the records up to {reached}, then failed: {error}")]
    Stopped {
        /// The last record that is surely there.
        reached: Position,
        /// How it failed.
        error: AppendError,
    },
    /// A restore of more than this was cut off in the directory. That one carries on, or one that leads further;
    /// nothing was changed.
    #[error(
        "a restore up to {head} was cut off here, and this backup ends before that: restore that one again, or remove the log"
    )]
    Unfinished {
        /// Where that one leads.
        head: Position,
    },
}

impl Fault {
    pub(super) const fn at(line: u64, position: Option<Position>, flaw: FileFlaw) -> Self {
        Self { line, position, flaw }
    }
}

impl From<Fault> for RestoreError {
    fn from(fault: Fault) -> Self {
        Self::Faulty(fault)
    }
}
