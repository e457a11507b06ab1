//! A vault that is refreshed from copies of itself, and one that is only looked at.

use super::*;
use storage::vault::{Inspection, Refreshed, VaultCopy};

impl Place {
    fn copied(&self, vault: &Vault, name: &str) -> VaultCopy {
        vault.save(&self.path(name)).unwrap();
        VaultCopy::read(&*fs::read(self.path(name)).unwrap(), &self.unlock).unwrap()
    }
}

fn id(number: u64) -> ContactId {
    ContactId::new(number)
}

#[test]
fn v2_v3_a_vault_refreshed_from_a_copy_has_what_is_newer_and_nothing_that_either_has_erased() {
    let place = Place::new();
    let old = place.filled(3);
    let before = place.copied(&old, "before");
    let there = before.make(&place.path("there"), &place.unlock).unwrap();
    old.erase(id(2), later(2)).unwrap();
    assert_eq!(old.seal(NONE, &contact(4), later(4)), Ok(id(4)));
    there.erase(id(3), later(3)).unwrap();
    let after = place.copied(&old, "after");
    after.check_fits(&there).unwrap();

    let expected = Refreshed { taken: 1, erased: 1, damaged: Vec::new() };
    assert_eq!(after.refresh(&there), Ok(expected));
    // Twice, and from an older copy: nothing comes back.
    for copy in [&after, &before] {
        assert_eq!(copy.refresh(&there), Ok(Refreshed::default()));
    }
    drop(there);
    let there = Vault::open(&place.path("there"), &place.unlock).unwrap();
    assert_eq!([there.read(id(1)), there.read(id(4))], [kept(1), kept(4)]);
    for (gone, at) in [(2, later(2)), (3, later(3))] {
        assert_eq!(there.read(id(gone)), Ok(Reading::Erased { at }));
    }
    let report = VaultReport { kept: 2, erased: 2, ..VaultReport::default() };
    assert_eq!(there.verify(), Ok(report));
    // The next number is the next.
    assert_eq!(there.seal(NONE, &contact(5), later(5)), Ok(id(5)));
}

#[test]
fn v5_v8_a_refresh_mends_what_is_damaged_and_goes_under_the_key_of_the_vault() {
    let place = Place::new();
    let old = place.filled(3);
    let copy = place.copied(&old, "copy");
    copy.make(&place.path("there"), &place.unlock).unwrap();
    let path = place.path("there/contacts");
    let mut rotten = fs::read(&path).unwrap();
    rotten[1_024 + 500] ^= 1;
    fs::write(&path, rotten).unwrap();
    let there = Vault::open(&place.path("there"), &place.unlock).unwrap();
    assert_eq!(there.read(id(2)), Err(VaultError::Damaged { contact: id(2) }));
    let other = Unlock::create_key_file(&place.path("other")).unwrap();
    assert_eq!(
        VaultCopy::read(&*fs::read(place.path("copy")).unwrap(), &other).unwrap_err(),
        VaultError::WrongKey
    );
    assert_eq!(copy.refresh(&there).unwrap().taken, 1);
    there.change_key(&other).unwrap();
    old.seal(NONE, &contact(4), later(4)).unwrap();
    assert_eq!(place.copied(&old, "later").refresh(&there).unwrap().taken, 1);
    drop(there);
    let there = Vault::open(&place.path("there"), &other).unwrap();
    (1..=4).for_each(|number| assert_eq!(there.read(id(number)), kept(number)));
}

#[test]
fn a_copy_of_another_vault_is_refused_and_nothing_is_changed() {
    let (place, another) = (Place::new(), Place::new());
    let (vault, other) = (place.filled(2), another.filled(3));
    let copy = another.copied(&other, "copy");
    let refused = VaultError::OtherVault { directory: place.path("data/vault") };
    assert_eq!(copy.check_fits(&vault), Err(refused.clone()));
    assert_eq!(copy.refresh(&vault), Err(refused));
    assert_eq!(vault.kept().len(), 2);
}

#[test]
fn v3_looking_changes_nothing_and_names_an_erasure_that_was_not_finished() {
    let place = Place::new();
    drop(place.filled(3));
    let directory = place.path("data/vault");
    let contacts = fs::read(directory.join("contacts")).unwrap();
    place.vault().unwrap().erase(id(2), later(9)).unwrap();
    // As if it had stopped between its two steps, and in a change of the key.
    fs::write(directory.join("contacts"), contacts).unwrap();
    fs::write(directory.join("keys.new"), "half").unwrap();
    let before = everything(&directory);
    let looked = Inspection::open(&directory, &place.unlock).unwrap();
    assert!(matches!(place.vault(), Err(VaultError::InUse { .. })), "nobody changes it meanwhile");
    let report = VaultReport { kept: 2, erased: 1, unfinished: vec![id(2)], ..VaultReport::default() };
    assert_eq!((looked.verify(), looked.erased()), (Ok(report), vec![id(2)]));
    drop(looked);
    assert_eq!(everything(&directory), before);
    drop(place.vault().unwrap());
    assert_eq!(Inspection::open(&directory, &place.unlock).unwrap().verify().unwrap().unfinished, []);
    assert!(Inspection::open(&place.path("none"), &place.unlock).is_err() && !place.path("none").exists());
}
