//! How a project runs.

use crate::{appraisal::Appraisal, event::Event, identity::ProjectId, refusal::Refusal, state::State};
pub(super) fn start(_state: &State, _project: ProjectId) -> Result<Vec<Event>, Refusal> {
    todo!()
}

pub(super) fn suspend(_state: &State, _project: ProjectId, _reason: &str) -> Result<Vec<Event>, Refusal> {
    todo!()
}

pub(super) fn resume(_state: &State, _project: ProjectId) -> Result<Vec<Event>, Refusal> {
    todo!()
}

pub(super) fn accept(
    _state: &State,
    _project: ProjectId,
    _note: Option<&str>,
) -> Result<Vec<Event>, Refusal> {
    todo!()
}

pub(super) fn appraise(
    _state: &State,
    _project: ProjectId,
    _appraisal: &Appraisal,
) -> Result<Vec<Event>, Refusal> {
    todo!()
}

pub(super) fn close(_state: &State, _project: ProjectId) -> Result<Vec<Event>, Refusal> {
    todo!()
}

pub(super) fn fail(_state: &State, _project: ProjectId, _reason: &str) -> Result<Vec<Event>, Refusal> {
    todo!()
}
