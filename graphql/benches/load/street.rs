//! A street as large as a city: 100 communities of 5 estates, 400 units, 100,000 needs and 80,000 resources of all
//! categories, drawn with a fixed seed. A resource serves the community where its unit sits.

use super::tables;
use chrono::{Days, NaiveDate};
use engine::{
    category::{Categorized, CategoryCode},
    command::Command,
    entry::EntryDraft,
    identity::{OrganizationId, PlaceId},
    member::{Caller, Role},
    moment::Moment,
    need::{NeedDraft, Urgency},
    organization::{OrganizationDraft, OrganizationKind, UnitKind},
    place::PlaceLevel,
    quantity::{Measure, Quantity},
    resource::ResourceDraft,
};
use graphql::{schema::identity::NodeId, sign_in};
use std::{
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
    thread,
    time::{Instant, SystemTime, UNIX_EPOCH},
};
use storage::{Ledger, RequestId, sled::SledLog};

/// The token of the member who asks.
pub const TOKEN: &str = "gj_0000000000000000000000000000000000000000000000000000000000000000";

/// What lists are asked for: the tops of the categories.
pub const TOPS: [&str; 8] = ["PARTY", "CARE", "EDU", "HEALTH", "CULT", "SPACE", "SAFE", "LIVE"];

const COMMUNITIES: u64 = 100;
const NEEDS: u64 = 100_000;
const RESOURCES: u64 = 80_000;
const WRITERS: u64 = 128;

/// What there is to ask.
pub struct Street {
    /// The places of the communities: their numbers and their global ids.
    pub communities: Vec<(u64, String)>,
    /// The global id of who posts, and its number.
    pub poster: String,
    pub poster_number: u64,
    /// How many entries the lists have.
    pub entries: usize,
}

fn now() -> Moment {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    Moment::from_millis(i64::try_from(since.as_millis()).unwrap())
}

/// The street of a directory; made first, when there is none. Its lists are written as tables, if somebody wants them.
pub fn load(data: &Path, tables: Option<&Path>) -> Street {
    let ledger = Ledger::open(SledLog::open(data).unwrap(), now).unwrap();
    if ledger.state().street().is_none() {
        let begun = Instant::now();
        make(&ledger);
        println!("{} commits made in {:.1} s", ledger.state().position().0, begun.elapsed().as_secs_f64());
    }
    let state = ledger.state();
    let communities = state.places().filter(|place| place.level == PlaceLevel::Community);
    let poster = state.organizations().find(|it| it.draft.kind == OrganizationKind::Community).unwrap();
    let street = Street {
        communities: communities.map(|it| (it.id.number(), NodeId::Place(it.id).id().to_string())).collect(),
        poster: NodeId::Organization(poster.id).id().to_string(),
        poster_number: poster.id.number(),
        entries: state.needs().count() + state.resources().count(),
    };
    if let Some(directory) = tables {
        tables::write(&state, directory);
    }
    drop(state);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(ledger.close());
    street
}

/// Numbers that look drawn, the same each time: splitmix64.
struct Draw(u64);

impl Draw {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % end as u64).unwrap()
    }
}

