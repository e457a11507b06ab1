//! What becomes of entries beside pairings.

use crate::{
    appraisal::Appraisal,
    event::Event,
    identity::{NeedId, ResourceId},
    need::RejectionGround,
    period::Quarter,
    refusal::Refusal,
    state::State,
};
pub(super) fn verify(_state: &State, _need: NeedId) -> Result<Vec<Event>, Refusal> {
    todo!()
}

pub(super) fn reject(
    _state: &State,
    _need: NeedId,
    _ground: &RejectionGround,
    _note: Option<&str>,
) -> Result<Vec<Event>, Refusal> {
    todo!()
}

pub(super) fn merge(_state: &State, _need: NeedId, _into: NeedId) -> Result<Vec<Event>, Refusal> {
    todo!()
}

pub(super) fn carry_over(
    _state: &State,
    _need: NeedId,
    _into: Quarter,
    _reason: &str,
) -> Result<Vec<Event>, Refusal> {
    todo!()
}

pub(super) fn strike_off(_state: &State, _need: NeedId, _note: Option<&str>) -> Result<Vec<Event>, Refusal> {
    todo!()
}

pub(super) fn appraise(_state: &State, _need: NeedId, _appraisal: &Appraisal) -> Result<Vec<Event>, Refusal> {
    todo!()
}

pub(super) fn reconfirm_need(_state: &State, _need: NeedId) -> Result<Vec<Event>, Refusal> {
    todo!()
}

pub(super) fn pause(_state: &State, _resource: ResourceId, _reason: &str) -> Result<Vec<Event>, Refusal> {
    todo!()
}

pub(super) fn resume(_state: &State, _resource: ResourceId) -> Result<Vec<Event>, Refusal> {
    todo!()
}

pub(super) fn reconfirm_resource(_state: &State, _resource: ResourceId) -> Result<Vec<Event>, Refusal> {
    todo!()
}
