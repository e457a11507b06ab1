//! Claims in part and jointly, calls and bids, joint meetings: what stands, what is wished, what is answered.
//!
//! Each test is one rule.
#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

use chrono::NaiveDate;
use engine::{
    agenda::{self, Why},
    bid::BidStatus,
    command::Command,
    delivery::DeliveryDraft,
    entry::EntryDraft,
    event::Event,
    evolve::{Recorded, evolve_commit},
    history::Entity,
    identity::{BidId, DeliveryId, MeetingId, OrganizationId, PairingId, ProjectId},
    meeting::{Decision, Item, MeetingDraft, MeetingStatus},
    member::Caller,
    pairing::{PairingStatus, Share, Side, Supplier, Target},
    project::{ProjectDraft, ProjectStatus, SlotDraft},
    quantity::{Measure, Quantity},
    refusal::{Missing, Problem, Refusal},
    window::Window,
};
use tests::street::{START, Street};

/// A community that asks for ten sessions, and three units that offer ten each.
struct Scene {
    street: Street,
    community: OrganizationId,
    units: [OrganizationId; 3],
    target: Target,
    suppliers: [Supplier; 3],
}

fn scene() -> Scene {
    let mut street = Street::opened();
    let community = street.community("春晖社区");
    let units = ["清河食品公司", "长青医院", "清河银行"].map(|name| street.unit(name));
    let target = Target::Need(street.need(community, sessions(10)));
    let suppliers = units.map(|unit| Supplier::Resource(street.resource(unit, sessions(10))));
    Scene { street, community, units, target, suppliers }
}

fn sessions(amount: u64) -> Option<Quantity> {
    Some(Quantity::of(amount, Measure::Sessions))
}

/// The names of the events, or the refusal.
fn answer(street: &Street, command: &Command) -> Result<Vec<&'static str>, Refusal> {
    let events = street.decide(Caller::System, command)?;
    Ok(events.iter().map(Event::name).collect())
}

fn claim(pairing: PairingId, side: Side) -> Command {
    Command::ClaimPairing { pairing, side }
}

fn part(pairing: PairingId, side: Side, quantity: u64) -> Command {
    Command::ClaimPart { pairing, side, quantity }
}

fn share(supplier: Supplier, quantity: Option<u64>) -> Share {
    Share { supplier, quantity, draws: None }
}

fn withdraw(pairing: PairingId, side: Side) -> Command {
    Command::WithdrawPairing { pairing, side, reason: "人手不足".into() }
}

fn decline(pairing: PairingId, side: Side) -> Command {
    Command::DeclinePairing { pairing, side, reason: "时间不合适".into() }
}

fn bid(target: Target, supplier: Supplier, quantity: Option<u64>) -> Command {
    Command::PlaceBid { target, supplier, quantity, draws: None, note: None }
}

fn choose(bid: u64) -> Command {
    Command::ChooseBid { bid: BidId::new(bid), reason: Some("离得近".into()) }
}

fn meeting(participants: &[OrganizationId], agenda: &[Item]) -> MeetingDraft {
    MeetingDraft {
        title: "六月联席会".into(),
        at: START.plus_hours(48),
        venue: None,
        participants: participants.to_vec(),
        agenda: agenda.to_vec(),
    }
}

fn decided(item: Item, decision: Decision, note: Option<&str>) -> Command {
    Command::DecideItem { meeting: MeetingId::new(1), item, decision, note: note.map(str::to_owned) }
}

/// What stands of a pairing: its state and its two amounts.
fn stands(street: &Street, id: PairingId) -> (&'static str, u64, u64) {
    let pairing = street.pairing(id);
    let state = match pairing.status {
        PairingStatus::Proposed => "proposed",
        PairingStatus::Claimed { by: Side::Asking, .. } => "claimed by asking",
        PairingStatus::Claimed { by: Side::Giving, .. } => "claimed by giving",
        PairingStatus::Agreed { .. } => "agreed",
        PairingStatus::Accepted { .. } => "accepted",
        PairingStatus::Declined { .. } => "declined",
        PairingStatus::Lapsed { .. } => "lapsed",
        PairingStatus::Withdrawn { .. } => "withdrawn",
        PairingStatus::Superseded => "superseded",
    };
    (state, pairing.terms.quantity, pairing.terms.draws)
}

/// Folds events in that no command of this file makes.
fn happens(street: &mut Street, events: &[Event]) {
    let recorded = Recorded { position: street.state.position().next(), time: street.now };
    evolve_commit(&mut street.state, recorded, events);
    street.log.push((recorded, events.to_vec()));
}

