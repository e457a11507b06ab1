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

    of_a_property_in_a_place(coordinator, lists, (&first, &later)).await;

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

/// Rates and quarters of what is about one thing in one community, against the list of needs.
async fn of_a_property_in_a_place(coordinator: &Client, lists: &Lists, (from, to): (&str, &str)) {
    let query = "query($place: ID!, $category: ID!, $from: Date!, $to: Date!, $grain: TimeGrain!) {
        timeSeries(grain: $grain, from: $from, to: $to, scope: { place: $place, category: $category }) { needsPosted }
        aggregates(list: NEEDS, groupBy: PLACE, scope: { category: $category }) {
            key count figures { collected resolutionRate { denominator } } } }";
    let mut counted: BTreeMap<[String; 2], (i64, i64)> = BTreeMap::new();
    for need in &lists.needs {
        let groups = ["PLACE", "CATEGORY"].map(|by| lists.group(need, by));
        if let [Some(place), Some(category)] = groups {
            let count = counted.entry([place, category]).or_default();
            count.0 += 1;
            count.1 += i64::from(need["status"] != "SETTLED");
        }
    }
    assert!(counted.len() > 20, "{counted:?}");
    for ([place, category], (posted, collected)) in counted {
        let asked = |grain: &str| json!({ "place": place, "category": category, "from": from, "to": to, "grain": grain });
        let data = coordinator.data(query, asked("QUARTER")).await;
        let steps = data["timeSeries"].as_array().unwrap();
        assert_eq!(steps.iter().map(|step| number(&step["needsPosted"])).sum::<i64>(), posted);
        let rows = data["aggregates"].as_array().unwrap();
        let row = rows.iter().find(|row| row["key"] == *place).unwrap();
        assert_eq!((number(&row["count"]), number(&row["figures"]["collected"])), (posted, collected));
        assert!(number(&row["figures"]["resolutionRate"]["denominator"]) <= collected);
        let answer = coordinator.ask(query, asked("DAY")).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{answer}");
    }
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
