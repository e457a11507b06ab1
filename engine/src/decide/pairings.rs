//! Decisions about pairings: request, claim, decline, withdraw, lapse.
//!
//! Two rules stand here and nowhere else: *no resource is ever promised beyond its capacity*, and
//! *no need is promised more than it asks*.

use super::{
    check::{self, NAME_CHARS_MAX},
    claims, releasing,
};
use crate::{
    event::Event,
    identity::{OrganizationId, PairingId},
    moment::Moment,
    need::Urgency,
    organization::OrganizationKind,
    pairing::{Pairing, PairingStatus, PairingTerms, Side, Supplier, Target},
    quantity::AMOUNT_MAX,
    refusal::{Missing, Refusal},
    resource::{Counted, ResourceStatus},
    state::State,
};
use std::sync::Arc;

pub(super) fn request(
    state: &State,
    now: Moment,
    target: Target,
    supplier: Supplier,
    quantity: Option<u64>,
    draws: Option<u64>,
    by: OrganizationId,
) -> Result<Vec<Event>, Refusal> {
    check::organization(state, "by", by)?;
    let unserved = open_target(state, target)?;
    let remaining = open_supplier(state, supplier)?;
    let (asking, giving) = (state.asking(target), state.giving(supplier));
    if asking == giving {
        return Err(Refusal::SameOrganization);
    }
    let side = if asking == Some(by) {
        Some(Side::Asking)
    } else if giving == Some(by) {
        Some(Side::Giving)
    } else {
        None
    };
    if side.is_none() && !is_street_office(state, by) {
        return Err(Refusal::NotASide { organization: by });
    }
    let twin = state
        .pairings_of_target(target)
        .find(|pairing| pairing.terms.supplier == supplier && pairing.status.is_under_way());
    if let Some(twin) = twin {
        return Err(Refusal::AlreadyPaired { pairing: twin.id });
    }

    let one_by_one = drawn_one_by_one(state, target, supplier);
    let quantity = quantity.unwrap_or_else(|| if one_by_one { unserved.min(remaining) } else { unserved });
    let draws = draws.unwrap_or(if one_by_one { quantity } else { 1 });
    // Exhaustion is said of the side that is exhausted, before the numbers are.
    if remaining == 0 {
        return Err(Refusal::CapacityExceeded { supplier, draws: draws.max(1), remaining });
    }
    if unserved == 0 {
        return Err(Refusal::MoreThanAsked { target, quantity: quantity.max(1), unserved });
    }
    check::range("quantity", quantity, 1, AMOUNT_MAX)?;
    // Who counts the same cannot give five and draw one: the capacity would be promised again.
    check::range("draws", draws, if one_by_one { quantity } else { 1 }, AMOUNT_MAX)?;
    if quantity > unserved {
        return Err(Refusal::MoreThanAsked { target, quantity, unserved });
    }
    if draws > remaining {
        return Err(Refusal::CapacityExceeded { supplier, draws, remaining });
    }

    let pairing = PairingId::new(state.last.pairing + 1);
    let mut events = make_room(state, target, unserved - quantity, &[]);
    events.push(Event::PairingRequested {
        pairing,
        by,
        terms: PairingTerms { target, supplier, quantity, draws, fit: None },
    });
    // A side that asks has claimed; the street office, which asks for others, has not.
    if let Some(side) = side {
        let until = limit(state, now, target);
        events.push(Event::PairingClaimed { pairing, side, until });
    }
    Ok(events)
}

/// When a claim of now lapses: on an emergency it is a matter of hours.
pub(super) fn limit(state: &State, now: Moment, target: Target) -> Moment {
    let rules = state.rules();
    let emergency = match target {
        Target::Need(need) => {
            state.need(need).is_some_and(|need| need.draft.urgency == Some(Urgency::Emergency))
        }
        Target::Slot(..) => false,
    };
    let hours =
        if emergency { rules.limits.emergency_claim_hours.min(rules.claim_hours) } else { rules.claim_hours };
    now.plus_hours(hours)
}

