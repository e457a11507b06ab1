//! The pool: the market kept ready between calls, following the state from one position to the next.
//!
//! It holds what is costly to make: every wording analysed, every giver and asker indexed by category and
//! territory, and for each asker the verdicts on whom it meets. [`Pool::advance`] compares the state it
//! stands at with another one and makes anew only what differs: an entry that changed, an owner whose
//! resources changed (with all askers that meet it), everything when rules, categories or territory change.
//!
//! Promises, each guarded by a test of its number:
//! 1. A pool that has followed any history equals one opened at its end: same candidates, same order, same
//!    causes with the same counts.
//! 2. Whom the index leaves out, category or territory would have shut out: candidates and causes are those
//!    of judging everybody with everybody.
//! 3. The result does not depend on how many threads take part.
//! 4. What it keeps is bounded by what is open and by the organizations of the street.
//!
//! The judging of one pair looks at nothing but the two sides and the rules, so askers are judged on all cores.

mod following;
mod suggesting;
mod twin;
mod verdicts;

#[cfg(test)]
mod tests;

use super::{
    Knowledge,
    candidates::{Judged, Shut},
    eligibility::kinship,
    fit,
    index::{Classes, Index},
    market::{Asker, Giver, Ground, Holding, Market},
    planning::{MatchError, Planned},
};
use crate::{
    identity::{OrganizationId, PlaceId, ResourceId},
    moment::Moment,
    pairing::{Supplier, Target},
    plan::{Cause, Proposal},
    state::State,
};
use following::Changes;
use rayon::prelude::*;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};
use verdicts::Verdicts;

/// A giver by the number of its owner and its position among what the owner gives.
///
/// Owners are numbered in the order of their identities, so these stand in the order of the market's givers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct GiverAt {
    owner: u32,
    position: u32,
}

/// What a step of the pool changed for whoever keeps a solved problem beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touched {
    /// Needs and slots that came, went, or whose weight, quantity, candidates or pairings differ.
    pub targets: BTreeSet<Target>,
    /// Resources and open capacities that came, went, or differ, if only by what remains of them.
    pub suppliers: BTreeSet<Supplier>,
}

/// How large a pool is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// Needs and slots that are open.
    pub askers: usize,
    /// Resources and open capacities.
    pub givers: usize,
    /// Pairs that category and territory let meet, each judged by the other rules.
    pub met: usize,
    /// Pairs that may be in the plan.
    pub candidates: usize,
}

/// The market kept ready; see the module.
#[derive(Debug)]
pub struct Pool<'k> {
    knowledge: Knowledge<'k>,
    state: State,
    now: Moment,
    /// Every organization that was ever seen to give or might, ascending; its position is its number.
    owners: Vec<OrganizationId>,
    /// By the number of the owner.
    holdings: Vec<Holding>,
    /// What each organization offers; not what is withdrawn.
    resources: BTreeMap<OrganizationId, BTreeSet<ResourceId>>,
    /// The owners with a standing relation to a community.
    linked: BTreeMap<PlaceId, BTreeSet<u32>>,
    classes: Classes,
    giving: Index<GiverAt>,
    asking: Index<Target>,
    open: BTreeMap<Target, Open>,
}

/// An open need or slot.
#[derive(Debug)]
struct Open {
    asker: Asker,
    verdicts: Verdicts,
}

/// What has to be judged again.
#[derive(Debug, Default)]
struct Work {
    /// With whomever the index brings.
    whole: BTreeSet<Target>,
    /// With these owners only.
    owners: BTreeMap<Target, BTreeSet<u32>>,
    /// Owners of whom the same positions stand for other givers than before.
    renumbered: BTreeSet<u32>,
}

impl<'k> Pool<'k> {
    /// A pool that stands before the first event.
    pub fn open(knowledge: Knowledge<'k>) -> Self {
        Self {
            knowledge,
            state: State::empty(),
            now: Moment::from_millis(0),
            owners: Vec::new(),
            holdings: Vec::new(),
            resources: BTreeMap::new(),
            linked: BTreeMap::new(),
            classes: Classes::default(),
            giving: Index::default(),
            asking: Index::default(),
            open: BTreeMap::new(),
        }
    }

    /// The state it stands at.
    pub const fn state(&self) -> &State {
        &self.state
    }

