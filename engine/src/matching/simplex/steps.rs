//! Counting exchanges, so that parts solved side by side keep to one budget.

use std::sync::atomic::{AtomicU64, Ordering};

/// How many exchanges a part makes before it tells the others.
const TOLD_EVERY: u64 = 64;

/// The exchanges of one part.
pub(super) struct Steps<'a> {
    taken: u64,
    most: u64,
    together: Option<&'a AtomicU64>,
}

impl<'a> Steps<'a> {
    /// Of a part that may take as many as this.
    pub(super) fn alone(most: u64) -> Steps<'a> {
        Steps { taken: 0, most, together: None }
    }

    /// Of one part of several that may take as many as this between them. Each stops as soon as it can be sure that they
    /// have taken more. Which of them stop, and where, is then a matter of chance: such a run tells that the budget is too
    /// small, and nothing else.
    pub(super) fn shared(most: u64, together: &'a AtomicU64) -> Steps<'a> {
        Steps { taken: 0, most, together: Some(together) }
    }

    /// One more, unless there is none left.
    pub(super) fn take(&mut self) -> bool {
        if self.taken == self.most {
            return false;
        }
        self.taken += 1;
        match self.together {
            Some(together) if self.taken.is_multiple_of(TOLD_EVERY) => {
                together.fetch_add(TOLD_EVERY, Ordering::Relaxed) <= self.most.saturating_sub(TOLD_EVERY)
            }
            _ => true,
        }
    }

    /// How many were taken.
    pub(super) fn taken(&self) -> u64 {
        self.taken
    }
}
