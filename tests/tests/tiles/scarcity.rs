//! The gap between supply and demand and what is idle, counted once more from the lists.

use crate::{
    lists::Lists,
    street::{number, text},
};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use tests::client::Client;

pub async fn gap_and_idle(coordinator: &Client, lists: &Lists) {
    let mut gaps: BTreeMap<(Option<String>, String), [i64; 4]> = BTreeMap::new();
    for need in &lists.needs {
        if ["OPEN", "PARTLY_AGREED", "PARTLY_MET"].contains(&need["status"].as_str().unwrap()) {
            let unit = text(&need["quantity"]["unit"]).unwrap_or_else(|| "项".to_owned());
            let gap = gaps.entry((text(&need["category"]["id"]), unit)).or_default();
            gap[0] += 1;
            gap[1] += need["quantity"]["amount"].as_i64().unwrap_or(1)
                - number(&need["tally"]["claimed"])
                - number(&need["tally"]["agreed"]);
        }
    }
    let mut idle = BTreeSet::new();
    for resource in lists.resources.iter().filter(|it| it["status"] == "OPEN") {
        let lots = resource["countedIn"].is_null();
        let unit = if lots { None } else { text(&resource["quantity"]["unit"]) };
        let key = (text(&resource["category"]["id"]), unit.unwrap_or_else(|| "项".to_owned()));
        let gap = gaps.entry(key).or_default();
        gap[2] += 1;
        gap[3] += number(&resource["remaining"]);
        let tally = &resource["tally"];
        if tally["proposed"] == 0 && tally["claimed"] == 0 && tally["agreed"] == tally["accepted"] {
            idle.insert(text(&resource["id"]).unwrap());
        }
    }
    let query = "{ supplyDemandGap(prices: true) {
        category { id } unit needs unserved resources remaining difference price { perMille value } } }";
    let data = coordinator.data(query, json!({})).await;
    let rows = data["supplyDemandGap"].as_array().unwrap();
    let told: BTreeMap<(Option<String>, String), [i64; 4]> = rows
        .iter()
        .map(|row| {
            let key = (text(&row["category"]["id"]), text(&row["unit"]).unwrap());
            (key, ["needs", "unserved", "resources", "remaining"].map(|field| number(&row[field])))
        })
        .collect();
    assert_eq!(told, gaps);
    assert!(rows.is_sorted_by_key(|row| std::cmp::Reverse(number(&row["difference"]))));
    // The price is that of the explanations of the same plan.
    let query = "{ explanations { scarcity { street(first: 100) { nodes { category { id } measure unit worth { value } } } } } }";
    let prices = coordinator.data(query, json!({})).await;
    let street = prices["explanations"]["scarcity"]["street"]["nodes"].as_array().unwrap();
    let mut priced = 0;
    for price in street {
        let unit = text(&price["unit"]).unwrap_or_else(|| "项".to_owned());
        let row = rows.iter().find(|row| row["category"] == price["category"] && row["unit"] == json!(unit));
        if let Some(row) = row {
            assert_eq!(row["price"]["value"], price["worth"]["value"]);
            priced += 1;
        }
    }
    assert!(priced > 0, "some scarcity has a price");

    let (mut found, mut since, mut after) = (BTreeSet::new(), Vec::new(), Value::Null);
    loop {
        let query = "query($after: String) { idleResources(first: 7, after: $after) {
            nodes { resource { id } since days } totalCount pageInfo { hasNextPage endCursor } } }";
        let data = coordinator.data(query, json!({ "after": after })).await;
        let page = &data["idleResources"];
        assert_eq!(number(&page["totalCount"]) as usize, idle.len());
        for node in page["nodes"].as_array().unwrap() {
            assert!(found.insert(text(&node["resource"]["id"]).unwrap()), "twice: {node}");
            since.push(text(&node["since"]).unwrap());
        }
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
    assert_eq!(found, idle);
    assert!(since.is_sorted(), "idle longest first");
}
