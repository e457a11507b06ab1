//! Suggestions read off the pool: one asker with the givers it meets, or one owner with the askers that meet it.

use super::{Changes, GiverAt, Pool, Touched, numbered, stepping::Work};
use crate::{
    identity::OrganizationId,
    matching::{
        Knowledge, Subject, Suggestion,
        candidates::{Verdict, judge_owner},
        eligibility::Counting,
        fit::Marks,
        market::{Asker, Giver},
    },
    moment::Moment,
    pairing::{Supplier, Target},
    plan::Cause,
    state::State,
};
use rayon::prelude::*;
use std::{cmp::Reverse, collections::BTreeSet};

impl<'k> Pool<'k> {
    /// The candidates for one subject, best first, at most `limit`; see [`suggest`](crate::matching::suggest).
    pub fn suggest(&self, subject: Subject, limit: usize) -> Vec<Suggestion> {
        match subject {
            Subject::Target(target) => self.for_target(target, limit),
            Subject::Supplier(supplier) => {
                let owner = self.state.giving(supplier);
                owner.map_or_else(Vec::new, |owner| {
                    best(self.for_owner(owner, |giver| giver.supplier == supplier), limit)
                })
            }
            Subject::Organization(owner) => best(self.for_owner(owner, |_| true), limit),
        }
    }

    /// The candidates for several needs or slots, each as [`Pool::suggest`] gives them.
    pub fn suggest_for_targets(&self, targets: &[Target], limit: usize) -> Vec<Vec<Suggestion>> {
        targets.par_iter().map(|target| self.for_target(*target, limit)).collect()
    }

    /// A pool that can answer for this subject and judges nobody beforehand.
    pub(in crate::matching) fn for_one_question(
        state: &State,
        knowledge: Knowledge<'k>,
        now: Moment,
        subject: Subject,
    ) -> Self {
        let mut pool = Self::open(knowledge);
        let mut changes = Changes::between(&pool.state, state);
        if let Subject::Target(target) = subject {
            changes.targets = BTreeSet::from([target]);
        }
        pool.follow_owners(&changes);
        (pool.state, pool.now) = (state.clone(), now);
        let (mut touched, mut work) = (Touched::default(), Work::default());
        pool.follow_givers(&changes, &mut touched, &mut work);
        pool.follow_askers(&changes, &mut touched, &mut work);
        pool
    }

    /// Each organization once, with the best it has.
    fn for_target(&self, target: Target, limit: usize) -> Vec<Suggestion> {
        let open = self.open.get(&target).map(|open| open.asker.clone());
        let Some(asker) = open.or_else(|| self.asker(target)) else { return Vec::new() };
        let mut found = Vec::new();
        for of_owner in self.met_by(&asker).chunk_by(|one, other| one.owner == other.owner) {
            self.judge_at(&asker, of_owner.iter().copied(), |_| true, &mut found);
        }
        let mut suggestions = best(found, usize::MAX);
        let mut seen = BTreeSet::new();
        suggestions.retain(|suggestion| seen.insert(suggestion.organization));
        suggestions.truncate(limit);
        suggestions
    }

    /// All open needs and slots that an owner could serve with these of its givers.
    fn for_owner(&self, owner: OrganizationId, wanted: impl Fn(&Giver) -> bool) -> Vec<Suggestion> {
        let mut found = Vec::new();
        let Some(number) = self.number(owner) else { return found };
        let Some(holding) = self.holdings.get(number as usize) else { return found };
        for target in self.meeting(holding) {
            let Some(open) = self.open.get(&target) else { continue };
            // All the owner has is judged, so that its open capacity stands back where a resource fits.
            self.judge_at(&open.asker, numbered(number, holding).map(|(at, _)| at), &wanted, &mut found);
        }
        found
    }

    fn judge_at(
        &self,
        asker: &Asker,
        of_owner: impl Iterator<Item = GiverAt>,
        wanted: impl Fn(&Giver) -> bool,
        found: &mut Vec<Suggestion>,
    ) {
        let givers = of_owner.filter_map(|at| {
            let holding = self.holdings.get(at.owner as usize)?;
            Some((at.position, holding.givers.get(at.position as usize)?.as_ref()))
        });
        judge_owner(self.ground(), asker, givers, |_, giver, verdict| {
            if let Verdict::Eligible(counting, fit) = verdict
                && wanted(giver)
            {
                found.push(self.suggestion(asker, giver, counting, fit));
            }
        });
    }

    fn suggestion(&self, asker: &Asker, giver: &Giver, counting: Counting, fit: Marks) -> Suggestion {
        let rules = self.state.rules();
        let (quantity, draws) = match counting {
            Counting::OneByOne => {
                let shared = asker.wanting.min(giver.remaining);
                (shared, shared)
            }
            Counting::Whole => (asker.wanting, 1),
        };
        Suggestion {
            target: asker.target,
            supplier: giver.supplier,
            organization: giver.organization,
            quantity,
            draws,
            fit: fit.shown(&rules.weights),
            reserve: (fit.matter(&rules.weights) < rules.fit_min).then_some(Cause::FitTooLow),
        }
    }
}

/// Best first; equal fits in the order of their identities.
fn best(mut suggestions: Vec<Suggestion>, limit: usize) -> Vec<Suggestion> {
    let rank = |suggestion: &Suggestion| -> (Reverse<u16>, Target, Supplier) {
        (Reverse(suggestion.fit.total), suggestion.target, suggestion.supplier)
    };
    suggestions.sort_by_key(rank);
    suggestions.truncate(limit);
    suggestions
}
