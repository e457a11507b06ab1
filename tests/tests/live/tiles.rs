//! Tiles that are followed while many write, while the client reads slowly, while the server is killed and started again.

use crate::street::{number, text};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tempfile::tempdir;
use tests::{client::Client, program::Server};

const TILE: &str = "subscription($after: Position) {
    aggregatesChanged(list: NEEDS, groupBy: FORM, after: $after) {
        position rows { key count open quantities { unit amount } } } }";
const FRESH: &str =
    "{ position aggregates(list: NEEDS, groupBy: FORM) { key count open quantities { unit amount } } }";

/// Posts needs of several forms from several hands until told to stop by the end of the server, or by their number. How
/// many were acknowledged.
async fn write(coordinator: &Client, hand: usize, count: usize) -> usize {
    let forms = ["GOODS", "SERVICE", "VENUE"];
    for index in 0..count {
        let input = json!({
            "title": format!("第{hand}组第{index}件"), "form": forms[(hand + index) % forms.len()],
            "requestId": format!("hand-{hand}-{index}"),
        });
        if coordinator.try_mutate("postNeed", "need { id }", input).await.is_err() {
            return index;
        }
    }
    count
}

/// Follows a tile until it shows what a fresh question shows, and the writers are done.
async fn catch_up(
    coordinator: &Client,
    feed: &mut tests::client::Feed,
    mut last: Option<Value>,
) -> Vec<Value> {
    let mut told = Vec::new();
    loop {
        let fresh = coordinator.data(FRESH, json!({})).await;
        if last.as_ref().is_some_and(|tile| tile["rows"] == fresh["aggregates"]) {
            return told;
        }
        let tile = feed.told().await;
        last = Some(tile.clone());
        told.push(tile);
    }
}

