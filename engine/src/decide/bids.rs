//! Open calls 揭榜 and bids.
//!
//! A bid reserves nothing. It is welcome on every open target, also when all of it is claimed by somebody else: it
//! waits in the order of arrival and may be chosen once the claim is gone. A call is the invitation to bid until a
//! set time. When that is over, no further bid is taken as long as those that came in time are being weighed.
//!
//! Choosing one bid declines no other, and neither does the end of a call: whoever bade is told so with a reason of
//! its own. What is left may go to the next in the queue, and so may all of it, should the chosen one fail.

use super::{
    check::{self, NAME_CHARS_MAX},
    claims::proposed_between,
    pairings::{claimable, drawn_one_by_one, limit, make_room, open_supplier, open_target},
};
use crate::{
    bid::{Bid, BidDraft, BidStatus, Call, WAITING_MAX},
    entry::TEXT_CHARS_MAX,
    event::Event,
    history::Entity,
    identity::{BidId, PairingId},
    moment::Moment,
    pairing::{PairingTerms, Side, Supplier, Target},
    quantity::AMOUNT_MAX,
    refusal::{Missing, Problem, Refusal},
    rules::Limits,
    state::State,
};
use std::sync::Arc;

pub(super) fn open_call(
    state: &State,
    now: Moment,
    target: Target,
    until: Moment,
    note: Option<&str>,
) -> Result<Vec<Event>, Refusal> {
    open_target(state, target)?;
    check::optional_text("note", note, TEXT_CHARS_MAX)?;
    if until <= now {
        return Err(Refusal::NotAhead { field: "until" });
    }
    check::range("until", until.days_since(now).into(), 0, Limits::DAYS_MAX.into())?;
    let opened = Event::CallOpened { target, until, note: note.map(str::to_owned) };
    match state.call(target) {
        Some(call) if call.ended(now).is_none() => Err(Refusal::AlreadyDone { entity: target.into() }),
        // Its time was over and no tick has said so yet.
        Some(call) if call.closed.is_none() => Ok(vec![Event::CallClosed { target }, opened]),
        Some(_) | None => Ok(vec![opened]),
    }
}

pub(super) fn close_call(state: &State, target: Target) -> Result<Vec<Event>, Refusal> {
    match state.call(target) {
        None => Err(Refusal::NotFound { field: "target", missing: Missing::Call(target) }),
        Some(call) if call.closed.is_some() => Err(Refusal::AlreadyDone { entity: target.into() }),
        Some(_) => Ok(vec![Event::CallClosed { target }]),
    }
}

pub(super) fn place(
    state: &State,
    now: Moment,
    target: Target,
    supplier: Supplier,
    (quantity, draws): (Option<u64>, Option<u64>),
    note: Option<&str>,
) -> Result<Vec<Event>, Refusal> {
    let unserved = open_target(state, target)?;
    let remaining = open_supplier(state, supplier)?;
    check::optional_text("note", note, TEXT_CHARS_MAX)?;
    if state.asking(target) == state.giving(supplier) {
        return Err(Refusal::SameOrganization);
    }
    proposed_between(state, target, supplier)?;
    if let Some(twin) = state.queue(target).find(|bid| bid.draft.supplier == supplier) {
        return Err(Refusal::AlreadyDone { entity: Entity::Bid(twin.id) });
    }
    if let Some(until) = state.call(target).and_then(|call| being_weighed(state, call, now)) {
        return Err(Refusal::CallOver { until });
    }
    if state.queue(target).count() >= WAITING_MAX {
        return Err(Refusal::Invalid { field: "target", problem: Problem::TooMany { max: WAITING_MAX } });
    }

    // Nothing may be free today: then a bid is for what will be, should a claim lapse.
    let asked = state.asked(target).map_or(0, |(asked, _)| asked);
    let capacity = state.offered(supplier).map_or(0, |(capacity, _)| capacity);
    let free = |now: u64, all: u64| if now > 0 { now } else { all };
    let one_by_one = drawn_one_by_one(state, target, supplier);
    let (most, holds) = (free(unserved, asked), free(remaining, capacity));
    let quantity = quantity.unwrap_or(if one_by_one { most.min(holds) } else { most });
    let draws = draws.unwrap_or(if one_by_one { quantity } else { 1 });
    if capacity == 0 {
        return Err(Refusal::CapacityExceeded { supplier, draws: draws.max(1), remaining: 0 });
    }
    check::range("quantity", quantity, 1, AMOUNT_MAX)?;
    check::range("draws", draws, if one_by_one { quantity } else { 1 }, AMOUNT_MAX)?;
    if quantity > asked {
        return Err(Refusal::MoreThanAsked { target, quantity, unserved: asked });
    }
    if draws > capacity {
        return Err(Refusal::CapacityExceeded { supplier, draws, remaining: capacity });
    }
    let draft = BidDraft { target, supplier, quantity, draws, note: note.map(str::to_owned) };
    Ok(vec![Event::BidPlaced { bid: BidId::new(state.last.bid + 1), draft }])
}

