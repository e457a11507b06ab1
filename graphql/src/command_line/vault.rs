//! The vault of a data directory 联系人保管库, opened with what the operator gave: a key file or a passphrase.

use super::{arguments::ChangeKey, failure::Failure, log, output};
use clap::Args;
use engine::refusal::wording::Language;
use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};
use storage::vault::{Inspection, Unlock, Vault};

/// What opens the vault.
#[derive(Clone, Debug, Args)]
pub(super) struct VaultKey {
    /// Key file of the vault of contacts 联系人保管库; made on first use. Keep it on another disk than the data
    #[arg(long, env = "GONGJIAN_VAULT_KEY", value_name = "FILE", conflicts_with = "vault_passphrase")]
    vault_key: Option<PathBuf>,
    /// File whose first line is the passphrase of the vault of contacts, in place of a key file
    #[arg(long, env = "GONGJIAN_VAULT_PASSPHRASE", value_name = "FILE")]
    vault_passphrase: Option<PathBuf>,
}

/// What opens the vault from now on.
#[derive(Clone, Debug, Args)]
#[group(required = true, multiple = false)]
pub(super) struct NewVaultKey {
    /// New key file; made when it is not there
    #[arg(long, value_name = "FILE")]
    new_key: Option<PathBuf>,
    /// File whose first line is the new passphrase, of 12 characters at least
    #[arg(long, value_name = "FILE")]
    new_passphrase: Option<PathBuf>,
}

/// The master key of a key file, or of the passphrase in a file.
fn unlock(key: Option<&Path>, passphrase: Option<&Path>) -> Result<Option<Unlock>, Failure> {
    let Some(file) = passphrase else {
        return Ok(key.map(|file| Unlock::KeyFile(file.to_owned())));
    };
    let text =
        fs::read_to_string(file).map_err(|said| Failure::Unreadable { file: file.to_owned(), said })?;
    Ok(Some(Unlock::passphrase(text.lines().next().unwrap_or_default())))
}

impl VaultKey {
    /// The master key, when one was given.
    fn unlock(&self) -> Result<Option<Unlock>, Failure> {
        unlock(self.vault_key.as_deref(), self.vault_passphrase.as_deref())
    }

    /// The master key, which this task cannot do without.
    pub(super) fn needed(&self, language: Language) -> Result<Unlock, Failure> {
        self.unlock()?.ok_or_else(|| Failure::Said(needs_key(language).to_owned()))
    }
}

const fn needs_key(language: Language) -> &'static str {
    match language {
        Language::Chinese => "联系人需要主密钥:请加 --vault-key 或 --vault-passphrase",
        Language::English => "the contacts need their master key: give --vault-key or --vault-passphrase",
    }
}

/// Where the vault of a data directory lies.
pub(super) fn directory(data: &Path) -> PathBuf {
    data.join("vault")
}

/// Whether a data directory has a vault.
pub(super) fn is_there(data: &Path) -> bool {
    directory(data).join("keys").exists()
}

/// Opens the vault that is there; none when there is none.
pub(super) fn open_existing(
    key: &VaultKey,
    data: &Path,
    language: Language,
) -> Result<Option<Vault>, Failure> {
    if !is_there(data) {
        return Ok(None);
    }
    let unlock = key.needed(language)?;
    Vault::open(&directory(data), &unlock).map(Some).map_err(Failure::said)
}

/// Looks at the vault that is there, and changes nothing; none when there is none.
pub(super) fn look_at(
    key: &VaultKey,
    data: &Path,
    language: Language,
) -> Result<Option<Inspection>, Failure> {
    if !is_there(data) {
        return Ok(None);
    }
    let unlock = key.needed(language)?;
    Inspection::open(&directory(data), &unlock).map(Some).map_err(Failure::said)
}

/// Opens the vault for a server; makes one when a key is given and there is none.
pub(super) fn open_or_make(
    key: &VaultKey,
    data: &Path,
    language: Language,
) -> Result<Option<Vault>, Failure> {
    let Some(unlock) = key.unlock()? else {
        // A server that cannot open the vault could not erase what the street wants erased.
        return open_existing(key, data, language);
    };
    let is_new = !is_there(data);
    if is_new {
        make_key_file(&unlock, language)?;
    }
    let vault = Vault::open(&directory(data), &unlock).map_err(Failure::said)?;
    if is_new {
        let at = directory(data);
        output::note(&match language {
            Language::Chinese => format!("已建立联系人保管库 {}", at.display()),
            Language::English => format!("made the vault of contacts {}", at.display()),
        });
    }
    Ok(Some(vault))
}

/// Makes the key file, if there is none.
fn make_key_file(unlock: &Unlock, language: Language) -> Result<(), Failure> {
    let Unlock::KeyFile(file) = unlock else {
        return Ok(());
    };
    if file.exists() {
        return Ok(());
    }
    Unlock::create_key_file(file).map_err(Failure::said)?;
    output::note(&match language {
        Language::Chinese => format!(
            "已生成联系人保管库的主密钥 {}:请另存一份在别处(不要与数据和备份放在一起);丢失后任何人都无法再读出联系人",
            file.display()
        ),
        Language::English => format!(
            "made the master key of the contacts {}: keep a copy of it elsewhere, apart from the data and its backups; \
             whoever loses it has lost every contact",
            file.display()
        ),
    });
    Ok(())
}

/// `gongjian vault change-key`: every contact under another master key, in one step.
pub(super) fn change_key(task: &ChangeKey, language: Language) -> Result<ExitCode, Failure> {
    log::must_exist(&task.data.data)?;
    log::must_be_whole(&task.data.data)?;
    let Some(vault) = open_existing(&task.vault, &task.data.data, language)? else {
        return Err(Failure::said(match language {
            Language::Chinese => "这里没有联系人保管库",
            Language::English => "there is no vault of contacts here",
        }));
    };
    let Some(new) = unlock(task.new.new_key.as_deref(), task.new.new_passphrase.as_deref())? else {
        return Err(Failure::Said(needs_key(language).to_owned()));
    };
    make_key_file(&new, language)?;
    vault.change_key(&new).map_err(Failure::said)?;
    let kept = vault.kept().len();
    output::note(&match language {
        Language::Chinese => format!("{kept} 条联系人已改用新主密钥;请销毁旧密钥,并重新制作联系人备份"),
        Language::English => format!(
            "{kept} contacts are under the new master key; destroy the old one, and make the copies of the contacts anew"
        ),
    });
    Ok(ExitCode::SUCCESS)
}
