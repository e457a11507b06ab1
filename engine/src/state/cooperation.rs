//! Looking up what becomes of a pairing: calls and bids, meetings, agreements, deliveries, accounts.

use super::State;
use crate::{
    agreement::{Agreement, Subject},
    bid::{Bid, BidStatus, Call},
    contribution::Account,
    delivery::Delivery,
    identity::{AgreementId, BidId, DeliveryId, MeetingId, OrganizationId, PairingId, ProjectId},
    leaning::Leaning,
    meeting::{Item, Meeting},
    organization::UnitKind,
    pairing::{Pairing, Supplier, Target},
    record::Record,
};
use std::sync::Arc;

impl State {
    /// A bid.
    pub fn bid(&self, id: BidId) -> Option<&Arc<Bid>> {
        self.bids.get(&id)
    }

    /// All bids in the order of their identities.
    pub fn bids(&self) -> impl DoubleEndedIterator<Item = &Arc<Bid>> {
        self.bids.values()
    }

    /// The bids on one target, the first comer first, whatever became of them.
    pub fn bids_of_target(&self, target: Target) -> impl DoubleEndedIterator<Item = &Arc<Bid>> {
        self.bids_of_target
            .range((target, BidId::new(0))..=(target, BidId::new(u64::MAX)))
            .filter_map(|(_, id)| self.bids.get(id))
    }

    /// The bids on all slots of a project, the first comer first slot by slot.
    pub fn bids_of_project(&self, project: ProjectId) -> impl Iterator<Item = &Arc<Bid>> {
        let first = (Target::Slot(project, 0), BidId::new(0));
        let last = (Target::Slot(project, u16::MAX), BidId::new(u64::MAX));
        self.bids_of_target.range(first..=last).filter_map(|(_, id)| self.bids.get(id))
    }

    /// The bids made with one resource or by one unit, the oldest first, whatever became of them.
    pub fn bids_of_supplier(&self, supplier: Supplier) -> impl DoubleEndedIterator<Item = &Arc<Bid>> {
        self.bids_of_supplier
            .range((supplier, BidId::new(0))..=(supplier, BidId::new(u64::MAX)))
            .filter_map(|(_, id)| self.bids.get(id))
    }

    /// The bids on one target that wait, the first comer first.
    pub fn queue(&self, target: Target) -> impl DoubleEndedIterator<Item = &Arc<Bid>> {
        self.bids_of_target(target).filter(|bid| bid.status == BidStatus::Waiting)
    }

    /// The last call on a target.
    pub fn call(&self, target: Target) -> Option<&Arc<Call>> {
        self.calls.get(&target)
    }

    /// The last call on each target.
    pub fn calls(&self) -> impl DoubleEndedIterator<Item = &Arc<Call>> {
        self.calls.values()
    }

    /// A meeting.
    pub fn meeting(&self, id: MeetingId) -> Option<&Arc<Meeting>> {
        self.meetings.get(&id)
    }

    /// All meetings in the order of their identities.
    pub fn meetings(&self) -> impl DoubleEndedIterator<Item = &Arc<Meeting>> {
        self.meetings.values()
    }

    /// The meetings that have an item on their agenda, oldest first.
    pub fn meetings_on(&self, item: Item) -> impl DoubleEndedIterator<Item = &Arc<Meeting>> {
        self.meetings_on
            .range((item, MeetingId::new(0))..=(item, MeetingId::new(u64::MAX)))
            .filter_map(|(_, id)| self.meetings.get(id))
    }

    /// An agreement.
    pub fn agreement(&self, id: AgreementId) -> Option<&Arc<Agreement>> {
        self.agreements.get(&id)
    }

    /// All agreements in the order of their identities.
    pub fn agreements(&self) -> impl DoubleEndedIterator<Item = &Arc<Agreement>> {
        self.agreements.values()
    }

    /// The agreements on one subject, oldest first, void ones too.
    pub fn agreements_of(&self, subject: Subject) -> impl DoubleEndedIterator<Item = &Arc<Agreement>> {
        self.agreements_of
            .range((subject, AgreementId::new(0))..=(subject, AgreementId::new(u64::MAX)))
            .filter_map(|(_, id)| self.agreements.get(id))
    }

    /// A delivery.
    pub fn delivery(&self, id: DeliveryId) -> Option<&Arc<Delivery>> {
        self.deliveries.get(&id)
    }

    /// All deliveries in the order of their identities.
    pub fn deliveries(&self) -> impl DoubleEndedIterator<Item = &Arc<Delivery>> {
        self.deliveries.values()
    }

    /// The deliveries of one pairing, oldest first, whatever became of them.
    pub fn deliveries_of(&self, pairing: PairingId) -> impl DoubleEndedIterator<Item = &Arc<Delivery>> {
        self.deliveries_of
            .range((pairing, DeliveryId::new(0))..=(pairing, DeliveryId::new(u64::MAX)))
            .filter_map(|(_, id)| self.deliveries.get(id))
    }

    /// The pairings of all slots of a project, oldest first slot by slot.
    pub fn pairings_of_project(&self, project: ProjectId) -> impl Iterator<Item = &Arc<Pairing>> {
        let first = (Target::Slot(project, 0), PairingId::new(0));
        let last = (Target::Slot(project, u16::MAX), PairingId::new(u64::MAX));
        self.pairings_of_target.range(first..=last).filter_map(|(_, id)| self.pairings.get(id))
    }

    /// The pairings in which an organization asks or gives, by itself or through what it has posted; in no promised
    /// order, whatever became of them. Looks at its own entries only.
    pub fn pairings_of_organization(
        &self,
        organization: OrganizationId,
    ) -> impl Iterator<Item = &Arc<Pairing>> {
        let asked_for = self.posted_by(organization).flat_map(|entry| self.pairings_of(entry));
        self.pairings_of_supplier(Supplier::Unit(organization)).chain(asked_for)
    }

    /// What an organization has contributed; `None` before the first credit.
    pub fn account(&self, organization: OrganizationId) -> Option<&Arc<Account>> {
        self.accounts.get(&organization)
    }

    /// All accounts by organization.
    pub fn accounts(&self) -> impl DoubleEndedIterator<Item = (OrganizationId, &Arc<Account>)> {
        self.accounts.iter().map(|(organization, account)| (*organization, account))
    }

    /// How what an organization was to give has gone; `None` where nothing is known.
    pub fn record(&self, organization: OrganizationId) -> Option<&Arc<Record>> {
        self.records.get(&organization)
    }

    /// What units of a kind have taken up to the end on this street, as the fit hears it; `None` before the first time.
    pub fn leaning(&self, kind: UnitKind) -> Option<&Arc<Leaning>> {
        self.leanings.get(&kind)
    }

    /// The project a subject is, or whose slot the subject's pairing serves.
    pub fn project_of(&self, subject: Subject) -> Option<ProjectId> {
        match subject {
            Subject::Project(project) => Some(project),
            Subject::Pairing(pairing) => match self.pairing(pairing)?.terms.target {
                Target::Slot(project, _) => Some(project),
                Target::Need(_) => None,
            },
        }
    }
}
