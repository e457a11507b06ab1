//! The product as its users meet it: the real program, real requests, `kill -9`, and a new start on the same data.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails loudly")]

use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use tempfile::TempDir;
use tests::{
    client::Client,
    program::{self, Server, verify},
    random::SplitMix64,
};

const SEED: u64 = 20_260_301;

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("not a text: {value}"))
}

fn list<'a>(value: &'a Value, pointer: &str) -> &'a Vec<Value> {
    value.pointer(pointer).and_then(Value::as_array).unwrap()
}

fn names(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| text(&event["type"])).collect()
}

/// All nodes of a connection, page by page. The query takes `$after` and names its connection `page`.
async fn pages(client: &Client, query: &str, pointer: &str) -> Vec<Value> {
    let (mut nodes, mut after) = (Vec::new(), Value::Null);
    loop {
        let data = client.data(query, json!({ "after": after })).await;
        let page = data.pointer(pointer).unwrap();
        let before = nodes.len();
        nodes.extend(list(page, "/nodes").iter().cloned());
        if page["pageInfo"]["hasNextPage"] == false {
            return nodes;
        }
        assert!(nodes.len() > before, "an empty page says that more follows");
        after = page["pageInfo"]["endCursor"].clone();
    }
}

#[tokio::test]
async fn a_coordinators_morning_survives_kill_9() {
    let directory = TempDir::new().unwrap();
    let server = Server::start(directory.path(), &["--demo"]);
    let tokens =
        ["COORDINATOR", "COMMUNITY_OFFICER", "UNIT_LIAISON", "OBSERVER"].map(|role| server.token(role));
    let [coordinator, officer, liaison, observer] =
        tokens.each_ref().map(|token| Client::member(&server.address, token));

    let car_park = the_list_is_read(&coordinator).await;
    the_plan_is_adopted_and_explained(&coordinator).await;
    the_car_park_is_suggested(&coordinator, &car_park).await;

    // Both sides say yes to the pairing of the plan, and the observer's screen follows.
    let began = json!(coordinator.position().await.to_string());
    let mut feed = observer.follow(&began).await;
    let pairing = the_pairing_of_both(&officer, &liaison, &car_park).await;
    let claim = json!({ "pairing": pairing, "requestId": "morning-claim" });
    let claimed = officer.done("claimPairing", "pairing { status claimedUntil }", claim.clone()).await;
    assert_eq!(claimed["pairing"]["status"], "CLAIMED", "{claimed}");
    let agreed = liaison.done("claimPairing", "pairing { status }", claim).await;
    assert_eq!(agreed["pairing"]["status"], "AGREED", "{agreed}");
    let wish = json!({ "title": "楼道扶手松动需加固", "requestId": "morning-need" });
    let posted = officer.done("postNeed", "need { id title }", wish.clone()).await;
    let heard = feed.events(3).await;
    assert_eq!(names(&heard), ["PAIRING_CLAIMED", "PAIRING_AGREED", "NEED_POSTED"]);
    assert_eq!([&heard[0], &heard[1]].map(|event| &event["concerns"]["pairingId"]), [&pairing, &pairing]);
    assert_eq!(heard[2]["concerns"]["needId"], posted["need"]["id"]);
    assert_eq!(heard[2]["position"], posted["position"]);
    let position = coordinator.position().await;
    assert_eq!(posted["position"], position.to_string());

    server.kill_9();
    feed.gone().await;

    // Not as a demo: the tokens of this morning are still good, and nothing is added.
    let server = Server::start(directory.path(), &[]);
    let [coordinator, officer, _, observer] =
        tokens.each_ref().map(|token| Client::member(&server.address, token));
    assert_eq!(coordinator.position().await, position);
    let query = "query($pairing: ID!, $need: ID!) {
        pairing: node(id: $pairing) { ... on Pairing { status } } need: node(id: $need) { ... on Need { id title } } }";
    let kept = coordinator.data(query, json!({ "pairing": pairing, "need": posted["need"]["id"] })).await;
    assert_eq!(kept, json!({ "pairing": { "status": "AGREED" }, "need": posted["need"] }));
    let again = officer.done("postNeed", "need { id title }", wish).await;
    assert_eq!((&again["need"], &again["position"]), (&posted["need"], &posted["position"]));
    assert_eq!(coordinator.position().await, position, "the same request appends nothing");

    // The screen goes on after the last event it remembers, be it the first or the second.
    for (after, follows) in [(&began, &heard[..]), (&heard[0]["cursor"], &heard[1..])] {
        let mut feed = observer.follow(after).await;
        assert_eq!(feed.events(follows.len()).await, follows);
    }
    let mut feed = observer.follow(&heard[2]["cursor"]).await;
    let later = officer.done("postNeed", "need { id }", json!({ "title": "儿童节义卖场地" })).await;
    assert_eq!(feed.event().await["concerns"]["needId"], later["need"]["id"], "nothing came twice");

    let position = coordinator.position().await;
    server.stop();
    assert_eq!(verify(directory.path()).commits, position);
}

