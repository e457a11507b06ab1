//! Joint meetings 联席会: called with an agenda, decided item by item, closed with minutes.
//!
//! What is decided is done in the same commit, by the same events as if the sides had said it themselves: so the
//! chain of quantities and the life of a pairing are the same, whoever moves it. To bind somebody, that somebody has
//! to take part. What a meeting did not come to is written down as postponed when it closes.

use super::{
    check::{self, NAME_CHARS_MAX},
    claims, lists,
    pairings::{
        self, claimable, drawn_one_by_one, limit, make_room, open_supplier, open_target, status_name,
    },
};
use crate::{
    entry::{TEXT_CHARS_MAX, TITLE_CHARS_MAX},
    event::Event,
    history::Entity,
    identity::{MeetingId, PairingId, ProjectId},
    meeting::{
        Decision, ITEMS_MAX, Item, MINUTES_CHARS_MAX, Meeting, MeetingDraft, MeetingStatus, PARTICIPANTS_MAX,
    },
    moment::Moment,
    pairing::{Pairing, PairingStatus, PairingTerms, Side},
    quantity::AMOUNT_MAX,
    refusal::{Missing, Problem, Refusal},
    state::State,
};
use std::{collections::BTreeSet, sync::Arc};

pub(super) fn call(state: &State, draft: &MeetingDraft) -> Result<Vec<Event>, Refusal> {
    meeting_draft(state, draft, None)?;
    let meeting = MeetingId::new(state.last.meeting + 1);
    Ok(vec![Event::MeetingCalled { meeting, draft: draft.clone() }])
}

pub(super) fn amend(state: &State, id: MeetingId, draft: &MeetingDraft) -> Result<Vec<Event>, Refusal> {
    let meeting = called(state, id)?;
    meeting_draft(state, draft, Some(meeting))?;
    // What is decided stays on the agenda: the minutes would speak of nothing.
    let gone = meeting.decisions.iter().find(|decided| !draft.agenda.contains(&decided.item));
    if let Some(decided) = gone {
        return Err(Refusal::AlreadyDone { entity: decided.item.into() });
    }
    if meeting.draft == *draft {
        return Ok(Vec::new());
    }
    Ok(vec![Event::MeetingAmended { meeting: id, draft: draft.clone() }])
}

fn meeting_draft(state: &State, draft: &MeetingDraft, own: Option<&Meeting>) -> Result<(), Refusal> {
    check::text("title", &draft.title, TITLE_CHARS_MAX)?;
    check::optional_text("venue", draft.venue.as_deref(), TITLE_CHARS_MAX)?;
    let field = "participants";
    if draft.participants.is_empty() {
        return Err(Refusal::Invalid { field, problem: Problem::Empty });
    }
    if draft.participants.len() > PARTICIPANTS_MAX {
        return Err(Refusal::Invalid { field, problem: Problem::TooMany { max: PARTICIPANTS_MAX } });
    }
    let mut named = BTreeSet::new();
    for participant in &draft.participants {
        check::organization(state, field, *participant)?;
        if !named.insert(participant) {
            return Err(Refusal::Invalid { field, problem: Problem::NamedTwice });
        }
    }
    agenda(state, &draft.agenda, own.map_or(&[], |own| &own.draft.agenda))
}

/// Each item once; what is new on it can still be decided.
fn agenda(state: &State, items: &[Item], before: &[Item]) -> Result<(), Refusal> {
    let field = "agenda";
    if items.len() > ITEMS_MAX {
        return Err(Refusal::Invalid { field, problem: Problem::TooMany { max: ITEMS_MAX } });
    }
    let before: BTreeSet<Item> = before.iter().copied().collect();
    let mut named = BTreeSet::new();
    for item in items {
        if !named.insert(*item) {
            return Err(Refusal::Invalid { field, problem: Problem::NamedTwice });
        }
        if !before.contains(item) {
            undecided(state, field, *item)?;
        }
    }
    Ok(())
}

/// A pairing that is not agreed, a project that is not signed.
fn undecided(state: &State, field: &'static str, item: Item) -> Result<(), Refusal> {
    match item {
        Item::Pairing(id) => {
            let missing = Refusal::NotFound { field, missing: Missing::Pairing(id) };
            let pairing = state.pairing(id).ok_or(missing)?;
            match &pairing.status {
                PairingStatus::Proposed | PairingStatus::Claimed { .. } => Ok(()),
                over => {
                    let is = status_name(over);
                    Err(Refusal::PairingNot { pairing: id, wanted: "PROPOSED or CLAIMED", is })
                }
            }
        }
        Item::Project(id) => {
            let missing = Refusal::NotFound { field, missing: Missing::Project(id) };
            let project = state.project(id).ok_or(missing)?;
            if project.is_before_signing() {
                return Ok(());
            }
            let is = project.status().name();
            Err(Refusal::NotInState { entity: Entity::Project(id), wanted: "open and not signed yet", is })
        }
    }
}

