//! Every list in each of its orders and under each of its conditions, compared with a plain look at everything.

mod directory;
mod list;
mod scene;
mod work;

use list::{List, number, step, text};
use scene::Scene;
use serde_json::{Value, json};

const LIVES: [&str; 8] =
    ["PROPOSED", "CLAIMED", "AGREED", "ACCEPTED", "DECLINED", "LAPSED", "WITHDRAWN", "SUPERSEDED"];

#[tokio::test]
async fn pairings_and_deliveries_come_in_every_order_and_under_every_condition() {
    let scene = Scene::open().await;
    let [community, hospital] = [&scene.community, &scene.hospital];
    let due = |it: &Value| match it["status"].as_str().unwrap() {
        "CLAIMED" => text(&it["claimedUntil"]),
        // The end of the day, as a moment is written.
        "AGREED" => text(&it["need"]["window"]["to"]).map(|(_, day)| (0, format!("{day}T24"))),
        _ => None,
    };
    let target = scene.needs[0].clone();
    let pairings = List {
        field: "pairings",
        noun: "Pairing",
        node: "id status quantity claimedUntil since need { id title channel category { code } window { to } place { id } }
            asking { id } giving { id } plan { id } fit { total }",
        alike: None,
        orders: vec![
            ("PROPOSED", Box::new(|_| Some((0, String::new())))),
            ("STATUS", Box::new(|it| step(&it["status"], &LIVES))),
            ("QUANTITY", Box::new(|it| number(&it["quantity"]))),
            ("FIT", Box::new(|it| number(&it["fit"]["total"]))),
            ("CATEGORY", Box::new(|it| text(&it["need"]["category"]["code"]))),
            ("DUE", Box::new(due)),
        ],
        filters: vec![
            (json!({ "status": ["CLAIMED", "AGREED"] }), Box::new(due_or_agreed)),
            (json!({ "place": scene.place }), Box::new(|it| it["need"]["place"]["id"] == scene.place)),
            (json!({ "asking": community }), Box::new(|it| it["asking"]["id"] == *community)),
            (json!({ "organization": community }), Box::new(|it| it["asking"]["id"] == *community)),
            (json!({ "plan": scene.plan }), Box::new(|it| it["plan"]["id"] == scene.plan)),
            (json!({ "target": target }), Box::new(|it| it["need"]["id"] == target)),
            (json!({ "category": "CARE" }), Box::new(|it| it["need"]["category"]["code"] == "CARE-MEAL")),
            (json!({ "channel": ["HOTLINE"] }), Box::new(|it| it["need"]["channel"] == "HOTLINE")),
            (json!({ "text": "停车" }), Box::new(|it| it["need"]["title"].as_str().unwrap().contains("停车"))),
            (
                json!({ "due": { "to": "2027-04-01T00:00:00Z" } }),
                Box::new(move |it| due(it).is_some_and(|(_, at)| at.as_str() < "2027-04-01")),
            ),
            (
                json!({ "proposed": { "from": "2026-05-31T16:00:00Z" }, "giving": hospital }),
                Box::new(|it| {
                    it["since"].as_str().unwrap() >= "2026-05-31T16:00:00" && it["giving"]["id"] == *hospital
                }),
            ),
        ],
    };
    pairings.check(&scene.street).await;

    let deliveries = List {
        field: "deliveries",
        noun: "Delivery",
        node: "id status quantity on pairing { id need { id place { id } } asking { id } }",
        alike: None,
        orders: vec![
            ("RECORDED", Box::new(|_| Some((0, String::new())))),
            ("ON", Box::new(|it| text(&it["on"]))),
            (
                "STATUS",
                Box::new(|it| step(&it["status"], &["RECORDED", "CONFIRMED", "DISPUTED", "WITHDRAWN"])),
            ),
            ("QUANTITY", Box::new(|it| number(&it["quantity"]))),
        ],
        filters: vec![
            (json!({ "status": ["CONFIRMED"] }), Box::new(|it| it["status"] == "CONFIRMED")),
            (json!({ "asking": community }), Box::new(|it| it["pairing"]["asking"]["id"] == *community)),
            (
                json!({ "place": scene.place }),
                Box::new(|it| it["pairing"]["need"]["place"]["id"] == scene.place),
            ),
            (json!({ "target": target }), Box::new(|it| it["pairing"]["need"]["id"] == target)),
            (
                json!({ "on": { "from": "2026-05-17", "to": "2026-05-19" } }),
                Box::new(|it| ("2026-05-17"..="2026-05-19").contains(&it["on"].as_str().unwrap())),
            ),
        ],
    };
    deliveries.check(&scene.street).await;
    scene.street.close().await;
}

