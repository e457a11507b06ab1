//! Verdicts: what judging left of one asker, kept so that only what an event touches is judged again.

use super::GiverAt;
use crate::{
    matching::{
        candidates::{Candidate, Shut, Verdict, judge_owner},
        eligibility::Counting,
        fit::{self, Marks},
        market::{Asker, Giver, Ground, Holding},
    },
    pairing::Supplier,
    plan::Cause,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

/// A pair that may be in the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Kept {
    giver: GiverAt,
    counting: Counting,
    fit: Marks,
}

/// A pair that category and territory let meet and another rule did not let pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct ShutOut {
    giver: GiverAt,
    /// How alike the wordings are.
    alike: u16,
    /// `None` for an open capacity that stands back behind what its owner posted.
    cause: Option<Cause>,
}

/// All pairs of one asker that category and territory let meet, ascending by the number of the giver.
#[derive(Clone, Debug, Default)]
pub(super) struct Verdicts {
    candidates: Vec<Kept>,
    shut: Vec<ShutOut>,
}

impl Verdicts {
    /// Judges an asker with these givers, ascending.
    pub fn of(ground: Ground<'_>, asker: &Asker, holdings: &[Holding], met: &[GiverAt]) -> Self {
        let mut verdicts = Self::default();
        for of_owner in met.chunk_by(|one, other| one.owner == other.owner) {
            let Some(GiverAt { owner, .. }) = of_owner.first().copied() else { continue };
            let Some(holding) = holdings.get(owner as usize) else { continue };
            let positions = of_owner.iter().map(|at| at.position);
            verdicts.judge(ground, asker, owner, holding, positions);
        }
        // Both stay as long as the asker is open.
        verdicts.candidates.shrink_to_fit();
        verdicts.shut.shrink_to_fit();
        verdicts
    }

    /// Judges the same asker with everything of one owner again. Whether its candidates differ; `before` says how
    /// the owner's givers stood when they were judged last, if not as they do now.
    pub fn again(
        &mut self,
        ground: Ground<'_>,
        asker: &Asker,
        holdings: &[Holding],
        owner: u32,
        before: Option<&[Supplier]>,
    ) -> bool {
        let mut new = Self::default();
        if let Some(holding) = holdings.get(owner as usize) {
            new.judge(ground, asker, owner, holding, (0..).take(holding.givers.len()));
        }
        let same_giver = |old: GiverAt, new: GiverAt| match before {
            None => old == new,
            Some(before) => {
                let supplier = before.get(old.position as usize);
                supplier == giver_at(holdings, new).map(|giver| &giver.supplier)
            }
        };
        let candidates = of_owner(&self.candidates, owner, |kept| kept.giver);
        let same =
            same(self.candidates.get(candidates.clone()).unwrap_or_default(), &new.candidates, same_giver);
        self.candidates.splice(candidates, new.candidates);
        self.shut.splice(of_owner(&self.shut, owner, |shut| shut.giver), new.shut);
        !same
    }

    /// Judges an asker with givers of one owner, who comes after all that were judged.
    fn judge(
        &mut self,
        ground: Ground<'_>,
        asker: &Asker,
        owner: u32,
        holding: &Holding,
        positions: impl Iterator<Item = u32>,
    ) {
        let givers = positions
            .filter_map(|position| Some((position, holding.givers.get(position as usize)?.as_ref())));
        judge_owner(ground, asker, givers, |position, giver, verdict| {
            self.note(ground, asker, GiverAt { owner, position }, giver, verdict);
        });
    }

    fn note(&mut self, ground: Ground<'_>, asker: &Asker, at: GiverAt, giver: &Giver, verdict: Verdict) {
        let cause = match verdict {
            Verdict::Eligible(counting, fit) if fit.matter(&ground.rules.weights) >= ground.rules.fit_min => {
                return self.candidates.push(Kept { giver: at, counting, fit });
            }
            // Counted without being looked at.
            Verdict::Shut(Cause::SameOrganization | Cause::CategoryDiffers | Cause::PlaceNotServed) => return,
            Verdict::Eligible(..) => Some(Cause::FitTooLow),
            Verdict::StandsBack => None,
            Verdict::Shut(cause) => Some(cause),
        };
        let alike = fit::wording(asker, giver).unwrap_or(0);
        self.shut.push(ShutOut { giver: at, alike, cause });
    }

