//! Verifying the street 核验 while it is served: the whole log read as if nothing of it were trusted, what it amounts to
//! compared with what is served, and an audit of that; `gongjian verify` does the same with a log at rest.
//!
//! 1. One walk at a time, on a thread of its own. Nobody waits for it: whoever asks is told how far it has come, and what
//!    the last one found.
//! 2. A walk begins when somebody asks and something was written since the last one. Between two walks lies a rest, a
//!    minute at least and ten times as long as the last one took: asking often costs nothing.
//! 3. The vault has keys that the server alone may use, and is verified at rest.

use super::{
    scalar::{DateTime, Long, Position, int},
    scope::Scope,
};
use async_graphql::{ComplexObject, Result, SimpleObject};
use engine::{audit, identity, moment::Moment};
use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicU64, Ordering},
};
use std::time::{Duration, Instant};
use storage::{Ledger, ReadError, VerifyReport};

/// The least time between two walks.
const REST_MIN: Duration = Duration::from_secs(60);

/// How many times as long as a walk took the rest after it is.
const REST_FACTOR: u32 = 10;

/// The most findings that are told; of the others it is told how many there are.
const FINDINGS_MAX: usize = 100;

/// What was found last, and whether somebody looks now.
#[derive(Clone, Default)]
pub struct Verifier(Arc<Mutex<Looked>>);

#[derive(Default)]
struct Looked {
    /// How far the walk has come that is under way.
    reached: Option<Arc<AtomicU64>>,
    report: Option<Arc<VerificationReport>>,
    /// When the next walk may begin.
    rests_until: Option<Instant>,
}

/// A snapshot that was compared with the log 快照.
#[derive(Clone, Debug, SimpleObject)]
pub struct VerifiedSnapshot {
    /// Where it lies.
    pub position: Position,
    /// Why a start would ignore it; null of one that holds what the log amounts to there.
    pub ignored: Option<String>,
}

/// What a walk through the whole log found 核验结果.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex)]
pub struct VerificationReport {
    /// Whether nothing is wrong: no damage, nothing served that is not in the log, no findings.
    pub sound: bool,
    /// Up to which commit it is.
    pub position: Position,
    /// When it began.
    pub at: DateTime,
    /// How long it took, in milliseconds.
    pub took_millis: i32,
    /// How many commits were read; each with its hash, its link to the one before, and its request.
    pub commits: Long,
    /// How many events are in them.
    pub events: Long,
    /// The hash of the last one: noted elsewhere, it proves later that nothing before it was changed.
    pub hash: String,
    /// The first damage with its place, in English; nothing behind it was looked at. Null of a whole log.
    pub damage: Option<String>,
    /// Whether the state that is served is what the log amounts to. Null where that could not be compared.
    pub served_as_logged: Option<bool>,
    #[graphql(skip)]
    snapshots: Vec<VerifiedSnapshot>,
    /// What could not have come about, in English 疑点: references that lead nowhere, quantities that do not add up, indexes
    /// and work lists that are not what a search finds. At most 100 of them.
    pub findings: Vec<String>,
    /// How many there are.
    pub findings_count: i32,
}

#[ComplexObject]
impl VerificationReport {
    /// The snapshots beside the log.
    #[graphql(complexity = "10 * child_complexity")]
    async fn snapshots(&self) -> &[VerifiedSnapshot] {
        &self.snapshots
    }
}

/// Where the verification of the street stands 核验.
#[derive(Clone, Debug, SimpleObject)]
pub struct Verification {
    /// Whether a walk is under way.
    pub running: bool,
    /// The commit it has come to; null when none is under way.
    pub reached: Option<Position>,
    /// What the last walk found; null before the first has ended.
    pub report: Option<VerificationReport>,
}

