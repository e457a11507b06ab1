//! The funnel and the coverage, counted once more from the lists.

use crate::{
    lists::Lists,
    street::{number, text},
};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tests::client::Client;

pub async fn funnel_and_coverage(coordinator: &Client, lists: &Lists) {
    let counted: BTreeSet<String> = lists
        .needs
        .iter()
        .filter(|it| it["status"] != "SETTLED")
        .map(|it| text(&it["id"]).unwrap())
        .collect();
    let history: Vec<&Value> = lists.pairings.iter().filter(|it| it["need"].is_object()).collect();
    let reached = |holds: &dyn Fn(&Value) -> bool| -> BTreeSet<String> {
        let needs = history.iter().filter(|it| holds(it)).map(|it| text(&it["need"]["id"]).unwrap());
        needs.filter(|id| counted.contains(id)).collect()
    };
    let is = |states: &'static [&str]| move |it: &Value| states.contains(&it["status"].as_str().unwrap());
    let appraised = lists.needs.iter().filter(|it| it["appraisal"].is_object()).count();
    let expected = [
        counted.len(),
        reached(&|_| true).len(),
        reached(&|it| lists.claimed.contains(&text(&it["id"]).unwrap())).len(),
        reached(&is(&["AGREED", "ACCEPTED"])).len(),
        reached(&|it| number(&it["delivered"]) > 0).len(),
        reached(&|it| number(&it["accepted"]) > 0).len(),
        appraised,
    ];
    let data = coordinator.data("{ funnel { steps { stage count perMille } } }", json!({})).await;
    let steps: Vec<usize> =
        data["funnel"]["steps"].as_array().unwrap().iter().map(|it| number(&it["count"]) as usize).collect();
    assert_eq!(steps, expected);
    assert!(expected.iter().all(|count| *count > 0), "{expected:?}");

    let matched = reached(&|_| true);
    let data = coordinator
        .data("{ coverage { place { id } posted matched open openUnmatched leftOut } }", json!({}))
        .await;
    let rows = data["coverage"].as_array().unwrap();
    let communities: BTreeSet<&String> = lists.communities.values().flatten().collect();
    assert_eq!(rows.len(), communities.len());
    for row in rows {
        let here: Vec<&Value> = lists
            .needs
            .iter()
            .filter(|it| counted.contains(&text(&it["id"]).unwrap()))
            .filter(|it| lists.group(it, "PLACE") == text(&row["place"]["id"]))
            .collect();
        let is_open = |it: &&&Value| is(&["OPEN", "PARTLY_AGREED", "PARTLY_MET"])(it);
        let is_matched = |it: &&&Value| matched.contains(&text(&it["id"]).unwrap());
        let open: Vec<&&Value> = here.iter().filter(is_open).collect();
        assert_eq!(number(&row["posted"]) as usize, here.len());
        assert_eq!(number(&row["matched"]) as usize, here.iter().filter(is_matched).count());
        assert_eq!(number(&row["open"]) as usize, open.len());
        let unmatched = open.iter().filter(|it| !is_matched(it)).count();
        assert_eq!(number(&row["openUnmatched"]) as usize, unmatched);
        assert_eq!(row["leftOut"], json!(!here.is_empty() && !here.iter().any(|it| is_matched(&it))));
    }
}
