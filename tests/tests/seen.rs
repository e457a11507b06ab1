//! What the server is seen doing: `/metrics`, one line for each request, and the slow ones named, never contents.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails loudly")]

use reqwest::StatusCode;
use serde_json::json;
use tempfile::tempdir;
use tests::{client::Client, program::Server};

/// The value of a line of `/metrics`.
fn value(metrics: &str, name: &str) -> f64 {
    let line = metrics.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("no {name} in\n{metrics}")).parse().unwrap()
}

#[tokio::test]
async fn metrics_tell_requests_positions_plans_and_the_store() {
    let data = tempdir().unwrap();
    let server = Server::start(data.path(), &["--demo"]);
    let member = Client::member(&server.address, &server.token("COORDINATOR"));
    for _ in 0..3 {
        member.data("query Look { position }", json!({})).await;
    }
    let adopted = "mutation { adoptPlan { position userErrors { code } } }";
    assert_eq!(member.data(adopted, json!({})).await["adoptPlan"]["userErrors"], json!([]));
    member.ask("{ nothing }", json!({})).await;
    let refused = member.mutate("setRules", "rules { fitMin }", json!({ "claimHours": 0 })).await;
    assert_eq!(refused["userErrors"][0]["code"], "INVALID", "{refused}");
    // One who has read all there is: the last event came, and it waits for the next.
    let head = member.position().await;
    let mut feed = member.follow(&json!((head - 1).to_string())).await;
    while feed.event().await["position"] != json!(head.to_string()) {}

    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = format!("http://{}/metrics", server.address);
    let metrics = http.get(&url).send().await.unwrap().text().await.unwrap();
    assert!(metrics.ends_with("# EOF\n"));
    for (name, expected) in [
        ("gongjian_requests_total{kind=\"query\",status=\"200\"}", 4.0),
        ("gongjian_requests_total{kind=\"mutation\",status=\"200\"}", 2.0),
        ("gongjian_requests_total{kind=\"query\",status=\"400\"}", 1.0),
        ("gongjian_request_seconds_count{kind=\"query\"}", 5.0),
        ("gongjian_request_seconds_bucket{le=\"+Inf\",kind=\"query\"}", 5.0),
        ("gongjian_errors_total{code=\"GRAPHQL_VALIDATION_FAILED\"}", 1.0),
        ("gongjian_refusals_total{code=\"INVALID\"}", 1.0),
        ("gongjian_subscriptions", 1.0),
        ("gongjian_subscription_lag_commits", 0.0),
        ("gongjian_plan_seconds_count", 1.0),
        ("gongjian_commands_waiting", 0.0),
        ("gongjian_writable", 1.0),
        ("gongjian_sockets", 1.0),
        ("gongjian_position", u32::try_from(member.position().await).unwrap().into()),
    ] {
        assert!(
            (value(&metrics, name) - expected).abs() < f64::EPSILON,
            "{name} is not {expected} in\n{metrics}"
        );
    }
    assert!(value(&metrics, "gongjian_plan_seconds_sum") > 0.0);
    assert!(value(&metrics, "gongjian_store_bytes") > 10_000.0);
    assert!((0.0..0.5).contains(&value(&metrics, "gongjian_plan_gap_ratio")));
    assert!((0.0..60.0).contains(&value(&metrics, "gongjian_commit_age_seconds")));

    let through_a_proxy = || http.get(&url).header("x-forwarded-for", "203.0.113.7");
    assert_eq!(through_a_proxy().send().await.unwrap().status(), StatusCode::UNAUTHORIZED);
    let observer = server.token("OBSERVER");
    assert_eq!(through_a_proxy().bearer_auth(observer).send().await.unwrap().status(), StatusCode::OK);
    server.stop();
}

#[tokio::test]
async fn each_request_is_one_line_and_slow_ones_are_named_without_their_contents() {
    let data = tempdir().unwrap();
    let server = Server::start(data.path(), &["--demo", "--slow", "0"]);
    let member = Client::member(&server.address, &server.token("OBSERVER"));
    let query =
        "query Board($text: String) { needs(first: 25, filter: { text: $text }) { nodes { id title } } }";
    member.data(query, json!({ "text": "机密的内容" })).await;
    let log = server.log();
    let line = |what: &str| {
        let lines: Vec<&str> =
            log.lines().filter(|line| line.contains("Board") && line.contains(what)).collect();
        assert_eq!(lines.len(), 1, "{what}: {log}");
        lines.first().copied().unwrap().to_owned()
    };
    for said in ["kind=\"query\"", "cost=76", "status=200", "ms=", "request="] {
        assert!(line("answered").contains(said), "{said}: {}", line("answered"));
    }
    for said in ["document=", "cost=76", "ms=", "request="] {
        assert!(line("slow").contains(said), "{said}: {}", line("slow"));
    }
    for secret in ["机密的内容", "filter", &server.token("OBSERVER")] {
        assert!(!log.contains(secret), "{secret} is in the log");
    }
    server.stop();
}

#[tokio::test]
async fn each_operation_on_a_socket_is_one_line_however_it_ends() {
    let data = tempdir().unwrap();
    let server = Server::start(data.path(), &["--demo"]);
    let member = Client::member(&server.address, &server.token("OBSERVER"));
    let lines = |log: &str, operation: &str| -> Vec<String> {
        let told = |line: &&str| line.contains("answered on a socket") && line.contains(operation);
        log.lines().filter(told).map(str::to_owned).collect()
    };
    member.first("query Refused { nothing }").await;
    member.first("query Done { position }").await;
    let after = json!({ "after": "0" });
    let mut feed = member
        .subscribe("subscription Left($after: Position) { events(after: $after) { type } }", after)
        .await;
    feed.told().await;
    drop(feed);
    for (operation, kind, status) in [
        ("Refused", "kind=\"query\"", "status=400"),
        ("Done", "kind=\"query\"", "status=200"),
        ("Left", "kind=\"subscription\"", "status=200"),
    ] {
        server.wait_until(|log| !lines(log, operation).is_empty());
        let told = lines(&server.log(), operation);
        assert_eq!(told.len(), 1, "{told:?}");
        let line = told.first().unwrap();
        for said in [kind, status, "cost=", "ms=", "request="] {
            assert!(line.contains(said), "{said}: {line}");
        }
    }
    server.stop();
}
