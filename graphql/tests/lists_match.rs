//! `gongjian match` as a user runs it: one JSON object, certified, with every row under its own name.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails loudly")]

use serde_json::Value;
use std::{
    io::{BufRead, BufReader},
    process::{Command, Output, Stdio},
};

fn gongjian(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_gongjian"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("GONGJIAN_LANG", "en")
        .output()
        .unwrap()
}

fn plan_of(arguments: &[&str]) -> Value {
    let output = gongjian(&[&["match", "--json", "--today", "2026-03-01"], arguments].concat());
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

const DEMO: [&str; 6] = [
    "demo/street.jsonl",
    "demo/organizations.jsonl",
    "demo/roster.jsonl",
    "demo/needs.jsonl",
    "demo/resources.jsonl",
    "demo/projects.jsonl",
];

fn list<'a>(value: &'a Value, pointer: &str) -> &'a Vec<Value> {
    value.pointer(pointer).and_then(Value::as_array).unwrap()
}

#[test]
fn the_plan_of_the_demo_street_is_certified_and_names_the_rows() {
    let answer = plan_of(&DEMO);
    let plan = &answer["plan"];
    assert!(plan["objective"].as_u64().unwrap() > 0);
    assert_eq!(plan["objective"], plan["bound"]);
    assert_eq!(answer["problems"], Value::Array(Vec::new()));
    assert_eq!(answer["suggestions"], Value::Array(Vec::new()));
    let given = |resource: &str| -> Vec<(&str, u64)> {
        let of = list(plan, "/pairings").iter().filter(|pairing| pairing["resource"] == resource);
        of.map(|it| (it["need"].as_str().unwrap(), it["quantity"].as_u64().unwrap())).collect()
    };
    // One car park at night for three communities: 20 + 25 + 30 asked, 60 there.
    assert_eq!(given("R-004"), [("N-004", 20), ("N-005", 25), ("N-006", 15)]);
    // Night parking against day parking.
    assert_eq!((given("R-005"), given("R-006")), (vec![("N-007", 80)], vec![("N-008", 50)]));
    // The leaning wall: built, painted and paid, all or nothing; the wall itself is not matched a second time.
    let slots = [("R-001", ("J-001#1", 1)), ("R-002", ("J-001#2", 84)), ("R-003", ("J-001#3", 45_000))];
    for (resource, slot) in slots {
        assert!(given(resource).contains(&slot), "{resource}: {:?}", given(resource));
    }
    let wall = list(plan, "/unmet").iter().find(|unmet| unmet["need"] == "N-001").unwrap();
    assert_eq!(wall["reasons"][0]["code"], "CARRIED_BY_PROJECT");
}

#[test]
fn published_rows_are_matched_and_every_need_gets_its_candidates() {
    let published = "../engine/data/published_lists.jsonl";
    let answer = plan_of(&[published, "--suggestions", "3"]);
    assert_eq!(answer["plan"]["objective"], answer["plan"]["bound"]);
    assert_eq!(answer["problems"], Value::Array(Vec::new()));
    let suggestions = list(&answer, "/suggestions");
    assert_eq!(suggestions.len(), 115, "settled needs too");
    for suggestion in suggestions {
        let fits: Vec<u64> = list(suggestion, "/candidates")
            .iter()
            .map(|candidate| candidate["fit"].as_u64().unwrap())
            .collect();
        assert!(fits.len() <= 3 && fits.is_sorted_by(|one, next| one >= next), "{suggestion}");
    }
    let settled = list(&answer, "/plan/unmet").iter().find(|unmet| unmet["need"] == "N006").unwrap();
    assert_eq!(settled["reasons"][0]["code"], "ALREADY_SETTLED");

    let open = plan_of(&[published, "--ignore-status"]);
    assert_eq!(open["plan"]["objective"], open["plan"]["bound"]);
    assert!(list(&open, "/plan/pairings").len() > list(&answer, "/plan/pairings").len());
    let codes = |answer: &Value| answer.to_string().contains("ALREADY_SETTLED");
    assert!(codes(&answer) && !codes(&open));
}

