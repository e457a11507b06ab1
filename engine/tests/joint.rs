//! Joint projects seen from outside: what belongs together is found, and its draft can be posted and matched.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails loudly")]

#[path = "town/builder.rs"]
mod town;

use engine::{
    command::Command,
    entry::{EntryDraft, Form},
    event::Event,
    identity::{OrganizationId, ProjectId},
    matching::{
        Explanations, Knowledge,
        explaining::ORDINARY,
        joint::{JointProject, Kind, Role},
        wording::Names,
    },
    organization::UnitKind,
    pairing::{Supplier, Target},
    project::ProjectDraft,
    quantity::{Measure, Quantity},
    refusal::wording::Language,
};
use town::{NOW, Town, day, given, leaf, night, parking};

fn joint(town: &Town) -> Vec<JointProject> {
    let explanations = Explanations::of(&town.state, Knowledge::builtin(), NOW).unwrap();
    let projects = explanations.joint_projects();
    for project in &projects {
        assert_eq!(project.draft.slots.len(), project.undertakings.len());
        for language in [Language::Chinese, Language::English] {
            assert!(!project.kind.message(Names::of(&town.state, language)).is_empty());
        }
    }
    projects
}

fn post(town: &mut Town, draft: &ProjectDraft) -> ProjectId {
    match town.run(Command::PostProject(draft.clone())).first() {
        Some(Event::ProjectPosted { project, .. }) => *project,
        other => panic!("{other:?}"),
    }
}

/// Every undertaking of a posted draft is what the plan does for its slot.
fn carried_out(town: &Town, project: ProjectId, joint: &JointProject) {
    let proposal = town.propose();
    for (index, undertaking) in joint.undertakings.iter().enumerate() {
        let slot = Target::Slot(project, u16::try_from(index).unwrap());
        let of_it = given(&proposal, undertaking.supplier);
        assert!(of_it.contains(&(slot, undertaking.quantity)), "{slot}: {of_it:?}");
    }
}

/// An organization's own need.
fn need_of(town: &mut Town, organization: OrganizationId, title: &str, shape: fn(&mut EntryDraft)) -> Target {
    town.need(0, title, |draft| {
        draft.entry.organization = organization;
        shape(&mut draft.entry);
    })
}

#[test]
fn night_parking_for_day_parking_is_an_exchange() {
    let mut town = Town::new(1);
    let tower = town.owner("华源大厦", UnitKind::Enterprise, 0);
    let estate = town.owner("城市公寓业委会", UnitKind::Volunteers, 0);
    let by_night = town.resource(tower, "大厦夜间车位", |draft| parking(40, night())(&mut draft.entry));
    let by_day = town.resource(estate, "小区白天车位", |draft| parking(30, day())(&mut draft.entry));
    let of_estate = need_of(&mut town, estate, "小区夜间缺车位", |entry| parking(40, night())(entry));
    let of_tower = need_of(&mut town, tower, "大厦白天缺车位", |entry| parking(30, day())(entry));
    let projects = joint(&town);
    let exchange = projects.iter().find(|it| matches!(it.kind, Kind::Exchange { .. })).unwrap();
    assert_eq!(exchange.kind, Kind::Exchange { organizations: vec![tower, estate] });
    let gifts: Vec<_> =
        exchange.undertakings.iter().map(|it| (it.supplier, it.target, it.quantity)).collect();
    assert_eq!(gifts, [(by_night, of_estate, 40), (by_day, of_tower, 30)]);
    assert!(exchange.undertakings.iter().all(|it| it.role == Role::Hosts));
    assert_eq!(exchange.undertakings[0].window.hours, night().hours);
    assert_eq!(exchange.bonus.0, exchange.value.0 / 10);
    assert!(exchange.value.0 > ORDINARY, "two needs met in full");

    let project = post(&mut town, &exchange.draft);
    carried_out(&town, project, exchange);
    assert_eq!(joint(&town), [], "what a project carries is not proposed again");
}

#[test]
fn three_that_give_in_a_ring_are_found_once_and_two_that_do_not_give_back_are_none() {
    let mut town = Town::new(1);
    let names = ["第一小学", "清河银行", "正和律师事务所"];
    let kinds = [UnitKind::School, UnitKind::Bank, UnitKind::LawFirm];
    let units: Vec<OrganizationId> =
        names.into_iter().zip(kinds).map(|(name, kind)| town.owner(name, kind, 0)).collect();
    let matters = [("操场开放", "SPACE-VENUE"), ("反诈宣传", "SAFE-LAW"), ("书籍捐赠", "CULT-READ")];
    for (number, (title, code)) in matters.into_iter().enumerate() {
        town.resource(units[number], title, |draft| {
            draft.entry.category = leaf(code);
            draft.lots = Some(1);
        });
        if number < 2 {
            let next = units[number + 1];
            town.need(0, title, |draft| {
                draft.entry.organization = next;
                draft.entry.category = leaf(code);
            });
        }
    }
    assert!(
        joint(&town).iter().all(|it| !matches!(it.kind, Kind::Exchange { .. })),
        "nothing comes back yet"
    );
    town.need(0, "书籍捐赠", |draft| {
        draft.entry.organization = units[0];
        draft.entry.category = leaf("CULT-READ");
    });
    let projects = joint(&town);
    let rings: Vec<_> = projects.iter().filter(|it| matches!(it.kind, Kind::Exchange { .. })).collect();
    assert_eq!(rings.len(), 1);
    assert_eq!(rings[0].kind, Kind::Exchange { organizations: units.clone() });
    assert_eq!(rings[0].undertakings.len(), 3);
}

