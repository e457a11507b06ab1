//! Who may do what, and how taxonomy and territory may be edited, as tables.
#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

use engine::{
    audit::audit,
    category::{Categorized, Category, CategoryCode},
    command::Command,
    entry::EntryDraft,
    identity::{MemberId, NeedId, OrganizationId, PlaceId, ResourceId},
    member::{Caller, Role, SignOnHash, TokenHash},
    need::NeedDraft,
    organization::{OrganizationDraft, OrganizationKind, Relation, RosterLink},
    pairing::{Side, Supplier, Target},
    place::PlaceLevel,
    plan::{PlanSummary, Proposal},
    project::ProjectDraft,
    refusal::{Missing, Problem, Refusal},
    resource::ResourceDraft,
    rules::Rules,
    state::listed::{Facet, Register, Shelf},
};
use tests::street::Street;

/// Everything the table of roles needs: two sides and an entry of each list.
struct Scene {
    street: Street,
    community: OrganizationId,
    unit: OrganizationId,
    callers: [Caller; 9],
}

fn scene() -> Scene {
    let mut street = Street::opened();
    let community = street.community("春晖社区");
    let unit = street.unit("清河食品公司");
    let stranger = street.unit("清河银行");
    let office = street.office();
    let callers = [
        Caller::System,
        street.member(office, Role::Coordinator),
        street.member(community, Role::CommunityOfficer),
        street.member(unit, Role::UnitLiaison),
        street.member(stranger, Role::UnitLiaison),
        street.member(community, Role::Observer),
        street.member(unit, Role::Observer),
        revoked(&mut street, office),
        Caller::Public,
    ];
    Scene { street, community, unit, callers }
}

/// A coordinator whose login has ended after the sign-in.
fn revoked(street: &mut Street, office: OrganizationId) -> Caller {
    let caller = street.member(office, Role::Coordinator);
    let Caller::Member { member, .. } = caller else { unreachable!() };
    street.run(Command::RevokeMember(member));
    caller
}

fn code(text: &str) -> CategoryCode {
    CategoryCode::new(text).unwrap()
}

fn category(text: &str, parent: Option<&str>, substitutes: &[&str]) -> Category {
    Category {
        code: code(text),
        parent: parent.map(code),
        zh: "邻里食堂".into(),
        en: "Canteens".into(),
        substitutes: substitutes.iter().map(|text| code(text)).collect(),
    }
}

fn organization(name: &str) -> OrganizationDraft {
    OrganizationDraft {
        name: name.into(),
        kind: OrganizationKind::Team,
        place: None,
        open_capacity: None,
        reference: None,
    }
}

fn carrying(poster: OrganizationId, need: NeedId) -> ProjectDraft {
    ProjectDraft { needs: vec![need], ..ProjectDraft::new(EntryDraft::new("合力修缮", poster)) }
}

