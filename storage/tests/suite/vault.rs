//! V1 to V8: the vault, broken in every way that comes to mind.

use crate::{
    damage::copy,
    power::{
        Known, Run,
        disk::{Losses, Model},
        note, notes, place,
    },
    random::{Random, number},
    street::{NEW_YEAR, community, open_street, request},
};
use engine::{
    identity::{ContactId, Position},
    member::Caller,
    moment::Moment,
};
use std::{
    collections::BTreeMap,
    env, fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};
use storage::{
    Ledger,
    backup::{Form, Origin, save},
    sled::SledLog,
    snapshot::Pace,
    vault::{CONTACT_BYTES_MAX, Contact, Reading, Retention, Unlock, Vault, VaultError, VaultReport},
    verify,
};

const NONE: ContactId = ContactId::new(0);
const DIRECTORY: &str = "GONGJIAN_VAULT_DIRECTORY";
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

/// What stands on the disk of one contact: its nonce and wrapped key, and its sealed text.
fn traces(place: &Place, index: usize) -> [Vec<u8>; 3] {
    let keys = fs::read(place.path("data/vault/keys")).unwrap();
    let contacts = fs::read(place.path("data/vault/contacts")).unwrap();
    let slot = &keys[512 + index * 128..][..128];
    let sealed = &contacts[index * 1_024..][..1_024];
    [slot[24..48].to_vec(), slot[48..96].to_vec(), sealed.to_vec()]
}

#[test]
fn v3_v7_after_an_erasure_no_byte_of_store_snapshots_and_new_backups_yields_the_contact() {
    let place = Place::new();
    let vault = place.filled(9);
    // A street beside it, with a log, snapshots and a backup.
    let pace = Pace { commits_min: 5 };
    let log = SledLog::open(&place.path("data")).unwrap();
    let ledger = Ledger::open_at_pace(log, || NEW_YEAR, pace).unwrap();
    open_street(&ledger);
    for name in 0..30 {
        let name = format!("社区{name}");
        ledger.execute_blocking(Caller::System, request(&name), community(&name)).unwrap();
    }
    let gone = ContactId::new(4);
    let traces_of = |index| {
        let traces = traces(&place, index);
        assert!(
            traces.iter().all(|trace| !found(&place.path("data"), trace).is_empty()),
            "they can be found"
        );
        traces
    };
    let (theirs, others) = (traces_of(3), traces_of(4));
    let head = ledger.view();
    let before = storage::Log::head(&head).unwrap();

    vault.erase(gone, later(99)).unwrap();
    assert_eq!(vault.read(gone), Ok(Reading::Erased { at: later(99) }));
    // With everything that a new backup has.
    let origin = Origin { street: None, created: NEW_YEAR };
    save(&ledger.view(), Position::START, &origin, Form::Plain, &place.path("data/backup"), &mut |_| ())
        .unwrap();
    vault.save(&place.path("data/vault.copy")).unwrap();
    for trace in &theirs {
        assert_eq!(found(&place.path("data"), trace), Vec::<String>::new());
    }
    // A half of it neither.
    assert_eq!(found(&place.path("data"), &theirs[1][..16]), Vec::<String>::new());
    assert_eq!(found(&place.path("data"), &theirs[2][500..532]), Vec::<String>::new());
    for trace in &others {
        assert!(found(&place.path("data"), trace).contains(&"vault.copy".to_owned()), "the others are kept");
    }
    assert!(!found(&place.path("data"), &others[1]).contains(&"backup".to_owned()), "V7");
    for clear in ["王阿姨4号", "13800130004"] {
        assert_eq!(found(&place.path("data"), clear.as_bytes()), Vec::<String>::new());
    }

    // The chain holds, and it stays so.
    assert_eq!(verify(&ledger.view(), &mut |_| ()).unwrap().head, before);
    drop(vault);
    let vault = place.vault().unwrap();
    vault.erase(gone, later(100)).unwrap();
    assert_eq!(vault.read(gone), Ok(Reading::Erased { at: later(99) }), "once is enough");
    assert_eq!(vault.verify().unwrap(), VaultReport { kept: 8, erased: 1, ..VaultReport::default() });
}

#[test]
fn v3_an_erasure_that_a_crash_broke_off_is_finished() {
    let place = Place::new();
    drop(place.filled(3));
    let [_, _, sealed] = traces(&place, 1);
    let contacts = fs::read(place.path("data/vault/contacts")).unwrap();
    place.vault().unwrap().erase(ContactId::new(2), later(9)).unwrap();
    // As if it had stopped between its two steps.
    fs::write(place.path("data/vault/contacts"), contacts).unwrap();
    assert_eq!(found(&place.path("data"), &sealed), ["contacts"]);
    let vault = place.vault().unwrap();
    assert_eq!(found(&place.path("data"), &sealed), Vec::<String>::new());
    assert_eq!(vault.verify().unwrap(), VaultReport { kept: 2, erased: 1, ..VaultReport::default() });
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

#[test]
fn v7_a_copy_comes_back_with_its_key_and_whole_or_not_at_all() {
    let place = Place::new();
    let vault = place.filled(5);
    let path = place.path("copy");
    vault.save(&path).unwrap();
    assert_eq!(vault.save(&path), Err(VaultError::Exists { path: path.clone() }));
    let file = fs::read(&path).unwrap();
    let restore = |file: &[u8], unlock: &Unlock| Vault::restore_new(file, &place.path("back"), unlock);
    let mut random = Random::new(7);
    for round in 0..200 {
        let mut rotten = file.clone();
        let at = random.below(file.len());
        match round % 2 {
            0 => rotten.truncate(at),
            _ => rotten[at] ^= 1 << random.below(8),
        }
        assert!(restore(&rotten, &place.unlock).is_err(), "byte {at}");
        assert!(!place.path("back").exists());
    }
    let other = Unlock::create_key_file(&place.path("other")).unwrap();
    assert_eq!(restore(&file, &other).unwrap_err(), VaultError::WrongKey);
    assert!(!place.path("back").exists());

    let back = restore(&file, &place.unlock).unwrap();
    for number in 1..=5 {
        assert_eq!(back.read(ContactId::new(number)), kept(number));
    }
    let exists = VaultError::Exists { path: place.path("back") };
    assert_eq!(restore(&file, &place.unlock).unwrap_err(), exists);
}

#[test]
fn contacts_are_due_when_they_were_kept_long_enough() {
    let place = Place::new();
    let vault = place.filled(5);
    vault.erase(ContactId::new(1), later(10)).unwrap();
    let due = |day, days| {
        let due = vault.due(later(day), Retention { days }).into_iter();
        due.map(ContactId::number).collect::<Vec<u64>>()
    };
    assert_eq!(due(32, 30), [2]);
    assert_eq!(due(33, 30), [2, 3]);
    assert_eq!(due(99, 30), [2, 3, 4, 5]);
    assert_eq!(due(3, 30), Vec::<u64>::new());
    assert_eq!(vault.kept().len(), 4);
}

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
    let run = Run::record_child("vault::child", DIRECTORY, &[], empty.path(), Known::default());
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
