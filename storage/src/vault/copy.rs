//! A copy of a vault, sealed as it is: a line of JSON with the lengths of the two files, the files, and SHA-256 over all
//! of it. It needs the master key as the vault does.

use super::{
    Unlock, Vault, VaultError,
    failure::store,
    slots::{fresh, sync_names},
};
use crate::{hash::Hash, leftover};
use serde::{Deserialize, Serialize};
use std::{
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

    /// Makes a vault of a copy in `directory`, which is not there yet, and opens it. Afterwards erase again what the
    /// log says is erased.
    ///
    /// # Errors
    /// When the copy is damaged, the key is another, there is something in the directory, or the disk fails.
    pub fn restore_new(mut copy: impl Read, directory: &Path, unlock: &Unlock) -> Result<Self, VaultError> {
        if directory.exists() {
            return Err(VaultError::Exists { path: directory.to_owned() });
        }
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
        if contacts.len() != line.contacts_bytes {
            return Err(damaged("its lengths"));
        }

        let fault = store("restore the vault");
        let parent = directory.parent().filter(|parent| *parent != Path::new("")).unwrap_or(Path::new("."));
        fs::create_dir_all(parent).map_err(&fault)?;
        let unfinished = leftover::Unfinished::make(parent).map_err(&fault)?;
        let place = unfinished.path().join("vault");
        fs::create_dir(&place).map_err(&fault)?;
        for (name, bytes) in [("keys", keys), ("contacts", contacts)] {
            let mut file = fresh(&place.join(name)).map_err(&fault)?;
            file.write_all(bytes).and_then(|()| file.sync_all()).map_err(&fault)?;
        }
        // The right key, before it gets its name.
        drop(Self::open(&place, unlock)?);
        sync_names(&place).map_err(&fault)?;
        fs::rename(&place, directory).map_err(&fault)?;
        File::open(parent).and_then(|names| names.sync_all()).map_err(&fault)?;
        Self::open(directory, unlock)
    }
}
