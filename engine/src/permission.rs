//! Who may do what: the one place that says so.
//!
//! | right | coordinator of the street | coordinator of a place | community officer, unit liaison | observer, public |
//! |---|---|---|---|---|
//! | [`Right::Operate`] | – | – | – | – |
//! | [`Right::Coordinate`] | yes | – | – | – |
//! | [`Right::ActFor`] an organization | any | its own, and who sits at the place or below | their own | – |
//! | the same, for an entry of that organization | any | also what lies at the place or below | their own | – |
//!
//! Beside these, every member may end a token of its own.
//!
//! The system itself (ticker, import, the operator's console) may do everything. A member whose login has
//! ended may do nothing, also when the sign-in was before. [`Reach`] says which column a caller stands in.
//!
//! What is looked at has three gates: [`Sight`] says which kinds of things a caller may ask for at all, [`View`] which rows
//! of them it sees, and [`may_read_contact`] what a contact says.

mod contacts;
mod reach;
mod rows;

pub use contacts::may_read_contact;
pub use reach::Reach;
pub use rows::View;
pub(crate) use rows::beside;

use crate::{
    agreement::Subject,
    command::Command,
    contact::Subject as ContactSubject,
    entry::EntryDraft,
    identity::{NeedId, OrganizationId, PairingId, PlaceId, ProjectId},
    member::Caller,
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
    /// What members may ask for: pairings, plans with their reasons, the event feed; of these, the rows in their [`View`].
    Street,
    /// Logins too.
    Members,
}

impl Sight {
    /// What this caller may look at, by the state of now.
    pub fn of(state: &State, caller: &Caller) -> Self {
        match (Reach::of(state, caller), caller) {
            (Reach::Everything | Reach::Street, _) => Self::Members,
            (Reach::Place { .. } | Reach::Organization(_) | Reach::Nothing, Caller::Public) => Self::Notices,
            (Reach::Place { .. } | Reach::Organization(_) | Reach::Nothing, _) => Self::Street,
        }
    }
}

/// Whether the caller has the right, by the state of now.
pub fn has(state: &State, caller: &Caller, right: Right) -> bool {
    Reach::of(state, caller).has(state, right)
}

/// Whether the caller may speak for one side of a pairing.
pub(crate) fn speaks_for(state: &State, caller: &Caller, pairing: PairingId, side: Side) -> bool {
    let reach = Reach::of(state, caller);
    side_of(state, pairing, side).is_some_and(|wanted| reach.includes(state, wanted))
}

/// A right that a command needs, and where that lies which it is about: there a coordinator of the place has it too.
#[derive(Clone, Copy, Debug)]
struct Wanted {
    right: Right,
    place: Option<PlaceId>,
}

impl Wanted {
    /// To act for an organization, wherever.
    const fn act_for(organization: OrganizationId) -> Self {
        Self { right: Right::ActFor(organization), place: None }
    }

