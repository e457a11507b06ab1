//! Track records: what the facts of pairings and appraisals say of those who give, and of their kind.

use crate::{
    appraisal::Grade,
    category::CategoryCode,
    identity::{OrganizationId, PairingId},
    organization::UnitKind,
    pairing::{Pairing, PairingStatus, Side, Target},
    record::Record,
    state::State,
};
use std::sync::Arc;

/// Everything of a pairing was delivered and accepted.
pub(super) fn fulfilled(state: &mut State, pairing: PairingId) {
    lean(state, pairing);
    note(state, pairing, |record, leaf| {
        record.fulfilled += 1;
        if let Some(leaf) = leaf {
            *record.taken_up.entry(leaf).or_default() += 1;
        }
    });
}

/// A claim is about to lapse: the giver has not answered the asking side's.
pub(super) fn lapsed(state: &mut State, pairing: PairingId) {
    let unanswered = state
        .pairings
        .get(&pairing)
        .is_some_and(|pairing| matches!(pairing.status, PairingStatus::Claimed { by: Side::Asking, .. }));
    if unanswered {
        note(state, pairing, |record, _| record.lapsed += 1);
    }
}

/// The giver does not want it.
pub(super) fn declined(state: &mut State, pairing: PairingId) {
    note(state, pairing, |record, leaf| {
        if let Some(leaf) = leaf {
            *record.declined.entry(leaf).or_default() += 1;
        }
    });
}

/// What a raiser says holds for everybody who gave.
pub(super) fn appraised(state: &mut State, pairings: impl IntoIterator<Item = Arc<Pairing>>, grade: Grade) {
    for pairing in pairings {
        if matches!(pairing.status, PairingStatus::Accepted { .. }) {
            note(state, pairing.id, |record, _| record.grade(grade));
        }
    }
}

fn note(state: &mut State, pairing: PairingId, apply: impl FnOnce(&mut Record, Option<CategoryCode>)) {
    let Some((giving, leaf)) = giver_and_leaf(state, pairing) else {
        return;
    };
    let record = Arc::make_mut(state.records.entry(giving).or_default());
    apply(record, leaf);
    state.rated |= record.reliability().is_some();
}

/// What a unit saw through speaks for all of its kind.
fn lean(state: &mut State, pairing: PairingId) {
    let Some((giving, Some(leaf))) = giver_and_leaf(state, pairing) else { return };
    let Some(draft) = state.organizations.get(&giving).map(|it| &it.draft) else { return };
    let Some(kind) = UnitKind::refined(Some(draft.kind.unit_kind()), &draft.name) else { return };
    let taken_up = Arc::make_mut(state.taken_up.entry(kind).or_default());
    taken_up.note(leaf);
    let heard = taken_up.stepped();
    if state.leanings.get(&kind).is_none_or(|before| **before != heard) {
        state.leanings.insert(kind, Arc::new(heard));
    }
}

fn giver_and_leaf(state: &State, pairing: PairingId) -> Option<(OrganizationId, Option<CategoryCode>)> {
    let terms = &state.pairings.get(&pairing)?.terms;
    let category = match terms.target {
        Target::Need(need) => state.need(need)?.draft.entry.category.clone(),
        Target::Slot(project, index) => {
            let draft = &state.project(project)?.draft;
            let slot = draft.slots.get(usize::from(index))?;
            slot.category.clone().or_else(|| draft.entry.category.clone())
        }
    };
    Some((state.giving(terms.supplier)?, category.map(|category| category.code)))
}
