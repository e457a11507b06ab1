//! A person's name and number from the day they are given to the day they are erased: the real program, a pairing that
//! opens the door, `kill -9`, a backup with the contacts, and afterwards nothing left anywhere.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails loudly")]

use serde_json::{Value, json};
use std::{
    fs,
    path::{Path, PathBuf},
};
use tests::{
    client::Client,
    program::{self, Server, fails, run},
};

const NAME: &str = "欧阳静芝";
const PHONE: &str = "13700137042";
const NOTE: &str = "请打女儿的电话";

/// Every byte below a directory, file by file; what a server keeps open may come and go.
fn everything(path: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for item in fs::read_dir(path).unwrap().flatten() {
        match item.path() {
            path if path.is_dir() => found.extend(everything(&path)),
            path => found.extend(fs::read(&path).ok().map(|bytes| (path, bytes))),
        }
    }
    found
}

/// The files that hold any of these bytes.
fn holding(files: &[(PathBuf, Vec<u8>)], traces: &[&[u8]]) -> Vec<PathBuf> {
    assert!(!files.is_empty());
    let holds =
        |bytes: &[u8]| traces.iter().any(|trace| bytes.windows(trace.len()).any(|part| part == *trace));
    files.iter().filter(|(_, bytes)| holds(bytes)).map(|(path, _)| path.clone()).collect()
}

fn in_clear() -> [&'static [u8]; 3] {
    [NAME.as_bytes(), PHONE.as_bytes(), NOTE.as_bytes()]
}

/// The only contact of a need as somebody sees it.
async fn seen(client: &Client, need: &Value) -> Value {
    let query = "query($id: ID!) { node(id: $id) { ... on Need { contacts { nodes { id standing person { name phone note } erasureReason } } } } }";
    client.data(query, json!({ "id": need })).await["node"]["contacts"]["nodes"][0].clone()
}

