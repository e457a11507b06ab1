//! Keys: the master key and what it is come by, the keys of the contacts under it, and the seals.

use super::{VaultError, failure::store, slots::KeySlot};
use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::{
    Key, KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use engine::{identity::ContactId, moment::Moment};
use serde::{Deserialize, Serialize};
use std::{
    fmt::{self, Write as _},
    fs::{self, File, OpenOptions},
    io::Write,
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};
use zeroize::Zeroizing;

/// The fewest characters of a passphrase.
pub const PASSPHRASE_CHARS_MIN: usize = 12;

/// The bytes at the head of the file of keys.
pub(super) const HEADER_BYTES: usize = 512;

pub(super) const NONCE_BYTES: usize = 24;
pub(super) const WRAPPED_BYTES: usize = 48;
const KEY_BYTES: usize = 32;

const FORMAT: &str = "gongjian-vault";
const VERSION: u32 = 1;

/// RFC 9106, section 4, the second choice.
const MEMORY_KIB: u32 = 64 << 10;
const PASSES: u32 = 3;
const LANES: u32 = 4;

/// What a rotten header may ask for at most.
const MEMORY_KIB_MAX: u32 = 1 << 20;
const PASSES_MAX: u32 = 64;
const LANES_MAX: u32 = 64;

pub(super) type ContactKey = Zeroizing<[u8; KEY_BYTES]>;

/// What the master key is come by.
#[derive(Clone)]
pub enum Unlock {
    /// A file with 64 hexadecimal digits that only its owner may read.
    KeyFile(PathBuf),
    /// A passphrase.
    Passphrase(Zeroizing<String>),
}

impl Unlock {
    /// With this passphrase.
    pub fn passphrase(text: impl Into<String>) -> Self {
        Self::Passphrase(Zeroizing::new(text.into()))
    }

    /// Makes a new key file with a random key.
    ///
    /// # Errors
    /// When there is one already, or the disk fails.
    pub fn create_key_file(path: &Path) -> Result<Self, VaultError> {
        let key = random_key()?;
        let mut text = Zeroizing::new(String::with_capacity(2 * KEY_BYTES + 1));
        for byte in key.iter() {
            // Writing to a text cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        text.push('\n');
        let unusable =
            |error: std::io::Error| VaultError::KeyFile { path: path.to_owned(), said: error.to_string() };
        let mut options = OpenOptions::new();
        let mut file = options.write(true).create_new(true).mode(0o600).open(path).map_err(unusable)?;
        file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(unusable)?;
        let parent = path.parent().filter(|parent| *parent != Path::new("")).unwrap_or(Path::new("."));
        File::open(parent)
            .and_then(|names| names.sync_all())
            .map_err(store("sync the name of the key file"))?;
        Ok(Self::KeyFile(path.to_owned()))
    }
}

impl fmt::Debug for Unlock {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::KeyFile(path) => out.debug_tuple("KeyFile").field(path).finish(),
            Self::Passphrase(_) => out.write_str("Passphrase(…)"),
        }
    }
}

fn read_key_file(path: &Path) -> Result<ContactKey, VaultError> {
    let unusable = |said: String| VaultError::KeyFile { path: path.to_owned(), said };
    let status = fs::metadata(path).map_err(|error| unusable(error.to_string()))?;
    if status.permissions().mode() & 0o077 != 0 {
        return Err(unusable("others than its owner may read it (chmod 600)".to_owned()));
    }
    let text = fs::read_to_string(path).map(Zeroizing::new).map_err(|error| unusable(error.to_string()))?;
    let key = unhex(text.trim_end()).ok_or_else(|| unusable("it is not 64 hexadecimal digits".to_owned()))?;
    Ok(Zeroizing::new(key))
}

fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if pairs.len() != N || !rest.is_empty() {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(pairs) {
        let digit = |digit: u8| char::from(digit).to_digit(16);
        let [high, low] = pair.map(digit);
        *byte = u8::try_from(high? << 4 | low?).ok()?;
    }
    Some(bytes)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn random<const N: usize>() -> Result<[u8; N], VaultError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| VaultError::NoRandomness(error.to_string()))?;
    Ok(bytes)
}

/// A new key.
pub(super) fn random_key() -> Result<ContactKey, VaultError> {
    random().map(Zeroizing::new)
}

