//! Agreements with their milestones, and how a project runs.

use super::{Recorded, change, records};
use crate::{
    agreement::{Agreement, Subject, Version},
    appraisal::Appraised,
    event::Event,
    identity::{AgreementId, ProjectId},
    project::{Project, ProjectEnd, Suspended},
    state::State,
};
use std::{collections::BTreeMap, sync::Arc};

pub(super) fn evolve(state: &mut State, recorded: Recorded, event: &Event) {
    let at = recorded.time;
    match event {
        Event::AgreementDrafted { agreement, subject, terms } => {
            state.last.agreement = state.last.agreement.max(agreement.number());
            state.agreements_of.insert((*subject, *agreement));
            let version = Version { terms: terms.clone(), drafted: at, signatures: BTreeMap::new() };
            let drafted = Agreement {
                id: *agreement,
                subject: *subject,
                versions: vec![version],
                milestones: BTreeMap::new(),
                withdrawn: None,
            };
            state.agreements.insert(*agreement, Arc::new(drafted));
        }
        Event::AgreementAmended { agreement, terms } => of_agreement(state, agreement, |it| {
            it.versions.push(Version { terms: terms.clone(), drafted: at, signatures: BTreeMap::new() });
        }),
        Event::AgreementSigned { agreement, version, party } => {
            of_agreement(state, agreement, |it| {
                let index = usize::try_from(*version).unwrap_or(usize::MAX).wrapping_sub(1);
                if let Some(version) = it.versions.get_mut(index) {
                    version.signatures.entry(*party).or_insert(at);
                }
                renew_milestones(it, index);
            });
            note_signed(state, recorded, agreement);
        }
        Event::AgreementWithdrawn { agreement, reason } => {
            of_agreement(state, agreement, |it| it.withdrawn = Some(reason.clone()));
            note_void(state, agreement);
        }
        Event::MilestoneReached { agreement, milestone, note } => of_agreement(state, agreement, |it| {
            let reached = it.milestones.entry(*milestone).or_default();
            reached.at = Some(at);
            reached.note.clone_from(note);
        }),
        Event::MilestoneFellOverdue { agreement, milestone } => of_agreement(state, agreement, |it| {
            it.milestones.entry(*milestone).or_default().overdue = Some(at);
        }),
        Event::ProjectStarted { project } => of_project(state, project, |it| it.started = Some(at)),
        Event::ProjectSuspended { project, reason } => of_project(state, project, |it| {
            it.suspended = Some(Suspended { reason: reason.clone(), since: at });
        }),
        Event::ProjectResumed { project } => of_project(state, project, |it| it.suspended = None),
        Event::ProjectAccepted { project, note: _ } => {
            of_project(state, project, |it| it.accepted = Some(at))
        }
        Event::ProjectAppraised { project, appraisal } => {
            let given: Vec<_> = state.pairings_of_project(*project).map(Arc::clone).collect();
            records::appraised(state, given, appraisal.grade);
            of_project(state, project, |it| {
                it.appraised = Some(Appraised { appraisal: appraisal.clone(), at })
            });
        }
        Event::ProjectClosed { project } => {
            of_project(state, project, |it| it.end = Some(ProjectEnd::Closed { at }));
        }
        Event::ProjectFailed { project, reason } => of_project(state, project, |it| {
            it.end = Some(ProjectEnd::Failed { reason: reason.clone(), at });
        }),
        _ => {}
    }
}

/// A milestone that a version newly in force puts off has its time again.
fn renew_milestones(agreement: &mut Agreement, index: usize) {
    let Some(newest) = agreement.versions.get(index).filter(|it| it.in_force_since().is_some()) else {
        return;
    };
    let before = agreement.versions.iter().take(index).rev().find(|it| it.in_force_since().is_some());
    let due = |version: Option<&Version>, number: u16| {
        let milestones = version.map(|version| version.terms.milestones.as_slice()).unwrap_or_default();
        milestones.iter().find(|milestone| milestone.number == number).map(|milestone| milestone.due)
    };
    for (number, reached) in &mut agreement.milestones {
        if reached.at.is_none() && due(Some(newest), *number) > due(before, *number) {
            reached.overdue = None;
        }
    }
}

/// A project that had not started is no longer signed once its agreement is void.
fn note_void(state: &mut State, agreement: &AgreementId) {
    if let Some(Subject::Project(project)) = state.agreements.get(agreement).map(|it| it.subject) {
        of_project(state, &project, |it| {
            if it.started.is_none() {
                it.signed = None;
            }
        });
    }
}

/// The last signature of a version signs the project.
fn note_signed(state: &mut State, recorded: Recorded, agreement: &AgreementId) {
    let signed = state.agreements.get(agreement).filter(|it| it.in_force().is_some()).map(|it| it.subject);
    if let Some(Subject::Project(project)) = signed {
        of_project(state, &project, |it| it.signed = it.signed.or(Some(recorded.time)));
    }
}

fn of_agreement(state: &mut State, agreement: &AgreementId, apply: impl FnOnce(&mut Agreement)) {
    change(&mut state.agreements, agreement, apply);
}

fn of_project(state: &mut State, project: &ProjectId, apply: impl FnOnce(&mut Project)) {
    change(&mut state.projects, project, apply);
}
