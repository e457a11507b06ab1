//! Who may ask how often, from where, and what: the switches of `gongjian serve` on the real program.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails loudly")]

use reqwest::{Method, Response, header};
use serde_json::{Value, json};
use tempfile::{TempDir, tempdir};
use tests::{client::Client, program::Server};

fn serve(arguments: &[&str]) -> (Server, TempDir) {
    let data = tempdir().unwrap();
    let arguments: Vec<&str> = ["--demo"].iter().chain(arguments).copied().collect();
    (Server::start(data.path(), &arguments), data)
}

fn member(server: &Server, role: &str) -> Client {
    Client::member(&server.address, &server.token(role))
}

const QUERY: &str = "{ position }";

async fn status(client: &Client) -> u16 {
    client.request(QUERY).send().await.unwrap().status().as_u16()
}

async fn code(response: Response) -> String {
    let answer: Value = response.json().await.unwrap();
    assert!(answer["errors"][0]["extensions"]["requestId"].is_string(), "{answer}");
    answer["errors"][0]["extensions"]["code"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn each_member_and_each_address_asks_so_often_and_is_told_when_to_ask_again() {
    let (server, _data) = serve(&["--member-rate", "1", "--address-rate", "1"]);
    let (one, other, public) =
        (member(&server, "OBSERVER"), member(&server, "COORDINATOR"), Client::public(&server.address));
    for client in [&one, &public] {
        for _ in 0..4 {
            assert_eq!(status(client).await, 200);
        }
        // Slow machines give one back meanwhile.
        let mut refused = client.request(QUERY).send().await.unwrap();
        for _ in 0..4 {
            if refused.status() != 429 {
                refused = client.request(QUERY).send().await.unwrap();
            }
        }
        assert_eq!(refused.status(), 429);
        let seconds: u64 = refused.headers()[header::RETRY_AFTER].to_str().unwrap().parse().unwrap();
        assert!((1..=2).contains(&seconds), "{seconds}");
        assert_eq!(code(refused).await, "RATE_LIMITED");
    }
    assert_eq!(status(&other).await, 200, "another member has its own share");
    server.stop();
}

#[tokio::test]
async fn wrong_tokens_are_slowed_and_logged_and_lock_no_right_one_out() {
    let (server, _data) = serve(&[]);
    let (stranger, member) = (Client::member(&server.address, "gj_wrong"), member(&server, "OBSERVER"));
    let mut statuses = Vec::new();
    for _ in 0..12 {
        let response = stranger.request(QUERY).send().await.unwrap();
        statuses.push(response.status().as_u16());
        let code = code(response).await;
        assert_eq!(code, if statuses.last() == Some(&429) { "RATE_LIMITED" } else { "UNAUTHENTICATED" });
    }
    assert_eq!(statuses[..10], [401; 10]);
    assert!(statuses.contains(&429), "{statuses:?}");
    assert_eq!(status(&member).await, 200);
    let log = server.log();
    assert_eq!(log.matches("a sign-in failed").count(), 12, "{log}");
    assert!(log.contains("127.0.0.1") && !log.contains("gj_wrong"), "{log}");
    server.stop();
}

#[tokio::test]
async fn pages_of_other_origins_ask_only_where_they_are_named() {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let preflight = async |server: &Server, origin: &'static str| {
        http.request(Method::OPTIONS, format!("http://{}/graphql", server.address))
            .header(header::ORIGIN, origin)
            .header(header::ACCESS_CONTROL_REQUEST_METHOD, "POST")
            .header(header::ACCESS_CONTROL_REQUEST_HEADERS, "authorization,content-type")
            .send()
            .await
            .unwrap()
    };
    let (closed, _data) = serve(&[]);
    let refused = preflight(&closed, "https://screen.example").await;
    assert_eq!(refused.status(), 405);
    assert!(!refused.headers().contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN));
    closed.stop();

    let (open, _data) = serve(&["--cors", "https://screen.example"]);
    let allowed = preflight(&open, "https://screen.example").await;
    assert_eq!(allowed.status(), 200);
    assert_eq!(allowed.headers()[header::ACCESS_CONTROL_ALLOW_ORIGIN], "https://screen.example");
    assert!(
        !preflight(&open, "https://elsewhere.example")
            .await
            .headers()
            .contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN)
    );
    let url = format!("http://{}/graphql?query=%7Bposition%7D", open.address);
    let asked = http.get(url).header(header::ORIGIN, "https://screen.example").send().await.unwrap();
    assert_eq!(asked.headers()[header::ACCESS_CONTROL_ALLOW_ORIGIN], "https://screen.example");
    let vary: Vec<_> =
        asked.headers().get_all(header::VARY).iter().map(|it| it.to_str().unwrap().to_lowercase()).collect();
    assert!(vary.join(",").contains("origin"), "{vary:?}");
    open.stop();
}

