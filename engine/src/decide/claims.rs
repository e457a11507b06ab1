//! Claims in part and jointly.
//!
//! A joint claim 联合认领 is a group of pairings on one target that the asking side takes together or not at all: its
//! yes waits until every giver of the group has claimed, and then agrees all of them in one commit. The group is who
//! is still in it: a share that is declined, lapses, is taken back or superseded leaves it, its quantity is free
//! again, and nobody who stays is held up by somebody who left. Whoever does not want to go on without them takes
//! the own claim back, or the asking side does not say yes.

use super::{
    check,
    pairings::{self, claimable, drawn_one_by_one, limit, make_room, open_supplier, open_target},
};
use crate::{
    event::Event,
    identity::{OrganizationId, PairingId},
    moment::Moment,
    pairing::{Pairing, PairingStatus, PairingTerms, SHARES_MAX, Share, Side, Supplier, Target},
    quantity::AMOUNT_MAX,
    refusal::{Problem, Refusal},
    state::State,
};
use std::{collections::BTreeSet, sync::Arc};

/// Claims less than is proposed: the pairing is for that much from now on, and the rest is free for others.
pub(super) fn part(
    state: &State,
    now: Moment,
    id: PairingId,
    side: Side,
    quantity: u64,
) -> Result<Vec<Event>, Refusal> {
    let pairing = pairings::existing(state, id)?;
    if pairing.status != PairingStatus::Proposed {
        let is = pairings::status_name(&pairing.status);
        return Err(Refusal::PairingNot { pairing: id, wanted: "PROPOSED", is });
    }
    if side == Side::Asking {
        all_givers_claimed(state, pairing)?;
    }
    check::range("quantity", quantity, 1, pairing.terms.quantity)?;
    let PairingTerms { target, supplier, .. } = pairing.terms;
    let draws = pairing.terms.draws_for(quantity);
    claimable(state, target, supplier, quantity, draws)?;
    let claimed = Event::PairingClaimed { pairing: id, side, until: limit(state, now, target) };
    if quantity == pairing.terms.quantity {
        return Ok(vec![claimed]);
    }
    Ok(vec![Event::PairingChanged { pairing: id, quantity, draws, reason: None }, claimed])
}

/// Asks for every share in the leader's name, joins them, and claims the leader's own.
pub(super) fn jointly(
    state: &State,
    now: Moment,
    target: Target,
    shares: &[Share],
    by: OrganizationId,
) -> Result<Vec<Event>, Refusal> {
    check::organization(state, "by", by)?;
    let unserved = open_target(state, target)?;
    check::range("shares", shares.len() as u64, 2, SHARES_MAX as u64)?;
    let in_the_way = givers(state, target, shares, by)?;
    let terms = amounts(state, target, shares, unserved)?;

    let given: u64 = terms.iter().map(|terms| terms.quantity).sum();
    let mut events: Vec<Event> =
        in_the_way.iter().map(|pairing| Event::PairingSuperseded { pairing: *pairing }).collect();
    events.extend(make_room(state, target, unserved.saturating_sub(given), &in_the_way));
    let numbered: Vec<(PairingId, PairingTerms)> =
        (state.last.pairing + 1..).map(PairingId::new).zip(terms).collect();
    for (pairing, terms) in &numbered {
        events.push(Event::PairingRequested { pairing: *pairing, by, terms: terms.clone() });
    }
    events.push(Event::PairingsJoined { pairings: numbered.iter().map(|(pairing, _)| *pairing).collect() });
    let until = limit(state, now, target);
    let own = numbered.iter().filter(|(_, terms)| state.giving(terms.supplier) == Some(by));
    events.extend(own.map(|(pairing, _)| Event::PairingClaimed {
        pairing: *pairing,
        side: Side::Giving,
        until,
    }));
    Ok(events)
}

/// Checks who gives, and names the proposals between the same two that make way.
fn givers(
    state: &State,
    target: Target,
    shares: &[Share],
    by: OrganizationId,
) -> Result<Vec<PairingId>, Refusal> {
    let mut named = BTreeSet::new();
    let mut in_the_way = Vec::new();
    for (index, share) in shares.iter().enumerate() {
        open_supplier(state, share.supplier)?;
        let giver = state.giving(share.supplier);
        if index == 0 && giver != Some(by) {
            return Err(Refusal::NotASide { organization: by });
        }
        if giver == state.asking(target) {
            return Err(Refusal::SameOrganization);
        }
        if !named.insert(share.supplier) {
            return Err(Refusal::Invalid { field: "shares", problem: Problem::NamedTwice });
        }
        in_the_way.extend(proposed_between(state, target, share.supplier)?);
    }
    Ok(in_the_way)
}

