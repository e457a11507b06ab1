//! What becomes of entries beside pairings: review, carrying over, confirmation, expiry, pauses, the end.

use super::{Recorded, change, records};
use crate::{
    appraisal::Appraised,
    event::Event,
    identity::NeedId,
    need::{CarriedOver, Need, NeedEnd, Review},
    pairing::Target,
    resource::ResourceEnd,
    state::State,
};
use std::sync::Arc;

pub(super) fn evolve(state: &mut State, recorded: Recorded, event: &Event) {
    let at = recorded.time;
    match event {
        Event::ReviewAsked { need } => of_need(state, need, |it| it.review = Review::Waiting),
        Event::NeedVerified { need } => of_need(state, need, |it| {
            it.review = Review::Verified { at };
            it.replied = it.replied.or(Some(at));
        }),
        Event::NeedRejected { need, ground, note } => of_need(state, need, |it| {
            it.end = Some(NeedEnd::Rejected { ground: ground.clone(), note: note.clone(), at });
            it.replied = it.replied.or(Some(at));
        }),
        Event::NeedMerged { need, into } => of_need(state, need, |it| {
            it.end = Some(NeedEnd::Merged { into: *into, at });
            it.replied = it.replied.or(Some(at));
        }),
        Event::NeedCarriedOver { need, into, reason } => of_need(state, need, |it| {
            it.carried_over.push(CarriedOver { into: *into, reason: reason.clone(), at });
        }),
        Event::NeedExpired { need } => of_need(state, need, |it| it.end = Some(NeedEnd::Expired { at })),
        Event::NeedStruckOff { need, note } => of_need(state, need, |it| {
            it.end = Some(NeedEnd::StruckOff { note: note.clone(), at });
            it.replied = it.replied.or(Some(at));
            it.met = it.met.or(Some(at));
        }),
        Event::NeedAppraised { need, appraisal } => {
            let given: Vec<_> = state.pairings_of_target(Target::Need(*need)).map(Arc::clone).collect();
            records::appraised(state, given, appraisal.grade);
            of_need(state, need, |it| it.appraised = Some(Appraised { appraisal: appraisal.clone(), at }));
        }
        Event::NeedWentStale { need } => of_need(state, need, |it| it.stale = Some(at)),
        Event::NeedReconfirmed { need } => of_need(state, need, |it| {
            it.confirmed = at;
            it.stale = None;
        }),
        Event::ReplyFellOverdue { need } => of_need(state, need, |it| it.reply_overdue = Some(at)),
        Event::ResourcePaused { resource, reason } => {
            change(&mut state.resources, resource, |it| it.paused = Some(reason.clone()));
        }
        Event::ResourceResumed { resource } => change(&mut state.resources, resource, |it| it.paused = None),
        Event::ResourceExpired { resource } => {
            change(&mut state.resources, resource, |it| it.end = Some(ResourceEnd::Expired { at }));
        }
        Event::ResourceWentStale { resource } => {
            change(&mut state.resources, resource, |it| it.stale = Some(at));
        }
        Event::ResourceReconfirmed { resource } => change(&mut state.resources, resource, |it| {
            it.confirmed = at;
            it.stale = None;
        }),
        _ => {}
    }
}

fn of_need(state: &mut State, need: &NeedId, apply: impl FnOnce(&mut Need)) {
    change(&mut state.needs, need, apply);
}
