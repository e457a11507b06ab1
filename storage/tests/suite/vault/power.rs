//! Sealed and erased, cut off by a loss of power at any moment.

use super::*;
use crate::{
    power::{
        Known, Run,
        disk::{Losses, Model},
        note, notes,
    },
    random::number,
};
use std::env;

const DIRECTORY: &str = "GONGJIAN_VAULT_DIRECTORY";

/// The child: does nothing unless the parent below has started it. It seals, and erases every third.
#[test]
fn child() {
    let Some(directory) = env::var_os(DIRECTORY) else {
        return;
    };
    let directory = Path::new(&directory);
    let unlock = match directory.join("key") {
        key if key.exists() => Unlock::KeyFile(key),
        key => Unlock::create_key_file(&key).unwrap(),
    };
    let notes = notes();
    note(&notes, "started");
    for _ in 0..2 {
        let vault = Vault::open(&directory.join("vault"), &unlock).unwrap();
        let first = vault.kept().last().map_or(0, |(id, _)| id.number()) + 1;
        for number in first..first + 15 {
            let id = vault.seal(NONE, &contact(number), NEW_YEAR).unwrap();
            note(&notes, &format!("acknowledged {} sealed", id.number()));
            if number % 3 == 0 {
                note(&notes, &format!("appending {} erasing", number - 1));
                vault.erase(ContactId::new(number - 1), NEW_YEAR).unwrap();
                note(&notes, &format!("acknowledged {} erased", number - 1));
            }
        }
    }
}

#[test]
fn v2_v3_sealed_and_erased_survive_a_power_cut() {
    let images = number("GONGJIAN_POWER_IMAGES", 5) * 3;
    let seed = number("GONGJIAN_POWER_SEED", 20_240_101);
    println!("GONGJIAN_POWER_SEED={seed} GONGJIAN_POWER_IMAGES={}", images / 3);
    let empty = place();
    let run = Run::record_child("vault::power::child", DIRECTORY, &[], empty.path(), Known::default());
    let mut failures = Vec::new();
    for model in Model::ALL {
        let mut bad = 0;
        run.cut(Losses { model, data_syncs: true }, seed, images, |image, known, when| {
            if let Err(error) = known.check_vault(image) {
                bad += 1;
                failures.push(format!("{when}: {error}"));
            }
        });
        println!("{model:?}: {images} disks, {bad} bad");
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

impl Known {
    /// Opens the vault and compares it with what was answered.
    fn check_vault(&self, directory: &Path) -> Result<(), String> {
        let key = directory.join("key");
        if key.exists() {
            // The disks that are built know no modes.
            fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
        }
        let vault = match Vault::open(&directory.join("vault"), &Unlock::KeyFile(key)) {
            Ok(vault) => vault,
            Err(_) if self.acknowledged() == 0 => return Ok(()),
            Err(error) => return Err(format!("open: {error}")),
        };
        let report = vault.verify().map_err(|error| error.to_string())?;
        if !report.damaged.is_empty() || report.damaged_slots > 0 {
            return Err(format!("{report:?}"));
        }
        let contacts = fs::read(directory.join("vault/contacts")).unwrap_or_default();
        for (number, what) in self.answers() {
            let found = vault.read(ContactId::new(*number));
            let erasing = self.begun(*number);
            let good = match (what.as_str(), &found) {
                ("sealed", Ok(Reading::Kept(found))) => *found == contact(*number),
                ("sealed", Ok(Reading::Erased { .. })) => erasing,
                ("erased", Ok(Reading::Erased { .. })) => {
                    let slot = contacts.iter().skip((*number as usize - 1) * 1_024).take(1_024);
                    slot.copied().all(|byte| byte == 0)
                }
                _ => false,
            };
            if !good {
                return Err(format!("contact {number}, answered {what}, is {found:?}"));
            }
        }
        // It goes on from there.
        let next = vault.seal(NONE, &contact(999), NEW_YEAR).map_err(|error| error.to_string())?;
        match vault.read(next) == kept(999) {
            true => Ok(()),
            false => Err("it does not go on".to_owned()),
        }
    }
}
