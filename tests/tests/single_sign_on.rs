//! Single sign-on against the real program: whose tokens are believed, keys that change and servers that are away, sockets
//! that end with their token, and the commands that bind a login.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails loudly")]

use reqwest::header::{AUTHORIZATION, HeaderMap};
use serde_json::{Value, json};
use std::{fs, path::Path};
use tempfile::{TempDir, tempdir};
use tests::{
    client::Client,
    issuer::{Authority, KeyServer, SigningKey, now, part, set},
    program::{Server, fails, root, run},
};

const ISSUER: &str = "https://sso.street.example";
const AUDIENCE: &str = "gongjian";
/// Looks like what a person is called, so it must be nowhere.
const SUBJECT: &str = "wang.fang@street.example";

/// A log with one coordinator, login 1, bound to the subject.
fn street() -> TempDir {
    let data = tempdir().unwrap();
    let task = ["member", "add", "--role", "coordinator", "--street", "清河桥街道"];
    run(&task, Some(data.path()), []);
    bind(data.path(), "1");
    data
}

fn bind(data: &Path, member: &str) {
    run(&["member", "bind", member, "--issuer", ISSUER, "--subject", SUBJECT], Some(data), []);
}

/// The program, which believes the issuer.
fn serve(data: &Path, keys: &str, more: &[&str]) -> Server {
    let flags =
        ["--oidc-issuer", ISSUER, "--oidc-audience", AUDIENCE, "--oidc-jwks", keys, "--proxy", "127.0.0.1"];
    let flags: Vec<&str> = flags.iter().chain(more).copied().collect();
    Server::start(data, &flags)
}

/// What a good token says.
fn claims() -> Value {
    json!({ "iss": ISSUER, "aud": AUDIENCE, "sub": SUBJECT, "iat": now(), "exp": now() + 600 })
}

/// The same with some of it said otherwise; null takes it away.
fn but(changes: Value) -> Value {
    let mut claims = claims();
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => claims.as_object_mut().unwrap().remove(name),
            value => claims.as_object_mut().unwrap().insert(name.clone(), value.clone()),
        };
    }
    claims
}

/// The status a token is answered with, and the role or the reason. Each number is another address: who shows many wrong
/// tokens is held back.
async fn show(server: &Server, token: &str, number: usize) -> (u16, String) {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut headers = HeaderMap::new();
    headers.insert(AUTHORIZATION, format!("Bearer {token}").parse().unwrap());
    headers.insert("x-forwarded-for", format!("198.51.{}.{}", number / 250, number % 250).parse().unwrap());
    let request = http.post(format!("http://{}/graphql", server.address)).headers(headers);
    let answer = request.json(&json!({ "query": "{ me { role } }" })).send().await.unwrap();
    let (status, body) = (answer.status().as_u16(), answer.json::<Value>().await.unwrap());
    let said = body["data"]["me"]["role"].as_str().or_else(|| body["errors"][0]["message"].as_str());
    (status, said.unwrap_or_default().to_owned())
}

