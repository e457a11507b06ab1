//! Agreements 共建协议 and their milestones: who may be bound by what, and from when.
//!
//! A subject has one agreement at a time. Every giver of its agreed pairings is a party, and so is whoever raised it;
//! what is signed changes only by a newer version that all parties of it sign.

mod terms;

use super::{
    check::{self, NAME_CHARS_MAX},
    pairings::status_name,
};
use crate::{
    agreement::{Agreement, Subject, Terms, Version},
    entry::TEXT_CHARS_MAX,
    event::Event,
    history::Entity,
    identity::{AgreementId, OrganizationId},
    pairing::{Pairing, PairingStatus, Target},
    project::ProjectStatus,
    refusal::{Missing, Refusal},
    state::State,
};
use std::sync::Arc;

pub(super) fn draft(state: &State, subject: Subject, terms: &Terms) -> Result<Vec<Event>, Refusal> {
    goes_on(state, subject)?;
    if let Some(live) = live(state, subject) {
        return Err(Refusal::AlreadyDone { entity: Entity::Agreement(live.id) });
    }
    terms::fitting(state, subject, terms, None)?;
    let agreement = AgreementId::new(state.last.agreement + 1);
    Ok(vec![Event::AgreementDrafted { agreement, subject, terms: terms.clone() }])
}

pub(super) fn amend(
    state: &State,
    id: AgreementId,
    version: u32,
    terms: &Terms,
) -> Result<Vec<Event>, Refusal> {
    let agreement = existing(state, id)?;
    goes_on(state, agreement.subject)?;
    check::revision(version.into(), agreement.newest() as u64)?;
    terms::fitting(state, agreement.subject, terms, Some(id))?;
    let kept = |number: u16| terms.milestones.iter().any(|milestone| milestone.number == number);
    let reached = agreement.milestones.iter().filter(|(_, reached)| reached.at.is_some());
    if let Some(lost) = reached.map(|(number, _)| *number).find(|number| !kept(*number)) {
        return Err(Refusal::NotFound { field: "milestones", missing: Missing::Milestone(id, lost) });
    }
    if agreement.versions.last().is_some_and(|newest| newest.terms == *terms) {
        return Ok(Vec::new());
    }
    Ok(vec![Event::AgreementAmended { agreement: id, terms: terms.clone() }])
}

pub(super) fn sign(
    state: &State,
    id: AgreementId,
    version: u32,
    party: OrganizationId,
) -> Result<Vec<Event>, Refusal> {
    let agreement = existing(state, id)?;
    check::organization(state, "party", party)?;
    goes_on(state, agreement.subject)?;
    check::revision(version.into(), agreement.newest() as u64)?;
    let newest = agreement.versions.last();
    if !newest.is_some_and(|newest| newest.terms.parties.contains(&party)) {
        return Err(Refusal::NotAParty { organization: party, entity: Entity::Agreement(id) });
    }
    if newest.is_some_and(|newest| newest.signatures.contains_key(&party)) {
        return Err(Refusal::AlreadyDone { entity: Entity::Agreement(id) });
    }
    Ok(vec![Event::AgreementSigned { agreement: id, version, party }])
}

/// An agreement that nobody has acted upon may be declared void: the project has not started, of the pairing nothing
/// is handed over. Later it ends with what it is about.
pub(super) fn withdraw(state: &State, id: AgreementId, reason: &str) -> Result<Vec<Event>, Refusal> {
    let agreement = existing(state, id)?;
    check::text("reason", reason, NAME_CHARS_MAX)?;
    let acted_upon = match agreement.subject {
        Subject::Project(project) => state.project(project).is_some_and(|it| it.started.is_some()),
        Subject::Pairing(pairing) => state.pairing(pairing).is_some_and(|it| it.delivered > 0),
    };
    if acted_upon && agreement.in_force().is_some() {
        return Err(not_in_state(agreement, "not in force, or not begun"));
    }
    Ok(vec![Event::AgreementWithdrawn { agreement: id, reason: reason.to_owned() }])
}

