//! The rows of the permission table for a coordinator who sits in a community.

use crate::scene::Scene;
use serde_json::{Value, json};
use tests::client::Client;

/// Each row with its answer, asked by a coordinator who sits in the officer's community.
pub async fn answers(scene: &mut Scene, address: &str) -> Vec<(String, &'static str, Value)> {
    let input = json!({ "organization": scene.community, "role": "COORDINATOR", "label": "社区" });
    let added = scene.coordinator.done("addMember", "token", input).await;
    let below = Client::member(address, added["token"].as_str().unwrap());
    let mut answers = Vec::new();
    for (name, input, expected) in rows() {
        let input = scene.fill(&input).await;
        let (first, rest) = name.split_at(1);
        let kind = format!("{}{rest}Input", first.to_ascii_uppercase());
        let query =
            format!("mutation($input: {kind}!) {{ {name}(input: $input) {{ userErrors {{ code }} }} }}");
        let answer = below.ask(&query, json!({ "input": input })).await;
        answers.push((format!("{name} by the coordinator of a place"), expected, answer));
    }
    let answer = below.ask("{ members { nodes { id } } }", json!({})).await;
    answers.push(("members for the coordinator of a place".to_owned(), ".", answer));
    answers
}

/// What a coordinator of the officer's community may do: its entries, and nothing of the street. Which place reaches how far
/// is a table of its own, in `place_decisions.rs`.
fn rows() -> Vec<(&'static str, Value, &'static str)> {
    let reason = "计划有变";
    vec![
        ("postNeed", json!({ "title": "义诊", "organization": "$community" }), "y"),
        ("withdrawNeed", json!({ "need": "$need", "reason": reason }), "y"),
        ("reconfirmNeed", json!({ "need": "$need" }), "y"),
        ("rejectNeed", json!({ "need": "$need", "ground": "NOT_FEASIBLE" }), "y"),
        ("withdrawPairing", json!({ "pairing": "$pairing", "side": "ASKING", "reason": reason }), "y"),
        ("confirmDelivery", json!({ "delivery": "$delivery" }), "y"),
        ("addMember", json!({ "organization": "$community", "role": "OBSERVER", "label": "台账" }), "."),
        ("revokeMember", json!({ "member": "$member" }), "."),
        ("issueToken", json!({ "member": "$member", "label": "手机" }), "."),
        ("unbindSignOn", json!({ "member": "$bound" }), "."),
        ("setRules", json!({ "claimHours": 48 }), "."),
        ("addPlace", json!({ "name": "$name", "level": "ESTATE", "parent": "$home" }), "."),
        ("renamePlace", json!({ "place": "$home", "name": "$name" }), "."),
        ("amendOrganization", json!({ "organization": "$community", "place": "$street" }), "."),
    ]
}
