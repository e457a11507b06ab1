//! GraphQL over HTTP, by the letter: media types, methods, statuses, bodies, health, the page, the end.

use crate::street::Street;
use graphql::ServerConfig;
use reqwest::{Client, Method, Response, StatusCode, header};
use serde_json::{Value, json};
use storage::{
    faulty::{Failure, FaultyLog},
    memory::MemoryLog,
};

const JSON: &str = "application/json";
const GRAPHQL: &str = "application/graphql-response+json";

async fn post(street: &Street, accept: &str, content_type: &str, body: impl Into<String>) -> Response {
    let mut request = Client::new().post(street.url()).body(body.into());
    if !accept.is_empty() {
        request = request.header(header::ACCEPT, accept);
    }
    if !content_type.is_empty() {
        request = request.header(header::CONTENT_TYPE, content_type);
    }
    request.send().await.unwrap()
}

fn content_type(response: &Response) -> &str {
    response.headers()[header::CONTENT_TYPE].to_str().unwrap()
}

#[tokio::test]
async fn the_status_depends_on_the_media_type_and_on_what_ran() {
    let street = Street::open().await;
    let query = |query: &str| json!({ "query": query }).to_string();
    for (body, under_json, under_graphql, has_data) in [
        (query("{ position }"), 200, 200, true),
        (query("{ position pairings { totalCount } }"), 200, 200, true),
        (query("{ position "), 200, 400, false),
        (query("{ nothing }"), 200, 400, false),
        (query("query A { position } query B { position }"), 200, 400, false),
        (query("query($x: ID!) { node(id: $x) { id } }"), 200, 400, false),
        (query("subscription { events { position } }"), 200, 400, false),
        (json!({ "query": "query A { position }", "operationName": "B" }).to_string(), 200, 400, false),
        (
            json!({ "query": "query($x: ID!) { node(id: $x) { id } }", "variables": { "x": true } })
                .to_string(),
            200,
            400,
            false,
        ),
        (
            json!({ "query": "{ position }", "operationName": null, "variables": null, "extensions": null })
                .to_string(),
            200,
            200,
            true,
        ),
        ("{".to_owned(), 400, 400, false),
        ("[]".to_owned(), 400, 400, false),
        (format!("[{}]", query("{ position }")), 400, 400, false),
        ("{}".to_owned(), 400, 400, false),
        (json!({ "query": 1 }).to_string(), 400, 400, false),
        (json!({ "query": "{ position }", "variables": [] }).to_string(), 400, 400, false),
        (json!({ "query": "{ position }", "operationName": 1 }).to_string(), 400, 400, false),
        (json!({ "query": "{ position }", "extensions": "x" }).to_string(), 400, 400, false),
    ] {
        for (accept, expected) in [(JSON, under_json), (GRAPHQL, under_graphql)] {
            let response = post(&street, accept, JSON, body.clone()).await;
            assert_eq!(response.status(), expected, "{accept} {body}");
            assert_eq!(content_type(&response), format!("{accept}; charset=utf-8"));
            let request_id = response.headers()["x-request-id"].to_str().unwrap().to_owned();
            let answer: Value = response.json().await.unwrap();
            assert_eq!(answer.get("data").is_some(), has_data, "{accept} {body} {answer}");
            for error in answer["errors"].as_array().into_iter().flatten() {
                assert!(error["extensions"]["code"].is_string(), "{error}");
                assert_eq!(error["extensions"]["requestId"], request_id);
            }
        }
    }
}

