//! A snapshot as bytes.

use super::{
    Snapshot,
    chunks::{Cutting, Joining},
    frames,
    shelf::Shelf,
};
use crate::{commit::Head, failure::StoreFault, hash::Hash};
use engine::{identity::Position, moment::Moment, state::State};
use serde::{Deserialize, Serialize};
use std::io::{self, BufReader, BufWriter, Read, Write};

/// What the header says it is.
const FORMAT: &str = "gongjian-snapshot";

/// The version of everything around the content.
const VERSION: u32 = 2;

/// What folded it: see `build.rs`.
const PROGRAM: &str = env!("SNAPSHOT_FINGERPRINT");

/// The longest header line.
const HEADER_BYTES_MAX: usize = 4_096;

/// The first line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotHeader {
    /// Always `gongjian-snapshot`.
    pub format: String,
    /// The version of header and pieces.
    pub version: u32,
    /// The fingerprint of the program that folded it.
    pub program: String,
    /// The commit it stands at.
    pub head: Head,
    /// When that commit was made; nothing at the beginning of a log.
    pub time: Option<Moment>,
}

impl SnapshotHeader {
    fn of(state: &State, head: Head) -> Self {
        let (format, program) = (FORMAT.to_owned(), PROGRAM.to_owned());
        Self { format, version: VERSION, program, head, time: state.time() }
    }
}

/// Why a snapshot is not used. None of this is damage: the log has everything.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SnapshotFlaw {
    /// It is not there any more.
    #[error("it is gone")]
    Gone,
    /// Its bytes are not what was written.
    #[error("it is rotten: {0}")]
    Rotten(String),
    /// It has another form than this program reads.
    #[error("it has form {found}, this program reads {VERSION}")]
    OtherForm {
        /// Its version.
        found: u32,
    },
    /// Another program folded it, whose states may mean something else.
    #[error("another program folded it")]
    OtherProgram,
    /// The log has another commit there, or none.
    #[error("it stands at {stated:?}, the log has {found:?} there")]
    OtherLog {
        /// The commit it says it stands at.
        stated: Head,
        /// The hash of the commit that the log has at that position.
        found: Option<Hash>,
    },
    /// It lies under the position of another one.
    #[error("it stands at {stated}, not where it lies")]
    OtherPlace {
        /// Where it says it stands.
        stated: Position,
    },
    /// It cannot be read just now.
    #[error("it cannot be read: {0}")]
    Store(StoreFault),
}

impl From<io::Error> for SnapshotFlaw {
    fn from(error: io::Error) -> Self {
        match error.raw_os_error() {
            Some(_) => Self::Store(StoreFault::new("read a snapshot", error)),
            None => Self::Rotten(error.to_string()),
        }
    }
}

/// Puts the state that stands at `head` on the shelf.
///
/// # Errors
/// When the shelf fails.
pub fn save(shelf: &dyn Shelf, state: &State, head: Head) -> Result<(), StoreFault> {
    shelf.put(head.position, &mut |out| write(state, head, out))
}

fn write(state: &State, head: Head, out: &mut dyn Write) -> io::Result<()> {
    let mut line = serde_json::to_vec(&SnapshotHeader::of(state, head))?;
    line.push(b'\n');
    out.write_all(&line)?;
    let mut pieces = BufWriter::with_capacity(128 << 10, Cutting::after(Hash::of(&line), out));
    frames::write(state, &mut pieces)?;
    pieces.into_inner().map_err(io::IntoInnerError::into_error)?.finish()?;
    Ok(())
}

/// A snapshot of which the header was read.
pub(crate) struct Opened {
    header: SnapshotHeader,
    sum: Hash,
    rest: Box<dyn Read + Send>,
}

/// Reads the header of the snapshot at a position and checks all that can be checked without the log.
pub(crate) fn open(shelf: &dyn Shelf, position: Position) -> Result<Opened, SnapshotFlaw> {
    let mut rest = shelf.get(position).map_err(SnapshotFlaw::Store)?.ok_or(SnapshotFlaw::Gone)?;
    let line = line(&mut rest)?;
    let rotten = |error: serde_json::Error| SnapshotFlaw::Rotten(format!("its header: {error}"));
    let header: SnapshotHeader = serde_json::from_slice(&line).map_err(rotten)?;
    if header.format != FORMAT {
        return Err(SnapshotFlaw::Rotten(format!("its header says {:?}", header.format)));
    }
    if header.version != VERSION {
        return Err(SnapshotFlaw::OtherForm { found: header.version });
    }
    if header.program != PROGRAM {
        return Err(SnapshotFlaw::OtherProgram);
    }
    if header.head.position != position {
        return Err(SnapshotFlaw::OtherPlace { stated: header.head.position });
    }
    Ok(Opened { sum: Hash::of(&line), header, rest })
}

/// Reads the first line byte by byte, so that nothing of the pieces is taken with it.
fn line(input: &mut dyn Read) -> io::Result<Vec<u8>> {
    let mut line = Vec::new();
    let mut byte = [0];
    while line.len() < HEADER_BYTES_MAX && !line.ends_with(b"\n") {
        input.read_exact(&mut byte)?;
        line.extend(byte);
    }
    Ok(line)
}

/// Reads the snapshot at a position to its end. Whether it fits the log is not looked at: see
/// [`nearest`](super::nearest).
///
/// # Errors
/// See [`SnapshotFlaw`].
pub fn load(shelf: &dyn Shelf, position: Position) -> Result<Snapshot, SnapshotFlaw> {
    open(shelf, position)?.into_snapshot()
}

/// Whether every byte of the snapshot at a position lies under a sum that holds.
pub(crate) fn is_whole(shelf: &dyn Shelf, position: Position) -> bool {
    let Ok(Opened { sum, rest, .. }) = open(shelf, position) else { return false };
    io::copy(&mut Joining::after(sum, rest), &mut io::sink()).is_ok()
}

impl Opened {
    pub(crate) const fn header(&self) -> &SnapshotHeader {
        &self.header
    }

    /// Reads the content to its last byte.
    pub(crate) fn into_snapshot(self) -> Result<Snapshot, SnapshotFlaw> {
        let mut pieces = BufReader::with_capacity(1 << 20, Joining::after(self.sum, self.rest));
        let state = frames::read(&mut pieces)?;
        if (state.position(), state.time()) != (self.header.head.position, self.header.time) {
            return Err(SnapshotFlaw::Rotten("its content stands elsewhere than its header says".to_owned()));
        }
        Ok(Snapshot { head: self.header.head, state })
    }
}
