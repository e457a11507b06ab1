//! Pages of the event feed: from both ends, under filters and in spans of time, compared with a plain look at everything.

use crate::street::{Street, as_shown};
use engine::command::Command;
use serde_json::{Value, json};

const PAGE: &str = "query($filter: EventFilter, $during: TimeRange, $first: Int, $after: Position, $last: Int, $before: Position) {
    events(filter: $filter, during: $during, first: $first, after: $after, last: $last, before: $before) {
        edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        nodes { cursor position index type time actor { kind role organization { id } } } } }";

async fn page(street: &Street, variables: Value) -> Value {
    street.data(&street.observer, PAGE, variables).await["events"].clone()
}

fn nodes(page: &Value) -> Vec<Value> {
    page["nodes"].as_array().unwrap().clone()
}

/// Page by page, from one end.
async fn paged(street: &Street, mut asked: Value, forwards: bool) -> Vec<Value> {
    let (count, cursor, reached, more, passed) = if forwards {
        ("first", "after", "endCursor", "hasNextPage", "hasPreviousPage")
    } else {
        ("last", "before", "startCursor", "hasPreviousPage", "hasNextPage")
    };
    asked[count] = json!(3);
    let mut found = Vec::new();
    loop {
        let page = page(street, asked.clone()).await;
        assert_eq!(page["pageInfo"][passed], asked[cursor].is_string(), "{asked}");
        found = if forwards { [found, nodes(&page)].concat() } else { [nodes(&page), found].concat() };
        if page["pageInfo"][more] == false {
            return found;
        }
        asked[cursor] = page["pageInfo"][reached].clone();
    }
}

/// Members of all roles post, amend, withdraw and pair, hour by hour; the ids of the community, the hospital, and a need.
async fn live(street: &Street) -> [Value; 3] {
    let ids = "{ organizations { nodes { id name } } }";
    let ids = street.data("", ids, json!({})).await["organizations"]["nodes"].as_array().unwrap().clone();
    let named = |name: &str| ids.iter().find(|it| it["name"] == name).unwrap()["id"].clone();
    let [community, hospital] = [named("学府路社区"), named("师院附属医院")];
    let mut last = Value::Null;
    for index in 0..6 {
        street.pass(1);
        let need = json!(street.need(&format!("义诊{index}")).await);
        let resource = street.resource(&format!("坐诊{index}")).await;
        if index % 2 == 0 {
            let input = json!({ "target": need, "supplier": resource, "by": hospital });
            street.mutate(&street.liaison, "requestPairing", "pairing { id }", input).await;
        }
        let input = json!({ "need": need, "title": format!("义诊{index}场") });
        street.mutate(&street.coordinator, "amendNeed", "need { id }", input).await;
        last = need;
        if index == 2 {
            let adopt = "mutation { adoptPlan { plan { id } userErrors { code } } }";
            street.data(&street.coordinator, adopt, json!({})).await;
        }
    }
    [community, hospital, last]
}

type Lets<'a> = Box<dyn Fn(&Value) -> bool + 'a>;

#[tokio::test]
async fn pages_from_both_ends_put_together_are_all_that_a_filter_lets_through() {
    let street = Street::open().await;
    let [community, hospital, need] = live(&street).await;
    let all = paged(&street, json!({}), true).await;
    let stored: Vec<_> = street.events().iter().map(|(_, event)| json!(as_shown(event))).collect();
    assert_eq!(all.iter().map(|it| it["type"].clone()).collect::<Vec<_>>(), stored);
    let history =
        "query($id: ID) { history(id: $id, first: 100) { nodes { position events { nodes { type } } } } }";
    let spoken = |history: &Value| -> Vec<(Value, Value)> {
        let entries = history["history"]["nodes"].as_array().unwrap().iter();
        let of = |it: &Value| {
            let position = it["position"].clone();
            let events = it["events"]["nodes"].as_array().unwrap().clone();
            events.into_iter().map(move |event| (position.clone(), event["type"].clone())).collect::<Vec<_>>()
        };
        entries.flat_map(of).collect()
    };
    let told = spoken(&street.data(&street.observer, history, json!({ "id": need })).await);
    let is_of_need = |it: &Value| told.contains(&(it["position"].clone(), it["type"].clone()));
    let middle = all[all.len() / 2]["time"].clone();
    let at = |it: &Value| it["time"].as_str().unwrap().to_owned();
    let (from, until) = (at(&all[all.len() / 3]), at(&all[all.len() * 2 / 3]));
    let during = json!({ "from": from, "to": until });
    let cases: Vec<(Value, Lets<'_>)> = vec![
        (json!({}), Box::new(|_| true)),
        (
            json!({ "filter": { "types": ["NEED_POSTED", "NEED_AMENDED"] } }),
            Box::new(|it| it["type"] == "NEED_POSTED" || it["type"] == "NEED_AMENDED"),
        ),
        (
            json!({ "filter": { "actor": { "kind": ["SYSTEM"] } } }),
            Box::new(|it| it["actor"]["kind"] == "SYSTEM"),
        ),
        (
            json!({ "filter": { "actor": { "role": ["COORDINATOR", "UNIT_LIAISON"] } } }),
            Box::new(|it| it["actor"]["role"] == "COORDINATOR" || it["actor"]["role"] == "UNIT_LIAISON"),
        ),
        (
            json!({ "filter": { "actor": { "organization": hospital }, "types": ["RESOURCE_POSTED"] } }),
            Box::new(|it| it["actor"]["organization"]["id"] == hospital && it["type"] == "RESOURCE_POSTED"),
        ),
        (
            json!({ "filter": { "actor": { "organization": community } } }),
            Box::new(|it| it["actor"]["organization"]["id"] == community),
        ),
        (json!({ "filter": { "entities": [need] } }), Box::new(is_of_need)),
        (
            json!({ "filter": { "entities": [need], "types": ["NEED_AMENDED"] } }),
            Box::new(|it| is_of_need(it) && it["type"] == "NEED_AMENDED"),
        ),
        (json!({ "filter": { "entities": [] } }), Box::new(|_| false)),
        (json!({ "during": { "to": middle } }), Box::new(|it| at(it).as_str() < middle.as_str().unwrap())),
        (json!({ "during": { "from": middle } }), Box::new(|it| at(it).as_str() >= middle.as_str().unwrap())),
        (json!({ "during": { "from": until, "to": from } }), Box::new(|_| false)),
        (
            json!({ "during": during, "filter": { "types": ["NEED_POSTED"] } }),
            Box::new(|it| (&from..&until).contains(&&at(it)) && it["type"] == "NEED_POSTED"),
        ),
    ];
    for (asked, lets) in cases {
        let expected: Vec<Value> = all.iter().filter(|it| lets(it)).cloned().collect();
        for forwards in [true, false] {
            let found = paged(&street, asked.clone(), forwards).await;
            assert_eq!(found, expected, "{asked} forwards: {forwards}");
        }
    }
    street.close().await;
}

