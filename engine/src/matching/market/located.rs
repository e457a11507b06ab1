//! A place with everything around it, read off the territory tree once, so that comparing two places is
//! comparing two short lists.

use crate::{
    identity::PlaceId,
    place::{Place, PlaceLevel},
    state::State,
};

/// The depth of the territory tree: levels fall strictly on the way down.
const LEVELS: usize = PlaceLevel::ALL.len();

/// A place and where it lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::matching) struct Located {
    /// The place.
    pub id: PlaceId,
    /// The community it is or lies in.
    pub community: Option<PlaceId>,
    around: [PlaceId; LEVELS],
    depth: usize,
}

impl Located {
    /// Looks a place up. One that the state does not know lies nowhere.
    pub fn of(state: &State, place: PlaceId) -> Self {
        let mut located = Self { id: place, community: None, around: [place; LEVELS], depth: 0 };
        for (slot, around) in located.around.iter_mut().zip(state.around(place)) {
            let Place { id, level, .. } = **around;
            *slot = id;
            located.depth += 1;
            if level == PlaceLevel::Community {
                located.community = Some(id);
            }
        }
        located
    }

    /// The street it lies in, or the place itself when it lies above or is not known.
    pub fn own_street(state: &State, place: PlaceId) -> Self {
        Self::of(state, state.at_level(place, PlaceLevel::Street).unwrap_or(place))
    }

    /// The place and everything around it, innermost first.
    pub fn around(&self) -> &[PlaceId] {
        self.around.get(..self.depth).unwrap_or_default()
    }

    /// Whether it is the other place or lies in it.
    pub fn lies_in(&self, outer: &Self) -> bool {
        self.around().contains(&outer.id)
    }

    /// Steps in the tree to another place through their nearest common one; `None` when they share none.
    pub fn steps(&self, other: &Self) -> Option<usize> {
        let mut up = self.around().iter().enumerate();
        up.find_map(|(up, place)| Some(up + other.around().iter().position(|down| down == place)?))
    }
}
