//! Mutations of joint claims 联合认领, calls and bids 揭榜.

use super::{payload::payload, run};
use crate::{
    input::claims::{
        ChooseBidInput, ClaimJointlyInput, CloseCallInput, DeclineBidInput, OpenCallInput, PlaceBidInput,
        WithdrawBidInput,
    },
    schema::{
        bid::{Bid, Call},
        identity::NodeId,
        pairing::Pairing,
    },
};
use async_graphql::{Context, Object, Result};

payload!(
    ClaimJointlyPayload,
    pairing: Pairing(NodeId::Pairing(id) => |at| Pairing::find(at, id)),
    "What became of a joint claim.",
    "The leader's pairing"
);
payload!(
    OpenCallPayload,
    call: Call(id @ (NodeId::Need(_) | NodeId::Slot(..)) => |at| Call::find(at, id.target()?)),
    "What became of opening a call.",
    "The call"
);
payload!(
    CloseCallPayload,
    call: Call(id @ (NodeId::Need(_) | NodeId::Slot(..)) => |at| Call::find(at, id.target()?)),
    "What became of closing a call.",
    "The call"
);
payload!(
    PlaceBidPayload,
    bid: Bid(NodeId::Bid(id) => |at| Bid::find(at, id)),
    "What became of a bid.",
    "The bid"
);
payload!(
    WithdrawBidPayload,
    bid: Bid(NodeId::Bid(id) => |at| Bid::find(at, id)),
    "What became of taking a bid back.",
    "The bid"
);
payload!(
    ChooseBidPayload,
    bid: Bid(NodeId::Bid(id) => |at| Bid::find(at, id)),
    "What became of choosing a bid.",
    "The bid"
);
payload!(
    DeclineBidPayload,
    bid: Bid(NodeId::Bid(id) => |at| Bid::find(at, id)),
    "What became of declining a bid.",
    "The bid"
);

/// Mutations of joint claims, calls and bids.
#[derive(Default)]
pub struct ClaimMutation;

/// Mutations of joint claims, calls and bids.
#[Object]
impl ClaimMutation {
    /// Claims a need or slot together with other givers 联合认领: a pairing is requested for every share, and the leader's is claimed. The asking side's yes waits until every giver has claimed, and then agrees all of them at once. For whoever acts for the leader.
    async fn claim_jointly(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: ClaimJointlyInput,
    ) -> Option<Result<ClaimJointlyPayload>> {
        Some(run(ctx, &input).await.map(ClaimJointlyPayload::from))
    }

    /// Invites bids for a need or slot until a set time 发榜. For whoever acts for its poster.
    async fn open_call(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: OpenCallInput,
    ) -> Option<Result<OpenCallPayload>> {
        Some(run(ctx, &input).await.map(OpenCallPayload::from))
    }

    /// Takes no more bids 收榜. Those that wait go on waiting until they are chosen or declined. For whoever acts for the poster.
    async fn close_call(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: CloseCallInput,
    ) -> Option<Result<CloseCallPayload>> {
        Some(run(ctx, &input).await.map(CloseCallPayload::from))
    }

    /// Offers to take up a need or slot 揭榜, with or without a call. It reserves nothing and waits in the order of arrival. For whoever acts for the giver.
    async fn place_bid(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: PlaceBidInput,
    ) -> Option<Result<PlaceBidPayload>> {
        Some(run(ctx, &input).await.map(PlaceBidPayload::from))
    }

    /// Takes a bid back 撤回揭榜. For whoever acts for the bidder.
    async fn withdraw_bid(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: WithdrawBidInput,
    ) -> Option<Result<WithdrawBidPayload>> {
        Some(run(ctx, &input).await.map(WithdrawBidPayload::from))
    }

    /// Chooses a bid 选定: its pairing is agreed at once, and proposals in the way are superseded. The other bids go on waiting. For whoever acts for the poster.
    async fn choose_bid(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: ChooseBidInput,
    ) -> Option<Result<ChooseBidPayload>> {
        Some(run(ctx, &input).await.map(ChooseBidPayload::from))
    }

    /// Does not choose a bid 未选. For whoever acts for the poster.
    async fn decline_bid(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: DeclineBidInput,
    ) -> Option<Result<DeclineBidPayload>> {
        Some(run(ctx, &input).await.map(DeclineBidPayload::from))
    }
}
