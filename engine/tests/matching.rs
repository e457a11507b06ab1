//! The matching seen from outside: a small street is posted by commands, matched, adopted, explained.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails loudly")]

#[path = "town/builder.rs"]
mod town;

use chrono::NaiveDate;
use engine::{
    command::Command,
    decide::{Context, decide},
    entry::{BeneficiaryGroup, EntryDraft, Form},
    event::Event,
    identity::{PairingId, ProjectId},
    matching::{Knowledge, Subject, suggest},
    member::Caller,
    need::{Channel, NeedDraft, Urgency},
    organization::{Relation, RosterLink, UnitKind},
    pairing::{Side, Supplier, Target},
    plan::{Cause, Proposal},
    project::{ProjectDraft, SlotDraft},
    quantity::{Measure, Quantity},
    refusal::wording::Language,
    resource::ResourceDraft,
    rules::{Fairness, Rules},
    window::Window,
};
use town::{NOW, Town, day, given, leaf, night, parking};

#[test]
fn one_car_park_serves_three_communities_at_night_and_starves_none() {
    let mut town = Town::new(3);
    let bank = town.owner("清河银行", UnitKind::Bank, 0);
    let park = town.resource(bank, "夜间开放停车场", |draft| parking(60, night())(&mut draft.entry));
    let needs: Vec<Target> = [20, 25, 30]
        .into_iter()
        .enumerate()
        .map(|(community, amount)| {
            town.need(community, "居民夜间停车难", |draft| parking(amount, night())(&mut draft.entry))
        })
        .collect();
    let proposal = town.propose();
    let given = given(&proposal, park);
    assert_eq!(given.iter().map(|(_, quantity)| quantity).sum::<u64>(), 60, "{given:?}");
    assert_eq!(given.len(), 3, "the first half of each need counts most, so none is left without: {given:?}");
    assert_eq!(proposal.summary.unmet.iter().map(|unmet| unmet.quantity).sum::<u64>(), 15);
    for unmet in &proposal.summary.unmet {
        assert!(needs.contains(&unmet.target));
        assert_eq!(unmet.reasons[0].cause, Cause::CapacityContested);
        assert_eq!(unmet.reasons[0].nearest, Some(park));
    }
}

#[test]
fn day_and_night_parking_are_exchanged_between_an_estate_and_an_office_tower() {
    let mut town = Town::new(1);
    let tower = town.owner("华源大厦", UnitKind::Enterprise, 0);
    let estate = town.owner("城市公寓业委会", UnitKind::Volunteers, 0);
    let by_night = town.resource(tower, "大厦夜间车位", |draft| parking(40, night())(&mut draft.entry));
    let by_day = town.resource(estate, "小区白天车位", |draft| parking(30, day())(&mut draft.entry));
    let of_estate = town.need(0, "小区夜间缺车位", |draft| {
        draft.entry.organization = estate;
        parking(40, night())(&mut draft.entry);
    });
    let of_tower = town.need(0, "大厦白天缺车位", |draft| {
        draft.entry.organization = tower;
        parking(30, day())(&mut draft.entry);
    });
    let proposal = town.propose();
    assert_eq!(given(&proposal, by_night), [(of_estate, 40)]);
    assert_eq!(given(&proposal, by_day), [(of_tower, 30)]);
    assert_eq!(proposal.summary.unmet, []);
}

