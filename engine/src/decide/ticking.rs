//! What time brings: claims lapse, replies and confirmations fall overdue, entries expire or go stale, milestones pass,
//! calls end.
//!
//! Each kind is read from the index of what falls due, so a tick costs what is due and not what there is. A tick brings
//! about [`EVENTS_MAX`] events at most; whoever ticks goes on until one brings nothing. An entry and what goes with it
//! are never parted. Claims lapse all at once: what they reserve is not to be claimed a moment longer than promised.

use super::{closing, pairings};
use crate::{
    agreement::Subject,
    event::Event,
    identity::{AgreementId, PairingId},
    moment::Moment,
    pairing::{Supplier, Target},
    state::{
        State,
        due::{Due, Kind},
    },
};
use std::collections::BTreeSet;

/// About how many events one tick brings: a commit that is written and sent to every reader at once.
pub const EVENTS_MAX: usize = 2_000;

const DAY_MILLIS: i64 = 86_400_000;
const MINUTE_MILLIS: i64 = 60_000;

/// What time has brought since it was last looked at, or the first part of it.
pub(super) fn tick(state: &State, now: Moment) -> Vec<Event> {
    let mut brought = Brought { state, now, events: pairings::lapse(state, now), over: BTreeSet::new() };
    let limits = state.rules().limits;
    brought.since(Kind::Reply, limits.reply_days, |due| match due {
        Due::Need(need) => Some(Event::ReplyFellOverdue { need }),
        _ => None,
    });
    brought.expire(limits.expiry_days);
    brought.go_stale(limits.stale_days);
    brought.pass_milestones();
    brought.since(Kind::Confirmation, limits.confirm_days, |due| match due {
        Due::Delivery(delivery) => Some(Event::ConfirmationFellOverdue { delivery }),
        _ => None,
    });
    brought.end_calls();
    brought.events.extend(super::contacts::retire(state, now));
    brought.events
}

/// What a tick has brought so far.
struct Brought<'a> {
    state: &'a State,
    now: Moment,
    events: Vec<Event>,
    /// The entries that expired in this tick, which nothing more happens to.
    over: BTreeSet<Due>,
}

impl Brought<'_> {
    fn is_full(&self) -> bool {
        self.events.len() >= EVENTS_MAX
    }

    /// Now on the street's own clock, as the index writes days of the calendar.
    fn here(&self) -> Moment {
        later(self.now, i64::from(self.state.rules().utc_offset_minutes) * MINUTE_MILLIS)
    }

    /// What has waited for so many days; 0 sets no limit.
    fn since(&mut self, kind: Kind, days: u16, event: impl Fn(Due) -> Option<Event>) {
        if days == 0 {
            return;
        }
        let until = later(self.now, -i64::from(days) * DAY_MILLIS);
        for (_, due) in self.state.due(kind, until) {
            if self.is_full() {
                return;
            }
            self.events.extend(event(due));
        }
    }

    /// Entries whose window has ended while nothing of them was promised. What a project carries lives as long as it.
    fn expire(&mut self, days: u16) {
        let until = later(self.here(), -i64::from(days) * DAY_MILLIS);
        let mut gone: BTreeSet<PairingId> = BTreeSet::new();
        for (_, due) in self.state.due(Kind::WindowEnd, until) {
            if self.is_full() {
                return;
            }
            let (expired, follow) = match due {
                Due::Need(need) if self.state.carrier(need).is_none() => {
                    let follow = closing::of_target(self.state, Target::Need(need), EXPIRED);
                    (Event::NeedExpired { need }, follow)
                }
                Due::Resource(resource) => {
                    let follow = closing::of_supplier(self.state, Supplier::Resource(resource), EXPIRED);
                    (Event::ResourceExpired { resource }, follow)
                }
                Due::Need(_) | Due::Milestone(..) | Due::Delivery(_) | Due::Call(_) => continue,
            };
            self.over.insert(due);
            self.events.push(expired);
            // Both sides of a proposal may expire in the same tick; it goes once.
            self.events.extend(follow.into_iter().filter(|event| match event {
                Event::PairingWithdrawn { pairing, .. } => gone.insert(*pairing),
                _ => true,
            }));
        }
    }

    /// Entries that nobody has confirmed for long.
    fn go_stale(&mut self, days: u16) {
        if days == 0 {
            return;
        }
        let until = later(self.now, -i64::from(days) * DAY_MILLIS);
        for (_, due) in self.state.due(Kind::Confirmed, until) {
            if self.is_full() {
                return;
            }
            if self.over.contains(&due) {
                continue;
            }
            match due {
                Due::Need(need) if self.state.carrier(need).is_none() => {
                    self.events.push(Event::NeedWentStale { need });
                }
                Due::Resource(resource) => self.events.push(Event::ResourceWentStale { resource }),
                Due::Need(_) | Due::Milestone(..) | Due::Delivery(_) | Due::Call(_) => {}
            }
        }
    }

    /// Milestones whose last day is over, unless what they belong to rests or has ended.
    fn pass_milestones(&mut self) {
        for (_, due) in self.state.due(Kind::Milestone, self.here()) {
            if self.is_full() {
                return;
            }
            if let Due::Milestone(agreement, milestone) = due
                && goes_on(self.state, agreement)
            {
                self.events.push(Event::MilestoneFellOverdue { agreement, milestone });
            }
        }
    }

    /// Calls whose time is over. One that ended with its need is closed already.
    fn end_calls(&mut self) {
        for (_, due) in self.state.due(Kind::Call, self.now) {
            if self.is_full() {
                return;
            }
            if let Due::Call(target) = due
                && !matches!(target, Target::Need(need) if self.over.contains(&Due::Need(need)))
            {
                self.events.push(Event::CallClosed { target });
            }
        }
    }
}

/// What is said of proposals and bids that go with an expired entry.
const EXPIRED: &str = "到期";

fn goes_on(state: &State, agreement: AgreementId) -> bool {
    state.agreement(agreement).is_some_and(|it| match it.subject {
        Subject::Project(project) => state.project(project).is_some_and(|it| it.takes_pairings()),
        Subject::Pairing(pairing) => state.pairing(pairing).is_some_and(|it| it.undelivered() > 0),
    })
}

const fn later(moment: Moment, millis: i64) -> Moment {
    Moment::from_millis(moment.millis().saturating_add(millis))
}
