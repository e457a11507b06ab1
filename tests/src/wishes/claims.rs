//! Wishes: Claims in part and jointly, calls and bids.

use super::Wishes;
use engine::{command::Command, state::State};

impl Wishes {
    pub(super) fn claim_life(&mut self, _state: &State) -> Command {
        Command::Tick
    }
}
