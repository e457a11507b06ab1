//! What was committed last, as it left the writer: who follows closely need not read it from the store again.

use crate::{commit::Commit, record::Record};
use engine::identity::Position;
use std::{
    collections::VecDeque,
    sync::{Arc, PoisonError, RwLock},
};

/// How many commits are kept at most.
const COMMITS_MAX: usize = 1_024;

/// How many bytes of stored text they stand for at most.
const BYTES_MAX: usize = 4 << 20;

/// The last commits in their order, without a gap.
#[derive(Debug, Default)]
pub(super) struct Recent(RwLock<Window>);

#[derive(Debug, Default)]
struct Window {
    commits: VecDeque<(Arc<Commit>, usize)>,
    bytes: usize,
}

impl Recent {
    /// Takes what was appended; what does not follow on what is there takes its place.
    pub(super) fn take(&self, records: &[Record]) {
        let mut window = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let Window { commits, bytes } = &mut *window;
        for record in records {
            let (commit, size) = (record.shared(), record.text().len());
            if commits.back().is_some_and(|(last, _)| last.position.next() != commit.position) {
                commits.clear();
                *bytes = 0;
            }
            commits.push_back((commit, size));
            *bytes += size;
        }
        while commits.len() > COMMITS_MAX || *bytes > BYTES_MAX {
            let Some((_, size)) = commits.pop_front() else {
                return;
            };
            *bytes -= size;
        }
    }

    /// At most so many commits after a position, if the first of them is here.
    pub(super) fn after(&self, after: Position, limit: usize) -> Option<Vec<Arc<Commit>>> {
        let window = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let (first, _) = window.commits.front()?;
        let begin = usize::try_from(after.next().0.checked_sub(first.position.0)?).ok()?;
        let commits: Vec<_> =
            window.commits.iter().skip(begin).take(limit).map(|(commit, _)| Arc::clone(commit)).collect();
        (!commits.is_empty()).then_some(commits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{commit::Head, conformance::samples};

    #[test]
    fn it_has_the_last_commits_without_a_gap_and_no_more_than_may_be_kept() {
        let records = samples(Head::START, "all", COMMITS_MAX + 76);
        let (recent, all) = (Recent::default(), records.iter().map(Record::shared).collect::<Vec<_>>());
        assert_eq!(recent.after(Position::START, 10), None);
        for (index, page) in records.chunks(100).enumerate() {
            recent.take(page);
            let end = (100 * (index + 1)).min(all.len());
            let begin = end.saturating_sub(COMMITS_MAX);
            assert_eq!(recent.after(Position(begin as u64), usize::MAX).unwrap(), all[begin..end]);
            assert_eq!(recent.after(Position(begin as u64 + 3), 2).unwrap(), all[begin + 3..begin + 5]);
            assert_eq!(recent.after(Position(end as u64), 10), None, "nothing yet");
            if begin > 0 {
                assert_eq!(recent.after(Position(begin as u64 - 1), 10), None, "no longer");
            }
        }
        // Another process has appended in between: there is no way over the gap.
        recent.take(&records[..1]);
        recent.take(&records[2..4]);
        assert_eq!(recent.after(Position::START, 10), None);
        assert_eq!(recent.after(Position(2), 10).unwrap(), all[2..4]);
    }

    #[test]
    fn large_commits_are_fewer() {
        let records = samples(Head::START, &"x".repeat(100), 5);
        let large = records.iter().map(|record| record.text().len()).sum::<usize>();
        let (recent, rounds) = (Recent::default(), BYTES_MAX / large + 2);
        let mut head = Head::START;
        for round in 0..rounds {
            let records = samples(head, &format!("{round}-{}", "x".repeat(100)), 5);
            recent.take(&records);
            head = records[4].commit().head();
        }
        let window = recent.0.read().unwrap();
        assert!(window.bytes <= BYTES_MAX);
        assert_eq!(window.bytes, window.commits.iter().map(|(_, size)| size).sum::<usize>());
    }
}
