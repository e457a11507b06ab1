//! From a wish to a yes, as its people live it: an open call and the coordinator's choice, a joint claim, a claim in
//! part, and the joint meeting whose minutes are read after `kill -9`.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails loudly")]

use serde_json::{Value, json};
use tempfile::TempDir;
use tests::{
    client::Client,
    program::{Server, verify},
};

/// Who takes part: the street, a community, and three units with a resource of ten sessions each.
struct Scene {
    coordinator: Client,
    officer: Client,
    community: Value,
    units: Vec<Unit>,
}

struct Unit {
    liaison: Client,
    id: Value,
    resource: Value,
}

const NAMES: [&str; 3] = ["青禾餐饮服务公司", "明德社会工作服务社", "同心物业公司"];

async fn scene(server: &Server) -> Scene {
    let client = |role: &str| Client::member(&server.address, &server.token(role));
    let (coordinator, officer) = (client("COORDINATOR"), client("COMMUNITY_OFFICER"));
    let community =
        officer.data("{ me { organization { id } } }", json!({})).await["me"]["organization"]["id"].clone();
    let mut units = Vec::new();
    for name in NAMES {
        let input = json!({ "name": name, "kind": "UNIT", "unitKind": "ENTERPRISE" });
        let registered = coordinator.done("registerOrganization", "organization { id }", input).await;
        let id = registered["organization"]["id"].clone();
        let input = json!({ "organization": id, "role": "UNIT_LIAISON", "label": "联络员手机" });
        let added = coordinator.done("addMember", "token", input).await;
        let liaison = Client::member(&server.address, added["token"].as_str().unwrap());
        let input = json!({ "title": "可上门服务", "quantity": sessions(10) });
        let posted = liaison.done("postResource", "resource { id }", input).await;
        units.push(Unit { liaison, id, resource: posted["resource"]["id"].clone() });
    }
    Scene { coordinator, officer, community, units }
}

fn sessions(amount: u64) -> Value {
    json!({ "amount": amount, "measure": "SESSIONS" })
}

async fn need(officer: &Client, title: &str) -> Value {
    let input = json!({ "title": title, "quantity": sessions(10) });
    officer.done("postNeed", "need { id }", input).await["need"]["id"].clone()
}

/// What a refused mutation says.
fn refused(payload: &Value) -> &str {
    payload["userErrors"][0]["code"].as_str().unwrap_or_else(|| panic!("it was done: {payload}"))
}

#[tokio::test]
async fn units_bid_join_and_share_and_the_meeting_settles_the_rest() {
    let directory = TempDir::new().unwrap();
    let server = Server::start(directory.path(), &["--demo"]);
    let scene = scene(&server).await;
    the_coordinator_chooses_among_three_bids(&scene).await;
    two_units_claim_jointly(&scene).await;
    one_unit_claims_a_part(&scene).await;
    let meeting = the_joint_meeting_decides(&scene).await;
    let coordinator = scene.coordinator;
    let before = minutes(&coordinator, &meeting).await;
    let position = coordinator.position().await;
    let token = server.token("COORDINATOR");
    server.kill_9();

    let server = Server::start(directory.path(), &[]);
    let coordinator = Client::member(&server.address, &token);
    assert_eq!(minutes(&coordinator, &meeting).await, before, "the minutes are read as they were");
    assert_eq!(coordinator.position().await, position);
    let public = Client::public(&server.address).ask("{ meetings { totalCount } }", json!({})).await;
    assert_eq!(public["errors"][0]["extensions"]["code"], "NOT_ALLOWED", "{public}");
    server.stop();
    assert_eq!(verify(directory.path()).commits, position);
}