#[tokio::test]
async fn a_token_is_believed_by_its_key_issuer_audience_and_time_and_by_nothing_less() {
    let data = street();
    let (key, stranger) = (SigningKey::new("2026-1"), SigningKey::new("2026-1"));
    let keys = data.path().join("keys.json");
    fs::write(&keys, set(&[&key]).to_string()).unwrap();
    let server = serve(data.path(), keys.to_str().unwrap(), &[]);

    let header = |changes: Value| {
        let mut header = json!({ "alg": "ES256", "typ": "JWT", "kid": "2026-1" });
        header.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        header
    };
    let good = key.token(&claims());
    let (message, signature) = good.rsplit_once('.').unwrap();
    let (head, _) = message.split_once('.').unwrap();
    let other = part(but(json!({ "sub": "somebody-else" })).to_string());
    // The oldest trick: the public key, which everybody has, as if it were a shared secret.
    let confused = {
        let message =
            format!("{}.{}", part(header(json!({ "alg": "HS256" })).to_string()), part(claims().to_string()));
        let secret = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, key.public_bytes());
        format!("{message}.{}", part(ring::hmac::sign(&secret, message.as_bytes())))
    };
    let coordinator = "COORDINATOR";
    let cases = [
        ("as it should be", good.clone(), 200, coordinator),
        (
            "one of several audiences",
            key.token(&but(json!({ "aud": ["portal", AUDIENCE] }))),
            200,
            coordinator,
        ),
        (
            "over by less than the clocks may differ",
            key.token(&but(json!({ "exp": now() - 30 }))),
            200,
            coordinator,
        ),
        ("begins in less than that", key.token(&but(json!({ "nbf": now() + 30 }))), 200, coordinator),
        (
            "no number of a key, and there is one key",
            key.sign(&json!({ "alg": "ES256" }), &claims()),
            200,
            coordinator,
        ),
        ("over", key.token(&but(json!({ "exp": now() - 90 }))), 401, "expired"),
        ("not begun", key.token(&but(json!({ "nbf": now() + 90 }))), 401, "not good yet"),
        ("without an end", key.token(&but(json!({ "exp": null }))), 401, "until when"),
        ("with an end that is no number", key.token(&but(json!({ "exp": "never" }))), 401, "until when"),
        ("of another issuer", key.token(&but(json!({ "iss": "https://elsewhere.example" }))), 401, "issuer"),
        ("of no issuer", key.token(&but(json!({ "iss": null }))), 401, "issuer"),
        ("for another server", key.token(&but(json!({ "aud": "portal" }))), 401, "audience"),
        ("for nobody", key.token(&but(json!({ "aud": null }))), 401, "audience"),
        ("of nobody", key.token(&but(json!({ "sub": null }))), 401, "who it is of"),
        ("of a blank", key.token(&but(json!({ "sub": " " }))), 401, "who it is of"),
        ("of somebody unknown here", key.token(&but(json!({ "sub": "li.lei" }))), 401, "bound to no login"),
        ("of another key of the same number", stranger.token(&claims()), 401, "signature"),
        (
            "of a key that is not published",
            key.sign(&header(json!({ "kid": "2025-9" })), &claims()),
            401,
            "publish",
        ),
        (
            "with other words under the same signature",
            format!("{head}.{other}.{signature}"),
            401,
            "signature",
        ),
        ("without a signature", format!("{message}."), 401, "signature"),
        ("by no algorithm", key.sign(&header(json!({ "alg": "none" })), &claims()), 401, "neither"),
        (
            "by no algorithm, unsigned",
            format!("{}.{}.", part(header(json!({ "alg": "none" })).to_string()), part(claims().to_string())),
            401,
            "neither",
        ),
        ("by another algorithm", key.sign(&header(json!({ "alg": "ES384" })), &claims()), 401, "algorithm"),
        ("by the public key as a secret", confused, 401, "algorithm"),
        (
            "that brings its own key",
            stranger.sign(&header(json!({ "jwk": stranger.public() })), &claims()),
            401,
            "signature",
        ),
        (
            "that asks for what is not known",
            key.sign(&header(json!({ "crit": ["b64"], "b64": false })), &claims()),
            401,
            "neither",
        ),
        ("too long to be looked at", format!("{}.{}.x", part("{}"), "x".repeat(17 << 10)), 401, "neither"),
        ("no token at all", "x.y.z".to_owned(), 401, "neither"),
    ];
    for (number, (what, token, status, said)) in cases.iter().enumerate() {
        let (answered, why) = show(&server, token, number).await;
        assert!(answered == *status && why.contains(said), "{what}: {answered} {why}");
    }
    let log = server.log();
    assert!(!log.contains(SUBJECT) && !log.contains(signature), "{log}");
    assert_eq!(
        log.matches("a sign-in failed").count(),
        cases.iter().filter(|(.., status, _)| *status == 401).count()
    );
    server.stop();
}

