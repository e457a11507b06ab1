//! `decide`: look at the state of now, answer a command with events or with a refusal.
//!
//! It changes nothing. Every check stands before the first event, so a command happens whole or not at all.

mod check;
mod lists;
mod pairings;
mod plans;
mod street;
mod tokens;

use crate::{
    command::Command, event::Event, member::Caller, moment::Moment, permission, refusal::Refusal,
    state::State,
};

/// What a decision may know beside the state: who speaks, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Context {
    /// Who speaks.
    pub caller: Caller,
    /// What time it is.
    pub now: Moment,
}

/// Grants a command with the events that follow from it, in order. No events: nothing was to be done.
///
/// # Errors
/// A [`Refusal`] when the caller may not, when a field is wrong, or when the street's state forbids it.
pub fn decide(state: &State, context: &Context, command: &Command) -> Result<Vec<Event>, Refusal> {
    permission::permit(state, &context.caller, command)?;
    if state.street().is_none() && !matches!(command, Command::OpenStreet { .. } | Command::Tick) {
        return Err(Refusal::StreetNotOpened);
    }
    match command {
        Command::OpenStreet { name } => street::open(state, name),
        Command::SetRules(rules) => street::set_rules(state, rules),
        Command::DefineCategory(category) => street::define_category(state, category),
        Command::RetireCategory(code) => street::retire_category(state, code),
        Command::AddPlace { name, level, parent, reference } => {
            street::add_place(state, name, *level, *parent, reference.as_deref())
        }
        Command::RenamePlace { place, name } => street::rename_place(state, *place, name),
        Command::RegisterOrganization(draft) => street::register(state, draft),
        Command::AmendOrganization { organization, draft } => street::amend(state, *organization, draft),
        Command::LinkRoster(link) => street::link(state, *link),
        Command::UnlinkRoster(link) => street::unlink(state, *link),
        Command::AddMember { organization, role, label, token } => {
            street::add_member(state, *organization, *role, label, token)
        }
        Command::RevokeMember(member) => street::revoke_member(state, *member),
        Command::PostNeed(draft) => lists::post_need(state, draft),
        Command::AmendNeed { need, revision, draft } => lists::amend_need(state, *need, *revision, draft),
        Command::WithdrawNeed { need, reason } => lists::withdraw_need(state, *need, reason),
        Command::PostResource(draft) => lists::post_resource(state, draft),
        Command::AmendResource { resource, revision, draft } => {
            lists::amend_resource(state, *resource, *revision, draft)
        }
        Command::WithdrawResource { resource, reason } => lists::withdraw_resource(state, *resource, reason),
        Command::PostProject(draft) => lists::post_project(state, draft),
        Command::AmendProject { project, revision, draft } => {
            lists::amend_project(state, *project, *revision, draft)
        }
        Command::WithdrawProject { project, reason } => lists::withdraw_project(state, *project, reason),
        Command::RequestPairing { target, supplier, quantity, draws, by } => {
            pairings::request(state, context.now, *target, *supplier, *quantity, *draws, *by)
        }
        Command::ClaimPairing { pairing, side } => pairings::claim(state, context.now, *pairing, *side),
        Command::DeclinePairing { pairing, side, reason } => {
            pairings::decline(state, *pairing, *side, reason)
        }
        Command::WithdrawPairing { pairing, side, reason } => {
            pairings::withdraw(state, *pairing, *side, reason)
        }
        Command::AdoptPlan(proposal) => plans::adopt(state, proposal),
        Command::Tick => Ok(pairings::lapse(state, context.now)),
        Command::IssueToken { member, label, token, expires } => {
            tokens::issue(state, context.now, *member, label, token, *expires)
        }
        Command::RevokeToken { member, label } => tokens::revoke(state, context.now, *member, label),
    }
}
