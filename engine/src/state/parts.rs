//! The state cut into parts that are written and read one by one, and so on several cores at once.
//!
//! What grows with the log – entries, pairings, and what finds them – is cut into runs of at most [`THINGS_MAX`]; all that
//! stays small goes together, first. Like the state itself, a part is no stored shape: it may change with every
//! version of the program.
//!
//! Runs of one kind come in their order, and those of all kinds by turns: so that whoever has some of them has some of most
//! kinds, which are put in their places side by side.

use super::{State, due, listed, vicinity, waiting};
use crate::{
    delivery::Delivery,
    entry::List,
    figures::{Filed, Line, NeedStands, PairingStands},
    history::Entity,
    identity::{DeliveryId, NeedId, OrganizationId, PairingId, Position, ProjectId, ResourceId},
    moment::Moment,
    need::Need,
    pairing::{Pairing, Supplier, Target},
    project::Project,
    resource::Resource,
    tallies::{DayKey, Flow, Key, Sums},
};
use imbl::{OrdMap, OrdSet};
use serde::{Deserialize, Deserializer, Serialize};
use std::{collections::VecDeque, iter, sync::Arc};

/// The most things of a part: enough that parts are few, few enough that each is quickly read.
pub const THINGS_MAX: usize = 4_096;

/// A map or a set that can be taken apart and filled again.
pub(super) trait Collection {
    /// What it holds.
    type Thing;

    /// The most of these in a part.
    const TOGETHER: usize = THINGS_MAX;

    /// All of them, in their order.
    fn things(&self) -> impl Iterator<Item = Self::Thing>;

    /// Takes a run in that follows all it has.
    fn fill(&mut self, run: Vec<Self::Thing>);
}

/// Every other one first, then those between. A tree that is given things in their order splits its last leaf in halves and
/// never comes back to the first; so every leaf is left with half of its room, which those between just fill.
pub(super) fn leaf_by_leaf<T>(run: Vec<T>) -> impl Iterator<Item = T> {
    let half = run.len().div_ceil(2);
    let (mut first, mut between) = (Vec::with_capacity(half), Vec::with_capacity(half));
    let mut things = run.into_iter();
    while let Some(thing) = things.next() {
        first.push(thing);
        between.extend(things.next());
    }
    first.into_iter().chain(between)
}

impl<K: Ord + Clone, V: Clone> Collection for OrdMap<K, V> {
    type Thing = (K, V);

    fn things(&self) -> impl Iterator<Item = (K, V)> {
        self.iter().map(|(key, value)| (key.clone(), value.clone()))
    }

    fn fill(&mut self, run: Vec<(K, V)>) {
        self.extend(leaf_by_leaf(run));
    }
}

impl<T: Ord + Clone> Collection for OrdSet<T> {
    type Thing = T;

    fn things(&self) -> impl Iterator<Item = T> {
        self.iter().cloned()
    }

    fn fill(&mut self, run: Vec<T>) {
        self.extend(leaf_by_leaf(run));
    }
}

/// Runs of a collection.
fn runs<C: Collection>(collection: &C, part: fn(Vec<C::Thing>) -> Part) -> impl Iterator<Item = Part> {
    let mut things = collection.things();
    iter::from_fn(move || {
        let run: Vec<C::Thing> = things.by_ref().take(C::TOGETHER).collect();
        (!run.is_empty()).then(|| part(run))
    })
}

/// Reads a run of shared values. Each is made where it is kept: serde would box it first and then move it.
fn shared<'de, D, K, V>(input: D) -> Result<Vec<(K, Arc<V>)>, D::Error>
where
    D: Deserializer<'de>,
    K: Deserialize<'de>,
    V: Deserialize<'de>,
{
    struct Shared<K, V>(K, Arc<V>);

    impl<'de, K: Deserialize<'de>, V: Deserialize<'de>> Deserialize<'de> for Shared<K, V> {
        fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
            <(K, V)>::deserialize(input).map(|(key, value)| Self(key, Arc::new(value)))
        }
    }

    let run = Vec::<Shared<K, V>>::deserialize(input)?;
    Ok(run.into_iter().map(|Shared(key, value)| (key, value)).collect())
}

