//! Claims in part and jointly.

use crate::{
    event::Event,
    identity::{OrganizationId, PairingId},
    moment::Moment,
    pairing::{Share, Side, Target},
    refusal::Refusal,
    state::State,
};
pub(super) fn part(
    _state: &State,
    _now: Moment,
    _pairing: PairingId,
    _side: Side,
    _quantity: u64,
) -> Result<Vec<Event>, Refusal> {
    todo!()
}

pub(super) fn jointly(
    _state: &State,
    _now: Moment,
    _target: Target,
    _shares: &[Share],
    _by: OrganizationId,
) -> Result<Vec<Event>, Refusal> {
    todo!()
}