    /// To act for the poster of an entry.
    fn entry(state: &State, entry: &EntryDraft) -> Self {
        Self { right: Right::ActFor(entry.organization), place: state.place_of(entry) }
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
    // Whoever has lost a phone does not wait for a coordinator.
    if let (Command::RevokeToken { member, .. }, Caller::Member { member: own, .. }) = (command, caller)
        && member == own
        && state.member(*own).is_some_and(|it| it.revoked.is_none())
    {
        return Ok(());
    }
    let reach = Reach::of(state, caller);
    if reach == Reach::Nothing {
        // Always the same right: whose entry it is would tell that there is one.
        return Err(Refusal::NotAllowed { right: Right::Coordinate });
    }
    match required(state, command).into_iter().find(|wanted| !reach.includes(state, *wanted)) {
        Some(Wanted { right, .. }) => Err(Refusal::NotAllowed { right }),
        None => Ok(()),
    }
}

/// All rights that a command needs.
fn required(state: &State, command: &Command) -> Vec<Wanted> {
    let of_all = |right| vec![Wanted { right, place: None }];
    match command {
        Command::OpenStreet { .. } | Command::Tick => of_all(Right::Operate),
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
        | Command::RevokeToken { .. }
        | Command::BindSignOn { .. }
        | Command::UnbindSignOn { .. } => of_all(Right::Coordinate),
        // In whose name something is posted counts, wherever it is to lie.
        Command::PostNeed(draft) => vec![Wanted::act_for(draft.entry.organization)],
        Command::PostResource(draft) => vec![Wanted::act_for(draft.entry.organization)],
        Command::PostProject(draft) => {
            let mut rights = vec![Wanted::act_for(draft.entry.organization)];
            rights.extend(carry(state, &draft.needs, &[]));
            rights
        }
        // Whoever amends must stand on both sides of a change of poster.
        Command::AmendNeed { need, draft, .. } => {
            both(state, state.need(*need).map(|need| &need.draft.entry), &draft.entry)
        }
        Command::AmendResource { resource, draft, .. } => {
            both(state, state.resource(*resource).map(|resource| &resource.draft.entry), &draft.entry)
        }
        Command::AmendProject { project, draft, .. } => {
            let old = state.project(*project).map(|project| &project.draft);
            let mut rights = both(state, old.map(|old| &old.entry), &draft.entry);
            rights.extend(carry(state, &draft.needs, old.map_or(&[], |old| &old.needs)));
            rights
        }
        Command::WithdrawNeed { need, .. } => one(asking(state, Target::Need(*need))),
        Command::WithdrawResource { resource, .. } => one(giving(state, Supplier::Resource(*resource))),
        Command::WithdrawProject { project, .. } => one(poster(state, *project)),
        Command::RequestPairing { by, .. } | Command::ClaimJointly { by, .. } => {
            vec![Wanted::act_for(*by)]
        }
        Command::ClaimPairing { pairing, side }
        | Command::ClaimPart { pairing, side, .. }
        | Command::DeclinePairing { pairing, side, .. }
        | Command::WithdrawPairing { pairing, side, .. } => one(side_of(state, *pairing, *side)),

        Command::VerifyNeed { need }
        | Command::RejectNeed { need, .. }
        | Command::MergeNeed { need, .. }
        | Command::CarryOverNeed { need, .. } => review(state, *need),
        Command::StrikeOffNeed { need, .. }
        | Command::AppraiseNeed { need, .. }
        | Command::ReconfirmNeed { need } => one(asking(state, Target::Need(*need))),
        Command::PauseResource { resource, .. }
        | Command::ResumeResource { resource }
        | Command::ReconfirmResource { resource } => one(giving(state, Supplier::Resource(*resource))),

        Command::OpenCall { target, .. } | Command::CloseCall { target } => one(asking(state, *target)),
        Command::PlaceBid { supplier, .. } => one(giving(state, *supplier)),
        Command::WithdrawBid { bid, .. } => {
            one(state.bid(*bid).and_then(|bid| giving(state, bid.draft.supplier)))
        }
        Command::ChooseBid { bid, .. } | Command::DeclineBid { bid, .. } => {
            one(state.bid(*bid).and_then(|bid| asking(state, bid.draft.target)))
        }

        Command::DraftAgreement { subject, .. } => one(raiser(state, *subject)),
        Command::AmendAgreement { agreement, .. }
        | Command::WithdrawAgreement { agreement, .. }
        | Command::ReachMilestone { agreement, .. } => {
            one(state.agreement(*agreement).and_then(|it| raiser(state, it.subject)))
        }
        Command::SignAgreement { party, .. } => vec![Wanted::act_for(*party)],
        Command::StartProject { project }
        | Command::SuspendProject { project, .. }
        | Command::ResumeProject { project }
        | Command::AcceptProject { project, .. }
        | Command::AppraiseProject { project, .. }
        | Command::CloseProject { project }
        | Command::FailProject { project, .. } => one(poster(state, *project)),

        Command::RecordDelivery { pairing, .. } => one(side_of(state, *pairing, Side::Giving)),
        Command::CorrectDelivery { delivery, .. } | Command::WithdrawDelivery { delivery, .. } => {
            one(state.delivery(*delivery).and_then(|it| side_of(state, it.pairing, Side::Giving)))
        }
        Command::ConfirmDelivery { delivery } | Command::DisputeDelivery { delivery, .. } => {
            one(state.delivery(*delivery).and_then(|it| side_of(state, it.pairing, Side::Asking)))
        }
        Command::AcceptPairing { pairing } => one(side_of(state, *pairing, Side::Asking)),
        Command::GiveContact { of, .. } => one(owner(state, *of)),
        Command::EraseContact { contact, .. } => {
            one(state.contact(*contact).and_then(|contact| owner(state, contact.of)))
        }
    }
}

/// To speak for the side that asks for something.
fn asking(state: &State, target: Target) -> Option<Wanted> {
    match target {
        Target::Need(need) => state.need(need).map(|need| Wanted::entry(state, &need.draft.entry)),
        Target::Slot(project, _) => state.asking(target).and_then(|_| poster(state, project)),
    }
}

/// To speak for the side that gives something.
fn giving(state: &State, supplier: Supplier) -> Option<Wanted> {
    match supplier {
        Supplier::Resource(resource) => {
            state.resource(resource).map(|resource| Wanted::entry(state, &resource.draft.entry))
        }
        Supplier::Unit(_) => state.giving(supplier).map(Wanted::act_for),
    }
}

/// To speak for one side of a pairing.
fn side_of(state: &State, pairing: PairingId, side: Side) -> Option<Wanted> {
    let terms = &state.pairing(pairing)?.terms;
    match side {
        Side::Asking => asking(state, terms.target),
        Side::Giving => giving(state, terms.supplier),
    }
}

/// To act for the poster of a project.
fn poster(state: &State, project: ProjectId) -> Option<Wanted> {
    state.project(project).map(|project| Wanted::entry(state, &project.draft.entry))
}

/// To act for who raised what an agreement is about: the poster of the project, or the asking side of the pairing.
fn raiser(state: &State, subject: Subject) -> Option<Wanted> {
    match subject {
        Subject::Project(project) => poster(state, project),
        Subject::Pairing(pairing) => side_of(state, pairing, Side::Asking),
    }
}

/// To act for the owner of what a contact is of.
fn owner(state: &State, of: ContactSubject) -> Option<Wanted> {
    match of {
        ContactSubject::Organization(_) => state.owner(of).map(Wanted::act_for),
        ContactSubject::Need(need) => asking(state, Target::Need(need)),
        ContactSubject::Resource(resource) => giving(state, Supplier::Resource(resource)),
        ContactSubject::Project(project) => poster(state, project),
    }
}

/// A need is reviewed by the community it lies in, or else by the street.
fn review(state: &State, id: NeedId) -> Vec<Wanted> {
    let Some(need) = state.need(id) else { return Vec::new() };
    let right = state.reviewer(id).map_or(Right::Coordinate, Right::ActFor);
    vec![Wanted { right, place: state.place_of(&need.draft.entry) }]
}

fn one(wanted: Option<Wanted>) -> Vec<Wanted> {
    wanted.into_iter().collect()
}

/// A project takes the needs it newly carries out of the matching: that is for whoever acts for their posters.
fn carry(state: &State, needs: &[NeedId], before: &[NeedId]) -> Vec<Wanted> {
    let new = needs.iter().filter(|need| !before.contains(need));
    new.filter_map(|need| asking(state, Target::Need(*need))).collect()
}

fn both(state: &State, before: Option<&EntryDraft>, after: &EntryDraft) -> Vec<Wanted> {
    let mut rights = one(before.map(|entry| Wanted::entry(state, entry)));
    if before.map(|entry| entry.organization) != Some(after.organization) {
        rights.push(Wanted::act_for(after.organization));
    }
    rights
}
