//! The ledger: the only writer of a process. It takes the commands that wait, decides each on the
//! state that the former leaves, appends them as one batch with one flush, publishes, answers.
//!
//! Promises:
//!
//! * **G1 acknowledged is durable** – a receipt is given after the log said that the commit is durable.
//! * **G2 once** – the same actor and request id gets the same position and events again, nothing appended.
//!   A refused command, or one that changed nothing, left no trace: repeated, it is decided again.
//! * **G3 grouped** – what waits while an append is under way goes into the next one together, up to
//!   [`GROUP_COMMANDS_MAX`] commands and about [`GROUP_BYTES_MAX`] bytes.
//! * **G4 in order** – each command is decided on the state that the former ones leave; that state is
//!   published, and every answer given, only after the append; if the append fails it is thrown away.
//! * **G5 honest failure** – `NotWritten` means that nothing was; after `OutcomeUnknown` the ledger is
//!   read-only until it is opened again. Reads go on.
//! * **G6 time** – a commit is never older than the one before it, whatever the clock says.
//! * **G7 follow** – history, then live: every commit once, in order, however slow the reader.
//! * **G8 bounded** – at most [`QUEUE_COMMANDS_MAX`] commands wait. `execute` then says `Overloaded` at once, so
//!   that a flood is turned away at the door; `execute_blocking` waits for room, so that an import goes as
//!   fast as the disk.
//! * **G9 conflict** – when another process has appended, the ledger reads on and decides again.
//! * **G10 one position** – the state is published before the head moves, so whoever hears of a position
//!   finds a state that has it.
//! * **G11 start** – it starts with the newest snapshot that fits the log and folds the commits after it, each of
//!   them checked; without one it folds them all. Either way the state is the same. When they were many, a snapshot
//!   is taken then, so that the next start is short. [`snapshot`] says what is checked when.
//! * **G12 past** – `state_at` is what `state` was when that commit was the last, `state_at_moment` what it was at that
//!   moment. At most eight old states are kept, and one at a time is folded.
//! * **G13 history** – every commit that said something about an entity, once, in order, and what it changed. Only
//!   these commits are read.
//! * **G14 backup** – [`Ledger::view`] is the log as it is served: a backup of it holds nobody up, has no commit that
//!   was not published, and ends with an error when the ledger is closed.
//! * **G15 contained** – a fault of the program at one command is the answer to that command, of which nothing is
//!   written. The commands beside it are decided as if it had never come, and the ledger goes on.
//! * **G16 said beforehand** – [`Ledger::health`] says that the log has no room for an append before a command finds out,
//!   and that it has again.

mod archivist;
mod follow;
mod group;
mod history;
mod published;
mod reader;
mod recent;
mod travel;
mod view;
mod writer;

pub use history::{History, Moved, Page};
pub use travel::TravelError;
pub use view::View;

use crate::{
    chain::Chain,
    commit::Commit,
    failure::{OpenError, ReadError, StoreFault},
    log::Log,
    replay,
    request::Request,
    snapshot::{self, Pace},
};
use archivist::Archivist;
use engine::{
    command::Command, event::Event, evolve::evolve_commit, identity::Position, member::Caller,
    moment::Moment, refusal::Refusal, state::State,
};
use futures_util::Stream;
use published::Published;
use reader::Reader;
use recent::Recent;
use std::{
    fmt,
    sync::{Arc, Mutex},
    thread,
};
use tokio::sync::{mpsc, oneshot, watch};
use writer::{Order, Work, Writer};

/// How many commands may wait: a tenth of a second's work of a common disk.
pub const QUEUE_COMMANDS_MAX: usize = 1_024;

/// How many commands go into one append. More gains little: the flush is paid for by then.
pub const GROUP_COMMANDS_MAX: usize = 128;

/// How many bytes go into one append before it is closed; a single command may be larger.
pub const GROUP_BYTES_MAX: usize = 1 << 20;

type Clock = Arc<dyn Fn() -> Moment + Send + Sync>;

/// Runs commands against a log. A clone is another handle of the same ledger.
///
/// The writer stops, and the files are given up, after [`Ledger::close`] or when the last handle is dropped.
#[derive(Clone)]
pub struct Ledger {
    work: mpsc::Sender<Work>,
    published: Arc<Published>,
    reader: Reader,
    past: Arc<travel::Past>,
    clock: Clock,
}

