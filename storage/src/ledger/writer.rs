//! The writer: one thread that owns the end of the log.

use super::{
    Clock, ExecuteError, GROUP_BYTES_MAX, GROUP_COMMANDS_MAX, Receipt, archivist::Archivist, group::Group,
    published::Published, reader::Slot, recent::Recent,
};
use crate::{
    chain::Chain,
    failure::{AppendError, ReadError, StoreFault},
    log::Log,
    replay,
    request::Request,
};
use engine::{command::Command, evolve::evolve_commit, identity::Position, member::Caller, state::State};
use std::{
    collections::VecDeque,
    sync::{Arc, PoisonError},
};
use tokio::sync::{mpsc, oneshot, watch};

/// How often one group is decided again because other processes were quicker.
const CONFLICTS_MAX: u32 = 64;

/// A command that waits for its answer.
pub(super) struct Order {
    pub(super) caller: Caller,
    pub(super) request: Request,
    pub(super) command: Command,
    pub(super) answer: oneshot::Sender<Result<Receipt, ExecuteError>>,
}

/// What stands in the queue.
pub(super) enum Work {
    /// A command, boxed because it is large.
    Execute(Box<Order>),
    /// Finish what waits, then stop.
    Close,
}

/// The writer's side of a ledger.
pub(super) struct Writer {
    log: Arc<dyn Log>,
    slot: Slot,
    clock: Clock,
    chain: Chain,
    state: State,
    published: Arc<Published>,
    recent: Arc<Recent>,
    archivist: Option<Archivist>,
    orders: mpsc::Receiver<Work>,
    waiting: VecDeque<Order>,
    /// Declared last: when it is dropped, followers and `close` know that all else is given up.
    head: watch::Sender<Position>,
}

impl Writer {
    #[expect(clippy::too_many_arguments, reason = "the parts of a ledger, put together in one place")]
    pub(super) fn new(
        log: Arc<dyn Log>,
        slot: Slot,
        clock: Clock,
        chain: Chain,
        state: State,
        published: Arc<Published>,
        recent: Arc<Recent>,
        archivist: Option<Archivist>,
        orders: mpsc::Receiver<Work>,
        head: watch::Sender<Position>,
    ) -> Self {
        let waiting = VecDeque::new();
        Self { log, slot, clock, chain, state, published, recent, archivist, orders, waiting, head }
    }

    /// Serves until it is told to close, or nobody can ask any more.
    pub(super) fn run(mut self) {
        while self.gather() {
            self.serve();
        }
    }

    /// Waits for a command, then takes what else is there. `false`: there will be none.
    fn gather(&mut self) -> bool {
        while self.waiting.is_empty() {
            match self.orders.blocking_recv() {
                Some(work) => self.sort(work),
                None => return false,
            }
        }
        while self.waiting.len() < GROUP_COMMANDS_MAX
            && let Ok(work) = self.orders.try_recv()
        {
            self.sort(work);
        }
        true
    }

    fn sort(&mut self, work: Work) {
        match work {
            Work::Execute(order) => self.waiting.push_back(*order),
            // What was sent before still comes out of the queue; nothing new goes in.
            Work::Close => self.orders.close(),
        }
    }

    /// Decides and appends one group, again as long as others are quicker.
    fn serve(&mut self) {
        for _ in 0..CONFLICTS_MAX {
            let group = self.decide();
            if group.records().is_empty() {
                return group.answer(&self.published.state());
            }
            match self.log.append(self.state.position(), group.records()) {
                Ok(()) => {
                    (self.state, self.chain) = group.outcome();
                    self.recent.take(group.records());
                    self.publish();
                    // This group is durable; the log may know that the next would not be.
                    if let Some(fault) = self.log.fault() {
                        self.published.fail(fault);
                    }
                    return group.answer(&self.published.state());
                }
                Err(AppendError::Conflict { head }) => {
                    tracing::info!(ours = %self.state.position(), theirs = %head, "another process has appended");
                    group.into_orders().rev().for_each(|order| self.waiting.push_front(order));
                    if let Err(error) = self.read_on() {
                        // What others wrote cannot be read: nothing can be decided until that is mended.
                        self.published.fail(StoreFault::new("read what others wrote", error));
                    }
                }
                Err(error) => return self.fail(group, error),
            }
        }
        let fault = StoreFault::new("append", "other processes were quicker every time");
        self.decide().fail(&ExecuteError::NotWritten(fault.clone()), &fault, &self.published.state());
    }

    /// Decides what waits, within the bounds of a group.
    fn decide(&mut self) -> Group {
        let mut group = Group::new(self.state.clone(), self.chain);
        let read_only = self.published.fault();
        while group.len() < GROUP_COMMANDS_MAX
            && group.bytes() < GROUP_BYTES_MAX
            && let Some(order) = self.waiting.pop_front()
        {
            group.take(&*self.log, order, || (self.clock)(), read_only.as_ref());
        }
        group
    }

    /// The state first, then the head: who hears of a position finds its state.
    fn publish(&mut self) {
        self.published.publish(self.state.clone());
        self.head.send_replace(self.state.position());
        if let Some(archivist) = &mut self.archivist {
            archivist.offer(&self.state, self.chain.head());
        }
    }

    fn read_on(&mut self) -> Result<(), ReadError> {
        let state = &mut self.state;
        let read = replay::walk(&*self.log, &mut self.chain, |_, commit| {
            evolve_commit(state, commit.recorded(), &commit.events);
            Ok(())
        });
        self.publish();
        read
    }

    /// The draft goes with the group; what was published stays.
    fn fail(&self, group: Group, error: AppendError) {
        let text = error.to_string();
        let (recorded, fault) = match error {
            AppendError::OutcomeUnknown(fault) => {
                self.published.fail(fault.clone());
                (ExecuteError::OutcomeUnknown(fault.clone()), fault)
            }
            AppendError::Poisoned(fault) => {
                self.published.fail(fault.clone());
                (ExecuteError::ReadOnly(fault.clone()), fault)
            }
            AppendError::NotWritten(fault) => (ExecuteError::NotWritten(fault.clone()), fault),
            AppendError::Conflict { .. }
            | AppendError::BrokenChain { .. }
            | AppendError::RequestRepeated { .. } => {
                tracing::error!(text, "the log does not take what the ledger made");
                let fault = StoreFault::new("append", text);
                (ExecuteError::NotWritten(fault.clone()), fault)
            }
        };
        group.fail(&recorded, &fault, &self.published.state());
    }
}

impl Drop for Writer {
    /// Also when a decision panics: readers must not keep the files of a ledger that has no writer.
    fn drop(&mut self) {
        // First of all: it writes beside the log, which may only be done as long as the log is held.
        self.archivist.take();
        self.slot.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}
