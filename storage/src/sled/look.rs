//! A look at sled's file before sled may change it.
//!
//! When sled starts it folds what was written since its own last snapshot, and where a message has a bad sum it
//! takes that for the end: what follows is overwritten. A bit that rotted there would so take acknowledged commits
//! with it for good. So the messages that sled is going to fold are read here first, with the sums that sled keeps of
//! them. If the last acknowledged commit stands among them, whole and before anything odd, then sled
//! can cut nothing that was acknowledged, and may start. Otherwise it starts on a copy first (see [`super::trial`]).
//!
//! [`super::segment`] knows how they are written. A reading that is wrong somewhere costs a copy, not a commit: everything
//! unexpected counts as odd.

use super::{
    segment::{self, Header, KIND_BATCH_MANIFEST, SEGMENT_BYTES},
    sums::SNAPSHOT,
};
use crate::commit::Head;
use std::{
    collections::BTreeMap,
    fs::{self, File},
    io,
    path::Path,
};

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
        let mut found = false;
        let bytes = segment::read(&file, offset)?;
        let walk = segment::walk(&bytes, number, |message| match message.kind {
            KIND_BATCH_MANIFEST => promised = promised.max(message.promise()),
            _ => found = found || token.is_some_and(|token| message.holds(token)),
        });
        stands = number + walk.at as u64;
        if !walk.whole && !is_last {
            return Ok(Some(Doubt::Torn { at: stands }));
        }
        if found {
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
pub(super) fn folded_to(store: &Path) -> io::Result<u64> {
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
        let (number, stable_then) = match segment::header_at(file, offset)? {
            Header::Empty => continue,
            Header::Broken => return Ok(Err(Doubt::Header { at: offset })),
            Header::Holds { number, stable } => (number, stable),
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
}
