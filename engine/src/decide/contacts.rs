//! Decisions about contacts 联系人: giving one, erasing one, and erasing those whose time is over.

use super::check;
use crate::{
    contact::{CONTACTS_MAX, Contact, ErasureReason, Purpose, Subject},
    event::Event,
    identity::ContactId,
    moment::Moment,
    refusal::{Missing, Problem, Refusal},
    state::State,
};

pub(super) fn give(
    state: &State,
    contact: ContactId,
    of: Subject,
    purpose: Purpose,
) -> Result<Vec<Event>, Refusal> {
    check::range("contact", contact.number(), 1, u64::MAX)?;
    let missing = match of {
        Subject::Organization(id) => Missing::Organization(id),
        Subject::Need(id) => Missing::Need(id),
        Subject::Resource(id) => Missing::Resource(id),
        Subject::Project(id) => Missing::Project(id),
    };
    if state.owner(of).is_none() {
        return Err(Refusal::NotFound { field: "of", missing });
    }
    // A number is a key in the vault: given twice, one person would be taken for another.
    if state.contact(contact).is_some() {
        return Err(Refusal::ContactGivenBefore { contact });
    }
    if is_withdrawn(state, of) {
        return Err(Refusal::AlreadyWithdrawn);
    }
    if state.contacts_of(of).filter(|contact| contact.erased.is_none()).count() >= CONTACTS_MAX {
        return Err(Refusal::Invalid { field: "of", problem: Problem::TooMany { max: CONTACTS_MAX } });
    }
    Ok(vec![Event::ContactGiven { contact, of, purpose }])
}

/// Nobody is to be called about what was taken back.
fn is_withdrawn(state: &State, of: Subject) -> bool {
    match of {
        Subject::Organization(_) => false,
        Subject::Need(id) => state.need(id).is_some_and(|it| it.end.is_some()),
        Subject::Resource(id) => state.resource(id).is_some_and(|it| it.end.is_some()),
        Subject::Project(id) => state.project(id).is_some_and(|it| it.end.is_some()),
    }
}

pub(super) fn erase(state: &State, contact: ContactId, reason: ErasureReason) -> Result<Vec<Event>, Refusal> {
    match state.contact(contact) {
        None => Err(Refusal::NotFound { field: "contact", missing: Missing::Contact(contact) }),
        Some(Contact { erased: Some(erasure), .. }) => {
            Err(Refusal::ContactErasedBefore { contact, at: erasure.at })
        }
        Some(_) => Ok(vec![Event::ContactErased { contact, reason }]),
    }
}

/// Every contact whose time is over by the street's rule.
pub(super) fn retire(state: &State, now: Moment) -> Vec<Event> {
    let due = state.rules().contact_days.map(|days| state.contacts_due(now, days)).unwrap_or_default();
    let erased = |contact| Event::ContactErased { contact, reason: ErasureReason::Retention };
    due.into_iter().map(erased).collect()
}
