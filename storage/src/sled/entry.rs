//! The keys `e|position|piece|pieces`, in big-endian numbers, that hold the records' texts.
//!
//! A text is cut into pieces because sled moves large values to files that it never syncs. Every key
//! says how many pieces there are, so that the loss of any of them is noticed, the last included.
//!
//! The highest bit of `pieces` says that the append goes on: the next record belongs to it as well. A crash may leave such
//! a record as the last; what it left of that append is then no part of the log.

use crate::{
    failure::{Damage, Flaw, ReadError, StoreFault},
    record::Record,
};
use engine::identity::Position;
use std::iter;

/// The most bytes of one value.
pub const PIECE_BYTES_MAX: usize = 4096;

/// Every key of this family begins so.
const FAMILY: u8 = b'e';

/// Marks a piece of a record with which its append does not end.
const GOES_ON: u32 = 1 << 31;

/// The bytes of a key.
pub(super) type KeyBytes = [u8; 17];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Key {
    position: Position,
    piece: u32,
    pieces: u32,
    goes_on: bool,
}

impl Key {
    fn bytes(self) -> KeyBytes {
        let mut key = [FAMILY; 17];
        let pieces = self.pieces | if self.goes_on { GOES_ON } else { 0 };
        let numbers = self.position.0.to_be_bytes().into_iter();
        let numbers = numbers.chain(self.piece.to_be_bytes()).chain(pieces.to_be_bytes());
        key.iter_mut().skip(1).zip(numbers).for_each(|(byte, number)| *byte = number);
        key
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let (family, numbers) = bytes.split_first()?;
        let (position, numbers) = numbers.split_first_chunk()?;
        let (piece, numbers) = numbers.split_first_chunk()?;
        let pieces = u32::from_be_bytes(numbers.try_into().ok()?);
        (*family == FAMILY).then_some(Self {
            position: Position(u64::from_be_bytes(*position)),
            piece: u32::from_be_bytes(*piece),
            pieces: pieces & !GOES_ON,
            goes_on: pieces & GOES_ON != 0,
        })
    }
}

/// The keys and the values of the records of one append, when each is one piece.
pub(super) fn singles(records: &[Record]) -> Option<Vec<(KeyBytes, &[u8])>> {
    let last = records.last()?.commit().position;
    let single = |record: &Record| record.text().len() <= PIECE_BYTES_MAX;
    let each = records.iter().map(|record| {
        let position = record.commit().position;
        let key = Key { position, piece: 0, pieces: 1, goes_on: position < last };
        (key.bytes(), record.text().as_bytes())
    });
    records.iter().all(single).then(|| each.collect())
}

/// Puts the text of a record into a batch.
pub(super) fn put(batch: &mut ::sled::Batch, record: &Record) {
    let text = record.text().as_bytes();
    // A text of 16 TiB would not have fitted in memory.
    let pieces = u32::try_from(text.len().div_ceil(PIECE_BYTES_MAX)).unwrap_or(u32::MAX);
    for (piece, value) in (0..pieces).zip(text.chunks(PIECE_BYTES_MAX)) {
        let key = Key { position: record.commit().position, piece, pieces, goes_on: false };
        batch.insert(&key.bytes(), value);
    }
}

/// The position of the last piece in the tree with which an append ends, and what a crash left after it of another,
/// the last first; of that at most `most` keys.
pub(super) fn last(tree: &::sled::Tree, most: usize) -> Result<(Position, Vec<KeyBytes>), ReadError> {
    let mut unfinished = Vec::new();
    for key in tree.scan_prefix([FAMILY]).keys().rev() {
        let key = key.map_err(|error| ReadError::Store(StoreFault::new("read the last key", error)))?;
        let key = Key::parse(&key).ok_or_else(|| Damage {
            position: Position::START,
            flaw: Flaw::Mark(format!("key {key:02x?}")),
        })?;
        if !key.goes_on || unfinished.len() == most {
            return Ok((key.position, unfinished));
        }
        unfinished.push(key.bytes());
    }
    Ok((Position::START, unfinished))
}

/// The texts after `after` up to `end`, one after the other; ends after the first error.
pub(super) fn texts(
    tree: &::sled::Tree,
    after: Position,
    end: Position,
) -> impl Iterator<Item = Result<(Position, Vec<u8>), ReadError>> {
    // sled does not take a range that ends before it begins.
    let mut items = (after < end).then(|| {
        let from = Key { position: after.next(), piece: 0, pieces: 0, goes_on: false };
        let to = Key { position: end, piece: u32::MAX, pieces: !GOES_ON, goes_on: true };
        tree.range(from.bytes()..=to.bytes())
    });
    let mut last = after;
    iter::from_fn(move || {
        let position = items.as_ref().filter(|_| last < end).map(|_| last.next())?;
        let text = items.as_mut().map(|items| text(items, position))?;
        last = position;
        if text.is_err() {
            items = None;
        }
        Some(text.map(|text| (position, text)))
    })
}

/// Puts one text together from the next pieces.
fn text(items: &mut ::sled::Iter, position: Position) -> Result<Vec<u8>, ReadError> {
    let damaged = |flaw| ReadError::Damaged(Damage { position, flaw });
    let mut text = Vec::new();
    let mut pieces = None;
    for piece in 0.. {
        let missing = |pieces: Option<u32>| match pieces {
            None => damaged(Flaw::Missing),
            Some(pieces) => damaged(Flaw::PieceMissing { piece: piece + 1, pieces }),
        };
        let Some(item) = items.next() else {
            return Err(missing(pieces));
        };
        let (key, value) = item.map_err(|error| ReadError::Store(StoreFault::new("read a record", error)))?;
        let key = Key::parse(&key).ok_or_else(|| damaged(Flaw::Mark(format!("key {key:02x?}"))))?;
        if key.position != position {
            return Err(missing(pieces));
        }
        if key.piece != piece || pieces.is_some_and(|pieces| pieces != key.pieces) {
            return Err(missing(Some(pieces.unwrap_or(key.pieces))));
        }
        pieces = Some(key.pieces);
        text.extend_from_slice(&value);
        if piece + 1 >= key.pieces {
            break;
        }
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_back_and_sort_by_position_then_piece() {
        let mut last = Vec::new();
        for (position, piece, pieces, goes_on) in [
            (1, 0, 1, true),
            (2, 0, 300, false),
            (2, 1, 300, false),
            (2, 299, 300, false),
            (256, 0, 1, true),
            (u64::MAX, 0, 1, false),
        ] {
            let key = Key { position: Position(position), piece, pieces, goes_on };
            assert_eq!(Key::parse(&key.bytes()), Some(key));
            assert!(last < key.bytes().to_vec());
            last = key.bytes().to_vec();
        }
        assert_eq!(Key::parse(b"e"), None);
        assert_eq!(Key::parse(&[b'e'; 18]), None);
        assert_eq!(Key::parse(&[b'f'; 17]), None);
    }
}
