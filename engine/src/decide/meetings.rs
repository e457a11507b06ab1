//! Joint meetings.

use crate::{
    event::Event,
    identity::MeetingId,
    meeting::{Decision, Item, MeetingDraft},
    moment::Moment,
    refusal::Refusal,
    state::State,
};
pub(super) fn call(_state: &State, _draft: &MeetingDraft) -> Result<Vec<Event>, Refusal> {
    todo!()
}

pub(super) fn amend(
    _state: &State,
    _meeting: MeetingId,
    _draft: &MeetingDraft,
) -> Result<Vec<Event>, Refusal> {
    todo!()
}

pub(super) fn decide_item(
    _state: &State,
    _now: Moment,
    _meeting: MeetingId,
    _item: Item,
    _decision: &Decision,
    _note: Option<&str>,
) -> Result<Vec<Event>, Refusal> {
    todo!()
}

pub(super) fn close(_state: &State, _meeting: MeetingId, _minutes: &str) -> Result<Vec<Event>, Refusal> {
    todo!()
}

pub(super) fn cancel(_state: &State, _meeting: MeetingId, _reason: &str) -> Result<Vec<Event>, Refusal> {
    todo!()
}
