//! The feed of events under each of its filters, against the whole feed judged by a plain look.

use crate::street::{number, pages, text};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tempfile::tempdir;
use tests::{
    client::{Client, Feed},
    program::Server,
};

const FEED: &str = "subscription($after: Position, $filter: EventFilter) {
    events(after: $after, filter: $filter) { cursor type concerns { needId } } }";

/// A community of the demo, with its place.
struct Community {
    id: Value,
    place: Value,
}

async fn communities(coordinator: &Client) -> [Community; 2] {
    let data = coordinator
        .data("{ organizations(filter: { kind: COMMUNITY }) { nodes { id place { id } } } }", json!({}))
        .await;
    let all = data["organizations"]["nodes"].as_array().unwrap();
    [0, 1].map(|index| Community { id: all[index]["id"].clone(), place: all[index]["place"]["id"].clone() })
}

/// Posts needs for one community after the other, and takes every third back, until the server is gone or so many are
/// posted.
async fn write(coordinator: Client, communities: [Value; 2], hand: usize, count: usize) {
    for index in 0..count {
        let input = json!({
            "title": format!("第{hand}组第{index}件"), "organization": communities[(hand + index) % 2],
            "requestId": format!("feed-{hand}-{index}"),
        });
        let Ok(posted) = coordinator.try_mutate("postNeed", "need { id }", input).await else { return };
        if index % 3 == 0 {
            let input = json!({ "need": posted["need"]["id"], "reason": "计划有变", "requestId": format!("back-{hand}-{index}") });
            if coordinator.try_mutate("withdrawNeed", "need { id }", input).await.is_err() {
                return;
            }
        }
    }
}

fn hands(
    coordinator: &Client,
    communities: &[Community; 2],
    count: usize,
) -> Vec<tokio::task::JoinHandle<()>> {
    let ids = || communities.each_ref().map(|it| it.id.clone());
    (0..4).map(|hand| tokio::spawn(write(coordinator.clone(), ids(), hand, count))).collect()
}

/// Every event after a position, from the first to the last.
async fn all_events(coordinator: &Client, after: u64) -> Vec<Value> {
    let (mut events, mut after) = (Vec::new(), json!(after.to_string()));
    loop {
        let query = "query($after: Position) { events(after: $after, first: 100) {
            nodes { cursor type concerns { needId } } pageInfo { hasNextPage endCursor } } }";
        let data = coordinator.data(query, json!({ "after": after })).await;
        events.extend(data["events"]["nodes"].as_array().unwrap().iter().cloned());
        after = data["events"]["pageInfo"]["endCursor"].clone();
        if data["events"]["pageInfo"]["hasNextPage"] == false {
            return events;
        }
    }
}

/// Whether an event, and the need it is about, pass a filter.
type Judge = Box<dyn Fn(&Value, &Value) -> bool>;

/// A filter, what it lets through, and what was told under it so far.
struct Followed {
    filter: Value,
    lets: Judge,
    feed: Feed,
    told: Vec<Value>,
}

impl Followed {
    async fn resume(&mut self, client: &Client, began: u64) {
        let after = self.told.last().map_or_else(|| json!(began.to_string()), |it| it["cursor"].clone());
        self.feed = client.subscribe(FEED, json!({ "after": after, "filter": self.filter })).await;
    }
}

