//! The decision to adopt a plan: it was made for an earlier state and is checked against the state of now.

use super::{
    check,
    pairings::{drawn_one_by_one, open_supplier, open_target},
};
use crate::{
    event::Event,
    identity::{PairingId, PlanId},
    pairing::{Origin, Pairing, PairingTerms, Supplier, Target},
    plan::Proposal,
    refusal::Refusal,
    state::State,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// Makes the proposal's pairings the standing ones.
///
/// Proposals of earlier plans that the new one repeats stay as they are, the others are superseded.
/// What people requested or claimed by hand is not touched, and the plan has to fit beside it.
pub(super) fn adopt(state: &State, proposal: &Proposal) -> Result<Vec<Event>, Refusal> {
    fits(state, proposal)?;
    let standing: BTreeMap<(Target, Supplier), &Arc<Pairing>> = state
        .proposed()
        .filter(|pairing| matches!(pairing.origin, Origin::Plan(_)))
        .map(|pairing| ((pairing.terms.target, pairing.terms.supplier), pairing))
        .collect();
    let repeated = |terms: &PairingTerms| {
        standing.get(&(terms.target, terms.supplier)).is_some_and(|pairing| {
            pairing.terms.quantity == terms.quantity && pairing.terms.draws == terms.draws
        })
    };
    let kept: BTreeMap<(Target, Supplier), ()> = proposal
        .pairings
        .iter()
        .filter(|terms| repeated(terms))
        .map(|terms| ((terms.target, terms.supplier), ()))
        .collect();

    let plan = PlanId::new(state.last.plan + 1);
    let mut events: Vec<Event> = standing
        .iter()
        .filter(|(pair, _)| !kept.contains_key(pair))
        .map(|(_, pairing)| Event::PairingSuperseded { pairing: pairing.id })
        .collect();
    events.push(Event::PlanAdopted { plan, matched: proposal.position, summary: proposal.summary.clone() });
    let new = proposal.pairings.iter().filter(|terms| !repeated(terms));
    for (number, terms) in (state.last.pairing + 1..).zip(new) {
        events.push(Event::PairingProposed { pairing: PairingId::new(number), plan, terms: terms.clone() });
    }
    Ok(events)
}

/// Every pairing of the proposal is possible now, and so are all of them together.
fn fits(state: &State, proposal: &Proposal) -> Result<(), Refusal> {
    check::range("position", proposal.position.0, 0, state.position().0)?;
    let mut pairs: BTreeSet<(Target, Supplier)> = BTreeSet::new();
    let mut asked: BTreeMap<Target, u64> = BTreeMap::new();
    let mut drawn: BTreeMap<Supplier, u64> = BTreeMap::new();
    for terms in &proposal.pairings {
        let PairingTerms { target, supplier, quantity, draws, .. } = *terms;
        let stale = || Refusal::PlanStale { target, supplier };
        let unserved = open_target(state, target).map_err(|_| stale())?;
        if let Target::Need(need) = target
            && state.stands_for(need).is_some()
        {
            return Err(stale());
        }
        let remaining = open_supplier(state, supplier).map_err(|_| stale())?;
        if quantity == 0 || draws == 0 || state.asking(target) == state.giving(supplier) {
            return Err(stale());
        }
        if state.was_declined(target, supplier) || !pairs.insert((target, supplier)) {
            return Err(stale());
        }
        if draws < quantity && drawn_one_by_one(state, target, supplier) {
            return Err(stale());
        }
        let promised_already = state.pairings_of_target(target).any(|pairing| {
            pairing.terms.supplier == supplier
                && pairing.status.is_live()
                && !matches!(
                    (&pairing.status, pairing.origin),
                    (crate::pairing::PairingStatus::Proposed, Origin::Plan(_))
                )
        });
        let total = asked.entry(target).or_default();
        *total = total.saturating_add(quantity);
        let taken = drawn.entry(supplier).or_default();
        *taken = taken.saturating_add(draws);
        if promised_already
            || total.saturating_add(state.requested_for(target)) > unserved
            || taken.saturating_add(state.requested_of(supplier)) > remaining
        {
            return Err(stale());
        }
    }
    Ok(())
}
