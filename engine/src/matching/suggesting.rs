//! Suggestions: what fits one need, one resource or one unit, best first, with its reasons.
//!
//! The same rules and the same fit as the plan, without its sharing out: every suggestion is possible
//! alone, not all of them together.

use super::{
    Knowledge,
    eligibility::{self, Counting, Eligible},
    fit,
    market::{Asker, Giver, Market},
};
use crate::{
    identity::OrganizationId,
    moment::Moment,
    pairing::{Fit, Supplier, Target},
    plan::Cause,
    state::State,
};
use std::collections::BTreeSet;

/// For what suggestions are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// Who could serve this need or slot? Each organization once, with the best it has.
    Target(Target),
    /// What could this resource, or this unit's open capacity, serve?
    Supplier(Supplier),
    /// What could this organization serve with all it has?
    Organization(OrganizationId),
}

/// One possible pairing, best first in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// What would be served.
    pub target: Target,
    /// What would serve it.
    pub supplier: Supplier,
    /// Who owns that.
    pub organization: OrganizationId,
    /// How much of what is asked, in base units of its measure.
    pub quantity: u64,
    /// How much of the giving side it would take: base units, lots, or one engagement.
    pub draws: u64,
    /// How well it fits.
    pub fit: Fit,
    /// Why a plan would not propose it although it may be requested by hand; `None` when it would.
    pub reserve: Option<Cause>,
}

/// The candidates for one subject, best first, at most `limit`; none when the subject does not exist.
///
/// A need that is met or settled gets suggestions too: who else could have done it. Equal fits stand in
/// the order of the identities.
pub fn suggest(
    state: &State,
    knowledge: Knowledge<'_>,
    now: Moment,
    subject: Subject,
    limit: usize,
) -> Vec<Suggestion> {
    let market = Market::open(state, knowledge, now);
    let suggestions = match subject {
        Subject::Target(target) => return for_target(&market, target, limit),
        Subject::Supplier(supplier) => for_givers(&market, |giver| giver.supplier == supplier),
        Subject::Organization(organization) => {
            for_givers(&market, |giver| giver.organization == organization)
        }
    };
    best(suggestions, limit)
}

/// The candidates for several needs or slots, as [`suggest`] would give them one by one, at the price of
/// looking at the market once.
pub fn suggest_for_targets(
    state: &State,
    knowledge: Knowledge<'_>,
    now: Moment,
    targets: &[Target],
    limit: usize,
) -> Vec<Vec<Suggestion>> {
    let market = Market::open(state, knowledge, now);
    targets.iter().map(|target| for_target(&market, *target, limit)).collect()
}

fn for_target(market: &Market<'_>, target: Target, limit: usize) -> Vec<Suggestion> {
    let Some(asker) = market.asker(target) else { return Vec::new() };
    let mut suggestions = best(for_asker(market, &asker), usize::MAX);
    let mut seen = BTreeSet::new();
    suggestions.retain(|suggestion| seen.insert(suggestion.organization));
    suggestions.truncate(limit);
    suggestions
}

fn best(mut suggestions: Vec<Suggestion>, limit: usize) -> Vec<Suggestion> {
    suggestions.sort_by_key(|suggestion| {
        (std::cmp::Reverse(suggestion.fit.total), suggestion.target, suggestion.supplier)
    });
    suggestions.truncate(limit);
    suggestions
}

fn for_asker(market: &Market<'_>, asker: &Asker) -> Vec<Suggestion> {
    let mut judged: Vec<(usize, Eligible)> = market
        .givers
        .iter()
        .enumerate()
        .filter_map(|(index, giver)| Some((index, eligibility::judge(market, asker, giver).ok()?)))
        .collect();
    eligibility::posted_first(&mut judged, market);
    judged
        .into_iter()
        .filter_map(|(index, eligible)| Some(suggestion(market, asker, market.givers.get(index)?, eligible)))
        .collect()
}

fn for_givers(market: &Market<'_>, wanted: impl Fn(&Giver) -> bool) -> Vec<Suggestion> {
    market.askers().iter().flat_map(|asker| for_asker_among(market, asker, &wanted)).collect()
}

fn for_asker_among(market: &Market<'_>, asker: &Asker, wanted: &impl Fn(&Giver) -> bool) -> Vec<Suggestion> {
    let owners: BTreeSet<OrganizationId> =
        market.givers.iter().filter(|giver| wanted(giver)).map(|giver| giver.organization).collect();
    // All the owner has is judged, so that its open capacity stands back where a resource fits.
    let mut judged: Vec<(usize, Eligible)> = market
        .givers
        .iter()
        .enumerate()
        .filter(|(_, giver)| owners.contains(&giver.organization))
        .filter_map(|(index, giver)| Some((index, eligibility::judge(market, asker, giver).ok()?)))
        .collect();
    eligibility::posted_first(&mut judged, market);
    judged
        .into_iter()
        .filter_map(|(index, eligible)| Some((market.givers.get(index)?, eligible)))
        .filter(|(giver, _)| wanted(giver))
        .map(|(giver, eligible)| suggestion(market, asker, giver, eligible))
        .collect()
}

fn suggestion(market: &Market<'_>, asker: &Asker, giver: &Giver, eligible: Eligible) -> Suggestion {
    let fit = fit::fit(market, asker, giver, eligible);
    let (quantity, draws) = match eligible.counting {
        Counting::OneByOne => {
            let shared = asker.wanting.min(giver.remaining);
            (shared, shared)
        }
        Counting::Whole => (asker.wanting, 1),
    };
    let reserve = (fit::matter(&fit) < market.state.rules().fit_min).then_some(Cause::FitTooLow);
    Suggestion {
        target: asker.target,
        supplier: giver.supplier,
        organization: giver.organization,
        quantity,
        draws,
        fit,
        reserve,
    }
}