/// The proposal between the same two that makes way for a claim or choice; what is claimed does not.
pub(super) fn proposed_between(
    state: &State,
    target: Target,
    supplier: Supplier,
) -> Result<Option<PairingId>, Refusal> {
    let twin = state
        .pairings_of_target(target)
        .find(|pairing| pairing.terms.supplier == supplier && pairing.status.is_under_way());
    match twin {
        None => Ok(None),
        Some(twin) if twin.status == PairingStatus::Proposed => Ok(Some(twin.id)),
        Some(twin) => Err(Refusal::AlreadyPaired { pairing: twin.id }),
    }
}

/// How much each gives: first what is said, then the others, in order, as much as is left and as they can.
fn amounts(
    state: &State,
    target: Target,
    shares: &[Share],
    unserved: u64,
) -> Result<Vec<PairingTerms>, Refusal> {
    let said = shares.iter().fold(0_u64, |sum, share| sum.saturating_add(share.quantity.unwrap_or(0)));
    if said > unserved || unserved == 0 {
        return Err(Refusal::MoreThanAsked { target, quantity: said.max(1), unserved });
    }
    let mut left = unserved - said;
    let mut terms = Vec::new();
    for share in shares {
        let supplier = share.supplier;
        let remaining = open_supplier(state, supplier)?;
        let one_by_one = drawn_one_by_one(state, target, supplier);
        let quantity = share.quantity.unwrap_or(if one_by_one { left.min(remaining) } else { left });
        if share.quantity.is_none() {
            left -= quantity;
        }
        let draws = share.draws.unwrap_or(if one_by_one { quantity } else { 1 });
        if remaining == 0 {
            return Err(Refusal::CapacityExceeded { supplier, draws: draws.max(1), remaining });
        }
        if quantity == 0 && share.quantity.is_none() {
            return Err(Refusal::MoreThanAsked { target, quantity: 1, unserved: left });
        }
        check::range("shares.quantity", quantity, 1, AMOUNT_MAX)?;
        check::range("shares.draws", draws, if one_by_one { quantity } else { 1 }, AMOUNT_MAX)?;
        if draws > remaining {
            return Err(Refusal::CapacityExceeded { supplier, draws, remaining });
        }
        terms.push(PairingTerms { target, supplier, quantity, draws, fit: None });
    }
    Ok(terms)
}

/// What a pairing is claimed jointly with and is still to be agreed, itself too; itself alone when it is not joint.
pub(super) fn group<'a>(state: &'a State, pairing: &'a Arc<Pairing>) -> Vec<&'a Arc<Pairing>> {
    let Some(leader) = pairing.joint else {
        return vec![pairing];
    };
    state
        .pairings_of_target(pairing.terms.target)
        .filter(|it| it.joint == Some(leader))
        .filter(|it| matches!(it.status, PairingStatus::Proposed | PairingStatus::Claimed { .. }))
        .collect()
}

/// The asking side's yes to a joint claim waits for every giver of it. Who is left alone is an ordinary pairing.
pub(super) fn all_givers_claimed(state: &State, pairing: &Arc<Pairing>) -> Result<(), Refusal> {
    let group = group(state, pairing);
    let is_over = !group.iter().any(|it| it.id == pairing.id);
    if group.len() < 2 || is_over {
        return Ok(());
    }
    let silent = group.into_iter().find(|it| it.status == PairingStatus::Proposed);
    silent.map_or(Ok(()), |silent| Err(Refusal::JointClaimWaits { pairing: silent.id }))
}

/// The second side's yes to a claimed pairing, and to all it is claimed jointly with.
pub(super) fn agree_with_its_group(
    state: &State,
    now: Moment,
    pairing: &Arc<Pairing>,
    side: Side,
) -> Result<Vec<Event>, Refusal> {
    let group = group(state, pairing);
    for member in &group {
        if let PairingStatus::Claimed { until, .. } = member.status
            && until <= now
        {
            return Err(Refusal::ClaimLapsed { until });
        }
    }
    Ok(group.into_iter().map(|it| Event::PairingAgreed { pairing: it.id, side }).collect())
}