#[test]
fn every_role_may_give_the_commands_it_needs_and_no_other() {
    let Scene { mut street, community, unit, callers } = scene();
    let need = street.need(community, None);
    let other_need = street.need(community, None);
    let resource = street.resource(unit, None);
    let project = street.project(ProjectDraft::new(EntryDraft::new("邻里节", community)));
    let target = Target::Need(need);
    let office = street.office();
    let pairing = street.request(office, target, Supplier::Resource(resource), None).unwrap();
    let agreed = street.request(community, Target::Need(other_need), Supplier::Unit(unit), None).unwrap();
    street.run(Command::ClaimPairing { pairing: agreed, side: Side::Giving });
    let place = street.state.street().unwrap().place;
    let home = street.state.organization(community).unwrap().draft.place.unwrap();
    let link = RosterLink { unit, community: home, relation: Relation::Assigned };
    let linked = RosterLink { relation: Relation::Paired, ..link };
    street.run(Command::LinkRoster(linked));

    let changed = |entry: &EntryDraft| EntryDraft { title: "改过".into(), ..entry.clone() };
    let need_draft = street.state.need(need).unwrap().draft.clone();
    let need_draft = NeedDraft { entry: changed(&need_draft.entry), ..need_draft };
    let resource_draft = street.state.resource(resource).unwrap().draft.clone();
    let resource_draft = ResourceDraft { entry: changed(&resource_draft.entry), ..resource_draft };
    let project_draft = street.state.project(project).unwrap().draft.clone();
    let project_draft = ProjectDraft { entry: changed(&project_draft.entry), ..project_draft };
    let given_away = EntryDraft { organization: unit, ..need_draft.entry.clone() };
    let given_away = NeedDraft { entry: given_away, ..need_draft.clone() };
    let proposal = Proposal {
        position: street.state.position(),
        pairings: Vec::new(),
        summary: PlanSummary {
            objective: 0,
            bound: 0,
            prices_digest: String::new(),
            targets: 0,
            unmet: Vec::new(),
            merit: None,
            churn: None,
        },
    };
    let reason = || "情况有变".to_owned();
    let ask = |by| Command::RequestPairing {
        target: Target::Need(need),
        supplier: Supplier::Unit(unit),
        quantity: None,
        draws: None,
        by,
    };

    // In the order of the callers: system, coordinator, officer, liaison, another's liaison, two observers,
    // a coordinator whose login has ended, the public.
    let system = "y........";
    let street_only = "yy.......";
    let asking = "yyy......";
    let giving = "yy.y.....";
    let cases = [
        (system, Command::Tick),
        (street_only, Command::SetRules(Rules { fit_min: 300, ..Rules::STANDARD })),
        (street_only, Command::DefineCategory(category("CARE-CANTEEN", Some("CARE"), &[]))),
        (street_only, Command::RetireCategory(code("NOWHERE"))),
        (
            street_only,
            Command::AddPlace {
                name: "秋实社区".into(),
                level: PlaceLevel::Community,
                parent: Some(place),
                reference: None,
            },
        ),
        (street_only, Command::RenamePlace { place: home, name: "春晖里社区".into() }),
        (street_only, Command::RegisterOrganization(organization("志愿队"))),
        (street_only, Command::AmendOrganization { organization: unit, draft: organization("食品集团") }),
        (street_only, Command::LinkRoster(link)),
        (street_only, Command::UnlinkRoster(linked)),
        (
            street_only,
            Command::AddMember {
                organization: unit,
                role: Role::UnitLiaison,
                label: "手机".into(),
                token: TokenHash("f".repeat(64)),
                expires: None,
            },
        ),
        (
            street_only,
            Command::IssueToken {
                member: MemberId::new(1),
                label: "平板".into(),
                token: TokenHash("e".repeat(64)),
                expires: None,
            },
        ),
        (street_only, Command::RevokeToken { member: MemberId::new(1), label: "办公室电脑".into() }),
        (street_only, Command::BindSignOn { member: MemberId::new(1), sign_on: SignOnHash("a".repeat(64)) }),
        (street_only, Command::UnbindSignOn { member: MemberId::new(1) }),
        (street_only, Command::RevokeMember(MemberId::new(1))),
        (street_only, Command::AdoptPlan(Box::new(proposal))),
        (asking, Command::PostNeed(need_draft.clone())),
        (asking, Command::AmendNeed { need, revision: 1, draft: need_draft }),
        (asking, Command::WithdrawNeed { need, reason: reason() }),
        (giving, Command::PostResource(resource_draft.clone())),
        (giving, Command::AmendResource { resource, revision: 1, draft: resource_draft }),
        (giving, Command::WithdrawResource { resource, reason: reason() }),
        (asking, Command::PostProject(project_draft.clone())),
        (asking, Command::AmendProject { project, revision: 1, draft: project_draft }),
        // A project that carries a need takes it out of the matching: not for those who do not act for its poster.
        (asking, Command::PostProject(carrying(community, need))),
        (street_only, Command::PostProject(carrying(unit, need))),
        (asking, Command::WithdrawProject { project, reason: reason() }),
        (asking, ask(community)),
        (giving, ask(unit)),
        (street_only, ask(office)),
        (asking, Command::ClaimPairing { pairing, side: Side::Asking }),
        (giving, Command::ClaimPairing { pairing, side: Side::Giving }),
        (asking, Command::DeclinePairing { pairing, side: Side::Asking, reason: reason() }),
        (giving, Command::DeclinePairing { pairing, side: Side::Giving, reason: reason() }),
        (asking, Command::WithdrawPairing { pairing: agreed, side: Side::Asking, reason: reason() }),
        (giving, Command::WithdrawPairing { pairing: agreed, side: Side::Giving, reason: reason() }),
    ];
    for (expected, command) in &cases {
        // A category that does not exist is not found; what counts here is who gets so far.
        let told: String = callers
            .iter()
            .map(|caller| match street.decide(*caller, command) {
                Ok(_) | Err(Refusal::NotFound { .. }) => 'y',
                Err(Refusal::NotAllowed { .. }) => '.',
                Err(_) => '?',
            })
            .collect();
        assert_eq!(told, *expected, "{command:?}");
    }
    // Who hands an entry over must stand on both sides; the coordinator may, but the two are paired.
    let hand_over = Command::AmendNeed { need, revision: 1, draft: given_away };
    let told = callers.map(|caller| street.decide(caller, &hand_over).map(drop).unwrap_err().code());
    let not = "NOT_ALLOWED";
    assert_eq!(told, ["SAME_ORGANIZATION", "SAME_ORGANIZATION", not, not, not, not, not, not, not]);
}

