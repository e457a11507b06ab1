//! What is found by an index, searched for through everything there is.

use super::{Findings, Flaw};
use crate::{
    bid::BidStatus,
    history::Entity,
    identity::{BidId, MeetingId, PairingId},
    meeting::Item,
    moment::Moment,
    pairing::{Pairing, PairingStatus, Side, Supplier, Target},
    state::State,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

pub(super) fn look(state: &State, findings: &mut Findings) {
    at_pairings(state, findings);
    at_joint_claims(state, findings);
    at_carriers(state, findings);
    at_bids(state, findings);
    at_meetings(state, findings);
}

fn ids<'a>(found: impl Iterator<Item = &'a Arc<Pairing>>) -> Vec<PairingId> {
    found.map(|pairing| pairing.id).collect()
}

fn at_pairings(state: &State, findings: &mut Findings) {
    let mut by_target: BTreeMap<Target, Vec<PairingId>> = BTreeMap::new();
    let mut by_supplier: BTreeMap<Supplier, Vec<PairingId>> = BTreeMap::new();
    let mut proposed = Vec::new();
    let mut due: Vec<(Moment, PairingId)> = Vec::new();
    let (mut declined, mut declined_by_owner) = (BTreeSet::new(), BTreeSet::new());
    for pairing in state.pairings() {
        let (target, supplier) = (pairing.terms.target, pairing.terms.supplier);
        by_target.entry(target).or_default().push(pairing.id);
        by_supplier.entry(supplier).or_default().push(pairing.id);
        match pairing.status {
            PairingStatus::Proposed => proposed.push(pairing.id),
            PairingStatus::Claimed { until, .. } => due.push((until, pairing.id)),
            PairingStatus::Declined { by, .. } => {
                declined.insert((target, supplier));
                // With a resource its owner of then declined, whose it may be no more.
                if let (Side::Giving, Supplier::Resource(_)) = (by, supplier) {
                    declined_by_owner.insert(target);
                }
            }
            PairingStatus::Agreed { .. }
            | PairingStatus::Accepted { .. }
            | PairingStatus::Lapsed { .. }
            | PairingStatus::Withdrawn { .. }
            | PairingStatus::Superseded => {}
        }
    }
    due.sort_unstable();
    for (target, found) in by_target {
        let kept = ids(state.pairings_of_target(target));
        findings.unless(kept == found, target.into(), || Flaw::Index("pairings"));
    }
    for (supplier, found) in by_supplier {
        let kept = ids(state.pairings_of_supplier(supplier));
        findings.unless(kept == found, supplier.into(), || Flaw::Index("pairings"));
    }
    let (kept, due_kept) = (ids(state.proposed()), state.claims_due());
    findings.unless(kept == proposed, Entity::Street, || Flaw::Index("proposed pairings"));
    findings.unless(due_kept.eq(due), Entity::Street, || Flaw::Index("claims that lapse"));
    for pairing in state.pairings() {
        let pair = (pairing.terms.target, pairing.terms.supplier);
        let by_owner = matches!(pair.1, Supplier::Unit(_)) && declined_by_owner.contains(&pair.0);
        let (kept, found) = (state.was_declined(pair.0, pair.1), declined.contains(&pair));
        let holds = kept == found || (kept && by_owner);
        findings.unless(holds, Entity::Pairing(pairing.id), || Flaw::Index("declined pairings"));
    }
}

/// As long as two of a joint claim are to be agreed, the asking side has claimed none of them.
fn at_joint_claims(state: &State, findings: &mut Findings) {
    let mut groups: BTreeMap<PairingId, Vec<&Arc<Pairing>>> = BTreeMap::new();
    for pairing in state.pairings() {
        let is_open = matches!(pairing.status, PairingStatus::Proposed | PairingStatus::Claimed { .. });
        if let Some(leader) = pairing.joint.filter(|_| is_open) {
            groups.entry(leader).or_default().push(pairing);
        }
    }
    for (leader, open) in groups.into_iter().filter(|(_, open)| open.len() > 1) {
        let by_asking =
            |it: &&Arc<Pairing>| matches!(it.status, PairingStatus::Claimed { by: Side::Asking, .. });
        let targets: BTreeSet<Target> = open.iter().map(|it| it.terms.target).collect();
        let holds = targets.len() == 1 && !open.iter().any(by_asking);
        findings.unless(holds, Entity::Pairing(leader), || Flaw::JointClaim);
    }
}

