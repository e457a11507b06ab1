//! The lists as a client sees them, and the groups that entries belong to.

use crate::street::{number, pages, text};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use tests::client::Client;

const ENTRY: &str = "id form beneficiaries { group } category { id parent { id } } place { id } postedAt
    organization { id kind unitKind } quantity { amount unit }";

/// The lists as a client sees them.
pub struct Lists {
    pub needs: Vec<Value>,
    pub resources: Vec<Value>,
    pub pairings: Vec<Value>,
    /// The pairings that somebody has ever claimed, as their histories say.
    pub claimed: BTreeSet<String>,
    /// By place, the community it lies in.
    pub communities: BTreeMap<String, Option<String>>,
}

impl Lists {
    /// Page by page.
    pub async fn read(client: &Client) -> Self {
        let tally = "tally { proposed claimed agreed delivered accepted }";
        let places = pages(client, "places", "id level parent { id }").await;
        let places: BTreeMap<String, Value> =
            places.into_iter().map(|it| (text(&it["id"]).unwrap(), it)).collect();
        let community = |id: &String| {
            let mut here = Some(id.clone());
            while let Some(place) = here.and_then(|id| places.get(&id)) {
                if place["level"] == "COMMUNITY" {
                    return text(&place["id"]);
                }
                here = text(&place["parent"]["id"]);
            }
            None
        };
        let pairings = pages(
            client,
            "pairings",
            "id status since quantity delivered accepted asking { id } giving { id } need { id }",
        )
        .await;
        let mut claimed = BTreeSet::new();
        for pairing in &pairings {
            let query =
                "query($id: ID) { history(id: $id, first: 100) { nodes { events { nodes { type } } } } }";
            let data = client.data(query, json!({ "id": pairing["id"] })).await;
            let commits = data["history"]["nodes"].as_array().unwrap();
            let mut events = commits.iter().flat_map(|it| it["events"]["nodes"].as_array().unwrap());
            if events.any(|it| it["type"] == "PAIRING_CLAIMED" || it["type"] == "PAIRING_AGREED") {
                claimed.extend(text(&pairing["id"]));
            }
        }
        Self {
            needs: pages(client, "needs", &format!("{ENTRY} channel status {tally} appraisal {{ grade }}"))
                .await,
            resources: pages(
                client,
                "resources",
                &format!("{ENTRY} status {tally} capacity remaining countedIn"),
            )
            .await,
            pairings,
            claimed,
            communities: places.keys().map(|id| (id.clone(), community(id))).collect(),
        }
    }

    /// The group of an entry.
    pub fn group(&self, entry: &Value, by: &str) -> Option<String> {
        match by {
            "STATUS" => text(&entry["status"]),
            "CHANNEL" => text(&entry["channel"]),
            "FORM" => text(&entry["form"]),
            "BENEFICIARY" => text(&entry["beneficiaries"]["group"]),
            "CATEGORY" => text(&entry["category"]["id"]),
            "TOP_CATEGORY" => {
                text(&entry["category"]["parent"]["id"]).or_else(|| text(&entry["category"]["id"]))
            }
            "ORGANIZATION" => text(&entry["organization"]["id"]),
            "UNIT_KIND" => match entry["organization"]["kind"].as_str().unwrap() {
                "STREET_OFFICE" => Some("GOVERNMENT".to_owned()),
                "COMMUNITY" => Some("COMMUNITY_BRANCH".to_owned()),
                "TEAM" => Some("VOLUNTEERS".to_owned()),
                _ => text(&entry["organization"]["unitKind"]),
            },
            "PLACE" => text(&entry["place"]["id"]).and_then(|place| self.communities[&place].clone()),
            other => panic!("{other}"),
        }
    }
}

/// How many, and by unit how much, how much agreed, how much delivered.
pub type Row = (i64, BTreeMap<String, (i64, i64, i64)>);

/// What the aggregates tell, by key: how many, and by unit how much, how much agreed, how much delivered.
pub async fn aggregates(client: &Client, list: &str, by: &str) -> BTreeMap<Option<String>, Row> {
    let query = format!(
        "{{ aggregates(list: {list}, groupBy: {by}) {{ key count quantities {{ unit amount agreed delivered }} }} }}"
    );
    let data = client.data(&query, json!({})).await;
    let row = |row: &Value| {
        let amounts = row["quantities"].as_array().unwrap().iter().map(|it| {
            let amounts = (number(&it["amount"]), number(&it["agreed"]), number(&it["delivered"]));
            (text(&it["unit"]).unwrap(), amounts)
        });
        (text(&row["key"]), (number(&row["count"]), amounts.collect()))
    };
    data["aggregates"].as_array().unwrap().iter().map(row).collect()
}
