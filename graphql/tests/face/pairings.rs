//! From a request to an agreement by two tokens, with what both sides see on the way.

use crate::street::Street;
use serde_json::json;

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
        json!({ "status": "MET", "tally": { "claimed": 0, "agreed": 1 } })
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
    let payload = street.mutate(&street.officer, "postProject", "project { slots { id } }", input).await;
    let slot = payload["project"]["slots"][0]["id"].clone();
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
