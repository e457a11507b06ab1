//! What every test of tiles and feeds does: page through a list, read a number, make something happen.

use serde_json::{Value, json};
use tests::client::Client;

/// All nodes of a list, page by page.
pub async fn pages(client: &Client, list: &str, fields: &str) -> Vec<Value> {
    let (mut nodes, mut after) = (Vec::new(), Value::Null);
    let query = format!(
        "query($after: String) {{ {list}(first: 100, after: $after) {{
            nodes {{ {fields} }} pageInfo {{ hasNextPage endCursor }} }} }}"
    );
    loop {
        let data = client.data(&query, json!({ "after": after })).await;
        let page = &data[list];
        nodes.extend(page["nodes"].as_array().unwrap().iter().cloned());
        if page["pageInfo"]["hasNextPage"] == false {
            return nodes;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

/// A number, also one that is written as text.
pub fn number(value: &Value) -> i64 {
    value.as_i64().or_else(|| value.as_str()?.parse().ok()).unwrap_or_else(|| panic!("no number: {value}"))
}

/// A text, if it is one.
pub fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

/// Makes something happen on the street of the demo: a plan, claims of both sides, a delivery, its confirmation, a verdict.
pub async fn something_happens(coordinator: &Client) {
    coordinator.data("mutation { adoptPlan { plan { id } userErrors { code } } }", json!({})).await;
    let pairings = pages(coordinator, "pairings", "id quantity status need { id asked }").await;
    let is_whole = |it: &&Value| it["status"] == "PROPOSED" && it["need"]["asked"] == it["quantity"];
    let whole: Vec<&Value> = pairings.iter().filter(is_whole).collect();
    assert!(whole.len() >= 12, "the plan pairs whole needs");
    for (index, pairing) in whole.iter().take(12).enumerate() {
        let claim = |side: &str| json!({ "pairing": pairing["id"], "side": side });
        coordinator.done("claimPairing", "pairing { id }", claim("ASKING")).await;
        if index < 3 {
            continue;
        }
        coordinator.done("claimPairing", "pairing { id }", claim("GIVING")).await;
        if index < 6 {
            continue;
        }
        let input = json!({ "pairing": pairing["id"], "quantity": pairing["quantity"], "on": "2026-01-05" });
        let recorded = coordinator.done("recordDelivery", "delivery { id }", input).await;
        if index < 9 {
            continue;
        }
        let confirm = json!({ "delivery": recorded["delivery"]["id"] });
        coordinator.done("confirmDelivery", "delivery { id }", confirm).await;
        if index == 11 {
            let verdict = json!({ "need": pairing["need"]["id"], "grade": "SATISFIED" });
            coordinator.done("appraiseNeed", "need { id }", verdict).await;
        }
    }
}
