//! Contacts 联系人 of one street: the log says that there are some, the vault knows who they are, and this keeps the
//! two in step.
//!
//! 1. A contact is sealed before the command that names it, and what was sealed for a command that was not granted is
//!    erased. A crash in between leaves an orphan, which nothing names. It stays sealed until the log has gone on for
//!    [`ORPHAN_DAYS`] without it, then a start erases it. Beside an older log that was put in the place of a newer one,
//!    what the newer one names looks like orphans too, and nothing of that may be destroyed.
//! 2. An erasure is a fact of the log first, then the vault destroys the contact, and only then it is answered. A crash
//!    in between is made good by the next start, a failure of the vault by the next tick: each erases again whatever the
//!    log says is erased.
//! 3. At most `GIVING_MAX` contacts are being given at once, so a crash never leaves more orphans than that. A vault that
//!    has more is that of another log, or of a later state of this one, and is left alone.
//! 4. Neither names nor numbers of persons are told to the operator's log, nor shown by `Debug`.

use engine::{
    command::Command,
    contact::{Purpose, Subject},
    event::Event,
    identity::ContactId,
    member::Caller,
    moment::Moment,
    state::State,
};
use std::sync::Arc;
use storage::{
    ExecuteError, Ledger, Receipt, Request,
    vault::{Contact, Reading, Vault, VaultError},
};
use tokio::{sync::Semaphore, task};

/// How many contacts may be given at once. Each takes two syncs of the disk, one after the other.
const GIVING_MAX: usize = 16;

/// How long the log must have gone on without a contact, by its own time, until nobody can ever name it: a command waits
/// for seconds, and whoever serves an older log by mistake has a week to notice.
pub const ORPHAN_DAYS: u32 = 7;

/// Why a vault is not used with a log.
#[derive(Debug, thiserror::Error)]
pub enum Unfit {
    /// It holds what this log has never named.
    #[error(
        "the vault holds {orphans} contacts that the log does not know: it belongs to another log, or to a later state of \
         this one. Restore the log further, or take the vault away"
    )]
    OtherLog {
        /// How many.
        orphans: usize,
    },
    /// It cannot be put in step.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

/// Why a contact was not given or erased.
#[derive(Debug, thiserror::Error)]
pub enum Setback {
    /// The ledger did not do it, or refused it.
    #[error(transparent)]
    Ledger(#[from] ExecuteError),
    /// The vault did not do it.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// It was broken off.
    #[error("it was broken off")]
    BrokenOff,
}

/// Who wants a contact given, of what, and what for.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Who.
    pub caller: Caller,
    /// The idempotency key.
    pub request: Request,
    /// Of what.
    pub of: Subject,
    /// What for.
    pub purpose: Purpose,
}

/// Erases in a vault whatever the log says is erased: a crash may have come in between, or the vault is an older copy.
///
/// # Errors
/// When the disk fails.
pub fn erase_again(vault: &Vault, state: &State) -> Result<(), VaultError> {
    for (id, at) in state.contacts().filter_map(|it| Some((it.id, it.erased?.at))) {
        match vault.erase(id, at) {
            // It lies in a slot that cannot be read, which nothing mends: the rest of the street goes on.
            Err(VaultError::Damaged { contact }) => {
                tracing::error!(%contact, "whether this contact was erased cannot be said: the vault is damaged");
            }
            erased => erased?,
        }
    }
    Ok(())
}

/// The contacts of one street.
#[derive(Clone, Debug)]
pub struct Contacts {
    vault: Arc<Vault>,
    giving: Arc<Semaphore>,
}

impl Contacts {
    /// Puts a vault in step with the log: erases what the log says is erased, and orphans that no log can name any
    /// more. Nobody else has the vault open, so nothing in it is just being given.
    ///
    /// # Errors
    /// When the vault belongs to another log, or cannot be written.
    pub fn open(vault: Vault, state: &State, now: Moment) -> Result<Self, Unfit> {
        let kept = vault.kept();
        let named = |id: ContactId| state.contact(id).is_some();
        let orphans: Vec<_> = kept.iter().filter(|(id, _)| !named(*id)).collect();
        if orphans.len() > GIVING_MAX {
            return Err(Unfit::OtherLog { orphans: orphans.len() });
        }
        for (orphan, given) in orphans {
            let is_over = state.time().is_some_and(|last| last.days_since(*given) >= ORPHAN_DAYS);
            if is_over {
                tracing::warn!(contact = %orphan, "a contact that was never given is erased");
                vault.erase(*orphan, now)?;
            } else {
                tracing::warn!(
                    contact = %orphan,
                    "the log does not name this contact, which is kept sealed: a crash came before its commit, or the log \
                     is older than the vault"
                );
            }
        }
        erase_again(&vault, state)?;
        let here = |id: ContactId| kept.binary_search_by_key(&id, |(id, _)| *id).is_ok();
        let lost = state.contacts().filter(|it| it.erased.is_none() && !here(it.id)).count();
        if lost > 0 {
            tracing::warn!(
                lost,
                "the log names contacts that are not in the vault: it was not restored with the log"
            );
        }
        Ok(Self { vault: Arc::new(vault), giving: Arc::new(Semaphore::new(GIVING_MAX)) })
    }

