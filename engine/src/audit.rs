//! What must hold of every state, whatever log it was folded from, looked at by plain loops that share nothing with the fold.
//!
//! Hashes show that a log is what was written; they do not show that what was written could have been granted. So here
//! everything is counted and looked up once more:
//!
//! 1. Every reference names something that exists. As long as one does not, nothing further is looked at.
//! 2. The chain: *asked ≥ proposed ≥ claimed ≥ agreed ≥ delivered ≥ accepted* for every need and slot; nothing is promised
//!    beyond its capacity, neither a resource nor a unit; and the tallies are what a recount gives.
//! 3. What is found by an index is what a search through everything finds.
//! 4. What waits for whom is what a look at everything finds.
//!
//! 5. What is found by name, by reference, by token, and what falls due, lies near, or is quiet, is what a search finds.
//! 6. What things are listed under, and in which order, is what a look at each of them says.
//! 7. The dashboards' cells, the series of days and what is idle are what the lists come to, and the rankings of units what was
//!    credited and agreed comes to.
//!
//! A sound state yields nothing. That takes time in proportion to the state, not to the log. What only the log can say, because
//! it was judged when it happened, is written into a [`Book`] while the log is read, and compared at its end:
//!
//! 8. The figures by month, what was earned, the accounts with their statements, and the track records.
//!
//! Two things are taken as they are kept, and only their place is looked at: since when a resource rests, and when something
//! last happened to what has contacts. And of the commits that said something about an entity it is looked at that they are in
//! the log; the history itself is read from there.

mod book;
mod dashboards;
#[cfg(test)]
mod forged;
mod found;
mod indexes;
mod quantities;
mod rankings;
mod references;
mod registers;
mod waiting;

pub use book::Book;

use crate::{
    history::Entity,
    identity::{OrganizationId, ProjectId},
    pairing::{Supplier, Tally, Target},
    state::{State, waiting::Task},
};
use std::{collections::BTreeMap, fmt};

/// Something that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Of what.
    pub about: Entity,
    /// What.
    pub flaw: Flaw,
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.about, self.flaw)
    }
}

/// What does not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// It names what is not there.
    #[error("it names {0}, which does not exist")]
    Missing(Entity),
    /// It names a slot that its project does not have.
    #[error("it is for {0}, which does not exist")]
    NoTarget(Target),
    /// A place lies in one that is no larger.
    #[error("it lies in a place of no higher level")]
    Level,
    /// More is proposed, claimed and agreed than was asked.
    #[error("{target} asks {asked}, and {proposed} of it are proposed, claimed or agreed")]
    BeyondAsked {
        /// The need, or the slot of the project.
        target: Target,
        /// How much it asks.
        asked: u64,
        /// How much is on its way.
        proposed: u64,
    },
    /// More is promised than there is.
    #[error("it has {capacity} to give, and {promised} of it are promised")]
    BeyondCapacity {
        /// How much there is.
        capacity: u64,
        /// How much is claimed and agreed.
        promised: u64,
    },
    /// More is delivered than agreed, or more accepted than delivered.
    #[error("of {} agreed {} are delivered and {} accepted", .0.agreed, .0.delivered, .0.accepted)]
    Chain(Tally),
    /// A tally is not the sum of the pairings.
    #[error("its tally is {kept:?}, its pairings come to {recounted:?}")]
    Tally {
        /// What the state keeps.
        kept: Tally,
        /// What a recount gives.
        recounted: Tally,
    },
    /// What a pairing has handed over is not the sum of its deliveries.
    #[error("it has delivered and accepted {kept:?}, its deliveries come to {recounted:?}")]
    HandedOver {
        /// What the state keeps.
        kept: [u64; 2],
        /// What a recount gives.
        recounted: [u64; 2],
    },
    /// A pairing of nothing, or of somebody with itself, or that draws less than it gives.
    #[error("it pairs {target} with {supplier} for {quantity}, drawing {draws}, which nobody could agree")]
    Senseless {
        /// What is served.
        target: Target,
        /// What serves it.
        supplier: Supplier,
        /// How much.
        quantity: u64,
        /// How much it takes of the giving side.
        draws: u64,
    },
    /// Both are paired a second time while the first pairing is under way.
    #[error("it pairs {0} with {1}, who are paired already")]
    PairedTwice(Target, Supplier),
    /// Two open projects carry one need.
    #[error("it is carried by {0}, and by another open project")]
    CarriedTwice(ProjectId),
    /// What an index finds is not what a search finds.
    #[error("its {0} are not what a search finds")]
    Index(&'static str),
    /// A joint claim is partly agreed.
    #[error("of its joint claim the asking side has claimed a part before all givers have")]
    JointClaim,
    /// A task stands on the work list that nothing asks for.
    #[error("{0} is to do {1:?} without a reason")]
    Idle(OrganizationId, Task),
    /// A task does not stand on the work list.
    #[error("{0} is to do {1:?} and is not told")]
    Untold(OrganizationId, Task),
    /// Something that is derived is not what a recount gives.
    #[error("of its {what}, {key} is kept as {kept} and found as {found}")]
    Derived {
        /// What is derived.
        what: &'static str,
        /// Which of it.
        key: String,
        /// What the state keeps.
        kept: String,
        /// What a recount gives.
        found: String,
    },
}

