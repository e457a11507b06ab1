//! The life of every pairing, told from the commands that were granted and from nothing the engine keeps of it.

mod claims;

use super::{counted_alike, shared_out, works::Works};
use chrono::Days;
use engine::{
    command::Command,
    identity::{OrganizationId, PairingId},
    moment::Moment,
    need::Urgency,
    pairing::{PairingStatus, Side, Supplier, Target},
    plan::Proposal,
    quantity::{Measure, Quantity},
    state::State,
    window::Window,
};
use std::collections::BTreeMap;

/// Where a pairing stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    Proposed,
    Claimed(Side, Moment),
    Agreed,
    Accepted,
    Declined,
    Lapsed,
    Withdrawn,
    Superseded,
}

#[derive(Clone, Debug)]
pub(super) struct Life {
    pub(super) target: Target,
    pub(super) supplier: Supplier,
    pub(super) quantity: u64,
    pub(super) draws: u64,
    planned: bool,
    /// The number of the first one it is claimed jointly with.
    joint: Option<u64>,
    pub(super) stage: Stage,
}

impl Life {
    const fn is_promised(&self) -> bool {
        matches!(self.stage, Stage::Claimed(..) | Stage::Agreed | Stage::Accepted)
    }

    /// What it takes of the giving side. A unit's engagement is over once it is accepted.
    const fn drawn(&self) -> u64 {
        if matches!((self.supplier, self.stage), (Supplier::Unit(_), Stage::Accepted)) {
            0
        } else {
            self.draws
        }
    }

    pub(super) const fn is_live(&self) -> bool {
        self.is_promised() || matches!(self.stage, Stage::Proposed)
    }
}

/// When a claim of now lapses.
fn limit(before: &State, now: Moment, target: Target) -> Moment {
    let rules = before.rules();
    let need = match target {
        Target::Need(need) => before.need(need),
        Target::Slot(..) => None,
    };
    let emergency = need.is_some_and(|need| need.draft.urgency == Some(Urgency::Emergency));
    let hours = if emergency { rules.limits.emergency_claim_hours } else { u32::MAX };
    now.plus_hours(hours.min(rules.claim_hours))
}

/// All pairings by their number, and what was handed over for them.
#[derive(Clone, Debug, Default)]
pub struct Lives(pub(super) BTreeMap<u64, Life>, pub(super) Works);

