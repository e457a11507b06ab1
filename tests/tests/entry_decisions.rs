//! What becomes of entries beside pairings, as tables: reviews, merging, carrying over, striking off, pauses.
//! What time brings stands in `time_decisions.rs`.
#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

use chrono::NaiveDate;
use engine::{
    appraisal::{Appraisal, Grade},
    bid::BidDraft,
    category::CategoryCode,
    command::Command,
    contribution::{CREDIT_RULES_MAX, CreditRule},
    entry::{BeneficiaryGroup, EntryDraft},
    event::Event,
    evolve::{Recorded, evolve_commit},
    history::Entity,
    identity::{BidId, DeliveryId, NeedId, OrganizationId},
    member::{Caller, Role},
    need::{Channel, NeedDraft, NeedStatus, RejectionGround, Urgency},
    pairing::{PairingStatus, Side, Supplier, Target},
    period::Quarter,
    place::PlaceLevel,
    project::ProjectDraft,
    quantity::{Measure, Quantity},
    refusal::{Missing, Problem, Refusal},
    resource::ResourceStatus,
    rules::{Limits, ReviewRule, Rules},
    window::Window,
};
use tests::street::Street;

type Answer = Result<Vec<&'static str>, Refusal>;

fn answer(street: &Street, command: &Command) -> Answer {
    let events = street.decide(Caller::System, command)?;
    Ok(events.iter().map(Event::name).collect())
}

fn names(events: &[Event]) -> Vec<&'static str> {
    events.iter().map(Event::name).collect()
}

fn sessions(amount: u64) -> Option<Quantity> {
    Some(Quantity::of(amount, Measure::Sessions))
}

fn post(street: &mut Street, draft: NeedDraft) -> NeedId {
    street.run(Command::PostNeed(draft));
    street.state.needs().next_back().unwrap().id
}

fn set_limits(street: &mut Street, limits: Limits) {
    let rules = Rules { limits, ..street.state.rules().clone() };
    street.run(Command::SetRules(rules));
}

/// Folds events that other decisions would have made.
fn happen(street: &mut Street, events: Vec<Event>) {
    let recorded = Recorded { position: street.state.position().next(), time: street.now };
    evolve_commit(&mut street.state, recorded, &events);
    street.log.push((recorded, events));
}

/// All of a need is agreed with a unit, and so much of it delivered and confirmed.
fn agreed(street: &mut Street, need: NeedId, unit: OrganizationId, accepted: u64) {
    let pairing = street.request(unit, Target::Need(need), Supplier::Unit(unit), None).unwrap();
    street.run(Command::ClaimPairing { pairing, side: Side::Asking });
    if accepted > 0 {
        let delivery = DeliveryId::new(street.state.deliveries().count() as u64 + 1);
        let on = NaiveDate::from_ymd_opt(2026, 5, 28).unwrap();
        let draft =
            engine::delivery::DeliveryDraft { quantity: accepted, on, note: None, efforts: Vec::new() };
        happen(street, vec![Event::DeliveryRecorded { delivery, pairing, draft }]);
        happen(street, vec![Event::DeliveryConfirmed { delivery }]);
    }
}

/// Who says that it is no emergency waits as everybody does, unless it was reviewed or agreed meanwhile, and what nobody
/// has claimed goes; under a rule that reviews all.
fn former_emergencies_wait_after_all(street: &mut Street, coordinator: Caller, unit: OrganizationId) {
    let giver = street.unit("清河餐饮公司");
    let said = |urgency| NeedDraft { urgency, ..NeedDraft::new(EntryDraft::new("水管爆裂", unit)) };
    let emergency = Command::PostNeed(said(Some(Urgency::Emergency)));
    let after_all = vec!["NeedAmended", "ReviewAsked"];
    let as_ever = vec!["NeedAmended"];
    for (verified, agreed, urgency, by, expected) in [
        (false, false, None, coordinator, &after_all),
        (false, false, Some(Urgency::Urgent), coordinator, &after_all),
        (false, false, Some(Urgency::Emergency), coordinator, &as_ever),
        (false, false, None, Caller::System, &as_ever),
        (true, false, None, coordinator, &as_ever),
        (false, true, None, coordinator, &as_ever),
    ] {
        assert_eq!(names(&street.tell(coordinator, &emergency).unwrap()), ["NeedPosted"]);
        let need = street.state.needs().next_back().unwrap().id;
        if verified {
            street.run(Command::VerifyNeed { need });
        }
        if agreed {
            self::agreed(street, need, giver, 0);
        }
        let mut draft = said(urgency);
        draft.entry.detail = Some("已关总阀".into());
        let events = street.tell(by, &Command::AmendNeed { need, revision: 1, draft }).unwrap();
        assert_eq!(&names(&events), expected, "{verified} {agreed} {urgency:?}");
        let waits = expected.contains(&"ReviewAsked");
        assert_eq!(street.state.need(need).unwrap().status() == NeedStatus::Posted, waits);
    }
}

