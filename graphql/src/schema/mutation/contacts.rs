//! Mutations of contacts 联系人.

use super::{Outcome, ended, is_stranger, no_member, payload::payload, request, request_untold, run, unread};
use crate::{
    contacts::{Setback, Wanted},
    input::{
        CommandInput,
        contacts::{EraseContactInput, GiveContactInput},
        path::{self, Path},
    },
    reading::{Reading, Unseen},
    schema::{
        contact::Contact,
        fault::{FaultCode, fault},
        identity::NodeId,
        scope::Scope,
        user_error::UserErrorCode,
    },
};
use async_graphql::{Context, Error, Object, Result};
use engine::{command::Command, identity::ContactId, permission};
use storage::{Receipt, vault};

payload!(
    GiveContactPayload,
    contact: Contact(NodeId::Contact(id) => |at| Contact::find(at, id)),
    "What became of giving a contact.",
    "The contact"
);
payload!(
    EraseContactPayload,
    contact: Contact(NodeId::Contact(id) => |at| Contact::find(at, id)),
    "What became of erasing a contact.",
    "The contact"
);

/// Mutations of contacts.
#[derive(Default)]
pub struct ContactMutation;

/// Mutations of contacts.
#[Object]
impl ContactMutation {
    /// Says who can be called about an organization or an entry 登记联系人. The name and the number are sealed beside
    /// the log and stand in no event. For whoever acts for the organization, or for the poster of the entry.
    async fn give_contact(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: GiveContactInput,
    ) -> Option<Result<GiveContactPayload>> {
        Some(give(ctx, &input).await.map(GiveContactPayload::from))
    }

    /// Erases a contact for good 删除联系人: afterwards nobody can say any more who it was. That there was one stays in
    /// the log. For whoever acts for the organization it belongs to.
    async fn erase_contact(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: EraseContactInput,
    ) -> Option<Result<EraseContactPayload>> {
        Some(erase(ctx, &input).await.map(EraseContactPayload::from))
    }
}

async fn give(ctx: &Context<'_>, input: &GiveContactInput) -> Result<Outcome> {
    let scope = Scope::of(ctx)?;
    let request = request_untold(ctx, input.request_id.as_deref())?;
    let contacts = scope.shared().contacts.as_ref().ok_or_else(|| {
        let (zh, en) = ("本服务未启用联系人保管库", "this server has no vault for contacts");
        fault(FaultCode::Unavailable, scope.say(zh, en))
    })?;
    let state = scope.viewed(scope.shared().ledger.state());
    let position = state.position().into();
    let mut reading = Reading::new(state, scope.caller(), scope.language);
    let of = reading.contact_subject("of", &input.of);
    for (field, text) in [("name", &input.name), ("phone", &input.phone)] {
        if text.trim().is_empty() {
            reading.complain(UserErrorCode::Invalid, field, "不能为空", "must not be empty");
        }
    }
    let trimmed = |text: &str| text.trim().to_owned();
    let note = trimmed(input.note.as_deref().unwrap_or_default());
    let contact = vault::Contact { name: trimmed(&input.name), phone: trimmed(&input.phone), note };
    if contact.bytes() > vault::CONTACT_BYTES_MAX {
        reading.complain(
            UserErrorCode::Invalid,
            "note",
            "姓名、电话和备注合计过长",
            "name, phone and note are too long together",
        );
    }
    let purpose = input.purpose.into();
    if let Some(of) = of {
        // Whoever may not give it does not make the disk work.
        let command = Command::GiveContact { contact: ContactId::new(0), of, purpose };
        if let Err(refusal) = permission::permit(&reading.state, &scope.caller(), &command) {
            reading.refuse(&refusal);
        }
    }
    let unseen = reading.unseen();
    let Some(of) = of.filter(|_| reading.is_clean()) else {
        return Ok(Outcome::Refused { errors: unread(scope, reading), position });
    };
    let path = path::of(&Command::GiveContact { contact: ContactId::new(0), of, purpose });
    let wanted = Wanted { caller: scope.caller(), request, of, purpose };
    settle(scope, contacts.give(&scope.shared().ledger, wanted, contact).await, (None, path, &unseen))
}

async fn erase(ctx: &Context<'_>, input: &EraseContactInput) -> Result<Outcome> {
    let scope = Scope::of(ctx)?;
    let Some(contacts) = &scope.shared().contacts else {
        // There is nothing to destroy here; the log says it to whoever has the vault.
        return run(ctx, input).await;
    };
    let request = request(ctx, input.request_id())?;
    let state = scope.viewed(scope.shared().ledger.state());
    let position = state.position().into();
    let mut reading = Reading::new(state, scope.caller(), scope.language);
    let Some(command) = input.command(&mut reading) else {
        return Ok(Outcome::Refused { errors: unread(scope, reading), position });
    };
    if is_stranger(scope) {
        return Ok(Outcome::Refused { errors: vec![no_member(scope)], position });
    }
    let (subject, path) = (super::subject(&command), path::of(&command));
    let done = contacts.erase(&scope.shared().ledger, scope.caller(), request, command).await;
    settle(scope, done, (subject, path, &reading.unseen()))
}

/// What the ledger and the vault came to.
fn settle(
    scope: &Scope,
    done: Result<Receipt, Setback>,
    about: (Option<NodeId>, Path, &Unseen),
) -> Result<Outcome> {
    let executed = match done {
        Ok(receipt) => Ok(receipt),
        Err(Setback::Ledger(error)) => Err(error),
        Err(error @ (Setback::Vault(_) | Setback::BrokenOff)) => return Err(failed(&error)),
    };
    ended(scope, about, executed)
}

/// The vault did not do its part. What was erased in the log is erased in the vault by the next start.
fn failed(error: &Setback) -> Error {
    tracing::error!(%error, "the vault failed");
    fault(
        FaultCode::OutcomeUnknown,
        "the vault failed; the server has to be started again, then the same requestId tells",
    )
}
