//! A look at sled's file before sled may change it.
//!
//! When sled starts it folds what was written since its own last snapshot, and where a message has a bad sum it
//! takes that for the end: what follows is overwritten. A bit that rotted there would so take acknowledged commits
//! with it for good. So the messages that sled is going to fold are read here first, with the sums that sled keeps of
//! them. If the last acknowledged commit stands among them, whole and before anything odd, then sled
//! can cut nothing that was acknowledged, and may start. Otherwise it starts on a copy first (see [`super::trial`]).
//!
//! This reads the format of sled 0.34.7, which is pinned: segments of 512 KiB with a header (CRC-32, sequence number,
//! and the stable number at that time), then messages (CRC-32, kind, length, segment, page, content). A reading that is
//! wrong somewhere costs a copy, not a commit: everything unexpected counts as odd.

use super::sums::SNAPSHOT;
use crate::{
    commit::Head,
    failure::{OpenError, ReadError, StoreFault},
};
use std::{
    collections::BTreeMap,
    fs::{self, File},
    io,
    os::unix::fs::FileExt,
    path::Path,
};

/// sled's default, which this program has never changed.
const SEGMENT_BYTES: usize = 512 << 10;
const SEGMENT_HEADER_BYTES: usize = 20;
/// sled begins no message where less than this is left of a segment.
const MESSAGE_HEADER_BYTES_MAX: usize = 32;

const KIND_CORRUPTED: u8 = 0;
const KIND_CAP: u8 = 2;
const KIND_BATCH_MANIFEST: u8 = 3;
const KIND_LAST: u8 = 11;

/// In how many of the last and of the first segments the last commit is looked for. It stands among the last; or among
/// the first, where every opening notes the head anew, when reads alone have made sled write pages since.
const SEGMENTS_SEARCHED: usize = 8;

/// Why sled may not start on a store before it was tried on a copy. Numbers are places in all that sled has ever
/// written; what of it stands in the file stands there in pieces of 512 KiB.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Doubt {
    /// A segment's header is odd, or two have one number.
    #[error("sled/db, byte {at}: the header of a segment does not hold")]
    Header {
        /// Where it stands in the file.
        at: u64,
    },
    /// A segment is missing where they have to follow one another.
    #[error("sled/db: there is no segment with the number {number}")]
    Gap {
        /// Which one.
        number: u64,
    },
    /// A message does not hold, and segments follow, or sled's own snapshot goes further.
    #[error("sled/db: the message with the number {at} does not hold, and others follow")]
    Torn {
        /// The number it stands at.
        at: u64,
    },
    /// What was acknowledged last stands in no message that was looked at.
    #[error("sled/db: the commit that was acknowledged last is in none of the last messages")]
    NotFound,
    /// It belongs to a batch that goes on after the last message that holds.
    #[error("sled/db: a batch goes up to the number {to}, the messages hold up to {end}")]
    Unfinished {
        /// The number that the batch goes up to.
        to: u64,
        /// The number after the last message.
        end: u64,
    },
}

impl Doubt {
    /// What sled says of a store it cannot read names no place; with the doubt it does.
    pub(super) fn told_with(self, error: OpenError) -> OpenError {
        match error {
            OpenError::Store(fault) | OpenError::Read(ReadError::Store(fault)) => {
                OpenError::Store(StoreFault::new(fault.step, format!("{self}; {}", fault.said)))
            }
            named => named,
        }
    }
}

/// Why sled may not start on the store; nothing when whatever it might cut comes after `acknowledged`.
pub(super) fn doubt(store: &Path, acknowledged: Head) -> io::Result<Option<Doubt>> {
    if acknowledged == Head::START {
        return Ok(None);
    }
    let file = File::open(store.join("db"))?;
    let folded_to = folded_to(store)?;
    let least = folded_to / SEGMENT_BYTES as u64 * SEGMENT_BYTES as u64;
    let segments = match segments(&file, least)? {
        Ok(segments) => segments,
        Err(doubt) => return Ok(Some(doubt)),
    };
    let token = acknowledged.hash.to_string().into_bytes();
    let (mut promised, mut needed, mut stands) = (0, None, 0);
    let count = segments.len();
    for (index, (number, offset)) in segments.into_iter().enumerate() {
        let is_last = index + 1 == count;
        let searched = index < SEGMENTS_SEARCHED || index + SEGMENTS_SEARCHED >= count;
        let token = searched.then_some(&*token);
        let walk = Walk::over(&file, number, offset, token, &mut promised)?;
        if !walk.whole && !is_last {
            return Ok(Some(Doubt::Torn { at: walk.end }));
        }
        stands = walk.end;
        if walk.found {
            needed.get_or_insert(promised);
        }
    }
    Ok(match needed {
        // sled empties what follows the last message that holds before it compares that with its snapshot.
        _ if stands < folded_to => Some(Doubt::Torn { at: stands }),
        None => Some(Doubt::NotFound),
        Some(to) if to >= stands => Some(Doubt::Unfinished { to, end: stands }),
        Some(_) => None,
    })
}

