//! The vault: persons' contacts, sealed, beside the log; and the way to erase them for good.
//!
//! 个人信息保护法 gives everybody the right to have their data erased; a log that only grows has every commit for
//! ever. So a contact never stands in an event: the event has a [`ContactId`], and what it stands for lies here,
//! encrypted with a key of its own. Erasing destroys that key and the sealed contact in place. The log does not
//! change, its hashes hold, and a reading says `Erased` from then on.
//!
//! # Promises
//!
//! * **V1 sealed** – no file has a contact in clear. Each is encrypted with XChaCha20-Poly1305 under a random key of its own,
//!   which is encrypted in the same way under the master key. Both are bound to the vault, the contact's number and the
//!   moment it was given, so nothing can be put in another's place. All contacts have the same length on the disk.
//! * **V2 durable** – what `seal` answered for is there whenever the vault is opened again, also after a power cut.
//! * **V3 erased** – when `erase` has answered, no byte of the vault yields the contact, even with the master key:
//!   its key and its text have been written over where they stood, and synced. Again it is no failure. A
//!   crash in the middle leaves the contact whole, or erased; the next opening finishes what was begun.
//! * **V4 once** – a number is never given twice, neither after an erasure nor, with `after`, after the vault was lost.
//! * **V5 honest** – whatever byte rots, the contact it belongs to is refused, or the vault is; none is shown wrong, and
//!   an erased one does not come back. While a slot cannot be read, a number that no other slot has is refused, not
//!   called absent. Only the contact that was sealed last, cut off at its very edge, looks like one that
//!   was never sealed. [`Vault::verify`] opens every one.
//! * **V6 quiet** – contacts and keys show nothing of themselves in `Debug`, errors or the operator's log, and are
//!   written over in memory.
//! * **V7 apart** – a backup of the log holds nothing of the vault. [`Vault::save`] makes a copy of it, sealed as
//!   it is, when that is asked for; a copy made after an erasure yields nothing of what was erased.
//! * **V8 new key** – [`Vault::change_key`] puts every contact under another master key in one step, crash or not, and
//!   writes over what stood under the old one.
//!
//! # What it cannot do
//!
//! Copies made before an erasure (vault copies, disk images, blocks that a copy-on-write file system, a journal
//! of data or the wear levelling of a flash disk has kept) still have the sealed contact and its wrapped key.
//! They are worthless without the master key; so after erasures that matter, change the master key, destroy the
//! old one, and make new vault copies in place of the old. And [`VaultCopy::make`] of an older copy brings back what
//! was erased since: erase again what the log says is erased, which costs nothing where it is done already.
//! [`VaultCopy::refresh`] brings back nothing that the vault has erased.
//!
//! # The master key
//!
//! Either a key file ([`Unlock::create_key_file`]: 64 hexadecimal digits, readable by its owner only), kept on another disk
//! than the vault and its copies; or a passphrase of at least [`PASSPHRASE_CHARS_MIN`] characters, stretched with Argon2id
//! (64 MiB, 3 passes, 4 lanes: the second choice of RFC 9106, section 4). Whoever loses it has erased every contact.
//!
//! # The files, version 1
//!
//! `vault/keys` begins with 512 bytes: a line of JSON that says which vault this is, how its master key is come by, and
//! a seal that only that key fits. Slots of 128 bytes follow: state (`K` kept, `E` erased), 7 zero bytes, number, moment
//! (when it was given, or erased), nonce (24), wrapped key (48), SHA-256 of the slot's first 96 bytes. Numbers
//! are little-endian. `vault/contacts` has a slot of 1,024 bytes for each: nonce (24), then the sealed contact,
//! padded to 984 bytes, with its tag.

mod contact;
mod copy;
mod failure;
mod inspection;
mod key;
mod slots;

pub use contact::{CONTACT_BYTES_MAX, Contact};
pub use copy::{Refreshed, VaultCopy, free};
pub use failure::VaultError;
pub use inspection::Inspection;
pub use key::{PASSPHRASE_CHARS_MIN, Unlock};

use crate::failure::StoreFault;
use engine::{identity::ContactId, moment::Moment};
use key::{ContactKey, Header, Master};
use slots::{Files, KeySlot, Slots};
use std::{
    collections::BTreeMap,
    fmt,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

/// What a contact's number stands for.
#[derive(Debug, PartialEq, Eq)]
pub enum Reading {
    /// This contact.
    Kept(Contact),
    /// It was erased, and nobody can say any more what it was.
    Erased {
        /// When.
        at: Moment,
    },
    /// This vault has never had it: it was not restored with the log.
    Absent,
}

/// What a vault holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VaultReport {
    /// How many contacts are kept, each of which could be opened.
    pub kept: u64,
    /// How many were erased.
    pub erased: u64,
    /// The contacts that cannot be opened.
    pub damaged: Vec<ContactId>,
    /// How many slots cannot be read, so that nobody can say which contacts they hold.
    pub damaged_slots: usize,
    /// The contacts that were erased and whose sealed text still stands there: a crash came between, and the next
    /// opening finishes it. Without its key the text is nothing.
    pub unfinished: Vec<ContactId>,
}

