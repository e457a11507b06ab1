//! Walking a log from where one stands to its head, link by link of the chain.

use crate::{
    chain::Chain,
    commit::Commit,
    failure::{Damage, Flaw, ReadError},
    log::Log,
};
use engine::identity::Position;

/// Commits asked for in one read.
const PAGE: usize = 1_000;

/// Walks from the chain's head to the log's and shows every commit on the way.
///
/// # Errors
/// Damage with its place, a newer format, or a failing store. What was shown before holds.
pub(crate) fn walk(
    log: &dyn Log,
    chain: &mut Chain,
    mut visit: impl FnMut(&Chain, Commit) -> Result<(), ReadError>,
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
    mut visit: impl FnMut(&Chain, Commit) -> Result<(), ReadError>,
) -> Result<(), ReadError> {
    while chain.head().position < end {
        let stands = chain.head().position;
        let left = usize::try_from(end.0 - stands.0).unwrap_or(usize::MAX);
        let page = log.read(stands, PAGE.min(left))?;
        if page.is_empty() {
            return Err(Damage { position: stands.next(), flaw: Flaw::Missing }.into());
        }
        for record in page {
            let commit = record.into_commit();
            chain.link(&commit)?;
            visit(chain, commit)?;
        }
    }
    Ok(())
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
