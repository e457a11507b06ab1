//! Deciding: what a flow through the open problem says of the questions that are no flow, which projects go
//! ahead and what their slots get.

use super::{Problem, RowOf, Use};
use crate::{
    identity::ProjectId,
    matching::{eligibility::Counting, market::Asker},
    pairing::Target,
    state::State,
};
use std::collections::BTreeMap;

/// The answers to what is no flow.
#[derive(Clone, Debug, Default)]
pub struct Decisions {
    /// Per asker, how it is counted; `None` = it gets nothing from the flow.
    pub ways: Vec<Option<Counting>>,
    /// What the slots of served projects get.
    pub fixed: Vec<Use>,
}

impl Problem {
    /// What a flow through the open problem decides. The slots of projects that it serves stay in the flow, or
    /// are `held` to what they have there; the others get nothing.
    pub fn decide(
        &self,
        askers: &[Asker],
        missing: &BTreeMap<ProjectId, usize>,
        flows: &[u64],
        held: bool,
    ) -> Decisions {
        let mut decisions = Decisions { ways: vec![None; askers.len()], fixed: Vec::new() };
        let together = |asker: usize| match askers.get(asker)?.target {
            Target::Slot(project, _) if missing.get(&project).is_some_and(|missing| *missing > 0) => {
                Some(project)
            }
            Target::Slot(..) | Target::Need(_) => None,
        };
        for of in &self.rows {
            let RowOf::Piece { asker, way, .. } = *of else { continue };
            if let Some(decided) = decisions.ways.get_mut(asker).filter(|_| together(asker).is_none()) {
                // A need that gets nothing either way is shared out.
                decided.get_or_insert(way);
            }
        }
        for ((edge, candidate), &flow) in self.edges.iter().zip(flows).filter(|(_, flow)| **flow > 0) {
            let (Some(RowOf::Piece { asker, way, .. }), Some(candidate)) =
                (self.rows.get(edge.row as usize), candidate)
            else {
                continue;
            };
            if held && together(*asker).is_some() {
                decisions.fixed.push((*asker, *candidate, flow));
            } else if let Some(decided) = decisions.ways.get_mut(*asker) {
                *decided = Some(*way);
            }
        }
        decisions
    }

    /// Whether a flow gives every slot that has rows here all it wants, where its project may need it.
    pub fn serves_projects(
        &self,
        askers: &[Asker],
        missing: &BTreeMap<ProjectId, usize>,
        flows: &[u64],
    ) -> bool {
        let mut left: BTreeMap<usize, u64> = BTreeMap::new();
        for (of, demand) in self.rows.iter().zip(&self.demands) {
            if let RowOf::Piece { asker, .. } = of
                && let Some(Target::Slot(project, _)) = askers.get(*asker).map(|asker| asker.target)
                && missing.get(&project).is_some_and(|missing| *missing > 0)
            {
                *left.entry(*asker).or_default() += demand;
            }
        }
        for ((edge, _), flow) in self.edges.iter().zip(flows) {
            if let Some(RowOf::Piece { asker, .. }) = self.rows.get(edge.row as usize)
                && let Some(left) = left.get_mut(asker)
            {
                *left = left.saturating_sub(*flow);
            }
        }
        left.values().all(|left| *left == 0)
    }
}

/// Per project that has open slots, how many of them it needs before it can go ahead; those that somebody has
/// promised or asked for in full are not among the askers.
pub fn missing(state: &State, askers: &[Asker]) -> BTreeMap<ProjectId, usize> {
    let mut open: BTreeMap<ProjectId, usize> = BTreeMap::new();
    for asker in askers {
        if let Target::Slot(project, _) = asker.target {
            *open.entry(project).or_default() += 1;
        }
    }
    let missing = |(project, open): (ProjectId, usize)| {
        let it = state.project(project)?;
        Some((project, (it.slots_required() + open).saturating_sub(it.draft.slots.len())))
    };
    open.into_iter().filter_map(missing).collect()
}
