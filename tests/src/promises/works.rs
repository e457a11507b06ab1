//! What agreements, running projects and deliveries do to the lives of pairings, and the accounts that follow from
//! what is confirmed: told from the granted commands alone.

use super::lives::{Life, Lives, Stage};
use engine::{
    category::CategoryCode,
    command::Command,
    contribution::Account,
    delivery::{DeliveryDraft, PersonClass},
    entry::Form,
    identity::{OrganizationId, PairingId, ProjectId},
    pairing::{Supplier, Target},
    quantity::Measure,
    state::State,
};
use std::collections::BTreeMap;

/// A delivery as its giver and receiver told of it.
#[derive(Clone, Debug)]
pub struct Handed {
    pairing: u64,
    draft: DeliveryDraft,
    confirmed: bool,
    withdrawn: bool,
}

/// All deliveries by their number, and what is credited for them.
#[derive(Clone, Debug, Default)]
pub struct Works {
    handed: BTreeMap<u64, Handed>,
    earned: BTreeMap<OrganizationId, (u64, BTreeMap<PersonClass, u64>, u64)>,
}

impl Works {
    fn delivered(&self, pairing: u64) -> u64 {
        self.handed
            .values()
            .filter(|it| it.pairing == pairing && !it.withdrawn)
            .map(|it| it.draft.quantity)
            .sum()
    }

    fn accepted(&self, pairing: u64) -> u64 {
        self.handed
            .values()
            .filter(|it| it.pairing == pairing && it.confirmed)
            .map(|it| it.draft.quantity)
            .sum()
    }

    /// Credits what was confirmed by the rule table, read once more from its first line to its last.
    fn earn(&mut self, before: &State, life: &Life, draft: &DeliveryDraft) {
        let giver = before.giving(life.supplier).unwrap();
        let (form, category) = kind_of(before, life);
        let mut points = 0;
        for rule in before.rules().credit_rules() {
            let fits_form = rule.form.is_none() || rule.form == form;
            let above = category.as_ref().and_then(|code| before.category(code)?.parent.clone());
            let fits_category =
                rule.category.is_none() || rule.category == category || rule.category == above;
            if fits_form && fits_category {
                let minutes: u64 = draft.efforts.iter().map(|effort| u64::from(effort.minutes)).sum();
                points = u64::from(rule.points)
                    + u64::from(rule.points_per_hour) * minutes / 60
                    + u64::from(rule.points_per_hundred) * draft.quantity / 100;
                break;
            }
        }
        let account = self.earned.entry(giver).or_default();
        account.0 += points;
        for effort in &draft.efforts {
            *account.1.entry(effort.class).or_default() += u64::from(effort.minutes);
        }
        account.2 += 1;
    }

    /// What was handed over and earned is what the state says.
    pub fn check(&self, state: &State) {
        assert_eq!(state.deliveries().count(), self.handed.len());
        for pairing in state.pairings() {
            let id = pairing.id.number();
            let told = (self.delivered(id), self.accepted(id));
            assert_eq!((pairing.delivered, pairing.accepted), told, "{}", pairing.id);
        }
        let mut accounts: Vec<OrganizationId> = state.accounts().map(|(id, _)| id).collect();
        accounts.sort_unstable();
        let earners: Vec<OrganizationId> = self.earned.keys().copied().collect();
        assert_eq!(accounts, earners, "only a confirmed delivery opens an account");
        for (organization, (points, minutes, deliveries)) in &self.earned {
            let Account { points: kept, minutes: by_class, deliveries: credited, .. } =
                Account::clone(state.account(*organization).unwrap());
            assert_eq!((kept, &by_class, credited), (*points, minutes, *deliveries), "{organization}");
        }
    }
}

