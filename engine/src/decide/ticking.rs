//! What time brings: lapsed claims, and what falls due.

use crate::{event::Event, moment::Moment, state::State};

/// Everything that time has brought since it was last looked at.
pub(super) fn tick(state: &State, now: Moment) -> Vec<Event> {
    let mut events = super::pairings::lapse(state, now);
    events.extend(super::bids::calls_over(state, now));
    events
}