/// Reads the needs of the first page as a coordinator filters them; the id of the car-park need.
async fn the_list_is_read(coordinator: &Client) -> Value {
    let places =
        coordinator.data("{ places(filter: { level: COMMUNITY }) { nodes { id name } } }", json!({})).await;
    let riverside =
        list(&places, "/places/nodes").iter().find(|place| place["name"] == "河沿街社区").unwrap();
    let query = "query($filter: NeedFilter) { needs(first: 10, filter: $filter) {
        totalCount nodes { id reference title place { path } category { code } } } }";
    let filter = json!({ "category": "SPACE-PARK", "place": riverside["id"], "text": "夜间停车" });
    let needs = coordinator.data(query, json!({ "filter": filter })).await["needs"].clone();
    assert_eq!(needs["totalCount"], 1, "{needs}");
    let need = &needs["nodes"][0];
    assert_eq!((&need["reference"], &need["category"]["code"]), (&json!("N-004"), &json!("SPACE-PARK")));
    assert_eq!(need["place"]["path"], json!(["清河桥街道", "河沿街社区", "临河小区"]));
    need["id"].clone()
}

/// Looks at the plan, adopts it, and reads in both languages why some needs stay unmet.
async fn the_plan_is_adopted_and_explained(coordinator: &Client) {
    let query = "{ previewPlan { objective bound gap pricesDigest pairingsCount unmetCount } }";
    let preview = coordinator.data(query, json!({})).await["previewPlan"].clone();
    assert_eq!((&preview["objective"], &preview["gap"]), (&preview["bound"], &json!("0")), "{preview}");
    let selection = "plan { objective bound gap pricesDigest unmetCount pairings { totalCount } }";
    let plan = coordinator.done("adoptPlan", selection, json!({})).await["plan"].clone();
    for field in ["objective", "bound", "gap", "pricesDigest", "unmetCount"] {
        assert_eq!(plan[field], preview[field], "{field}");
    }
    assert_eq!(plan["pairings"]["totalCount"], preview["pairingsCount"]);

    let query = "query($after: String) { latestPlan { unmet(first: 50, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes { quantity target { ... on Need { id } } reasons { code candidates message } } } } }";
    let english = pages(coordinator, query, "/latestPlan/unmet").await;
    let chinese = pages(&coordinator.in_language("zh-CN"), query, "/latestPlan/unmet").await;
    assert_eq!(json!(english.len()), plan["unmetCount"]);
    for (english, chinese) in english.iter().zip(&chinese) {
        let (english, chinese) = (list(english, "/reasons"), list(chinese, "/reasons"));
        assert!(!english.is_empty() && english.len() == chinese.len());
        for (english, chinese) in english.iter().zip(chinese) {
            assert_eq!(
                (&english["code"], &english["candidates"]),
                (&chinese["code"], &chinese["candidates"])
            );
            assert!(text(&english["message"]).contains(char::is_whitespace), "{english}");
            assert!(text(&chinese["message"]).contains(|it| ('一'..='鿿').contains(&it)), "{chinese}");
        }
    }
    every_need_is_paired_or_unmet(coordinator, &english).await;
}

/// What is asked is what the plan pairs and what it says stays unmet, for each need that no project's slots stand for.
async fn every_need_is_paired_or_unmet(coordinator: &Client, unmet: &[Value]) {
    let query =
        "query($after: String) { needs(first: 100, after: $after, filter: { status: [OPEN, PARTLY_AGREED, PARTLY_MET] }) {
        pageInfo { hasNextPage endCursor } nodes { id asked project { slots { nodes { title } } } } } }";
    let needs = pages(coordinator, query, "/needs").await;
    let query = "query($after: String) { latestPlan { pairings(first: 100, after: $after) {
        pageInfo { hasNextPage endCursor } nodes { quantity need { id } } } } }";
    let pairings = pages(coordinator, query, "/latestPlan/pairings").await;
    let mut covered: BTreeMap<&str, u64> = BTreeMap::new();
    let paired = pairings.iter().map(|pairing| (&pairing["need"]["id"], &pairing["quantity"]));
    let unmet = unmet.iter().map(|unmet| (&unmet["target"]["id"], &unmet["quantity"]));
    for (need, quantity) in paired.chain(unmet) {
        // Slots of projects have no need.
        if let Some(need) = need.as_str() {
            *covered.entry(need).or_default() += quantity.as_u64().unwrap();
        }
    }
    assert!(needs.len() > 100, "more than a page");
    let carried = |need: &Value| need.pointer("/project/slots/nodes/0").is_some();
    assert!(needs.iter().any(carried), "the leaning wall is one");
    let own = needs.iter().filter(|need| !carried(need));
    let asked: BTreeMap<&str, u64> =
        own.map(|need| (text(&need["id"]), need["asked"].as_u64().unwrap())).collect();
    assert_eq!(covered, asked);
}

