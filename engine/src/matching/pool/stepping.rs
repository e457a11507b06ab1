//! Stepping: what differs between two states is made anew on both sides, and who can be concerned is judged again.

use super::{Changes, GiverAt, Open, Pool, Touched, Verdicts, numbered};
use crate::{
    identity::OrganizationId,
    matching::{
        fit,
        market::{Asker, Ground, Holding},
    },
    moment::Moment,
    pairing::{Supplier, Target},
    state::State,
};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// What has to be judged again.
#[derive(Debug, Default)]
pub(super) struct Work {
    /// With whomever the index brings.
    whole: BTreeSet<Target>,
    /// With this owner only; in any order, and some several times.
    owners: Vec<WithOwner>,
    /// Of owners of whom the same positions stand for other givers now, the givers as they stood.
    renumbered: BTreeMap<u32, Vec<Supplier>>,
}

/// An asker that is judged with what this owner gives.
type WithOwner = (Target, u32);

/// Whether the numbers of the owners still follow their identities.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Kept,
    /// An organization turned up between known ones: not a state that follows.
    Broken,
}

impl Pool<'_> {
    /// Numbers the owners that are new. Identities are handed out ascending, so they come last.
    pub(super) fn follow_owners(&mut self, changes: &Changes) -> Order {
        for owner in &changes.owners {
            if self.owners.last().is_none_or(|last| last < owner) {
                self.owners.push(*owner);
                self.holdings.push(Holding::default());
            } else if self.number(*owner).is_none() {
                return Order::Broken;
            }
        }
        Order::Kept
    }

    /// Makes anew what differs on both sides, and says what has to be judged again.
    pub(super) fn follow(
        &mut self,
        state: &State,
        now: Moment,
        mut changes: Changes,
        touched: &mut Touched,
    ) -> Work {
        let mut work = Work::default();
        let before = self.now;
        self.state = state.clone();
        self.now = now;
        if changes.everything {
            self.start_over(&mut changes);
        }
        self.follow_givers(&changes, touched, &mut work);
        self.follow_askers(&changes, touched, &mut work);
        if before != now {
            self.grow_older(before, touched);
        }
        touched.targets.extend(&changes.paired);
        work
    }

    /// Empties the indexes and lets everything be made anew, by what is analysed already.
    fn start_over(&mut self, changes: &mut Changes) {
        (self.classes, self.giving, self.asking) = Default::default();
        self.linked.clear();
        changes.owners = self.owners.iter().copied().collect();
        changes.targets.extend(self.open.keys());
        changes.targets.extend(self.state.needs().map(|need| Target::Need(need.id)));
        changes.targets.extend(self.state.projects().flat_map(|project| {
            (0..).take(project.draft.slots.len()).map(|index| Target::Slot(project.id, index))
        }));
    }

    pub(super) fn follow_givers(&mut self, changes: &Changes, touched: &mut Touched, work: &mut Work) {
        for (resource, before, after) in &changes.resources {
            if let Some(owner) = before
                && let Some(offered) = self.resources.get_mut(owner)
            {
                offered.remove(resource);
                if offered.is_empty() {
                    self.resources.remove(owner);
                }
            }
            if let Some(owner) = after {
                self.resources.entry(*owner).or_default().insert(*resource);
            }
        }
        let of_kinds = self.owners.iter().zip(&self.holdings).filter_map(|(owner, holding)| {
            holding.taken_as().is_some_and(|kind| changes.kinds.contains(&kind)).then_some(*owner)
        });
        let owners: BTreeSet<OrganizationId> = changes.owners.iter().copied().chain(of_kinds).collect();
        let numbers: Vec<u32> = owners.into_iter().filter_map(|owner| self.number(owner)).collect();
        let made: Vec<Holding> = numbers.par_iter().map(|number| self.holding(*number)).collect();
        for (number, new) in numbers.into_iter().zip(made) {
            self.replace_holding(number, new, changes.everything, touched, work);
        }
    }

    /// What an owner gives now.
    fn holding(&self, number: u32) -> Holding {
        let (Some(id), Some(known)) = (self.owners.get(number as usize), self.holdings.get(number as usize))
        else {
            return Holding::default();
        };
        let Some(organization) = self.state.organization(*id) else { return Holding::default() };
        let offered = self.resources.get(id).into_iter().flatten().copied();
        Holding::of(&self.state, self.knowledge.affinity, organization, offered, known)
    }

    fn replace_holding(
        &mut self,
        number: u32,
        new: Holding,
        everything: bool,
        touched: &mut Touched,
        work: &mut Work,
    ) {
        let Some(old) = self.holdings.get_mut(number as usize) else { return };
        let old = std::mem::replace(old, new.clone());
        if everything {
            self.index_holding(number, &new);
        } else if let Some(leaves) = old.leaves_moved(&new) {
            let of_leaf = |target: &Target| {
                let asker = self.open.get(target).map(|open| &open.asker);
                asker.and_then(|it| it.category.as_ref()).is_some_and(|it| leaves.contains(&it.code))
            };
            work.owners.extend(self.meeting(&new).into_iter().filter(of_leaf).map(|target| (target, number)));
        } else if !old.judged_like(&new) {
            self.judge_with(number, &old, work);
            self.unindex_holding(number, &old);
            self.index_holding(number, &new);
            self.judge_with(number, &new, work);
        }
        if !old.suppliers().eq(new.suppliers()) {
            work.renumbered.insert(number, old.suppliers().collect());
        }
        touched.suppliers.extend(old.differing(&new));
    }

    fn index_holding(&mut self, number: u32, holding: &Holding) {
        for (at, giver) in numbered(number, holding) {
            let class = self.classes.of(giver.category.as_ref());
            self.giving.insert(&giver.serves, class, at);
        }
        for (community, _) in holding.links() {
            self.linked.entry(*community).or_default().insert(number);
        }
    }

    fn unindex_holding(&mut self, number: u32, holding: &Holding) {
        for (at, giver) in numbered(number, holding) {
            let class = self.classes.of(giver.category.as_ref());
            self.giving.remove(&giver.serves, class, at);
        }
        for (community, _) in holding.links() {
            if let Some(owners) = self.linked.get_mut(community) {
                owners.remove(&number);
                if owners.is_empty() {
                    self.linked.remove(community);
                }
            }
        }
    }

    /// Lets all askers that meet a holding be judged with it again.
    fn judge_with(&mut self, number: u32, holding: &Holding, work: &mut Work) {
        work.owners.extend(self.meeting(holding).into_iter().map(|target| (target, number)));
    }

    pub(super) fn follow_askers(&mut self, changes: &Changes, touched: &mut Touched, work: &mut Work) {
        let targets: Vec<Target> = changes.targets.iter().copied().collect();
        let made: Vec<Option<Asker>> = targets.par_iter().map(|target| self.asker(*target)).collect();
        for (target, new) in targets.into_iter().zip(made) {
            let new = new.filter(|asker| asker.is_open(&self.state));
            let old = self.open.remove(&target);
            if old.as_ref().map(|open| &open.asker) != new.as_ref() {
                touched.targets.insert(target);
            }
            let same = |old: &Open, new: &Asker| !changes.everything && old.asker.judged_like(new);
            match (old, new) {
                (Some(old), Some(new)) if same(&old, &new) => {
                    self.open.insert(target, Open { asker: new, ..old });
                }
                (old, new) => {
                    if let Some(Open { asker, .. }) = old.as_ref().filter(|_| !changes.everything) {
                        let class = self.classes.of(asker.category.as_ref());
                        self.asking.remove(asker.place.as_slice(), class, target);
                    }
                    let Some(asker) = new else { continue };
                    let class = self.classes.of(asker.category.as_ref());
                    self.asking.insert(asker.place.as_slice(), class, target);
                    // What it was judged before says whether its candidates differ.
                    let verdicts = old.map(|old| old.verdicts).unwrap_or_default();
                    self.open.insert(target, Open { asker, verdicts });
                    work.whole.insert(target);
                }
            }
        }
    }

    /// Lets time pass: needs have waited longer, resources are less fresh. Nobody becomes eligible by it.
    fn grow_older(&mut self, before: Moment, touched: &mut Touched) {
        for (target, open) in &mut self.open {
            let weight = open.asker.weight_at(self.now);
            if weight != open.asker.weight {
                open.asker.weight = weight;
                touched.targets.insert(*target);
            }
        }
        let ground = Ground::of(&self.state, self.knowledge, self.now);
        let then = Ground { now: before, ..ground };
        let holdings = &self.holdings;
        let givers = (0..).zip(holdings).flat_map(|(number, holding)| numbered(number, holding));
        let aged: BTreeSet<GiverAt> = givers
            .filter(|(_, giver)| fit::freshness(then, giver) != fit::freshness(ground, giver))
            .map(|(at, _)| at)
            .collect();
        if aged.is_empty() {
            return;
        }
        let differing = self
            .open
            .par_iter_mut()
            .filter_map(|(target, open)| open.verdicts.age(ground, holdings, &aged).then_some(*target));
        touched.targets.extend(differing.collect::<Vec<_>>());
    }

    /// Judges what has to be judged again, on all cores.
    pub(super) fn judge(&mut self, mut work: Work, touched: &mut Touched) {
        work.owners.sort_unstable();
        work.owners.dedup();
        let by_owner = work.owners.chunk_by(|one, other| one.0 == other.0);
        let by_owner = by_owner.filter_map(|owners| Some((owners.first()?.0, owners)));
        // Whoever is named with no owner is judged with all.
        let whole = work.whole.iter().map(|target| (*target, &[][..]));
        let jobs: Vec<(Target, &[WithOwner], Verdicts)> = whole
            .chain(by_owner.filter(|(target, _)| !work.whole.contains(target)))
            .filter_map(|(target, owners)| {
                let open = self.open.get_mut(&target)?;
                Some((target, owners, std::mem::take(&mut open.verdicts)))
            })
            .collect();
        let ground = self.ground();
        let judged: Vec<(Target, Verdicts, bool)> = jobs
            .into_par_iter()
            .filter_map(|(target, owners, mut verdicts)| {
                let asker = &self.open.get(&target)?.asker;
                let mut differs = false;
                if owners.is_empty() {
                    let new = Verdicts::of(ground, asker, &self.holdings, &self.met_by(asker));
                    differs = !verdicts.same_candidates(&new, &work.renumbered, &self.holdings);
                    verdicts = new;
                }
                for (_, owner) in owners {
                    let before = work.renumbered.get(owner).map(Vec::as_slice);
                    differs |= verdicts.again(ground, asker, &self.holdings, *owner, before);
                }
                Some((target, verdicts, differs))
            })
            .collect();
        for (target, verdicts, differs) in judged {
            if differs {
                touched.targets.insert(target);
            }
            if let Some(open) = self.open.get_mut(&target) {
                open.verdicts = verdicts;
            }
        }
    }
}
