//! The rules that are easy to get wrong, as tables: what stands, what is wished, what is answered.
//!
//! Each test is one rule. Roles, taxonomy and territory have tables of their own in `street_decisions.rs`.
#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

use engine::{
    command::Command,
    entry::{EntryDraft, Form},
    event::Event,
    identity::{NeedId, OrganizationId, PairingId, Position, ResourceId},
    member::{Caller, Role},
    need::NeedDraft,
    organization::OrganizationDraft,
    pairing::{PairingStatus, PairingTerms, Side, Supplier, Target},
    plan::{PlanSummary, Proposal},
    project::{ProjectDraft, SlotDraft},
    quantity::{Measure, Quantity},
    refusal::{Problem, Refusal},
    rules::Rules,
    window::Window,
};
use tests::street::Street;

/// A pairing of a plan: what is served, by what, how much of what is asked, how much of what is given.
type Proposed = (Target, Supplier, u64, u64);

/// The names of the events, or the refusal.
type Answer = Result<Vec<&'static str>, Refusal>;

/// A community that asks and a unit that gives.
struct Pair {
    street: Street,
    community: OrganizationId,
    unit: OrganizationId,
}

fn pair() -> Pair {
    let mut street = Street::opened();
    let community = street.community("春晖社区");
    let unit = street.unit("清河食品公司");
    Pair { street, community, unit }
}

fn sessions(amount: u64) -> Option<Quantity> {
    Some(Quantity::of(amount, Measure::Sessions))
}

fn amended(street: &Street, need: NeedId, quantity: Option<Quantity>) -> Command {
    let seen = street.state.need(need).unwrap();
    let mut draft = seen.draft.clone();
    draft.entry.quantity = quantity;
    Command::AmendNeed { need, revision: seen.revision, draft }
}

fn amended_resource(street: &Street, resource: ResourceId, quantity: Option<Quantity>) -> Command {
    let seen = street.state.resource(resource).unwrap();
    let mut draft = seen.draft.clone();
    draft.entry.quantity = quantity;
    Command::AmendResource { resource, revision: seen.revision, draft }
}

fn claim(pairing: PairingId, side: Side) -> Command {
    Command::ClaimPairing { pairing, side }
}

fn answer(street: &Street, command: &Command) -> Answer {
    let events = street.decide(Caller::System, command)?;
    Ok(events.iter().map(Event::name).collect())
}

fn plan(street: &Street, pairings: &[Proposed]) -> Command {
    Command::AdoptPlan(Box::new(Proposal {
        position: street.state.position(),
        pairings: pairings
            .iter()
            .map(|&(target, supplier, quantity, draws)| PairingTerms {
                target,
                supplier,
                quantity,
                draws,
                fit: None,
            })
            .collect(),
        summary: PlanSummary {
            objective: 0,
            bound: 0,
            prices_digest: String::new(),
            targets: 0,
            unmet: Vec::new(),
            merit: None,
            churn: None,
        },
    }))
}

#[test]
fn a_need_is_not_amended_below_what_is_promised() {
    let Pair { mut street, community, unit } = pair();
    let need = street.need(community, sessions(10));
    let resource = street.resource(unit, sessions(10));
    street.request(unit, Target::Need(need), Supplier::Resource(resource), Some(6)).unwrap();

    // 6 of 10 sessions are claimed.
    let cases = [
        (sessions(6), Ok(vec!["NeedAmended"])),
        (sessions(5), Err(Refusal::BelowPromised { promised: 6, left: 5 })),
        (Some(Quantity::of(600, Measure::Money)), Err(Refusal::PromisedOtherwise)),
        (Some(Quantity::of(5, Measure::Money)), Err(Refusal::BelowPromised { promised: 6, left: 5 })),
        (None, Err(Refusal::BelowPromised { promised: 6, left: 1 })),
        (sessions(10), Ok(vec![])),
    ];
    for (quantity, expected) in cases {
        assert_eq!(answer(&street, &amended(&street, need, quantity.clone())), expected, "{quantity:?}");
        let command = amended_resource(&street, resource, quantity.clone());
        if let Ok([]) | Err(Refusal::PromisedOtherwise) = expected.as_deref() {
            assert_eq!(answer(&street, &command), expected, "the same holds of the resource: {quantity:?}");
        }
    }
}

#[test]
fn one_whole_thing_means_the_same_said_or_unsaid() {
    let Pair { mut street, community, unit } = pair();
    let need = street.need(community, None);
    street.request(unit, Target::Need(need), Supplier::Unit(unit), None).unwrap();
    assert_eq!(answer(&street, &amended(&street, need, Some(Quantity::lot()))), Ok(vec!["NeedAmended"]));
}

