//! Wishes: Agreements, milestones, and how projects run.

use super::Wishes;
use engine::{command::Command, state::State};

impl Wishes {
    pub(super) fn project_life(&mut self, _state: &State) -> Command {
        Command::Tick
    }
}
