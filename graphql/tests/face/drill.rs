//! From a tile to its list: what a group counts is what the list has under the filter that the group is named by.

use crate::street::Street;
use serde_json::{Value, json};

/// Needs, resources, projects and pairings of several posters and for several groups.
async fn scene() -> Street {
    let street = Street::open().await;
    let ids = "{ organizations { nodes { id name } } }";
    let ids = street.data("", ids, json!({})).await["organizations"]["nodes"].as_array().unwrap().clone();
    let named = |name: &str| ids.iter().find(|it| it["name"] == name).unwrap()["id"].clone();
    let posters = [named("学府路社区"), named("师院附属医院"), named("清河银行")];
    let groups = [json!("ELDERS"), json!("CHILDREN"), Value::Null];
    let forms = ["SERVICE", "PEOPLE"];
    let entry = |index: usize, title: &str| {
        let mut it = json!({
            "title": format!("{title}{index}"), "organization": posters[index % 3],
            "beneficiaries": { "group": groups[index / 2 % 3] },
            "form": forms[index / 3 % 2],
        });
        if title == "健康月" {
            it["slots"] = json!([{ "title": "讲座" }]);
        }
        it
    };
    let mut made: Vec<Value> = Vec::new();
    for index in 0..7 {
        for (field, kind, title) in [
            ("postNeed", "need", "义诊"),
            ("postResource", "resource", "坐诊"),
            ("postProject", "project", "健康月"),
        ] {
            let payload = street
                .mutate(&street.coordinator, field, &format!("{kind} {{ id }}"), entry(index, title))
                .await;
            assert_eq!(payload["userErrors"], json!([]), "{payload}");
            made.push(payload[kind]["id"].clone());
        }
    }
    // Needs of each poster with resources of the next, some of them agreed, some withdrawn.
    for index in 0..5 {
        let (need, resource) = (&made[index * 3], &made[(index + 1) * 3 + 1]);
        let request = json!({ "target": need, "supplier": resource, "by": posters[index % 3] });
        let payload = street.mutate(&street.coordinator, "requestPairing", "pairing { id }", request).await;
        assert_eq!(payload["userErrors"], json!([]), "{payload}");
        if index % 2 == 0 {
            let claim = json!({ "pairing": payload["pairing"]["id"], "side": "GIVING" });
            street.mutate(&street.coordinator, "claimPairing", "pairing { id }", claim).await;
        }
    }
    let withdraw = json!({ "need": made[18], "reason": "不再需要" });
    street.mutate(&street.coordinator, "withdrawNeed", "need { id }", withdraw).await;
    street
}

const LISTS: [(&str, &str); 4] =
    [("NEEDS", "needs"), ("RESOURCES", "resources"), ("PROJECTS", "projects"), ("PAIRINGS", "pairings")];

async fn groups(street: &Street, list: &str, by: &str, scope: Value) -> Vec<(String, Value)> {
    let query = "query($list: TalliedList!, $by: [AggregateGroup!]!, $scope: AggregateScope) {
        aggregates(list: $list, groupBy: $by, scope: $scope) { key count } }";
    let asked = json!({ "list": list, "by": by, "scope": scope });
    let rows = street.data(&street.observer, query, asked).await["aggregates"].as_array().unwrap().clone();
    let keyed = rows.iter().filter_map(|row| Some((row["key"].as_str()?.to_owned(), row["count"].clone())));
    keyed.collect()
}

async fn listed(street: &Street, field: &str, filter: Value) -> Value {
    let noun = match field {
        "needs" => "Need",
        "resources" => "Resource",
        "projects" => "Project",
        _ => "Pairing",
    };
    let query = format!("query($filter: {noun}Filter) {{ {field}(filter: $filter) {{ totalCount }} }}");
    street.data(&street.observer, &query, json!({ "filter": filter })).await[field]["totalCount"].clone()
}

#[tokio::test]
async fn the_list_shows_what_a_group_by_beneficiary_or_kind_of_units_counts() {
    let street = scene().await;
    for (list, field) in LISTS {
        for (by, filter) in [("BENEFICIARY", "beneficiary"), ("UNIT_KIND", "unitKind")] {
            let rows = groups(&street, list, by, Value::Null).await;
            assert!(rows.len() > 1, "{list} by {by}: {rows:?}");
            for (key, count) in rows {
                let value = if filter == "unitKind" { json!(key) } else { json!([key]) };
                assert_eq!(
                    listed(&street, field, json!({ filter: value })).await,
                    count,
                    "{list} {by} {key}"
                );
            }
        }
    }
}

