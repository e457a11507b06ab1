//! `verify`: read a whole log as if nothing of it were trusted. It changes nothing.

use crate::{
    chain::Chain,
    commit::Head,
    failure::{Damage, Flaw, ReadError},
    log::{Log, RequestEntry, Rot},
    replay,
    snapshot::{self, SnapshotFlaw},
};
use engine::{
    audit::{Book, Finding, audit},
    evolve::evolve_commit,
    identity::Position,
    state::State,
};
use std::collections::BTreeSet;

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
    /// The snapshots beside it, in the order of their positions.
    pub snapshots: Vec<SnapshotReport>,
    /// What does not hold of what the commits amount to, although all of them are whole.
    pub findings: Vec<Finding>,
    /// What has rotted of the store without harm to any commit.
    pub rot: Vec<Rot>,
}

/// What became of a snapshot when it was compared with the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SnapshotReport {
    /// Where it lies.
    pub position: Position,
    /// Why it would be ignored, if it would. Otherwise it holds what the log amounts to there.
    pub ignored: Option<SnapshotFlaw>,
}

/// Walks the log from the first commit to the head: every hash, every link of the chain, the way from every
/// request to its commit and back, the replay, and every snapshot against it; then what the state has derived and counted is
/// recounted ([`engine::audit`]). `progress` is told of every commit.
///
/// A snapshot that does not fit is reported and harms nobody, and so is what has rotted where nothing is read from; a
/// snapshot that fits and yet differs is damage.
///
/// # Errors
/// The first damage with its place, a newer format, or a failing store.
pub fn verify(log: &dyn Log, progress: &mut (dyn FnMut(Position) + Send)) -> Result<VerifyReport, ReadError> {
    let mut chain = Chain::START;
    let mut report = VerifyReport {
        commits: 0,
        events: 0,
        head: Head::START,
        state: State::empty(),
        snapshots: Vec::new(),
        findings: Vec::new(),
        rot: log.rot()?,
    };
    let mut book = Book::default();
    let shelf = log.shelf();
    let list = |shelf: &dyn snapshot::Shelf| shelf.list().map_err(ReadError::Store);
    let kept: BTreeSet<Position> = shelf.as_deref().map_or(Ok(Vec::new()), list)?.into_iter().collect();
    replay::walk(log, &mut chain, |_, commit| {
        let position = commit.position;
        let found = log.find(&commit.request_key())?;
        if found != Some(position) {
            return Err(Damage { position, flaw: Flaw::RequestIndex { found } }.into());
        }
        evolve_commit(&mut report.state, commit.recorded(), &commit.events);
        commit.events.iter().for_each(|event| book.read(commit.recorded(), event));
        report.commits += 1;
        report.events += commit.events.len() as u64;
        if let Some(shelf) = shelf.as_deref().filter(|_| kept.contains(&position)) {
            let ignored = match snapshot::fitting(shelf, log, position)? {
                Ok(snapshot) if snapshot.state == report.state => None,
                Ok(_) => return Err(Damage { position, flaw: Flaw::SnapshotDiffers }.into()),
                Err(flaw) => Some(flaw),
            };
            report.snapshots.push(SnapshotReport { position, ignored });
        }
        progress(position);
        Ok(())
    })?;
    report.head = chain.head();
    if let Some(shelf) = shelf.as_deref() {
        for position in kept.range(report.head.position.next()..) {
            let ignored = snapshot::fitting(shelf, log, *position)?.err();
            report.snapshots.push(SnapshotReport { position: *position, ignored });
        }
    }
    strays(log, report.head.position)?;
    report.findings = audit(&report.state);
    // What names things that are not there cannot be counted.
    if report.findings.is_empty() {
        report.findings = book.findings(&report.state);
    }
    Ok(report)
}

/// Every commit's request was found; so an entry of the index is a stray when it leads past the end, or when
/// several lead to one commit and it is not that commit's.
fn strays(log: &dyn Log, end: Position) -> Result<(), ReadError> {
    let mut led_to = BTreeSet::new();
    let mut doubtful = Vec::new();
    log.requests(&mut |entry| {
        let real = entry.key.is_ok() && (Position(1)..=end).contains(&entry.position);
        if !real || !led_to.insert(entry.position) {
            doubtful.push(entry);
        }
    })?;
    // A log that is being served may have come further meanwhile.
    let now = log.head()?.position;
    doubtful.retain(|entry| entry.position <= end || entry.position > now);
    if doubtful.is_empty() {
        return Ok(());
    }
    // Which of several came first says nothing: all that lead to a doubtful place are looked at.
    let places: BTreeSet<Position> = doubtful.into_iter().map(|entry| entry.position).collect();
    let mut suspects = Vec::new();
    log.requests(&mut |entry| {
        if places.contains(&entry.position) {
            suspects.push(entry);
        }
    })?;
    for RequestEntry { key, position } in suspects {
        let commit = match (Position(1)..=end).contains(&position) {
            true => replay::commit_at(log, position)?,
            false => None,
        };
        let owner = commit.map(|commit| commit.request_key());
        if key.as_ref().ok() != owner.as_ref() || owner.is_none() {
            let request = key.map_or_else(|text| text, |key| key.request.to_string());
            return Err(Damage { position, flaw: Flaw::StrayRequest { request } }.into());
        }
    }
    Ok(())
}
