//! Answers that are kept are those that would be given: to the same question, to whoever may have them, until something
//! is written or time decides.

use crate::street::Street;
use engine::member::Role;
use serde_json::{Value, json};

/// Each question twice, so that the second answer may be a kept one.
async fn twice(street: &Street, token: &str, query: &str) -> Value {
    let first = street.ask(token, query, json!({})).await;
    let second = street.ask(token, query, json!({})).await;
    assert_eq!(first["data"], second["data"], "{query}");
    second
}

#[tokio::test]
async fn nobody_is_given_what_another_may_see() {
    let street = Street::open().await;
    street.need("义诊").await;
    let query = "{ me { signedIn role sight organization { name } } needs { nodes { title } } members { nodes { label } } }";
    let first: Vec<Value> = {
        let mut answers = Vec::new();
        for token in [&street.coordinator, &street.officer, &street.liaison, &street.observer, ""] {
            answers.push(twice(&street, token, query).await);
        }
        answers
    };
    let of = |index: usize, field: &str| first[index]["data"]["me"][field].clone();
    assert_eq!(
        [of(0, "role"), of(1, "role"), of(2, "role")],
        ["COORDINATOR", "COMMUNITY_OFFICER", "UNIT_LIAISON"]
    );
    assert_eq!(
        [of(1, "organization")["name"].clone(), of(2, "organization")["name"].clone()],
        ["学府路社区", "师院附属医院"]
    );
    assert_eq!((of(4, "signedIn"), of(4, "role")), (json!(false), Value::Null));
    assert!(first[0]["data"]["members"]["nodes"].is_array());
    for answer in &first[1..] {
        assert!(answer["data"]["members"].is_null(), "{answer}");
        assert_eq!(answer["errors"][0]["extensions"]["code"], "NOT_ALLOWED");
    }
    // The other way round: what the public was refused first is not refused to members.
    let query = "{ pairings { totalCount } }";
    assert!(twice(&street, "", query).await["data"]["pairings"].is_null());
    assert_eq!(twice(&street, &street.observer, query).await["data"]["pairings"]["totalCount"], 0);
    assert!(twice(&street, "", query).await["data"]["pairings"].is_null());
}

#[tokio::test]
async fn two_units_that_ask_the_same_are_each_told_what_is_theirs() {
    let street = Street::open().await;
    let (colleague, bank) =
        (street.member(3, Role::UnitLiaison).await, street.member(4, Role::UnitLiaison).await);
    let need = street.need("义诊").await;
    let offer = json!({ "title": "社区义诊" });
    let offered = street.mutate(&street.liaison, "postResource", "resource { id }", offer).await;
    let asked = json!({ "target": need, "supplier": offered["resource"]["id"] });
    let asked = street.mutate(&street.liaison, "requestPairing", "pairing { id }", asked).await;
    let id = &asked["pairing"]["id"];
    assert!(id.is_string(), "{asked}");
    let position = street.ledger.state().position();
    let query = format!(
        "{{ pairings {{ totalCount nodes {{ id }} }} node(id: {id}) {{ id }} needs {{ nodes {{ pairings {{ totalCount }} }} }} }}"
    );
    let shown = json!({
        "pairings": { "totalCount": 1, "nodes": [{ "id": id }] }, "node": { "id": id },
        "needs": { "nodes": [{ "pairings": { "totalCount": 1 } }] },
    });
    let hidden = json!({
        "pairings": { "totalCount": 0, "nodes": [] }, "node": null,
        "needs": { "nodes": [{ "pairings": { "totalCount": 0 } }] },
    });
    for _ in 0..2 {
        for token in [&street.liaison, &colleague, &street.officer, &street.coordinator, &street.observer] {
            assert_eq!(twice(&street, token, &query).await["data"], shown);
            assert_eq!(twice(&street, &bank, &query).await["data"], hidden);
        }
    }
    assert_eq!(street.ledger.state().position(), position, "all of that at one position");
}

#[tokio::test]
async fn a_login_that_ends_is_given_nothing_any_more() {
    let street = Street::open().await;
    let query = "{ pairings { totalCount } }";
    assert_eq!(twice(&street, &street.observer, query).await["data"]["pairings"]["totalCount"], 0);
    let members = street.data(&street.coordinator, "{ members { nodes { id role } } }", json!({})).await;
    let found =
        members["members"]["nodes"].as_array().unwrap().iter().find(|it| it["role"] == "OBSERVER").unwrap();
    let input = json!({ "member": found["id"] });
    street.mutate(&street.coordinator, "revokeMember", "member { id }", input).await;
    let answer = street.ask(&street.observer, query, json!({})).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{answer}");
}

