//! Contacts, told once more from the whole log by plain loops.

use crate::street::Street;
use engine::{
    contact::{ErasureReason, Subject},
    event::Event,
    evolve::evolve_commit,
    history::touched,
    identity::ContactId,
    moment::Moment,
    need::NeedStatus,
    pairing::PairingStatus,
    project::ProjectStatus,
    resource::ResourceStatus,
    state::State,
};
use std::collections::{BTreeMap, BTreeSet};

/// Compares what the state says is due after so many days with what the log says.
///
/// # Panics
/// When they differ.
pub fn check(street: &Street, days: u32) {
    let mut state = State::empty();
    let mut moved: BTreeMap<Subject, Moment> = BTreeMap::new();
    let mut kept: BTreeMap<ContactId, Subject> = BTreeMap::new();
    for (recorded, events) in &street.log {
        for event in events {
            let touched = touched(&state, event);
            evolve_commit(&mut state, *recorded, [event]);
            match event {
                Event::ContactGiven { contact, of, .. } => {
                    kept.insert(*contact, *of);
                    moved.insert(*of, recorded.time);
                }
                Event::ContactErased { contact, .. } => drop(kept.remove(contact)),
                _ => {
                    for of in touched.iter().filter_map(Subject::of) {
                        moved.insert(of, recorded.time);
                        moved.extend(
                            state.owner(of).map(|owner| (Subject::Organization(owner), recorded.time)),
                        );
                    }
                }
            }
        }
    }
    let state = &street.state;
    let found: BTreeMap<ContactId, Subject> =
        state.contacts().filter(|it| it.erased.is_none()).map(|it| (it.id, it.of)).collect();
    assert_eq!(found, kept);
    let due: Vec<ContactId> = kept
        .iter()
        .filter(|(_, of)| street.now.days_since(moved[of]) >= days && rests(state, **of))
        .map(|(id, _)| *id)
        .collect();
    assert_eq!(state.contacts_due(street.now, days), due, "after {days} days");
    for contact in
        state.contacts().filter(|it| it.erased.is_some_and(|it| it.reason == ErasureReason::Retention))
    {
        assert!(contact.erased.is_some_and(|erasure| erasure.at > contact.given), "{contact:?}");
    }
}

/// Whether nothing is open any more of what a contact is of, and nobody is paired with it.
fn rests(state: &State, of: Subject) -> bool {
    let mut open: BTreeSet<Subject> = BTreeSet::new();
    for it in state.needs() {
        use NeedStatus as N;
        if matches!(it.status(), N::Posted | N::Open | N::PartlyAgreed | N::Agreed | N::PartlyMet) {
            open.insert(Subject::Need(it.id));
        }
    }
    for it in state.resources() {
        use ResourceStatus as R;
        if matches!(it.status(), R::Open | R::Exhausted | R::Paused) {
            open.insert(Subject::Resource(it.id));
        }
    }
    for it in state.projects() {
        use ProjectStatus as P;
        let before = matches!(it.status(), P::Proposed | P::UnderDiscussion | P::Agreed | P::Signed);
        if before || matches!(it.status(), P::Running | P::Suspended | P::Delivered) {
            open.insert(Subject::Project(it.id));
        }
    }
    // What is accepted is done with.
    let accepted = |status: &PairingStatus| matches!(status, PairingStatus::Accepted { .. });
    for it in state.pairings().filter(|it| it.status.is_live() && !accepted(&it.status)) {
        let (target, supplier) = (it.terms.target.into(), it.terms.supplier.into());
        open.extend([target, supplier].iter().filter_map(Subject::of));
    }
    let owners: BTreeSet<Subject> =
        open.iter().filter_map(|of| state.owner(*of)).map(Subject::Organization).collect();
    // A unit whose open capacity was promised stands among the open ones itself.
    !open.contains(&of) && !owners.contains(&of)
}
