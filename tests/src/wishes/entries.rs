//! Wishes: Reviews, confirmations, pauses, the end of needs.

use super::Wishes;
use engine::{command::Command, state::State};

impl Wishes {
    pub(super) fn entry_life(&mut self, _state: &State) -> Command {
        Command::Tick
    }
}