/// The form and category of what is given: as asked, or else as offered.
fn kind_of(before: &State, life: &Life) -> (Option<Form>, Option<CategoryCode>) {
    let (form, category, measure) = match life.target {
        Target::Need(need) => {
            let entry = before.need(need).unwrap().draft.entry.clone();
            (entry.form, entry.category, entry.quantity.map(|it| it.measure))
        }
        Target::Slot(project, index) => {
            let draft = before.project(project).unwrap().draft.clone();
            let slot = draft.slots[usize::from(index)].clone();
            (slot.form, slot.category.or(draft.entry.category), slot.quantity.map(|it| it.measure))
        }
    };
    let offered = match life.supplier {
        Supplier::Resource(resource) => Some(before.resource(resource).unwrap().draft.entry.clone()),
        Supplier::Unit(_) => None,
    };
    let money = (measure == Some(Measure::Money)).then_some(Form::Money);
    let form = form.or(money).or(offered.as_ref().and_then(|entry| entry.form));
    let category = category.or(offered.and_then(|entry| entry.category)).map(|it| it.code);
    (form, category)
}

impl Lives {
    /// Lives through a command that is about agreements, projects under way, or deliveries.
    pub(super) fn work(&mut self, before: &State, command: &Command) {
        match command {
            Command::RecordDelivery { pairing, draft } => {
                let life = &self.0[&pairing.number()];
                assert_eq!(life.stage, Stage::Agreed);
                assert!(self.1.delivered(pairing.number()) + draft.quantity <= life.quantity);
                let handed = Handed {
                    pairing: pairing.number(),
                    draft: draft.clone(),
                    confirmed: false,
                    withdrawn: false,
                };
                self.1.handed.insert(self.1.handed.len() as u64 + 1, handed);
            }
            Command::CorrectDelivery { delivery, draft } => {
                self.1.handed.get_mut(&delivery.number()).unwrap().draft = draft.clone();
            }
            Command::WithdrawDelivery { delivery, .. } => {
                self.1.handed.get_mut(&delivery.number()).unwrap().withdrawn = true;
            }
            Command::ConfirmDelivery { delivery } => {
                let handed = self.1.handed.get_mut(&delivery.number()).unwrap();
                assert!(!handed.confirmed && !handed.withdrawn);
                handed.confirmed = true;
                let Handed { pairing, draft, .. } = handed.clone();
                let life = self.0[&pairing].clone();
                self.1.earn(before, &life, &draft);
                if self.1.accepted(pairing) == life.quantity {
                    self.0.get_mut(&pairing).unwrap().stage = Stage::Accepted;
                }
            }
            Command::AcceptPairing { pairing } => self.let_go(*pairing),
            Command::AcceptProject { project, .. } => {
                self.leave_slots(*project);
                let project = before.project(*project).unwrap();
                if project.draft.slots.is_empty() {
                    return;
                }
                for need in &project.draft.needs {
                    let need = before.need(*need).unwrap();
                    let over = need.end.is_some() || need.met.is_some() || need.draft.entry.settled.is_some();
                    if !over && need.tally.agreed == need.tally.accepted {
                        self.leave(|life| life.target == Target::Need(need.id));
                    }
                }
            }
            Command::FailProject { project, .. } => self.leave_slots(*project),
            _ => {}
        }
    }

    fn leave_slots(&mut self, project: ProjectId) {
        self.leave(|life| matches!(life.target, Target::Slot(of, _) if of == project));
    }

    fn leave(&mut self, whose: impl Fn(&Life) -> bool) {
        let theirs = self.0.iter().filter(|(_, life)| life.is_live() && whose(life));
        for pairing in theirs.map(|(number, _)| *number).collect::<Vec<_>>() {
            self.let_go(PairingId::new(pairing));
        }
    }

    /// What is accepted stays, the rest is free again; what waits for its receiver could not have been let go.
    pub(super) fn let_go(&mut self, pairing: PairingId) {
        let number = pairing.number();
        let accepted = self.1.accepted(number);
        assert_eq!(self.1.delivered(number), accepted, "{pairing} is let go with an open delivery");
        let life = self.0.get_mut(&number).unwrap();
        match life.stage {
            Stage::Accepted => {}
            Stage::Agreed if accepted > 0 => {
                // The least whole part of its draws that covers what is accepted of its quantity.
                let covers = |draws: &u64| {
                    u128::from(*draws) * u128::from(life.quantity)
                        >= u128::from(life.draws) * u128::from(accepted)
                };
                life.draws = (1..=life.draws).find(covers).unwrap();
                life.quantity = accepted;
                life.stage = Stage::Accepted;
            }
            _ => life.stage = Stage::Withdrawn,
        }
    }
}