fn delivery(number: u64, pairing: PairingId, quantity: u64) -> Event {
    let on = NaiveDate::from_ymd_opt(2026, 5, 29).unwrap();
    let draft = DeliveryDraft { quantity, on, note: None, efforts: Vec::new() };
    Event::DeliveryRecorded { delivery: DeliveryId::new(number), pairing, draft }
}

#[test]
fn a_claim_in_part_leaves_the_rest_to_others() {
    let Scene { mut street, target, suppliers, units, .. } = scene();
    let office = street.office();
    let whole = street.request(office, target, suppliers[0], Some(10)).unwrap();
    let cases = [
        (
            0,
            Err(Refusal::Invalid {
                field: "quantity",
                problem: Problem::OutOfRange { min: 1, max: 10, got: 0 },
            }),
        ),
        (
            11,
            Err(Refusal::Invalid {
                field: "quantity",
                problem: Problem::OutOfRange { min: 1, max: 10, got: 11 },
            }),
        ),
        (10, Ok(vec!["PairingClaimed"])),
        (4, Ok(vec!["PairingChanged", "PairingClaimed"])),
    ];
    for (quantity, expected) in cases {
        assert_eq!(answer(&street, &part(whole, Side::Giving, quantity)), expected, "{quantity}");
    }
    street.run(part(whole, Side::Giving, 4));
    assert_eq!(stands(&street, whole), ("claimed by giving", 4, 4));
    let rest = street.request(units[1], target, suppliers[1], None).unwrap();
    assert_eq!(stands(&street, rest), ("claimed by giving", 6, 6));
    let claimed = Refusal::PairingNot { pairing: whole, wanted: "PROPOSED", is: "CLAIMED" };
    assert_eq!(answer(&street, &part(whole, Side::Asking, 2)), Err(claimed));
}

#[test]
fn a_part_draws_its_share_rounded_up_and_one_engagement_stays_one() {
    let Scene { mut street, target, units, .. } = scene();
    let office = street.office();
    let lots = {
        let mut entry = EntryDraft::new("物资包", units[0]);
        entry.quantity = Some(Quantity::of(9, Measure::Other("套".into())));
        let mut draft = engine::resource::ResourceDraft::new(entry);
        draft.lots = Some(5);
        street.run(Command::PostResource(draft));
        Supplier::Resource(street.state.resources().next_back().unwrap().id)
    };
    // (supplier, quantity, draws) and what a part of it draws.
    let cases = [
        (Supplier::Unit(units[0]), 10, 1, 3, 1),
        (lots, 10, 5, 1, 1),
        (lots, 10, 5, 3, 2),
        (lots, 10, 5, 4, 2),
    ];
    for (supplier, quantity, draws, part_of_it, drawn) in cases {
        let mut street = street.clone();
        street.run(Command::RequestPairing {
            target,
            supplier,
            quantity: Some(quantity),
            draws: Some(draws),
            by: office,
        });
        let pairing = street.state.pairings().next_back().unwrap().id;
        street.run(part(pairing, Side::Giving, part_of_it));
        assert_eq!(stands(&street, pairing), ("claimed by giving", part_of_it, drawn), "{supplier}");
    }
}

#[test]
fn a_joint_claim_is_agreed_whole_once_every_giver_has_claimed() {
    let Scene { mut street, target, suppliers, units, .. } = scene();
    let joint = |first: Option<u64>, second: Option<u64>| Command::ClaimJointly {
        target,
        shares: vec![share(suppliers[0], first), share(suppliers[1], second)],
        by: units[0],
    };
    street.run(joint(Some(6), None));
    let (leader, partner) = (PairingId::new(1), PairingId::new(2));
    assert_eq!(stands(&street, leader), ("claimed by giving", 6, 6));
    assert_eq!(stands(&street, partner), ("proposed", 4, 4), "the rest, which nobody named");

    for pairing in [leader, partner] {
        let waits = Refusal::JointClaimWaits { pairing: partner };
        assert_eq!(answer(&street, &claim(pairing, Side::Asking)), Err(waits.clone()));
        if pairing == partner {
            assert_eq!(answer(&street, &part(pairing, Side::Asking, 1)), Err(waits));
        }
    }
    street.run(claim(partner, Side::Giving));
    street.run(claim(partner, Side::Asking));
    assert_eq!(stands(&street, leader).0, "agreed");
    assert_eq!(stands(&street, partner).0, "agreed");
    assert_eq!(street.log.last().unwrap().1.len(), 2, "both in one commit");
}