    /// Goes to a state and a time, mostly the next ones, and says what differs from where it stood.
    ///
    /// Any other state will do, an older one or one of another street: what the two do not share is made anew.
    pub fn advance(&mut self, state: &State, now: Moment) -> Touched {
        let mut touched = Touched::default();
        let mut changes = Changes::between(&self.state, state);
        if self.follow_owners(&changes) == Order::Broken {
            touched = self.everybody();
            *self = Self::open(self.knowledge);
            changes = Changes::between(&self.state, state);
            self.follow_owners(&changes);
        }
        let work = self.follow(state, now, changes, &mut touched);
        self.judge(work, &mut touched);
        touched
    }

    /// The best plan for where it stands, as [`propose`](super::propose) makes it.
    ///
    /// # Errors
    /// [`MatchError`] when the answer of the solver does not pass the verifier.
    pub fn propose(&self) -> Result<Proposal, MatchError> {
        Ok(Planned::solve(self.market())?.proposal())
    }

    /// How large it is.
    pub fn extent(&self) -> Extent {
        Extent {
            askers: self.open.len(),
            givers: self.holdings.iter().map(|holding| holding.givers.len()).sum(),
            met: self.open.values().map(|open| open.verdicts.met()).sum(),
            candidates: self.open.values().map(|open| open.verdicts.candidates_len()).sum(),
        }
    }

    /// The market as it is now, in the order of identities.
    pub(super) fn market(&self) -> Market<'_> {
        let (givers, open) = self.listed();
        Market::of(&self.state, self.knowledge, self.now, givers, open)
    }

    /// All givers, and all askers with whom they were judged with, in the order of identities.
    pub(super) fn listed(&self) -> (Vec<Arc<Giver>>, Vec<(Asker, Judged)>) {
        let givers: Vec<Arc<Giver>> =
            self.holdings.iter().flat_map(|holding| holding.givers.iter().cloned()).collect();
        let starts: Vec<usize> = self
            .holdings
            .iter()
            .scan(0, |start, holding| Some(std::mem::replace(start, *start + holding.givers.len())))
            .collect();
        let judged = self.open.par_iter().map(|(_, Open { asker, verdicts })| {
            let mut shut = verdicts.causes(&self.holdings);
            self.count_the_others(asker, verdicts.met(), givers.len(), &mut shut);
            (asker.clone(), Judged::new(verdicts.listed(&starts), shut))
        });
        let judged = judged.collect();
        (givers, judged)
    }

    /// Adds the causes of those that were not looked at: own entries, and whom category or territory shut out.
    fn count_the_others(&self, asker: &Asker, met: usize, all: usize, shut: &mut BTreeMap<Cause, Shut>) {
        let class = self.classes.known(asker.category.as_ref());
        let kin = class.map_or(0, |class| self.giving.count(self.classes.kin(class)));
        let own = self.number(asker.organization).and_then(|owner| self.holdings.get(owner as usize));
        let own = own.map_or(&[][..], |holding| holding.givers.as_slice());
        let is_kin =
            |giver: &&Arc<Giver>| kinship(asker.category.as_ref(), giver.category.as_ref()).is_some();
        let own_kin = own.iter().filter(is_kin).count();
        for (cause, count) in [
            (Cause::SameOrganization, own.len()),
            (Cause::CategoryDiffers, (all - own.len()) - (kin - own_kin)),
            (Cause::PlaceNotServed, kin - own_kin - met),
        ] {
            if count > 0 {
                let count = u32::try_from(count).unwrap_or(u32::MAX);
                shut.insert(cause, Shut { count, nearest: None });
            }
        }
    }

    fn ground(&self) -> Ground<'_> {
        Ground::of(&self.state, self.knowledge, self.now)
    }

    fn number(&self, owner: OrganizationId) -> Option<u32> {
        self.owners.binary_search(&owner).ok().and_then(|number| u32::try_from(number).ok())
    }

    fn everybody(&self) -> Touched {
        let givers = self.holdings.iter().flat_map(|holding| &holding.givers);
        Touched {
            targets: self.open.keys().copied().collect(),
            suppliers: givers.map(|giver| giver.supplier).collect(),
        }
    }
}

/// Whether the numbers of the owners still follow their identities.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    Kept,
    /// An organization turned up between known ones: not a state that follows.
    Broken,
}

