//! Everything the state keeps counted and indexed, counted and looked up once more by plain loops.

use super::counted_alike;
use engine::{
    entry::List,
    identity::PairingId,
    moment::Moment,
    pairing::{Origin, Pairing, PairingStatus, Supplier, Tally, Target},
    state::State,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// Compares all of it.
pub fn check(state: &State) {
    tallies_are_what_a_recount_gives(state);
    nothing_is_promised_twice(state);
    a_need_is_carried_by_one_open_project(state);
    pairing_indexes_are_what_a_rebuild_gives(state);
    references_and_names_are_what_a_search_finds(state);
}

fn add(tally: &mut Tally, status: &PairingStatus, amount: u64) {
    match status {
        PairingStatus::Proposed => tally.proposed += amount,
        PairingStatus::Claimed { .. } => tally.claimed += amount,
        PairingStatus::Agreed { .. } => tally.agreed += amount,
        _ => {}
    }
}

fn tallies_are_what_a_recount_gives(state: &State) {
    let mut of_targets: BTreeMap<Target, Tally> = BTreeMap::new();
    let mut of_suppliers: BTreeMap<Supplier, Tally> = BTreeMap::new();
    for pairing in state.pairings() {
        add(of_targets.entry(pairing.terms.target).or_default(), &pairing.status, pairing.terms.quantity);
        add(of_suppliers.entry(pairing.terms.supplier).or_default(), &pairing.status, pairing.terms.draws);
    }
    let slots = state.projects().flat_map(|project| {
        assert_eq!(project.tallies.len(), project.draft.slots.len(), "{}", project.id);
        (0..project.draft.slots.len() as u16).map(|index| Target::Slot(project.id, index))
    });
    for target in state.needs().map(|need| Target::Need(need.id)).chain(slots) {
        let (asked, kept) = state.asked(target).unwrap();
        assert_eq!(kept, of_targets.remove(&target).unwrap_or_default(), "{target}");
        // The chain, link by link: what is proposed counts what has come further.
        let proposed = kept.proposed + kept.claimed + kept.agreed;
        assert!(asked >= proposed, "{target} asks {asked}, {kept:?}");
        assert!(proposed >= kept.claimed + kept.agreed && kept.claimed + kept.agreed >= kept.agreed);
    }
    // Slots that an amendment took away keep nothing that lives.
    assert!(of_targets.values().all(|tally| *tally == Tally::default()), "{of_targets:?}");

    let resources = state.resources().map(|resource| Supplier::Resource(resource.id));
    let units = state.organizations().map(|unit| Supplier::Unit(unit.id));
    for supplier in resources.chain(units) {
        let (capacity, kept) = state.offered(supplier).unwrap();
        assert_eq!(kept, of_suppliers.remove(&supplier).unwrap_or_default(), "{supplier}");
        assert!(capacity >= kept.claimed + kept.agreed, "{supplier} has {capacity}, {kept:?}");
    }
    assert!(of_suppliers.is_empty(), "{of_suppliers:?}");
}

fn nothing_is_promised_twice(state: &State) {
    let mut pairs = BTreeSet::new();
    let mut given: BTreeMap<Supplier, u64> = BTreeMap::new();
    for pairing in state.pairings().filter(|pairing| pairing.status.is_live()) {
        let (target, supplier) = (pairing.terms.target, pairing.terms.supplier);
        assert!(pairs.insert((target, supplier)), "{target} and {supplier} are paired twice");
        let (asking, giving) = (state.asking(target), state.giving(supplier));
        assert!(asking.is_some() && giving.is_some() && asking != giving, "{target} with {supplier}");
        assert!(pairing.terms.quantity > 0 && pairing.terms.draws > 0, "{pairing:?}");
        let alike = counted_alike(state, target, supplier);
        assert!(!alike || pairing.terms.draws >= pairing.terms.quantity, "{pairing:?}");
        if pairing.status != PairingStatus::Proposed && alike {
            *given.entry(supplier).or_default() += pairing.terms.quantity;
        }
    }
    // What is handed over one by one is there, whatever the pairings say that they draw.
    for (supplier, quantity) in given {
        let (capacity, _) = state.offered(supplier).unwrap();
        assert!(quantity <= capacity, "{supplier} has {capacity} and gives {quantity}");
    }
}

fn a_need_is_carried_by_one_open_project(state: &State) {
    let mut carried = BTreeMap::new();
    for project in state.projects().filter(|project| project.is_open()) {
        for need in &project.draft.needs {
            let before = carried.insert(*need, project.id);
            assert_eq!(before, None, "{need} is carried by {} too", project.id);
        }
    }
    for need in state.needs() {
        let kept = state.carrier(need.id).map(|project| project.id);
        assert_eq!(kept, carried.remove(&need.id), "{}", need.id);
    }
    assert!(carried.is_empty(), "{carried:?}");
}

fn pairing_indexes_are_what_a_rebuild_gives(state: &State) {
    let mut of_target: BTreeMap<Target, Vec<PairingId>> = BTreeMap::new();
    let mut of_supplier: BTreeMap<Supplier, Vec<PairingId>> = BTreeMap::new();
    let mut proposed = Vec::new();
    let mut due: Vec<(Moment, PairingId)> = Vec::new();
    let mut declined = BTreeSet::new();
    for pairing in state.pairings() {
        of_target.entry(pairing.terms.target).or_default().push(pairing.id);
        of_supplier.entry(pairing.terms.supplier).or_default().push(pairing.id);
        match pairing.status {
            PairingStatus::Proposed => proposed.push(pairing.id),
            PairingStatus::Claimed { until, .. } => due.push((until, pairing.id)),
            PairingStatus::Declined { .. } => {
                declined.insert((pairing.terms.target, pairing.terms.supplier));
            }
            _ => {}
        }
        if let Origin::Plan(plan) = pairing.origin {
            assert!(state.plan(plan).is_some(), "{} is of no plan", pairing.id);
        }
    }
    due.sort_unstable();
    let ids = |found: &mut dyn Iterator<Item = &Arc<Pairing>>| -> Vec<PairingId> {
        found.map(|pairing| pairing.id).collect()
    };
    for (target, rebuilt) in of_target {
        assert_eq!(ids(&mut state.pairings_of_target(target)), rebuilt, "{target}");
    }
    for (supplier, rebuilt) in of_supplier {
        assert_eq!(ids(&mut state.pairings_of_supplier(supplier)), rebuilt, "{supplier}");
    }
    assert_eq!(ids(&mut state.proposed()), proposed);
    assert_eq!(state.claims_due().collect::<Vec<_>>(), due);
    for pairing in state.pairings() {
        let pair = (pairing.terms.target, pairing.terms.supplier);
        assert_eq!(state.was_declined(pair.0, pair.1), declined.contains(&pair), "{pair:?}");
    }
}

fn references_and_names_are_what_a_search_finds(state: &State) {
    for reference in crate::wishes::REFERENCES {
        let is_it = |own: &Option<String>| own.as_deref() == Some(reference);
        let need = state.needs().find(|it| is_it(&it.draft.entry.reference)).map(|it| it.id.number());
        assert_eq!(state.referenced(List::Needs, reference), need, "{reference}");
        let resource = state.resources().find(|it| is_it(&it.draft.entry.reference));
        let resource = resource.map(|it| it.id.number());
        assert_eq!(state.referenced(List::Resources, reference), resource, "{reference}");
        let project = state.projects().find(|it| is_it(&it.draft.entry.reference)).map(|it| it.id.number());
        assert_eq!(state.referenced(List::Projects, reference), project, "{reference}");
        let place = state.places().find(|it| is_it(&it.reference)).map(|it| it.id);
        assert_eq!(state.place_referenced(reference), place, "{reference}");
    }
    let parents: BTreeSet<_> = state.places().map(|place| place.parent).collect();
    for name in crate::wishes::NAMES {
        let found = state.organizations().find(|it| it.draft.name == name).map(|it| it.id);
        assert_eq!(state.organization_named(name), found, "{name}");
        for parent in &parents {
            let found = state.places().find(|it| it.parent == *parent && it.name == name).map(|it| it.id);
            assert_eq!(state.place_named(*parent, name), found, "{name} below {parent:?}");
        }
    }
    for place in state.places() {
        let above = place.parent.map(|parent| state.place(parent).unwrap().level);
        assert!(above.is_none_or(|above| above < place.level), "{place:?} below {above:?}");
    }
    for member in state.members() {
        assert_eq!(member.tokens.first().map(|it| &it.hash), Some(&member.token));
        for token in &member.tokens {
            // At the moment of its end it is over, and a moment before it is not.
            let end = token.expires.map_or(i64::MAX, |it| it.millis());
            for now in [end.saturating_sub(1), end] {
                let good = member.revoked.is_none()
                    && token.revoked.is_none()
                    && (now < end || token.expires.is_none());
                let signed_in = state.sign_in(&token.hash, Moment::from_millis(now)).map(|found| found.id);
                assert_eq!(signed_in, good.then_some(member.id), "{token:?}");
            }
        }
    }
}
