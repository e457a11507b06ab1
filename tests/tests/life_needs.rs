//! The life of a need as members live it, through GraphQL and a `kill -9`: reviewed, rejected, merged; a wish on the
//! light path; an emergency that is matched before anybody asks.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails loudly")]

use serde_json::{Value, json};
use tempfile::TempDir;
use tests::{
    client::Client,
    program::{Server, verify},
};

/// Those who act: a coordinator, the officer of 河沿街社区, the liaison of the unit with the car park.
struct People {
    coordinator: Client,
    officer: Client,
    liaison: Client,
}

fn people(server: &Server, tokens: &[String; 3]) -> People {
    let [coordinator, officer, liaison] =
        tokens.each_ref().map(|token| Client::member(&server.address, token));
    People { coordinator, officer, liaison }
}

fn tokens(server: &Server) -> [String; 3] {
    ["COORDINATOR", "COMMUNITY_OFFICER", "UNIT_LIAISON"].map(|role| server.token(role))
}

/// The need about cars at night, and where it lies.
async fn car_park(client: &Client) -> Value {
    let query =
        "{ needs(first: 5, filter: { text: \"临河小区夜间停车\" }) { nodes { id asked place { id } } } }";
    client.data(query, json!({})).await["needs"]["nodes"][0].clone()
}

fn codes(payload: &Value) -> Vec<&str> {
    payload["userErrors"].as_array().unwrap().iter().map(|error| error["code"].as_str().unwrap()).collect()
}

async fn set_limits(coordinator: &Client, limits: Value) {
    let selection = "rules { limits { review emergencyClaimHours replyDays } credits { points categoryId } }";
    let set = coordinator.done("setRules", selection, json!({ "limits": limits })).await;
    assert_eq!(set["rules"]["limits"]["replyDays"], 7, "what is not said stays: {set}");
}

#[tokio::test]
async fn a_need_is_reviewed_rejected_or_merged() {
    let directory = TempDir::new().unwrap();
    let server = Server::start(directory.path(), &["--demo"]);
    let tokens = tokens(&server);
    let who = people(&server, &tokens);
    let known = car_park(&who.officer).await;
    set_limits(&who.coordinator, json!({ "review": "OTHERS" })).await;

    // The unit next door says what the community has said before.
    let said = json!({ "title": "临河小区晚上停车难,车停到人行道上", "place": known["place"]["id"], "category": "SPACE-PARK" });
    let selection = "need { id status review reviewer { name } period { year quarter } }
        likelyDuplicates { score wording place need { id reference } }";
    let posted = who.liaison.done("postNeed", selection, said).await;
    let need = posted["need"]["id"].clone();
    assert_eq!((&posted["need"]["status"], &posted["need"]["review"]), (&json!("POSTED"), &json!("WAITING")));
    assert_eq!(posted["need"]["reviewer"]["name"], "河沿街社区");
    let likely = &posted["likelyDuplicates"][0];
    assert_eq!((&likely["need"]["reference"], &likely["place"]), (&json!("N-004"), &json!(1000)), "{posted}");
    assert!(likely["score"].as_i64().unwrap() >= 660, "{likely}");

    // It is not for the unit to say that it is so, and nothing is served before.
    let verify_it = json!({ "need": need });
    let refused = who.liaison.mutate("verifyNeed", "need { id }", verify_it.clone()).await;
    assert_eq!(codes(&refused), ["NOT_ALLOWED"]);
    let filter = "{ needs(first: 10, filter: { status: [POSTED] }) { nodes { id } } }";
    let waiting = who.officer.data(filter, json!({})).await;
    assert_eq!(waiting["needs"]["nodes"], json!([{ "id": need }]));

    let wrong = json!({ "need": need, "ground": "DUPLICATE_OF" });
    let refused = who.officer.mutate("rejectNeed", "need { id }", wrong).await;
    assert_eq!(codes(&refused), ["INVALID"], "which one is not said");
    let ground = json!({ "need": need, "ground": "DUPLICATE_OF", "duplicateOf": known["id"], "note": "同一处停车问题" });
    let selection = "need { status repliedAt end { kind ground note other { reference } } }";
    let rejected = who.officer.done("rejectNeed", selection, ground).await["need"].clone();
    assert_eq!(rejected["status"], "REJECTED");
    assert_eq!(
        rejected["end"],
        json!({ "kind": "REJECTED", "ground": "DUPLICATE_OF", "note": "同一处停车问题", "other": { "reference": "N-004" } })
    );
    assert!(rejected["repliedAt"].is_string(), "no is an answer too");

    // Ten places more: this one is carried on by the need that was there.
    let more = json!({
        "title": "沿街商户夜间需要车位", "place": known["place"]["id"], "category": "SPACE-PARK",
        "quantity": { "amount": 10, "measure": "PARKING" }, "beneficiaries": { "count": 10 },
    });
    let merged = who.liaison.done("postNeed", "need { id }", more).await["need"]["id"].clone();
    let into = json!({ "need": merged, "into": known["id"], "requestId": "merge-of-the-day" });
    let selection = "need { status end { kind other { id asked detail } } }";
    let payload = who.officer.done("mergeNeed", selection, into.clone()).await;
    let end = payload["need"]["end"].clone();
    let asked = known["asked"].as_i64().unwrap() + 10;
    assert_eq!((&end["kind"], &end["other"]["asked"]), (&json!("MERGED"), &json!(asked)), "{payload}");
    assert!(end["other"]["detail"].as_str().unwrap().contains("沿街商户夜间需要车位"));

    server.kill_9();
    let server = Server::start(directory.path(), &[]);
    let who = people(&server, &tokens);
    let again = who.officer.done("mergeNeed", selection, into).await;
    assert_eq!((&again["position"], &again["need"]["end"]["kind"]), (&payload["position"], &json!("MERGED")));
    let query = "query($id: ID!) { history(id: $id, first: 10) { nodes { events { nodes { type } } } } }";
    let story = who.officer.data(query, json!({ "id": need })).await;
    let told = story["history"]["nodes"].as_array().unwrap().iter();
    let told: Vec<&Value> = told.flat_map(|entry| entry["events"]["nodes"].as_array().unwrap()).collect();
    let told: Vec<&str> = told.iter().map(|event| event["type"].as_str().unwrap()).collect();
    assert_eq!(told, ["NEED_POSTED", "REVIEW_ASKED", "NEED_REJECTED"]);
    let position = who.officer.position().await;
    server.stop();
    assert_eq!(verify(directory.path()).commits, position);
}