#[test]
fn a_wall_that_a_project_carries_is_built_painted_and_paid_by_three_units_and_matched_once() {
    let mut town = Town::new(1);
    let builder = town.owner("恒远建设集团", UnitKind::Enterprise, 0);
    let art_school = town.owner("清河美术职业学校", UnitKind::School, 0);
    let payer = town.owner("清河师范学院", UnitKind::School, 0);
    let built = town.resource(builder, "砌筑、粉刷施工队", |draft| {
        draft.entry.category = leaf("SPACE-FIX");
        draft.entry.form = Some(Form::Works);
        draft.lots = Some(2);
    });
    let painted = town.resource(art_school, "墙绘:学生设计绘制", |draft| {
        draft.entry.category = leaf("CULT-ARTS");
        draft.entry.form = Some(Form::Service);
    });
    let paid = town.resource(payer, "校园周边环境整治专项资金", |draft| {
        draft.entry.category = leaf("LIVE-FUND");
        draft.entry.form = Some(Form::Money);
        draft.entry.quantity = Some(Quantity::of(50_000, Measure::Money));
    });
    let wall = town.need(0, "围墙倾斜,需重砌、彩绘,费用三方分担", |draft| {
        draft.entry.category = leaf("SPACE-FIX");
    });
    let Target::Need(need) = wall else { panic!("{wall:?}") };
    assert_eq!(given(&town.propose(), built), [(wall, 1)], "on its own the wall is only built");

    let slot = |title: &str, code, form, quantity| SlotDraft {
        title: title.into(),
        category: leaf(code),
        form: Some(form),
        quantity,
        window: Window::open(),
    };
    let money = Some(Quantity::of(45_000, Measure::Money));
    let slots = vec![
        slot("拆除重砌倾斜墙体", "SPACE-FIX", Form::Works, None),
        slot("两侧墙面彩绘", "CULT-ARTS", Form::Service, None),
        slot("材料费和颜料费", "LIVE-FUND", Form::Money, money),
    ];
    let entry = EntryDraft::new("一面墙", town.communities[0].1);
    let draft = ProjectDraft { slots, needs: vec![need], ..ProjectDraft::new(entry) };
    let posted = town.run(Command::PostProject(draft.clone()));
    let Some(Event::ProjectPosted { project, .. }) = posted.first() else { panic!("{posted:?}") };
    let project = *project;

    let proposal = town.propose();
    assert_eq!(given(&proposal, built), [(Target::Slot(project, 0), 1)]);
    assert_eq!(given(&proposal, painted), [(Target::Slot(project, 1), 1)]);
    assert_eq!(given(&proposal, paid), [(Target::Slot(project, 2), 45_000)]);
    assert_eq!((proposal.pairings.len(), proposal.summary.targets), (3, 3));
    assert_eq!(proposal.summary.unmet, [], "the wall itself is not unmet: its project carries it");
    let ranked = suggest(&town.state, Knowledge::builtin(), NOW, Subject::Target(wall), 5);
    assert_eq!(ranked[0].supplier, built, "who looks at the wall still sees who could help");

    // Without slots the project groups its needs, and they are matched themselves.
    let draft = ProjectDraft { slots: Vec::new(), ..draft };
    town.run(Command::AmendProject { project, revision: 1, draft });
    assert_eq!(given(&town.propose(), built), [(wall, 1)]);
}

#[test]
fn a_unit_without_posted_resources_takes_the_need_up_directly_and_the_kind_decides() {
    let mut town = Town::new(1);
    let hospital = town.unit("区人民医院", UnitKind::Hospital, 0);
    let law_firm = town.unit("正和律师事务所", UnitKind::LawFirm, 0);
    let clinic = town.need(0, "老年人义诊、测血压", |_| {});
    let advice = town.need(0, "居民法律咨询", |_| {});
    let proposal = town.propose();
    assert_eq!(given(&proposal, Supplier::Unit(hospital)), [(clinic, 1)]);
    assert_eq!(given(&proposal, Supplier::Unit(law_firm)), [(advice, 1)]);
    let ranked = suggest(&town.state, Knowledge::builtin(), NOW, Subject::Target(advice), 5);
    assert_eq!(ranked[0].organization, law_firm);
    assert!(ranked[0].fit.total > ranked[1].fit.total);
}

#[test]
fn open_capacity_is_a_limit_of_the_plan() {
    let mut town = Town::new(1);
    let hospital = town.unit("区人民医院", UnitKind::Hospital, 0);
    for _ in 0..5 {
        town.need(0, "老年人义诊", |_| {});
    }
    let proposal = town.propose();
    assert_eq!(
        given(&proposal, Supplier::Unit(hospital)).len(),
        3,
        "three engagements unless said otherwise"
    );
    assert_eq!(proposal.summary.unmet.len(), 2);
    assert_eq!(proposal.summary.unmet[0].reasons[0].cause, Cause::CapacityContested);
}

