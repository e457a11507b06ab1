//! The instance in a form that can be edited: rows and columns in slots, found by key, each with its edges.

use std::collections::BTreeMap;

/// An edge as one of its ends sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Link {
    /// The slot of the other end.
    pub(super) to: u32,
    pub(super) value: u32,
}

/// A row or a column.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) key: u64,
    /// What the row asks for, or what the column can give.
    pub(super) units: u32,
    /// Its edges, by slot of the other end.
    pub(super) links: Vec<Link>,
}

impl Place {
    fn find(&self, to: u32) -> Result<usize, usize> {
        self.links.binary_search_by_key(&to, |link| link.to)
    }

    /// What a unit along the edge to that slot is worth, if there is one.
    pub(super) fn value(&self, to: u32) -> Option<u32> {
        self.find(to).ok().map(|place| self.links[place].value)
    }

    /// Puts in an edge, or another value on it.
    pub(super) fn link(&mut self, to: u32, value: u32) {
        match self.find(to) {
            Ok(place) => self.links[place].value = value,
            Err(place) => self.links.insert(place, Link { to, value }),
        }
    }

    /// Takes out an edge.
    pub(super) fn unlink(&mut self, to: u32) {
        if let Ok(place) = self.find(to) {
            self.links.remove(place);
        }
    }
}

/// All rows, or all columns.
///
/// A slot that was left keeps its key until [`Side::settle`], and is not used again before: so changes since the last repair can
/// be told by key.
#[derive(Debug, Clone, Default)]
pub(super) struct Side {
    places: Vec<Place>,
    slots: BTreeMap<u64, u32>,
    left: Vec<u32>,
    free: Vec<u32>,
}

impl Side {
    /// The slot of a key.
    pub(super) fn slot(&self, key: u64) -> Option<u32> {
        self.slots.get(&key).copied()
    }

    /// Every key there is and its slot, least key first.
    pub(super) fn keys(&self) -> impl Iterator<Item = (u64, u32)> + '_ {
        self.slots.iter().map(|(&key, &slot)| (key, slot))
    }

    /// How many slots there have ever been.
    pub(super) fn slots(&self) -> usize {
        self.places.len()
    }

    pub(super) fn at(&self, slot: u32) -> &Place {
        &self.places[slot as usize]
    }

    pub(super) fn at_mut(&mut self, slot: u32) -> &mut Place {
        &mut self.places[slot as usize]
    }

    /// A slot for somebody new, without edges.
    pub(super) fn enter(&mut self, key: u64, units: u32) -> u32 {
        let place = Place { key, units, links: Vec::new() };
        let slot = match self.free.pop() {
            Some(slot) => {
                self.places[slot as usize] = place;
                slot
            }
            None => {
                self.places.push(place);
                (self.places.len() - 1) as u32
            }
        };
        self.slots.insert(key, slot);
        slot
    }

    /// Somebody goes, and all edges with it. The caller has taken them out at their other ends.
    pub(super) fn leave(&mut self, slot: u32) {
        let place = &mut self.places[slot as usize];
        (place.units, place.links) = (0, Vec::new());
        self.slots.remove(&place.key);
        self.left.push(slot);
    }

    /// What was left may be used again.
    pub(super) fn settle(&mut self) {
        self.free.append(&mut self.left);
    }
}
