//! Deliveries.

use crate::{
    delivery::DeliveryDraft,
    event::Event,
    identity::{DeliveryId, PairingId},
    moment::Moment,
    refusal::Refusal,
    state::State,
};
pub(super) fn record(
    _state: &State,
    _now: Moment,
    _pairing: PairingId,
    _draft: &DeliveryDraft,
) -> Result<Vec<Event>, Refusal> {
    todo!()
}

pub(super) fn confirm(_state: &State, _delivery: DeliveryId) -> Result<Vec<Event>, Refusal> {
    todo!()
}

pub(super) fn dispute(_state: &State, _delivery: DeliveryId, _reason: &str) -> Result<Vec<Event>, Refusal> {
    todo!()
}

pub(super) fn correct(
    _state: &State,
    _now: Moment,
    _delivery: DeliveryId,
    _draft: &DeliveryDraft,
) -> Result<Vec<Event>, Refusal> {
    todo!()
}

pub(super) fn withdraw(_state: &State, _delivery: DeliveryId, _reason: &str) -> Result<Vec<Event>, Refusal> {
    todo!()
}

pub(super) fn accept(_state: &State, _pairing: PairingId) -> Result<Vec<Event>, Refusal> {
    todo!()
}