#[test]
fn a_need_that_gets_nothing_of_what_is_shared_out_is_taken_up_whole() {
    let mut town = Town::new(1);
    let owner = town.owner("清河银行", UnitKind::Bank, 0);
    let hospital = town.unit("区人民医院", UnitKind::Hospital, 0);
    let sessions = |draft: &mut EntryDraft, amount| {
        draft.category = leaf("HEALTH-CLINIC");
        draft.quantity = Some(Quantity::of(amount, Measure::Sessions));
    };
    let offered = town.resource(owner, "义诊", |draft| sessions(&mut draft.entry, 2));
    let urgent = town.need(0, "义诊", |draft| {
        draft.urgency = Some(Urgency::Emergency);
        sessions(&mut draft.entry, 2);
    });
    let later = town.need(0, "义诊", |draft| sessions(&mut draft.entry, 4));
    let proposal = town.propose();
    assert_eq!(given(&proposal, offered), [(urgent, 2)]);
    assert_eq!(given(&proposal, Supplier::Unit(hospital)), [(later, 4)]);
    let whole = proposal.pairings.iter().find(|terms| terms.target == later).unwrap();
    assert_eq!(whole.draws, 1, "one engagement, however much is asked");
}

#[test]
fn the_heavier_need_wins_contested_capacity() {
    let mut town = Town::new(2);
    let owner = town.owner("抢修队", UnitKind::Enterprise, 0);
    town.resource(owner, "管道维修", |draft| draft.entry.category = leaf("SPACE-FIX"));
    town.need(0, "水管维修", |draft| draft.entry.category = leaf("SPACE-FIX"));
    let burst = town.need(0, "水管维修", |draft| {
        draft.entry.category = leaf("SPACE-FIX");
        draft.urgency = Some(Urgency::Emergency);
    });
    let proposal = town.propose();
    assert_eq!(proposal.pairings.len(), 1);
    assert_eq!(proposal.pairings[0].target, burst);
}

#[test]
fn each_hard_rule_names_its_cause() {
    let date = |month, day| NaiveDate::from_ymd_opt(2026, month, day);
    type Shape<T> = fn(&mut T);
    let cases: [(Cause, Shape<NeedDraft>, Shape<ResourceDraft>); 9] = [
        (
            Cause::CategoryDiffers,
            |need| need.entry.category = leaf("CARE-MEAL"),
            |resource| resource.entry.category = leaf("SAFE-LAW"),
        ),
        (
            Cause::FormDiffers,
            |need| need.entry.form = Some(Form::Venue),
            |resource| resource.entry.form = Some(Form::Goods),
        ),
        (
            Cause::MeasureDiffers,
            |_| {},
            |resource| resource.entry.quantity = Some(Quantity::of(5_000, Measure::Money)),
        ),
        (
            Cause::TooSmall,
            |need| need.entry.quantity = Some(Quantity::of(300, Measure::Area)),
            |resource| resource.entry.quantity = Some(Quantity::of(80, Measure::Area)),
        ),
        (
            Cause::OverCeiling,
            |need| {
                need.ceiling = Some(3_000);
                need.entry.quantity = Some(Quantity::of(5_000, Measure::Money));
            },
            |resource| resource.entry.quantity = Some(Quantity::of(5_000, Measure::Money)),
        ),
        (
            Cause::BeneficiaryDiffers,
            |need| need.entry.beneficiaries.group = Some(BeneficiaryGroup::Children),
            |resource| resource.entry.beneficiaries.group = Some(BeneficiaryGroup::Elders),
        ),
        (Cause::ResponderDiffers, |need| need.channel = Some(Channel::OwnerWhistle), |_| {}),
        (
            Cause::NoCommonDay,
            |need| need.entry.window.to = NaiveDate::from_ymd_opt(2026, 6, 30),
            |resource| resource.entry.window.from = NaiveDate::from_ymd_opt(2026, 7, 1),
        ),
        (Cause::NoCommonHour, |need| need.entry.window = night(), |resource| resource.entry.window = day()),
    ];
    assert!(date(6, 30) < date(7, 1));
    for (cause, need, resource) in cases {
        let mut town = Town::new(1);
        let owner = town.owner("某单位", UnitKind::Enterprise, 0);
        town.resource(owner, "活动场地", resource);
        town.need(0, "活动场地", need);
        let proposal = town.propose();
        assert_eq!(proposal.pairings, [], "{cause:?}");
        let causes: Vec<Cause> =
            proposal.summary.unmet[0].reasons.iter().map(|reason| reason.cause).collect();
        assert!(causes.contains(&cause), "{cause:?} not in {causes:?}");
        for language in [Language::Chinese, Language::English] {
            assert!(!proposal.summary.unmet[0].reasons[0].message(language).is_empty());
        }
    }
}

