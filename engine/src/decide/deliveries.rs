//! Deliveries 交付: recorded by the giver in parts, confirmed or disputed by the receiver. A confirmed one credits its
//! giver in the same commit, and the last one accepts the pairing.

mod crediting;

use super::{
    agreements,
    check::{self, NAME_CHARS_MAX},
    pairings::status_name,
    releasing,
};
use crate::{
    delivery::{Delivery, DeliveryDraft, DeliveryStatus, EFFORTS_MAX, MINUTES_EACH_MAX, PERSONS_MAX},
    entry::TEXT_CHARS_MAX,
    event::Event,
    history::Entity,
    identity::{DeliveryId, PairingId},
    moment::Moment,
    pairing::{Pairing, PairingStatus, Target},
    project::ProjectStatus,
    quantity::AMOUNT_MAX,
    refusal::{Missing, Problem, Refusal},
    state::State,
};
use std::{collections::BTreeSet, sync::Arc};

pub(super) fn record(
    state: &State,
    now: Moment,
    id: PairingId,
    draft: &DeliveryDraft,
) -> Result<Vec<Event>, Refusal> {
    let pairing = agreed(state, id)?;
    under_way(state, pairing)?;
    fitting(state, now, draft)?;
    fits(pairing, draft.quantity, pairing.delivered)?;
    let delivery = DeliveryId::new(state.last.delivery + 1);
    Ok(vec![Event::DeliveryRecorded { delivery, pairing: id, draft: draft.clone() }])
}

/// A receiver may also come round and confirm what it has disputed.
pub(super) fn confirm(state: &State, id: DeliveryId) -> Result<Vec<Event>, Refusal> {
    let delivery = open(state, id)?;
    let pairing = agreed(state, delivery.pairing)?;
    let mut events = vec![Event::DeliveryConfirmed { delivery: id }];
    if let Some(organization) = state.giving(pairing.terms.supplier) {
        let credit = crediting::credit(state, pairing, &delivery.draft);
        events.push(Event::ContributionCredited { organization, delivery: id, credit });
    }
    if pairing.accepted.saturating_add(delivery.draft.quantity) >= pairing.terms.quantity {
        events.push(Event::PairingAccepted { pairing: pairing.id });
    }
    Ok(events)
}

pub(super) fn dispute(state: &State, id: DeliveryId, reason: &str) -> Result<Vec<Event>, Refusal> {
    let delivery = open(state, id)?;
    check::text("reason", reason, NAME_CHARS_MAX)?;
    if matches!(delivery.status, DeliveryStatus::Disputed { .. }) {
        return Err(Refusal::AlreadyDone { entity: Entity::Delivery(id) });
    }
    Ok(vec![Event::DeliveryDisputed { delivery: id, reason: reason.to_owned() }])
}

/// Who is disputed and says the same again asks the receiver again.
pub(super) fn correct(
    state: &State,
    now: Moment,
    id: DeliveryId,
    draft: &DeliveryDraft,
) -> Result<Vec<Event>, Refusal> {
    let delivery = open(state, id)?;
    let pairing = agreed(state, delivery.pairing)?;
    fitting(state, now, draft)?;
    fits(pairing, draft.quantity, pairing.delivered.saturating_sub(delivery.delivered()))?;
    if delivery.status == DeliveryStatus::Recorded && delivery.draft == *draft {
        return Ok(Vec::new());
    }
    Ok(vec![Event::DeliveryCorrected { delivery: id, draft: draft.clone() }])
}

pub(super) fn withdraw(state: &State, id: DeliveryId, reason: &str) -> Result<Vec<Event>, Refusal> {
    open(state, id)?;
    check::text("reason", reason, NAME_CHARS_MAX)?;
    Ok(vec![Event::DeliveryWithdrawn { delivery: id, reason: reason.to_owned() }])
}

