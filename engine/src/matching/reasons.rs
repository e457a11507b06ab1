//! Reasons: why a need stays unmet.
//!
//! A project that needs several slots at once gets nothing when one of them cannot be served. What keeps such a
//! slot ([`Stalled`]) is then not, or not only, what others use: it is told by what the plan leaves over. A slot
//! that could be served from that waits for the others ([`Cause::ProjectIncomplete`]); one that could not is
//! contested, and waits for the others too where too few of them could be.

use super::{
    candidates::Judged,
    eligibility::Counting,
    market::{Asker, Market},
    problem::missing,
};
use crate::{
    identity::ProjectId,
    pairing::{PairingTerms, Supplier, Target},
    plan::{Cause, Unmet, UnmetReason},
};
use std::collections::{BTreeMap, BTreeSet};

/// What stays unmet and why: an incomplete project and contested capacity first, then the causes by how many
/// candidates they shut out.
pub(super) fn unmet(
    market: &Market<'_>,
    askers: &[Asker],
    judged: &[Judged],
    pairings: &[PairingTerms],
) -> Vec<Unmet> {
    let mut served: BTreeMap<Target, u64> = BTreeMap::new();
    for terms in pairings {
        *served.entry(terms.target).or_default() += terms.quantity;
    }
    let given = pairings.iter().map(|terms| (terms.target, terms.supplier, terms.draws));
    let stalled = Stalled::of(market, askers, judged, given);
    askers
        .iter()
        .zip(judged)
        .filter_map(|(asker, judged)| {
            let left = asker.wanting.saturating_sub(served.get(&asker.target).copied().unwrap_or(0));
            (left > 0).then(|| Unmet {
                target: asker.target,
                quantity: left,
                reasons: reasons(market, asker, judged, &stalled),
            })
        })
        .collect()
}

pub(super) fn reasons(
    market: &Market<'_>,
    asker: &Asker,
    judged: &Judged,
    stalled: &Stalled,
) -> Vec<UnmetReason> {
    let mut reasons: Vec<UnmetReason> = judged
        .shut
        .iter()
        .map(|(cause, shut)| UnmetReason {
            cause: *cause,
            candidates: shut.count,
            nearest: market.nearest(asker, *cause, *shut),
        })
        .collect();
    reasons.sort_by_key(|reason| (std::cmp::Reverse(reason.candidates), reason.cause));
    let best = judged
        .candidates
        .iter()
        .max_by_key(|candidate| (candidate.fit.total, std::cmp::Reverse(candidate.giver)));
    if let Some(best) = best {
        let open = stalled.causes(asker.target).into_iter().map(|cause| UnmetReason {
            cause,
            candidates: u32::try_from(judged.candidates.len()).unwrap_or(u32::MAX),
            nearest: market.givers.get(best.giver).map(|giver| giver.supplier),
        });
        reasons.splice(0..0, open);
    }
    if reasons.is_empty() {
        reasons.push(UnmetReason { cause: Cause::NoCandidate, candidates: 0, nearest: None });
    }
    reasons
}

/// The projects that need several slots at once and get nothing from a plan.
#[derive(Debug)]
pub(super) struct Stalled(BTreeMap<ProjectId, Open>);

/// What such a project still needs.
#[derive(Debug)]
struct Open {
    /// How many of its slots.
    needs: usize,
    /// Those that are open, and whether what the plan leaves over could serve each of them alone.
    slots: BTreeMap<Target, bool>,
}

impl Stalled {
    /// Of a plan that gives so much of these suppliers to these targets.
    pub fn of(
        market: &Market<'_>,
        askers: &[Asker],
        judged: &[Judged],
        given: impl Iterator<Item = (Target, Supplier, u64)>,
    ) -> Self {
        let mut needs = missing(market.state, askers);
        needs.retain(|_, needs| *needs > 1);
        if needs.is_empty() {
            return Self(BTreeMap::new());
        }
        let mut used: BTreeMap<Supplier, u64> = BTreeMap::new();
        let mut served: BTreeSet<ProjectId> = BTreeSet::new();
        for (target, supplier, draws) in given {
            *used.entry(supplier).or_default() += draws;
            if let Target::Slot(project, _) = target {
                served.insert(project);
            }
        }
        let left = |giver: usize| {
            let giver = market.givers.get(giver)?;
            Some(giver.remaining.saturating_sub(used.get(&giver.supplier).copied().unwrap_or(0)))
        };
        let mut stalled: BTreeMap<ProjectId, Open> = BTreeMap::new();
        for (asker, judged) in askers.iter().zip(judged) {
            let Target::Slot(project, _) = asker.target else { continue };
            let Some(&needs) = needs.get(&project).filter(|_| !served.contains(&project)) else { continue };
            let open = stalled.entry(project).or_insert_with(|| Open { needs, slots: BTreeMap::new() });
            let left_of = |way| judged.counted(way).filter_map(|(_, candidate)| left(candidate.giver));
            let servable = left_of(Counting::OneByOne).sum::<u64>() >= asker.wanting
                || left_of(Counting::Whole).any(|left| left > 0);
            open.slots.insert(asker.target, servable);
        }
        Self(stalled)
    }

    /// What keeps a target from its candidates.
    fn causes(&self, target: Target) -> Vec<Cause> {
        let servable = self.open(target).and_then(|open| open.slots.get(&target));
        match servable {
            None => vec![Cause::CapacityContested],
            Some(true) => vec![Cause::ProjectIncomplete],
            Some(false) if self.waits(target) => vec![Cause::ProjectIncomplete, Cause::CapacityContested],
            Some(false) => vec![Cause::CapacityContested],
        }
    }

    /// Whether a slot waits for others of its project.
    pub fn waits(&self, target: Target) -> bool {
        self.open(target).is_some_and(|open| {
            open.slots.get(&target) == Some(&true) || open.servable_beside(target) + 1 < open.needs
        })
    }

    /// The other slots that a slot waits for: those that what is left could not serve, or all others where each
    /// could be served, but not with it.
    pub fn lacking(&self, target: Target) -> Vec<Target> {
        let Some(open) = self.open(target).filter(|_| self.waits(target)) else { return Vec::new() };
        let short = open.servable_beside(target) + 1 < open.needs;
        let others = open.slots.iter().filter(|(slot, _)| **slot != target);
        others.filter(|(_, servable)| !short || !**servable).map(|(slot, _)| *slot).collect()
    }

    fn open(&self, target: Target) -> Option<&Open> {
        match target {
            Target::Slot(project, _) => self.0.get(&project),
            Target::Need(_) => None,
        }
    }
}

impl Open {
    fn servable_beside(&self, target: Target) -> usize {
        self.slots.iter().filter(|(slot, servable)| **slot != target && **servable).count()
    }
}
