//! Changes of pairings and projects: told once each, filtered as things stand, and taken up again.

use crate::street::{number, pages, something_happens, text};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tempfile::tempdir;
use tests::{client::Client, program::Server};

#[tokio::test]
async fn changes_of_pairings_and_projects_are_told_once_and_taken_up_again() {
    let data = tempdir().unwrap();
    let server = Server::start(data.path(), &["--demo"]);
    let token = server.token("COORDINATOR");
    let coordinator = Client::member(&server.address, &token);
    something_happens(&coordinator).await;
    let changes = "subscription($after: ChangeCursor, $filter: PairingChangeFilter) {
        pairingChanged(after: $after, filter: $filter) { position cursor events pairing { id status } } }";

    // From the beginning, all at once: what the history of each pairing says.
    let pairings = pages(&coordinator, "pairings", "id").await;
    let mut expected = BTreeMap::new();
    for pairing in &pairings {
        let query = "query($id: ID) { history(id: $id, first: 100) { nodes { position } } }";
        let data = coordinator.data(query, json!({ "id": pairing["id"] })).await;
        let positions = data["history"]["nodes"].as_array().unwrap().iter().map(|it| number(&it["position"]));
        expected.insert(text(&pairing["id"]).unwrap(), positions.collect::<Vec<_>>());
    }
    let total: usize = expected.values().map(Vec::len).sum();
    let mut feed = coordinator.subscribe(changes, json!({ "after": "0" })).await;
    let mut told = Vec::new();
    while told.len() < total {
        told.push(feed.told().await);
    }
    let mut found: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    for change in &told {
        found.entry(text(&change["pairing"]["id"]).unwrap()).or_default().push(number(&change["position"]));
    }
    assert_eq!(found, expected);

    // Broken off anywhere, also inside a commit, and taken up again after a restart: the rest, and nothing else.
    server.kill_9();
    let server = Server::start(data.path(), &[]);
    let coordinator = Client::member(&server.address, &token);
    for broken in [0, 3, total / 2, total - 2] {
        let variables = json!({ "after": told[broken]["cursor"] });
        let mut feed = coordinator.subscribe(changes, variables).await;
        for change in &told[broken + 1..] {
            assert_eq!(feed.told().await["cursor"], change["cursor"]);
        }
    }

    // Filtered: one pairing, then an organization.
    let one = told.last().unwrap()["pairing"]["id"].clone();
    let mut feed =
        coordinator.subscribe(changes, json!({ "after": "0", "filter": { "pairings": [one] } })).await;
    for position in &expected[one.as_str().unwrap()] {
        let change = feed.told().await;
        assert_eq!((number(&change["position"]), &change["pairing"]["id"]), (*position, &one));
    }

    // A project is told with what becomes of it.
    let project = coordinator.done("postProject", "project { id }", json!({ "title": "义诊进社区" })).await;
    let id = &project["project"]["id"];
    let filter =
        json!({ "filter": { "projects": [id] }, "after": (number(&project["position"]) - 1).to_string() });
    let mut feed = coordinator
        .subscribe(
            "subscription($after: ChangeCursor, $filter: ProjectChangeFilter) {
                projectChanged(after: $after, filter: $filter) { events project { id status } } }",
            filter,
        )
        .await;
    coordinator
        .done("withdrawProject", "project { id }", json!({ "project": id, "reason": "计划有变" }))
        .await;
    let events: Vec<Value> = vec![feed.told().await["events"].clone(), feed.told().await["events"].clone()];
    assert_eq!(events, [json!(["PROJECT_POSTED"]), json!(["PROJECT_WITHDRAWN"])]);
    server.stop();
}

/// Follows changes under a filter from the beginning, and compares them with all of them, judged one by one.
async fn compare(client: &Client, field: &str, filter: Value, all: &[Value], lets: impl Fn(&Value) -> bool) {
    let node = &field[..field.len() - "Changed".len()];
    let kind = format!("{}{}", node[..1].to_uppercase(), &node[1..]);
    let query = format!(
        "subscription($after: ChangeCursor, $filter: {kind}ChangeFilter) {{
            {field}(after: $after, filter: $filter) {{ position cursor events {node} {{ id status }} }} }}"
    );
    let expected: Vec<&Value> = all.iter().filter(|it| lets(&it[node])).collect();
    assert!(
        !expected.is_empty() && expected.len() < all.len(),
        "{filter}: {} of {}",
        expected.len(),
        all.len()
    );
    let mut feed = client.subscribe(&query, json!({ "after": "0", "filter": filter })).await;
    let mut told = Vec::new();
    while told.len() < expected.len() {
        told.push(feed.told().await);
    }
    for (told, expected) in told.iter().zip(&expected) {
        assert_eq!(
            (&told["cursor"], &told["events"]),
            (&expected["cursor"], &expected["events"]),
            "{filter}"
        );
    }
    // From the midst of it on: the rest, and nothing else.
    let middle = expected.len() / 2;
    let after = json!({ "after": expected[middle]["cursor"], "filter": filter });
    let mut feed = client.subscribe(&query, after).await;
    for expected in &expected[middle + 1..] {
        assert_eq!(feed.told().await["cursor"], expected["cursor"], "{filter}");
    }
}

