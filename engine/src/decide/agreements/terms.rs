//! The terms of an agreement: who signs, who undertakes what, whose money it takes, what is reached by when.

use super::live;
use crate::{
    agreement::{LINES_MAX, Subject, Terms, Undertaking},
    decide::check::{self, NAME_CHARS_MAX},
    entry::{TEXT_CHARS_MAX, TITLE_CHARS_MAX},
    history::Entity,
    identity::{AgreementId, NeedId, OrganizationId},
    pairing::{Pairing, PairingStatus, Target},
    quantity::AMOUNT_MAX,
    refusal::{Missing, Problem, Refusal},
    state::State,
};
use std::{collections::BTreeSet, sync::Arc};

/// Whether these terms may be signed on this subject. `own` is the agreement itself when it is amended.
pub(super) fn fitting(
    state: &State,
    subject: Subject,
    terms: &Terms,
    own: Option<AgreementId>,
) -> Result<(), Refusal> {
    check::text("title", &terms.title, TITLE_CHARS_MAX)?;
    check::optional_text("text", terms.text.as_deref(), TEXT_CHARS_MAX)?;
    let bound = bound(state, subject);
    parties(state, subject, terms, &bound)?;
    undertakings(state, subject, terms, &bound)?;
    budget(state, subject, terms, own)?;
    milestones(terms)
}

/// The pairings that an agreement on this subject speaks for.
fn bound(state: &State, subject: Subject) -> Vec<&Arc<Pairing>> {
    let agreed = |pairing: &&Arc<Pairing>| {
        matches!(pairing.status, PairingStatus::Agreed { .. } | PairingStatus::Accepted { .. })
    };
    match subject {
        Subject::Project(project) => state.pairings_of_project(project).filter(agreed).collect(),
        Subject::Pairing(pairing) => state.pairing(pairing).into_iter().filter(agreed).collect(),
    }
}

/// At least two, each once, and nobody left out who gives or has raised it.
fn parties(state: &State, subject: Subject, terms: &Terms, bound: &[&Arc<Pairing>]) -> Result<(), Refusal> {
    let field = "parties";
    check::range(field, terms.parties.len() as u64, 2, LINES_MAX as u64)?;
    let mut named = BTreeSet::new();
    for party in &terms.parties {
        check::organization(state, field, *party)?;
        if !named.insert(*party) {
            return Err(Refusal::Invalid { field, problem: Problem::NamedTwice });
        }
    }
    let raiser = match subject {
        Subject::Project(project) => state.project(project).map(|it| it.draft.entry.organization),
        Subject::Pairing(pairing) => state.pairing(pairing).and_then(|it| state.asking(it.terms.target)),
    };
    let givers = bound.iter().filter_map(|pairing| state.giving(pairing.terms.supplier));
    match raiser.into_iter().chain(givers).find(|party| !named.contains(party)) {
        Some(organization) => Err(Refusal::NotAParty { organization, entity: subject.into() }),
        None => Ok(()),
    }
}

fn undertakings(
    state: &State,
    subject: Subject,
    terms: &Terms,
    bound: &[&Arc<Pairing>],
) -> Result<(), Refusal> {
    let field = "undertakings";
    few(field, terms.undertakings.len())?;
    for Undertaking { party, kind: _, what, pairing } in &terms.undertakings {
        check::text("undertakings.what", what, TEXT_CHARS_MAX)?;
        signs(subject, terms, *party)?;
        let Some(id) = *pairing else {
            continue;
        };
        let Some(carrying) = bound.iter().find(|pairing| pairing.id == id) else {
            return Err(Refusal::NotFound { field, missing: Missing::Pairing(id) });
        };
        if state.giving(carrying.terms.supplier) != Some(*party) {
            return Err(Refusal::NotAParty { organization: *party, entity: Entity::Pairing(id) });
        }
    }
    Ok(())
}

/// The sources come to no more than the terms allow, nor than the needs do that are served.
fn budget(state: &State, subject: Subject, terms: &Terms, own: Option<AgreementId>) -> Result<(), Refusal> {
    few("budget", terms.budget.len())?;
    for funding in &terms.budget {
        check::text("budget.source", &funding.source, NAME_CHARS_MAX)?;
        check::range("budget.yuan", funding.yuan, 1, AMOUNT_MAX)?;
        if let Some(party) = funding.party {
            signs(subject, terms, party)?;
        }
    }
    if let Some(ceiling) = terms.ceiling {
        check::range("ceiling", ceiling, 0, AMOUNT_MAX)?;
        within(terms.yuan(), ceiling)?;
    }
    match subject {
        Subject::Project(project) => {
            let needs = state.project(project).map(|it| it.draft.needs.as_slice()).unwrap_or_default();
            needs_ceiling(state, needs).map_or(Ok(()), |ceiling| within(terms.yuan(), ceiling))
        }
        Subject::Pairing(pairing) => {
            let Some(Target::Need(need)) = state.pairing(pairing).map(|it| it.terms.target) else {
                return Ok(());
            };
            let others = beside(state, need, own);
            let yuan = terms.yuan().saturating_add(others);
            needs_ceiling(state, &[need]).map_or(Ok(()), |ceiling| within(yuan, ceiling))
        }
    }
}

fn within(yuan: u64, ceiling: u64) -> Result<(), Refusal> {
    if yuan > ceiling { Err(Refusal::CeilingExceeded { yuan, ceiling }) } else { Ok(()) }
}

/// What needs may cost together; `None` when there are none, or one of them does not say.
fn needs_ceiling(state: &State, needs: &[NeedId]) -> Option<u64> {
    let ceilings = needs.iter().map(|need| state.need(*need).and_then(|need| need.draft.ceiling));
    ceilings.sum::<Option<u64>>().filter(|_| !needs.is_empty())
}

/// What the agreements on other pairings of the same need come to.
fn beside(state: &State, need: NeedId, own: Option<AgreementId>) -> u64 {
    let pairings = state.pairings_of_target(Target::Need(need)).filter(|it| it.status.is_live());
    let others =
        pairings.filter_map(|it| live(state, Subject::Pairing(it.id))).filter(|it| Some(it.id) != own);
    others.filter_map(|it| it.versions.last()).map(|newest| newest.terms.yuan()).fold(0, u64::saturating_add)
}

fn milestones(terms: &Terms) -> Result<(), Refusal> {
    let field = "milestones";
    few(field, terms.milestones.len())?;
    let mut numbers = BTreeSet::new();
    for milestone in &terms.milestones {
        check::text("milestones.title", &milestone.title, TITLE_CHARS_MAX)?;
        check::range("milestones.number", milestone.number.into(), 1, u16::MAX.into())?;
        if !numbers.insert(milestone.number) {
            return Err(Refusal::Invalid { field, problem: Problem::NamedTwice });
        }
    }
    Ok(())
}

fn few(field: &'static str, lines: usize) -> Result<(), Refusal> {
    if lines > LINES_MAX {
        return Err(Refusal::Invalid { field, problem: Problem::TooMany { max: LINES_MAX } });
    }
    Ok(())
}

/// Whoever undertakes or pays something signs.
fn signs(subject: Subject, terms: &Terms, organization: OrganizationId) -> Result<(), Refusal> {
    if terms.parties.contains(&organization) {
        Ok(())
    } else {
        Err(Refusal::NotAParty { organization, entity: subject.into() })
    }
}