#[test]
fn what_no_longer_fits_an_amended_need_is_superseded_newest_first() {
    let Pair { mut street, community, unit } = pair();
    let need = street.need(community, sessions(10));
    for name in ["甲公司", "乙公司", "丙公司"] {
        let other = street.unit(name);
        let office = street.office();
        // Asked for by the office: proposed, claimed by nobody.
        street.request(office, Target::Need(need), Supplier::Unit(other), Some(3)).unwrap();
    }
    street.request(unit, Target::Need(need), Supplier::Unit(unit), Some(1)).unwrap();

    // 3 + 3 + 3 are proposed and 1 is claimed.
    let cases = [(10, 0), (9, 1), (7, 1), (6, 2), (4, 2), (3, 3), (1, 3)];
    for (left, superseded) in cases {
        let mut expected = vec!["NeedAmended"];
        expected.resize(1 + superseded, "PairingSuperseded");
        if left == 10 {
            expected.clear();
        }
        assert_eq!(answer(&street, &amended(&street, need, sessions(left))), Ok(expected), "{left} left");
    }
}

#[test]
fn of_two_clerks_who_amend_at_once_the_second_is_told() {
    let Pair { mut street, community, .. } = pair();
    let need = street.need(community, sessions(10));
    let (first, second) = (amended(&street, need, sessions(8)), amended(&street, need, sessions(12)));
    street.run(first.clone());
    assert_eq!(answer(&street, &second), Err(Refusal::RevisionPassed { seen: 1, current: 2 }));
    // The same click twice is no second change, but it was made for an older page.
    assert_eq!(answer(&street, &first), Err(Refusal::RevisionPassed { seen: 1, current: 2 }));
    assert_eq!(street.state.need(need).unwrap().asked(), 8);
}

#[test]
fn a_claim_waits_until_its_limit_and_not_a_moment_longer() {
    let hours = Rules::STANDARD.claim_hours;
    for (waited, ticked, expected) in [
        (hours - 1, false, Ok(vec!["PairingAgreed"])),
        (hours - 1, true, Ok(vec!["PairingAgreed"])),
        (hours, false, Err("CLAIM_LAPSED")),
        (hours, true, Err("PAIRING_NOT")),
    ] {
        let Pair { mut street, community, unit } = pair();
        let need = street.need(community, sessions(4));
        let pairing = street.request(unit, Target::Need(need), Supplier::Unit(unit), None).unwrap();
        street.wait(waited);
        if ticked {
            street.run(Command::Tick);
        }
        let told = answer(&street, &claim(pairing, Side::Asking)).map_err(|refusal| refusal.code());
        assert_eq!(told, expected, "after {waited} hours, ticked: {ticked}");
        assert_eq!(
            street.state.need(need).unwrap().tally.claimed,
            if waited == hours && ticked { 0 } else { 4 }
        );
    }
}

#[test]
fn of_two_proposals_for_one_need_the_first_claimed_wins() {
    let Pair { mut street, community, unit } = pair();
    let rival = street.unit("清河银行");
    let need = street.need(community, sessions(6));
    let target = Target::Need(need);
    street.run(plan(&street, &[(target, Supplier::Unit(unit), 3, 1), (target, Supplier::Unit(rival), 3, 1)]));

    // A third unit takes 4 of 6 directly: the newer of the two proposals makes room for it.
    let third = street.unit("清河学校");
    street.request(third, target, Supplier::Unit(third), Some(4)).unwrap();
    let standing: Vec<PairingStatus> =
        street.state.pairings_of_target(target).map(|pairing| pairing.status.clone()).collect();
    assert!(matches!(
        standing.as_slice(),
        [
            PairingStatus::Superseded,
            PairingStatus::Superseded,
            PairingStatus::Claimed { by: Side::Giving, .. }
        ]
    ));
    let cases = [
        (Some(3), Err(Refusal::MoreThanAsked { target, quantity: 3, unserved: 2 })),
        (Some(2), Ok(())),
        (Some(1), Err(Refusal::MoreThanAsked { target, quantity: 1, unserved: 0 })),
        (None, Err(Refusal::MoreThanAsked { target, quantity: 1, unserved: 0 })),
    ];
    for ((quantity, expected), by) in cases.into_iter().zip([unit, unit, rival, rival]) {
        let told = street.request(by, target, Supplier::Unit(by), quantity).map(drop);
        assert_eq!(told, expected, "{quantity:?} by {by}");
    }
}

