//! The log of a data directory, opened for a task of the command line.

use super::{failure::Failure, match_lists::clock};
use crate::sign_in::{self, Token};
use engine::{
    command::Command,
    event::Event,
    identity::{MemberId, OrganizationId},
    member::{Caller, Role},
    moment::Moment,
    refusal::wording::Language,
};
use std::path::Path;
use storage::{ExecuteError, Ledger, Receipt, RequestId, backup, sled::SledLog};

/// Opens the log and replays it; makes one when there is none.
pub(super) fn open(directory: &Path) -> Result<Ledger, Failure> {
    open_with(directory, clock)
}

/// The same by another clock.
pub(super) fn open_with(
    directory: &Path,
    clock: impl Fn() -> Moment + Send + Sync + 'static,
) -> Result<Ledger, Failure> {
    let log = SledLog::open(directory)?;
    // Asked when the directory is held: no restore begins now.
    must_be_whole(directory)?;
    Ok(Ledger::open(log, clock)?)
}

/// Opens a log that has to be there: looking must not make one.
pub(super) fn open_existing(directory: &Path) -> Result<Ledger, Failure> {
    must_exist(directory)?;
    open(directory)
}

/// That there is a log in a directory.
pub(super) fn must_exist(directory: &Path) -> Result<(), Failure> {
    match backup::is_log(directory) {
        true => Ok(()),
        false => Err(Failure::NoLog { directory: directory.to_owned() }),
    }
}

/// That no restore was cut off in a directory.
pub(super) fn must_be_whole(directory: &Path) -> Result<(), Failure> {
    match backup::unfinished(directory).map_err(Failure::said)? {
        Some(head) => Err(Failure::HalfRestored { directory: directory.to_owned(), head: head.position }),
        None => Ok(()),
    }
}

/// Executes a command of the operator. Blocks.
pub(super) fn execute(
    ledger: &Ledger,
    request: &str,
    command: Command,
    language: Language,
) -> Result<Receipt, Failure> {
    let request = RequestId::new(request).map_err(Failure::said)?;
    ledger.execute_blocking(Caller::System, request, command).map_err(|error| match error {
        ExecuteError::Refused(refusal) => Failure::Said(refusal.message(language)),
        other => Failure::said(other),
    })
}

/// Opens the street of an empty log; a log that has its street keeps it.
pub(super) fn open_street(ledger: &Ledger, name: &str, language: Language) -> Result<(), Failure> {
    if ledger.state().street().is_some() {
        return Ok(());
    }
    execute(ledger, "open-street", Command::OpenStreet { name: name.to_owned() }, language)?;
    Ok(())
}

/// Adds a login with a fresh token.
pub(super) fn add_member(
    ledger: &Ledger,
    organization: OrganizationId,
    role: Role,
    label: &str,
    expires: Option<Moment>,
    language: Language,
) -> Result<(MemberId, Token), Failure> {
    let (token, hash) = sign_in::new_token().map_err(Failure::said)?;
    let request = format!("member-{}", hash.0);
    let command = Command::AddMember { organization, role, label: label.to_owned(), token: hash, expires };
    let receipt = execute(ledger, &request, command, language)?;
    let added = receipt.events().iter().find_map(|event| match event {
        Event::MemberAdded { member, .. } => Some(*member),
        _ => None,
    });
    let member = added.ok_or_else(|| Failure::said("the login was not added"))?;
    Ok((member, token))
}

/// Finishes what waits and gives up the files.
pub(super) fn close(ledger: &Ledger) {
    if let Ok(runtime) = tokio::runtime::Builder::new_current_thread().build() {
        runtime.block_on(ledger.close());
    }
}
