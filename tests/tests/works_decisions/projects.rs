//! Projects: from the agreement to the end.

use super::*;

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
