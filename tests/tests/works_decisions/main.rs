//! From an agreed project to its end, and from an agreed pairing to what it is credited with, as tables: what stands,
//! what is wished, what is answered. Each test is one rule.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails loudly")]

use chrono::{Days, NaiveDate};
use engine::{
    agreement::{Funding, Milestone, Subject, Terms, Undertaking, UndertakingKind},
    appraisal::{Appraisal, Grade},
    category::CategoryCode,
    command::Command,
    contribution::{Account, CreditRule},
    delivery::{DeliveryDraft, Effort, PersonClass},
    entry::{EntryDraft, Form},
    event::Event,
    evolve::{Recorded, evolve_commit},
    history::Entity,
    identity::{AgreementId, DeliveryId, NeedId, OrganizationId, PairingId, ProjectId},
    member::Caller,
    moment::Moment,
    need::{Channel, NeedDraft, NeedStatus},
    pairing::{PairingStatus, Side, Supplier, Tally, Target},
    project::{ProjectDraft, ProjectStatus, SlotDraft},
    quantity::{Measure, Quantity},
    refusal::{Problem, Refusal},
    rules::Rules,
    state::due::{Due, Kind},
    window::Window,
};
use tests::street::Street;

mod agreements;
mod deliveries;
mod projects;

/// The names of the events, or the refusal.
type Answer = Result<Vec<&'static str>, Refusal>;

/// A leaning wall: the community's project with a slot for each of two units, both agreed, and the need it carries.
struct Wall {
    street: Street,
    community: OrganizationId,
    units: [OrganizationId; 2],
    need: NeedId,
    project: ProjectId,
    pairings: [PairingId; 2],
}

fn slot(title: &str, amount: u64) -> SlotDraft {
    let quantity = Some(Quantity::of(amount, Measure::Items));
    SlotDraft { title: title.into(), category: None, form: None, quantity, window: Window::default() }
}

fn agreed_wall() -> Wall {
    let mut street = Street::opened();
    let community = street.community("春晖社区");
    let units = [street.unit("清河建筑公司"), street.unit("清河银行")];
    let need = street.need(community, None);
    let mut draft = ProjectDraft::new(EntryDraft::new("修缮围墙", community));
    draft.slots = vec![slot("砌墙", 10), slot("材料", 4)];
    draft.needs = vec![need];
    let project = street.project(draft);
    let pairings =
        [0, 1].map(|index: u16| agree(&mut street, Target::Slot(project, index), units[usize::from(index)]));
    Wall { street, community, units, need, project, pairings }
}

/// Both sides say yes.
fn agree(street: &mut Street, target: Target, unit: OrganizationId) -> PairingId {
    let pairing = street.request(unit, target, Supplier::Unit(unit), None).unwrap();
    street.run(Command::ClaimPairing { pairing, side: Side::Asking });
    pairing
}

impl Wall {
    fn terms(&self) -> Terms {
        Terms {
            title: "围墙修缮共建协议".into(),
            text: None,
            parties: vec![self.community, self.units[0], self.units[1]],
            undertakings: vec![Undertaking {
                party: self.units[0],
                kind: UndertakingKind::Builds,
                what: "砌墙".into(),
                pairing: Some(self.pairings[0]),
            }],
            budget: vec![Funding { party: Some(self.units[1]), source: "自筹".into(), yuan: 8_000 }],
            ceiling: Some(10_000),
            milestones: vec![milestone(1, 30), milestone(2, 60)],
        }
    }

    fn subject(&self) -> Subject {
        Subject::Project(self.project)
    }

    fn drafted(&mut self) -> AgreementId {
        self.street.run(Command::DraftAgreement { subject: self.subject(), terms: self.terms() });
        self.street.state.agreements().next_back().unwrap().id
    }

    fn signed(&mut self) -> AgreementId {
        let agreement = self.drafted();
        for party in [self.community, self.units[0], self.units[1]] {
            self.street.run(Command::SignAgreement { agreement, version: 1, party });
        }
        agreement
    }

    fn running(mut self) -> Self {
        self.signed();
        self.street.run(Command::StartProject { project: self.project });
        self
    }

    fn status(&self) -> ProjectStatus {
        self.street.state.project(self.project).unwrap().status()
    }

    fn tallies(&self) -> Vec<Tally> {
        self.street.state.project(self.project).unwrap().tallies.clone()
    }

    /// The giver hands over and the receiver confirms.
    fn give(&mut self, index: usize, quantity: u64) {
        let delivery = hand_over(&mut self.street, self.pairings[index], quantity);
        self.street.run(Command::ConfirmDelivery { delivery });
    }
}

fn milestone(number: u16, days: u64) -> Milestone {
    Milestone { number, title: format!("第{number}阶段"), due: today() + Days::new(days) }
}

fn today() -> NaiveDate {
    tests::street::START.date(480)
}

fn of(quantity: u64) -> DeliveryDraft {
    DeliveryDraft { quantity, on: today(), note: None, efforts: Vec::new() }
}

fn hand_over(street: &mut Street, pairing: PairingId, quantity: u64) -> DeliveryId {
    street.run(Command::RecordDelivery { pairing, draft: of(quantity) });
    street.state.deliveries().next_back().unwrap().id
}

fn answer(street: &Street, command: &Command) -> Answer {
    let events = street.decide(Caller::System, command)?;
    Ok(events.iter().map(Event::name).collect())
}

fn code(street: &Street, command: &Command) -> Result<usize, &'static str> {
    street.decide(Caller::System, command).map(|events| events.len()).map_err(|refusal| refusal.code())
}

impl Wall {
    fn signed_again(&mut self) {
        let agreement = self.drafted();
        for party in self.terms().parties {
            self.street.run(Command::SignAgreement { agreement, version: 1, party });
        }
    }
}
