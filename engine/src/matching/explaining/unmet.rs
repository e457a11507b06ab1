//! Why a need stays unmet: the causes, who won what it could have had, and what would serve it.

use super::{Explanations, Worth, remedies::Remedy};
use crate::{
    matching::{fairness, problem::Line, reasons::reasons},
    pairing::{Supplier, Target},
    plan::{Cause, UnmetReason},
};
use std::collections::BTreeMap;

/// The most winners that are named.
const WINNERS_MAX: usize = 10;

/// Why a need or slot is not served in full.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnmetExplained {
    /// Which.
    pub target: Target,
    /// What it asks and nobody has claimed, agreed or requested by hand, in base units.
    pub wanting: u64,
    /// What of that the plan serves.
    pub planned: u64,
    /// Why no more: an incomplete project and contested capacity first, then the causes by how many givers they shut out.
    pub causes: Vec<UnmetReason>,
    /// Of a slot whose project gets nothing: the other slots that it waits for.
    pub lacking: Vec<Target>,
    /// The pairings that took what it could have had, the one that is easiest to outbid first; at most ten.
    pub winners: Vec<Winner>,
    /// What it could have had and no price took from it: in the order of the givers.
    pub withheld: Vec<Withheld>,
    /// The smallest changes that would serve it, least effort first. Each was tried.
    pub remedies: Vec<Remedy>,
}

/// A pairing that took contested capacity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Winner {
    /// What it serves.
    pub target: Target,
    /// The capacity.
    pub supplier: Supplier,
    /// How much of what the winner asks it serves, in base units.
    pub quantity: u64,
    /// By how much it won: what a unit of the capacity is worth there, beyond what the winner would get
    /// elsewhere, less what it would be worth here. For one unit of the capacity; never negative.
    pub lead: Worth,
}

/// Something that could serve a need and does not, although nobody outbid it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Withheld {
    /// What.
    pub supplier: Supplier,
    /// Why.
    pub why: Withholding,
}

/// Why something that could serve does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Withholding {
    /// The unit has engagements left, and one more would cost its burden more than it adds: by so much, which is never
    /// negative.
    Rests(Worth),
    /// It is held for a slot, so that the slot's project gets all it needs.
    HeldFor(Target),
}

impl Explanations<'_> {
    /// Why a need or slot is not served in full, and what would serve it; `None` when the plan serves it, or
    /// it does not exist.
    ///
    /// For needs that are not matched at all (settled by their list, carried by a project) the cause alone.
    pub fn unmet(&self, target: Target) -> Option<UnmetExplained> {
        let mut explained = self.unmet_without_remedies(target)?;
        if explained.wanting > 0 {
            explained.remedies = self.remedies_for_target(target);
        }
        Some(explained)
    }

    /// The same without the remedies, which have to be tried one by one: a look at the plan alone.
    pub fn unmet_without_remedies(&self, target: Target) -> Option<UnmetExplained> {
        let Some((number, asker)) = self.asker_at(target) else { return self.not_matched(target) };
        let planned = self.planned_for(target);
        if planned >= asker.wanting {
            return None;
        }
        let (market, stalled) = (&self.planned.market, self.stalled());
        Some(UnmetExplained {
            target,
            wanting: asker.wanting,
            planned,
            causes: reasons(market, asker, self.judged(number)?, stalled),
            lacking: stalled.lacking(target),
            winners: self.winners(number),
            withheld: self.withheld(number),
            remedies: Vec::new(),
        })
    }

    fn not_matched(&self, target: Target) -> Option<UnmetExplained> {
        let Target::Need(need) = target else { return None };
        let need = self.state().need(need)?;
        let cause = if self.state().stands_for(need.id).is_some() {
            Cause::CarriedByProject
        } else if need.draft.entry.settled.is_some() {
            Cause::AlreadySettled
        } else {
            return None;
        };
        let causes = vec![UnmetReason { cause, candidates: 0, nearest: None }];
        Some(UnmetExplained {
            target,
            wanting: 0,
            planned: 0,
            causes,
            lacking: Vec::new(),
            winners: Vec::new(),
            withheld: Vec::new(),
            remedies: Vec::new(),
        })
    }

    /// Who took what this asker is a candidate for.
    fn winners(&self, asker: usize) -> Vec<Winner> {
        let mut here: BTreeMap<usize, i64> = BTreeMap::new();
        for line in self.lines_of_asker(asker).filter(|line| line.giver.is_some()) {
            let bid = line.value - self.prices().row(line.row);
            here.entry(line.column).and_modify(|best| *best = bid.max(*best)).or_insert(bid);
        }
        let mut won: BTreeMap<(Target, Supplier), Winner> = BTreeMap::new();
        for (column, bid) in here {
            for line in self.lines_of_column(column).filter(|it| it.flow > 0 && it.asker != Some(asker)) {
                let Some((target, supplier)) = self.ends(line) else { continue };
                let elsewhere = self.ledger().best_elsewhere(line.row, line.column);
                let lead = Worth((line.value - elsewhere - bid).into());
                let new = Winner { target, supplier, quantity: 0, lead };
                let winner = won.entry((target, supplier)).or_insert(new);
                winner.quantity += self.along(line).map_or(0, |given| self.quantity(&given));
                winner.lead = winner.lead.min(lead);
            }
        }
        let mut winners: Vec<Winner> = won.into_values().collect();
        winners.sort_by_key(|winner| (winner.lead, winner.target, winner.supplier));
        winners.truncate(WINNERS_MAX);
        winners
    }

    /// Candidates whose capacity went to nobody by its price: units that rest, and what is held for projects.
    fn withheld(&self, asker: usize) -> Vec<Withheld> {
        let candidates = self.judged(asker).into_iter().flat_map(|judged| &judged.candidates);
        let mut found: Vec<Withheld> = Vec::new();
        for candidate in candidates {
            let Some(giver) = self.giver(candidate.giver) else { continue };
            let supplier = giver.supplier;
            let held = self.held.iter();
            let held = held.filter(|given| given.giver == candidate.giver && given.asker != asker);
            let targets = held.filter_map(|given| Some(self.planned.askers.get(given.asker)?.target));
            found.extend(targets.map(|target| Withheld { supplier, why: Withholding::HeldFor(target) }));
            found.extend(
                self.rests(asker, candidate.giver)
                    .map(|by| Withheld { supplier, why: Withholding::Rests(by) }),
            );
        }
        found.dedup();
        found
    }

    /// By how much the burden of one more engagement is above what an asker would add to a unit that has some left.
    fn rests(&self, asker: usize, giver: usize) -> Option<Worth> {
        let (engaged, offered) = (self.engaged(giver)?, self.giver(giver)?);
        let planned = self.planned_of(giver);
        if planned >= offered.remaining {
            return None;
        }
        let burden = fairness::cost(self.state().rules().fairness, engaged + planned, 1);
        let lines = self.lines_of_asker(asker).filter(|line| line.giver == Some(giver));
        let adds = lines.map(|line| i128::from(line.value)).max()?;
        (burden >= adds).then_some(Worth(burden - adds))
    }

    /// What a line joins, when it joins a need with a giver.
    pub(in crate::matching) fn ends(&self, line: &Line) -> Option<(Target, Supplier)> {
        Some((self.planned.askers.get(line.asker?)?.target, self.giver(line.giver?)?.supplier))
    }
}