#[tokio::test]
async fn what_is_accepted_and_what_is_sent_is_negotiated() {
    let street = Street::open().await;
    let body = json!({ "query": "{ position }" }).to_string();
    for (accept, answered) in [("", JSON), ("*/*", JSON), (JSON, JSON), (GRAPHQL, GRAPHQL)] {
        let response = post(&street, accept, JSON, body.clone()).await;
        assert!(content_type(&response).starts_with(answered), "{accept}");
    }
    assert_eq!(post(&street, "text/html", JSON, body.clone()).await.status(), 406);
    for (sent, status) in [
        ("application/json; charset=UTF-8", 200),
        ("application/json; charset=gb18030", 415),
        ("", 415),
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
        ("multipart/form-data; boundary=x", 415),
    ] {
        assert_eq!(post(&street, JSON, sent, body.clone()).await.status(), status, "{sent}");
    }
    let compressed = Client::new().post(street.url()).header(header::CONTENT_TYPE, JSON);
    let compressed = compressed.header(header::CONTENT_ENCODING, "gzip").body(body).send().await.unwrap();
    assert_eq!(compressed.status(), 415);
}

#[tokio::test]
async fn queries_go_by_get_and_mutations_do_not() {
    let street = Street::open().await;
    let get = async |parameters: &[(&str, &str)]| {
        let query: String = form(parameters);
        Client::new().get(format!("{}?{query}", street.url())).send().await.unwrap()
    };
    let response =
        get(&[("query", "query($id: ID!) { node(id: $id) { id } }"), ("variables", "{\"id\":\"x\"}")]).await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.json::<Value>().await.unwrap()["data"], json!({ "node": null }));
    let response = get(&[("query", "mutation { adoptPlan { position } }")]).await;
    assert_eq!(
        (response.status(), &response.headers()[header::ALLOW]),
        (StatusCode::METHOD_NOT_ALLOWED, &header::HeaderValue::from_static("POST"))
    );
    assert_eq!(get(&[]).await.status(), 400);
    assert_eq!(get(&[("query", "{ position }"), ("variables", "x")]).await.status(), 400);
    for method in [Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS] {
        let response = Client::new().request(method.clone(), street.url()).send().await.unwrap();
        assert_eq!(response.status(), 405, "{method}");
        assert_eq!(response.headers()[header::ALLOW], "GET, POST");
    }
}

fn form(parameters: &[(&str, &str)]) -> String {
    let encode = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    let pairs: Vec<String> =
        parameters.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
    pairs.join("&")
}

#[tokio::test]
async fn a_token_that_opens_no_door_is_401_and_nothing_runs() {
    let street = Street::open().await;
    for value in ["Bearer gj_nobody", "Bearer", "Basic Zm9v", "gj_nobody"] {
        let body = json!({ "query": "{ position }" });
        let request = Client::new().post(street.url()).header(header::AUTHORIZATION, value).json(&body);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 401, "{value}");
        assert_eq!(response.headers()[header::WWW_AUTHENTICATE], "Bearer");
        let answer: Value = response.json().await.unwrap();
        assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
        assert!(answer.get("data").is_none());
    }
}