#[tokio::test]
async fn a_wish_takes_the_light_path_and_a_need_goes_on_into_the_next_quarter() {
    let directory = TempDir::new().unwrap();
    let server = Server::start(directory.path(), &["--demo"]);
    let tokens = tokens(&server);
    let who = people(&server, &tokens);
    set_limits(&who.coordinator, json!({ "review": "ALL" })).await;
    let wish = json!({ "title": "想要一副老花镜", "channel": "WISH", "category": "CARE-WISH" });
    let wish = who.officer.done("postNeed", "need { id status isLight }", wish).await["need"].clone();
    assert_eq!((&wish["status"], &wish["isLight"]), (&json!("POSTED"), &json!(true)));
    let need = wish["id"].clone();
    let unit =
        who.liaison.data("{ me { organization { id } } }", json!({})).await["me"]["organization"]["id"]
            .clone();
    let request = json!({ "target": need, "supplier": unit });
    let early = who.liaison.mutate("requestPairing", "pairing { id }", request.clone()).await;
    assert_eq!(
        codes(&early),
        ["NOT_FOUND"],
        "not before it is verified: until then it is as if it were not there"
    );

    let verified = who.officer.done("verifyNeed", "need { status repliedAt }", json!({ "need": need })).await;
    assert_eq!(verified["need"]["status"], "OPEN");
    let claimed =
        who.liaison.done("requestPairing", "pairing { id status }", request).await["pairing"].clone();
    assert_eq!(claimed["status"], "CLAIMED");
    let yes = json!({ "pairing": claimed["id"] });
    who.officer.done("claimPairing", "pairing { status }", yes).await;

    server.kill_9();
    let server = Server::start(directory.path(), &[]);
    let who = people(&server, &tokens);
    // Nothing is struck off while something is owed, or handed over and not answered.
    let strike = json!({ "need": need });
    let owed = who.officer.mutate("strikeOffNeed", "need { id }", strike.clone()).await;
    assert_eq!(codes(&owed), ["STILL_AGREED"]);
    let time = who.liaison.data("{ time }", json!({})).await["time"].as_str().unwrap().to_owned();
    let handed = json!({ "pairing": claimed["id"], "quantity": 1, "on": time[..10], "note": "送到家里" });
    let delivery =
        who.liaison.done("recordDelivery", "delivery { id }", handed).await["delivery"]["id"].clone();
    let open = who.officer.mutate("strikeOffNeed", "need { id }", strike.clone()).await;
    assert_eq!(codes(&open), ["DELIVERY_OPEN"]);
    assert_eq!(who.liaison.may("confirmDelivery", &delivery).await, Err("NOT_ALLOWED".to_owned()));
    assert_eq!(who.officer.may("confirmDelivery", &delivery).await, Ok(()));
    who.officer.done("confirmDelivery", "delivery { status }", json!({ "delivery": delivery })).await;
    let selection = "need { status metAt end { kind note } }";
    let struck = who.officer.done("strikeOffNeed", selection, strike).await["need"].clone();
    assert_eq!(struck["end"], json!({ "kind": "STRUCK_OFF", "note": null }));
    assert!(struck["status"] == "MET" && struck["metAt"].is_string(), "{struck}");

    // What somebody else has settled meanwhile is struck off with a word on how.
    let lamp = json!({ "title": "行动不便,想请人换灯管", "channel": "WISH" });
    let lamp = who.officer.done("postNeed", "need { id }", lamp).await["need"]["id"].clone();
    let unsaid = who.officer.mutate("strikeOffNeed", selection, json!({ "need": lamp })).await;
    assert_eq!(codes(&unsaid), ["INVALID"]);
    let said = json!({ "need": lamp, "note": "邻居已换好" });
    let settled = who.officer.done("strikeOffNeed", selection, said).await["need"]["end"].clone();
    assert_eq!(settled, json!({ "kind": "STRUCK_OFF", "note": "邻居已换好" }));

    let grade = json!({ "need": need, "grade": "SATISFIED", "note": "看报清楚了" });
    let selection = "need { status appraisal { grade note } }";
    let appraised = who.officer.done("appraiseNeed", selection, grade.clone()).await["need"].clone();
    assert_eq!(appraised["status"], "APPRAISED");
    assert_eq!(appraised["appraisal"], json!({ "grade": "SATISFIED", "note": "看报清楚了" }));
    let twice = who.officer.mutate("appraiseNeed", selection, grade).await;
    assert_eq!(codes(&twice), ["ALREADY_DONE"]);

    // What is not done this quarter is taken along, and said so.
    let known = car_park(&who.officer).await;
    let into =
        json!({ "need": known["id"], "into": { "year": 2200, "quarter": 1 }, "reason": "等地下车库完工" });
    let selection = "need { period { year quarter } carriedOver { nodes { reason } } window { to } }";
    let carried = who.officer.done("carryOverNeed", selection, into).await["need"].clone();
    assert_eq!(carried["period"], json!({ "year": 2200, "quarter": 1 }));
    assert_eq!(carried["window"]["to"], "2200-03-31");
    let past = json!({ "need": known["id"], "into": { "year": 2020, "quarter": 1 }, "reason": "误填" });
    assert_eq!(codes(&who.officer.mutate("carryOverNeed", selection, past).await), ["NOT_AHEAD"]);

    // A resource rests, and comes back.
    let query = "{ resources(first: 1, filter: { text: \"地下停车场夜间错时开放\" }) { nodes { id } } }";
    let resource = who.liaison.data(query, json!({})).await["resources"]["nodes"][0]["id"].clone();
    let pause = json!({ "resource": resource, "reason": "车库检修" });
    let paused = who.liaison.done("pauseResource", "resource { status pausedReason }", pause).await;
    assert_eq!(paused["resource"], json!({ "status": "PAUSED", "pausedReason": "车库检修" }));
    let resumed = json!({ "resource": resource });
    let resumed = who.liaison.done("resumeResource", "resource { status pausedReason }", resumed).await;
    assert_eq!(resumed["resource"], json!({ "status": "OPEN", "pausedReason": null }));
    server.stop();
}