/// A vault in a directory. One process at a time may have it open.
pub struct Vault {
    directory: PathBuf,
    inner: Mutex<Inner>,
}

struct Inner {
    header: Header,
    master: Master,
    files: Files,
    /// By number, the slot it has and what stands there.
    slots: BTreeMap<ContactId, (u64, KeySlot)>,
    /// Slots in use.
    count: u64,
    /// Slots whose sum does not hold.
    damaged: Vec<u64>,
    /// After a sync that failed nobody knows what the disk has: only opening it anew tells.
    poison: Option<StoreFault>,
}

impl Vault {
    /// Opens the vault in `directory`, makes one when there is none.
    ///
    /// # Errors
    /// When another process has it open, the key is another, it is damaged, or the disk fails.
    pub fn open(directory: &Path, unlock: &Unlock) -> Result<Self, VaultError> {
        let files = match Files::open(directory)? {
            Some(files) => files,
            None => {
                let (header, _) = Header::make(unlock)?;
                Files::make(directory, &header.bytes()?)?
            }
        };
        let mut inner = Inner::of(files, unlock)?;
        inner.finish_erasures()?;
        Ok(Self { directory: directory.to_owned(), inner: Mutex::new(inner) })
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Seals a contact and gives it a number: one more than `after`, the last that the log knows, and than the last
    /// that the vault knows. Durable when it returns, and only then may the number be used in a command.
    ///
    /// # Errors
    /// When the contact is too long or empty, or the disk fails.
    pub fn seal(&self, after: ContactId, contact: &Contact, given: Moment) -> Result<ContactId, VaultError> {
        let plain = contact.padded()?;
        let mut inner = self.inner();
        inner.check_poison()?;
        let last = inner.slots.keys().next_back().copied().unwrap_or(ContactId::new(0));
        let id = ContactId::new(last.max(after).number().checked_add(1).ok_or(VaultError::NoNumberLeft)?);
        let key = key::random_key()?;
        let sealed = key::seal_contact(inner.header.vault(), id, &key, &plain)?;
        inner.keep(id, given, &key, &sealed)?;
        Ok(id)
    }

    /// What a number stands for.
    ///
    /// # Errors
    /// When it is damaged, or the disk fails.
    pub fn read(&self, id: ContactId) -> Result<Reading, VaultError> {
        self.inner().read(id)
    }

    /// Erases a contact. One that this vault has never had is noted as erased all the same, so that it is not
    /// taken for one that was lost.
    ///
    /// # Errors
    /// When the disk fails: the contact may be there still. Open the vault again and erase again.
    pub fn erase(&self, id: ContactId, at: Moment) -> Result<(), VaultError> {
        self.inner().erase(id, at)
    }

    /// The contacts that are kept, with the moments they were given.
    pub fn kept(&self) -> Vec<(ContactId, Moment)> {
        self.inner().kept()
    }

    /// Opens every contact and looks whether every erasure was finished. Changes nothing.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn verify(&self) -> Result<VaultReport, VaultError> {
        self.inner().verify()
    }

    /// Puts every contact under another master key.
    ///
    /// # Errors
    /// When a slot or a contact's key is damaged, or the disk fails. Before the one step by which it happens, nothing has.
    pub fn change_key(&self, unlock: &Unlock) -> Result<(), VaultError> {
        let mut inner = self.inner();
        inner.check_poison()?;
        if let Some(slot) = inner.damaged.first() {
            return Err(VaultError::Unreadable(format!("slot {slot}")));
        }
        let (header, master) = Header::make(unlock)?;
        let header = header.of_vault(inner.header.vault(), &master)?;
        let mut bytes = header.bytes()?;
        let mut slots = BTreeMap::new();
        for (id, (index, slot)) in &inner.slots {
            let slot = match slot {
                KeySlot::Kept { given, .. } => {
                    let key = inner.master.unwrap(inner.header.vault(), *id, slot)?;
                    master.wrap(header.vault(), *id, *given, &key)?
                }
                KeySlot::Erased { .. } => slot.clone(),
            };
            slots.insert(*id, (*index, slot));
        }
        let mut by_index: Vec<&(u64, KeySlot)> = slots.values().collect();
        by_index.sort_by_key(|(index, _)| *index);
        by_index.into_iter().for_each(|(_, slot)| bytes.extend(slot.bytes()));
        let replaced = inner.files.replace_keys(&self.directory, &bytes);
        inner.settle(replaced)?;
        (inner.header, inner.master, inner.slots) = (header, master, slots);
        Ok(())
    }
}

