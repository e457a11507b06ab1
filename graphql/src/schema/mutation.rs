//! The mutations: one `input`, one payload with the changed thing, the position, and `userErrors`.
//!
//! What the domain refuses is data: the payload's thing is null and `userErrors` says why. A GraphQL
//! error means that the server could not do its work.

pub mod agreements;
pub mod claims;
pub mod contacts;
pub mod contributions;
pub mod deliveries;
pub mod import;
pub mod lists;
pub mod meetings;
pub mod pairings;
pub mod payload;
pub mod progress;
pub mod reviews;
pub mod sign_on;
pub mod street;
pub mod tokens;

use super::{
    fault::{FaultCode, bad_input, fault, not_executed},
    identity::NodeId,
    naming::Called,
    scalar::Position,
    scope::{Scope, Snapshot},
    user_error::{UserError, UserErrorCode},
};
use crate::{
    http::envelope::SPANS,
    input::{
        CommandInput,
        path::{self, Path},
    },
    reading::{Reading, Unseen},
    sign_in,
};
use async_graphql::{Context, MergedObject, Result, Value};
use engine::{
    command::Command,
    event::Event,
    member::Caller,
    permission::{Right, View},
};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use storage::{Asked, ExecuteError, Receipt, Request, RequestId};
use tracing::{Instrument, field::Empty};

/// What may be changed. Every mutation is one commit: it happens whole, or not at all; only of `importLists`, every row is.
/// The street itself is opened at the console, as its first coordinator is made there: before that nobody has a right.
#[derive(MergedObject, Default)]
pub struct Mutation(
    lists::ListMutation,
    reviews::ReviewMutation,
    pairings::PairingMutation,
    street::StreetMutation,
    contacts::ContactMutation,
    agreements::AgreementMutation,
    progress::ProgressMutation,
    deliveries::DeliveryMutation,
    claims::ClaimMutation,
    meetings::MeetingMutation,
    tokens::TokenMutation,
    sign_on::SignOnMutation,
    contributions::ContributionMutation,
    import::ImportMutation,
);

/// How a mutation ended.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It was granted.
    Done {
        /// What the ledger says.
        receipt: Receipt,
        /// The state after it, as the caller sees it.
        at: Snapshot,
        /// What was made or changed.
        changed: Option<NodeId>,
    },
    /// It was refused, or its input could not be read.
    Refused {
        /// Why.
        errors: Vec<UserError>,
        /// The position it was judged on.
        position: Position,
    },
}

/// Makes a command of an input and executes it.
///
/// # Errors
/// When the server could not do its work.
pub async fn run(ctx: &Context<'_>, input: &impl CommandInput) -> Result<Outcome> {
    run_with(ctx, input.request_id(), |reading| input.command(reading)).await
}

/// Makes a command by reading and executes it.
///
/// # Errors
/// When the server could not do its work.
pub async fn run_with(
    ctx: &Context<'_>,
    request_id: Option<&str>,
    read: impl FnOnce(&mut Reading) -> Option<Command>,
) -> Result<Outcome> {
    let (scope, request) = (Scope::of(ctx)?, request(ctx, request_id)?);
    // The mutations of one document run one after the other, each on what the former left.
    let state = scope.viewed(scope.shared().ledger.state());
    let position = state.position().into();
    let mut reading = Reading::new(state, scope.caller(), scope.language);
    match read(&mut reading) {
        Some(_) if reading.is_clean() && is_stranger(scope) => {
            Ok(Outcome::Refused { errors: vec![no_member(scope)], position })
        }
        Some(command) if reading.is_clean() => execute(scope, request, command, &reading.unseen()).await,
        _ => Ok(Outcome::Refused { errors: unread(scope, reading), position }),
    }
}

/// What is told of an input that cannot be read: first of all what right is missing, to those who could change nothing.
fn unread(scope: &Scope, reading: Reading) -> Vec<UserError> {
    if is_stranger(scope) {
        vec![no_member(scope)]
    } else if !may_act(scope) {
        let zh = "没有权限:需要代表组织的成员角色(协调员、社区干部或单位联络员)";
        let en = "not allowed: this needs a member who acts for an organization: a coordinator, officer or liaison";
        vec![UserError {
            code: UserErrorCode::NotAllowed,
            field: None,
            message: scope.say(zh, en).to_owned(),
        }]
    } else {
        reading.into_errors()
    }
}

/// Whether who speaks could change anything at all: acts for its own organization at least.
fn may_act(scope: &Scope) -> bool {
    match scope.caller() {
        Caller::Member { organization, .. } => scope.has(Right::ActFor(organization)),
        Caller::System => true,
        Caller::Public => false,
    }
}

/// Whether nobody speaks who could change anything, whatever it is.
fn is_stranger(scope: &Scope) -> bool {
    matches!(scope.caller(), Caller::Public) || scope.state.view() == View::Notices
}

