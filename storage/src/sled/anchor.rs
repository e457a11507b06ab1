//! The anchor: a small file of our own that says how far the log has been acknowledged.
//!
//! When sled meets a bad checksum at its start it takes it for a write that a crash cut short, and
//! silently drops everything after it. One flipped bit in the middle of the file can so take hundreds of
//! acknowledged commits with it. The anchor notices: it is written after every durable append and must
//! never be ahead of the log.
//!
//! It is written into the page cache only, which survives a kill; after a power cut it may lag behind by
//! what the kernel had not written back, which weakens it but raises no false alarm. Two slots are
//! written in turn, so that one write cut short leaves the other. A slot that does not hold is named by
//! [`verify`](crate::verify()), and written anew by the next start.

use crate::{
    commit::Head,
    failure::{Damage, Flaw, OpenError, StoreFault},
    hash::Hash,
    log::Rot,
};
use engine::identity::Position;
use serde::{Deserialize, Serialize};
use std::{
    fs::{File, OpenOptions},
    io::{self, ErrorKind},
    os::unix::fs::FileExt,
    path::Path,
};

/// A sector each, so that no write touches both.
const SLOT_BYTES: usize = 512;

#[derive(Debug)]
pub(super) struct Anchor {
    file: File,
    slot: u64,
    /// The slot that does not hold, if there is one; the other does.
    broken: Option<u64>,
}

#[derive(Serialize, Deserialize)]
struct Slot {
    head: Head,
    /// Of the head's position and hash, to tell a slot that was cut short.
    check: Hash,
}

impl Slot {
    fn of(head: Head) -> Self {
        Self { head, check: Hash::of(format!("{} {}", head.position, head.hash).as_bytes()) }
    }
}

impl Anchor {
    /// Opens the anchor beside a store, makes one for a store that is still empty.
    pub(super) fn open(path: &Path, store_is_empty: bool) -> Result<(Self, Head), OpenError> {
        let fault = |error| OpenError::Store(StoreFault::new("open the anchor", error));
        let mark = |what: &str| Damage { position: Position::START, flaw: Flaw::Mark(what.to_owned()) };
        let file = match OpenOptions::new().read(true).write(true).open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound && store_is_empty => {
                OpenOptions::new().read(true).write(true).create_new(true).open(path).map_err(fault)?
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Err(mark("the anchor is missing").into());
            }
            Err(error) => return Err(fault(error)),
        };
        let slots = [0, 1].map(|slot| read(&file, slot));
        let (mut newest, mut broken) = (None, None);
        for (slot, head) in (0..).zip(slots) {
            let head = head.map_err(fault)?;
            newest = newest.max(head.map(|head| (head.position, slot, head.hash)));
            broken = broken.or(head.is_none().then_some(slot));
        }
        match newest {
            Some((position, slot, hash)) => {
                Ok((Self { file, slot: 1 - slot, broken }, Head { position, hash }))
            }
            None if store_is_empty => {
                let mut anchor = Self { file, slot: 0, broken: None };
                // Both slots, and on the disk: a store with commits must never meet an empty anchor.
                anchor.note(Head::START).map_err(fault)?;
                anchor.note(Head::START).map_err(fault)?;
                anchor.file.sync_all().map_err(fault)?;
                Ok((anchor, Head::START))
            }
            None => Err(mark("the anchor is unreadable").into()),
        }
    }

    /// Writes both slots anew if one of them does not hold, so that the other is not the only one for long.
    pub(super) fn mend(&mut self, head: Head) -> io::Result<()> {
        if let Some(slot) = self.broken {
            tracing::warn!(slot, "one of the two slots of the anchor does not hold: both are written anew");
            self.note(head)?;
            self.note(head)?;
            self.file.sync_data()?;
            self.broken = None;
        }
        Ok(())
    }

    /// What of the file does not hold although the other slot does.
    pub(super) fn rot(&self) -> Option<Rot> {
        self.broken.map(|slot| Rot {
            file: "anchor",
            byte: slot * SLOT_BYTES as u64,
            said: "this slot does not hold, the other serves; the next start writes both anew",
        })
    }

    /// Notes that all up to `head` is durable and about to be acknowledged.
    pub(super) fn note(&mut self, head: Head) -> io::Result<()> {
        let mut text = serde_json::to_vec(&Slot::of(head))?;
        text.resize(SLOT_BYTES - 1, b' ');
        text.push(b'\n');
        self.file.write_all_at(&text, self.slot * SLOT_BYTES as u64)?;
        self.slot = 1 - self.slot;
        Ok(())
    }
}

