//! What an event concerns, as global ids.

use crate::schema::identity::NodeId;
use async_graphql::{ID, SimpleObject};
use engine::{
    agreement::Subject,
    contact, event as domain,
    meeting::Item,
    pairing::{PairingTerms, Supplier, Target},
};

/// The global ids of what an event concerns 关联对象; null where it concerns none of that kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, SimpleObject)]
pub struct Concerns {
    /// The place.
    pub place_id: Option<ID>,
    /// The organization.
    pub organization_id: Option<ID>,
    /// The member.
    pub member_id: Option<ID>,
    /// The category.
    pub category_id: Option<ID>,
    /// The need.
    pub need_id: Option<ID>,
    /// The resource.
    pub resource_id: Option<ID>,
    /// The project.
    pub project_id: Option<ID>,
    /// The slot of a project.
    pub slot_id: Option<ID>,
    /// The pairing.
    pub pairing_id: Option<ID>,
    /// The plan.
    pub plan_id: Option<ID>,
    /// The bid.
    pub bid_id: Option<ID>,
    /// The joint meeting.
    pub meeting_id: Option<ID>,
    /// The agreement.
    pub agreement_id: Option<ID>,
    /// The delivery.
    pub delivery_id: Option<ID>,
    /// The contact.
    pub contact_id: Option<ID>,
}

