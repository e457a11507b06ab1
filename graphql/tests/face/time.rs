//! How long an operation may run, and what is told of those that do not end.

use crate::{gate::Gate, sockets::Socket, street::Street};
use graphql::{ServerConfig, http::admission::Limits};
use serde_json::{Value, json};
use std::time::Duration;

const POST: &str =
    "mutation($input: PostNeedInput!) { postNeed(input: $input) { need { id } userErrors { code } } }";

fn input() -> Value {
    json!({ "input": { "title": "路灯不亮", "requestId": "the-same" } })
}

#[tokio::test]
async fn what_takes_too_long_is_told_so_others_are_served_and_the_request_id_tells_what_became_of_it() {
    let gate = Gate::default();
    let limits = Limits { operation_time: Duration::from_millis(100), ..Limits::default() };
    let street = Street::open_on(gate.log(), ServerConfig { limits, ..ServerConfig::default() }).await;
    gate.shut();
    let request = reqwest::Client::new().post(street.url()).bearer_auth(&street.officer);
    let late = tokio::spawn(request.json(&json!({ "query": POST, "variables": input() })).send());
    let mut others = 0;
    while !late.is_finished() {
        street.data(&street.observer, "{ position needs { totalCount } }", json!({})).await;
        others += 1;
    }
    assert!(others > 0);
    let late = late.await.unwrap().unwrap();
    assert_eq!(late.status(), 504);
    let answer: Value = late.json().await.unwrap();
    assert_eq!(answer["errors"][0]["extensions"]["code"], "TIMED_OUT", "{answer}");
    assert!(answer.get("data").is_none(), "{answer}");

    let mut socket = Socket::begin(&street, &street.officer).await;
    socket.subscribe("late", POST, input()).await;
    let told = socket.hear().await;
    assert_eq!((&told["type"], &told["id"]), (&json!("error"), &json!("late")), "{told}");
    assert_eq!(told["payload"][0]["extensions"]["code"], "TIMED_OUT", "{told}");
    socket.subscribe("next", "{ position }", json!({})).await;
    assert_eq!(socket.hear().await["id"], "next", "the socket goes on");

    gate.open();
    let done = street.data(&street.officer, POST, input()).await;
    assert_eq!(done["postNeed"]["userErrors"], json!([]), "{done}");
    let needs = street.data(&street.observer, "{ needs { nodes { id } } }", json!({})).await;
    assert_eq!(needs["needs"]["nodes"], json!([done["postNeed"]["need"]]), "it was done once");
    street.close().await;
}

#[tokio::test]
async fn what_a_client_leaves_is_counted_and_named_when_it_was_slow() {
    let gate = Gate::default();
    let config = ServerConfig { slow: Duration::ZERO, ..ServerConfig::default() };
    let street = Street::open_on(gate.log(), config).await;
    let slow = street.metric("gongjian_slow_operations_total").await.unwrap();
    gate.shut();
    let mut socket = Socket::begin(&street, &street.officer).await;
    socket.subscribe("m", POST, input()).await;
    gate.reached().await;
    socket.say(json!({ "id": "m", "type": "complete" })).await;
    street.until("gongjian_requests_total{kind=\"mutation\",status=\"499\"}", 1.0).await;
    street.until("gongjian_slow_operations_total", slow + 1.0).await;
    gate.open();

    // What it has sent is done all the same; the next waits at the gate, too, and its client is gone.
    let known = street.data(&street.officer, POST, input()).await;
    assert_eq!(known["postNeed"]["userErrors"], json!([]));
    let slow = street.metric("gongjian_slow_operations_total").await.unwrap();
    gate.shut();
    let mut gone = Socket::begin(&street, &street.officer).await;
    gone.subscribe("m", POST, json!({ "input": { "title": "路灯不亮" } })).await;
    gate.reached().await;
    drop(gone);
    street.until("gongjian_requests_total{kind=\"mutation\",status=\"499\"}", 2.0).await;
    street.until("gongjian_slow_operations_total", slow + 1.0).await;
    gate.open();
    street.close().await;
}

