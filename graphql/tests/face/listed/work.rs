//! What waits, and plans: of the street on which all has happened.

use super::{
    list::{List, step, text},
    scene::Scene,
};
use engine::command::Command;
use serde_json::{Value, json};

const TASKS: [&str; 17] = [
    "REVIEW_NEED",
    "ANSWER_CLAIM",
    "CLAIM_PROPOSAL",
    "CHOOSE_BID",
    "HOLD_MEETING",
    "SIGN_AGREEMENT",
    "START_PROJECT",
    "DELIVER_AGREED",
    "CONFIRM_DELIVERY",
    "SETTLE_DISPUTE",
    "REACH_MILESTONE",
    "ACCEPT_PROJECT",
    "APPRAISE_NEED",
    "APPRAISE_PROJECT",
    "CLOSE_PROJECT",
    "RECONFIRM_NEED",
    "RECONFIRM_RESOURCE",
];

#[tokio::test]
async fn what_waits_comes_in_every_order_and_under_every_condition() {
    let scene = Scene::open().await;
    let street = &scene.street;
    // Deliveries that nobody has confirmed for so long are late; claims that nobody has answered have lapsed.
    street.pass(24 * 20);
    street.execute(Command::Tick).await;
    let ids = "{ organizations(first: 100) { nodes { id } } }";
    let ids = street.data("", ids, json!({})).await["organizations"]["nodes"].as_array().unwrap().clone();
    let organization = |it: &Value| {
        let index = ids.iter().position(|id| id["id"] == it["organization"]["id"]).unwrap();
        Some((index as i64, String::new()))
    };
    let here = "query($place: ID!) { needs(first: 100, filter: { place: $place }) { nodes { id } } }";
    let here = street.data("", here, json!({ "place": scene.place })).await["needs"]["nodes"].clone();
    let lies_here = |it: &Value| {
        let need =
            [&it["about"]["need"]["id"], &it["about"]["pairing"]["need"]["id"], &it["about"]["target"]["id"]]
                .into_iter()
                .chain([&it["about"]["subject"]["need"]["id"]])
                .find(|id| id.is_string());
        let need = need.or_else(|| (it["about"]["__typename"] == "Need").then_some(&it["about"]["id"]));
        need.is_some_and(|need| here.as_array().unwrap().iter().any(|it| it["id"] == *need))
    };
    let since = "2026-06-01T00:00:00.000Z";
    List {
        field: "workList",
        noun: "Work",
        node: "task organization { id } aboutId since until late milestone about { __typename id
            ... on Pairing { need { id } } ... on Delivery { pairing { need { id } } }
            ... on Bid { target { ... on Need { id } } } ... on Agreement { subject { ... on Pairing { need { id } } } } }",
        alike: Some("SINCE"),
        orders: vec![
            ("LATE", Box::new(|it| Some((i64::from(it["late"] != true), String::new())))),
            ("SINCE", Box::new(|it| text(&it["since"]))),
            ("UNTIL", Box::new(|it| text(&it["until"]))),
            ("TASK", Box::new(|it| step(&it["task"], &TASKS))),
            ("ORGANIZATION", Box::new(organization)),
        ],
        filters: vec![
            (json!({ "task": ["CHOOSE_BID", "HOLD_MEETING"] }), Box::new(|it| {
                it["task"] == "CHOOSE_BID" || it["task"] == "HOLD_MEETING"
            })),
            (json!({ "organization": scene.hospital }), Box::new(|it| it["organization"]["id"] == scene.hospital)),
            (json!({ "late": true }), Box::new(|it| it["late"] == true)),
            (json!({ "since": { "from": since } }), Box::new(|it| it["since"].as_str().unwrap() >= since)),
            (json!({ "until": { "to": "2026-09-01T00:00:00Z" } }), Box::new(|it| {
                it["until"].as_str().is_some_and(|until| until < "2026-09-01")
            })),
            (json!({ "place": scene.place }), Box::new(lies_here)),
        ],
    }
    .check(street)
    .await;

    // Whoever asks without an order has what is late first, and by its own list no more than the filter lets through.
    let query = "query($order: WorkOrder, $organization: ID) {
        asked: workList(first: 100, orderBy: $order) { nodes { aboutId task } }
        unsaid: workList(first: 100) { nodes { aboutId task } }
        own: workList(first: 100, organization: $organization) { totalCount nodes { aboutId task } }
        filtered: workList(first: 100, filter: { organization: $organization }) { totalCount nodes { aboutId task } } }";
    let variables = json!({ "order": { "field": "LATE" }, "organization": scene.hospital });
    let data = street.data(&street.coordinator, query, variables).await;
    assert_eq!(data["asked"], data["unsaid"]);
    assert_eq!(data["own"], data["filtered"]);
    scene.street.close().await;
}

#[tokio::test]
async fn pages_of_what_waits_show_each_once_while_more_comes_and_some_is_done() {
    let scene = Scene::open().await;
    let query = "query($after: String) { workList(first: 2, after: $after, orderBy: { field: SINCE }) {
        totalCount nodes { aboutId task organization { id } } pageInfo { hasNextPage endCursor } } }";
    let page = async |after: &Value| {
        let page = scene.street.data(&scene.street.coordinator, query, json!({ "after": after })).await;
        page["workList"].clone()
    };
    let before = scene.street.data(
        &scene.street.coordinator,
        "{ workList(first: 100, orderBy: { field: SINCE }) { nodes { aboutId task organization { id } } } }",
        json!({}),
    );
    let before = before.await["workList"]["nodes"].as_array().unwrap().clone();
    let (mut seen, mut after) = (Vec::new(), Value::Null);
    for round in 0.. {
        let it = page(&after).await;
        seen.extend(it["nodes"].as_array().unwrap().clone());
        if it["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = it["pageInfo"]["endCursor"].clone();
        if round == 0 {
            // What the cursor names is done, and something new waits.
            let done = seen.last().unwrap().clone();
            assert_eq!(done["task"], "CLAIM_PROPOSAL", "{seen:?}");
            let input = json!({ "pairing": done["aboutId"], "side": "ASKING", "reason": "另有安排" });
            scene.done("declinePairing", "pairing", input).await;
            let need = scene.done("postNeed", "need", json!({ "title": "新的" })).await;
            let input = json!({ "target": need, "supplier": scene.hospital, "by": scene.hospital });
            scene.done("requestPairing", "pairing", input).await;
        }
    }
    let mut once = seen.clone();
    once.sort_by_key(Value::to_string);
    once.dedup();
    assert_eq!(once.len(), seen.len(), "{seen:?}");
    let gone: Vec<&Value> = before.iter().filter(|it| !seen.contains(it)).collect();
    // The other side of what was declined does not wait any more either.
    assert!(gone.iter().all(|it| it["aboutId"] == seen[1]["aboutId"]), "{gone:?}");
    scene.street.close().await;
}

#[tokio::test]
async fn plans_are_told_apart_and_sorted() {
    let scene = Scene::open().await;
    let query = "{
        newest: plans(orderBy: { field: ADOPTED, direction: DESC }, first: 1) { nodes { id } }
        early: plans(filter: { adopted: { to: \"2000-01-01T00:00:00Z\" } }) { totalCount } }";
    let data = scene.street.data(&scene.street.coordinator, query, json!({})).await;
    assert_eq!(data["newest"]["nodes"], json!([{ "id": scene.plan }]));
    assert_eq!(data["early"]["totalCount"], 0);
    scene.street.close().await;
}
