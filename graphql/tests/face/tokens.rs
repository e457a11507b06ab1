//! Tokens of members: several each, named, some for a time only, ended one by one.

use crate::street::Street;
use serde_json::{Value, json};

/// Gives the observer one more token; it and the payload.
async fn issue(street: &Street, member: &str, label: &str, expires_at: Value) -> (String, Value) {
    let input = json!({ "member": member, "label": label, "expiresAt": expires_at });
    let selection = "token member { tokens { nodes { label expiresAt revokedAt } } }";
    let payload = street.mutate(&street.coordinator, "issueToken", selection, input).await;
    (payload["token"].as_str().unwrap_or_default().to_owned(), payload)
}

/// The role a token signs in as; nothing when it opens no door.
async fn role(street: &Street, token: &str) -> Option<String> {
    let answer = street.ask(token, "{ me { role } }", json!({})).await;
    answer["data"]["me"]["role"].as_str().map(str::to_owned)
}

async fn observer(street: &Street) -> String {
    let me = street.data(&street.observer, "{ me { member { id } } }", json!({})).await;
    me["me"]["member"]["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_member_has_several_tokens_and_each_ends_by_itself() {
    let street = Street::open().await;
    let member = observer(&street).await;
    let (phone, payload) = issue(&street, &member, "手机", Value::Null).await;
    assert_eq!(
        payload["member"]["tokens"]["nodes"][1],
        json!({ "label": "手机", "expiresAt": null, "revokedAt": null })
    );
    let an_hour = chrono::DateTime::from_timestamp_millis(street.ledger.now().millis() + 3_600_000).unwrap();
    let (guest, _) = issue(&street, &member, "临时", json!(an_hour.to_rfc3339())).await;
    for token in [&street.observer, &phone, &guest] {
        assert_eq!(role(&street, token).await.as_deref(), Some("OBSERVER"));
    }

    street.pass(2);
    assert_eq!(role(&street, &guest).await, None, "its time is over, and nothing had to happen for that");
    assert_eq!(role(&street, &phone).await.as_deref(), Some("OBSERVER"));

    let input = json!({ "member": member, "label": "手机" });
    let ended = street.mutate(&street.coordinator, "revokeToken", "member { id }", input.clone()).await;
    assert_eq!(ended["userErrors"], json!([]));
    assert_eq!(role(&street, &phone).await, None);
    assert_eq!(role(&street, &street.observer).await.as_deref(), Some("OBSERVER"), "the others stay good");
    let again = street.mutate(&street.coordinator, "revokeToken", "member { id }", input).await;
    assert_eq!(again["userErrors"][0]["code"], "NOT_FOUND", "{again}");
}

#[tokio::test]
async fn tokens_are_named_apart_and_end_in_the_future() {
    let street = Street::open().await;
    let member = observer(&street).await;
    for (label, expires_at, code) in [
        ("手机", Value::Null, ""),
        ("手机", Value::Null, "NAME_TAKEN"),
        ("", Value::Null, "INVALID"),
        ("旧", json!("2020-01-01T00:00:00Z"), "NOT_AHEAD"),
    ] {
        let (token, payload) = issue(&street, &member, label, expires_at).await;
        assert_eq!(payload["userErrors"][0]["code"].as_str().unwrap_or_default(), code, "{payload}");
        assert_eq!(token.is_empty(), !code.is_empty());
    }
}

#[tokio::test]
async fn no_hash_of_a_token_is_shown_and_members_do_not_hear_of_tokens() {
    let street = Street::open().await;
    let member = observer(&street).await;
    issue(&street, &member, "手机", Value::Null).await;
    let hash = street.ledger.state().members().last().unwrap().token.0.clone();
    let query =
        "query($id: ID!) { history(id: $id, first: 10) { nodes { changes { nodes { path after } } } } }";
    let told = street.ask(&street.coordinator, query, json!({ "id": member })).await.to_string();
    assert!(told.contains("手机"), "{told}");
    assert!(!told.contains(&hash), "{told}");
    let query = "{ events(first: 100) { nodes { type payload } } }";
    let heard = street.ask(&street.observer, query, json!({})).await.to_string();
    assert!(heard.contains("TokenIssued") && !heard.contains("手机"), "{heard}");
}

#[tokio::test]
async fn a_member_lists_its_own_tokens_and_ends_the_one_it_has_lost() {
    let street = Street::open().await;
    let member = observer(&street).await;
    let (phone, _) = issue(&street, &member, "手机", Value::Null).await;
    let query = "{ me { member { tokens { nodes { label revokedAt } } } } }";
    let own =
        street.data(&street.observer, query, json!({})).await["me"]["member"]["tokens"]["nodes"].clone();
    assert_eq!(own[1], json!({ "label": "手机", "revokedAt": null }), "{own}");

    let input = json!({ "member": member, "label": "手机" });
    for other in [&street.liaison, &street.officer] {
        let refused = street.mutate(other, "revokeToken", "member { id }", input.clone()).await;
        assert_eq!(refused["userErrors"][0]["code"], "NOT_ALLOWED", "{refused}");
    }
    assert_eq!(role(&street, &phone).await.as_deref(), Some("OBSERVER"));
    let ended =
        street.mutate(&street.observer, "revokeToken", "member { tokens { nodes { label } } }", input).await;
    assert_eq!(ended["userErrors"], json!([]), "{ended}");
    assert_eq!(role(&street, &phone).await, None);
    assert_eq!(role(&street, &street.observer).await.as_deref(), Some("OBSERVER"));
    let more = json!({ "member": member, "label": "新手机" });
    let refused = street.mutate(&street.observer, "issueToken", "token", more).await;
    assert_eq!(refused["userErrors"][0]["code"], "NOT_ALLOWED", "new ones are the coordinators' to give");
}
