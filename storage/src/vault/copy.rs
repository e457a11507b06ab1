//! A copy of a vault, sealed as it is: a line of JSON with the lengths of the two files, the files, and SHA-256 over all
//! of it. It needs the master key as the vault does. It comes back as a new vault, or refreshes the one it was made of.

use super::{
    Inner, Unlock, Vault, VaultError,
    failure::store,
    key::{self, ContactKey, HEADER_BYTES, Header, Master},
    slots::{CONTACT_SLOT_BYTES, KeySlot, Slots, fresh, sync_names},
};
use crate::{hash::Hash, leftover};
use engine::{identity::ContactId, moment::Moment};
use serde::{Deserialize, Serialize};
use std::{
    fmt,
    fs::{self, File},
    io::{ErrorKind, Read, Write},
    path::Path,
};

const FORMAT: &str = "gongjian-vault-copy";
const VERSION: u32 = 1;
const SUM_BYTES: usize = 32;

#[derive(Serialize, Deserialize)]
struct Line {
    format: String,
    version: u32,
    keys_bytes: usize,
    contacts_bytes: usize,
}

impl Vault {
    /// Writes a copy to a new file that only its owner may read. Nothing is sealed or erased meanwhile.
    ///
    /// # Errors
    /// When there is such a file, or the disk fails. Nothing is left then.
    pub fn save(&self, path: &Path) -> Result<(), VaultError> {
        let fault = store("write the copy");
        let bytes = self.copy()?;
        let parent = path.parent().filter(|parent| *parent != Path::new("")).unwrap_or(Path::new("."));
        let mut unfinished = leftover::file(parent, leftover::COPYING).map_err(&fault)?;
        unfinished.write_all(&bytes).and_then(|()| unfinished.as_file().sync_all()).map_err(&fault)?;
        unfinished.persist_noclobber(path).map_err(|failed| match failed.error.kind() {
            ErrorKind::AlreadyExists => VaultError::Exists { path: path.to_owned() },
            _ => fault(failed.error),
        })?;
        File::open(parent).and_then(|names| names.sync_all()).map_err(&fault)
    }

    /// The bytes of a copy. Nothing is sealed or erased meanwhile.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn copy(&self) -> Result<Vec<u8>, VaultError> {
        let [keys, contacts] = self.inner().files.whole().map_err(store("read the vault"))?;
        let (format, version) = (FORMAT.to_owned(), VERSION);
        let line = Line { format, version, keys_bytes: keys.len(), contacts_bytes: contacts.len() };
        let line = serde_json::to_vec(&line).map_err(|error| VaultError::Unreadable(error.to_string()))?;
        let mut bytes = [line.as_slice(), b"\n", &keys, &contacts].concat();
        bytes.extend(Hash::of(&bytes).as_bytes());
        Ok(bytes)
    }

    /// Makes a vault of a copy in `directory`, where there is none: see [`VaultCopy::make`].
    ///
    /// # Errors
    /// When the copy is damaged, the key is another, there is something in the directory, or the disk fails.
    pub fn restore_new(copy: impl Read, directory: &Path, unlock: &Unlock) -> Result<Self, VaultError> {
        VaultCopy::read(copy, unlock)?.make(directory, unlock)
    }
}

/// A copy that was read to its end and checked, and that the master key opens.
pub struct VaultCopy {
    keys: Vec<u8>,
    contacts: Vec<u8>,
    header: Header,
    master: Master,
    slots: Slots,
}

/// What became of a vault that was refreshed from a copy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refreshed {
    /// How many contacts it did not have, or had older or damaged.
    pub taken: u64,
    /// How many it kept that the copy says are erased.
    pub erased: u64,
    /// Those that are damaged in the copy, or in the vault when they were to be erased there.
    pub damaged: Vec<ContactId>,
}

impl VaultCopy {
    /// Reads a copy and checks it. Nothing is written.
    ///
    /// # Errors
    /// When the copy is damaged or cannot be read, a newer program wrote it, or the key is another.
    pub fn read(mut copy: impl Read, unlock: &Unlock) -> Result<Self, VaultError> {
        let mut bytes = Vec::new();
        copy.read_to_end(&mut bytes).map_err(store("read the copy"))?;
        let damaged = |what: &str| VaultError::Unreadable(format!("the copy: {what}"));
        let (said, sum) = bytes.split_last_chunk::<SUM_BYTES>().ok_or_else(|| damaged("it is cut short"))?;
        if Hash::of(said).as_bytes() != sum {
            return Err(damaged("its sum"));
        }
        let end = said.iter().position(|byte| *byte == b'\n').ok_or_else(|| damaged("its first line"))?;
        let (line, files) = said.split_at(end);
        let line: Line = serde_json::from_slice(line).map_err(|error| damaged(&error.to_string()))?;
        if line.format != FORMAT {
            return Err(damaged("it is something else"));
        }
        if line.version > VERSION {
            return Err(VaultError::Newer { found: line.version, known: VERSION });
        }
        let files = files.get(1..).unwrap_or_default();
        let (keys, contacts) =
            files.split_at_checked(line.keys_bytes).ok_or_else(|| damaged("its lengths"))?;
        let head = keys.get(..HEADER_BYTES).ok_or_else(|| damaged("its lengths"))?;
        if contacts.len() != line.contacts_bytes {
            return Err(damaged("its lengths"));
        }
        let header = Header::read(head)?;
        let master = header.unlock(unlock)?;
        let slots = Slots::read(keys, contacts.len() as u64)?;
        Ok(Self { keys: keys.to_owned(), contacts: contacts.to_owned(), header, master, slots })
    }

