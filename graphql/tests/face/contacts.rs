//! Contacts: who reads them, and that log and vault stay in step.

use crate::street::Street;
use engine::{
    contact::{ErasureReason, Purpose, Subject},
    event::Event,
    identity::{ContactId, OrganizationId},
    member::Role,
    moment::Moment,
};
use graphql::contacts::{Contacts, Unfit};
use serde_json::{Value, json};
use std::path::Path;
use storage::vault::{Contact, Reading, Unlock, Vault};

const NAME: &str = "王秀英";
const PHONE: &str = "0571-8800-4321";
const NOTE: &str = "下午三点以后";
const LIST: &str =
    "contacts { nodes { id purpose standing person { name phone note } erasedAt erasureReason } }";

fn vault(directory: &Path) -> Vault {
    let key = directory.join("key");
    let unlock = match key.exists() {
        true => Unlock::KeyFile(key),
        false => Unlock::create_key_file(&key).unwrap(),
    };
    Vault::open(&directory.join("vault"), &unlock).unwrap()
}

fn given(of: &str) -> Value {
    json!({ "of": of, "purpose": "BENEFICIARY", "name": NAME, "phone": PHONE, "note": NOTE })
}

/// The contacts of a need as somebody sees them.
async fn seen(street: &Street, token: &str, need: &str) -> Value {
    let query = format!("query($id: ID!) {{ node(id: $id) {{ ... on Need {{ {LIST} }} }} }}");
    street.data(token, &query, json!({ "id": need })).await["node"]["contacts"]["nodes"].clone()
}

async fn standing(street: &Street, token: &str, need: &str) -> Value {
    let seen = seen(street, token, need).await;
    let contact = &seen[0];
    assert_eq!(contact["person"].is_object(), contact["standing"] == "READABLE", "{contact}");
    contact["standing"].clone()
}

#[tokio::test]
async fn a_contact_is_read_by_its_own_the_coordinator_and_the_other_party_while_it_is_agreed() {
    let directory = tempfile::tempdir().unwrap();
    let street = Street::open_with_vault(vault(directory.path())).await;
    let bank = street.member(4, Role::UnitLiaison).await;
    let need = street.need("午间送餐").await;
    let given = street.mutate(&street.officer, "giveContact", "contact { id }", given(&need)).await;
    assert_eq!(given["userErrors"], json!([]), "{given}");
    let person = json!({ "name": NAME, "phone": PHONE, "note": NOTE });
    let all = seen(&street, &street.officer, &need).await;
    assert_eq!(
        all,
        json!([{ "id": given["contact"]["id"], "purpose": "BENEFICIARY", "standing": "READABLE",
            "person": person, "erasedAt": null, "erasureReason": null }])
    );

    let sees = async |expected: [&str; 5]| {
        let tokens = [&street.officer, &street.coordinator, &street.liaison, &bank, &street.observer];
        for (token, expected) in tokens.into_iter().zip(expected) {
            assert_eq!(standing(&street, token, &need).await, expected);
        }
    };
    let outsiders = ["READABLE", "READABLE", "NOT_YOURS", "NOT_YOURS", "NOT_YOURS"];
    sees(outsiders).await;
    // The public is told nothing at all, not even that there is one.
    let query = format!("query($id: ID!) {{ node(id: $id) {{ ... on Need {{ title {LIST} }} }} }}");
    let answer = street.ask("", &query, json!({ "id": need })).await;
    assert_eq!(answer["data"]["node"], json!({ "title": "午间送餐", "contacts": null }));
    assert_eq!(answer["errors"][0]["extensions"]["code"], "NOT_ALLOWED");
    let answer = street
        .ask("", "query($id: ID!) { node(id: $id) { id } }", json!({ "id": given["contact"]["id"] }))
        .await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "NOT_ALLOWED");

    let resource = street.resource("食堂送餐").await;
    let input = json!({ "target": need, "supplier": resource });
    let asked = street.mutate(&street.officer, "requestPairing", "pairing { id }", input).await;
    sees(outsiders).await;
    let pairing = asked["pairing"]["id"].clone();
    street.mutate(&street.liaison, "claimPairing", "pairing { status }", json!({ "pairing": pairing })).await;
    sees(["READABLE", "READABLE", "READABLE", "NOT_YOURS", "NOT_YOURS"]).await;

    // Once it is taken back, what was agreed in the past opens no door.
    let agreed = street.ledger.state().position();
    let input = json!({ "pairing": pairing, "reason": "改期" });
    street.mutate(&street.liaison, "withdrawPairing", "pairing { status }", input).await;
    sees(outsiders).await;
    let query = format!(
        "query($id: ID!, $position: Position) {{ asOf(position: $position) {{ node(id: $id) {{ ... on Need {{ {LIST} }} }} }} }}"
    );
    let variables = json!({ "id": need, "position": agreed.to_string() });
    let past = street.data(&street.liaison, &query, variables).await;
    assert_eq!(past["asOf"]["node"]["contacts"]["nodes"][0]["standing"], "NOT_YOURS");

    // Only who acts for it erases it.
    let input = json!({ "contact": given["contact"]["id"], "reason": "ASKED" });
    let refused = street.mutate(&street.liaison, "eraseContact", "contact { id }", input.clone()).await;
    assert_eq!(refused["userErrors"][0]["code"], "NOT_ALLOWED");
    let erased = street.mutate(&street.officer, "eraseContact", "contact { erasureReason }", input).await;
    assert_eq!(erased["contact"]["erasureReason"], "ASKED", "{erased}");
    sees(["ERASED"; 5]).await;
    street.close().await;
    assert!(vault(directory.path()).kept().is_empty());
}