/// The best candidate for cars at night is the car park that was posted for it.
async fn the_car_park_is_suggested(coordinator: &Client, need: &Value) {
    let query = "query($need: ID!) { suggestions(need: $need, first: 5) {
        organization { name } supplier { ... on Resource { reference } } fit { total reasons } } }";
    let data = coordinator.data(query, json!({ "need": need })).await;
    let suggestions = list(&data, "/suggestions");
    assert_eq!(suggestions[0]["supplier"]["reference"], "R-004", "{data}");
    assert_eq!(suggestions[0]["organization"]["name"], "和悦广场商业管理公司");
    let fits: Vec<u64> = suggestions.iter().map(|it| it["fit"]["total"].as_u64().unwrap()).collect();
    assert!(fits.is_sorted_by(|one, next| one >= next), "{fits:?}");
}

/// The proposed pairing of the need that lies between the organizations of the two.
async fn the_pairing_of_both(officer: &Client, liaison: &Client, need: &Value) -> Value {
    let query = "{ me { organization { pairings(first: 100, filter: { status: [PROPOSED] }) {
        nodes { id need { id } } } } } }";
    let mut seen: Vec<BTreeSet<String>> = Vec::new();
    for side in [officer, liaison] {
        let data = side.data(query, json!({})).await;
        let own = list(&data, "/me/organization/pairings/nodes").iter();
        let own = own.filter(|pairing| pairing["need"]["id"] == *need);
        seen.push(own.map(|pairing| text(&pairing["id"]).to_owned()).collect());
    }
    let both: Vec<&String> = seen[0].intersection(&seen[1]).collect();
    assert_eq!(both.len(), 1, "{seen:?}");
    json!(both[0])
}

#[tokio::test]
async fn the_public_sees_notices_only() {
    let directory = TempDir::new().unwrap();
    let server = Server::start(directory.path(), &["--demo"]);
    let public = Client::public(&server.address);
    let query =
        "{ me { sight } needs(first: 1) { totalCount nodes { title } } resources(first: 1) { totalCount } }";
    let data = public.data(query, json!({})).await;
    assert_eq!(data["me"]["sight"], "NOTICES");
    // The needs of today, and those that the street has behind it, of which four were not taken on.
    assert_eq!(
        (&data["needs"]["totalCount"], &data["resources"]["totalCount"]),
        (&json!(198 + 52 - 4), &json!(118))
    );

    for field in [
        "pairings { totalCount }",
        "plans { totalCount }",
        "latestPlan { id }",
        "previewPlan { objective }",
        "events { nodes { type } }",
        "members { nodes { label } }",
    ] {
        let answer = public.ask(&format!("{{ {field} }}"), json!({})).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "NOT_ALLOWED", "{field}: {answer}");
        let name = field.split(' ').next().unwrap();
        assert_eq!(answer["data"][name], Value::Null, "{field}: {answer}");
    }
    let wrong = Client::member(&server.address, &format!("gj_{}", "0".repeat(64)));
    let (status, answer) = wrong.try_ask("{ needs { totalCount } }", json!({})).await.unwrap();
    assert_eq!((status, &answer["errors"][0]["extensions"]["code"]), (401, &json!("UNAUTHENTICATED")));

    let liaison = Client::member(&server.address, &server.token("UNIT_LIAISON"));
    let query =
        "{ me { organization { id } } resources(first: 100) { nodes { id title organization { id } } } }";
    let data = liaison.data(query, json!({})).await;
    let of_another =
        list(&data, "/resources/nodes").iter().find(|it| it["organization"] != data["me"]["organization"]);
    let of_another = of_another.unwrap();
    let before = liaison.position().await;
    let amend = json!({ "resource": of_another["id"], "title": "改掉别人的" });
    for (who, client) in [("liaison", &liaison), ("public", &public)] {
        let refused = client.mutate("amendResource", "resource { title }", amend.clone()).await;
        assert_eq!(refused["userErrors"][0]["code"], "NOT_ALLOWED", "{who}: {refused}");
        assert_eq!(refused["resource"], Value::Null, "{who}");
    }
    let query = "query($id: ID!) { position node(id: $id) { ... on Resource { title } } }";
    let after = public.data(query, json!({ "id": of_another["id"] })).await;
    assert_eq!(after, json!({ "position": before.to_string(), "node": { "title": of_another["title"] } }));
    server.stop();
}

