//! From a request to an agreement by two tokens, with what both sides see on the way.

use crate::street::Street;
use serde_json::{Value, json};

const PAIRING: &str = "pairing { id status by quantity draws asking { name } giving { name } need { status tally { claimed agreed } } resource { remaining } }";

#[tokio::test]
async fn two_sides_claim_and_it_is_agreed() {
    let street = Street::open().await;
    let (need, resource) = (street.need("义诊").await, street.resource("社区义诊").await);
    let request = json!({ "target": need, "supplier": resource });
    let payload = street.mutate(&street.officer, "requestPairing", PAIRING, request).await;
    let pairing = payload["pairing"].clone();
    assert_eq!((&pairing["status"], &pairing["by"]), (&json!("CLAIMED"), &json!("ASKING")));
    assert_eq!(
        (&pairing["asking"]["name"], &pairing["giving"]["name"]),
        (&json!("学府路社区"), &json!("师院附属医院"))
    );

    let again = street
        .mutate(&street.officer, "claimPairing", "pairing { id }", json!({ "pairing": pairing["id"] }))
        .await;
    assert_eq!(again["userErrors"][0]["code"], "ALREADY_CLAIMED");

    let claim = json!({ "pairing": pairing["id"] });
    let payload = street.mutate(&street.liaison, "claimPairing", PAIRING, claim).await;
    assert_eq!(payload["pairing"]["status"], "AGREED");
    assert_eq!(
        payload["pairing"]["need"],
        json!({ "status": "AGREED", "tally": { "claimed": 0, "agreed": 1 } })
    );

    let query = "query($id: ID!) { node(id: $id) { ... on Need { pairings { totalCount nodes { status supplier { ... on Resource { title } } } } } } }";
    let data = street.data(&street.observer, query, json!({ "id": need })).await;
    assert_eq!(
        data["node"]["pairings"],
        json!({ "totalCount": 1, "nodes": [{ "status": "AGREED", "supplier": { "title": "社区义诊" } }] })
    );
}

#[tokio::test]
async fn the_side_is_told_by_the_callers_organization_or_asked_for() {
    let street = Street::open().await;
    let (need, resource) = (street.need("义诊").await, street.resource("社区义诊").await);
    let request = json!({ "target": need, "supplier": resource });
    let payload = street.mutate(&street.coordinator, "requestPairing", PAIRING, request).await;
    let id = payload["pairing"]["id"].clone();
    assert_eq!(payload["pairing"]["status"], "PROPOSED");
    let payload = street.mutate(&street.coordinator, "claimPairing", PAIRING, json!({ "pairing": id })).await;
    assert_eq!(payload["userErrors"][0]["code"], "SIDE_UNCLEAR");
    let claim = json!({ "pairing": id, "side": "GIVING" });
    let payload = street.mutate(&street.coordinator, "claimPairing", PAIRING, claim).await;
    assert_eq!(
        (&payload["pairing"]["status"], &payload["pairing"]["by"]),
        (&json!("CLAIMED"), &json!("GIVING"))
    );
    let decline = json!({ "pairing": id, "reason": "已另有安排" });
    let payload =
        street.mutate(&street.officer, "declinePairing", "pairing { status by reason }", decline).await;
    assert_eq!(payload["pairing"], json!({ "status": "DECLINED", "by": "ASKING", "reason": "已另有安排" }));
}

