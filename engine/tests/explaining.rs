//! Explanations seen from outside: what they claim is tried on the street itself.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails loudly")]

#[path = "town/builder.rs"]
mod town;

#[path = "town/trying.rs"]
mod trying;

use chrono::NaiveDate;
use engine::{
    command::Command,
    entry::{EntryDraft, Form},
    event::Event,
    identity::ProjectId,
    matching::{
        Change,
        explaining::unmet::{Withheld, Withholding},
        what_if,
        what_if::Widening,
        wording::Names,
    },
    need::{NeedDraft, Urgency},
    organization::{OrganizationDraft, OrganizationKind, UnitKind},
    pairing::{FactorKind, Supplier, Target},
    plan::Cause,
    project::{ProjectDraft, SlotDraft},
    quantity::{Measure, Quantity},
    refusal::wording::Language,
    resource::ResourceDraft,
    rules::Fairness,
    state::State,
    window::{Weekdays, Window},
};
use town::{NOW, Town, day, given, leaf, night, parking};
use trying::{after, explain, explain_at, find, hold, served, used};

#[test]
fn a_pairing_names_the_second_on_both_sides_and_its_margin() {
    let mut town = Town::new(2);
    let near = town.owner("第一维修队", UnitKind::Enterprise, 0);
    let far = town.owner("第二维修队", UnitKind::Enterprise, 1);
    let fix = |draft: &mut ResourceDraft| draft.entry.category = leaf("SPACE-FIX");
    let first = town.resource(near, "水管维修", fix);
    let second = town.resource(far, "水管维修", fix);
    let burst = town.need(0, "水管维修", |draft| {
        draft.entry.category = leaf("SPACE-FIX");
        draft.urgency = Some(Urgency::Emergency);
    });
    let drip = town.need(0, "水管维修", |draft| draft.entry.category = leaf("SPACE-FIX"));
    let explanations = explain(&town);
    let pairing = explanations.pairing(burst, first).unwrap();
    assert_eq!(pairing.asking.unwrap().who, second);
    assert_eq!(pairing.giving.unwrap().who, drip);
    assert!(pairing.margin.0 > 0 && pairing.margin <= pairing.worth);
    assert!(pairing.fit.factors.iter().any(|factor| factor.kind == FactorKind::Distance));
    assert_eq!(explanations.pairing(drip, first), None, "only what is in the plan");
}

#[test]
fn who_won_contested_capacity_is_named_with_the_lead_and_waiting_outbids_it() {
    let mut town = Town::new(2);
    town.without_fairness();
    let owner = town.owner("抢修队", UnitKind::Enterprise, 0);
    let crew = town.resource(owner, "管道维修", |draft| draft.entry.category = leaf("SPACE-FIX"));
    let fix = |draft: &mut NeedDraft| draft.entry.category = leaf("SPACE-FIX");
    let burst = town.need(0, "水管维修", |draft| {
        fix(draft);
        draft.urgency = Some(Urgency::Urgent);
        draft.entry.beneficiaries.count = Some(3);
    });
    let drip = town.need(0, "水管维修", fix);
    let unmet = explain(&town).unmet(drip).unwrap();
    assert_eq!(unmet.causes[0].cause, Cause::CapacityContested);
    assert_eq!((unmet.winners[0].target, unmet.winners[0].supplier), (burst, crew));
    // The same fit on both sides: 1600 against 1000.
    let burst_worth = explain(&town).pairing(burst, crew).unwrap().worth.0;
    assert_eq!(unmet.winners[0].lead.0, burst_worth * 600 / 1_600);
    for (number, remedy) in unmet.remedies.iter().enumerate() {
        hold(&town, remedy, |proposal| served(proposal, drip), &format!("remedy {number}"));
        assert!(remedy.in_full);
    }
    let more = find(&unmet.remedies, |change| matches!(change, Change::AddCapacity { .. }));
    assert_eq!(more.changes, [Change::AddCapacity { supplier: crew, more: 1 }]);
    assert!(unmet.remedies.windows(2).all(|pair| pair[0].effort <= pair[1].effort));
}

