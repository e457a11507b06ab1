//! `gongjian backup`, `export` and `restore`: a street in a file, and back. The server must not run
//! meanwhile: the log belongs to one process.

use super::{
    arguments::{Restore, Save},
    failure::Failure,
    log,
    match_lists::clock,
    output,
    progress::Steps,
    vault,
};
use crate::contacts;
use engine::{identity::Position, refusal::wording::Language};
use std::{
    fs::File,
    path::{Path, PathBuf},
    process::ExitCode,
};
use storage::{
    Ledger, Log,
    backup::{self, Checked, Form, Header, Mark, Origin, Progress, Restored},
    sled::SledLog,
    vault::{Unlock, Vault, VaultCopy, VaultError},
};

/// Writes the log to a new file: packed as a backup, or as plain JSON Lines.
pub(super) fn save(task: &Save, form: Form, language: Language) -> Result<ExitCode, Failure> {
    log::must_exist(&task.data.data)?;
    // First, so that a key that does not fit leaves no half of a backup.
    let vault = match task.with_contacts {
        true => Some(contacts_of(task, language)?),
        false => None,
    };
    let street = log::open(&task.data.data).map(|ledger| {
        let origin = Origin::of(&ledger.state(), ledger.now());
        log::close(&ledger);
        origin
    })?;
    let log = SledLog::open(&task.data.data)?;
    let head = log.head().map_err(Failure::said)?.position;
    let steps = Steps::new(head.0, "commits");
    let mut told = |at: Progress| steps.reach(at.position.0);
    let saved = backup::save(&log, Position(task.after), &street, form, &task.file, &mut told);
    steps.end();
    let report = saved.map_err(Failure::said)?;
    output::say_line(&format!("commits {}", report.commits));
    output::say_line(&format!("bytes {} of {}", report.written_bytes, report.plain_bytes));
    if let Some(vault) = vault {
        vault.save(&beside(&task.file)).map_err(Failure::said)?;
        output::say_line(&format!("contacts {}", vault.kept().len()));
    }
    say_head(&report.header);
    Ok(ExitCode::SUCCESS)
}

/// The vault that is to be copied, and the place for its copy free.
fn contacts_of(task: &Save, language: Language) -> Result<Vault, Failure> {
    let (copy, data) = (beside(&task.file), &task.data.data);
    if copy.exists() {
        return Err(Failure::Said(format!("{} is there already", copy.display())));
    }
    vault::open_existing(&task.vault, data, language)?
        .ok_or_else(|| Failure::Said(format!("there is no vault of contacts in {}", data.display())))
}

/// Where the copy of the vault lies beside a backup.
fn beside(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".contacts");
    PathBuf::from(name)
}

/// Reads a backup or export into a directory without a log, or an incremental one onto the log it continues. Until all is
/// there, the contacts too, no task takes what is there for a street.
pub(super) fn restore(task: &Restore, language: Language) -> Result<ExitCode, Failure> {
    let directory = &task.data.data;
    let file =
        File::open(&task.file).map_err(|said| Failure::Unreadable { file: task.file.clone(), said })?;
    // What would fail at the end fails at the beginning.
    let contacts = match task.with_contacts {
        true => Some(Incoming::of(task, language)?),
        false => None,
    };
    let steps = Steps::new(0, "commits");
    let mut told = |at: Progress| {
        steps.set_all(at.head.0);
        steps.reach(at.position.0);
    };
    let restored = Checked::beside(file, directory, &mut told)
        .and_then(|checked| checked.restore_into(directory, &mut told));
    steps.end();
    let Restored { report, log, mark } = restored.map_err(Failure::said)?;
    output::say_line(&format!("commits {}, new {}", report.commits, report.appended));
    if let Some(contacts) = contacts {
        contacts.restore(log, &task.data.data)?;
    }
    mark.map_or(Ok(()), Mark::lift).map_err(Failure::said)?;
    say_head(&report.header);
    Ok(ExitCode::SUCCESS)
}

/// The contacts of a backup, and the vault that they go into if there is one.
struct Incoming {
    copy: VaultCopy,
    unlock: Unlock,
    vault: Option<Vault>,
}

impl Incoming {
    /// The copy read and the vault opened, both with the key, and both of one vault.
    fn of(task: &Restore, language: Language) -> Result<Self, Failure> {
        let (data, file) = (&task.data.data, beside(&task.file));
        let unlock = task.vault.needed(language)?;
        let input = File::open(&file).map_err(|said| Failure::Unreadable { file: file.clone(), said })?;
        let about_the_copy = |error: VaultError| Failure::Said(format!("{}: {error}", file.display()));
        let copy = VaultCopy::read(input, &unlock).map_err(about_the_copy)?;
        let vault = vault::open_existing(&task.vault, data, language)?;
        match &vault {
            Some(vault) => copy.check_fits(vault),
            None => storage::vault::free(&vault::directory(data)),
        }
        .map_err(Failure::said)?;
        Ok(Self { copy, unlock, vault })
    }

    /// Makes a vault of the copy, or brings the one that is there up to it; and erases at once what the log says is
    /// erased: the copy may be older.
    fn restore(self, log: SledLog, data: &Path) -> Result<(), Failure> {
        let vault = match self.vault {
            Some(vault) => {
                let refreshed = self.copy.refresh(&vault).map_err(Failure::said)?;
                for contact in refreshed.damaged {
                    output::note(&format!("{contact} is damaged, in the copy or here"));
                }
                vault
            }
            None => self.copy.make(&vault::directory(data), &self.unlock).map_err(Failure::said)?,
        };
        let ledger = Ledger::open(log, clock)?;
        let erased = contacts::erase_again(&vault, &ledger.state()).map_err(Failure::said);
        log::close(&ledger);
        output::say_line(&format!("contacts {}", vault.kept().len()));
        erased
    }
}

/// Where the street stands now: what the next incremental backup begins after.
fn say_head(header: &Header) {
    output::say_line(&format!("head {} {}", header.head.position, header.head.hash));
}
