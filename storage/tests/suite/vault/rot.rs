//! Whatever byte rots, and whatever is put in another's place, nothing is shown wrong.

use super::*;
use crate::{
    damage::copy,
    random::{Random, number},
};
use std::collections::BTreeMap;

#[test]
fn v5_whatever_byte_rots_nothing_is_shown_wrong_and_nothing_comes_back() {
    let seed = number("GONGJIAN_ROT_SEED", 20_240_101);
    let rounds = number("GONGJIAN_ROT_ROUNDS", 30) * 10;
    println!("GONGJIAN_ROT_SEED={seed} GONGJIAN_ROT_ROUNDS={}", rounds / 10);
    let place = Place::new();
    let vault = place.filled(6);
    vault.erase(ContactId::new(2), later(9)).unwrap();
    drop(vault);
    let live = place.path("data/vault");
    copy(&live, &place.path("whole"));
    let truth = |number: u64| match number {
        2 => Ok(Reading::Erased { at: later(9) }),
        number => kept(number),
    };
    let mut random = Random::new(seed);
    let mut told = BTreeMap::<&str, u64>::new();
    for name in ["keys", "contacts"] {
        let whole = fs::read(place.path("whole").join(name)).unwrap();
        for round in 0..rounds {
            let mut rotten = whole.clone();
            let at = random.below(whole.len());
            match round % 5 {
                0 => rotten.truncate(at),
                _ => rotten[at] ^= 1 << random.below(8),
            }
            let what = format!("byte {at} of {} of {name}, {} left", whole.len(), rotten.len());
            fs::remove_dir_all(&live).unwrap();
            copy(&place.path("whole"), &live);
            fs::write(live.join(name), &rotten).unwrap();
            let vault = match place.vault() {
                Ok(vault) => vault,
                Err(error) => {
                    assert!(!matches!(error, VaultError::Store(_)), "{what}: {error}");
                    *told.entry("refused").or_default() += 1;
                    continue;
                }
            };
            let mut wrong = 0;
            for number in 1..=6 {
                match vault.read(ContactId::new(number)) {
                    reading if reading == truth(number) => {}
                    Err(VaultError::Damaged { contact }) => {
                        assert_eq!(contact, ContactId::new(number));
                        wrong += 1;
                    }
                    // The last one, cut off.
                    Ok(Reading::Absent) if number == 6 && rotten.len() < whole.len() => wrong += 1,
                    other => panic!("{what}: contact {number} is {other:?}"),
                }
            }
            let report = vault.verify().unwrap();
            let whole_again = report.damaged.is_empty() && report.damaged_slots == 0 && report.kept == 5;
            assert_eq!(whole_again, wrong == 0, "{what}: {report:?}");
            *told.entry(if wrong == 0 { "no consequence" } else { "contacts refused" }).or_default() += 1;
        }
    }
    println!("{told:?}");
    assert!(told["refused"] > 0 && told["contacts refused"] > rounds / 2, "{told:?}");
}

#[test]
fn v5_a_slot_or_a_text_in_anothers_place_is_not_opened() {
    let place = Place::new();
    drop(place.filled(2));
    let path = place.path("data/vault/contacts");
    let contacts = fs::read(&path).unwrap();
    let (first, second) = contacts.split_at(1_024);
    fs::write(&path, [second, first].concat()).unwrap();
    let vault = place.vault().unwrap();
    for contact in [1, 2].map(ContactId::new) {
        assert_eq!(vault.read(contact), Err(VaultError::Damaged { contact }));
    }
    // It can be erased all the same.
    vault.erase(ContactId::new(1), later(1)).unwrap();
    assert_eq!(vault.read(ContactId::new(1)), Ok(Reading::Erased { at: later(1) }));

    // Another vault under the same master key.
    let other = Vault::open(&place.path("other"), &place.unlock).unwrap();
    other.seal(NONE, &contact(1), NEW_YEAR).unwrap();
    drop((other, vault));
    let mut keys = fs::read(place.path("data/vault/keys")).unwrap();
    let others = fs::read(place.path("other/keys")).unwrap();
    keys[512..640].copy_from_slice(&others[512..640]);
    fs::write(place.path("data/vault/keys"), keys).unwrap();
    fs::copy(place.path("other/contacts"), &path).unwrap();
    let contact = ContactId::new(1);
    assert_eq!(place.vault().unwrap().read(contact), Err(VaultError::Damaged { contact }));
}
