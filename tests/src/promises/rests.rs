//! Idle resources once more: since when each rests is followed through the log, because no list says that.

use super::tallies::under_way;
use engine::{
    category::CategoryCode,
    identity::{PlaceId, ResourceId},
    moment::Moment,
    resource::ResourceStatus,
    state::State,
    tallies::Stage,
};
use std::collections::{BTreeMap, BTreeSet};

/// Since when resources rest, followed commit by commit.
#[derive(Clone, Debug, Default)]
pub struct Rests(BTreeMap<ResourceId, Moment>);

impl Rests {
    /// Looks at all resources after an event.
    pub fn look(&mut self, state: &State, now: Moment) {
        for resource in state.resources() {
            let idle = resource.status() == ResourceStatus::Open && under_way(resource) == Stage::Posted;
            if idle {
                self.0.entry(resource.id).or_insert(now);
            } else {
                self.0.remove(&resource.id);
            }
        }
    }

    /// Compares what the state finds idle, everywhere, in each place and in each category, page by page.
    ///
    /// # Panics
    /// When it differs.
    pub fn check(&self, state: &State) -> usize {
        let told = |place: Option<PlaceId>, code: Option<&CategoryCode>| -> Vec<(Moment, ResourceId)> {
            let here = |id: &ResourceId| {
                let entry = &state.resource(*id).unwrap().draft.entry;
                let seat = state.organization(entry.organization).and_then(|it| it.draft.place);
                let leaf = entry.category.as_ref().map(|it| &it.code);
                let top = leaf.and_then(|leaf| state.category(leaf)?.parent.as_ref());
                place
                    .is_none_or(|outer| entry.place.or(seat).is_some_and(|inner| state.lies_in(inner, outer)))
                    && (code.is_none() || leaf == code || top == code)
            };
            let found: BTreeSet<(Moment, ResourceId)> =
                self.0.iter().filter(|(id, _)| here(id)).map(|(id, since)| (*since, *id)).collect();
            found.into_iter().collect()
        };
        assert_eq!(state.idle_count(), self.0.len());
        let places = state.places().map(|place| Some(place.id)).chain([None]);
        for place in places {
            for category in state.categories().map(|it| Some(&it.code)).chain([None]) {
                let (mut found, mut after) = (Vec::new(), None);
                loop {
                    let page = state.idle(place, category, after, 2);
                    let Some(last) = page.last() else { break };
                    after = Some(*last);
                    found.extend(page);
                }
                assert_eq!(found, told(place, category), "{place:?} {category:?}");
            }
        }
        self.0.len()
    }
}