/// Most issuers sign with RSA. The fixture is a public key and one token of it that ends in 2100; the other half of the key
/// was thrown away.
#[tokio::test]
async fn an_issuer_with_rsa_is_believed_by_the_algorithm_of_its_key() {
    let data = street();
    let fixture = fs::read_to_string(root().join("tests/fixtures/rs256.json")).unwrap();
    let mut fixture: Value = serde_json::from_str(&fixture).unwrap();
    let token = fixture["token"].as_str().unwrap().to_owned();
    let keys = data.path().join("keys.json");
    for (number, (algorithm, status, said)) in [
        (json!("RS256"), 200, "COORDINATOR"),
        (Value::Null, 200, "COORDINATOR"),
        (json!("PS256"), 401, "algorithm"),
    ]
    .into_iter()
    .enumerate()
    {
        fixture["keys"][0]["alg"] = algorithm;
        fs::write(&keys, fixture.to_string()).unwrap();
        let server = serve(data.path(), keys.to_str().unwrap(), &[]);
        let (answered, why) = show(&server, &token, number).await;
        assert!(answered == status && why.contains(said), "{answered} {why}");
        server.stop();
    }
}

#[tokio::test]
async fn a_new_key_is_asked_for_once_and_known_keys_outlive_their_server() {
    let data = street();
    let (first, second) = (SigningKey::new("first"), SigningKey::new("second"));
    let issuer = KeyServer::start(&[&first]).await;
    let server = serve(data.path(), &issuer.url, &[]);
    assert_eq!(show(&server, &first.token(&claims()), 0).await.0, 200);
    assert_eq!(issuer.asked(), 1, "once, at the start");

    issuer.publish(&[&first, &second]);
    assert_eq!(show(&server, &second.token(&claims()), 1).await.0, 200, "at once, without a restart");
    assert_eq!(issuer.asked(), 2);
    for number in 2..10 {
        let made_up = SigningKey::new(&format!("made up {number}"));
        let (status, why) = show(&server, &made_up.token(&claims()), number).await;
        assert!(status == 401 && why.contains("publish"), "{why}");
    }
    assert_eq!(issuer.asked(), 2, "who makes keys up makes nobody call");

    issuer.go_away();
    for (number, key) in [(10, &first), (11, &second)] {
        assert_eq!(
            show(&server, &key.token(&claims()), number).await.0,
            200,
            "the server of the keys is away"
        );
    }
    server.stop();

    let without = serve(data.path(), &issuer.url, &[]);
    let (status, why) = show(&without, &first.token(&claims()), 12).await;
    assert!(status == 401 && why.contains("publish"), "{why}");
    assert!(without.log().contains("are not there yet"), "{}", without.log());
    without.stop();
}

#[tokio::test]
async fn keys_by_https_are_believed_by_the_authority_that_vouches_for_their_server() {
    let data = street();
    let key = SigningKey::new("2026-1");
    let authority = Authority::new();
    let issuer = KeyServer::start_https(&[&key], &authority).await;
    let file = data.path().join("authority.pem");
    let flags = ["--oidc-issuer", ISSUER, "--oidc-audience", AUDIENCE, "--proxy", "127.0.0.1", "--oidc-jwks"];
    let flags: Vec<&str> = flags.into_iter().chain([issuer.url.as_str()]).collect();

    fs::write(&file, &authority.certificate).unwrap();
    let server = Server::start_trusting(data.path(), &file, &flags);
    assert_eq!(show(&server, &key.token(&claims()), 0).await, (200, "COORDINATOR".into()));
    assert_eq!(issuer.asked(), 1);
    server.stop();

    // Somebody else's word is not enough, and an unknown key asks once more in vain.
    fs::write(&file, Authority::new().certificate).unwrap();
    let server = Server::start_trusting(data.path(), &file, &flags);
    let (status, why) = show(&server, &key.token(&claims()), 1).await;
    assert!(status == 401 && why.contains("publish"), "{status} {why}");
    assert!(server.log().contains("are not there yet"), "{}", server.log());
    assert_eq!(issuer.asked(), 3);
    server.stop();
}

