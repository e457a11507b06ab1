//! Candidates: for each asker, the givers that pass every rule and fit well enough, and what shut the others out.

use super::{
    eligibility::{self, Counting, Eligible},
    fit,
    market::{Asker, Giver, Market},
};
use crate::{
    pairing::{Fit, Supplier},
    plan::Cause,
};
use std::collections::BTreeMap;

/// A pair that may be in the plan.
#[derive(Debug)]
pub(super) struct Candidate {
    pub giver: usize,
    pub counting: Counting,
    pub fit: Fit,
}

/// What judging one asker against the whole market gave.
#[derive(Debug, Default)]
pub(super) struct Judged {
    pub candidates: Vec<Candidate>,
    /// Per cause, how many givers it shut out and the one whose wording came nearest.
    pub shut: BTreeMap<Cause, (u32, u16, Supplier)>,
}

/// Judges one asker against the whole market.
pub(super) fn judge_all(market: &Market<'_>, asker: &Asker) -> Judged {
    let mut judged = Judged::default();
    let mut eligible: Vec<(usize, Eligible)> = Vec::new();
    for (index, giver) in market.givers.iter().enumerate() {
        match eligibility::judge(market, asker, giver) {
            Ok(pair) => eligible.push((index, pair)),
            Err(cause) => judged.shut_out(cause, asker, giver),
        }
    }
    eligibility::posted_first(&mut eligible, market);
    for (index, pair) in eligible {
        let Some(giver) = market.givers.get(index) else { continue };
        let fit = fit::fit(market, asker, giver, pair);
        if fit::matter(&fit) < market.state.rules().fit_min {
            judged.shut_out(Cause::FitTooLow, asker, giver);
        } else {
            judged.candidates.push(Candidate { giver: index, counting: pair.counting, fit });
        }
    }
    judged
}

impl Judged {
    /// The candidates that count in this way, with their positions.
    pub fn counted(&self, way: Counting) -> impl Iterator<Item = (usize, &Candidate)> {
        self.candidates.iter().enumerate().filter(move |(_, candidate)| candidate.counting == way)
    }

    fn shut_out(&mut self, cause: Cause, asker: &Asker, giver: &Giver) {
        let alike = giver.terms.as_ref().map_or(0, |terms| asker.terms.alike(terms));
        let (count, nearest, supplier) = self.shut.entry(cause).or_insert((0, alike, giver.supplier));
        *count += 1;
        if alike > *nearest {
            (*nearest, *supplier) = (alike, giver.supplier);
        }
    }
}