#[test]
fn who_leaves_a_joint_claim_does_not_hold_up_who_stays() {
    type Leave = fn(&mut Street);
    let partner = PairingId::new(2);
    let ways: [(&str, Leave); 4] = [
        ("declines", |street| drop(street.run(decline(PairingId::new(2), Side::Giving)))),
        ("is declined", |street| drop(street.run(decline(PairingId::new(2), Side::Asking)))),
        ("withdraws", |street| {
            street.run(claim(PairingId::new(2), Side::Giving));
            street.run(withdraw(PairingId::new(2), Side::Giving));
        }),
        ("loses its resource", |street| {
            let Supplier::Resource(resource) = street.pairing(PairingId::new(2)).terms.supplier else {
                unreachable!()
            };
            street.run(Command::WithdrawResource { resource, reason: "设备损坏".into() });
        }),
    ];
    for (way, leave) in ways {
        let Scene { mut street, target, suppliers, units, .. } = scene();
        let shares = suppliers.map(|supplier| share(supplier, Some(3))).to_vec();
        street.run(Command::ClaimJointly { target, shares, by: units[0] });
        let (leader, third) = (PairingId::new(1), PairingId::new(3));
        leave(&mut street);
        assert!(!street.pairing(partner).status.is_live(), "the partner {way}");
        let waits = Err(Refusal::JointClaimWaits { pairing: third });
        assert_eq!(answer(&street, &claim(leader, Side::Asking)), waits, "the partner {way}");
        street.run(claim(third, Side::Giving));
        let agreed = Ok(vec!["PairingAgreed", "PairingAgreed"]);
        assert_eq!(answer(&street, &claim(leader, Side::Asking)), agreed, "the partner {way}");
    }
}

#[test]
fn a_lapsed_claim_leaves_the_group_and_who_is_left_alone_is_an_ordinary_pairing() {
    let Scene { mut street, target, suppliers, units, .. } = scene();
    let shares = suppliers.map(|supplier| share(supplier, Some(3))).to_vec();
    street.run(Command::ClaimJointly { target, shares, by: units[0] });
    let [leader, partner, third] = [1, 2, 3].map(PairingId::new);
    street.wait(100);
    street.run(claim(partner, Side::Giving));
    street.run(claim(third, Side::Giving));
    street.wait(100);
    // The leader's time is over, the others' is not.
    let until = START.plus_hours(7 * 24);
    assert_eq!(answer(&street, &claim(partner, Side::Asking)), Err(Refusal::ClaimLapsed { until }));
    street.run(Command::Tick);
    assert_eq!(stands(&street, leader).0, "lapsed");
    street.run(decline(partner, Side::Asking));
    street.run(claim(third, Side::Asking));
    assert_eq!(stands(&street, third).0, "agreed");
}

#[test]
fn a_joint_claim_is_led_by_its_first_share_and_fits_what_is_asked() {
    let Scene { mut street, community, target, suppliers, units } = scene();
    let own = Supplier::Resource(street.resource(community, sessions(5)));
    street.request(units[2], target, suppliers[2], Some(2)).unwrap();
    let [a, b, c] = suppliers;
    let range = |min, max, got| Problem::OutOfRange { min, max, got };
    let cases = [
        (vec![share(a, None)], Err(Refusal::Invalid { field: "shares", problem: range(2, 20, 1) })),
        (vec![share(b, None), share(a, None)], Err(Refusal::NotASide { organization: units[0] })),
        (
            vec![share(a, Some(1)), share(a, Some(1))],
            Err(Refusal::Invalid { field: "shares", problem: Problem::NamedTwice }),
        ),
        (vec![share(a, Some(1)), share(own, Some(1))], Err(Refusal::SameOrganization)),
        (
            vec![share(a, Some(1)), share(c, Some(1))],
            Err(Refusal::AlreadyPaired { pairing: PairingId::new(1) }),
        ),
        (
            vec![share(a, Some(5)), share(b, Some(4))],
            Err(Refusal::MoreThanAsked { target, quantity: 9, unserved: 8 }),
        ),
        (
            vec![share(a, None), share(b, None)],
            Err(Refusal::MoreThanAsked { target, quantity: 1, unserved: 0 }),
        ),
        (
            vec![share(a, Some(4)), share(b, None)],
            Ok(vec!["PairingRequested", "PairingRequested", "PairingsJoined", "PairingClaimed"]),
        ),
    ];
    for (shares, expected) in cases {
        let command = Command::ClaimJointly { target, shares: shares.clone(), by: units[0] };
        assert_eq!(answer(&street, &command), expected, "{shares:?}");
    }
}