async fn the_coordinator_chooses_among_three_bids(scene: &Scene) {
    let target = need(&scene.officer, "暑期托管班公开征集承办单位").await;
    let call = json!({ "target": target, "until": "2027-12-31T10:00:00Z", "note": "请附方案" });
    let selection = "call { isOpen note target { ... on Need { id } } }";
    let opened = scene.officer.done("openCall", selection, call.clone()).await;
    assert_eq!(opened["call"], json!({ "isOpen": true, "note": "请附方案", "target": { "id": target } }));
    assert_eq!(refused(&scene.officer.mutate("openCall", "call { note }", call).await), "ALREADY_DONE");

    let mut bids = Vec::new();
    for (unit, quantity) in scene.units.iter().zip([10, 6, 4]) {
        let input = json!({ "target": target, "supplier": unit.resource, "quantity": quantity });
        let placed = unit.liaison.done("placeBid", "bid { id rank }", input).await;
        assert_eq!(placed["bid"]["rank"], bids.len() + 1, "{placed}");
        bids.push(placed["bid"]["id"].clone());
    }
    // Everybody reads what is called for, and each bidder what it may do with its own bid.
    let query = "{ calls(first: 5) { totalCount pageInfo { hasNextPage } nodes { isOpen note } } }";
    let calls = scene.officer.data(query, json!({})).await["calls"].clone();
    let expected = json!({ "totalCount": 1, "pageInfo": { "hasNextPage": false },
        "nodes": [{ "isOpen": true, "note": "请附方案" }] });
    assert_eq!(calls, expected);
    assert_eq!(scene.units[1].liaison.may("withdrawBid", &bids[1]).await, Ok(()));
    // A rival's bid is as if it were not there, and is taken back by nobody else.
    let theirs = json!({ "id": bids[1] });
    let rival = &scene.units[0].liaison;
    let told = rival.data("query($id: ID!) { node(id: $id) { id } bids { totalCount } }", theirs).await;
    assert_eq!(told, json!({ "node": null, "bids": { "totalCount": 1 } }));
    let back = json!({ "bid": bids[1], "reason": "撤回别人的" });
    assert_eq!(refused(&rival.mutate("withdrawBid", "bid { id }", back).await), "NOT_FOUND");
    assert_eq!(scene.coordinator.may("chooseBid", &bids[1]).await, Ok(()));
    let choose = json!({ "bid": bids[1], "reason": "离得近，方案细" });
    // A bidder does not choose.
    let own = scene.units[1].liaison.mutate("chooseBid", "bid { id }", choose.clone()).await;
    assert_eq!(refused(&own), "NOT_ALLOWED");
    let selection = "bid { status reason pairing { status quantity by bid { id } } }";
    let chosen = scene.coordinator.done("chooseBid", selection, choose).await;
    let pairing = json!({ "status": "AGREED", "quantity": 6, "by": null, "bid": { "id": bids[1] } });
    let expected = json!({ "status": "CHOSEN", "reason": "离得近，方案细", "pairing": pairing });
    assert_eq!(chosen["bid"], expected);

    // Ten no longer fit, four still do; then nothing is left and the call is over.
    let late = scene.coordinator.mutate("chooseBid", "bid { id }", json!({ "bid": bids[0] })).await;
    assert_eq!(refused(&late), "MORE_THAN_ASKED");
    scene.coordinator.done("chooseBid", "bid { id }", json!({ "bid": bids[2] })).await;
    let decline = json!({ "bid": bids[0], "reason": "名额已满" });
    scene.officer.done("declineBid", "bid { status }", decline).await;
    let query = "query($need: ID!) { node(id: $need) { ... on Need {
        unserved call { isOpen } bids { totalCount nodes { status bidder { name } } } } } }";
    let data = scene.officer.data(query, json!({ "need": target })).await;
    let rows: Vec<Value> = ["DECLINED", "CHOSEN", "CHOSEN"]
        .iter()
        .zip(NAMES)
        .map(|(status, name)| json!({ "status": status, "bidder": { "name": name } }))
        .collect();
    let bids = json!({ "totalCount": 3, "nodes": rows });
    assert_eq!(data["node"], json!({ "unserved": 0, "call": { "isOpen": false }, "bids": bids }));
}

