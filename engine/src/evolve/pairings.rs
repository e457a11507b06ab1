//! Pairings: each change takes what a pairing counted out of the tallies of both its sides and puts in what it counts.

use super::{Recorded, change, records};
use crate::{
    event::Event,
    identity::PairingId,
    need::Need,
    pairing::{Origin, Pairing, PairingStatus, PairingTerms, Side, Supplier, Tally, Target},
    state::State,
};
use std::sync::Arc;

pub(super) fn evolve(state: &mut State, recorded: Recorded, event: &Event) {
    match event {
        Event::PairingProposed { pairing, plan, terms } => {
            begin(state, recorded, *pairing, Origin::Plan(*plan), terms);
        }
        Event::PairingRequested { pairing, by, terms } => {
            begin(state, recorded, *pairing, Origin::Requested(*by), terms);
        }
        Event::PairingClaimed { pairing, side, until } => {
            turn(state, recorded, *pairing, |it| {
                it.claimed = it.claimed.or(Some(recorded.time));
                it.status = PairingStatus::Claimed { by: *side, until: *until };
            });
            if *side == Side::Giving {
                answer(state, recorded, *pairing);
            }
        }
        Event::PairingAgreed { pairing, side: Side::Asking | Side::Giving } => {
            turn(state, recorded, *pairing, |it| {
                it.claimed = it.claimed.or(Some(recorded.time));
                it.agreed = Some(recorded.time);
                it.status = PairingStatus::Agreed { at: recorded.time };
            });
            answer(state, recorded, *pairing);
        }
        Event::PairingDeclined { pairing, side, reason } => {
            if let Some(PairingTerms { target, supplier, .. }) =
                state.pairings.get(pairing).map(|it| it.terms.clone())
            {
                state.declined.insert((target, supplier));
                // Who says no with what it posted does not mean to be asked in person at once.
                let owner = state.giving(supplier).filter(|_| *side == Side::Giving);
                state.declined.extend(owner.map(|owner| (target, Supplier::Unit(owner))));
            }
            if *side == Side::Giving {
                records::declined(state, *pairing);
            }
            turn(state, recorded, *pairing, |it| {
                it.status = PairingStatus::Declined { by: *side, reason: reason.clone() };
            });
        }
        Event::PairingLapsed { pairing } => {
            records::lapsed(state, *pairing);
            turn(state, recorded, *pairing, |it| it.status = PairingStatus::Lapsed { at: recorded.time });
        }
        Event::PairingWithdrawn { pairing, reason } => {
            turn(state, recorded, *pairing, |it| {
                it.status = PairingStatus::Withdrawn { reason: reason.clone() };
            });
        }
        Event::PairingSuperseded { pairing } => {
            turn(state, recorded, *pairing, |it| it.status = PairingStatus::Superseded);
        }
        Event::PairingChanged { pairing, quantity, draws, reason: _ } => {
            turn(state, recorded, *pairing, |it| {
                it.terms.quantity = *quantity;
                it.terms.draws = *draws;
            });
        }
        Event::PairingsJoined { pairings } => {
            let leader = pairings.first().copied();
            for pairing in pairings {
                change(&mut state.pairings, pairing, |it| it.joint = leader);
            }
        }
        Event::PairingAccepted { pairing } => {
            records::fulfilled(state, *pairing);
            turn(state, recorded, *pairing, |it| {
                it.status = PairingStatus::Accepted { at: recorded.time };
            });
        }
        _ => {}
    }
}

/// A giver's claim is an answer to a need.
fn answer(state: &mut State, recorded: Recorded, pairing: PairingId) {
    if let Some(Target::Need(need)) = state.pairings.get(&pairing).map(|it| it.terms.target) {
        change(&mut state.needs, &need, |need| need.replied = need.replied.or(Some(recorded.time)));
    }
}

fn begin(state: &mut State, recorded: Recorded, id: PairingId, origin: Origin, terms: &PairingTerms) {
    state.last.pairing = state.last.pairing.max(id.number());
    state.pairings_of_target.insert((terms.target, id));
    state.pairings_of_supplier.insert((terms.supplier, id));
    state.proposed.insert(id);
    let pairing = Pairing::begun(id, terms.clone(), origin, recorded.time);
    count(state, recorded, &pairing, |tally, share| tally.plus(share));
    state.pairings.insert(id, Arc::new(pairing));
}

/// Changes a pairing, and with it the tallies and indexes that count it.
pub(super) fn turn(state: &mut State, recorded: Recorded, id: PairingId, apply: impl FnOnce(&mut Pairing)) {
    let Some(before) = state.pairings.get(&id).map(Arc::clone) else {
        return;
    };
    let mut after = Pairing::clone(&before);
    apply(&mut after);
    count(state, recorded, &before, |tally, share| tally.minus(share));
    count(state, recorded, &after, |tally, share| tally.plus(share));
    if after.status != PairingStatus::Proposed {
        state.proposed.remove(&id);
    }
    if let PairingStatus::Claimed { until, .. } = before.status {
        state.claims_due.remove(&(until, id));
    }
    if let PairingStatus::Claimed { until, .. } = after.status {
        state.claims_due.insert((until, id));
    }
    state.pairings.insert(id, Arc::new(after));
}

/// Moves what a pairing counts into or out of the tallies of both its sides.
fn count(state: &mut State, recorded: Recorded, pairing: &Pairing, apply: impl Fn(Tally, Tally) -> Tally) {
    let asking = pairing.asking_share();
    let giving = pairing.giving_share();
    match pairing.terms.target {
        Target::Need(need) => change(&mut state.needs, &need, |need| {
            need.tally = apply(need.tally, asking);
            note_met(need, recorded);
        }),
        Target::Slot(project, index) => change(&mut state.projects, &project, |project| {
            if let Some(tally) = project.tallies.get_mut(usize::from(index)) {
                *tally = apply(*tally, asking);
            }
        }),
    }
    match pairing.terms.supplier {
        Supplier::Resource(resource) => {
            change(&mut state.resources, &resource, |it| it.tally = apply(it.tally, giving));
        }
        Supplier::Unit(unit) => {
            change(&mut state.organizations, &unit, |it| it.engagements = apply(it.engagements, giving));
        }
    }
}

/// When all it asks is accepted, it is met.
fn note_met(need: &mut Need, recorded: Recorded) {
    if need.tally.accepted >= need.asked() {
        need.met = need.met.or(Some(recorded.time));
    }
}