#[test]
fn proposals_between_the_same_two_make_way_for_a_joint_claim() {
    let Scene { mut street, target, suppliers, units, .. } = scene();
    let office = street.office();
    let mine = street.request(office, target, suppliers[0], Some(5)).unwrap();
    let others = street.request(office, target, suppliers[2], Some(5)).unwrap();
    let shares = vec![share(suppliers[0], Some(3)), share(suppliers[1], Some(3))];
    street.run(Command::ClaimJointly { target, shares, by: units[0] });
    assert_eq!(stands(&street, mine).0, "superseded");
    // 5 are proposed and 4 are left.
    assert_eq!(stands(&street, others).0, "superseded");
}

#[test]
fn what_is_delivered_stays_when_the_rest_is_taken_back() {
    let Scene { mut street, target, suppliers, units, .. } = scene();
    let pairing = street.request(units[0], target, suppliers[0], Some(8)).unwrap();
    street.run(claim(pairing, Side::Asking));
    happens(&mut street, &[delivery(1, pairing, 3)]);

    let unconfirmed = Refusal::DeliveryOpen { delivery: DeliveryId::new(1) };
    assert_eq!(answer(&street, &withdraw(pairing, Side::Giving)), Err(unconfirmed));

    happens(&mut street, &[Event::DeliveryConfirmed { delivery: DeliveryId::new(1) }]);
    street.run(withdraw(pairing, Side::Asking));
    assert_eq!(stands(&street, pairing), ("accepted", 3, 3));
    let (asked, tally) = street.state.asked(target).unwrap();
    assert_eq!((asked, tally.agreed, tally.accepted), (10, 3, 3));
    let (_, given) = street.state.offered(suppliers[0]).unwrap();
    assert_eq!((given.agreed, given.accepted), (3, 3), "what was given stays given");

    // What has happened does not go with the resource.
    let Supplier::Resource(resource) = suppliers[0] else { unreachable!() };
    street.run(Command::WithdrawResource { resource, reason: "停止供应".into() });
    assert_eq!(stands(&street, pairing).0, "accepted");
}

#[test]
fn a_bid_reserves_nothing_and_waits_in_the_order_of_arrival() {
    let Scene { mut street, community, target, suppliers, units } = scene();
    let own = Supplier::Resource(street.resource(community, sessions(5)));
    street.request(units[0], target, suppliers[0], Some(10)).unwrap();
    // All of it is claimed, and a bid is welcome all the same.
    street.run(bid(target, suppliers[1], None));
    street.run(bid(target, suppliers[2], Some(4)));
    let queue: Vec<u64> = street.state.queue(target).map(|bid| bid.draft.quantity).collect();
    assert_eq!(queue, [10, 4]);
    assert_eq!(street.state.asked(target).unwrap().1.live(), 10);

    let cases = [
        (suppliers[1], Some(1), Refusal::AlreadyDone { entity: Entity::Bid(BidId::new(1)) }),
        (suppliers[0], Some(1), Refusal::AlreadyPaired { pairing: PairingId::new(1) }),
        (own, Some(1), Refusal::SameOrganization),
        (Supplier::Unit(units[1]), Some(11), Refusal::MoreThanAsked { target, quantity: 11, unserved: 10 }),
        (Supplier::Unit(community), Some(1), Refusal::TakesUpNoNeeds { organization: community }),
    ];
    for (supplier, quantity, refusal) in cases {
        // A community takes up no needs before it could be told that it is its own.
        let got = answer(&street, &bid(target, supplier, quantity));
        assert_eq!(got, Err(refusal), "{supplier}");
    }

    let full = Refusal::MoreThanAsked { target, quantity: 10, unserved: 0 };
    assert_eq!(answer(&street, &choose(1)), Err(full), "the claim stands");
    street.wait(7 * 24);
    street.run(Command::Tick);
    street.run(choose(2));
    let pairing = street.state.pairings().next_back().unwrap().id;
    assert_eq!(stands(&street, pairing), ("agreed", 4, 4));
    let chosen = &street.state.bid(BidId::new(2)).unwrap().status;
    let reason = Some("离得近".to_owned());
    assert_eq!(*chosen, BidStatus::Chosen { pairing, reason, at: street.now });
    assert_eq!(street.state.queue(target).count(), 1, "the other one still waits");
    let over = Refusal::NotInState { entity: Entity::Bid(BidId::new(2)), wanted: "WAITING", is: "CHOSEN" };
    assert_eq!(answer(&street, &choose(2)), Err(over));
}

#[test]
fn a_choice_makes_proposals_in_the_way_go() {
    let Scene { mut street, target, suppliers, .. } = scene();
    let office = street.office();
    let same = street.request(office, target, suppliers[0], Some(2)).unwrap();
    let other = street.request(office, target, suppliers[1], Some(8)).unwrap();
    street.run(bid(target, suppliers[0], Some(2)));
    street.run(bid(target, suppliers[2], Some(6)));
    street.run(choose(1));
    assert_eq!([stands(&street, same).0, stands(&street, other).0], ["superseded", "proposed"]);
    street.run(choose(2));
    assert_eq!(stands(&street, other).0, "superseded");
}