/// A need is carried by one open project at most.
fn at_carriers(state: &State, findings: &mut Findings) {
    let mut carried = BTreeMap::new();
    for project in state.projects().filter(|project| project.is_open()) {
        for need in &project.draft.needs {
            if let Some(other) = carried.insert(*need, project.id) {
                findings.add(Entity::Need(*need), Flaw::CarriedTwice(other));
            }
        }
    }
    for need in state.needs() {
        let kept = state.carrier(need.id).map(|project| project.id);
        let holds = kept == carried.get(&need.id).copied();
        findings.unless(holds, Entity::Need(need.id), || Flaw::Index("carriers"));
    }
}

/// Bids wait once, and in order.
fn at_bids(state: &State, findings: &mut Findings) {
    let mut waiting = BTreeSet::new();
    let mut by_target: BTreeMap<Target, Vec<BidId>> = BTreeMap::new();
    let mut by_supplier: BTreeMap<Supplier, Vec<BidId>> = BTreeMap::new();
    for bid in state.bids() {
        let (target, supplier) = (bid.draft.target, bid.draft.supplier);
        // Those that do not wait leave an empty queue behind.
        let queue = by_target.entry(target).or_default();
        match bid.status {
            BidStatus::Waiting => {
                queue.push(bid.id);
                by_supplier.entry(supplier).or_default().push(bid.id);
                let is_new = waiting.insert((target, supplier));
                findings.unless(is_new, Entity::Bid(bid.id), || Flaw::PairedTwice(target, supplier));
            }
            BidStatus::Chosen { pairing, .. } => {
                let became = state.pairing(pairing).map(|it| (it.terms.target, it.terms.supplier));
                let holds = became == Some((target, supplier));
                findings.unless(holds, Entity::Bid(bid.id), || Flaw::Index("pairings"));
            }
            BidStatus::Declined { .. } | BidStatus::Withdrawn { .. } => {}
        }
    }
    for (target, found) in by_target {
        let has_target = found.is_empty() || state.asked(target).is_some();
        findings.unless(has_target, target.into(), || Flaw::NoTarget(target));
        let holds = state.queue(target).map(|bid| bid.id).eq(found);
        findings.unless(holds, target.into(), || Flaw::Index("bids"));
    }
    for (supplier, found) in by_supplier {
        let kept = state.bids_of_supplier(supplier).filter(|bid| bid.status == BidStatus::Waiting);
        let holds = kept.map(|bid| bid.id).eq(found);
        findings.unless(holds, supplier.into(), || Flaw::Index("bids"));
    }
}

fn at_meetings(state: &State, findings: &mut Findings) {
    let mut discussed: BTreeMap<Item, BTreeSet<MeetingId>> = BTreeMap::new();
    for meeting in state.meetings() {
        for item in &meeting.draft.agenda {
            discussed.entry(*item).or_default().insert(meeting.id);
        }
    }
    let pairings = state.pairings().map(|it| (Item::Pairing(it.id), Entity::Pairing(it.id)));
    let projects = state.projects().map(|it| (Item::Project(it.id), Entity::Project(it.id)));
    for (item, about) in pairings.chain(projects) {
        let kept: BTreeSet<MeetingId> = state.meetings_on(item).map(|it| it.id).collect();
        let holds = kept == discussed.remove(&item).unwrap_or_default();
        findings.unless(holds, about, || Flaw::Index("meetings"));
    }
}
