//! Calls and the bids on them.

use super::*;

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
