//! Who executes the commands of an intake, and what comes back.

use crate::lists::problem::Fault;
use engine::{
    command::Command,
    decide::{Context, decide},
    event::Event,
    evolve::{Recorded, evolve_commit},
    member::Caller,
    moment::Moment,
    refusal::{Refusal, wording::Language},
    state::State,
};
use std::{collections::HashSet, sync::Arc};

/// A command under its request id.
#[derive(Clone, Debug)]
pub struct Order {
    /// The same request is executed once.
    pub request: String,
    /// What is wished.
    pub command: Command,
}

/// What a command did.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The events, also when the request was answered before.
    pub events: Vec<Event>,
    /// Whether it was answered before.
    pub repeated: bool,
}

/// Why a command did nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Setback {
    /// The street does not allow it.
    Refused(Refusal),
    /// The log did not take it, or it is not known whether it did.
    NotTaken(String),
}

impl Setback {
    pub(super) fn into_fault(self) -> Fault {
        match self {
            Self::Refused(refusal) => Fault::Refused(refusal),
            Self::NotTaken(detail) => Fault::NotTaken { detail },
        }
    }

    /// One sentence for a person.
    pub fn message(&self, language: Language) -> String {
        match self {
            Self::Refused(refusal) => refusal.message(language),
            Self::NotTaken(detail) => detail.clone(),
        }
    }
}

/// Executes commands in order, each on the state that the former left.
pub trait Desk {
    /// The state after everything that was submitted.
    fn state(&self) -> Arc<State>;

    /// Executes commands; one answer each, in their order. `done` is told as they get through.
    fn submit(&mut self, orders: Vec<Order>, done: &mut dyn FnMut(u64)) -> Vec<Result<Answer, Setback>>;
}

/// A street in memory: decided and folded, never stored.
#[derive(Debug)]
pub struct MemoryDesk {
    state: Arc<State>,
    now: Moment,
    answered: HashSet<String>,
}

impl MemoryDesk {
    /// An empty log at this time.
    pub fn new(now: Moment) -> Self {
        Self { state: Arc::new(State::empty()), now, answered: HashSet::new() }
    }
}

impl Desk for MemoryDesk {
    fn state(&self) -> Arc<State> {
        Arc::clone(&self.state)
    }

    fn submit(&mut self, orders: Vec<Order>, done: &mut dyn FnMut(u64)) -> Vec<Result<Answer, Setback>> {
        let context = Context { caller: Caller::System, now: self.now };
        let mut answers = Vec::with_capacity(orders.len());
        for order in orders {
            done(1);
            if self.answered.contains(&order.request) {
                answers.push(Ok(Answer { events: Vec::new(), repeated: true }));
                continue;
            }
            answers.push(match decide(&self.state, &context, &order.command) {
                Ok(events) => {
                    let position = self.state.position().next();
                    let recorded = Recorded { position, time: self.now };
                    evolve_commit(Arc::make_mut(&mut self.state), recorded, &events);
                    self.answered.insert(order.request);
                    Ok(Answer { events, repeated: false })
                }
                Err(refusal) => Err(Setback::Refused(refusal)),
            });
        }
        answers
    }
}
