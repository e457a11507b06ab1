//! Wishes: Joint meetings.

use super::Wishes;
use engine::{command::Command, state::State};

impl Wishes {
    pub(super) fn meeting(&mut self, _state: &State) -> Command {
        Command::Tick
    }
}