#[test]
fn a_unit_takes_on_no_more_than_its_open_capacity() {
    let Pair { mut street, community, unit } = pair();
    let supplier = Supplier::Unit(unit);
    let told: Vec<Result<(), &str>> = (0..4)
        .map(|_| {
            let need = street.need(community, None);
            let told = street.request(unit, Target::Need(need), supplier, None);
            told.map(drop).map_err(|refusal| refusal.code())
        })
        .collect();
    assert_eq!(told, [Ok(()), Ok(()), Ok(()), Err("CAPACITY_EXCEEDED")]);

    let below = Err(Refusal::BelowPromised { promised: 3, left: 2 });
    let draft = street.state.organization(unit).unwrap().draft.clone();
    let fewer = OrganizationDraft { open_capacity: Some(2), ..draft };
    assert_eq!(answer(&street, &Command::AmendOrganization { organization: unit, draft: fewer }), below);
    let fewer = Rules { open_capacity: 2, ..Rules::STANDARD };
    assert_eq!(
        answer(&street, &Command::SetRules(fewer.clone())),
        below,
        "nor may the street's rule go below"
    );

    // A unit that says its own number does not depend on the street's.
    let draft = street.state.organization(unit).unwrap().draft.clone();
    let own = OrganizationDraft { open_capacity: Some(3), ..draft };
    street.run(Command::AmendOrganization { organization: unit, draft: own });
    assert_eq!(answer(&street, &Command::SetRules(fewer)), Ok(vec!["RulesSet"]));
}

#[test]
fn what_is_counted_alike_is_drawn_at_least_one_by_one() {
    let Pair { mut street, community, unit } = pair();
    let need = street.need(community, sessions(10));
    let target = Target::Need(need);
    let counted = Supplier::Resource(street.resource(unit, sessions(4)));
    let too_few = |got| Refusal::Invalid {
        field: "draws",
        problem: Problem::OutOfRange { min: 4, max: 1_000_000_000, got },
    };
    let cases = [
        (Some(4), Some(1), Err(too_few(1))),
        (Some(4), Some(4), Ok(())),
        (Some(3), Some(4), Ok(())),
        (Some(5), None, Err(Refusal::CapacityExceeded { supplier: counted, draws: 5, remaining: 4 })),
        (Some(5), Some(5), Err(Refusal::CapacityExceeded { supplier: counted, draws: 5, remaining: 4 })),
        (None, None, Ok(())),
    ];
    for (quantity, draws, expected) in cases {
        let command = Command::RequestPairing { target, supplier: counted, quantity, draws, by: unit };
        assert_eq!(street.decide(Caller::System, &command).map(drop), expected, "{quantity:?} {draws:?}");
    }
    let stale = Err(Refusal::PlanStale { target, supplier: counted });
    assert_eq!(answer(&street, &plan(&street, &[(target, counted, 4, 1)])), stale);
    let plan = plan(&street, &[(target, counted, 4, 4)]);
    assert_eq!(answer(&street, &plan), Ok(vec!["PlanAdopted", "PairingProposed"]));
}

#[test]
fn a_resource_lent_whole_is_drawn_by_engagements() {
    let Pair { mut street, community, unit } = pair();
    for (form, engagements) in [(Form::Venue, 3), (Form::Goods, 1)] {
        let entry = EntryDraft { form: Some(form), ..EntryDraft::new("会议室", unit) };
        street.run(Command::PostResource(engine::resource::ResourceDraft::new(entry)));
        let supplier = Supplier::Resource(street.state.resources().next_back().unwrap().id);
        let taken = (0..5).filter(|_| {
            let need = street.need(community, sessions(8));
            street.request(community, Target::Need(need), supplier, None).is_ok()
        });
        assert_eq!(taken.count(), engagements, "{form:?}");
    }
}