/// Rounds of posting and killing, and how many clients post at once.
const ROUNDS: usize = 4;
const POSTERS: usize = 4;

/// Posts a need whose title is its request id, so that none can be taken for another; the id it got.
async fn post(client: &Client, request: &str) -> reqwest::Result<String> {
    let input = json!({ "title": request, "requestId": request });
    let payload = client.try_mutate("postNeed", "need { id title }", input).await?;
    assert_eq!(
        (&payload["userErrors"], &payload["need"]["title"]),
        (&json!([]), &json!(request)),
        "{payload}"
    );
    Ok(text(&payload["need"]["id"]).to_owned())
}

/// Posts without end; the request that got no answer when the server was gone.
async fn post_until_killed(
    client: Client,
    prefix: String,
    acknowledged: tokio::sync::mpsc::UnboundedSender<(String, String)>,
) -> String {
    let mut number = 0;
    loop {
        let request = format!("{prefix}-{number}");
        match post(&client, &request).await {
            Ok(id) => acknowledged.send((request, id)).unwrap(),
            Err(_) => return request,
        }
        number += 1;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kills_in_the_middle_of_writes_lose_nothing_acknowledged() {
    let directory = TempDir::new().unwrap();
    let add = ["member", "add", "--role", "coordinator", "--street", "测试街道"];
    let token = program::run(&add, Some(directory.path()), []);
    let mut random = SplitMix64::new(SEED);
    // Ids by request, of everything that was acknowledged in any round.
    let mut acknowledged: BTreeMap<String, String> = BTreeMap::new();
    for round in 0..ROUNDS {
        let moment = random.between(1, 60);
        let context = format!("seed {SEED}, round {round}: killed after {moment} acknowledgements");
        let server = Server::start(directory.path(), &[]);
        let (sender, mut receiver) = tokio::sync::mpsc::unbounded_channel();
        let posters: Vec<_> = (0..POSTERS)
            .map(|poster| {
                let client = Client::member(&server.address, token.trim());
                tokio::spawn(post_until_killed(client, format!("{round}-{poster}"), sender.clone()))
            })
            .collect();
        drop(sender);
        for _ in 0..moment {
            acknowledged.extend(receiver.recv().await);
        }
        server.kill_9();
        while let Some(late) = receiver.recv().await {
            acknowledged.extend([late]);
        }
        let mut unanswered = Vec::new();
        for poster in posters {
            unanswered.push(poster.await.unwrap());
        }

        let server = Server::start(directory.path(), &[]);
        let client = Client::member(&server.address, token.trim());
        let stored = needs(&client).await;
        for (request, id) in &acknowledged {
            assert_eq!(stored.get(request), Some(id), "{context}: {request}");
        }
        let doubtful: BTreeSet<&String> =
            stored.keys().filter(|it| !acknowledged.contains_key(*it)).collect();
        assert!(doubtful.iter().all(|it| unanswered.contains(it)), "{context}: {doubtful:?}");
        // Whether they had been done or not: asked again they are done once, and answered alike.
        for request in &unanswered {
            let id = post(&client, request).await.unwrap();
            assert!(stored.get(request).is_none_or(|before| *before == id), "{context}: {request}");
            assert_eq!(post(&client, request).await.unwrap(), id, "{context}: {request}");
            acknowledged.insert(request.clone(), id);
        }
        assert_eq!(needs(&client).await, acknowledged, "{context}");
        let position = client.position().await;
        server.kill_9();
        assert_eq!(verify(directory.path()).commits, position, "{context}");
    }
}

/// The ids of all needs by their titles, none of which comes twice.
async fn needs(client: &Client) -> BTreeMap<String, String> {
    let query = "query($after: String) { needs(first: 100, after: $after) {
        pageInfo { hasNextPage endCursor } nodes { id title } } }";
    let mut needs = BTreeMap::new();
    for need in pages(client, query, "/needs").await {
        let twice = needs.insert(text(&need["title"]).to_owned(), text(&need["id"]).to_owned());
        assert_eq!(twice, None, "{need}");
    }
    needs
}