#[tokio::test]
async fn a_unit_takes_a_slot_up_directly_and_may_take_its_claim_back() {
    let street = Street::open().await;
    let input = json!({ "title": "一面墙", "slots": [{ "title": "重砌" }] });
    let payload =
        street.mutate(&street.officer, "postProject", "project { slots { nodes { id } } }", input).await;
    let slot = payload["project"]["slots"]["nodes"][0]["id"].clone();
    let unit =
        street.data(&street.liaison, "{ me { organization { id } } }", json!({})).await["me"]["organization"]
            ["id"]
            .clone();
    let request = json!({ "target": slot, "supplier": unit });
    let selection = "pairing { id status slot { title } supplier { ... on Organization { name engagements { claimed } openCapacity } } }";
    let payload = street.mutate(&street.liaison, "requestPairing", selection, request).await;
    assert_eq!(payload["pairing"]["slot"]["title"], "重砌");
    assert_eq!(
        payload["pairing"]["supplier"],
        json!({ "name": "师院附属医院", "engagements": { "claimed": 1 }, "openCapacity": 3 })
    );
    let back = json!({ "pairing": payload["pairing"]["id"], "reason": "人手不足" });
    let payload = street.mutate(&street.liaison, "withdrawPairing", "pairing { status reason }", back).await;
    assert_eq!(payload["pairing"], json!({ "status": "WITHDRAWN", "reason": "人手不足" }));
}

#[tokio::test]
async fn ids_of_the_wrong_kind_are_user_errors() {
    let street = Street::open().await;
    let need = street.need("义诊").await;
    let request = json!({ "target": need, "supplier": need });
    let payload = street.mutate(&street.officer, "requestPairing", "pairing { id }", request).await;
    assert_eq!(payload["userErrors"][0]["code"], "WRONG_ID_TYPE");
    assert_eq!(payload["userErrors"][0]["field"], "supplier");
}

#[tokio::test]
async fn only_coordinators_adopt_plans() {
    let street = Street::open().await;
    for token in [street.liaison.as_str(), &street.officer, &street.observer, ""] {
        let query = "mutation { adoptPlan { plan { id } userErrors { code } } }";
        let data = street.data(token, query, json!({})).await;
        assert_eq!(data["adoptPlan"], json!({ "plan": null, "userErrors": [{ "code": "NOT_ALLOWED" }] }));
    }
}

#[tokio::test]
async fn a_plan_is_tried_adopted_and_explained() {
    let street = Street::open().await;
    let post = async |token: &str, field: &str, input| street.mutate(token, field, "position", input).await;
    let leaves =
        street.data("", "{ categories(first: 100) { nodes { code parent { code } zh } } }", json!({})).await;
    let leaf = |word: &str| {
        let found = leaves["categories"]["nodes"]
            .as_array()
            .unwrap()
            .iter()
            .find(|it| !it["parent"].is_null() && it["zh"].as_str().unwrap().contains(word));
        found.unwrap_or_else(|| panic!("{word}: {leaves}"))["code"].as_str().unwrap().to_owned()
    };
    let (health, parking) = (leaf("健康"), leaf("停车"));
    let need = json!({ "title": "为老人义诊", "category": health, "form": "SERVICE" });
    post(&street.officer, "postNeed", need).await;
    let offer = json!({ "title": "医生义诊", "category": health, "form": "SERVICE" });
    post(&street.liaison, "postResource", offer).await;
    let lone =
        json!({ "title": "夜间车位", "category": parking, "quantity": { "amount": 500, "unit": "车位" } });
    post(&street.officer, "postNeed", lone).await;

    let shape = "objective bound gap pricesDigest targets unmetCount unmet { nodes { target { ... on Need { title } } quantity reasons { code message candidates } } }";
    let query = format!(
        "{{ position previewPlan {{ matched {shape} pairingsCount pairings {{ nodes {{ target {{ ... on Need {{ title }} }} supplier {{ ... on Resource {{ title }} ... on Organization {{ name }} }} quantity fit {{ total factors {{ code label value weight }} reasons }} }} }} }} }}"
    );
    let before = street.ledger.state().position();
    let data = street.data(&street.observer, &query, json!({})).await;
    let preview = &data["previewPlan"];
    assert_eq!(preview["matched"], data["position"]);
    assert_eq!(street.ledger.state().position(), before, "a trial records nothing");
    let clinic = preview["pairings"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["target"]["title"] == "为老人义诊");
    assert!(clinic.is_some_and(|it| it["fit"]["total"].as_i64() > Some(0)), "{preview}");

    let query = format!(
        "mutation {{ adoptPlan(input: {{ requestId: \"meeting-1\" }}) {{ plan {{ id matched {shape} pairings {{ totalCount nodes {{ status plan {{ id }} }} }} }} position userErrors {{ code }} }} }}"
    );
    let adopted = street.data(&street.coordinator, &query, json!({})).await["adoptPlan"].clone();
    assert_eq!(adopted["userErrors"], json!([]));
    let plan = &adopted["plan"];
    for figure in ["objective", "bound", "gap", "pricesDigest", "targets", "unmetCount", "unmet"] {
        assert_eq!(plan[figure], preview[figure], "{figure}");
    }
    assert_eq!(plan["pairings"]["totalCount"], preview["pairingsCount"]);
    assert_eq!(plan["pairings"]["nodes"][0]["status"], "PROPOSED");
    let again = street.data(&street.coordinator, &query, json!({})).await["adoptPlan"].clone();
    assert_eq!(again["position"], adopted["position"], "the same request id adopts once");

    let query = "{ latestPlan { id } plans { totalCount nodes { id } } }";
    let data = street.data(&street.liaison, query, json!({})).await;
    assert_eq!(data["latestPlan"]["id"], plan["id"]);
    assert_eq!(data["plans"], json!({ "totalCount": 1, "nodes": [{ "id": plan["id"] }] }));
}

