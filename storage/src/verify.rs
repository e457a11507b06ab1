//! `verify`: read a whole log as if nothing of it were trusted.

use crate::{
    chain::Chain,
    commit::Head,
    failure::{Damage, Flaw, ReadError},
    log::Log,
    replay,
};
use engine::{evolve::evolve_commit, identity::Position, state::State};

/// What a whole log holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifyReport {
    /// How many commits.
    pub commits: u64,
    /// How many events in them.
    pub events: u64,
    /// The last commit; noted elsewhere, its hash proves later that nothing before it was changed.
    pub head: Head,
    /// What the commits amount to.
    pub state: State,
}

/// Walks the log from the first commit to the head: every hash, every link of the chain, the way from every
/// request to its commit, and the replay. `progress` is told of every commit.
///
/// # Errors
/// The first damage with its place, a newer format, or a failing store.
pub fn verify(log: &dyn Log, progress: &mut dyn FnMut(Position)) -> Result<VerifyReport, ReadError> {
    let mut chain = Chain::START;
    let mut report = VerifyReport { commits: 0, events: 0, head: Head::START, state: State::empty() };
    replay::walk(log, &mut chain, |commit| {
        let position = commit.position;
        let found = log.find(&commit.request_key())?;
        if found != Some(position) {
            return Err(Damage { position, flaw: Flaw::RequestIndex { found } }.into());
        }
        evolve_commit(&mut report.state, commit.recorded(), &commit.events);
        report.commits += 1;
        report.events += commit.events.len() as u64;
        progress(position);
        Ok(())
    })?;
    report.head = chain.head();
    Ok(report)
}