#[tokio::test]
async fn what_is_written_is_seen_at_once() {
    let street = Street::open().await;
    let query = "{ position needs { totalCount nodes { title } } }";
    for count in 1..=5 {
        street.need(&format!("第{count}件")).await;
        let answer = twice(&street, "", query).await;
        assert_eq!(answer["data"]["needs"]["totalCount"], count);
        assert_eq!(answer["data"]["position"], street.ledger.state().position().0.to_string());
    }
}

#[tokio::test]
async fn each_language_and_each_variable_has_its_own_answer() {
    let street = Street::open().await;
    street.need("义诊").await;
    let query = "query($first: Int) { needs(first: $first) { nodes { title } } rules { weights { label } } }";
    let mut labels = Vec::new();
    for language in ["zh", "en", "zh", "en"] {
        for first in [0, 1] {
            let answer = street.ask_in("", language, query, json!({ "first": first })).await;
            assert_eq!(answer["data"]["needs"]["nodes"].as_array().unwrap().len(), first);
            labels.push(answer["data"]["rules"]["weights"][0]["label"].clone());
        }
    }
    assert_ne!(labels[0], labels[2]);
    assert_eq!(labels[..4], labels[4..]);
}

#[tokio::test]
async fn what_depends_on_the_time_is_asked_anew() {
    let street = Street::open().await;
    let need = street.need("换灯").await;
    let input = json!({ "target": need, "until": "2026-05-29T12:00:00Z" });
    let call = street.mutate(&street.coordinator, "openCall", "call { isOpen }", input).await;
    assert_eq!(call["call"]["isOpen"], true, "{call}");
    let query = format!(
        "{{ needs {{ totalCount }} node(id: \"{need}\") {{ ... on Need {{ call {{ isOpen }} }} }} }}"
    );
    let is_open =
        async || twice(&street, &street.officer, &query).await["data"]["node"]["call"]["isOpen"].clone();
    assert_eq!(is_open().await, true);
    // Before anybody writes down that it is over, it is.
    street.pass(24 * 7);
    assert_eq!(is_open().await, false);
}

#[tokio::test]
async fn an_error_carries_the_id_of_its_own_request() {
    let street = Street::open().await;
    let query = "{ position members { nodes { label } } }";
    let mut seen = Vec::new();
    for _ in 0..3 {
        let answer = street.ask(&street.observer, query, json!({})).await;
        seen.push(answer["errors"][0]["extensions"]["requestId"].clone());
    }
    assert!(seen[0] != seen[1] && seen[1] != seen[2], "{seen:?}");
}

#[tokio::test]
async fn a_document_that_passed_once_is_still_held_against_its_variables() {
    let street = Street::open().await;
    let query = "query($first: Int!, $filter: NeedFilter, $id: ID!) {
        needs(first: $first, filter: $filter) { nodes { title pairings(first: $first) { totalCount } } } node(id: $id) { __typename } }";
    let need = street.need("义诊").await;
    let fine = json!({ "first": 3, "filter": {}, "id": need });
    for round in 0..3 {
        let answer = street.ask(&street.officer, query, fine.clone()).await;
        assert!(answer["errors"].is_null(), "{answer}");
        for wrong in [
            json!({ "first": 3, "filter": {} }),
            json!({ "first": "3", "filter": {}, "id": need }),
            json!({ "first": 3, "filter": { "status": ["NOWHERE"] }, "id": need }),
            json!({ "first": 3, "filter": { "nothing": 1 }, "id": need }),
        ] {
            let answer = street.ask(&street.officer, query, wrong.clone()).await;
            assert_eq!(
                answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT",
                "{round} {wrong} {answer}"
            );
            assert!(answer.get("data").is_none());
        }
    }
    // A page of pages may be small or too much; which, the variables say.
    let deep = "query($n: Int) { needs(first: $n) { nodes { pairings(first: $n) { nodes { id } } } } }";
    for _ in 0..2 {
        let fine = street.ask(&street.officer, deep, json!({ "n": 2 })).await;
        assert!(fine["errors"].is_null(), "{fine}");
        let over = street.ask(&street.officer, deep, json!({ "n": 100 })).await;
        assert_eq!(over["errors"][0]["extensions"]["code"], "TOO_COMPLEX", "{over}");
    }
}