#[test]
fn a_call_takes_bids_until_its_time_and_then_they_are_weighed() {
    let Scene { mut street, target, suppliers, .. } = scene();
    let call = |hours: u32| Command::OpenCall {
        target,
        until: START.plus_hours(hours),
        note: Some("请附方案".into()),
    };
    let close = Command::CloseCall { target };
    let none = Refusal::NotFound { field: "target", missing: Missing::Call(target) };
    assert_eq!(answer(&street, &close), Err(none));
    assert_eq!(answer(&street, &call(0)), Err(Refusal::NotAhead { field: "until" }));
    street.run(call(24));
    assert_eq!(answer(&street, &call(48)), Err(Refusal::AlreadyDone { entity: target.into() }));
    street.run(bid(target, suppliers[0], Some(10)));
    street.wait(24);
    // Too late, whether the tick has said so or not.
    let late = Err(Refusal::CallOver { until: START.plus_hours(24) });
    assert_eq!(answer(&street, &bid(target, suppliers[1], None)), late);
    assert_eq!(answer(&street, &Command::Tick), Ok(vec!["CallClosed"]));
    street.run(Command::Tick);
    assert_eq!(answer(&street, &bid(target, suppliers[1], None)), late);
    assert_eq!(answer(&street, &Command::Tick), Ok(vec![]));
    assert_eq!(answer(&street, &close), Err(Refusal::AlreadyDone { entity: target.into() }));
    // The end of the call declined nobody. Once all are answered, the target is open to bids as before.
    street.run(Command::DeclineBid { bid: BidId::new(1), reason: "方案不合适".into() });
    assert_eq!(answer(&street, &bid(target, suppliers[1], None)), Ok(vec!["BidPlaced"]));
}

#[test]
fn a_choice_that_takes_all_ends_the_call() {
    let Scene { mut street, target, suppliers, .. } = scene();
    street.run(Command::OpenCall { target, until: START.plus_hours(24), note: None });
    street.run(bid(target, suppliers[0], Some(4)));
    street.run(bid(target, suppliers[1], Some(6)));
    let part = vec!["BidChosen", "PairingRequested", "PairingClaimed", "PairingAgreed"];
    assert_eq!(answer(&street, &choose(1)), Ok(part.clone()));
    street.run(choose(1));
    assert_eq!(answer(&street, &choose(2)), Ok([part, vec!["CallClosed"]].concat()));
}

#[test]
fn bids_go_with_what_they_were_about() {
    let Scene { mut street, target, suppliers, .. } = scene();
    let (Target::Need(need), Supplier::Resource(resource)) = (target, suppliers[0]) else { unreachable!() };
    street.run(Command::OpenCall { target, until: START.plus_hours(24), note: None });
    street.run(bid(target, suppliers[0], None));
    street.run(bid(target, suppliers[1], None));
    let reason = || "不再需要".to_owned();
    let amended = |quantity: Option<Quantity>| {
        let mut draft = street.state.need(need).unwrap().draft.clone();
        draft.entry.quantity = quantity;
        Command::AmendNeed { need, revision: 1, draft }
    };
    let cases = [
        (
            Command::WithdrawNeed { need, reason: reason() },
            vec!["NeedWithdrawn", "BidWithdrawn", "BidWithdrawn", "CallClosed"],
        ),
        (Command::WithdrawResource { resource, reason: reason() }, vec!["ResourceWithdrawn", "BidWithdrawn"]),
        (amended(sessions(12)), vec!["NeedAmended"]),
        (
            amended(Some(Quantity::of(12, Measure::People))),
            vec!["NeedAmended", "BidWithdrawn", "BidWithdrawn", "CallClosed"],
        ),
    ];
    for (command, expected) in cases {
        assert_eq!(answer(&street, &command), Ok(expected), "{command:?}");
    }
}

fn garden(street: &mut Street, by: OrganizationId) -> ProjectId {
    let slot = SlotDraft {
        title: "树苗".into(),
        category: None,
        form: None,
        quantity: sessions(3),
        window: Window::open(),
    };
    let mut draft = ProjectDraft::new(EntryDraft::new("口袋花园", by));
    draft.slots.push(slot);
    street.project(draft)
}

