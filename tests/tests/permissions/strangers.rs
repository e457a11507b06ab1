//! What strangers are told: the liaison of another unit, the officer of another community, the public. They touch nothing that
//! is not theirs, and of what they do not see they are told what they would be told if there were no such thing.

use crate::{
    scene::Scene,
    table,
    viewers::{Viewers, waiting},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

/// What nobody may do with the entries of another of its kind: the liaison of another unit with what is this unit's, the
/// officer of another community with what is this community's.
fn commands() -> Vec<(&'static str, Value)> {
    let reason = "计划有变";
    let day = "2026-01-05";
    vec![
        ("amendResource", json!({ "resource": "$resource", "title": "社区义诊两场" })),
        ("withdrawResource", json!({ "resource": "$resource", "reason": reason })),
        ("pauseResource", json!({ "resource": "$resource", "reason": reason })),
        ("reconfirmResource", json!({ "resource": "$resource" })),
        ("amendNeed", json!({ "need": "$need", "title": "义诊两场" })),
        ("withdrawNeed", json!({ "need": "$need", "reason": reason })),
        ("verifyNeed", json!({ "need": "$need" })),
        ("rejectNeed", json!({ "need": "$need", "ground": "NOT_FEASIBLE" })),
        ("mergeNeed", json!({ "need": "$need", "into": "$need" })),
        ("strikeOffNeed", json!({ "need": "$need" })),
        ("amendProject", json!({ "project": "$project", "title": "义诊进社区两场" })),
        ("withdrawProject", json!({ "project": "$project", "reason": reason })),
        ("requestPairing", json!({ "target": "$need", "supplier": "$resource", "by": "$unit" })),
        ("requestPairing", json!({ "target": "$need", "supplier": "$resource", "by": "$community" })),
        ("claimPairing", json!({ "pairing": "$pairing", "side": "GIVING" })),
        ("claimPairing", json!({ "pairing": "$pairing", "side": "ASKING" })),
        ("declinePairing", json!({ "pairing": "$pairing", "side": "GIVING", "reason": reason })),
        ("withdrawPairing", json!({ "pairing": "$pairing", "side": "ASKING", "reason": reason })),
        ("acceptPairing", json!({ "pairing": "$agreed" })),
        ("recordDelivery", json!({ "pairing": "$agreed", "quantity": 1, "on": day })),
        ("correctDelivery", json!({ "delivery": "$delivery", "quantity": 1, "on": day })),
        ("confirmDelivery", json!({ "delivery": "$delivery" })),
        ("disputeDelivery", json!({ "delivery": "$delivery", "reason": reason })),
        ("withdrawDelivery", json!({ "delivery": "$delivery", "reason": reason })),
        ("placeBid", json!({ "target": "$need", "supplier": "$resource" })),
        ("chooseBid", json!({ "bid": "$bid" })),
        ("declineBid", json!({ "bid": "$bid", "reason": reason })),
        ("withdrawBid", json!({ "bid": "$bid", "reason": reason })),
        ("openCall", json!({ "target": "$need", "until": "2027-01-01T00:00:00Z" })),
        ("signAgreement", json!({ "agreement": "$agreement", "version": 1, "party": "$unit" })),
        ("withdrawAgreement", json!({ "agreement": "$agreement", "reason": reason })),
        (
            "giveContact",
            json!({ "of": "$need", "purpose": "ON_SITE", "name": "某人", "phone": "13800000000" }),
        ),
        ("eraseContact", json!({ "contact": "$contact", "reason": "ASKED" })),
    ]
}

/// What a stranger does not see, and so is told that there is none.
const HIDDEN: [&str; 5] = ["$pairing", "$agreed", "$bid", "$agreement", "$delivery"];

/// Each of these commands, by the liaison of another unit and by the officer of another community, and what the table says.
pub async fn refused(scene: &mut Scene, viewers: &Viewers) -> Vec<(String, &'static str, Vec<Value>)> {
    let mut answers = Vec::new();
    for (name, input) in commands() {
        // Who signs is named, and whether the caller acts for it is asked before what is signed.
        let is_hidden = name != "signAgreement"
            && HIDDEN.iter().any(|it| input.to_string().contains(&format!("\"{it}\"")));
        let input = scene.fill(&input).await;
        let document = document(name);
        let mut told = Vec::new();
        for stranger in [&viewers.clients[1], &viewers.clients[3]] {
            told.push(stranger.ask(&document, json!({ "input": input })).await);
        }
        answers.push((format!("{name} {input} by a stranger"), if is_hidden { "nn" } else { ".." }, told));
    }
    answers
}

fn document(name: &str) -> String {
    let (first, rest) = name.split_at(1);
    format!(
        "mutation($input: {}{rest}Input!) {{ {name}(input: $input) {{ userErrors {{ code field message }} }} }}",
        first.to_ascii_uppercase()
    )
}

/// Each mutation that takes the id of something there may be that strangers do not see: what strangers are told of such a
/// thing, and what of one there has never been, by how they are called.
pub async fn told_of_hidden(scene: &mut Scene, viewers: &Viewers) -> Vec<(String, [Value; 2])> {
    let mut all = Vec::new();
    for (name, input, _) in table::mutations() {
        let (mut hidden, mut absent) = (input.clone(), input.clone());
        if !hide(scene, viewers, [&mut hidden, &mut absent]).await {
            continue;
        }
        let rest = scene.fill_both(&hidden, &absent).await;
        for (who, stranger) in [("unit", 1), ("community", 3), ("public", 7)] {
            let mut told = rest.clone().map(|input| json!({ "input": input }));
            for variables in &mut told {
                *variables = viewers.clients[stranger].ask(&document(name), variables.clone()).await;
            }
            all.push((format!("{name} {input} by another {who}"), told));
        }
    }
    all
}

/// Puts something that strangers do not see, and something there has never been, where an input names a kind of thing of which
/// there may be such; whether it names one.
async fn hide(scene: &mut Scene, viewers: &Viewers, [hidden, absent]: [&mut Value; 2]) -> bool {
    match (hidden, absent) {
        (Value::Object(hidden), Value::Object(absent)) => {
            let mut any = false;
            for (hidden, absent) in hidden.values_mut().zip(absent.values_mut()) {
                any |= Box::pin(hide(scene, viewers, [hidden, absent])).await;
            }
            any
        }
        (Value::Array(hidden), Value::Array(absent)) => {
            let mut any = false;
            for (hidden, absent) in hidden.iter_mut().zip(absent) {
                any |= Box::pin(hide(scene, viewers, [hidden, absent])).await;
            }
            any
        }
        (Value::String(hidden), Value::String(absent)) => {
            let (made, kind) = match hidden.as_str() {
                "$need" | "$called" => (waiting(scene, viewers).await, "Need"),
                "$contact" => {
                    let of = waiting(scene, viewers).await;
                    let input =
                        json!({ "of": of, "purpose": "ON_SITE", "name": "某人", "phone": "13800000000" });
                    let given = scene.coordinator.done("giveContact", "contact { id }", input).await;
                    (given["contact"]["id"].as_str().unwrap().to_owned(), "Contact")
                }
                "$pairing" | "$agreed" => (scene.make(hidden).await, "Pairing"),
                "$bid" => (scene.make(hidden).await, "Bid"),
                "$agreement" => (scene.make(hidden).await, "Agreement"),
                "$delivery" => (scene.make(hidden).await, "Delivery"),
                "$member" | "$bound" => (scene.make(hidden).await, "Member"),
                _ => return false,
            };
            let text = String::from_utf8(URL_SAFE_NO_PAD.decode(&made).unwrap()).unwrap();
            let number: u64 = text.rsplit(':').next().unwrap().parse().unwrap();
            *absent = URL_SAFE_NO_PAD.encode(format!("{kind}:{}", 4_000_000 + number));
            assert!(text.starts_with(&format!("{kind}:")), "{text}");
            *hidden = made;
            true
        }
        _ => false,
    }
}