/// The receiver is content with what is delivered, though more was agreed: the rest is free again.
pub(super) fn accept(state: &State, id: PairingId) -> Result<Vec<Event>, Refusal> {
    let pairing = agreed(state, id)?;
    releasing::nothing_open(state, pairing)?;
    if pairing.accepted == 0 {
        return Err(Refusal::PairingNot {
            pairing: id,
            wanted: "DELIVERED in part",
            is: status_name(&pairing.status),
        });
    }
    Ok(releasing::settle(pairing, None))
}

/// A pairing that both sides have agreed and that is not accepted as a whole.
fn agreed(state: &State, id: PairingId) -> Result<&Arc<Pairing>, Refusal> {
    let pairing =
        state.pairing(id).ok_or(Refusal::NotFound { field: "pairing", missing: Missing::Pairing(id) })?;
    if matches!(pairing.status, PairingStatus::Agreed { .. }) {
        Ok(pairing)
    } else {
        Err(Refusal::PairingNot { pairing: id, wanted: "AGREED", is: status_name(&pairing.status) })
    }
}

/// A delivery that the receiver has not confirmed, nor the giver taken back.
fn open(state: &State, id: DeliveryId) -> Result<&Arc<Delivery>, Refusal> {
    let delivery =
        state.delivery(id).ok_or(Refusal::NotFound { field: "delivery", missing: Missing::Delivery(id) })?;
    match delivery.status {
        DeliveryStatus::Recorded | DeliveryStatus::Disputed { .. } => Ok(delivery),
        DeliveryStatus::Confirmed { .. } => Err(Refusal::AlreadyDone { entity: Entity::Delivery(id) }),
        DeliveryStatus::Withdrawn { .. } => Err(Refusal::AlreadyWithdrawn),
    }
}

/// Work on a project is handed over while it runs; and where there is an agreement, by those whom it binds.
fn under_way(state: &State, pairing: &Pairing) -> Result<(), Refusal> {
    if let Target::Slot(id, _) = pairing.terms.target
        && let Some(project) = state.project(id)
    {
        let status = project.status();
        if !matches!(status, ProjectStatus::Running | ProjectStatus::Delivered) {
            let (entity, is) = (Entity::Project(id), status.name());
            return Err(Refusal::NotInState { entity, wanted: "RUNNING", is });
        }
    }
    let Some(agreement) = agreements::speaking_for(state, pairing) else {
        return Ok(());
    };
    let parties = &agreements::in_force(agreement)?.terms.parties;
    match state.giving(pairing.terms.supplier).filter(|giver| !parties.contains(giver)) {
        Some(organization) => {
            Err(Refusal::NotAParty { organization, entity: Entity::Agreement(agreement.id) })
        }
        None => Ok(()),
    }
}

/// No more is handed over than is agreed.
const fn fits(pairing: &Pairing, quantity: u64, delivered: u64) -> Result<(), Refusal> {
    let left = pairing.terms.quantity.saturating_sub(delivered);
    if quantity > left {
        return Err(Refusal::MoreThanAgreed { pairing: pairing.id, quantity, left });
    }
    Ok(())
}

fn fitting(state: &State, now: Moment, draft: &DeliveryDraft) -> Result<(), Refusal> {
    check::range("quantity", draft.quantity, 1, AMOUNT_MAX)?;
    if draft.on > now.date(state.rules().utc_offset_minutes) {
        return Err(Refusal::Invalid { field: "on", problem: Problem::InTheFuture });
    }
    check::optional_text("note", draft.note.as_deref(), TEXT_CHARS_MAX)?;
    let field = "efforts";
    if draft.efforts.len() > EFFORTS_MAX {
        return Err(Refusal::Invalid { field, problem: Problem::TooMany { max: EFFORTS_MAX } });
    }
    let mut classes = BTreeSet::new();
    for effort in &draft.efforts {
        if !classes.insert(effort.class) {
            return Err(Refusal::Invalid { field, problem: Problem::NamedTwice });
        }
        check::range("efforts.persons", effort.persons.into(), 1, PERSONS_MAX.into())?;
        let most = u64::from(effort.persons) * u64::from(MINUTES_EACH_MAX);
        check::range("efforts.minutes", effort.minutes.into(), 1, most.min(u32::MAX.into()))?;
    }
    Ok(())
}