#[test]
fn the_leaning_wall_is_built_by_one_painted_by_another_and_paid_by_a_third() {
    let mut town = Town::new(1);
    let builder = town.owner("恒远建设集团", UnitKind::Enterprise, 0);
    let art_school = town.owner("清河美术职业学校", UnitKind::School, 0);
    let payer = town.owner("清河师范学院", UnitKind::School, 0);
    let built = town.resource(builder, "砌筑、粉刷施工队", |draft| {
        draft.entry.category = leaf("SPACE-FIX");
        draft.entry.form = Some(Form::Works);
        draft.lots = Some(2);
    });
    let painted = town.resource(art_school, "墙面彩绘", |draft| {
        draft.entry.category = leaf("LIVE-ENV");
        draft.entry.form = Some(Form::Service);
    });
    let paid = town.resource(payer, "校园周边环境整治专项资金", |draft| {
        draft.entry.category = leaf("LIVE-FUND");
        draft.entry.form = Some(Form::Money);
        draft.entry.quantity = Some(Quantity::of(50_000, Measure::Money));
    });
    let wall = town.need(0, "围墙倾斜,需重砌、彩绘,费用三方分担", |draft| {
        draft.entry.category = leaf("SPACE-FIX");
        draft.entry.form = Some(Form::Works);
        draft.ceiling = Some(45_000);
    });
    assert_eq!(given(&town.propose(), built), [(wall, 1)], "on its own the wall is only built");
    let projects = joint(&town);
    let [shared] = &projects[..] else { panic!("{projects:?}") };
    assert_eq!(shared.kind, Kind::Shared { target: wall });
    let roles: Vec<(Supplier, Role, u64)> =
        shared.undertakings.iter().map(|it| (it.supplier, it.role, it.quantity)).collect();
    assert_eq!(roles, [(built, Role::Builds, 1), (painted, Role::Serves, 1), (paid, Role::Pays, 45_000)]);

    let project = post(&mut town, &shared.draft);
    carried_out(&town, project, shared);
}

#[test]
fn kindred_needs_of_one_community_at_times_in_common_go_together() {
    let mut town = Town::new(2);
    let clinic = town.owner("社区卫生服务中心", UnitKind::Hospital, 0);
    let hospital = town.owner("区人民医院", UnitKind::Hospital, 0);
    let offer = |town: &mut Town, owner, title: &str, code: &'static str| {
        town.resource(owner, title, |draft| {
            draft.entry.category = leaf(code);
            draft.lots = Some(1);
        })
    };
    offer(&mut town, clinic, "老年人义诊", "HEALTH-CLINIC");
    offer(&mut town, hospital, "老年人义诊", "HEALTH-CLINIC");
    let ask = |town: &mut Town, community, window| {
        town.need(community, "老年人义诊", |draft| {
            draft.entry.category = leaf("HEALTH-CLINIC");
            draft.entry.window = window;
        })
    };
    let mut apart = Town { state: town.state.clone(), communities: town.communities.clone() };
    let mut unlike = Town { state: town.state.clone(), communities: town.communities.clone() };
    let (one, other) = (ask(&mut town, 0, day()), ask(&mut town, 0, day()));
    let projects = joint(&town);
    let [together] = &projects[..] else { panic!("{projects:?}") };
    assert_eq!(together.kind, Kind::Together { community: town.communities[0].0 });
    let targets: Vec<Target> = together.undertakings.iter().map(|it| it.target).collect();
    assert_eq!(targets, [one, other]);
    assert!(together.undertakings.iter().all(|it| it.window.hours == day().hours));
    // The first two needs of the community add 200 and 100 thousandths beside.
    let bonus = ORDINARY * (200 + 100) / 1_000;
    assert_eq!(together.value.0 + bonus, i128::from(town.propose().summary.objective));
    let project = post(&mut town, &together.draft);
    let slots = town.propose();
    assert_eq!(slots.pairings.len(), 2);
    assert!(slots.pairings.iter().all(|terms| matches!(terms.target, Target::Slot(it, _) if it == project)));

    ask(&mut apart, 0, day());
    ask(&mut apart, 1, day());
    assert_eq!(joint(&apart), [], "another community");
    ask(&mut unlike, 0, day());
    ask(&mut unlike, 0, night());
    assert_eq!(joint(&unlike), [], "no hour in common");
}

#[test]
fn the_same_street_gives_the_same_projects_in_the_same_order() {
    let build = || {
        let mut town = Town::new(3);
        for number in 0..9 {
            let unit = town.unit(&format!("第{number}企业"), UnitKind::Enterprise, number % 3);
            town.resource(unit, "楼道灯维修", |draft| draft.entry.category = leaf("SPACE-FIX"));
            let asks = town.need(number % 3, "楼道灯维修", |draft| {
                draft.entry.organization = unit;
                draft.entry.category = leaf("SPACE-FIX");
            });
            assert!(matches!(asks, Target::Need(_)));
        }
        town
    };
    let projects = joint(&build());
    assert!(!projects.is_empty());
    assert_eq!(projects, joint(&build()));
    let mut needs = std::collections::BTreeSet::new();
    let rings = projects.iter().filter(|it| matches!(it.kind, Kind::Exchange { .. }));
    for undertaking in rings.flat_map(|it| &it.undertakings) {
        assert!(needs.insert(undertaking.target), "{} is in two rings", undertaking.target);
    }
}