    /// Whether a vault may be refreshed from it.
    ///
    /// # Errors
    /// `OtherVault` when it is a copy of another.
    pub fn check_fits(&self, vault: &Vault) -> Result<(), VaultError> {
        match vault.inner().header.vault() == self.header.vault() {
            true => Ok(()),
            false => Err(VaultError::OtherVault { directory: vault.directory.clone() }),
        }
    }

    /// Makes a vault of it in `directory`, where there is nothing yet, and opens it. Afterwards erase again what the log
    /// says is erased.
    ///
    /// # Errors
    /// When there is something in the directory, or the disk fails.
    pub fn make(&self, directory: &Path, unlock: &Unlock) -> Result<Vault, VaultError> {
        free(directory)?;
        let fault = store("restore the vault");
        let parent = directory.parent().filter(|parent| *parent != Path::new("")).unwrap_or(Path::new("."));
        fs::create_dir_all(parent).map_err(&fault)?;
        let unfinished = leftover::Unfinished::make(parent).map_err(&fault)?;
        let place = unfinished.path().join("vault");
        fs::create_dir(&place).map_err(&fault)?;
        for (name, bytes) in [("keys", &self.keys), ("contacts", &self.contacts)] {
            let mut file = fresh(&place.join(name)).map_err(&fault)?;
            file.write_all(bytes).and_then(|()| file.sync_all()).map_err(&fault)?;
        }
        sync_names(&place).map_err(&fault)?;
        fs::rename(&place, directory).map_err(&fault)?;
        File::open(parent).and_then(|names| names.sync_all()).map_err(&fault)?;
        Vault::open(directory, unlock)
    }

    /// Brings a vault up to the copy. What the vault lacks, or has older or damaged, is taken from the copy; what either of
    /// them has erased is erased. Cut off, it is done again.
    ///
    /// # Errors
    /// When it is a copy of another vault, or the disk fails.
    pub fn refresh(&self, vault: &Vault) -> Result<Refreshed, VaultError> {
        self.check_fits(vault)?;
        let mut inner = vault.inner();
        let mut refreshed = Refreshed::default();
        for (id, (index, slot)) in &self.slots.slots {
            let done = match slot {
                KeySlot::Erased { at, .. } => {
                    let is_kept = matches!(inner.slots.get(id), Some((_, KeySlot::Kept { .. })));
                    inner.erase(*id, *at).map(|()| refreshed.erased += u64::from(is_kept))
                }
                KeySlot::Kept { given, .. } if is_wanted(&inner, *id, *given) => self
                    .contact(*id, *index, slot)
                    .and_then(|(key, sealed)| inner.keep(*id, *given, &key, sealed))
                    .map(|()| refreshed.taken += 1),
                KeySlot::Kept { .. } => Ok(()),
            };
            match done {
                Err(VaultError::Damaged { contact }) => refreshed.damaged.push(contact),
                done => done?,
            }
        }
        Ok(refreshed)
    }

    /// The key and the sealed text of a contact, which fit each other.
    fn contact(&self, id: ContactId, index: u64, slot: &KeySlot) -> Result<(ContactKey, &[u8]), VaultError> {
        let key = self.master.unwrap(self.header.vault(), id, slot)?;
        let (texts, _) = self.contacts.as_chunks::<CONTACT_SLOT_BYTES>();
        let text = usize::try_from(index).ok().and_then(|index| texts.get(index));
        let text = text.ok_or(VaultError::Damaged { contact: id })?;
        key::open_contact(self.header.vault(), id, &key, text)?;
        Ok((key, text))
    }
}

impl fmt::Debug for VaultCopy {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("VaultCopy").field("slots", &self.slots.slots.len()).finish()
    }
}

/// Whether a contact of a copy takes the place of what a vault has. What is erased stays erased.
fn is_wanted(inner: &Inner, id: ContactId, given: Moment) -> bool {
    match inner.slots.get(&id) {
        None => true,
        Some((_, KeySlot::Erased { .. })) => false,
        Some((_, KeySlot::Kept { given: here, .. })) => {
            given > *here || given == *here && matches!(inner.read(id), Err(VaultError::Damaged { .. }))
        }
    }
}

/// Refuses a place for a new vault that has anything in it.
///
/// # Errors
/// When it has, or the disk fails.
pub fn free(directory: &Path) -> Result<(), VaultError> {
    match fs::read_dir(directory).map(|mut items| items.next()) {
        Ok(None) => Ok(()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) if error.kind() != ErrorKind::NotADirectory => Err(store("look at the vault")(error)),
        Ok(Some(_)) | Err(_) => Err(VaultError::Exists { path: directory.to_owned() }),
    }
}
