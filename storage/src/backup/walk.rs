//! A walk along the chain that may begin in the middle of a log, as an incremental backup does.

use crate::{
    commit::{Commit, Head},
    failure::Flaw,
};
use engine::moment::Moment;

/// How far a walk has come.
#[derive(Clone, Copy, Debug)]
pub(super) struct Walk {
    head: Head,
    /// Of the last commit, when it was seen.
    time: Option<Moment>,
}

impl Walk {
    /// Begins after a commit of which only the place is known.
    pub(super) const fn after(head: Head) -> Self {
        Self { head, time: None }
    }

    /// Begins after this commit, or before the first.
    pub(super) fn after_commit(commit: Option<&Commit>) -> Self {
        let time = commit.map(|commit| commit.time);
        Self { head: commit.map_or(Head::START, Commit::head), time }
    }

    /// The last commit walked over.
    pub(super) const fn head(&self) -> Head {
        self.head
    }

    /// Walks over the next commit, or says why it is not the next.
    pub(super) fn link(&mut self, commit: &Commit) -> Result<(), Flaw> {
        if commit.position != self.head.position.next() {
            return Err(Flaw::WrongPosition { stated: commit.position });
        }
        if commit.before != self.head.hash {
            return Err(Flaw::BrokenChain { before: commit.before, expected: self.head.hash });
        }
        if self.time.is_some_and(|time| commit.time < time) {
            return Err(Flaw::TimeRunsBack);
        }
        *self = Self::after_commit(Some(commit));
        Ok(())
    }
}
