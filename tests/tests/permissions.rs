//! Who may do what, as a table: every query, mutation and subscription, every role, every cell tried on the real program.
//!
//! In a column `y` means that it was done or shown, `.` that it was refused with `NOT_ALLOWED`; `n` that the right was there and the state of the thing stood
//! against it (rights are judged first); there is nothing else. An operation the schema has and the table has
//! not is a failure, so nothing new goes untold.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails loudly")]

#[path = "permissions/place.rs"]
mod place;
#[path = "permissions/rows.rs"]
mod rows;
#[path = "permissions/scene.rs"]
mod scene;
#[path = "permissions/strangers.rs"]
mod strangers;
#[path = "permissions/table.rs"]
mod table;
#[path = "permissions/viewers.rs"]
mod viewers;

use scene::Scene;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use table::{QUERIES, SUBSCRIPTIONS, mutations};
use tempfile::tempdir;
use tests::{client::Client, drivers::tell, program::Server};
use viewers::Viewers;

/// The columns: a coordinator, an officer of a community, a liaison of a unit, an observer, the public.
const ROLES: [&str; 5] = ["COORDINATOR", "COMMUNITY_OFFICER", "UNIT_LIAISON", "OBSERVER", "PUBLIC"];

/// The letter of an answer; `?` for one that no table has.
fn cell(answer: &Value) -> char {
    // A list says for each of its rows what right is missing.
    let mut codes: Vec<&str> = answer["errors"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|error| error["extensions"]["code"].as_str().unwrap())
        .chain(
            answer["data"]
                .as_object()
                .into_iter()
                .flat_map(|data| data.values())
                .filter_map(|payload| payload.get("userErrors")?.as_array())
                .flatten()
                .map(|error| error["code"].as_str().unwrap()),
        )
        .collect();
    codes.dedup();
    match codes[..] {
        [] if answer["data"].as_object().is_some_and(|data| data.values().all(|it| !it.is_null())) => 'y',
        ["NOT_ALLOWED"] => '.',
        [_] if answer["errors"].is_null() => 'n',
        _ => '?',
    }
}

fn field(row: &str) -> String {
    row.chars().take_while(char::is_ascii_alphanumeric).collect()
}

#[tokio::test]
async fn every_viewer_sees_the_rows_of_the_table_by_every_path_and_nobody_touches_those_of_others() {
    let data = tempdir().unwrap();
    let keys = tempdir().unwrap();
    let key = keys.path().join("vault.key");
    let server = Server::start(data.path(), &["--demo", "--vault-key", key.to_str().unwrap()]);
    let mut scene = Scene::open(&server).await;
    let viewers = Viewers::open(&mut scene, &server).await;
    let (mut wrong, mut cells) = (Vec::new(), 0);
    let mut judge = |row: &str, expected: &str, told: Vec<(char, Value)>| {
        cells += told.len();
        let found: String = told.iter().map(|(cell, _)| *cell).collect();
        if found != expected {
            let answers: Vec<String> = told.iter().map(|(_, answer)| answer.to_string()).collect();
            wrong.push(format!(
                "{row}\n  found {found}, the table says {expected}\n  {}",
                answers.join("\n  ")
            ));
        }
    };
    for (row, expected, told) in rows::cells(&mut scene, &viewers).await {
        judge(&row, expected, told);
    }
    for (row, expected, told) in strangers::refused(&mut scene, &viewers).await {
        judge(&row, expected, told.into_iter().map(|answer| (cell(&answer), answer)).collect());
    }
    tell(&format!("{cells} cells of the table of rows, {} rows wrong", wrong.len()));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    server.stop();
}