impl Concerns {
    /// What an event concerns.
    pub fn of(event: &domain::Event) -> Self {
        use domain::Event as E;
        let mut it = Self::default();
        match event {
            E::StreetOpened { place, office, .. } => {
                it.place_id = Some(NodeId::Place(*place).id());
                it.organization_id = Some(NodeId::Organization(*office).id());
            }
            E::RulesSet { .. } => {}
            E::CategoryDefined { category } => {
                it.category_id = Some(NodeId::Category(category.code.clone()).id());
            }
            E::CategoryRetired { code } => it.category_id = Some(NodeId::Category(code.clone()).id()),
            E::PlaceAdded { place } => it.place_id = Some(NodeId::Place(place.id).id()),
            E::PlaceRenamed { place, .. } => it.place_id = Some(NodeId::Place(*place).id()),
            E::OrganizationRegistered { organization, .. } | E::OrganizationAmended { organization, .. } => {
                it.organization_id = Some(NodeId::Organization(*organization).id());
            }
            E::RosterLinked { link } | E::RosterUnlinked { link } => {
                it.organization_id = Some(NodeId::Organization(link.unit).id());
                it.place_id = Some(NodeId::Place(link.community).id());
            }
            E::MemberAdded { member, organization, .. } => {
                it.member_id = Some(NodeId::Member(*member).id());
                it.organization_id = Some(NodeId::Organization(*organization).id());
            }
            E::MemberRevoked { member }
            | E::TokenIssued { member, .. }
            | E::TokenRevoked { member, .. }
            | E::SignOnBound { member, .. }
            | E::SignOnUnbound { member } => it.member_id = Some(NodeId::Member(*member).id()),
            E::NeedPosted { need, .. } | E::NeedAmended { need, .. } | E::NeedWithdrawn { need, .. } => {
                it.need_id = Some(NodeId::Need(*need).id());
            }
            E::ResourcePosted { resource, .. }
            | E::ResourceAmended { resource, .. }
            | E::ResourceWithdrawn { resource, .. } => {
                it.resource_id = Some(NodeId::Resource(*resource).id());
            }
            E::ProjectPosted { project, .. }
            | E::ProjectAmended { project, .. }
            | E::ProjectWithdrawn { project, .. } => it.project_id = Some(NodeId::Project(*project).id()),
            E::PlanAdopted { plan, .. } => it.plan_id = Some(NodeId::Plan(*plan).id()),
            E::PairingProposed { pairing, plan, terms } => {
                it.pairing_id = Some(NodeId::Pairing(*pairing).id());
                it.plan_id = Some(NodeId::Plan(*plan).id());
                it.name_sides(terms);
            }
            E::PairingRequested { pairing, terms, .. } => {
                it.pairing_id = Some(NodeId::Pairing(*pairing).id());
                it.name_sides(terms);
            }
            E::PairingClaimed { pairing, .. }
            | E::PairingAgreed { pairing, .. }
            | E::PairingDeclined { pairing, .. }
            | E::PairingLapsed { pairing }
            | E::PairingWithdrawn { pairing, .. }
            | E::PairingSuperseded { pairing }
            | E::PairingChanged { pairing, .. }
            | E::PairingAccepted { pairing } => it.pairing_id = Some(NodeId::Pairing(*pairing).id()),
            E::PairingsJoined { pairings } => {
                it.pairing_id = pairings.first().map(|pairing| NodeId::Pairing(*pairing).id());
            }
            E::ReviewAsked { need }
            | E::NeedVerified { need }
            | E::NeedRejected { need, .. }
            | E::NeedMerged { need, .. }
            | E::NeedCarriedOver { need, .. }
            | E::NeedExpired { need }
            | E::NeedStruckOff { need, .. }
            | E::NeedAppraised { need, .. }
            | E::NeedWentStale { need }
            | E::NeedReconfirmed { need }
            | E::ReplyFellOverdue { need } => it.need_id = Some(NodeId::Need(*need).id()),
            E::ResourcePaused { resource, .. }
            | E::ResourceResumed { resource }
            | E::ResourceExpired { resource }
            | E::ResourceWentStale { resource }
            | E::ResourceReconfirmed { resource } => {
                it.resource_id = Some(NodeId::Resource(*resource).id());
            }
            E::CallOpened { target, .. } | E::CallClosed { target } => it.name_target(*target),
            E::BidPlaced { bid, draft } => {
                it.bid_id = Some(NodeId::Bid(*bid).id());
                it.name_target(draft.target);
                it.name_supplier(draft.supplier);
            }
            E::BidWithdrawn { bid, .. } | E::BidDeclined { bid, .. } => {
                it.bid_id = Some(NodeId::Bid(*bid).id())
            }
            E::BidChosen { bid, pairing, .. } => {
                it.bid_id = Some(NodeId::Bid(*bid).id());
                it.pairing_id = Some(NodeId::Pairing(*pairing).id());
            }
            E::MeetingCalled { meeting, .. }
            | E::MeetingAmended { meeting, .. }
            | E::MeetingClosed { meeting, .. }
            | E::MeetingCancelled { meeting, .. } => it.meeting_id = Some(NodeId::Meeting(*meeting).id()),
            E::MeetingDecided { meeting, item, .. } => {
                it.meeting_id = Some(NodeId::Meeting(*meeting).id());
                match item {
                    Item::Pairing(pairing) => it.pairing_id = Some(NodeId::Pairing(*pairing).id()),
                    Item::Project(project) => it.project_id = Some(NodeId::Project(*project).id()),
                }
            }
            E::AgreementDrafted { agreement, subject, .. } => {
                it.agreement_id = Some(NodeId::Agreement(*agreement).id());
                match subject {
                    Subject::Pairing(pairing) => it.pairing_id = Some(NodeId::Pairing(*pairing).id()),
                    Subject::Project(project) => it.project_id = Some(NodeId::Project(*project).id()),
                }
            }
            E::AgreementAmended { agreement, .. }
            | E::AgreementWithdrawn { agreement, .. }
            | E::MilestoneReached { agreement, .. }
            | E::MilestoneFellOverdue { agreement, .. } => {
                it.agreement_id = Some(NodeId::Agreement(*agreement).id());
            }
            E::AgreementSigned { agreement, party, .. } => {
                it.agreement_id = Some(NodeId::Agreement(*agreement).id());
                it.organization_id = Some(NodeId::Organization(*party).id());
            }
            E::ProjectStarted { project }
            | E::ProjectSuspended { project, .. }
            | E::ProjectResumed { project }
            | E::ProjectAccepted { project, .. }
            | E::ProjectAppraised { project, .. }
            | E::ProjectClosed { project }
            | E::ProjectFailed { project, .. } => it.project_id = Some(NodeId::Project(*project).id()),
            E::DeliveryRecorded { delivery, pairing, .. } => {
                it.delivery_id = Some(NodeId::Delivery(*delivery).id());
                it.pairing_id = Some(NodeId::Pairing(*pairing).id());
            }
            E::DeliveryConfirmed { delivery }
            | E::DeliveryDisputed { delivery, .. }
            | E::DeliveryCorrected { delivery, .. }
            | E::DeliveryWithdrawn { delivery, .. }
            | E::ConfirmationFellOverdue { delivery } => {
                it.delivery_id = Some(NodeId::Delivery(*delivery).id());
            }
            E::ContributionCredited { organization, delivery, .. } => {
                it.organization_id = Some(NodeId::Organization(*organization).id());
                it.delivery_id = Some(NodeId::Delivery(*delivery).id());
            }
            E::ContributionRedeemed { organization, .. } => {
                it.organization_id = Some(NodeId::Organization(*organization).id());
            }
            E::ContactGiven { contact, of, .. } => {
                it.contact_id = Some(NodeId::Contact(*contact).id());
                match of {
                    contact::Subject::Organization(id) => {
                        it.organization_id = Some(NodeId::Organization(*id).id());
                    }
                    contact::Subject::Need(id) => it.need_id = Some(NodeId::Need(*id).id()),
                    contact::Subject::Resource(id) => it.resource_id = Some(NodeId::Resource(*id).id()),
                    contact::Subject::Project(id) => it.project_id = Some(NodeId::Project(*id).id()),
                }
            }
            E::ContactErased { contact, .. } => it.contact_id = Some(NodeId::Contact(*contact).id()),
        }
        it
    }

    fn name_sides(&mut self, terms: &PairingTerms) {
        self.name_target(terms.target);
        self.name_supplier(terms.supplier);
    }

    fn name_target(&mut self, target: Target) {
        match target {
            Target::Need(need) => self.need_id = Some(NodeId::Need(need).id()),
            Target::Slot(project, index) => {
                self.project_id = Some(NodeId::Project(project).id());
                self.slot_id = Some(NodeId::Slot(project, index).id());
            }
        }
    }

    fn name_supplier(&mut self, supplier: Supplier) {
        match supplier {
            Supplier::Resource(resource) => self.resource_id = Some(NodeId::Resource(resource).id()),
            Supplier::Unit(unit) => self.organization_id = Some(NodeId::Organization(unit).id()),
        }
    }
}
