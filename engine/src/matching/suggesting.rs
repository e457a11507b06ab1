//! Suggestions: what fits one need, one resource or one unit, best first, with its reasons.
//!
//! The same rules and the same fit as the plan, without its sharing out: every suggestion is possible
//! alone, not all of them together. Whoever asks often keeps a [`Pool`] and asks that; the functions here
//! make one for the one question.

use super::{Knowledge, pool::Pool};
use crate::{
    identity::OrganizationId,
    moment::Moment,
    pairing::{Fit, Supplier, Target},
    plan::Cause,
    state::State,
};

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
    Pool::for_one_question(state, knowledge, now, subject).suggest(subject, limit)
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
    let Some(first) = targets.first() else { return Vec::new() };
    let pool = Pool::for_one_question(state, knowledge, now, Subject::Target(*first));
    pool.suggest_for_targets(targets, limit)
}