pub(super) fn decide_item(
    state: &State,
    now: Moment,
    id: MeetingId,
    item: Item,
    decision: &Decision,
    note: Option<&str>,
) -> Result<Vec<Event>, Refusal> {
    let meeting = called(state, id)?;
    check::optional_text("note", note, TEXT_CHARS_MAX)?;
    if !meeting.draft.agenda.contains(&item) {
        return Err(Refusal::NotFound { field: "item", missing: Missing::Item(id) });
    }
    undecided(state, "item", item)?;
    let follows = match item {
        Item::Pairing(pairing) => of_pairing(state, now, meeting, pairing, decision, note)?,
        Item::Project(project) => of_project(state, meeting, project, decision, note)?,
    };
    let note = note.map(str::to_owned);
    let mut events = vec![Event::MeetingDecided { meeting: id, item, decision: decision.clone(), note }];
    events.extend(follows);
    Ok(events)
}

fn of_pairing(
    state: &State,
    now: Moment,
    meeting: &Meeting,
    id: PairingId,
    decision: &Decision,
    note: Option<&str>,
) -> Result<Vec<Event>, Refusal> {
    let pairing = pairings::existing(state, id)?;
    match decision {
        Decision::Agree => {
            let group = claims::group(state, pairing);
            for member in &group {
                both_sides_take_part(state, meeting, member)?;
            }
            let mut events = Vec::new();
            for member in group {
                events.extend(agreed(state, now, member)?);
            }
            Ok(events)
        }
        Decision::ChangeTerms { quantity, draws } => {
            both_sides_take_part(state, meeting, pairing)?;
            changed(state, now, pairing, *quantity, *draws, note)
        }
        Decision::Postpone => Ok(Vec::new()),
        Decision::Drop => {
            let reason = reason(note)?.to_owned();
            // Who has claimed it wanted it: the other side did not.
            let side = match pairing.status {
                PairingStatus::Claimed { by, .. } => by.other(),
                _ => Side::Asking,
            };
            Ok(vec![Event::PairingDeclined { pairing: id, side, reason }])
        }
    }
}

/// The claims that are missing to an agreement. Shares of one joint claim are of one target and of several suppliers,
/// and all of them are already counted in what is proposed for it: each may be judged by itself.
fn agreed(state: &State, now: Moment, pairing: &Pairing) -> Result<Vec<Event>, Refusal> {
    let id = pairing.id;
    match pairing.status {
        PairingStatus::Claimed { until, .. } if until <= now => Err(Refusal::ClaimLapsed { until }),
        PairingStatus::Claimed { by, .. } => Ok(vec![Event::PairingAgreed { pairing: id, side: by.other() }]),
        PairingStatus::Proposed => {
            let PairingTerms { target, supplier, quantity, draws, .. } = pairing.terms;
            claimable(state, target, supplier, quantity, draws)?;
            let until = limit(state, now, target);
            Ok(vec![
                Event::PairingClaimed { pairing: id, side: Side::Giving, until },
                Event::PairingAgreed { pairing: id, side: Side::Asking },
            ])
        }
        PairingStatus::Agreed { .. }
        | PairingStatus::Accepted { .. }
        | PairingStatus::Declined { .. }
        | PairingStatus::Lapsed { .. }
        | PairingStatus::Withdrawn { .. }
        | PairingStatus::Superseded => Ok(Vec::new()),
    }
}

/// Other amounts: what the pairing itself holds is free for it again.
fn changed(
    state: &State,
    now: Moment,
    pairing: &Pairing,
    quantity: u64,
    draws: u64,
    note: Option<&str>,
) -> Result<Vec<Event>, Refusal> {
    let PairingTerms { target, supplier, .. } = pairing.terms;
    let (held, drawn) = match pairing.status {
        PairingStatus::Claimed { until, .. } if until <= now => return Err(Refusal::ClaimLapsed { until }),
        PairingStatus::Claimed { .. } => (pairing.terms.quantity, pairing.terms.draws),
        _ => (0, 0),
    };
    let unserved = open_target(state, target)?.saturating_add(held);
    let remaining = open_supplier(state, supplier)?.saturating_add(drawn);
    let least = if drawn_one_by_one(state, target, supplier) { quantity } else { 1 };
    check::range("quantity", quantity, 1, AMOUNT_MAX)?;
    check::range("draws", draws, least, AMOUNT_MAX)?;
    if quantity > unserved {
        return Err(Refusal::MoreThanAsked { target, quantity, unserved });
    }
    if draws > remaining {
        return Err(Refusal::CapacityExceeded { supplier, draws, remaining });
    }
    if (quantity, draws) == (pairing.terms.quantity, pairing.terms.draws) {
        return Ok(Vec::new());
    }
    let mut events = make_room(state, target, unserved - quantity, &[pairing.id]);
    let reason = note.map(str::to_owned);
    events.push(Event::PairingChanged { pairing: pairing.id, quantity, draws, reason });
    Ok(events)
}