#[tokio::test]
async fn what_is_not_granted_leaves_nothing_sealed_and_a_request_is_done_once() {
    let directory = tempfile::tempdir().unwrap();
    let street = Street::open_with_vault(vault(directory.path())).await;
    let need = street.need("陪诊").await;
    let refused = async |token: &str, input: Value| {
        let payload = street.mutate(token, "giveContact", "contact { id }", input).await;
        assert_eq!(payload["contact"], Value::Null);
        (payload["userErrors"][0]["code"].clone(), payload["userErrors"][0]["field"].clone())
    };
    assert_eq!(refused(&street.liaison, given(&need)).await, (json!("NOT_ALLOWED"), Value::Null));
    assert_eq!(refused("", given(&need)).await, (json!("NOT_ALLOWED"), Value::Null));
    let of_nothing = json!({ "of": need, "purpose": "ON_SITE", "name": " ", "phone": "1" });
    assert_eq!(refused(&street.officer, of_nothing).await, (json!("INVALID"), json!("name")));
    let long =
        json!({ "of": need, "purpose": "ON_SITE", "name": NAME, "phone": "1", "note": "长".repeat(330) });
    assert_eq!(refused(&street.officer, long).await, (json!("INVALID"), json!("note")));
    let withdrawn = street.need("已取消").await;
    let input = json!({ "need": withdrawn, "reason": "不需要了" });
    street.mutate(&street.officer, "withdrawNeed", "need { id }", input).await;
    // This one was sealed before the ledger refused it.
    assert_eq!(refused(&street.officer, given(&withdrawn)).await, (json!("ALREADY_WITHDRAWN"), Value::Null));

    let mut input = given(&need);
    input["requestId"] = json!("give-1");
    let first = street.mutate(&street.officer, "giveContact", "contact { id }", input.clone()).await;
    let again = street.mutate(&street.officer, "giveContact", "contact { id }", input).await;
    assert_eq!((&first["contact"], &first["position"]), (&again["contact"], &again["position"]));
    assert_eq!(seen(&street, &street.officer, &need).await.as_array().unwrap().len(), 1);
    street.close().await;
    let vault = vault(directory.path());
    assert_eq!(vault.kept().len(), 1, "of all that was sealed, the one that was granted is kept");
    let report = vault.verify().unwrap();
    assert_eq!((report.kept, report.erased), (1, 2));
}

