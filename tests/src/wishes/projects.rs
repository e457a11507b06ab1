//! Wishes: agreements, milestones, and how projects run.

use super::Wishes;
use chrono::NaiveDate;
use engine::{
    agreement::{Funding, Milestone, Subject, Terms, Undertaking, UndertakingKind},
    appraisal::{Appraisal, Grade},
    command::Command,
    identity::{AgreementId, OrganizationId, PairingId, ProjectId},
    pairing::{PairingStatus, Target},
    project::{Project, ProjectStatus},
    state::State,
};

impl Wishes {
    pub(super) fn project_life(&mut self, state: &State) -> Command {
        // Left to chance alone, hardly a project would get to its end: one of them is pushed, step by step.
        if self.random.percent(65)
            && let Some(project) = furthest(state)
        {
            return self.next_step(state, project);
        }
        match self.random.below(100) {
            0..16 => self.draft_agreement(state),
            16..24 => self.amend_agreement(state),
            24..58 => self.sign(state),
            58..61 => Command::WithdrawAgreement { agreement: self.agreement(state), reason: self.reason() },
            61..68 => self.reach(state),
            _ => self.run_project(state),
        }
    }

    /// What the book has for a project where it stands.
    fn next_step(&mut self, state: &State, it: &Project) -> Command {
        let project = it.id;
        let subject = Subject::Project(project);
        match it.status() {
            ProjectStatus::Agreed => match state.agreements_of(subject).find(|it| it.withdrawn.is_none()) {
                None => Command::DraftAgreement { subject, terms: self.terms(state, subject) },
                Some(drafted) => {
                    let newest = drafted.versions.last().unwrap();
                    let mut parties = newest.terms.parties.iter().copied();
                    let party = parties.find(|party| !newest.signatures.contains_key(party));
                    let party = party.unwrap_or_else(|| self.organization(state));
                    Command::SignAgreement { agreement: drafted.id, version: drafted.newest() as u32, party }
                }
            },
            ProjectStatus::Signed => Command::StartProject { project },
            ProjectStatus::Running | ProjectStatus::Delivered => self.hand_over_or_accept(state, project),
            ProjectStatus::Suspended => Command::ResumeProject { project },
            ProjectStatus::Accepted => Command::AppraiseProject { project, appraisal: self.appraisal() },
            ProjectStatus::Appraised => Command::CloseProject { project },
            _ => self.fill_a_slot(state, it),
        }
    }

    fn fill_a_slot(&mut self, state: &State, it: &Project) -> Command {
        let slots = it.draft.slots.iter().zip(&it.tallies).enumerate();
        let short: Vec<u16> = slots
            .filter(|(_, (slot, tally))| tally.agreed < slot.asked())
            .map(|(index, _)| index as u16)
            .collect();
        let target = Target::Slot(it.id, self.random.any(&short).unwrap_or(0));
        let claimed = state.pairings_of_target(target).find_map(|pairing| match pairing.status {
            PairingStatus::Claimed { by, .. } => Some((pairing.id, by.other())),
            _ => None,
        });
        if let Some((pairing, side)) = claimed {
            return Command::ClaimPairing { pairing, side };
        }
        let supplier = self.supplier(state);
        let by = state.giving(supplier).unwrap_or_else(|| self.organization(state));
        Command::RequestPairing { target, supplier, quantity: None, draws: None, by }
    }

    fn hand_over_or_accept(&mut self, state: &State, project: ProjectId) -> Command {
        let open = state.pairings_of_project(project).flat_map(|it| state.deliveries_of(it.id));
        let open = open.filter(|it| it.accepted() == 0 && it.delivered() > 0).map(|it| it.id);
        if let Some(delivery) = self.random.any(&open.collect::<Vec<_>>()) {
            return Command::ConfirmDelivery { delivery };
        }
        let owed = state.pairings_of_project(project).filter(|it| it.undelivered() > 0).map(|it| it.id);
        match self.random.any(&owed.collect::<Vec<_>>()) {
            Some(pairing) if self.random.percent(85) => {
                Command::RecordDelivery { pairing, draft: self.delivery_draft(state, Some(pairing)) }
            }
            _ => Command::AcceptProject { project, note: None },
        }
    }