#[tokio::test]
async fn a_tile_that_is_followed_through_kill_9_misses_no_change_and_tells_none_twice() {
    const HANDS: usize = 4;
    let data = tempdir().unwrap();
    let rates = ["--member-rate", "0", "--address-rate", "0"];
    let server = Server::start(data.path(), &[&["--demo"], &rates[..]].concat());
    let token = server.token("COORDINATOR");
    let coordinator = Client::member(&server.address, &token);
    let began = coordinator.position().await;

    // Four hands write; in the midst of it the server is killed.
    let mut feed = coordinator.subscribe(TILE, json!({})).await;
    // From a position on: what is posted before the server has heard of the subscription is told, too.
    let events = "subscription($after: Position) {
        events(after: $after, filter: { types: [NEED_POSTED] }) { cursor concerns { needId } } }";
    let mut changes = coordinator.subscribe(events, json!({ "after": began.to_string() })).await;
    let writers: Vec<_> = (0..HANDS)
        .map(|hand| {
            let coordinator = coordinator.clone();
            tokio::spawn(async move { write(&coordinator, hand, 400).await })
        })
        .collect();
    let mut told = vec![feed.told().await];
    let mut posted = Vec::new();
    while told.len() < 4 {
        told.push(feed.told().await);
    }
    while posted.len() < 20 {
        posted.push(changes.told().await);
    }
    server.kill_9();
    while let Some(tile) = feed.told_or_gone().await {
        told.push(tile);
    }
    while let Some(event) = changes.told_or_gone().await {
        posted.push(event);
    }
    for writer in writers {
        assert!(writer.await.unwrap() < 400, "it was killed in the midst of it");
    }

    // Taken up again where it broke off. Whatever was written twice by its request was written once.
    let server = Server::start(data.path(), &rates);
    let coordinator = Client::member(&server.address, &token);
    let last = told.last().unwrap().clone();
    let mut feed = coordinator.subscribe(TILE, json!({ "after": last["position"] })).await;
    let after = json!({ "after": posted.last().unwrap()["cursor"] });
    let mut changes = coordinator.subscribe(events, after).await;
    let writers: Vec<_> = (0..HANDS)
        .map(|hand| {
            let coordinator = coordinator.clone();
            tokio::spawn(async move { write(&coordinator, hand, 60).await })
        })
        .collect();
    for writer in writers {
        assert_eq!(writer.await.unwrap(), 60);
    }
    told.extend(catch_up(&coordinator, &mut feed, Some(last)).await);

    // Every tile differs from the one before, stands at a later position, and is what that position shows.
    for pair in told.windows(2) {
        assert_ne!(pair[0]["rows"], pair[1]["rows"], "told twice");
        assert!(number(&pair[0]["position"]) < number(&pair[1]["position"]));
    }
    for tile in [&told[0], &told[told.len() / 2], &told[told.len() - 1]] {
        let query = "query($at: Position) { asOf(position: $at) {
            aggregates(list: NEEDS, groupBy: FORM) { key count open quantities { unit amount } } } }";
        let then = coordinator.data(query, json!({ "at": tile["position"] })).await;
        assert_eq!(then["asOf"]["aggregates"], tile["rows"]);
    }

    // The feed of events told every need that was posted, once, through both lives of the server.
    let head = coordinator.position().await;
    let mut all = BTreeSet::new();
    let mut after = json!(began.to_string());
    loop {
        let query = "query($after: Position) { events(after: $after, first: 100) {
            nodes { type cursor concerns { needId } } pageInfo { hasNextPage endCursor } } }";
        let data = coordinator.data(query, json!({ "after": after })).await;
        for node in data["events"]["nodes"].as_array().unwrap() {
            if node["type"] == "NEED_POSTED" {
                all.insert(text(&node["concerns"]["needId"]).unwrap());
            }
        }
        after = data["events"]["pageInfo"]["endCursor"].clone();
        if data["events"]["pageInfo"]["hasNextPage"] == false {
            break;
        }
    }
    while posted.len() < all.len() {
        posted.push(changes.told().await);
    }
    let told_needs: BTreeSet<String> =
        posted.iter().map(|it| text(&it["concerns"]["needId"]).unwrap()).collect();
    assert_eq!(told_needs, all);
    assert_eq!(posted.len(), all.len(), "none twice");
    assert!(all.len() >= HANDS * 60 && head > began);

    // What does not touch the tile is not told; the first that comes after it is what does.
    let quiet = told.last().unwrap()["position"].clone();
    let mut feed = coordinator.subscribe(TILE, json!({ "after": quiet })).await;
    let unit = json!({ "name": "新来的单位", "kind": "UNIT" });
    coordinator.done("registerOrganization", "organization { id }", unit).await;
    let need = json!({ "title": "新来的一件", "form": "MONEY" });
    let need = coordinator.done("postNeed", "need { id }", need).await;
    let tile = feed.told().await;
    assert!(number(&tile["position"]) >= number(&need["position"]), "{tile}");
    server.stop();
}

/// Each tile with what it shows.
const TILES: [(&str, &str); 11] = [
    ("aggregatesChanged(list: NEEDS, groupBy: STATUS, after: $after)", "rows { key count }"),
    ("timeSeriesChanged(grain: YEAR_OF, from: FROM, to: TO, after: $after)", "steps { needsPosted agreed }"),
    ("supplyDemandGapChanged(after: $after)", "rows { needs unserved resources remaining }"),
    (
        "supplyDemandGapChanged(prices: true, after: $after)",
        "rows { needs unserved resources remaining price { perMille } }",
    ),
    ("funnelChanged(after: $after)", "funnel { steps { count } }"),
    (
        "unitRankingChanged(period: PERIOD, by: FULFILLED, first: 100, after: $after)",
        "units { nodes { fulfilled organization { id } } }",
    ),
    ("idleResourcesChanged(first: 100, after: $after)", "resources { totalCount }"),
    ("coverageChanged(after: $after)", "rows { posted matched }"),
    ("figuresChanged(period: PERIOD, after: $after)", "figures { collected }"),
    (
        "contributionRankingChanged(period: PERIOD, first: 100, after: $after)",
        "ranking { nodes { deliveries organization { id } } }",
    ),
    ("workListChanged(first: 100, after: $after)", "work { totalCount nodes { task since } }"),
];

