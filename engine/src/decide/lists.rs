//! Decisions about the three lists: post, amend, withdraw.

use super::{
    check::{self, NAME_CHARS_MAX},
    closing, releasing,
};
use crate::{
    agreement::Subject,
    entry::{List, TEXT_CHARS_MAX, TITLE_CHARS_MAX},
    event::Event,
    history::Entity,
    identity::{NeedId, PairingId, ProjectId, ResourceId},
    member::Caller,
    need::{Need, NeedDraft, NeedStatus, Review, Urgency},
    organization::OrganizationKind,
    pairing::{Pairing, PairingStatus, Supplier, Tally, Target},
    project::{NEEDS_MAX, ProjectDraft, SLOTS_MAX},
    quantity::{AMOUNT_MAX, Measure, Quantity},
    refusal::{Missing, Problem, Refusal},
    resource::ResourceDraft,
    rules::ReviewRule,
    state::State,
};
use std::{collections::BTreeSet, sync::Arc};

/// Why bids go when what they were counted in is said otherwise.
const COUNTED_OTHERWISE: &str = "清单改了计量方式，原揭榜数量不再适用";

/// The most places one resource may name as served.
const SERVES_MAX: usize = 200;

fn need_draft(state: &State, draft: &NeedDraft, own: Option<NeedId>) -> Result<(), Refusal> {
    check::entry(state, List::Needs, &draft.entry, own.map(NeedId::number))?;
    draft.ceiling.map_or(Ok(()), |ceiling| check::range("ceiling", ceiling, 0, AMOUNT_MAX))
}

pub(super) fn post_need(state: &State, caller: Caller, draft: &NeedDraft) -> Result<Vec<Event>, Refusal> {
    need_draft(state, draft, None)?;
    let need = NeedId::new(state.last.need + 1);
    let mut events = vec![Event::NeedPosted { need, draft: draft.clone() }];
    if is_reviewed(state, caller, draft) {
        events.push(Event::ReviewAsked { need });
    }
    Ok(events)
}

/// Whether a need waits for its review before it is matched. An emergency cannot wait, and an imported list,
/// which comes in as the system, was looked at by whoever made it.
fn is_reviewed(state: &State, caller: Caller, draft: &NeedDraft) -> bool {
    if draft.urgency == Some(Urgency::Emergency) || caller == Caller::System {
        return false;
    }
    match state.rules().limits.review {
        ReviewRule::None => false,
        ReviewRule::All => true,
        ReviewRule::Others => {
            let poster = state.organization(draft.entry.organization).map(|poster| poster.draft.kind);
            !matches!(poster, Some(OrganizationKind::Community | OrganizationKind::StreetOffice))
        }
    }
}

/// Whether a need that was an emergency, and so not looked at, waits for its review now that it is none. What is agreed
/// already has been looked at by both who agreed it.
fn is_reviewed_after_all(state: &State, caller: Caller, need: &Need, draft: &NeedDraft) -> bool {
    need.draft.urgency == Some(Urgency::Emergency)
        && need.review == Review::NotAsked
        && need.tally.agreed == 0
        && is_reviewed(state, caller, draft)
}

