//! What an event concerns, read off the event alone.

use engine::{
    agreement::Subject,
    category::CategoryCode,
    contact, event as domain,
    identity::{
        AgreementId, BidId, ContactId, DeliveryId, MeetingId, MemberId, NeedId, OrganizationId, PairingId,
        PlaceId, PlanId, ProjectId, ResourceId,
    },
    meeting::Item,
    pairing::{PairingTerms, Supplier, Target},
};

/// What an event concerns, by identity; `None` where it concerns nothing of that kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Concerned {
    /// The place.
    pub place: Option<PlaceId>,
    /// The organization.
    pub organization: Option<OrganizationId>,
    /// The member.
    pub member: Option<MemberId>,
    /// The category.
    pub category: Option<CategoryCode>,
    /// The need.
    pub need: Option<NeedId>,
    /// The resource.
    pub resource: Option<ResourceId>,
    /// The project.
    pub project: Option<ProjectId>,
    /// The slot of a project.
    pub slot: Option<(ProjectId, u16)>,
    /// The pairing.
    pub pairing: Option<PairingId>,
    /// The plan.
    pub plan: Option<PlanId>,
    /// The bid.
    pub bid: Option<BidId>,
    /// The joint meeting.
    pub meeting: Option<MeetingId>,
    /// The agreement.
    pub agreement: Option<AgreementId>,
    /// The delivery.
    pub delivery: Option<DeliveryId>,
    /// The contact.
    pub contact: Option<ContactId>,
}

