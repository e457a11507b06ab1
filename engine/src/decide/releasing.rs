//! Letting go of pairings when what they serve is over, or one side leaves: what is accepted stays, the rest is free
//! again. A pairing is never let go while a delivery of it waits for an answer.

use super::agreements;
use crate::{
    agreement::Subject,
    delivery::DeliveryStatus,
    event::Event,
    pairing::{Pairing, PairingStatus, Side},
    refusal::Refusal,
    state::State,
};

/// Refuses while something of a pairing is handed over and neither confirmed, corrected nor withdrawn.
pub(super) fn nothing_open(state: &State, pairing: &Pairing) -> Result<(), Refusal> {
    let waits = |status: &DeliveryStatus| match status {
        DeliveryStatus::Recorded | DeliveryStatus::Disputed { .. } => true,
        DeliveryStatus::Confirmed { .. } | DeliveryStatus::Withdrawn { .. } => false,
    };
    match state.deliveries_of(pairing.id).find(|delivery| waits(&delivery.status)) {
        Some(open) => Err(Refusal::DeliveryOpen { delivery: open.id }),
        None => Ok(()),
    }
}

/// Lets a pairing go of which nothing is open.
pub(super) fn release(pairing: &Pairing, reason: &str) -> Vec<Event> {
    match pairing.status {
        PairingStatus::Agreed { .. } if pairing.accepted > 0 => settle(pairing, Some(reason)),
        PairingStatus::Proposed | PairingStatus::Claimed { .. } | PairingStatus::Agreed { .. } => {
            vec![Event::PairingWithdrawn { pairing: pairing.id, reason: reason.to_owned() }]
        }
        PairingStatus::Accepted { .. }
        | PairingStatus::Declined { .. }
        | PairingStatus::Lapsed { .. }
        | PairingStatus::Withdrawn { .. }
        | PairingStatus::Superseded => Vec::new(),
    }
}

/// Ends a pairing with what is accepted of it: it was for no more than that.
pub(super) fn settle(pairing: &Pairing, reason: Option<&str>) -> Vec<Event> {
    let mut events = Vec::new();
    if pairing.accepted < pairing.terms.quantity {
        events.push(Event::PairingChanged {
            pairing: pairing.id,
            quantity: pairing.accepted,
            draws: pairing.terms.draws_for(pairing.accepted),
            reason: reason.map(str::to_owned),
        });
    }
    events.push(Event::PairingAccepted { pairing: pairing.id });
    events
}

/// The agreement on a subject is void from now on.
pub(super) fn void(state: &State, subject: Subject, reason: &str) -> Vec<Event> {
    let live = agreements::live(state, subject);
    live.map(|it| Event::AgreementWithdrawn { agreement: it.id, reason: reason.to_owned() })
        .into_iter()
        .collect()
}

/// One side leaves what both had agreed. Who has signed to give is bound, and is released by the side that asked.
pub(super) fn leave(
    state: &State,
    pairing: &Pairing,
    side: Side,
    reason: &str,
) -> Result<Vec<Event>, Refusal> {
    nothing_open(state, pairing)?;
    let agreement = agreements::speaking_for(state, pairing);
    if side == Side::Giving
        && let Some(binding) = agreement.filter(|agreement| agreement.in_force().is_some())
    {
        return Err(agreements::not_in_state(binding, "not in force"));
    }
    let mut events = release(pairing, reason);
    // What is accepted was given under its agreement, which stays readable as it was signed.
    if pairing.accepted == 0 {
        events.extend(void(state, Subject::Pairing(pairing.id), reason));
    }
    Ok(events)
}