fn due_or_agreed(it: &Value) -> bool {
    it["status"] == "CLAIMED" || it["status"] == "AGREED"
}

#[tokio::test]
async fn agreements_meetings_bids_and_calls_come_in_every_order_and_under_every_condition() {
    let scene = Scene::open().await;
    let [community, hospital] = [&scene.community, &scene.hospital];
    let state = |it: &Value| step(&it["status"], &["DRAFTED", "IN_FORCE", "WITHDRAWN"]);
    List {
        field: "agreements",
        noun: "Agreement",
        node:
            "id status newest { title yuan } inForce { inForceSince milestones(first: 1) { nodes { due } } }
            subject { ... on Pairing { id asking { id } } }",
        alike: None,
        orders: vec![
            ("DRAFTED", Box::new(|_| Some((0, String::new())))),
            ("SIGNED", Box::new(|it| text(&it["inForce"]["inForceSince"]))),
            ("VALUE", Box::new(|it| number(&it["newest"]["yuan"]))),
            ("DUE", Box::new(|it| text(&it["inForce"]["milestones"]["nodes"][0]["due"]))),
            ("STATUS", Box::new(state)),
        ],
        filters: vec![
            (json!({ "status": ["DRAFTED"] }), Box::new(|it| it["status"] == "DRAFTED")),
            (json!({ "unsignedBy": hospital }), Box::new(|it| it["status"] == "DRAFTED")),
            (json!({ "party": community }), Box::new(|it| it["subject"]["asking"]["id"] == *community)),
            (json!({ "text": "协议0" }), Box::new(|it| it["newest"]["title"] == "协议0")),
            (
                json!({ "due": { "to": "2027-08-15T00:00:00Z" } }),
                Box::new(|it| {
                    it["inForce"]["milestones"]["nodes"][0]["due"]
                        .as_str()
                        .is_some_and(|due| due < "2027-08-15")
                }),
            ),
        ],
    }
    .check(&scene.street)
    .await;
    List {
        field: "meetings",
        noun: "Meeting",
        node: "id title status heldAt participants(first: 1) { nodes { id } }",
        alike: None,
        orders: vec![
            ("CALLED", Box::new(|_| Some((0, String::new())))),
            ("HELD", Box::new(|it| text(&it["heldAt"]))),
            ("STATUS", Box::new(|it| step(&it["status"], &["CALLED", "CLOSED", "CANCELLED"]))),
        ],
        filters: vec![
            (
                json!({ "participant": community }),
                Box::new(|it| it["participants"]["nodes"][0]["id"] == *community),
            ),
            (json!({ "status": ["CANCELLED"] }), Box::new(|it| it["status"] == "CANCELLED")),
            (json!({ "text": "第2次" }), Box::new(|it| it["title"] == "第2次联席会")),
            (
                json!({ "held": { "from": "2026-07-02T00:00:00Z", "to": "2026-07-04T08:00:00Z" } }),
                Box::new(|it| ("2026-07-02".."2026-07-04T08").contains(&it["heldAt"].as_str().unwrap())),
            ),
        ],
    }
    .check(&scene.street)
    .await;
    let is_here = |it: &Value| it["target"]["place"]["id"] == scene.place;
    List {
        field: "bids",
        noun: "Bid",
        node: "id status quantity placedAt target { ... on Need { id place { id } category { code } } }",
        alike: None,
        orders: vec![
            ("PLACED", Box::new(|_| Some((0, String::new())))),
            ("STATUS", Box::new(|it| step(&it["status"], &["WAITING", "CHOSEN", "DECLINED", "WITHDRAWN"]))),
            ("QUANTITY", Box::new(|it| number(&it["quantity"]))),
        ],
        filters: vec![
            (json!({ "status": ["DECLINED"] }), Box::new(|it| it["status"] == "DECLINED")),
            (json!({ "place": scene.place }), Box::new(is_here)),
            (json!({ "asking": community }), Box::new(is_here)),
            (json!({ "category": "SPACE" }), Box::new(|it| it["target"]["category"]["code"] == "SPACE-PARK")),
        ],
    }
    .check(&scene.street)
    .await;
    List {
        field: "calls",
        noun: "Call",
        node: "openedAt until target { ... on Need { id title place { id } category { code } } }",
        alike: None,
        orders: vec![
            ("TARGET", Box::new(|_| Some((0, String::new())))),
            ("OPENED", Box::new(|it| text(&it["openedAt"]))),
            ("UNTIL", Box::new(|it| text(&it["until"]))),
            ("CATEGORY", Box::new(|it| text(&it["target"]["category"]["code"]))),
        ],
        filters: vec![
            (json!({ "place": scene.place }), Box::new(is_here)),
            (
                json!({ "text": "助餐" }),
                Box::new(|it| it["target"]["title"].as_str().unwrap().contains("助餐")),
            ),
            (
                json!({ "until": { "to": "2026-08-15T00:00:00Z" } }),
                Box::new(|it| it["until"].as_str().unwrap() < "2026-08-15"),
            ),
        ],
    }
    .check(&scene.street)
    .await;
    // A call whose time is over takes no bids, whether it was closed already or not.
    scene.street.pass(24 * 365);
    let data = scene.street.data("", "{ calls { totalCount } }", json!({})).await;
    assert_eq!(data["calls"]["totalCount"], 0);
    scene.street.close().await;
}