/// What such a one is told, whether there is what it names or not.
fn no_member(scope: &Scope) -> UserError {
    let message = scope.say("没有权限:需要登录的成员", "not allowed: this needs a signed-in member");
    UserError { code: UserErrorCode::NotAllowed, field: None, message: message.to_owned() }
}

/// Executes a command, in which some ids may name what the caller does not see.
///
/// # Errors
/// When the server could not do its work.
pub async fn execute(scope: &Scope, request: Request, command: Command, unseen: &Unseen) -> Result<Outcome> {
    let (subject, path) = (subject(&command), path::of(&command));
    // Deciding and making it last are one wait: the ledger does both for several commands at once.
    let span = tracing::info_span!(
        target: SPANS,
        "decide and append",
        command = command.name(),
        position = Empty,
        refused = Empty
    );
    let executed =
        scope.shared().ledger.execute(scope.caller(), request, command).instrument(span.clone()).await;
    match &executed {
        Ok(receipt) => span.record("position", receipt.position.0),
        Err(ExecuteError::Refused(refusal)) => span.record("refused", refusal.code()),
        Err(_) => span.record("refused", "not executed"),
    };
    ended(scope, (subject, path, unseen), executed)
}

/// What became of a command: what it changes, when it names it, where in its input its fields stand, and what of it is not
/// seen.
fn ended(
    scope: &Scope,
    (subject, path, unseen): (Option<NodeId>, Path, &Unseen),
    executed: Result<Receipt, ExecuteError>,
) -> Result<Outcome> {
    match executed {
        Ok(receipt) => {
            let changed = subject.or_else(|| receipt.events().iter().find_map(made));
            let at = scope.viewed(Arc::clone(&receipt.state));
            Ok(Outcome::Done { receipt, at, changed })
        }
        Err(ExecuteError::Refused(refusal)) => {
            scope.shared().seen.refused(refusal.code());
            let at = scope.viewed(scope.shared().ledger.state());
            let called = Called::new(&at, scope.language);
            Ok(Outcome::Refused {
                errors: vec![UserError::refused(&unseen.told(&refusal), path, called)],
                position: at.position().into(),
            })
        }
        Err(ExecuteError::RequestTaken { .. }) => {
            let zh = "该 requestId 已用于另一项请求,请换一个";
            let en = "this requestId stands for another request, which was granted; take a new one";
            let (code, field) = (UserErrorCode::RequestTaken, Some("requestId".to_owned()));
            Ok(Outcome::Refused {
                errors: vec![UserError { code, field, message: scope.say(zh, en).to_owned() }],
                position: scope.shared().ledger.state().position().into(),
            })
        }
        Err(error) => Err(not_executed(&error)),
    }
}

/// The idempotency key the client gave, with what it stands for, or a random one.
///
/// # Errors
/// `BAD_USER_INPUT` when it is none.
pub fn request(ctx: &Context<'_>, given: Option<&str>) -> Result<Request> {
    request_for(given, || {
        let field = ctx.field();
        let mut input: Vec<Value> = field.arguments()?.into_iter().map(|(_, value)| value).collect();
        input.iter_mut().for_each(forget_key);
        Ok((field.name().to_owned(), Value::List(input)))
    })
}

/// The same of a mutation whose input may not be kept, not even as a digest.
///
/// # Errors
/// `BAD_USER_INPUT` when it is none.
pub fn request_untold(ctx: &Context<'_>, given: Option<&str>) -> Result<Request> {
    request_for(given, || Ok((ctx.field().name().to_owned(), Value::Null)))
}

fn request_for(given: Option<&str>, asks: impl FnOnce() -> Result<(String, Value)>) -> Result<Request> {
    let Some(text) = given else {
        // One that nobody can repeat needs not say what it stands for.
        let id = sign_in::random_hex::<16>().ok().and_then(|text| RequestId::new(text).ok());
        let none = || fault(FaultCode::Internal, "the operating system gives no random bytes");
        return id.map(Request::from).ok_or_else(none);
    };
    let id = RequestId::new(text).map_err(|_| {
        bad_input(
            "requestId:应为 1 到 200 个可见字符,不含空格",
            "requestId: takes 1 to 200 printable characters without blanks",
        )
    })?;
    let (name, input) = asks()?;
    let digest = Sha256::digest(format!("{name} {input}"));
    let bits = digest.iter().take(8).fold(0, |bits, byte| (bits << 8) | u64::from(*byte));
    Ok(Request { id, asked: Some(Asked::new(bits)) })
}

/// Leaves out the key itself.
fn forget_key(input: &mut Value) {
    if let Value::Object(fields) = input {
        fields.shift_remove("requestId");
    }
}

