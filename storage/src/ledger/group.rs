//! A group: the commands of one append, decided one after the other on a draft of the state that
//! nobody sees until they are durable.

use super::{ExecuteError, Receipt, writer::Order};
use crate::{
    chain::Chain,
    commit::Commit,
    failure::{Damage, Flaw, ReadError, StoreFault, last_words},
    log::Log,
    record::Record,
    request::{Asked, RequestKey},
};
use engine::{
    decide::{Context, decide},
    evolve::evolve_commit,
    identity::Position,
    moment::Moment,
    state::State,
};
use std::{
    collections::HashMap,
    panic::{self, AssertUnwindSafe},
    sync::Arc,
};

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
    /// What was last published.
    base: (State, Chain),
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
        Self { base: (state.clone(), chain), draft: state, chain, records, bytes: 0, fresh, orders }
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
    pub(super) fn take(
        &mut self,
        log: &dyn Log,
        order: Order,
        clock: impl FnOnce() -> Moment,
        read_only: Option<&StoreFault>,
    ) {
        let key = RequestKey::of(&order.caller, &order.request.id);
        let (outcome, stake) = self.contained(|group| match group.repeated(log, &key, order.request.asked) {
            Ok(Some(repeated)) => repeated,
            Ok(None) => match read_only {
                Some(fault) => (Outcome::Failed(ExecuteError::ReadOnly(fault.clone())), Stake::Settled),
                None => group.decide(&order, key, clock()),
            },
            Err(error) => {
                let fault = StoreFault::new("look up the request", error);
                (Outcome::Failed(ExecuteError::NotWritten(fault)), Stake::Settled)
            }
        });
        self.orders.push((order, outcome, stake));
    }

    /// Runs what one command asks for. A panic in it is the answer to that command alone: the draft, which it may have
    /// left half changed, is folded once more from what was decided before.
    fn contained(&mut self, run: impl FnOnce(&mut Self) -> (Outcome, Stake)) -> (Outcome, Stake) {
        let records = self.records.len();
        // Of what the closure changes, all is put back below.
        let panic = match panic::catch_unwind(AssertUnwindSafe(|| run(self))) {
            Ok(decided) => return decided,
            Err(panic) => panic,
        };
        let said = last_words(&*panic).to_owned();
        tracing::error!(said, "a command has met a fault of the program; the others go on");
        self.records.truncate(records);
        self.fresh.retain(|_, index| *index < records);
        self.bytes = self.records.iter().map(|record| record.text().len()).sum();
        (self.draft, self.chain) = self.base.clone();
        for commit in self.records.iter().map(Record::commit) {
            self.chain = Chain::at(commit.head(), Some(commit.time));
            evolve_commit(&mut self.draft, commit.recorded(), &commit.events);
        }
        (Outcome::Failed(ExecuteError::Bug { said }), Stake::Settled)
    }

    fn repeated(
        &self,
        log: &dyn Log,
        key: &RequestKey,
        asked: Option<Asked>,
    ) -> Result<Option<(Outcome, Stake)>, ReadError> {
        if let Some(record) = self.fresh.get(key).and_then(|index| self.records.get(*index)) {
            return Ok(Some((again(record, asked), Stake::Recorded)));
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
        Ok(Some((again(&record, asked), Stake::Settled)))
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

/// A request that was granted before: what it was told then, unless it asks for something else now.
fn again(record: &Record, asked: Option<Asked>) -> Outcome {
    let before = record.commit().asked;
    if before.zip(asked).is_some_and(|(before, now)| before != now) {
        return Outcome::Failed(ExecuteError::RequestTaken { position: record.commit().position });
    }
    done(record, true)
}

fn done(record: &Record, repeated: bool) -> Outcome {
    let commit = record.shared();
    Outcome::Done { position: commit.position, commit: Some(commit), repeated }
}

#[cfg(test)]
mod tests {
    //! What no command can be made to do from outside: to panic when the draft is half changed.

    use super::*;
    use crate::{memory::MemoryLog, request::RequestId};
    use engine::{command::Command, member::Caller};
    use tokio::sync::oneshot;

    fn order(name: &str, command: Command) -> (Order, oneshot::Receiver<Result<Receipt, ExecuteError>>) {
        let (answer, answered) = oneshot::channel();
        let request = RequestId::new(name).unwrap();
        (Order { caller: Caller::System, request: request.into(), command, answer }, answered)
    }

    #[test]
    fn g15_a_panic_leaves_the_draft_as_it_was_before_its_command() {
        let log = MemoryLog::new();
        let mut group = Group::new(State::empty(), Chain::START);
        let now = || Moment::from_millis(1_704_067_200_000);
        let open = || Command::OpenStreet { name: "春风街道".to_owned() };
        group.take(&log, order("first", open()).0, now, None);
        let before = (group.draft.clone(), group.chain, group.bytes, group.records.clone());

        let (poison, _) = order("poison", Command::Tick);
        let key = RequestKey::of(&poison.caller, &poison.request.id);
        let (outcome, stake) = group.contained(|group| {
            let first = group.records.first().unwrap().clone();
            let recorded = first.commit().recorded();
            group.chain = Chain::START;
            evolve_commit(&mut group.draft, recorded, &first.commit().events);
            group.bytes += 7;
            group.fresh.insert(key, group.records.len());
            group.records.push(first);
            panic!("half way")
        });
        assert!(stake == Stake::Settled, "the answer rests on nothing");
        assert!(
            matches!(&outcome, Outcome::Failed(ExecuteError::Bug { said }) if said == "half way"),
            "what was said is told"
        );
        assert!((group.draft.clone(), group.chain, group.bytes, group.records.clone()) == before);
        assert_eq!(group.fresh.len(), 1);
    }
}
