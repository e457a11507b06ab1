//! What a client is told: things by their titles or global ids, in its language, and first of all what right is missing.

use crate::street::Street;
use serde_json::{Value, json};

/// The user errors of one mutation.
async fn told(street: &Street, token: &str, language: &str, field: &str, input: Value) -> Value {
    let (first, rest) = field.split_at(1);
    let kind = first.to_uppercase() + rest;
    let query = format!(
        "mutation($input: {kind}Input!) {{ {field}(input: $input) {{ userErrors {{ code field message }} }} }}"
    );
    let answer = street.ask_in(token, language, &query, json!({ "input": input })).await;
    answer["data"][field]["userErrors"][0].clone()
}

#[tokio::test]
async fn refusals_name_things_as_clients_know_them_and_say_states_in_the_language() {
    let street = Street::open().await;
    let (need, resource) = (street.need("送餐").await, street.resource("食堂").await);
    let asked = json!({ "target": need, "supplier": resource });
    assert_eq!(told(&street, &street.officer, "en", "requestPairing", asked.clone()).await, json!(null));
    let pairing = street.data(&street.coordinator, "{ pairings { nodes { id } } }", json!({})).await;
    let pairing = pairing["pairings"]["nodes"][0]["id"].as_str().unwrap().to_owned();
    for (language, code, message) in [
        ("en", "ALREADY_PAIRED", format!("the two are paired already, by pairing {pairing}")),
        ("zh", "ALREADY_PAIRED", format!("双方已经对接:对接 {pairing}")),
    ] {
        let error = told(&street, &street.coordinator, language, "requestPairing", asked.clone()).await;
        assert_eq!((&error["code"], &error["message"]), (&json!(code), &json!(message)), "{error}");
    }
    let reason = json!({ "need": need, "reason": "不再需要" });
    assert_eq!(told(&street, &street.officer, "en", "withdrawNeed", reason).await, json!(null));
    let again = json!({ "target": need, "supplier": resource });
    let error = told(&street, &street.officer, "en", "requestPairing", again).await;
    assert_eq!(error["code"], "TARGET_NOT_OPEN", "{error}");
    assert!(error["message"].as_str().unwrap().starts_with("“送餐” is withdrawn"), "{error}");
    let late = json!({ "pairing": pairing, "side": "GIVING" });
    let error = told(&street, &street.coordinator, "zh", "claimPairing", late).await;
    assert_eq!(error["code"], "PAIRING_NOT", "{error}");
    assert!(error["message"].as_str().unwrap().contains("「已撤回」"), "{error}");
}

#[tokio::test]
async fn errors_of_queries_speak_the_language_of_the_request() {
    let street = Street::open().await;
    for (token, query, code, zh, en) in [
        ("", "{ pairings { totalCount } }", "NOT_ALLOWED", "没有权限", "not allowed"),
        (
            "",
            "{ needs(first: 101) { totalCount } }",
            "BAD_USER_INPUT",
            "`first` 和 `last` 应在",
            "`first` and `last` take",
        ),
        ("", "{ nothing }", "GRAPHQL_VALIDATION_FAILED", "查询不符合模式:", "Unknown field"),
        (
            street.coordinator.as_str(),
            "{ suggestions(need: \"T3JnYW5pemF0aW9uOjE\") { quantity } }",
            "BAD_USER_INPUT",
            "need:应为需求的标识",
            "need: this is not the id of a need",
        ),
        (
            street.coordinator.as_str(),
            "{ explanations { whyUnmet(target: \"TmVlZDo5OTk\") { wanting } } }",
            "BAD_USER_INPUT",
            "target:没有这样的需求",
            "target: there is no such need",
        ),
    ] {
        for (language, says) in [("zh", zh), ("en", en)] {
            let answer = street.ask_in(token, language, query, json!({})).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], code, "{answer}");
            assert!(answer["errors"][0]["message"].as_str().unwrap().starts_with(says), "{says}: {answer}");
        }
    }
}

#[tokio::test]
async fn a_missing_right_is_told_before_what_else_is_wrong() {
    let street = Street::open().await;
    let (need, resource) = (street.need("送餐").await, street.resource("食堂").await);
    let asked = json!({ "target": need, "supplier": resource });
    told(&street, &street.officer, "en", "requestPairing", asked).await;
    let pairing = street.data(&street.coordinator, "{ pairings { nodes { id } } }", json!({})).await;
    let pairing = &pairing["pairings"]["nodes"][0]["id"];
    for (field, input) in [
        ("claimPairing", json!({ "pairing": pairing })),
        ("declinePairing", json!({ "pairing": pairing, "reason": "x" })),
        ("postNeed", json!({ "title": "x", "category": "no code" })),
        ("recordDelivery", json!({ "pairing": pairing, "quantity": 1, "on": "1999-12-31" })),
    ] {
        for token in ["", &street.observer] {
            let error = told(&street, token, "en", field, input.clone()).await;
            assert_eq!(error["code"], "NOT_ALLOWED", "{field} {error}");
            assert!(error["message"].as_str().unwrap().starts_with("not allowed: this needs "), "{error}");
        }
    }
    let error = told(&street, &street.coordinator, "en", "claimPairing", json!({ "pairing": pairing })).await;
    assert_eq!(error["code"], "SIDE_UNCLEAR", "{error}");
}

#[tokio::test]
async fn what_lies_beyond_all_years_is_refused_with_those_that_are_taken() {
    let street = Street::open().await;
    let far = json!({ "title": "x", "window": { "from": "0000-01-01", "to": "2200-01-01" } });
    let error = told(&street, &street.officer, "en", "postNeed", far).await;
    assert_eq!(error["message"], "window.from: must lie in the years 2000 to 2199");
    let old = json!({ "title": "会", "heldAt": "1990-01-01T00:00:00Z", "participants": [], "agenda": [] });
    let error = told(&street, &street.coordinator, "en", "callMeeting", old).await;
    assert_eq!(error["message"], "heldAt: must lie in the years 2000 to 2199");
}

#[tokio::test]
async fn a_change_that_is_impossible_is_named_with_its_field_and_what_would_be_right() {
    let street = Street::open().await;
    let resource = street.resource("食堂").await;
    for (change, field, message) in [
        (json!({ "wait": 0 }), "changes.0.wait", "must lie between 1 and 3650, got 0"),
        (json!({ "wait": 4000 }), "changes.0.wait", "must lie between 1 and 3650, got 4000"),
        (
            json!({ "addCapacity": { "supplier": resource, "more": -1 } }),
            "changes.0.addCapacity.more",
            "must lie between 1 and 1000000000, got -1",
        ),
        (json!({ "postNeed": { "title": " " } }), "changes.0.postNeed.title", "must not be empty"),
        (
            json!({ "multiplyWeight": { "factor": "CATEGORY", "times": 900 } }),
            "changes.0.multiplyWeight.times",
            "must lie between 0 and 1000",
        ),
    ] {
        let query = "query($change: ChangeInput!) { whatIf(changes: [$change]) { userErrors { code field message } } }";
        let answer = street.ask_in(&street.officer, "en", query, json!({ "change": change })).await;
        let error = &answer["data"]["whatIf"]["userErrors"][0];
        assert_eq!(error["field"], field, "{answer}");
        assert!(error["message"].as_str().unwrap().contains(message), "{answer}");
    }
}
