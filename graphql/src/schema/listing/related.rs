//! What belongs to a need, a resource, a project or a pairing, by the indexes that the state keeps of that.

use engine::{
    agreement::Subject,
    identity::{PairingId, ProjectId},
    pairing::{Pairing, Supplier, Target},
    state::{
        State,
        listed::{Register, Thing, call_number},
    },
};
use std::sync::Arc;

/// The numbers of what is on a need or slot, rising; `None` where the register is not told by that.
pub fn of_target(state: &State, register: Register, target: Target) -> Option<Vec<u64>> {
    match register {
        Register::Bids => Some(state.bids_of_target(target).map(|it| it.id.number()).collect()),
        Register::Calls => Some(state.call(target).map(|it| call_number(it.target)).into_iter().collect()),
        _ => of_pairings(state, register, state.pairings_of_target(target)),
    }
}

/// The numbers of what is made with a resource or by a unit.
pub fn of_supplier(state: &State, register: Register, supplier: Supplier) -> Option<Vec<u64>> {
    match register {
        Register::Bids => Some(state.bids_of_supplier(supplier).map(|it| it.id.number()).collect()),
        _ => of_pairings(state, register, state.pairings_of_supplier(supplier)),
    }
}

/// The numbers of what is on a project or on its slots.
pub fn of_project(state: &State, register: Register, project: ProjectId) -> Option<Vec<u64>> {
    let mut numbers = match register {
        Register::Bids => state.bids_of_project(project).map(|it| it.id.number()).collect(),
        _ => of_pairings(state, register, state.pairings_of_project(project))?,
    };
    if register == Register::Agreements {
        numbers.extend(state.agreements_of(Subject::Project(project)).map(|it| it.id.number()));
    }
    numbers.sort_unstable();
    Some(numbers)
}

/// The numbers of what is of a pairing.
pub fn of_pairing(state: &State, register: Register, pairing: PairingId) -> Option<Vec<u64>> {
    of_pairings(state, register, state.pairing(pairing).into_iter())
}

fn of_pairings<'a>(
    state: &State,
    register: Register,
    pairings: impl Iterator<Item = &'a Arc<Pairing>>,
) -> Option<Vec<u64>> {
    let mut numbers: Vec<u64> = match register {
        Register::Pairings => pairings.map(|it| it.id.number()).collect(),
        Register::Deliveries => {
            pairings.flat_map(|it| state.deliveries_of(it.id)).map(|it| it.id.number()).collect()
        }
        Register::Agreements => pairings
            .flat_map(|it| state.agreements_of(Subject::Pairing(it.id)))
            .map(|it| it.id.number())
            .collect(),
        _ => return None,
    };
    numbers.sort_unstable();
    Some(numbers)
}

/// The project that a thing is on.
pub fn project(state: &State, thing: Thing<'_>) -> Option<ProjectId> {
    match thing {
        Thing::Agreement(it) => state.project_of(it.subject),
        _ => match thing.target(state)? {
            Target::Slot(project, _) => Some(project),
            Target::Need(_) => None,
        },
    }
}

/// The pairing that a thing is of.
pub const fn pairing(thing: Thing<'_>) -> Option<PairingId> {
    match thing {
        Thing::Pairing(it) => Some(it.id),
        Thing::Delivery(it) => Some(it.pairing),
        Thing::Agreement(it) => match it.subject {
            Subject::Pairing(pairing) => Some(pairing),
            Subject::Project(_) => None,
        },
        _ => None,
    }
}
