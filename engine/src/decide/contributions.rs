//! Contributions.

use crate::{
    contribution::Redemption, event::Event, identity::OrganizationId, refusal::Refusal, state::State,
};
pub(super) fn redeem(
    _state: &State,
    _organization: OrganizationId,
    _redemption: &Redemption,
) -> Result<Vec<Event>, Refusal> {
    todo!()
}
