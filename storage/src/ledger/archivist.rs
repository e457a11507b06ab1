//! The archivist: a thread that puts snapshots on the shelf beside the writer, who only lays a state on its desk, which
//! costs nothing. It stands back: where there is more to do than cores, requests and commits go first, and after each
//! snapshot it rests, so that a street that is written to without pause is not slowed by being archived without pause.
//! What lies on the desk meanwhile is replaced by what is newer, and taken when the rest is over: when the writing ends,
//! its end is kept.

use crate::{
    commit::Head,
    failure::{OpenError, StoreFault},
    snapshot::{self, Pace, Shelf, superfluous},
};
use engine::{identity::Position, state::State};
use std::{
    io::{self, Write},
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

/// An offer is replaced when another eighth of the way to the next snapshot was made.
const FRESHER: u64 = 8;

pub(super) struct Archivist {
    pace: Pace,
    /// Before it there is nothing to offer: what lies on the desk is new enough.
    next: Position,
    desk: Arc<Desk>,
    stopping: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

/// Where the writer lays states and the thread takes them.
struct Desk {
    papers: Mutex<Papers>,
    changed: Condvar,
}

struct Papers {
    offered: Option<Box<(State, Head)>>,
    /// Where the one stands that was taken last.
    taken: Position,
    closing: bool,
}

impl Desk {
    fn papers(&self) -> MutexGuard<'_, Papers> {
        self.papers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next to be kept, not before the rest is over; nothing when there will be none.
    fn take(&self, rested: Instant) -> Option<Box<(State, Head)>> {
        let mut papers = self.papers();
        loop {
            if papers.closing {
                return None;
            }
            let rest = rested.saturating_duration_since(Instant::now());
            papers = if papers.offered.is_none() {
                self.changed.wait(papers).unwrap_or_else(PoisonError::into_inner)
            } else if rest > Duration::ZERO {
                self.changed.wait_timeout(papers, rest).unwrap_or_else(PoisonError::into_inner).0
            } else {
                let offered = papers.offered.take();
                papers.taken = offered.as_ref().map_or(papers.taken, |offer| offer.1.position);
                return offered;
            };
        }
    }
}

impl Archivist {
    /// Starts the thread. The newest snapshot stands at `last`.
    pub(super) fn start(shelf: Arc<dyn Shelf>, pace: Pace, last: Position) -> Result<Self, OpenError> {
        let papers = Papers { offered: None, taken: last, closing: false };
        let desk = Arc::new(Desk { papers: Mutex::new(papers), changed: Condvar::new() });
        let offers = Arc::clone(&desk);
        let stopping = Arc::new(AtomicBool::new(false));
        let shelf: Arc<dyn Shelf> = Arc::new(Stoppable { shelf, stopping: Arc::clone(&stopping) });
        let run = move || {
            stand_back();
            let mut rested = Instant::now();
            while let Some(offer) = offers.take(rested) {
                let begun = Instant::now();
                keep(&*shelf, &offer.0, offer.1);
                drop(offer);
                rested = Instant::now() + begun.elapsed() * pace.rest;
            }
        };
        let thread = thread::Builder::new()
            .name("snapshots".to_owned())
            .spawn(run)
            .map_err(|error| OpenError::Store(StoreFault::new("start the archivist", error)))?;
        Ok(Self { pace, next: last, desk, stopping, thread: Some(thread) })
    }

    /// Lays a state on the desk when one is due.
    pub(super) fn offer(&mut self, state: &State, head: Head) {
        let pace = self.pace;
        self.offer_if(state, head, |taken| pace.due(taken, head.position));
    }

    /// Lays the state there that a start has led to, if it had more to fold than a snapshot is worth: the next start
    /// has less.
    pub(super) fn offer_start(&mut self, state: &State, head: Head) {
        let pace = self.pace;
        self.next = self.next.min(head.position);
        self.offer_if(state, head, |taken| pace.is_worth_one(taken, head.position));
    }

    fn offer_if(&mut self, state: &State, head: Head, due: impl Fn(Position) -> bool) {
        if head.position < self.next {
            return;
        }
        let mut papers = self.desk.papers();
        if due(papers.taken) {
            papers.offered = Some(Box::new((state.clone(), head)));
            self.next = Position(head.position.0 + self.pace.wait(head.position) / FRESHER);
            self.desk.changed.notify_one();
        }
    }
}

impl Drop for Archivist {
    /// Breaks off what is being written; nothing of it is kept.
    fn drop(&mut self) {
        self.stopping.store(true, Ordering::Relaxed);
        self.desk.papers().closing = true;
        self.desk.changed.notify_one();
        if let Some(thread) = self.thread.take() {
            // Its panic was reported when it happened.
            let _ = thread.join();
        }
    }
}

/// On Linux every thread has a priority of its own; this one is then given a tenth of what the others are.
#[cfg(target_os = "linux")]
fn stand_back() {
    // Without it snapshots only get in the way more.
    let _ = rustix::process::nice(10);
}

#[cfg(not(target_os = "linux"))]
const fn stand_back() {}

fn keep(shelf: &dyn Shelf, state: &State, head: Head) {
    let kept = snapshot::save(shelf, state, head).and_then(|()| tidy(shelf, head.position));
    match kept {
        Ok(()) => tracing::debug!(position = %head.position, "a snapshot was taken"),
        Err(error) => tracing::warn!(position = %head.position, %error, "there is no snapshot"),
    }
}

/// Removes what is too much, and what no start of this program would use.
fn tidy(shelf: &dyn Shelf, newest: Position) -> Result<(), StoreFault> {
    let mut useful = Vec::new();
    for position in shelf.list()? {
        match position <= newest && snapshot::open(shelf, position).is_ok() {
            true => useful.push(position),
            false => shelf.remove(position)?,
        }
    }
    superfluous(&useful).into_iter().try_for_each(|position| shelf.remove(position))
}

/// A shelf on which nothing more is put once the ledger wants to close.
struct Stoppable {
    shelf: Arc<dyn Shelf>,
    stopping: Arc<AtomicBool>,
}

impl Shelf for Stoppable {
    fn list(&self) -> Result<Vec<Position>, StoreFault> {
        self.shelf.list()
    }

    fn put(
        &self,
        position: Position,
        write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), StoreFault> {
        let stopping = &self.stopping;
        self.shelf.put(position, &mut |out| write(&mut Stopping { out, stopping }))
    }

    fn get(&self, position: Position) -> Result<Option<Box<dyn io::Read + Send>>, StoreFault> {
        self.shelf.get(position)
    }

    fn remove(&self, position: Position) -> Result<(), StoreFault> {
        self.shelf.remove(position)
    }
}

struct Stopping<'a> {
    out: &'a mut dyn Write,
    stopping: &'a AtomicBool,
}

impl Write for Stopping<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.stopping.load(Ordering::Relaxed) {
            true => Err(io::Error::other("the ledger is closing")),
            false => self.out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
