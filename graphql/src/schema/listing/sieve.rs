//! A filter that judges many things of one list: what the index knows of its conditions is looked up once.
//!
//! A condition that an index knows exactly need not look at a thing at all: it holds for those that stand on its shelves,
//! and of these a word tells sixty-four at a time. A page of a list looks at some hundred things that lie close together, so
//! that the word of the one before often does.

use super::{condition::Condition, wanted::Wanted};
use engine::state::{
    State,
    listed::{Register, SHELF_WORD, Shelf, Thing},
};
use std::cell::{Cell, OnceCell};

/// Where a condition stands on more shelves, a look at the thing is quicker.
const SHELVES_MAX: usize = 16;

/// A filter made ready for the things of one register.
pub struct Sieve<'a> {
    state: &'a State,
    register: Register,
    wanted: Wanted<Test<'a>>,
}

/// What is asked of a thing.
enum Test<'a> {
    /// That it stands on one of these shelves.
    Stands(Shelves<'a>),
    /// A look at the thing itself.
    Holds(&'a Condition),
}

/// Shelves, with the word that was looked at last.
struct Shelves<'a> {
    shelves: Vec<Shelf<'a>>,
    /// Which word, and which of its sixty-four numbers stand on any of the shelves.
    last: Cell<(u64, u64)>,
}

impl<'a> Shelves<'a> {
    fn new(shelves: Vec<Shelf<'a>>) -> Self {
        let first = shelves.iter().fold(0, |word, shelf| word | shelf.word(0));
        Self { shelves, last: Cell::new((0, first)) }
    }

    fn hold(&self, number: u64) -> bool {
        let (index, bit) = (number / SHELF_WORD, number % SHELF_WORD);
        let (last, mut word) = self.last.get();
        if last != index {
            word = self.shelves.iter().fold(0, |word, shelf| word | shelf.word(index));
            self.last.set((index, word));
        }
        word >> bit & 1 == 1
    }
}

impl<'a> Sieve<'a> {
    /// Makes a filter ready.
    pub fn new(state: &'a State, register: Register, wanted: &'a Wanted) -> Self {
        let test = |condition: &'a Condition| match condition.shelves(state, register) {
            Some(shelves) if shelves.len() <= SHELVES_MAX => Test::Stands(Shelves::new(shelves)),
            _ => Test::Holds(condition),
        };
        let mut wanted = wanted.map(&test);
        // What is told soonest first.
        wanted.own.sort_by_key(|test| match test {
            Test::Stands(it) => it.shelves.len(),
            Test::Holds(_) => usize::MAX,
        });
        Self { state, register, wanted }
    }

    /// Whether a thing of the register passes.
    pub fn lets(&self, number: u64) -> bool {
        let thing = OnceCell::new();
        let find = || Thing::find(self.state, self.register, number);
        self.wanted.passes(&|test| match test {
            Test::Stands(shelves) => shelves.hold(number),
            Test::Holds(condition) => {
                thing.get_or_init(find).is_some_and(|thing| condition.holds(self.state, thing))
            }
        })
    }
}
