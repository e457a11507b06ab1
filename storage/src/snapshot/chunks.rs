//! Pieces under sums that run on: nothing is given out before its piece was checked, and the end is noticed.

use crate::hash::Hash;
use std::io::{self, ErrorKind, Read, Write};

/// The most bytes of a piece.
pub(super) const PIECE_BYTES_MAX: usize = 1 << 20;

/// Cuts what is written into pieces.
pub(super) struct Cutting<W> {
    out: W,
    before: Hash,
    piece: Vec<u8>,
}

impl<W: Write> Cutting<W> {
    /// Pieces that follow what has the sum `before`.
    pub(super) const fn after(before: Hash, out: W) -> Self {
        Self { out, before, piece: Vec::new() }
    }

    /// Writes the last piece and the end.
    pub(super) fn finish(mut self) -> io::Result<W> {
        if !self.piece.is_empty() {
            self.cut()?;
        }
        self.cut()?;
        Ok(self.out)
    }

    fn cut(&mut self) -> io::Result<()> {
        let sum = Hash::chained(self.before, &self.piece);
        // At most a mebibyte.
        let length = self.piece.len() as u32;
        self.out.write_all(&length.to_le_bytes())?;
        self.out.write_all(sum.as_bytes())?;
        self.out.write_all(&self.piece)?;
        self.before = sum;
        self.piece.clear();
        Ok(())
    }
}

impl<W: Write> Write for Cutting<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = PIECE_BYTES_MAX - self.piece.len();
        let taken = bytes.len().min(room);
        self.piece.extend(bytes.iter().take(taken));
        if self.piece.len() == PIECE_BYTES_MAX {
            self.cut()?;
        }
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Puts pieces together again.
pub(super) struct Joining<R> {
    input: R,
    before: Hash,
    piece: Vec<u8>,
    given: usize,
    ended: bool,
}

impl<R: Read> Joining<R> {
    /// Pieces that follow what has the sum `before`.
    pub(super) const fn after(before: Hash, input: R) -> Self {
        Self { input, before, piece: Vec::new(), given: 0, ended: false }
    }

    /// Checks the next piece; the last is empty, and nothing comes after it.
    fn next(&mut self) -> io::Result<()> {
        let rotten = |what: &str| io::Error::new(ErrorKind::InvalidData, what.to_owned());
        let (mut length, mut sum) = ([0; 4], [0; 32]);
        self.input.read_exact(&mut length)?;
        self.input.read_exact(&mut sum)?;
        let length = u32::from_le_bytes(length) as usize;
        if length > PIECE_BYTES_MAX {
            return Err(rotten("a piece is too long"));
        }
        self.piece.resize(length, 0);
        self.given = 0;
        self.input.read_exact(&mut self.piece)?;
        let computed = Hash::chained(self.before, &self.piece);
        if computed.as_bytes() != &sum {
            return Err(rotten("a piece has another sum"));
        }
        self.before = computed;
        if length == 0 {
            self.ended = true;
            if self.input.read(&mut [0])? != 0 {
                return Err(rotten("there is something after the end"));
            }
        }
        Ok(())
    }
}

impl<R: Read> Read for Joining<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.given == self.piece.len() && !self.ended {
            self.next()?;
        }
        let mut left = self.piece.get(self.given..).unwrap_or_default();
        let read = left.read(into)?;
        self.given += read;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(bytes: &[u8]) -> Vec<u8> {
        let mut cutting = Cutting::after(Hash::of(b"header"), Vec::new());
        cutting.write_all(bytes).unwrap();
        cutting.finish().unwrap()
    }

    fn joined(cut: &[u8]) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        Joining::after(Hash::of(b"header"), cut).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    #[test]
    fn what_was_cut_comes_together_again() {
        for length in [0, 1, PIECE_BYTES_MAX - 1, PIECE_BYTES_MAX, PIECE_BYTES_MAX + 1, 3 * PIECE_BYTES_MAX] {
            let bytes: Vec<u8> = (0..length).map(|index| (index * 7) as u8).collect();
            assert!(joined(&cut(&bytes)).unwrap() == bytes, "{length}");
        }
    }

    #[test]
    fn no_flip_no_cut_and_no_more_goes_unnoticed() {
        let whole = cut("花园社区".as_bytes());
        for at in 0..whole.len() {
            for bit in 0..8 {
                let mut flipped = whole.clone();
                flipped[at] ^= 1 << bit;
                assert!(joined(&flipped).is_err(), "bit {bit} of byte {at}");
            }
            assert!(joined(&whole[..at]).is_err(), "cut at {at}");
        }
        assert!(joined(&[whole.as_slice(), b"more"].concat()).is_err());
        let other =
            Joining::after(Hash::of(b"another header"), whole.as_slice()).read_to_end(&mut Vec::new());
        assert!(other.is_err(), "the header belongs to it");
    }
}