#[tokio::test]
async fn a_tile_of_some_states_or_one_kind_of_units_counts_what_the_list_shows() {
    let street = scene().await;
    for (list, field) in LISTS {
        let kinds = groups(&street, list, "UNIT_KIND", Value::Null).await;
        let states = groups(&street, list, "STATUS", Value::Null).await;
        for (kind, _) in &kinds {
            let within = groups(&street, list, "STATUS", json!({ "unitKind": kind })).await;
            assert!(!within.is_empty());
            for (state, count) in within {
                let filter = json!({ "unitKind": kind, "status": [state] });
                assert_eq!(listed(&street, field, filter).await, count, "{list} {kind} {state}");
            }
        }
        for (state, count) in &states {
            let scope = json!({ "status": [state] });
            let by_state = groups(&street, list, "STATUS", scope.clone()).await;
            assert_eq!(by_state, [(state.clone(), count.clone())], "{list}");
            for (kind, count) in groups(&street, list, "UNIT_KIND", scope).await {
                let filter = json!({ "unitKind": kind, "status": [state] });
                assert_eq!(listed(&street, field, filter).await, count, "{list} {state} {kind}");
            }
        }
        let all: Vec<_> = states.iter().map(|(state, _)| state).collect();
        assert_eq!(groups(&street, list, "UNIT_KIND", json!({ "status": all })).await, kinds, "{list}");
    }
    let query = "{ aggregates(list: NEEDS, groupBy: MONTH, scope: { status: [EXHAUSTED] }) { count } }";
    let answer = street.ask(&street.observer, query, json!({})).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{answer}");
    assert!(answer["errors"][0]["message"].as_str().unwrap().contains("PARTLY_AGREED"), "{answer}");
}

#[tokio::test]
async fn a_group_without_figures_says_why() {
    let street = scene().await;
    let asked = [
        ("NEEDS", "FORM", json!({}), Value::Null),
        ("NEEDS", "PLACE", json!({}), Value::Null),
        ("PAIRINGS", "UNIT_KIND", json!({}), Value::Null),
        ("NEEDS", "UNIT_KIND", json!({}), json!("GROUP")),
        ("NEEDS", "STATUS", json!({}), json!("GROUP")),
        ("NEEDS", "MONTH", json!({}), Value::Null),
        ("PAIRINGS", "QUARTER", json!({ "form": "SERVICE" }), Value::Null),
        ("RESOURCES", "FORM", json!({}), json!("LIST")),
        ("NEEDS", "PLACE", json!({ "beneficiary": "CHILDREN" }), Value::Null),
        ("NEEDS", "ORGANIZATION", json!({ "beneficiary": "CHILDREN" }), json!("SCOPE")),
        ("NEEDS", "ORGANIZATION", json!({ "status": ["OPEN"] }), json!("SCOPE")),
    ];
    let query = "query($list: TalliedList!, $by: [AggregateGroup!]!, $scope: AggregateScope) {
        aggregates(list: $list, groupBy: $by, scope: $scope) { key noFigures figures { collected } } }";
    for (list, by, scope, why) in asked {
        let variables = json!({ "list": list, "by": by, "scope": scope });
        let rows = street.data(&street.observer, query, variables.clone()).await["aggregates"].clone();
        for row in rows.as_array().unwrap().iter().filter(|row| !row["key"].is_null()) {
            assert_eq!(row["noFigures"], why, "{variables}");
            assert_eq!(row["figures"].is_null(), !why.is_null(), "{variables}");
        }
    }
}

