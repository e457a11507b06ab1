//! The two files of a vault. Both are made of slots that are written in place, so that erasing writes over the
//! very bytes that were there.

use super::{
    VaultError,
    contact::PADDED_BYTES,
    failure::store,
    key::{HEADER_BYTES, NONCE_BYTES, WRAPPED_BYTES},
};
use crate::hash::Hash;
use engine::{identity::ContactId, moment::Moment};
use std::{
    collections::BTreeMap,
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, ErrorKind, Write},
    os::unix::fs::{FileExt, OpenOptionsExt},
    path::Path,
};

/// Eight to a page and four to a sector: none lies across the edge of what a disk writes at once.
const KEY_SLOT_BYTES: usize = 128;
const SUMMED_BYTES: usize = 96;

const TAG_BYTES: usize = 16;
pub(super) const CONTACT_SLOT_BYTES: usize = NONCE_BYTES + PADDED_BYTES + TAG_BYTES;

const KEPT: u8 = b'K';
const ERASED: u8 = b'E';

/// What a slot of the file of keys says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum KeySlot {
    /// A contact's wrapped key.
    Kept { id: ContactId, given: Moment, nonce: [u8; NONCE_BYTES], wrapped: [u8; WRAPPED_BYTES] },
    /// That there was one.
    Erased { id: ContactId, at: Moment },
}

/// What the file of keys holds.
pub(super) struct Slots {
    /// By number, the slot it has and what stands there.
    pub(super) slots: BTreeMap<ContactId, (u64, KeySlot)>,
    /// How many there are.
    pub(super) count: u64,
    /// Those whose sum does not hold, so that nobody can say whose they are.
    pub(super) damaged: Vec<u64>,
}

impl KeySlot {
    pub(super) fn bytes(&self) -> [u8; KEY_SLOT_BYTES] {
        let (state, id, moment, nonce, wrapped) = match self {
            Self::Kept { id, given, nonce, wrapped } => (KEPT, *id, *given, *nonce, *wrapped),
            Self::Erased { id, at } => (ERASED, *id, *at, [0; NONCE_BYTES], [0; WRAPPED_BYTES]),
        };
        let (id, moment) = (id.number().to_le_bytes(), moment.millis().to_le_bytes());
        let said = [&[state, 0, 0, 0, 0, 0, 0, 0], id.as_slice(), &moment, &nonce, &wrapped].concat();
        let mut bytes = [0; KEY_SLOT_BYTES];
        let sum = Hash::of(&said);
        bytes.iter_mut().zip(said.iter().chain(sum.as_bytes())).for_each(|(byte, said)| *byte = *said);
        bytes
    }

    /// The slot, and whose it is, if it holds.
    fn read(bytes: &[u8; KEY_SLOT_BYTES]) -> Option<(ContactId, Self)> {
        let (state, rest) = bytes.split_first_chunk::<8>()?;
        let (id, rest) = rest.split_first_chunk()?;
        let (moment, rest) = rest.split_first_chunk()?;
        let (nonce, rest) = rest.split_first_chunk()?;
        let (wrapped, sum) = rest.split_first_chunk()?;
        let id = ContactId::new(u64::from_le_bytes(*id));
        let moment = Moment::from_millis(i64::from_le_bytes(*moment));
        if Hash::of(bytes.get(..SUMMED_BYTES)?).as_bytes() != sum {
            return None;
        }
        match state {
            [KEPT, ..] => Some((id, Self::Kept { id, given: moment, nonce: *nonce, wrapped: *wrapped })),
            [ERASED, ..] => Some((id, Self::Erased { id, at: moment })),
            _ => None,
        }
    }
}

impl Slots {
    /// What a file of keys holds, beside a file of contacts of this length.
    pub(super) fn read(keys: &[u8], contacts_bytes: u64) -> Result<Self, VaultError> {
        // A piece at the end is a slot that a power cut kept from being written: nobody was answered for it.
        let (all, _) = keys.get(HEADER_BYTES..).unwrap_or_default().as_chunks::<KEY_SLOT_BYTES>();
        let count = all.len() as u64;
        // A contact is written before its key, so there may be one more.
        if contacts_bytes / CONTACT_SLOT_BYTES as u64 > count + 1 {
            return Err(VaultError::Unreadable("the file of keys is cut short".to_owned()));
        }
        let (mut slots, mut damaged) = (BTreeMap::new(), Vec::new());
        for (index, slot) in (0..).zip(all) {
            if slot.iter().all(|byte| *byte == 0) && index + 1 == count {
                // The file had grown and the slot was not there yet.
                return Ok(Self { slots, count: index, damaged });
            }
            match KeySlot::read(slot) {
                None => damaged.push(index),
                Some((id, slot)) => {
                    if slots.insert(id, (index, slot)).is_some() {
                        return Err(VaultError::Unreadable(format!("there are two slots of {id}")));
                    }
                }
            }
        }
        Ok(Self { slots, count, damaged })
    }
}

/// The open files. The lock on the keys goes with them.
pub(super) struct Files {
    keys: File,
    contacts: File,
}