/// What a granted command did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Its commit; for a command that changed nothing, the position that it was decided on.
    pub position: Position,
    /// The commit, unless nothing was changed.
    pub commit: Option<Arc<Commit>>,
    /// Whether this is the answer to an earlier request with the same id.
    pub repeated: bool,
    /// A state at or after `position`.
    pub state: Arc<State>,
}

impl Receipt {
    /// What happened.
    pub fn events(&self) -> &[Event] {
        self.commit.as_deref().map_or(&[], |commit| &commit.events)
    }
}

/// Why a command was not, or perhaps not, executed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExecuteError {
    /// The domain says no. The same command may be granted on another day.
    #[error("refused: {}", .0.code())]
    Refused(Refusal),
    /// The id of the request stands for another one, that was granted. Another id helps.
    #[error("the request id stands for what was granted at position {position}")]
    RequestTaken {
        /// Where that stands.
        position: Position,
    },
    /// Too many commands wait; this one was not taken. Trying again soon helps.
    #[error("too many commands are waiting")]
    Overloaded,
    /// The store failed before anything was written. Trying again may help.
    #[error("not written: {0}")]
    NotWritten(StoreFault),
    /// The store failed in a way that leaves open whether the command happened. After the ledger is
    /// opened again, the same request id tells.
    #[error("it is unknown whether this was written: {0}")]
    OutcomeUnknown(StoreFault),
    /// A former append ended unknown; this command was not executed. It needs the operator.
    #[error("the ledger is read-only: {0}")]
    ReadOnly(StoreFault),
    /// The ledger is closed; the command was not executed.
    #[error("the ledger is closed")]
    Closed,
    /// The program has a fault that this command met; nothing of it was written. Trying again meets it again.
    #[error("the program failed at this command: {said}")]
    Bug {
        /// What the panic said.
        said: String,
    },
}

/// Whether the ledger takes commands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Health {
    /// It does.
    Writable,
    /// The log has no room: commands are refused and reads are answered, until there is room again.
    NoRoom {
        /// How much is missing.
        why: StoreFault,
    },
    /// It answers reads only, until it is opened again.
    ReadOnly {
        /// Why.
        why: StoreFault,
    },
}

impl Ledger {
    /// Folds the log, from the newest snapshot that fits it, and starts the writer. Blocks for as long as that takes.
    ///
    /// # Errors
    /// Damage with its place, a newer format, a failing store, or a thread that cannot be started.
    pub fn open(
        log: impl Log + 'static,
        clock: impl Fn() -> Moment + Send + Sync + 'static,
    ) -> Result<Self, OpenError> {
        Self::open_at_pace(log, clock, Pace::STANDARD)
    }

    /// Like [`Ledger::open`], with snapshots taken at another pace.
    ///
    /// # Errors
    /// Like [`Ledger::open`].
    pub fn open_at_pace(
        log: impl Log + 'static,
        clock: impl Fn() -> Moment + Send + Sync + 'static,
        pace: Pace,
    ) -> Result<Self, OpenError> {
        let log: Arc<dyn Log> = Arc::new(log);
        let (mut chain, mut state) = (Chain::START, State::empty());
        let shelf = log.shelf();
        if let Some(shelf) = &shelf
            && let Some(found) = snapshot::nearest(&**shelf, &*log, log.head()?.position)?
        {
            chain = Chain::at(found.head, found.state.time());
            state = found.state;
        }
        let mut archivist = match shelf {
            Some(shelf) => Some(Archivist::start(shelf, pace, state.position())?),
            None => None,
        };
        replay::walk(&*log, &mut chain, |chain, commit| {
            evolve_commit(&mut state, commit.recorded(), &commit.events);
            if let Some(archivist) = &mut archivist {
                archivist.offer(&state, chain.head());
            }
            Ok(())
        })?;
        if let Some(archivist) = &mut archivist {
            archivist.offer_start(&state, chain.head());
        }
        let published = Arc::new(Published::new(state.clone()));
        if let Some(fault) = log.fault() {
            published.fail(fault);
        }
        let (head, heads) = watch::channel(state.position());
        let (work, orders) = mpsc::channel(QUEUE_COMMANDS_MAX);
        let clock: Clock = Arc::new(clock);
        let slot = Arc::new(Mutex::new(Some(Arc::clone(&log))));
        let recent = Arc::new(Recent::default());
        let reader = Reader::new(Arc::clone(&slot), Arc::clone(&recent), heads);
        let writer = Writer::new(
            log,
            slot,
            Arc::clone(&clock),
            chain,
            state,
            Arc::clone(&published),
            recent,
            archivist,
            orders,
            head,
        );
        thread::Builder::new()
            .name("ledger".to_owned())
            .spawn(move || writer.run())
            .map_err(|error| OpenError::Store(StoreFault::new("start the writer", error)))?;
        Ok(Self { work, published, reader, past: Arc::default(), clock })
    }