#[test]
fn nobody_learns_by_asking_what_exists() {
    let Scene { mut street, community, callers, .. } = scene();
    let there = street.need(community, None);
    let withdraw = |need| Command::WithdrawNeed { need, reason: "无".into() };
    let nowhere = withdraw(NeedId::new(99));
    let told = callers.map(|caller| street.decide(caller, &nowhere).map(drop).unwrap_err().code());
    let (found, not) = ("NOT_FOUND", "NOT_ALLOWED");
    assert_eq!(told, [found, found, found, found, found, not, not, not, not]);
    for caller in &callers[5..] {
        let answers = [there, NeedId::new(99)].map(|need| street.decide(*caller, &withdraw(need)));
        assert_eq!(answers[0], answers[1], "{caller:?}");
    }
}

#[test]
fn the_taxonomy_keeps_two_levels_and_what_is_in_use() {
    let mut street = Street::opened();
    let community = street.community("春晖社区");
    street.run(Command::DefineCategory(category("CARE-USED", Some("CARE"), &[])));
    street.run(Command::DefineCategory(category("CARE-FREE", Some("CARE"), &[])));
    street.run(Command::DefineCategory(category("CARE-STAND-IN", Some("CARE"), &[])));
    street.run(Command::DefineCategory(category("CARE-HELPED", Some("CARE"), &["CARE-STAND-IN"])));
    street.run(Command::DefineCategory(category("EMPTY", None, &[])));
    let used = Some(Categorized::stated(code("CARE-USED")));
    let entry = EntryDraft { category: used, ..EntryDraft::new("送餐", community) };
    street.run(Command::PostNeed(NeedDraft::new(entry)));

    let invalid = |field, problem| Err(Refusal::Invalid { field, problem });
    let in_use = |text: &str| Err(Refusal::CategoryInUse { code: code(text) });
    let define = Command::DefineCategory;
    let retire = |text: &str| Command::RetireCategory(code(text));
    let missing =
        |field, text: &str| Err(Refusal::NotFound { field, missing: Missing::Category(code(text)) });
    let cases = [
        ("a free leaf is retired", retire("CARE-FREE"), Ok(1)),
        ("a used leaf is not", retire("CARE-USED"), in_use("CARE-USED")),
        ("nor one that stands in for another", retire("CARE-STAND-IN"), in_use("CARE-STAND-IN")),
        ("nor a top with leaves", retire("CARE"), in_use("CARE")),
        ("a top without leaves is", retire("EMPTY"), Ok(1)),
        ("what is not there", retire("NOWHERE"), missing("code", "NOWHERE")),
        ("a leaf below a top", define(category("NEW-LEAF", Some("EMPTY"), &[])), Ok(1)),
        (
            "a leaf below a leaf",
            define(category("NEW", Some("CARE-FREE"), &[])),
            invalid("parent", Problem::WrongLevel),
        ),
        (
            "a leaf below itself",
            define(category("NEW", Some("NEW"), &[])),
            invalid("parent", Problem::NamesItself),
        ),
        ("a leaf below nothing", define(category("NEW", Some("NOWHERE"), &[])), missing("parent", "NOWHERE")),
        (
            "a top stands in",
            define(category("NEW", Some("CARE"), &["EMPTY"])),
            invalid("substitutes", Problem::WrongLevel),
        ),
        (
            "it stands in for itself",
            define(category("NEW", Some("CARE"), &["NEW"])),
            invalid("substitutes", Problem::NamesItself),
        ),
        (
            "nothing stands in",
            define(category("NEW", Some("CARE"), &["NOWHERE"])),
            missing("substitutes", "NOWHERE"),
        ),
        ("a used leaf moves to another top", define(category("CARE-USED", Some("EMPTY"), &[])), Ok(1)),
        ("a used leaf becomes a top", define(category("CARE-USED", None, &[])), in_use("CARE-USED")),
        ("a free leaf becomes a top", define(category("CARE-FREE", None, &[])), Ok(1)),
        ("a top with leaves becomes a leaf", define(category("CARE", Some("EMPTY"), &[])), in_use("CARE")),
        ("a top without leaves becomes a leaf", define(category("EMPTY", Some("CARE"), &[])), Ok(1)),
        ("nothing changes", define(category("EMPTY", None, &[])), Ok(0)),
    ];
    for (case, command, expected) in cases {
        let told = street.decide(Caller::System, &command).map(|events| events.len());
        assert_eq!(told, expected, "{case}");
    }

    for (text, expected) in [
        ("CARE-FREE", Ok(1)),
        ("CARE", invalid("category", Problem::WrongLevel)),
        ("NOWHERE", missing("category", "NOWHERE")),
    ] {
        let given = Some(Categorized::stated(code(text)));
        let entry = EntryDraft { category: given, ..EntryDraft::new("送餐", community) };
        let told = street.decide(Caller::System, &Command::PostNeed(NeedDraft::new(entry)));
        let told = told.map(|events| events.len());
        assert_eq!(told, expected, "an entry takes a leaf, not {text}");
    }
}