pub(super) fn amend_need(
    state: &State,
    caller: Caller,
    id: NeedId,
    revision: u64,
    draft: &NeedDraft,
) -> Result<Vec<Event>, Refusal> {
    let Some(need) = state.need(id) else {
        return Err(Refusal::NotFound { field: "need", missing: Missing::Need(id) });
    };
    check::revision(revision, need.revision)?;
    check::goes_on(need)?;
    // What is met is over: more of it is another need.
    if matches!(need.status(), NeedStatus::Met | NeedStatus::Appraised) {
        let is = need.status().name();
        return Err(Refusal::NotInState { entity: Entity::Need(id), wanted: "not met", is });
    }
    need_draft(state, draft, Some(id))?;
    if need.draft == *draft {
        return Ok(Vec::new());
    }
    keep_apart(state.pairings_of_target(Target::Need(id)), |pairing| {
        state.giving(pairing.terms.supplier) == Some(draft.entry.organization)
    })?;
    let same_measure = measure_kept(need.draft.entry.quantity.as_ref(), draft.entry.quantity.as_ref());
    shrink(need.tally, draft.entry.amount(), same_measure)?;
    let mut events = vec![Event::NeedAmended { need: id, draft: draft.clone() }];
    let live = state.pairings_of_target(Target::Need(id));
    events.extend(supersede(live, need.tally, draft.entry.amount(), same_measure, |pairing| {
        pairing.terms.quantity
    }));
    if !same_measure {
        events.extend(closing::invitation(state, Target::Need(id), COUNTED_OTHERWISE));
    }
    if is_reviewed_after_all(state, caller, need, draft) {
        events.push(Event::ReviewAsked { need: id });
        let gone: BTreeSet<PairingId> = events.iter().filter_map(superseded).collect();
        let standing = closing::proposals(state.pairings_of_target(Target::Need(id)));
        events.extend(
            standing.into_iter().filter(|event| superseded(event).is_none_or(|it| !gone.contains(&it))),
        );
    }
    Ok(events)
}

const fn superseded(event: &Event) -> Option<PairingId> {
    match event {
        Event::PairingSuperseded { pairing } => Some(*pairing),
        _ => None,
    }
}

pub(super) fn withdraw_need(state: &State, id: NeedId, reason: &str) -> Result<Vec<Event>, Refusal> {
    let Some(need) = state.need(id) else {
        return Err(Refusal::NotFound { field: "need", missing: Missing::Need(id) });
    };
    check::goes_on(need)?;
    withdrawable(reason, need.tally.agreed)?;
    let mut events = vec![Event::NeedWithdrawn { need: id, reason: reason.to_owned() }];
    events.extend(closing::of_target(state, Target::Need(id), reason));
    Ok(events)
}

fn resource_draft(state: &State, draft: &ResourceDraft, own: Option<ResourceId>) -> Result<(), Refusal> {
    check::entry(state, List::Resources, &draft.entry, own.map(ResourceId::number))?;
    if let Some(lots) = draft.lots {
        check::range("lots", lots, 1, AMOUNT_MAX)?;
    }
    if draft.serves.len() > SERVES_MAX {
        return Err(Refusal::Invalid { field: "serves", problem: Problem::TooMany { max: SERVES_MAX } });
    }
    for place in &draft.serves {
        check::place(state, "serves", *place)?;
    }
    check::optional_text("conditions", draft.conditions.as_deref(), TEXT_CHARS_MAX)
}

pub(super) fn post_resource(state: &State, draft: &ResourceDraft) -> Result<Vec<Event>, Refusal> {
    resource_draft(state, draft, None)?;
    Ok(vec![Event::ResourcePosted {
        resource: ResourceId::new(state.last.resource + 1),
        draft: draft.clone(),
    }])
}

pub(super) fn amend_resource(
    state: &State,
    id: ResourceId,
    revision: u64,
    draft: &ResourceDraft,
) -> Result<Vec<Event>, Refusal> {
    let Some(resource) = state.resource(id) else {
        return Err(Refusal::NotFound { field: "resource", missing: Missing::Resource(id) });
    };
    check::revision(revision, resource.revision)?;
    check::still_offered(resource)?;
    resource_draft(state, draft, Some(id))?;
    if resource.draft == *draft {
        return Ok(Vec::new());
    }
    keep_apart(state.pairings_of_supplier(Supplier::Resource(id)), |pairing| {
        state.asking(pairing.terms.target) == Some(draft.entry.organization)
    })?;
    let same_count = resource.draft.counted() == draft.counted();
    shrink(resource.tally, draft.capacity(), same_count)?;
    let mut events = vec![Event::ResourceAmended { resource: id, draft: draft.clone() }];
    let live = state.pairings_of_supplier(Supplier::Resource(id));
    events
        .extend(supersede(live, resource.tally, draft.capacity(), same_count, |pairing| pairing.terms.draws));
    if !same_count {
        events.extend(closing::offers(state, Supplier::Resource(id), COUNTED_OTHERWISE));
    }
    Ok(events)
}