#[test]
fn what_is_reviewed_waits_and_who_posts_it_decides() {
    let mut street = Street::opened();
    let community = street.community("春晖社区");
    let unit = street.unit("清河食品公司");
    let draft = |by, urgency, channel| NeedDraft {
        urgency,
        channel,
        ..NeedDraft::new(EntryDraft::new("为老人送餐", by))
    };
    let posted = |asked: bool| if asked { vec!["NeedPosted", "ReviewAsked"] } else { vec!["NeedPosted"] };
    let office = street.office();
    let whistle = Some(Channel::CommunityWhistle);
    // Who posts, how urgent, by which channel, and under which rules it waits: none, others, all.
    let cases = [
        (unit, None, None, [false, true, true]),
        (community, None, whistle, [false, false, true]),
        (office, Some(Urgency::Urgent), None, [false, false, true]),
        (unit, Some(Urgency::Emergency), None, [false, false, false]),
    ];
    let coordinator = street.member(office, Role::Coordinator);
    for (rule, review) in [ReviewRule::None, ReviewRule::Others, ReviewRule::All].into_iter().enumerate() {
        set_limits(&mut street, Limits { review, ..Limits::STANDARD });
        for (by, urgency, channel, waits) in cases {
            let command = Command::PostNeed(draft(by, urgency, channel));
            let events = street.decide(coordinator, &command).unwrap();
            assert_eq!(names(&events), posted(waits[rule]), "{review:?}: {command:?}");
            assert_eq!(answer(&street, &command), Ok(posted(false)), "as an import comes in");
        }
    }

    former_emergencies_wait_after_all(&mut street, coordinator, unit);

    street.tell(coordinator, &Command::PostNeed(draft(unit, None, None))).unwrap();
    let need = street.state.needs().next_back().unwrap().id;
    assert_eq!(street.state.need(need).unwrap().status(), NeedStatus::Posted);
    let claim = street.request(unit, Target::Need(need), Supplier::Unit(unit), None);
    assert_eq!(claim, Err(Refusal::TargetNotOpen { target: Target::Need(need) }));
    assert_eq!(names(&street.run(Command::VerifyNeed { need })), ["NeedVerified"]);
    assert_eq!(street.state.need(need).unwrap().status(), NeedStatus::Open);
    assert_eq!(
        answer(&street, &Command::VerifyNeed { need }),
        Err(Refusal::AlreadyDone { entity: Entity::Need(need) })
    );
}

#[test]
fn a_need_is_rejected_on_a_ground_and_not_while_something_is_agreed() {
    let mut street = Street::opened();
    let community = street.community("春晖社区");
    let unit = street.unit("清河食品公司");
    let (need, other) = (street.need(community, None), street.need(community, None));
    street.request(unit, Target::Need(need), Supplier::Unit(unit), None).unwrap();
    let bid = BidId::new(1);
    let bidden = BidDraft {
        target: Target::Need(need),
        supplier: Supplier::Unit(unit),
        quantity: 1,
        draws: 1,
        note: None,
    };
    let until = street.now.plus_hours(48);
    happen(
        &mut street,
        vec![
            Event::CallOpened { target: Target::Need(need), until, note: None },
            Event::BidPlaced { bid, draft: bidden },
        ],
    );
    let empty = |field| Err(Refusal::Invalid { field, problem: Problem::Empty });
    let nowhere = NeedId::new(99);
    let all = vec!["NeedRejected", "PairingWithdrawn", "BidWithdrawn", "CallClosed"];
    let cases = [
        (RejectionGround::GovernmentProject, None, Ok(all.clone())),
        (RejectionGround::Other, Some("另案办理"), Ok(all.clone())),
        (RejectionGround::Other, None, empty("note")),
        (RejectionGround::OthersDuty { party: " ".into() }, None, empty("ground.party")),
        (RejectionGround::DuplicateOf { need: other }, None, Ok(all)),
        (
            RejectionGround::DuplicateOf { need },
            None,
            Err(Refusal::Invalid { field: "ground.need", problem: Problem::NamesItself }),
        ),
        (
            RejectionGround::DuplicateOf { need: nowhere },
            None,
            Err(Refusal::NotFound { field: "ground.need", missing: Missing::Need(nowhere) }),
        ),
    ];
    for (ground, note, expected) in cases {
        let command = Command::RejectNeed { need, ground, note: note.map(Into::into) };
        assert_eq!(answer(&street, &command), expected, "{command:?}");
    }
    agreed(&mut street, other, unit, 0);
    let command = Command::RejectNeed { need: other, ground: RejectionGround::NotFeasible, note: None };
    assert_eq!(answer(&street, &command), Err(Refusal::StillAgreed { agreed: 1 }));
}

