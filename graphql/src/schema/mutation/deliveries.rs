//! Mutations of deliveries 交付.

use super::{payload::payload, run};
use crate::{
    input::deliveries::{
        AcceptPairingInput, ConfirmDeliveryInput, CorrectDeliveryInput, DisputeDeliveryInput,
        RecordDeliveryInput, WithdrawDeliveryInput,
    },
    schema::{delivery::Delivery, identity::NodeId, pairing::Pairing},
};
use async_graphql::{Context, Object, Result};

payload!(
    RecordDeliveryPayload,
    delivery: Delivery(NodeId::Delivery(id) => |at| Delivery::find(at, id)),
    "What became of recording a delivery.",
    "The delivery"
);
payload!(
    ConfirmDeliveryPayload,
    delivery: Delivery(NodeId::Delivery(id) => |at| Delivery::find(at, id)),
    "What became of confirming a delivery.",
    "The delivery"
);
payload!(
    DisputeDeliveryPayload,
    delivery: Delivery(NodeId::Delivery(id) => |at| Delivery::find(at, id)),
    "What became of disputing a delivery.",
    "The delivery"
);
payload!(
    CorrectDeliveryPayload,
    delivery: Delivery(NodeId::Delivery(id) => |at| Delivery::find(at, id)),
    "What became of correcting a delivery.",
    "The delivery"
);
payload!(
    WithdrawDeliveryPayload,
    delivery: Delivery(NodeId::Delivery(id) => |at| Delivery::find(at, id)),
    "What became of taking a delivery back.",
    "The delivery"
);
payload!(
    AcceptPairingPayload,
    pairing: Pairing(NodeId::Pairing(id) => |at| Pairing::find(at, id)),
    "What became of accepting a pairing.",
    "The pairing"
);

/// Mutations of deliveries.
#[derive(Default)]
pub struct DeliveryMutation;

/// Mutations of deliveries.
#[Object]
impl DeliveryMutation {
    /// Says that a quantity was handed over 交付, all or a part of what is agreed. For the giving side.
    async fn record_delivery(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: RecordDeliveryInput,
    ) -> Option<Result<RecordDeliveryPayload>> {
        Some(run(ctx, &input).await.map(RecordDeliveryPayload::from))
    }

    /// Says that a delivery is as it says 确认: its giver is credited, and the last part accepts the pairing. For the asking side.
    async fn confirm_delivery(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: ConfirmDeliveryInput,
    ) -> Option<Result<ConfirmDeliveryPayload>> {
        Some(run(ctx, &input).await.map(ConfirmDeliveryPayload::from))
    }

    /// Says that a delivery is not as it says 异议. For the asking side.
    async fn dispute_delivery(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: DisputeDeliveryInput,
    ) -> Option<Result<DisputeDeliveryPayload>> {
        Some(run(ctx, &input).await.map(DisputeDeliveryPayload::from))
    }

    /// Says otherwise of a delivery 更正; the receiver is asked again. For the giving side.
    async fn correct_delivery(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: CorrectDeliveryInput,
    ) -> Option<Result<CorrectDeliveryPayload>> {
        Some(run(ctx, &input).await.map(CorrectDeliveryPayload::from))
    }

    /// Takes a delivery back 撤回 that is not confirmed. For the giving side.
    async fn withdraw_delivery(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: WithdrawDeliveryInput,
    ) -> Option<Result<WithdrawDeliveryPayload>> {
        Some(run(ctx, &input).await.map(WithdrawDeliveryPayload::from))
    }

    /// Accepts a pairing with what is delivered of it 验收; the rest is free again. For the asking side.
    async fn accept_pairing(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: AcceptPairingInput,
    ) -> Option<Result<AcceptPairingPayload>> {
        Some(run(ctx, &input).await.map(AcceptPairingPayload::from))
    }
}
