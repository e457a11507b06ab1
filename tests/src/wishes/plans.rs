//! Wishes to adopt a plan: one that fits the street of now, and in some cases one that does not quite.

use super::Wishes;
use crate::promises::counted_alike;
use engine::{
    command::Command,
    identity::Position,
    pairing::{Origin, PairingStatus, PairingTerms, Supplier, Target},
    plan::{PlanSummary, Proposal},
    state::State,
};
use std::collections::BTreeMap;

impl Wishes {
    pub(super) fn adopt(&mut self, state: &State) -> Command {
        // A plan that overlooks what people have asked for by hand may be refused.
        let overlooks = self.random.percent(25);
        let mut pairings = self.fitting(state, overlooks);
        let mut position = state.position();
        match self.random.below(12) {
            0 => pairings.extend(pairings.first().cloned()),
            1 => position = Position(position.0 + 1),
            2 => self.spoil(state, &mut pairings),
            _ => {}
        }
        let summary = PlanSummary {
            objective: pairings.len() as u64,
            bound: pairings.len() as u64,
            prices_digest: String::new(),
            targets: pairings.len() as u32,
            unmet: Vec::new(),
            merit: None,
            churn: None,
        };
        Command::AdoptPlan(Box::new(Proposal { position, pairings, summary }))
    }

    fn spoil(&mut self, state: &State, pairings: &mut [PairingTerms]) {
        let Some(terms) = pairings.first_mut() else { return };
        match self.random.below(6) {
            0 => terms.quantity += 20,
            1 => terms.draws += 20,
            2 => terms.quantity = 0,
            3 => terms.draws = 0,
            4 => terms.target = self.target(state),
            _ => terms.supplier = self.supplier(state),
        }
    }

    /// Some of the proposals that stand, and new ones beside them, within what is left of both sides.
    fn fitting(&mut self, state: &State, overlooks: bool) -> Vec<PairingTerms> {
        let mut wanting: BTreeMap<Target, u64> = BTreeMap::new();
        let mut left: BTreeMap<Supplier, u64> = BTreeMap::new();
        let mut plan: Vec<PairingTerms> = Vec::new();
        let standing: Vec<PairingTerms> = state
            .proposed()
            .filter(|it| matches!(it.origin, Origin::Plan(_)))
            .map(|it| it.terms.clone())
            .collect();
        for _ in 0..12 {
            let repeated = self.random.any(&(0..standing.len()).collect::<Vec<_>>());
            let repeated = repeated.filter(|_| self.random.percent(40)).map(|index| standing[index].clone());
            let (target, supplier) = match &repeated {
                Some(terms) => (terms.target, terms.supplier),
                None => (self.target(state), self.supplier(state)),
            };
            let taken = plan.iter().any(|it| it.target == target && it.supplier == supplier);
            if taken || !may_be_paired(state, target, supplier) {
                continue;
            }
            let wanting = wanting.entry(target).or_insert_with(|| unproposed(state, target, overlooks));
            let left = left.entry(supplier).or_insert_with(|| remaining(state, supplier));
            let alike = counted_alike(state, target, supplier);
            let most = if alike { *wanting.min(left) } else { *wanting };
            let (quantity, draws) = match &repeated {
                Some(terms) => (terms.quantity, terms.draws),
                None if most == 0 => continue,
                None => {
                    let quantity = if overlooks { most } else { self.random.between(1, most) };
                    (quantity, if alike { quantity } else { 1 })
                }
            };
            if quantity > *wanting || draws > *left {
                continue;
            }
            *wanting -= quantity;
            *left -= draws;
            plan.push(PairingTerms { target, supplier, quantity, draws, fit: None });
        }
        plan
    }
}

fn may_be_paired(state: &State, target: Target, supplier: Supplier) -> bool {
    let open = match target {
        Target::Need(need) => state.need(need).is_some_and(|need| need.is_open()),
        Target::Slot(project, _) => state.project(project).is_some_and(|project| project.is_open()),
    };
    let offers = match supplier {
        Supplier::Resource(resource) => state.resource(resource).is_some_and(|resource| resource.is_open()),
        Supplier::Unit(unit) => state.organization(unit).is_some_and(|unit| unit.draft.kind.takes_up_needs()),
    };
    let by_hand = state.pairings_of_target(target).any(|it| {
        let planned = it.status == PairingStatus::Proposed && matches!(it.origin, Origin::Plan(_));
        it.terms.supplier == supplier && it.status.is_live() && !planned
    });
    open && offers
        && !by_hand
        && state.asking(target) != state.giving(supplier)
        && !state.was_declined(target, supplier)
}

/// What a target asks beyond what is promised and what people have asked for by hand.
fn unproposed(state: &State, target: Target, overlooks: bool) -> u64 {
    let Some((asked, tally)) = state.asked(target) else { return 0 };
    let by_hand: u64 = state
        .pairings_of_target(target)
        .filter(|it| it.status == PairingStatus::Proposed && matches!(it.origin, Origin::Requested(_)))
        .map(|it| it.terms.quantity)
        .sum();
    let by_hand = if overlooks { 0 } else { by_hand };
    asked.saturating_sub(tally.claimed + tally.agreed + by_hand)
}

fn remaining(state: &State, supplier: Supplier) -> u64 {
    state.offered(supplier).map_or(0, |(capacity, tally)| capacity - tally.claimed - tally.agreed)
}
