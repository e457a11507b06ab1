//! What can go wrong with a vault, as facts, without a word of what is in it.

use crate::failure::StoreFault;
use engine::identity::ContactId;
use std::path::PathBuf;

/// Why a vault did not do what it was asked to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// Somebody else has it open.
    #[error("the vault {} is in use by another process", directory.display())]
    InUse {
        /// Its directory.
        directory: PathBuf,
    },
    /// A newer program made it.
    #[error("the vault was made by a newer program: version {found}, this program reads up to {known}")]
    Newer {
        /// Its version.
        found: u32,
        /// The newest that this program reads.
        known: u32,
    },
    /// The key file or the passphrase is not the one it is locked with.
    #[error("this is not the master key of the vault")]
    WrongKey,
    /// The key file cannot be used.
    #[error("the key file {} cannot be used: {said}", path.display())]
    KeyFile {
        /// The file.
        path: PathBuf,
        /// Why not.
        said: String,
    },
    /// A passphrase that can be guessed.
    #[error("the passphrase is too short: at least {chars_min} characters")]
    WeakPassphrase {
        /// How many it must have.
        chars_min: usize,
    },
    /// The contact says nothing.
    #[error("the contact is empty")]
    Empty,
    /// The contact says too much.
    #[error("the contact is too long: {bytes} bytes, at most {bytes_max}")]
    TooLong {
        /// How many bytes it has.
        bytes: usize,
        /// How many it may have.
        bytes_max: usize,
    },
    /// There is no number after the last.
    #[error("there is no number left for a contact")]
    NoNumberLeft,
    /// A contact is not what was sealed. The others are not concerned.
    #[error("{contact} is damaged")]
    Damaged {
        /// Which.
        contact: ContactId,
    },
    /// The vault as a whole cannot be read.
    #[error("the vault is damaged: {0}")]
    Unreadable(String),
    /// The place for a new vault or copy is taken; it was left alone.
    #[error("{} is there already", path.display())]
    Exists {
        /// The place.
        path: PathBuf,
    },
    /// A vault is refreshed only from copies of itself; it was left alone.
    #[error(
        "the copy is of another vault than the one in {}: take that one away, and the copy becomes the vault",
        directory.display()
    )]
    OtherVault {
        /// Where the other one is.
        directory: PathBuf,
    },
    /// The machine gives no random numbers.
    #[error("there are no random numbers: {0}")]
    NoRandomness(String),
    /// The disk failed. What was asked for may have been done or not; opening the vault again tells.
    #[error("the vault cannot be read or written: {0}")]
    Store(StoreFault),
    /// A former write failed; nothing was done. Opening the vault again helps.
    #[error("the vault takes nothing more since a write failed: {0}")]
    Poisoned(StoreFault),
}

pub(super) fn store(step: &'static str) -> impl Fn(std::io::Error) -> VaultError {
    move |error| VaultError::Store(StoreFault::new(step, error))
}