    fn draft_agreement(&mut self, state: &State) -> Command {
        let subject = self.subject(state);
        Command::DraftAgreement { subject, terms: self.terms(state, subject) }
    }

    fn amend_agreement(&mut self, state: &State) -> Command {
        let id = self.agreement(state);
        let found = state.agreement(id);
        let subject = found.map_or_else(|| self.subject(state), |it| it.subject);
        let newest = found.map_or(1, |it| it.newest() as u32);
        let terms = match found.and_then(|it| it.versions.last()) {
            Some(version) if self.random.percent(40) => {
                let mut terms = version.terms.clone();
                terms.text = Some(format!("补充第 {} 条", self.random.below(4)));
                terms
            }
            _ => self.terms(state, subject),
        };
        let version = if self.random.percent(90) { newest } else { newest.saturating_sub(1) };
        Command::AmendAgreement { agreement: id, version, terms }
    }

    /// Mostly one who has not signed, on the newest version.
    fn sign(&mut self, state: &State) -> Command {
        let unsigned: Vec<AgreementId> =
            state.agreements().filter(|it| it.unsigned().is_some()).map(|it| it.id).collect();
        let agreement = match self.random.any(&unsigned) {
            Some(found) if self.random.percent(90) => found,
            _ => self.agreement(state),
        };
        let found = state.agreement(agreement);
        let newest = found.map_or(1, |it| it.newest() as u32);
        let missing: Vec<OrganizationId> =
            found.and_then(|it| it.versions.last()).map_or_else(Vec::new, |version| {
                let parties = version.terms.parties.iter().copied();
                parties.filter(|party| !version.signatures.contains_key(party)).collect()
            });
        let party = match self.random.any(&missing) {
            Some(party) if self.random.percent(90) => party,
            _ => self.organization(state),
        };
        let version = if self.random.percent(95) { newest } else { newest + 1 };
        Command::SignAgreement { agreement, version, party }
    }

    fn reach(&mut self, state: &State) -> Command {
        let in_force: Vec<AgreementId> =
            state.agreements().filter(|it| it.in_force().is_some()).map(|it| it.id).collect();
        let agreement = match self.random.any(&in_force) {
            Some(found) if self.random.percent(80) => found,
            _ => self.agreement(state),
        };
        let milestone = self.random.between(1, 3) as u16;
        Command::ReachMilestone { agreement, milestone, note: None }
    }

    fn run_project(&mut self, state: &State) -> Command {
        // Mostly what comes next for a project that is agreed; now and then anything for any.
        let mut under_way: Vec<(ProjectId, ProjectStatus)> = Vec::new();
        under_way.extend(state.projects().map(|it| (it.id, it.status())).filter(|(_, status)| {
            !matches!(
                status,
                ProjectStatus::Proposed
                    | ProjectStatus::UnderDiscussion
                    | ProjectStatus::Settled
                    | ProjectStatus::Withdrawn
                    | ProjectStatus::Failed
                    | ProjectStatus::Closed
            )
        }));
        let any = (self.project(state), ProjectStatus::Proposed);
        let (project, status) = match self.random.any(&under_way) {
            Some(found) if self.random.percent(90) => found,
            _ => any,
        };
        let next = match status {
            ProjectStatus::Agreed | ProjectStatus::Signed => 0,
            ProjectStatus::Running => self.random.one(&[1, 3, 3]),
            ProjectStatus::Suspended => 2,
            ProjectStatus::Delivered => 3,
            ProjectStatus::Accepted => 4,
            ProjectStatus::Appraised => 5,
            _ => self.random.below(7),
        };
        let wish = if self.random.percent(80) { next } else { self.random.below(7) };
        match wish {
            0 => Command::StartProject { project },
            1 => Command::SuspendProject { project, reason: self.reason() },
            2 => Command::ResumeProject { project },
            3 => Command::AcceptProject { project, note: None },
            4 => Command::AppraiseProject { project, appraisal: self.appraisal() },
            5 => Command::CloseProject { project },
            _ => Command::FailProject { project, reason: self.reason() },
        }
    }

    fn appraisal(&mut self) -> Appraisal {
        Appraisal { grade: self.random.one(&Grade::ALL), note: None }
    }

