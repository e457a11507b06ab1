//! A vault that is only looked at: not a byte of it is changed, whatever is found.

use super::{Inner, Unlock, VaultError, VaultReport, slots::Files};
use engine::{identity::ContactId, moment::Moment};
use std::{fmt, path::Path};

/// The vault of a directory, to be verified but not changed. One process at a time may have it open.
pub struct Inspection {
    inner: Inner,
}

impl Inspection {
    /// Looks at the vault in `directory`.
    ///
    /// # Errors
    /// When there is none, another process has it open, the key is another, it is damaged, or the disk fails.
    pub fn open(directory: &Path, unlock: &Unlock) -> Result<Self, VaultError> {
        let none = || VaultError::Unreadable("there is none".to_owned());
        let files = Files::look_at(directory)?.ok_or_else(none)?;
        Ok(Self { inner: Inner::of(files, unlock)? })
    }

    /// The contacts that are kept, with the moments they were given.
    pub fn kept(&self) -> Vec<(ContactId, Moment)> {
        self.inner.kept()
    }

    /// The contacts that were erased.
    pub fn erased(&self) -> Vec<ContactId> {
        self.inner.erased()
    }

    /// Opens every contact and looks whether every erasure was finished.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn verify(&self) -> Result<VaultReport, VaultError> {
        self.inner.verify()
    }
}

impl fmt::Debug for Inspection {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Inspection").field("slots", &self.inner.slots.len()).finish()
    }
}
