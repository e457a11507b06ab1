//! Random documents from the schema itself, made by schemathesis: whatever is asked, the real program answers without a fault
//! of its own, in bounded memory. The same seed asks the same.

use serde_json::json;
use std::{env, fs, process::Command, time::Instant};
use tempfile::tempdir;
use tests::{
    drivers::{python_with, run, tell},
    program::{self, Server, root},
};

/// What the random choices begin with.
const SEED: u64 = 20_261_122;

/// How much the memory of the server may grow, in KiB.
const GROWTH_MAX: u64 = 300 << 10;

#[test]
fn no_random_document_is_a_fault_of_the_server() {
    let Some(python) = python_with("schemathesis") else { return };
    // All of them where the clients have to be there, fewer at a desk.
    let cases: u32 = if env::var("GONGJIAN_CLIENTS").is_ok_and(|it| it == "required") { 2_000 } else { 300 };
    let (data, keys) = (tempdir().unwrap(), tempdir().unwrap());
    let schema = keys.path().join("schema.graphql");
    fs::write(&schema, program::run(&["schema"], None, [])).unwrap();
    let key = keys.path().join("vault.key");
    let flags = ["--demo", "--member-rate", "0", "--vault-key", key.to_str().unwrap()];
    let server = Server::start(data.path(), &flags);
    let before = server.memory();
    let (url, token) = (format!("http://{}/graphql", server.address), server.token("COORDINATOR"));
    let began = Instant::now();
    let mut fuzz = Command::new(python);
    fuzz.arg("fuzz.py").args([&url, &token, &cases.to_string(), &SEED.to_string()]).arg(&schema);
    let said = run(&mut fuzz, &root().join("tests/clients"));
    let report = said.last().unwrap();
    let grown = server.memory().saturating_sub(before);
    tell(&format!("{report}"));
    tell(&format!("{:?}, memory of the server grew by {} MiB", began.elapsed(), grown >> 10));
    assert_eq!(report["wrongs"], json!(0), "{report}");
    assert!(report["cases"].as_u64().unwrap() >= u64::from(cases), "{report}");
    assert!(
        report["ran"].as_u64().unwrap() * 2 > u64::from(cases),
        "most have to pass the checks before: {report}"
    );
    assert!(grown < GROWTH_MAX, "memory grew by {grown} KiB");
    assert!(!server.log().contains("panicked"), "{}", server.log());
    server.stop();
}
