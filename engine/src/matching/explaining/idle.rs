//! Why a resource or a unit's open capacity stays unused, wholly or in part.

use super::{Explanations, Worth, remedies::Remedy};
use crate::{
    pairing::{Supplier, Target},
    plan::Cause,
};
use std::collections::BTreeMap;

/// The most pairings that are named as won by others.
const LOST_MAX: usize = 10;

/// Why something is left over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdleExplained {
    /// What.
    pub supplier: Supplier,
    /// What of it is neither claimed nor agreed: base units, lots or engagements.
    pub remaining: u64,
    /// What of that the plan uses.
    pub planned: u64,
    /// What keeps the open needs from it, the most frequent cause first, with how many needs each keeps; an
    /// incomplete project keeps the slots that it could serve.
    pub causes: Vec<(Cause, u32)>,
    /// What it could have served and others serve, the nearest first; at most ten.
    pub lost: Vec<Lost>,
    /// The smallest changes that would use more of it, least effort first. Each was tried.
    pub remedies: Vec<Remedy>,
}

/// A need that something else serves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost {
    /// The need or slot.
    pub target: Target,
    /// What serves it.
    pub to: Supplier,
    /// By how much that is better: value less the price of the capacity there, less the same here. For one
    /// unit; never negative.
    pub lead: Worth,
}

impl Explanations<'_> {
    /// Why it is idle, wholly or in part; `None` when the plan uses all that remains, or there is none.
    pub fn idle(&self, supplier: Supplier) -> Option<IdleExplained> {
        let mut explained = self.idle_without_remedies(supplier)?;
        explained.remedies = self.remedies_for_supplier(supplier);
        Some(explained)
    }

    /// The same without the remedies, which have to be tried one by one: a look at the plan alone.
    pub fn idle_without_remedies(&self, supplier: Supplier) -> Option<IdleExplained> {
        let giver = self.giver_at(supplier)?;
        let (remaining, planned) = (self.giver(giver)?.remaining, self.planned_from(supplier));
        if planned >= remaining {
            return None;
        }
        let mut causes: BTreeMap<Cause, u32> = BTreeMap::new();
        for asker in 0..self.planned.askers.len() {
            let cause = self.cause(asker, giver).or_else(|| self.waits_with(asker, giver));
            if let Some(cause) = cause {
                *causes.entry(cause).or_default() += 1;
            }
        }
        let mut causes: Vec<(Cause, u32)> = causes.into_iter().collect();
        causes.sort_by_key(|(cause, needs)| (std::cmp::Reverse(*needs), *cause));
        if self.planned.askers.is_empty() {
            causes.push((Cause::NoCandidate, 0));
        }
        let (lost, remedies) = (self.lost(giver), Vec::new());
        Some(IdleExplained { supplier, remaining, planned, causes, lost, remedies })
    }

    /// Whether it would serve a slot of a project that gets nothing.
    fn waits_with(&self, asker: usize, giver: usize) -> Option<Cause> {
        let target = self.planned.askers.get(asker)?.target;
        let is_candidate = self.judged(asker)?.candidates.iter().any(|candidate| candidate.giver == giver);
        (is_candidate && self.stalled().waits(target)).then_some(Cause::ProjectIncomplete)
    }

    fn lost(&self, giver: usize) -> Vec<Lost> {
        let mut lost: BTreeMap<(Target, Supplier), Worth> = BTreeMap::new();
        for here in self.lines.iter().filter(|line| line.giver == Some(giver)) {
            let bid = here.value - self.prices().column(here.column);
            let there = self.lines_of_row(here.row).filter(|it| it.column != here.column && it.flow > 0);
            for line in there {
                let Some(ends) = self.ends(line) else { continue };
                let lead = Worth((line.value - self.prices().column(line.column) - bid).into());
                lost.entry(ends).and_modify(|least| *least = lead.min(*least)).or_insert(lead);
            }
        }
        let of = |((target, to), lead)| Lost { target, to, lead };
        let mut lost: Vec<Lost> = lost.into_iter().map(of).collect();
        lost.sort_by_key(|lost| (lost.lead, lost.target, lost.to));
        lost.truncate(LOST_MAX);
        lost
    }
}