#[test]
fn an_agenda_names_what_can_still_be_decided_each_once() {
    let Scene { mut street, community, target, suppliers, units } = scene();
    let open = street.request(units[0], target, suppliers[0], Some(2)).unwrap();
    let agreed = street.request(units[1], target, suppliers[1], Some(2)).unwrap();
    street.run(claim(agreed, Side::Asking));
    let project = garden(&mut street, community);
    let signed = garden(&mut street, community);
    happens(&mut street, &[Event::ProjectStarted { project: signed }]);

    let all = [community, units[0]];
    let invalid = |field, problem| Err(Refusal::Invalid { field, problem });
    let nobody = OrganizationId::new(99);
    let cases = [
        (meeting(&[], &[]), invalid("participants", Problem::Empty)),
        (meeting(&[community, community], &[]), invalid("participants", Problem::NamedTwice)),
        (
            meeting(&[nobody], &[]),
            Err(Refusal::NotFound { field: "participants", missing: Missing::Organization(nobody) }),
        ),
        (meeting(&all, &[Item::Pairing(open), Item::Pairing(open)]), invalid("agenda", Problem::NamedTwice)),
        (
            meeting(&all, &[Item::Pairing(agreed)]),
            Err(Refusal::PairingNot { pairing: agreed, wanted: "PROPOSED or CLAIMED", is: "AGREED" }),
        ),
        (
            meeting(&all, &[Item::Project(signed)]),
            Err(Refusal::NotInState {
                entity: Entity::Project(signed),
                wanted: "open and not signed yet",
                is: "RUNNING",
            }),
        ),
        (meeting(&all, &[Item::Pairing(open), Item::Project(project)]), Ok(vec!["MeetingCalled"])),
    ];
    for (draft, expected) in cases {
        assert_eq!(answer(&street, &Command::CallMeeting(draft.clone())), expected, "{draft:?}");
    }
    street.run(Command::CallMeeting(meeting(&all, &[Item::Project(project)])));
    assert_eq!(street.state.project(project).unwrap().status(), ProjectStatus::UnderDiscussion);
}

#[test]
fn a_meeting_binds_only_who_takes_part() {
    let Scene { mut street, community, target, suppliers, units } = scene();
    let pairing = street.request(units[0], target, suppliers[0], Some(2)).unwrap();
    let item = Item::Pairing(pairing);
    street.run(Command::CallMeeting(meeting(&[community, units[1]], &[item])));
    let entity = Entity::Meeting(MeetingId::new(1));
    let absent = Err(Refusal::NotAParty { organization: units[0], entity });
    let terms = Decision::ChangeTerms { quantity: 3, draws: 3 };
    assert_eq!(answer(&street, &decided(item, Decision::Agree, None)), absent);
    assert_eq!(answer(&street, &decided(item, terms.clone(), None)), absent);
    assert_eq!(answer(&street, &decided(item, Decision::Postpone, None)), Ok(vec!["MeetingDecided"]));
    let draft = meeting(&[community, units[0]], &[item]);
    street.run(Command::AmendMeeting { meeting: MeetingId::new(1), draft });
    let agreed = Ok(vec!["MeetingDecided", "PairingAgreed"]);
    assert_eq!(answer(&street, &decided(item, Decision::Agree, None)), agreed);
    let changed = Ok(vec!["MeetingDecided", "PairingChanged"]);
    assert_eq!(answer(&street, &decided(item, terms, None)), changed);
}

