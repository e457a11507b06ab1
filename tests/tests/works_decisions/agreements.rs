//! Agreements: who signs, what it may cost, when it holds.

use super::*;

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
