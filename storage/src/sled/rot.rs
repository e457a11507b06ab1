//! A look through all of sled's file for what has rotted, also where nothing is read from any more.
//!
//! sled writes each change behind the last and reads a page from where it was last written, so most of its file is
//! dead: what rots there harms nobody, but it says that the disk does. Every segment that was filled lies under sums
//! and zeroes from its first byte to its last, so that a flipped bit anywhere in it is noticed. What has no sum is not
//! looked at: a segment that was emptied or not begun, and what comes after the last message of the newest one.
//!
//! What a kill or a power cut leaves is not rot. There may be a torn end of the newest segment, after all that was durable
//! when sled last started; blocks of zeroes in a segment that was being emptied; and one old segment that was just being
//! begun anew.

use super::{
    look::folded_to,
    segment::{self, Header, KIND_BATCH_MANIFEST, KIND_CAP, Message, SEGMENT_BYTES},
};
use crate::log::Rot;
use std::{fs::File, io, path::Path};

/// A disk writes so many bytes or none of them.
const BLOCK_BYTES: usize = 512;

/// Every place of the file that does not hold, one for each segment at most.
pub(super) fn find(store: &Path) -> io::Result<Vec<Rot>> {
    let file = File::open(store.join("db"))?;
    let folded_to = folded_to(store)?;
    let (mut rot, mut begun) = (Vec::new(), Vec::new());
    for offset in (0..file.metadata()?.len()).step_by(SEGMENT_BYTES) {
        match segment::header_at(&file, offset)? {
            Header::Empty => {}
            Header::Broken => rot.push(at(offset, "the header of a segment does not hold")),
            Header::Holds { number, .. } => begun.push((number, offset)),
        }
    }
    begun.sort_unstable();
    let Some((newest, filled)) = begun.split_last() else {
        return Ok(rot);
    };
    let bytes = segment::read(&file, newest.1)?;
    let mut promised = 0;
    let tip = segment::walk(&bytes, newest.0, |message| {
        if message.kind == KIND_BATCH_MANIFEST {
            promised = promised.max(message.promise());
        }
    });
    let end = newest.0 + tip.at as u64;
    rot.extend(match tip.whole {
        true => after_the_end(&bytes, tip.padded, newest.1),
        // What was written since the last start may be torn here.
        false => (end < folded_to).then(|| in_a_message(newest.1, tip.at)),
    });
    // Where the newest segment is full or a batch goes beyond its end, the next may have been begun in an old one's place.
    let may_begin_anew = tip.whole || promised >= end;
    let mut broken = Vec::new();
    for (number, offset) in filled {
        let bytes = segment::read(&file, *offset)?;
        let walk = segment::walk(&bytes, *number, |_| ());
        match walk.whole {
            true => rot.extend(after_the_end(&bytes, walk.padded, *offset)),
            false if was_emptied(&bytes, walk.at, number / SEGMENT_BYTES as u64) => {}
            false => broken.push(in_a_message(*offset, walk.at)),
        }
    }
    if !(may_begin_anew && broken.len() == 1) {
        rot.extend(broken);
    }
    rot.sort_unstable_by_key(|rot| rot.byte);
    Ok(rot)
}

const fn at(byte: u64, said: &'static str) -> Rot {
    Rot { file: "sled/db", byte, said }
}

const fn in_a_message(offset: u64, at_byte: usize) -> Rot {
    at(offset + at_byte as u64, "what sled has written from here on does not hold")
}

/// The first byte that is not zero although nothing was written there.
fn after_the_end(bytes: &[u8], end: usize, offset: u64) -> Option<Rot> {
    let stray = bytes.iter().skip(end).position(|byte| *byte != 0)?;
    Some(at(offset + (end + stray) as u64, "there is something after the end of a segment"))
}

/// Whether what should stand at a place was emptied by whole blocks, up to the next message that holds. A padding that says
/// so itself is not.
fn was_emptied(bytes: &[u8], from: usize, segment: u64) -> bool {
    let rest = bytes.get(from..).unwrap_or_default();
    if Message::kind_of(rest, segment) == Some(KIND_CAP) {
        return false;
    }
    let holds = |at: &usize| bytes.get(*at..).is_some_and(|rest| Message::read(rest, segment).is_some());
    let next = (from + 1..bytes.len()).find(holds).unwrap_or(bytes.len());
    let blocks = bytes.get(..next).unwrap_or_default().chunks_exact(BLOCK_BYTES);
    blocks.skip(from.div_ceil(BLOCK_BYTES)).any(|block| block.iter().all(|byte| *byte == 0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Head, Log, conformance::samples, sled::SledLog};
    use std::{
        fs::{self, OpenOptions},
        os::unix::fs::FileExt,
    };

    /// A store whose file has several segments, some of them dead.
    fn written() -> tempfile::TempDir {
        let directory = tempfile::tempdir().unwrap();
        let mut head = Head::START;
        for session in 0..3 {
            let log = SledLog::open(directory.path()).unwrap();
            for append in 0..20 {
                let name = format!("{session}-{append}-{}", "x".repeat(150));
                log.append(head.position, &samples(head, &name, 20)).unwrap();
                head = log.head().unwrap();
            }
        }
        directory
    }

    #[test]
    fn l8_every_flipped_bit_of_a_segment_that_is_filled_is_named_by_its_place() {
        let directory = written();
        let store = directory.path().join("sled");
        assert_eq!(find(&store).unwrap(), []);
        let whole = fs::read(store.join("db")).unwrap();
        let file = OpenOptions::new().read(true).write(true).open(store.join("db")).unwrap();
        let (mut filled, mut flips, size) = (0, 0, SEGMENT_BYTES as u64);
        for offset in (0..whole.len() as u64).step_by(SEGMENT_BYTES) {
            let Header::Holds { number, .. } = segment::header_at(&file, offset).unwrap() else { continue };
            let bytes = segment::read(&file, offset).unwrap();
            if !segment::walk(&bytes, number, |_| ()).whole {
                continue;
            }
            filled += 1;
            // Its first and its last bytes, and some between them.
            let between = (64..size - 64).step_by(65_519);
            for place in (0..64).step_by(3).chain(between).chain((size - 64..size).step_by(3)) {
                let at = (offset + place) as usize;
                file.write_all_at(&[whole[at] ^ 1 << (place % 8)], at as u64).unwrap();
                let found = find(&store).unwrap();
                file.write_all_at(&whole[at..=at], at as u64).unwrap();
                let [rot] = &found[..] else { panic!("byte {at}: {found:?}") };
                assert!(rot.byte <= at as u64 && at as u64 - rot.byte < size, "byte {at}: {rot}");
                flips += 1;
            }
        }
        println!("{filled} filled segments, {flips} flips");
        assert!(filled > 2, "{filled} are too few");
    }

    #[test]
    fn l8_what_a_power_cut_leaves_of_a_segment_that_is_being_emptied_is_no_rot() {
        let directory = written();
        let store = directory.path().join("sled");
        let whole = fs::read(store.join("db")).unwrap();
        for block in [1, 2, 77, 1_000] {
            let mut torn = whole.clone();
            torn[block * BLOCK_BYTES..][..BLOCK_BYTES].fill(0);
            fs::write(store.join("db"), &torn).unwrap();
            assert_eq!(find(&store).unwrap(), [], "block {block}");
        }
    }
}
