//! What sled's file is made of, as sled 0.34.7 writes it, which is pinned: segments of 512 KiB with a header (CRC-32, sequence
//! number, and the stable number at that time), then messages (CRC-32, kind, length, segment, page, content), and where
//! a segment is closed before its end a last one that pads it. All of it is only read here.

use std::{
    fs::File,
    io::{self, ErrorKind},
    os::unix::fs::FileExt,
};

/// sled's default, which this program has never changed.
pub(super) const SEGMENT_BYTES: usize = 512 << 10;
const SEGMENT_HEADER_BYTES: usize = 20;
/// sled begins no message where less than this is left of a segment.
const MESSAGE_HEADER_BYTES_MAX: usize = 32;

const KIND_CORRUPTED: u8 = 0;
pub(super) const KIND_CAP: u8 = 2;
pub(super) const KIND_BATCH_MANIFEST: u8 = 3;
const KIND_LAST: u8 = 11;

/// How a segment begins.
pub(super) enum Header {
    /// Nothing was written, or it was emptied.
    Empty,
    /// What is there has another sum.
    Broken,
    /// It was begun.
    Holds {
        /// Its place in all that sled has ever written.
        number: u64,
        /// Up to where sled was sure then.
        stable: u64,
    },
}

/// The header at a place of the file. sled does not look at a piece that is shorter than one.
pub(super) fn header_at(file: &File, offset: u64) -> io::Result<Header> {
    let mut header = [0; SEGMENT_HEADER_BYTES];
    match file.read_exact_at(&mut header, offset) {
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(Header::Empty),
        read => read?,
    }
    if header.iter().all(|byte| *byte == 0) {
        return Ok(Header::Empty);
    }
    Ok(match holding(&header) {
        Some((number, stable)) => Header::Holds { number, stable },
        None => Header::Broken,
    })
}

fn holding(header: &[u8; SEGMENT_HEADER_BYTES]) -> Option<(u64, u64)> {
    const XOR: i64 = i64::MAX;
    let (sum, rest) = header.split_first_chunk()?;
    let (number, stable) = rest.split_first_chunk()?;
    let stable = stable.try_into().ok()?;
    if crc32fast::hash(rest) != u32::from_le_bytes(*sum) ^ u32::MAX {
        return None;
    }
    let number = i64::from_le_bytes(*number) ^ XOR;
    let stable = i64::from_le_bytes(stable) ^ XOR;
    // Nothing is sure yet: sled says -1.
    Some((u64::try_from(number).ok()?, u64::try_from(stable).unwrap_or(0)))
}

/// The bytes of a segment; what is not there is zero.
pub(super) fn read(file: &File, offset: u64) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; SEGMENT_BYTES];
    let mut length = 0;
    while let Some(rest) = bytes.get_mut(length..).filter(|rest| !rest.is_empty()) {
        match file.read_at(rest, offset + length as u64)? {
            0 => break,
            read => length += read,
        }
    }
    Ok(bytes)
}

/// The messages of one segment, as far as they hold.
pub(super) struct Walk {
    /// Where the last message that holds has ended, and padding begins if there is any.
    pub(super) at: usize,
    /// Whether they hold to the end of the segment.
    pub(super) whole: bool,
    /// Where the padding ends; from there to the end of a whole segment all is zero.
    pub(super) padded: usize,
}

/// Shows the messages of a segment up to its end, its padding, or the first that does not hold.
pub(super) fn walk<'a>(bytes: &'a [u8], number: u64, mut visit: impl FnMut(&Message<'a>)) -> Walk {
    let mut at = SEGMENT_HEADER_BYTES;
    loop {
        if at > SEGMENT_BYTES - MESSAGE_HEADER_BYTES_MAX {
            return Walk { at, whole: true, padded: at };
        }
        let rest = bytes.get(at..).unwrap_or_default();
        let Some(message) = Message::read(rest, number / SEGMENT_BYTES as u64) else {
            return Walk { at, whole: false, padded: at };
        };
        if message.kind == KIND_CAP {
            return Walk { at, whole: true, padded: at + message.length };
        }
        visit(&message);
        at += message.length;
    }
}

/// A message whose sum holds.
pub(super) struct Message<'a> {
    pub(super) kind: u8,
    content: &'a [u8],
    length: usize,
}

impl<'a> Message<'a> {
    /// The message that the bytes begin with; `None` when it does not hold or belongs to another segment.
    pub(super) fn read(bytes: &'a [u8], segment: u64) -> Option<Self> {
        let (kind, sum, header, content) = Self::parts(bytes, segment)?;
        let mut hasher = crc32fast::Hasher::new();
        hasher.update(content);
        hasher.update(header);
        let holds = hasher.finalize() ^ u32::MAX == sum;
        let length = size_of::<u32>() + header.len() + content.len();
        holds.then_some(Self { kind, content, length })
    }

    /// The kind of what would be a message of this segment if its sum held.
    pub(super) fn kind_of(bytes: &'a [u8], segment: u64) -> Option<u8> {
        Self::parts(bytes, segment).map(|(kind, ..)| kind)
    }

    /// Kind, sum, header without the sum, and content.
    fn parts(bytes: &'a [u8], segment: u64) -> Option<(u8, u32, &'a [u8], &'a [u8])> {
        let (sum, summed) = bytes.split_first_chunk()?;
        let (kind, rest) = summed.split_first()?;
        if !(KIND_CORRUPTED + 1..=KIND_LAST).contains(kind) {
            return None;
        }
        let (content_bytes, rest) = number(rest)?;
        let (in_segment, rest) = number(rest)?;
        if in_segment != segment {
            return None;
        }
        let (_page, rest) = number(rest)?;
        let header = summed.get(..summed.len() - rest.len())?;
        let content = rest.get(..usize::try_from(content_bytes).ok()?)?;
        Some((*kind, u32::from_le_bytes(*sum), header, content))
    }

    /// Of the message that begins a batch: up to which number the batch goes.
    pub(super) fn promise(&self) -> u64 {
        self.content.try_into().map_or(u64::MAX, u64::from_le_bytes)
    }

    /// Whether these bytes stand in it.
    pub(super) fn holds(&self, token: &[u8]) -> bool {
        self.content.windows(token.len()).any(|part| part == token)
    }
}

/// sled's numbers of one to nine bytes.
fn number(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let (first, rest) = bytes.split_first()?;
    match *first {
        0..=240 => Some((u64::from(*first), rest)),
        241..=248 => {
            let (second, rest) = rest.split_first()?;
            Some((240 + 256 * (u64::from(*first) - 241) + u64::from(*second), rest))
        }
        249 => {
            let ([second, third], rest) = rest.split_first_chunk()?;
            Some((2_288 + 256 * u64::from(*second) + u64::from(*third), rest))
        }
        more => {
            let (value, rest) = rest.split_at_checked(usize::from(more) - 247)?;
            let mut bytes = [0; 8];
            bytes.iter_mut().zip(value).for_each(|(byte, value)| *byte = *value);
            Some((u64::from_le_bytes(bytes), rest))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_as_sled_writes_it() {
        let cases: [(&[u8], u64); 6] = [
            (&[240], 240),
            (&[241, 1], 241),
            (&[248, 255], 2_287),
            (&[249, 0, 1], 2_289),
            (&[250, 1, 2, 3], 0x03_0201),
            (&[255, 1, 0, 0, 0, 0, 0, 0, 128], 0x8000_0000_0000_0001),
        ];
        for (bytes, expected) in cases {
            assert_eq!(number(bytes), Some((expected, [].as_slice())));
            assert_eq!(number(&bytes[..bytes.len() - 1]), None);
        }
    }
}
