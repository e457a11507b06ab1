//! Which needs lie near: an index from communities to the needs that go on there.
//!
//! It is derived, as [`super::due`] is, and only says where to look: a need without a place of its own lies where its
//! poster sits.

use super::{
    State,
    numbers::NumberSet,
    parts::{Collection, THINGS_MAX},
};
use crate::{
    event::Event,
    identity::{NeedId, PlaceId},
    need::Need,
    place::PlaceLevel,
};
use imbl::OrdMap;
use serde::{Deserialize, Serialize};
use std::{iter, sync::Arc};

/// By community, the needs that go on there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Vicinity(OrdMap<Option<PlaceId>, NumberSet>);

/// Some of the needs of a community: words of a [`NumberSet`].
pub(super) type Run = (Option<PlaceId>, Vec<(u64, u64)>);

impl Collection for Vicinity {
    type Thing = Run;

    // Most communities have few needs, so that some go together.
    const TOGETHER: usize = 16;

    fn things(&self) -> impl Iterator<Item = Run> {
        self.0.iter().flat_map(|(place, needs)| {
            let mut words = needs.words();
            iter::from_fn(move || {
                let run: Vec<_> = words.by_ref().take(THINGS_MAX).collect();
                (!run.is_empty()).then_some((*place, run))
            })
        })
    }

    fn fill(&mut self, runs: Vec<Run>) {
        for (place, words) in runs {
            self.0.entry(place).or_default().fill(words);
        }
    }
}

impl Vicinity {
    pub(crate) fn put(&mut self, (place, need): (Option<PlaceId>, NeedId)) {
        self.0.entry(place).or_default().insert(need.number());
    }

    pub(crate) fn take(&mut self, (place, need): (Option<PlaceId>, NeedId)) {
        if let Some(needs) = self.0.get_mut(&place) {
            needs.remove(need.number());
            if needs.is_empty() {
                self.0.remove(&place);
            }
        }
    }

    /// Every line of the index.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (Option<PlaceId>, NeedId)> {
        let needs = |needs: &NumberSet| needs.range(0..=u64::MAX).collect::<Vec<u64>>();
        self.0
            .iter()
            .flat_map(move |(place, all)| needs(all).into_iter().map(|need| (*place, NeedId::new(need))))
    }

    /// The needs of a community, the newest first.
    fn newest(&self, place: Option<PlaceId>) -> impl Iterator<Item = NeedId> + '_ {
        let needs = self.0.get(&place).into_iter().flat_map(|needs| needs.range(0..=u64::MAX).rev());
        needs.map(NeedId::new)
    }
}

impl State {
    /// What needs near a place are found by: its community, or the place itself where it lies in none.
    pub(crate) fn vicinity(&self, place: PlaceId) -> PlaceId {
        self.at_level(place, PlaceLevel::Community).unwrap_or(place)
    }

    /// The vicinities of all that lies in a place; `None` below a community, which is one with what is around.
    pub(crate) fn vicinities(&self, place: PlaceId) -> Option<Vec<PlaceId>> {
        if self.vicinity(place) != place {
            return None;
        }
        let (mut found, mut open) = (Vec::new(), vec![place]);
        while let Some(here) = open.pop() {
            found.push(here);
            if self.place(here).is_some_and(|it| it.level != PlaceLevel::Community) {
                open.extend(self.children(Some(here)));
            }
        }
        Some(found)
    }

    /// The needs that go on near a place, the newest first: those of its community, then those that are said to lie
    /// further out around it, then those that lie nowhere. Near the street, or nowhere, is everywhere.
    pub(crate) fn needs_near(&self, place: Option<PlaceId>) -> impl Iterator<Item = &Arc<Need>> {
        let community = place.and_then(|place| self.at_level(place, PlaceLevel::Community));
        let around = community.into_iter().flat_map(|place| self.around(place)).map(|place| Some(place.id));
        let near = around
            .chain(community.map(|_| None))
            .flat_map(|key| self.vicinity.newest(key).filter_map(|id| self.need(id)));
        let everywhere = community.is_none().then(|| self.needs().rev().filter(|need| goes_on(need)));
        near.chain(everywhere.into_iter().flatten())
    }
}

/// Where a need stands in the index, while it goes on.
pub(crate) fn of(state: &State, need: NeedId) -> Option<(Option<PlaceId>, NeedId)> {
    let it = state.need(need).filter(|need| goes_on(need))?;
    let place = state.place_of(&it.draft.entry).map(|place| state.vicinity(place));
    Some((place, need))
}

/// The needs that lie elsewhere after an event that does not name them: those of a poster that moves, and that say no
/// place of their own. A scan, because posters hardly ever move.
pub(crate) fn moved_by(state: &State, event: &Event) -> Vec<NeedId> {
    let Event::OrganizationAmended { organization, draft } = event else { return Vec::new() };
    let before = state.organization(*organization).map(|it| it.draft.place);
    if before == Some(draft.place) {
        return Vec::new();
    }
    let follows = |need: &&Arc<Need>| {
        let entry = &need.draft.entry;
        entry.organization == *organization && entry.place.is_none() && goes_on(need)
    };
    state.needs().filter(follows).map(|need| need.id).collect()
}

fn goes_on(need: &Need) -> bool {
    need.end.is_none() && need.met.is_none()
}
