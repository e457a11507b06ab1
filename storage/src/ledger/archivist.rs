//! The archivist: a thread that puts snapshots on the shelf beside the writer, who only lays a state on its desk, which
//! costs nothing. It stands back: where there is more to do than cores, requests and commits go first, and it rests
//! after every few milliseconds, so that a street that is written to without pause is not slowed by being archived without
//! pause. What lies on the desk meanwhile is replaced by what is newer: when the writing ends, its end is kept.

use crate::{
    commit::Head,
    failure::{OpenError, StoreFault},
    snapshot::{self, Pace, Shelf, superfluous},
};
use engine::{identity::Position, state::State};
use std::{
    io::{self, Write},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

/// It works at least so long before it rests: shorter rests than a scheduler can give are none.
const STINT: Duration = Duration::from_millis(5);

/// With more commits than these after the snapshot it works at, it may rest no more: a start folds them in a fifth of a second.
const BEHIND_MIN: u64 = 20_000;

/// … unless they are less than one of so many parts of the log: a start then takes about as long to fold them as to read
/// the snapshot before them.
const BEHIND_SHARE: u64 = 4;

/// An offer is replaced when another eighth of the way to the next snapshot was made.
const FRESHER: u64 = 8;

pub(super) struct Archivist {
    pace: Pace,
    /// Before it there is nothing to offer: what lies on the desk is new enough.
    next: Position,
    desk: Arc<Desk>,
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

impl Papers {
    /// Whether more was offered since the last was taken than a start should have to fold.
    fn is_far_behind(&self) -> bool {
        let end = self.offered.as_ref().map_or(0, |offer| offer.1.position.0);
        end.saturating_sub(self.taken.0) > BEHIND_MIN.max(end / BEHIND_SHARE)
    }
}

impl Desk {
    fn papers(&self) -> MutexGuard<'_, Papers> {
        self.papers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next to be kept; nothing when there will be none.
    fn take(&self) -> Option<Box<(State, Head)>> {
        let nothing = |papers: &mut Papers| papers.offered.is_none() && !papers.closing;
        let waited = self.changed.wait_while(self.papers(), nothing);
        let mut papers = waited.unwrap_or_else(PoisonError::into_inner);
        if papers.closing {
            return None;
        }
        let offered = papers.offered.take();
        papers.taken = offered.as_ref().map_or(papers.taken, |offer| offer.1.position);
        offered
    }

    /// Waits for so long, or until too much was written meanwhile, or the ledger wants to close; whether it does.
    fn rest(&self, time: Duration) -> bool {
        let may_rest = |papers: &mut Papers| !papers.closing && !papers.is_far_behind();
        let waited = self.changed.wait_timeout_while(self.papers(), time, may_rest);
        waited.unwrap_or_else(PoisonError::into_inner).0.closing
    }
}

impl Archivist {
    /// Starts the thread. The newest snapshot stands at `last`.
    pub(super) fn start(shelf: Arc<dyn Shelf>, pace: Pace, last: Position) -> Result<Self, OpenError> {
        let papers = Papers { offered: None, taken: last, closing: false };
        let desk = Arc::new(Desk { papers: Mutex::new(papers), changed: Condvar::new() });
        let offers = Arc::clone(&desk);
        let shelf = Unhurried { shelf, desk: Arc::clone(&desk), rest: pace.rest };
        let run = move || {
            stand_back();
            while let Some(offer) = offers.take() {
                keep(&shelf, &offer.0, offer.1);
            }
        };
        let thread = thread::Builder::new()
            .name("snapshots".to_owned())
            .spawn(run)
            .map_err(|error| OpenError::Store(StoreFault::new("start the archivist", error)))?;
        Ok(Self { pace, next: last, desk, thread: Some(thread) })
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

/// Removes what is too much, and what no start of this program would use. Before one goes, the one that is kept in its
/// place is read to its last byte.
fn tidy(shelf: &dyn Shelf, newest: Position) -> Result<(), StoreFault> {
    let mut useful = Vec::new();
    for position in shelf.list()? {
        match position <= newest && snapshot::open(shelf, position).is_ok() {
            true => useful.push(position),
            false => shelf.remove(position)?,
        }
    }
    loop {
        let spare = superfluous(&useful);
        let kept = |position: &&Position| spare.binary_search(position).is_err();
        let stays_for = |gone: &Position| useful.iter().filter(kept).rfind(|position| *position < gone);
        let rotten =
            spare.iter().filter_map(stays_for).find(|position| !snapshot::is_whole(shelf, **position));
        let Some(rotten) = rotten.copied() else {
            return spare.into_iter().try_for_each(|position| shelf.remove(position));
        };
        tracing::warn!(position = %rotten, "a snapshot is rotten: it is taken away, and the next one stays");
        shelf.remove(rotten)?;
        useful.retain(|position| *position != rotten);
    }
}

/// A shelf on which things are put with rests, and nothing more once the ledger wants to close.
struct Unhurried {
    shelf: Arc<dyn Shelf>,
    desk: Arc<Desk>,
    rest: u32,
}

impl Shelf for Unhurried {
    fn list(&self) -> Result<Vec<Position>, StoreFault> {
        self.shelf.list()
    }

    fn put(
        &self,
        position: Position,
        write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), StoreFault> {
        let (desk, rest) = (&*self.desk, self.rest);
        self.shelf.put(position, &mut |out| write(&mut Resting { out, desk, rest, since: Instant::now() }))
    }

    fn get(&self, position: Position) -> Result<Option<Box<dyn io::Read + Send>>, StoreFault> {
        self.shelf.get(position)
    }

    fn remove(&self, position: Position) -> Result<(), StoreFault> {
        self.shelf.remove(position)
    }
}

struct Resting<'a> {
    out: &'a mut dyn Write,
    desk: &'a Desk,
    rest: u32,
    since: Instant,
}

impl Write for Resting<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let worked = self.since.elapsed();
        let rest = if worked >= STINT { worked * self.rest } else { Duration::ZERO };
        if self.desk.rest(rest) {
            return Err(io::Error::other("the ledger is closing"));
        }
        if worked >= STINT {
            self.since = Instant::now();
        }
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{commit::Commit, conformance::samples, record::Record, snapshot::MemoryShelf};
    use engine::evolve::evolve_commit;
    use std::io::Read;

    /// A shelf with a snapshot at every fifth of so many commits.
    fn shelf(count: usize) -> MemoryShelf {
        let shelf = MemoryShelf::default();
        let mut state = State::empty();
        for commit in samples(Head::START, "kept", count).iter().map(Record::commit) {
            let Commit { events, .. } = commit;
            evolve_commit(&mut state, commit.recorded(), events);
            if commit.position.0.is_multiple_of(5) {
                snapshot::save(&shelf, &state, commit.head()).unwrap();
            }
        }
        shelf
    }

    #[test]
    fn k6_a_rotten_snapshot_pushes_out_no_good_one() {
        let (shelf, last) = (shelf(80), Position(80));
        let kept = |shelf: &MemoryShelf| shelf.list().unwrap().iter().map(|it| it.0).collect::<Vec<_>>();
        let spared = shelf.list().unwrap();
        let gone = superfluous(&spared);
        assert!(!gone.is_empty());
        // The one that stays in place of the first that goes, with a flipped bit at its end.
        let stays = *spared.iter().rfind(|it| **it < gone[0]).unwrap();
        let mut bytes = Vec::new();
        shelf.get(stays).unwrap().unwrap().read_to_end(&mut bytes).unwrap();
        *bytes.iter_mut().nth_back(40).unwrap() ^= 1;
        shelf.put(stays, &mut |out| out.write_all(&bytes)).unwrap();
        assert!(snapshot::open(&shelf, stays).is_ok(), "its header tells nothing");

        tidy(&shelf, last).unwrap();
        let expected = spared.iter().filter(|it| **it != stays && !gone[1..].contains(it));
        assert_eq!(kept(&shelf), expected.map(|it| it.0).collect::<Vec<_>>());
        tidy(&shelf, last).unwrap();
        assert!(kept(&shelf).contains(&gone[0].0), "the next one has taken its place");
    }
}