impl Verifier {
    /// Tells where it stands, and begins a walk where one is due.
    pub fn look(&self, ledger: &Ledger) -> Verification {
        let mut looked = self.held();
        if looked.reached.is_none() && looked.is_due(ledger.state().position()) {
            let reached = Arc::new(AtomicU64::new(0));
            looked.reached = Some(Arc::clone(&reached));
            let walk = Walk { of: self.clone(), began: Instant::now() };
            let ledger = ledger.clone();
            tokio::task::spawn_blocking(move || walk.go(&ledger, &reached));
        }
        let reached = looked.reached.as_ref().map(|it| identity::Position(it.load(Ordering::Relaxed)).into());
        let report = looked.report.as_deref().cloned();
        Verification { running: reached.is_some(), reached, report }
    }

    fn held(&self) -> MutexGuard<'_, Looked> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Looked {
    /// Whether something was written since the last walk, and its rest is over.
    fn is_due(&self, head: identity::Position) -> bool {
        let is_old = self.report.as_ref().is_none_or(|it| it.position != Position::from(head));
        is_old && self.rests_until.is_none_or(|until| Instant::now() >= until)
    }
}

/// A walk that is under way; however it ends, the next one may begin.
struct Walk {
    of: Verifier,
    began: Instant,
}

impl Walk {
    fn go(self, ledger: &Ledger, reached: &AtomicU64) {
        let at = ledger.now();
        let verified = storage::verify(&ledger.view(), &mut |it| reached.store(it.0, Ordering::Relaxed));
        let report = match verified {
            Ok(report) => Some(self.whole(ledger, at, &report)),
            Err(ReadError::Closed) => None,
            Err(error) => {
                tracing::error!(%error, "the log could not be verified");
                let seen = identity::Position(reached.load(Ordering::Relaxed));
                Some(self.broken(at, seen, &error))
            }
        };
        self.of.held().report = report.map(Arc::new);
    }

    fn whole(&self, ledger: &Ledger, at: Moment, report: &VerifyReport) -> VerificationReport {
        let served = ledger.state_at(report.head.position).ok();
        let served_as_logged = served.map(|state| *state == report.state);
        let findings = audit::audit(&report.state);
        let told = findings.iter().take(FINDINGS_MAX).map(ToString::to_string).collect();
        let snapshots = report.snapshots.iter().map(|it| VerifiedSnapshot {
            position: it.position.into(),
            ignored: it.ignored.as_ref().map(ToString::to_string),
        });
        VerificationReport {
            sound: findings.is_empty() && served_as_logged != Some(false),
            position: report.head.position.into(),
            at: DateTime(at),
            took_millis: int(self.began.elapsed().as_millis()),
            commits: Long(report.commits.into()),
            events: Long(report.events.into()),
            hash: report.head.hash.to_string(),
            damage: None,
            served_as_logged,
            snapshots: snapshots.collect(),
            findings_count: int(findings.len()),
            findings: told,
        }
    }

    /// What is told of a log that could not be read to its end.
    fn broken(&self, at: Moment, seen: identity::Position, error: &ReadError) -> VerificationReport {
        let damage = match error {
            ReadError::Damaged(_) | ReadError::NewerFormat { .. } => error.to_string(),
            // What a store says of itself may name files.
            ReadError::Store(_) | ReadError::Closed => "the log cannot be read".to_owned(),
        };
        VerificationReport {
            sound: false,
            position: seen.into(),
            at: DateTime(at),
            took_millis: int(self.began.elapsed().as_millis()),
            commits: Long(seen.0.into()),
            events: Long(0),
            hash: String::new(),
            damage: Some(damage),
            served_as_logged: None,
            snapshots: Vec::new(),
            findings: Vec::new(),
            findings_count: 0,
        }
    }
}

impl Drop for Walk {
    fn drop(&mut self) {
        let mut looked = self.of.held();
        looked.reached = None;
        looked.rests_until = Some(Instant::now() + REST_MIN.max(self.began.elapsed() * REST_FACTOR));
    }
}

/// Where the verification of the street stands.
///
/// # Errors
/// `NOT_ALLOWED` for everybody but coordinators of the whole street.
pub fn read(scope: &Scope) -> Result<Verification> {
    super::operating::only_coordinators(scope)?;
    Ok(scope.shared().verifier.look(&scope.shared().ledger))
}
