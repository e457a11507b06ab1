//! Keys: the right one only, another one in its place, and the form that is frozen.

use super::*;
use crate::damage::copy;
use std::env;

#[test]
fn a_vault_opens_with_its_key_only_and_for_one_process_only() {
    let place = Place::new();
    let vault = place.filled(1);
    let directory = place.path("data/vault");
    assert_eq!(place.vault().unwrap_err(), VaultError::InUse { directory: directory.clone() });
    drop(vault);
    let other = Unlock::create_key_file(&place.path("other")).unwrap();
    assert!(Unlock::create_key_file(&place.path("other")).is_err(), "a key file is never written over");
    assert_eq!(Vault::open(&directory, &other).unwrap_err(), VaultError::WrongKey);
    let passphrase = Unlock::passphrase("correct horse battery staple");
    assert_eq!(Vault::open(&directory, &passphrase).unwrap_err(), VaultError::WrongKey);

    fs::set_permissions(place.path("key"), fs::Permissions::from_mode(0o640)).unwrap();
    assert!(matches!(place.vault(), Err(VaultError::KeyFile { .. })), "others may read it");
    fs::set_permissions(place.path("key"), fs::Permissions::from_mode(0o600)).unwrap();
    place.vault().unwrap();
    for wrong in ["", "abc", &"x".repeat(64), &"a".repeat(63), &"a".repeat(65)] {
        fs::write(place.path("key"), wrong).unwrap();
        assert!(matches!(place.vault(), Err(VaultError::KeyFile { .. })), "{wrong}");
    }
}

#[test]
fn a_vault_may_have_a_passphrase() {
    let place = Place::new();
    let path = place.path("vault");
    let weak = Vault::open(&path, &Unlock::passphrase("短了")).unwrap_err();
    assert_eq!(weak, VaultError::WeakPassphrase { chars_min: 12 });
    assert!(!path.exists());
    let open = |text: &str| Vault::open(&path, &Unlock::passphrase(text));
    open("春风街道的钥匙不在这里放着").unwrap().seal(NONE, &contact(1), NEW_YEAR).unwrap();
    assert_eq!(open("春风街道的钥匙不在这里放").unwrap_err(), VaultError::WrongKey);
    assert_eq!(open("春风街道的钥匙不在这里放着").unwrap().read(ContactId::new(1)), kept(1));
}

#[test]
fn v8_a_new_master_key_opens_everything_and_the_old_one_nothing() {
    let place = Place::new();
    let vault = place.filled(5);
    vault.erase(ContactId::new(2), later(9)).unwrap();
    let traces = [0, 2, 3, 4].map(|index| traces(&place, index));
    let new = Unlock::create_key_file(&place.path("new")).unwrap();
    let old_keys = fs::File::open(place.path("data/vault/keys")).unwrap();
    vault.change_key(&new).unwrap();
    for [nonce, wrapped, sealed] in &traces {
        assert_eq!(found(&place.path("data"), wrapped), Vec::<String>::new());
        assert_eq!(found(&place.path("data"), nonce), Vec::<String>::new());
        assert_eq!(found(&place.path("data"), sealed), ["contacts"], "the texts stay as they were");
    }
    // The file that had them, which no name leads to any more.
    let mut left = Vec::new();
    std::io::Read::read_to_end(&mut &old_keys, &mut left).unwrap();
    assert!(left.len() >= 512 && left.iter().all(|byte| *byte == 0));

    assert_eq!(vault.seal(NONE, &contact(6), NEW_YEAR), Ok(ContactId::new(6)), "it goes on");
    drop(vault);
    assert_eq!(place.vault().unwrap_err(), VaultError::WrongKey);
    let vault = Vault::open(&place.path("data/vault"), &new).unwrap();
    for number in [1, 3, 4, 5, 6] {
        assert_eq!(vault.read(ContactId::new(number)), kept(number));
    }
    assert_eq!(vault.read(ContactId::new(2)), Ok(Reading::Erased { at: later(9) }));
    // A change that a crash broke off before its one step has not happened.
    drop(vault);
    fs::write(place.path("data/vault/keys.new"), "half").unwrap();
    Vault::open(&place.path("data/vault"), &new).unwrap();
    assert!(!place.path("data/vault/keys.new").exists());
}

const PASSPHRASE: &str = "春风街道的钥匙不在这里放着";

/// The golden vaults and what they open with. A key file among the goldens would be readable by others, so the key
/// stands here.
fn goldens(place: &Place) -> [(&'static str, Unlock); 2] {
    fs::write(place.path("key"), "0123456789abcdef".repeat(4)).unwrap();
    [("vault_v1_file", place.unlock.clone()), ("vault_v1_passphrase", Unlock::passphrase(PASSPHRASE))]
}

#[test]
fn the_form_of_the_vault_is_frozen() {
    let place = Place::new();
    for (name, unlock) in goldens(&place) {
        let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/goldens").join(name);
        if !golden.exists() && env::var_os("GONGJIAN_WRITE_GOLDENS").is_some() {
            let vault = Vault::open(&golden, &unlock).unwrap();
            for number in 1..=3 {
                vault.seal(NONE, &contact(number), later(number as i64)).unwrap();
            }
            vault.erase(ContactId::new(2), later(9)).unwrap();
        }
        copy(&golden, &place.path(name));
        let vault = Vault::open(&place.path(name), &unlock).unwrap();
        for number in [1, 3] {
            assert_eq!(vault.read(ContactId::new(number)), kept(number));
        }
        assert_eq!(vault.read(ContactId::new(2)), Ok(Reading::Erased { at: later(9) }));
        assert_eq!(vault.kept(), [(ContactId::new(1), later(1)), (ContactId::new(3), later(3))]);
        drop(vault);
        for file in ["keys", "contacts"] {
            assert_eq!(
                fs::read(place.path(name).join(file)).unwrap(),
                fs::read(golden.join(file)).unwrap(),
                "opening it changes nothing"
            );
        }
        // A newer one is left alone.
        let mut newer = fs::read(golden.join("keys")).unwrap();
        let at = newer.windows(11).position(|part| part == b"\"version\":1").unwrap();
        newer[at + 10] = b'2';
        fs::write(place.path(name).join("keys"), newer).unwrap();
        let error = Vault::open(&place.path(name), &unlock).unwrap_err();
        assert_eq!(error, VaultError::Newer { found: 2, known: 1 });
    }
}
