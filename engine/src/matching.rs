//! The matching: from a state to the best plan for it, with reasons and a certificate.
//!
//! [`propose`] plans the whole pool at once; [`suggest`] ranks what fits one need, one resource or one
//! unit. Both look at the same [`market`] with the same [`eligibility`] and [`fit`], so a suggestion
//! never contradicts a plan.
//!
//! Read in this order. [`market`] gathers who asks and who can give. [`eligibility`] is the hard rules,
//! each with its cause. [`fit`] is the soft ones, whole numbers with their breakdown. [`transport`] is
//! the problem once words have become numbers: rows that ask, columns that can give, edges with a value
//! per unit. [`simplex`] solves it exactly, names one answer among equals by a rule, and can keep it and repair it
//! ([`simplex::standing`]). [`certificate`] checks the answer without trusting the
//! solver, and is the only place that can say "verified". [`planning`] puts them together, and
//! [`wording`] says it in Chinese and English. A slow twin in the tests (`oracle`) shares no code with
//! the solver and has to agree on every instance it can reach.

pub mod market;

pub mod eligibility;
pub mod fit;

pub mod transport;

pub mod simplex;

pub mod certificate;

pub mod planning;
pub mod suggesting;

pub mod measurement;
pub mod wording;

#[cfg(test)]
mod oracle;

pub use planning::{MatchError, propose};
pub use suggesting::{Subject, Suggestion, suggest, suggest_for_targets};

use crate::text::affinity::Affinity;

/// What the matching knows beside the state: who takes up what, learnt from published rows.
#[derive(Clone, Copy, Debug)]
pub struct Knowledge<'a> {
    affinity: &'a Affinity,
}

impl Knowledge<'static> {
    /// Learnt from all rows that come with the program; built once.
    pub fn builtin() -> Self {
        Self { affinity: Affinity::builtin() }
    }
}

impl<'a> Knowledge<'a> {
    /// Learnt from other rows, as a measurement does.
    pub const fn of(affinity: &'a Affinity) -> Self {
        Self { affinity }
    }
}