#[tokio::test]
async fn suggestions_are_ranked_and_say_why() {
    let street = Street::open().await;
    let need = street.need("为老人义诊").await;
    street.resource("医生义诊进社区").await;
    let query = "query($need: ID, $slot: ID) { suggestions(need: $need, slot: $slot, first: 5) { organization { name } quantity draws
        supplier { __typename } fit { total factors { code label value weight } reasons } reserve { code message } } }";
    let data = street.data(&street.officer, query, json!({ "need": need })).await;
    let found = data["suggestions"].as_array().unwrap();
    assert_eq!(found[0]["organization"]["name"], "师院附属医院", "{data}");
    assert!(found.is_sorted_by_key(|it| std::cmp::Reverse(it["fit"]["total"].as_i64())), "{data}");
    for variables in [json!({}), json!({ "need": need, "slot": need }), json!({ "slot": need })] {
        let answer = street.ask(&street.officer, query, variables).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{answer}");
    }
}

#[tokio::test]
async fn who_adopts_the_plan_that_was_seen_adopts_that_or_none() {
    let street = Street::open().await;
    street.need("为老人义诊").await;
    street.resource("医生义诊进社区").await;
    let seen = async || {
        let query = "{ previewPlan { digest pairingsCount } }";
        street.data(&street.coordinator, query, json!({})).await["previewPlan"].clone()
    };
    let adopt = async |input: Value| {
        let query = "mutation($input: AdoptPlanInput) { adoptPlan(input: $input) {
            plan { id } position userErrors { code field } } }";
        street.data(&street.coordinator, query, json!({ "input": input })).await["adoptPlan"].clone()
    };
    let old = seen().await;
    assert_eq!(old["pairingsCount"], 1);
    // What proposes nothing else changes nothing; one need more does.
    street.resource("旧书").await;
    assert_eq!(seen().await, old);
    street.need("为儿童义诊").await;
    street.resource("儿童义诊进社区").await;
    let new = seen().await;
    assert_ne!(new["digest"], old["digest"]);

    let before = street.ledger.state().position();
    let refused = adopt(json!({ "digest": old["digest"] })).await;
    assert_eq!(refused["userErrors"], json!([{ "code": "PLAN_DIFFERS", "field": "digest" }]));
    assert_eq!(refused["plan"], Value::Null);
    assert_eq!(street.ledger.state().position(), before, "nothing is done");

    let input = json!({ "digest": new["digest"], "requestId": "meeting-2" });
    let adopted = adopt(input.clone()).await;
    assert_eq!(adopted["userErrors"], json!([]));
    // The same request is answered the same, whatever the best plan is by now.
    street.need("为残疾人义诊").await;
    street.resource("残疾人义诊进社区").await;
    assert_ne!(seen().await["digest"], new["digest"]);
    assert_eq!(adopt(input).await, adopted);
}