#[test]
fn a_need_that_waits_longest_outbids_one_that_has_waited_its_most() {
    let mut town = Town::new(1);
    town.without_fairness();
    let owner = town.owner("抢修队", UnitKind::Enterprise, 0);
    town.resource(owner, "管道维修", |draft| draft.entry.category = leaf("SPACE-FIX"));
    let fix = |draft: &mut NeedDraft| draft.entry.category = leaf("SPACE-FIX");
    let old = town.need(0, "水管维修", fix);
    let later = NOW.plus_hours(50 * 24);
    // Posted fifty days later, by an office that serves some people more.
    let mut entry = town
        .state
        .need(match old {
            Target::Need(need) => need,
            Target::Slot(..) => panic!("{old:?}"),
        })
        .unwrap()
        .draft
        .clone();
    entry.entry.beneficiaries.count = Some(1);
    let posted =
        what_if(&town.state, &[Change::At(later), Change::Command(Box::new(Command::PostNeed(entry)))], NOW)
            .unwrap();
    let young = Target::Need(posted.state.needs().last().unwrap().id);
    let explanations = explain_at(&posted.state, posted.now);
    let unmet = explanations.unmet(young).unwrap();
    let wait = find(&unmet.remedies, |change| matches!(change, Change::Wait { .. }));
    // 1000 + 50 + 10 a day reaches 1000 + 700 on the 65th day and passes it on the next; a tie goes either way.
    let [Change::Wait { days }] = wait.changes[..] else { panic!("{wait:?}") };
    assert!((65..=66).contains(&days), "{days}");
}

#[test]
fn parking_is_not_taken_as_a_matter_of_what_has_no_spaces() {
    let mut town = Town::new(1);
    let owner = town.owner("和悦广场", UnitKind::Enterprise, 0);
    town.resource(owner, "消防车位划线", |draft| draft.entry.category = leaf("SPACE-FIX"));
    town.resource(owner, "场地夜间停车", |draft| {
        draft.entry.category = leaf("SPACE-VENUE");
        draft.entry.quantity = Some(Quantity::of(30, Measure::Parking));
    });
    let need = town.need(0, "夜间停车", |draft| {
        draft.entry.category = leaf("SPACE-PARK");
        draft.entry.quantity = Some(Quantity::of(20, Measure::Parking));
    });
    let unmet = explain(&town).unmet(need).unwrap();
    let taken = unmet.remedies.iter().flat_map(|remedy| &remedy.changes).filter_map(|change| match change {
        Change::TakeAs { category, .. } => Some(category.as_str()),
        _ => None,
    });
    assert_eq!(taken.collect::<Vec<_>>(), ["SPACE-VENUE"]);
}

#[test]
fn each_failed_rule_has_the_smallest_change_that_lifts_it() {
    type Shape<T> = fn(&mut T);
    type Wanted = fn(&Change) -> bool;
    let cases: [(&str, Shape<NeedDraft>, Shape<ResourceDraft>, Wanted); 8] = [
        (
            "three days later",
            |need| need.entry.window.to = NaiveDate::from_ymd_opt(2026, 6, 28),
            |resource| resource.entry.window.from = NaiveDate::from_ymd_opt(2026, 7, 1),
            |change| matches!(change, Change::WidenAsked { by: Widening::Days { earlier: 0, later: 3 }, .. }),
        ),
        (
            "the giver begins three days earlier",
            |need| need.entry.window.to = NaiveDate::from_ymd_opt(2026, 6, 28),
            |resource| resource.entry.window.from = NaiveDate::from_ymd_opt(2026, 7, 1),
            |change| {
                matches!(change, Change::WidenOffered { by: Widening::Days { earlier: 3, later: 0 }, .. })
            },
        ),
        (
            "half an hour",
            |need| need.entry.window = night(),
            |resource| resource.entry.window = day(),
            |change| {
                matches!(change, Change::WidenAsked { by: Widening::Minutes { earlier: 0, later: 30 }, .. })
            },
        ),
        (
            "on Saturday too",
            |need| need.entry.window.weekdays = Some(Weekdays(0b001_1111)),
            |resource| resource.entry.window.weekdays = Some(Weekdays(0b110_0000)),
            |change| {
                matches!(change, Change::WidenAsked { by: Widening::Weekdays(Weekdays(0b010_0000)), .. })
            },
        ),
        (
            "any form",
            |need| need.entry.form = Some(Form::Venue),
            |resource| resource.entry.form = Some(Form::Goods),
            |change| matches!(change, Change::AcceptAnyForm { .. }),
        ),
        (
            "another category",
            |need| need.entry.category = leaf("SPACE-PARK"),
            |resource| resource.entry.category = leaf("SPACE-VENUE"),
            |change| matches!(change, Change::TakeAs { category, .. } if category.as_str() == "SPACE-VENUE"),
        ),
        (
            "the ceiling at what is asked",
            |need| {
                need.ceiling = Some(3_000);
                need.entry.quantity = Some(Quantity::of(5_000, Measure::Money));
            },
            |resource| resource.entry.quantity = Some(Quantity::of(5_000, Measure::Money)),
            |change| matches!(change, Change::RaiseCeiling { to: 5_000, .. }),
        ),
        (
            "every responder",
            |need| need.channel = Some(engine::need::Channel::OwnerWhistle),
            |_| {},
            |change| matches!(change, Change::CallEverybody { .. }),
        ),
    ];
    for (name, need, resource, wanted) in cases {
        let mut town = Town::new(1);
        let owner = town.owner("某单位", UnitKind::Enterprise, 0);
        let supplier = town.resource(owner, "活动场地", resource);
        let target = town.need(0, "活动场地", need);
        let unmet = explain(&town).unmet(target).unwrap();
        let remedy = find(&unmet.remedies, wanted);
        assert!(remedy.in_full, "{name}");
        for remedy in &unmet.remedies {
            hold(&town, remedy, |proposal| served(proposal, target), name);
        }
        let idle = explain(&town).idle(supplier).unwrap();
        assert_eq!((idle.remaining > 0, idle.planned), (true, 0), "{name}");
        assert_eq!(idle.causes.iter().map(|(_, needs)| needs).sum::<u32>(), 1, "{name}");
        find(&idle.remedies, wanted);
        for remedy in &idle.remedies {
            hold(&town, remedy, |proposal| used(proposal, supplier), name);
        }
        for remedy in idle.remedies.iter().chain(&unmet.remedies) {
            for language in [Language::Chinese, Language::English] {
                assert!(!remedy.message(Names::of(&town.state, language)).is_empty(), "{name}");
            }
        }
    }
}

