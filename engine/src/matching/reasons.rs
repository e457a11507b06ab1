//! Reasons: why a need stays unmet.

use super::{
    candidates::Judged,
    market::{Asker, Market},
};
use crate::{
    pairing::{PairingTerms, Target},
    plan::{Cause, Unmet, UnmetReason},
};
use std::collections::BTreeMap;

/// What stays unmet and why: contested capacity first, then the causes by how many candidates they shut out.
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
    askers
        .iter()
        .zip(judged)
        .filter_map(|(asker, judged)| {
            let left = asker.wanting.saturating_sub(served.get(&asker.target).copied().unwrap_or(0));
            (left > 0).then(|| Unmet {
                target: asker.target,
                quantity: left,
                reasons: reasons(market, asker, judged),
            })
        })
        .collect()
}

pub(super) fn reasons(market: &Market<'_>, asker: &Asker, judged: &Judged) -> Vec<UnmetReason> {
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
        reasons.insert(
            0,
            UnmetReason {
                cause: Cause::CapacityContested,
                candidates: u32::try_from(judged.candidates.len()).unwrap_or(u32::MAX),
                nearest: market.givers.get(best.giver).map(|giver| giver.supplier),
            },
        );
    }
    if reasons.is_empty() {
        reasons.push(UnmetReason { cause: Cause::NoCandidate, candidates: 0, nearest: None });
    }
    reasons
}