#[tokio::test]
async fn each_tile_that_is_taken_up_again_tells_what_differs_and_only_that() {
    let data = tempdir().unwrap();
    let server = Server::start(data.path(), &["--demo", "--no-replan"]);
    let coordinator = Client::member(&server.address, &server.token("COORDINATOR"));
    let input = json!({ "title": "起点" });
    coordinator.done("postNeed", "need { id }", input).await;
    let time = coordinator.data("{ time }", json!({})).await["time"].as_str().unwrap().to_owned();
    let subscription = |(field, shown): (&str, &str)| {
        let year = &time[..4];
        let field = field
            .replace("YEAR_OF", "QUARTER")
            .replace("FROM", &format!("\"{year}-01-01\""))
            .replace("TO", &format!("\"{year}-12-31\""))
            .replace("PERIOD", &format!("\"{year}\""));
        format!("subscription($after: Position) {{ {field} {{ position {shown} }} }}")
    };
    let shown = |tile: &Value| {
        let mut tile = tile.clone();
        tile.as_object_mut().unwrap().remove("position");
        tile
    };
    let mut seen = Vec::new();
    for tile in TILES {
        seen.push(coordinator.subscribe(&subscription(tile), json!({})).await.told().await);
    }

    // While nobody follows: something that every tile shows.
    let liaison = Client::member(&server.address, &server.token("UNIT_LIAISON"));
    let unit =
        liaison.data("{ me { organization { id } } }", json!({})).await["me"]["organization"]["id"].clone();
    let officer = Client::member(&server.address, &server.token("COMMUNITY_OFFICER"));
    let need =
        officer.done("postNeed", "need { id }", json!({ "title": "义诊" })).await["need"]["id"].clone();
    coordinator
        .done("postResource", "resource { id }", json!({ "title": "闲置的", "organization": unit }))
        .await;
    let offer = json!({ "title": "社区义诊", "organization": unit });
    let resource = coordinator.done("postResource", "resource { id }", offer).await["resource"]["id"].clone();
    let request = json!({ "target": need, "supplier": resource, "by": unit });
    let pairing =
        coordinator.done("requestPairing", "pairing { id }", request).await["pairing"]["id"].clone();
    let claim = json!({ "pairing": pairing, "side": "ASKING" });
    let agreed = coordinator.done("claimPairing", "pairing { id status }", claim).await;
    assert_eq!(agreed["pairing"]["status"], "AGREED");

    let delivery = json!({ "pairing": pairing, "quantity": 1, "on": &time[..10] });
    let delivery = coordinator.done("recordDelivery", "delivery { id }", delivery).await;
    let confirm = json!({ "delivery": delivery["delivery"]["id"] });
    coordinator.done("confirmDelivery", "delivery { id }", confirm).await;

    let head = coordinator.position().await;
    for (tile, before) in TILES.into_iter().zip(&seen) {
        let mut feed =
            coordinator.subscribe(&subscription(tile), json!({ "after": before["position"] })).await;
        let after = feed.told().await;
        assert_ne!(shown(&after), shown(before), "{}", tile.0);
        assert_eq!(number(&after["position"]), head as i64, "{}", tile.0);
        // Told once: from there on, nothing until it differs again, and then what was there at once.
        let mut feed =
            coordinator.subscribe(&subscription(tile), json!({ "after": after["position"] })).await;
        let fresh = coordinator.subscribe(&subscription(tile), json!({})).await.told().await;
        assert_eq!(shown(&fresh), shown(&after), "{}", tile.0);
        coordinator.data("{ position }", json!({})).await;
        assert!(feed.is_quiet(), "{}", tile.0);
    }
    server.stop();
}
