//! The index: who can meet whom by category and territory, found without looking at everybody.
//!
//! Both sides stand in an index of the same shape: the givers by the areas they serve, so that an asker
//! finds the givers it meets; the askers by where they are, so that a giver that changes finds the askers it
//! concerns. Two areas meet when one is the other or lies in it. So each entry stands *at* its area and
//! *under* every area around it, and whoever asks looks at the areas around its own and under its own.
//!
//! Within an area entries stand by their [`Class`], the little that category looks at: code, top, whether it
//! was stated, stand-ins. A street has a few dozen classes, and which go together is worked out once a class.
//! Form, measure, window and the rest are not indexed: they are cheap to compare, and what category and
//! territory leave are some dozens. Roster links are followed beside the index, by whoever asks.

use super::{
    eligibility::kinship,
    market::{Located, Placed},
};
use crate::identity::PlaceId;
use std::collections::BTreeMap;

/// The number of a class.
pub(super) type Class = u16;

/// All classes that were met, and which go together.
#[derive(Clone, Debug, Default)]
pub(super) struct Classes {
    known: Vec<Option<Placed>>,
    numbers: BTreeMap<Option<Placed>, Class>,
    /// Per class of an asker the classes of givers that are kin to it.
    kin: Vec<Vec<Class>>,
    /// Per class of a giver the classes of askers that it is kin to.
    asking_kin: Vec<Vec<Class>>,
}

impl Classes {
    /// The class of a category; a new one when it was never met.
    pub fn of(&mut self, placed: Option<&Placed>) -> Class {
        let placed = placed.cloned();
        if let Some(class) = self.numbers.get(&placed) {
            return *class;
        }
        let new = Class::try_from(self.known.len()).unwrap_or(Class::MAX);
        self.numbers.insert(placed.clone(), new);
        self.known.push(placed);
        self.kin.push(Vec::new());
        self.asking_kin.push(Vec::new());
        let both_ways = (0..new).flat_map(|other| [(new, other), (other, new)]);
        for (asking, giving) in both_ways.chain([(new, new)]) {
            let (Some(asked), Some(offered)) =
                (self.known.get(usize::from(asking)), self.known.get(usize::from(giving)))
            else {
                continue;
            };
            if kinship(asked.as_ref(), offered.as_ref()).is_some() {
                self.kin.get_mut(usize::from(asking)).into_iter().for_each(|kin| kin.push(giving));
                self.asking_kin.get_mut(usize::from(giving)).into_iter().for_each(|kin| kin.push(asking));
            }
        }
        new
    }

    /// The class of a category, when it was met.
    pub fn known(&self, placed: Option<&Placed>) -> Option<Class> {
        self.numbers.get(&placed.cloned()).copied()
    }

    /// The classes of givers that category lets an asker meet whose own class may never have been met.
    pub fn kin_of(&self, asking: Option<&Placed>) -> Vec<Class> {
        let known = (0..).zip(&self.known);
        known
            .filter(|(_, offered)| kinship(asking, offered.as_ref()).is_some())
            .map(|(class, _)| class)
            .collect()
    }

    /// The classes of givers that category lets an asker of this class meet.
    pub fn kin(&self, asking: Class) -> &[Class] {
        self.kin.get(usize::from(asking)).map_or(&[], Vec::as_slice)
    }

    /// The classes of askers that category lets a giver of this class meet.
    pub fn asking_kin(&self, giving: Class) -> &[Class] {
        self.asking_kin.get(usize::from(giving)).map_or(&[], Vec::as_slice)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Area {
    /// Everybody, wherever it is.
    All,
    /// Whoever is bound to no area, and so meets everybody.
    Anywhere,
    At(PlaceId),
    Under(PlaceId),
}

/// One side by area and class.
#[derive(Clone, Debug)]
pub(super) struct Index<T> {
    areas: BTreeMap<Area, BTreeMap<Class, Vec<T>>>,
}

impl<T> Default for Index<T> {
    fn default() -> Self {
        Self { areas: BTreeMap::new() }
    }
}

impl<T: Copy + Ord> Index<T> {
    /// Adds an entry with its areas; none = it meets everybody.
    pub fn insert(&mut self, areas: &[Located], class: Class, entry: T) {
        for area in standing(areas) {
            let entries = self.areas.entry(area).or_default().entry(class).or_default();
            // Mostly the last: entries come in the order of their numbers.
            if entries.last().is_none_or(|last| *last < entry) {
                entries.push(entry);
            } else if let Err(position) = entries.binary_search(&entry) {
                entries.insert(position, entry);
            }
        }
    }

    /// Takes an entry out again, by what it was added with.
    pub fn remove(&mut self, areas: &[Located], class: Class, entry: T) {
        for area in standing(areas) {
            let Some(classes) = self.areas.get_mut(&area) else { continue };
            if let Some(entries) = classes.get_mut(&class) {
                if let Ok(position) = entries.binary_search(&entry) {
                    entries.remove(position);
                }
                if entries.is_empty() {
                    classes.remove(&class);
                }
            }
            if classes.is_empty() {
                self.areas.remove(&area);
            }
        }
    }

    /// Adds to `found` the entries of these classes that meet these areas; one may come several times.
    pub fn meeting(&self, areas: &[Located], classes: &[Class], found: &mut Vec<T>) {
        let (all, around) = if areas.is_empty() { (Some(Area::All), &[][..]) } else { (None, areas) };
        let anywhere = (!areas.is_empty()).then_some(Area::Anywhere);
        let met = around.iter().flat_map(|area| {
            let at = area.around().iter().map(|place| Area::At(*place));
            at.chain([Area::Under(area.id)])
        });
        for area in all.into_iter().chain(anywhere).chain(met) {
            let Some(entries) = self.areas.get(&area) else { continue };
            found.extend(classes.iter().filter_map(|class| entries.get(class)).flatten());
        }
    }

    /// Adds to `found` the entries of these classes that are a place or lie in it.
    pub fn within(&self, place: PlaceId, classes: &[Class], found: &mut Vec<T>) {
        for area in [Area::At(place), Area::Under(place)] {
            let Some(entries) = self.areas.get(&area) else { continue };
            found.extend(classes.iter().filter_map(|class| entries.get(class)).flatten());
        }
    }

    /// How many entries of these classes there are at all.
    pub fn count(&self, classes: &[Class]) -> usize {
        let Some(entries) = self.areas.get(&Area::All) else { return 0 };
        classes.iter().filter_map(|class| entries.get(class)).map(Vec::len).sum()
    }
}

/// Where an entry stands: at each of its areas and under all around them.
fn standing(areas: &[Located]) -> impl Iterator<Item = Area> {
    let anywhere = areas.is_empty().then_some(Area::Anywhere);
    let at = areas.iter().map(|area| Area::At(area.id));
    let under = areas.iter().flat_map(|area| area.around().iter().skip(1).map(|place| Area::Under(*place)));
    [Area::All].into_iter().chain(anywhere).chain(at).chain(under)
}
