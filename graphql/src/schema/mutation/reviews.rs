//! Mutations of what becomes of entries: review, merging, carrying over, striking off, appraisal, pauses.

use super::{payload::payload, run};
use crate::{
    input::reviews::{
        AppraiseNeedInput, CarryOverNeedInput, MergeNeedInput, PauseResourceInput, ReconfirmNeedInput,
        ReconfirmResourceInput, RejectNeedInput, ResumeResourceInput, StrikeOffNeedInput, VerifyNeedInput,
    },
    schema::{identity::NodeId, need::Need, resource::Resource},
};
use async_graphql::{Context, Object, Result};

payload!(
    VerifyNeedPayload,
    need: Need(NodeId::Need(id) => |at| Need::find(at, id)),
    "What became of verifying a need.",
    "The need"
);
payload!(
    RejectNeedPayload,
    need: Need(NodeId::Need(id) => |at| Need::find(at, id)),
    "What became of not taking a need on.",
    "The need"
);
payload!(
    MergeNeedPayload,
    need: Need(NodeId::Need(id) => |at| Need::find(at, id)),
    "What became of merging a need into another.",
    "The need"
);
payload!(
    CarryOverNeedPayload,
    need: Need(NodeId::Need(id) => |at| Need::find(at, id)),
    "What became of taking a need along.",
    "The need"
);
payload!(
    StrikeOffNeedPayload,
    need: Need(NodeId::Need(id) => |at| Need::find(at, id)),
    "What became of striking a need off.",
    "The need"
);
payload!(
    AppraiseNeedPayload,
    need: Need(NodeId::Need(id) => |at| Need::find(at, id)),
    "What became of appraising a need.",
    "The need"
);
payload!(
    ReconfirmNeedPayload,
    need: Need(NodeId::Need(id) => |at| Need::find(at, id)),
    "What became of confirming a need again.",
    "The need"
);
payload!(
    PauseResourcePayload,
    resource: Resource(NodeId::Resource(id) => |at| Resource::find(at, id)),
    "What became of pausing a resource.",
    "The resource"
);
payload!(
    ResumeResourcePayload,
    resource: Resource(NodeId::Resource(id) => |at| Resource::find(at, id)),
    "What became of resuming a resource.",
    "The resource"
);
payload!(
    ReconfirmResourcePayload,
    resource: Resource(NodeId::Resource(id) => |at| Resource::find(at, id)),
    "What became of confirming a resource again.",
    "The resource"
);

/// Mutations of what becomes of entries.
#[derive(Default)]
pub struct ReviewMutation;

/// Mutations of what becomes of entries.
#[Object]
impl ReviewMutation {
    /// Says that a need is as it says 核实; it is matched from then on. For whoever acts for its community, or a coordinator.
    async fn verify_need(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: VerifyNeedInput,
    ) -> Option<Result<VerifyNeedPayload>> {
        Some(run(ctx, &input).await.map(VerifyNeedPayload::from))
    }

    /// Does not take a need on 不予受理, with a ground; what was proposed or claimed for it goes. For its community, or a coordinator.
    async fn reject_need(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: RejectNeedInput,
    ) -> Option<Result<RejectNeedPayload>> {
        Some(run(ctx, &input).await.map(RejectNeedPayload::from))
    }

    /// Lets another need carry what this one asks 并案: quantity, people and words follow, claims do not. For its community, or a coordinator.
    async fn merge_need(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: MergeNeedInput,
    ) -> Option<Result<MergeNeedPayload>> {
        Some(run(ctx, &input).await.map(MergeNeedPayload::from))
    }

    /// Takes a need along into a later quarter 结转. For its community, or a coordinator.
    async fn carry_over_need(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: CarryOverNeedInput,
    ) -> Option<Result<CarryOverNeedPayload>> {
        Some(run(ctx, &input).await.map(CarryOverNeedPayload::from))
    }

    /// Says that a need is done with 销号: after delivery, or settled otherwise with a note. For whoever acts for its poster.
    async fn strike_off_need(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: StrikeOffNeedInput,
    ) -> Option<Result<StrikeOffNeedPayload>> {
        Some(run(ctx, &input).await.map(StrikeOffNeedPayload::from))
    }

    /// Says how well a need was met 评议, once. For whoever acts for its poster.
    async fn appraise_need(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: AppraiseNeedInput,
    ) -> Option<Result<AppraiseNeedPayload>> {
        Some(run(ctx, &input).await.map(AppraiseNeedPayload::from))
    }

    /// Says that a need still stands 再确认. For whoever acts for its poster.
    async fn reconfirm_need(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: ReconfirmNeedInput,
    ) -> Option<Result<ReconfirmNeedPayload>> {
        Some(run(ctx, &input).await.map(ReconfirmNeedPayload::from))
    }

    /// Lends nothing of a resource for now 暂停: proposals go, claims stand. For whoever acts for its poster.
    async fn pause_resource(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: PauseResourceInput,
    ) -> Option<Result<PauseResourcePayload>> {
        Some(run(ctx, &input).await.map(PauseResourcePayload::from))
    }

    /// Lends a resource again 恢复. For whoever acts for its poster.
    async fn resume_resource(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: ResumeResourceInput,
    ) -> Option<Result<ResumeResourcePayload>> {
        Some(run(ctx, &input).await.map(ResumeResourcePayload::from))
    }

    /// Says that a resource still stands 再确认. For whoever acts for its poster.
    async fn reconfirm_resource(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: ReconfirmResourceInput,
    ) -> Option<Result<ReconfirmResourcePayload>> {
        Some(run(ctx, &input).await.map(ReconfirmResourcePayload::from))
    }
}