macro_rules! parts {
    ($($Part:ident: $($field:ident).+ of $Thing:ty $(, read by $read:literal)?;)*) => {
        /// A part of a state.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        pub enum Part {
            /// All that stays small.
            Rest(Box<State>),
            $(
                #[doc = concat!("A run of `", stringify!($($field).+), "`.")]
                $Part($(#[serde(deserialize_with = $read)])? Vec<$Thing>),
            )*
        }

        impl State {
            /// All parts, in the order in which [`put`](Self::put) wants them.
            pub fn parts(&self) -> impl Iterator<Item = Part> {
                let mut rest = self.clone();
                $(rest.$($field).+ = Default::default();)*
                let mut kinds: VecDeque<Box<dyn Iterator<Item = Part> + '_>> = VecDeque::new();
                $(kinds.push_back(Box::new(runs(&self.$($field).+, Part::$Part)));)*
                let by_turns = iter::from_fn(move || {
                    while let Some(mut kind) = kinds.pop_front() {
                        if let Some(part) = kind.next() {
                            kinds.push_back(kind);
                            return Some(part);
                        }
                    }
                    None
                });
                iter::once(Part::Rest(Box::new(rest))).chain(by_turns)
            }

            /// Puts parts back, each kind on a core of its own. An empty state that was given all parts of another, in
            /// their order, is that other.
            #[expect(non_snake_case, reason = "the runs of a kind go by its name")]
            pub fn put(&mut self, parts: impl IntoIterator<Item = Part>) {
                $(let mut $Part = Vec::new();)*
                for part in parts {
                    match part {
                        // The first of all.
                        Part::Rest(rest) => *self = *rest,
                        $(Part::$Part(run) => $Part.push(run),)*
                    }
                }
                rayon::scope(|cores| {
                    $(
                        let place = &mut self.$($field).+;
                        cores.spawn(move |_| $Part.into_iter().for_each(|run| place.fill(run)));
                    )*
                });
            }
        }
    };
}

parts! {
    Needs: needs of (NeedId, Arc<Need>), read by "shared";
    Resources: resources of (ResourceId, Arc<Resource>), read by "shared";
    Projects: projects of (ProjectId, Arc<Project>), read by "shared";
    Pairings: pairings of (PairingId, Arc<Pairing>), read by "shared";
    Deliveries: deliveries of (DeliveryId, Arc<Delivery>), read by "shared";
    References: references of ((List, Arc<str>), u64);
    PairingsOfTarget: pairings_of_target of (Target, PairingId);
    PairingsOfSupplier: pairings_of_supplier of (Supplier, PairingId);
    Due: due of (due::Kind, Moment, due::Due);
    Vicinity: vicinity of vicinity::Run;
    Listed: listed of listed::Run;
    Ranked: ranked of (listed::Register, listed::Rank, listed::Mark, u64);
    Waiting: waiting of waiting::Line;
    FiledNeeds: figures.needs of (NeedId, Arc<Filed<NeedStands>>), read by "shared";
    FiledPairings: figures.pairings of (PairingId, Arc<Filed<PairingStands>>), read by "shared";
    Lines: figures.lines of ((OrganizationId, u64), Arc<Line>), read by "shared";
    Tallied: tallies.cells.lines of (Key, Sums);
    Happened: tallies.days.lines of (DayKey, Flow);
    Touches: touches of (Entity, Position);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_that_is_filled_run_by_run_is_the_one_it_was() {
        for things in [0, 1, 15, 16, 17, THINGS_MAX, THINGS_MAX + 1, 3 * THINGS_MAX + 7] {
            let whole: OrdSet<u64> = (0..things as u64).map(|number| number * 3).collect();
            let mut filled = OrdSet::new();
            let numbers: Vec<u64> = whole.things().collect();
            numbers.chunks(THINGS_MAX).for_each(|run| filled.fill(run.to_vec()));
            assert!(filled == whole && filled.len() == things, "{things}");
        }
    }
}
