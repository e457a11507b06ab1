//! Clients that read slowly, or not at all: they hold nobody up, and who reads again sees the newest.

use crate::street::number;
use serde_json::{Value, json};
use tempfile::tempdir;
use tests::{client::Client, program::Server};

const TILE: &str =
    "subscription { aggregatesChanged(list: NEEDS, groupBy: FORM) { position rows { key count } } }";
const FRESH: &str = "{ position aggregates(list: NEEDS, groupBy: FORM) { key count } }";

async fn write(coordinator: Client, hand: usize, count: usize) {
    for index in 0..count {
        let form = ["GOODS", "SERVICE", "VENUE"][(hand + index) % 3];
        let input = json!({ "title": format!("第{hand}组第{index}件"), "form": form });
        coordinator.done("postNeed", "need { id }", input).await;
    }
}

async fn all_write(coordinator: &Client, count: usize) {
    let writers: Vec<_> = (0..4).map(|hand| tokio::spawn(write(coordinator.clone(), hand, count))).collect();
    for writer in writers {
        writer.await.unwrap();
    }
}

#[tokio::test]
async fn who_reads_a_tile_late_is_told_fewer_values_than_there_were_and_the_newest_last() {
    let data = tempdir().unwrap();
    let server = Server::start(data.path(), &["--demo", "--member-rate", "0", "--address-rate", "0"]);
    let coordinator = Client::member(&server.address, &server.token("COORDINATOR"));
    let mut feed = coordinator.subscribe(TILE, json!({})).await;
    let first = feed.told().await;
    // Nothing is read while many write.
    all_write(&coordinator, 100).await;
    let fresh = coordinator.data(FRESH, json!({})).await;
    let mut told = vec![first];
    while told.last().unwrap()["rows"] != fresh["aggregates"] {
        told.push(feed.told().await);
    }
    for pair in told.windows(2) {
        assert_ne!(pair[0]["rows"], pair[1]["rows"], "told twice");
        assert!(number(&pair[0]["position"]) < number(&pair[1]["position"]), "in order");
    }
    assert!(told.len() < 200, "{} values of 400 changes", told.len());
    server.stop();
}

/// How many sockets the server has open.
async fn sockets(client: &Client) -> u32 {
    let (_, metrics) = client.get("/metrics").await;
    let metrics = String::from_utf8(metrics).unwrap();
    let line = metrics.lines().find_map(|line| line.strip_prefix("gongjian_sockets ")).unwrap();
    line.trim().parse().unwrap()
}

#[tokio::test]
async fn who_reads_nothing_is_let_go_and_holds_nobody_up() {
    let data = tempdir().unwrap();
    let server = Server::start(data.path(), &["--demo", "--member-rate", "0", "--address-rate", "0"]);
    let coordinator = Client::member(&server.address, &server.token("COORDINATOR"));
    let observer = Client::member(&server.address, &server.token("OBSERVER"));
    let memory = server.memory();
    // All that ever happened, again and again, to somebody whose buffer is small and who never looks.
    let _deaf = coordinator.deaf("subscription { events(after: \"0\") { payload } }", 40).await;
    let mut friend = observer.subscribe(TILE, json!({})).await;
    let mut last: Value = friend.told().await;
    let mut rounds = 0;
    while sockets(&coordinator).await > 1 {
        all_write(&coordinator, 5).await;
        let fresh = coordinator.data(FRESH, json!({})).await;
        while last["rows"] != fresh["aggregates"] {
            last = friend.told().await;
        }
        rounds += 1;
    }
    assert!(rounds > 0);
    let grown = server.memory().saturating_sub(memory);
    // The plan of the street, and what its answers are kept in, are in it.
    assert!(grown < 256 << 10, "{grown} KiB more");
    assert_eq!(
        observer.data("{ position }", json!({})).await["position"],
        coordinator.position().await.to_string()
    );
    server.stop();
}

#[tokio::test]
async fn a_quiet_socket_is_pinged_and_lives_on() {
    let data = tempdir().unwrap();
    let server = Server::start(data.path(), &["--demo"]);
    let coordinator = Client::member(&server.address, &server.token("COORDINATOR"));
    let mut feed = coordinator.subscribe("subscription { events { type } }", json!({})).await;
    assert!(feed.pinged().await, "although nobody says anything");
    coordinator.done("postNeed", "need { id }", json!({ "title": "还在" })).await;
    assert_eq!(feed.told().await["type"], "NEED_POSTED");
    server.stop();
}
