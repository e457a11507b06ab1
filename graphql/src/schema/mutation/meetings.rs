//! Mutations of joint meetings 联席会.

use super::{payload::payload, run};
use crate::{
    input::meetings::{
        AmendMeetingInput, CallMeetingInput, CancelMeetingInput, CloseMeetingInput, DecideItemInput,
    },
    schema::{identity::NodeId, meeting::Meeting},
};
use async_graphql::{Context, Object, Result};

payload!(
    CallMeetingPayload,
    meeting: Meeting(NodeId::Meeting(id) => |at| Meeting::find(at, id)),
    "What became of calling a meeting.",
    "The meeting"
);
payload!(
    AmendMeetingPayload,
    meeting: Meeting(NodeId::Meeting(id) => |at| Meeting::find(at, id)),
    "What became of changing a meeting.",
    "The meeting"
);
payload!(
    DecideItemPayload,
    meeting: Meeting(NodeId::Meeting(id) => |at| Meeting::find(at, id)),
    "What became of a decision.",
    "The meeting"
);
payload!(
    CloseMeetingPayload,
    meeting: Meeting(NodeId::Meeting(id) => |at| Meeting::find(at, id)),
    "What became of closing a meeting.",
    "The meeting"
);
payload!(
    CancelMeetingPayload,
    meeting: Meeting(NodeId::Meeting(id) => |at| Meeting::find(at, id)),
    "What became of cancelling a meeting.",
    "The meeting"
);

/// Mutations of joint meetings. For coordinators.
#[derive(Default)]
pub struct MeetingMutation;

/// Mutations of joint meetings. For coordinators.
#[Object]
impl MeetingMutation {
    /// Calls a joint meeting 召集联席会 with its agenda. For coordinators.
    async fn call_meeting(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: CallMeetingInput,
    ) -> Option<Result<CallMeetingPayload>> {
        Some(run(ctx, &input).await.map(CallMeetingPayload::from))
    }

    /// Changes a meeting that is not over 变更联席会. What is decided stays on its agenda. For coordinators.
    async fn amend_meeting(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: AmendMeetingInput,
    ) -> Option<Result<AmendMeetingPayload>> {
        Some(run(ctx, &input).await.map(AmendMeetingPayload::from))
    }

    /// Writes down what a meeting decided of an item, and does it in the same commit 议定. Nobody is bound who does not take part. For coordinators.
    async fn decide_item(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: DecideItemInput,
    ) -> Option<Result<DecideItemPayload>> {
        Some(run(ctx, &input).await.map(DecideItemPayload::from))
    }

    /// Ends a meeting with its minutes 会议纪要. What was not decided is written down as postponed. For coordinators.
    async fn close_meeting(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: CloseMeetingInput,
    ) -> Option<Result<CloseMeetingPayload>> {
        Some(run(ctx, &input).await.map(CloseMeetingPayload::from))
    }

    /// Does not hold a meeting 取消联席会 of which nothing is decided yet. For coordinators.
    async fn cancel_meeting(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: CancelMeetingInput,
    ) -> Option<Result<CancelMeetingPayload>> {
        Some(run(ctx, &input).await.map(CancelMeetingPayload::from))
    }
}
