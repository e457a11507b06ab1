//! Everything the state keeps counted and indexed, counted and looked up once more by plain loops.

use super::counted_alike;
use engine::{
    bid::BidStatus,
    delivery::DeliveryStatus,
    entry::List,
    identity::{BidId, PairingId},
    meeting::Item,
    moment::Moment,
    pairing::{Origin, Pairing, PairingStatus, PairingTerms, Side, Supplier, Tally, Target},
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
    bids_wait_once_and_in_order(state);
    joint_claims_are_agreed_whole(state);
    meetings_are_found_by_what_they_discuss(state);
}

fn meetings_are_found_by_what_they_discuss(state: &State) {
    let items = state.pairings().map(|it| Item::Pairing(it.id));
    for item in items.chain(state.projects().map(|it| Item::Project(it.id))) {
        let scanned = state.meetings().filter(|it| it.draft.agenda.contains(&item)).map(|it| it.id);
        assert!(scanned.eq(state.meetings_on(item).map(|it| it.id)), "{item:?}");
    }
}

fn add(tally: &mut Tally, status: &PairingStatus, amount: u64, [delivered, accepted]: [u64; 2]) {
    match status {
        PairingStatus::Proposed => tally.proposed += amount,
        PairingStatus::Claimed { .. } => tally.claimed += amount,
        PairingStatus::Agreed { .. } | PairingStatus::Accepted { .. } => {
            tally.agreed += amount;
            tally.delivered += delivered;
            tally.accepted += accepted;
        }
        _ => {}
    }
}

/// What of a pairing is handed over and confirmed, by its deliveries.
fn handed_over(state: &State, pairing: &Pairing) -> [u64; 2] {
    let mut sums = [0, 0];
    for delivery in state.deliveries().filter(|delivery| delivery.pairing == pairing.id) {
        if !matches!(delivery.status, DeliveryStatus::Withdrawn { .. }) {
            sums[0] += delivery.draft.quantity;
        }
        if matches!(delivery.status, DeliveryStatus::Confirmed { .. }) {
            sums[1] += delivery.draft.quantity;
        }
    }
    sums
}

fn tallies_are_what_a_recount_gives(state: &State) {
    let mut of_targets: BTreeMap<Target, Tally> = BTreeMap::new();
    let mut of_suppliers: BTreeMap<Supplier, Tally> = BTreeMap::new();
    for pairing in state.pairings() {
        let PairingTerms { target, supplier, quantity, draws, .. } = pairing.terms;
        let handed_over = handed_over(state, pairing);
        assert_eq!([pairing.delivered, pairing.accepted], handed_over, "{}", pairing.id);
        add(of_targets.entry(target).or_default(), &pairing.status, quantity, handed_over);
        // A unit's engagement is over once it is accepted.
        let engaged =
            !matches!((supplier, &pairing.status), (Supplier::Unit(_), PairingStatus::Accepted { .. }));
        if engaged {
            let drawn =
                handed_over.map(|part| if part >= quantity { draws } else { draws * part / quantity });
            add(of_suppliers.entry(supplier).or_default(), &pairing.status, draws, drawn);
        }
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
        assert!(kept.agreed >= kept.delivered && kept.delivered >= kept.accepted, "{target}: {kept:?}");
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
        // Who has given all it was to give may be asked again.
        let again = !pairing.status.is_under_way() || pairs.insert((target, supplier));
        assert!(again, "{target} and {supplier} are paired twice");
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
    let (mut declined, mut declined_by_owner) = (BTreeSet::new(), BTreeSet::new());
    for pairing in state.pairings() {
        of_target.entry(pairing.terms.target).or_default().push(pairing.id);
        of_supplier.entry(pairing.terms.supplier).or_default().push(pairing.id);
        match pairing.status {
            PairingStatus::Proposed => proposed.push(pairing.id),
            PairingStatus::Claimed { until, .. } => due.push((until, pairing.id)),
            PairingStatus::Declined { by, .. } => {
                declined.insert((pairing.terms.target, pairing.terms.supplier));
                // With a resource its owner of then declined, whose it may be no more.
                if let (Side::Giving, Supplier::Resource(_)) = (by, pairing.terms.supplier) {
                    declined_by_owner.insert(pairing.terms.target);
                }
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
        let by_owner = matches!(pair.1, Supplier::Unit(_)) && declined_by_owner.contains(&pair.0);
        let (was, is_said) = (state.was_declined(pair.0, pair.1), declined.contains(&pair));
        assert!(was == is_said || (was && by_owner), "{pair:?}: {was} {is_said}");
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

fn bids_wait_once_and_in_order(state: &State) {
    let mut waiting = BTreeSet::new();
    let mut of_target: BTreeMap<Target, Vec<BidId>> = BTreeMap::new();
    let mut of_supplier: BTreeMap<Supplier, Vec<BidId>> = BTreeMap::new();
    for bid in state.bids() {
        let (target, supplier) = (bid.draft.target, bid.draft.supplier);
        match bid.status {
            BidStatus::Waiting => {
                assert!(waiting.insert((target, supplier)), "{} waits twice", bid.id);
                of_target.entry(target).or_default().push(bid.id);
                of_supplier.entry(supplier).or_default().push(bid.id);
            }
            BidStatus::Chosen { pairing, .. } => {
                let became = &state.pairing(pairing).unwrap().terms;
                assert_eq!((became.target, became.supplier), (target, supplier), "{}", bid.id);
            }
            BidStatus::Declined { .. } | BidStatus::Withdrawn { .. } => {}
        }
    }
    let targets: BTreeSet<Target> = state.bids().map(|bid| bid.draft.target).collect();
    for target in targets {
        let queue: Vec<BidId> = state.queue(target).map(|bid| bid.id).collect();
        assert_eq!(queue, of_target.remove(&target).unwrap_or_default(), "{target}");
        assert!(queue.is_sorted() && (queue.is_empty() || state.asked(target).is_some()), "{target}");
    }
    for (supplier, waiting) in of_supplier {
        let found = state.bids_of_supplier(supplier).filter(|bid| bid.status == BidStatus::Waiting);
        assert_eq!(found.map(|bid| bid.id).collect::<Vec<_>>(), waiting, "{supplier}");
    }
}

/// As long as two of a joint claim are to be agreed, the asking side has claimed none of them.
fn joint_claims_are_agreed_whole(state: &State) {
    let mut groups: BTreeMap<PairingId, Vec<&Arc<Pairing>>> = BTreeMap::new();
    for pairing in state.pairings() {
        let open = matches!(pairing.status, PairingStatus::Proposed | PairingStatus::Claimed { .. });
        if let Some(leader) = pairing.joint.filter(|_| open) {
            groups.entry(leader).or_default().push(pairing);
        }
    }
    for (leader, open) in groups.into_iter().filter(|(_, open)| open.len() > 1) {
        let by_asking =
            |it: &&Arc<Pairing>| matches!(it.status, PairingStatus::Claimed { by: Side::Asking, .. });
        assert!(!open.iter().any(by_asking), "{leader}: {open:?}");
        let target = open[0].terms.target;
        assert!(open.iter().all(|it| it.terms.target == target), "{leader}: {open:?}");
    }
}
