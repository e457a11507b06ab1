//! What an organization has to do with: asked of one thing, and found for all of them.

use super::{
    State,
    listed::{Facet, Register},
};
use crate::{
    agreement::Subject,
    contact,
    history::Entity,
    identity::{
        AgreementId, BidId, DeliveryId, MeetingId, MemberId, NeedId, OrganizationId, PairingId, ProjectId,
        ResourceId,
    },
};

/// The entity of a number.
type Numbered = fn(u64) -> Entity;

/// The registers in which things are somebody's, with what they are there.
const REGISTERS: [(Register, Numbered); 9] = [
    (Register::Needs, |number| Entity::Need(NeedId::new(number))),
    (Register::Resources, |number| Entity::Resource(ResourceId::new(number))),
    (Register::Projects, |number| Entity::Project(ProjectId::new(number))),
    (Register::Pairings, |number| Entity::Pairing(PairingId::new(number))),
    (Register::Bids, |number| Entity::Bid(BidId::new(number))),
    (Register::Meetings, |number| Entity::Meeting(MeetingId::new(number))),
    (Register::Agreements, |number| Entity::Agreement(AgreementId::new(number))),
    (Register::Deliveries, |number| Entity::Delivery(DeliveryId::new(number))),
    (Register::Members, |number| Entity::Member(MemberId::new(number))),
];

impl State {
    /// Whether an organization has to do with an entity: it is that, posted it, or is a side or a party of it.
    pub fn involves(&self, entity: &Entity, wanted: OrganizationId) -> bool {
        let side_of = |id: PairingId| {
            self.pairing(id).is_some_and(|it| {
                [self.asking(it.terms.target), self.giving(it.terms.supplier)].contains(&Some(wanted))
            })
        };
        let posted = |id: ProjectId| self.project(id).is_some_and(|it| it.draft.entry.organization == wanted);
        match entity {
            Entity::Organization(id) => *id == wanted,
            Entity::Member(id) => self.member(*id).is_some_and(|it| it.organization == wanted),
            Entity::Need(id) => self.need(*id).is_some_and(|it| it.draft.entry.organization == wanted),
            Entity::Resource(id) => {
                self.resource(*id).is_some_and(|it| it.draft.entry.organization == wanted)
            }
            Entity::Project(id) => posted(*id),
            Entity::Pairing(id) => side_of(*id),
            Entity::Delivery(id) => self.delivery(*id).is_some_and(|it| side_of(it.pairing)),
            Entity::Bid(id) => self.bid(*id).is_some_and(|it| {
                [self.asking(it.draft.target), self.giving(it.draft.supplier)].contains(&Some(wanted))
            }),
            Entity::Meeting(id) => {
                self.meeting(*id).is_some_and(|it| it.draft.participants.contains(&wanted))
            }
            Entity::Agreement(id) => self.agreement(*id).is_some_and(|it| {
                it.versions.iter().any(|version| version.terms.parties.contains(&wanted))
                    || match it.subject {
                        Subject::Pairing(pairing) => side_of(pairing),
                        Subject::Project(project) => posted(project),
                    }
            }),
            Entity::Contact(id) => {
                self.contact(*id).is_some_and(|it| it.of == contact::Subject::Organization(wanted))
            }
            Entity::Street | Entity::Rules | Entity::Category(_) | Entity::Place(_) | Entity::Plan(_) => {
                false
            }
        }
    }

    /// Everything an organization has to do with, read off the index of whose things are; `None` when that is more than
    /// `most`, which is told without looking at any.
    pub fn involved(&self, organization: OrganizationId, most: usize) -> Option<Vec<Entity>> {
        let facets = [
            Facet::Organization(organization),
            // A bid is its bidder's, and concerns whoever asks; an agreement concerns the parties of its older versions.
            Facet::Asking(organization),
            Facet::Beside(organization),
        ];
        let shelves = || {
            REGISTERS.iter().flat_map(|(register, entity)| {
                let shelves = facets.iter().filter_map(|facet| self.listed(*register, facet));
                shelves.map(move |shelf| (shelf, entity))
            })
        };
        if shelves().map(|(shelf, _)| shelf.len()).sum::<usize>() > most {
            return None;
        }
        let things = shelves().flat_map(|(shelf, entity)| shelf.numbers(None, None).map(entity));
        let contacts = self.contacts_of(contact::Subject::Organization(organization));
        let contacts = contacts.map(|it| Entity::Contact(it.id));
        Some([Entity::Organization(organization)].into_iter().chain(things).chain(contacts).collect())
    }
}
