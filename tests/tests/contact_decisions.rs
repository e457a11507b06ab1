//! Who gives, erases and reads contacts, as tables; and when the street's rule erases them.
#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

use engine::{
    command::Command,
    contact::{CONTACT_DAYS_MAX, CONTACTS_MAX, ErasureReason, Purpose, Subject},
    entry::EntryDraft,
    event::Event,
    identity::{ContactId, NeedId, OrganizationId, PairingId},
    member::{Caller, Role},
    organization::{Relation, RosterLink},
    pairing::{Side, Supplier, Target},
    permission::may_read_contact,
    project::{ProjectDraft, SlotDraft},
    refusal::{Missing, Problem, Refusal},
    rules::{Limits, Rules},
    window::Window,
};
use tests::street::Street;

/// A community that asks, a unit that gives, and a third that has nothing to do with it; each has a contact for
/// itself, and each of the entries has one.
struct Scene {
    street: Street,
    need: Target,
    slot: Target,
    resource: Supplier,
    unit: OrganizationId,
    /// Coordinator, community, unit, third; then those who read nothing.
    callers: [Caller; 8],
    /// Of the need, the project, the resource, the community, the unit.
    subjects: [Subject; 5],
}

fn scene() -> Scene {
    let mut street = Street::opened();
    let community = street.community("春晖社区");
    let unit = street.unit("清河食品公司");
    let third = street.unit("清河银行");
    let office = street.office();
    let ended = street.member(community, Role::CommunityOfficer);
    let Caller::Member { member, .. } = ended else { unreachable!() };
    street.run(Command::RevokeMember(member));
    let callers = [
        street.member(office, Role::Coordinator),
        street.member(community, Role::CommunityOfficer),
        street.member(unit, Role::UnitLiaison),
        street.member(third, Role::UnitLiaison),
        street.member(community, Role::Observer),
        street.member(office, Role::Observer),
        ended,
        Caller::Public,
    ];
    let need = street.need(community, None);
    let slot = SlotDraft {
        title: "一面墙".into(),
        category: None,
        form: None,
        quantity: None,
        window: Window::open(),
    };
    let draft = ProjectDraft { slots: vec![slot], ..ProjectDraft::new(EntryDraft::new("修墙", community)) };
    let project = street.project(draft);
    let resource = street.resource(unit, None);
    let subjects = [
        Subject::Need(need),
        Subject::Project(project),
        Subject::Resource(resource),
        Subject::Organization(community),
        Subject::Organization(unit),
    ];
    let (need, slot) = (Target::Need(need), Target::Slot(project, 0));
    let mut scene =
        Scene { street, need, slot, resource: Supplier::Resource(resource), unit, callers, subjects };
    for (number, of) in (1..).zip(subjects) {
        scene.street.run(give(number, of));
    }
    scene
}

const fn give(number: u64, of: Subject) -> Command {
    Command::GiveContact { contact: ContactId::new(number), of, purpose: Purpose::Liaison }
}

const fn erase(number: u64) -> Command {
    Command::EraseContact { contact: ContactId::new(number), reason: ErasureReason::Asked }
}

impl Scene {
    /// For each subject, who of the callers reads its contact: a letter each, `.` for who does not.
    fn readers(&self) -> [String; 5] {
        let mut numbers = 1..;
        self.subjects.map(|_| {
            let contact = self.street.state.contact(ContactId::new(numbers.next().unwrap())).unwrap();
            let reads = |caller: &Caller| may_read_contact(&self.street.state, caller, contact);
            self.callers
                .iter()
                .zip("ocut----".chars())
                .map(|(it, name)| if reads(it) { name } else { '.' })
                .collect()
        })
    }

    fn agree(&mut self, target: Target, supplier: Supplier) -> PairingId {
        let office = self.street.office();
        let pairing = self.street.request(office, target, supplier, None).unwrap();
        for side in [Side::Asking, Side::Giving] {
            self.street.run(Command::ClaimPairing { pairing, side });
        }
        pairing
    }
}

#[test]
fn only_its_own_the_coordinator_and_the_other_party_of_an_agreed_pairing_read_a_contact() {
    let mut scene = scene();
    let [own_community, own_unit] = ["oc......", "o.u....."];
    let both = "ocu.....";
    let nobody_else = [own_community, own_community, own_unit, own_community, own_unit];
    assert_eq!(scene.readers(), nobody_else);

    // Asked for and claimed by one side, nothing is opened yet.
    let office = scene.street.office();
    let pairing = scene.street.request(office, scene.need, scene.resource, None).unwrap();
    scene.street.run(Command::ClaimPairing { pairing, side: Side::Giving });
    assert_eq!(scene.readers(), nobody_else);
    // Agreed, both sides and the two entries are open to each other, and the project is not.
    scene.street.run(Command::ClaimPairing { pairing, side: Side::Asking });
    assert_eq!(scene.readers(), [both, own_community, both, both, both]);
    let taken_back = Command::WithdrawPairing { pairing, side: Side::Giving, reason: "改期".into() };
    scene.street.run(taken_back.clone());
    assert_eq!(scene.readers(), nobody_else);

    // A slot is its project's, and a unit may give itself.
    let unit = Supplier::Unit(scene.unit);
    let pairing = scene.agree(scene.slot, unit);
    assert_eq!(scene.readers(), [own_community, both, own_unit, both, both]);
    scene.street.run(Command::WithdrawPairing { pairing, side: Side::Asking, reason: "改期".into() });
    assert_eq!(scene.readers(), nobody_else);
    let contact = scene.street.state.contact(ContactId::new(1)).unwrap();
    assert!(may_read_contact(&scene.street.state, &Caller::System, contact));
}

