//! How a project runs: started, resting, accepted as a whole, appraised, closed, or given up on the way.

use super::{
    agreements,
    check::{self, NAME_CHARS_MAX},
    closing, releasing,
};
use crate::{
    agreement::Subject,
    appraisal::Appraisal,
    entry::TEXT_CHARS_MAX,
    event::Event,
    history::Entity,
    identity::{NeedId, ProjectId},
    pairing::Target,
    project::{Project, ProjectStatus},
    refusal::{Missing, Refusal},
    state::State,
};
use std::sync::Arc;

/// What is written beside pairings and bids that end because their project, or the one that carries their need, is
/// accepted.
const ACCEPTED: &str = "项目已验收";

/// A project starts once it is signed. One that only carries micro-wishes needs no agreement; but one that is drafted
/// is signed first.
pub(super) fn start(state: &State, id: ProjectId) -> Result<Vec<Event>, Refusal> {
    let project = existing(state, id)?;
    match project.status() {
        ProjectStatus::Signed => {}
        ProjectStatus::Agreed
            if is_light(state, project) && agreements::live(state, Subject::Project(id)).is_none() => {}
        _ => return Err(not_in_state(project, "SIGNED")),
    }
    Ok(vec![Event::ProjectStarted { project: id }])
}

/// Whether a project takes the light path, as all the needs do that it carries.
fn is_light(state: &State, project: &Project) -> bool {
    let needs = &project.draft.needs;
    !needs.is_empty() && needs.iter().all(|need| state.need(*need).is_some_and(|need| need.is_light()))
}

pub(super) fn suspend(state: &State, id: ProjectId, reason: &str) -> Result<Vec<Event>, Refusal> {
    let project = existing(state, id)?;
    check::text("reason", reason, NAME_CHARS_MAX)?;
    match project.status() {
        ProjectStatus::Running | ProjectStatus::Delivered => {
            Ok(vec![Event::ProjectSuspended { project: id, reason: reason.to_owned() }])
        }
        _ => Err(not_in_state(project, "RUNNING")),
    }
}

pub(super) fn resume(state: &State, id: ProjectId) -> Result<Vec<Event>, Refusal> {
    let project = existing(state, id)?;
    match project.status() {
        ProjectStatus::Suspended => Ok(vec![Event::ProjectResumed { project: id }]),
        _ => Err(not_in_state(project, "SUSPENDED")),
    }
}

/// Accepts a project with what is delivered: in full, or short, when its raiser asks for no more. The rest is free
/// again, and the needs its slots stand for are struck off.
pub(super) fn accept(state: &State, id: ProjectId, note: Option<&str>) -> Result<Vec<Event>, Refusal> {
    let project = existing(state, id)?;
    check::optional_text("note", note, TEXT_CHARS_MAX)?;
    if !matches!(project.status(), ProjectStatus::Running | ProjectStatus::Delivered) {
        return Err(not_in_state(project, "RUNNING or DELIVERED"));
    }
    nothing_open(state, id)?;
    if !project.tallies.is_empty() && project.tallies.iter().all(|tally| tally.accepted == 0) {
        return Err(not_in_state(project, "DELIVERED, in part at least"));
    }
    let mut events = release_slots(state, project, ACCEPTED);
    events.push(Event::ProjectAccepted { project: id, note: note.map(str::to_owned) });
    if project.stands_for_its_needs() {
        for need in &project.draft.needs {
            events.extend(strike_off(state, *need, note));
        }
    }
    Ok(events)
}

/// Strikes a need off with the project that stood for it, unless it is over, or others still owe it something by an
/// agreement of its own: then it goes on by itself.
fn strike_off(state: &State, id: NeedId, note: Option<&str>) -> Vec<Event> {
    let Some(need) = state.need(id) else {
        return Vec::new();
    };
    let over = need.end.is_some() || need.met.is_some() || need.draft.entry.settled.is_some();
    if over || need.tally.agreed > need.tally.accepted {
        return Vec::new();
    }
    let target = Target::Need(id);
    let pairings = state.pairings_of_target(target);
    let mut events: Vec<Event> = pairings.flat_map(|pairing| releasing::release(pairing, ACCEPTED)).collect();
    events.extend(closing::invitation(state, target, ACCEPTED));
    events.push(Event::NeedStruckOff { need: id, note: note.map(str::to_owned) });
    events
}

pub(super) fn appraise(state: &State, id: ProjectId, appraisal: &Appraisal) -> Result<Vec<Event>, Refusal> {
    let project = existing(state, id)?;
    check::optional_text("note", appraisal.note.as_deref(), TEXT_CHARS_MAX)?;
    if project.appraised.is_some() {
        return Err(Refusal::AlreadyDone { entity: Entity::Project(id) });
    }
    match project.status() {
        ProjectStatus::Accepted => {
            Ok(vec![Event::ProjectAppraised { project: id, appraisal: appraisal.clone() }])
        }
        _ => Err(not_in_state(project, "ACCEPTED")),
    }
}

pub(super) fn close(state: &State, id: ProjectId) -> Result<Vec<Event>, Refusal> {
    let project = existing(state, id)?;
    match project.status() {
        ProjectStatus::Appraised => Ok(vec![Event::ProjectClosed { project: id }]),
        _ => Err(not_in_state(project, "APPRAISED")),
    }
}

/// Gives a project up. What was accepted stays with its givers; the rest, the agreement, and the needs it carried are
/// free again.
pub(super) fn fail(state: &State, id: ProjectId, reason: &str) -> Result<Vec<Event>, Refusal> {
    let project = existing(state, id)?;
    check::text("reason", reason, NAME_CHARS_MAX)?;
    match project.status() {
        ProjectStatus::Agreed
        | ProjectStatus::Signed
        | ProjectStatus::Running
        | ProjectStatus::Suspended
        | ProjectStatus::Delivered => {}
        _ => return Err(not_in_state(project, "AGREED, SIGNED or under way")),
    }
    nothing_open(state, id)?;
    let mut events = release_slots(state, project, reason);
    events.extend(releasing::void(state, Subject::Project(id), reason));
    events.push(Event::ProjectFailed { project: id, reason: reason.to_owned() });
    Ok(events)
}

fn nothing_open(state: &State, id: ProjectId) -> Result<(), Refusal> {
    state.pairings_of_project(id).try_for_each(|pairing| releasing::nothing_open(state, pairing))
}

/// Everything that is not accepted leaves the slots: pairings, bids, calls.
fn release_slots(state: &State, project: &Project, reason: &str) -> Vec<Event> {
    let pairings = state.pairings_of_project(project.id);
    let mut events: Vec<Event> = pairings.flat_map(|pairing| releasing::release(pairing, reason)).collect();
    for index in 0..project.draft.slots.len() {
        let target = Target::Slot(project.id, u16::try_from(index).unwrap_or(u16::MAX));
        events.extend(closing::invitation(state, target, reason));
    }
    events
}

fn existing(state: &State, id: ProjectId) -> Result<&Arc<Project>, Refusal> {
    state.project(id).ok_or(Refusal::NotFound { field: "project", missing: Missing::Project(id) })
}

fn not_in_state(project: &Project, wanted: &'static str) -> Refusal {
    Refusal::NotInState { entity: Entity::Project(project.id), wanted, is: project.status().name() }
}
