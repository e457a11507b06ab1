//! Every reference names something that exists.

use super::{Findings, Flaw};
use crate::{
    bid::BidStatus,
    entry::EntryDraft,
    history::Entity,
    identity::{OrganizationId, PlaceId},
    need::NeedEnd,
    pairing::{Origin, Supplier, Target},
    state::State,
};

pub(super) fn look(state: &State, findings: &mut Findings) {
    let mut look = Look { state, findings };
    look.at_the_street();
    look.at_the_lists();
    look.at_the_pairings();
    look.at_what_became_of_them();
}

struct Look<'a> {
    state: &'a State,
    findings: &'a mut Findings,
}

impl Look<'_> {
    /// That what something names is there.
    fn names(&mut self, about: &Entity, named: Entity) {
        let state = self.state;
        let is_there = match &named {
            Entity::Street => state.street().is_some(),
            Entity::Rules => true,
            Entity::Category(code) => state.category(code).is_some(),
            Entity::Place(id) => state.place(*id).is_some(),
            Entity::Organization(id) => state.organization(*id).is_some(),
            Entity::Member(id) => state.member(*id).is_some(),
            Entity::Need(id) => state.need(*id).is_some(),
            Entity::Resource(id) => state.resource(*id).is_some(),
            Entity::Project(id) => state.project(*id).is_some(),
            Entity::Pairing(id) => state.pairing(*id).is_some(),
            Entity::Plan(id) => state.plan(*id).is_some(),
            Entity::Bid(id) => state.bid(*id).is_some(),
            Entity::Meeting(id) => state.meeting(*id).is_some(),
            Entity::Agreement(id) => state.agreement(*id).is_some(),
            Entity::Delivery(id) => state.delivery(*id).is_some(),
            Entity::Contact(id) => state.contact(*id).is_some(),
        };
        self.findings.unless(is_there, about.clone(), || Flaw::Missing(named));
    }

    fn place(&mut self, about: &Entity, place: Option<PlaceId>) {
        place.into_iter().for_each(|place| self.names(about, Entity::Place(place)));
    }

    fn organization(&mut self, about: &Entity, organization: OrganizationId) {
        self.names(about, Entity::Organization(organization));
    }

    fn entry(&mut self, about: &Entity, entry: &EntryDraft) {
        self.organization(about, entry.organization);
        self.place(about, entry.place);
    }

    fn pair(&mut self, about: &Entity, target: Target, supplier: Supplier) {
        self.names(about, target.into());
        self.names(about, supplier.into());
    }

    fn at_the_street(&mut self) {
        let state = self.state;
        if let Some(street) = state.street() {
            self.place(&Entity::Street, Some(street.place));
            self.organization(&Entity::Street, street.office);
        }
        for place in state.places() {
            let about = Entity::Place(place.id);
            self.place(&about, place.parent);
            let above = place.parent.and_then(|parent| state.place(parent));
            let is_lower = above.is_none_or(|above| above.level < place.level);
            self.findings.unless(is_lower, about, || Flaw::Level);
        }
        for it in state.organizations() {
            self.place(&Entity::Organization(it.id), it.draft.place);
        }
        for link in state.roster() {
            self.organization(&Entity::Place(link.community), link.unit);
            self.place(&Entity::Organization(link.unit), Some(link.community));
        }
        for it in state.members() {
            self.organization(&Entity::Member(it.id), it.organization);
        }
        for (organization, _) in state.accounts() {
            self.organization(&Entity::Organization(organization), organization);
        }
    }

    fn at_the_lists(&mut self) {
        let state = self.state;
        for need in state.needs() {
            let about = Entity::Need(need.id);
            self.entry(&about, &need.draft.entry);
            if let Some(NeedEnd::Merged { into, .. }) = need.end {
                self.names(&about, Entity::Need(into));
            }
        }
        for resource in state.resources() {
            self.entry(&Entity::Resource(resource.id), &resource.draft.entry);
        }
        for project in state.projects() {
            let about = Entity::Project(project.id);
            self.entry(&about, &project.draft.entry);
            for need in &project.draft.needs {
                self.names(&about, Entity::Need(*need));
            }
        }
        for contact in state.contacts() {
            self.names(&Entity::Contact(contact.id), contact.of.into());
        }
    }

    fn at_the_pairings(&mut self) {
        let state = self.state;
        for pairing in state.pairings() {
            let about = Entity::Pairing(pairing.id);
            let target = pairing.terms.target;
            self.pair(&about, target, pairing.terms.supplier);
            // A slot that an amendment took away keeps nothing that lives.
            let has_target = !pairing.status.is_live() || state.asked(target).is_some();
            self.findings.unless(has_target, about.clone(), || Flaw::NoTarget(target));
            if let Origin::Plan(plan) = pairing.origin {
                self.names(&about, Entity::Plan(plan));
            }
            if let Some(leader) = pairing.joint {
                self.names(&about, Entity::Pairing(leader));
            }
        }
        for bid in state.bids() {
            let about = Entity::Bid(bid.id);
            self.pair(&about, bid.draft.target, bid.draft.supplier);
            match bid.status {
                BidStatus::Chosen { pairing, .. } => self.names(&about, Entity::Pairing(pairing)),
                BidStatus::Waiting | BidStatus::Declined { .. } | BidStatus::Withdrawn { .. } => {}
            }
        }
        for call in state.calls() {
            let about = Entity::from(call.target);
            self.names(&about, about.clone());
        }
    }

    fn at_what_became_of_them(&mut self) {
        let state = self.state;
        for meeting in state.meetings() {
            let about = Entity::Meeting(meeting.id);
            for participant in &meeting.draft.participants {
                self.organization(&about, *participant);
            }
            for item in &meeting.draft.agenda {
                self.names(&about, (*item).into());
            }
        }
        for it in state.agreements() {
            let about = Entity::Agreement(it.id);
            self.names(&about, it.subject.into());
            for party in it.versions.iter().flat_map(|version| &version.terms.parties) {
                self.organization(&about, *party);
            }
        }
        for delivery in state.deliveries() {
            self.names(&Entity::Delivery(delivery.id), Entity::Pairing(delivery.pairing));
        }
    }
}