    /// Seals a contact and says in the log that there is one. Goes on to its end when nobody waits for it any more.
    ///
    /// # Errors
    /// When it is refused or not done: then nothing is left of it, unless the outcome is unknown.
    pub async fn give(&self, ledger: &Ledger, wanted: Wanted, contact: Contact) -> Result<Receipt, Setback> {
        let (contacts, ledger) = (self.clone(), ledger.clone());
        let given = task::spawn(async move { contacts.give_to_the_end(&ledger, wanted, contact).await });
        given.await.map_err(|_| Setback::BrokenOff)?
    }

    async fn give_to_the_end(
        &self,
        ledger: &Ledger,
        wanted: Wanted,
        contact: Contact,
    ) -> Result<Receipt, Setback> {
        // The semaphore is never closed, so a permit always comes.
        let _permit = self.giving.acquire().await.ok();
        let (after, now) = (ledger.state().last_contact(), ledger.now());
        let id = self.blocking(move |vault| vault.seal(after, &contact, now)).await?;
        let Wanted { caller, request, of, purpose } = wanted;
        let executed =
            ledger.execute(caller, request, Command::GiveContact { contact: id, of, purpose }).await;
        let is_named = match &executed {
            // The same request was answered before, with the contact that was sealed then.
            Ok(receipt) => receipt
                .events()
                .iter()
                .any(|event| matches!(event, Event::ContactGiven { contact, .. } if *contact == id)),
            // It may be named: the next start tells.
            Err(ExecuteError::OutcomeUnknown(_)) => true,
            Err(_) => false,
        };
        if !is_named {
            self.blocking(move |vault| vault.erase(id, now)).await?;
        }
        Ok(executed?)
    }

    /// Says in the log that a contact is erased, and erases it. Goes on to its end when nobody waits for it any more.
    ///
    /// # Errors
    /// When it is refused or not done. When the vault failed, the log says that it is erased, and the next start does it.
    pub async fn erase(
        &self,
        ledger: &Ledger,
        caller: Caller,
        request: Request,
        command: Command,
    ) -> Result<Receipt, Setback> {
        let (contacts, ledger) = (self.clone(), ledger.clone());
        let erased = task::spawn(async move {
            let executed = ledger.execute(caller, request, command).await;
            if let Err(ExecuteError::Refused(engine::refusal::Refusal::ContactErasedBefore { contact, at })) =
                &executed
            {
                // Should the vault have failed then, it is done now.
                let (contact, at) = (*contact, *at);
                contacts.blocking(move |vault| vault.erase(contact, at)).await?;
            }
            let receipt = executed?;
            contacts.carry_out(&receipt).await?;
            Ok(receipt)
        });
        erased.await.map_err(|_| Setback::BrokenOff)?
    }

    /// Erases whatever the log says is erased and the vault still keeps: it failed when that was to be done.
    ///
    /// # Errors
    /// When it fails again.
    pub async fn settle(&self, state: &State) -> Result<(), Setback> {
        let erased = |id: ContactId| Some((id, state.contact(id)?.erased?.at));
        let owed: Vec<_> = self.vault.kept().into_iter().filter_map(|(id, _)| erased(id)).collect();
        if owed.is_empty() {
            return Ok(());
        }
        self.blocking(move |vault| owed.into_iter().try_for_each(|(id, at)| vault.erase(id, at))).await
    }

    /// Erases what a commit says is erased.
    ///
    /// # Errors
    /// When the vault fails; [`Contacts::settle`] or the next start does it.
    pub async fn carry_out(&self, receipt: &Receipt) -> Result<(), Setback> {
        let erased = receipt.events().iter().filter_map(|event| match event {
            Event::ContactErased { contact, .. } => Some(*contact),
            _ => None,
        });
        let erasure = |id: ContactId| receipt.state.contact(id).and_then(|contact| contact.erased);
        let erased: Vec<(ContactId, Moment)> = erased.filter_map(|id| Some((id, erasure(id)?.at))).collect();
        if erased.is_empty() {
            return Ok(());
        }
        self.blocking(move |vault| erased.into_iter().try_for_each(|(id, at)| vault.erase(id, at))).await
    }

    /// What a contact says. Who may read it was asked before.
    ///
    /// # Errors
    /// When it is damaged, or the disk fails.
    pub async fn read(&self, id: ContactId) -> Result<Reading, Setback> {
        self.blocking(move |vault| vault.read(id)).await
    }

    /// The vault, for a copy of it.
    pub fn vault(&self) -> Arc<Vault> {
        Arc::clone(&self.vault)
    }

    /// The vault waits for the disk, which no thread that answers may do.
    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Vault) -> Result<T, VaultError> + Send + 'static,
    ) -> Result<T, Setback> {
        let vault = Arc::clone(&self.vault);
        let done = task::spawn_blocking(move || work(&vault)).await.map_err(|_| Setback::BrokenOff)?;
        Ok(done?)
    }
}
