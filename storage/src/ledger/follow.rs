//! `follow`: history, then live. Pages from the log, so that a slow reader costs nothing but its page; who keeps up is
//! given what the writer has in hand.

use super::reader::Reader;
use crate::{commit::Commit, failure::ReadError, failure::StoreFault};
use engine::identity::Position;
use futures_util::{Stream, stream};
use std::{sync::Arc, vec};
use tokio::{sync::watch, task};

/// Commits held in memory for one follower.
const PAGE: usize = 256;

struct Follower {
    reader: Reader,
    heads: watch::Receiver<Position>,
    after: Position,
    page: vec::IntoIter<Arc<Commit>>,
    failed: bool,
}

pub(super) fn follow(
    reader: Reader,
    after: Position,
) -> impl Stream<Item = Result<Arc<Commit>, ReadError>> + Send + 'static {
    let heads = reader.heads();
    let follower = Follower { reader, heads, after, page: Vec::new().into_iter(), failed: false };
    stream::unfold(follower, |mut follower| async move {
        let item = follower.next().await?;
        follower.failed = item.is_err();
        Some((item, follower))
    })
}

impl Follower {
    /// The next commit; `None` when the ledger is closed or an error was given.
    async fn next(&mut self) -> Option<Result<Arc<Commit>, ReadError>> {
        if self.failed {
            return None;
        }
        loop {
            if let Some(commit) = self.page.next() {
                self.after = commit.position;
                return Some(Ok(commit));
            }
            // The position decides what comes next, the watch only wakes: nothing is missed between the two.
            let after = self.after;
            self.heads.wait_for(|head| *head > after).await.ok()?;
            if let Some(page) = self.reader.recent(after, PAGE) {
                self.page = page.into_iter();
                continue;
            }
            let reader = self.reader.clone();
            let page = task::spawn_blocking(move || reader.read(after, PAGE)).await;
            match page {
                Ok(Ok(page)) => self.page = page.into_iter(),
                Ok(Err(ReadError::Closed)) => return None,
                Ok(Err(error)) => return Some(Err(error)),
                Err(stopped) => return Some(Err(ReadError::Store(StoreFault::new("read on", stopped)))),
            }
        }
    }
}