/// Sends any body as the public.
async fn post(server: &Server, body: Value) -> Value {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = http.post(format!("http://{}/graphql", server.address)).json(&body);
    request.send().await.unwrap().json().await.unwrap()
}

fn persisted(hash: &str) -> Value {
    json!({ "persistedQuery": { "version": 1, "sha256Hash": hash } })
}

/// The SHA-256 of `{ position }`.
const HASH: &str = "1a8e8298fae0904fde4e4d25f06c05190c33495eedcc6f775b8289fb775d66d7";

#[tokio::test]
async fn a_document_is_registered_once_and_then_known_by_its_hash() {
    let (server, _data) = serve(&[]);
    let unknown = post(&server, json!({ "extensions": persisted(HASH) })).await;
    assert_eq!(unknown["errors"][0]["message"], "PersistedQueryNotFound");
    assert_eq!(unknown["errors"][0]["extensions"]["code"], "PERSISTED_QUERY_NOT_FOUND");
    let sent = post(&server, json!({ "query": QUERY, "extensions": persisted(HASH) })).await;
    assert!(sent["data"]["position"].is_string(), "{sent}");
    let known = post(&server, json!({ "extensions": persisted(HASH) })).await;
    assert_eq!(known["data"], sent["data"]);
    let forged = post(&server, json!({ "query": "{ time }", "extensions": persisted(HASH) })).await;
    assert_eq!(forged["errors"][0]["extensions"]["code"], "BAD_REQUEST");
    server.stop();
}

#[tokio::test]
async fn with_a_list_of_documents_nothing_else_runs() {
    let list = tempdir().unwrap();
    let file = list.path().join("documents.json");
    std::fs::write(&file, json!({ "board": QUERY }).to_string()).unwrap();
    let (server, _data) = serve(&["--documents", file.to_str().unwrap()]);
    for listed in [
        json!({ "documentId": "board" }),
        json!({ "query": QUERY }),
        json!({ "extensions": persisted(HASH) }),
    ] {
        let answer = post(&server, listed.clone()).await;
        assert!(answer["data"]["position"].is_string(), "{listed}: {answer}");
    }
    for other in [
        json!({ "documentId": "other" }),
        json!({ "query": "{ time }" }),
        json!({ "query": "{ __schema { types { name } } }" }),
    ] {
        let answer = post(&server, other.clone()).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "DOCUMENT_NOT_LISTED", "{other}: {answer}");
    }
    server.stop();
}

#[tokio::test]
async fn without_introspection_nobody_asks_about_the_schema() {
    let (server, _data) = serve(&["--no-introspection"]);
    let answer = post(&server, json!({ "query": "{ __type(name: \"Need\") { name } }" })).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED", "{answer}");
    assert!(answer.get("data").is_none());
    assert_eq!(post(&server, json!({ "query": "{ __typename }" })).await["data"]["__typename"], "Query");
    server.stop();
}