#[test]
fn a_leaf_below_another_top_takes_all_along_that_is_about_it() {
    let mut street = Street::opened();
    let (community, unit) = (street.community("春晖社区"), street.unit("清河食品公司"));
    street.run(Command::DefineCategory(category("MOVED", Some("CARE"), &[])));
    street.run(Command::DefineCategory(category("TOP", None, &[])));
    let given = Some(Categorized::stated(code("MOVED")));
    let entry = |title: &str, by| EntryDraft { category: given.clone(), ..EntryDraft::new(title, by) };
    street.run(Command::PostNeed(NeedDraft::new(entry("送餐", community))));
    street.run(Command::PostResource(ResourceDraft::new(entry("食堂", unit))));
    let (need, resource) = (NeedId::new(1), ResourceId::new(1));
    street.request(community, Target::Need(need), Supplier::Resource(resource), None).unwrap();
    let count = |street: &Street, top: &str| {
        let shelf = Facet::TopCategory(Some(code(top)));
        [Register::Needs, Register::Resources, Register::Pairings]
            .map(|register| street.state.listed(register, &shelf).map_or(0, Shelf::len))
    };
    assert_eq!([count(&street, "CARE"), count(&street, "TOP")], [[1; 3], [0; 3]]);
    street.run(Command::DefineCategory(category("MOVED", Some("TOP"), &[])));
    assert_eq!([count(&street, "CARE"), count(&street, "TOP")], [[0; 3], [1; 3]]);
    assert_eq!(audit(&street.state), []);
}