    fn agreement(&mut self, state: &State) -> AgreementId {
        AgreementId::new(self.number(state.agreements().count()))
    }

    /// Mostly an agreed project or pairing.
    fn subject(&mut self, state: &State) -> Subject {
        let projects = state.projects().filter(|it| it.status() == ProjectStatus::Agreed);
        let projects: Vec<Subject> = projects.map(|it| Subject::Project(it.id)).collect();
        let pairings = state.pairings().filter(|it| {
            matches!(it.status, PairingStatus::Agreed { .. }) && matches!(it.terms.target, Target::Need(_))
        });
        let pairings: Vec<Subject> = pairings.map(|it| Subject::Pairing(it.id)).collect();
        let any = if self.random.percent(50) {
            Subject::Project(self.project(state))
        } else {
            Subject::Pairing(PairingId::new(self.number(state.pairings().count())))
        };
        let agreed = self.random.any(&projects).filter(|_| self.random.percent(75));
        let agreed = agreed.or_else(|| self.random.any(&pairings));
        agreed.filter(|_| self.random.percent(90)).unwrap_or(any)
    }

    /// Mostly terms that can be signed: all who give, and who raised it.
    fn terms(&mut self, state: &State, subject: Subject) -> Terms {
        let bound: Vec<(PairingId, OrganizationId)> = match subject {
            Subject::Project(project) => {
                let slots = state
                    .pairings()
                    .filter(|it| matches!(it.terms.target, Target::Slot(of, _) if of == project));
                slots
                    .filter(|it| {
                        matches!(it.status, PairingStatus::Agreed { .. } | PairingStatus::Accepted { .. })
                    })
                    .filter_map(|it| Some((it.id, state.giving(it.terms.supplier)?)))
                    .collect()
            }
            Subject::Pairing(pairing) => state
                .pairing(pairing)
                .and_then(|it| Some((pairing, state.giving(it.terms.supplier)?)))
                .into_iter()
                .collect(),
        };
        let raiser = super::raiser(state, subject).unwrap_or(OrganizationId::new(1));
        let mut parties = vec![raiser];
        parties.extend(bound.iter().map(|(_, giver)| *giver));
        parties.sort_unstable();
        parties.dedup();
        if self.random.percent(8) {
            parties.push(self.organization(state));
        }
        if self.random.percent(4) {
            parties.remove(0);
        }
        let mut undertakings: Vec<Undertaking> = bound
            .iter()
            .map(|(pairing, giver)| Undertaking {
                party: *giver,
                kind: UndertakingKind::Builds,
                what: "按约定实施".into(),
                pairing: Some(*pairing),
            })
            .collect();
        if self.random.percent(5) {
            let (party, kind) = (self.organization(state), UndertakingKind::Coordinates);
            undertakings.push(Undertaking { party, kind, what: "协调".into(), pairing: None });
        }
        let yuan = 1_000 * self.random.between(1, 9);
        let funding =
            Funding { party: self.random.percent(30).then_some(raiser), source: "自筹".into(), yuan };
        let day = NaiveDate::from_ymd_opt(2026, 6, 1).unwrap();
        let due = day + chrono::Days::new(self.random.below(90));
        let mut milestones: Vec<Milestone> = (1..=self.random.between(1, 3) as u16)
            .map(|number| Milestone { number, title: "阶段完成".into(), due })
            .collect();
        if self.random.percent(3) {
            milestones.extend(milestones.clone());
        }
        Terms {
            title: if self.random.percent(3) { String::new() } else { "共建协议".into() },
            text: None,
            parties,
            undertakings,
            budget: if self.random.percent(50) { vec![funding] } else { Vec::new() },
            ceiling: self.random.percent(30).then_some(6_000),
            milestones,
        }
    }
}

/// The project that is furthest on its way and not at its end.
fn furthest(state: &State) -> Option<&Project> {
    let on_its_way = state
        .projects()
        .filter(|it| it.end.is_none() && it.draft.entry.settled.is_none() && !it.draft.slots.is_empty());
    on_its_way.map(|it| it.as_ref()).max_by_key(|it| (it.status(), it.slots_agreed()))
}
