//! The street as it was, and who changed what.

use crate::street::Street;
use engine::member::Role;
use serde_json::{Value, json};

async fn amended(street: &Street) -> String {
    let need = street.need("为老人送午餐").await;
    street.pass(24);
    let amend = json!({ "need": need, "title": "为老人送晚餐", "ceiling": 5000 });
    street.mutate(&street.coordinator, "amendNeed", "need { title }", amend).await;
    street.pass(24);
    let withdraw = json!({ "need": need, "reason": "已自行解决" });
    street.mutate(&street.officer, "withdrawNeed", "need { status }", withdraw).await;
    need
}

#[tokio::test]
async fn a_history_says_who_changed_what_when_field_by_field() {
    let street = Street::open().await;
    let need = amended(&street).await;
    let query = "query($id: ID!, $first: Int, $after: Position) { history(id: $id, first: $first, after: $after) {
        totalCount pageInfo { hasNextPage hasPreviousPage endCursor }
        nodes { position time actor { kind role organization { name } } events { nodes { type concerns { needId } payload } } changes { nodes { path before after } } } } }";
    let all = street.data(&street.observer, query, json!({ "id": need })).await["history"].clone();
    assert_eq!(all["totalCount"], 3, "{all}");
    let told = |entry: &Value| {
        let role = entry["actor"]["role"].as_str().unwrap().to_owned();
        (role, entry["events"]["nodes"][0]["type"].as_str().unwrap().to_owned())
    };
    let nodes = all["nodes"].as_array().unwrap();
    assert_eq!(
        nodes.iter().map(told).collect::<Vec<_>>(),
        [
            ("COMMUNITY_OFFICER", "NEED_POSTED"),
            ("COORDINATOR", "NEED_AMENDED"),
            ("COMMUNITY_OFFICER", "NEED_WITHDRAWN")
        ]
        .map(|(role, event)| (role.to_owned(), event.to_owned()))
    );
    let change = |path: &str| {
        let changes = nodes[1]["changes"]["nodes"].as_array().unwrap();
        changes.iter().find(|it| it["path"] == path).cloned().unwrap_or_else(|| panic!("{path}: {all}"))
    };
    let title = json!({ "path": "/draft/entry/title", "before": "为老人送午餐", "after": "为老人送晚餐" });
    assert_eq!(change("/draft/entry/title"), title);
    assert_eq!(change("/draft/ceiling"), json!({ "path": "/draft/ceiling", "before": null, "after": 5000 }));
    assert!(nodes.iter().all(|it| it["events"]["nodes"][0]["concerns"]["needId"] == json!(need)), "{all}");

    let mut after = json!(null);
    let mut paged = Vec::new();
    loop {
        let variables = json!({ "id": need, "first": 1, "after": after });
        let page = street.data(&street.observer, query, variables).await["history"].clone();
        assert_eq!(page["pageInfo"]["hasPreviousPage"], json!(!paged.is_empty()), "{page}");
        paged.extend(page["nodes"].as_array().unwrap().clone());
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
    }
    assert_eq!(json!(paged), all["nodes"]);
}

#[tokio::test]
async fn histories_have_the_rights_of_what_they_tell() {
    let street = Street::open().await;
    let need = street.need("义诊").await;
    let query = "query($id: ID) { history(id: $id) { totalCount } }";
    let answer = street.ask("", query, json!({ "id": need })).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "NOT_ALLOWED", "{answer}");
    let members = street.data(&street.coordinator, "{ members { nodes { id } } }", json!({})).await;
    let member = members["members"]["nodes"][0]["id"].clone();
    let answer = street.ask(&street.officer, query, json!({ "id": member })).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "NOT_ALLOWED", "{answer}");
    let query = "query($id: ID) { history(id: $id) { nodes { events { nodes { type payload } } changes { nodes { path } } } } }";
    let told = street.data(&street.coordinator, query, json!({ "id": member })).await;
    assert_eq!(told["history"]["nodes"][0]["events"]["nodes"][0]["type"], "MEMBER_ADDED");
    let told = told.to_string();
    assert!(["\"token\"", "/token\"", "hash"].iter().all(|secret| !told.contains(secret)), "{told}");

    let query = "{ history(of: RULES) { nodes { events { nodes { type } } changes { nodes { path } } } } }";
    street.mutate(&street.coordinator, "setRules", "position", json!({ "fitMin": 300 })).await;
    let told = street.data(&street.liaison, query, json!({})).await;
    assert_eq!(told["history"]["nodes"][1]["changes"]["nodes"], json!([{ "path": "/fitMin" }]), "{told}");
    for query in ["{ history { totalCount } }", "{ history(of: STREET, id: \"x\") { totalCount } }"] {
        let answer = street.ask(&street.observer, query, json!({})).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{answer}");
    }
}

#[tokio::test]
async fn the_past_answers_the_same_questions_with_the_rights_of_now() {
    let street = Street::open().await;
    let posted = street.ledger.now();
    let need = amended(&street).await;
    let end = street.ledger.state().position().0;
    let fields = "position needs { totalCount nodes { title status } } me { role }
        history(id: $id) { totalCount pageInfo { hasNextPage } } events(first: 100) { nodes { position } }";
    let query = format!(
        "query($id: ID!, $position: Position, $at: DateTime) {{ position asOf(position: $position, at: $at) {{ {fields} }} }}"
    );
    let amended = (end - 1).to_string();
    let ask = async |variables: Value| street.data(&street.observer, &query, variables).await;

    let data = ask(json!({ "id": need, "position": amended })).await;
    let past = &data["asOf"];
    assert_eq!((&data["position"], &past["position"]), (&json!(end.to_string()), &json!(amended)));
    assert_eq!(
        past["needs"],
        json!({ "totalCount": 1, "nodes": [{ "title": "为老人送晚餐", "status": "OPEN" }] })
    );
    assert_eq!(past["history"], json!({ "totalCount": 2, "pageInfo": { "hasNextPage": false } }));
    assert_eq!(past["me"]["role"], "OBSERVER");
    let events = past["events"]["nodes"].as_array().unwrap();
    assert_eq!(events.last().unwrap()["position"], json!(amended));

    let data = ask(json!({ "id": need, "at": posted.to_string() })).await;
    assert_eq!(data["asOf"]["needs"]["nodes"], json!([{ "title": "为老人送午餐", "status": "OPEN" }]));

    let late = street.member(4, Role::UnitLiaison).await;
    let data = street.data(&late, &query, json!({ "id": need, "position": amended })).await;
    assert_eq!(
        data["asOf"]["me"]["role"], "UNIT_LIAISON",
        "a login of today sees the street before it was added"
    );

    for (variables, code) in [
        (json!({ "id": need, "position": (end + 100).to_string() }), "BAD_USER_INPUT"),
        (json!({ "id": need }), "BAD_USER_INPUT"),
        (json!({ "id": need, "position": "1:0" }), "BAD_USER_INPUT"),
    ] {
        let answer = street.ask(&street.observer, &query, variables).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], code, "{answer}");
    }
    let answer = street.ask("", &query, json!({ "id": need, "position": amended })).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "NOT_ALLOWED", "{answer}");
}