fn both_sides_take_part(state: &State, meeting: &Meeting, pairing: &Pairing) -> Result<(), Refusal> {
    let sides = [state.asking(pairing.terms.target), state.giving(pairing.terms.supplier)];
    let absent = sides.into_iter().flatten().find(|side| !meeting.draft.participants.contains(side));
    match absent {
        None => Ok(()),
        Some(organization) => Err(Refusal::NotAParty { organization, entity: Entity::Meeting(meeting.id) }),
    }
}

fn of_project(
    state: &State,
    meeting: &Meeting,
    id: ProjectId,
    decision: &Decision,
    note: Option<&str>,
) -> Result<Vec<Event>, Refusal> {
    let Some(project) = state.project(id) else {
        return Err(Refusal::NotFound { field: "item", missing: Missing::Project(id) });
    };
    match decision {
        Decision::Agree => {
            let organization = project.draft.entry.organization;
            if !meeting.draft.participants.contains(&organization) {
                return Err(Refusal::NotAParty { organization, entity: Entity::Meeting(meeting.id) });
            }
            if project.agreed.is_some() {
                return Err(Refusal::AlreadyDone { entity: Entity::Project(id) });
            }
            Ok(Vec::new())
        }
        // Its slots are amended by its poster, and each pairing of them is an item of its own.
        Decision::ChangeTerms { .. } => {
            Err(Refusal::NotInState { entity: Entity::Project(id), wanted: "a PAIRING", is: "PROJECT" })
        }
        Decision::Postpone => Ok(Vec::new()),
        Decision::Drop => lists::withdraw_project(state, id, reason(note)?),
    }
}

/// Whoever is dropped is told why.
fn reason(note: Option<&str>) -> Result<&str, Refusal> {
    let note = note.unwrap_or_default();
    check::text("note", note, NAME_CHARS_MAX)?;
    Ok(note)
}

pub(super) fn close(state: &State, id: MeetingId, minutes: &str) -> Result<Vec<Event>, Refusal> {
    let meeting = called(state, id)?;
    check::text("minutes", minutes, MINUTES_CHARS_MAX)?;
    let left = meeting
        .draft
        .agenda
        .iter()
        .copied()
        .filter(|item| meeting.decided(*item).is_none() && undecided(state, "agenda", *item).is_ok());
    let mut events: Vec<Event> = left
        .map(|item| Event::MeetingDecided { meeting: id, item, decision: Decision::Postpone, note: None })
        .collect();
    events.push(Event::MeetingClosed { meeting: id, minutes: minutes.to_owned() });
    Ok(events)
}

pub(super) fn cancel(state: &State, id: MeetingId, reason: &str) -> Result<Vec<Event>, Refusal> {
    let meeting = called(state, id)?;
    check::text("reason", reason, NAME_CHARS_MAX)?;
    if !meeting.decisions.is_empty() {
        let wanted = "CALLED with nothing decided yet";
        return Err(Refusal::NotInState { entity: Entity::Meeting(id), wanted, is: "DECIDED_IN_PART" });
    }
    Ok(vec![Event::MeetingCancelled { meeting: id, reason: reason.to_owned() }])
}

/// A meeting that is neither over nor cancelled.
fn called(state: &State, id: MeetingId) -> Result<&Arc<Meeting>, Refusal> {
    let Some(meeting) = state.meeting(id) else {
        return Err(Refusal::NotFound { field: "meeting", missing: Missing::Meeting(id) });
    };
    match meeting.status {
        MeetingStatus::Called => Ok(meeting),
        MeetingStatus::Closed { .. } | MeetingStatus::Cancelled { .. } => {
            let is = meeting.status.name();
            Err(Refusal::NotInState { entity: Entity::Meeting(id), wanted: "CALLED", is })
        }
    }
}
