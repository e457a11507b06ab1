//! The matching: from a state to the best plan for it, with reasons and a certificate.
//!
//! [`propose`] plans the whole pool at once; [`suggest`] ranks what fits one need, one resource or one
//! unit. Both read the same candidates with the same fit, so a suggestion never contradicts a plan.

use crate::{
    identity::OrganizationId,
    moment::Moment,
    pairing::{Fit, Supplier, Target},
    plan::{Cause, Proposal},
    state::State,
};

mod wording;

/// What the matching knows beside the state: the wording model that was learnt from published rows.
#[derive(Debug)]
pub struct Knowledge {}

impl Knowledge {
    /// Learnt from the rows that come with the program; built once.
    pub fn builtin() -> &'static Self {
        static BUILTIN: Knowledge = Knowledge {};
        &BUILTIN
    }
}

/// Why no plan could be made. A bug in the matching, never the fault of the street's data.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MatchError {
    /// The solver's answer did not pass the verifier.
    #[error("the plan failed its verification: {0}")]
    NotVerified(String),
}

/// The best plan for everything that is open now.
///
/// # Errors
/// [`MatchError`] when the answer of the solver does not pass the verifier.
pub fn propose(state: &State, _knowledge: &Knowledge, _now: Moment) -> Result<Proposal, MatchError> {
    let _ = state;
    Err(MatchError::NotVerified("not yet".into()))
}

/// For what suggestions are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// Who could serve this need or slot?
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
    /// How much of the giving side it would take.
    pub draws: u64,
    /// How well it fits.
    pub fit: Fit,
    /// Why a plan would not propose it although it may be requested by hand; `None` when it would.
    pub reserve: Option<Cause>,
}

/// The candidates for one subject, best first; at most `limit`.
pub fn suggest(
    state: &State,
    knowledge: &Knowledge,
    now: Moment,
    subject: Subject,
    limit: usize,
) -> Vec<Suggestion> {
    let _ = (state, knowledge, now, subject, limit);
    Vec::new()
}
