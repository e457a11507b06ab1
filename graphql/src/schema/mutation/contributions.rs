//! Mutations of contributions 贡献.

use super::{payload::payload, run};
use crate::{
    input::contributions::RedeemContributionInput,
    schema::{identity::NodeId, organization::Organization},
};
use async_graphql::{Context, Object, Result};

payload!(
    RedeemContributionPayload,
    organization: Organization(NodeId::Organization(id) => |at| Organization::find(at, id)),
    "What became of redeeming.",
    "The organization"
);

/// Mutations of contributions.
#[derive(Default)]
pub struct ContributionMutation;

/// Mutations of contributions.
#[Object]
impl ContributionMutation {
    /// Redeems points or banked time of an organization 兑换. No balance is ever negative. For coordinators.
    async fn redeem_contribution(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: RedeemContributionInput,
    ) -> Option<Result<RedeemContributionPayload>> {
        Some(run(ctx, &input).await.map(RedeemContributionPayload::from))
    }
}
