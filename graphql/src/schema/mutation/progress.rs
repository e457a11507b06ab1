//! Mutations of projects under way 项目实施.

use super::{payload::payload, run};
use crate::{
    input::progress::{
        AcceptProjectInput, AppraiseProjectInput, CloseProjectInput, FailProjectInput, ResumeProjectInput,
        StartProjectInput, SuspendProjectInput,
    },
    schema::{identity::NodeId, project::Project},
};
use async_graphql::{Context, Object, Result};

payload!(
    StartProjectPayload,
    project: Project(NodeId::Project(id) => |at| Project::find(at, id)),
    "What became of starting a project.",
    "The project"
);
payload!(
    SuspendProjectPayload,
    project: Project(NodeId::Project(id) => |at| Project::find(at, id)),
    "What became of letting a project rest.",
    "The project"
);
payload!(
    ResumeProjectPayload,
    project: Project(NodeId::Project(id) => |at| Project::find(at, id)),
    "What became of letting a project go on.",
    "The project"
);
payload!(
    AcceptProjectPayload,
    project: Project(NodeId::Project(id) => |at| Project::find(at, id)),
    "What became of accepting a project.",
    "The project"
);
payload!(
    AppraiseProjectPayload,
    project: Project(NodeId::Project(id) => |at| Project::find(at, id)),
    "What became of a verdict on a project.",
    "The project"
);
payload!(
    CloseProjectPayload,
    project: Project(NodeId::Project(id) => |at| Project::find(at, id)),
    "What became of closing a project.",
    "The project"
);
payload!(
    FailProjectPayload,
    project: Project(NodeId::Project(id) => |at| Project::find(at, id)),
    "What became of giving a project up.",
    "The project"
);

/// Mutations of projects under way.
#[derive(Default)]
pub struct ProgressMutation;

/// Mutations of projects under way.
#[Object]
impl ProgressMutation {
    /// Says that a project is under way 开工: once it is signed, or agreed when it only carries micro-wishes. For whoever raised it.
    async fn start_project(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: StartProjectInput,
    ) -> Option<Result<StartProjectPayload>> {
        Some(run(ctx, &input).await.map(StartProjectPayload::from))
    }

    /// Lets a project rest 暂停: nothing is handed over meanwhile. For whoever raised it.
    async fn suspend_project(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: SuspendProjectInput,
    ) -> Option<Result<SuspendProjectPayload>> {
        Some(run(ctx, &input).await.map(SuspendProjectPayload::from))
    }

    /// Lets a project go on 复工. For whoever raised it.
    async fn resume_project(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: ResumeProjectInput,
    ) -> Option<Result<ResumeProjectPayload>> {
        Some(run(ctx, &input).await.map(ResumeProjectPayload::from))
    }

    /// Accepts a project as a whole 验收, in full or with what is delivered: the rest is free again, and the needs its slots stand for are struck off 销号. For whoever raised it.
    async fn accept_project(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: AcceptProjectInput,
    ) -> Option<Result<AcceptProjectPayload>> {
        Some(run(ctx, &input).await.map(AcceptProjectPayload::from))
    }

    /// Says how well an accepted project was done 评议, once. For whoever raised it.
    async fn appraise_project(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: AppraiseProjectInput,
    ) -> Option<Result<AppraiseProjectPayload>> {
        Some(run(ctx, &input).await.map(AppraiseProjectPayload::from))
    }

    /// Says that an appraised project is done with 办结. For whoever raised it.
    async fn close_project(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: CloseProjectInput,
    ) -> Option<Result<CloseProjectPayload>> {
        Some(run(ctx, &input).await.map(CloseProjectPayload::from))
    }

    /// Gives a project up 终止: what was not delivered is free again, and so are the needs it carried. For whoever raised it.
    async fn fail_project(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: FailProjectInput,
    ) -> Option<Result<FailProjectPayload>> {
        Some(run(ctx, &input).await.map(FailProjectPayload::from))
    }
}
