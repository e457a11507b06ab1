//! When a snapshot is due, and which of them are kept.

use engine::identity::Position;
use std::collections::BTreeSet;

/// One is taken whenever a log has grown by one of so many parts of itself. So for every commit about as many entries are
/// written to snapshots again.
const SHARE: u64 = 32;

/// How often a snapshot is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// At least so many commits lie between two of them.
    pub commits_min: u64,
    /// While one is made, so many times as long as was worked is rested, however much is written meanwhile.
    pub rest: u32,
}

impl Pace {
    /// Five thousand commits are folded in a few hundredths of a second; an eighth of one core's time is spent at most.
    pub const STANDARD: Self = Self { commits_min: 5_000, rest: 7 };

    /// One whenever so many commits have come, without rest.
    pub const fn every(commits_min: u64) -> Self {
        Self { commits_min, rest: 0 }
    }

    /// Whether one is due at `now` when the last was at `last`. The wait grows with the log, because what a snapshot
    /// costs does: a start folds at most so much of the log again.
    pub const fn due(self, last: Position, now: Position) -> bool {
        now.0.saturating_sub(last.0) >= self.wait(now)
    }

    /// How many commits lie between two of them at `now`.
    pub(crate) const fn wait(self, now: Position) -> u64 {
        let share = now.0 / SHARE;
        if share > self.commits_min { share } else { self.commits_min }
    }

    /// Whether there is enough after the last one for another, however long the log is.
    pub const fn is_worth_one(self, last: Position, now: Position) -> bool {
        now.0.saturating_sub(last.0) >= self.commits_min
    }
}

/// Those that need not be kept, once there is one at the last of these positions: see K6.
pub(crate) fn superfluous(positions: &[Position]) -> Vec<Position> {
    let Some(newest) = positions.last() else {
        return Vec::new();
    };
    let span = (newest.0.saturating_add(1).next_power_of_two() / 8).max(1);
    let mut spans = BTreeSet::new();
    let spare = positions.len().saturating_sub(2);
    let old = positions.iter().take(spare);
    old.filter(|position| !spans.insert(position.0 / span)).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn k6_there_are_few_and_none_is_far_from_any_commit() {
        let pace = Pace::every(50);
        let mut kept: Vec<Position> = Vec::new();
        for now in 1..200_000 {
            let now = Position(now);
            let last = kept.last().copied().unwrap_or_default();
            if !pace.due(last, now) {
                continue;
            }
            kept.push(now);
            let gone = superfluous(&kept);
            kept.retain(|position| !gone.contains(position));
            assert!(kept.len() <= 10, "{} at {now}", kept.len());
            let starts = [Position::START].into_iter().chain(kept.iter().copied());
            for (start, end) in starts.zip(&kept) {
                let gap = end.0 - start.0;
                assert!(gap <= (now.0 * 9 / 32).max(100), "{gap} commits before {end} at {now}");
            }
        }
        assert!(kept.len() >= 5, "{kept:?}");
    }
}