#[tokio::test]
async fn a_failed_field_is_null_and_the_others_stand() {
    let street = Street::open().await;
    let body = json!({ "query": "{ position node(id: \"x\") { id } me { signedIn } }" }).to_string();
    let answer: Value = post(&street, GRAPHQL, JSON, body).await.json().await.unwrap();
    assert_eq!(answer["data"]["node"], Value::Null);
    assert_eq!(answer["data"]["me"], json!({ "signedIn": false }));
    assert_eq!(answer["errors"][0]["path"], json!(["node"]));
    assert_eq!(answer["errors"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn answers_keep_the_order_of_the_question() {
    let street = Street::open().await;
    let body = json!({ "query": "{ time position me { sight signedIn } }" }).to_string();
    let text = post(&street, JSON, JSON, body).await.text().await.unwrap();
    let order: Vec<usize> = ["time", "position", "me", "sight", "signedIn"]
        .iter()
        .map(|name| text.find(&format!("\"{name}\"")).unwrap())
        .collect();
    assert!(order.is_sorted(), "{text}");
}

#[tokio::test]
async fn a_request_id_is_echoed_and_headers_protect() {
    let street = Street::open().await;
    let response = Client::new()
        .get(format!("http://{}/health/live", street.address))
        .header("x-request-id", "trace-42")
        .send()
        .await
        .unwrap();
    assert_eq!(response.headers()["x-request-id"], "trace-42");
    assert_eq!(response.headers()[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    assert_eq!(response.headers()[header::X_FRAME_OPTIONS], "DENY");
    assert!(
        response.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap().contains("default-src 'self'")
    );
}

#[tokio::test]
async fn the_page_loads_nothing_from_elsewhere() {
    let street = Street::open().await;
    for (path, kind) in [("/", "text/html"), ("/console.css", "text/css"), ("/console.js", "text/javascript")]
    {
        let response = reqwest::get(format!("http://{}{path}", street.address)).await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        assert!(content_type(&response).starts_with(kind), "{path}");
        let text = response.text().await.unwrap();
        assert!(!text.is_empty(), "{path}");
        assert!(!text.contains("https://") && !text.contains("http://"), "{path} names another host");
        if path == "/" {
            assert!(
                !text.contains("<style") && !text.contains(" style=") && !text.contains("onclick"),
                "{path}"
            );
        }
    }
}

#[tokio::test]
async fn health_tells_life_and_readiness() {
    let street = Street::open().await;
    let get = async |path: &str| reqwest::get(format!("http://{}{path}", street.address)).await.unwrap();
    assert_eq!(get("/health/live").await.json::<Value>().await.unwrap(), json!({ "status": "live" }));
    let ready: Value = get("/health/ready").await.json().await.unwrap();
    assert_eq!(ready, json!({ "status": "ready", "position": street.ledger.state().position().to_string() }));
    street.ledger.close().await;
    let response = get("/health/ready").await;
    assert_eq!(response.status(), 503);
    let told: Value = response.json().await.unwrap();
    assert_eq!(
        (&told["status"], &told["why"]),
        (&json!("readOnly"), &json!("take commands: the writer has stopped"))
    );
}

#[tokio::test]
async fn on_a_full_disk_readiness_says_so_until_there_is_room_again() {
    let (log, switches) = FaultyLog::switched(MemoryLog::new());
    let street = Street::open_on(log, ServerConfig::default()).await;
    let ready = async || {
        let response = reqwest::get(format!("http://{}/health/ready", street.address)).await.unwrap();
        (response.status().as_u16(), response.json::<Value>().await.unwrap())
    };
    let post = "mutation { postNeed(input: { title: \"路灯\" }) { need { id } } }";
    switches.fill(true);
    let (status, told) = ready().await;
    assert_eq!((status, &told["status"]), (503, &json!("noRoom")));
    assert!(told["why"].as_str().unwrap().contains("full"), "{told}");
    let refused = street.ask(&street.officer, post, json!({})).await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "UNAVAILABLE");
    let read = street.ask(&street.officer, "{ needs { totalCount } }", json!({})).await;
    assert_eq!(read["data"]["needs"]["totalCount"], 0, "reads go on");
    switches.fill(false);
    let (status, told) = ready().await;
    assert_eq!((status, &told["status"]), (200, &json!("ready")));
    let done = street.ask(&street.officer, post, json!({})).await;
    assert!(done["data"]["postNeed"]["need"]["id"].is_string(), "{done}");
}

#[tokio::test]
async fn a_fault_of_the_program_is_told_to_whoever_met_it_and_to_nobody_else() {
    let (log, switches) = FaultyLog::switched(MemoryLog::new());
    let street = Street::open_on(log, ServerConfig::default()).await;
    switches.panic_at(storage::RequestId::new("poison").unwrap());
    let post = |request: &str| {
        let input = format!("title: \"路灯\", requestId: \"{request}\"");
        format!("mutation {{ postNeed(input: {{ {input} }}) {{ need {{ id }} }} }}")
    };
    let failed = street.ask(&street.officer, &post("poison"), json!({})).await;
    let error = &failed["errors"][0];
    assert_eq!(error["extensions"]["code"], "INTERNAL");
    assert!(error["extensions"]["requestId"].is_string(), "{error}");
    assert!(!error["message"].as_str().unwrap().contains("ordered"), "{error}");
    let done = street.ask(&street.officer, &post("sound"), json!({})).await;
    assert!(done["data"]["postNeed"]["need"]["id"].is_string(), "{done}");
    let ready = reqwest::get(format!("http://{}/health/ready", street.address)).await.unwrap();
    assert_eq!(ready.status(), 200);
}

#[tokio::test]
async fn after_a_flush_that_failed_nothing_is_written_what_was_acknowledged_is_read_and_readiness_says_so() {
    let sound = Street::open().await;
    let appends = sound.ledger.state().position().0;
    let log = FaultyLog::new(MemoryLog::new(), [(appends + 3, Failure::UnknownAndLost)]);
    let street = Street::open_on(log, ServerConfig::default()).await;
    let post = "mutation { postNeed(input: { title: \"路灯\" }) { need { id } userErrors { code } } }";
    let mut acknowledged = Vec::new();
    let refused = loop {
        let answer = street.ask(&street.officer, post, json!({})).await;
        match &answer["data"]["postNeed"]["need"]["id"] {
            Value::Null => break answer,
            id => acknowledged.push(id.clone()),
        }
        assert!(acknowledged.len() < 10, "the flush was to fail");
    };
    assert!(!acknowledged.is_empty());
    // Nobody can say of the first whether it is on the disk; of those after it, that they are not.
    let next = street.ask(&street.officer, post, json!({})).await;
    for (answer, code) in [(refused, "OUTCOME_UNKNOWN"), (next, "UNAVAILABLE")] {
        assert_eq!(answer["errors"][0]["extensions"]["code"], code);
    }
    let read = street.ask(&street.officer, "{ needs { nodes { id } } }", json!({})).await;
    let read: Vec<Value> =
        read["data"]["needs"]["nodes"].as_array().unwrap().iter().map(|it| it["id"].clone()).collect();
    assert_eq!(read, acknowledged);
    let ready = reqwest::get(format!("http://{}/health/ready", street.address)).await.unwrap();
    assert_eq!(ready.status(), 503);
    assert_eq!(ready.json::<Value>().await.unwrap()["status"], "readOnly");
}

#[tokio::test]
async fn what_the_ledger_cannot_do_is_an_error_of_the_server() {
    let street = Street::open().await;
    street.ledger.close().await;
    let query = "mutation { postNeed(input: { title: \"x\" }) { need { id } } }";
    let answer = street.ask(&street.officer, query, json!({})).await;
    assert_eq!(answer["data"], json!({ "postNeed": null }));
    assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAVAILABLE");
}

#[tokio::test]
async fn the_server_ends_cleanly_and_closes_the_ledger() {
    let street = Street::open().await;
    let (address, ledger) = (street.address, street.ledger.clone());
    street.close().await;
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
    assert!(matches!(ledger.health(), storage::Health::ReadOnly { .. }));
}

#[tokio::test]
async fn what_is_nowhere_and_what_a_route_does_not_do_are_told_in_json() {
    let street = Street::open().await;
    for (method, path, status, code) in [
        (Method::GET, "/nowhere", 404, "NOT_FOUND"),
        (Method::POST, "/graphql/", 404, "NOT_FOUND"),
        (Method::POST, "/metrics", 405, "METHOD_NOT_ALLOWED"),
    ] {
        let url = format!("http://{}{path}", street.address);
        let response = Client::new().request(method, url).send().await.unwrap();
        assert_eq!(response.status(), status, "{path}");
        assert!(content_type(&response).starts_with(JSON), "{path}");
        let request_id = response.headers()["x-request-id"].to_str().unwrap().to_owned();
        let allows = response.headers().contains_key(header::ALLOW);
        assert_eq!(allows, status == 405, "{path}");
        let answer: Value = response.json().await.unwrap();
        let extensions = &answer["errors"][0]["extensions"];
        assert_eq!((&extensions["code"], &extensions["requestId"]), (&json!(code), &json!(request_id)));
        assert!(answer.get("data").is_none(), "{answer}");
    }
    let plain = reqwest::get(format!("http://{}/health/live", street.address)).await.unwrap();
    assert!(!plain.headers().contains_key(header::STRICT_TRANSPORT_SECURITY), "nothing is spoken but plain");
}
