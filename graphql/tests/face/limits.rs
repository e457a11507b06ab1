//! Documents made to hurt are answered at once.

use crate::street::Street;
use serde_json::json;

#[tokio::test]
async fn documents_that_cost_too_much_are_refused_before_they_run() {
    let street = Street::open().await;
    let bomb = {
        let mut text = String::from("query { ...F0 }");
        for level in 0..12 {
            let spreads = format!("...F{} ", level + 1).repeat(10);
            text += &format!(" fragment F{level} on Query {{ {spreads} }}");
        }
        text + " fragment F12 on Query { position }"
    };
    let cycle =
        "query { ...A } fragment A on Query { ...B ...B } fragment B on Query { ...A ...A }".to_owned();
    let deep = format!("{{ street {{ place {{ {}name{} }} }} }}", "parent { ".repeat(20), " }".repeat(20));
    let tree =
        format!("{{ street {{ place {{ {}name{} }} }} }}", "children { nodes { ".repeat(6), " } }".repeat(6));
    let very_deep =
        format!("{{ street {{ place {{ {}name{} }} }} }}", "parent { ".repeat(5000), " }".repeat(5000));
    let wide =
        "{ needs(first: 100) { nodes { organization { resources(first: 100) { nodes { title } } } } } }"
            .to_owned();
    let aliases = (0..30_000).map(|number| format!("a{number}: position ")).collect::<String>();
    let directives = format!("{{ position {} }}", "@include(if: true) ".repeat(17));
    for (name, query, codes) in [
        ("fragment bomb", bomb, ["TOO_COMPLEX", ""]),
        ("fragment cycle", cycle, ["GRAPHQL_VALIDATION_FAILED", ""]),
        ("deep", deep, ["TOO_COMPLEX", ""]),
        ("a tree of trees", tree, ["TOO_COMPLEX", ""]),
        ("very deep", very_deep, ["TOO_COMPLEX", "GRAPHQL_PARSE_FAILED"]),
        ("pages of pages", wide, ["TOO_COMPLEX", ""]),
        ("aliases", format!("{{ {aliases} }}"), ["TOO_COMPLEX", ""]),
        ("directives", directives, ["TOO_COMPLEX", "GRAPHQL_VALIDATION_FAILED"]),
    ] {
        let answer = street.ask("", &query, json!({})).await;
        let code = answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_default();
        assert!(codes.contains(&code), "{name}: {answer}");
        assert!(answer.get("data").is_none(), "{name}");
        assert!(answer.to_string().len() < 4_000, "{name}: the answer is clipped");
    }
}

#[tokio::test]
async fn who_asks_too_much_is_told_how_much_and_what_may_be_asked() {
    let street = Street::open().await;
    let wide =
        "{ needs(first: 100) { nodes { organization { resources(first: 100) { nodes { title } } } } } }";
    let deep = format!("{{ street {{ place {{ {}name{} }} }} }}", "parent { ".repeat(20), " }".repeat(20));
    for (query, language, limit, says) in [
        (wide, "en", 5_000, "Query is too complex: it costs "),
        (wide, "zh", 5_000, "查询过于复杂:开销为 "),
        (&deep, "en", 15, "Query is nested too deep: it has 23 levels"),
    ] {
        let answer = street.ask_in("", language, query, json!({})).await;
        let (message, extensions) = (&answer["errors"][0]["message"], &answer["errors"][0]["extensions"]);
        assert!(message.as_str().unwrap().starts_with(says), "{answer}");
        assert_eq!(extensions["limit"], limit, "{answer}");
        let cost = extensions["cost"].as_u64().unwrap();
        assert!(cost > limit && message.as_str().unwrap().contains(&cost.to_string()), "{answer}");
    }
    // A series of as many steps as there may be is none of these.
    let series = "{ timeSeries(grain: DAY, from: \"2026-01-01\", to: \"2027-02-04\") {
        from to needsPosted resourcesPosted claimed agreed delivered quantities { stream measure count amount } } }";
    let steps = street.data(&street.observer, series, json!({})).await["timeSeries"].clone();
    assert_eq!(steps.as_array().unwrap().len(), 400);
}

#[tokio::test]
async fn a_body_beyond_a_mebibyte_is_413_and_one_below_is_read() {
    let street = Street::open().await;
    let padded =
        |length: usize| json!({ "query": format!("{{ position }} #{}", "x".repeat(length)) }).to_string();
    for (length, status) in [(1 << 19, 200), (1 << 20, 413)] {
        let request = reqwest::Client::new().post(street.url()).header("content-type", "application/json");
        assert_eq!(request.body(padded(length)).send().await.unwrap().status(), status);
    }
}

#[tokio::test]
async fn introspection_fits_the_limits() {
    let street = Street::open().await;
    let query = "query IntrospectionQuery { __schema { queryType { name } mutationType { name } subscriptionType { name }
        types { ...FullType } directives { name description locations args { ...InputValue } } } }
        fragment FullType on __Type { kind name description fields(includeDeprecated: true) { name description
            args { ...InputValue } type { ...TypeRef } isDeprecated deprecationReason }
            inputFields { ...InputValue } interfaces { ...TypeRef } enumValues(includeDeprecated: true) { name }
            possibleTypes { ...TypeRef } }
        fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue }
        fragment TypeRef on __Type { kind name ofType { kind name ofType { kind name ofType { kind name
            ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } }";
    let data = street.data("", query, json!({})).await;
    assert_eq!(data["__schema"]["subscriptionType"]["name"], "Subscription");
}