impl Files {
    /// Opens both; `None` when there is no vault.
    pub(super) fn open(directory: &Path) -> Result<Option<Self>, VaultError> {
        let Some(files) = Self::open_with(OpenOptions::new().read(true).write(true), directory)? else {
            return Ok(None);
        };
        // What a change of the master key has not finished was never in force.
        match fs::remove_file(directory.join("keys.new")) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(store("clear the vault")(error)),
            _ => Ok(Some(files)),
        }
    }

    /// Opens both to be read alone; `None` when there is no vault.
    pub(super) fn look_at(directory: &Path) -> Result<Option<Self>, VaultError> {
        Self::open_with(OpenOptions::new().read(true), directory)
    }

    fn open_with(options: &OpenOptions, directory: &Path) -> Result<Option<Self>, VaultError> {
        let keys = match options.open(directory.join("keys")) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            keys => keys.map_err(store("open the vault"))?,
        };
        lock(&keys, directory)?;
        let contacts = options.open(directory.join("contacts")).map_err(store("open the vault"))?;
        Ok(Some(Self { keys, contacts }))
    }

    /// Makes both. The keys get their name last: without it there is no vault.
    pub(super) fn make(directory: &Path, header: &[u8]) -> Result<Self, VaultError> {
        let fault = store("make the vault");
        fs::create_dir_all(directory).map_err(&fault)?;
        let contacts = fresh(&directory.join("contacts")).map_err(&fault)?;
        contacts.sync_all().map_err(&fault)?;
        let mut keys = fresh(&directory.join("keys.new")).map_err(&fault)?;
        lock(&keys, directory)?;
        keys.write_all(header).and_then(|()| keys.sync_all()).map_err(&fault)?;
        fs::rename(directory.join("keys.new"), directory.join("keys")).map_err(&fault)?;
        sync_names(directory).map_err(&fault)?;
        Ok(Self { keys, contacts })
    }

    pub(super) fn header(&self) -> Result<Vec<u8>, VaultError> {
        let mut bytes = vec![0; HEADER_BYTES];
        match self.keys.read_exact_at(&mut bytes, 0) {
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => {
                Err(VaultError::Unreadable("its header is cut short".to_owned()))
            }
            read => read.map(|()| bytes).map_err(store("read the vault")),
        }
    }

    /// Every slot.
    pub(super) fn slots(&self) -> Result<Slots, VaultError> {
        let contacts = self.contacts.metadata().map_err(store("read the vault"))?.len();
        Slots::read(&whole(&self.keys).map_err(store("read the vault"))?, contacts)
    }

    pub(super) fn write_key(&self, index: u64, slot: &[u8]) -> Result<(), VaultError> {
        let written = self.keys.write_all_at(slot, key_offset(index));
        written.and_then(|()| self.keys.sync_data()).map_err(store("write a key"))
    }

    pub(super) fn write_contact(&self, index: u64, sealed: &[u8]) -> Result<(), VaultError> {
        let written = self.contacts.write_all_at(sealed, contact_offset(index));
        written.and_then(|()| self.contacts.sync_data()).map_err(store("write a contact"))
    }

    pub(super) fn wipe_contact(&self, index: u64) -> Result<(), VaultError> {
        self.write_contact(index, &[0; CONTACT_SLOT_BYTES])
    }

    pub(super) fn is_wiped(&self, index: u64) -> Result<bool, VaultError> {
        Ok(self.contact(index)?.is_none_or(|sealed| sealed.iter().all(|byte| *byte == 0)))
    }

    /// What stands there; `None` when the file ends before.
    pub(super) fn contact(&self, index: u64) -> Result<Option<Vec<u8>>, VaultError> {
        let mut sealed = vec![0; CONTACT_SLOT_BYTES];
        match self.contacts.read_exact_at(&mut sealed, contact_offset(index)) {
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(None),
            read => read.map(|()| Some(sealed)).map_err(store("read a contact")),
        }
    }

    /// Puts another file of keys in the place of this one, and writes over this one.
    pub(super) fn replace_keys(&mut self, directory: &Path, bytes: &[u8]) -> Result<(), VaultError> {
        let fault = store("change the key");
        let mut keys = fresh(&directory.join("keys.new")).map_err(&fault)?;
        lock(&keys, directory)?;
        keys.write_all(bytes).and_then(|()| keys.sync_all()).map_err(&fault)?;
        fs::rename(directory.join("keys.new"), directory.join("keys")).map_err(&fault)?;
        sync_names(directory).map_err(&fault)?;
        let old = std::mem::replace(&mut self.keys, keys);
        let length = old.metadata().map_err(&fault)?.len();
        let zeros = vec![0; usize::try_from(length).unwrap_or(0)];
        old.write_all_at(&zeros, 0).and_then(|()| old.sync_data()).map_err(&fault)
    }

    /// Both files as they are.
    pub(super) fn whole(&self) -> io::Result<[Vec<u8>; 2]> {
        Ok([whole(&self.keys)?, whole(&self.contacts)?])
    }
}

fn whole(file: &File) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; usize::try_from(file.metadata()?.len()).unwrap_or(usize::MAX)];
    file.read_exact_at(&mut bytes, 0).map(|()| bytes)
}

const fn key_offset(index: u64) -> u64 {
    HEADER_BYTES as u64 + index * KEY_SLOT_BYTES as u64
}

const fn contact_offset(index: u64) -> u64 {
    index * CONTACT_SLOT_BYTES as u64
}

/// A new file that only its owner may read.
pub(super) fn fresh(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create(true).truncate(true).mode(0o600).open(path)
}

pub(super) fn sync_names(directory: &Path) -> io::Result<()> {
    for names in fs::canonicalize(directory)?.ancestors().take(2) {
        File::open(names)?.sync_all()?;
    }
    Ok(())
}

fn lock(keys: &File, directory: &Path) -> Result<(), VaultError> {
    match keys.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(VaultError::InUse { directory: directory.to_owned() }),
        Err(TryLockError::Error(error)) => Err(store("lock the vault")(error)),
    }
}