/// Only the street office brings two others together; a unit speaks for itself.
fn is_street_office(state: &State, organization: OrganizationId) -> bool {
    state.organization(organization).is_some_and(|it| it.draft.kind == OrganizationKind::StreetOffice)
}

/// Takes proposals and requests that nobody has claimed away, newest first, until what is still
/// proposed for the target fits into `room`. Those of `apart` are counted and judged elsewhere.
pub(super) fn make_room(state: &State, target: Target, room: u64, apart: &[PairingId]) -> Vec<Event> {
    let standing = || {
        state
            .pairings_of_target(target)
            .rev()
            .filter(|it| it.status == PairingStatus::Proposed && !apart.contains(&it.id))
    };
    let mut proposed: u64 = standing().map(|pairing| pairing.terms.quantity).sum();
    let mut events = Vec::new();
    for pairing in standing() {
        if proposed <= room {
            break;
        }
        proposed = proposed.saturating_sub(pairing.terms.quantity);
        events.push(Event::PairingSuperseded { pairing: pairing.id });
    }
    events
}

pub(super) fn claim(state: &State, now: Moment, id: PairingId, side: Side) -> Result<Vec<Event>, Refusal> {
    let pairing = existing(state, id)?;
    if side == Side::Asking {
        claims::all_givers_claimed(state, pairing)?;
    }
    match &pairing.status {
        PairingStatus::Proposed => {
            let PairingTerms { target, supplier, quantity, draws, .. } = pairing.terms;
            claimable(state, target, supplier, quantity, draws)?;
            let until = limit(state, now, target);
            Ok(vec![Event::PairingClaimed { pairing: id, side, until }])
        }
        PairingStatus::Claimed { by, .. } if *by == side => Err(Refusal::AlreadyClaimed { by: side }),
        PairingStatus::Claimed { until, .. } if *until <= now => Err(Refusal::ClaimLapsed { until: *until }),
        PairingStatus::Claimed { .. } => claims::agree_with_its_group(state, now, pairing, side),
        over => {
            Err(Refusal::PairingNot { pairing: id, wanted: "PROPOSED or CLAIMED", is: status_name(over) })
        }
    }
}

/// Whether so much may be claimed now: both sides are open and have it.
pub(super) fn claimable(
    state: &State,
    target: Target,
    supplier: Supplier,
    quantity: u64,
    draws: u64,
) -> Result<(), Refusal> {
    let unserved = open_target(state, target)?;
    let remaining = open_supplier(state, supplier)?;
    if quantity > unserved {
        return Err(Refusal::MoreThanAsked { target, quantity, unserved });
    }
    if draws > remaining {
        return Err(Refusal::CapacityExceeded { supplier, draws, remaining });
    }
    Ok(())
}

pub(super) fn decline(state: &State, id: PairingId, side: Side, reason: &str) -> Result<Vec<Event>, Refusal> {
    let pairing = existing(state, id)?;
    check::text("reason", reason, NAME_CHARS_MAX)?;
    match &pairing.status {
        PairingStatus::Proposed => {}
        PairingStatus::Claimed { by, .. } if *by != side => {}
        PairingStatus::Claimed { .. } => return Err(Refusal::AlreadyClaimed { by: side }),
        over => {
            return Err(Refusal::PairingNot {
                pairing: id,
                wanted: "PROPOSED or CLAIMED",
                is: status_name(over),
            });
        }
    }
    Ok(vec![Event::PairingDeclined { pairing: id, side, reason: reason.to_owned() }])
}

pub(super) fn withdraw(
    state: &State,
    id: PairingId,
    side: Side,
    reason: &str,
) -> Result<Vec<Event>, Refusal> {
    let pairing = existing(state, id)?;
    check::text("reason", reason, NAME_CHARS_MAX)?;
    match &pairing.status {
        PairingStatus::Agreed { .. } => return releasing::leave(state, pairing, side, reason),
        PairingStatus::Claimed { by, .. } if *by == side => {}
        other => {
            return Err(Refusal::PairingNot {
                pairing: id,
                wanted: "AGREED, or CLAIMED by this side",
                is: status_name(other),
            });
        }
    }
    Ok(vec![Event::PairingWithdrawn { pairing: id, reason: reason.to_owned() }])
}