/// Which vault this is.
pub(super) type VaultId = [u8; 16];

/// The line at the head of the file of keys.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Header {
    format: String,
    version: u32,
    vault: String,
    key: KeySource,
    /// Nonce and tag over nothing, which only the right master key makes.
    check: String,
    #[serde(skip)]
    id: VaultId,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
enum KeySource {
    File,
    Passphrase { salt: String, memory_kib: u32, passes: u32, lanes: u32 },
}

#[derive(Deserialize)]
struct HeaderVersion {
    format: String,
    version: u32,
}

/// The key over all keys.
pub(super) struct Master(ContactKey);

impl Header {
    /// Of a new vault, with the master key that `unlock` gives.
    pub(super) fn make(unlock: &Unlock) -> Result<(Self, Master), VaultError> {
        let key = match unlock {
            Unlock::KeyFile(_) => KeySource::File,
            Unlock::Passphrase(text) if text.chars().count() < PASSPHRASE_CHARS_MIN => {
                return Err(VaultError::WeakPassphrase { chars_min: PASSPHRASE_CHARS_MIN });
            }
            Unlock::Passphrase(_) => {
                let salt = hex(&random::<16>()?);
                KeySource::Passphrase { salt, memory_kib: MEMORY_KIB, passes: PASSES, lanes: LANES }
            }
        };
        let master = key.master(unlock)?;
        let (format, check, vault) = (FORMAT.to_owned(), String::new(), String::new());
        let header = Self { format, version: VERSION, vault, key, check, id: [0; 16] };
        Ok((header.of_vault(random()?, &master)?, master))
    }

    /// The same way to the master key, for another vault.
    pub(super) fn of_vault(mut self, id: VaultId, master: &Master) -> Result<Self, VaultError> {
        (self.id, self.vault) = (id, hex(&id));
        let nonce = random::<NONCE_BYTES>()?;
        let tag = seal(&master.0, &nonce, &[], &bound(b"check", id, None))?;
        self.check = hex(&[nonce.as_slice(), &tag].concat());
        Ok(self)
    }

    pub(super) const fn vault(&self) -> VaultId {
        self.id
    }

    /// One line, filled up with blanks.
    pub(super) fn bytes(&self) -> Result<Vec<u8>, VaultError> {
        let unreadable = |error: serde_json::Error| VaultError::Unreadable(error.to_string());
        let mut line = serde_json::to_vec(self).map_err(unreadable)?;
        line.resize(HEADER_BYTES - 1, b' ');
        line.push(b'\n');
        Ok(line)
    }

    pub(super) fn read(bytes: &[u8]) -> Result<Self, VaultError> {
        let unreadable = |said: String| VaultError::Unreadable(format!("its header: {said}"));
        let version: HeaderVersion =
            serde_json::from_slice(bytes).map_err(|error| unreadable(error.to_string()))?;
        if version.format != FORMAT {
            return Err(unreadable(format!("format {:?}", version.format)));
        }
        if version.version > VERSION {
            return Err(VaultError::Newer { found: version.version, known: VERSION });
        }
        let mut header: Self =
            serde_json::from_slice(bytes).map_err(|error| unreadable(error.to_string()))?;
        header.id = unhex(&header.vault).ok_or_else(|| unreadable("its name".to_owned()))?;
        Ok(header)
    }

    /// The master key, if it is the right one.
    pub(super) fn unlock(&self, unlock: &Unlock) -> Result<Master, VaultError> {
        let master = self.key.master(unlock)?;
        let unreadable = || VaultError::Unreadable("its header: the check".to_owned());
        let check: [u8; NONCE_BYTES + 16] = unhex(&self.check).ok_or_else(unreadable)?;
        let (nonce, tag) = check.split_first_chunk().ok_or_else(unreadable)?;
        open(&master.0, nonce, tag, &bound(b"check", self.id, None)).ok_or(VaultError::WrongKey)?;
        Ok(master)
    }
}

