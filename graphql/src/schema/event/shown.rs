//! What an event concerns, as a client reads it: by global id, and as the node itself.

use super::concerns::Concerned;
use crate::schema::{
    agreement::Agreement,
    bid::Bid,
    category::Category,
    contact::Contact,
    delivery::Delivery,
    identity::NodeId,
    meeting::Meeting,
    member::Member,
    need::Need,
    organization::Organization,
    pairing::Pairing,
    place::Place,
    plan::Plan,
    project::{Project, Slot},
    resource::Resource,
    scope::{Scope, Snapshot},
};
use async_graphql::{Context, ID, Object, Result};
use engine::permission::Sight;
use std::sync::Arc;

/// What an event concerns, for a state.
#[derive(Clone)]
pub struct Concerns {
    at: Snapshot,
    it: Concerned,
}

impl Concerns {
    /// What an event concerns, as it stands in this state.
    pub fn new(at: &Snapshot, it: Concerned) -> Self {
        Self { at: Arc::clone(at), it }
    }
}

/// What an event concerns 关联对象, each by its global id and as it stands at the position of the answer; null where it
/// concerns nothing of that kind.
#[Object]
impl Concerns {
    /// The global id of the place.
    async fn place_id(&self) -> Option<ID> {
        self.it.place.map(|id| NodeId::Place(id).id())
    }

    /// The place 区域.
    async fn place(&self) -> Option<Place> {
        self.it.place.and_then(|id| Place::find(&self.at, id))
    }

    /// The global id of the organization.
    async fn organization_id(&self) -> Option<ID> {
        self.it.organization.map(|id| NodeId::Organization(id).id())
    }

    /// The organization 组织.
    async fn organization(&self) -> Option<Organization> {
        self.it.organization.and_then(|id| Organization::find(&self.at, id))
    }

    /// The global id of the member.
    async fn member_id(&self) -> Option<ID> {
        self.it.member.map(|id| NodeId::Member(id).id())
    }

    /// The member 成员; null for all but coordinators.
    async fn member(&self, ctx: &Context<'_>) -> Result<Option<Member>> {
        let is_seen = Scope::of(ctx)?.sight() >= Sight::Members;
        Ok(self.it.member.filter(|_| is_seen).and_then(|id| Member::find(&self.at, id)))
    }

    /// The global id of the category.
    async fn category_id(&self) -> Option<ID> {
        self.it.category.clone().map(|code| NodeId::Category(code).id())
    }

    /// The category 类别.
    async fn category(&self) -> Option<Category> {
        self.it.category.as_ref().and_then(|code| Category::find(&self.at, code))
    }

    /// The global id of the need.
    async fn need_id(&self) -> Option<ID> {
        self.it.need.map(|id| NodeId::Need(id).id())
    }

    /// The need 需求.
    async fn need(&self) -> Option<Need> {
        self.it.need.and_then(|id| Need::find(&self.at, id))
    }

    /// The global id of the resource.
    async fn resource_id(&self) -> Option<ID> {
        self.it.resource.map(|id| NodeId::Resource(id).id())
    }

    /// The resource 资源.
    async fn resource(&self) -> Option<Resource> {
        self.it.resource.and_then(|id| Resource::find(&self.at, id))
    }

    /// The global id of the project.
    async fn project_id(&self) -> Option<ID> {
        self.it.project.map(|id| NodeId::Project(id).id())
    }

    /// The project 项目.
    async fn project(&self) -> Option<Project> {
        self.it.project.and_then(|id| Project::find(&self.at, id))
    }

    /// The global id of the slot of a project.
    async fn slot_id(&self) -> Option<ID> {
        self.it.slot.map(|(project, index)| NodeId::Slot(project, index).id())
    }

    /// The slot of a project 需求项.
    async fn slot(&self) -> Option<Slot> {
        self.it.slot.and_then(|(project, index)| Slot::find(&self.at, project, index))
    }

    /// The global id of the pairing.
    async fn pairing_id(&self) -> Option<ID> {
        self.it.pairing.map(|id| NodeId::Pairing(id).id())
    }

    /// The pairing 配对.
    async fn pairing(&self) -> Option<Pairing> {
        self.it.pairing.and_then(|id| Pairing::find(&self.at, id))
    }

    /// The global id of the plan.
    async fn plan_id(&self) -> Option<ID> {
        self.it.plan.map(|id| NodeId::Plan(id).id())
    }

    /// The plan 匹配方案.
    async fn plan(&self) -> Option<Plan> {
        self.it.plan.and_then(|id| Plan::find(&self.at, id))
    }

    /// The global id of the bid.
    async fn bid_id(&self) -> Option<ID> {
        self.it.bid.map(|id| NodeId::Bid(id).id())
    }

    /// The bid 揭榜.
    async fn bid(&self) -> Option<Bid> {
        self.it.bid.and_then(|id| Bid::find(&self.at, id))
    }

    /// The global id of the joint meeting.
    async fn meeting_id(&self) -> Option<ID> {
        self.it.meeting.map(|id| NodeId::Meeting(id).id())
    }

    /// The joint meeting 联席会.
    async fn meeting(&self) -> Option<Meeting> {
        self.it.meeting.and_then(|id| Meeting::find(&self.at, id))
    }

    /// The global id of the agreement.
    async fn agreement_id(&self) -> Option<ID> {
        self.it.agreement.map(|id| NodeId::Agreement(id).id())
    }

    /// The agreement 共建协议.
    async fn agreement(&self) -> Option<Agreement> {
        self.it.agreement.and_then(|id| Agreement::find(&self.at, id))
    }

    /// The global id of the delivery.
    async fn delivery_id(&self) -> Option<ID> {
        self.it.delivery.map(|id| NodeId::Delivery(id).id())
    }

    /// The delivery 交付.
    async fn delivery(&self) -> Option<Delivery> {
        self.it.delivery.and_then(|id| Delivery::find(&self.at, id))
    }

    /// The global id of the contact.
    async fn contact_id(&self) -> Option<ID> {
        self.it.contact.map(|id| NodeId::Contact(id).id())
    }

    /// The contact 联系人.
    async fn contact(&self) -> Option<Contact> {
        self.it.contact.and_then(|id| Contact::find(&self.at, id))
    }
}
