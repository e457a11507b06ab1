//! Global ids: opaque to clients, unique over all types, stable for ever.
//!
//! Inside, `Type:number` in base64url; a slot is `Slot:project.index`, a category goes by its code, a token is
//! `Token:member.index`. A call goes by what it is on, so that a later one on the same is the same node, and a standing relation
//! by all it says.
//!
//! What waits in a work list has no id: it is not a thing but what a rule says of one at a time, and there is as little of it
//! to be looked up as of a line in a ranking. It is told apart by `task`, `aboutId`, `organization` and `milestone`.

use async_graphql::ID;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use engine::{
    category::CategoryCode,
    contact::Subject,
    history::Entity,
    identity::{
        AgreementId, BidId, ContactId, DeliveryId, MeetingId, MemberId, NeedId, OrganizationId, PairingId,
        PlaceId, PlanId, ProjectId, ResourceId,
    },
    meeting::Item,
    organization::RosterLink,
    pairing::{Supplier, Target},
    state::listed::{call_number, call_target, link_number, link_of},
};

/// What a global id names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NodeId {
    /// A place.
    Place(PlaceId),
    /// An organization.
    Organization(OrganizationId),
    /// A member.
    Member(MemberId),
    /// A category.
    Category(CategoryCode),
    /// A need.
    Need(NeedId),
    /// A resource.
    Resource(ResourceId),
    /// A project.
    Project(ProjectId),
    /// A slot of a project.
    Slot(ProjectId, u16),
    /// A pairing.
    Pairing(PairingId),
    /// A plan.
    Plan(PlanId),
    /// A bid.
    Bid(BidId),
    /// A joint meeting.
    Meeting(MeetingId),
    /// An agreement.
    Agreement(AgreementId),
    /// A delivery.
    Delivery(DeliveryId),
    /// A contact.
    Contact(ContactId),
    /// The last call on a need or slot.
    Call(Target),
    /// A standing relation of the roster.
    RosterLink(RosterLink),
    /// A token of a member, by its place among all that this has had.
    Token(MemberId, usize),
}

impl NodeId {
    /// The name of its type in the schema.
    pub const fn type_name(&self) -> &'static str {
        match self {
            Self::Place(_) => "Place",
            Self::Organization(_) => "Organization",
            Self::Member(_) => "Member",
            Self::Category(_) => "Category",
            Self::Need(_) => "Need",
            Self::Resource(_) => "Resource",
            Self::Project(_) => "Project",
            Self::Slot(..) => "Slot",
            Self::Pairing(_) => "Pairing",
            Self::Plan(_) => "Plan",
            Self::Bid(_) => "Bid",
            Self::Meeting(_) => "Meeting",
            Self::Agreement(_) => "Agreement",
            Self::Delivery(_) => "Delivery",
            Self::Contact(_) => "Contact",
            Self::Call(_) => "Call",
            Self::RosterLink(_) => "RosterLink",
            Self::Token(..) => "Token",
        }
    }

    /// The opaque id.
    pub fn id(&self) -> ID {
        let key = match self {
            Self::Place(id) => id.number().to_string(),
            Self::Organization(id) => id.number().to_string(),
            Self::Member(id) => id.number().to_string(),
            Self::Category(code) => code.to_string(),
            Self::Need(id) => id.number().to_string(),
            Self::Resource(id) => id.number().to_string(),
            Self::Project(id) => id.number().to_string(),
            Self::Slot(id, index) => format!("{}.{index}", id.number()),
            Self::Pairing(id) => id.number().to_string(),
            Self::Plan(id) => id.number().to_string(),
            Self::Bid(id) => id.number().to_string(),
            Self::Meeting(id) => id.number().to_string(),
            Self::Agreement(id) => id.number().to_string(),
            Self::Delivery(id) => id.number().to_string(),
            Self::Contact(id) => id.number().to_string(),
            Self::Call(target) => call_number(*target).to_string(),
            Self::RosterLink(link) => link_number(link).to_string(),
            Self::Token(member, index) => format!("{}.{index}", member.number()),
        };
        ID(URL_SAFE_NO_PAD.encode(format!("{}:{key}", self.type_name())))
    }

    /// What an opaque id names; `None` when it was not given out by this schema.
    pub fn read(id: &str) -> Option<Self> {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(id).ok()?).ok()?;
        let (type_name, key) = text.split_once(':')?;
        if type_name == "Category" {
            return CategoryCode::new(key).ok().map(Self::Category);
        }
        if type_name == "Slot" {
            let (project, index) = key.split_once('.')?;
            return Some(Self::Slot(ProjectId::new(project.parse().ok()?), index.parse().ok()?));
        }
        if type_name == "Token" {
            let (member, index) = key.split_once('.')?;
            return Some(Self::Token(MemberId::new(member.parse().ok()?), index.parse().ok()?));
        }
        let number = key.parse().ok()?;
        Some(match type_name {
            "Place" => Self::Place(PlaceId::new(number)),
            "Organization" => Self::Organization(OrganizationId::new(number)),
            "Member" => Self::Member(MemberId::new(number)),
            "Need" => Self::Need(NeedId::new(number)),
            "Resource" => Self::Resource(ResourceId::new(number)),
            "Project" => Self::Project(ProjectId::new(number)),
            "Pairing" => Self::Pairing(PairingId::new(number)),
            "Plan" => Self::Plan(PlanId::new(number)),
            "Bid" => Self::Bid(BidId::new(number)),
            "Meeting" => Self::Meeting(MeetingId::new(number)),
            "Agreement" => Self::Agreement(AgreementId::new(number)),
            "Delivery" => Self::Delivery(DeliveryId::new(number)),
            "Contact" => Self::Contact(ContactId::new(number)),
            "Call" => Self::Call(call_target(number)),
            "RosterLink" => Self::RosterLink(link_of(number)),
            _ => return None,
        })
    }

    /// The need or slot it names.
    pub const fn target(&self) -> Option<Target> {
        match self {
            Self::Need(need) => Some(Target::Need(*need)),
            Self::Slot(project, index) => Some(Target::Slot(*project, *index)),
            _ => None,
        }
    }

    /// What may have contacts that it names.
    pub const fn subject(&self) -> Option<Subject> {
        match self {
            Self::Organization(id) => Some(Subject::Organization(*id)),
            Self::Need(id) => Some(Subject::Need(*id)),
            Self::Resource(id) => Some(Subject::Resource(*id)),
            Self::Project(id) => Some(Subject::Project(*id)),
            _ => None,
        }
    }

    /// The pairing or project it names.
    pub const fn item(&self) -> Option<Item> {
        match self {
            Self::Pairing(pairing) => Some(Item::Pairing(*pairing)),
            Self::Project(project) => Some(Item::Project(*project)),
            _ => None,
        }
    }

    /// The resource or unit it names.
    pub const fn supplier(&self) -> Option<Supplier> {
        match self {
            Self::Resource(resource) => Some(Supplier::Resource(*resource)),
            Self::Organization(unit) => Some(Supplier::Unit(*unit)),
            _ => None,
        }
    }
}