#[tokio::test]
async fn a_key_is_told_as_what_it_is_beside_its_text() {
    let street = scene().await;
    let query = "query($list: TalliedList!, $by: [AggregateGroup!]!) {
        aggregates(list: $list, groupBy: $by) { key unitKind status channel form beneficiary from to } }";
    let rows = async |list: &str, by: &[&str]| {
        let asked = json!({ "list": list, "by": by });
        street.data(&street.observer, query, asked).await["aggregates"].as_array().unwrap().clone()
    };
    let fields = ["unitKind", "status", "channel", "form", "beneficiary"];
    let groups = ["UNIT_KIND", "STATUS", "CHANNEL", "FORM", "BENEFICIARY"];
    for (list, _) in LISTS {
        for (by, own) in groups.into_iter().zip(fields) {
            for row in rows(list, &[by]).await {
                for field in fields {
                    let told = if field == own { row["key"].clone() } else { Value::Null };
                    assert_eq!(row[field], told, "{list} by {by}");
                }
                assert_eq!([&row["from"], &row["to"]], [&Value::Null; 2]);
            }
        }
    }
    // Every month in its quarter: the days are those of the month.
    let quarters = rows("NEEDS", &["QUARTER"]).await;
    for row in rows("NEEDS", &["QUARTER", "MONTH"]).await {
        let around = quarters.iter().find(|it| it["key"] == row["key"]).unwrap();
        let day = |row: &Value, field: &str| row[field].as_str().unwrap().to_owned();
        let (from, to) = (day(&row, "from"), day(&row, "to"));
        assert!(day(around, "from") <= from && to <= day(around, "to"), "{row} {around}");
        assert!(from.ends_with("-01") && from[..7] == to[..7], "{row}");
        assert!(to.as_str() >= &format!("{}-28", &from[..7])[..], "{row}");
    }
    assert!(!quarters.is_empty());
}

/// Groups by two things, with both keys.
async fn crossed(street: &Street, list: &str, by: [&str; 2], scope: Value) -> Vec<([Value; 2], Value)> {
    let query = "query($list: TalliedList!, $by: [AggregateGroup!]!, $scope: AggregateScope) {
        aggregates(list: $list, groupBy: $by, scope: $scope) { key keys count } }";
    let asked = json!({ "list": list, "by": by, "scope": scope });
    let rows = street.data(&street.observer, query, asked).await["aggregates"].as_array().unwrap().clone();
    let both = |row: &Value| {
        assert_eq!(row["key"], row["keys"][0]);
        ([row["keys"][0].clone(), row["keys"][1].clone()], row["count"].clone())
    };
    rows.iter().map(both).collect()
}

#[tokio::test]
async fn a_group_by_two_things_counts_what_the_list_shows_with_both() {
    let street = scene().await;
    // How the list is asked for what a group is of.
    let condition = |by: &str, key: &Value| match by {
        "STATUS" => json!({ "status": [key] }),
        "FORM" => json!({ "form": [key] }),
        "BENEFICIARY" => json!({ "beneficiary": [key] }),
        "UNIT_KIND" => json!({ "unitKind": key }),
        "PLACE" => json!({ "place": key }),
        _ => json!({ "organization": key }),
    };
    let pairs = [
        ["FORM", "STATUS"],
        ["STATUS", "FORM"],
        ["ORGANIZATION", "FORM"],
        ["BENEFICIARY", "UNIT_KIND"],
        ["PLACE", "BENEFICIARY"],
        ["ORGANIZATION", "PLACE"],
    ];
    for (list, field) in &LISTS[..2] {
        for by in pairs {
            let rows = crossed(&street, list, by, Value::Null).await;
            let all: u64 = rows.iter().map(|(_, count)| count.as_u64().unwrap()).sum();
            assert_eq!(listed(&street, field, Value::Null).await, json!(all), "{list} {by:?}");
            let said: Vec<_> =
                rows.iter().filter(|(keys, _)| keys.iter().all(|key| !key.is_null())).collect();
            assert!(said.len() > 1, "{list} {by:?}: {rows:?}");
            for (keys, count) in said {
                let both = json!({ "and": [condition(by[0], &keys[0]), condition(by[1], &keys[1])] });
                assert_eq!(listed(&street, field, both).await, *count, "{list} {by:?} {keys:?}");
            }
        }
        // A value of one property and groups by another are the same cells from the other side.
        for (keys, count) in crossed(&street, list, ["FORM", "BENEFICIARY"], Value::Null).await {
            if let Some(form) = keys[0].as_str() {
                let scope = json!({ "form": form });
                let within = groups(&street, list, "BENEFICIARY", scope.clone()).await;
                let found = within.iter().find(|(key, _)| json!(key) == keys[1]);
                assert!(keys[1].is_null() || found.is_some_and(|(_, it)| *it == count), "{form} {keys:?}");
                let both = json!({ "form": form, "beneficiary": keys[1] });
                if !keys[1].is_null() {
                    let states = groups(&street, list, "STATUS", both).await;
                    let sum: u64 = states.iter().map(|(_, count)| count.as_u64().unwrap()).sum();
                    assert_eq!(json!(sum), count, "{form} {keys:?}");
                }
            }
        }
    }
}

