//! What was sealed is there again under its number, and nowhere in clear.

use super::*;
use storage::vault::CONTACT_BYTES_MAX;

#[test]
fn v1_v2_what_was_sealed_is_there_again_and_nowhere_in_clear() {
    let place = Place::new();
    drop(place.filled(40));
    let vault = place.vault().unwrap();
    for number in 1..=40 {
        assert_eq!(vault.read(ContactId::new(number)), kept(number));
    }
    assert_eq!(vault.read(ContactId::new(41)), Ok(Reading::Absent));
    assert_eq!(vault.verify().unwrap(), VaultReport { kept: 40, ..VaultReport::default() });
    for clear in ["王阿姨", "1380013", "下午三点", "name", "phone"] {
        assert_eq!(found(&place.path("data"), clear.as_bytes()), Vec::<String>::new(), "{clear}");
    }
    let key = fs::read(place.path("key")).unwrap();
    assert_eq!(found(&place.path("data"), &key[..64]), Vec::<String>::new());
    for (file, _) in everything(place.root.path()) {
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o077, 0, "{}", file.display());
    }
}

#[test]
fn v4_a_number_is_given_once() {
    let place = Place::new();
    let vault = place.filled(3);
    vault.erase(ContactId::new(3), later(9)).unwrap();
    // One that the log knows as erased and this vault has never had.
    vault.erase(ContactId::new(7), later(9)).unwrap();
    drop(vault);
    let vault = place.vault().unwrap();
    assert_eq!(vault.read(ContactId::new(7)), Ok(Reading::Erased { at: later(9) }));
    assert_eq!(vault.seal(NONE, &contact(8), NEW_YEAR), Ok(ContactId::new(8)));
    assert_eq!(
        vault.seal(ContactId::new(20), &contact(21), NEW_YEAR),
        Ok(ContactId::new(21)),
        "the log knows 20"
    );
    assert_eq!(vault.seal(ContactId::new(5), &contact(22), NEW_YEAR), Ok(ContactId::new(22)));
    assert_eq!(vault.seal(ContactId::new(u64::MAX), &contact(1), NEW_YEAR), Err(VaultError::NoNumberLeft));
    drop(vault);
    let vault = place.vault().unwrap();
    for number in [1, 2, 8, 21, 22] {
        assert_eq!(vault.read(ContactId::new(number)), kept(number));
    }
}

#[test]
fn v6_errors_and_debug_say_nothing_of_what_is_in_it() {
    let place = Place::new();
    let vault = place.filled(1);
    let mut long = contact(1);
    long.note = "密".repeat(CONTACT_BYTES_MAX);
    let error = vault.seal(NONE, &long, NEW_YEAR).unwrap_err();
    let shown = format!("{error} {error:?} {vault:?} {:?}", vault.read(ContactId::new(1)));
    assert!(!shown.contains("密") && !shown.contains("王阿姨") && !shown.contains("138"), "{shown}");
    assert_eq!(format!("{:?}", Unlock::passphrase("a long secret")), "Passphrase(…)");
}