#[cfg(test)]
impl Anchor {
    /// From now on it cannot be written.
    pub(super) fn break_off(&mut self) -> io::Result<()> {
        self.file = File::open("/proc/self/status")?;
        Ok(())
    }
}

impl Drop for Anchor {
    /// After an orderly end it does not lag behind, even if the power is cut right then.
    fn drop(&mut self) {
        if let Err(error) = self.file.sync_data() {
            tracing::warn!(%error, "the anchor could not be synced");
        }
    }
}

/// What a slot says; nothing, when it was never written or cut short.
fn read(file: &File, slot: u64) -> io::Result<Option<Head>> {
    let mut bytes = [0; SLOT_BYTES];
    match file.read_exact_at(&mut bytes, slot * SLOT_BYTES as u64) {
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(None),
        read => read?,
    }
    let slot: Option<Slot> = serde_json::from_slice(&bytes).ok();
    Ok(slot.filter(|slot| slot.check == Slot::of(slot.head).check).map(|slot| slot.head))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(position: u64) -> Head {
        Head { position: Position(position), hash: Hash::of(&position.to_be_bytes()) }
    }

    #[test]
    fn an_anchor_keeps_the_newest_head_and_outlives_a_slot_that_was_cut_short() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("anchor");
        assert!(Anchor::open(&path, false).is_err(), "a store with commits has one");
        for position in 0..5 {
            let (mut anchor, found) = Anchor::open(&path, true).unwrap();
            assert_eq!(found.position, Position(position));
            anchor.note(head(position + 1)).unwrap();
        }
        for cut in [0, 1] {
            let whole = std::fs::read(&path).unwrap();
            let mut torn = whole.clone();
            torn[cut * SLOT_BYTES + 100] ^= 1;
            std::fs::write(&path, torn).unwrap();
            let (anchor, found) = Anchor::open(&path, false).unwrap();
            assert!(found == head(5) || found == head(4), "{found:?}");
            assert_eq!(anchor.rot().map(|rot| rot.byte), Some((cut * SLOT_BYTES) as u64));
            std::fs::write(&path, whole).unwrap();
        }
        std::fs::write(&path, "").unwrap();
        assert!(Anchor::open(&path, false).is_err());
    }

    #[test]
    fn a_broken_slot_is_mended_and_a_sound_one_is_left_alone() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("anchor");
        Anchor::open(&path, true).unwrap().0.note(head(1)).unwrap();
        for at in [3, SLOT_BYTES + 3] {
            let mut torn = std::fs::read(&path).unwrap();
            torn[at] ^= 1;
            std::fs::write(&path, &torn).unwrap();
            let (mut anchor, _) = Anchor::open(&path, false).unwrap();
            assert_eq!(std::fs::read(&path).unwrap(), torn, "opened alone, nothing is changed");
            anchor.mend(head(1)).unwrap();
            let mended = std::fs::read(&path).unwrap();
            assert_eq!(mended.first_chunk::<SLOT_BYTES>(), mended.last_chunk::<SLOT_BYTES>());
            let (mut anchor, found) = Anchor::open(&path, false).unwrap();
            assert_eq!((anchor.rot(), found), (None, head(1)));
            anchor.mend(head(9)).unwrap();
            assert_eq!(std::fs::read(&path).unwrap(), mended);
        }
    }
}
