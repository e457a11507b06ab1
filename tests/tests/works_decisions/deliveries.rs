//! Deliveries: parts, what is short, what is credited.

use super::*;

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
