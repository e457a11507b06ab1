//! What becomes of entries beside pairings: review, carrying over, striking off, appraisal, confirmation, pauses.
//!
//! A review is an answer 答复, so a need may be verified although nobody asked for it. Whatever ends a need waits until
//! nothing agreed of it is owed; claims and proposals go with it. Merging stands in a file of its own.

use super::{
    check::{self, NAME_CHARS_MAX},
    closing,
};
use crate::{
    appraisal::Appraisal,
    delivery::{Delivery, DeliveryStatus},
    entry::TEXT_CHARS_MAX,
    event::Event,
    history::Entity,
    identity::{NeedId, ResourceId},
    moment::Moment,
    need::{Need, NeedEnd, NeedStatus, RejectionGround, Review},
    pairing::{Supplier, Target},
    period::Quarter,
    refusal::{Missing, Problem, Refusal},
    resource::{Resource, ResourceStatus},
    state::State,
};
use std::sync::Arc;

pub(super) fn verify(state: &State, id: NeedId) -> Result<Vec<Event>, Refusal> {
    let need = existing(state, id)?;
    check::goes_on(need)?;
    match need.review {
        Review::Verified { .. } => Err(Refusal::AlreadyDone { entity: Entity::Need(id) }),
        Review::NotAsked | Review::Waiting => Ok(vec![Event::NeedVerified { need: id }]),
    }
}

pub(super) fn reject(
    state: &State,
    id: NeedId,
    ground: &RejectionGround,
    note: Option<&str>,
) -> Result<Vec<Event>, Refusal> {
    let need = existing(state, id)?;
    check::goes_on(need)?;
    check::optional_text("note", note, TEXT_CHARS_MAX)?;
    match ground {
        RejectionGround::OthersDuty { party } => check::text("ground.party", party, NAME_CHARS_MAX)?,
        RejectionGround::DuplicateOf { need: other } if *other == id => {
            return Err(Refusal::Invalid { field: "ground.need", problem: Problem::NamesItself });
        }
        RejectionGround::DuplicateOf { need: other } if state.need(*other).is_none() => {
            return Err(Refusal::NotFound { field: "ground.need", missing: Missing::Need(*other) });
        }
        RejectionGround::Other if note.is_none() => {
            return Err(Refusal::Invalid { field: "note", problem: Problem::Empty });
        }
        RejectionGround::DuplicateOf { .. }
        | RejectionGround::GovernmentProject
        | RejectionGround::NotFeasible
        | RejectionGround::Other => {}
    }
    if need.tally.agreed > 0 {
        return Err(Refusal::StillAgreed { agreed: need.tally.agreed });
    }
    let rejected = Event::NeedRejected { need: id, ground: ground.clone(), note: note.map(str::to_owned) };
    Ok(with_what_goes(state, id, rejected, "不予受理"))
}

/// Into a quarter after the one it belongs to, and not into one that is over. A window that would end before is
/// lengthened to the end of that quarter: who takes a need along goes on asking.
pub(super) fn carry_over(
    state: &State,
    now: Moment,
    id: NeedId,
    into: Quarter,
    reason: &str,
) -> Result<Vec<Event>, Refusal> {
    let need = existing(state, id)?;
    check::still_asked(need)?;
    check::text("reason", reason, NAME_CHARS_MAX)?;
    check::range("into.quarter", into.quarter.into(), 1, 4)?;
    check::range("into.year", u64::try_from(into.year).unwrap_or(0), 2000, 2200)?;
    let offset = state.rules().utc_offset_minutes;
    if into <= need.period(offset) || into < Quarter::of(now.date(offset)) {
        return Err(Refusal::NotAhead { field: "into" });
    }
    let mut events = vec![Event::NeedCarriedOver { need: id, into, reason: reason.to_owned() }];
    if let (Some(to), Some((first, last))) = (need.draft.entry.window.to, into.days())
        && to < first
    {
        let mut draft = need.draft.clone();
        draft.entry.window.to = Some(last);
        events.push(Event::NeedAmended { need: id, draft });
    }
    Ok(events)
}