async fn two_units_claim_jointly(scene: &Scene) {
    let target = need(&scene.officer, "社区食堂翻修").await;
    let [leader, partner] = [&scene.units[0], &scene.units[2]];
    let shares = json!([{ "supplier": leader.id, "quantity": 7 }, { "supplier": partner.id, "quantity": 3 }]);
    let selection = "pairing { id status jointWith { id status quantity } }";
    let joint = json!({ "target": target, "shares": shares });
    let claimed = leader.liaison.done("claimJointly", selection, joint).await["pairing"].clone();
    assert_eq!(claimed["status"], "CLAIMED", "{claimed}");
    let other = &claimed["jointWith"][0];
    assert_eq!((&other["status"], &other["quantity"]), (&json!("PROPOSED"), &json!(3)));

    let yes = json!({ "pairing": claimed["id"] });
    let early = scene.officer.mutate("claimPairing", "pairing { id }", yes.clone()).await;
    assert_eq!(refused(&early), "JOINT_CLAIM_WAITS");
    partner.liaison.done("claimPairing", "pairing { id }", json!({ "pairing": other["id"] })).await;
    let agreed = scene.officer.done("claimPairing", "pairing { status jointWith { status } }", yes).await;
    let both = json!({ "status": "AGREED", "jointWith": [{ "status": "AGREED" }] });
    assert_eq!(agreed["pairing"], both, "both at once");
}

async fn one_unit_claims_a_part(scene: &Scene) {
    let target = need(&scene.officer, "独居老人上门理发").await;
    let unit = &scene.units[1];
    let request = json!({ "target": target, "supplier": unit.id, "quantity": 10 });
    let asked = scene.coordinator.done("requestPairing", "pairing { id }", request).await;
    let part = json!({ "pairing": asked["pairing"]["id"], "quantity": 4 });
    let selection = "pairing { status quantity need { unserved } }";
    let claimed = unit.liaison.done("claimPairing", selection, part).await;
    let expected = json!({ "status": "CLAIMED", "quantity": 4, "need": { "unserved": 6 } });
    assert_eq!(claimed["pairing"], expected);
}

