//! GraphQL over HTTP to the letter: the audits of the npm package `graphql-http`, MUST, SHOULD and MAY, against the real
//! program.

use std::process::Command;
use tempfile::tempdir;
use tests::{
    drivers::{all_pass, npm, run, tell},
    program::Server,
};

/// The audits of graphql-http 1.23.1: the number is here so that a version that has fewer is noticed.
const AUDITS: usize = 61;

#[test]
fn every_audit_of_graphql_http_passes() {
    let Some(directory) = npm("tests/clients") else { return };
    let data = tempdir().unwrap();
    let server = Server::start(data.path(), &["--demo"]);
    let url = format!("http://{}/graphql", server.address);
    let report = run(Command::new("node").args(["audits.mjs", &url]), &directory);
    for level in ["MUST", "SHOULD", "MAY"] {
        let of_level = report.iter().filter(|it| it["name"].as_str().is_some_and(|it| it.starts_with(level)));
        let passed = of_level.clone().filter(|it| it["ok"] == true).count();
        tell(&format!("graphql-http {level}: {passed} of {}", of_level.count()));
    }
    all_pass("graphql-http audits", &report, AUDITS);
}
