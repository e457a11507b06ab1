//! Which needs are named as likely duplicates: said otherwise, next door, of another kind; and how quickly among many.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails loudly")]

use engine::{
    category::{Categorized, CategoryCode},
    command::Command,
    duplicates::{Duplicate, Duplicates},
    entry::EntryDraft,
    event::Event,
    evolve::{Recorded, evolve_commit},
    identity::{NeedId, OrganizationId},
    need::NeedDraft,
    organization::{OrganizationKind, UnitKind},
    window::Window,
};
use serde_json::Value;
use std::{collections::BTreeMap, fs};
use tempfile::TempDir;
use tests::{
    client::Client,
    program::{Server, import, root},
    street::Street,
};

/// The needs of the demo street, each posted by its community.
struct Demo {
    street: Street,
    communities: BTreeMap<String, OrganizationId>,
    ids: BTreeMap<NeedId, String>,
}

fn demo() -> Demo {
    let mut demo = Demo { street: Street::opened(), communities: BTreeMap::new(), ids: BTreeMap::new() };
    let rows = fs::read_to_string(root().join("graphql/demo/needs.jsonl")).unwrap();
    for row in rows.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()) {
        let said = |field: &str| row[field].as_str().map(str::to_owned);
        let draft =
            draft(&mut demo, &said("title").unwrap(), &said("community").unwrap(), said("leaf").as_deref());
        demo.street.run(Command::PostNeed(draft));
        let id = demo.street.state.needs().next_back().unwrap().id;
        demo.ids.insert(id, said("id").unwrap());
    }
    demo
}

fn draft(demo: &mut Demo, title: &str, community: &str, leaf: Option<&str>) -> NeedDraft {
    let by = match demo.communities.get(community) {
        Some(by) => *by,
        None => {
            let by = demo.street.community(community);
            demo.communities.insert(community.to_owned(), by);
            by
        }
    };
    let mut entry = EntryDraft::new(title, by);
    entry.category = leaf.map(|code| Categorized::stated(CategoryCode::new(code).unwrap()));
    NeedDraft::new(entry)
}

/// A title, the community and category it is posted under, and the need that says the same.
type Case = (&'static str, &'static str, Option<&'static str>, Option<&'static str>);

const CASES: [Case; 24] = [
    // The same matter in other words.
    ("临河小区晚上停车难,车停到人行道上", "河沿街社区", Some("SPACE-PARK"), Some("N-004")),
    ("小区路面坑洼不平,下雨积水,出行不便", "柳荫里社区", Some("SPACE-FIX"), Some("N-050")),
    ("17号楼1单元楼道扶手松动,需加固", "柳荫里社区", None, Some("N-052")),
    ("3号楼单元门禁坏了三个月", "柳荫里社区", Some("SAFE-PROP"), Some("N-053")),
    ("希望小区添几把长椅,老人走累了能坐", "柳荫里社区", None, Some("N-046")),
    ("8号楼3单元水管爆裂,漏水", "南塘社区", Some("SPACE-FIX"), Some("N-016")),
    ("河边垃圾多,组织护河志愿活动", "河沿街社区", Some("LIVE-ENV"), Some("N-104")),
    ("老人看病没人陪,需要陪诊", "老粮市社区", Some("CARE-ELDER"), Some("N-155")),
    ("女儿上小学,想要一个新书包", "柳荫里社区", Some("CARE-WISH"), Some("N-168")),
    ("学府雅苑电动车飞线充电严重,希望建充电桩", "学府路社区", Some("SAFE-FIRE"), Some("N-070")),
    ("独居高龄老人午餐需要人送", "桐花巷社区", Some("CARE-MEAL"), Some("N-025")),
    ("给卧床老人建家庭病床", "桐花巷社区", Some("HEALTH-CLINIC"), Some("N-059")),
    // Another matter, though the place, the kind or some words are the same.
    ("5号楼2单元扶手松动", "柳荫里社区", None, None),
    ("社区广场舞队没有音响", "柳荫里社区", Some("CULT-ARTS"), None),
    ("想要一件棉衣", "南塘社区", Some("CARE-WISH"), None),
    ("临河小区夜间停车难", "柳荫里社区", Some("SPACE-PARK"), None),
    ("西区围墙裂缝", "东风里社区", Some("SPACE-FIX"), None),
    ("老人想学唱京剧", "东风里社区", Some("CULT-ARTS"), None),
    ("一把轮椅", "桐花巷社区", Some("CARE-WISH"), None),
    ("暑托班缺一台投影仪", "学府路社区", Some("CARE-WISH"), None),
    ("校园周边小摊占道", "学府路社区", Some("LIVE-ENV"), None),
    ("地下车库进水", "锦绣苑社区", Some("SPACE-FIX"), None),
    ("老党员过政治生日", "机床新村社区", Some("PARTY-EDU"), None),
    ("社区缺一名法律顾问", "北营门社区", Some("SAFE-LAW"), None),
];