#[test]
fn bad_rows_are_said_and_do_not_stop_the_plan() {
    let file = "tests/fixtures/bad_rows.jsonl";
    let output = gongjian(&["match", file, "--json"]);
    assert!(output.status.success());
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(errors.contains("tests/fixtures/bad_rows.jsonl:9: from: \"明天\" is not a date"), "{errors}");
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    let lines: Vec<u64> =
        list(&answer, "/problems").iter().map(|problem| problem["line"].as_u64().unwrap()).collect();
    assert_eq!(lines, (2..=23).collect::<Vec<u64>>());
    let unmet: Vec<&Value> = list(&answer, "/plan/unmet").iter().map(|unmet| &unmet["need"]).collect();
    assert_eq!(unmet, ["G1", "G24"]);
}

#[test]
fn rows_without_an_id_are_named_by_their_line() {
    let one = plan_of(&["tests/fixtures/duplicates.jsonl"]);
    assert!(one.to_string().contains("\"line 2\""), "{one}");
    let several = plan_of(&["tests/fixtures/duplicates.jsonl", "tests/fixtures/needs.tsv"]);
    assert!(several.to_string().contains("\"tests/fixtures/duplicates.jsonl:line 2\""), "{several}");
}

#[test]
fn a_failure_is_one_line_and_status_1() {
    for arguments in [&["match", "no-such-file.jsonl"][..], &["match"], &["verify", "--data", "no-such-log"]]
    {
        let output = gongjian(arguments);
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert!(errors.starts_with("gongjian: ") && errors.lines().count() == 1, "{errors}");
    }
}

#[test]
fn an_import_counts_what_went_in_and_says_by_its_status_whether_all_did() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().to_str().unwrap();
    let import = |file: &str| gongjian(&["import", "--data", data, file]).status.code();
    assert_eq!(import("demo/street.jsonl"), Some(0));
    assert_eq!(import("tests/fixtures/bad_rows.jsonl"), Some(2));
    assert_eq!(import("no-such-file.jsonl"), Some(1));
    let first = gongjian(&["verify", "--data", data]);
    assert!(first.status.success(), "{first:?}");
    assert_eq!(import("tests/fixtures/bad_rows.jsonl"), Some(2));
    assert_eq!(
        gongjian(&["verify", "--data", data]).stdout,
        first.stdout,
        "the second import changed nothing"
    );

    let added = gongjian(&["member", "add", "--data", data, "--role", "coordinator"]);
    assert!(String::from_utf8(added.stdout).unwrap().starts_with("gj_"));
    let nobody = ["member", "add", "--data", data, "--role", "observer", "--organization", "清河乔街道"];
    let said = String::from_utf8(gongjian(&nobody).stderr).unwrap();
    assert!(said.contains("did you mean \"清河桥街道\"?"), "{said}");
    let listed = gongjian(&["member", "list", "--data", data]);
    assert!(String::from_utf8(listed.stdout).unwrap().contains("COORDINATOR"));
}

/// Starts a server on the demo street and stops it when it is ready; what it printed until then.
fn served_demo(data: &str) -> Vec<String> {
    let mut server = Command::new(env!("CARGO_BIN_EXE_gongjian"))
        .args(["serve", "--demo", "--data", data, "--listen", "127.0.0.1:0"])
        .env("GONGJIAN_LANG", "en")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut printed = Vec::new();
    for line in BufReader::new(server.stdout.take().unwrap()).lines() {
        printed.push(line.unwrap());
        if printed.last().is_some_and(|line| line.starts_with("listening on http://127.0.0.1:")) {
            break;
        }
    }
    let in_use = gongjian(&["verify", "--data", data]);
    server.kill().unwrap();
    server.wait().unwrap();
    assert!(String::from_utf8(in_use.stderr).unwrap().contains("in use by another process"));
    printed
}

#[test]
fn a_demo_server_prints_a_token_per_role_and_then_its_address_on_each_start() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().to_str().unwrap();
    let (first, second) = (served_demo(data), served_demo(data));
    for printed in [&first, &second] {
        let roles: Vec<&str> = printed.iter().filter_map(|line| line.split(' ').nth(1)).collect();
        assert_eq!(roles, ["COORDINATOR", "COMMUNITY_OFFICER", "UNIT_LIAISON", "OBSERVER", "on"]);
    }
    assert_ne!(first, second, "tokens are fresh");
    assert!(gongjian(&["verify", "--data", data]).status.success(), "also after being killed");
}
