//! 下一步: what a caller may do with an entity now and, for what is refused, why.
//!
//! For every kind of command that can be given to the entity a representative one is built and
//! [`decide`] is asked: one truth, so what is shown never disagrees with what is done. What a
//! representative command leaves to the caller (a reason, a quantity, a day) is filled with the plainest value that
//! fits; where it names another entity, the first is taken with which the command is granted, if there is one.

mod building;
mod of_entry;
mod of_work;

use crate::{
    command::Command,
    decide::{Context, decide},
    history::Entity,
    refusal::Refusal,
    state::State,
};
use building::Desk;

/// One kind of command, and whether it would be granted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextAction {
    /// The command that was tried.
    pub command: Command,
    /// Why it would be refused, if it would.
    pub refusal: Option<Refusal>,
}

impl NextAction {
    /// Whether it would be granted.
    pub const fn is_allowed(&self) -> bool {
        self.refusal.is_none()
    }
}

/// The commands of which one of each kind is tried for an entity; nothing for what has no next actions.
pub fn commands(state: &State, context: &Context, entity: &Entity) -> Vec<Vec<Command>> {
    let desk = Desk { state, context };
    match entity {
        Entity::Need(id) => desk.of_need(*id),
        Entity::Resource(id) => desk.of_resource(*id),
        Entity::Project(id) => desk.of_project(*id),
        Entity::Pairing(id) => desk.of_pairing(*id),
        Entity::Bid(id) => desk.of_bid(*id),
        Entity::Meeting(id) => desk.of_meeting(*id),
        Entity::Agreement(id) => desk.of_agreement(*id),
        Entity::Delivery(id) => desk.of_delivery(*id),
        Entity::Street
        | Entity::Rules
        | Entity::Category(_)
        | Entity::Place(_)
        | Entity::Organization(_)
        | Entity::Member(_)
        | Entity::Plan(_)
        | Entity::Contact(_) => Vec::new(),
    }
}

/// What a caller may do with an entity.
pub fn next_actions(state: &State, context: &Context, entity: &Entity) -> Vec<NextAction> {
    let kinds = commands(state, context, entity);
    kinds.into_iter().filter_map(|candidates| best(state, context, candidates)).collect()
}

/// The first candidate that would be granted, or else the first of all.
fn best(state: &State, context: &Context, candidates: Vec<Command>) -> Option<NextAction> {
    let mut first = None;
    for command in candidates {
        match decide(state, context, &command) {
            Ok(_) => return Some(NextAction { command, refusal: None }),
            Err(refusal) if first.is_none() => {
                first = Some(NextAction { command, refusal: Some(refusal) });
            }
            Err(_) => {}
        }
    }
    first
}
