//! Wishes about contacts: giving and erasing them.

use super::{NOWHERE, Wishes};
use engine::{
    command::Command,
    contact::{ErasureReason, Purpose, Subject},
    identity::ContactId,
    state::State,
};

const PURPOSES: [Purpose; 4] = [Purpose::Liaison, Purpose::Beneficiary, Purpose::OnSite, Purpose::Emergency];
const REASONS: [ErasureReason; 4] =
    [ErasureReason::Asked, ErasureReason::NotNeeded, ErasureReason::Replaced, ErasureReason::Mistake];

impl Wishes {
    pub(super) fn give_contact(&mut self, state: &State) -> Command {
        let next = state.last_contact().number() + 1;
        // Numbers come from the vault, so they may skip; seldom one is given twice.
        let contact = match self.random.below(10) {
            0 => next.saturating_sub(self.random.between(0, 9)),
            1 => next + self.random.below(3),
            _ => next,
        };
        let of = match self.random.below(4) {
            0 => Subject::Organization(self.organization(state)),
            1 => Subject::Need(self.need(state)),
            2 => Subject::Resource(self.resource(state)),
            _ => Subject::Project(self.project(state)),
        };
        Command::GiveContact { contact: ContactId::new(contact), of, purpose: self.random.one(&PURPOSES) }
    }

    pub(super) fn erase_contact(&mut self, state: &State) -> Command {
        let last = state.last_contact().number();
        let contact = if self.random.percent(5) { NOWHERE } else { self.random.between(0, last) };
        Command::EraseContact { contact: ContactId::new(contact), reason: self.random.one(&REASONS) }
    }
}