/// 销号. A need that is not met in full may still be done with, if somebody says how it was settled.
pub(super) fn strike_off(state: &State, id: NeedId, note: Option<&str>) -> Result<Vec<Event>, Refusal> {
    let need = existing(state, id)?;
    if let Some(NeedEnd::StruckOff { .. }) = need.end {
        return Err(Refusal::AlreadyDone { entity: Entity::Need(id) });
    }
    check::goes_on(need)?;
    check::optional_text("note", note, TEXT_CHARS_MAX)?;
    let owed = need.tally.agreed.saturating_sub(need.tally.delivered);
    if owed > 0 {
        return Err(Refusal::StillAgreed { agreed: owed });
    }
    if let Some(delivery) = unanswered(state, id) {
        return Err(Refusal::DeliveryOpen { delivery: delivery.id });
    }
    if note.is_none() && need.tally.accepted < need.asked() {
        return Err(Refusal::Invalid { field: "note", problem: Problem::Empty });
    }
    let struck = Event::NeedStruckOff { need: id, note: note.map(str::to_owned) };
    Ok(with_what_goes(state, id, struck, "销号"))
}

/// A delivery to this need that its receiver has not confirmed and its giver not withdrawn.
fn unanswered(state: &State, need: NeedId) -> Option<&Arc<Delivery>> {
    state
        .pairings_of_target(Target::Need(need))
        .filter(|pairing| pairing.status.is_live())
        .flat_map(|pairing| state.deliveries_of(pairing.id))
        .find(|it| matches!(it.status, DeliveryStatus::Recorded | DeliveryStatus::Disputed { .. }))
}

pub(super) fn appraise(state: &State, id: NeedId, appraisal: &Appraisal) -> Result<Vec<Event>, Refusal> {
    let need = existing(state, id)?;
    check::optional_text("note", appraisal.note.as_deref(), TEXT_CHARS_MAX)?;
    match need.status() {
        NeedStatus::Met => Ok(vec![Event::NeedAppraised { need: id, appraisal: appraisal.clone() }]),
        NeedStatus::Appraised => Err(Refusal::AlreadyDone { entity: Entity::Need(id) }),
        other => Err(Refusal::NotInState { entity: Entity::Need(id), wanted: "MET", is: other.name() }),
    }
}

pub(super) fn reconfirm_need(state: &State, id: NeedId) -> Result<Vec<Event>, Refusal> {
    check::still_asked(existing(state, id)?)?;
    Ok(vec![Event::NeedReconfirmed { need: id }])
}

/// Claims stand; what nobody has claimed makes room.
pub(super) fn pause(state: &State, id: ResourceId, reason: &str) -> Result<Vec<Event>, Refusal> {
    let resource = offered(state, id)?;
    check::text("reason", reason, NAME_CHARS_MAX)?;
    if resource.paused.is_some() {
        return Err(Refusal::AlreadyDone { entity: Entity::Resource(id) });
    }
    let mut events = vec![Event::ResourcePaused { resource: id, reason: reason.to_owned() }];
    events.extend(closing::proposals(state.pairings_of_supplier(Supplier::Resource(id))));
    Ok(events)
}

pub(super) fn resume(state: &State, id: ResourceId) -> Result<Vec<Event>, Refusal> {
    let resource = offered(state, id)?;
    if resource.paused.is_none() {
        let entity = Entity::Resource(id);
        return Err(Refusal::NotInState { entity, wanted: "PAUSED", is: resource.status().name() });
    }
    Ok(vec![Event::ResourceResumed { resource: id }])
}

pub(super) fn reconfirm_resource(state: &State, id: ResourceId) -> Result<Vec<Event>, Refusal> {
    offered(state, id)?;
    Ok(vec![Event::ResourceReconfirmed { resource: id }])
}

/// The end of a need, and what goes with it.
fn with_what_goes(state: &State, need: NeedId, end: Event, reason: &str) -> Vec<Event> {
    let mut events = vec![end];
    events.extend(closing::of_target(state, Target::Need(need), reason));
    events
}

fn existing(state: &State, id: NeedId) -> Result<&Arc<Need>, Refusal> {
    state.need(id).ok_or(Refusal::NotFound { field: "need", missing: Missing::Need(id) })
}

/// A resource that has not ended and is in its owner's hands.
fn offered(state: &State, id: ResourceId) -> Result<&Arc<Resource>, Refusal> {
    let resource =
        state.resource(id).ok_or(Refusal::NotFound { field: "resource", missing: Missing::Resource(id) })?;
    check::still_offered(resource)?;
    match resource.status() {
        ResourceStatus::Settled => Err(Refusal::NotInState {
            entity: Entity::Resource(id),
            wanted: "not settled",
            is: ResourceStatus::Settled.name(),
        }),
        ResourceStatus::Open
        | ResourceStatus::Exhausted
        | ResourceStatus::Paused
        | ResourceStatus::Expired
        | ResourceStatus::Withdrawn => Ok(resource),
    }
}
