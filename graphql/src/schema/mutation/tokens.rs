//! Tokens of members: several each, named, some for a time only, ended one by one.

use super::{Outcome, run_with};
use crate::{
    schema::{
        fault::{FaultCode, fault},
        identity::NodeId,
        member::Member,
        scalar::{DateTime, Position},
        user_error::UserError,
    },
    sign_in,
};
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use engine::command::Command;

/// Give a member one more token 发放令牌.
#[derive(Clone, Debug, InputObject)]
pub struct IssueTokenInput {
    /// Whose.
    pub member: ID,
    /// What it is called, such as 「手机」; unique among the member's good ones.
    pub label: String,
    /// When it ends by itself 到期; never when not said.
    pub expires_at: Option<DateTime>,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice. The token
    /// is shown the first time only.
    pub request_id: Option<String>,
}

/// End one token of a member 停用令牌.
#[derive(Clone, Debug, InputObject)]
pub struct RevokeTokenInput {
    /// Whose.
    pub member: ID,
    /// What it is called.
    pub label: String,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

/// What became of giving a member one more token.
#[derive(Clone, SimpleObject)]
pub struct IssueTokenPayload {
    /// The member; null when nothing was done.
    pub member: Option<Member>,
    /// The bearer token 令牌. It is shown this once and kept nowhere; null when the request is a repetition.
    pub token: Option<String>,
    /// The position of the commit; where nothing was done, that of the state it was judged on.
    pub position: Position,
    /// Why nothing was done; empty when it was.
    pub user_errors: Vec<UserError>,
}

/// What became of ending a token.
#[derive(Clone, SimpleObject)]
pub struct RevokeTokenPayload {
    /// The member; null when nothing was done.
    pub member: Option<Member>,
    /// The position of the commit; where nothing was done, that of the state it was judged on.
    pub position: Position,
    /// Why nothing was done; empty when it was.
    pub user_errors: Vec<UserError>,
}

/// What coordinators do with tokens.
#[derive(Default)]
pub struct TokenMutation;

#[Object]
impl TokenMutation {
    /// Gives a member one more token 令牌, named and perhaps for a time only. The answer holds it, this once. For
    /// coordinators.
    async fn issue_token(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: IssueTokenInput,
    ) -> Option<Result<IssueTokenPayload>> {
        Some(issue(ctx, &input).await)
    }

    /// Ends one token 停用令牌; the member's others stay good. For coordinators, and for members of their own: those are
    /// listed in `me { member { tokens } }`.
    async fn revoke_token(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: RevokeTokenInput,
    ) -> Option<Result<RevokeTokenPayload>> {
        Some(revoke(ctx, &input).await)
    }
}

async fn issue(ctx: &Context<'_>, input: &IssueTokenInput) -> Result<IssueTokenPayload> {
    let (token, hash) =
        sign_in::new_token().map_err(|error| fault(FaultCode::Internal, error.to_string()))?;
    let outcome = run_with(ctx, input.request_id.as_deref(), |reading| {
        let member = reading.member("member", &input.member)?;
        let expires = input.expires_at.and_then(|it| reading.moment("expiresAt", it));
        Some(Command::IssueToken { member, label: input.label.clone(), token: hash, expires })
    })
    .await?;
    Ok(match outcome {
        Outcome::Done { receipt, at, changed } => IssueTokenPayload {
            member: member(&at, changed),
            token: (!receipt.repeated).then(|| token.reveal().to_owned()),
            position: receipt.position.into(),
            user_errors: Vec::new(),
        },
        Outcome::Refused { errors, position } => {
            IssueTokenPayload { member: None, token: None, position, user_errors: errors }
        }
    })
}

async fn revoke(ctx: &Context<'_>, input: &RevokeTokenInput) -> Result<RevokeTokenPayload> {
    let outcome = run_with(ctx, input.request_id.as_deref(), |reading| {
        let member = reading.member("member", &input.member)?;
        Some(Command::RevokeToken { member, label: input.label.clone() })
    })
    .await?;
    Ok(match outcome {
        Outcome::Done { receipt, at, changed } => RevokeTokenPayload {
            member: member(&at, changed),
            position: receipt.position.into(),
            user_errors: Vec::new(),
        },
        Outcome::Refused { errors, position } => {
            RevokeTokenPayload { member: None, position, user_errors: errors }
        }
    })
}

fn member(state: &crate::schema::scope::Snapshot, changed: Option<NodeId>) -> Option<Member> {
    match changed {
        Some(NodeId::Member(member)) => Member::find(state, member),
        _ => None,
    }
}