#[test]
fn a_plan_is_checked_against_the_state_of_now() {
    let Pair { mut street, community, unit } = pair();
    let needs = [street.need(community, sessions(4)), street.need(community, None)];
    let [first, second] = needs.map(Target::Need);
    let own = street.need(unit, None);
    let settled = EntryDraft { settled: Some("已认领".into()), ..EntryDraft::new("照明", community) };
    street.run(Command::PostNeed(NeedDraft::new(settled)));
    let settled = Target::Need(street.state.needs().next_back().unwrap().id);
    let supplier = Supplier::Unit(unit);
    let office = Supplier::Unit(street.office());
    let stale = |target, supplier| Err(Refusal::PlanStale { target, supplier });

    let cases: [(&str, &[Proposed], Answer); 9] = [
        (
            "all fits",
            &[(first, supplier, 4, 1), (second, supplier, 1, 1)],
            Ok(vec!["PlanAdopted", "PairingProposed", "PairingProposed"]),
        ),
        ("nothing to propose", &[], Ok(vec!["PlanAdopted"])),
        ("more than asked", &[(first, supplier, 5, 1)], stale(first, supplier)),
        ("the same two twice", &[(first, supplier, 2, 1), (first, supplier, 2, 1)], stale(first, supplier)),
        (
            "too many engagements",
            &[(first, supplier, 4, 3), (second, supplier, 1, 1)],
            stale(second, supplier),
        ),
        ("nothing of it", &[(first, supplier, 0, 1)], stale(first, supplier)),
        ("with itself", &[(Target::Need(own), supplier, 1, 1)], stale(Target::Need(own), supplier)),
        ("settled elsewhere", &[(settled, supplier, 1, 1)], stale(settled, supplier)),
        ("an office takes up nothing", &[(first, office, 1, 1)], stale(first, office)),
    ];
    for (case, pairings, expected) in cases {
        assert_eq!(answer(&street, &plan(&street, pairings)), expected, "{case}");
    }

    let head = street.state.position();
    let Command::AdoptPlan(mut proposal) = plan(&street, &[]) else { unreachable!() };
    proposal.position = Position(head.0 + 1);
    let ahead = Refusal::Invalid {
        field: "position",
        problem: Problem::OutOfRange { min: 0, max: head.0, got: head.0 + 1 },
    };
    assert_eq!(answer(&street, &Command::AdoptPlan(proposal)), Err(ahead), "no plan comes from the future");
}

#[test]
fn only_its_sides_or_the_street_office_ask_for_a_pairing() {
    let Pair { mut street, community, unit } = pair();
    let stranger = street.unit("清河银行");
    let target = Target::Need(street.need(community, sessions(4)));
    let office = street.office();
    let by_both = Ok(vec!["PairingRequested", "PairingClaimed"]);
    let cases = [
        (community, Role::CommunityOfficer, by_both.clone()),
        (unit, Role::UnitLiaison, by_both),
        (office, Role::Coordinator, Ok(vec!["PairingRequested"])),
        (stranger, Role::Coordinator, Err(Refusal::NotASide { organization: stranger })),
        (stranger, Role::UnitLiaison, Err(Refusal::NotASide { organization: stranger })),
    ];
    for (by, role, expected) in cases {
        let caller = street.member(by, role);
        let command = Command::RequestPairing {
            target,
            supplier: Supplier::Unit(unit),
            quantity: None,
            draws: None,
            by,
        };
        let told = street.decide(caller, &command);
        let told = told.map(|events| events.iter().map(Event::name).collect());
        assert_eq!(told, expected, "{by} {role:?}");
    }
}

#[test]
fn an_entry_that_changes_hands_is_not_paired_with_its_new_owner() {
    let Pair { mut street, community, unit } = pair();
    let need = street.need(community, sessions(4));
    let resource = street.resource(unit, sessions(4));
    street.request(unit, Target::Need(need), Supplier::Resource(resource), None).unwrap();

    let seen = street.state.need(need).unwrap();
    let mut draft = seen.draft.clone();
    draft.entry.organization = unit;
    let command = Command::AmendNeed { need, revision: 1, draft };
    assert_eq!(answer(&street, &command), Err(Refusal::SameOrganization));

    let mut draft = street.state.resource(resource).unwrap().draft.clone();
    draft.entry.organization = community;
    let command = Command::AmendResource { resource, revision: 1, draft };
    assert_eq!(answer(&street, &command), Err(Refusal::SameOrganization));

    let slot = SlotDraft {
        title: "音响".into(),
        category: None,
        form: None,
        quantity: None,
        window: Window::open(),
    };
    let entry = EntryDraft::new("邻里节", community);
    let project = ProjectDraft { slots: vec![slot], ..ProjectDraft::new(entry) };
    let id = street.project(project.clone());
    street.request(unit, Target::Slot(id, 0), Supplier::Unit(unit), None).unwrap();
    let draft = ProjectDraft { entry: EntryDraft { organization: unit, ..project.entry.clone() }, ..project };
    let command = Command::AmendProject { project: id, revision: 1, draft };
    assert_eq!(answer(&street, &command), Err(Refusal::SameOrganization));
}
