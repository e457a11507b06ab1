//! What a joint meeting had best talk about: the draft of an agenda, each item with why it is there.
//!
//! First what the last meetings put off, then the claims that wait for the other side, those that lapse soonest first,
//! then projects that are not signed, then proposals that nobody has claimed, urgent needs first. A light-path wish
//! 微心愿 needs no meeting, and what is on the agenda of a meeting that is called is not suggested again.

use crate::{
    identity::{MeetingId, NeedId, PairingId},
    meeting::{Decision, ITEMS_MAX, Item, MeetingStatus},
    moment::Moment,
    need::Urgency,
    pairing::{Pairing, PairingStatus, Side, Target},
    project::{Project, ProjectStatus},
    state::State,
};
use std::collections::BTreeSet;

/// An item and why it is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Suggested {
    /// What.
    pub item: Item,
    /// Why.
    pub why: Why,
}

/// Why an item is on a draft agenda.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// This meeting put it off.
    Postponed(MeetingId),
    /// One side has claimed, and the claim lapses then.
    Claimed {
        /// Which side.
        by: Side,
        /// When it lapses.
        until: Moment,
    },
    /// The project is agreed and waits for its signatures.
    ToBeSigned,
    /// The project is not agreed yet.
    ToBeAgreed,
    /// The pairing is proposed, and nobody has claimed it.
    Unclaimed,
}

/// Drafts the agenda of the next meeting: at most [`ITEMS_MAX`] items, each once.
pub fn draft(state: &State) -> Vec<Suggested> {
    let mut taken: BTreeSet<Item> = state
        .meetings()
        .filter(|meeting| meeting.status == MeetingStatus::Called)
        .flat_map(|meeting| meeting.draft.agenda.iter().copied())
        .collect();
    let mut agenda = Vec::new();
    let sections = [postponed, claimed, projects, unclaimed];
    for suggested in sections.into_iter().flat_map(|section| section(state)) {
        if agenda.len() < ITEMS_MAX && taken.insert(suggested.item) {
            agenda.push(suggested);
        }
    }
    agenda
}

/// What the meetings that were held put off and none decided since, in the order of the last one's agenda.
fn postponed(state: &State) -> Vec<Suggested> {
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    let held = state.meetings().rev().filter(|it| matches!(it.status, MeetingStatus::Closed { .. }));
    for meeting in held {
        for item in &meeting.draft.agenda {
            let Some(decided) = meeting.decided(*item) else {
                continue;
            };
            let put_off = seen.insert(*item) && decided.decision == Decision::Postpone;
            if put_off && waits(state, *item) {
                found.push(Suggested { item: *item, why: Why::Postponed(meeting.id) });
            }
        }
    }
    found
}

/// Whether a meeting could still decide of it.
fn waits(state: &State, item: Item) -> bool {
    match item {
        Item::Pairing(id) => state
            .pairing(id)
            .is_some_and(|it| matches!(it.status, PairingStatus::Proposed | PairingStatus::Claimed { .. })),
        Item::Project(id) => state.project(id).is_some_and(|it| it.is_before_signing()),
    }
}

fn claimed(state: &State) -> Vec<Suggested> {
    let due = state.claims_due().filter_map(|(_, id)| state.pairing(id));
    let due = due.filter(|pairing| !is_light(state, pairing));
    due.filter_map(|pairing| match pairing.status {
        PairingStatus::Claimed { by, until } => {
            Some(Suggested { item: Item::Pairing(pairing.id), why: Why::Claimed { by, until } })
        }
        _ => None,
    })
    .collect()
}

/// Those that only wait for signatures first.
fn projects(state: &State) -> Vec<Suggested> {
    let open = || state.projects().filter(|project| project.is_before_signing());
    let agreed = |project: &Project| project.status() == ProjectStatus::Agreed;
    let to_be_signed = open().filter(|it| agreed(it)).map(|it| (it.id, Why::ToBeSigned));
    let to_be_agreed = open().filter(|it| !agreed(it)).map(|it| (it.id, Why::ToBeAgreed));
    let all = to_be_signed.chain(to_be_agreed);
    all.map(|(project, why)| Suggested { item: Item::Project(project), why }).collect()
}

fn unclaimed(state: &State) -> Vec<Suggested> {
    let mut found: Vec<(Urgency, PairingId)> = state
        .proposed()
        .filter(|pairing| !is_light(state, pairing))
        .map(|pairing| (urgency(state, pairing.terms.target), pairing.id))
        .collect();
    found.sort_unstable();
    found
        .into_iter()
        .map(|(_, pairing)| Suggested { item: Item::Pairing(pairing), why: Why::Unclaimed })
        .collect()
}

fn need(target: Target) -> Option<NeedId> {
    match target {
        Target::Need(need) => Some(need),
        Target::Slot(..) => None,
    }
}

fn is_light(state: &State, pairing: &Pairing) -> bool {
    need(pairing.terms.target).and_then(|need| state.need(need)).is_some_and(|need| need.is_light())
}

fn urgency(state: &State, target: Target) -> Urgency {
    let said = need(target).and_then(|need| state.need(need)).and_then(|need| need.draft.urgency);
    said.unwrap_or(Urgency::Normal)
}