#[tokio::test]
async fn a_contact_is_given_read_by_the_other_party_and_erased_from_everywhere() {
    let place = tempfile::tempdir().unwrap();
    let at = |name: &str| place.path().join(name);
    let (data, key) = (at("data"), at("key"));
    let unlock = ["--vault-key", key.to_str().unwrap()];
    let with_contacts = [&["--with-contacts"], unlock.as_slice()].concat();
    fs::create_dir(&data).unwrap();

    let server = Server::start_telling_all(&data, &[["--demo"].as_slice(), &unlock].concat());
    assert!(server.said().contains("keep a copy of it elsewhere"), "{}", server.said());
    let tokens =
        ["COORDINATOR", "COMMUNITY_OFFICER", "UNIT_LIAISON", "OBSERVER"].map(|role| server.token(role));
    let clients = |address: &str| tokens.each_ref().map(|token| Client::member(address, token));
    let [coordinator, officer, liaison, observer] = clients(&server.address);
    let ids = coordinator
        .data(
            "{ needs(filter: { text: \"夜间停车\" }) { nodes { id reference } }
            resources(filter: { text: \"停车\" }) { nodes { id reference } } }",
            json!({}),
        )
        .await;
    let of = |list: &str, reference: &str| {
        let nodes = ids[list]["nodes"].as_array().unwrap();
        nodes.iter().find(|node| node["reference"] == reference).unwrap()["id"].clone()
    };
    let (need, resource) = (of("needs", "N-004"), of("resources", "R-004"));

    let input = json!({ "of": need, "purpose": "ON_SITE", "name": NAME, "phone": PHONE, "note": NOTE });
    let given = officer.done("giveContact", "contact { id standing }", input.clone()).await;
    assert_eq!(given["contact"]["standing"], "READABLE");
    let refused = liaison.mutate("giveContact", "contact { id }", input).await;
    assert_eq!(refused["userErrors"][0]["code"], "NOT_ALLOWED", "{refused}");
    for outsider in [&liaison, &observer] {
        assert_eq!(seen(outsider, &need).await["standing"], "NOT_YOURS");
    }
    let asked = json!({ "target": need, "supplier": resource, "quantity": 20 });
    let pairing = officer.done("requestPairing", "pairing { id }", asked).await["pairing"]["id"].clone();
    liaison.done("claimPairing", "pairing { status }", json!({ "pairing": pairing })).await;
    let person = json!({ "name": NAME, "phone": PHONE, "note": NOTE });
    for reader in [&coordinator, &officer, &liaison] {
        assert_eq!(seen(reader, &need).await["person"], person);
    }
    assert_eq!(seen(&observer, &need).await["person"], Value::Null);
    let public = Client::public(&server.address);
    let answer = public
        .ask(
            "query($id: ID!) { node(id: $id) { ... on Need { contacts { nodes { id } } } } }",
            json!({ "id": need }),
        )
        .await;
    assert_eq!(answer["data"]["node"]["contacts"], Value::Null, "{answer}");
    let said = server.said();
    server.kill_9();

    // Carried away with the contacts, and without; then gone on with.
    let (old, bare) = (at("old.zst"), at("bare.zst"));
    let paths = |path: &PathBuf| path.to_str().unwrap().to_owned();
    run(&[&["backup", &paths(&old)], with_contacts.as_slice()].concat(), Some(&data), []);
    run(&["backup", &paths(&bare)], Some(&data), []);
    assert!(at("old.zst.contacts").exists() && !at("bare.zst.contacts").exists());
    let refusal = fails(&["serve", "--listen", "127.0.0.1:0"], Some(&data));
    assert!(refusal.contains("--vault-key"), "a server without the key could not erase: {refusal}");
    let server = Server::start_telling_all(&data, &unlock);
    let [coordinator, officer, liaison, _] = clients(&server.address);
    assert_eq!(seen(&liaison, &need).await["person"], person, "it outlives kill -9");

    let sealed = fs::read(data.join("vault/contacts")).unwrap();
    let wrapped = fs::read(data.join("vault/keys")).unwrap();
    // The sealed text, and the wrapped key of the only slot.
    let traces = [&sealed[24..56], &sealed[900..932], &wrapped[512 + 24..512 + 96]];
    assert!(!holding(&everything(&data), &traces).is_empty());
    let erased = json!({ "contact": given["contact"]["id"], "reason": "ASKED" });
    officer.done("eraseContact", "contact { standing }", erased.clone()).await;
    for reader in [&coordinator, &officer, &liaison] {
        let contact = seen(reader, &need).await;
        assert_eq!((&contact["standing"], &contact["person"]), (&json!("ERASED"), &Value::Null));
        assert_eq!(contact["erasureReason"], "ASKED");
    }
    let again = officer.mutate("eraseContact", "contact { id }", erased).await;
    assert_eq!(again["userErrors"][0]["code"], "CONTACT_ERASED_BEFORE");
    let (status, backup) = coordinator.get("/backup").await;
    let (copied, copy) = coordinator.get("/backup/contacts").await;
    assert_eq!((status, copied), (200, 200));
    let said = said + &server.said();
    server.kill_9();

    let server = Server::start(&data, &unlock);
    let [_, officer, _, _] = clients(&server.address);
    assert_eq!(seen(&officer, &need).await["standing"], "ERASED");
    server.stop();
    let all = [everything(&data), vec![(at("new"), backup.clone()), (at("new.contacts"), copy)]].concat();
    assert!(holding(&all, &[traces.as_slice(), &in_clear()].concat()).is_empty());
    // What was carried away before holds nothing in clear, and nobody was ever told.
    let carried: Vec<_> =
        [&old, &bare, &at("old.zst.contacts")].map(|path| (path.clone(), fs::read(path).unwrap())).into();
    assert!(holding(&carried, &in_clear()).is_empty());
    assert!(said.matches("answered").count() > 15, "what was done was told, line by line: {said}");
    assert!(holding(&[(at("said"), said.into_bytes())], &in_clear()).is_empty());
    let verified = run(&[["verify"].as_slice(), &unlock].concat(), Some(&data), []);
    assert!(verified.contains("contacts 0, erased 1"), "{verified}");

    // The newest log with the contacts of before: the log says what is erased.
    let (moved, elsewhere) = (at("moved.zst"), at("elsewhere"));
    fs::write(&moved, backup).unwrap();
    fs::copy(at("old.zst.contacts"), at("moved.zst.contacts")).unwrap();
    run(&[&["restore", &paths(&moved)], with_contacts.as_slice()].concat(), Some(&elsewhere), []);
    assert!(holding(&everything(&elsewhere), &traces).is_empty());
    let verified = run(&[["verify"].as_slice(), &unlock].concat(), Some(&elsewhere), []);
    assert!(verified.contains("contacts 0, erased 1"), "{verified}");
    // The old log with its contacts has the person still: that is what keeping old copies means.
    let before = at("before");
    run(&[&["restore", &paths(&old)], with_contacts.as_slice()].concat(), Some(&before), []);
    let server = Server::start(&before, &unlock);
    let [_, officer, _, _] = clients(&server.address);
    assert_eq!(seen(&officer, &need).await["person"], person);
    server.stop();
    // The same log without its contacts misses them.
    let alone = at("alone");
    let said = run(&["restore", bare.to_str().unwrap()], Some(&alone), []);
    assert!(said.starts_with(&format!("commits {}, ", verify_with(&before, &unlock))), "{said}");
    let missing = "the log says that it is kept, the vault does not have it";
    let (findings, _) = program::refused(&["verify"], Some(&alone));
    assert!(findings.contains("finding contact-1: ") && findings.contains(missing), "{findings}");
}

/// How many commits a log with a vault has.
fn verify_with(data: &Path, unlock: &[&str]) -> u64 {
    let said = run(&[["verify"].as_slice(), unlock].concat(), Some(data), []);
    said.lines().find_map(|line| line.strip_prefix("commits ")?.parse().ok()).unwrap()
}

#[tokio::test]
async fn after_the_master_key_was_changed_only_the_new_one_opens_the_contacts() {
    let place = tempfile::tempdir().unwrap();
    let at = |name: &str| place.path().join(name).to_str().unwrap().to_owned();
    let (data, key, new_key, passphrase) = (place.path().join("data"), at("key"), at("new"), at("words"));
    fs::create_dir(&data).unwrap();
    fs::write(&passphrase, "一棵树种在河边等风来雨也来\n").unwrap();

    let server = Server::start(&data, &["--demo", "--vault-key", &key]);
    let token = server.token("COORDINATOR");
    let coordinator = Client::member(&server.address, &token);
    let needs = coordinator.data("{ needs(first: 1) { nodes { id } } }", json!({})).await;
    let need = &needs["needs"]["nodes"][0]["id"];
    let input = json!({ "of": need, "purpose": "ON_SITE", "name": NAME, "phone": PHONE, "note": NOTE });
    coordinator.done("giveContact", "contact { id }", input).await;
    let busy = fails(&["vault", "change-key", "--vault-key", &key, "--new-key", &new_key], Some(&data));
    server.kill_9();

    // From key file to key file, from there to a passphrase; what is not the key changes nothing.
    run(&["vault", "change-key", "--vault-key", &key, "--new-key", &new_key], Some(&data), []);
    let refused = fails(&["vault", "change-key", "--vault-key", &key, "--new-key", &key], Some(&data));
    run(&["vault", "change-key", "--vault-key", &new_key, "--new-passphrase", &passphrase], Some(&data), []);
    let gone = fails(&["serve", "--listen", "127.0.0.1:0", "--vault-key", &new_key], Some(&data));
    assert!(busy.contains("in use by another process"), "{busy}");
    for not_the_key in [refused, gone] {
        assert!(not_the_key.contains("not the master key of the vault"), "{not_the_key}");
    }
    let server = Server::start(&data, &["--vault-passphrase", &passphrase]);
    let coordinator = Client::member(&server.address, &token);
    assert_eq!(seen(&coordinator, need).await["person"]["phone"], PHONE);
    server.stop();
}
