//! Single sign-on of members: who is known elsewhere signs in as whom here.

use super::{Outcome, payload::payload, run_with};
use crate::{
    schema::{identity::NodeId, member::Member, user_error::UserErrorCode},
    sign_in::single::{SUBJECT_CHARS_MAX, is_subject, sign_on_hash},
};
use async_graphql::{Context, ID, InputObject, Object, Result};
use engine::command::Command;

/// Let somebody sign in as a member by single sign-on 绑定统一身份认证.
#[derive(Clone, Debug, InputObject)]
pub struct BindSignOnInput {
    /// As which member.
    pub member: ID,
    /// The issuer 签发者, to the letter as its tokens say it in `iss`.
    pub issuer: String,
    /// What the issuer calls the person: the claim the server is told to look at, `sub` unless said otherwise. Only a hash
    /// of it is kept.
    pub subject: String,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

/// Let nobody sign in as a member by single sign-on 解除绑定.
#[derive(Clone, Debug, InputObject)]
pub struct UnbindSignOnInput {
    /// Which member.
    pub member: ID,
    /// Idempotency key: the same one again gives the same answer, and nothing is done twice.
    pub request_id: Option<String>,
}

payload!(
    BindSignOnPayload,
    member: Member(NodeId::Member(id) => |at| Member::find(at, id)),
    "What became of binding a member.",
    "The member"
);
payload!(
    UnbindSignOnPayload,
    member: Member(NodeId::Member(id) => |at| Member::find(at, id)),
    "What became of ending the binding of a member.",
    "The member"
);

/// What coordinators do with single sign-on.
#[derive(Default)]
pub struct SignOnMutation;

#[Object]
impl SignOnMutation {
    /// Binds a member to whom an issuer of single sign-on 统一身份认证 calls so, instead of whoever was bound before. For
    /// coordinators.
    async fn bind_sign_on(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: BindSignOnInput,
    ) -> Option<Result<BindSignOnPayload>> {
        Some(bind(ctx, &input).await.map(BindSignOnPayload::from))
    }

    /// Lets nobody sign in as a member by single sign-on any more 解除绑定; its tokens stay good. For coordinators.
    async fn unbind_sign_on(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said.")] input: UnbindSignOnInput,
    ) -> Option<Result<UnbindSignOnPayload>> {
        Some(unbind(ctx, &input).await.map(UnbindSignOnPayload::from))
    }
}

async fn bind(ctx: &Context<'_>, input: &BindSignOnInput) -> Result<Outcome> {
    run_with(ctx, input.request_id.as_deref(), |reading| {
        let member = reading.member("member", &input.member);
        for (field, text) in [("issuer", &input.issuer), ("subject", &input.subject)] {
            if !is_subject(text) {
                let zh = format!("应为 1 到 {SUBJECT_CHARS_MAX} 个字");
                let en = format!("takes 1 to {SUBJECT_CHARS_MAX} characters");
                reading.complain(UserErrorCode::Invalid, field, &zh, &en);
            }
        }
        let sign_on = sign_on_hash(&input.issuer, &input.subject);
        Some(Command::BindSignOn { member: member?, sign_on })
    })
    .await
}

async fn unbind(ctx: &Context<'_>, input: &UnbindSignOnInput) -> Result<Outcome> {
    run_with(ctx, input.request_id.as_deref(), |reading| {
        Some(Command::UnbindSignOn { member: reading.member("member", &input.member)? })
    })
    .await
}
