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
mod stepping;
mod suggesting;
mod twin;
mod verdicts;

#[cfg(test)]
mod tests;

use super::{
    Knowledge,
    candidates::{Judged, Shut},
    eligibility::kinship,
    index::{Classes, Index},
    market::{Asker, Giver, Ground, Holding, Market},
    planner::Afresh,
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
use stepping::Order;
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
///
/// A clone goes its own way from where it was taken: what is analysed is shared, so a supposed change costs
/// a copy of the lists and one step.
#[derive(Clone, Debug)]
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
#[derive(Clone, Debug)]
struct Open {
    asker: Asker,
    verdicts: Verdicts,
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
        Ok(Planned::solve(self.market(), &mut Afresh)?.proposal())
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
        self.market_on(&self.state)
    }

    /// The same on a state of the caller's own, which has to be the one that was followed to.
    pub(super) fn market_on<'a>(&self, state: &'a State) -> Market<'a>
    where
        'k: 'a,
    {
        let (givers, open) = self.listed();
        Market::of(state, self.knowledge, self.now, givers, open)
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
            (asker.clone(), Judged { candidates: verdicts.listed(&starts), shut })
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

    /// One need or slot as it is now, open or not.
    fn asker(&self, target: Target) -> Option<Asker> {
        let known = self.open.get(&target).map(|open| &open.asker);
        Asker::of(&self.state, self.knowledge.affinity, target, self.now, known)
    }

    /// The askers that category and territory, or a roster link, may let meet a holding, ascending.
    fn meeting(&self, holding: &Holding) -> Vec<Target> {
        let mut found = Vec::new();
        for giver in &holding.givers {
            let Some(class) = self.classes.known(giver.category.as_ref()) else { continue };
            let classes = self.classes.asking_kin(class);
            self.asking.meeting(&giver.serves, classes, &mut found);
            for (community, _) in giver.links.iter() {
                self.asking.within(*community, classes, &mut found);
            }
        }
        found.sort_unstable();
        found.dedup();
        found
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