impl From<&NodeId> for Entity {
    /// What its history is told with: a part has that of what it is a part of.
    fn from(id: &NodeId) -> Self {
        match id {
            NodeId::Place(id) => Self::Place(*id),
            NodeId::Organization(id) => Self::Organization(*id),
            NodeId::Member(id) | NodeId::Token(id, _) => Self::Member(*id),
            NodeId::Category(code) => Self::Category(code.clone()),
            NodeId::Need(id) => Self::Need(*id),
            NodeId::Resource(id) => Self::Resource(*id),
            NodeId::Project(id) | NodeId::Slot(id, _) => Self::Project(*id),
            NodeId::Pairing(id) => Self::Pairing(*id),
            NodeId::Plan(id) => Self::Plan(*id),
            NodeId::Bid(id) => Self::Bid(*id),
            NodeId::Meeting(id) => Self::Meeting(*id),
            NodeId::Agreement(id) => Self::Agreement(*id),
            NodeId::Delivery(id) => Self::Delivery(*id),
            NodeId::Contact(id) => Self::Contact(*id),
            NodeId::Call(target) => (*target).into(),
            NodeId::RosterLink(link) => Self::Organization(link.unit),
        }
    }
}

impl From<Supplier> for NodeId {
    fn from(supplier: Supplier) -> Self {
        match supplier {
            Supplier::Resource(resource) => Self::Resource(resource),
            Supplier::Unit(unit) => Self::Organization(unit),
        }
    }
}

impl From<Target> for NodeId {
    fn from(target: Target) -> Self {
        match target {
            Target::Need(need) => Self::Need(need),
            Target::Slot(project, index) => Self::Slot(project, index),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::organization::Relation;

    #[test]
    fn an_id_comes_back_as_what_it_was() {
        for id in [
            NodeId::Place(PlaceId::new(1)),
            NodeId::Organization(OrganizationId::new(u64::MAX)),
            NodeId::Member(MemberId::new(3)),
            NodeId::Category(CategoryCode::new("CARE-MEAL").unwrap()),
            NodeId::Need(NeedId::new(5)),
            NodeId::Resource(ResourceId::new(6)),
            NodeId::Project(ProjectId::new(7)),
            NodeId::Slot(ProjectId::new(7), 2),
            NodeId::Pairing(PairingId::new(8)),
            NodeId::Plan(PlanId::new(9)),
            NodeId::Bid(BidId::new(10)),
            NodeId::Meeting(MeetingId::new(11)),
            NodeId::Agreement(AgreementId::new(12)),
            NodeId::Delivery(DeliveryId::new(13)),
            NodeId::Contact(ContactId::new(14)),
            NodeId::Call(Target::Need(NeedId::new(15))),
            NodeId::Call(Target::Slot(ProjectId::new(16), 3)),
            NodeId::RosterLink(RosterLink {
                unit: OrganizationId::new(17),
                community: PlaceId::new(18),
                relation: Relation::Reported,
            }),
            NodeId::Token(MemberId::new(19), 4),
        ] {
            assert_eq!(NodeId::read(&id.id()), Some(id));
        }
    }

    #[test]
    fn what_was_not_given_out_is_no_id() {
        let encode = |text: &str| URL_SAFE_NO_PAD.encode(text);
        for id in ["", "1", "Need:1", "????", &encode("Need:x"), &encode("Wish:1"), &encode("Slot:1")] {
            assert_eq!(NodeId::read(id), None, "{id:?}");
        }
    }
}