#[tokio::test]
async fn a_key_that_is_withdrawn_from_the_file_opens_no_door_after_a_hangup() {
    let data = street();
    let (first, second) = (SigningKey::new("first"), SigningKey::new("second"));
    let keys = data.path().join("keys.json");
    fs::write(&keys, set(&[&first]).to_string()).unwrap();
    let server = serve(data.path(), keys.to_str().unwrap(), &[]);
    assert_eq!(show(&server, &first.token(&claims()), 0).await.0, 200);
    // Nothing that can be used is no reason to forget the keys.
    let written = fs::metadata(&keys).unwrap().modified().unwrap();
    fs::write(&keys, "{ half a fi").unwrap();
    server.signal("HUP");
    server.wait_for_line("were not read anew");
    assert_eq!(show(&server, &first.token(&claims()), 1).await.0, 200);
    // With the time it had, only the hangup can tell that it is another.
    fs::write(&keys, set(&[&second]).to_string()).unwrap();
    fs::File::options().append(true).open(&keys).unwrap().set_modified(written).unwrap();
    let read = server.log().matches("sign-on were read").count();
    server.signal("HUP");
    server.wait_until(|log| log.matches("sign-on were read").count() > read);
    assert_eq!(show(&server, &first.token(&claims()), 2).await.0, 401);
    assert_eq!(show(&server, &second.token(&claims()), 3).await.0, 200);
    server.stop();
}

// The server of keys answers while the test waits for a line.
#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_withdrawn_at_its_address_opens_no_door_after_the_next_refresh() {
    let data = street();
    let (first, second) = (SigningKey::new("first"), SigningKey::new("second"));
    let issuer = KeyServer::start(&[&first]).await;
    let server = serve(data.path(), &issuer.url, &["--oidc-refresh", "1"]);
    assert_eq!(show(&server, &first.token(&claims()), 0).await.0, 200);
    issuer.publish(&[&second]);
    // The next reading may have been under way already.
    let read = server.log().matches("sign-on were read").count();
    server.wait_until(|log| log.matches("sign-on were read").count() > read + 1);
    let (status, why) = show(&server, &first.token(&claims()), 1).await;
    assert!(status == 401 && why.contains("publish"), "{status} {why}");
    assert_eq!(show(&server, &second.token(&claims()), 2).await.0, 200);
    server.stop();
}

#[tokio::test]
async fn a_socket_ends_with_the_token_it_was_begun_with() {
    let data = street();
    let key = SigningKey::new("2026-1");
    let keys = data.path().join("keys.json");
    fs::write(&keys, set(&[&key]).to_string()).unwrap();
    let server = serve(data.path(), keys.to_str().unwrap(), &["--oidc-clock-skew", "0"]);
    let lasting = Client::member(&server.address, &key.token(&claims()));
    let mut stays = lasting.follow(&json!("0")).await;
    stays.event().await;

    let passing = Client::member(&server.address, &key.token(&but(json!({ "exp": now() + 3 }))));
    let feed = passing.follow(&Value::Null).await;
    assert_eq!(feed.close_code().await, 4403, "a JSON Web Token");

    let me = lasting.data("{ me { member { id } } }", json!({})).await;
    let soon = chrono::DateTime::from_timestamp(now() + 3, 0).unwrap().to_rfc3339();
    let input = json!({ "member": me["me"]["member"]["id"], "label": "手机", "expiresAt": soon });
    let token = lasting.done("issueToken", "token", input).await["token"].as_str().unwrap().to_owned();
    let feed = Client::member(&server.address, &token).follow(&Value::Null).await;
    assert_eq!(feed.close_code().await, 4403, "a token of our own");

    // The others go on.
    lasting
        .done(
            "addPlace",
            "place { id }",
            json!({ "name": "春晖社区", "level": "COMMUNITY", "parent": street_of(&lasting).await }),
        )
        .await;
    while stays.event().await["type"] != "PLACE_ADDED" {}
    server.stop();
}

async fn street_of(client: &Client) -> Value {
    client.data("{ street { place { id } } }", json!({})).await["street"]["place"]["id"].clone()
}