/// The number up to which sled's newest snapshot goes: it says so in its name.
fn folded_to(store: &Path) -> io::Result<u64> {
    let mut newest = 0;
    for item in fs::read_dir(store)? {
        let name = item?.file_name();
        let digits = name.to_str().and_then(|name| name.strip_prefix(SNAPSHOT));
        newest = newest.max(digits.and_then(|digits| u64::from_str_radix(digits, 16).ok()).unwrap_or(0));
    }
    Ok(newest)
}

/// The segments that sled is going to fold, from `least`, by their numbers, with their places.
fn segments(file: &File, least: u64) -> io::Result<Result<BTreeMap<u64, u64>, Doubt>> {
    let size = SEGMENT_BYTES as u64;
    let mut found = BTreeMap::new();
    let mut stable = least;
    for offset in (0..file.metadata()?.len()).step_by(SEGMENT_BYTES) {
        let mut header = [0; SEGMENT_HEADER_BYTES];
        if file.read_exact_at(&mut header, offset).is_err() {
            // sled does not look at a piece that is shorter than a header.
            break;
        }
        if header.iter().all(|byte| *byte == 0) {
            continue;
        }
        let Some((number, stable_then)) = segment_header(&header) else {
            return Ok(Err(Doubt::Header { at: offset }));
        };
        if number >= least {
            stable = stable.max(stable_then);
            if number % size != 0 || found.insert(number, offset).is_some() {
                return Ok(Err(Doubt::Header { at: offset }));
            }
        }
    }
    // From where it was not sure yet, sled wants one after the other.
    let unsure: Vec<u64> = found.range(stable / size * size..).map(|(number, _)| *number).collect();
    let first = stable / size * size;
    let wanted = (first..).step_by(SEGMENT_BYTES);
    let gap = unsure.iter().zip(wanted).find(|(number, wanted)| *number != wanted);
    Ok(gap.map_or(Ok(found), |(_, number)| Err(Doubt::Gap { number })))
}

fn segment_header(header: &[u8; SEGMENT_HEADER_BYTES]) -> Option<(u64, u64)> {
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

/// The messages of one segment, as far as they hold.
struct Walk {
    /// The number after the last message that holds.
    end: u64,
    /// Whether they hold to the end of the segment.
    whole: bool,
    /// Whether what was looked for stands in one of them.
    found: bool,
}

impl Walk {
    fn over(
        file: &File,
        number: u64,
        offset: u64,
        token: Option<&[u8]>,
        promised: &mut u64,
    ) -> io::Result<Self> {
        let mut bytes = vec![0; SEGMENT_BYTES];
        let mut length = 0;
        while let Some(rest) = bytes.get_mut(length..).filter(|rest| !rest.is_empty()) {
            match file.read_at(rest, offset + length as u64)? {
                0 => break,
                read => length += read,
            }
        }
        let mut at = SEGMENT_HEADER_BYTES;
        let mut found = false;
        let whole = loop {
            if at > SEGMENT_BYTES - MESSAGE_HEADER_BYTES_MAX {
                break true;
            }
            let rest = bytes.get(at..).unwrap_or_default();
            let Some(message) = Message::read(rest, number / SEGMENT_BYTES as u64) else {
                break false;
            };
            match message.kind {
                KIND_CAP => break true,
                KIND_BATCH_MANIFEST => {
                    let last = message.content.try_into().map_or(u64::MAX, u64::from_le_bytes);
                    *promised = (*promised).max(last);
                }
                _ => {
                    let holds = |token: &[u8]| message.content.windows(token.len()).any(|part| part == token);
                    found = found || token.is_some_and(holds);
                }
            }
            at += message.length;
        };
        Ok(Self { end: number + at as u64, whole, found })
    }
}

struct Message<'a> {
    kind: u8,
    content: &'a [u8],
    length: usize,
}