#[test]
fn what_a_meeting_decides_of_a_pairing_is_done_at_once() {
    let Scene { mut street, community, target, suppliers, units } = scene();
    let office = street.office();
    let claimed = street.request(units[0], target, suppliers[0], Some(4)).unwrap();
    let proposed = street.request(office, target, suppliers[1], Some(4)).unwrap();
    let other = street.request(office, target, suppliers[2], Some(2)).unwrap();
    let items = [claimed, proposed, other].map(Item::Pairing);
    let all = [community, units[0], units[1], units[2]];
    street.run(Command::CallMeeting(meeting(&all, &items)));
    let terms = |quantity, draws| Decision::ChangeTerms { quantity, draws };
    let range = |min, got| Problem::OutOfRange { min, max: engine::quantity::AMOUNT_MAX, got };
    let cases = [
        (items[1], Decision::Agree, None, Ok(vec!["MeetingDecided", "PairingClaimed", "PairingAgreed"])),
        // 4 are claimed by itself and 6 are left: the proposals make way, newest first.
        (
            items[0],
            terms(7, 7),
            None,
            Ok(vec!["MeetingDecided", "PairingSuperseded", "PairingSuperseded", "PairingChanged"]),
        ),
        (items[0], terms(6, 6), None, Ok(vec!["MeetingDecided", "PairingSuperseded", "PairingChanged"])),
        (items[0], terms(4, 4), None, Ok(vec!["MeetingDecided"])),
        (items[1], terms(7, 7), None, Err(Refusal::MoreThanAsked { target, quantity: 7, unserved: 6 })),
        (
            items[1],
            terms(6, 11),
            None,
            Err(Refusal::CapacityExceeded { supplier: suppliers[1], draws: 11, remaining: 10 }),
        ),
        (items[1], terms(3, 2), None, Err(Refusal::Invalid { field: "draws", problem: range(3, 2) })),
        (items[1], Decision::Drop, Some("不合适"), Ok(vec!["MeetingDecided", "PairingDeclined"])),
        (items[1], Decision::Drop, None, Err(Refusal::Invalid { field: "note", problem: Problem::Empty })),
        (
            Item::Pairing(PairingId::new(9)),
            Decision::Postpone,
            None,
            Err(Refusal::NotFound { field: "item", missing: Missing::Item(MeetingId::new(1)) }),
        ),
    ];
    for (item, decision, note, expected) in cases {
        assert_eq!(answer(&street, &decided(item, decision.clone(), note)), expected, "{decision:?}");
    }
    // Who had claimed keeps the claim, and the other side is who declines.
    street.run(decided(items[0], terms(5, 5), Some("只够五次")));
    assert_eq!(stands(&street, claimed), ("claimed by giving", 5, 5));
    street.run(decided(items[0], Decision::Drop, Some("改日再议")));
    let PairingStatus::Declined { by, .. } = street.pairing(claimed).status else { unreachable!() };
    assert_eq!(by, Side::Asking);
    let over = Refusal::PairingNot { pairing: claimed, wanted: "PROPOSED or CLAIMED", is: "DECLINED" };
    assert_eq!(answer(&street, &decided(items[0], Decision::Agree, None)), Err(over));
}

#[test]
fn a_meeting_agrees_a_joint_claim_with_all_its_givers_present() {
    let Scene { mut street, community, target, suppliers, units } = scene();
    let shares = vec![share(suppliers[0], Some(6)), share(suppliers[1], Some(4))];
    street.run(Command::ClaimJointly { target, shares, by: units[0] });
    let item = Item::Pairing(PairingId::new(1));
    street.run(Command::CallMeeting(meeting(&[community, units[0]], &[item])));
    let entity = Entity::Meeting(MeetingId::new(1));
    let absent = Err(Refusal::NotAParty { organization: units[1], entity });
    assert_eq!(answer(&street, &decided(item, Decision::Agree, None)), absent);
    let draft = meeting(&[community, units[0], units[1]], &[item]);
    street.run(Command::AmendMeeting { meeting: MeetingId::new(1), draft });
    street.run(decided(item, Decision::Agree, None));
    for pairing in [1, 2].map(PairingId::new) {
        assert_eq!(stands(&street, pairing).0, "agreed");
    }
}

#[test]
fn what_a_meeting_decides_of_a_project_is_done_at_once() {
    let Scene { mut street, community, suppliers, units, .. } = scene();
    let project = garden(&mut street, community);
    let slot = Target::Slot(project, 0);
    let pairing = street.request(units[0], slot, suppliers[0], Some(2)).unwrap();
    street.run(bid(slot, suppliers[1], Some(1)));
    let item = Item::Project(project);
    street.run(Command::CallMeeting(meeting(&[units[0]], &[item])));
    let entity = Entity::Meeting(MeetingId::new(1));
    let absent = Err(Refusal::NotAParty { organization: community, entity });
    assert_eq!(answer(&street, &decided(item, Decision::Agree, None)), absent);
    let draft = meeting(&[units[0], community], &[item]);
    street.run(Command::AmendMeeting { meeting: MeetingId::new(1), draft });

    let no_terms =
        Refusal::NotInState { entity: Entity::Project(project), wanted: "a PAIRING", is: "PROJECT" };
    let cases = [
        (Decision::Agree, None, Ok(vec!["MeetingDecided"])),
        (Decision::ChangeTerms { quantity: 1, draws: 1 }, None, Err(no_terms)),
        (Decision::Drop, None, Err(Refusal::Invalid { field: "note", problem: Problem::Empty })),
        (
            Decision::Drop,
            Some("资金不足"),
            Ok(vec!["MeetingDecided", "ProjectWithdrawn", "PairingWithdrawn", "BidWithdrawn"]),
        ),
    ];
    for (decision, note, expected) in cases {
        assert_eq!(answer(&street, &decided(item, decision.clone(), note)), expected, "{decision:?}");
    }
    street.run(decided(item, Decision::Agree, None));
    assert_eq!(street.state.project(project).unwrap().status(), ProjectStatus::Agreed);
    let again = Refusal::AlreadyDone { entity: Entity::Project(project) };
    assert_eq!(answer(&street, &decided(item, Decision::Agree, None)), Err(again));
    // With a slot agreed the project is not dropped.
    street.run(claim(pairing, Side::Asking));
    let agreed = Err(Refusal::StillAgreed { agreed: 2 });
    assert_eq!(answer(&street, &decided(item, Decision::Drop, Some("资金不足"))), agreed);
}

