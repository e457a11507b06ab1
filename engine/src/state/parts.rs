//! The state cut into parts that are written and read one by one, and so on several cores at once.
//!
//! What grows with the log – entries, pairings, and what finds them – is cut into runs of at most [`THINGS_MAX`]; all that
//! stays small goes together, first. Like the state itself, a part is no stored shape: it may change with every
//! version of the program.

use super::{State, due, listed, waiting};
use crate::{
    delivery::Delivery,
    entry::List,
    figures::{Filed, Line, NeedStands, PairingStands},
    history::Entity,
    identity::{DeliveryId, NeedId, OrganizationId, PairingId, PlaceId, Position, ProjectId, ResourceId},
    moment::Moment,
    need::Need,
    pairing::{Pairing, Supplier, Target},
    project::Project,
    resource::Resource,
};
use imbl::{OrdMap, OrdSet};
use serde::{Deserialize, Serialize};
use std::{iter, sync::Arc};

/// The most things of a part: enough that parts are few, few enough that each is quickly read.
pub const THINGS_MAX: usize = 4_096;

/// A map or a set that can be taken apart and filled again.
pub(super) trait Collection: Extend<Self::Thing> {
    /// What it holds.
    type Thing;

    /// The most of these in a part.
    const TOGETHER: usize = THINGS_MAX;

    /// All of them, in their order.
    fn things(&self) -> impl Iterator<Item = Self::Thing>;
}

impl<K: Ord + Clone, V: Clone> Collection for OrdMap<K, V> {
    type Thing = (K, V);

    fn things(&self) -> impl Iterator<Item = (K, V)> {
        self.iter().map(|(key, value)| (key.clone(), value.clone()))
    }
}

impl<T: Ord + Clone> Collection for OrdSet<T> {
    type Thing = T;

    fn things(&self) -> impl Iterator<Item = T> {
        self.iter().cloned()
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

macro_rules! parts {
    ($($Part:ident: $($field:ident).+ of $Thing:ty,)*) => {
        /// A part of a state.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        pub enum Part {
            /// All that stays small.
            Rest(Box<State>),
            $(
                #[doc = concat!("A run of `", stringify!($($field).+), "`.")]
                $Part(Vec<$Thing>),
            )*
        }

        impl State {
            /// All parts, in the order in which [`put`](Self::put) wants them.
            pub fn parts(&self) -> impl Iterator<Item = Part> {
                let mut rest = self.clone();
                $(rest.$($field).+ = Default::default();)*
                iter::once(Part::Rest(Box::new(rest)))$(.chain(runs(&self.$($field).+, Part::$Part)))*
            }

            /// Puts a part back. An empty state that was given all parts of another is that other.
            pub fn put(&mut self, part: Part) {
                match part {
                    Part::Rest(rest) => *self = *rest,
                    $(Part::$Part(run) => self.$($field).+.extend(run),)*
                }
            }
        }
    };
}

parts! {
    Needs: needs of (NeedId, Arc<Need>),
    Resources: resources of (ResourceId, Arc<Resource>),
    Projects: projects of (ProjectId, Arc<Project>),
    Pairings: pairings of (PairingId, Arc<Pairing>),
    Deliveries: deliveries of (DeliveryId, Arc<Delivery>),
    References: references of ((List, Arc<str>), u64),
    PairingsOfTarget: pairings_of_target of (Target, PairingId),
    PairingsOfSupplier: pairings_of_supplier of (Supplier, PairingId),
    Due: due of (due::Kind, Moment, due::Due),
    Vicinity: vicinity of (Option<PlaceId>, NeedId),
    Listed: listed of listed::Run,
    Ranked: ranked of (listed::Register, listed::Rank, listed::Mark, u64),
    Waiting: waiting of waiting::Line,
    FiledNeeds: figures.needs of (NeedId, Arc<Filed<NeedStands>>),
    FiledPairings: figures.pairings of (PairingId, Arc<Filed<PairingStands>>),
    Lines: figures.lines of ((OrganizationId, u64), Arc<Line>),
    Touches: touches of (Entity, Position),
}