#[test]
fn a_merged_need_leaves_its_quantity_people_and_words() {
    let mut street = Street::opened();
    let community = street.community("春晖社区");
    let unit = street.unit("清河食品公司");
    let mut one = NeedDraft::new(EntryDraft::new("为独居老人送餐", community));
    one.entry.quantity = sessions(10);
    one.entry.beneficiaries.count = Some(12);
    one.entry.beneficiaries.group = Some(BeneficiaryGroup::Elders);
    one.ceiling = Some(3_000);
    let mut two = one.clone();
    two.entry.title = "老人午餐上门".into();
    two.entry.detail = Some("三号楼".into());
    two.entry.quantity = sessions(5);
    two.urgency = Some(Urgency::Urgent);
    let (into, need) = (post(&mut street, one), post(&mut street, two));
    let (stands, goes) = (Target::Need(into), Target::Need(need));
    let kept = street.request(unit, stands, Supplier::Unit(unit), Some(4)).unwrap();
    let gone = street.request(unit, goes, Supplier::Unit(unit), Some(3)).unwrap();
    assert_eq!(
        names(&street.run(Command::MergeNeed { need, into })),
        ["NeedAmended", "NeedMerged", "PairingWithdrawn"]
    );
    let merged = street.state.need(into).unwrap();
    let entry = &merged.draft.entry;
    assert_eq!(
        (merged.asked(), entry.beneficiaries.count, merged.draft.ceiling),
        (15, Some(24), Some(6_000))
    );
    assert_eq!(entry.beneficiaries.group, Some(BeneficiaryGroup::Elders));
    assert_eq!(merged.draft.urgency, Some(Urgency::Urgent));
    assert!(entry.detail.as_ref().unwrap().contains("老人午餐上门」:三号楼"), "{entry:?}");
    assert_eq!(merged.tally.claimed, 4);
    assert_eq!(street.state.need(need).unwrap().status(), NeedStatus::Merged);
    assert!(matches!(street.pairing(kept).status, PairingStatus::Claimed { .. }));
    assert!(matches!(street.pairing(gone).status, PairingStatus::Withdrawn { .. }));
    assert!(street.state.need(need).unwrap().replied.is_some(), "it is answered");
}

