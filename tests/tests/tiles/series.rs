//! Time series and the ranking of units, counted once more from the lists.

use crate::{
    lists::Lists,
    street::{number, text},
};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tests::client::Client;

pub async fn series_and_ranking(coordinator: &Client, lists: &Lists) {
    // The lists of the demo came in within a day or two of now: ask for the steps around what they say.
    let day = |entry: &Value| text(&entry["postedAt"]).unwrap()[..10].to_owned();
    let (first, last) =
        (lists.needs.iter().map(day).min().unwrap(), lists.needs.iter().map(day).max().unwrap());
    let later = format!("{}-12-31", &last[..4]);
    for grain in ["WEEK", "MONTH", "QUARTER"] {
        let query = format!(
            "{{ timeSeries(grain: {grain}, from: \"{first}\", to: \"{later}\") {{
                from to needsPosted resourcesPosted proposed claimed agreed fulfilled appraised }} }}"
        );
        let data = coordinator.data(&query, json!({})).await;
        let steps = data["timeSeries"].as_array().unwrap();
        let sum = |field: &str| steps.iter().map(|step| number(&step[field])).sum::<i64>() as usize;
        let later = |states: &[&str]| {
            lists.pairings.iter().filter(|it| states.contains(&it["status"].as_str().unwrap())).count()
        };
        assert_eq!(sum("needsPosted"), lists.needs.len());
        assert_eq!(sum("resourcesPosted"), lists.resources.len());
        assert_eq!(sum("proposed"), lists.pairings.len());
        assert_eq!(sum("claimed"), lists.claimed.len());
        assert_eq!(sum("agreed"), later(&["AGREED", "ACCEPTED"]));
        assert_eq!(sum("fulfilled"), later(&["ACCEPTED"]));
        assert!(steps.windows(2).all(|pair| pair[0]["to"].as_str() < pair[1]["from"].as_str()));
    }
    let query = "{ timeSeries(grain: DAY, from: \"2026-01-05\", to: \"2026-01-05\") { delivered accepted } }";
    let data = coordinator.data(query, json!({})).await;
    assert_eq!(data["timeSeries"][0]["delivered"], 6, "on the day they say they were made on");

    let year = &last[..4];
    let ranking = format!(
        "{{ unitRanking(period: \"{year}\", by: FULFILLED, first: 100) {{ totalCount nodes {{
            rank organization {{ id kind }} fulfilled agreed onTimeRate {{ perMille }} }} }} }}"
    );
    let data = coordinator.data(&ranking, json!({})).await;
    let rows = data["unitRanking"]["nodes"].as_array().unwrap();
    assert_eq!(data["unitRanking"]["totalCount"], rows.len());
    ranking_page_by_page(coordinator, year, rows).await;
    let mut fulfilled: BTreeMap<String, i64> = BTreeMap::new();
    for pairing in lists.pairings.iter().filter(|it| it["status"] == "ACCEPTED") {
        *fulfilled.entry(text(&pairing["giving"]["id"]).unwrap()).or_default() += 1;
    }
    for row in rows {
        let id = text(&row["organization"]["id"]).unwrap();
        assert_eq!(Some(number(&row["fulfilled"])), fulfilled.get(&id).copied());
    }
    assert!(!rows.is_empty() && rows.is_sorted_by_key(|row| number(&row["rank"])));
}

/// Pages of two, forwards and backwards, are the whole ranking once more, and cursors of another ranking are refused.
async fn ranking_page_by_page(coordinator: &Client, year: &str, whole: &[Value]) {
    let fields = "nodes { rank organization { id kind } fulfilled agreed onTimeRate { perMille } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }";
    for (count, from, more, cursor) in
        [("first", "after", "hasNextPage", "endCursor"), ("last", "before", "hasPreviousPage", "startCursor")]
    {
        let query = format!(
            "query($from: String) {{ unitRanking(period: \"{year}\", by: FULFILLED, {count}: 2, {from}: $from) {{ {fields} }} }}"
        );
        let (mut found, mut at) = (Vec::new(), Value::Null);
        loop {
            let data = coordinator.data(&query, json!({ "from": at })).await;
            let page = &data["unitRanking"];
            let mut nodes = page["nodes"].as_array().unwrap().clone();
            assert!(!nodes.is_empty() && nodes.len() <= 2, "{page}");
            if count == "last" {
                nodes.extend(std::mem::take(&mut found));
                found = nodes;
            } else {
                found.extend(nodes);
            }
            at = page["pageInfo"][cursor].clone();
            if page["pageInfo"][more] == false {
                break;
            }
        }
        assert_eq!(found, whole, "{count}");
        let foreign =
            format!("{{ unitRanking(period: \"{year}\", by: POINTS, {from}: {at}) {{ totalCount }} }}");
        let answer = coordinator.ask(&foreign, json!({})).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{answer}");
    }
}
