//! A group: the commands of one append, decided one after the other on a draft of the state that
//! nobody sees until they are durable.

use super::{ExecuteError, Receipt, writer::Order};
use crate::{
    chain::Chain,
    commit::Commit,
    failure::{Damage, Flaw, ReadError, StoreFault},
    log::Log,
    record::Record,
    request::RequestKey,
};
use engine::{
    decide::{Context, decide},
    evolve::evolve_commit,
    identity::Position,
    moment::Moment,
    state::State,
};
use std::{collections::HashMap, sync::Arc};

/// What is to be answered if the append succeeds.
enum Outcome {
    /// By a commit: one of this group, or an earlier one when it is `repeated`.
    Done { position: Position, commit: Option<Arc<Commit>>, repeated: bool },
    /// By an error.
    Failed(ExecuteError),
}

impl Outcome {
    fn answer(self, state: &Arc<State>) -> Result<Receipt, ExecuteError> {
        match self {
            Self::Done { position, commit, repeated } => {
                Ok(Receipt { position, commit, repeated, state: Arc::clone(state) })
            }
            Self::Failed(error) => Err(error),
        }
    }
}

/// What an answer hangs on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stake {
    /// Nothing: it rests on what was durable before.
    Settled,
    /// It was decided on a draft that the append may throw away.
    Draft,
    /// It has a record in the batch, or repeats one that has.
    Recorded,
}

/// Commands with their outcomes, and the state they would leave.
pub(super) struct Group {
    draft: State,
    chain: Chain,
    records: Vec<Record>,
    bytes: usize,
    fresh: HashMap<RequestKey, usize>,
    orders: Vec<(Order, Outcome, Stake)>,
}

impl Group {
    /// A group on the state that was last published.
    pub(super) fn new(state: State, chain: Chain) -> Self {
        let (records, fresh, orders) = (Vec::new(), HashMap::new(), Vec::new());
        Self { draft: state, chain, records, bytes: 0, fresh, orders }
    }

    pub(super) fn len(&self) -> usize {
        self.orders.len()
    }

    pub(super) const fn bytes(&self) -> usize {
        self.bytes
    }

    pub(super) fn records(&self) -> &[Record] {
        &self.records
    }

    /// What the group leaves if it is appended.
    pub(super) fn outcome(&self) -> (State, Chain) {
        (self.draft.clone(), self.chain)
    }

    /// Decides one more command. `read_only` says why nothing new may be written, if so.
    pub(super) fn take(&mut self, log: &dyn Log, order: Order, now: Moment, read_only: Option<&StoreFault>) {
        let key = RequestKey::of(&order.caller, &order.request);
        let (outcome, stake) = match self.repeated(log, &key) {
            Ok(Some(repeated)) => repeated,
            Ok(None) => match read_only {
                Some(fault) => (Outcome::Failed(ExecuteError::ReadOnly(fault.clone())), Stake::Settled),
                None => self.decide(&order, key, now),
            },
            Err(error) => {
                let fault = StoreFault::new("look up the request", error);
                (Outcome::Failed(ExecuteError::NotWritten(fault)), Stake::Settled)
            }
        };
        self.orders.push((order, outcome, stake));
    }

    fn repeated(&self, log: &dyn Log, key: &RequestKey) -> Result<Option<(Outcome, Stake)>, ReadError> {
        if let Some(record) = self.fresh.get(key).and_then(|index| self.records.get(*index)) {
            return Ok(Some((done(record, true), Stake::Recorded)));
        }
        let Some(position) = log.find(key)? else {
            return Ok(None);
        };
        let damaged = |flaw| ReadError::Damaged(Damage { position, flaw });
        let before = Position(position.0.saturating_sub(1));
        let record = log.read(before, 1)?.pop().ok_or_else(|| damaged(Flaw::Missing))?;
        if record.commit().request_key() != *key {
            return Err(damaged(Flaw::RequestIndex { found: None }));
        }
        Ok(Some((done(&record, true), Stake::Settled)))
    }

    fn decide(&mut self, order: &Order, key: RequestKey, clock: Moment) -> (Outcome, Stake) {
        let now = self.draft.time().map_or(clock, |time| time.max(clock));
        let stake = if self.records.is_empty() { Stake::Settled } else { Stake::Draft };
        let context = Context { caller: order.caller, now };
        let events = match decide(&self.draft, &context, &order.command) {
            Ok(events) => events,
            Err(refusal) => return (Outcome::Failed(ExecuteError::Refused(refusal)), stake),
        };
        if events.is_empty() {
            let position = self.draft.position();
            return (Outcome::Done { position, commit: None, repeated: false }, stake);
        }
        let sealed = Record::seal(self.chain.head(), now, order.caller, order.request.clone(), events)
            .map_err(|error| StoreFault::new("seal the commit", error))
            .and_then(|record| {
                self.chain
                    .link(record.commit())
                    .map_err(|damage| StoreFault::new("seal the commit", damage))?;
                Ok(record)
            });
        let record = match sealed {
            Ok(record) => record,
            Err(fault) => return (Outcome::Failed(ExecuteError::NotWritten(fault)), stake),
        };
        evolve_commit(&mut self.draft, record.commit().recorded(), &record.commit().events);
        self.bytes += record.text().len();
        self.fresh.insert(key, self.records.len());
        let outcome = done(&record, false);
        self.records.push(record);
        (outcome, Stake::Recorded)
    }

    /// Answers everybody: the append succeeded, or there was nothing to append.
    pub(super) fn answer(self, state: &Arc<State>) {
        for (order, outcome, _) in self.orders {
            // Nobody may be waiting any more.
            let _ = order.answer.send(outcome.answer(state));
        }
    }

    /// Answers everybody after a failed append: `recorded` to those who have a record in it, `NotWritten`
    /// to those whose answers rest on the draft that is thrown away.
    pub(super) fn fail(self, recorded: &ExecuteError, fault: &StoreFault, state: &Arc<State>) {
        for (order, outcome, stake) in self.orders {
            let answer = match stake {
                Stake::Settled => outcome.answer(state),
                Stake::Draft => Err(ExecuteError::NotWritten(fault.clone())),
                Stake::Recorded => Err(recorded.clone()),
            };
            let _ = order.answer.send(answer);
        }
    }

    /// The commands back, in their order, to be decided again.
    pub(super) fn into_orders(self) -> impl DoubleEndedIterator<Item = Order> {
        self.orders.into_iter().map(|(order, ..)| order)
    }
}

fn done(record: &Record, repeated: bool) -> Outcome {
    let commit = record.shared();
    Outcome::Done { position: commit.position, commit: Some(commit), repeated }
}