#[test]
fn who_acts_for_the_organization_gives_and_erases_and_nobody_else() {
    let scene = scene();
    let may = |caller: Caller, command: &Command| {
        !matches!(scene.street.decide(caller, command), Err(Refusal::NotAllowed { .. }))
    };
    for (number, (of, expected)) in (1..).zip(scene.subjects.into_iter().zip(["oc", "oc", "ou", "oc", "ou"]))
    {
        for command in [give(number + 10, of), erase(number)] {
            let granted: String = scene
                .callers
                .iter()
                .zip("ocut----".chars())
                .filter(|(caller, _)| may(**caller, &command))
                .map(|(_, name)| name)
                .collect();
            assert_eq!(granted, expected, "{command:?}");
        }
    }
}

#[test]
fn a_contact_is_given_once_of_something_that_is_there_and_erased_once() {
    let mut scene = scene();
    let of = scene.subjects[0];
    let (street, system) = (&mut scene.street, Caller::System);
    let refused = |street: &Street, command: Command| street.decide(system, &command).unwrap_err();
    let number = |number| ContactId::new(number);
    let cases = [
        (give(1, of), Refusal::ContactGivenBefore { contact: number(1) }),
        (
            give(0, of),
            Refusal::Invalid {
                field: "contact",
                problem: Problem::OutOfRange { min: 1, max: u64::MAX, got: 0 },
            },
        ),
        (
            give(9, Subject::Need(NeedId::new(99))),
            Refusal::NotFound { field: "of", missing: Missing::Need(NeedId::new(99)) },
        ),
        (erase(9), Refusal::NotFound { field: "contact", missing: Missing::Contact(number(9)) }),
    ];
    for (command, refusal) in cases {
        assert_eq!(refused(street, command), refusal);
    }
    street.run(erase(1));
    let at = street.now;
    assert_eq!(refused(street, erase(1)), Refusal::ContactErasedBefore { contact: number(1), at });
    assert_eq!(refused(street, give(1, of)), Refusal::ContactGivenBefore { contact: number(1) });
    // No more than are needed at a time; an erased one makes room.
    let most = CONTACTS_MAX as u64;
    (100..100 + most).for_each(|number| drop(street.run(give(number, of))));
    let problem = Problem::TooMany { max: CONTACTS_MAX };
    assert_eq!(refused(street, give(200, of)), Refusal::Invalid { field: "of", problem });
    street.run(erase(100));
    street.run(give(200, of));
    let Subject::Need(need) = of else { unreachable!() };
    street.run(Command::WithdrawNeed { need, reason: "已办完".into() });
    assert_eq!(refused(street, give(300, of)), Refusal::AlreadyWithdrawn);
}

#[test]
fn the_streets_rule_erases_the_contacts_of_what_is_over_and_of_nothing_else() {
    let mut scene = scene();
    for (days, ok) in [(0, false), (1, true), (CONTACT_DAYS_MAX, true), (CONTACT_DAYS_MAX + 1, false)] {
        let rules = Rules { contact_days: Some(days), ..Rules::STANDARD };
        assert_eq!(scene.street.decide(Caller::System, &Command::SetRules(rules)).is_ok(), ok, "{days} days");
    }
    let erased = |events: Vec<Event>| -> Vec<u64> {
        let number = |event| match event {
            Event::ContactErased { contact, reason: ErasureReason::Retention } => contact.number(),
            other => panic!("{other:?}"),
        };
        events.into_iter().map(number).collect()
    };
    let pairing = scene.agree(scene.need, scene.resource);
    let street = &mut scene.street;
    // Time brings nothing else here.
    let limits = Limits {
        reply_days: 0,
        confirm_days: 0,
        stale_days: 0,
        expiry_days: Limits::DAYS_MAX,
        ..Limits::STANDARD
    };
    street.run(Command::SetRules(Rules { limits, ..Rules::STANDARD }));
    street.wait(100 * 24);
    assert_eq!(street.run(Command::Tick), [], "without a rule nothing is erased");
    street.run(Command::SetRules(Rules { contact_days: Some(30), limits, ..Rules::STANDARD }));
    street.wait(100 * 24);
    assert_eq!(street.run(Command::Tick), [], "everything is open or paired");

    // The project is over; the pairing keeps the rest.
    let Target::Slot(project, _) = scene.slot else { unreachable!() };
    street.run(Command::WithdrawProject { project, reason: "已办完".into() });
    street.wait(30 * 24 - 1);
    assert_eq!(street.run(Command::Tick), []);
    street.wait(1);
    assert_eq!(erased(street.run(Command::Tick)), [2]);
    assert_eq!(street.run(Command::Tick), [], "once");

    // The unit's resource goes, and with it the pairing: unit and resource are at rest, the community has its need.
    street.run(Command::WithdrawPairing { pairing, side: Side::Giving, reason: "检修".into() });
    let Supplier::Resource(resource) = scene.resource else { unreachable!() };
    street.run(Command::WithdrawResource { resource, reason: "检修".into() });
    street.wait(29 * 24);
    // Something happens to the unit: its days begin anew.
    let community = street.state.places().next_back().unwrap().id;
    let link = RosterLink { unit: scene.unit, community, relation: Relation::Paired };
    street.run(Command::LinkRoster(link));
    street.wait(24);
    assert_eq!(erased(street.run(Command::Tick)), [3]);
    street.wait(29 * 24);
    assert_eq!(erased(street.run(Command::Tick)), [5]);
    let kept: Vec<u64> =
        street.state.contacts().filter(|it| it.erased.is_none()).map(|it| it.id.number()).collect();
    assert_eq!(kept, [1, 4]);
    assert!(street.replayed() == street.state);
}
