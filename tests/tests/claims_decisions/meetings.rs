//! Joint meetings: agendas, and what they decide.

use super::*;

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