#[test]
fn another_communitys_car_park_that_serves_this_one_too_would_do() {
    let mut town = Town::new(2);
    let bank = town.owner("清河银行", UnitKind::Bank, 0);
    let first = town.communities[0].0;
    let second = town.communities[1].0;
    let park = town.resource(bank, "夜间开放停车场", |draft| {
        parking(30, night())(&mut draft.entry);
        draft.serves = vec![first];
    });
    let need = town.need(1, "居民夜间停车难", |draft| parking(20, night())(&mut draft.entry));
    let unmet = explain(&town).unmet(need).unwrap();
    let Supplier::Resource(resource) = park else { panic!("{park:?}") };
    let too = find(&unmet.remedies, |change| *change == Change::ServeToo { resource, place: second });
    assert_eq!((too.reaches, too.in_full), (20, true));
    find(&unmet.remedies, |change| matches!(change, Change::Link(link) if link.unit == bank));
}

#[test]
fn two_rules_are_lifted_together_only_when_none_alone_would_do() {
    let mut town = Town::new(2);
    // A community offers it, so there is no open capacity that could be more.
    let (first, owner) = town.communities[0];
    let second = town.communities[1].0;
    let Supplier::Resource(resource) = town.resource(owner, "操场开放", |draft| {
        draft.serves = vec![first];
        draft.entry.window = day();
    }) else {
        panic!("no resource")
    };
    let target = town.need(1, "操场开放", |draft| draft.entry.window = night());
    let unmet = explain(&town).unmet(target).unwrap();
    let half_an_hour = Widening::Minutes { earlier: 0, later: 30 };
    let both =
        [Change::ServeToo { resource, place: second }, Change::WidenAsked { target, by: half_an_hour }];
    assert_eq!(unmet.remedies[0].changes, both);
    assert_eq!(unmet.remedies[0].effort, 3 + 1);
    for remedy in &unmet.remedies {
        hold(&town, remedy, |proposal| served(proposal, target), "two rules");
    }
    let nearer = town.resource(owner, "操场开放", |draft| draft.entry.window = day());
    let unmet = explain(&town).unmet(target).unwrap();
    assert!(unmet.remedies.iter().all(|remedy| remedy.changes.len() == 1), "{nearer} fails one rule only");
}

