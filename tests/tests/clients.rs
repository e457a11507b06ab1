//! Other people's clients work against the real program: graphql-ws by every rule of its protocol, and the examples with
//! Apollo Client, GraphQL Code Generator, Relay and Python's gql.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails loudly")]

use serde_json::Value;
use std::process::Command;
use tempfile::tempdir;
use tests::{
    drivers::{all_pass, npm, python, run, tell},
    program::Server,
};

/// The rules in `clients/sockets.mjs`.
const RULES: usize = 19;

#[test]
fn graphql_ws_finds_every_rule_of_its_protocol_kept() {
    let Some(directory) = npm("tests/clients") else { return };
    let data = tempdir().unwrap();
    let server = Server::start(data.path(), &["--demo"]);
    let url = format!("ws://{}/graphql", server.address);
    let token = server.token("COORDINATOR");
    let report = run(Command::new("node").args(["sockets.mjs", &url, &token]), &directory);
    all_pass("graphql-ws rules", &report, RULES);
}

/// Runs an example against a demo street of its own; the last line it prints names its client.
fn example(client: &str, command: &mut Command) {
    let data = tempdir().unwrap();
    let server = Server::start(data.path(), &["--demo"]);
    command
        .env("GONGJIAN_URL", format!("http://{}/graphql", server.address))
        .env("GONGJIAN_TOKEN", server.token("COORDINATOR"));
    let said = run(command, &tests::program::root().join("graphql/examples"));
    let report = said.last().unwrap_or_else(|| panic!("{client} said nothing"));
    assert_eq!(report["client"], client, "{report}");
    assert!(report["needs"].as_u64().is_some_and(|needs| needs > 0), "{report}");
    tell(&format!("{client}: {}", Value::to_string(report)));
    server.stop();
}

#[test]
fn the_examples_in_javascript_work() {
    if npm("graphql/examples").is_none() {
        return;
    }
    for client in ["apollo", "codegen", "relay"] {
        example(client, Command::new("npm").args(["run", "--silent", client]));
    }
}

#[test]
fn the_example_in_python_works() {
    let Some(python) = python() else { return };
    example("gql", Command::new(python).arg("python/board.py"));
}
