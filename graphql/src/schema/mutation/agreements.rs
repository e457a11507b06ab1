//! Mutations of agreements 共建协议.

use super::{payload::payload, run};
use crate::{
    input::agreements::{
        AmendAgreementInput, DraftAgreementInput, ReachMilestoneInput, SignAgreementInput,
        WithdrawAgreementInput,
    },
    schema::{agreement::Agreement, identity::NodeId},
};
use async_graphql::{Context, Object, Result};

payload!(
    DraftAgreementPayload,
    agreement: Agreement(NodeId::Agreement(id) => |at| Agreement::find(at, id)),
    "What became of drafting an agreement.",
    "The agreement"
);
payload!(
    AmendAgreementPayload,
    agreement: Agreement(NodeId::Agreement(id) => |at| Agreement::find(at, id)),
    "What became of drafting a newer version of an agreement.",
    "The agreement"
);
payload!(
    SignAgreementPayload,
    agreement: Agreement(NodeId::Agreement(id) => |at| Agreement::find(at, id)),
    "What became of a signature.",
    "The agreement"
);
payload!(
    WithdrawAgreementPayload,
    agreement: Agreement(NodeId::Agreement(id) => |at| Agreement::find(at, id)),
    "What became of declaring an agreement void.",
    "The agreement"
);
payload!(
    ReachMilestonePayload,
    agreement: Agreement(NodeId::Agreement(id) => |at| Agreement::find(at, id)),
    "What became of reaching a milestone.",
    "The agreement"
);

/// Mutations of agreements.
#[derive(Default)]
pub struct AgreementMutation;

/// Mutations of agreements.
#[Object]
impl AgreementMutation {
    /// Drafts an agreement 共建协议 on a project that is agreed, or on an agreed pairing of an ordinary need. For whoever raised it.
    async fn draft_agreement(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: DraftAgreementInput,
    ) -> Option<Result<DraftAgreementPayload>> {
        Some(run(ctx, &input).await.map(DraftAgreementPayload::from))
    }

    /// Drafts a newer version of an agreement 补充协议; the one in force holds until all have signed it. For whoever raised its subject.
    async fn amend_agreement(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: AmendAgreementInput,
    ) -> Option<Result<AmendAgreementPayload>> {
        Some(run(ctx, &input).await.map(AmendAgreementPayload::from))
    }

    /// Signs the newest version of an agreement 签署. For each of its parties, once.
    async fn sign_agreement(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: SignAgreementInput,
    ) -> Option<Result<SignAgreementPayload>> {
        Some(run(ctx, &input).await.map(SignAgreementPayload::from))
    }

    /// Declares an agreement void 作废: one that is not in force, or whose project has not started. For whoever raised its subject.
    async fn withdraw_agreement(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: WithdrawAgreementInput,
    ) -> Option<Result<WithdrawAgreementPayload>> {
        Some(run(ctx, &input).await.map(WithdrawAgreementPayload::from))
    }

    /// Says that a milestone of the version in force is reached 里程碑达成. For whoever raised its subject.
    async fn reach_milestone(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: ReachMilestoneInput,
    ) -> Option<Result<ReachMilestonePayload>> {
        Some(run(ctx, &input).await.map(ReachMilestonePayload::from))
    }
}
