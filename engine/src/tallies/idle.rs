//! Idle resources 闲置资源: of which something is free and nothing is under way, by place and category, oldest first.

use super::{keys::NOWHERE, numbers::Numbers};
use crate::{
    category::CategoryCode,
    identity::{PlaceId, ResourceId},
    moment::Moment,
    state::State,
};
use imbl::{OrdMap, OrdSet};
use serde::{Deserialize, Serialize};

/// Under which keys an idle resource is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Resting {
    /// Its place and all around it.
    pub places: Vec<PlaceId>,
    /// What it is about.
    pub category: Option<CategoryCode>,
}

/// What is idle, and since when.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Idle {
    since: OrdMap<ResourceId, Moment>,
    /// By place, then by the number of the category.
    queue: OrdSet<(PlaceId, u32, Moment, ResourceId)>,
    categories: Numbers<Option<CategoryCode>>,
}

impl Idle {
    /// Notes where a resource rested before and rests at a moment, if it does. It goes on resting when it moves.
    pub fn turn(&mut self, id: ResourceId, before: Option<&Resting>, after: Option<&Resting>, now: Moment) {
        if before == after {
            return;
        }
        let since = self.since.get(&id).copied().unwrap_or(now);
        for key in before.map(|it| self.keys(it, since, id)).unwrap_or_default() {
            self.queue.remove(&key);
        }
        let keys = after.map(|it| self.keys(it, since, id)).unwrap_or_default();
        self.queue.extend(keys);
        match after {
            Some(_) => self.since.insert(id, since),
            None => self.since.remove(&id),
        };
    }

    /// Since when each rests.
    pub const fn since(&self) -> &OrdMap<ResourceId, Moment> {
        &self.since
    }

    /// Under which places and categories.
    pub fn told(&self) -> impl Iterator<Item = (PlaceId, Option<CategoryCode>, Moment, ResourceId)> {
        self.queue.iter().filter_map(|(place, category, since, id)| {
            Some((*place, self.categories.value(*category)?.clone(), *since, *id))
        })
    }

    fn keys(
        &mut self,
        rests: &Resting,
        since: Moment,
        id: ResourceId,
    ) -> Vec<(PlaceId, u32, Moment, ResourceId)> {
        let category = self.categories.number(&rests.category);
        rests.places.iter().map(|place| (*place, category, since, id)).collect()
    }
}

impl State {
    /// Since when a resource is idle; `None` when it is not.
    pub fn idle_since(&self, resource: ResourceId) -> Option<Moment> {
        self.tallies.idle.since.get(&resource).copied()
    }

    /// How many resources are idle in all the street.
    pub fn idle_count(&self) -> usize {
        self.tallies.idle.since.len()
    }

    /// The resources that are idle in a place, or everywhere, and in a category or a top with its leaves, or in any:
    /// at most so many of those after a moment and resource, idle longest first. The queues of places and categories
    /// are merged; nothing else is looked at.
    pub fn idle(
        &self,
        place: Option<PlaceId>,
        category: Option<&CategoryCode>,
        after: Option<(Moment, ResourceId)>,
        count: usize,
    ) -> Vec<(Moment, ResourceId)> {
        let idle = &self.tallies.idle;
        let mut found = Vec::new();
        for (place, category) in self.idle_queues(place, category) {
            let (since, id) = after.unwrap_or((Moment::from_millis(i64::MIN), ResourceId::new(0)));
            let queue = idle.queue.range((place, category, since, id)..);
            let here = queue.take_while(|(at, about, ..)| (*at, *about) == (place, category));
            let entries = here.map(|(_, _, since, id)| (*since, *id)).filter(|it| Some(*it) != after);
            found.extend(entries.take(count));
        }
        found.sort_unstable();
        found.truncate(count);
        found
    }

    /// The queues that belong to a place and a category.
    fn idle_queues(&self, place: Option<PlaceId>, category: Option<&CategoryCode>) -> Vec<(PlaceId, u32)> {
        let categories = &self.tallies.idle.categories;
        let numbers: Vec<u32> = match category {
            Some(code) => self.leaves(code).filter_map(|leaf| categories.find(&Some(leaf))).collect(),
            None => (0..).take_while(|number| categories.value(*number).is_some()).collect(),
        };
        let places: Vec<PlaceId> = match place {
            Some(place) => vec![place],
            None => self.children(None).chain([NOWHERE]).collect(),
        };
        places.iter().flat_map(|place| numbers.iter().map(|number| (*place, *number))).collect()
    }
}
