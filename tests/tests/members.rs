//! Logins from the command line: added, given one more token for a time, one token ended, and all of them.
#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

use serde_json::json;
use std::path::Path;
use tempfile::tempdir;
use tests::{
    client::Client,
    program::{Server, run},
};

fn member(data: &Path, task: &[&str]) -> String {
    let task: Vec<&str> = ["member"].iter().chain(task).copied().collect();
    run(&task, Some(data), []).trim_end().to_owned()
}

/// The statuses that these tokens are answered with.
async fn statuses(data: &Path, tokens: &[&str]) -> Vec<u16> {
    let server = Server::start(data, &[]);
    let mut statuses = Vec::new();
    for token in tokens {
        let client = Client::member(&server.address, token);
        statuses.push(client.try_ask("{ me { role } }", json!({})).await.unwrap().0);
    }
    server.stop();
    statuses
}

#[tokio::test]
async fn the_first_coordinator_is_made_on_the_command_line_and_its_tokens_are_ended_there() {
    let data = tempdir().unwrap();
    let data = data.path();
    let empty = Server::start(data, &["--street", "清河桥街道"]);
    assert!(empty.log().contains("gongjian member add --role coordinator"), "{}", empty.log());
    empty.stop();

    let first = member(data, &["add", "--role", "coordinator", "--label", "office"]);
    let guest = member(data, &["add", "--role", "observer", "--label", "guest", "--days", "7"]);
    let phone = member(data, &["token", "1", "--label", "phone", "--days", "30"]);
    assert!(first.starts_with("gj_") && phone.starts_with("gj_") && first != phone);
    let list = member(data, &["list"]);
    assert!(list.contains("office") && list.contains("phone (– ") && list.contains("guest (– "), "{list}");
    assert_eq!(statuses(data, &[&first, &phone, &guest]).await, [200, 200, 200]);

    member(data, &["revoke", "1", "--label", "office"]);
    assert_eq!(statuses(data, &[&first, &phone]).await, [401, 200]);
    member(data, &["revoke", "1"]);
    assert_eq!(statuses(data, &[&first, &phone]).await, [401, 401]);
}
