//! The lines of a backup beside the records: the header before them, the trailer after them, and the
//! digest that runs over all of them.

use crate::{commit::Head, hash::Hash};
use engine::moment::Moment;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// What the header says it is.
pub(super) const FORMAT: &str = "gongjian-log";

/// The newest version of the lines that this program reads, and the one it writes.
pub(super) const VERSION: u32 = 1;

/// The first line: what the file holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// Always `gongjian-log`.
    pub format: String,
    /// The version of the lines, from 1. Records carry a version of their own.
    pub version: u32,
    /// The name of the street, for people. Nothing is decided by it.
    pub street: Option<String>,
    /// The hash of the log's first commit, by which a street is known; nothing for an empty log.
    pub first: Option<Hash>,
    /// The commit before the first record here. A full backup begins after position 0.
    pub after: Head,
    /// The last record here, and the end of the log when the backup began.
    pub head: Head,
    /// When it was made, in milliseconds since 1970-01-01T00:00:00Z.
    pub created: Moment,
}

impl Header {
    /// How many records stand between header and trailer.
    pub const fn commits(&self) -> u64 {
        self.head.position.0.saturating_sub(self.after.position.0)
    }

    /// Whether it begins with the first commit of the log.
    pub fn is_full(&self) -> bool {
        self.after == Head::START
    }
}

/// What every version of the header has.
#[derive(Deserialize)]
pub(super) struct HeaderVersion {
    pub(super) format: String,
    pub(super) version: u32,
}

/// The last line: what the file held, so that its end cannot be lost unnoticed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Trailer {
    /// How many records.
    pub(super) commits: u64,
    /// SHA-256 of all lines before this one, with their line breaks.
    pub(super) sha256: Hash,
    /// The last record.
    pub(super) head: Head,
}

/// A SHA-256 that is taken piece by piece.
#[derive(Clone, Default)]
pub(super) struct RunningHash(Sha256);

impl RunningHash {
    pub(super) fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    pub(super) fn hash(&self) -> Hash {
        let mut text = String::with_capacity(64);
        for byte in self.0.clone().finalize() {
            // Writing to a text cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        Hash::parse(&text).expect("32 bytes in lower-case hexadecimal are a hash")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_taken_piece_by_piece_is_the_hash_of_the_whole() {
        let mut running = RunningHash::default();
        assert_eq!(running.hash(), Hash::of(b""));
        for piece in ["花园", "", "社区"] {
            running.update(piece.as_bytes());
        }
        assert_eq!(running.hash(), Hash::of("花园社区".as_bytes()));
    }
}