pub(super) fn withdraw_resource(state: &State, id: ResourceId, reason: &str) -> Result<Vec<Event>, Refusal> {
    let Some(resource) = state.resource(id) else {
        return Err(Refusal::NotFound { field: "resource", missing: Missing::Resource(id) });
    };
    check::still_offered(resource)?;
    withdrawable(reason, resource.tally.agreed - resource.tally.accepted)?;
    let mut events = vec![Event::ResourceWithdrawn { resource: id, reason: reason.to_owned() }];
    events.extend(closing::of_supplier(state, Supplier::Resource(id), reason));
    Ok(events)
}

fn project_draft(state: &State, draft: &ProjectDraft, own: Option<ProjectId>) -> Result<(), Refusal> {
    check::entry(state, List::Projects, &draft.entry, own.map(ProjectId::number))?;
    if draft.slots.len() > SLOTS_MAX {
        return Err(Refusal::Invalid { field: "slots", problem: Problem::TooMany { max: SLOTS_MAX } });
    }
    if let Some(required) = draft.required {
        check::range("required", required.into(), 1, (draft.slots.len() as u64).max(1))?;
    }
    for slot in &draft.slots {
        check::text("slots.title", &slot.title, TITLE_CHARS_MAX)?;
        check::categorized(state, slot.category.as_ref())
            .and_then(|()| check::quantity(slot.quantity.as_ref()))
            .and_then(|()| check::window(&slot.window))
            .map_err(of_slots)?;
    }
    carried_needs(state, draft, own)
}

/// What is wrong with a part of an entry, said of the same part of a slot.
fn of_slots(refusal: Refusal) -> Refusal {
    let of_slots = |field| match field {
        "confidence" => "slots.confidence",
        "category" => "slots.category",
        "quantity" => "slots.quantity",
        "unit" => "slots.unit",
        "window" => "slots.window",
        "hours.from" => "slots.hours.from",
        "hours.to" => "slots.hours.to",
        "weekdays" => "slots.weekdays",
        other => other,
    };
    match refusal {
        Refusal::Invalid { field, problem } => Refusal::Invalid { field: of_slots(field), problem },
        Refusal::NotFound { field, missing } => Refusal::NotFound { field: of_slots(field), missing },
        other => other,
    }
}

/// Each need is there, is named once, and has no other open project that carries it.
fn carried_needs(state: &State, draft: &ProjectDraft, own: Option<ProjectId>) -> Result<(), Refusal> {
    let field = "needs";
    if draft.needs.len() > NEEDS_MAX {
        return Err(Refusal::Invalid { field, problem: Problem::TooMany { max: NEEDS_MAX } });
    }
    let open = draft.entry.settled.is_none();
    let mut named = BTreeSet::new();
    for need in draft.needs.iter().copied() {
        if state.need(need).is_none() {
            return Err(Refusal::NotFound { field, missing: Missing::Need(need) });
        }
        if !named.insert(need) {
            return Err(Refusal::Invalid { field, problem: Problem::NamedTwice });
        }
        if let Some(by) = state.carrier(need).map(|project| project.id)
            && open
            && Some(by) != own
        {
            return Err(Refusal::NeedCarried { need, by });
        }
    }
    Ok(())
}

pub(super) fn post_project(state: &State, draft: &ProjectDraft) -> Result<Vec<Event>, Refusal> {
    project_draft(state, draft, None)?;
    Ok(vec![Event::ProjectPosted { project: ProjectId::new(state.last.project + 1), draft: draft.clone() }])
}

