//! Contributions: what is redeemed. Crediting is a part of confirming a delivery.

use super::check;
use crate::{
    contribution::Redemption,
    entry::TEXT_CHARS_MAX,
    event::Event,
    identity::OrganizationId,
    refusal::{Problem, Refusal},
    state::State,
};

/// Points or banked time are spent; no balance is ever negative.
pub(super) fn redeem(
    state: &State,
    id: OrganizationId,
    redemption: &Redemption,
) -> Result<Vec<Event>, Refusal> {
    check::organization(state, "organization", id)?;
    check::text("what", &redemption.what, TEXT_CHARS_MAX)?;
    let Redemption { points, minutes, .. } = *redemption;
    if points == 0 && minutes == 0 {
        return Err(Refusal::Invalid { field: "points", problem: Problem::Empty });
    }
    let account = state.account(id);
    for (field, wanted, left) in [
        ("points", points, account.map_or(0, |account| account.points_left())),
        ("minutes", minutes, account.map_or(0, |account| account.minutes_left())),
    ] {
        if wanted > left {
            return Err(Refusal::BalanceTooLow { field, organization: id, wanted, left });
        }
    }
    Ok(vec![Event::ContributionRedeemed { organization: id, redemption: redemption.clone() }])
}
