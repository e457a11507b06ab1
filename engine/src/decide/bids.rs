//! Calls and bids.

use crate::{
    event::Event,
    identity::BidId,
    moment::Moment,
    pairing::{Supplier, Target},
    refusal::Refusal,
    state::State,
};
pub(super) fn open_call(
    _state: &State,
    _now: Moment,
    _target: Target,
    _until: Moment,
    _note: Option<&str>,
) -> Result<Vec<Event>, Refusal> {
    todo!()
}

pub(super) fn close_call(_state: &State, _target: Target) -> Result<Vec<Event>, Refusal> {
    todo!()
}

pub(super) fn place(
    _state: &State,
    _now: Moment,
    _target: Target,
    _supplier: Supplier,
    _amounts: (Option<u64>, Option<u64>),
    _note: Option<&str>,
) -> Result<Vec<Event>, Refusal> {
    todo!()
}

pub(super) fn withdraw(_state: &State, _bid: BidId, _reason: &str) -> Result<Vec<Event>, Refusal> {
    todo!()
}

pub(super) fn choose(
    _state: &State,
    _now: Moment,
    _bid: BidId,
    _reason: Option<&str>,
) -> Result<Vec<Event>, Refusal> {
    todo!()
}

pub(super) fn decline(_state: &State, _bid: BidId, _reason: &str) -> Result<Vec<Event>, Refusal> {
    todo!()
}