#[test]
fn a_place_is_served_by_name_or_through_the_roster() {
    let mut town = Town::new(2);
    let owner = town.owner("第一小学", UnitKind::School, 0);
    let (first, second) = (town.communities[0].0, town.communities[1].0);
    let hall = town.resource(owner, "操场开放", |draft| draft.serves = vec![first]);
    let need = town.need(1, "操场开放", |_| {});
    let causes = |town: &Town| -> Vec<Cause> {
        let proposal = town.propose();
        proposal.summary.unmet.iter().flat_map(|unmet| &unmet.reasons).map(|reason| reason.cause).collect()
    };
    assert!(causes(&town).contains(&Cause::PlaceNotServed));
    town.run(Command::LinkRoster(RosterLink { unit: owner, community: second, relation: Relation::Paired }));
    assert_eq!(given(&town.propose(), hall), [(need, 1)]);
}

#[test]
fn an_adopted_plan_is_claimed_from_both_sides_and_a_second_run_changes_nothing() {
    let mut town = Town::new(2);
    town.unit("区人民医院", UnitKind::Hospital, 0);
    let firm = town.owner("正和律师事务所", UnitKind::LawFirm, 1);
    town.resource(firm, "法律咨询", |draft| draft.lots = Some(2));
    for title in ["居民法律咨询", "老年人义诊", "法律讲座"] {
        town.need(0, title, |_| {});
    }
    let first = town.adopt();
    let proposed = first.iter().filter(|event| matches!(event, Event::PairingProposed { .. })).count();
    assert_eq!(proposed, 3);
    let again = town.adopt();
    assert!(matches!(again.as_slice(), [Event::PlanAdopted { .. }]), "{again:?}");

    let pairing = PairingId::new(1);
    town.run(Command::ClaimPairing { pairing, side: Side::Giving });
    town.run(Command::ClaimPairing { pairing, side: Side::Asking });
    let terms = town.state.pairing(pairing).unwrap().terms.clone();
    assert_eq!(town.state.asked(terms.target).unwrap().1.agreed, terms.quantity);
    let proposal = town.propose();
    assert!(
        proposal.pairings.iter().all(|other| other.target != terms.target),
        "what is agreed is not planned again"
    );
}

#[test]
fn a_declined_pair_is_not_proposed_again() {
    let mut town = Town::new(1);
    let hospital = town.unit("区人民医院", UnitKind::Hospital, 0);
    town.need(0, "老年人义诊", |_| {});
    town.adopt();
    let pairing = PairingId::new(1);
    town.run(Command::DeclinePairing { pairing, side: Side::Giving, reason: "本月没有人手".into() });
    let proposal = town.propose();
    assert_eq!(given(&proposal, Supplier::Unit(hospital)), []);
    assert_eq!(proposal.summary.unmet[0].reasons[0].cause, Cause::Declined);
}

#[test]
fn each_whistle_calls_its_class_of_responders() {
    use UnitKind::{CommunityBranch, Enterprise, Hospital, PropertyCompany, SocialOrganisation, Volunteers};
    let kinds = [Enterprise, Hospital, PropertyCompany, SocialOrganisation, Volunteers, CommunityBranch];
    let everybody = &kinds[..];
    let neighbours = &[SocialOrganisation, Volunteers, CommunityBranch][..];
    for (channel, called) in [
        (Channel::OrganizationWhistle, everybody),
        (Channel::CommunityWhistle, everybody),
        (Channel::OwnerWhistle, &[PropertyCompany][..]),
        (Channel::NeighbourWhistle, neighbours),
        (Channel::ResidentWhistle, neighbours),
        (Channel::VisitingDay, everybody),
        (Channel::Wish, everybody),
        (Channel::Hotline, everybody),
        (Channel::Import, everybody),
    ] {
        for kind in kinds {
            let mut town = Town::new(1);
            let owner = town.owner("某单位", kind, 0);
            let hall = town.resource(owner, "活动场地", |_| {});
            town.need(0, "活动场地", |need| need.channel = Some(channel));
            let proposal = town.propose();
            let is_called = called.contains(&kind);
            assert_eq!(given(&proposal, hall).len(), usize::from(is_called), "{channel:?} {kind:?}");
            let causes = proposal.summary.unmet.iter().flat_map(|unmet| &unmet.reasons).map(|it| it.cause);
            assert_eq!(causes.collect::<Vec<_>>().contains(&Cause::ResponderDiffers), !is_called);
        }
    }
}

