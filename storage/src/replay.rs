//! Walking a log from where one stands to its head, link by link of the chain.
//!
//! While a page is looked at, the next is read ahead and its commits are checked, on as many cores as there are: reading a
//! commit is about as much work as folding it, and only the folding must go in order.

use crate::{
    chain::Chain,
    commit::Commit,
    failure::{Damage, Flaw, ReadError},
    log::Log,
    record::Record,
};
use engine::identity::Position;
use rayon::prelude::*;

/// Commits of a page, and how many of them are read at a time.
const PAGE: u64 = 2_000;
const READ: u64 = 250;

/// Walks from the chain's head to the log's and shows every commit on the way.
///
/// # Errors
/// Damage with its place, a newer format, or a failing store. What was shown before holds.
pub(crate) fn walk(
    log: &dyn Log,
    chain: &mut Chain,
    mut visit: impl FnMut(&Chain, Commit) -> Result<(), ReadError> + Send,
) -> Result<(), ReadError> {
    loop {
        let (stands, head) = (chain.head(), log.head()?);
        if stands.position == head.position && stands.hash != head.hash {
            let flaw = Flaw::WrongHead { stated: head.hash, found: stands.hash };
            return Err(Damage { position: head.position, flaw }.into());
        }
        if stands.position > head.position {
            return Err(Damage { position: head.position.next(), flaw: Flaw::AfterHead }.into());
        }
        if stands.position == head.position {
            return Ok(());
        }
        walk_to(log, chain, head.position, &mut visit)?;
    }
}

/// Walks from the chain's head to a commit that is in the log.
///
/// # Errors
/// Like [`walk`].
pub(crate) fn walk_to(
    log: &dyn Log,
    chain: &mut Chain,
    end: Position,
    mut visit: impl FnMut(&Chain, Commit) -> Result<(), ReadError> + Send,
) -> Result<(), ReadError> {
    let mut page = read(log, chain.head().position, end);
    while chain.head().position < end {
        let records = page?;
        let next = Position(chain.head().position.0 + records.len() as u64);
        let look = || {
            records.into_iter().try_for_each(|record| {
                let commit = record.into_commit();
                chain.link(&commit)?;
                visit(chain, commit)
            })
        };
        let (looked, ahead) = rayon::join(look, || read(log, next, end));
        looked?;
        page = ahead;
    }
    Ok(())
}

/// The next page: at least one commit, unless `after` is the end.
fn read(log: &dyn Log, after: Position, end: Position) -> Result<Vec<Record>, ReadError> {
    let until = end.0.min(after.0.saturating_add(PAGE));
    let spans: Vec<(u64, u64)> =
        (after.0..until).step_by(READ as usize).map(|first| (first, READ.min(until - first))).collect();
    let read = spans.par_iter().map(|(first, count)| log.read(Position(*first), *count as usize));
    let mut page = Vec::with_capacity((until - after.0.min(until)) as usize);
    for ((_, count), records) in spans.iter().zip(read.collect::<Vec<_>>()) {
        let records = match records {
            Ok(records) => records,
            // What comes before it is looked at first.
            Err(_) if !page.is_empty() => break,
            Err(error) => return Err(error),
        };
        let is_whole = records.len() as u64 == *count;
        page.extend(records);
        // Fewer than asked for: large ones. The rest is read with the next page.
        if !is_whole {
            break;
        }
    }
    match page.is_empty() && after < end {
        true => Err(Damage { position: after.next(), flaw: Flaw::Missing }.into()),
        false => Ok(page),
    }
}

/// The commit at this position; `None` at 0.
///
/// # Errors
/// Like [`walk`].
pub(crate) fn commit_at(log: &dyn Log, position: Position) -> Result<Option<Commit>, ReadError> {
    let Some(before) = position.0.checked_sub(1) else {
        return Ok(None);
    };
    match log.read(Position(before), 1)?.pop() {
        Some(record) => Ok(Some(record.into_commit())),
        None => Err(Damage { position, flaw: Flaw::Missing }.into()),
    }
}