#[test]
fn what_lies_idle_says_what_it_lost_to() {
    let mut town = Town::new(2);
    let near = town.owner("第一维修队", UnitKind::Enterprise, 0);
    let far = town.owner("第二维修队", UnitKind::Enterprise, 1);
    let fix = |draft: &mut ResourceDraft| draft.entry.category = leaf("SPACE-FIX");
    let first = town.resource(near, "水管维修", fix);
    let second = town.resource(far, "水管维修", fix);
    let need = town.need(0, "水管维修", |draft| draft.entry.category = leaf("SPACE-FIX"));
    let explanations = explain(&town);
    assert_eq!(explanations.idle(first), None, "all of it is used");
    let idle = explanations.idle(second).unwrap();
    assert_eq!(idle.causes, []);
    assert_eq!((idle.lost[0].target, idle.lost[0].to), (need, first));
    assert!(idle.lost[0].lead.0 > 0);
}

#[test]
fn the_price_of_a_resource_is_what_one_more_unit_of_it_adds() {
    let mut town = Town::new(3);
    let bank = town.owner("清河银行", UnitKind::Bank, 0);
    let park = town.resource(bank, "夜间开放停车场", |draft| parking(30, night())(&mut draft.entry));
    for (community, amount) in [20, 25, 30].into_iter().enumerate() {
        town.need(community, "居民夜间停车难", |draft| parking(amount, night())(&mut draft.entry));
    }
    let explanations = explain(&town);
    let scarcity = explanations.scarcity().unwrap();
    let (_, price) = scarcity.givers.iter().find(|(supplier, _)| *supplier == park).unwrap();
    let now = explanations.proposal().summary.objective;
    let then = after(&town, &[Change::AddCapacity { supplier: park, more: 1 }]).summary.objective;
    assert!(price.0 > 0);
    assert_eq!(i128::from(now) + price.0, i128::from(then));
    let place = scarcity.street.iter().find(|it| it.measure == Some(Measure::Parking)).unwrap();
    let then = after(&town, &place.changes(&town.state)).summary.objective;
    assert_eq!(i128::from(now) + place.worth.0, i128::from(then));
    assert!(scarcity.categories.iter().all(|it| it.worth <= place.worth || it.measure.is_none()));
}

/// A project of these matters, all of which it requires; works on the second end on a day.
fn project(town: &mut Town, matters: &[&str], ends: Option<NaiveDate>) -> ProjectId {
    let slot = |(number, code): (usize, &&str)| SlotDraft {
        title: "施工".into(),
        category: leaf(code),
        form: None,
        quantity: None,
        window: Window { to: ends.filter(|_| number == 1), ..Window::open() },
    };
    let slots = matters.iter().enumerate().map(slot).collect();
    let entry = EntryDraft::new("美丽楼院", town.communities[0].1);
    match town.run(Command::PostProject(ProjectDraft { slots, ..ProjectDraft::new(entry) })).first() {
        Some(Event::ProjectPosted { project, .. }) => *project,
        other => panic!("{other:?}"),
    }
}

#[test]
fn slots_that_are_held_for_their_project_are_explained_like_all_others() {
    let mut town = Town::new(1);
    let owner = town.owner("恒远建设集团", UnitKind::Enterprise, 0);
    let codes = ["SPACE-FIX", "CULT-ARTS", "LIVE-ENV", "CARE-MEAL"];
    let crews = codes.map(|code| town.resource(owner, "施工", |draft| draft.entry.category = leaf(code)));
    let burst = town.need(0, "施工", |draft| {
        draft.entry.category = leaf("SPACE-FIX");
        draft.urgency = Some(Urgency::Emergency);
    });
    let four = project(&mut town, &codes, None);
    let explanations = explain(&town);
    let objective = explanations.proposal().summary.objective;
    let slots: Vec<_> = (0..4).map(|slot| Target::Slot(four, slot)).collect();
    let pairing = |slot: usize| explanations.pairing(slots[slot], crews[slot]).unwrap();
    assert!((0..4).all(|slot| pairing(slot).held), "the first slot alone is worth less than the need");
    assert_eq!((pairing(0).quantity, pairing(0).draws, pairing(0).margin.0), (1, 1, 0));
    assert_eq!((0..4).map(|slot| pairing(slot).worth.0).sum::<i128>(), i128::from(objective));
    for (slot, crew) in slots.iter().zip(crews) {
        assert_eq!((explanations.unmet(*slot), explanations.idle(crew)), (None, None), "{slot}");
    }
    assert_eq!(explanations.unmet(burst).unwrap().causes[0].cause, Cause::CapacityContested);
}

