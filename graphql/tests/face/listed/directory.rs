//! Places, organizations, the roster and logins of a street that is made at random.

use super::list::{List, number, step, text};
use crate::street::Street;
use engine::{
    command::Command,
    identity::{OrganizationId, PlaceId},
    member::Role,
    organization::{OrganizationDraft, OrganizationKind, Relation, RosterLink, UnitKind},
    place::PlaceLevel,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Numbers of a seed, one after the other: splitmix64.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut number = self.0;
        number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (number ^ (number >> 31)) % end
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[usize::try_from(self.below(of.len() as u64)).unwrap()]
    }
}

/// Names of which many begin with the same four characters, and go on differently.
const NAMES: [&str; 5] = ["清河桥街口商户", "清河桥街口书店", "清河桥街心花园", "河沿", "Ab"];

const LEVELS: [&str; 7] = ["DISTRICT", "STREET", "COMMUNITY", "GRID", "ESTATE", "BUILDING", "STAIRWELL"];

async fn furnish(street: &Street, numbers: &mut Numbers) {
    let root = street.ledger.state().street().unwrap().place;
    let mut communities = Vec::new();
    for index in 0..20_u64 {
        let state = street.ledger.state();
        let places: Vec<_> = state.places().filter(|it| it.level >= PlaceLevel::Community).collect();
        let (level, parent) = match index {
            0..4 => (PlaceLevel::Community, root),
            _ => {
                let around = numbers.one(&places);
                let levels = [PlaceLevel::Grid, PlaceLevel::Estate, PlaceLevel::Building];
                let level = numbers.one(&levels);
                if level <= around.level { (PlaceLevel::Community, root) } else { (level, around.id) }
            }
        };
        let name = format!("{}{index}", numbers.one(&NAMES));
        street.execute(Command::AddPlace { name, level, parent: Some(parent), reference: None }).await;
        let last = street.ledger.state().places().next_back().unwrap().id;
        communities.extend((level == PlaceLevel::Community).then_some(last));
    }
    let places: Vec<Option<PlaceId>> =
        street.ledger.state().places().map(|it| Some(it.id)).chain([None]).collect();
    let kinds = [
        OrganizationKind::Community,
        OrganizationKind::Team,
        OrganizationKind::Unit(UnitKind::Bank),
        OrganizationKind::Unit(UnitKind::School),
        OrganizationKind::Unit(UnitKind::Other),
    ];
    for index in 0..22 {
        let name = format!("{}{index}", numbers.one(&NAMES));
        let (kind, place) = (numbers.one(&kinds), numbers.one(&places));
        let draft = OrganizationDraft { name, kind, place, open_capacity: None, reference: None };
        street.execute(Command::RegisterOrganization(draft)).await;
    }
    let organizations: Vec<OrganizationId> = street.ledger.state().organizations().map(|it| it.id).collect();
    for _ in 0..40 {
        let unit = numbers.one(&organizations);
        let community = numbers.one(&communities);
        let relation = numbers.one(&[Relation::Assigned, Relation::Reported, Relation::Paired]);
        let link = RosterLink { unit, community, relation };
        // What is linked twice is unlinked.
        let is_linked = street.ledger.state().roster().any(|it| *it == link);
        street.execute(if is_linked { Command::UnlinkRoster(link) } else { Command::LinkRoster(link) }).await;
    }
    let roles = [Role::Coordinator, Role::CommunityOfficer, Role::UnitLiaison, Role::Observer];
    for _ in 0..14 {
        street.member(numbers.one(&organizations).number(), numbers.one(&roles)).await;
        if numbers.below(3) == 0 {
            let last = street.ledger.state().members().next_back().unwrap().id;
            street.execute(Command::RevokeMember(last)).await;
        }
    }
}

/// All of a list.
async fn all(street: &Street, list: &str, node: &str) -> Vec<Value> {
    let query = format!("{{ {list}(first: 100) {{ nodes {{ {node} }} }} }}");
    street.data(&street.coordinator, &query, json!({})).await[list]["nodes"].as_array().unwrap().clone()
}

