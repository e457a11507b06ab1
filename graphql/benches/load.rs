//! How many requests a server answers, and how soon: the real program with 100,000 needs and 80,000 resources on disk,
//! a client of our own beside it on the same machine.
//!
//! Beside each figure stands, of the same run, a handler that answers a constant: the same web server and the same
//! GraphQL library, a schema of the same shape whose resolvers have nothing to look up. What machine it is matters little
//! then.
//!
//! `cargo bench -p graphql --bench load`. Set by the environment:
//! - `GONGJIAN_LOAD_DATA`: a directory for the log, written on the first run and used again afterwards;
//! - `GONGJIAN_LOAD_SECONDS`: how long each figure is taken (4);
//! - `GONGJIAN_LOAD_TILE`: the document of the dashboard tile;
//! - `GONGJIAN_LOAD_PEER`: a GraphQL server that holds the same lists, asked `GONGJIAN_LOAD_PEER_LIST` and
//!   `GONGJIAN_LOAD_PEER_TILE`.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a bench may fail loudly")]

#[path = "load/client.rs"]
mod client;
#[path = "load/constant.rs"]
mod constant;
#[path = "load/program.rs"]
mod program;
#[path = "load/street.rs"]
mod street;

use client::{Load, Taken, drive};
use program::Program;
use serde_json::{Value, json};
use std::{env, path::PathBuf, time::Duration};

const PART: &str = "GONGJIAN_LOAD_PART";

/// A page of a filtered list, with what hangs on its entries.
const LIST: &str = "query List($place: ID, $category: String, $after: String) {
  needs(first: 20, after: $after, filter: { place: $place, category: $category, status: [OPEN] }) {
    nodes { id title status urgency asked unserved window { from to } category { code zh }
      organization { id name place { name } } }
    pageInfo { hasNextPage endCursor } } }";

/// One tile of a dashboard.
const TILE: &str = "query Tile($period: String!) { figures(period: $period) {
  collected accountable replyRate { numerator denominator perMille }
  resolutionRate { numerator denominator perMille } onTimeRate { perMille } satisfactionRate { perMille }
  claimRate { perMille } fulfilmentRate { perMille } } }";

/// One more need.
const CREATE: &str = "mutation Create($input: PostNeedInput!) { postNeed(input: $input) {
  position need { id title status } userErrors { code field message } } }";

fn seconds() -> Duration {
    Duration::from_secs(env::var("GONGJIAN_LOAD_SECONDS").map_or(4, |text| text.parse().unwrap()))
}

/// What the figures of one server are.
struct Row {
    what: String,
    connections: usize,
    taken: Taken,
}

fn take(rows: &mut Vec<Row>, what: &str, connections: usize, load: &Load<'_>) {
    let taken = drive(load, connections, seconds());
    println!(
        "{what:<44} {connections:>3} connections: {:>7.0}/s  p50 {:>7.2} ms  p99 {:>7.2} ms",
        taken.per_second(),
        taken.quantile(0.50),
        taken.quantile(0.99),
    );
    rows.push(Row { what: what.to_owned(), connections, taken });
}

/// The ratio of two figures of this run.
fn ratio(rows: &[Row], one: &str, other: &str, connections: usize) {
    let find = |what: &str| rows.iter().find(|row| row.what == what && row.connections == connections);
    if let (Some(one_row), Some(other_row)) = (find(one), find(other)) {
        println!(
            "{one} : {other} at {connections}: throughput {:.2}, p99 {:.2}",
            one_row.taken.per_second() / other_row.taken.per_second(),
            one_row.taken.quantile(0.99) / other_row.taken.quantile(0.99),
        );
    }
}

fn body(query: &str, variables: &Value) -> Vec<u8> {
    json!({ "query": query, "variables": variables }).to_string().into_bytes()
}