#[test]
fn a_slot_whose_project_is_incomplete_names_the_slots_it_waits_for() {
    let mut town = Town::new(1);
    let owner = town.owner("恒远建设集团", UnitKind::Enterprise, 0);
    let crew = town.resource(owner, "维修施工", |draft| draft.entry.category = leaf("SPACE-FIX"));
    let painter = town.resource(owner, "墙绘施工", |draft| {
        draft.entry.category = leaf("CULT-ARTS");
        draft.entry.window.from = NaiveDate::from_ymd_opt(2026, 7, 1);
    });
    let two = project(&mut town, &["SPACE-FIX", "CULT-ARTS"], NaiveDate::from_ymd_opt(2026, 6, 28));
    let (repair, painting) = (Target::Slot(two, 0), Target::Slot(two, 1));
    let explanations = explain(&town);
    let waits = explanations.unmet(repair).unwrap();
    assert_eq!((waits.causes[0].cause, waits.causes[0].nearest), (Cause::ProjectIncomplete, Some(crew)));
    assert!(waits.causes.iter().all(|it| it.cause != Cause::CapacityContested), "nobody else uses it");
    assert_eq!(waits.lacking, [painting]);
    let lacks = explanations.unmet(painting).unwrap();
    assert!(lacks.causes.iter().all(|it| it.cause != Cause::ProjectIncomplete), "{lacks:?}");
    assert_eq!(lacks.lacking, []);
    assert!(explanations.idle(crew).unwrap().causes.contains(&(Cause::ProjectIncomplete, 1)));
    for (target, explained) in [(repair, &waits), (painting, &lacks)] {
        let told = explanations.proposal().summary.unmet.into_iter().find(|it| it.target == target).unwrap();
        assert_eq!(told.reasons, explained.causes);
        let by = Widening::Days { earlier: 0, later: 3 };
        let later = find(&explained.remedies, |it| *it == Change::WidenAsked { target: painting, by });
        assert!(later.in_full);
        for remedy in &explained.remedies {
            hold(&town, remedy, |proposal| served(proposal, target), "incomplete");
        }
    }
    // Somebody else takes the painter once it is there in time: then painting is contested, and repair waits.
    let Supplier::Resource(resource) = painter else { panic!("{painter:?}") };
    let by = Widening::Days { earlier: 30, later: 0 };
    let there = what_if(&town.state, &[Change::WidenOffered { resource, by }], NOW).unwrap();
    let mut rival = Town { state: there.state, communities: town.communities.clone() };
    rival.need(0, "墙绘施工", |draft| {
        draft.entry.category = leaf("CULT-ARTS");
        draft.urgency = Some(Urgency::Emergency);
        draft.entry.beneficiaries.count = Some(500);
    });
    rival.need(0, "维修施工", |draft| {
        draft.entry.category = leaf("SPACE-FIX");
        draft.urgency = Some(Urgency::Emergency);
        draft.entry.beneficiaries.count = Some(500);
    });
    let causes = |target| -> Vec<Cause> {
        let unmet = explain(&rival).unmet(target).unwrap();
        unmet.causes.iter().map(|it| it.cause).filter(|it| *it >= Cause::CapacityContested).collect()
    };
    let both = [Cause::ProjectIncomplete, Cause::CapacityContested];
    assert_eq!((causes(repair), causes(painting)), (both.to_vec(), both.to_vec()));
}

#[test]
fn a_unit_that_rests_is_named_where_nobody_won_its_capacity() {
    let mut town = Town::new(1);
    town.set_fairness(Fairness { burden: 200, ..Fairness::NONE });
    let hospital = town.organization(
        "区人民医院",
        OrganizationKind::Unit(UnitKind::Hospital),
        Some(town.communities[0].0),
    );
    for _ in 0..8 {
        town.need(0, "老年人义诊", |draft| draft.entry.category = leaf("HEALTH-CLINIC"));
    }
    let draft = town.state.organization(hospital).unwrap().draft.clone();
    town.run(Command::AmendOrganization {
        organization: hospital,
        draft: OrganizationDraft { open_capacity: Some(20), ..draft },
    });
    let explanations = explain(&town);
    let proposal = explanations.proposal();
    let taken = given(&proposal, Supplier::Unit(hospital)).len();
    assert!((1..8).contains(&taken), "{taken}");
    let unmet = explanations.unmet_without_remedies(proposal.summary.unmet[0].target).unwrap();
    assert_eq!(unmet.causes[0].cause, Cause::CapacityContested);
    let [Withheld { supplier, why: Withholding::Rests(by) }] = unmet.withheld[..] else {
        panic!("{unmet:?}")
    };
    assert_eq!(supplier, Supplier::Unit(hospital));
    assert!(by.0 >= 0);
    // A burden lighter by that much, and the unit would take one more up.
    let cost = 200 * i128::try_from(taken).unwrap() * 1_000_000;
    let adds = cost - by.0;
    let lighter = u16::try_from(adds / (i128::try_from(taken).unwrap() * 1_000_000)).unwrap() - 1;
    town.set_fairness(Fairness { burden: lighter, ..Fairness::NONE });
    assert!(given(&town.propose(), Supplier::Unit(hospital)).len() > taken, "{lighter}");
    let message = unmet.withheld[0].message(Names::of(&town.state, Language::English));
    assert!(message.starts_with("区人民医院 bears much already"), "{message}");
}