impl Lives {
    /// Lives through a command that was granted in the state `before`.
    ///
    /// # Panics
    /// When no pairing could have come that way.
    pub fn live_through(&mut self, before: &State, now: Moment, command: &Command) {
        match command {
            Command::ClaimPairing { pairing, side } => {
                let until = limit(before, now, self.0[&pairing.number()].target);
                self.claim(*pairing, *side, now, until);
            }
            Command::DeclinePairing { pairing, side, .. } => self.step(*pairing, |stage| match stage {
                Stage::Proposed => Some(Stage::Declined),
                Stage::Claimed(by, _) if by != *side => Some(Stage::Declined),
                _ => None,
            }),
            Command::WithdrawPairing { pairing, side, .. } => {
                let stage = self.0[&pairing.number()].stage;
                assert!(
                    matches!(stage, Stage::Agreed) || matches!(stage, Stage::Claimed(by, _) if by == *side)
                );
                self.let_go(*pairing);
            }
            Command::Tick => {
                for life in self.0.values_mut() {
                    if matches!(life.stage, Stage::Claimed(_, limit) if limit <= now) {
                        life.stage = Stage::Lapsed;
                    }
                }
                self.expire(before, now);
            }
            Command::PauseResource { resource, .. } => {
                self.supersede(0, |life| {
                    (life.supplier == Supplier::Resource(*resource)).then_some(life.draws)
                });
            }
            Command::RejectNeed { need, .. }
            | Command::MergeNeed { need, .. }
            | Command::StrikeOffNeed { need, .. }
            | Command::WithdrawNeed { need, .. } => self.gone(|life| life.target == Target::Need(*need)),
            Command::WithdrawResource { resource, .. } => {
                self.gone(|life| life.supplier == Supplier::Resource(*resource));
            }
            Command::WithdrawProject { project, .. } => {
                self.gone(|life| matches!(life.target, Target::Slot(of, _) if of == *project));
            }
            Command::AmendNeed { need, draft, .. } => {
                let old = &before.need(*need).unwrap().draft.entry.quantity;
                self.reask(Target::Need(*need), old.as_ref(), draft.entry.quantity.as_ref());
            }
            Command::AmendProject { project, draft, .. } => {
                for (index, old) in before.project(*project).unwrap().draft.slots.iter().enumerate() {
                    let target = Target::Slot(*project, index as u16);
                    match draft.slots.get(index) {
                        Some(new) => self.reask(target, old.quantity.as_ref(), new.quantity.as_ref()),
                        None => self.make_room(target, 0),
                    }
                }
            }
            Command::AmendResource { resource, draft, .. } => {
                let old = &before.resource(*resource).unwrap().draft;
                let same = shared_out(old) == shared_out(draft);
                if old != draft {
                    let supplier = Supplier::Resource(*resource);
                    let room = if same { draft.capacity() } else { 0 };
                    self.supersede(room, |life| (life.supplier == supplier).then_some(life.draws));
                }
            }
            Command::RequestPairing { target, supplier, quantity, draws, by } => {
                let until = limit(before, now, *target);
                self.request(before, until, (*target, *supplier), (*quantity, *draws), *by);
            }
            Command::AdoptPlan(proposal) => self.adopt(proposal),
            Command::ClaimPart { pairing, side, quantity } => {
                let until = limit(before, now, self.0[&pairing.number()].target);
                self.claim_part(*pairing, *side, *quantity, until);
            }
            Command::ClaimJointly { target, shares, by } => {
                let until = limit(before, now, *target);
                self.claim_jointly(before, *target, shares, *by, until);
            }
            Command::ChooseBid { bid, .. } => self.choose(before, *bid),
            Command::DecideItem { item, decision, .. } => self.decided(before, now, *item, decision),
            _ => self.work(before, command),
        }
    }

    /// Compares every life with what the state says of it.
    pub fn check(&self, state: &State) {
        self.1.check(state);
        assert_eq!(state.pairings().count(), self.0.len());
        for pairing in state.pairings() {
            let told = &self.0[&pairing.id.number()];
            let stage = match pairing.status {
                PairingStatus::Proposed => Stage::Proposed,
                PairingStatus::Claimed { by, until } => Stage::Claimed(by, until),
                PairingStatus::Agreed { .. } => Stage::Agreed,
                PairingStatus::Accepted { .. } => Stage::Accepted,
                PairingStatus::Declined { .. } => Stage::Declined,
                PairingStatus::Lapsed { .. } => Stage::Lapsed,
                PairingStatus::Withdrawn { .. } => Stage::Withdrawn,
                PairingStatus::Superseded => Stage::Superseded,
            };
            assert_eq!(stage, told.stage, "{}", pairing.id);
            let terms = &pairing.terms;
            assert_eq!((terms.target, terms.supplier), (told.target, told.supplier), "{}", pairing.id);
            assert_eq!((terms.quantity, terms.draws), (told.quantity, told.draws), "{}", pairing.id);
        }
    }

    fn step(&mut self, pairing: PairingId, next: impl Fn(Stage) -> Option<Stage>) {
        let life = self.0.get_mut(&pairing.number()).unwrap();
        life.stage = next(life.stage).unwrap_or_else(|| panic!("{pairing} stood at {:?}", life.stage));
    }

    /// What was not agreed goes with its entry; what was keeps the entry, and what is accepted stays.
    fn gone(&mut self, with_it: impl Fn(&Life) -> bool) {
        // What is accepted has happened.
        let live = |life: &Life| life.is_live() && life.stage != Stage::Accepted;
        for life in self.0.values_mut().filter(|life| live(life) && with_it(life)) {
            assert_ne!(life.stage, Stage::Agreed, "{life:?}");
            if life.stage != Stage::Accepted {
                life.stage = Stage::Withdrawn;
            }
        }
    }

