//! What is asked: of us, and of the peer in its own words.

use super::{
    client::{self, MARK},
    street,
};
use serde_json::{Value, json};
use std::net::SocketAddr;

/// How many pages of each list are asked for, one after the other.
const PAGES: usize = 3;

/// A page of a filtered list, with what hangs on its entries.
const LIST: &str = "query List($place: ID, $category: String, $after: String) {
  needs(first: 20, after: $after, filter: { place: $place, category: $category, status: [OPEN] }) {
    nodes { id title status urgency asked unserved window { from to } category { code zh }
      organization { id name place { name } } }
    pageInfo { hasNextPage endCursor } } }";

/// The same in the schema that PostGraphile makes of its tables.
const PEER_LIST: &str = "query List($place: BigInt!, $category: String!, $after: Cursor) {
  needs: allNeeds(first: 20, after: $after, condition: { communityId: $place, topCode: $category, status: \"OPEN\" }) {
    nodes { id title status urgency asked unserved windowFrom windowTo categoryByCategoryCode { code zh }
      organizationByOrganizationId { id name placeByPlaceId { name } } }
    pageInfo { hasNextPage endCursor } } }";

/// One tile of a dashboard: what is asked for in the street, category by category.
const TILE: &str = "query Tile { aggregates(list: NEEDS, groupBy: CATEGORY) {
  category { code zh } count open quantities { measure amount agreed } } }";

/// The same by a view, which counts anew, and by one that was made once.
const PEER_TILE: &str = "query Tile { allTiles { nodes {
  categoryByCategoryCode { code zh } count open measure amount agreed } } }";
const PEER_STALE_TILE: &str = "query Tile { allStaleTiles { nodes {
  categoryByCategoryCode { code zh } count open measure amount agreed } } }";

/// One more need.
const CREATE: &str = "mutation Create($input: PostNeedInput!) { postNeed(input: $input) {
  position need { id title status } userErrors { code field message } } }";

const PEER_CREATE: &str = "mutation Create($input: CreateNeedInput!) { createNeed(input: $input) {
  need { id title status } } }";

const TITLE: &str = "老年食堂每日午餐四十份";

/// Bodies of requests to one server.
pub struct Questions {
    /// The first pages of the lists of each community and category.
    pub lists: Vec<String>,
    /// A tile.
    pub tile: String,
    /// The tile that is not counted anew, where there is one.
    pub stale_tile: Option<String>,
    /// A need to be posted.
    pub create: String,
}

/// What we are asked.
pub fn ours(address: SocketAddr, street: &street::Street) -> Questions {
    let ask = |variables: &Value| client::once(address, Some(street::TOKEN), body(LIST, variables));
    let mut lists = Vec::new();
    for (_, place) in street.communities.iter().step_by(2) {
        for category in street::TOPS {
            lists.extend(pages(LIST, json!({ "place": place, "category": category }), ask));
        }
    }
    let input = json!({
        "requestId": format!("load-{MARK}"), "title": TITLE, "organization": street.poster,
        "category": "CARE-MEAL", "urgency": "NORMAL", "quantity": { "amount": 40, "unit": "份" },
    });
    Questions {
        lists,
        tile: body(TILE, &json!({})),
        stale_tile: None,
        create: body(CREATE, &json!({ "input": input })),
    }
}

/// What the peer is asked.
pub fn peers(address: SocketAddr, street: &street::Street) -> Questions {
    let ask = |variables: &Value| client::once(address, None, body(PEER_LIST, variables));
    let mut lists = Vec::new();
    for (number, _) in street.communities.iter().step_by(2) {
        for category in street::TOPS {
            lists.extend(pages(PEER_LIST, json!({ "place": number.to_string(), "category": category }), ask));
        }
    }
    let (community, _) = street.communities[0];
    let need = json!({
        "requestId": format!("load-{MARK}"), "title": TITLE, "urgency": "NORMAL", "asked": "40", "unserved": "40",
        "measure": "PORTIONS", "categoryCode": "CARE-MEAL", "topCode": "CARE", "communityId": community.to_string(),
        "organizationId": street.poster_number.to_string(),
    });
    Questions {
        lists,
        tile: body(PEER_TILE, &json!({})),
        stale_tile: Some(body(PEER_STALE_TILE, &json!({}))),
        create: body(PEER_CREATE, &json!({ "input": { "need": need } })),
    }
}

fn body(query: &str, variables: &Value) -> String {
    json!({ "query": query, "variables": variables }).to_string()
}

/// The first pages of one list that are full, found by turning them.
fn pages(query: &str, mut variables: Value, ask: impl Fn(&Value) -> Value) -> Vec<String> {
    let mut bodies = Vec::new();
    loop {
        let page = &ask(&variables)["data"]["needs"];
        if page["nodes"].as_array().map(Vec::len) != Some(20) {
            return bodies;
        }
        bodies.push(body(query, &variables));
        variables["after"] = page["pageInfo"]["endCursor"].clone();
        if bodies.len() == PAGES {
            return bodies;
        }
    }
}

/// The same questions, but none is ever asked twice: each has another value of a variable that no document has. The
/// documents stay as they are.
pub fn never_twice(bodies: &[String]) -> Vec<String> {
    let mark = format!("\"variables\":{{\"unused\":\"{MARK}\",");
    let marked = |body: &String| body.replacen("\"variables\":{", &mark, 1).replacen(",}", "}", 1);
    bodies.iter().map(marked).collect()
}