/// So many different questions of the list: every community with every category.
fn lists(places: &[String]) -> Vec<Vec<u8>> {
    let of = |place: &String| {
        street::CATEGORIES.map(|category| body(LIST, &json!({ "place": place, "category": category })))
    };
    places.iter().flat_map(of).collect()
}

fn tiles(document: &str) -> Vec<Vec<u8>> {
    ["2026", "2026-Q4", "2026-11", "2026-10"]
        .map(|period| body(document, &json!({ "period": period })))
        .into()
}

fn main() {
    if env::var(PART).as_deref() == Ok("constant") {
        return constant::serve();
    }
    // Built and run as a test, there is nothing to measure.
    if !env::args().any(|argument| argument == "--bench") {
        return;
    }
    let kept = env::var_os("GONGJIAN_LOAD_DATA").map(PathBuf::from);
    let thrown = tempfile::tempdir().unwrap();
    let data = kept.as_deref().unwrap_or_else(|| thrown.path());
    let street = street::load(data);
    let tile = env::var("GONGJIAN_LOAD_TILE").unwrap_or_else(|_| TILE.to_owned());

    let server = Program::server(data);
    println!("{} needs and resources; {} MiB resident after the start", street.entries, server.resident());
    let constant = Program::constant(PART);
    let mut rows = Vec::new();

    let (many, few) = (lists(&street.places), tiles(&tile));
    let one_list = &many[..1];
    let ask = |bodies| Load::cycling(server.address, Some(street::TOKEN), bodies);
    for connections in [16, 64] {
        let same = Load::cycling(constant.address, None, one_list);
        take(&mut rows, "constant list", connections, &same);
        take(&mut rows, "list, asked before", connections, &ask(&many));
        take(&mut rows, "list, answered anew", connections, &ask(&many).never_twice());
        take(&mut rows, "tile, asked before", connections, &ask(&few));
        take(&mut rows, "tile, answered anew", connections, &ask(&few).never_twice());
        if let Some(peer) = peer("GONGJIAN_LOAD_PEER_LIST") {
            take(&mut rows, "list of the peer", connections, &peer.load());
        }
        if let Some(peer) = peer("GONGJIAN_LOAD_PEER_TILE") {
            take(&mut rows, "tile of the peer", connections, &peer.load());
        }
    }
    println!("{} MiB resident after the lists", server.resident());
    let create = |number: u64| {
        let input = json!({
            "requestId": format!("load-{}-{number}", std::process::id()), "title": "老年食堂每日午餐四十份",
            "organization": street.poster, "category": "CARE-MEAL", "urgency": "NORMAL",
            "quantity": { "amount": 40, "unit": "份" },
        });
        body(CREATE, &json!({ "input": input }))
    };
    for connections in [1, 16, 64] {
        take(&mut rows, "constant create", connections, &Load::cycling(constant.address, None, one_list));
        let load = Load::making(server.address, Some(street::TOKEN), &create);
        take(&mut rows, "create, durable", connections, &load);
    }
    println!("{} MiB resident after the creates", server.resident());

    for connections in [16, 64] {
        for what in ["list, asked before", "list, answered anew"] {
            ratio(&rows, what, "constant list", connections);
            ratio(&rows, what, "list of the peer", connections);
        }
        for what in ["tile, asked before", "tile, answered anew"] {
            ratio(&rows, what, "constant list", connections);
            ratio(&rows, what, "tile of the peer", connections);
        }
        ratio(&rows, "create, durable", "constant create", connections);
    }
}

/// A server that somebody else has started.
struct Peer {
    address: std::net::SocketAddr,
    bodies: Vec<Vec<u8>>,
}

impl Peer {
    fn load(&self) -> Load<'_> {
        Load::cycling(self.address, None, &self.bodies)
    }
}

fn peer(document: &str) -> Option<Peer> {
    let address = env::var("GONGJIAN_LOAD_PEER").ok()?.parse().unwrap();
    let bodies = vec![body(&env::var(document).ok()?, &json!({}))];
    Some(Peer { address, bodies })
}
