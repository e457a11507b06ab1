//! Random commands: mostly what people of a street would wish, partly what they should not.
//!
//! The pools of names, references and tokens are small on purpose, so that wishes meet.

mod claims;
mod contacts;
mod deliveries;
mod entries;
mod lists;
mod meetings;
mod plans;
mod projects;
mod streetwise;

use crate::random::SplitMix64;
use engine::{
    agreement::Subject,
    command::Command,
    identity::{MemberId, NeedId, OrganizationId, PairingId, PlaceId, ProjectId, ResourceId},
    member::{Caller, Member, Role},
    pairing::{PairingStatus, Side, Supplier, Target},
    resource::ResourceStatus,
    state::State,
};

/// What places and organizations are called.
pub const NAMES: [&str; 8] =
    ["春晖", "秋实", "清河", "长青", "春晖里社区", "秋实路社区", "清河食品公司", "长青医院"];

/// What entries and places were called in imported lists.
pub const REFERENCES: [&str; 6] = ["N-1", "N-2", "R-1", "R-2", "P-1", "P-2"];

/// A number that nothing has.
const NOWHERE: u64 = 9_999;

/// Who wishes, what, and how many hours after the wish before.
#[derive(Clone, Debug)]
pub struct Wish {
    /// Who.
    pub caller: Caller,
    /// What.
    pub command: Command,
    /// How many hours later.
    pub hours: u32,
}

/// The wishes of one seed.
#[derive(Clone, Debug)]
pub struct Wishes {
    random: SplitMix64,
}

impl Wishes {
    /// The wishes of this seed.
    pub const fn new(seed: u64) -> Self {
        Self { random: SplitMix64::new(seed) }
    }

    /// The next wish in this state.
    pub fn next(&mut self, state: &State) -> Wish {
        let command = match self.random.below(190) {
            100..120 => self.entry_life(state),
            120..136 => self.claim_life(state),
            136..142 => self.meeting(state),
            142..150 => self.project_life(state),
            150..160 => self.delivery(state),
            160..190 => self.project_life(state),
            0..7 => self.post_need(state),
            7..13 => self.post_resource(state),
            13..16 => self.post_project(state),
            16..23 => self.amend_need(state),
            23..28 => self.amend_resource(state),
            28..32 => self.amend_project(state),
            32..36 => self.withdraw_entry(state),
            36..50 => self.request(state),
            50..66 => self.claim(state),
            66..71 => self.decline(state),
            71..76 => self.withdraw_pairing(state),
            76..83 => self.adopt(state),
            83..87 => Command::Tick,
            _ => self.streetwise(state),
        };
        let caller = self.caller(state, &command);
        // Most things happen in a row; now and then days go by.
        let hours = match self.random.below(20) {
            0 => self.random.between(1, 120) as u32,
            1..4 => 1,
            _ => 0,
        };
        Wish { caller, command, hours }
    }

    /// Mostly somebody who may, sometimes anybody.
    fn caller(&mut self, state: &State, command: &Command) -> Caller {
        let natural = acts_for(state, command);
        let of_street = callers(state, |it| it.revoked.is_none() && it.role == Role::Coordinator);
        let of_side = callers(state, |it| {
            it.revoked.is_none()
                && Some(it.organization) == natural
                && matches!(it.role, Role::CommunityOfficer | Role::UnitLiaison)
        });
        let anybody = callers(state, |_| true);
        let found = match self.random.below(100) {
            0..25 => None,
            25..50 => self.random.any(&of_street),
            50..85 => self.random.any(&of_side),
            85..97 => self.random.any(&anybody),
            _ => Some(Caller::Public),
        };
        found.unwrap_or(Caller::System)
    }

    fn request(&mut self, state: &State) -> Command {
        let (target, supplier) = (self.target(state), self.supplier(state));
        let (asking, giving) = (state.asking(target), state.giving(supplier));
        let by = match self.random.below(10) {
            0..4 => asking,
            4..8 => giving,
            8 => state.street().map(|street| street.office),
            _ => None,
        };
        let by = by.unwrap_or_else(|| self.organization(state));
        let quantity = self.random.percent(50).then(|| self.random.below(8));
        let draws = self.random.percent(20).then(|| self.random.below(6));
        let quantity = quantity.map(|it| it.min(state.asked(target).map_or(9, |(asked, _)| asked + 1)));
        Command::RequestPairing { target, supplier, quantity, draws, by }
    }

