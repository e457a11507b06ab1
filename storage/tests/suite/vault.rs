//! V1 to V8: the vault, broken in every way that comes to mind.

#[path = "vault/copies.rs"]
mod copies;
#[path = "vault/erasing.rs"]
mod erasing;
#[path = "vault/keys.rs"]
mod keys;
#[path = "vault/power.rs"]
mod power;
#[path = "vault/rot.rs"]
mod rot;
#[path = "vault/sealing.rs"]
mod sealing;

use crate::{power::place, street::NEW_YEAR};
use engine::{identity::ContactId, moment::Moment};
use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};
use storage::vault::{Contact, Reading, Unlock, Vault, VaultError, VaultReport};

const NONE: ContactId = ContactId::new(0);
const DAY: i64 = 86_400_000;

fn contact(number: u64) -> Contact {
    Contact {
        name: format!("王阿姨{number}号"),
        phone: format!("1380013{number:04}"),
        note: "下午三点以后打".to_owned(),
    }
}

fn kept(number: u64) -> Result<Reading, VaultError> {
    Ok(Reading::Kept(contact(number)))
}

fn later(days: i64) -> Moment {
    Moment::from_millis(NEW_YEAR.millis() + days * DAY)
}

/// A place with a key file, outside of which the vault lies.
struct Place {
    root: tempfile::TempDir,
    unlock: Unlock,
}

impl Place {
    fn new() -> Self {
        let root = place();
        let unlock = Unlock::create_key_file(&root.path().join("key")).unwrap();
        Self { root, unlock }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    fn vault(&self) -> Result<Vault, VaultError> {
        Vault::open(&self.path("data/vault"), &self.unlock)
    }

    /// A vault with so many contacts, numbered from 1.
    fn filled(&self, count: u64) -> Vault {
        fs::create_dir_all(self.path("data")).unwrap();
        let vault = self.vault().unwrap();
        for number in 1..=count {
            assert_eq!(vault.seal(NONE, &contact(number), later(number as i64)), Ok(ContactId::new(number)));
        }
        vault
    }
}

/// Every byte of every file below a path.
fn everything(path: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    if path.is_file() {
        return vec![(path.to_owned(), fs::read(path).unwrap())];
    }
    fs::read_dir(path).unwrap().flat_map(|item| everything(&item.unwrap().path())).collect()
}

/// The files in which these bytes stand.
fn found(path: &Path, bytes: &[u8]) -> Vec<String> {
    let holds = |text: &Vec<u8>| text.windows(bytes.len()).any(|part| part == bytes);
    let files = everything(path).into_iter().filter(|(_, text)| holds(text));
    files.map(|(file, _)| file.file_name().unwrap().to_string_lossy().into_owned()).collect()
}

/// What stands on the disk of one contact: its nonce and wrapped key, and its sealed text.
fn traces(place: &Place, index: usize) -> [Vec<u8>; 3] {
    let keys = fs::read(place.path("data/vault/keys")).unwrap();
    let contacts = fs::read(place.path("data/vault/contacts")).unwrap();
    let slot = &keys[512 + index * 128..][..128];
    let sealed = &contacts[index * 1_024..][..1_024];
    [slot[24..48].to_vec(), slot[48..96].to_vec(), sealed.to_vec()]
}
