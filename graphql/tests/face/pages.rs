//! Connections: filters, and pages that stay put while the list grows.

use crate::street::Street;
use serde_json::{Value, json};

fn titles(connection: &Value) -> Vec<&str> {
    connection["nodes"].as_array().unwrap().iter().map(|node| node["title"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn pages_stay_put_while_the_list_grows() {
    let street = Street::open().await;
    for title in ["一", "二", "三"] {
        street.need(title).await;
    }
    let query = "query($first: Int, $after: String, $last: Int, $before: String) {
        needs(first: $first, after: $after, last: $last, before: $before) {
            totalCount nodes { title } edges { cursor node { title } }
            pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }";
    let first = street.data("", query, json!({ "first": 2 })).await["needs"].clone();
    assert_eq!(titles(&first), ["一", "二"]);
    assert_eq!(first["totalCount"], 3);
    assert_eq!(first["pageInfo"]["hasNextPage"], true);
    assert_eq!(first["edges"][1]["cursor"], first["pageInfo"]["endCursor"]);

    for title in ["四", "五"] {
        street.need(title).await;
    }
    let after = &first["pageInfo"]["endCursor"];
    let second = street.data("", query, json!({ "first": 2, "after": after })).await["needs"].clone();
    assert_eq!(titles(&second), ["三", "四"]);
    assert_eq!(second["pageInfo"]["hasPreviousPage"], true);
    let before = &second["pageInfo"]["startCursor"];
    let back = street.data("", query, json!({ "last": 2, "before": before })).await["needs"].clone();
    assert_eq!(titles(&back), titles(&first));
    let last = street.data("", query, json!({ "last": 1 })).await["needs"].clone();
    assert_eq!((titles(&last), &last["totalCount"]), (vec!["五"], &json!(5)));
}

#[tokio::test]
async fn a_page_that_makes_no_sense_is_bad_input() {
    let street = Street::open().await;
    for arguments in ["first: 101", "first: -1", "first: 1, last: 1", "after: \"x\""] {
        let answer = street.ask("", &format!("{{ needs({arguments}) {{ totalCount }} }}"), json!({})).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{arguments} {answer}");
    }
}

#[tokio::test]
async fn a_bad_page_below_a_thing_leaves_the_thing_and_the_rest_alone() {
    let street = Street::open().await;
    let query =
        "{ position organizations { nodes { name needs(first: 101) { totalCount } } } street { place { name
        resources(last: 0, first: 1) { totalCount } children(after: \"x\") { totalCount } } } }";
    let answer = street.ask("", query, json!({})).await;
    assert!(answer["data"]["position"].is_string(), "{answer}");
    assert_eq!(answer["data"]["organizations"]["nodes"][0]["needs"], json!(null), "{answer}");
    assert!(answer["data"]["organizations"]["nodes"][0]["name"].is_string(), "{answer}");
    assert!(answer["data"]["street"]["place"]["name"].is_string(), "{answer}");
    let paths: Vec<&Value> = answer["errors"].as_array().unwrap().iter().map(|it| &it["path"]).collect();
    for path in [
        json!(["organizations", "nodes", 0, "needs"]),
        json!(["street", "place", "resources"]),
        json!(["street", "place", "children"]),
    ] {
        assert!(paths.contains(&&path), "{path}: {answer}");
    }
}

#[tokio::test]
async fn a_filter_that_names_what_is_not_there_is_bad_input_wherever_it_stands() {
    let street = Street::open().await;
    street.need("送餐").await;
    // One of each that has never been.
    let [organization, place, need] =
        ["T3JnYW5pemF0aW9uOjk5OQ", "UGxhY2U6OTk5", "TmVlZDo5OTk"].map(|id| json!(id).to_string());
    for (list, filter, field) in [
        ("needs", "category: \"NOT-THERE\"".to_owned(), "category"),
        ("needs", "not: { category: \"NOT-THERE\" }".to_owned(), "category"),
        ("needs", format!("or: [{{ organization: {organization} }}]"), "organization"),
        ("needs", format!("place: {place}"), "place"),
        ("resources", format!("organization: {organization}"), "organization"),
        ("projects", "category: \"NOT-THERE\"".to_owned(), "category"),
        ("pairings", format!("giving: {organization}"), "giving"),
        ("pairings", format!("target: {need}"), "target"),
        ("organizations", format!("place: {place}"), "place"),
        ("places", format!("within: {place}"), "within"),
        ("agreements", format!("unsignedBy: {organization}"), "unsignedBy"),
        ("workList", format!("place: {place}"), "place"),
    ] {
        let query = format!("{{ {list}(filter: {{ {filter} }}) {{ totalCount }} }}");
        let answer = street.ask_in(&street.coordinator, "en", &query, json!({})).await;
        let error = &answer["errors"][0];
        assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT", "{query} {answer}");
        let message = error["message"].as_str().unwrap();
        assert!(message.starts_with(&format!("{field}: there is no ")), "{query} {answer}");
    }
    // What there was not yet is as unknown as what there is not.
    let then = format!(
        "{{ asOf(position: \"1\") {{ needs(filter: {{ category: \"CARE\", place: {place} }}) {{ totalCount }} }} }}"
    );
    let answer = street.ask(&street.coordinator, &then, json!({})).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{answer}");
    let figures = "{ figures(period: \"2026\", scope: { category: \"CARE\" }) { collected } }";
    assert_eq!(street.data(&street.coordinator, figures, json!({})).await["figures"]["collected"], json!(1));
}

#[tokio::test]
async fn filters_hold_all_at_once() {
    let street = Street::open().await;
    for (title, category, channel) in [
        ("送餐 Lunch", "CARE-MEAL", "WISH"),
        ("修墙", "SPACE-FIX", "COMMUNITY_WHISTLE"),
        ("停车", "SPACE-PARK", "WISH"),
    ] {
        let input = json!({ "title": title, "category": category, "channel": channel });
        street.mutate(&street.officer, "postNeed", "need { id }", input).await;
    }
    let ids = street
        .data(
            "",
            "{ street { place { id children { nodes { id } } } } organizations(filter: { kind: COMMUNITY }) { nodes { id } } }",
            json!({}),
        )
        .await;
    let community = &ids["street"]["place"]["children"]["nodes"][0]["id"];
    for (filter, expected) in [
        (json!({ "category": "SPACE" }), vec!["修墙", "停车"]),
        (json!({ "category": "SPACE-PARK" }), vec!["停车"]),
        (json!({ "channel": ["WISH"], "category": "SPACE" }), vec!["停车"]),
        (json!({ "text": "LUNCH" }), vec!["送餐 Lunch"]),
        (json!({ "place": ids["street"]["place"]["id"], "text": "墙" }), vec!["修墙"]),
        (json!({ "place": community, "channel": ["COMMUNITY_WHISTLE"] }), vec!["修墙"]),
        (
            json!({ "organization": ids["organizations"]["nodes"][0]["id"], "status": ["OPEN"] }),
            vec!["送餐 Lunch", "修墙", "停车"],
        ),
        (json!({ "status": ["MET"] }), vec![]),
    ] {
        let query = "query($filter: NeedFilter) { needs(filter: $filter) { totalCount nodes { title } } }";
        let data = street.data("", query, json!({ "filter": filter })).await;
        assert_eq!(titles(&data["needs"]), expected, "{filter}");
        assert_eq!(data["needs"]["totalCount"], expected.len(), "{filter}");
    }
    let data = street
        .data(
            "",
            "{ organizations(filter: { unitKind: HOSPITAL }) { nodes { name needs { totalCount } } } }",
            json!({}),
        )
        .await;
    assert_eq!(
        data["organizations"]["nodes"],
        json!([{ "name": "师院附属医院", "needs": { "totalCount": 0 } }])
    );
}
