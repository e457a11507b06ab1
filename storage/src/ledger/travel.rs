//! The past: the state as it was at a position or a moment, folded from the nearest snapshot or from an old state
//! that is still at hand.

use super::Ledger;
use crate::{
    chain::Chain,
    failure::ReadError,
    log::Log,
    replay::{commit_at, walk_to},
    snapshot,
};
use engine::{evolve::evolve_commit, identity::Position, moment::Moment, state::State};
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// How many old states are kept at most.
pub const STATES_MAX: usize = 8;

/// How many commits they may amount to together, beyond the one that was asked for last: a quarter of a million
/// posted needs weigh about 260 MiB.
pub const COMMITS_MAX: u64 = 250_000;

/// Why there is no such past.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TravelError {
    /// The log has not come so far. Later it may have.
    #[error("the log ends at {head}, there is no {asked} yet")]
    AfterHead {
        /// The position that was asked for.
        asked: Position,
        /// The last one.
        head: Position,
    },
    /// The log cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
}

/// An old state with the chain that leads on from it.
type Old = (Chain, Arc<State>);

/// The old states that are at hand, the one used last first.
#[derive(Default)]
pub(super) struct Past {
    states: Mutex<VecDeque<Old>>,
    /// Held while one is folded: many who ask at once share one fold, or wait, but do not fill the memory.
    folding: Mutex<()>,
}

impl Past {
    fn states(&self) -> MutexGuard<'_, VecDeque<Old>> {
        self.states.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The state at exactly this position, if it is at hand.
    fn at(&self, position: Position) -> Option<Arc<State>> {
        let mut states = self.states();
        let index = states.iter().position(|(chain, _)| chain.head().position == position)?;
        let found = states.remove(index)?;
        let state = Arc::clone(&found.1);
        states.push_front(found);
        Some(state)
    }

    /// The last one at or before this position.
    fn before(&self, position: Position) -> Option<Old> {
        let states = self.states();
        let earlier = states.iter().filter(|(chain, _)| chain.head().position <= position);
        earlier.max_by_key(|(chain, _)| chain.head().position).cloned()
    }

    fn keep(&self, old: Old) {
        let mut states = self.states();
        states.push_front(old);
        states.truncate(STATES_MAX);
        let weight = |states: &VecDeque<Old>| -> u64 {
            states.iter().skip(1).map(|(chain, _)| chain.head().position.0).sum()
        };
        while weight(&states) > COMMITS_MAX {
            states.pop_back();
        }
    }
}

impl Ledger {
    /// The state as it was when the commit at `position` was the last. Blocks while it is folded.
    ///
    /// # Errors
    /// See [`TravelError`].
    pub fn state_at(&self, position: Position) -> Result<Arc<State>, TravelError> {
        let now = self.state();
        if position == now.position() {
            return Ok(now);
        }
        if position > now.position() {
            return Err(TravelError::AfterHead { asked: position, head: now.position() });
        }
        if let Some(state) = self.past.at(position) {
            return Ok(state);
        }
        let _folding = self.past.folding.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(state) = self.past.at(position) {
            return Ok(state);
        }
        let old = self.fold(position)?;
        let state = Arc::clone(&old.1);
        self.past.keep(old);
        Ok(state)
    }

    /// The state as it was at a moment: after the last commit that was made at or before it. For a moment that has
    /// not come yet it is the newest, which may not be what it will have been.
    ///
    /// # Errors
    /// See [`TravelError`].
    pub fn state_at_moment(&self, moment: Moment) -> Result<Arc<State>, TravelError> {
        let position = self.position_at(moment)?;
        self.state_at(position)
    }

    /// The last commit that was made at or before a moment; 0 when none was.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub fn position_at(&self, moment: Moment) -> Result<Position, ReadError> {
        let now = self.state();
        // Commits never run back in time, so it can be closed in on: all up to `made` were, none after `unmade` was.
        let (mut made, mut unmade) = (0, now.position().0.saturating_add(1));
        if now.time().is_none_or(|time| time <= moment) {
            return Ok(now.position());
        }
        let view = self.view();
        while unmade - made > 1 {
            let middle = made + (unmade - made) / 2;
            match commit_at(&view, Position(middle))?.is_some_and(|commit| commit.time <= moment) {
                true => made = middle,
                false => unmade = middle,
            }
        }
        Ok(Position(made))
    }

    fn fold(&self, position: Position) -> Result<Old, ReadError> {
        let view = self.view();
        let at_hand = self.past.before(position);
        let (mut chain, state) = at_hand.unwrap_or_else(|| (Chain::START, Arc::new(State::empty())));
        let mut state = (*state).clone();
        if let Some(shelf) = view.shelf() {
            let is_nearer = |kept: &Position| (chain.head().position..=position).contains(kept);
            let kept = shelf.list().unwrap_or_default();
            if kept.iter().any(is_nearer)
                && let Some(found) = snapshot::nearest(&*shelf, &view, position)?
                && found.head.position > chain.head().position
            {
                chain = Chain::at(found.head, found.state.time());
                state = found.state;
            }
        }
        walk_to(&view, &mut chain, position, |_, commit| {
            evolve_commit(&mut state, commit.recorded(), &commit.events);
            Ok(())
        })?;
        Ok((chain, Arc::new(state)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{commit::Head, hash::Hash};

    fn old(position: u64) -> Old {
        let head = Head { position: Position(position), hash: Hash::ZERO };
        (Chain::at(head, None), Arc::new(State::empty()))
    }

    fn at_hand(past: &Past) -> Vec<u64> {
        past.states().iter().map(|(chain, _)| chain.head().position.0).collect()
    }

    #[test]
    fn g12_few_old_states_are_kept_those_used_last_and_not_too_heavy_ones() {
        let past = Past::default();
        (1..=10).for_each(|position| past.keep(old(position)));
        assert_eq!(at_hand(&past), [10, 9, 8, 7, 6, 5, 4, 3]);
        assert!(past.at(Position(5)).is_some() && past.at(Position(1)).is_none());
        assert_eq!(at_hand(&past), [5, 10, 9, 8, 7, 6, 4, 3]);
        assert_eq!(past.before(Position(6)).map(|(chain, _)| chain.head().position), Some(Position(6)));
        assert!(past.before(Position(2)).is_none());

        past.keep(old(COMMITS_MAX));
        assert_eq!(at_hand(&past), [COMMITS_MAX, 5, 10, 9, 8, 7, 6, 4]);
        past.keep(old(1));
        assert_eq!(at_hand(&past), [1, COMMITS_MAX], "the heavy one and nothing beside it");
        past.keep(old(10 * COMMITS_MAX));
        past.keep(old(20 * COMMITS_MAX));
        assert_eq!(at_hand(&past), [20 * COMMITS_MAX], "the one asked for last is always kept");
    }
}