impl Concerned {
    /// What an event concerns.
    pub fn of(event: &domain::Event) -> Self {
        use domain::Event as E;
        let mut it = Self::default();
        match event {
            E::StreetOpened { place, office, .. } => {
                it.place = Some(*place);
                it.organization = Some(*office);
            }
            E::RulesSet { .. } => {}
            E::CategoryDefined { category } => {
                it.category = Some(category.code.clone());
            }
            E::CategoryRetired { code } => it.category = Some(code.clone()),
            E::PlaceAdded { place } => it.place = Some(place.id),
            E::PlaceRenamed { place, .. } => it.place = Some(*place),
            E::OrganizationRegistered { organization, .. } | E::OrganizationAmended { organization, .. } => {
                it.organization = Some(*organization);
            }
            E::RosterLinked { link } | E::RosterUnlinked { link } => {
                it.organization = Some(link.unit);
                it.place = Some(link.community);
            }
            E::MemberAdded { member, organization, .. } => {
                it.member = Some(*member);
                it.organization = Some(*organization);
            }
            E::MemberRevoked { member }
            | E::TokenIssued { member, .. }
            | E::TokenRevoked { member, .. }
            | E::SignOnBound { member, .. }
            | E::SignOnUnbound { member } => it.member = Some(*member),
            E::NeedPosted { need, .. } | E::NeedAmended { need, .. } | E::NeedWithdrawn { need, .. } => {
                it.need = Some(*need);
            }
            E::ResourcePosted { resource, .. }
            | E::ResourceAmended { resource, .. }
            | E::ResourceWithdrawn { resource, .. } => {
                it.resource = Some(*resource);
            }
            E::ProjectPosted { project, .. }
            | E::ProjectAmended { project, .. }
            | E::ProjectWithdrawn { project, .. } => it.project = Some(*project),
            E::PlanAdopted { plan, .. } => it.plan = Some(*plan),
            E::PairingProposed { pairing, plan, terms } => {
                it.pairing = Some(*pairing);
                it.plan = Some(*plan);
                it.name_sides(terms);
            }
            E::PairingRequested { pairing, terms, .. } => {
                it.pairing = Some(*pairing);
                it.name_sides(terms);
            }
            E::PairingClaimed { pairing, .. }
            | E::PairingAgreed { pairing, .. }
            | E::PairingDeclined { pairing, .. }
            | E::PairingLapsed { pairing }
            | E::PairingWithdrawn { pairing, .. }
            | E::PairingSuperseded { pairing }
            | E::PairingChanged { pairing, .. }
            | E::PairingAccepted { pairing } => it.pairing = Some(*pairing),
            E::PairingsJoined { pairings } => {
                it.pairing = pairings.first().copied();
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
            | E::ReplyFellOverdue { need } => it.need = Some(*need),
            E::ResourcePaused { resource, .. }
            | E::ResourceResumed { resource }
            | E::ResourceExpired { resource }
            | E::ResourceWentStale { resource }
            | E::ResourceReconfirmed { resource } => {
                it.resource = Some(*resource);
            }
            E::CallOpened { target, .. } | E::CallClosed { target } => it.name_target(*target),
            E::BidPlaced { bid, draft } => {
                it.bid = Some(*bid);
                it.name_target(draft.target);
                it.name_supplier(draft.supplier);
            }
            E::BidWithdrawn { bid, .. } | E::BidDeclined { bid, .. } => it.bid = Some(*bid),
            E::BidChosen { bid, pairing, .. } => {
                it.bid = Some(*bid);
                it.pairing = Some(*pairing);
            }
            E::MeetingCalled { meeting, .. }
            | E::MeetingAmended { meeting, .. }
            | E::MeetingClosed { meeting, .. }
            | E::MeetingCancelled { meeting, .. } => it.meeting = Some(*meeting),
            E::MeetingDecided { meeting, item, .. } => {
                it.meeting = Some(*meeting);
                match item {
                    Item::Pairing(pairing) => it.pairing = Some(*pairing),
                    Item::Project(project) => it.project = Some(*project),
                }
            }
            E::AgreementDrafted { agreement, subject, .. } => {
                it.agreement = Some(*agreement);
                match subject {
                    Subject::Pairing(pairing) => it.pairing = Some(*pairing),
                    Subject::Project(project) => it.project = Some(*project),
                }
            }
            E::AgreementAmended { agreement, .. }
            | E::AgreementWithdrawn { agreement, .. }
            | E::MilestoneReached { agreement, .. }
            | E::MilestoneFellOverdue { agreement, .. } => {
                it.agreement = Some(*agreement);
            }
            E::AgreementSigned { agreement, party, .. } => {
                it.agreement = Some(*agreement);
                it.organization = Some(*party);
            }
            E::ProjectStarted { project }
            | E::ProjectSuspended { project, .. }
            | E::ProjectResumed { project }
            | E::ProjectAccepted { project, .. }
            | E::ProjectAppraised { project, .. }
            | E::ProjectClosed { project }
            | E::ProjectFailed { project, .. } => it.project = Some(*project),
            E::DeliveryRecorded { delivery, pairing, .. } => {
                it.delivery = Some(*delivery);
                it.pairing = Some(*pairing);
            }
            E::DeliveryConfirmed { delivery }
            | E::DeliveryDisputed { delivery, .. }
            | E::DeliveryCorrected { delivery, .. }
            | E::DeliveryWithdrawn { delivery, .. }
            | E::ConfirmationFellOverdue { delivery } => {
                it.delivery = Some(*delivery);
            }
            E::ContributionCredited { organization, delivery, .. } => {
                it.organization = Some(*organization);
                it.delivery = Some(*delivery);
            }
            E::ContributionRedeemed { organization, .. } => {
                it.organization = Some(*organization);
            }
            E::ContactGiven { contact, of, .. } => {
                it.contact = Some(*contact);
                match of {
                    contact::Subject::Organization(id) => {
                        it.organization = Some(*id);
                    }
                    contact::Subject::Need(id) => it.need = Some(*id),
                    contact::Subject::Resource(id) => it.resource = Some(*id),
                    contact::Subject::Project(id) => it.project = Some(*id),
                }
            }
            E::ContactErased { contact, .. } => it.contact = Some(*contact),
        }
        it
    }

    fn name_sides(&mut self, terms: &PairingTerms) {
        self.name_target(terms.target);
        self.name_supplier(terms.supplier);
    }

    fn name_target(&mut self, target: Target) {
        match target {
            Target::Need(need) => self.need = Some(need),
            Target::Slot(project, index) => {
                self.project = Some(project);
                self.slot = Some((project, index));
            }
        }
    }

    fn name_supplier(&mut self, supplier: Supplier) {
        match supplier {
            Supplier::Resource(resource) => self.resource = Some(resource),
            Supplier::Unit(unit) => self.organization = Some(unit),
        }
    }
}