#[tokio::test]
async fn what_a_caller_does_not_see_is_refused_as_what_is_not_there() {
    let data = tempdir().unwrap();
    let keys = tempdir().unwrap();
    let key = keys.path().join("vault.key");
    let server = Server::start(data.path(), &["--demo", "--vault-key", key.to_str().unwrap()]);
    let mut scene = Scene::open(&server).await;
    let viewers = Viewers::open(&mut scene, &server).await;
    // They are told the number that they gave.
    let without_numbers = |answer: &Value| answer.to_string().replace(|it: char| it.is_ascii_digit(), "");
    let (mut wrong, mut compared) = (Vec::new(), 0);
    for (row, [hidden, absent]) in strangers::told_of_hidden(&mut scene, &viewers).await {
        compared += 1;
        let errors = hidden["data"].as_object().unwrap().values().next().unwrap()["userErrors"].clone();
        let is_refused = errors.as_array().is_some_and(|it| !it.is_empty());
        if !is_refused || without_numbers(&hidden) != without_numbers(&absent) {
            wrong.push(format!("{row}\n  hidden {hidden}\n  absent {absent}"));
        }
    }
    tell(&format!("{compared} refusals of hidden things compared, {} unlike", wrong.len()));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(compared > 100, "{compared}");
    server.stop();
}

#[tokio::test]
async fn every_role_may_what_the_table_says_and_nothing_else() {
    let data = tempdir().unwrap();
    let keys = tempdir().unwrap();
    let key = keys.path().join("vault.key");
    let server = Server::start(data.path(), &["--demo", "--vault-key", key.to_str().unwrap()]);
    let mut scene = Scene::open(&server).await;
    let clients = ROLES.map(|role| match role {
        "PUBLIC" => Client::public(&server.address),
        role => Client::member(&server.address, &server.token(role)),
    });
    // Of `latestPlan` there has to be one.
    scene.make("$plan").await;
    let (mut wrong, mut cells) = (Vec::new(), 0);
    let mut judge = |row: &str, expected: &str, told: Vec<(char, Value)>| {
        cells += told.len();
        let found: String = told.iter().map(|(cell, _)| *cell).collect();
        if found != expected {
            let answers: Vec<String> = told.iter().map(|(_, answer)| answer.to_string()).collect();
            wrong.push(format!(
                "{row}\n  found {found}, the table says {expected}\n  {}",
                answers.join("\n  ")
            ));
        }
    };
    for (row, expected) in QUERIES {
        let mut told = Vec::new();
        for client in &clients {
            let query = format!("{{ {} }}", scene.fill_text(row).await);
            let answer = client.ask(&query, json!({})).await;
            told.push((cell(&answer), answer));
        }
        judge(row, expected, told);
    }
    for (name, input, expected) in mutations() {
        let mut told = Vec::new();
        for client in &clients {
            let answer = if input.is_null() {
                client.ask(&format!("mutation {{ {name} {{ userErrors {{ code }} }} }}"), json!({})).await
            } else {
                let kind = name[..1].to_uppercase() + &name[1..];
                let document = format!(
                    "mutation($input: {kind}Input!) {{ {name}(input: $input) {{ userErrors {{ code }} }} }}"
                );
                client.ask(&document, json!({ "input": scene.fill(&input).await })).await
            };
            told.push((cell(&answer), answer));
        }
        judge(&format!("{name} {input}"), expected, told);
    }
    for (row, expected) in SUBSCRIPTIONS {
        let mut told = Vec::new();
        for client in &clients {
            let answer = client.first(&format!("subscription {{ {row} }}")).await;
            told.push((cell(&answer), answer));
        }
        judge(row, expected, told);
    }
    for (row, expected, answer) in place::answers(&mut scene, &server.address).await {
        judge(&row, expected, vec![(cell(&answer), answer)]);
    }
    tell(&format!("{cells} cells of the permission table, {} rows wrong", wrong.len()));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));

    let fields = "{ __schema { queryType { fields { name } } mutationType { fields { name } } subscriptionType { fields { name } } } }";
    let schema = scene.coordinator.data(fields, json!({})).await;
    let of = |kind: &str| -> BTreeSet<String> {
        let fields = schema["__schema"][kind]["fields"].as_array().unwrap();
        fields.iter().map(|field| field["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(of("queryType"), QUERIES.iter().map(|(row, _)| field(row)).collect());
    assert_eq!(of("mutationType"), mutations().iter().map(|(name, ..)| (*name).to_owned()).collect());
    assert_eq!(of("subscriptionType"), SUBSCRIPTIONS.iter().map(|(row, _)| field(row)).collect());
    server.stop();
}