pub(super) fn reach(
    state: &State,
    id: AgreementId,
    milestone: u16,
    note: Option<&str>,
) -> Result<Vec<Event>, Refusal> {
    let agreement = existing(state, id)?;
    check::optional_text("note", note, TEXT_CHARS_MAX)?;
    goes_on(state, agreement.subject)?;
    let version = agreement.in_force().ok_or_else(|| not_in_state(agreement, "IN_FORCE"))?;
    if !version.terms.milestones.iter().any(|it| it.number == milestone) {
        return Err(Refusal::NotFound { field: "milestone", missing: Missing::Milestone(id, milestone) });
    }
    if agreement.milestones.get(&milestone).is_some_and(|reached| reached.at.is_some()) {
        return Err(Refusal::AlreadyDone { entity: Entity::Agreement(id) });
    }
    Ok(vec![Event::MilestoneReached { agreement: id, milestone, note: note.map(str::to_owned) }])
}

/// The agreement on a subject that is not void; there is never a second one.
pub(super) fn live(state: &State, subject: Subject) -> Option<&Arc<Agreement>> {
    state.agreements_of(subject).find(|agreement| agreement.withdrawn.is_none())
}

/// The version in force.
pub(super) fn in_force(agreement: &Agreement) -> Result<&Version, Refusal> {
    agreement.in_force().ok_or_else(|| not_in_state(agreement, "IN_FORCE"))
}

/// Says where an agreement stands that should stand elsewhere.
pub(super) fn not_in_state(agreement: &Agreement, wanted: &'static str) -> Refusal {
    let is = if agreement.withdrawn.is_some() {
        "WITHDRAWN"
    } else if agreement.in_force().is_some() {
        "IN_FORCE"
    } else {
        "DRAFTED"
    };
    Refusal::NotInState { entity: Entity::Agreement(agreement.id), wanted, is }
}

fn existing(state: &State, id: AgreementId) -> Result<&Arc<Agreement>, Refusal> {
    let agreement = state
        .agreement(id)
        .ok_or(Refusal::NotFound { field: "agreement", missing: Missing::Agreement(id) })?;
    if agreement.withdrawn.is_some() { Err(Refusal::AlreadyWithdrawn) } else { Ok(agreement) }
}

/// What an agreement is about is agreed and not over. A pairing has one of its own only when no project's agreement
/// speaks for it, and the light path has none at all.
fn goes_on(state: &State, subject: Subject) -> Result<(), Refusal> {
    let entity = Entity::from(subject);
    match subject {
        Subject::Project(id) => {
            let project = state
                .project(id)
                .ok_or(Refusal::NotFound { field: "subject", missing: Missing::Project(id) })?;
            match project.status() {
                ProjectStatus::Agreed
                | ProjectStatus::Signed
                | ProjectStatus::Running
                | ProjectStatus::Suspended
                | ProjectStatus::Delivered => Ok(()),
                other => Err(Refusal::NotInState {
                    entity,
                    wanted: "AGREED, SIGNED or under way",
                    is: other.name(),
                }),
            }
        }
        Subject::Pairing(id) => {
            let pairing = state
                .pairing(id)
                .ok_or(Refusal::NotFound { field: "subject", missing: Missing::Pairing(id) })?;
            let Target::Need(need) = pairing.terms.target else {
                return Err(Refusal::NotInState { entity, wanted: "OF_A_NEED", is: "OF_A_PROJECT" });
            };
            if state.need(need).is_some_and(|need| need.is_light()) {
                let entity = Entity::Need(need);
                return Err(Refusal::NotInState { entity, wanted: "ORDINARY", is: "LIGHT" });
            }
            if matches!(pairing.status, PairingStatus::Agreed { .. }) {
                Ok(())
            } else {
                Err(Refusal::PairingNot { pairing: id, wanted: "AGREED", is: status_name(&pairing.status) })
            }
        }
    }
}

/// The agreement that speaks for a pairing: its project's, or its own.
pub(super) fn speaking_for<'a>(state: &'a State, pairing: &Pairing) -> Option<&'a Arc<Agreement>> {
    let subject = match pairing.terms.target {
        Target::Slot(project, _) => Subject::Project(project),
        Target::Need(_) => Subject::Pairing(pairing.id),
    };
    live(state, subject)
}