/// When a call ended of which bids that came in time are still waiting. One whose time has just run out counts also
/// without any: the tick that closes it is on its way.
fn being_weighed(state: &State, call: &Call, now: Moment) -> Option<Moment> {
    let ended = call.ended(now)?;
    let waits = || state.queue(call.target).any(|bid| bid.placed <= ended);
    (call.closed.is_none() || waits()).then_some(ended)
}

pub(super) fn withdraw(state: &State, id: BidId, reason: &str) -> Result<Vec<Event>, Refusal> {
    waiting(state, id)?;
    check::text("reason", reason, NAME_CHARS_MAX)?;
    Ok(vec![Event::BidWithdrawn { bid: id, reason: reason.to_owned() }])
}

pub(super) fn decline(state: &State, id: BidId, reason: &str) -> Result<Vec<Event>, Refusal> {
    waiting(state, id)?;
    check::text("reason", reason, NAME_CHARS_MAX)?;
    Ok(vec![Event::BidDeclined { bid: id, reason: reason.to_owned() }])
}

/// Makes a bid an agreed pairing: the bid was the giver's yes, the choice is the asker's.
pub(super) fn choose(
    state: &State,
    now: Moment,
    id: BidId,
    reason: Option<&str>,
) -> Result<Vec<Event>, Refusal> {
    let bid = waiting(state, id)?;
    check::optional_text("reason", reason, NAME_CHARS_MAX)?;
    let BidDraft { target, supplier, quantity, draws, note: _ } = bid.draft.clone();
    let unserved = open_target(state, target)?;
    claimable(state, target, supplier, quantity, draws)?;
    let asking = state.asking(target).filter(|asking| state.giving(supplier) != Some(*asking));
    let Some(by) = asking else {
        return Err(Refusal::SameOrganization);
    };
    let in_the_way = proposed_between(state, target, supplier)?;
    // What the two count may have been said otherwise since.
    let least = if drawn_one_by_one(state, target, supplier) { quantity } else { 1 };
    check::range("draws", draws, least, AMOUNT_MAX)?;

    let pairing = PairingId::new(state.last.pairing + 1);
    let mut events = vec![Event::BidChosen { bid: id, pairing, reason: reason.map(str::to_owned) }];
    events.extend(in_the_way.map(|pairing| Event::PairingSuperseded { pairing }));
    events.extend(make_room(state, target, unserved.saturating_sub(quantity), in_the_way.as_slice()));
    let terms = PairingTerms { target, supplier, quantity, draws, fit: None };
    events.push(Event::PairingRequested { pairing, by, terms });
    let until = limit(state, now, target);
    events.push(Event::PairingClaimed { pairing, side: Side::Giving, until });
    events.push(Event::PairingAgreed { pairing, side: Side::Asking });
    if quantity == unserved {
        events.extend(end_call(state, target));
    }
    Ok(events)
}

fn waiting(state: &State, id: BidId) -> Result<&Arc<Bid>, Refusal> {
    let Some(bid) = state.bid(id) else {
        return Err(Refusal::NotFound { field: "bid", missing: Missing::Bid(id) });
    };
    match &bid.status {
        BidStatus::Waiting => Ok(bid),
        over => {
            let is = over.name();
            Err(Refusal::NotInState { entity: Entity::Bid(id), wanted: "WAITING", is })
        }
    }
}

/// The end of a call that still stands.
fn end_call(state: &State, target: Target) -> Option<Event> {
    let call = state.call(target).filter(|call| call.closed.is_none())?;
    Some(Event::CallClosed { target: call.target })
}
