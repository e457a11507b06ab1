//! Backups: a street's log as a file, made while it is served, and the way back.
//!
//! # How to move a street to a new machine or a new version
//!
//! 1. Make a full backup on the old machine, served or not, and an incremental one whenever there is more
//!    to carry: it begins after the head that the former reported.
//! 2. Stop the old program, and make a last incremental backup of its directory. From here on nobody writes.
//! 3. On the new machine restore the full backup into a directory that has no log yet, then each
//!    incremental one onto it, in order. Each says if it is damaged, or not the next. One that was cut off is
//!    done again.
//! 4. Compare the head that the last backup reported with the head that the restore reports. The same hash
//!    means the same log, from the first byte to the last: it is a hash over all before it.
//! 5. Start the new program there. A newer program reads what an older one wrote and leaves its bytes as
//!    they are; an older one refuses what it does not know.
//!
//! Keep the old directory until the new one has served a day. The backup holds the log and nothing beside
//! it: settings and the [`vault`](crate::vault) are carried over on their own (`storage/README.md` has the commands, for
//! a running server too). Snapshots are made anew. It holds all that the
//! log does, so keep it as you keep the log.
//!
//! A program that serves a log has it open alone, so it is the one that makes the backup: of
//! [`Ledger::view`](crate::Ledger::view), which every function here takes for a log.
//!
//! # The file, version 1
//!
//! Lines of JSON in UTF-8, each ended by one line feed. With *n* commits there are *n* + 2 lines:
//!
//! ```text
//! {"format":"gongjian-log","version":1,"street":"春风街道","first":"7950…","after":{"position":0,"hash":"0000…"},"head":{"position":3,"hash":"d55c…"},"created":1704067200000}
//! {"hash":"7950…","body":{"v":1,"position":1,…}}
//! {"hash":"6fc4…","body":{"v":1,"position":2,…}}
//! {"hash":"d55c…","body":{"v":1,"position":3,…}}
//! {"commits":3,"sha256":"…","head":{"position":3,"hash":"d55c…"}}
//! ```
//!
//! * The **header** ([`Header`]) says what follows: the street's name if it is known; the hash of the street's
//!   `first` commit, by which it is known; the commit `after` which the records begin (position 0 and 64
//!   zeros in a full backup); the `head` they lead to, which was the end of the log when the backup began; and
//!   when it was `created`, in milliseconds since 1970.
//! * A **record** is byte for byte what the log stores: see [`record`](crate::record). `hash` is SHA-256 of
//!   the bytes of `body`, and `before` in the body is the `hash` of the record before.
//! * The **trailer** counts the records, names the last, and gives SHA-256 of all lines before it with
//!   their line feeds: `head -n -1 FILE | sha256sum`.
//!
//! [`export`] writes the lines as they are. [`backup`] packs them into one zstd frame with its content
//! checksum, followed by a skippable frame of 72 bytes, the seal: `5b 2a 4d 18 40 00 00 00`, then SHA-256 of
//! all bytes before it in 64 hexadecimal digits. `zstdcat FILE | head` shows the lines without this program.
//! Both come back through the same functions. What was unpacked and packed again by hand has no seal:
//! give it unpacked.
//!
//! # Promises
//!
//! * **B1 consistent** – a backup holds every commit from `after` to the end of the log when it began, and
//!   none after, however much is written meanwhile. It holds nobody up.
//! * **B2 exact** – what is restored has the stored bytes, hence the hashes, hence the head of the original.
//! * **B3 refused** – a file of which any byte was changed, lost or added is refused, with line and position.
//! * **B4 checked first** – no record is used before the whole file was checked. Pipes are fine.
//! * **B5 never half** – [`save`] gives the file its name in one step after all of it is on the disk; a crash leaves
//!   `.backing-up-…`, which the next who writes there clears away, and the next start in its own directory.
//!   [`restore_into`] lays a mark beside the log before the first record goes in, and lifts it after the last: until
//!   then [`unfinished`] says so, and whoever opens the directory has to ask.
//! * **B6 where it belongs** – a full backup goes only into an empty log, an incremental one only onto the very
//!   commit it was made after. The one exception loses nothing of that: a log whose end is a commit of the file
//!   itself, as a restore leaves it that was cut off, gets the rest; with a full backup only under the mark of
//!   that restore. An incremental one done twice does nothing the second time.
//! * **B7 readable for ever** – every version of the file that was ever written is read.
//!
//! Everything here blocks; call it where that is allowed.

mod check;
mod failure;
mod file;
mod lines;
mod mark;
mod restore;
mod seal;
mod spool;
mod walk;
mod write;

pub use failure::{BackupError, Fault, FileFlaw, RestoreError};
pub use file::save;
pub use lines::Header;
pub use mark::{Mark, unfinished};
pub use restore::{Checked, Restored, is_log};

