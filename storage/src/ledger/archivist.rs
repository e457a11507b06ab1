//! The archivist: a thread that puts snapshots on the shelf beside the writer, who only hands it a state, which
//! costs nothing. When it is still busy with the last one, the next is passed over and offered again later. It stands
//! back: where there is more to do than cores, requests and commits go first.

use crate::{
    commit::Head,
    failure::{OpenError, StoreFault},
    snapshot::{self, Pace, Shelf, superfluous},
};
use engine::{identity::Position, state::State};
use std::{
    io::{self, Write},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{self, SyncSender},
    },
    thread::{self, JoinHandle},
};

pub(super) struct Archivist {
    pace: Pace,
    /// Where the last one stands that was handed over.
    last: Position,
    /// Set while the thread has nothing to do.
    idle: Arc<AtomicBool>,
    /// Taken away at the end, so that the thread ends.
    states: Option<SyncSender<Box<(State, Head)>>>,
    stopping: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Archivist {
    /// Starts the thread. The newest snapshot stands at `last`.
    pub(super) fn start(shelf: Arc<dyn Shelf>, pace: Pace, last: Position) -> Result<Self, OpenError> {
        // One is handed over only to an idle thread: one that waits would be old when its turn comes.
        let (states, offered) = mpsc::sync_channel::<Box<(State, Head)>>(1);
        let idle = Arc::new(AtomicBool::new(true));
        let is_idle = Arc::clone(&idle);
        let stopping = Arc::new(AtomicBool::new(false));
        let shelf: Arc<dyn Shelf> = Arc::new(Stoppable { shelf, stopping: Arc::clone(&stopping) });
        let run = move || {
            stand_back();
            for offer in offered {
                keep(&*shelf, &offer.0, offer.1);
                drop(offer);
                is_idle.store(true, Ordering::Release);
            }
        };
        let thread = thread::Builder::new()
            .name("snapshots".to_owned())
            .spawn(run)
            .map_err(|error| OpenError::Store(StoreFault::new("start the archivist", error)))?;
        Ok(Self { pace, last, idle, states: Some(states), stopping, thread: Some(thread) })
    }

    /// Hands a state over when one is due and the archivist is free.
    pub(super) fn offer(&mut self, state: &State, head: Head) {
        if self.pace.due(self.last, head.position) {
            self.hand_over(state, head);
        }
    }

    /// Hands over the state that a start has led to, if it had more to fold than a snapshot is worth: the next start
    /// has less.
    pub(super) fn offer_start(&mut self, state: &State, head: Head) {
        if self.pace.is_worth_one(self.last, head.position) {
            self.hand_over(state, head);
        }
    }

    fn hand_over(&mut self, state: &State, head: Head) {
        if self.idle.swap(false, Ordering::Acquire) {
            // A thread that has died takes no more; without snapshots all goes on.
            let _ = self.states.as_ref().map(|states| states.try_send(Box::new((state.clone(), head))));
            self.last = head.position;
        }
    }
}

impl Drop for Archivist {
    /// Breaks off what is being written; nothing of it is kept.
    fn drop(&mut self) {
        self.stopping.store(true, Ordering::Relaxed);
        self.states.take();
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
