//! The work list 催办: what waits for whom, since when, and what is late.

pub mod list;

use super::{
    connection::connection,
    identity::NodeId,
    node::Node,
    organization::Organization,
    scalar::DateTime,
    scope::{Scope, Snapshot},
};
use async_graphql::{Context, Enum, ID, Object, Result};
use engine::{
    history::Entity,
    state::waiting::{Task, Waiting},
};
use std::sync::Arc;

/// What is to be done 待办事项.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum WorkTask {
    /// 核实: look at a need, and verify it, reject it or merge it.
    ReviewNeed,
    /// 答复认领: say yes or no to the other side's claim.
    AnswerClaim,
    /// 认领: say yes or no to a proposed pairing.
    ClaimProposal,
    /// 选定: choose or decline a bid.
    ChooseBid,
    /// 开会: hold a joint meeting whose hour has come, write down what it decides, and close it.
    HoldMeeting,
    /// 签约: sign the newest version of an agreement.
    SignAgreement,
    /// 启动: start a project that all parties have signed.
    StartProject,
    /// 交付: hand over what is agreed.
    DeliverAgreed,
    /// 确认: confirm or dispute a delivery.
    ConfirmDelivery,
    /// 处理异议: correct or withdraw a delivery that the receiver disputes.
    SettleDispute,
    /// 节点: reach a milestone.
    ReachMilestone,
    /// 验收: accept a project of which everything is handed over and confirmed.
    AcceptProject,
    /// 评议: say how well a need was met.
    AppraiseNeed,
    /// 评议: say how well a project was done.
    AppraiseProject,
    /// 办结: close a project that is appraised.
    CloseProject,
    /// 复核: say that a need still stands.
    ReconfirmNeed,
    /// 复核: say that a resource still stands.
    ReconfirmResource,
}

impl From<Task> for WorkTask {
    fn from(task: Task) -> Self {
        match task {
            Task::ReviewNeed => Self::ReviewNeed,
            Task::AnswerClaim => Self::AnswerClaim,
            Task::ClaimProposal => Self::ClaimProposal,
            Task::ChooseBid => Self::ChooseBid,
            Task::HoldMeeting => Self::HoldMeeting,
            Task::SignAgreement => Self::SignAgreement,
            Task::StartProject => Self::StartProject,
            Task::DeliverAgreed => Self::DeliverAgreed,
            Task::ConfirmDelivery => Self::ConfirmDelivery,
            Task::SettleDispute => Self::SettleDispute,
            Task::ReachMilestone(_) => Self::ReachMilestone,
            Task::AcceptProject => Self::AcceptProject,
            Task::AppraiseNeed => Self::AppraiseNeed,
            Task::AppraiseProject => Self::AppraiseProject,
            Task::CloseProject => Self::CloseProject,
            Task::ReconfirmNeed => Self::ReconfirmNeed,
            Task::ReconfirmResource => Self::ReconfirmResource,
        }
    }
}

/// Something that waits, as it was at one position.
#[derive(Clone)]
pub struct WorkItem {
    at: Snapshot,
    it: Arc<Waiting>,
}

/// Something that waits for an organization 待办.
#[Object]
impl WorkItem {
    /// What is to be done.
    async fn task(&self) -> WorkTask {
        self.it.task.into()
    }

    /// For whom it waits.
    async fn organization(&self) -> Option<Organization> {
        Organization::find(&self.at, self.it.organization)
    }

    /// The global id of what it is to be done with.
    async fn about_id(&self) -> Option<ID> {
        node_id(&self.it.about).map(|id| id.id())
    }

    /// What it is to be done with.
    async fn about(&self, ctx: &Context<'_>) -> Result<Option<Node>> {
        let scope = Scope::of(ctx)?;
        let here = scope.at_past(Arc::clone(&self.at), scope.now());
        node_id(&self.it.about).map_or(Ok(None), |id| Node::find(&here, &id.id()))
    }

    /// The number of the milestone, when the task is to reach one.
    async fn milestone(&self) -> Option<i32> {
        match self.it.task {
            Task::ReachMilestone(number) => Some(number.into()),
            _ => None,
        }
    }

    /// Since when it waits.
    async fn since(&self) -> DateTime {
        DateTime(self.it.since)
    }

    /// Until when it is to be done 期限; null when there is no limit.
    async fn until(&self) -> Option<DateTime> {
        self.it.until.map(DateTime)
    }

    /// Whether that limit is over 逾期.
    async fn late(&self) -> bool {
        self.it.late
    }
}

connection!(WorkItem, WorkConnection, WorkEdge, "a work list 催办");

impl PartialEq for WorkConnection {
    fn eq(&self, other: &Self) -> bool {
        let waiting = self.edges.iter().map(|edge| &edge.node.it);
        self.total_count == other.total_count && waiting.eq(other.edges.iter().map(|edge| &edge.node.it))
    }
}

/// The global id of what waits.
const fn node_id(entity: &Entity) -> Option<NodeId> {
    match entity {
        Entity::Need(id) => Some(NodeId::Need(*id)),
        Entity::Resource(id) => Some(NodeId::Resource(*id)),
        Entity::Project(id) => Some(NodeId::Project(*id)),
        Entity::Pairing(id) => Some(NodeId::Pairing(*id)),
        Entity::Bid(id) => Some(NodeId::Bid(*id)),
        Entity::Meeting(id) => Some(NodeId::Meeting(*id)),
        Entity::Agreement(id) => Some(NodeId::Agreement(*id)),
        Entity::Delivery(id) => Some(NodeId::Delivery(*id)),
        _ => None,
    }
}
