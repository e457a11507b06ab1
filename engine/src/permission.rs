//! Who may do what: the one place that says so.
//!
//! | right | coordinator | community officer, unit liaison | observer, public |
//! |---|---|---|---|
//! | [`Right::Operate`] | – | – | – |
//! | [`Right::Coordinate`] | yes | – | – |
//! | [`Right::ActFor`] an organization | any | their own | – |
//!
//! The system itself (ticker, import, the operator's console) may do everything. A member whose login has
//! ended may do nothing, also when the sign-in was before.

mod contacts;

pub use contacts::may_read_contact;

use crate::{
    agreement::Subject,
    command::Command,
    identity::{MemberId, NeedId, OrganizationId, PairingId},
    member::{Caller, Role},
    pairing::{Side, Supplier, Target},
    refusal::Refusal,
    state::State,
};

/// What a caller must be to give a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// The operator of the system.
    Operate,
    /// A street coordinator.
    Coordinate,
    /// Somebody who acts for this organization.
    ActFor(OrganizationId),
}

/// What a caller may look at. Commands are judged by [`permit`], queries by this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sight {
    /// The public notice view: the three lists, places, organizations; no pairings, plans or events.
    Notices,
    /// What members share: pairings, plans with their reasons, the event feed.
    Street,
    /// Logins too.
    Members,
}

impl Sight {
    /// What this caller may look at.
    pub const fn of(caller: &Caller) -> Self {
        match caller {
            Caller::System => Self::Members,
            Caller::Member { role: Role::Coordinator, .. } => Self::Members,
            Caller::Member { .. } => Self::Street,
            Caller::Public => Self::Notices,
        }
    }
}

/// Whether the caller has the right.
pub fn has(caller: &Caller, right: Right) -> bool {
    match (caller, right) {
        (Caller::System, _) => true,
        (Caller::Member { role: Role::Coordinator, .. }, Right::Coordinate | Right::ActFor(_)) => true,
        (
            Caller::Member { role: Role::CommunityOfficer | Role::UnitLiaison, organization, .. },
            Right::ActFor(wanted),
        ) => *organization == wanted,
        _ => false,
    }
}

/// Checks that the caller may give this command.
///
/// Naming something that does not exist is not judged here: `decide` refuses it as not found. A caller
/// without any right at all is refused first, so that nobody learns by asking what exists.
///
/// # Errors
/// [`Refusal::NotAllowed`] with the right that is missing.
pub fn permit(state: &State, caller: &Caller, command: &Command) -> Result<(), Refusal> {
    let may_anything = match caller {
        Caller::System => true,
        Caller::Member { role, member, .. } => *role != Role::Observer && !has_ended(state, *member),
        Caller::Public => false,
    };
    if !may_anything {
        // Always the same right: whose entry it is would tell that there is one.
        return Err(Refusal::NotAllowed { right: Right::Coordinate });
    }
    match required(state, command).into_iter().find(|right| !has(caller, *right)) {
        Some(right) => Err(Refusal::NotAllowed { right }),
        None => Ok(()),
    }
}

/// Whether a login has ended since its sign-in: a connection may outlive it.
fn has_ended(state: &State, member: MemberId) -> bool {
    state.member(member).is_some_and(|member| member.revoked.is_some())
}