#[test]
fn who_declines_with_what_it_posted_is_not_asked_in_person_and_whose_offer_is_declined_may_be() {
    for (side, asked_in_person) in [(Side::Giving, false), (Side::Asking, true)] {
        let mut town = Town::new(1);
        let hospital = town.unit("区人民医院", UnitKind::Hospital, 0);
        let clinic =
            town.resource(hospital, "老年人义诊", |draft| draft.entry.category = leaf("HEALTH-CLINIC"));
        let need = town.need(0, "老年人义诊", |draft| draft.entry.category = leaf("HEALTH-CLINIC"));
        town.adopt();
        assert_eq!(town.state.pairing(PairingId::new(1)).unwrap().terms.supplier, clinic);
        town.run(Command::DeclinePairing {
            pairing: PairingId::new(1), side, reason: "长期没有人手".into()
        });
        let proposal = town.propose();
        assert_eq!(given(&proposal, clinic), [], "{side:?}");
        let in_person = given(&proposal, Supplier::Unit(hospital));
        assert_eq!(in_person.first().map(|(target, _)| *target), asked_in_person.then_some(need), "{side:?}");
    }
}

#[test]
fn a_plan_for_a_street_that_moved_on_is_refused_whole() {
    let mut town = Town::new(1);
    town.unit("区人民医院", UnitKind::Hospital, 0);
    let Target::Need(need) = town.need(0, "老年人义诊", |_| {}) else { panic!("no need") };
    let stale = town.propose();
    town.run(Command::WithdrawNeed { need, reason: "已解决".into() });
    let context = Context { caller: Caller::System, now: NOW };
    let refusal = decide(&town.state, &context, &Command::AdoptPlan(Box::new(stale))).unwrap_err();
    assert_eq!(refusal.code(), "PLAN_STALE");
}

#[test]
fn the_same_street_gives_the_same_plan_and_the_same_digest() {
    let build = || {
        let mut town = Town::new(3);
        for number in 0..6 {
            town.unit(&format!("第{number}企业"), UnitKind::Enterprise, number % 3);
        }
        for number in 0..20 {
            town.need(number % 3, ["楼道灯维修", "助老送餐", "书籍捐赠", "健康讲座"][number % 4], |_| {});
        }
        town
    };
    let (one, other) = (build().propose(), build().propose());
    assert_eq!(one, other);
    assert_eq!(one.summary.prices_digest.len(), 64);
}

fn repair(draft: &mut EntryDraft) {
    draft.category = leaf("SPACE-FIX");
}

fn unfair(town: &mut Town) -> Proposal {
    town.run(Command::SetRules(Rules { fairness: Fairness::NONE, ..Rules::STANDARD }));
    town.propose()
}

