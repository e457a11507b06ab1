//! Agreements and milestones.

use crate::{
    agreement::{Subject, Terms},
    event::Event,
    identity::{AgreementId, OrganizationId},
    refusal::Refusal,
    state::State,
};
pub(super) fn draft(_state: &State, _subject: Subject, _terms: &Terms) -> Result<Vec<Event>, Refusal> {
    todo!()
}

pub(super) fn amend(
    _state: &State,
    _agreement: AgreementId,
    _version: u32,
    _terms: &Terms,
) -> Result<Vec<Event>, Refusal> {
    todo!()
}

pub(super) fn sign(
    _state: &State,
    _agreement: AgreementId,
    _version: u32,
    _party: OrganizationId,
) -> Result<Vec<Event>, Refusal> {
    todo!()
}

pub(super) fn withdraw(
    _state: &State,
    _agreement: AgreementId,
    _reason: &str,
) -> Result<Vec<Event>, Refusal> {
    todo!()
}

pub(super) fn reach(
    _state: &State,
    _agreement: AgreementId,
    _milestone: u16,
    _note: Option<&str>,
) -> Result<Vec<Event>, Refusal> {
    todo!()
}