use crate::log::Log;
use engine::{identity::Position, moment::Moment, state::State};
use seal::Sealing;
use std::{
    io::{BufWriter, Read, Write},
    path::Path,
};
use write::output;

/// zstd's own default.
const LEVEL: i32 = 3;

/// What a backup says about itself that the log does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The name of the street, if it is known.
    pub street: Option<String>,
    /// What time it is.
    pub created: Moment,
}

impl Origin {
    /// Of the street with this state.
    pub fn of(state: &State, created: Moment) -> Self {
        Self { street: state.street().map(|street| street.name.clone()), created }
    }
}

/// How the lines stand in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Packed with zstd and sealed: a backup.
    Packed,
    /// As they are: an export.
    Plain,
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What is being done.
    pub step: Step,
    /// The commit that it was just done to.
    pub position: Position,
    /// The last one.
    pub head: Position,
}

/// What is being done: a backup writes, a restore checks, then appends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Writing the backup, told at every commit.
    Writing,
    /// Checking the file, told at every commit.
    Checking,
    /// Appending to the log, told after every append.
    Appending,
}

impl Progress {
    const fn new(step: Step, position: Position, head: Position) -> Self {
        Self { step, position, head }
    }
}

/// What a backup holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupReport {
    /// Its first line. The next incremental backup begins after its `head`.
    pub header: Header,
    /// How many commits.
    pub commits: u64,
    /// How many bytes the lines have.
    pub plain_bytes: u64,
    /// How many bytes were written.
    pub written_bytes: u64,
}

/// What a restore did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RestoreReport {
    /// The first line of the backup. The log ends with its `head` now.
    pub header: Header,
    /// How many commits the backup holds.
    pub commits: u64,
    /// How many of them were not there yet.
    pub appended: u64,
}

/// Writes the commits after `after` up to the present end of the log, packed and sealed. The output is
/// flushed, not synced: for a file see [`save`].
///
/// # Errors
/// See [`BackupError`]. What was written until then is refused by every restore.
pub fn backup(
    log: &dyn Log,
    after: Position,
    origin: &Origin,
    out: impl Write,
    progress: &mut dyn FnMut(Progress),
) -> Result<BackupReport, BackupError> {
    let mut sealing = Sealing::new(out);
    let mut packer = zstd::Encoder::new(&mut sealing, LEVEL).map_err(output)?;
    packer.include_checksum(true).map_err(output)?;
    let report = write::lines(log, after, origin, &mut packer, progress)?;
    packer.finish().map_err(output)?;
    sealing.seal().map_err(output)?;
    sealing.flush().map_err(output)?;
    Ok(BackupReport { written_bytes: sealing.bytes(), ..report })
}

/// Writes the same lines as [`backup`], as they are.
///
/// # Errors
/// See [`BackupError`]. What was written until then is refused by every restore.
pub fn export(
    log: &dyn Log,
    after: Position,
    origin: &Origin,
    out: impl Write,
    progress: &mut dyn FnMut(Progress),
) -> Result<BackupReport, BackupError> {
    let mut out = BufWriter::new(out);
    let report = write::lines(log, after, origin, &mut out, progress)?;
    out.flush().map_err(output)?;
    Ok(report)
}

/// Reads a backup or an export to its end, checks all of it, then appends it to the log: a full one to an empty
/// log, an incremental one to the log it was made after. The copy that is checked lies in `scratch` meanwhile.
///
/// Records go in by groups. If that is cut off, an incremental backup is simply restored again; a log that
/// was empty is to be thrown away. Into a directory, better [`restore_into`].
///
/// # Errors
/// See [`RestoreError`]: nothing was changed, except on `Stopped`.
pub fn restore(
    input: impl Read,
    into: &dyn Log,
    scratch: &Path,
    progress: &mut dyn FnMut(Progress),
) -> Result<RestoreReport, RestoreError> {
    Checked::read(input, scratch, progress)?.append_to(into, progress)
}

/// Reads a backup or export to its end, checks all of it, then makes a log of it in `directory`, or continues the one that
/// is there. Whatever else is in the directory is left alone. If it is cut off, by a power cut too, what is there says
/// that it is [`unfinished`], and the same restore carries on.
///
/// # Errors
/// See [`RestoreError`]: nothing was changed, except on `Stopped`, or when the copy of the input failed meanwhile.
pub fn restore_into(
    input: impl Read,
    directory: &Path,
    progress: &mut dyn FnMut(Progress),
) -> Result<RestoreReport, RestoreError> {
    let restored = Checked::beside(input, directory, progress)?.restore_into(directory, progress)?;
    restored.mark.map_or(Ok(()), Mark::lift)?;
    Ok(restored.report)
}