#[test]
fn what_a_meeting_did_not_come_to_is_written_down_as_postponed() {
    let Scene { mut street, community, target, suppliers, units } = scene();
    let dropped = street.request(units[0], target, suppliers[0], Some(2)).unwrap();
    let left = street.request(units[1], target, suppliers[1], Some(2)).unwrap();
    let lapsed = street.request(units[2], target, suppliers[2], Some(2)).unwrap();
    let items = [dropped, left, lapsed].map(Item::Pairing);
    street.run(Command::CallMeeting(meeting(&[community], &items)));
    street.run(decided(items[0], Decision::Drop, Some("重复")));
    street.run(withdraw(lapsed, Side::Giving));
    let minutes = |text: &str| Command::CloseMeeting { meeting: MeetingId::new(1), minutes: text.into() };
    let empty = Refusal::Invalid { field: "minutes", problem: Problem::Empty };
    assert_eq!(answer(&street, &minutes(" ")), Err(empty));
    assert_eq!(answer(&street, &minutes("会议纪要")), Ok(vec!["MeetingDecided", "MeetingClosed"]));
    let cancel = Command::CancelMeeting { meeting: MeetingId::new(1), reason: "改期".into() };
    let entity = Entity::Meeting(MeetingId::new(1));
    let begun = Refusal::NotInState {
        entity: entity.clone(),
        wanted: "CALLED with nothing decided yet",
        is: "DECIDED_IN_PART",
    };
    assert_eq!(answer(&street, &cancel), Err(begun));
    let without = meeting(&[community], &items[1..]);
    let amend = Command::AmendMeeting { meeting: MeetingId::new(1), draft: without };
    assert_eq!(answer(&street, &amend), Err(Refusal::AlreadyDone { entity: Entity::Pairing(dropped) }));

    street.run(minutes("会议纪要"));
    let held = street.state.meeting(MeetingId::new(1)).unwrap();
    assert_eq!(held.decided(items[1]).unwrap().decision, Decision::Postpone);
    assert_eq!(held.decided(items[2]), None, "that one was over by then");
    assert_eq!(held.status, MeetingStatus::Closed { minutes: "会议纪要".into(), at: street.now });
    let over = Refusal::NotInState { entity, wanted: "CALLED", is: "CLOSED" };
    for command in [amend, cancel, minutes("再来"), decided(items[1], Decision::Agree, None)] {
        assert_eq!(answer(&street, &command), Err(over.clone()), "{command:?}");
    }
}

#[test]
fn the_draft_of_an_agenda_says_what_waits_and_why() {
    let Scene { mut street, community, target, suppliers, units } = scene();
    let office = street.office();
    let postponed = street.request(office, target, suppliers[0], Some(2)).unwrap();
    street.run(Command::CallMeeting(meeting(&[community], &[Item::Pairing(postponed)])));
    assert_eq!(agenda::draft(&street.state), [], "it is on an agenda already");
    street.run(Command::CloseMeeting { meeting: MeetingId::new(1), minutes: "无人到会".into() });

    let unclaimed = street.request(office, target, suppliers[2], Some(2)).unwrap();
    let claimed = street.request(units[1], target, suppliers[1], Some(2)).unwrap();
    let project = garden(&mut street, community);
    let agreed = garden(&mut street, community);
    let filled = street.request(units[1], Target::Slot(agreed, 0), suppliers[1], Some(3)).unwrap();
    street.run(claim(filled, Side::Asking));
    let wish = street.need(community, sessions(1));
    let mut draft = street.state.need(wish).unwrap().draft.clone();
    draft.channel = Some(engine::need::Channel::Wish);
    street.run(Command::AmendNeed { need: wish, revision: 1, draft });
    street.request(units[2], Target::Need(wish), suppliers[2], None).unwrap();

    let until = START.plus_hours(7 * 24);
    let suggested: Vec<(Item, Why)> =
        agenda::draft(&street.state).into_iter().map(|it| (it.item, it.why)).collect();
    assert_eq!(
        suggested,
        [
            (Item::Pairing(postponed), Why::Postponed(MeetingId::new(1))),
            (Item::Pairing(claimed), Why::Claimed { by: Side::Giving, until }),
            (Item::Project(agreed), Why::ToBeSigned),
            (Item::Project(project), Why::ToBeAgreed),
            (Item::Pairing(unclaimed), Why::Unclaimed),
        ]
    );
}
