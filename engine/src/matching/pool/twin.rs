//! The slow obvious twin: everybody judged with everybody, without index, pool or cores.
//!
//! The tests hold the pool against it, the benches say what it spares.

use super::Pool;
use crate::{
    identity::OrganizationId,
    matching::{
        candidates::{Candidate, Judged, Shut},
        eligibility::{self, Eligible},
        fit,
        market::{Asker, Giver, Ground, Market},
    },
    pairing::Supplier,
    plan::Cause,
};
use std::collections::BTreeMap;

impl Pool<'_> {
    /// How many pairs may be in the plan, counted by judging everybody with everybody: what
    /// [`Extent::candidates`](super::Extent::candidates) says, the slow way.
    #[doc(hidden)]
    pub fn candidates_without_index(&self) -> usize {
        let market = self.market();
        let askers = market.open.iter().map(|(asker, _)| asker);
        askers.map(|asker| judged_with_everybody(self.ground(), &market, asker).candidates.len()).sum()
    }
}

/// One asker with everybody, rule by rule, in the order of the givers.
pub(super) fn judged_with_everybody(ground: Ground<'_>, market: &Market<'_>, asker: &Asker) -> Judged {
    let mut shut: BTreeMap<Cause, (u32, u16, Supplier)> = BTreeMap::new();
    let mut shut_out = |cause: Cause, giver: &Giver| {
        let alike = fit::wording(asker, giver).unwrap_or(0);
        let (count, nearest, supplier) = shut.entry(cause).or_insert((0, alike, giver.supplier));
        *count += 1;
        if alike > *nearest {
            (*nearest, *supplier) = (alike, giver.supplier);
        }
    };
    let mut eligible: Vec<(usize, &Giver, Eligible)> = Vec::new();
    for (position, giver) in market.givers.iter().enumerate() {
        match eligibility::judge(asker, giver) {
            Ok(pair) => eligible.push((position, giver, pair)),
            Err(cause) => shut_out(cause, giver),
        }
    }
    let weights = &ground.rules.weights;
    let fit_of = |giver: &Giver, pair: Eligible| {
        fit::fit(ground, asker, giver, pair, || fit::affinity(ground, asker, giver))
    };
    let posted_suits = |owner: OrganizationId| {
        let posted = eligible.iter().filter(|(_, giver, _)| {
            giver.organization == owner && matches!(giver.supplier, Supplier::Resource(_))
        });
        posted.map(|(_, giver, pair)| fit_of(giver, *pair).suits(weights)).max()
    };
    let mut candidates = Vec::new();
    for (position, giver, pair) in &eligible {
        let fit = fit_of(giver, *pair);
        if matches!(giver.supplier, Supplier::Unit(owner) if posted_suits(owner) >= Some(fit.suits(weights)))
        {
            continue;
        }
        if fit.matter(weights) < ground.rules.fit_min {
            shut_out(Cause::FitTooLow, giver);
        } else {
            candidates.push(Candidate { giver: *position, counting: pair.counting, fit });
        }
    }
    let named = |(cause, (count, alike, nearest))| {
        let by_index =
            matches!(cause, Cause::SameOrganization | Cause::CategoryDiffers | Cause::PlaceNotServed);
        (cause, Shut { count, nearest: Some(nearest).filter(|_| !by_index || alike > 0) })
    };
    Judged { candidates, shut: shut.into_iter().map(named).collect() }
}