#[tokio::test]
async fn however_an_operation_on_a_socket_ends_it_is_counted_and_no_lifetime_is_a_latency() {
    let street = Street::open().await;
    let mut socket = Socket::begin(&street, &street.observer).await;
    socket.subscribe("q", "{", json!({})).await;
    assert_eq!(socket.hear().await["type"], "error");
    street.until("gongjian_requests_total{kind=\"other\",status=\"400\"}", 1.0).await;
    socket.subscribe("q", "{ nothing }", json!({})).await;
    assert_eq!(socket.hear().await["type"], "error");
    street.until("gongjian_requests_total{kind=\"query\",status=\"400\"}", 1.0).await;
    socket.subscribe("q", "{ position }", json!({})).await;
    assert_eq!(socket.hear().await["type"], "next");
    assert_eq!(socket.hear().await["type"], "complete");
    street.until("gongjian_requests_total{kind=\"query\",status=\"200\"}", 1.0).await;
    street.until("gongjian_request_seconds_count{kind=\"query\"}", 2.0).await;

    for number in 0..50 {
        socket.subscribe(&number.to_string(), "subscription { events { type } }", json!({})).await;
    }
    socket.subscribe("too many", "{ position }", json!({})).await;
    assert_eq!(socket.hear().await["payload"][0]["extensions"]["code"], "OVERLOADED");
    street.until("gongjian_requests_total{kind=\"other\",status=\"503\"}", 1.0).await;
    socket.say(json!({ "id": "0", "type": "complete" })).await;
    street.until("gongjian_requests_total{kind=\"subscription\",status=\"200\"}", 1.0).await;
    drop(socket);
    street.until("gongjian_requests_total{kind=\"subscription\",status=\"200\"}", 50.0).await;
    assert_eq!(street.metric("gongjian_request_seconds_count{kind=\"subscription\"}").await, None);
}

#[tokio::test]
async fn who_asks_too_often_on_a_socket_is_counted() {
    let limits = Limits { member_rate: 1, ..Limits::default() };
    let street = Street::open_with(ServerConfig { limits, ..ServerConfig::default() }).await;
    let mut socket = Socket::begin(&street, &street.observer).await;
    let mut refused = 0;
    while refused == 0 {
        socket.subscribe("q", "{ position }", json!({})).await;
        match socket.hear().await["type"].as_str().unwrap() {
            "error" => refused += 1,
            _ => assert_eq!(socket.hear().await["type"], "complete"),
        }
    }
    street.until("gongjian_requests_total{kind=\"other\",status=\"429\"}", 1.0).await;
}

#[tokio::test]
async fn tiles_count_as_subscriptions_and_tell_how_far_they_have_come() {
    let street = Street::open().await;
    let mut socket = Socket::begin(&street, &street.observer).await;
    let tile = "subscription { aggregatesChanged(list: NEEDS, groupBy: STATUS) { position rows { count } } }";
    socket.subscribe("tile", tile, json!({})).await;
    assert_eq!(socket.hear().await["type"], "next");
    street.until("gongjian_subscriptions", 1.0).await;
    street.until("gongjian_subscription_lag_commits", 0.0).await;
    street.need("路灯不亮").await;
    assert_eq!(socket.hear().await["type"], "next");
    street.until("gongjian_subscription_lag_commits", 0.0).await;
    socket.say(json!({ "id": "tile", "type": "complete" })).await;
    street.until("gongjian_subscriptions", 0.0).await;
}

#[tokio::test]
async fn what_is_to_do_because_its_hour_has_come_is_told_although_nobody_writes() {
    let street = Street::open().await;
    let (need, resource) = (street.need("义诊").await, street.resource("社区义诊").await);
    let request = json!({ "target": need, "supplier": resource });
    let asked = street.mutate(&street.coordinator, "requestPairing", "pairing { id }", request).await;
    let pairing = &asked["pairing"]["id"];
    let data = street.data(&street.observer, "{ organizations { nodes { id } } }", json!({})).await;
    let all: Vec<&Value> =
        data["organizations"]["nodes"].as_array().unwrap().iter().map(|it| &it["id"]).collect();
    let call = json!({
        "title": "共建联席会", "heldAt": "2026-06-01T01:00:00Z", "venue": "会议室", "participants": all,
        "agenda": [pairing],
    });
    let called = street.mutate(&street.coordinator, "callMeeting", "userErrors { code field }", call).await;
    assert_eq!(called["userErrors"], json!([]));
    let mut socket = Socket::begin(&street, &street.coordinator).await;
    let tile = "subscription { workListChanged { position work { nodes { task } } } }";
    socket.subscribe("tile", tile, json!({})).await;
    let tile = |heard: &Value| heard["payload"]["data"]["workListChanged"].clone();
    let is_to_be_held = |tile: &Value| tile["work"].to_string().contains("HOLD_MEETING");
    let before = tile(&socket.hear().await);
    assert!(!is_to_be_held(&before), "{before}");
    street.pass(24 * 4);
    let after = tile(&socket.hear().await);
    assert!(is_to_be_held(&after), "{after}");
    assert_eq!(after["position"], before["position"]);
}