#[test]
fn needs_that_count_otherwise_or_lie_apart_are_not_merged() {
    let mut street = Street::opened();
    let (here, there) = (street.community("春晖社区"), street.community("河沿街社区"));
    let unit = street.unit("清河食品公司");
    let counted = street.need(here, sessions(10));
    let money = street.need(here, Some(Quantity::of(500, Measure::Money)));
    let whole = street.need(here, None);
    let second = street.need(here, None);
    let apart = street.need(there, sessions(3));
    let taken = street.need(here, None);
    street.request(unit, Target::Need(taken), Supplier::Unit(unit), None).unwrap();
    let met = street.need(here, None);
    agreed(&mut street, met, unit, 1);
    let alike = |need, other| Err(Refusal::NotAlike { need, other });
    let ok: Answer = Ok(vec!["NeedAmended", "NeedMerged"]);
    let not_met = Refusal::NotInState { entity: Entity::Need(met), wanted: "not met", is: "MET" };
    let cases = [
        (whole, second, ok.clone()),
        (whole, counted, ok.clone()),
        (counted, whole, ok),
        (counted, money, alike(counted, money)),
        (counted, taken, alike(counted, taken)),
        (apart, counted, alike(apart, counted)),
        (met, whole, Err(not_met.clone())),
        (whole, met, Err(not_met)),
        (whole, whole, Err(Refusal::Invalid { field: "into", problem: Problem::NamesItself })),
    ];
    for (need, into, expected) in cases {
        assert_eq!(answer(&street, &Command::MergeNeed { need, into }), expected, "{need} into {into}");
    }
    street.run(Command::MergeNeed { need: whole, into: second });
    assert_eq!(street.state.need(second).unwrap().asked(), 1, "the same thing twice is still one");
    street.run(Command::MergeNeed { need: counted, into: second });
    assert_eq!(street.state.need(second).unwrap().asked(), 10, "nobody had promised the whole");
}

#[test]
fn a_project_that_carries_a_merged_need_carries_the_other() {
    let mut street = Street::opened();
    let community = street.community("春晖社区");
    let needs: Vec<NeedId> = (0..4).map(|_| street.need(community, None)).collect();
    let carrying = |needs: &[NeedId]| ProjectDraft {
        needs: needs.to_vec(),
        ..ProjectDraft::new(EntryDraft::new("邻里食堂", community))
    };
    let one = street.project(carrying(&needs[..2]));
    let two = street.project(carrying(&needs[2..3]));
    let merge = |need: usize, into: usize| Command::MergeNeed { need: needs[need], into: needs[into] };
    assert_eq!(answer(&street, &merge(0, 2)), Err(Refusal::NeedCarried { need: needs[0], by: one }));
    assert_eq!(names(&street.run(merge(2, 3))), ["NeedAmended", "NeedMerged", "ProjectAmended"]);
    assert_eq!(street.state.project(two).unwrap().draft.needs, [needs[3]]);
    street.run(merge(0, 1));
    assert_eq!(street.state.project(one).unwrap().draft.needs, [needs[1]], "named once");
}

#[test]
fn a_need_is_carried_into_a_quarter_that_lies_ahead_and_its_window_with_it() {
    let mut street = Street::opened();
    let community = street.community("春晖社区");
    let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day);
    let mut draft = NeedDraft::new(EntryDraft::new("为老人送餐", community));
    draft.entry.window = Window { to: day(6, 30), ..Window::default() };
    // It is the 28th of May: the second quarter.
    let need = post(&mut street, draft);
    let quarter = |year, quarter| Quarter { year, quarter };
    let into = |into| Command::CarryOverNeed { need, into, reason: "雨季过后再做".into() };
    let range =
        |field, min, max, got| Refusal::Invalid { field, problem: Problem::OutOfRange { min, max, got } };
    let cases = [
        (quarter(2026, 1), Err(Refusal::NotAhead { field: "into" })),
        (quarter(2026, 2), Err(Refusal::NotAhead { field: "into" })),
        (quarter(2026, 3), Ok(vec!["NeedCarriedOver", "NeedAmended"])),
        (quarter(2027, 1), Ok(vec!["NeedCarriedOver", "NeedAmended"])),
        (quarter(2026, 5), Err(range("into.quarter", 1, 4, 5))),
        (quarter(26, 3), Err(range("into.year", 2000, 2200, 26))),
    ];
    for (quarter, expected) in cases {
        assert_eq!(answer(&street, &into(quarter)), expected, "{quarter}");
    }
    street.run(into(quarter(2026, 3)));
    let carried = street.state.need(need).unwrap();
    assert_eq!((carried.period(480), carried.draft.entry.window.to), (quarter(2026, 3), day(9, 30)));
    assert_eq!(answer(&street, &into(quarter(2026, 3))), Err(Refusal::NotAhead { field: "into" }));
    // Half a year on, the third quarter is over too.
    street.wait(24 * 183);
    assert_eq!(answer(&street, &into(quarter(2026, 3))), Err(Refusal::NotAhead { field: "into" }));
}

