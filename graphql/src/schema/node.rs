//! `Node`: anything that has a global id, and how one is found by it.
#![expect(missing_docs, reason = "the derive of an interface writes a method without a comment")]

use super::{
    agreement::Agreement,
    bid::{Bid, Call},
    category::Category,
    contact::Contact,
    delivery::Delivery,
    fault::bad_input,
    identity::NodeId,
    meeting::Meeting,
    member::{Member, Token},
    need::Need,
    organization::Organization,
    pairing::Pairing,
    place::Place,
    plan::Plan,
    project::{Project, Slot},
    resource::Resource,
    roster::RosterLink,
    scope::Scope,
};
use async_graphql::{ID, Interface, Result};
use engine::permission::Sight;

/// Anything that has a global id.
#[derive(Clone, Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "Its global id, opaque and stable."))]
pub enum Node {
    /// A place.
    Place(Place),
    /// An organization.
    Organization(Organization),
    /// A member.
    Member(Member),
    /// A category.
    Category(Category),
    /// A need.
    Need(Need),
    /// A resource.
    Resource(Resource),
    /// A project.
    Project(Project),
    /// A slot of a project.
    Slot(Slot),
    /// A pairing.
    Pairing(Pairing),
    /// A plan.
    Plan(Plan),
    /// A contact.
    Contact(Contact),
    /// An agreement.
    Agreement(Agreement),
    /// A delivery.
    Delivery(Delivery),
    /// A bid.
    Bid(Bid),
    /// A joint meeting.
    Meeting(Meeting),
    /// An open call.
    Call(Call),
    /// A standing relation.
    RosterLink(RosterLink),
    /// A token of a member.
    Token(Token),
}

impl Node {
    /// What an id names, if it exists and the caller may see it.
    ///
    /// # Errors
    /// `BAD_USER_INPUT` for an id this server never gave out, `NOT_ALLOWED` for what the caller may not see.
    pub fn find(scope: &Scope, id: &ID) -> Result<Option<Self>> {
        let id = NodeId::read(id).ok_or_else(|| {
            bad_input("该标识不是本服务器给出的", "the id was not given out by this server")
        })?;
        match id {
            NodeId::Pairing(_)
            | NodeId::Plan(_)
            | NodeId::Contact(_)
            | NodeId::Agreement(_)
            | NodeId::Delivery(_)
            | NodeId::Bid(_)
            | NodeId::Meeting(_) => scope.needs(Sight::Street)?,
            NodeId::Member(_) | NodeId::Token(..) => scope.needs(Sight::Members)?,
            _ => {}
        }
        let at = &scope.state;
        Ok(match id {
            NodeId::Place(id) => Place::find(at, id).map(Self::Place),
            NodeId::Organization(id) => Organization::find(at, id).map(Self::Organization),
            NodeId::Member(id) => Member::find(at, id).map(Self::Member),
            NodeId::Category(code) => Category::find(at, &code).map(Self::Category),
            NodeId::Need(id) => Need::find(at, id).map(Self::Need),
            NodeId::Resource(id) => Resource::find(at, id).map(Self::Resource),
            NodeId::Project(id) => Project::find(at, id).map(Self::Project),
            NodeId::Slot(id, index) => Slot::find(at, id, index).map(Self::Slot),
            NodeId::Pairing(id) => Pairing::find(at, id).map(Self::Pairing),
            NodeId::Plan(id) => Plan::find(at, id).map(Self::Plan),
            NodeId::Agreement(id) => Agreement::find(at, id).map(Self::Agreement),
            NodeId::Delivery(id) => Delivery::find(at, id).map(Self::Delivery),
            NodeId::Contact(id) => Contact::find(at, id).map(Self::Contact),
            NodeId::Bid(id) => Bid::find(at, id).map(Self::Bid),
            NodeId::Meeting(id) => Meeting::find(at, id).map(Self::Meeting),
            NodeId::Call(target) => Call::find(at, target).map(Self::Call),
            NodeId::RosterLink(link) => RosterLink::find(at, link).map(Self::RosterLink),
            NodeId::Token(id, index) => Member::find(at, id).and_then(|it| it.token(index)).map(Self::Token),
        })
    }
}