#[test]
fn what_is_held_for_a_project_is_named_with_its_slot() {
    let mut town = Town::new(1);
    let owner = town.owner("恒远建设集团", UnitKind::Enterprise, 0);
    let codes = ["SPACE-FIX", "CULT-ARTS", "LIVE-ENV", "CARE-MEAL"];
    let resources =
        codes.map(|code| town.resource(owner, "楼道施工", |draft| draft.entry.category = leaf(code)));
    let burst = town.need(0, "楼道维修施工", |draft| {
        draft.entry.category = leaf("SPACE-FIX");
        draft.urgency = Some(Urgency::Emergency);
    });
    let slot = |code: &str| SlotDraft {
        title: "施工".into(),
        category: leaf(code),
        form: None,
        quantity: None,
        window: Window::open(),
    };
    let entry = EntryDraft::new("美丽楼院", town.communities[0].1);
    let draft = ProjectDraft { slots: codes.map(slot).into(), ..ProjectDraft::new(entry) };
    let posted = town.run(Command::PostProject(draft));
    let Some(Event::ProjectPosted { project, .. }) = posted.first() else { panic!("{posted:?}") };
    let unmet = explain(&town).unmet_without_remedies(burst).unwrap();
    let held = Withheld { supplier: resources[0], why: Withholding::HeldFor(Target::Slot(*project, 0)) };
    assert_eq!((unmet.winners, unmet.withheld.first()), (Vec::new(), Some(&held)));
    assert_eq!(
        held.message(Names::of(&town.state, Language::Chinese)),
        "恒远建设集团的「楼道施工」留给了「美丽楼院」的「施工」,该项目须整体落实"
    );
    assert_eq!(
        held.message(Names::of(&town.state, Language::English)),
        "“楼道施工” of 恒远建设集团 is held for “施工” of “美丽楼院”, whose project goes ahead as a whole"
    );
}

#[test]
fn messages_call_things_by_their_names() {
    let mut town = Town::new(2);
    let owner = town.owner("第一维修队", UnitKind::Enterprise, 0);
    let Supplier::Resource(resource) = town.resource(owner, "水管维修", |_| {}) else {
        panic!("a resource")
    };
    let target = town.need(0, "水管爆了", |_| {});
    let place = town.communities[1].0;
    let fix = leaf("SPACE-FIX").unwrap().code;
    let cases = [
        (
            Change::ServeToo { resource, place },
            "第一维修队的「水管维修」也服务第2社区",
            "let “水管维修” of 第一维修队 serve 第2社区 too",
        ),
        (Change::AcceptAnyForm { target }, "「水管爆了」不限形式", "accept any form for “水管爆了”"),
        (Change::LoseUnit(owner), "第一维修队退出", "第一维修队 leaves"),
    ];
    for (change, chinese, english) in cases {
        assert_eq!(change.message(Names::of(&town.state, Language::Chinese)), chinese);
        assert_eq!(change.message(Names::of(&town.state, Language::English)), english);
    }
    let taken = Change::TakeAs { target, category: fix.clone() };
    let known = town.state.category(&fix).unwrap();
    assert_eq!(
        taken.message(Names::of(&town.state, Language::English)),
        format!("take “水管爆了” as a matter of “{}”", known.en)
    );
    let elsewhere = State::empty();
    assert_eq!(
        Change::LoseUnit(owner).message(Names::of(&elsewhere, Language::English)),
        format!("{owner} leaves"),
        "what a state does not know keeps its identity"
    );
}
