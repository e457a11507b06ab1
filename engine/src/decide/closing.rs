//! What goes with an entry that ends or rests: proposals, claims, bids that wait, an open call.
//!
//! What is agreed never goes so: whoever ends an entry refuses first while something of it is owed. What is accepted
//! has happened, and stays.

use crate::{
    bid::{Bid, BidStatus},
    event::Event,
    pairing::{Pairing, PairingStatus, Supplier, Target},
    state::State,
};
use std::sync::Arc;

/// Nothing more is asked of the target.
pub(super) fn of_target(state: &State, target: Target, reason: &str) -> Vec<Event> {
    let mut events = withdrawn(state.pairings_of_target(target), reason);
    events.extend(invitation(state, target, reason));
    events
}

/// Bids that wait on a target, and its call, end with it.
pub(super) fn invitation(state: &State, target: Target, reason: &str) -> Vec<Event> {
    let mut events: Vec<Event> = bids_withdrawn(state.bids_of_target(target), reason).collect();
    if state.call(target).is_some_and(|call| call.closed.is_none()) {
        events.push(Event::CallClosed { target });
    }
    events
}

/// Nothing more is given by the supplier.
pub(super) fn of_supplier(state: &State, supplier: Supplier, reason: &str) -> Vec<Event> {
    let mut events = withdrawn(state.pairings_of_supplier(supplier), reason);
    events.extend(offers(state, supplier, reason));
    events
}

/// Bids that wait and were made with a supplier end with it.
pub(super) fn offers(state: &State, supplier: Supplier, reason: &str) -> Vec<Event> {
    bids_withdrawn(state.bids_of_supplier(supplier), reason).collect()
}

/// What nobody has claimed yet makes room.
pub(super) fn proposals<'a>(pairings: impl Iterator<Item = &'a Arc<Pairing>>) -> Vec<Event> {
    pairings
        .filter(|pairing| pairing.status == PairingStatus::Proposed)
        .map(|pairing| Event::PairingSuperseded { pairing: pairing.id })
        .collect()
}

fn withdrawn<'a>(pairings: impl Iterator<Item = &'a Arc<Pairing>>, reason: &str) -> Vec<Event> {
    let goes = |pairing: &&Arc<Pairing>| {
        matches!(pairing.status, PairingStatus::Proposed | PairingStatus::Claimed { .. })
    };
    pairings
        .filter(goes)
        .map(|pairing| Event::PairingWithdrawn { pairing: pairing.id, reason: reason.to_owned() })
        .collect()
}

fn bids_withdrawn<'a>(bids: impl Iterator<Item = &'a Arc<Bid>>, reason: &str) -> impl Iterator<Item = Event> {
    bids.filter(|bid| bid.status == BidStatus::Waiting)
        .map(move |bid| Event::BidWithdrawn { bid: bid.id, reason: reason.to_owned() })
}
