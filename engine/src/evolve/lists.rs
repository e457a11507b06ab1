//! The three lists: what was posted, amended and taken back.

use super::{Recorded, change};
use crate::{
    entry::List,
    event::Event,
    need::{Need, NeedEnd},
    pairing::Tally,
    project::{Project, ProjectEnd},
    resource::{Resource, ResourceEnd},
    state::State,
};
use std::sync::Arc;

pub(super) fn evolve(state: &mut State, recorded: Recorded, event: &Event) {
    match event {
        Event::NeedPosted { need, draft } => {
            state.last.need = state.last.need.max(need.number());
            refer(state, List::Needs, draft.entry.reference.as_deref(), need.number());
            let posted = Need::posted(*need, draft.clone(), recorded.time);
            state.needs.insert(*need, Arc::new(posted));
        }
        Event::NeedAmended { need, draft } => {
            let old = state.needs.get(need).and_then(|need| need.draft.entry.reference.clone());
            unrefer(state, List::Needs, old.as_deref());
            refer(state, List::Needs, draft.entry.reference.as_deref(), need.number());
            change(&mut state.needs, need, |need| {
                need.draft = draft.clone();
                need.revision += 1;
                need.confirmed = recorded.time;
                need.stale = None;
                // Who asks for no more than it has got is met; who asks for more is not any longer.
                need.met = (need.tally.accepted >= need.asked()).then(|| need.met.unwrap_or(recorded.time));
            });
        }
        Event::NeedWithdrawn { need, reason } => {
            change(&mut state.needs, need, |need| {
                need.end = Some(NeedEnd::Withdrawn { reason: reason.clone() });
            });
        }
        Event::ResourcePosted { resource, draft } => {
            state.last.resource = state.last.resource.max(resource.number());
            refer(state, List::Resources, draft.entry.reference.as_deref(), resource.number());
            let posted = Resource::posted(*resource, draft.clone(), recorded.time);
            state.resources.insert(*resource, Arc::new(posted));
        }
        Event::ResourceAmended { resource, draft } => {
            let old =
                state.resources.get(resource).and_then(|resource| resource.draft.entry.reference.clone());
            unrefer(state, List::Resources, old.as_deref());
            refer(state, List::Resources, draft.entry.reference.as_deref(), resource.number());
            change(&mut state.resources, resource, |resource| {
                resource.draft = draft.clone();
                resource.revision += 1;
                resource.confirmed = recorded.time;
                resource.stale = None;
            });
        }
        Event::ResourceWithdrawn { resource, reason } => {
            change(&mut state.resources, resource, |resource| {
                resource.end = Some(ResourceEnd::Withdrawn { reason: reason.clone() });
            });
        }
        Event::ProjectPosted { project, draft } => {
            state.last.project = state.last.project.max(project.number());
            refer(state, List::Projects, draft.entry.reference.as_deref(), project.number());
            let posted = Project::posted(*project, draft.clone(), recorded.time);
            state.carriers.extend(draft.needs.iter().map(|need| (*need, *project)));
            state.projects.insert(*project, Arc::new(posted));
        }
        Event::ProjectAmended { project, draft } => {
            let (old, no_more) = state.projects.get(project).map_or((None, Vec::new()), |project| {
                (project.draft.entry.reference.clone(), project.draft.needs.clone())
            });
            for need in no_more {
                state.carriers.remove(&(need, *project));
            }
            state.carriers.extend(draft.needs.iter().map(|need| (*need, *project)));
            unrefer(state, List::Projects, old.as_deref());
            refer(state, List::Projects, draft.entry.reference.as_deref(), project.number());
            change(&mut state.projects, project, |project| {
                project.draft = draft.clone();
                project.tallies.resize(draft.slots.len(), Tally::default());
                project.revision += 1;
            });
        }
        Event::ProjectWithdrawn { project, reason } => {
            change(&mut state.projects, project, |project| {
                project.end = Some(ProjectEnd::Withdrawn { reason: reason.clone() });
            });
        }
        _ => {}
    }
}

fn refer(state: &mut State, list: List, reference: Option<&str>, number: u64) {
    if let Some(reference) = reference {
        state.references.insert((list, Arc::from(reference)), number);
    }
}

fn unrefer(state: &mut State, list: List, reference: Option<&str>) {
    if let Some(reference) = reference {
        state.references.remove(&(list, Arc::from(reference)));
    }
}