fn make(ledger: &Ledger) {
    let run = |number: &str, command: Command| {
        ledger.execute_blocking(Caller::System, RequestId::new(number).unwrap(), command).unwrap();
    };
    run("open", Command::OpenStreet { name: "春风街道".to_owned() });
    let root = ledger.state().street().unwrap().place;
    let (mut estates, mut units) = (Vec::new(), Vec::new());
    let mut communities = Vec::new();
    for number in 1..=COMMUNITIES {
        let name = format!("春风里第{number}社区");
        let place = place(ledger, &name, PlaceLevel::Community, root);
        let community = organization(ledger, &name, OrganizationKind::Community, place);
        communities.push(place);
        for estate in 1..=5 {
            let name = format!("第{number}社区第{estate}小区");
            estates.push((self::place(ledger, &name, PlaceLevel::Estate, place), community));
        }
    }
    for number in 1..=400 {
        let (estate, _) = estates[number % estates.len()];
        let kind = OrganizationKind::Unit(UnitKind::Enterprise);
        let unit = organization(ledger, &format!("第{number}驻区单位"), kind, estate);
        units.push((unit, communities[number % estates.len() / 5]));
    }
    let office = ledger.state().street().unwrap().office;
    let (token, label) = (sign_in::hash(TOKEN), "大屏".to_owned());
    run(
        "member",
        Command::AddMember { organization: office, role: Role::Coordinator, label, token, expires: None },
    );

    let state = ledger.state();
    let leaves = state.categories().filter(|it| it.parent.is_some());
    let codes: Vec<CategoryCode> = leaves.map(|it| it.code.clone()).collect();
    let next = AtomicU64::new(0);
    thread::scope(|scope| {
        for _ in 0..WRITERS {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let draw = &mut Draw(number);
                    let command = if number < NEEDS {
                        Command::PostNeed(need(draw, &estates, &codes))
                    } else if number < NEEDS + RESOURCES {
                        Command::PostResource(resource(draw, &units, &codes))
                    } else {
                        return;
                    };
                    run(&number.to_string(), command);
                }
            });
        }
    });
}

fn place(ledger: &Ledger, name: &str, level: PlaceLevel, parent: PlaceId) -> PlaceId {
    let command = Command::AddPlace { name: name.to_owned(), level, parent: Some(parent), reference: None };
    ledger
        .execute_blocking(Caller::System, RequestId::new(format!("place-{name}")).unwrap(), command)
        .unwrap();
    ledger.state().place_named(Some(parent), name).unwrap()
}

fn organization(ledger: &Ledger, name: &str, kind: OrganizationKind, place: PlaceId) -> OrganizationId {
    let draft = OrganizationDraft {
        name: name.to_owned(),
        kind,
        place: Some(place),
        // Whatever is to be had is posted.
        open_capacity: Some(0),
        reference: None,
    };
    let request = RequestId::new(format!("organization-{name}")).unwrap();
    ledger.execute_blocking(Caller::System, request, Command::RegisterOrganization(draft)).unwrap();
    ledger.state().organization_named(name).unwrap()
}

const TITLES: [&str; 8] = [
    "老年食堂每日午餐四十份",
    "独居老人上门理发与测血压",
    "小区消防器材更换",
    "暑期儿童看护与课业辅导",
    "法律咨询进社区",
    "夜间错时停车位",
    "楼道照明维修",
    "春节联欢文艺演出",
];

fn entry(draw: &mut Draw, by: OrganizationId, codes: &[CategoryCode]) -> EntryDraft {
    let title = format!("{}(第{}批)", TITLES[draw.below(TITLES.len())], draw.below(500) + 1);
    let mut entry = EntryDraft::new(title, by);
    entry.detail = Some("居民多次反映,希望驻区单位帮助解决,可以分批进行,时间地点另行商定。".to_owned());
    // A few say nothing of what they are about.
    let code = codes.get(draw.below(codes.len() + 1)).cloned();
    entry.category = code.map(|code| Categorized { code, confidence: 1_000 });
    entry.quantity = Some(Quantity::of(draw.below(60) as u64 + 1, Measure::Sessions));
    entry
}

fn need(draw: &mut Draw, estates: &[(PlaceId, OrganizationId)], codes: &[CategoryCode]) -> NeedDraft {
    let (place, community) = estates[draw.below(estates.len())];
    let mut entry = entry(draw, community, codes);
    entry.place = Some(place);
    let today = NaiveDate::from_ymd_opt(2027, 6, 1).unwrap();
    entry.window.to = today.checked_add_days(Days::new(draw.below(365) as u64)).filter(|_| draw.below(4) > 0);
    let mut need = NeedDraft::new(entry);
    need.urgency = [None, Some(Urgency::Normal), Some(Urgency::Urgent)][draw.below(3)];
    need
}

fn resource(draw: &mut Draw, units: &[(OrganizationId, PlaceId)], codes: &[CategoryCode]) -> ResourceDraft {
    let (unit, community) = units[draw.below(units.len())];
    let mut resource = ResourceDraft::new(entry(draw, unit, codes));
    resource.serves.push(community);
    resource
}