/// All changes from the beginning, as many as the histories say.
async fn all(client: &Client, field: &str, list: &str, selection: &str) -> Vec<Value> {
    let mut total = 0;
    for it in pages(client, list, "id").await {
        let query = "query($id: ID) { history(id: $id, first: 100) { nodes { position } } }";
        let data = client.data(query, json!({ "id": it["id"] })).await;
        total += data["history"]["nodes"].as_array().unwrap().len();
    }
    let query = format!("subscription {{ {field}(after: \"0\") {{ position cursor events {selection} }} }}");
    let mut feed = client.subscribe(&query, json!({})).await;
    let mut told = Vec::new();
    while told.len() < total {
        told.push(feed.told().await);
    }
    told
}

#[tokio::test]
async fn changes_by_place_organization_and_status_are_those_of_the_whole_feed_that_pass() {
    let data = tempdir().unwrap();
    let server =
        Server::start(data.path(), &["--demo", "--no-replan", "--member-rate", "0", "--address-rate", "0"]);
    let coordinator = Client::member(&server.address, &server.token("COORDINATOR"));
    something_happens(&coordinator).await;
    let pairings = all(
        &coordinator,
        "pairingChanged",
        "pairings",
        "pairing { id status asking { id } giving { id } need { place { id } } slot { project { place { id } } } }",
    )
    .await;
    let first = &pairings[0]["pairing"];
    let (asking, giving) = (first["asking"]["id"].clone(), first["giving"]["id"].clone());
    let place_of = |it: &Value| match &it["need"] {
        Value::Null => it["slot"]["project"]["place"]["id"].clone(),
        need => need["place"]["id"].clone(),
    };
    let place = place_of(first);
    let below = coordinator
        .data(
            "query($id: ID) { places(filter: { within: $id }, first: 100) { nodes { id } } }",
            json!({ "id": place }),
        )
        .await;
    let below: Vec<Value> =
        below["places"]["nodes"].as_array().unwrap().iter().map(|it| it["id"].clone()).collect();
    let agreed = ["AGREED", "ACCEPTED"];
    let is_agreed = |it: &Value| agreed.contains(&it["status"].as_str().unwrap());
    let lies = |it: &Value| below.contains(&place_of(it));
    for wanted in [&asking, &giving] {
        let is_side = |it: &Value| it["asking"]["id"] == *wanted || it["giving"]["id"] == *wanted;
        compare(&coordinator, "pairingChanged", json!({ "organization": wanted }), &pairings, is_side).await;
    }
    compare(&coordinator, "pairingChanged", json!({ "place": place }), &pairings, lies).await;
    compare(&coordinator, "pairingChanged", json!({ "status": agreed }), &pairings, is_agreed).await;

    for organization in [&asking, &giving] {
        for title in ["义诊进社区", "邻里节"] {
            let input = json!({ "title": title, "organization": organization });
            let posted = coordinator.done("postProject", "project { id }", input).await;
            if title == "邻里节" {
                let input = json!({ "project": posted["project"]["id"], "reason": "计划有变" });
                coordinator.done("withdrawProject", "project { id }", input).await;
            }
        }
    }
    let projects = all(
        &coordinator,
        "projectChanged",
        "projects",
        "project { id status place { id } organization { id } }",
    )
    .await;
    let is_here = |it: &Value| below.contains(&it["place"]["id"]);
    let is_whose = |it: &Value| it["organization"]["id"] == giving;
    let is_back = |it: &Value| it["status"] == "WITHDRAWN";
    compare(&coordinator, "projectChanged", json!({ "organization": giving }), &projects, is_whose).await;
    compare(&coordinator, "projectChanged", json!({ "status": ["WITHDRAWN"] }), &projects, is_back).await;
    compare(&coordinator, "projectChanged", json!({ "place": place }), &projects, is_here).await;
    let both = json!({ "organization": giving, "status": ["WITHDRAWN"] });
    compare(&coordinator, "projectChanged", both, &projects, |it| is_whose(it) && is_back(it)).await;
    server.stop();
}