pub(super) fn amend_project(
    state: &State,
    id: ProjectId,
    revision: u64,
    draft: &ProjectDraft,
) -> Result<Vec<Event>, Refusal> {
    let Some(project) = state.project(id) else {
        return Err(Refusal::NotFound { field: "project", missing: Missing::Project(id) });
    };
    check::revision(revision, project.revision)?;
    check::not_ended(project)?;
    project_draft(state, draft, Some(id))?;
    if project.draft == *draft {
        return Ok(Vec::new());
    }
    let mut superseded = Vec::new();
    for (index, (old, tally)) in project.draft.slots.iter().zip(&project.tallies).enumerate() {
        let new = draft.slots.get(index);
        let left = new.map_or(0, |slot| slot.asked());
        let same = new.is_none_or(|slot| measure_kept(old.quantity.as_ref(), slot.quantity.as_ref()));
        shrink(*tally, left, same)?;
        let target = Target::Slot(id, u16::try_from(index).unwrap_or(u16::MAX));
        keep_apart(state.pairings_of_target(target), |pairing| {
            state.giving(pairing.terms.supplier) == Some(draft.entry.organization)
        })?;
        superseded.extend(supersede(state.pairings_of_target(target), *tally, left, same, |pairing| {
            pairing.terms.quantity
        }));
        if new.is_none() || !same {
            superseded.extend(closing::invitation(state, target, COUNTED_OTHERWISE));
        }
    }
    // Proposals leave before the slots they were made for.
    superseded.push(Event::ProjectAmended { project: id, draft: draft.clone() });
    Ok(superseded)
}

pub(super) fn withdraw_project(state: &State, id: ProjectId, reason: &str) -> Result<Vec<Event>, Refusal> {
    let Some(project) = state.project(id) else {
        return Err(Refusal::NotFound { field: "project", missing: Missing::Project(id) });
    };
    check::not_begun(project)?;
    withdrawable(reason, project.tallies.iter().map(|tally| tally.agreed).sum())?;
    let mut events = vec![Event::ProjectWithdrawn { project: id, reason: reason.to_owned() }];
    for index in 0..project.draft.slots.len() {
        let target = Target::Slot(id, u16::try_from(index).unwrap_or(u16::MAX));
        events.extend(closing::of_target(state, target, reason));
    }
    events.extend(releasing::void(state, Subject::Project(id), reason));
    Ok(events)
}

/// Refuses to hand an entry over to an organization it is paired with.
fn keep_apart<'a>(
    mut pairings: impl Iterator<Item = &'a Arc<Pairing>>,
    with_new_owner: impl Fn(&Pairing) -> bool,
) -> Result<(), Refusal> {
    if pairings.any(|pairing| pairing.status.is_live() && with_new_owner(pairing)) {
        return Err(Refusal::SameOrganization);
    }
    Ok(())
}

/// Whether what was promised still means the same. No number means one whole thing.
fn measure_kept(old: Option<&Quantity>, new: Option<&Quantity>) -> bool {
    let measure = |quantity: Option<&Quantity>| quantity.map_or(Measure::Lot, |it| it.measure.clone());
    measure(old) == measure(new)
}

/// Refuses a change that would leave less than is promised, or count it otherwise.
const fn shrink(tally: Tally, left: u64, same_measure: bool) -> Result<(), Refusal> {
    let promised = tally.reserved();
    if promised > left {
        return Err(Refusal::BelowPromised { promised, left });
    }
    if promised > 0 && !same_measure {
        return Err(Refusal::PromisedOtherwise);
    }
    Ok(())
}

/// Takes proposals away, newest first, until the live ones fit in what is left; all of them when they
/// were counted in another measure.
fn supersede<'a>(
    pairings: impl DoubleEndedIterator<Item = &'a Arc<Pairing>>,
    tally: Tally,
    left: u64,
    same_measure: bool,
    amount: impl Fn(&Pairing) -> u64,
) -> Vec<Event> {
    let mut live = tally.live();
    let mut events = Vec::new();
    for pairing in pairings.rev() {
        if same_measure && live <= left {
            break;
        }
        if pairing.status == PairingStatus::Proposed {
            live = live.saturating_sub(amount(pairing));
            events.push(Event::PairingSuperseded { pairing: pairing.id });
        }
    }
    events
}

fn withdrawable(reason: &str, agreed: u64) -> Result<(), Refusal> {
    check::text("reason", reason, NAME_CHARS_MAX)?;
    if agreed > 0 { Err(Refusal::StillAgreed { agreed }) } else { Ok(()) }
}