#[test]
fn a_need_is_struck_off_when_nothing_is_owed_and_then_appraised_once() {
    let mut street = Street::opened();
    let community = street.community("春晖社区");
    let unit = street.unit("清河食品公司");
    let (open, owed, met) =
        (street.need(community, None), street.need(community, None), street.need(community, None));
    agreed(&mut street, owed, unit, 0);
    agreed(&mut street, met, unit, 1);
    let strike = |need, note: Option<&str>| Command::StrikeOffNeed { need, note: note.map(Into::into) };
    let grade =
        |need| Command::AppraiseNeed { need, appraisal: Appraisal { grade: Grade::Satisfied, note: None } };
    let entity = Entity::Need(open);
    let not_met = Refusal::NotInState { entity: entity.clone(), wanted: "MET", is: "OPEN" };
    assert_eq!(answer(&street, &grade(open)), Err(not_met));
    let unsaid = Refusal::Invalid { field: "note", problem: Problem::Empty };
    assert_eq!(answer(&street, &strike(open, None)), Err(unsaid));
    assert_eq!(answer(&street, &strike(owed, Some("已办"))), Err(Refusal::StillAgreed { agreed: 1 }));
    assert_eq!(answer(&street, &strike(met, None)), Ok(vec!["NeedStruckOff"]));
    street.run(strike(open, Some("志愿者已自行解决")));
    assert_eq!(street.state.need(open).unwrap().status(), NeedStatus::Met);
    let again = Refusal::AlreadyDone { entity };
    assert_eq!(answer(&street, &strike(open, Some("又一次"))), Err(again.clone()));
    assert_eq!(names(&street.run(grade(open))), ["NeedAppraised"]);
    assert_eq!(answer(&street, &grade(open)), Err(again));

    // Handed over and not confirmed yet.
    let pairing = street.state.pairings_of_target(Target::Need(owed)).next().unwrap().id;
    let delivery = DeliveryId::new(9);
    let on = NaiveDate::from_ymd_opt(2026, 5, 28).unwrap();
    let draft = engine::delivery::DeliveryDraft { quantity: 1, on, note: None, efforts: Vec::new() };
    happen(&mut street, vec![Event::DeliveryRecorded { delivery, pairing, draft }]);
    assert_eq!(answer(&street, &strike(owed, Some("已办"))), Err(Refusal::DeliveryOpen { delivery }));
}

#[test]
fn what_is_met_is_not_asked_anew() {
    let mut street = Street::opened();
    let community = street.community("春晖社区");
    let unit = street.unit("清河食品公司");
    let need = street.need(community, sessions(2));
    let amend = |street: &Street, amount| {
        let seen = street.state.need(need).unwrap();
        let mut draft = seen.draft.clone();
        draft.entry.quantity = sessions(amount);
        Command::AmendNeed { need, revision: seen.revision, draft }
    };
    let pairing = street.request(unit, Target::Need(need), Supplier::Unit(unit), Some(1)).unwrap();
    street.run(Command::ClaimPairing { pairing, side: Side::Asking });
    let delivery = DeliveryId::new(1);
    let on = NaiveDate::from_ymd_opt(2026, 5, 28).unwrap();
    let draft = engine::delivery::DeliveryDraft { quantity: 1, on, note: None, efforts: Vec::new() };
    happen(&mut street, vec![Event::DeliveryRecorded { delivery, pairing, draft }]);
    happen(&mut street, vec![Event::DeliveryConfirmed { delivery }]);
    assert_eq!(street.state.need(need).unwrap().status(), NeedStatus::PartlyMet);
    let fewer = amend(&street, 1);
    street.run(fewer);
    let it = street.state.need(need).unwrap();
    assert_eq!((it.status(), it.met), (NeedStatus::Met, Some(street.now)), "what is left is accepted");
    let entity = Entity::Need(need);
    let expected = Refusal::NotInState { entity, wanted: "not met", is: "MET" };
    assert_eq!(answer(&street, &amend(&street, 5)), Err(expected));
    // The accepted pairing outlives its resource's owner taking back what is left.
    assert_eq!(street.pairing(pairing).accepted, 1);
}