impl Pool<'_> {
    /// Numbers the owners that are new. Identities are handed out ascending, so they come last.
    fn follow_owners(&mut self, changes: &Changes) -> Order {
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
    fn follow(&mut self, state: &State, now: Moment, mut changes: Changes, touched: &mut Touched) -> Work {
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

    fn follow_givers(&mut self, changes: &Changes, touched: &mut Touched, work: &mut Work) {
        for (resource, before, after) in &changes.resources {
            if let Some(offered) = before.and_then(|owner| self.resources.get_mut(&owner)) {
                offered.remove(resource);
            }
            if let Some(owner) = after {
                self.resources.entry(*owner).or_default().insert(*resource);
            }
        }
        let numbers: Vec<u32> = changes.owners.iter().filter_map(|owner| self.number(*owner)).collect();
        let made: Vec<Holding> = numbers.par_iter().map(|number| self.holding(*number)).collect();
        for (number, new) in numbers.into_iter().zip(made) {
            self.replace_holding(number, new, changes.everything, touched, work);
        }
        self.resources.retain(|_, offered| !offered.is_empty());
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
        } else if !old.judged_like(&new) {
            self.judge_with(number, &old, work);
            self.unindex_holding(number, &old);
            self.index_holding(number, &new);
            self.judge_with(number, &new, work);
        }
        if !old.suppliers().eq(new.suppliers()) {
            work.renumbered.insert(number);
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
            }
        }
        self.linked.retain(|_, owners| !owners.is_empty());
    }

    /// Lets all askers that meet a holding be judged with it again.
    fn judge_with(&mut self, number: u32, holding: &Holding, work: &mut Work) {
        for target in self.meeting(holding) {
            work.owners.entry(target).or_default().insert(number);
        }
    }

    /// The askers that category and territory, or a roster link, may let meet a holding.
    fn meeting(&self, holding: &Holding) -> BTreeSet<Target> {
        let mut found = Vec::new();
        for giver in &holding.givers {
            let Some(class) = self.classes.known(giver.category.as_ref()) else { continue };
            let classes = self.classes.asking_kin(class);
            self.asking.meeting(&giver.serves, classes, &mut found);
            for (community, _) in giver.links.iter() {
                self.asking.within(*community, classes, &mut found);
            }
        }
        found.into_iter().collect()
    }

    fn follow_askers(&mut self, changes: &Changes, touched: &mut Touched, work: &mut Work) {
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

    /// One need or slot as it is now, open or not.
    fn asker(&self, target: Target) -> Option<Asker> {
        let known = self.open.get(&target).map(|open| &open.asker);
        Asker::of(&self.state, self.knowledge.affinity, target, self.now, known)
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
    fn judge(&mut self, mut work: Work, touched: &mut Touched) {
        work.owners.retain(|target, _| self.open.contains_key(target) && !work.whole.contains(target));
        let whole = work.whole.into_iter().map(|target| (target, None));
        let jobs: Vec<(Target, Option<BTreeSet<u32>>)> =
            whole.chain(work.owners.into_iter().map(|(target, owners)| (target, Some(owners)))).collect();
        let ground = self.ground();
        let judged: Vec<(Target, Verdicts)> = jobs
            .into_par_iter()
            .filter_map(|(target, owners)| {
                let Open { asker, verdicts } = self.open.get(&target)?;
                let new = match owners {
                    None => Verdicts::of(ground, asker, &self.holdings, &self.met_by(asker)),
                    Some(owners) => verdicts.again(ground, asker, &self.holdings, &owners),
                };
                Some((target, new))
            })
            .collect();
        for (target, new) in judged {
            if let Some(open) = self.open.get_mut(&target) {
                if !open.verdicts.same_candidates(&new, &work.renumbered) {
                    touched.targets.insert(target);
                }
                open.verdicts = new;
            }
        }
    }

    /// The givers that category and territory, or a roster link, may let meet an asker, ascending.
    fn met_by(&self, asker: &Asker) -> Vec<GiverAt> {
        let mut met = Vec::new();
        let mut new_class = None;
        let classes = match self.classes.known(asker.category.as_ref()) {
            Some(class) => self.classes.kin(class),
            // Of a need that is not open, nobody may have met the category before.
            None => new_class.insert(self.classes.kin_of(asker.category.as_ref())).as_slice(),
        };
        self.giving.meeting(asker.place.as_slice(), classes, &mut met);
        let community = asker.place.as_ref().and_then(|place| place.community);
        let linked = community.and_then(|community| self.linked.get(&community));
        for number in linked.into_iter().flatten() {
            let Some(holding) = self.holdings.get(*number as usize) else { continue };
            met.extend(numbered(*number, holding).map(|(at, _)| at));
        }
        met.sort_unstable();
        met.dedup();
        met
    }
}

/// The givers of one owner with their numbers.
fn numbered(number: u32, holding: &Holding) -> impl Iterator<Item = (GiverAt, &Giver)> {
    let at = move |position| GiverAt { owner: number, position };
    (0..).zip(&holding.givers).map(move |(position, giver)| (at(position), giver.as_ref()))
}