#[tokio::test]
async fn an_emergency_is_matched_at_once_and_claimed_within_hours() {
    let directory = TempDir::new().unwrap();
    let server = Server::start(directory.path(), &["--demo"]);
    let tokens = tokens(&server);
    let who = people(&server, &tokens);
    set_limits(&who.coordinator, json!({ "review": "ALL", "emergencyClaimHours": 2 })).await;
    let known = car_park(&who.officer).await;
    let mut feed = who.coordinator.follow(&json!(who.coordinator.position().await.to_string())).await;
    let emergency = json!({
        "title": "道路塌陷,临河小区车辆今夜急需转移停放", "place": known["place"]["id"], "urgency": "EMERGENCY",
        "category": "SPACE-PARK", "quantity": { "amount": 5, "measure": "PARKING" },
    });
    let posted = who.officer.done("postNeed", "need { id status }", emergency).await["need"].clone();
    assert_eq!(posted["status"], "OPEN", "an emergency waits for no review");
    // Nobody asks for a plan: it comes by itself.
    let proposed = loop {
        let event = feed.event().await;
        if event["type"] == "PAIRING_PROPOSED" && event["concerns"]["needId"] == posted["id"] {
            break event;
        }
    };
    let pairing = proposed["concerns"]["pairingId"].clone();

    server.kill_9();
    let server = Server::start(directory.path(), &[]);
    let who = people(&server, &tokens);
    let yes = json!({ "pairing": pairing, "side": "ASKING" });
    let claimed = who.officer.done("claimPairing", "pairing { status claimedUntil since }", yes).await;
    let query = "query($id: ID!) { time node(id: $id) { ... on Need { unserved } } }";
    let data = who.officer.data(query, json!({ "id": posted["id"] })).await;
    let until =
        chrono::DateTime::parse_from_rfc3339(claimed["pairing"]["claimedUntil"].as_str().unwrap()).unwrap();
    let now = chrono::DateTime::parse_from_rfc3339(data["time"].as_str().unwrap()).unwrap();
    assert_eq!((until - now).num_minutes(), 120, "the claim was the last commit");
    let position = who.officer.position().await;
    server.stop();
    assert_eq!(verify(directory.path()).commits, position);
}