#[tokio::test]
async fn a_cursor_keeps_its_place_while_pairings_move_and_come() {
    let scene = Scene::open().await;
    let query = "query($after: String) { pairings(orderBy: { field: STATUS }, first: 3, after: $after) {
        nodes { id status } pageInfo { endCursor } totalCount } }";
    let ask = async |after: &Value| {
        scene.street.data(&scene.street.observer, query, json!({ "after": after })).await["pairings"].clone()
    };
    let first = ask(&Value::Null).await;
    let seen: Vec<Value> = first["nodes"].as_array().unwrap().iter().map(|it| it["id"].clone()).collect();
    // One that was seen goes to the end, and a new one comes before the cursor.
    let moved = seen[0].clone();
    let input = json!({ "pairing": moved, "side": "ASKING", "reason": "另有安排" });
    scene.done("declinePairing", "pairing", input).await;
    let need = scene.done("postNeed", "need", json!({ "title": "新的" })).await;
    let supplier = scene.hospital.clone();
    let input = json!({ "target": need, "supplier": supplier, "by": scene.hospital });
    let payload = scene
        .street
        .mutate(&scene.street.coordinator, "requestPairing", "pairing { id status }", input)
        .await;
    assert_eq!(payload["userErrors"], json!([]));
    let (mut rest, mut cursor) = (Vec::new(), first["pageInfo"]["endCursor"].clone());
    while !cursor.is_null() {
        let page = ask(&cursor).await;
        rest.extend(page["nodes"].as_array().unwrap().iter().map(|it| it["id"].clone()));
        cursor = page["pageInfo"]["endCursor"].clone();
    }
    let twice: Vec<&Value> = rest.iter().filter(|it| seen.contains(it)).collect();
    assert_eq!(twice, [&moved], "met at its old place and at its new one");
    let total = ask(&Value::Null).await["totalCount"].as_u64().unwrap() as usize;
    assert!(rest.len() + seen.len() >= total, "nothing else is missed");
    scene.street.close().await;
}