    /// What was proposed of entries whose last day is over goes with them, if nothing of them is promised.
    fn expire(&mut self, before: &State, now: Moment) {
        let rules = before.rules();
        let today = now.date(rules.utc_offset_minutes);
        let days = Days::new(rules.limits.expiry_days.into());
        let over = |window: &Window| window.to.is_some_and(|to| to + days < today);
        for need in before.needs() {
            let idle = need.tally.claimed + need.tally.agreed == 0;
            let goes_on = need.end.is_none() && need.draft.entry.settled.is_none();
            if goes_on && idle && over(&need.draft.entry.window) && before.carrier(need.id).is_none() {
                self.gone(|life| life.target == Target::Need(need.id));
            }
        }
        for resource in before.resources() {
            let idle = resource.tally.claimed == 0 && resource.tally.agreed == resource.tally.accepted;
            let goes_on = resource.end.is_none() && resource.draft.entry.settled.is_none();
            if goes_on && idle && over(&resource.draft.entry.window) {
                self.gone(|life| life.supplier == Supplier::Resource(resource.id));
            }
        }
    }

    fn reask(&mut self, target: Target, old: Option<&Quantity>, new: Option<&Quantity>) {
        let measure = |quantity: Option<&Quantity>| quantity.map_or(Measure::Lot, |it| it.measure.clone());
        let asked = new.map_or(1, |quantity| quantity.amount);
        self.make_room(target, if measure(old) == measure(new) { asked } else { 0 });
    }

    fn make_room(&mut self, target: Target, room: u64) {
        self.supersede(room, |life| (life.target == target).then_some(life.quantity));
    }

    /// Proposals go, newest first, until what lives fits; what is promised stays.
    fn supersede(&mut self, room: u64, counts: impl Fn(&Life) -> Option<u64>) {
        let lives = self.0.values().filter(|life| life.is_live());
        let mut live: u64 = lives.filter_map(&counts).sum();
        for life in self.0.values_mut().rev() {
            if live > room
                && life.stage == Stage::Proposed
                && let Some(amount) = counts(life)
            {
                live -= amount;
                life.stage = Stage::Superseded;
            }
        }
    }

    fn request(
        &mut self,
        before: &State,
        until: Moment,
        (target, supplier): (Target, Supplier),
        said: (Option<u64>, Option<u64>),
        by: OrganizationId,
    ) {
        let (asked, _) = before.asked(target).unwrap();
        let (capacity, _) = before.offered(supplier).unwrap();
        let promised = || self.0.values().filter(|life| life.is_promised());
        let unserved = asked - promised().filter(|it| it.target == target).map(|it| it.quantity).sum::<u64>();
        let remaining =
            capacity - promised().filter(|it| it.supplier == supplier).map(Life::drawn).sum::<u64>();
        let alike = counted_alike(before, target, supplier);
        let quantity = said.0.unwrap_or(if alike { unserved.min(remaining) } else { unserved });
        let draws = said.1.unwrap_or(if alike { quantity } else { 1 });
        assert!(
            quantity <= unserved && draws <= remaining,
            "{quantity} of {unserved}, {draws} of {remaining}"
        );

        self.make_room(target, asked - quantity);
        let stage = if before.asking(target) == Some(by) {
            Stage::Claimed(Side::Asking, until)
        } else if before.giving(supplier) == Some(by) {
            Stage::Claimed(Side::Giving, until)
        } else {
            Stage::Proposed
        };
        self.begin(Life { target, supplier, quantity, draws, planned: false, joint: None, stage });
    }

    fn adopt(&mut self, proposal: &Proposal) {
        let mut new = proposal.pairings.clone();
        for life in self.0.values_mut().filter(|life| life.planned && life.stage == Stage::Proposed) {
            let before = new.len();
            new.retain(|terms| {
                (terms.target, terms.supplier, terms.quantity, terms.draws)
                    != (life.target, life.supplier, life.quantity, life.draws)
            });
            if new.len() == before {
                life.stage = Stage::Superseded;
            }
        }
        for terms in new {
            self.begin(Life {
                target: terms.target,
                supplier: terms.supplier,
                quantity: terms.quantity,
                draws: terms.draws,
                planned: true,
                joint: None,
                stage: Stage::Proposed,
            });
        }
    }

    fn begin(&mut self, life: Life) {
        self.0.insert(self.0.len() as u64 + 1, life);
    }
}
