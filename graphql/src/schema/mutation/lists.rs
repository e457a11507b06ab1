//! Mutations of the three lists 三张清单: post, amend, withdraw.

use super::{payload::payload, run};
use crate::{
    input::lists::{
        AmendNeedInput, AmendProjectInput, AmendResourceInput, PostNeedInput, PostProjectInput,
        PostResourceInput, WithdrawNeedInput, WithdrawProjectInput, WithdrawResourceInput,
    },
    schema::{
        entry_life::LikelyDuplicate, identity::NodeId, need::Need, project::Project, resource::Resource,
    },
};
use async_graphql::{ComplexObject, Context, Object, Result};

payload!(
    #[graphql(complex)]
    PostNeedPayload,
    need: Need(NodeId::Need(id) => |at| Need::find(at, id)),
    "What became of posting a need.",
    "The need"
);

/// What else is said of a need that was posted.
#[ComplexObject]
impl PostNeedPayload {
    /// Needs that seem to say the same, the likeliest first, at most ten 疑似重复. The need was posted all the same.
    #[graphql(complexity = "20 + 10 * child_complexity")]
    async fn likely_duplicates(&self, ctx: &Context<'_>) -> Result<Vec<LikelyDuplicate>> {
        match &self.need {
            Some(need) => need.duplicates(ctx).await,
            None => Ok(Vec::new()),
        }
    }
}
payload!(
    AmendNeedPayload,
    need: Need(NodeId::Need(id) => |at| Need::find(at, id)),
    "What became of changing a need.",
    "The need"
);
payload!(
    WithdrawNeedPayload,
    need: Need(NodeId::Need(id) => |at| Need::find(at, id)),
    "What became of taking a need back.",
    "The need"
);
payload!(
    PostResourcePayload,
    resource: Resource(NodeId::Resource(id) => |at| Resource::find(at, id)),
    "What became of posting a resource.",
    "The resource"
);
payload!(
    AmendResourcePayload,
    resource: Resource(NodeId::Resource(id) => |at| Resource::find(at, id)),
    "What became of changing a resource.",
    "The resource"
);
payload!(
    WithdrawResourcePayload,
    resource: Resource(NodeId::Resource(id) => |at| Resource::find(at, id)),
    "What became of taking a resource back.",
    "The resource"
);
payload!(
    PostProjectPayload,
    project: Project(NodeId::Project(id) => |at| Project::find(at, id)),
    "What became of posting a project.",
    "The project"
);
payload!(
    AmendProjectPayload,
    project: Project(NodeId::Project(id) => |at| Project::find(at, id)),
    "What became of changing a project.",
    "The project"
);
payload!(
    WithdrawProjectPayload,
    project: Project(NodeId::Project(id) => |at| Project::find(at, id)),
    "What became of taking a project back.",
    "The project"
);

/// Mutations of the three lists.
#[derive(Default)]
pub struct ListMutation;

/// Mutations of the three lists.
#[Object]
impl ListMutation {
    /// Posts to the list of needs 需求清单. For whoever acts for the poster.
    async fn post_need(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: PostNeedInput,
    ) -> Option<Result<PostNeedPayload>> {
        Some(run(ctx, &input).await.map(PostNeedPayload::from))
    }

    /// Changes a need 修改需求: absent stays, null clears. For whoever acts for its poster.
    async fn amend_need(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: AmendNeedInput,
    ) -> Option<Result<AmendNeedPayload>> {
        Some(run(ctx, &input).await.map(AmendNeedPayload::from))
    }

    /// Takes a need back 撤回, with what was proposed or claimed for it. For whoever acts for its poster.
    async fn withdraw_need(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: WithdrawNeedInput,
    ) -> Option<Result<WithdrawNeedPayload>> {
        Some(run(ctx, &input).await.map(WithdrawNeedPayload::from))
    }

    /// Posts to the list of resources 资源清单. For whoever acts for the poster.
    async fn post_resource(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: PostResourceInput,
    ) -> Option<Result<PostResourcePayload>> {
        Some(run(ctx, &input).await.map(PostResourcePayload::from))
    }

    /// Changes a resource 修改资源: absent stays, null clears. For whoever acts for its poster.
    async fn amend_resource(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: AmendResourceInput,
    ) -> Option<Result<AmendResourcePayload>> {
        Some(run(ctx, &input).await.map(AmendResourcePayload::from))
    }

    /// Takes a resource back 撤回, with what was proposed or claimed for it. For whoever acts for its poster.
    async fn withdraw_resource(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: WithdrawResourceInput,
    ) -> Option<Result<WithdrawResourcePayload>> {
        Some(run(ctx, &input).await.map(WithdrawResourcePayload::from))
    }

    /// Posts to the list of projects 项目清单. For whoever acts for the poster.
    async fn post_project(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: PostProjectInput,
    ) -> Option<Result<PostProjectPayload>> {
        Some(run(ctx, &input).await.map(PostProjectPayload::from))
    }

    /// Changes a project 修改项目: absent stays, null clears. For whoever acts for its poster.
    async fn amend_project(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: AmendProjectInput,
    ) -> Option<Result<AmendProjectPayload>> {
        Some(run(ctx, &input).await.map(AmendProjectPayload::from))
    }

    /// Takes a project back 撤回, with what was proposed or claimed for it. For whoever acts for its poster.
    async fn withdraw_project(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: WithdrawProjectInput,
    ) -> Option<Result<WithdrawProjectPayload>> {
        Some(run(ctx, &input).await.map(WithdrawProjectPayload::from))
    }
}
