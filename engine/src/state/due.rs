//! What falls due: an index of moments, kind by kind, from which `Tick` reads what time has brought.
//!
//! A moment here is when the clock *starts*; how many days it runs is a rule of the street, which may change. So
//! `Tick` reads each kind up to "now less the rule" and nothing has to be sorted anew when a rule changes. Days of a
//! calendar stand as midnight UTC after the day; `Tick` compares them with the street's own clock.
//!
//! The index is derived: [`crate::evolve`] takes out what an entity had and puts in what it has, event by event.

use super::State;
use crate::{
    agreement::{Agreement, Subject},
    bid::Call,
    delivery::{Delivery, DeliveryStatus},
    history::Entity,
    identity::{AgreementId, DeliveryId, NeedId, ResourceId},
    moment::Moment,
    need::Need,
    pairing::{PairingStatus, Target},
    resource::Resource,
};
use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

/// What kind of limit runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    /// An answer is waited for, since the need was posted.
    Reply,
    /// An entry was confirmed then.
    Confirmed,
    /// The window of an entry ends then: a day of the calendar.
    WindowEnd,
    /// The last day of a milestone: a day of the calendar.
    Milestone,
    /// A delivery waits for its receiver since then.
    Confirmation,
    /// An open call ends then.
    Call,
}

/// What it runs for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Due {
    /// A need.
    Need(NeedId),
    /// A resource.
    Resource(ResourceId),
    /// A milestone of an agreement, by its number.
    Milestone(AgreementId, u16),
    /// A delivery.
    Delivery(DeliveryId),
    /// The call on a target.
    Call(Target),
}

impl State {
    /// What of one kind stands at or before a moment, in the order of time.
    pub fn due(&self, kind: Kind, until: Moment) -> impl Iterator<Item = (Moment, Due)> {
        let first = (kind, Moment::from_millis(i64::MIN), Due::Need(NeedId::new(0)));
        self.due
            .range(first..)
            .take_while(move |(found, at, _)| *found == kind && *at <= until)
            .map(|(_, at, due)| (*at, *due))
    }
}

/// What an entity makes `Tick` look at.
pub(crate) fn of(state: &State, entity: &Entity) -> Vec<(Kind, Moment, Due)> {
    match entity {
        Entity::Need(id) => {
            let own = state.need(*id).map(|need| of_need(need));
            let call = of_call(state, Target::Need(*id));
            own.into_iter().flatten().chain(call).collect()
        }
        Entity::Resource(id) => state.resource(*id).map(|resource| of_resource(resource)).unwrap_or_default(),
        Entity::Project(id) => {
            let first = Target::Slot(*id, 0);
            let calls = state.calls.range(first..=Target::Slot(*id, u16::MAX));
            let calls = calls.filter_map(|(target, _)| of_call(state, *target));
            calls.chain(of_subject(state, Subject::Project(*id))).collect()
        }
        // The clock of its agreement stops with what the agreement is about.
        Entity::Pairing(id) => of_subject(state, Subject::Pairing(*id)).collect(),
        Entity::Agreement(id) => state.agreement(*id).map(|it| of_agreement(state, it)).unwrap_or_default(),
        Entity::Delivery(id) => state.delivery(*id).and_then(|it| of_delivery(it)).into_iter().collect(),
        Entity::Street
        | Entity::Rules
        | Entity::Category(_)
        | Entity::Place(_)
        | Entity::Organization(_)
        | Entity::Member(_)
        | Entity::Plan(_)
        | Entity::Bid(_)
        | Entity::Meeting(_)
        | Entity::Contact(_) => Vec::new(),
    }
}

fn of_need(need: &Need) -> Vec<(Kind, Moment, Due)> {
    let mut found = Vec::new();
    if need.end.is_some() || need.draft.entry.settled.is_some() || need.met.is_some() {
        return found;
    }
    let due = Due::Need(need.id);
    if need.replied.is_none() && need.reply_overdue.is_none() {
        found.push((Kind::Reply, need.posted, due));
    }
    if need.stale.is_none() && need.is_open() {
        found.push((Kind::Confirmed, need.confirmed, due));
    }
    if let Some(to) = need.draft.entry.window.to
        && need.tally.reserved() == 0
    {
        found.push((Kind::WindowEnd, after(to), due));
    }
    found
}

fn of_resource(resource: &Resource) -> Vec<(Kind, Moment, Due)> {
    let mut found = Vec::new();
    if resource.end.is_some() || resource.draft.entry.settled.is_some() {
        return found;
    }
    let due = Due::Resource(resource.id);
    if resource.stale.is_none() {
        found.push((Kind::Confirmed, resource.confirmed, due));
    }
    if let Some(to) = resource.draft.entry.window.to
        && resource.tally.claimed == 0
        && resource.tally.agreed == resource.tally.accepted
    {
        found.push((Kind::WindowEnd, after(to), due));
    }
    found
}

fn of_call(state: &State, target: Target) -> Option<(Kind, Moment, Due)> {
    let call: &Call = state.call(target)?;
    call.closed.is_none().then_some((Kind::Call, call.until, Due::Call(target)))
}

fn of_subject(state: &State, subject: Subject) -> impl Iterator<Item = (Kind, Moment, Due)> {
    state.agreements_of(subject).flat_map(|agreement| of_agreement(state, agreement))
}

fn of_agreement(state: &State, agreement: &Agreement) -> Vec<(Kind, Moment, Due)> {
    let goes_on = match agreement.subject {
        Subject::Project(project) => state.project(project).is_some_and(|it| it.is_open()),
        Subject::Pairing(pairing) => {
            state.pairing(pairing).is_some_and(|it| matches!(it.status, PairingStatus::Agreed { .. }))
        }
    };
    let Some(version) = agreement.in_force().filter(|_| goes_on) else {
        return Vec::new();
    };
    let open = version.terms.milestones.iter().filter(|milestone| {
        let reached = agreement.milestones.get(&milestone.number);
        reached.is_none_or(|reached| reached.at.is_none() && reached.overdue.is_none())
    });
    open.map(|milestone| {
        (Kind::Milestone, after(milestone.due), Due::Milestone(agreement.id, milestone.number))
    })
    .collect()
}

fn of_delivery(delivery: &Delivery) -> Option<(Kind, Moment, Due)> {
    let waits = delivery.status == DeliveryStatus::Recorded && delivery.overdue.is_none();
    waits.then_some((Kind::Confirmation, delivery.recorded, Due::Delivery(delivery.id)))
}

/// Midnight UTC after a day.
pub(super) fn after(day: NaiveDate) -> Moment {
    let next = day.succ_opt().unwrap_or(day);
    Moment::from_millis(next.and_time(NaiveTime::MIN).and_utc().timestamp_millis())
}