#[tokio::test]
async fn events_by_kind_place_organization_and_entity_are_told_once_through_kill_9() {
    let data = tempdir().unwrap();
    let server =
        Server::start(data.path(), &["--demo", "--no-replan", "--member-rate", "0", "--address-rate", "0"]);
    let token = server.token("COORDINATOR");
    let coordinator = Client::member(&server.address, &token);
    let communities = communities(&coordinator).await;
    let input = json!({ "title": "被关注的", "organization": communities[0].id });
    let watched = coordinator.done("postNeed", "need { id }", input).await["need"]["id"].clone();
    let began = coordinator.position().await;
    let [here, there] = communities.each_ref().map(|it| (it.id.clone(), it.place.clone()));
    let posted_or_back = json!(["NEED_POSTED", "NEED_WITHDRAWN"]);
    let filters: Vec<(Value, Judge)> = vec![
        (json!({ "types": ["NEED_WITHDRAWN"] }), Box::new(|event, _| event["type"] == "NEED_WITHDRAWN")),
        (json!({ "place": here.1 }), {
            let place = here.1.clone();
            Box::new(move |_, need| need["place"]["id"] == place)
        }),
        (json!({ "organization": there.0 }), {
            let organization = there.0.clone();
            Box::new(move |_, need| need["organization"]["id"] == organization)
        }),
        (json!({ "entities": [watched] }), {
            let watched = watched.clone();
            Box::new(move |event, _| event["concerns"]["needId"] == watched)
        }),
        (json!({ "types": posted_or_back, "place": there.1, "organization": there.0 }), {
            Box::new(move |event, need| {
                ["NEED_POSTED", "NEED_WITHDRAWN"].contains(&event["type"].as_str().unwrap())
                    && need["organization"]["id"] == there.0
            })
        }),
        (json!({}), Box::new(|_, _| true)),
    ];
    let mut followed = Vec::new();
    for (filter, lets) in filters {
        let feed = coordinator.subscribe(FEED, json!({ "after": began.to_string(), "filter": filter })).await;
        followed.push(Followed { filter, lets, feed, told: Vec::new() });
    }

    // Many write; in the midst of it the server is killed.
    let writers = hands(&coordinator, &communities, 400);
    while followed.iter().filter(|it| it.filter.get("entities").is_none()).any(|it| it.told.len() < 5) {
        for it in followed.iter_mut().filter(|it| it.filter.get("entities").is_none()) {
            it.told.push(it.feed.told().await);
        }
    }
    server.kill_9();
    for it in &mut followed {
        while let Some(event) = it.feed.told_or_gone().await {
            it.told.push(event);
        }
    }
    for writer in writers {
        writer.await.unwrap();
    }

    // Each goes on where it broke off, while many write once more.
    let server = Server::start(data.path(), &["--no-replan", "--member-rate", "0", "--address-rate", "0"]);
    let coordinator = Client::member(&server.address, &token);
    for it in &mut followed {
        it.resume(&coordinator, began).await;
    }
    for writer in hands(&coordinator, &communities, 40) {
        writer.await.unwrap();
    }
    let input = json!({ "need": watched, "reason": "计划有变" });
    coordinator.done("withdrawNeed", "need { id }", input).await;

    let all = all_events(&coordinator, began).await;
    let needs: BTreeMap<String, Value> = pages(&coordinator, "needs", "id place { id } organization { id }")
        .await
        .into_iter()
        .map(|need| (text(&need["id"]).unwrap(), need))
        .collect();
    for mut it in followed {
        let expected: Vec<&Value> = all
            .iter()
            .filter(|event| {
                let need = event["concerns"]["needId"].as_str().map(|id| &needs[id]);
                (it.lets)(event, need.unwrap_or(&Value::Null))
            })
            .collect();
        assert!(!expected.is_empty(), "{}", it.filter);
        while it.told.len() < expected.len() {
            it.told.push(it.feed.told().await);
        }
        assert!(it.told.iter().eq(expected), "{}: nothing missed and nothing twice, in order", it.filter);
    }
    assert!(all.iter().all(|event| number(&json!(cursor_commit(event))) > began as i64));
    server.stop();
}

/// The commit a cursor stands in.
fn cursor_commit(event: &Value) -> i64 {
    let cursor = event["cursor"].as_str().unwrap();
    cursor.split(|it: char| !it.is_ascii_digit()).next().unwrap().parse().unwrap()
}

#[tokio::test]
async fn a_filter_that_makes_no_sense_is_said_and_the_public_follows_nothing() {
    let data = tempdir().unwrap();
    let server = Server::start(data.path(), &["--demo"]);
    let member = Client::member(&server.address, &server.token("OBSERVER"));
    let wrong = member.first("subscription { events(filter: { place: \"x\" }) { type } }").await;
    assert_eq!(wrong["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{wrong}");
    for feed in ["events { type }", "pairingChanged { events }", "funnelChanged { position }"] {
        let refused = Client::public(&server.address).first(&format!("subscription {{ {feed} }}")).await;
        assert_eq!(refused["errors"][0]["extensions"]["code"], "NOT_ALLOWED", "{refused}");
    }
    server.stop();
}