impl KeySource {
    fn master(&self, unlock: &Unlock) -> Result<Master, VaultError> {
        match (self, unlock) {
            (Self::File, Unlock::KeyFile(path)) => read_key_file(path).map(Master),
            (Self::Passphrase { salt, memory_kib, passes, lanes }, Unlock::Passphrase(text)) => {
                let unreadable = |said: String| VaultError::Unreadable(format!("its header: {said}"));
                let salt: [u8; 16] = unhex(salt).ok_or_else(|| unreadable("the salt".to_owned()))?;
                if *memory_kib > MEMORY_KIB_MAX || *passes > PASSES_MAX || *lanes > LANES_MAX {
                    return Err(unreadable("it asks for too much work".to_owned()));
                }
                let params = Params::new(*memory_kib, *passes, *lanes, Some(KEY_BYTES))
                    .map_err(|error| unreadable(error.to_string()))?;
                let mut key = Zeroizing::new([0; KEY_BYTES]);
                Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
                    .hash_password_into(text.as_bytes(), &salt, &mut *key)
                    .map_err(|error| unreadable(error.to_string()))?;
                Ok(Master(key))
            }
            (Self::File, Unlock::Passphrase(_)) | (Self::Passphrase { .. }, Unlock::KeyFile(_)) => {
                Err(VaultError::WrongKey)
            }
        }
    }
}

impl Master {
    /// Puts a contact's key under this one.
    pub(super) fn wrap(
        &self,
        vault: VaultId,
        id: ContactId,
        given: Moment,
        key: &ContactKey,
    ) -> Result<KeySlot, VaultError> {
        let nonce = random()?;
        let sealed = seal(&self.0, &nonce, &**key, &bound(b"key", vault, Some((id, Some(given)))))?;
        let wrapped = sealed.try_into().map_err(|_| VaultError::Unreadable("a seal's length".to_owned()))?;
        Ok(KeySlot::Kept { id, given, nonce, wrapped })
    }

    /// The contact's key.
    pub(super) fn unwrap(
        &self,
        vault: VaultId,
        id: ContactId,
        slot: &KeySlot,
    ) -> Result<ContactKey, VaultError> {
        let damaged = VaultError::Damaged { contact: id };
        let KeySlot::Kept { given, nonce, wrapped, .. } = slot else {
            return Err(damaged);
        };
        let key = open(&self.0, nonce, wrapped, &bound(b"key", vault, Some((id, Some(*given)))));
        let key = key.and_then(|key| key.as_slice().try_into().ok());
        key.map(Zeroizing::new).ok_or(damaged)
    }
}

/// Nonce and sealed text of a padded contact.
pub(super) fn seal_contact(
    vault: VaultId,
    id: ContactId,
    key: &ContactKey,
    padded: &[u8],
) -> Result<Vec<u8>, VaultError> {
    let nonce = random::<NONCE_BYTES>()?;
    let sealed = seal(key, &nonce, padded, &bound(b"contact", vault, Some((id, None))))?;
    Ok([nonce.as_slice(), &sealed].concat())
}

/// The padded contact.
pub(super) fn open_contact(
    vault: VaultId,
    id: ContactId,
    key: &ContactKey,
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    let damaged = || VaultError::Damaged { contact: id };
    let (nonce, sealed) = sealed.split_first_chunk().ok_or_else(damaged)?;
    open(key, nonce, sealed, &bound(b"contact", vault, Some((id, None)))).ok_or_else(damaged)
}

/// What a seal is bound to, so that it holds nowhere else.
fn bound(what: &[u8], vault: VaultId, of: Option<(ContactId, Option<Moment>)>) -> Vec<u8> {
    let mut bytes = [b"gongjian ".as_slice(), what, b"\0", &vault].concat();
    if let Some((id, given)) = of {
        bytes.extend(id.number().to_le_bytes());
        given.into_iter().for_each(|given| bytes.extend(given.millis().to_le_bytes()));
    }
    bytes
}

fn cipher(key: &ContactKey) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&Key::from(**key))
}

fn seal(key: &ContactKey, nonce: &[u8; NONCE_BYTES], msg: &[u8], aad: &[u8]) -> Result<Vec<u8>, VaultError> {
    let sealed = cipher(key).encrypt(&XNonce::from(*nonce), Payload { msg, aad });
    sealed.map_err(|_| VaultError::Unreadable("a text too long to be sealed".to_owned()))
}

fn open(key: &ContactKey, nonce: &[u8; NONCE_BYTES], msg: &[u8], aad: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    cipher(key).decrypt(&XNonce::from(*nonce), Payload { msg, aad }).ok().map(Zeroizing::new)
}
