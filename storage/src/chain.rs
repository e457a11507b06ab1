//! The chain: walking a log commit by commit, each must continue the one before it.

use crate::{
    commit::{Commit, Head},
    failure::{Damage, Flaw},
};
use engine::moment::Moment;

/// How far a walk has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chain {
    head: Head,
    time: Option<Moment>,
}

impl Chain {
    /// Before the first commit.
    pub const START: Self = Self { head: Head::START, time: None };

    /// After a commit that is known to be in the log, made at `time`.
    pub const fn at(head: Head, time: Option<Moment>) -> Self {
        Self { head, time }
    }

    /// The last commit walked over.
    pub const fn head(&self) -> Head {
        self.head
    }

    /// Walks over the next commit.
    ///
    /// # Errors
    /// Damage, when it is not the next: another position, another hash before it, an earlier time.
    pub fn link(&mut self, commit: &Commit) -> Result<(), Damage> {
        let position = self.head.position.next();
        let damaged = |flaw| Err(Damage { position, flaw });
        if commit.position != position {
            return damaged(Flaw::Missing);
        }
        if commit.before != self.head.hash {
            return damaged(Flaw::BrokenChain { before: commit.before, expected: self.head.hash });
        }
        if self.time.is_some_and(|time| commit.time < time) {
            return damaged(Flaw::TimeRunsBack);
        }
        *self = Self { head: commit.head(), time: Some(commit.time) };
        Ok(())
    }
}
