//! Questions about the territory tree.

use super::State;
use crate::{
    category::CategoryCode,
    entry::EntryDraft,
    identity::{NeedId, OrganizationId, PlaceId},
    organization::{Relation, RosterLink},
    place::{Place, PlaceLevel},
};
use std::{cmp::Ordering, sync::Arc};

impl State {
    /// A place.
    pub fn place(&self, id: PlaceId) -> Option<&Arc<Place>> {
        self.places.get(&id)
    }

    /// All places in the order of their identities.
    pub fn places(&self) -> impl DoubleEndedIterator<Item = &Arc<Place>> {
        self.places.values()
    }

    /// The place of this name directly below a parent (or among the roots).
    pub fn place_named(&self, parent: Option<PlaceId>, name: &str) -> Option<PlaceId> {
        self.place_names.get(&(parent, Arc::from(name))).copied()
    }

    /// The place that came in under this reference.
    pub fn place_referenced(&self, reference: &str) -> Option<PlaceId> {
        self.place_references.get(reference).copied()
    }

    /// The places directly below one, or the roots of the tree, by name.
    pub fn children(&self, parent: Option<PlaceId>) -> impl Iterator<Item = PlaceId> {
        let below = self.place_names.range((parent, Arc::from(""))..);
        below.take_while(move |((of, _), _)| *of == parent).map(|(_, place)| *place)
    }

    /// The places of one level in a place (itself, where it is of that level), or in all the tree. Looks at no place
    /// below that level.
    pub fn places_of_level(&self, within: Option<PlaceId>, level: PlaceLevel) -> Vec<PlaceId> {
        let mut found = Vec::new();
        let mut open: Vec<PlaceId> = within.map_or_else(|| self.children(None).collect(), |it| vec![it]);
        while let Some(id) = open.pop() {
            match self.place(id).map(|place| place.level.cmp(&level)) {
                Some(Ordering::Less) => open.extend(self.children(Some(id))),
                Some(Ordering::Equal) => found.push(id),
                Some(Ordering::Greater) | None => {}
            }
        }
        found.sort_unstable();
        found
    }

    /// A category with the leaves below it.
    pub fn leaves(&self, code: &CategoryCode) -> impl Iterator<Item = CategoryCode> {
        let below = self.categories().filter(|it| it.parent.as_ref() == Some(code));
        [code.clone()].into_iter().chain(below.map(|it| it.code.clone()))
    }

    /// The top a category belongs to; itself, when it is one or is not there.
    pub fn top_of<'a>(&'a self, code: &'a CategoryCode) -> &'a CategoryCode {
        self.category(code).and_then(|it| it.parent.as_ref()).unwrap_or(code)
    }

    /// A place and everything around it, innermost first. Levels fall strictly, so it ends.
    pub fn around(&self, place: PlaceId) -> impl Iterator<Item = &Arc<Place>> {
        std::iter::successors(self.place(place), |place| place.parent.and_then(|parent| self.place(parent)))
    }

    /// Whether `inner` is `outer` or lies in it.
    pub fn lies_in(&self, inner: PlaceId, outer: PlaceId) -> bool {
        self.around(inner).any(|place| place.id == outer)
    }

    /// The place of this level around a place, or the place itself.
    pub fn at_level(&self, place: PlaceId, level: PlaceLevel) -> Option<PlaceId> {
        self.around(place).find(|place| place.level == level).map(|place| place.id)
    }

    /// Where an entry is: its own place, else where its poster sits.
    pub fn place_of(&self, entry: &EntryDraft) -> Option<PlaceId> {
        entry.place.or_else(|| self.organization(entry.organization).and_then(|poster| poster.draft.place))
    }

    /// The community that looks at a need before it is matched: that of the innermost place around the need which has
    /// one. `None` leaves it to the street.
    pub fn reviewer(&self, need: NeedId) -> Option<OrganizationId> {
        let place = self.place_of(&self.need(need)?.draft.entry)?;
        self.around(place).find_map(|place| self.communities.get(&place.id).copied())
    }

    /// Who looks at it: its reviewer, or else the office of the street.
    pub fn reviewing(&self, need: NeedId) -> Option<OrganizationId> {
        self.reviewer(need).or_else(|| self.street().map(|street| street.office))
    }

    /// The strongest standing relation between a unit and the community a place lies in.
    pub fn relation(&self, unit: OrganizationId, place: PlaceId) -> Option<Relation> {
        let community = self.at_level(place, PlaceLevel::Community)?;
        [Relation::Assigned, Relation::Reported, Relation::Paired]
            .into_iter()
            .find(|relation| self.roster.contains(&RosterLink { unit, community, relation: *relation }))
    }

    /// Steps in the tree from one place to another through their nearest common place; `None` when
    /// they share none.
    pub fn steps(&self, one: PlaceId, other: PlaceId) -> Option<u32> {
        for (up, place) in self.around(one).enumerate() {
            if let Some(down) = self.around(other).position(|candidate| candidate.id == place.id) {
                return Some(u32::try_from(up + down).unwrap_or(u32::MAX));
            }
        }
        None
    }
}