#[tokio::test]
async fn a_streets_rule_erases_contacts_when_their_time_is_over() {
    let directory = tempfile::tempdir().unwrap();
    let street = Street::open_with_vault(vault(directory.path())).await;
    let (need, open) = (street.need("一次性义诊").await, street.need("一直开放").await);
    for need in [&need, &open] {
        street.mutate(&street.officer, "giveContact", "contact { id }", given(need)).await;
    }
    let rules = json!({ "contactDays": 30 });
    let set = street.mutate(&street.coordinator, "setRules", "rules { contactDays }", rules).await;
    assert_eq!(set["rules"]["contactDays"], 30, "{set}");
    let input = json!({ "need": need, "reason": "已办完" });
    street.mutate(&street.officer, "withdrawNeed", "need { id }", input).await;
    let erased = |events: &[(u64, Event)]| {
        events.iter().any(|(_, event)| {
            *event == Event::ContactErased { contact: ContactId::new(1), reason: ErasureReason::Retention }
        })
    };
    street.pass(29 * 24);
    assert!(!erased(&street.events()));
    assert_eq!(standing(&street, &street.officer, &need).await, "READABLE");
    street.pass(24);
    let mut head = street.ledger.head();
    while !erased(&street.events()) {
        head.changed().await.unwrap();
    }
    assert_eq!(standing(&street, &street.officer, &need).await, "ERASED");
    assert_eq!(standing(&street, &street.officer, &open).await, "READABLE");
    // The vault follows the log at once, without a new start.
    let contacts = street.contacts.clone().unwrap();
    while !matches!(contacts.read(ContactId::new(1)).await, Ok(Reading::Erased { .. })) {
        tokio::task::yield_now().await;
    }
    assert_eq!(contacts.vault().kept().len(), 1);
}

#[tokio::test]
async fn what_the_vault_failed_to_erase_is_erased_when_it_is_put_in_step() {
    let directory = tempfile::tempdir().unwrap();
    let street = Street::open_with_vault(vault(directory.path())).await;
    let need = street.need("午间送餐").await;
    street.mutate(&street.officer, "giveContact", "contact { id }", given(&need)).await;
    // The log alone: as if the vault had failed.
    let (contact, reason) = (ContactId::new(1), ErasureReason::Asked);
    street.execute(engine::command::Command::EraseContact { contact, reason }).await;
    let contacts = street.contacts.clone().unwrap();
    assert!(matches!(contacts.read(contact).await.unwrap(), Reading::Kept(_)));
    for _ in 0..2 {
        contacts.settle(&street.ledger.state()).await.unwrap();
        assert!(matches!(contacts.read(contact).await.unwrap(), Reading::Erased { .. }));
    }
}

#[tokio::test]
async fn a_server_without_a_vault_says_so() {
    let street = Street::open().await;
    let need = street.need("陪诊").await;
    let query = "mutation($input: GiveContactInput!) { giveContact(input: $input) { position } }";
    let answer = street.ask(&street.officer, query, json!({ "input": given(&need) })).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAVAILABLE", "{answer}");
}

#[tokio::test]
async fn a_start_puts_log_and_vault_in_step_and_leaves_anothers_vault_alone() {
    let directory = tempfile::tempdir().unwrap();
    let (office, now) = (Subject::Organization(OrganizationId::new(1)), Moment::from_millis(1));
    let person = || Contact { name: NAME.into(), phone: PHONE.into(), note: String::new() };
    let street = Street::open().await;
    let sealed = vault(directory.path());
    let seal = || sealed.seal(ContactId::new(0), &person(), now).unwrap();
    let [kept, erased, orphan] = [seal(), seal(), seal()];
    // A crash came just now; or the log is an older one, and the newer one names it.
    let recent = sealed.seal(ContactId::new(0), &person(), street.ledger.now()).unwrap();
    for contact in [kept, erased] {
        street
            .execute(engine::command::Command::GiveContact { contact, of: office, purpose: Purpose::Liaison })
            .await;
    }
    let reason = ErasureReason::Asked;
    street.execute(engine::command::Command::EraseContact { contact: erased, reason }).await;
    drop(sealed);

    // A crash came after the log had said it, and another before.
    let state = street.ledger.state();
    let in_step = Contacts::open(vault(directory.path()), &state, now).unwrap();
    assert!(matches!(in_step.read(kept).await.unwrap(), Reading::Kept(contact) if contact == person()));
    for gone in [erased, orphan] {
        assert!(matches!(in_step.read(gone).await.unwrap(), Reading::Erased { .. }), "{gone}");
    }
    let is_kept =
        matches!(in_step.read(recent).await.unwrap(), Reading::Kept(contact) if contact == person());
    assert!(is_kept, "a log that has not gone on for a week without it destroys nothing");
    drop(in_step);

    let other = tempfile::tempdir().unwrap();
    let sealed = vault(other.path());
    for _ in 0..17 {
        sealed.seal(ContactId::new(9), &person(), now).unwrap();
    }
    drop(sealed);
    let unfit = Contacts::open(vault(other.path()), &state, now).unwrap_err();
    assert!(matches!(unfit, Unfit::OtherLog { orphans: 17 }), "{unfit}");
    assert_eq!(vault(other.path()).kept().len(), 17, "it was left alone");
}
