//! Candidates: for each asker, the givers that pass every rule and fit well enough, and what shut the others out.
//!
//! The unit of judging is one asker with everything one owner has ([`judge_owner`]), because what an owner
//! posted goes before its open capacity. The pool calls it for the owners that the index brings and counts
//! the others by category and territory; a slow twin in the tests judges everybody with everybody.

use super::{
    eligibility::{Counting, judge},
    fit::{self, Marks},
    market::{Asker, Giver, Ground},
};
use crate::{pairing::Supplier, plan::Cause};
use std::collections::BTreeMap;

/// A pair that may be in the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    /// Its position among the givers of the market.
    pub giver: usize,
    pub counting: Counting,
    pub fit: Marks,
}

/// How many givers one cause shut out, and the one that came nearest where it was noted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Shut {
    pub count: u32,
    pub nearest: Option<Supplier>,
}

/// What judging one asker with the whole market gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Judged {
    /// In the order of the givers.
    pub candidates: Vec<Candidate>,
    /// Per cause, whom it shut out; see [`Market::nearest`](super::market::Market::nearest).
    pub shut: BTreeMap<Cause, Shut>,
}

impl Judged {
    /// The candidates that count in this way, with their positions.
    pub fn counted(&self, way: Counting) -> impl Iterator<Item = (usize, &Candidate)> {
        self.candidates.iter().enumerate().filter(move |(_, candidate)| candidate.counting == way)
    }
}

/// What became of one pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It passes every rule. Whether the matter fits well enough to be proposed is asked of its marks.
    Eligible(Counting, Marks),
    /// An open capacity that stands back: a posted resource of the same owner passes every rule and suits as well.
    StandsBack,
    /// A rule shut it out.
    Shut(Cause),
}

/// Judges one asker with some givers of one owner, in their order; each comes back with its own number.
///
/// All that the owner posted and that the rules might let pass has to be among them.
pub(super) fn judge_owner<'a>(
    ground: Ground<'_>,
    asker: &Asker,
    givers: impl Iterator<Item = (u32, &'a Giver)>,
    mut found: impl FnMut(u32, &'a Giver, Verdict),
) {
    let mut affinity = None;
    let mut posted_suits = None;
    for (number, giver) in givers {
        let verdict = judge(asker, giver).map_or_else(Verdict::Shut, |eligible| {
            let score = || *affinity.get_or_insert_with(|| fit::affinity(ground, asker, giver));
            let fit = fit::fit(ground, asker, giver, eligible, score);
            let suits = fit.suits(&ground.rules.weights);
            // The open capacity comes last of all that an owner has.
            if giver.wording.is_none() && posted_suits >= Some(suits) {
                return Verdict::StandsBack;
            }
            posted_suits = posted_suits.max(Some(suits));
            Verdict::Eligible(eligible.counting, fit)
        });
        found(number, giver, verdict);
    }
}
