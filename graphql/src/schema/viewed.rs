//! A state as one caller sees it: what nodes are read from, so that no path leads around the rule of the rows.
//!
//! Whatever a node finds, it finds through here; which rows that leaves is [`engine::permission::View`]'s alone.

use engine::{
    event::Event,
    history::Entity,
    pairing::{Supplier, Target},
    permission::View,
    state::{
        State,
        listed::{Register, Thing},
    },
};
use std::{ops::Deref, sync::Arc};

/// A state at one position, with which rows of it the caller sees. It reads as the state itself.
#[derive(Clone, Debug)]
pub struct Viewed {
    state: Arc<State>,
    view: View,
    /// The state from which it was supposed, when it is only that: to suppose that something is one's own opens no door.
    real: Option<Arc<State>>,
}

impl Deref for Viewed {
    type Target = State;

    fn deref(&self) -> &State {
        &self.state
    }
}

impl Viewed {
    /// A state that is, or was, as a caller of this view sees it.
    pub const fn new(state: Arc<State>, view: View) -> Self {
        Self { state, view, real: None }
    }

    /// A state that is only supposed, as the same caller sees it.
    pub fn supposing(&self, supposed: State) -> Self {
        let real = self.real.as_ref().unwrap_or(&self.state);
        Self { state: Arc::new(supposed), view: self.view, real: Some(Arc::clone(real)) }
    }

    /// The state alone.
    pub const fn state(&self) -> &Arc<State> {
        &self.state
    }

    /// Which rows the caller sees.
    pub const fn view(&self) -> View {
        self.view
    }

    /// Whether the caller sees an entity.
    pub fn sees(&self, entity: impl Into<Entity>) -> bool {
        let entity = entity.into();
        self.view.sees(&self.state, &entity) && self.holds_really(&entity, View::sees)
    }

    /// Whether the caller sees a thing of a register of this state.
    pub fn sees_thing(&self, thing: Thing<'_>) -> bool {
        self.view.sees_thing(&self.state, thing)
            && (self.real.is_none() || entity(thing).is_none_or(|it| self.holds_really(&it, View::sees)))
    }

    /// Whether the caller sees an event; nothing happens in a state that is only supposed.
    pub fn sees_event(&self, event: &Event) -> bool {
        self.view.sees_event(self.real.as_ref().unwrap_or(&self.state), event)
    }

    /// Whether an entry or an organization is the caller's own to ask about: see [`View::is_own`].
    pub fn is_own(&self, entity: impl Into<Entity>) -> bool {
        let entity = entity.into();
        self.view.is_own(&self.state, &entity) && self.holds_really(&entity, View::is_own)
    }

    /// Whether what serves something is the caller's to look into: see [`View::sees_pair`].
    pub fn sees_pair(&self, target: Target, supplier: Supplier) -> bool {
        self.is_own(target) || self.is_own(supplier)
    }

    /// Whether there are rows of a register that the caller does not see.
    pub const fn narrows(&self, register: Register) -> bool {
        self.view.narrows(register)
    }

    /// Whether the same is so before anything was supposed; what was not there then is whose it was supposed to be.
    fn holds_really(&self, entity: &Entity, rule: fn(View, &State, &Entity) -> bool) -> bool {
        self.real
            .as_ref()
            .is_none_or(|real| rule(self.view, real, entity) || real.touches(entity).next().is_none())
    }
}

/// The entity that a thing of a register is, or is about.
fn entity(thing: Thing<'_>) -> Option<Entity> {
    Some(match thing {
        Thing::Need(it) => Entity::Need(it.id),
        Thing::Resource(it) => Entity::Resource(it.id),
        Thing::Project(it) => Entity::Project(it.id),
        Thing::Pairing(it) => Entity::Pairing(it.id),
        Thing::Bid(it) => Entity::Bid(it.id),
        Thing::Call(it) => it.target.into(),
        Thing::Meeting(it) => Entity::Meeting(it.id),
        Thing::Agreement(it) => Entity::Agreement(it.id),
        Thing::Delivery(it) => Entity::Delivery(it.id),
        Thing::Plan(it) => Entity::Plan(it.id),
        Thing::Member(it) => Entity::Member(it.id),
        Thing::Organization(it) => Entity::Organization(it.id),
        Thing::Place(it) => Entity::Place(it.id),
        Thing::Link(_) => return None,
    })
}