    /// Executes a command. When the caller stops waiting, the command may still be executed.
    ///
    /// # Errors
    /// See [`ExecuteError`].
    pub async fn execute(
        &self,
        caller: Caller,
        request: impl Into<Request>,
        command: Command,
    ) -> Result<Receipt, ExecuteError> {
        let (answer, answered) = oneshot::channel();
        let request = request.into();
        let order = Work::Execute(Box::new(Order { caller, request, command, answer }));
        self.work.try_send(order).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => ExecuteError::Overloaded,
            mpsc::error::TrySendError::Closed(_) => ExecuteError::Closed,
        })?;
        answered.await.unwrap_or_else(|_| Err(writer_died()))
    }

    /// Executes a command from a thread that may block; waits for room in the queue.
    ///
    /// # Errors
    /// See [`ExecuteError`].
    ///
    /// # Panics
    /// When called from an async task, where nothing may block.
    pub fn execute_blocking(
        &self,
        caller: Caller,
        request: impl Into<Request>,
        command: Command,
    ) -> Result<Receipt, ExecuteError> {
        let (answer, answered) = oneshot::channel();
        let request = request.into();
        let order = Work::Execute(Box::new(Order { caller, request, command, answer }));
        self.work.blocking_send(order).map_err(|_| ExecuteError::Closed)?;
        answered.blocking_recv().unwrap_or_else(|_| Err(writer_died()))
    }

    /// The newest published state. O(1), never waits.
    pub fn state(&self) -> Arc<State> {
        self.published.state()
    }

    /// The head, as it moves with every published batch. [`Ledger::state`] is at or after it.
    pub fn head(&self) -> watch::Receiver<Position> {
        self.reader.heads()
    }

    /// Commits after `after`, at most `limit`, perhaps fewer: an empty page means there are none yet.
    /// Blocks; call it where that is allowed.
    ///
    /// # Errors
    /// Damage, a failing store, or a closed ledger.
    pub fn read(&self, after: Position, limit: usize) -> Result<Vec<Arc<Commit>>, ReadError> {
        self.reader.read(after, limit)
    }

    /// The same, if they are so new that they need not be read: never blocks.
    pub fn recent(&self, after: Position, limit: usize) -> Option<Vec<Arc<Commit>>> {
        self.reader.recent(after, limit)
    }

    /// All commits after `after`: history, then live. Ends when the ledger is closed, or after an error.
    /// It must be polled inside a tokio runtime; it does not keep the ledger open.
    pub fn follow(
        &self,
        after: Position,
    ) -> impl Stream<Item = Result<Arc<Commit>, ReadError>> + Send + use<> {
        follow::follow(self.reader.clone(), after)
    }

    /// How many commands wait for the writer.
    pub fn waiting(&self) -> usize {
        self.work.max_capacity() - self.work.capacity()
    }

    /// Whether commands are taken. The log is asked for room, which may take as long as the disk takes to tell.
    pub fn health(&self) -> Health {
        let closed = || StoreFault::new("take commands", "the writer has stopped");
        if let Some(why) = self.published.fault().or_else(|| self.work.is_closed().then(closed)) {
            return Health::ReadOnly { why };
        }
        match self.reader.log().ok().and_then(|log| log.want_of_room()) {
            None => Health::Writable,
            Some(why) => Health::NoRoom { why },
        }
    }

    /// What time it is: the clock's, but never before the newest commit.
    pub fn now(&self) -> Moment {
        let clock = (self.clock)();
        self.state().time().map_or(clock, |time| time.max(clock))
    }

    /// Finishes what waits, stops the writer and gives up the log. Commands after it are `Closed`.
    pub async fn close(&self) {
        // An error means that the writer has stopped before.
        let _ = self.work.send(Work::Close).await;
        let mut heads = self.reader.heads();
        while heads.changed().await.is_ok() {}
    }
}

impl fmt::Debug for Ledger {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let position = self.state().position();
        out.debug_struct("Ledger").field("position", &position).field("health", &self.health()).finish()
    }
}

fn writer_died() -> ExecuteError {
    ExecuteError::OutcomeUnknown(StoreFault::new("execute", "the writer has stopped without an answer"))
}
