//! How much is asked, promised and given, added up from the pairings and deliveries once more.

use super::{Findings, Flaw};
use crate::{
    delivery::DeliveryStatus,
    history::Entity,
    identity::PairingId,
    pairing::{Pairing, PairingStatus, PairingTerms, Supplier, Tally, Target},
    quantity::{Measure, Quantity},
    state::State,
};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn look(state: &State, findings: &mut Findings) {
    at_tallies(state, findings);
    at_pairs(state, findings);
}

fn add(tally: &mut Tally, status: &PairingStatus, amount: u64, [delivered, accepted]: [u64; 2]) {
    let sum = |sum: &mut u64, amount| *sum = sum.saturating_add(amount);
    match status {
        PairingStatus::Proposed => sum(&mut tally.proposed, amount),
        PairingStatus::Claimed { .. } => sum(&mut tally.claimed, amount),
        PairingStatus::Agreed { .. } | PairingStatus::Accepted { .. } => {
            sum(&mut tally.agreed, amount);
            sum(&mut tally.delivered, delivered);
            sum(&mut tally.accepted, accepted);
        }
        PairingStatus::Declined { .. }
        | PairingStatus::Lapsed { .. }
        | PairingStatus::Withdrawn { .. }
        | PairingStatus::Superseded => {}
    }
}

/// What of each pairing is handed over and confirmed, by its deliveries.
fn handed_over(state: &State) -> BTreeMap<PairingId, [u64; 2]> {
    let mut sums: BTreeMap<PairingId, [u64; 2]> = BTreeMap::new();
    for delivery in state.deliveries() {
        let [delivered, accepted] = sums.entry(delivery.pairing).or_default();
        if !matches!(delivery.status, DeliveryStatus::Withdrawn { .. }) {
            *delivered = delivered.saturating_add(delivery.draft.quantity);
        }
        if matches!(delivery.status, DeliveryStatus::Confirmed { .. }) {
            *accepted = accepted.saturating_add(delivery.draft.quantity);
        }
    }
    sums
}

/// How much of the giving side so much of a pairing has taken.
fn drawn(PairingTerms { quantity, draws, .. }: &PairingTerms, part: u64) -> u64 {
    let share = u128::from(*draws) * u128::from(part) / u128::from(*quantity).max(1);
    if part >= *quantity { *draws } else { u64::try_from(share).unwrap_or(*draws) }
}

fn at_tallies(state: &State, findings: &mut Findings) {
    let (mut of_targets, mut of_suppliers) =
        (BTreeMap::<Target, Tally>::new(), BTreeMap::<Supplier, Tally>::new());
    let handed_over = handed_over(state);
    for pairing in state.pairings() {
        let terms = &pairing.terms;
        let recounted = handed_over.get(&pairing.id).copied().unwrap_or_default();
        let kept = [pairing.delivered, pairing.accepted];
        let about = Entity::Pairing(pairing.id);
        findings.unless(kept == recounted, about, || Flaw::HandedOver { kept, recounted });
        add(of_targets.entry(terms.target).or_default(), &pairing.status, terms.quantity, recounted);
        // A unit's engagement is over once it is accepted.
        let is_over =
            matches!((terms.supplier, &pairing.status), (Supplier::Unit(_), PairingStatus::Accepted { .. }));
        if !is_over {
            let drawn = recounted.map(|part| drawn(terms, part));
            add(of_suppliers.entry(terms.supplier).or_default(), &pairing.status, terms.draws, drawn);
        }
    }
    let slots = state.projects().flat_map(|project| {
        (0..).zip(&project.draft.slots).map(|(index, _)| Target::Slot(project.id, index))
    });
    for target in state.needs().map(|need| Target::Need(need.id)).chain(slots) {
        let Some((asked, kept)) = state.asked(target) else {
            findings.add(target.into(), Flaw::Index("slots"));
            continue;
        };
        let recounted = of_targets.remove(&target).unwrap_or_default();
        let about = || target.into();
        findings.unless(kept == recounted, about(), || Flaw::Tally { kept, recounted });
        let proposed = recounted.proposed.saturating_add(promised(recounted));
        findings.unless(asked >= proposed, about(), || Flaw::BeyondAsked { target, asked, proposed });
        let follows = recounted.agreed >= recounted.delivered && recounted.delivered >= recounted.accepted;
        findings.unless(follows, about(), || Flaw::Chain(recounted));
    }
    // Slots that an amendment took away keep nothing that lives.
    for (target, recounted) in of_targets {
        let kept = Tally::NONE;
        findings.unless(recounted == kept, target.into(), || Flaw::Tally { kept, recounted });
    }
    let resources = state.resources().map(|resource| Supplier::Resource(resource.id));
    for supplier in resources.chain(state.organizations().map(|unit| Supplier::Unit(unit.id))) {
        let Some((capacity, kept)) = state.offered(supplier) else { continue };
        let recounted = of_suppliers.remove(&supplier).unwrap_or_default();
        let promised = promised(recounted);
        let about = || supplier.into();
        findings.unless(kept == recounted, about(), || Flaw::Tally { kept, recounted });
        findings.unless(capacity >= promised, about(), || Flaw::BeyondCapacity { capacity, promised });
    }
}