#[test]
fn what_is_said_otherwise_is_named_and_what_is_another_matter_is_not() {
    let mut demo = demo();
    let (mut missed, mut wrong) = (Vec::new(), Vec::new());
    for (title, community, leaf, expected) in CASES {
        let draft = draft(&mut demo, title, community, leaf);
        let found = Duplicates::of(&demo.street.state).of_draft(&draft);
        let first = found.first().map(|it| demo.ids[&it.need].clone());
        println!("{title}: {first:?}, wanted {expected:?} {:?}", found.first());
        match (first.as_deref(), expected) {
            (first, expected) if first == expected => {}
            (None, Some(_)) => missed.push(title),
            (found, _) => wrong.push((title, found.map(str::to_owned))),
        }
    }
    assert!(missed.is_empty(), "{missed:?}");
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn few_needs_of_a_street_without_duplicates_are_named() {
    let demo = demo();
    let mut duplicates = Duplicates::of(&demo.street.state);
    let named: Vec<(&str, &str, u16)> = demo
        .ids
        .iter()
        .flat_map(|(need, id)| {
            let found = duplicates.of_need(*need).into_iter().filter(|other| other.need < *need);
            found.map(|other| (id.as_str(), demo.ids[&other.need].as_str(), other.score)).collect::<Vec<_>>()
        })
        .collect();
    println!("{named:?}");
    assert!(named.len() <= 2, "of {} needs: {named:?}", demo.ids.len());
}

#[test]
fn times_that_do_not_meet_and_needs_that_are_over_are_no_duplicates() {
    let mut demo = demo();
    let day = |month| chrono::NaiveDate::from_ymd_opt(2026, month, 1);
    let window = |month| Window { from: day(month), to: day(month + 1), ..Window::default() };
    let mut first = draft(&mut demo, "重阳节请老邻居听一场戏", "春晖社区", None);
    first.entry.window = window(9);
    demo.street.run(Command::PostNeed(first.clone()));
    let need = demo.street.state.needs().next_back().unwrap().id;
    let named = |demo: &Demo, draft: &NeedDraft| -> Vec<Duplicate> {
        Duplicates::of(&demo.street.state).of_draft(draft)
    };
    let found = named(&demo, &first);
    assert_eq!((found[0].need, found[0].wording, found[0].time), (need, 1000, Some(1000)));
    let mut later = first.clone();
    later.entry.window = window(11);
    assert_eq!(named(&demo, &later), []);
    demo.street.run(Command::WithdrawNeed { need, reason: "改在明年".into() });
    assert_eq!(named(&demo, &first), []);
}

/// A search among many: `NEEDS=100000` and `--release -- --nocapture` tell how long it takes in a large street.
#[test]
fn a_search_looks_at_its_community_only() {
    let mut demo = demo();
    let mut state = demo.street.state.clone();
    let titles: Vec<(String, OrganizationId, Option<Categorized>)> = state
        .needs()
        .map(|it| {
            (it.draft.entry.title.clone(), it.draft.entry.organization, it.draft.entry.category.clone())
        })
        .collect();
    let many: u64 = std::env::var("NEEDS").map_or(5_000, |count| count.parse().unwrap());
    let next = state.needs().count() as u64 + 1;
    let events: Vec<Event> = (next..=many)
        .map(|number| {
            let (title, by, category) = &titles[number as usize % titles.len()];
            let mut entry = EntryDraft::new(format!("{title}(第{number}户)"), *by);
            entry.category.clone_from(category);
            Event::NeedPosted { need: NeedId::new(number), draft: NeedDraft::new(entry) }
        })
        .collect();
    let recorded = Recorded { position: state.position().next(), time: demo.street.now };
    evolve_commit(&mut state, recorded, &events);
    let asked = draft(&mut demo, "17号楼1单元楼道扶手松动,需加固", "柳荫里社区", None);
    let mut duplicates = Duplicates::of(&state);
    for what in ["first", "again"] {
        let began = std::time::Instant::now();
        let found = duplicates.of_draft(&asked);
        println!("{what}: {:?} among {many}", began.elapsed());
        assert_eq!(found.len(), engine::duplicates::NAMED_MAX);
    }
}

#[tokio::test]
async fn an_imported_list_names_its_likely_duplicates_and_brings_them_in() {
    let directory = TempDir::new().unwrap();
    let server = Server::start(directory.path(), &["--demo"]);
    let token = server.token("COORDINATOR");
    server.stop();
    let list = directory.path().join("visits.jsonl");
    let rows = [
        r#"{"kind": "need", "id": "V-001", "title": "临河小区晚上停车难,车停到人行道上", "leaf": "SPACE-PARK", "community": "河沿街社区"}"#,
        r#"{"kind": "need", "id": "V-002", "title": "想学用缝纫机改衣服", "community": "河沿街社区"}"#,
    ];
    fs::write(&list, rows.join("\n")).unwrap();
    let said = import(directory.path(), &list);
    let notices: Vec<&str> = said.lines().filter(|line| line.contains("seems to say what")).collect();
    assert!(
        matches!(notices.as_slice(), [one] if one.contains("visits.jsonl:1") && one.contains("N-004")),
        "{said}"
    );

    let server = Server::start(directory.path(), &[]);
    let coordinator = Client::member(&server.address, &token);
    let query = "{ needs(first: 5, filter: { text: \"人行道上\" }) { nodes { reference status
        likelyDuplicates { score need { reference } } } } }";
    let needs = coordinator.data(query, serde_json::json!({})).await["needs"]["nodes"].clone();
    assert_eq!((&needs[0]["reference"], &needs[0]["status"]), (&Value::from("V-001"), &Value::from("OPEN")));
    assert_eq!(needs[0]["likelyDuplicates"][0]["need"]["reference"], "N-004", "{needs}");
    server.stop();
}

