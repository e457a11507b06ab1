//! The matching: from a state to the best plan for it, with reasons and a certificate.
//!
//! [`propose`] plans the whole pool at once; [`suggest`] ranks what fits one need, one resource or one
//! unit. Both look at the same [`market`] with the same [`eligibility`] and [`fit`], so a suggestion
//! never contradicts a plan.
//!
//! Read in this order. [`market`] gathers who asks and who can give. [`eligibility`] is the hard rules,
//! each with its cause. [`fit`] is the soft ones, whole numbers with their breakdown. `candidates` are
//! the pairs that pass both, found through an `index` and kept ready by the [`pool`]. [`transport`] is the
//! problem once words have become numbers: rows that ask, columns that can give, edges with a value per unit. [`simplex`]
//! solves it exactly, names one answer among equals by a rule, and can keep it and repair it ([`simplex::standing`]). [`certificate`]
//! checks the answer without trusting the solver, and is the only place that can say "verified".
//! [`search`] answers what no flow can say, all or nothing, one of two, with a proof of its own.
//! [`fairness`] says how scarce things are shared out, `problem` turns the candidates into numbers, `reasons`
//! says why a need stays unmet, [`planning`] puts them together, and [`planner`] keeps it
//! all ready between one change and the next. [`mod@what_if`] is the same street with changes
//! that nobody has made; [`explaining`] reads each yes and each no off the prices, and finds the smallest
//! change that would turn a no into a yes; [`joint`] names what is worth doing together. [`wording`] says it
//! in Chinese and English. Slow twins in the tests (`oracle`) share no code with the solvers and have to agree on every
//! instance they can reach.

pub mod market;

pub mod eligibility;
pub mod fit;

pub mod transport;

pub mod simplex;

pub mod certificate;

mod candidates;
mod index;
pub mod pool;

pub mod search;

pub mod fairness;
mod problem;
mod reasons;

pub mod planner;
pub mod planning;
pub mod suggesting;

pub mod what_if;

pub mod explaining;

pub mod joint;

pub mod measurement;
pub mod wording;

#[cfg(test)]
mod oracle;

pub use explaining::Explanations;
pub use planner::Planner;
pub use planning::{MatchError, propose};
pub use suggesting::{Subject, Suggestion, suggest, suggest_for_targets};
pub use what_if::{Change, what_if};

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