#[tokio::test]
async fn what_is_not_told_apart_is_refused_and_said() {
    let street = scene().await;
    for (arguments, word) in [
        ("groupBy: []", "one thing or two"),
        ("groupBy: [FORM, STATUS, MONTH]", "one thing or two"),
        ("groupBy: [FORM, FORM]", "two different"),
        ("groupBy: [FORM, STATUS], level: GRID", "level"),
        ("groupBy: [FORM, BENEFICIARY], scope: { channel: HOTLINE }", "at most two properties"),
        ("groupBy: FORM, scope: { channel: HOTLINE, beneficiary: ELDERS }", "at most two properties"),
        ("groupBy: [FORM, PLACE], level: GRID", "below the community"),
        ("groupBy: GIVING", "giving side"),
    ] {
        let query = format!("{{ aggregates(list: NEEDS, {arguments}) {{ count }} }}");
        let answer = street.ask(&street.observer, &query, json!({})).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{arguments}: {answer}");
        assert!(answer["errors"][0]["message"].as_str().unwrap().contains(word), "{arguments}: {answer}");
    }
    let span = "grain: MONTH, from: \"2026-01-01\", to: \"2026-03-31\"";
    for (scope, word) in
        [("{ form: GOODS, channel: HOTLINE }", "one property"), ("{ status: [\"OPEN\"] }", "no states")]
    {
        let query = format!("{{ timeSeries({span}, scope: {scope}) {{ needsPosted }} }}");
        let answer = street.ask(&street.observer, &query, json!({})).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{scope}: {answer}");
        assert!(answer["errors"][0]["message"].as_str().unwrap().contains(word), "{scope}: {answer}");
    }
}

#[tokio::test]
async fn the_series_of_all_values_of_a_property_come_to_what_was_posted_with_it() {
    let street = scene().await;
    let span = "grain: QUARTER, from: \"2020-01-01\", to: \"2030-12-31\"";
    for (by, field) in [
        ("FORM", "form"),
        ("BENEFICIARY", "beneficiary"),
        ("UNIT_KIND", "unitKind"),
        ("ORGANIZATION", "organization"),
        ("PLACE", "place"),
    ] {
        for (list, streams) in
            [("NEEDS", "needsPosted"), ("RESOURCES", "resourcesPosted"), ("PAIRINGS", "proposed")]
        {
            for (key, count) in groups(&street, list, by, Value::Null).await {
                let query = format!(
                    "query($scope: AggregateScope) {{ timeSeries({span}, scope: $scope) {{ {streams} }} }}"
                );
                let asked = json!({ "scope": { field: key } });
                let steps = street.data(&street.observer, &query, asked).await["timeSeries"].clone();
                let sum: u64 = steps.as_array().unwrap().iter().map(|it| it[streams].as_u64().unwrap()).sum();
                assert_eq!(json!(sum), count, "{list} {by} {key}");
            }
        }
    }
}

#[tokio::test]
async fn figures_of_months_are_those_of_the_period() {
    let street = scene().await;
    let query =
        "{ aggregates(list: NEEDS, groupBy: [FORM, MONTH]) { keys count figures { collected period } } }";
    let rows = street.data(&street.observer, query, json!({})).await["aggregates"].clone();
    let mut compared = 0;
    for row in rows.as_array().unwrap().iter().filter(|row| !row["keys"][0].is_null()) {
        let query = "query($form: Form, $month: String!) { figures(period: $month, scope: { form: $form }) { collected } }";
        let asked = json!({ "form": row["keys"][0], "month": row["keys"][1] });
        let figures = street.data(&street.observer, query, asked).await["figures"].clone();
        assert_eq!(figures["collected"], row["figures"]["collected"], "{row}");
        assert!(row["figures"]["collected"].as_u64().unwrap() > 0, "{row}");
        compared += 1;
    }
    assert!(compared > 1, "{rows}");
}