#[tokio::test]
async fn a_page_lies_between_its_cursors_also_inside_a_commit() {
    let street = Street::open().await;
    live(&street).await;
    let all = paged(&street, json!({}), true).await;
    assert!(all.iter().any(|it| it["index"].as_i64() > Some(0)), "a commit has several events");
    for (first, last) in [(0, 9), (3, 4), (5, 5), (all.len() - 8, all.len() - 1)] {
        let between = json!({ "after": all[first]["cursor"], "before": all[last]["cursor"], "first": 100 });
        let expected = all.get(first + 1..last).unwrap_or_default();
        assert_eq!(nodes(&page(&street, between).await), expected, "{first} {last}");
    }
    for wrong in ["first: 0", "first: 1, last: 1", "last: 101", "filter: { entities: [\"x\"] }"] {
        let query = format!("{{ events({wrong}) {{ nodes {{ type }} }} }}");
        let answer = street.ask(&street.observer, &query, json!({})).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{wrong} {answer}");
    }
    street.close().await;
}

#[tokio::test]
async fn a_search_is_broken_off_after_so_many_commits_and_goes_on_from_there() {
    let street = Street::open().await;
    let first = street.need("第一件").await;
    let place = street.ledger.state().street().unwrap().place;
    for index in 0..2_400 {
        street.execute(Command::RenamePlace { place, name: format!("清河桥街道{}", index % 2) }).await;
    }
    let last = street.need("最后一件").await;
    let query = "{ needs(first: 1) { nodes { organization { id } } } }";
    let poster = street.data(&street.coordinator, query, json!({})).await;
    let poster = &poster["needs"]["nodes"][0]["organization"]["id"];
    let asked = json!({ "filter": { "types": ["NEED_POSTED"] }, "first": 5, "after": "0" });
    let begun = page(&street, asked.clone()).await;
    assert_eq!(nodes(&begun).len(), 1);
    assert_eq!(begun["pageInfo"]["hasNextPage"], true);
    assert_eq!(begun["pageInfo"]["endCursor"], "2000");
    for forwards in [true, false] {
        let found = paged(&street, json!({ "filter": { "types": ["NEED_POSTED"] } }), forwards).await;
        assert_eq!(found.len(), 2, "forwards: {forwards} {first} {last}");
        // Where the log knows of what it speaks, nothing is searched.
        let asked = json!({ "filter": { "entities": [first, last], "types": ["NEED_POSTED"] }, "first": 3 });
        let whole = page(&street, asked).await;
        assert_eq!(nodes(&whole), found);
        assert_eq!(whole["pageInfo"]["hasNextPage"], false);
        // So it does of all that one organization has to do with: both ends of the log on one page.
        let poster = json!({ "filter": { "organization": poster, "types": ["NEED_POSTED"] }, "first": 3 });
        let whole = page(&street, poster).await;
        assert_eq!(nodes(&whole), found);
        assert_eq!(whole["pageInfo"]["hasNextPage"], false);
    }
    street.close().await;
}

#[tokio::test]
async fn a_kind_of_events_that_there_is_none_of_is_refused_and_each_that_there_is_is_taken() {
    let street = Street::open().await;
    let query = "query($filter: EventFilter) { events(first: 5, filter: $filter) { nodes { type } } }";
    let types = json!({ "filter": { "types": ["NEED_POSTED", "NEED_POST"] } });
    let answer = street.ask(&street.observer, query, types).await;
    assert!(answer["data"].is_null(), "{answer}");
    assert!(answer["errors"][0]["message"].as_str().unwrap().contains("EventType"), "{answer}");
    let values = "{ __type(name: \"EventType\") { enumValues { name } } }";
    let all = street.data(&street.observer, values, json!({})).await["__type"]["enumValues"].clone();
    let all: Vec<Value> = all.as_array().unwrap().iter().map(|it| it["name"].clone()).collect();
    street.data(&street.observer, query, json!({ "filter": { "types": all } })).await;
}