const fn promised(tally: Tally) -> u64 {
    tally.claimed.saturating_add(tally.agreed)
}

fn at_pairs(state: &State, findings: &mut Findings) {
    let mut pairs = BTreeSet::new();
    let mut given: BTreeMap<Supplier, u64> = BTreeMap::new();
    for pairing in state.pairings().filter(|pairing| pairing.status.is_live()) {
        let PairingTerms { target, supplier, quantity, draws, .. } = pairing.terms;
        let about = || Entity::Pairing(pairing.id);
        // Who has given all it was to give may be asked again.
        let is_new = !pairing.status.is_under_way() || pairs.insert((target, supplier));
        findings.unless(is_new, about(), || Flaw::PairedTwice(target, supplier));
        let alike = is_counted_alike(state, pairing);
        let makes_sense = state.asking(target) != state.giving(supplier)
            && quantity > 0
            && draws > 0
            && (!alike || draws >= quantity);
        findings.unless(makes_sense, about(), || Flaw::Senseless { target, supplier, quantity, draws });
        if alike && pairing.status != PairingStatus::Proposed {
            let sum = given.entry(supplier).or_default();
            *sum = sum.saturating_add(quantity);
        }
    }
    // What is handed over one by one is there, whatever the pairings say that they draw.
    for (supplier, promised) in given {
        let capacity = state.offered(supplier).map_or(0, |(capacity, _)| capacity);
        let flaw = || Flaw::BeyondCapacity { capacity, promised };
        findings.unless(promised <= capacity, supplier.into(), flaw);
    }
}

/// Whether both sides of a pairing count the same thing one by one.
fn is_counted_alike(state: &State, pairing: &Pairing) -> bool {
    let Supplier::Resource(resource) = pairing.terms.supplier else { return false };
    let asked: Option<&Quantity> = match pairing.terms.target {
        Target::Need(need) => state.need(need).and_then(|need| need.draft.entry.quantity.as_ref()),
        Target::Slot(project, index) => state
            .project(project)
            .and_then(|project| project.draft.slots.get(usize::from(index))?.quantity.as_ref()),
    };
    let Some(resource) = state.resource(resource) else { return false };
    let offered = resource.draft.entry.quantity.as_ref().filter(|_| resource.draft.lots.is_none());
    match (asked, offered) {
        (Some(asked), Some(offered)) => {
            let is_lent_whole = matches!(
                offered.measure,
                Measure::Lot | Measure::Households | Measure::Area | Measure::Other(_)
            );
            !is_lent_whole && asked.measure == offered.measure
        }
        _ => false,
    }
}
