//! Mutations of pairings 配对, and adopting a plan 采纳方案.

use super::{Outcome, execute, payload::payload, request, run};
use crate::{
    input::pairings::{
        AdoptPlanInput, ClaimPairingInput, DeclinePairingInput, RequestPairingInput, WithdrawPairingInput,
    },
    reading::Unseen,
    schema::{
        identity::NodeId,
        matching,
        naming::Called,
        pairing::Pairing,
        plan::{Plan, digest},
        scope::Scope,
        user_error::{UserError, UserErrorCode},
    },
};
use async_graphql::{Context, Object, Result};
use engine::{command::Command, identity::Position, permission::Right, plan::Proposal, refusal::Refusal};
use storage::Request;

payload!(
    RequestPairingPayload,
    pairing: Pairing(NodeId::Pairing(id) => |at| Pairing::find(at, id)),
    "What became of asking for a pairing.",
    "The pairing"
);
payload!(
    ClaimPairingPayload,
    pairing: Pairing(NodeId::Pairing(id) => |at| Pairing::find(at, id)),
    "What became of a yes to a pairing.",
    "The pairing"
);
payload!(
    DeclinePairingPayload,
    pairing: Pairing(NodeId::Pairing(id) => |at| Pairing::find(at, id)),
    "What became of a no to a pairing.",
    "The pairing"
);
payload!(
    WithdrawPairingPayload,
    pairing: Pairing(NodeId::Pairing(id) => |at| Pairing::find(at, id)),
    "What became of taking back a claim, a request or an agreement.",
    "The pairing"
);
payload!(
    AdoptPlanPayload,
    plan: Plan(NodeId::Plan(id) => |at| Plan::find(at, id)),
    "What became of adopting a plan.",
    "The plan"
);

/// Mutations of pairings.
#[derive(Default)]
pub struct PairingMutation;

/// Mutations of pairings.
#[Object]
impl PairingMutation {
    /// Asks for a pairing by hand 申请配对. Asked by one of its sides, it is that side's claim as well. For whoever acts for the organization that asks.
    async fn request_pairing(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: RequestPairingInput,
    ) -> Option<Result<RequestPairingPayload>> {
        Some(run(ctx, &input).await.map(RequestPairingPayload::from))
    }

    /// Says yes to a pairing 认领: the first yes reserves the quantity for a time, the second agrees it 双向认领.
    async fn claim_pairing(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: ClaimPairingInput,
    ) -> Option<Result<ClaimPairingPayload>> {
        Some(run(ctx, &input).await.map(ClaimPairingPayload::from))
    }

    /// Says no to a pairing 谢绝.
    async fn decline_pairing(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: DeclinePairingInput,
    ) -> Option<Result<DeclinePairingPayload>> {
        Some(run(ctx, &input).await.map(DeclinePairingPayload::from))
    }

    /// Takes a claim, a request or an agreement back 撤回认领.
    async fn withdraw_pairing(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: WithdrawPairingInput,
    ) -> Option<Result<WithdrawPairingPayload>> {
        Some(run(ctx, &input).await.map(WithdrawPairingPayload::from))
    }

    /// Computes the best plan 采纳方案 for everything that is open, off the threads that answer, and makes its
    /// pairings the standing proposals. When the street moves on meanwhile, it is computed once more. Given the `digest` of a
    /// preview, it adopts that plan or none. For coordinators.
    #[graphql(complexity = "50 + child_complexity")]
    async fn adopt_plan(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: Option<AdoptPlanInput>,
    ) -> Option<Result<AdoptPlanPayload>> {
        Some(adopt(ctx, input.unwrap_or_default()).await.map(AdoptPlanPayload::from))
    }
}

async fn adopt(ctx: &Context<'_>, input: AdoptPlanInput) -> Result<Outcome> {
    let scope = Scope::of(ctx)?;
    let request = request(ctx, input.request_id.as_deref())?;
    // Whoever may not adopt does not make the server compute.
    if !scope.has(Right::Coordinate) {
        let refusal = Refusal::NotAllowed { right: Right::Coordinate };
        let errors = vec![UserError::refused(&refusal, Some, Called::new(&scope.state, scope.language))];
        return Ok(Outcome::Refused { errors, position: scope.shared().ledger.state().position().into() });
    }
    for last in [false, true] {
        let proposal = matching::propose(&scope.renewed()).await?;
        if input.digest.as_ref().is_some_and(|seen| *seen != digest(&proposal)) {
            return done_before(scope, request, proposal).await;
        }
        let command = Command::AdoptPlan(Box::new(proposal));
        let outcome = execute(scope, request.clone(), command, &Unseen::default()).await?;
        let stale = matches!(&outcome, Outcome::Refused { errors, .. }
            if errors.iter().any(|error| error.code == UserErrorCode::PlanStale));
        if last || !stale {
            return Ok(outcome);
        }
    }
    Err(crate::schema::fault::fault(crate::schema::fault::FaultCode::Internal, "no plan was tried"))
}

/// What is told when the plan is another one than the preview that was seen: what the same request did before, or else that it
/// does nothing.
async fn done_before(scope: &Scope, request: Request, proposal: Proposal) -> Result<Outcome> {
    // Of a request that was granted the ledger knows the answer; one that was not is refused, for a state that is not yet.
    let never = Proposal { position: Position(u64::MAX), ..proposal };
    let outcome = execute(scope, request, Command::AdoptPlan(Box::new(never)), &Unseen::default()).await?;
    let is_taken = |it: &UserError| it.code == UserErrorCode::RequestTaken;
    let position = match &outcome {
        Outcome::Refused { errors, position } if !errors.iter().any(is_taken) => *position,
        Outcome::Refused { .. } | Outcome::Done { .. } => return Ok(outcome),
    };
    let zh = "方案已与所见的试算不同,未采纳;请重新查看";
    let en = "the plan is another one now than the preview that was seen; nothing is adopted, look again";
    let (code, field) = (UserErrorCode::PlanDiffers, Some("digest".to_owned()));
    let errors = vec![UserError { code, field, message: scope.say(zh, en).to_owned() }];
    Ok(Outcome::Refused { errors, position })
}