#[test]
fn the_territory_is_a_tree_whose_levels_fall() {
    use PlaceLevel::{Building, Community, District, Estate, Grid, Stairwell, Street as Root};
    let mut street = Street::opened();
    let root = street.state.street().unwrap().place;
    let community = street.place("春晖社区", Community, Some(root));
    let estate = street.place("春晖苑", Estate, Some(community));
    let stairwell = street.place("一梯", Stairwell, Some(estate));

    let too_high = |level, parent| Err(Refusal::PlaceTooHigh { level, parent });
    let no_parent = Err(Refusal::Invalid { field: "parent", problem: Problem::Empty });
    let taken = |name: &str| Err(Refusal::NameTaken { name: name.into() });
    let nowhere = PlaceId::new(99);
    let missing = Err(Refusal::NotFound { field: "parent", missing: Missing::Place(nowhere) });
    let cases = [
        ("一网格", Grid, Some(community), Ok(())),
        ("levels may be left out", Building, Some(root), Ok(())),
        ("same level", Community, Some(community), too_high(Community, Community)),
        ("higher level", Grid, Some(estate), too_high(Grid, Estate)),
        ("below the lowest", Stairwell, Some(stairwell), too_high(Stairwell, Stairwell)),
        ("a street in a street", Root, Some(root), too_high(Root, Root)),
        ("a district stands alone", District, None, Ok(())),
        ("another street stands alone", Root, None, Ok(())),
        ("a community does not", Community, None, no_parent),
        ("nowhere", Grid, Some(nowhere), missing),
        ("春晖苑", Grid, Some(community), taken("春晖苑")),
        ("春晖苑", Grid, Some(root), Ok(())),
        ("清河桥街道", Root, None, taken("清河桥街道")),
    ];
    for (name, level, parent, expected) in cases {
        let command = Command::AddPlace { name: name.into(), level, parent, reference: None };
        assert_eq!(street.decide(Caller::System, &command).map(drop), expected, "{name}");
    }

    // A name that is given up is free again, and only then.
    let neighbour = street.place("秋实苑", Estate, Some(community));
    let rename = |name: &str| Command::RenamePlace { place: neighbour, name: name.into() };
    assert_eq!(street.decide(Caller::System, &rename("春晖苑")).map(drop), taken("春晖苑"));
    assert_eq!(street.decide(Caller::System, &rename("秋实苑")), Ok(Vec::new()));
    street.run(rename("秋实花苑"));
    assert_eq!(street.state.place_named(Some(community), "秋实苑"), None);
    street.place("秋实苑", Estate, Some(community));
    assert_eq!(street.decide(Caller::System, &rename("秋实苑")).map(drop), taken("秋实苑"));

    // Below a place lies what was added below it, and nothing else.
    assert!(street.state.lies_in(stairwell, root) && !street.state.lies_in(root, stairwell));
    assert_eq!(street.state.steps(stairwell, neighbour), Some(3));
    for (level, expected) in [(Community, Ok(())), (Estate, Err(Problem::WrongLevel))] {
        let place = street.state.places().find(|place| place.level == level).unwrap().id;
        let office = street.office();
        let link = RosterLink { unit: office, community: place, relation: Relation::Reported };
        let expected = expected.map_err(|problem| Refusal::Invalid { field: "community", problem });
        assert_eq!(
            street.decide(Caller::System, &Command::LinkRoster(link)).map(drop),
            expected,
            "{level:?}"
        );
    }
}