#[tokio::test]
async fn a_login_is_bound_and_unbound_by_coordinators_and_one_subject_is_one_login() {
    let data = street();
    let key = SigningKey::new("2026-1");
    let keys = data.path().join("keys.json");
    fs::write(&keys, set(&[&key]).to_string()).unwrap();
    let server = serve(data.path(), keys.to_str().unwrap(), &["--oidc-claim", "employee"]);
    let as_employee = |name: &str| key.token(&but(json!({ "sub": "x", "employee": name })));
    let coordinator = Client::member(&server.address, &as_employee(SUBJECT));
    let office = coordinator.data("{ street { office { id } } }", json!({})).await;
    let input =
        json!({ "organization": office["street"]["office"]["id"], "role": "OBSERVER", "label": "大屏" });
    let observer = coordinator.done("addMember", "member { id }", input).await["member"]["id"].clone();
    let bind = |subject: &str| json!({ "member": observer, "issuer": ISSUER, "subject": subject });

    let taken = coordinator.mutate("bindSignOn", "member { hasSignOn }", bind(SUBJECT)).await;
    assert_eq!(taken["userErrors"][0]["code"], "SIGN_ON_TAKEN", "{taken}");
    let wrong = coordinator.mutate("bindSignOn", "member { hasSignOn }", bind("")).await;
    assert_eq!(
        (&wrong["userErrors"][0]["code"], &wrong["userErrors"][0]["field"]),
        (&json!("INVALID"), &json!("subject"))
    );
    let bound = coordinator.done("bindSignOn", "member { hasSignOn }", bind("li.lei")).await;
    assert_eq!(bound["member"]["hasSignOn"], true);
    assert_eq!(show(&server, &as_employee("li.lei"), 0).await, (200, "OBSERVER".into()));
    let other = coordinator.done("bindSignOn", "member { hasSignOn }", bind("han.meimei")).await;
    assert_eq!(other["member"]["hasSignOn"], true);
    assert_eq!(show(&server, &as_employee("li.lei"), 1).await.0, 401, "one at a time");
    assert_eq!(show(&server, &as_employee("han.meimei"), 2).await.0, 200);
    let unbound =
        coordinator.done("unbindSignOn", "member { hasSignOn }", json!({ "member": observer })).await;
    assert_eq!(unbound["member"]["hasSignOn"], false);
    assert_eq!(show(&server, &as_employee("han.meimei"), 3).await.0, 401);
    let again = coordinator.mutate("unbindSignOn", "member { id }", json!({ "member": observer })).await;
    assert_eq!(again["userErrors"][0]["code"], "NOT_FOUND");

    // Neither the subject nor its hash is told to anybody.
    let told = "{ events(first: 100) { nodes { type payload } } }";
    let told = coordinator.data(told, json!({})).await.to_string();
    assert!(
        told.contains("SIGN_ON_BOUND") && !told.contains("sign_on") && !told.contains("li.lei"),
        "{told}"
    );
    let query = "query($id: ID!) { history(id: $id, first: 10) { nodes { changes { nodes { path before after } } } } }";
    let history = coordinator.data(query, json!({ "id": observer })).await.to_string();
    let long_hexadecimal = history.split(|it: char| !it.is_ascii_hexdigit()).any(|word| word.len() == 64);
    assert!(history.contains("signOn") && !long_hexadecimal, "{history}");
    server.stop();

    let list = run(&["member", "list"], Some(data.path()), []);
    assert_eq!(list.matches("bound").count(), 1, "{list}");
    run(&["member", "unbind", "1"], Some(data.path()), []);
    assert!(!run(&["member", "list"], Some(data.path()), []).contains("bound"));
    let said = fails(&["member", "unbind", "1"], Some(data.path()));
    assert!(said.contains("there is no single sign-on of this member"), "{said}");
}

#[test]
fn a_single_sign_on_is_configured_whole_and_safely_or_not_at_all() {
    let data = tempdir().unwrap();
    let missing = data.path().join("keys.json");
    let missing = missing.to_str().unwrap();
    let whole = |keys| vec!["--oidc-issuer", ISSUER, "--oidc-audience", AUDIENCE, "--oidc-jwks", keys];
    for (flags, said) in [
        (vec!["--oidc-issuer", ISSUER], "--oidc-audience"),
        (vec!["--oidc-jwks", missing], "--oidc-issuer"),
        (whole("http://sso.street.example/keys"), "elsewhere https"),
        (whole(missing), "keys.json"),
        (vec!["--otlp-endpoint", "http://collector.example:4318"], "elsewhere https"),
    ] {
        let task: Vec<&str> = ["serve", "--listen", "127.0.0.1:0"].into_iter().chain(flags).collect();
        let complaint = fails(&task, Some(data.path()));
        assert!(complaint.contains(said), "{task:?}: {complaint}");
    }
}