/// All rights that a command needs.
fn required(state: &State, command: &Command) -> Vec<Right> {
    match command {
        Command::OpenStreet { .. } | Command::Tick => vec![Right::Operate],
        Command::SetRules(_)
        | Command::DefineCategory(_)
        | Command::RetireCategory(_)
        | Command::AddPlace { .. }
        | Command::RenamePlace { .. }
        | Command::RegisterOrganization(_)
        | Command::AmendOrganization { .. }
        | Command::LinkRoster(_)
        | Command::UnlinkRoster(_)
        | Command::AddMember { .. }
        | Command::RevokeMember(_)
        | Command::AdoptPlan(_)
        | Command::CallMeeting(_)
        | Command::AmendMeeting { .. }
        | Command::DecideItem { .. }
        | Command::CloseMeeting { .. }
        | Command::CancelMeeting { .. }
        | Command::RedeemContribution { .. }
        | Command::IssueToken { .. }
        | Command::RevokeToken { .. } => vec![Right::Coordinate],
        Command::PostNeed(draft) => vec![Right::ActFor(draft.entry.organization)],
        Command::PostResource(draft) => vec![Right::ActFor(draft.entry.organization)],
        Command::PostProject(draft) => {
            let mut rights = vec![Right::ActFor(draft.entry.organization)];
            rights.extend(carry(state, &draft.needs, &[]));
            rights
        }
        // Whoever amends must stand on both sides of a change of poster.
        Command::AmendNeed { need, draft, .. } => {
            both(state.need(*need).map(|need| need.draft.entry.organization), draft.entry.organization)
        }
        Command::AmendResource { resource, draft, .. } => both(
            state.resource(*resource).map(|resource| resource.draft.entry.organization),
            draft.entry.organization,
        ),
        Command::AmendProject { project, draft, .. } => {
            let old = state.project(*project).map(|project| &project.draft);
            let mut rights = both(old.map(|old| old.entry.organization), draft.entry.organization);
            rights.extend(carry(state, &draft.needs, old.map_or(&[], |old| &old.needs)));
            rights
        }
        Command::WithdrawNeed { need, .. } => act_for(state.asking(Target::Need(*need))),
        Command::WithdrawResource { resource, .. } => act_for(state.giving(Supplier::Resource(*resource))),
        Command::WithdrawProject { project, .. } => {
            act_for(state.project(*project).map(|project| project.draft.entry.organization))
        }
        Command::RequestPairing { by, .. } | Command::ClaimJointly { by, .. } => vec![Right::ActFor(*by)],
        Command::ClaimPairing { pairing, side }
        | Command::ClaimPart { pairing, side, .. }
        | Command::DeclinePairing { pairing, side, .. }
        | Command::WithdrawPairing { pairing, side, .. } => act_for(side_of(state, *pairing, *side)),

        Command::VerifyNeed { need }
        | Command::RejectNeed { need, .. }
        | Command::MergeNeed { need, .. }
        | Command::CarryOverNeed { need, .. } => review(state, *need),
        Command::StrikeOffNeed { need, .. }
        | Command::AppraiseNeed { need, .. }
        | Command::ReconfirmNeed { need } => act_for(state.asking(Target::Need(*need))),
        Command::PauseResource { resource, .. }
        | Command::ResumeResource { resource }
        | Command::ReconfirmResource { resource } => act_for(state.giving(Supplier::Resource(*resource))),

        Command::OpenCall { target, .. } | Command::CloseCall { target } => act_for(state.asking(*target)),
        Command::PlaceBid { supplier, .. } => act_for(state.giving(*supplier)),
        Command::WithdrawBid { bid, .. } => {
            act_for(state.bid(*bid).and_then(|bid| state.giving(bid.draft.supplier)))
        }
        Command::ChooseBid { bid, .. } | Command::DeclineBid { bid, .. } => {
            act_for(state.bid(*bid).and_then(|bid| state.asking(bid.draft.target)))
        }

        Command::DraftAgreement { subject, .. } => act_for(raiser(state, *subject)),
        Command::AmendAgreement { agreement, .. }
        | Command::WithdrawAgreement { agreement, .. }
        | Command::ReachMilestone { agreement, .. } => {
            act_for(state.agreement(*agreement).and_then(|it| raiser(state, it.subject)))
        }
        Command::SignAgreement { party, .. } => vec![Right::ActFor(*party)],
        Command::StartProject { project }
        | Command::SuspendProject { project, .. }
        | Command::ResumeProject { project }
        | Command::AcceptProject { project, .. }
        | Command::AppraiseProject { project, .. }
        | Command::CloseProject { project }
        | Command::FailProject { project, .. } => act_for(raiser(state, Subject::Project(*project))),

        Command::RecordDelivery { pairing, .. } => act_for(side_of(state, *pairing, Side::Giving)),
        Command::CorrectDelivery { delivery, .. } | Command::WithdrawDelivery { delivery, .. } => {
            act_for(state.delivery(*delivery).and_then(|it| side_of(state, it.pairing, Side::Giving)))
        }
        Command::ConfirmDelivery { delivery } | Command::DisputeDelivery { delivery, .. } => {
            act_for(state.delivery(*delivery).and_then(|it| side_of(state, it.pairing, Side::Asking)))
        }
        Command::AcceptPairing { pairing } => act_for(side_of(state, *pairing, Side::Asking)),
        Command::GiveContact { of, .. } => act_for(state.owner(*of)),
        Command::EraseContact { contact, .. } => {
            act_for(state.contact(*contact).and_then(|contact| state.owner(contact.of)))
        }
    }
}

/// The organization on one side of a pairing.
fn side_of(state: &State, pairing: PairingId, side: Side) -> Option<OrganizationId> {
    let terms = &state.pairing(pairing)?.terms;
    match side {
        Side::Asking => state.asking(terms.target),
        Side::Giving => state.giving(terms.supplier),
    }
}

/// Who raised what an agreement is about: the poster of the project, or the asking side of the pairing.
fn raiser(state: &State, subject: Subject) -> Option<OrganizationId> {
    match subject {
        Subject::Project(project) => state.project(project).map(|it| it.draft.entry.organization),
        Subject::Pairing(pairing) => side_of(state, pairing, Side::Asking),
    }
}

/// A need is reviewed by the community it lies in, or else by the street.
fn review(state: &State, need: NeedId) -> Vec<Right> {
    if state.need(need).is_none() {
        return Vec::new();
    }
    vec![state.reviewer(need).map_or(Right::Coordinate, Right::ActFor)]
}

fn act_for(organization: Option<OrganizationId>) -> Vec<Right> {
    organization.map(Right::ActFor).into_iter().collect()
}

/// A project takes the needs it newly carries out of the matching: that is for whoever acts for their posters.
fn carry(state: &State, needs: &[NeedId], before: &[NeedId]) -> Vec<Right> {
    let new = needs.iter().filter(|need| !before.contains(need));
    new.flat_map(|need| act_for(state.asking(Target::Need(*need)))).collect()
}

fn both(before: Option<OrganizationId>, after: OrganizationId) -> Vec<Right> {
    let mut rights = act_for(before);
    if before != Some(after) {
        rights.push(Right::ActFor(after));
    }
    rights
}