#[test]
fn needs_without_a_place_move_with_their_poster() {
    let mut demo = Demo { street: Street::opened(), communities: BTreeMap::new(), ids: BTreeMap::new() };
    let (here, there) = (demo.street.community("春晖里社区"), demo.street.community("秋实路社区"));
    let seat = |demo: &Demo, of: OrganizationId| demo.street.state.organization(of).unwrap().draft.place;
    let unit = {
        let place = seat(&demo, here);
        demo.street.organization("清河食品公司", OrganizationKind::Unit(UnitKind::Enterprise), place)
    };
    let posted = NeedDraft::new(EntryDraft::new("临河小区晚上停车难", unit));
    demo.street.run(Command::PostNeed(posted));
    let need = demo.street.state.needs().next_back().unwrap().id;
    let found = |demo: &Demo, by: OrganizationId| {
        let said = NeedDraft::new(EntryDraft::new("临河小区晚上停车难", by));
        let found = Duplicates::of(&demo.street.state).of_draft(&said);
        found.iter().map(|it| it.need).collect::<Vec<_>>()
    };
    assert_eq!((found(&demo, here), found(&demo, there)), (vec![need], vec![]));
    let mut draft = demo.street.state.organization(unit).unwrap().draft.clone();
    draft.place = seat(&demo, there);
    demo.street.run(Command::AmendOrganization { organization: unit, draft });
    assert_eq!((found(&demo, here), found(&demo, there)), (vec![], vec![need]));
}
