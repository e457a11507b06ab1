//! Walking a log from where one stands to its head, link by link of the chain.

use crate::{
    chain::Chain,
    commit::Commit,
    failure::{Damage, Flaw, ReadError},
    log::Log,
};

/// Commits asked for in one read.
const PAGE: usize = 1_000;

/// Walks from the chain's head to the log's and shows every commit on the way.
///
/// # Errors
/// Damage with its place, a newer format, or a failing store. What was shown before holds.
pub(crate) fn walk(
    log: &dyn Log,
    chain: &mut Chain,
    mut visit: impl FnMut(Commit) -> Result<(), ReadError>,
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
        let page = log.read(stands.position, PAGE)?;
        if page.is_empty() {
            return Err(Damage { position: stands.position.next(), flaw: Flaw::Missing }.into());
        }
        for record in page {
            let commit = record.into_commit();
            chain.link(&commit)?;
            visit(commit)?;
        }
    }
}