    fn claim(&mut self, state: &State) -> Command {
        let (pairing, silent) = self.pairing(state, |status| {
            matches!(status, PairingStatus::Proposed | PairingStatus::Claimed { .. })
        });
        // Mostly the side that has not claimed yet.
        let side = if self.random.percent(80) { silent } else { silent.other() };
        Command::ClaimPairing { pairing, side }
    }

    fn decline(&mut self, state: &State) -> Command {
        let (pairing, side) = self.pairing(state, |status| {
            matches!(status, PairingStatus::Proposed | PairingStatus::Claimed { .. })
        });
        Command::DeclinePairing { pairing, side, reason: self.reason() }
    }

    fn withdraw_pairing(&mut self, state: &State) -> Command {
        let (pairing, silent) = self.pairing(state, |status| {
            matches!(status, PairingStatus::Agreed { .. } | PairingStatus::Claimed { .. })
        });
        Command::WithdrawPairing { pairing, side: silent.other(), reason: self.reason() }
    }

    /// A pairing, mostly one that stands so, and the side that has not claimed it.
    fn pairing(&mut self, state: &State, stands: impl Fn(&PairingStatus) -> bool) -> (PairingId, Side) {
        let fitting: Vec<PairingId> =
            state.pairings().filter(|it| stands(&it.status)).map(|it| it.id).collect();
        let any = |wishes: &mut Self| {
            let last = state.pairings().count() as u64;
            PairingId::new(if wishes.random.percent(5) {
                NOWHERE
            } else {
                wishes.random.between(1, last.max(1))
            })
        };
        let id = match self.random.any(&fitting) {
            Some(id) if self.random.percent(90) => id,
            _ => any(self),
        };
        let silent = match state.pairing(id).map(|it| &it.status) {
            Some(PairingStatus::Claimed { by, .. }) => by.other(),
            _ => self.random.one(&[Side::Asking, Side::Giving]),
        };
        (id, silent)
    }

    /// A need or slot, mostly one that is open.
    fn target(&mut self, state: &State) -> Target {
        if self.random.percent(3) {
            return Target::Slot(self.project(state), 99);
        }
        if self.random.percent(25) {
            return Target::Need(self.need(state));
        }
        let needs = state.needs().filter(|it| it.is_open()).map(|it| Target::Need(it.id));
        let slots = state
            .projects()
            .filter(|it| it.is_open())
            .flat_map(|it| (0..it.draft.slots.len() as u16).map(|index| Target::Slot(it.id, index)));
        let open: Vec<Target> = needs.chain(slots).collect();
        self.random.any(&open).unwrap_or(Target::Need(NeedId::new(NOWHERE)))
    }

    /// A resource or unit, mostly a resource of which something is free.
    fn supplier(&mut self, state: &State) -> Supplier {
        match self.random.below(10) {
            0..2 => Supplier::Resource(self.resource(state)),
            2..5 => Supplier::Unit(self.organization(state)),
            _ => {
                let free = state.resources().filter(|it| it.status() == ResourceStatus::Open);
                let free: Vec<ResourceId> = free.map(|it| it.id).collect();
                Supplier::Resource(self.random.any(&free).unwrap_or(ResourceId::new(NOWHERE)))
            }
        }
    }

    /// One of so many, mostly a late one, seldom one that is not there.
    fn number(&mut self, count: usize) -> u64 {
        let count = count as u64;
        match self.random.below(100) {
            0..2 => NOWHERE,
            2..60 => self.random.between(count.saturating_sub(7).max(1), count.max(1)),
            _ => self.random.between(1, count.max(1)),
        }
    }

    fn need(&mut self, state: &State) -> NeedId {
        NeedId::new(self.number(state.needs().count()))
    }

    fn resource(&mut self, state: &State) -> ResourceId {
        ResourceId::new(self.number(state.resources().count()))
    }

    fn project(&mut self, state: &State) -> ProjectId {
        ProjectId::new(self.number(state.projects().count()))
    }

    fn organization(&mut self, state: &State) -> OrganizationId {
        OrganizationId::new(self.number(state.organizations().count()))
    }

    fn place(&mut self, state: &State) -> PlaceId {
        PlaceId::new(self.number(state.places().count()))
    }

    fn member(&mut self, state: &State) -> MemberId {
        MemberId::new(self.number(state.members().count()))
    }

    fn reason(&mut self) -> String {
        match self.random.below(20) {
            0 => " ".into(),
            1 => "长".repeat(121),
            _ => "时间不合适".into(),
        }
    }
}