/// All that does not hold of a state, in the order of the promises above.
pub fn audit(state: &State) -> Vec<Finding> {
    let mut findings = Findings(Vec::new());
    references::look(state, &mut findings);
    // What follows goes from one thing to the next, and would not know where to go.
    if findings.0.is_empty() {
        quantities::look(state, &mut findings);
        indexes::look(state, &mut findings);
        waiting::look(state, &mut findings);
        found::look(state, &mut findings);
        registers::look(state, &mut findings);
        dashboards::look(state, &mut findings);
        rankings::look(state, &mut findings);
    }
    findings.0
}

struct Findings(Vec<Finding>);

/// That something is in a set.
#[derive(Debug, PartialEq)]
struct Here;

impl Findings {
    fn add(&mut self, about: Entity, flaw: Flaw) {
        self.0.push(Finding { about, flaw });
    }

    /// Adds a flaw for every key of which something else is kept than found, or only one of both.
    fn compare<K: Ord + fmt::Debug, V: PartialEq + fmt::Debug>(
        &mut self,
        what: &'static str,
        kept: impl IntoIterator<Item = (K, V)>,
        mut found: BTreeMap<K, V>,
        about: impl Fn(&K) -> Entity,
    ) {
        let told =
            |value: Option<&V>| value.map_or_else(|| "nothing".to_owned(), |value| format!("{value:?}"));
        let mut flaw = |key: &K, kept: Option<&V>, found: Option<&V>| {
            let (kept, found) = (told(kept), told(found));
            self.add(about(key), Flaw::Derived { what, key: format!("{key:?}"), kept, found });
        };
        for (key, kept) in kept {
            match found.remove(&key) {
                Some(found) if found == kept => {}
                found => flaw(&key, Some(&kept), found.as_ref()),
            }
        }
        found.iter().for_each(|(key, found)| flaw(key, None, Some(found)));
    }

    /// The same of a set.
    fn compare_sets<K: Ord + fmt::Debug>(
        &mut self,
        what: &'static str,
        kept: impl IntoIterator<Item = K>,
        found: impl IntoIterator<Item = K>,
        about: impl Fn(&K) -> Entity,
    ) {
        let found = found.into_iter().map(|key| (key, Here)).collect();
        self.compare(what, kept.into_iter().map(|key| (key, Here)), found, about);
    }

    /// Adds a flaw unless something holds.
    fn unless(&mut self, holds: bool, about: Entity, flaw: impl FnOnce() -> Flaw) {
        if !holds {
            self.add(about, flaw());
        }
    }
}
