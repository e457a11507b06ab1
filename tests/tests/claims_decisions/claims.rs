//! Claims in part and jointly.

use super::*;

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