    /// Marks the freshness of these givers anew; whether any fit differs by it.
    pub fn age(&mut self, ground: Ground<'_>, holdings: &[Holding], aged: &BTreeSet<GiverAt>) -> bool {
        let mut differs = false;
        for kept in self.candidates.iter_mut().filter(|kept| aged.contains(&kept.giver)) {
            if let Some(giver) = giver_at(holdings, kept.giver) {
                let fit = kept.fit.aged(ground, giver);
                differs |= fit != kept.fit;
                kept.fit = fit;
            }
        }
        differs
    }

    /// Whether the same pairs may be in the plan, with the same fit. `renumbered` says of some owners how their
    /// givers stood when the first of both was judged.
    pub fn same_candidates(
        &self,
        new: &Self,
        renumbered: &BTreeMap<u32, Vec<Supplier>>,
        holdings: &[Holding],
    ) -> bool {
        same(&self.candidates, &new.candidates, |old, new| match renumbered.get(&new.owner) {
            None => old == new,
            Some(suppliers) => {
                let before = suppliers.get(old.position as usize);
                old.owner == new.owner && before == giver_at(holdings, new).map(|giver| &giver.supplier)
            }
        })
    }

    /// How many pairs may be in the plan.
    pub const fn candidates_len(&self) -> usize {
        self.candidates.len()
    }

    /// How many givers category and territory let it meet.
    pub const fn met(&self) -> usize {
        self.candidates.len() + self.shut.len()
    }

    /// The candidates by their positions in a market whose owners start at these.
    pub fn listed(&self, starts: &[usize]) -> Vec<Candidate> {
        let position = |giver: GiverAt| Some(starts.get(giver.owner as usize)? + giver.position as usize);
        let listed = self.candidates.iter().filter_map(|Kept { giver, counting, fit }| {
            Some(Candidate { giver: position(*giver)?, counting: *counting, fit: *fit })
        });
        listed.collect()
    }

    /// Whom each cause shut out, with the one that came nearest: the first of those most alike.
    pub fn causes(&self, holdings: &[Holding]) -> BTreeMap<Cause, Shut> {
        let mut nearest: BTreeMap<Cause, (u32, &ShutOut)> = BTreeMap::new();
        for shut in &self.shut {
            let Some(cause) = shut.cause else { continue };
            let (count, best) = nearest.entry(cause).or_insert((0, shut));
            *count += 1;
            if shut.alike > best.alike {
                *best = shut;
            }
        }
        let supplier = |shut: &ShutOut| giver_at(holdings, shut.giver).map(|giver| giver.supplier);
        nearest
            .into_iter()
            .map(|(cause, (count, best))| (cause, Shut { count, nearest: supplier(best) }))
            .collect()
    }
}

/// Whether two lists have the same pairs in the same order, with the same fit.
fn same(old: &[Kept], new: &[Kept], same_giver: impl Fn(GiverAt, GiverAt) -> bool) -> bool {
    let same = |old: &Kept, new: &Kept| {
        (old.counting, old.fit) == (new.counting, new.fit) && same_giver(old.giver, new.giver)
    };
    old.len() == new.len() && old.iter().zip(new).all(|(old, new)| same(old, new))
}

/// Where the entries of an owner stand in a list that ascends by giver.
fn of_owner<T>(list: &[T], owner: u32, giver: impl Fn(&T) -> GiverAt) -> Range<usize> {
    let start = list.partition_point(|entry| giver(entry).owner < owner);
    start..list.partition_point(|entry| giver(entry).owner <= owner)
}

fn giver_at(holdings: &[Holding], at: GiverAt) -> Option<&Giver> {
    Some(holdings.get(at.owner as usize)?.givers.get(at.position as usize)?.as_ref())
}
