//! Why this pairing: its factors, who came second on either side, and the margin.
//!
//! At the plan's prices a unit of an edge is worth its value. What its asker would get without it is the best
//! it has anywhere else: value less the price of that capacity, or nothing. What its giver would do without
//! it is the best of the other askers: value less what they have already, or nothing. The *margin* is what
//! the edge is worth beyond both, summed over the units it carries. It is never negative, and to forbid the
//! pairing would cost the plan at least its margin.
//!
//! All of this is said at the plan's decisions: which projects go ahead, and which needs are shared out one by one and
//! which are taken up whole. Where the plan without the pairing would decide one of these otherwise, forbidding it may cost
//! less than the margin, and the runner-up may be one that is counted the other way.
//!
//! At the prices the community's bonus and the unit's burden count too, so the margin is at most
//! `worth + bonus − burden`. A slot that is held for the sake of its project has no prices to tell a margin from.

use super::{Explanations, Worth, given::Given};
use crate::{
    matching::problem::Line,
    pairing::{Fit, Supplier, Target},
};
use std::collections::BTreeMap;

/// Why a pairing is in the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PairingExplained {
    /// What is served.
    pub target: Target,
    /// What serves it.
    pub supplier: Supplier,
    /// How much of what is asked, in base units of its measure.
    pub quantity: u64,
    /// How much of the giving side it takes: base units, lots, or one engagement.
    pub draws: u64,
    /// Its factors.
    pub fit: Fit,
    /// What it adds to the objective by itself: need weight × fit × share of the need.
    pub worth: Worth,
    /// Its share of what the needs first served in its community add together.
    pub bonus: Worth,
    /// Its share of what the engagements of its unit cost together.
    pub burden: Worth,
    /// What one more unit of the giving side would add.
    pub price: Worth,
    /// Who else could have served the need, the best of them.
    pub asking: Option<RunnerUp<Supplier>>,
    /// What else could have been served, the best of it.
    pub giving: Option<RunnerUp<Target>>,
    /// What the pairing is worth beyond what both sides would do without each other; see the module.
    pub margin: Worth,
    /// It serves a slot for the sake of the whole project, although another use of what it takes might be worth
    /// more: nobody comes second then, and no margin is claimed.
    pub held: bool,
}

/// Who came second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunnerUp<T> {
    /// Who.
    pub who: T,
    /// How far it is behind the chosen, over all the pairing carries; 0 when it would have done as well.
    pub behind: Worth,
}

impl Explanations<'_> {
    /// Why this pairing is in the plan; `None` when it is not.
    pub fn pairing(&self, target: Target, supplier: Supplier) -> Option<PairingExplained> {
        let (asker, _) = self.asker_at(target)?;
        let giver = self.giver_at(supplier)?;
        let given: Vec<Given> = self.given_to(asker, giver).collect();
        let first = self.judged(asker)?.candidates.get(given.first()?.candidate)?;
        let is_used = |line: &&Line| line.giver == Some(giver) && line.flow > 0;
        let used: Vec<&Line> = self.lines_of_asker(asker).filter(is_used).collect();
        let sum = |of: &dyn Fn(&Line) -> i64| -> Worth {
            Worth(used.iter().map(|line| i128::from(of(line)) * i128::from(line.flow)).sum())
        };
        Some(PairingExplained {
            target,
            supplier,
            quantity: given.iter().map(|given| self.quantity(given)).sum(),
            draws: given.iter().map(|given| given.flow).sum(),
            fit: first.fit.shown(&self.state().rules().weights),
            worth: Worth(given.iter().map(Given::total).sum()),
            bonus: self.shares().bonus(asker, giver),
            burden: self.shares().burden(asker, giver),
            price: self.one_more_of(giver),
            asking: self.second_giver(&used),
            giving: self.second_asker(&used),
            margin: sum(&|line| {
                let without = self.ledger().best_elsewhere(line.row, line.column);
                line.value - without - self.best_of_others(line.column, line.asker)
            }),
            held: used.is_empty(),
        })
    }

    /// What a unit of the column is worth to anybody but this asker, at the prices; at least nothing.
    fn best_of_others(&self, column: usize, asker: Option<usize>) -> i64 {
        let others = self.lines_of_column(column).filter(|line| line.asker != asker);
        others.map(|line| line.value - self.prices().row(line.row)).fold(0, i64::max)
    }

    fn second_giver(&self, used: &[&Line]) -> Option<RunnerUp<Supplier>> {
        let mut behind: BTreeMap<usize, i128> = BTreeMap::new();
        for chosen in used {
            let here = chosen.value - self.prices().column(chosen.column);
            for other in self.lines_of_row(chosen.row).filter(|it| it.column != chosen.column) {
                let Some(giver) = other.giver else { continue };
                let there = other.value - self.prices().column(other.column);
                *behind.entry(giver).or_default() += i128::from(here - there) * i128::from(chosen.flow);
            }
        }
        let (giver, behind) = behind.into_iter().min_by_key(|(giver, behind)| (*behind, *giver))?;
        Some(RunnerUp { who: self.giver(giver)?.supplier, behind: Worth(behind) })
    }

    fn second_asker(&self, used: &[&Line]) -> Option<RunnerUp<Target>> {
        let mut behind: BTreeMap<usize, i128> = BTreeMap::new();
        for chosen in used {
            let here = chosen.value - self.ledger().best_elsewhere(chosen.row, chosen.column);
            let mut best: BTreeMap<usize, i64> = BTreeMap::new();
            let others = self.lines_of_column(chosen.column).filter(|it| it.asker != chosen.asker);
            for other in others {
                let Some(asker) = other.asker else { continue };
                let there = other.value - self.prices().row(other.row);
                best.entry(asker).and_modify(|best| *best = there.max(*best)).or_insert(there);
            }
            for (asker, there) in best {
                *behind.entry(asker).or_default() += i128::from(here - there) * i128::from(chosen.flow);
            }
        }
        let (asker, behind) = behind.into_iter().min_by_key(|(asker, behind)| (*behind, *asker))?;
        Some(RunnerUp { who: self.planned.askers.get(asker)?.target, behind: Worth(behind) })
    }
}
