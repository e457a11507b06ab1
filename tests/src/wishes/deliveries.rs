//! Wishes: Deliveries, acceptance, redemption.

use super::Wishes;
use engine::{command::Command, state::State};

impl Wishes {
    pub(super) fn delivery(&mut self, _state: &State) -> Command {
        Command::Tick
    }
}
