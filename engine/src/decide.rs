//! `decide`: look at the state of now, answer a command with events or with a refusal.
//!
//! It changes nothing. Every check stands before the first event, so a command happens whole or not at all.

mod agreements;
mod bids;
mod check;
mod claims;
mod closing;
mod contacts;
mod contributions;
mod deliveries;
mod lists;
mod meetings;
mod merging;
mod pairings;
mod plans;
mod progress;
mod releasing;
mod reviews;
mod sign_on;
mod street;
pub mod ticking;
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
        Command::AddMember { organization, role, label, token, expires } => {
            street::add_member(state, *organization, *role, label, token, (context.now, *expires))
        }
        Command::RevokeMember(member) => street::revoke_member(state, *member),
        Command::PostNeed(draft) => lists::post_need(state, context.caller, draft),
        Command::AmendNeed { need, revision, draft } => {
            lists::amend_need(state, context.caller, *need, *revision, draft)
        }
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
        Command::ClaimPart { pairing, side, quantity } => {
            claims::part(state, context.now, *pairing, *side, *quantity)
        }
        Command::ClaimJointly { target, shares, by } => {
            claims::jointly(state, context.now, *target, shares, *by)
        }

        Command::VerifyNeed { need } => reviews::verify(state, *need),
        Command::RejectNeed { need, ground, note } => reviews::reject(state, *need, ground, note.as_deref()),
        Command::MergeNeed { need, into } => merging::merge(state, *need, *into),
        Command::CarryOverNeed { need, into, reason } => {
            reviews::carry_over(state, context.now, *need, *into, reason)
        }
        Command::StrikeOffNeed { need, note } => reviews::strike_off(state, *need, note.as_deref()),
        Command::AppraiseNeed { need, appraisal } => reviews::appraise(state, *need, appraisal),
        Command::ReconfirmNeed { need } => reviews::reconfirm_need(state, *need),
        Command::PauseResource { resource, reason } => reviews::pause(state, *resource, reason),
        Command::ResumeResource { resource } => reviews::resume(state, *resource),
        Command::ReconfirmResource { resource } => reviews::reconfirm_resource(state, *resource),

        Command::OpenCall { target, until, note } => {
            bids::open_call(state, context.now, *target, *until, note.as_deref())
        }
        Command::CloseCall { target } => bids::close_call(state, *target),
        Command::PlaceBid { target, supplier, quantity, draws, note } => {
            bids::place(state, context.now, *target, *supplier, (*quantity, *draws), note.as_deref())
        }
        Command::WithdrawBid { bid, reason } => bids::withdraw(state, *bid, reason),
        Command::ChooseBid { bid, reason } => bids::choose(state, context.now, *bid, reason.as_deref()),
        Command::DeclineBid { bid, reason } => bids::decline(state, *bid, reason),

        Command::CallMeeting(draft) => meetings::call(state, draft),
        Command::AmendMeeting { meeting, draft } => meetings::amend(state, *meeting, draft),
        Command::DecideItem { meeting, item, decision, note } => {
            meetings::decide_item(state, context.now, *meeting, *item, decision, note.as_deref())
        }
        Command::CloseMeeting { meeting, minutes } => meetings::close(state, *meeting, minutes),
        Command::CancelMeeting { meeting, reason } => meetings::cancel(state, *meeting, reason),

        Command::DraftAgreement { subject, terms } => agreements::draft(state, *subject, terms),
        Command::AmendAgreement { agreement, version, terms } => {
            agreements::amend(state, *agreement, *version, terms)
        }
        Command::SignAgreement { agreement, version, party } => {
            agreements::sign(state, *agreement, *version, *party)
        }
        Command::WithdrawAgreement { agreement, reason } => agreements::withdraw(state, *agreement, reason),
        Command::ReachMilestone { agreement, milestone, note } => {
            agreements::reach(state, *agreement, *milestone, note.as_deref())
        }

        Command::StartProject { project } => progress::start(state, *project),
        Command::SuspendProject { project, reason } => progress::suspend(state, *project, reason),
        Command::ResumeProject { project } => progress::resume(state, *project),
        Command::AcceptProject { project, note } => progress::accept(state, *project, note.as_deref()),
        Command::AppraiseProject { project, appraisal } => progress::appraise(state, *project, appraisal),
        Command::CloseProject { project } => progress::close(state, *project),
        Command::FailProject { project, reason } => progress::fail(state, *project, reason),

        Command::RecordDelivery { pairing, draft } => deliveries::record(state, context.now, *pairing, draft),
        Command::ConfirmDelivery { delivery } => deliveries::confirm(state, *delivery),
        Command::DisputeDelivery { delivery, reason } => deliveries::dispute(state, *delivery, reason),
        Command::CorrectDelivery { delivery, draft } => {
            deliveries::correct(state, context.now, *delivery, draft)
        }
        Command::WithdrawDelivery { delivery, reason } => deliveries::withdraw(state, *delivery, reason),
        Command::AcceptPairing { pairing } => deliveries::accept(state, *pairing),

        Command::RedeemContribution { organization, redemption } => {
            contributions::redeem(state, *organization, redemption)
        }

        Command::GiveContact { contact, of, purpose } => contacts::give(state, *contact, *of, *purpose),
        Command::EraseContact { contact, reason } => contacts::erase(state, *contact, *reason),

        Command::IssueToken { member, label, token, expires } => {
            tokens::issue(state, context.now, *member, label, token, *expires)
        }
        Command::RevokeToken { member, label } => tokens::revoke(state, context.now, *member, label),
        Command::BindSignOn { member, sign_on } => sign_on::bind(state, *member, sign_on),
        Command::UnbindSignOn { member } => sign_on::unbind(state, *member),

        Command::Tick => Ok(ticking::tick(state, context.now)),
    }
}
