//! Calls, bids and joint meetings. What a choice or a decision does to a pairing is an event of its own.

use super::{Recorded, change};
use crate::{
    bid::{Bid, BidStatus, Call},
    event::Event,
    identity::MeetingId,
    meeting::{Decided, Decision, Item, Meeting, MeetingDraft, MeetingStatus},
    state::State,
};
use std::sync::Arc;

pub(super) fn evolve(state: &mut State, recorded: Recorded, event: &Event) {
    let at = recorded.time;
    match event {
        Event::CallOpened { target, until, note } => {
            let call = Call { target: *target, opened: at, until: *until, note: note.clone(), closed: None };
            state.calls.insert(*target, Arc::new(call));
        }
        Event::CallClosed { target } => change(&mut state.calls, target, |call| call.closed = Some(at)),
        Event::BidPlaced { bid, draft } => {
            state.last.bid = state.last.bid.max(bid.number());
            state.bids_of_target.insert((draft.target, *bid));
            state.bids_of_supplier.insert((draft.supplier, *bid));
            let placed = Bid { id: *bid, draft: draft.clone(), placed: at, status: BidStatus::Waiting };
            state.bids.insert(*bid, Arc::new(placed));
        }
        Event::BidWithdrawn { bid, reason } => change(&mut state.bids, bid, |it| {
            it.status = BidStatus::Withdrawn { reason: reason.clone(), at };
        }),
        Event::BidDeclined { bid, reason } => change(&mut state.bids, bid, |it| {
            it.status = BidStatus::Declined { reason: reason.clone(), at };
        }),
        Event::BidChosen { bid, pairing, reason } => change(&mut state.bids, bid, |it| {
            it.status = BidStatus::Chosen { pairing: *pairing, reason: reason.clone(), at };
        }),
        Event::MeetingCalled { meeting, draft } => {
            state.last.meeting = state.last.meeting.max(meeting.number());
            discuss(state, recorded, *meeting, draft);
            let called = Meeting {
                id: *meeting,
                draft: draft.clone(),
                called: at,
                decisions: Vec::new(),
                status: MeetingStatus::Called,
            };
            state.meetings.insert(*meeting, Arc::new(called));
        }
        Event::MeetingAmended { meeting, draft } => {
            for item in state.meetings.get(meeting).map(|it| it.draft.agenda.clone()).into_iter().flatten() {
                state.meetings_on.remove(&(item, *meeting));
            }
            discuss(state, recorded, *meeting, draft);
            of_meeting(state, meeting, |it| it.draft = draft.clone());
        }
        Event::MeetingDecided { meeting, item, decision, note } => {
            if let (Item::Project(project), Decision::Agree) = (item, decision) {
                change(&mut state.projects, project, |project| project.agreed = project.agreed.or(Some(at)));
            }
            let decided = Decided { item: *item, decision: decision.clone(), note: note.clone(), at };
            of_meeting(state, meeting, |it| it.decisions.push(decided));
        }
        Event::MeetingClosed { meeting, minutes } => {
            of_meeting(state, meeting, |it| {
                it.status = MeetingStatus::Closed { minutes: minutes.clone(), at }
            });
        }
        Event::MeetingCancelled { meeting, reason } => {
            of_meeting(state, meeting, |it| it.status = MeetingStatus::Cancelled { reason: reason.clone() });
        }
        _ => {}
    }
}

/// What is on an agenda is under discussion.
fn discuss(state: &mut State, recorded: Recorded, meeting: MeetingId, draft: &MeetingDraft) {
    for item in &draft.agenda {
        state.meetings_on.insert((*item, meeting));
        if let Item::Project(project) = item {
            change(&mut state.projects, project, |it| it.discussed = it.discussed.or(Some(recorded.time)));
        }
    }
}

fn of_meeting(state: &mut State, meeting: &MeetingId, apply: impl FnOnce(&mut Meeting)) {
    change(&mut state.meetings, meeting, apply);
}
