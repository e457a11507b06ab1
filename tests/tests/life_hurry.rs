//! What is free again asks for a plan by itself: a claim that is taken back, and one that lapses while nobody looks,
//! through the real server.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails loudly")]

use engine::{command::Command, event::Event, member::Caller, moment::Moment};
use serde_json::{Value, json};
use std::{
    path::Path,
    time::{SystemTime, UNIX_EPOCH},
};
use storage::{Ledger, RequestId, sled::SledLog};
use tempfile::TempDir;
use tests::{
    client::{Client, Feed},
    program::{Server, verify},
};

/// The claim of a demo: the need about cars at night and what is proposed for it, claimed by the car park.
struct Claim {
    need: Value,
    pairing: Value,
}

/// Adopts a plan, and lets the unit with the car park claim what it proposes for the need about cars at night.
async fn claimed(coordinator: &Client, liaison: &Client) -> Claim {
    coordinator.done("adoptPlan", "plan { id }", json!({})).await;
    let query = "{ needs(first: 5, filter: { text: \"临河小区夜间停车\" }) { nodes { id
        pairings(first: 5, filter: { status: [PROPOSED] }) { nodes { id quantity } } } } }";
    let need = coordinator.data(query, json!({})).await["needs"]["nodes"][0].clone();
    let pairing = need["pairings"]["nodes"][0]["id"].clone();
    let claimed = liaison
        .done("claimPairing", "pairing { status }", json!({ "pairing": pairing, "side": "GIVING" }))
        .await;
    assert_eq!(claimed["pairing"]["status"], "CLAIMED");
    assert_eq!(tally(coordinator, &need["id"]).await, json!({ "proposed": 0, "claimed": 20, "agreed": 0 }));
    Claim { need: need["id"].clone(), pairing }
}

async fn tally(client: &Client, need: &Value) -> Value {
    let query = "query($id: ID!) { node(id: $id) { ... on Need { tally { proposed claimed agreed } } } }";
    client.data(query, json!({ "id": need })).await["node"]["tally"].clone()
}

/// Follows the feed until the plan that nobody asked for proposes something for the need again.
async fn planned_anew(mut feed: Feed, claim: &Claim, freed_by: &str) {
    let mut seen = Vec::new();
    loop {
        let event = feed.event().await;
        let kind = event["type"].as_str().unwrap().to_owned();
        let of_need = event["concerns"]["needId"] == claim.need;
        if kind == freed_by {
            assert_eq!(event["concerns"]["pairingId"], claim.pairing, "{event}");
            assert!(seen.is_empty(), "freed once: {seen:?}");
            seen.push(kind);
        } else if kind == "PLAN_ADOPTED" {
            assert_eq!(seen, [freed_by], "the plan follows what freed it");
            seen.push(kind);
        } else if kind == "PAIRING_PROPOSED" && of_need {
            assert_eq!(seen, [freed_by, "PLAN_ADOPTED"]);
            assert_ne!(event["concerns"]["pairingId"], claim.pairing, "{event}");
            return;
        }
    }
}

#[tokio::test]
async fn a_claim_that_is_taken_back_is_planned_anew_at_once() {
    let directory = TempDir::new().unwrap();
    let server = Server::start(directory.path(), &["--demo"]);
    let [coordinator, liaison] =
        ["COORDINATOR", "UNIT_LIAISON"].map(|role| Client::member(&server.address, &server.token(role)));
    let claim = claimed(&coordinator, &liaison).await;
    let feed = coordinator.follow(&json!(coordinator.position().await.to_string())).await;
    let back = json!({ "pairing": claim.pairing, "side": "GIVING", "reason": "车库临时检修" });
    liaison.done("withdrawPairing", "pairing { status }", back).await;
    planned_anew(feed, &claim, "PAIRING_WITHDRAWN").await;
    assert_eq!(tally(&coordinator, &claim.need).await, json!({ "proposed": 20, "claimed": 0, "agreed": 0 }));
    server.stop();
}

/// Lets eight days go by over a log that is not served: claims lapse after seven.
async fn eight_days_later(directory: &Path, claim_lapsed: impl Fn(&Event) -> bool) {
    let clock = || {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
        Moment::from_millis(i64::try_from(now).unwrap()).plus_hours(8 * 24)
    };
    let ledger = Ledger::open(SledLog::open(directory).unwrap(), clock).unwrap();
    let mut lapsed = false;
    for tick in 0.. {
        let request = RequestId::new(format!("eight-days-later-{tick}")).unwrap();
        let done = ledger.execute(Caller::System, request, Command::Tick).await.unwrap();
        lapsed |= done.events().iter().any(&claim_lapsed);
        if done.events().is_empty() {
            break;
        }
    }
    assert!(lapsed, "the claim has lapsed");
    ledger.close().await;
}

#[tokio::test]
async fn a_claim_that_lapsed_is_planned_anew_when_the_server_starts_again() {
    let directory = TempDir::new().unwrap();
    let server = Server::start(directory.path(), &["--demo"]);
    let tokens = ["COORDINATOR", "UNIT_LIAISON"].map(|role| server.token(role));
    let [coordinator, liaison] = tokens.each_ref().map(|token| Client::member(&server.address, token));
    let claim = claimed(&coordinator, &liaison).await;
    let position = coordinator.position().await;
    server.stop();
    eight_days_later(directory.path(), |event| matches!(event, Event::PairingLapsed { .. })).await;

    let server = Server::start(directory.path(), &[]);
    let coordinator = Client::member(&server.address, &tokens[0]);
    let feed = coordinator.follow(&json!(position.to_string())).await;
    planned_anew(feed, &claim, "PAIRING_LAPSED").await;
    assert_eq!(tally(&coordinator, &claim.need).await, json!({ "proposed": 20, "claimed": 0, "agreed": 0 }));
    let position = coordinator.position().await;
    server.stop();
    assert_eq!(verify(directory.path()).commits, position);
}