#[tokio::test]
async fn match_and_import_from_the_command_line() {
    let files = program::demo_files();
    assert_eq!(files.len(), 6);
    let said =
        program::run(&["match", "--json", "--suggestions", "5", "--today", "2026-03-01"], None, &files);
    let answer: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(answer["plan"]["objective"], answer["plan"]["bound"]);
    assert_eq!(answer["problems"], json!([]));
    let rows = std::fs::read_to_string(program::root().join("graphql/demo/needs.jsonl")).unwrap();
    let rows: BTreeSet<String> = rows
        .lines()
        .map(|line| text(&serde_json::from_str::<Value>(line).unwrap()["id"]).to_owned())
        .collect();
    let named = |pointer: &str| -> BTreeSet<String> {
        list(&answer, pointer).iter().map(|it| text(&it["need"]).to_owned()).collect()
    };
    let answered: BTreeSet<String> = &named("/plan/pairings") | &named("/plan/unmet");
    assert_eq!(rows.difference(&answered).collect::<Vec<_>>(), Vec::<&String>::new());
    assert_eq!(named("/suggestions"), rows);
    for unmet in list(&answer, "/plan/unmet") {
        assert!(!list(unmet, "/reasons").is_empty(), "{unmet}");
    }
    // One car park for three communities, who ask for 20, 25 and 30 of its 60 places: full, or said to be short.
    for (need, asked) in [("N-004", 20), ("N-005", 25), ("N-006", 30)] {
        let pairings = list(&answer, "/plan/pairings").iter().filter(|it| it["need"] == need);
        let paired: u64 = pairings.map(|it| it["quantity"].as_u64().unwrap()).sum();
        assert_eq!(paired < asked, named("/plan/unmet").contains(need), "{need}: {paired} of {asked}");
    }

    let directory = TempDir::new().unwrap();
    let data = Some(directory.path());
    // new, changed, already there, refused
    assert_eq!(counts(&program::run(&["import"], data, &files)), [657, 1, 1, 0]);
    let imported = verify(directory.path());
    assert_eq!(counts(&program::run(&["import"], data, &files)), [0, 0, 659, 0]);
    assert_eq!(verify(directory.path()), imported);

    let token = program::run(&["member", "add", "--role", "coordinator"], data, []);
    let server = Server::start(directory.path(), &[]);
    let client = Client::member(&server.address, token.trim());
    let me = client.data("{ me { role sight organization { name } } needs { totalCount } }", json!({})).await;
    let office = json!({ "name": "清河桥街道办事处" });
    assert_eq!(me["me"], json!({ "role": "COORDINATOR", "sight": "MEMBERS", "organization": office }));
    assert_eq!(me["needs"]["totalCount"], rows.len());
    assert_eq!(client.position().await, imported.commits + 1, "the login and nothing else");
    server.stop();
}

#[test]
fn a_rotten_bit_ends_verify_with_a_failure_and_verify_changes_nothing() {
    let directory = TempDir::new().unwrap();
    program::run(&["import"], Some(directory.path()), &program::demo_files());
    let sound = verify(directory.path());
    let file = directory.path().join("sled").join("db");
    let whole = std::fs::read(&file).unwrap();
    // In every copy that the store has of a commit, so that none can stand in for another.
    let stated = format!("\"position\":{},", sound.commits / 2);
    let mut rotten = whole.clone();
    let copies: Vec<usize> = whole
        .windows(stated.len())
        .enumerate()
        .filter(|(_, it)| *it == stated.as_bytes())
        .map(|(at, _)| at)
        .collect();
    assert!(!copies.is_empty(), "commits stand in the file as they are");
    copies.into_iter().for_each(|at| rotten[at] ^= 1);
    std::fs::write(&file, &rotten).unwrap();
    let said = program::fails(&["verify"], Some(directory.path()));
    assert!(!said.is_empty(), "it says what it found");
    assert!(std::fs::read(&file).unwrap() == rotten, "and leaves it as it was");
    std::fs::write(&file, &whole).unwrap();
    assert_eq!(verify(directory.path()), sound);
    assert!(std::fs::read(&file).unwrap() == whole);
}

/// The last row of the table of an import, which counts all rows.
fn counts(table: &str) -> [u64; 4] {
    let row = table.lines().rfind(|line| line.chars().any(|it| it.is_ascii_digit())).unwrap();
    let cells: Vec<u64> = row.split(['│', '┆', '|']).filter_map(|cell| cell.trim().parse().ok()).collect();
    cells.try_into().unwrap_or_else(|cells| panic!("{cells:?} in {row:?}"))
}