#[test]
fn a_community_with_nothing_comes_before_anothers_second_need_and_the_plan_says_what_that_costs() {
    let mut town = Town::new(3);
    let owner = town.owner("抢修队", UnitKind::Enterprise, 2);
    town.resource(owner, "楼道维修", |draft| {
        repair(&mut draft.entry);
        draft.lots = Some(2);
    });
    let busy = [0, 0].map(|community| {
        town.need(community, "楼道维修", |draft| {
            repair(&mut draft.entry);
            draft.entry.beneficiaries.count = Some(3);
        })
    });
    let quiet = town.need(1, "楼道维修", |draft| repair(&mut draft.entry));

    let fair = town.propose();
    let served: Vec<Target> = fair.pairings.iter().map(|terms| terms.target).collect();
    assert!(busy.contains(&served[0]) && served[1..] == [quiet], "{served:?}");
    let merit = fair.summary.merit.unwrap();
    assert_eq!((merit.communities, merit.communities_with_nothing, merit.with_nothing), (2, 0, 1));
    assert!(merit.price_of_fairness > 0);

    let unfair = unfair(&mut town);
    let served: Vec<Target> = unfair.pairings.iter().map(|terms| terms.target).collect();
    assert_eq!(served, busy);
    let plain = unfair.summary.merit.unwrap();
    assert_eq!((plain.communities_with_nothing, plain.price_of_fairness), (1, 0));
    assert_eq!(plain.plain_objective, unfair.summary.objective);
    assert_eq!(merit.plain_objective, plain.plain_objective);
}

#[test]
fn of_two_like_units_each_takes_up_one_need() {
    let mut town = Town::new(1);
    let units = ["东区医院", "西区医院"].map(|name| town.unit(name, UnitKind::Hospital, 0));
    for _ in 0..4 {
        town.need(0, "老年人义诊", |_| {});
    }
    let proposal = town.propose();
    for unit in units {
        assert_eq!(given(&proposal, Supplier::Unit(unit)).len(), 2);
    }
    assert_eq!(proposal.summary.merit.unwrap().burden_gini, 0);
}

/// A project of repairs, painting and planting, in so many slots each, of which so many are required.
fn project(town: &mut Town, slots: &[&str], required: Option<u16>) -> ProjectId {
    let slot = |code: &&str| SlotDraft {
        title: "施工".into(),
        category: leaf(code),
        form: None,
        quantity: None,
        window: Window::open(),
    };
    let slots = slots.iter().map(slot).collect();
    let entry = EntryDraft::new("美丽楼院", town.communities[0].1);
    let posted = town.run(Command::PostProject(ProjectDraft { slots, required, ..ProjectDraft::new(entry) }));
    let Some(Event::ProjectPosted { project, .. }) = posted.first() else { panic!("{posted:?}") };
    *project
}

#[test]
fn a_project_gets_as_many_slots_as_it_requires_or_nothing() {
    let mut town = Town::new(1);
    let owner = town.owner("恒远建设集团", UnitKind::Enterprise, 0);
    let repaired = town.resource(owner, "楼道维修施工", |draft| repair(&mut draft.entry));
    project(&mut town, &["SPACE-FIX", "CULT-ARTS"], None);
    let nothing = town.propose();
    assert_eq!(nothing.pairings, []);
    assert_eq!(nothing.summary.unmet.len(), 2);

    let one_of_two = project(&mut town, &["SPACE-FIX", "CULT-ARTS"], Some(1));
    assert_eq!(given(&town.propose(), repaired), [(Target::Slot(one_of_two, 0), 1)]);
}

#[test]
fn a_project_goes_ahead_against_a_heavier_need_when_it_is_worth_more_as_a_whole() {
    let mut town = Town::new(1);
    let owner = town.owner("恒远建设集团", UnitKind::Enterprise, 0);
    let repaired = town.resource(owner, "楼道维修施工", |draft| repair(&mut draft.entry));
    for (title, code) in [("墙绘施工", "CULT-ARTS"), ("绿化施工", "LIVE-ENV"), ("助餐施工", "CARE-MEAL")]
    {
        town.resource(owner, title, |draft| draft.entry.category = leaf(code));
    }
    let burst = town.need(0, "楼道维修施工", |draft| {
        repair(&mut draft.entry);
        draft.urgency = Some(Urgency::Emergency);
    });
    let two = project(&mut town, &["SPACE-FIX", "CULT-ARTS"], None);
    assert_eq!(given(&town.propose(), repaired), [(burst, 1)], "two slots are worth less than the need");
    town.run(Command::WithdrawProject { project: two, reason: "扩大".into() });
    let four = project(&mut town, &["SPACE-FIX", "CULT-ARTS", "LIVE-ENV", "CARE-MEAL"], None);
    let proposal = town.propose();
    assert_eq!(given(&proposal, repaired), [(Target::Slot(four, 0), 1)]);
    assert_eq!(proposal.pairings.len(), 4);
}