/// Four pairings and a project come to the table: one is agreed, one changed, one put off, one dropped; the project is
/// not reached. The id of the meeting.
async fn the_joint_meeting_decides(scene: &Scene) -> Value {
    let mut pairings = Vec::new();
    let titles = ["楼道堆物清理", "电动车充电棚", "儿童游戏角", "墙面彩绘"];
    let [one, two, three] = [0, 1, 2].map(|index: usize| &scene.units[index]);
    let suppliers = [(one, &one.resource), (two, &two.id), (three, &three.resource), (three, &three.id)];
    for (title, (unit, supplier)) in titles.into_iter().zip(suppliers) {
        let target = need(&scene.officer, title).await;
        let input = json!({ "target": target, "supplier": supplier, "quantity": 3 });
        let claimed = unit.liaison.done("requestPairing", "pairing { id }", input).await;
        pairings.push(claimed["pairing"]["id"].clone());
    }
    let project = json!({ "title": "口袋花园", "slots": [{ "title": "树苗", "quantity": sessions(3) }] });
    let project = scene.officer.done("postProject", "project { id }", project).await["project"]["id"].clone();

    let query = "{ draftAgenda(first: 100) { nodes { why claimedBy subject { ... on Pairing { id } ... on Project { id } } } } }";
    let draft =
        scene.coordinator.data(query, json!({})).await["draftAgenda"]["nodes"].as_array().unwrap().clone();
    for pairing in &pairings {
        let row = json!({ "why": "CLAIMED", "claimedBy": "GIVING", "subject": { "id": pairing } });
        assert!(draft.contains(&row), "{draft:?}");
    }
    let row = json!({ "why": "TO_BE_AGREED", "claimedBy": null, "subject": { "id": project } });
    assert!(draft.contains(&row), "{draft:?}");

    let mut agenda = pairings.clone();
    agenda.push(project.clone());
    let everybody: Vec<&Value> = scene.units.iter().map(|unit| &unit.id).chain([&scene.community]).collect();
    let call = json!({
        "title": "六月共驻共建联席会", "heldAt": "2026-12-05T01:30:00Z", "venue": "街道三楼会议室",
        "participants": everybody, "agenda": agenda,
    });
    let refused_one = scene.officer.mutate("callMeeting", "meeting { id }", call.clone()).await;
    assert_eq!(refused(&refused_one), "NOT_ALLOWED");
    let called = scene.coordinator.done("callMeeting", "meeting { id status }", call).await;
    assert_eq!(called["meeting"]["status"], "CALLED");
    let meeting = called["meeting"]["id"].clone();

    let decisions = [
        json!({ "decision": "AGREE" }),
        json!({ "decision": "CHANGE_TERMS", "quantity": 2, "note": "先做两场看效果" }),
        json!({ "decision": "POSTPONE", "note": "等居民投票" }),
        json!({ "decision": "DROP", "note": "墙体待鉴定" }),
    ];
    let expected = [("AGREED", 3), ("CLAIMED", 2), ("CLAIMED", 3), ("DECLINED", 3)];
    for ((pairing, mut input), (status, quantity)) in pairings.iter().zip(decisions).zip(expected) {
        input["meeting"] = meeting.clone();
        input["item"] = pairing.clone();
        scene.coordinator.done("decideItem", "meeting { id }", input).await;
        let query = "query($id: ID!) { node(id: $id) { ... on Pairing { status quantity meetings { nodes { id } } } } }";
        let data = scene.officer.data(query, json!({ "id": pairing })).await;
        let expected =
            json!({ "status": status, "quantity": quantity, "meetings": { "nodes": [{ "id": meeting }] } });
        assert_eq!(data["node"], expected);
    }
    let close = json!({ "meeting": meeting, "minutes": "到会五家单位。充电棚先做两场，彩绘待墙体鉴定。" });
    assert_eq!(scene.coordinator.may("closeMeeting", &meeting).await, Ok(()));
    scene.coordinator.done("closeMeeting", "meeting { status }", close.clone()).await;
    assert_eq!(scene.coordinator.may("closeMeeting", &meeting).await, Err("NOT_IN_STATE".to_owned()));
    let again = scene.coordinator.mutate("closeMeeting", "meeting { status }", close).await;
    assert_eq!(refused(&again), "NOT_IN_STATE");

    // The next agenda begins with what this meeting put off, the project it did not reach too.
    let query = "{ draftAgenda { nodes { why subject { ... on Pairing { id } ... on Project { id } }
        postponedBy { id } } } }";
    let draft = scene.coordinator.data(query, json!({})).await["draftAgenda"]["nodes"].clone();
    for (row, item) in [&pairings[2], &project].into_iter().enumerate() {
        let expected =
            json!({ "why": "POSTPONED", "subject": { "id": item }, "postponedBy": { "id": meeting } });
        assert_eq!(draft[row], expected);
    }
    meeting
}

/// The meeting with all that was said and decided.
async fn minutes(client: &Client, meeting: &Value) -> Value {
    let query = "query($id: ID!) { node(id: $id) { ... on Meeting {
        title status heldAt venue minutes closedAt participants { nodes { name } }
        agenda { nodes { subject { ... on Pairing { id status } ... on Project { id title status } }
            decision { decision quantity draws note decidedAt } } }
        decisions { nodes { decision } } } } }";
    let read = client.data(query, json!({ "id": meeting })).await["node"].clone();
    assert_eq!(read["status"], "CLOSED");
    assert!(read["minutes"].as_str().unwrap().contains("墙体鉴定"), "{read}");
    let decided: Vec<&Value> = read["agenda"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| &item["decision"]["decision"])
        .collect();
    assert_eq!(decided, ["AGREE", "CHANGE_TERMS", "POSTPONE", "DROP", "POSTPONE"]);
    read
}