#[tokio::test]
async fn places_organizations_links_and_logins_come_in_every_order_and_under_every_condition() {
    for seed in [1, 2] {
        println!("seed {seed}");
        let street = Street::open().await;
        furnish(&street, &mut Numbers(seed)).await;
        let places = all(&street, "places", "id name level parent { id }").await;
        let parents: BTreeMap<&str, Option<&str>> =
            places.iter().map(|it| (it["id"].as_str().unwrap(), it["parent"]["id"].as_str())).collect();
        let lies_in = |inner: &Value, outer: &Value| {
            let mut here = inner.as_str();
            while here.is_some() && here != outer.as_str() {
                here = here.and_then(|it| parents[it]);
            }
            here.is_some()
        };
        let community = &places.iter().filter(|it| it["level"] == "COMMUNITY").nth(1).unwrap()["id"];
        let has = |it: &Value, text: &str| it["name"].as_str().unwrap().contains(text);
        List {
            field: "places",
            noun: "Place",
            node: "id name level parent { id }",
            alike: None,
            orders: vec![
                ("ADDED", Box::new(|_| Some((0, String::new())))),
                ("NAME", Box::new(|it| text(&it["name"]))),
                ("LEVEL", Box::new(|it| step(&it["level"], &LEVELS))),
            ],
            filters: vec![
                (json!({ "level": "COMMUNITY" }), Box::new(|it| it["level"] == "COMMUNITY")),
                (json!({ "within": community }), Box::new(|it| lies_in(&it["id"], community))),
                (json!({ "text": "街口" }), Box::new(|it| has(it, "街口"))),
            ],
        }
        .check(&street)
        .await;

        let kind = |it: &Value| {
            let units = ["SCHOOL", "HOSPITAL", "BANK", "OTHER"];
            let unit = units.iter().position(|unit| it["unitKind"] == *unit).unwrap_or(0) as i64;
            let kinds = ["STREET_OFFICE", "COMMUNITY", "UNIT", "TEAM"];
            step(&it["kind"], &kinds).map(|(kind, _)| (kind * 10 + unit, String::new()))
        };
        List {
            field: "organizations",
            noun: "Organization",
            node: "id name kind unitKind place { id }",
            alike: None,
            orders: vec![
                ("REGISTERED", Box::new(|_| Some((0, String::new())))),
                ("NAME", Box::new(|it| text(&it["name"]))),
                ("KIND", Box::new(kind)),
            ],
            filters: vec![
                (json!({ "kind": "UNIT" }), Box::new(|it| it["kind"] == "UNIT")),
                (json!({ "unitKind": "BANK" }), Box::new(|it| it["unitKind"] == "BANK")),
                (json!({ "place": community }), Box::new(|it| lies_in(&it["place"]["id"], community))),
                (json!({ "text": "清河桥 商户" }), Box::new(|it| has(it, "清河桥") && has(it, "商户"))),
            ],
        }
        .check(&street)
        .await;
        the_roster(&street, &places).await;
        the_logins(&street, community, &lies_in).await;
        what_lies_in_a_place_is_told_there(&street, &places).await;
        street.close().await;
    }
}

async fn the_roster(street: &Street, places: &[Value]) {
    let organizations = all(street, "organizations", "id").await;
    let node = "unit { id unitKind } place { id } relation";
    let links = all(street, "roster", node).await;
    let index = |of: &[Value], id: &Value| of.iter().position(|it| it["id"] == *id).unwrap() as i64;
    let place = |it: &Value| index(places, &it["place"]["id"]);
    assert!(links.is_sorted_by_key(|it| (index(&organizations, &it["unit"]["id"]), place(it))), "{links:?}");
    let (unit, community) = (&links[0]["unit"]["id"], &links[links.len() / 2]["place"]["id"]);
    List {
        field: "roster",
        noun: "Roster",
        node,
        alike: None,
        orders: vec![
            ("UNIT", Box::new(|_| Some((0, String::new())))),
            ("PLACE", Box::new(move |it| number(&json!(place(it))))),
            ("RELATION", Box::new(|it| step(&it["relation"], &["ASSIGNED", "REPORTED", "PAIRED"]))),
        ],
        filters: vec![
            (json!({ "unit": unit }), Box::new(|it| it["unit"]["id"] == *unit)),
            (json!({ "place": community }), Box::new(|it| it["place"]["id"] == *community)),
            (json!({ "relation": ["REPORTED", "PAIRED"] }), Box::new(|it| it["relation"] != "ASSIGNED")),
            (json!({ "unitKind": "BANK" }), Box::new(|it| it["unit"]["unitKind"] == "BANK")),
        ],
    }
    .check(street)
    .await;
    // An organization has those of the unit it is or of the place where its community sits.
    let query = "query($id: ID!) { node(id: $id) { ... on Organization { id kind place { id }
        roster(first: 100) { totalCount nodes { unit { id unitKind } place { id } relation } } } } }";
    for organization in organizations {
        let it = street.data("", query, json!({ "id": organization["id"] })).await["node"].clone();
        let is_own = |link: &&Value| match it["kind"] == "COMMUNITY" && !it["place"].is_null() {
            true => link["place"]["id"] == it["place"]["id"],
            false => link["unit"]["id"] == it["id"],
        };
        let own: Vec<&Value> = links.iter().filter(is_own).collect();
        assert_eq!(it["roster"]["nodes"], json!(own), "{it}");
        assert_eq!(it["roster"]["totalCount"], own.len());
    }
}