impl Inner {
    fn of(files: Files, unlock: &Unlock) -> Result<Self, VaultError> {
        let header = Header::read(&files.header()?)?;
        let master = header.unlock(unlock)?;
        let Slots { slots, count, damaged } = files.slots()?;
        Ok(Self { header, master, files, slots, count, damaged, poison: None })
    }

    /// Writes a sealed contact and its key, in the place of what there is of it.
    fn keep(
        &mut self,
        id: ContactId,
        given: Moment,
        key: &ContactKey,
        sealed: &[u8],
    ) -> Result<(), VaultError> {
        self.check_poison()?;
        let slot = self.master.wrap(self.header.vault(), id, given, key)?;
        let index = self.slots.get(&id).map_or(self.count, |(index, _)| *index);
        // The key last: a text without a key is nothing, a key without its text would be damage.
        let written =
            self.files.write_contact(index, sealed).and_then(|()| self.files.write_key(index, &slot.bytes()));
        self.settle(written)?;
        self.slots.insert(id, (index, slot));
        self.count = self.count.max(index + 1);
        Ok(())
    }

    fn erase(&mut self, id: ContactId, at: Moment) -> Result<(), VaultError> {
        self.check_poison()?;
        let index = match self.slots.get(&id) {
            Some((_, KeySlot::Erased { .. })) => return Ok(()),
            Some((index, _)) => *index,
            // It may be the one in a slot that cannot be read.
            None if !self.damaged.is_empty() => return Err(VaultError::Damaged { contact: id }),
            None => self.count,
        };
        let slot = KeySlot::Erased { id, at };
        // The key first: without it the text is nothing.
        let written =
            self.files.write_key(index, &slot.bytes()).and_then(|()| self.files.wipe_contact(index));
        self.settle(written)?;
        self.count = self.count.max(index + 1);
        self.slots.insert(id, (index, slot));
        Ok(())
    }

    fn kept(&self) -> Vec<(ContactId, Moment)> {
        let kept = self.slots.iter().filter_map(|(id, (_, slot))| match slot {
            KeySlot::Kept { given, .. } => Some((*id, *given)),
            KeySlot::Erased { .. } => None,
        });
        kept.collect()
    }

    fn erased(&self) -> Vec<ContactId> {
        let erased = self.slots.iter().filter(|(_, (_, slot))| matches!(slot, KeySlot::Erased { .. }));
        erased.map(|(id, _)| *id).collect()
    }

    fn verify(&self) -> Result<VaultReport, VaultError> {
        let mut report = VaultReport { damaged_slots: self.damaged.len(), ..VaultReport::default() };
        for (id, (index, _)) in &self.slots {
            match self.read(*id) {
                Ok(Reading::Kept(_)) => report.kept += 1,
                Ok(Reading::Erased { .. } | Reading::Absent) => {
                    report.erased += 1;
                    if !self.files.is_wiped(*index)? {
                        report.unfinished.push(*id);
                    }
                }
                Err(VaultError::Damaged { .. }) => report.damaged.push(*id),
                Err(error) => return Err(error),
            }
        }
        Ok(report)
    }

    fn check_poison(&self) -> Result<(), VaultError> {
        match &self.poison {
            Some(fault) => Err(VaultError::Poisoned(fault.clone())),
            None => Ok(()),
        }
    }

    fn settle(&mut self, written: Result<(), VaultError>) -> Result<(), VaultError> {
        if let Err(VaultError::Store(fault)) = &written {
            self.poison = Some(fault.clone());
        }
        written
    }

    fn read(&self, id: ContactId) -> Result<Reading, VaultError> {
        let Some((index, slot)) = self.slots.get(&id) else {
            return match self.damaged.is_empty() {
                true => Ok(Reading::Absent),
                false => Err(VaultError::Damaged { contact: id }),
            };
        };
        match slot {
            KeySlot::Erased { at, .. } => Ok(Reading::Erased { at: *at }),
            KeySlot::Kept { .. } => {
                let key = self.master.unwrap(self.header.vault(), id, slot)?;
                let sealed = self.files.contact(*index)?.ok_or(VaultError::Damaged { contact: id })?;
                let plain = key::open_contact(self.header.vault(), id, &key, &sealed)?;
                Contact::from_padded(&plain).map(Reading::Kept).ok_or(VaultError::Damaged { contact: id })
            }
        }
    }

    /// A crash may have come between an erasure's two steps.
    fn finish_erasures(&mut self) -> Result<(), VaultError> {
        for (index, slot) in self.slots.values() {
            if matches!(slot, KeySlot::Erased { .. }) && !self.files.is_wiped(*index)? {
                self.files.wipe_contact(*index)?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let slots = self.inner().slots.len();
        out.debug_struct("Vault").field("directory", &self.directory).field("slots", &slots).finish()
    }
}