/// Every claim whose time is over.
pub(super) fn lapse(state: &State, now: Moment) -> Vec<Event> {
    state
        .claims_due()
        .take_while(|(until, _)| *until <= now)
        .map(|(_, pairing)| Event::PairingLapsed { pairing })
        .collect()
}

pub(super) fn existing(state: &State, id: PairingId) -> Result<&Arc<Pairing>, Refusal> {
    state.pairing(id).ok_or(Refusal::NotFound { field: "pairing", missing: Missing::Pairing(id) })
}

/// What an open need or slot still asks.
pub(super) fn open_target(state: &State, target: Target) -> Result<u64, Refusal> {
    let missing = match target {
        Target::Need(need) => Missing::Need(need),
        Target::Slot(project, index) if state.project(project).is_some() => Missing::Slot(project, index),
        Target::Slot(project, _) => Missing::Project(project),
    };
    let Some((asked, tally)) = state.asked(target) else {
        return Err(Refusal::NotFound { field: "target", missing });
    };
    let open = match target {
        Target::Need(need) => state.need(need).is_some_and(|need| need.is_open()),
        Target::Slot(project, _) => state.project(project).is_some_and(|project| project.takes_pairings()),
    };
    if open { Ok(asked.saturating_sub(tally.reserved())) } else { Err(Refusal::TargetNotOpen { target }) }
}

/// What remains of an open resource or of a unit's open capacity.
pub(super) fn open_supplier(state: &State, supplier: Supplier) -> Result<u64, Refusal> {
    let Some((capacity, tally)) = state.offered(supplier) else {
        let missing = match supplier {
            Supplier::Resource(resource) => Missing::Resource(resource),
            Supplier::Unit(unit) => Missing::Organization(unit),
        };
        return Err(Refusal::NotFound { field: "supplier", missing });
    };
    match supplier {
        Supplier::Resource(id) => {
            let status = state.resource(id).map(|resource| resource.status());
            if !matches!(status, Some(ResourceStatus::Open | ResourceStatus::Exhausted)) {
                return Err(Refusal::SupplierNotOpen { supplier });
            }
        }
        Supplier::Unit(unit) => {
            if !state.organization(unit).is_some_and(|unit| unit.draft.kind.takes_up_needs()) {
                return Err(Refusal::TakesUpNoNeeds { organization: unit });
            }
        }
    }
    Ok(capacity.saturating_sub(tally.reserved()))
}

/// Whether each unit asked takes one unit of the resource: both count the same thing.
pub(super) fn drawn_one_by_one(state: &State, target: Target, supplier: Supplier) -> bool {
    let Supplier::Resource(resource) = supplier else {
        return false;
    };
    let Some(Counted::Units(offered)) = state.resource(resource).map(|resource| resource.draft.counted())
    else {
        return false;
    };
    let asked = match target {
        Target::Need(need) => state.need(need).and_then(|need| need.draft.entry.quantity.clone()),
        Target::Slot(project, index) => state.project(project).and_then(|project| {
            project.draft.slots.get(usize::from(index)).and_then(|slot| slot.quantity.clone())
        }),
    };
    asked.is_some_and(|asked| asked.measure == offered)
}

/// The state of a pairing as its stable name.
pub(super) const fn status_name(status: &PairingStatus) -> &'static str {
    match status {
        PairingStatus::Proposed => "PROPOSED",
        PairingStatus::Claimed { .. } => "CLAIMED",
        PairingStatus::Agreed { .. } => "AGREED",
        PairingStatus::Accepted { .. } => "ACCEPTED",
        PairingStatus::Declined { .. } => "DECLINED",
        PairingStatus::Lapsed { .. } => "LAPSED",
        PairingStatus::Withdrawn { .. } => "WITHDRAWN",
        PairingStatus::Superseded => "SUPERSEDED",
    }
}