async fn the_logins(street: &Street, community: &Value, lies_in: &dyn Fn(&Value, &Value) -> bool) {
    let node = "id label role revokedAt organization { id place { id } }";
    let logins = all(street, "members", node).await;
    let whose = &logins[5]["organization"]["id"];
    List {
        field: "members",
        noun: "Member",
        node,
        alike: None,
        orders: vec![
            ("ADDED", Box::new(|_| Some((0, String::new())))),
            ("LABEL", Box::new(|it| text(&it["label"]))),
            (
                "ROLE",
                Box::new(|it| {
                    step(&it["role"], &["COORDINATOR", "COMMUNITY_OFFICER", "UNIT_LIAISON", "OBSERVER"])
                }),
            ),
            ("STATUS", Box::new(|it| Some((i64::from(!it["revokedAt"].is_null()), String::new())))),
        ],
        filters: vec![
            (json!({ "organization": whose }), Box::new(|it| it["organization"]["id"] == *whose)),
            (
                json!({ "place": community }),
                Box::new(|it| lies_in(&it["organization"]["place"]["id"], community)),
            ),
            (json!({ "role": ["OBSERVER"] }), Box::new(|it| it["role"] == "OBSERVER")),
            (json!({ "revoked": true }), Box::new(|it| !it["revokedAt"].is_null())),
            (json!({ "text": "liaison" }), Box::new(|it| it["role"] == "UNIT_LIAISON")),
        ],
    }
    .check(street)
    .await;
}

/// Its children and those who sit exactly there, each a list of its own.
async fn what_lies_in_a_place_is_told_there(street: &Street, places: &[Value]) {
    let organizations = all(street, "organizations", "id kind place { id }").await;
    let query = "query($id: ID!) { node(id: $id) { ... on Place {
        children(first: 100) { totalCount nodes { id } }
        falling: children(first: 2, orderBy: { field: NAME, direction: DESC }) { nodes { name } }
        organizations(first: 100) { totalCount nodes { id } }
        units: organizations(filter: { kind: UNIT }) { totalCount } } } }";
    for place in places {
        let told = street.data("", query, json!({ "id": place["id"] })).await["node"].clone();
        let below: Vec<&Value> = places.iter().filter(|it| it["parent"]["id"] == place["id"]).collect();
        let ids: Vec<Value> = below.iter().map(|it| json!({ "id": it["id"] })).collect();
        assert_eq!(told["children"], json!({ "totalCount": ids.len(), "nodes": ids }), "{place}");
        let mut names: Vec<&str> = below.iter().map(|it| it["name"].as_str().unwrap()).collect();
        names.sort_unstable_by(|one, other| other.cmp(one));
        let falling: Vec<Value> = names.iter().take(2).map(|name| json!({ "name": name })).collect();
        assert_eq!(told["falling"]["nodes"], json!(falling), "{place}");
        let here: Vec<&Value> = organizations.iter().filter(|it| it["place"]["id"] == place["id"]).collect();
        let ids: Vec<Value> = here.iter().map(|it| json!({ "id": it["id"] })).collect();
        assert_eq!(told["organizations"], json!({ "totalCount": ids.len(), "nodes": ids }), "{place}");
        assert_eq!(told["units"]["totalCount"], here.iter().filter(|it| it["kind"] == "UNIT").count());
    }
}

#[tokio::test]
async fn pages_by_name_show_each_organization_once_while_others_are_registered() {
    let street = Street::open().await;
    let register = async |name: String| {
        let kind = OrganizationKind::Unit(UnitKind::Merchant);
        let draft = OrganizationDraft { name, kind, place: None, open_capacity: None, reference: None };
        street.execute(Command::RegisterOrganization(draft)).await;
    };
    for index in 0..24_u64 {
        register(format!("{}{}", NAMES[usize::try_from(index % 5).unwrap()], index * 7 % 24)).await;
    }
    let before: Vec<String> = street.ledger.state().organizations().map(|it| it.draft.name.clone()).collect();
    let query = "query($after: String) { organizations(first: 3, after: $after, orderBy: { field: NAME }) {
        nodes { name } pageInfo { hasNextPage endCursor } } }";
    let read = async {
        let (mut seen, mut after) = (Vec::new(), Value::Null);
        loop {
            let page = street.data("", query, json!({ "after": after })).await["organizations"].clone();
            let names = page["nodes"].as_array().unwrap().iter();
            seen.extend(names.map(|it| it["name"].as_str().unwrap().to_owned()));
            if page["pageInfo"]["hasNextPage"] == false {
                return seen;
            }
            after = page["pageInfo"]["endCursor"].clone();
        }
    };
    let write = async {
        for index in 0..60_usize {
            register(format!("{}新{index}", NAMES[index % 5])).await;
            tokio::task::yield_now().await;
        }
    };
    let (seen, ()) = tokio::join!(read, write);
    assert!(seen.is_sorted() && seen.windows(2).all(|two| two[0] != two[1]), "{seen:?}");
    let missed: Vec<&String> = before.iter().filter(|name| !seen.contains(name)).collect();
    assert!(missed.is_empty(), "{missed:?}");
    street.close().await;
}