impl<'a> Message<'a> {
    /// The message that the bytes begin with; `None` when it does not hold or belongs to another segment.
    fn read(bytes: &'a [u8], segment: u64) -> Option<Self> {
        let (sum, summed) = bytes.split_first_chunk()?;
        let (kind, rest) = summed.split_first()?;
        let (content_bytes, rest) = number(rest)?;
        let (in_segment, rest) = number(rest)?;
        let (_page, rest) = number(rest)?;
        let header = summed.get(..summed.len() - rest.len())?;
        let content = rest.get(..usize::try_from(content_bytes).ok()?)?;
        let mut hasher = crc32fast::Hasher::new();
        hasher.update(content);
        hasher.update(header);
        let holds = hasher.finalize() ^ u32::MAX == u32::from_le_bytes(*sum);
        let known = (KIND_CORRUPTED + 1..=KIND_LAST).contains(kind);
        let length = sum.len() + header.len() + content.len();
        (holds && known && in_segment == segment).then_some(Self { kind: *kind, content, length })
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
    use crate::{Log, conformance::samples, sled::SledLog};
    use engine::identity::Position;

    #[test]
    fn a_store_that_was_left_in_order_is_never_doubted() {
        let directory = tempfile::tempdir().unwrap();
        let mut head = Head::START;
        // Segments fill up at any moment; in some sessions nothing is written at all.
        for session in 0..40 {
            let log = SledLog::open(directory.path()).unwrap();
            for append in 0..[300, 0, 7, 0, 41, 0, 0, 60][session % 8] {
                let records = samples(head, &format!("{session}-{append}-{}", "x".repeat(100)), 3);
                log.append(head.position, &records).unwrap();
                head = log.head().unwrap();
            }
            drop(log);
            assert_eq!(doubt(&directory.path().join("sled"), head).unwrap(), None, "session {session}");
        }
        let more = Head { hash: crate::Hash::of(b"not in the log"), ..head };
        assert_eq!(doubt(&directory.path().join("sled"), more).unwrap(), Some(Doubt::NotFound));
    }

    /// sled writes pages of its own accord after the head was noted, and a later start folds them.
    #[test]
    fn what_rots_after_the_head_and_before_the_snapshot_is_doubted_and_left_as_it_is() {
        let directory = tempfile::tempdir().unwrap();
        let (store, records) = (directory.path().join("sled"), samples(Head::START, "kept", 9));
        let log = SledLog::open(directory.path()).unwrap();
        log.append(Position::START, &records).unwrap();
        let head = log.head().unwrap();
        drop(log);
        let noted = folded_to(&store).unwrap();
        for _ in 0..2 {
            let (tree, sled) = super::super::start(&store).unwrap();
            let more = sled.open_tree("more").unwrap();
            (0..40_u32).for_each(|key| drop(more.insert(key.to_be_bytes(), [7_u8; 100].as_slice()).unwrap()));
            sled.flush().unwrap();
            drop((tree, more, sled));
        }
        let folded = folded_to(&store).unwrap();
        assert!(noted < folded, "something was folded");
        assert_eq!(doubt(&store, head).unwrap(), None);

        let whole = fs::read(store.join("db")).unwrap();
        let mut found = 0;
        for at in (usize::try_from(noted).unwrap()..usize::try_from(folded).unwrap()).step_by(97) {
            let mut rotten = whole.clone();
            rotten[at] ^= 1;
            fs::write(store.join("db"), &rotten).unwrap();
            if SledLog::open(directory.path()).is_err() {
                found += 1;
                assert!(fs::read(store.join("db")).unwrap() == rotten, "{at}: the refused start has written");
            }
            fs::write(store.join("db"), &whole).unwrap();
            assert_eq!(SledLog::open(directory.path()).unwrap().read(Position::START, 99).unwrap(), records);
            fs::write(store.join("db"), &whole).unwrap();
        }
        assert!(found > 10, "{found} are too few");
    }

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