#[test]
fn a_paused_resource_keeps_its_claims_and_loses_its_proposals() {
    let mut street = Street::opened();
    let community = street.community("春晖社区");
    let unit = street.unit("清河食品公司");
    let resource = street.resource(unit, sessions(10));
    let (one, two) = (street.need(community, sessions(2)), street.need(community, sessions(3)));
    let supplier = Supplier::Resource(resource);
    let claimed = street.request(unit, Target::Need(one), supplier, None).unwrap();
    let office = street.office();
    let proposed = street.request(office, Target::Need(two), supplier, None).unwrap();
    let pause = Command::PauseResource { resource, reason: "食堂检修".into() };
    let entity = Entity::Resource(resource);
    let not_paused = Refusal::NotInState { entity: entity.clone(), wanted: "PAUSED", is: "OPEN" };
    assert_eq!(answer(&street, &Command::ResumeResource { resource }), Err(not_paused));
    assert_eq!(names(&street.run(pause.clone())), ["ResourcePaused", "PairingSuperseded"]);
    assert_eq!(answer(&street, &pause), Err(Refusal::AlreadyDone { entity }));
    assert_eq!(street.pairing(proposed).status, PairingStatus::Superseded);
    let refused = street.request(unit, Target::Need(two), supplier, None);
    assert_eq!(refused, Err(Refusal::SupplierNotOpen { supplier }));
    street.run(Command::ClaimPairing { pairing: claimed, side: Side::Asking });
    street.run(Command::ResumeResource { resource });
    assert_eq!(street.state.resource(resource).unwrap().status(), ResourceStatus::Open);
    assert!(street.request(unit, Target::Need(two), supplier, None).is_ok());
}

#[test]
fn limits_and_the_rule_table_have_their_ranges() {
    let mut street = Street::opened();
    let standard = Rules::STANDARD;
    let limits = |limits| Rules { limits, ..standard.clone() };
    let line = |category: Option<&str>, points| CreditRule {
        form: None,
        category: category.map(|code| CategoryCode::new(code).unwrap()),
        points,
        points_per_hour: 1,
        points_per_hundred: 0,
    };
    let table = |lines: Vec<CreditRule>| Rules { credits: Some(lines), ..standard.clone() };
    let range = |field, min, max, got| {
        Err(Refusal::Invalid { field, problem: Problem::OutOfRange { min, max, got } })
    };
    let nowhere = CategoryCode::new("NO-SUCH").unwrap();
    let missing = Refusal::NotFound { field: "credits.category", missing: Missing::Category(nowhere) };
    let many = Problem::TooMany { max: CREDIT_RULES_MAX };
    let set: Answer = Ok(vec!["RulesSet"]);
    let cases = [
        (limits(Limits { stale_days: 0, ..Limits::STANDARD }), set.clone()),
        (limits(Limits { reply_days: 731, ..Limits::STANDARD }), range("limits.replyDays", 0, 730, 731)),
        (
            limits(Limits { emergency_claim_hours: 0, ..Limits::STANDARD }),
            range("limits.emergencyClaimHours", 1, 366 * 24, 0),
        ),
        (table(vec![]), set.clone()),
        (table(vec![line(Some("CARE-MEAL"), 5), line(None, 1)]), set),
        (table(vec![line(Some("NO-SUCH"), 5)]), Err(missing)),
        (table(vec![line(None, 10_001)]), range("credits.points", 0, 10_000, 10_001)),
        (
            table(vec![line(None, 1); CREDIT_RULES_MAX + 1]),
            Err(Refusal::Invalid { field: "credits", problem: many }),
        ),
    ];
    for (rules, expected) in cases {
        assert_eq!(answer(&street, &Command::SetRules(rules.clone())), expected, "{rules:?}");
    }
    street.run(Command::SetRules(table(vec![line(Some("CARE-MEAL"), 5)])));
    let code = CategoryCode::new("CARE-MEAL").unwrap();
    let retire = Command::RetireCategory(code.clone());
    assert_eq!(answer(&street, &retire), Err(Refusal::CategoryInUse { code }));
}

#[test]
fn the_reviewer_is_the_community_around() {
    let mut street = Street::opened();
    let community = street.community("春晖社区");
    let seat = street.state.organization(community).unwrap().draft.place;
    let estate = street.place("临河小区", PlaceLevel::Estate, seat);
    let mut draft = NeedDraft::new(EntryDraft::new("楼道扶手松动", street.office()));
    draft.entry.place = Some(estate);
    let need = post(&mut street, draft);
    assert_eq!(street.state.reviewer(need), Some(community));
}
