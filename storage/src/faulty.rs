//! A log that fails on order, for tests of what stands above it.

use crate::{
    commit::Head,
    failure::{AppendError, ReadError, StoreFault},
    log::{Log, RequestEntry},
    record::Record,
    request::{RequestId, RequestKey},
    snapshot::Shelf,
};
use engine::identity::Position;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// How an append fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Before anything was written, such as a full disk.
    NotWritten,
    /// The batch is on the disk, but nobody can say so.
    UnknownButWritten,
    /// The batch is lost, but nobody can say so.
    UnknownAndLost,
}

/// Faults that come and go while the log is in use. A clone is another handle of the same switches.
#[derive(Clone, Debug, Default)]
pub struct Switches(Arc<Mutex<Switched>>);

#[derive(Debug, Default)]
struct Switched {
    full: bool,
    bug: Option<RequestId>,
}

impl Switches {
    /// From now on there is no room for an append; or there is again.
    pub fn fill(&self, full: bool) {
        self.switched().full = full;
    }

    /// From now on the log panics when it is asked for this request.
    pub fn panic_at(&self, request: RequestId) {
        self.switched().bug = Some(request);
    }

    fn switched(&self) -> MutexGuard<'_, Switched> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn want_of_room(&self) -> Option<StoreFault> {
        self.switched().full.then(|| StoreFault::new("look for room", "the disk was ordered to be full"))
    }
}

/// A log around another one; its n-th append, counted from 1, fails as ordered.
#[derive(Debug)]
pub struct FaultyLog<L> {
    inner: L,
    plan: BTreeMap<u64, Failure>,
    course: Mutex<Course>,
    switches: Switches,
}

#[derive(Debug, Default)]
struct Course {
    appends: u64,
    /// After an unknown outcome: where the log stood before, and the fault.
    poison: Option<(Head, StoreFault)>,
}

impl<L: Log> FaultyLog<L> {
    /// Fails as `plan` says: number of the append, and how.
    pub fn new(inner: L, plan: impl IntoIterator<Item = (u64, Failure)>) -> Self {
        let plan = plan.into_iter().collect();
        Self { inner, plan, course: Mutex::default(), switches: Switches::default() }
    }

    /// Fails as somebody switches.
    pub fn switched(inner: L) -> (Self, Switches) {
        let log = Self::new(inner, []);
        let switches = log.switches.clone();
        (log, switches)
    }

    fn course(&self) -> MutexGuard<'_, Course> {
        self.course.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<L: Log> Log for FaultyLog<L> {
    fn append(&self, expected: Position, records: &[Record]) -> Result<(), AppendError> {
        let mut course = self.course();
        if let Some((_, fault)) = &course.poison {
            return Err(AppendError::Poisoned(fault.clone()));
        }
        if let Some(fault) = self.switches.want_of_room() {
            return Err(AppendError::NotWritten(fault));
        }
        course.appends += 1;
        let Some(failure) = self.plan.get(&course.appends) else {
            return self.inner.append(expected, records);
        };
        let fault = StoreFault::new("append", format!("{failure:?} was ordered"));
        if *failure == Failure::NotWritten {
            return Err(AppendError::NotWritten(fault));
        }
        let before = self.inner.head().map_err(|_| AppendError::NotWritten(fault.clone()))?;
        if *failure == Failure::UnknownButWritten {
            self.inner.append(expected, records)?;
        }
        course.poison = Some((before, fault.clone()));
        Err(AppendError::OutcomeUnknown(fault))
    }

    fn read(&self, after: Position, limit: usize) -> Result<Vec<Record>, ReadError> {
        let end = self.head()?.position;
        let records = self.inner.read(after, limit)?;
        Ok(records.into_iter().take_while(|record| record.commit().position <= end).collect())
    }

    fn head(&self) -> Result<Head, ReadError> {
        match &self.course().poison {
            Some((before, _)) => Ok(*before),
            None => self.inner.head(),
        }
    }

    fn find(&self, request: &RequestKey) -> Result<Option<Position>, ReadError> {
        let has_bug = self.switches.switched().bug.as_ref() == Some(&request.request);
        assert!(!has_bug, "a bug was ordered at {}", request.request);
        let end = self.head()?.position;
        Ok(self.inner.find(request)?.filter(|position| *position <= end))
    }

    fn requests(&self, visit: &mut dyn FnMut(RequestEntry)) -> Result<(), ReadError> {
        let end = self.head()?.position;
        self.inner.requests(&mut |entry| {
            if entry.position <= end {
                visit(entry);
            }
        })
    }

    fn shelf(&self) -> Option<Arc<dyn Shelf>> {
        self.inner.shelf()
    }

    fn fault(&self) -> Option<StoreFault> {
        self.course().poison.as_ref().map(|(_, fault)| fault.clone()).or_else(|| self.inner.fault())
    }

    fn want_of_room(&self) -> Option<StoreFault> {
        self.switches.want_of_room().or_else(|| self.inner.want_of_room())
    }
}
