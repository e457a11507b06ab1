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

#[test]
fn whoever_gives_or_has_raised_it_signs_and_nobody_else_undertakes() {
    let wall = agreed_wall();
    let stranger = OrganizationId::new(999);
    let entity = Entity::Project(wall.project);
    let outside = |organization| Err(Refusal::NotAParty { organization, entity: entity.clone() });
    let twice = |field| Err(Refusal::Invalid { field, problem: Problem::NamedTwice });
    type Change<'a> = &'a dyn Fn(&mut Terms);
    let [builder, bank] = wall.units;
    let cases: [(&str, Change<'_>, Answer); 10] = [
        ("as it is", &|_| {}, Ok(vec!["AgreementDrafted"])),
        (
            "without the raiser",
            &|it| it.parties.retain(|party| *party != wall.community),
            outside(wall.community),
        ),
        ("without a giver", &|it| it.parties.retain(|party| *party != bank), outside(bank)),
        ("one party twice", &|it| it.parties.push(bank), twice("parties")),
        (
            "one undertakes for another",
            &|it| it.undertakings[0].party = bank,
            Err(Refusal::NotAParty { organization: bank, entity: Entity::Pairing(wall.pairings[0]) }),
        ),
        ("a stranger pays", &|it| it.budget[0].party = Some(stranger), outside(stranger)),
        (
            "it costs too much",
            &|it| it.budget[0].yuan = 10_001,
            Err(Refusal::CeilingExceeded { yuan: 10_001, ceiling: 10_000 }),
        ),
        ("a milestone twice", &|it| it.milestones.push(milestone(1, 9)), twice("milestones")),
        (
            "no ceiling, no limit",
            &|it| (it.ceiling, it.budget[0].yuan) = (None, 90_000),
            Ok(vec!["AgreementDrafted"]),
        ),
        (
            "with itself",
            &|it| it.parties = vec![builder],
            Err(Refusal::Invalid {
                field: "parties",
                problem: Problem::OutOfRange { min: 2, max: 100, got: 1 },
            }),
        ),
    ];
    for (what, change, expected) in cases {
        let mut terms = wall.terms();
        change(&mut terms);
        let command = Command::DraftAgreement { subject: wall.subject(), terms };
        assert_eq!(answer(&wall.street, &command), expected, "{what}");
    }
}

#[test]
fn the_money_stays_within_what_the_needs_may_cost() {
    let mut wall = agreed_wall();
    let seen = wall.street.state.need(wall.need).unwrap();
    let draft = NeedDraft { ceiling: Some(7_999), ..seen.draft.clone() };
    let command = Command::AmendNeed { need: wall.need, revision: 1, draft };
    wall.street.run(command);
    let command = Command::DraftAgreement { subject: wall.subject(), terms: wall.terms() };
    assert_eq!(answer(&wall.street, &command), Err(Refusal::CeilingExceeded { yuan: 8_000, ceiling: 7_999 }));
}

#[test]
fn an_agreement_is_in_force_once_all_have_signed_and_changes_only_by_all_their_hands() {
    let mut wall = agreed_wall();
    let agreement = wall.drafted();
    let sign = |version, party| Command::SignAgreement { agreement, version, party };
    let [builder, bank] = wall.units;
    let office = wall.street.office();
    let again = Command::DraftAgreement { subject: wall.subject(), terms: wall.terms() };
    let done = Refusal::AlreadyDone { entity: Entity::Agreement(agreement) };
    assert_eq!(answer(&wall.street, &again), Err(done.clone()), "one agreement at a time");

    wall.street.run(sign(1, wall.community));
    wall.street.run(sign(1, builder));
    assert_eq!(wall.status(), ProjectStatus::Agreed);
    assert_eq!(answer(&wall.street, &sign(1, builder)), Err(done));
    let entity = Entity::Agreement(agreement);
    assert_eq!(
        answer(&wall.street, &sign(1, office)),
        Err(Refusal::NotAParty { organization: office, entity })
    );
    assert_eq!(answer(&wall.street, &sign(2, bank)), Err(Refusal::RevisionPassed { seen: 2, current: 1 }));
    let reach = |milestone| Command::ReachMilestone { agreement, milestone, note: None };
    assert_eq!(code(&wall.street, &reach(1)), Err("NOT_IN_STATE"), "nothing is reached before it is signed");
    wall.street.run(sign(1, bank));
    assert_eq!(wall.status(), ProjectStatus::Signed);

    // A supplementary agreement puts the end off; the first holds until all have signed it.
    wall.street.run(reach(1));
    let mut terms = wall.terms();
    terms.milestones[1] = milestone(2, 90);
    let amend = |version, terms: &Terms| Command::AmendAgreement { agreement, version, terms: terms.clone() };
    let mut short = terms.clone();
    short.milestones.remove(0);
    assert_eq!(code(&wall.street, &amend(1, &short)), Err("NOT_FOUND"), "what is reached stays");
    assert_eq!(code(&wall.street, &amend(0, &terms)), Err("REVISION_PASSED"));
    wall.street.run(amend(1, &terms));
    assert_eq!(answer(&wall.street, &amend(2, &terms)), Ok(vec![]), "the same terms are no newer version");
    assert_eq!(code(&wall.street, &sign(1, bank)), Err("REVISION_PASSED"), "who signs has read the newest");
    let due = |wall: &Wall| {
        let agreement = wall.street.state.agreement(agreement).unwrap();
        agreement.in_force().unwrap().terms.milestones[1].due
    };
    for party in [wall.community, builder, bank] {
        assert_eq!(due(&wall), today() + Days::new(60));
        wall.street.run(sign(2, party));
    }
    assert_eq!(due(&wall), today() + Days::new(90));
}

#[test]
fn an_agreement_may_be_void_until_it_is_acted_upon() {
    let mut wall = agreed_wall();
    let agreement = wall.signed();
    let void = Command::WithdrawAgreement { agreement, reason: "另行商议".into() };
    assert_eq!(answer(&wall.street, &void), Ok(vec!["AgreementWithdrawn"]));
    let mut other = Wall { street: wall.street.clone(), ..wall };
    other.street.run(void.clone());
    assert_eq!(other.status(), ProjectStatus::Agreed, "who is no longer bound has not signed");
    assert_eq!(answer(&other.street, &void), Err(Refusal::AlreadyWithdrawn));
    let start = Command::StartProject { project: other.project };
    assert_eq!(code(&other.street, &start), Err("NOT_IN_STATE"));

    other.signed_again();
    other.street.run(start);
    let agreement = other.street.state.agreements().next_back().unwrap().id;
    let void = Command::WithdrawAgreement { agreement, reason: "不想做了".into() };
    assert_eq!(code(&other.street, &void), Err("NOT_IN_STATE"), "a project under way is given up as a whole");
}

impl Wall {
    fn signed_again(&mut self) {
        let agreement = self.drafted();
        for party in self.terms().parties {
            self.street.run(Command::SignAgreement { agreement, version: 1, party });
        }
    }
}

#[test]
fn a_wish_needs_no_agreement_and_a_project_of_wishes_starts_without() {
    let mut wall = agreed_wall();
    let unit = wall.units[0];
    let entry = EntryDraft::new("为独居老人换灯泡", wall.community);
    wall.street.run(Command::PostNeed(NeedDraft { channel: Some(Channel::Wish), ..NeedDraft::new(entry) }));
    let wish = wall.street.state.needs().next_back().unwrap().id;
    let pairing = agree(&mut wall.street, Target::Need(wish), unit);
    let terms = Terms { parties: vec![wall.community, unit], undertakings: Vec::new(), ..wall.terms() };
    let draft = Command::DraftAgreement { subject: Subject::Pairing(pairing), terms: terms.clone() };
    let is = Refusal::NotInState { entity: Entity::Need(wish), wanted: "ORDINARY", is: "LIGHT" };
    assert_eq!(answer(&wall.street, &draft), Err(is));
    // The project of an ordinary need waits for its signatures, a project of wishes does not.
    let start = Command::StartProject { project: wall.project };
    assert_eq!(code(&wall.street, &start), Err("NOT_IN_STATE"));
    let seen = wall.street.state.project(wall.project).unwrap();
    let draft = ProjectDraft { needs: vec![wish], ..seen.draft.clone() };
    wall.street.run(Command::AmendProject { project: wall.project, revision: 1, draft });
    assert_eq!(answer(&wall.street, &start), Ok(vec!["ProjectStarted"]));
    // And a pairing of a slot has the agreement of its project, not one of its own.
    let draft = Command::DraftAgreement { subject: Subject::Pairing(wall.pairings[0]), terms };
    assert_eq!(code(&wall.street, &draft), Err("NOT_IN_STATE"));
}

#[test]
fn a_project_goes_by_the_book_and_no_other_way() {
    let mut wall = agreed_wall();
    let project = wall.project;
    let appraisal = Appraisal { grade: Grade::Satisfied, note: Some("墙直了".into()) };
    let steps = [
        Command::StartProject { project },
        Command::SuspendProject { project, reason: "汛期".into() },
        Command::ResumeProject { project },
        Command::AcceptProject { project, note: Some("平整".into()) },
        Command::AppraiseProject { project, appraisal },
        Command::CloseProject { project },
        Command::FailProject { project, reason: "资金未到位".into() },
        Command::WithdrawProject { project, reason: "不做了".into() },
    ];
    // Which of them are granted where it stands.
    let granted = |wall: &Wall| -> String {
        let may = steps.iter().map(|step| if code(&wall.street, step).is_ok() { 'x' } else { '.' });
        may.collect()
    };
    assert_eq!((wall.status().name(), granted(&wall).as_str()), ("AGREED", "......x."));
    wall.signed();
    assert_eq!((wall.status().name(), granted(&wall).as_str()), ("SIGNED", "x.....x."));
    wall.street.run(steps[0].clone());
    assert_eq!((wall.status().name(), granted(&wall).as_str()), ("RUNNING", ".x....x."));
    wall.street.run(steps[1].clone());
    assert_eq!((wall.status().name(), granted(&wall).as_str()), ("SUSPENDED", "..x...x."));
    let rests = Command::RecordDelivery { pairing: wall.pairings[0], draft: of(1) };
    assert_eq!(code(&wall.street, &rests), Err("NOT_IN_STATE"), "a project that rests delivers nothing");
    wall.street.run(steps[2].clone());
    wall.give(0, 10);
    assert_eq!((wall.status().name(), granted(&wall).as_str()), ("RUNNING", ".x.x..x."));
    wall.give(1, 4);
    assert_eq!((wall.status().name(), granted(&wall).as_str()), ("DELIVERED", ".x.x..x."));
    assert_eq!(answer(&wall.street, &steps[3]), Ok(vec!["ProjectAccepted", "NeedStruckOff"]));
    wall.street.run(steps[3].clone());
    assert_eq!((wall.status().name(), granted(&wall).as_str()), ("ACCEPTED", "....x..."));
    assert_eq!(wall.street.state.need(wall.need).unwrap().status(), NeedStatus::Met);
    wall.street.run(steps[4].clone());
    assert_eq!((wall.status().name(), granted(&wall).as_str()), ("APPRAISED", ".....x.."));
    let again = answer(&wall.street, &steps[4]);
    assert_eq!(again, Err(Refusal::AlreadyDone { entity: Entity::Project(project) }));
    wall.street.run(steps[5].clone());
    assert_eq!((wall.status().name(), granted(&wall).as_str()), ("CLOSED", "........"));
}

#[test]
fn a_delivery_is_recorded_in_parts_and_counts_once_it_is_confirmed() {
    let mut wall = agreed_wall().running();
    let pairing = wall.pairings[0];
    let record = |quantity| Command::RecordDelivery { pairing, draft: of(quantity) };
    let first = hand_over(&mut wall.street, pairing, 6);
    let left = Err(Refusal::MoreThanAgreed { pairing, quantity: 5, left: 4 });
    assert_eq!(answer(&wall.street, &record(5)), left);
    let dispute = Command::DisputeDelivery { delivery: first, reason: "少一处".into() };
    wall.street.run(dispute.clone());
    assert_eq!(code(&wall.street, &dispute), Err("ALREADY_DONE"));
    let counts =
        |wall: &Wall| (wall.tallies()[0].agreed, wall.tallies()[0].delivered, wall.tallies()[0].accepted);
    assert_eq!(counts(&wall), (10, 6, 0));
    let correct = |quantity| Command::CorrectDelivery { delivery: first, draft: of(quantity) };
    let most = Err(Refusal::MoreThanAgreed { pairing, quantity: 11, left: 10 });
    assert_eq!(answer(&wall.street, &correct(11)), most, "its own quantity is free for the correction");
    wall.street.run(correct(5));
    assert_eq!(answer(&wall.street, &correct(5)), Ok(vec![]));
    let confirm = Command::ConfirmDelivery { delivery: first };
    assert_eq!(answer(&wall.street, &confirm), Ok(vec!["DeliveryConfirmed", "ContributionCredited"]));
    wall.street.run(confirm.clone());
    assert_eq!(code(&wall.street, &confirm), Err("ALREADY_DONE"));
    assert_eq!(counts(&wall), (10, 5, 5));
    let second = hand_over(&mut wall.street, pairing, 5);
    let last = Command::ConfirmDelivery { delivery: second };
    let expected = vec!["DeliveryConfirmed", "ContributionCredited", "PairingAccepted"];
    assert_eq!(answer(&wall.street, &last), Ok(expected), "the last part accepts the pairing");
    wall.street.run(Command::WithdrawDelivery { delivery: second, reason: "记错了".into() });
    assert_eq!(counts(&wall), (10, 5, 5));
    assert_eq!(code(&wall.street, &last), Err("ALREADY_WITHDRAWN"));

    let invalid = |field, problem| Err(Refusal::Invalid { field, problem });
    let effort = |persons, minutes| Effort { class: PersonClass::Volunteers, persons, minutes };
    let most = 2 * 31 * 24 * 60;
    let cases = [
        (of(0), invalid("quantity", Problem::OutOfRange { min: 1, max: 1_000_000_000, got: 0 })),
        (DeliveryDraft { on: today() + Days::new(1), ..of(1) }, invalid("on", Problem::InTheFuture)),
        (
            DeliveryDraft { efforts: vec![effort(1, 5), effort(2, 5)], ..of(1) },
            invalid("efforts", Problem::NamedTwice),
        ),
        (
            DeliveryDraft { efforts: vec![effort(0, 5)], ..of(1) },
            invalid("efforts.persons", Problem::OutOfRange { min: 1, max: 100_000, got: 0 }),
        ),
        (
            DeliveryDraft { efforts: vec![effort(2, most + 1)], ..of(1) },
            invalid(
                "efforts.minutes",
                Problem::OutOfRange { min: 1, max: most.into(), got: u64::from(most) + 1 },
            ),
        ),
    ];
    for (draft, expected) in cases {
        assert_eq!(
            answer(&wall.street, &Command::RecordDelivery { pairing, draft: draft.clone() }),
            expected,
            "{draft:?}"
        );
    }
}

#[test]
fn what_is_accepted_short_frees_the_rest_and_never_over_an_open_delivery() {
    let mut street = Street::opened();
    let (community, unit) = (street.community("春晖社区"), street.unit("清河食品公司"));
    let need = street.need(community, Some(Quantity::of(10, Measure::Sessions)));
    let resource = street.resource(unit, Some(Quantity::of(12, Measure::Sessions)));
    let target = Target::Need(need);
    let pairing = street.request(unit, target, Supplier::Resource(resource), Some(9)).unwrap();
    street.run(Command::ClaimPairing { pairing, side: Side::Asking });
    let accept = Command::AcceptPairing { pairing };
    assert_eq!(code(&street, &accept), Err("PAIRING_NOT"), "nothing is delivered");
    let delivery = hand_over(&mut street, pairing, 4);
    let open = Err(Refusal::DeliveryOpen { delivery });
    let leave = |side| Command::WithdrawPairing { pairing, side, reason: "做不完".into() };
    for command in [accept.clone(), leave(Side::Giving), leave(Side::Asking)] {
        assert_eq!(answer(&street, &command), open, "{command:?}");
    }
    street.run(Command::ConfirmDelivery { delivery });
    let short = Ok(vec!["PairingChanged", "PairingAccepted"]);
    for command in [accept, leave(Side::Giving), leave(Side::Asking)] {
        assert_eq!(answer(&street, &command), short, "{command:?}");
        let mut then = street.clone();
        then.run(command);
        let all = Tally { agreed: 4, delivered: 4, accepted: 4, ..Tally::NONE };
        assert_eq!(then.state.asked(target), Some((10, all)));
        assert_eq!(then.state.offered(Supplier::Resource(resource)), Some((12, all)));
        assert_eq!(then.state.need(need).unwrap().status(), NeedStatus::PartlyMet);
        // Whatever ends after that, it stays.
        then.run(Command::WithdrawResource { resource, reason: "停办".into() });
        assert!(matches!(then.pairing(pairing).status, PairingStatus::Accepted { .. }));
        let agreed = Err(Refusal::StillAgreed { agreed: 4 });
        assert_eq!(answer(&then, &Command::WithdrawNeed { need, reason: "不要了".into() }), agreed);
        // Who asks for no more than it has got is met.
        let mut draft = then.state.need(need).unwrap().draft.clone();
        draft.entry.quantity = Some(Quantity::of(4, Measure::Sessions));
        then.run(Command::AmendNeed { need, revision: 1, draft });
        let met = then.state.need(need).unwrap();
        assert_eq!((met.status(), met.met), (NeedStatus::Met, Some(then.now)));
    }
}

#[test]
fn who_has_signed_to_give_is_released_by_the_side_that_asked() {
    let mut wall = agreed_wall();
    let pairing = wall.pairings[0];
    let leave = |side| Command::WithdrawPairing { pairing, side, reason: "人手不够".into() };
    assert_eq!(answer(&wall.street, &leave(Side::Giving)), Ok(vec!["PairingWithdrawn"]));
    let agreement = wall.signed();
    let bound =
        Refusal::NotInState { entity: Entity::Agreement(agreement), wanted: "not in force", is: "IN_FORCE" };
    assert_eq!(answer(&wall.street, &leave(Side::Giving)), Err(bound));
    assert_eq!(answer(&wall.street, &leave(Side::Asking)), Ok(vec!["PairingWithdrawn"]));
}

#[test]
fn who_joins_later_hands_over_once_it_has_signed() {
    let mut wall = agreed_wall().running();
    let seen = wall.street.state.project(wall.project).unwrap();
    let mut draft = seen.draft.clone();
    draft.slots.push(slot("粉刷", 2));
    wall.street.run(Command::AmendProject { project: wall.project, revision: 1, draft });
    let painter = wall.street.unit("清河油漆店");
    let pairing = agree(&mut wall.street, Target::Slot(wall.project, 2), painter);
    let record = Command::RecordDelivery { pairing, draft: of(2) };
    assert_eq!(code(&wall.street, &record), Err("NOT_A_PARTY"));
    let agreement = wall.street.state.agreements().next_back().unwrap().id;
    let mut terms = wall.terms();
    terms.parties.push(painter);
    wall.street.run(Command::AmendAgreement { agreement, version: 1, terms: terms.clone() });
    assert_eq!(
        code(&wall.street, &record),
        Err("NOT_A_PARTY"),
        "an amendment is not in force before all have signed"
    );
    for party in terms.parties {
        wall.street.run(Command::SignAgreement { agreement, version: 2, party });
    }
    assert_eq!(answer(&wall.street, &record), Ok(vec!["DeliveryRecorded"]));
}

#[test]
fn a_pairing_with_an_agreement_is_delivered_once_it_is_in_force() {
    let mut street = Street::opened();
    let (community, unit) = (street.community("春晖社区"), street.unit("清河食品公司"));
    let need = street.need(community, None);
    let pairing = agree(&mut street, Target::Need(need), unit);
    let record = Command::RecordDelivery { pairing, draft: of(1) };
    assert_eq!(answer(&street, &record), Ok(vec!["DeliveryRecorded"]), "none is asked for");
    let terms = Terms {
        title: "送餐协议".into(),
        text: None,
        parties: vec![community, unit],
        undertakings: Vec::new(),
        budget: Vec::new(),
        ceiling: None,
        milestones: Vec::new(),
    };
    street.run(Command::DraftAgreement { subject: Subject::Pairing(pairing), terms });
    assert_eq!(code(&street, &record), Err("NOT_IN_STATE"), "but what is drafted is signed first");
    let agreement = street.state.agreements().next_back().unwrap().id;
    for party in [community, unit] {
        street.run(Command::SignAgreement { agreement, version: 1, party });
    }
    assert_eq!(answer(&street, &record), Ok(vec!["DeliveryRecorded"]));
    let void = vec!["PairingWithdrawn", "AgreementWithdrawn"];
    let leave = Command::WithdrawPairing { pairing, side: Side::Asking, reason: "不需要了".into() };
    assert_eq!(answer(&street, &leave), Ok(void), "its agreement goes with it");
}

#[test]
fn a_project_given_up_frees_what_was_not_delivered_and_the_needs_it_carried() {
    let mut wall = agreed_wall().running();
    wall.give(0, 3);
    let open = hand_over(&mut wall.street, wall.pairings[1], 1);
    let fail = Command::FailProject { project: wall.project, reason: "资金未到位".into() };
    assert_eq!(answer(&wall.street, &fail), Err(Refusal::DeliveryOpen { delivery: open }));
    wall.street.run(Command::WithdrawDelivery { delivery: open, reason: "未送到".into() });
    let expected =
        ["PairingChanged", "PairingAccepted", "PairingWithdrawn", "AgreementWithdrawn", "ProjectFailed"];
    assert_eq!(answer(&wall.street, &fail), Ok(expected.to_vec()));
    assert!(wall.street.state.stands_for(wall.need).is_some());
    wall.street.run(fail);
    assert_eq!(wall.status(), ProjectStatus::Failed);
    assert!(wall.street.state.stands_for(wall.need).is_none(), "the need is matched on its own again");
    assert_eq!(wall.street.state.need(wall.need).unwrap().status(), NeedStatus::Open);
    let agreed: Vec<u64> = wall.tallies().iter().map(|tally| tally.agreed).collect();
    assert_eq!(agreed, [3, 0]);
    for unit in wall.units {
        assert_eq!(wall.street.state.organization(unit).unwrap().engagements, Tally::NONE, "{unit}");
    }
}

#[test]
fn a_project_accepted_short_leaves_alone_what_others_still_owe_its_needs() {
    let mut wall = agreed_wall().running();
    wall.give(0, 3);
    let helper = wall.street.unit("清河学校");
    let own = agree(&mut wall.street, Target::Need(wall.need), helper);
    let accept = Command::AcceptProject { project: wall.project, note: None };
    let short = vec!["PairingChanged", "PairingAccepted", "PairingWithdrawn", "ProjectAccepted"];
    assert_eq!(answer(&wall.street, &accept), Ok(short), "the need has an agreement of its own");
    wall.street
        .run(Command::WithdrawPairing { pairing: own, side: Side::Giving, reason: "不必了".into() });
    wall.street.run(accept);
    let need = wall.street.state.need(wall.need).unwrap();
    assert_eq!((need.status(), need.met), (NeedStatus::Met, Some(wall.street.now)));
    // What was accepted is not amended any more.
    let draft = wall.street.state.project(wall.project).unwrap().draft.clone();
    let amend = Command::AmendProject { project: wall.project, revision: 1, draft };
    assert_eq!(code(&wall.street, &amend), Err("NOT_IN_STATE"));
}

#[test]
fn a_confirmed_delivery_is_credited_by_the_first_line_that_fits() {
    let code = |text: &str| CategoryCode::new(text).unwrap();
    let rule = |form, category, points, points_per_hour, points_per_hundred| CreditRule {
        form,
        category,
        points,
        points_per_hour,
        points_per_hundred,
    };
    let care = [
        rule(Some(Form::Money), None, 1, 0, 2),
        rule(None, Some(code("CARE")), 5, 6, 0),
        rule(None, None, 7, 0, 0),
    ];
    let meal = Some(engine::category::Categorized::stated(code("CARE-MEAL")));
    let money = Some(Quantity::of(250, Measure::Money));
    // Three volunteers give 100 minutes together.
    let cases = [
        ("the standard table", None, None, None, 10 + 16),
        ("the standard table, 250 yuan", None, None, money.clone(), 10 + 16 + 2),
        ("a leaf below the line's top", Some(care.to_vec()), meal.clone(), None, 5 + 10),
        ("money comes first", Some(care.to_vec()), meal, money, 1 + 5),
        ("anything else", Some(care.to_vec()), None, None, 7),
        ("no line fits", Some(care[..2].to_vec()), None, None, 0),
    ];
    for (what, credits, category, quantity, points) in cases {
        let mut street = Street::opened();
        street.run(Command::SetRules(Rules { credits, ..Rules::STANDARD }));
        let (community, unit) = (street.community("春晖社区"), street.unit("清河食品公司"));
        let entry =
            EntryDraft { category, quantity: quantity.clone(), ..EntryDraft::new("助餐", community) };
        street.run(Command::PostNeed(NeedDraft::new(entry)));
        let need = street.state.needs().next_back().unwrap().id;
        let pairing = agree(&mut street, Target::Need(need), unit);
        let volunteers = Effort { class: PersonClass::Volunteers, persons: 3, minutes: 100 };
        let quantity = quantity.map_or(1, |it| it.amount);
        let draft = DeliveryDraft { efforts: vec![volunteers], ..of(quantity) };
        street.run(Command::RecordDelivery { pairing, draft });
        assert_eq!(street.state.account(unit), None, "{what}: nothing is credited before it is confirmed");
        street.run(Command::ConfirmDelivery { delivery: DeliveryId::new(1) });
        let minutes = [(PersonClass::Volunteers, 100)].into();
        let earned = Account { points, minutes, deliveries: 1, ..Account::default() };
        assert_eq!(street.state.account(unit).map(|it| Account::clone(it)), Some(earned), "{what}");
    }
}

#[test]
fn the_clock_of_a_milestone_runs_from_the_signatures_to_the_end_of_the_works() {
    let due = |street: &Street| -> Vec<Due> {
        street.state.due(Kind::Milestone, Moment::from_millis(i64::MAX)).map(|(_, due)| due).collect()
    };
    let mut wall = agreed_wall();
    let agreement = wall.drafted();
    assert_eq!(due(&wall.street), [], "what nobody has signed does not run");
    for party in wall.terms().parties {
        wall.street.run(Command::SignAgreement { agreement, version: 1, party });
    }
    let both = [Due::Milestone(agreement, 1), Due::Milestone(agreement, 2)];
    assert_eq!(due(&wall.street), both);
    wall.street.run(Command::StartProject { project: wall.project });
    wall.street.run(Command::ReachMilestone { agreement, milestone: 1, note: None });
    assert_eq!(due(&wall.street), both[1..]);

    // Its last day goes by. An amendment that all sign puts it off, and it has its time again.
    let recorded = Recorded { position: wall.street.state.position().next(), time: wall.street.now };
    evolve_commit(
        &mut wall.street.state,
        recorded,
        &[Event::MilestoneFellOverdue { agreement, milestone: 2 }],
    );
    assert_eq!(due(&wall.street), []);
    let overdue =
        |wall: &Wall| wall.street.state.agreement(agreement).unwrap().milestones[&2].overdue.is_some();
    let mut terms = wall.terms();
    terms.milestones[1] = milestone(2, 90);
    wall.street.run(Command::AmendAgreement { agreement, version: 1, terms: terms.clone() });
    for party in terms.parties {
        assert!(overdue(&wall));
        wall.street.run(Command::SignAgreement { agreement, version: 2, party });
    }
    assert!(!overdue(&wall));
    assert_eq!(due(&wall.street), both[1..]);

    // With the works its clock stops, reached or not.
    wall.give(0, 10);
    for end in [
        Command::AcceptProject { project: wall.project, note: None },
        Command::FailProject { project: wall.project, reason: "资金未到位".into() },
    ] {
        let mut street = wall.street.clone();
        street.run(end);
        assert_eq!(due(&street), []);
    }
}
