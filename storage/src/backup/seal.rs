//! The seal of a packed file: a last frame that every zstd skips, with the SHA-256 of all bytes before it.
//!
//! The digest of the lines already guards what the file says. The seal guards the packed bytes too,
//! some of which say nothing: a flip there would unpack to the same lines. A file that was changed on its
//! way is not to be trusted for the next restore either, so it is refused. By hand:
//! `tail -c 64 file` is what `head -c -72 file | sha256sum` says.

use super::lines::RunningHash;
use std::io::{self, Write};

/// Magic of a skippable frame, then its size, both little-endian: RFC 8878, section 3.1.2.
const FRAME: [u8; 8] = [0x5b, 0x2a, 0x4d, 0x18, 64, 0, 0, 0];

/// The bytes of a seal.
pub(super) const SEAL_BYTES: u64 = 72;

/// An output that counts what goes through, and can seal it.
pub(super) struct Sealing<W> {
    out: W,
    hash: RunningHash,
    bytes: u64,
}

impl<W: Write> Sealing<W> {
    pub(super) fn new(out: W) -> Self {
        Self { out, hash: RunningHash::default(), bytes: 0 }
    }

    /// How many bytes went through.
    pub(super) const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Writes the seal.
    pub(super) fn seal(&mut self) -> io::Result<()> {
        let hash = self.hash.hash().to_string();
        self.write_all(&FRAME)?;
        self.write_all(hash.as_bytes())
    }
}

impl<W: Write> Write for Sealing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.hash.update(bytes.get(..written).unwrap_or(bytes));
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// What the last bytes of a file say, if they are a seal.
pub(super) fn stated(last: &[u8]) -> Option<String> {
    last.strip_prefix(&FRAME).map(|hash| String::from_utf8_lossy(hash).into_owned())
}