/// What a command changes, when it names it.
pub(super) fn subject(command: &Command) -> Option<NodeId> {
    match command {
        Command::RenamePlace { place, .. } => Some(NodeId::Place(*place)),
        Command::AmendOrganization { organization, .. } => Some(NodeId::Organization(*organization)),
        Command::RedeemContribution { organization, .. } => Some(NodeId::Organization(*organization)),
        Command::RevokeMember(member)
        | Command::IssueToken { member, .. }
        | Command::RevokeToken { member, .. }
        | Command::BindSignOn { member, .. }
        | Command::UnbindSignOn { member } => Some(NodeId::Member(*member)),
        Command::AmendNeed { need, .. }
        | Command::WithdrawNeed { need, .. }
        | Command::VerifyNeed { need }
        | Command::RejectNeed { need, .. }
        | Command::MergeNeed { need, .. }
        | Command::CarryOverNeed { need, .. }
        | Command::StrikeOffNeed { need, .. }
        | Command::AppraiseNeed { need, .. }
        | Command::ReconfirmNeed { need } => Some(NodeId::Need(*need)),
        Command::AmendResource { resource, .. }
        | Command::WithdrawResource { resource, .. }
        | Command::PauseResource { resource, .. }
        | Command::ResumeResource { resource }
        | Command::ReconfirmResource { resource } => Some(NodeId::Resource(*resource)),
        Command::AmendProject { project, .. } | Command::WithdrawProject { project, .. } => {
            Some(NodeId::Project(*project))
        }
        Command::AmendAgreement { agreement, .. }
        | Command::SignAgreement { agreement, .. }
        | Command::WithdrawAgreement { agreement, .. }
        | Command::ReachMilestone { agreement, .. } => Some(NodeId::Agreement(*agreement)),
        Command::StartProject { project }
        | Command::SuspendProject { project, .. }
        | Command::ResumeProject { project }
        | Command::AcceptProject { project, .. }
        | Command::AppraiseProject { project, .. }
        | Command::CloseProject { project }
        | Command::FailProject { project, .. } => Some(NodeId::Project(*project)),
        Command::ConfirmDelivery { delivery }
        | Command::DisputeDelivery { delivery, .. }
        | Command::CorrectDelivery { delivery, .. }
        | Command::WithdrawDelivery { delivery, .. } => Some(NodeId::Delivery(*delivery)),
        Command::AcceptPairing { pairing } => Some(NodeId::Pairing(*pairing)),
        Command::ClaimPairing { pairing, .. }
        | Command::ClaimPart { pairing, .. }
        | Command::DeclinePairing { pairing, .. }
        | Command::WithdrawPairing { pairing, .. } => Some(NodeId::Pairing(*pairing)),
        Command::EraseContact { contact, .. } => Some(NodeId::Contact(*contact)),
        Command::OpenCall { target, .. } | Command::CloseCall { target } => Some((*target).into()),
        Command::WithdrawBid { bid, .. }
        | Command::ChooseBid { bid, .. }
        | Command::DeclineBid { bid, .. } => Some(NodeId::Bid(*bid)),
        Command::AmendMeeting { meeting, .. }
        | Command::DecideItem { meeting, .. }
        | Command::CloseMeeting { meeting, .. }
        | Command::CancelMeeting { meeting, .. } => Some(NodeId::Meeting(*meeting)),
        _ => None,
    }
}

/// What an event brought into being.
fn made(event: &Event) -> Option<NodeId> {
    match event {
        Event::PlaceAdded { place } => Some(NodeId::Place(place.id)),
        Event::OrganizationRegistered { organization, .. } => Some(NodeId::Organization(*organization)),
        Event::MemberAdded { member, .. } => Some(NodeId::Member(*member)),
        Event::CategoryDefined { category } => Some(NodeId::Category(category.code.clone())),
        Event::NeedPosted { need, .. } => Some(NodeId::Need(*need)),
        Event::ResourcePosted { resource, .. } => Some(NodeId::Resource(*resource)),
        Event::ProjectPosted { project, .. } => Some(NodeId::Project(*project)),
        Event::PairingRequested { pairing, .. } => Some(NodeId::Pairing(*pairing)),
        Event::AgreementDrafted { agreement, .. } => Some(NodeId::Agreement(*agreement)),
        Event::DeliveryRecorded { delivery, .. } => Some(NodeId::Delivery(*delivery)),
        Event::PlanAdopted { plan, .. } => Some(NodeId::Plan(*plan)),
        Event::ContactGiven { contact, .. } => Some(NodeId::Contact(*contact)),
        Event::BidPlaced { bid, .. } => Some(NodeId::Bid(*bid)),
        Event::MeetingCalled { meeting, .. } => Some(NodeId::Meeting(*meeting)),
        _ => None,
    }
}
