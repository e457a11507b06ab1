//! What the caller does not see, in input: read as if it were not there.
//!
//! An id that names nothing the caller sees is read as that of a thing there has never been. So the command takes the same road
//! as one about nothing, whatever is asked first on the way, and what comes back is the same but for the number that was given.
//! That is the whole rule; no input and no mutation has one of its own.

use crate::schema::{identity::NodeId, viewed::Viewed};
use engine::{
    history::Entity,
    identity::{AgreementId, BidId, ContactId, DeliveryId, MeetingId, MemberId, NeedId, PairingId},
    pairing::Target,
    refusal::{Missing, Refusal},
};

/// Numbers from here on are given to nothing.
const NEVER_GIVEN: u64 = 1 << 63;

/// The numbers that were given for what the caller does not see.
#[derive(Clone, Debug, Default)]
pub struct Unseen(Vec<u64>);

impl Unseen {
    /// What is read of an id: itself, or something there has never been.
    pub fn read(&mut self, at: &Viewed, id: NodeId) -> NodeId {
        if at.sees(Entity::from(&id)) {
            return id;
        }
        let mut never = |number: u64| {
            if number >= NEVER_GIVEN {
                return number;
            }
            self.0.push(number);
            never(number)
        };
        match id {
            NodeId::Need(id) => NodeId::Need(NeedId::new(never(id.number()))),
            NodeId::Pairing(id) => NodeId::Pairing(PairingId::new(never(id.number()))),
            NodeId::Bid(id) => NodeId::Bid(BidId::new(never(id.number()))),
            NodeId::Meeting(id) => NodeId::Meeting(MeetingId::new(never(id.number()))),
            NodeId::Agreement(id) => NodeId::Agreement(AgreementId::new(never(id.number()))),
            NodeId::Delivery(id) => NodeId::Delivery(DeliveryId::new(never(id.number()))),
            NodeId::Contact(id) => NodeId::Contact(ContactId::new(never(id.number()))),
            NodeId::Member(id) => NodeId::Member(MemberId::new(never(id.number()))),
            // Nobody is kept from seeing these, or no input takes them.
            other @ (NodeId::Place(_)
            | NodeId::Organization(_)
            | NodeId::Category(_)
            | NodeId::Resource(_)
            | NodeId::Project(_)
            | NodeId::Slot(..)
            | NodeId::Plan(_)
            | NodeId::Call(_)
            | NodeId::RosterLink(_)
            | NodeId::Token(..)) => other,
        }
    }

    /// What is told of a refusal: that there is nothing of the number that was given.
    pub fn told(&self, refusal: &Refusal) -> Refusal {
        let Refusal::NotFound { field, missing } = refusal else { return refusal.clone() };
        let given = |number: u64| if self.0.contains(&never(number)) { never(number) } else { number };
        let missing = match missing.clone() {
            Missing::Need(id) => Missing::Need(NeedId::new(given(id.number()))),
            Missing::Pairing(id) => Missing::Pairing(PairingId::new(given(id.number()))),
            Missing::Bid(id) => Missing::Bid(BidId::new(given(id.number()))),
            Missing::Meeting(id) => Missing::Meeting(MeetingId::new(given(id.number()))),
            Missing::Item(id) => Missing::Item(MeetingId::new(given(id.number()))),
            Missing::Agreement(id) => Missing::Agreement(AgreementId::new(given(id.number()))),
            Missing::Milestone(id, number) => {
                Missing::Milestone(AgreementId::new(given(id.number())), number)
            }
            Missing::Delivery(id) => Missing::Delivery(DeliveryId::new(given(id.number()))),
            Missing::Contact(id) => Missing::Contact(ContactId::new(given(id.number()))),
            Missing::Member(id) => Missing::Member(MemberId::new(given(id.number()))),
            Missing::SignOn(id) => Missing::SignOn(MemberId::new(given(id.number()))),
            Missing::Call(Target::Need(id)) => Missing::Call(Target::Need(NeedId::new(given(id.number())))),
            other @ (Missing::Place(_)
            | Missing::Organization(_)
            | Missing::Category(_)
            | Missing::Resource(_)
            | Missing::Project(_)
            | Missing::Slot(..)
            | Missing::Call(Target::Slot(..))
            | Missing::Token(_)) => other,
        };
        Refusal::NotFound { field, missing }
    }
}

/// The number of something there has never been, for one that may have been given; and back.
const fn never(number: u64) -> u64 {
    u64::MAX - number
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::{permission::View, state::State};
    use std::sync::Arc;

    #[test]
    fn what_is_not_seen_is_read_as_what_never_was_and_told_by_the_number_that_was_given() {
        let at = Viewed::new(Arc::new(State::empty()), View::Notices);
        let mut unseen = Unseen::default();
        let read = unseen.read(&at, NodeId::Need(NeedId::new(57)));
        assert_eq!(read, NodeId::Need(NeedId::new(u64::MAX - 57)));
        let missing = |id| Refusal::NotFound { field: "need", missing: Missing::Need(NeedId::new(id)) };
        assert_eq!(unseen.told(&missing(u64::MAX - 57)), missing(57));
        // What nobody has been kept from keeps its number, and no number is turned into one that was given to something.
        assert_eq!(unseen.told(&missing(u64::MAX - 58)), missing(u64::MAX - 58));
        let high = NodeId::Need(NeedId::new(u64::MAX - 3));
        assert_eq!(unseen.read(&at, high.clone()), high);
        let everything = Viewed::new(Arc::new(State::empty()), View::Everything);
        let near = NodeId::Need(NeedId::new(57));
        assert_eq!(Unseen::default().read(&everything, near.clone()), near);
    }
}
