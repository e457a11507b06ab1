//! Who follows the events, and how far each has come: to the last commit that was handed to it.

use engine::identity::Position;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Everybody who follows.
#[derive(Clone, Default)]
pub(super) struct Followers(Arc<Mutex<Register>>);

#[derive(Default)]
struct Register {
    last: u64,
    reached: BTreeMap<u64, Position>,
}

impl Followers {
    /// One more, after a position.
    pub(super) fn begin(&self, after: Position) -> Following {
        let mut register = self.register();
        register.last += 1;
        let number = register.last;
        register.reached.insert(number, after);
        drop(register);
        Following { number, followers: self.clone() }
    }

    /// How many there are, and how far the slowest has come.
    pub(super) fn now(&self) -> (usize, Option<Position>) {
        let register = self.register();
        (register.reached.len(), register.reached.values().min().copied())
    }

    fn register(&self) -> MutexGuard<'_, Register> {
        // Numbers and positions are whole after every step.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One who follows, until it is dropped.
pub struct Following {
    number: u64,
    followers: Followers,
}

impl Following {
    /// This was handed to it.
    pub fn reached(&self, position: Position) {
        self.followers.register().reached.insert(self.number, position);
    }
}

impl Drop for Following {
    fn drop(&mut self) {
        self.followers.register().reached.remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slowest_is_told_while_it_is_there() {
        let followers = Followers::default();
        assert_eq!(followers.now(), (0, None));
        let (quick, slow) = (followers.begin(Position(0)), followers.begin(Position(2)));
        quick.reached(Position(9));
        assert_eq!(followers.now(), (2, Some(Position(2))));
        drop(slow);
        assert_eq!(followers.now(), (1, Some(Position(9))));
        drop(quick);
        assert_eq!(followers.now(), (0, None));
    }
}