/// The organization that a command speaks for, when it speaks for one.
pub fn acts_for(state: &State, command: &Command) -> Option<OrganizationId> {
    let side = |pairing: &PairingId, side: &Side| {
        let terms = &state.pairing(*pairing)?.terms;
        match side {
            Side::Asking => state.asking(terms.target),
            Side::Giving => state.giving(terms.supplier),
        }
    };
    match command {
        Command::PostNeed(draft) => Some(draft.entry.organization),
        Command::PostResource(draft) => Some(draft.entry.organization),
        Command::PostProject(draft) => Some(draft.entry.organization),
        Command::AmendNeed { need, .. } | Command::WithdrawNeed { need, .. } => {
            state.asking(Target::Need(*need))
        }
        Command::AmendResource { resource, .. } | Command::WithdrawResource { resource, .. } => {
            state.giving(Supplier::Resource(*resource))
        }
        Command::AmendProject { project, .. } | Command::WithdrawProject { project, .. } => {
            state.asking(Target::Slot(*project, 0))
        }
        Command::VerifyNeed { need }
        | Command::RejectNeed { need, .. }
        | Command::MergeNeed { need, .. }
        | Command::CarryOverNeed { need, .. } => state.reviewer(*need),
        Command::StrikeOffNeed { need, .. }
        | Command::AppraiseNeed { need, .. }
        | Command::ReconfirmNeed { need } => state.asking(Target::Need(*need)),
        Command::PauseResource { resource, .. }
        | Command::ResumeResource { resource }
        | Command::ReconfirmResource { resource } => state.giving(Supplier::Resource(*resource)),
        Command::OpenCall { target, .. } | Command::CloseCall { target } => state.asking(*target),
        Command::PlaceBid { supplier, .. } => state.giving(*supplier),
        Command::WithdrawBid { bid, .. } => state.giving(state.bid(*bid)?.draft.supplier),
        Command::ChooseBid { bid, .. } | Command::DeclineBid { bid, .. } => {
            state.asking(state.bid(*bid)?.draft.target)
        }
        Command::DraftAgreement { subject, .. } => raiser(state, *subject),
        Command::AmendAgreement { agreement, .. }
        | Command::WithdrawAgreement { agreement, .. }
        | Command::ReachMilestone { agreement, .. } => raiser(state, state.agreement(*agreement)?.subject),
        Command::SignAgreement { party, .. } => Some(*party),
        Command::StartProject { project }
        | Command::SuspendProject { project, .. }
        | Command::ResumeProject { project }
        | Command::AcceptProject { project, .. }
        | Command::AppraiseProject { project, .. }
        | Command::CloseProject { project }
        | Command::FailProject { project, .. } => state.asking(Target::Slot(*project, 0)),
        Command::RecordDelivery { pairing, .. } => side(pairing, &Side::Giving),
        Command::AcceptPairing { pairing } => side(pairing, &Side::Asking),
        Command::CorrectDelivery { delivery, .. } | Command::WithdrawDelivery { delivery, .. } => {
            side(&state.delivery(*delivery)?.pairing, &Side::Giving)
        }
        Command::ConfirmDelivery { delivery } | Command::DisputeDelivery { delivery, .. } => {
            side(&state.delivery(*delivery)?.pairing, &Side::Asking)
        }
        Command::RequestPairing { by, .. } | Command::ClaimJointly { by, .. } => Some(*by),
        Command::GiveContact { of, .. } => state.owner(*of),
        Command::EraseContact { contact, .. } => state.contact(*contact).and_then(|it| state.owner(it.of)),
        Command::ClaimPairing { pairing, side: of }
        | Command::ClaimPart { pairing, side: of, .. }
        | Command::DeclinePairing { pairing, side: of, .. }
        | Command::WithdrawPairing { pairing, side: of, .. } => side(pairing, of),
        _ => None,
    }
}

/// Who raised what an agreement is about.
fn raiser(state: &State, subject: Subject) -> Option<OrganizationId> {
    match subject {
        Subject::Project(project) => state.asking(Target::Slot(project, 0)),
        Subject::Pairing(pairing) => state.asking(state.pairing(pairing)?.terms.target),
    }
}

/// The logins, ended ones too, that this holds of.
fn callers(state: &State, holds: impl Fn(&Member) -> bool) -> Vec<Caller> {
    state
        .members()
        .filter(|it| holds(it))
        .map(|it| Caller::Member { member: it.id, organization: it.organization, role: it.role })
        .collect()
}
