//! Tiles of the real server: each of them against a count made by paging through the lists, and followed over sockets
//! while many write, the server is killed, and the tile is taken up again.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails loudly")]

use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use tempfile::tempdir;
use tests::{client::Client, program::Server};

/// All nodes of a list, page by page.
async fn pages(client: &Client, list: &str, fields: &str) -> Vec<Value> {
    let (mut nodes, mut after) = (Vec::new(), Value::Null);
    let query = format!(
        "query($after: String) {{ {list}(first: 100, after: $after) {{
            nodes {{ {fields} }} pageInfo {{ hasNextPage endCursor }} }} }}"
    );
    loop {
        let data = client.data(&query, json!({ "after": after })).await;
        let page = &data[list];
        nodes.extend(page["nodes"].as_array().unwrap().iter().cloned());
        if page["pageInfo"]["hasNextPage"] == false {
            return nodes;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

fn number(value: &Value) -> i64 {
    value.as_i64().or_else(|| value.as_str()?.parse().ok()).unwrap_or_else(|| panic!("no number: {value}"))
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

const ENTRY: &str = "id form beneficiaries { group } category { id parent { id } } place { id } postedAt
    organization { id kind unitKind } quantity { amount unit }";

/// The lists as a client sees them.
struct Lists {
    needs: Vec<Value>,
    resources: Vec<Value>,
    pairings: Vec<Value>,
    /// The pairings that somebody has ever claimed, as their histories say.
    claimed: BTreeSet<String>,
    /// By place, the community it lies in.
    communities: BTreeMap<String, Option<String>>,
}

impl Lists {
    async fn read(client: &Client) -> Self {
        let tally = "tally { proposed claimed agreed delivered accepted }";
        let places = client.data("{ places { id level parent { id } } }", json!({})).await;
        let places: BTreeMap<String, Value> = places["places"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| (text(&it["id"]).unwrap(), it.clone()))
            .collect();
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
            let query = "query($id: ID) { history(id: $id, first: 100) { nodes { events { type } } } }";
            let data = client.data(query, json!({ "id": pairing["id"] })).await;
            let commits = data["history"]["nodes"].as_array().unwrap();
            let mut events = commits.iter().flat_map(|it| it["events"].as_array().unwrap());
            if events.any(|it| it["type"] == "PairingClaimed" || it["type"] == "PairingAgreed") {
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
    fn group(&self, entry: &Value, by: &str) -> Option<String> {
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

type Row = (i64, BTreeMap<String, (i64, i64, i64)>);

/// What the aggregates tell, by key: how many, and by unit how much, how much agreed, how much delivered.
async fn aggregates(client: &Client, list: &str, by: &str) -> BTreeMap<Option<String>, Row> {
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

/// Makes something happen on the street of the demo: a plan, claims of both sides, a delivery, its confirmation, a verdict.
async fn something_happens(coordinator: &Client) {
    coordinator.data("mutation { adoptPlan { plan { id } userErrors { code } } }", json!({})).await;
    let pairings = pages(coordinator, "pairings", "id quantity status need { id asked }").await;
    let is_whole = |it: &&Value| it["status"] == "PROPOSED" && it["need"]["asked"] == it["quantity"];
    let whole: Vec<&Value> = pairings.iter().filter(is_whole).collect();
    assert!(whole.len() >= 12, "the plan pairs whole needs");
    for (index, pairing) in whole.iter().take(12).enumerate() {
        let claim = |side: &str| json!({ "pairing": pairing["id"], "side": side });
        coordinator.done("claimPairing", "pairing { id }", claim("ASKING")).await;
        if index < 3 {
            continue;
        }
        coordinator.done("claimPairing", "pairing { id }", claim("GIVING")).await;
        if index < 6 {
            continue;
        }
        let input = json!({ "pairing": pairing["id"], "quantity": pairing["quantity"], "on": "2026-01-05" });
        let recorded = coordinator.done("recordDelivery", "delivery { id }", input).await;
        if index < 9 {
            continue;
        }
        let confirm = json!({ "delivery": recorded["delivery"]["id"] });
        coordinator.done("confirmDelivery", "delivery { id }", confirm).await;
        if index == 11 {
            let verdict = json!({ "need": pairing["need"]["id"], "grade": "SATISFIED" });
            coordinator.done("appraiseNeed", "need { id }", verdict).await;
        }
    }
}

#[tokio::test]
async fn each_tile_of_the_demo_is_what_paging_through_the_lists_gives() {
    let data = tempdir().unwrap();
    let server = Server::start(data.path(), &["--demo"]);
    let coordinator = Client::member(&server.address, &server.token("COORDINATOR"));
    something_happens(&coordinator).await;
    let lists = Lists::read(&coordinator).await;

    let groups = [
        "STATUS",
        "CHANNEL",
        "FORM",
        "BENEFICIARY",
        "CATEGORY",
        "TOP_CATEGORY",
        "ORGANIZATION",
        "UNIT_KIND",
        "PLACE",
    ];
    for (list, entries) in [("NEEDS", &lists.needs), ("RESOURCES", &lists.resources)] {
        for by in groups {
            let mut counted: BTreeMap<Option<String>, Row> = BTreeMap::new();
            for entry in entries {
                let row = counted.entry(lists.group(entry, by)).or_default();
                row.0 += 1;
                let lots = list == "RESOURCES" && entry["countedIn"].is_null();
                let unit = if lots { None } else { text(&entry["quantity"]["unit"]) };
                let amount = match list {
                    "NEEDS" => entry["quantity"]["amount"].as_i64().unwrap_or(1),
                    _ => number(&entry["capacity"]),
                };
                let sums = row.1.entry(unit.unwrap_or_else(|| "项".to_owned())).or_default();
                sums.0 += amount;
                sums.1 += number(&entry["tally"]["agreed"]);
                sums.2 += number(&entry["tally"]["delivered"]);
            }
            assert_eq!(aggregates(&coordinator, list, by).await, counted, "{list} by {by}");
        }
    }

    funnel_and_coverage(&coordinator, &lists).await;
    gap_and_idle(&coordinator, &lists).await;
    series_and_ranking(&coordinator, &lists).await;
    server.stop();
}

async fn funnel_and_coverage(coordinator: &Client, lists: &Lists) {
    let counted: BTreeSet<String> = lists
        .needs
        .iter()
        .filter(|it| it["status"] != "SETTLED")
        .map(|it| text(&it["id"]).unwrap())
        .collect();
    let history: Vec<&Value> = lists.pairings.iter().filter(|it| it["need"].is_object()).collect();
    let reached = |holds: &dyn Fn(&Value) -> bool| -> BTreeSet<String> {
        let needs = history.iter().filter(|it| holds(it)).map(|it| text(&it["need"]["id"]).unwrap());
        needs.filter(|id| counted.contains(id)).collect()
    };
    let is = |states: &'static [&str]| move |it: &Value| states.contains(&it["status"].as_str().unwrap());
    let appraised = lists.needs.iter().filter(|it| it["appraisal"].is_object()).count();
    let expected = [
        counted.len(),
        reached(&|_| true).len(),
        reached(&|it| lists.claimed.contains(&text(&it["id"]).unwrap())).len(),
        reached(&is(&["AGREED", "ACCEPTED"])).len(),
        reached(&|it| number(&it["delivered"]) > 0).len(),
        reached(&|it| number(&it["accepted"]) > 0).len(),
        appraised,
    ];
    let data = coordinator.data("{ funnel { steps { stage count perMille } } }", json!({})).await;
    let steps: Vec<usize> =
        data["funnel"]["steps"].as_array().unwrap().iter().map(|it| number(&it["count"]) as usize).collect();
    assert_eq!(steps, expected);
    assert!(expected.iter().all(|count| *count > 0), "{expected:?}");

    let matched = reached(&|_| true);
    let data = coordinator
        .data("{ coverage { place { id } posted matched open openUnmatched leftOut } }", json!({}))
        .await;
    let rows = data["coverage"].as_array().unwrap();
    let communities: BTreeSet<&String> = lists.communities.values().flatten().collect();
    assert_eq!(rows.len(), communities.len());
    for row in rows {
        let here: Vec<&Value> = lists
            .needs
            .iter()
            .filter(|it| counted.contains(&text(&it["id"]).unwrap()))
            .filter(|it| lists.group(it, "PLACE") == text(&row["place"]["id"]))
            .collect();
        let is_open = |it: &&&Value| is(&["OPEN", "PARTLY_AGREED", "PARTLY_MET"])(it);
        let is_matched = |it: &&&Value| matched.contains(&text(&it["id"]).unwrap());
        let open: Vec<&&Value> = here.iter().filter(is_open).collect();
        assert_eq!(number(&row["posted"]) as usize, here.len());
        assert_eq!(number(&row["matched"]) as usize, here.iter().filter(is_matched).count());
        assert_eq!(number(&row["open"]) as usize, open.len());
        let unmatched = open.iter().filter(|it| !is_matched(it)).count();
        assert_eq!(number(&row["openUnmatched"]) as usize, unmatched);
        assert_eq!(row["leftOut"], json!(!here.is_empty() && !here.iter().any(|it| is_matched(&it))));
    }
}

async fn gap_and_idle(coordinator: &Client, lists: &Lists) {
    let mut gaps: BTreeMap<(Option<String>, String), [i64; 4]> = BTreeMap::new();
    for need in &lists.needs {
        if ["OPEN", "PARTLY_AGREED", "PARTLY_MET"].contains(&need["status"].as_str().unwrap()) {
            let unit = text(&need["quantity"]["unit"]).unwrap_or_else(|| "项".to_owned());
            let gap = gaps.entry((text(&need["category"]["id"]), unit)).or_default();
            gap[0] += 1;
            gap[1] += need["quantity"]["amount"].as_i64().unwrap_or(1)
                - number(&need["tally"]["claimed"])
                - number(&need["tally"]["agreed"]);
        }
    }
    let mut idle = BTreeSet::new();
    for resource in lists.resources.iter().filter(|it| it["status"] == "OPEN") {
        let lots = resource["countedIn"].is_null();
        let unit = if lots { None } else { text(&resource["quantity"]["unit"]) };
        let key = (text(&resource["category"]["id"]), unit.unwrap_or_else(|| "项".to_owned()));
        let gap = gaps.entry(key).or_default();
        gap[2] += 1;
        gap[3] += number(&resource["remaining"]);
        let tally = &resource["tally"];
        if tally["proposed"] == 0 && tally["claimed"] == 0 && tally["agreed"] == tally["accepted"] {
            idle.insert(text(&resource["id"]).unwrap());
        }
    }
    let query = "{ supplyDemandGap(prices: true) {
        category { id } unit needs unserved resources remaining difference price { perMille value } } }";
    let data = coordinator.data(query, json!({})).await;
    let rows = data["supplyDemandGap"].as_array().unwrap();
    let told: BTreeMap<(Option<String>, String), [i64; 4]> = rows
        .iter()
        .map(|row| {
            let key = (text(&row["category"]["id"]), text(&row["unit"]).unwrap());
            (key, ["needs", "unserved", "resources", "remaining"].map(|field| number(&row[field])))
        })
        .collect();
    assert_eq!(told, gaps);
    assert!(rows.is_sorted_by_key(|row| std::cmp::Reverse(number(&row["difference"]))));
    // The price is that of the explanations of the same plan.
    let query = "{ explanations { scarcity { street(first: 100) { category { id } measure unit worth { value } } } } }";
    let prices = coordinator.data(query, json!({})).await;
    let street = prices["explanations"]["scarcity"]["street"].as_array().unwrap();
    let mut priced = 0;
    for price in street {
        let unit = text(&price["unit"]).unwrap_or_else(|| "项".to_owned());
        let row = rows.iter().find(|row| row["category"] == price["category"] && row["unit"] == json!(unit));
        if let Some(row) = row {
            assert_eq!(row["price"]["value"], price["worth"]["value"]);
            priced += 1;
        }
    }
    assert!(priced > 0, "some scarcity has a price");

    let (mut found, mut since, mut after) = (BTreeSet::new(), Vec::new(), Value::Null);
    loop {
        let query = "query($after: String) { idleResources(first: 7, after: $after) {
            nodes { resource { id } since days } totalCount pageInfo { hasNextPage endCursor } } }";
        let data = coordinator.data(query, json!({ "after": after })).await;
        let page = &data["idleResources"];
        assert_eq!(number(&page["totalCount"]) as usize, idle.len());
        for node in page["nodes"].as_array().unwrap() {
            assert!(found.insert(text(&node["resource"]["id"]).unwrap()), "twice: {node}");
            since.push(text(&node["since"]).unwrap());
        }
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
    assert_eq!(found, idle);
    assert!(since.is_sorted(), "idle longest first");
}

async fn series_and_ranking(coordinator: &Client, lists: &Lists) {
    // The lists of the demo came in within a day or two of now: ask for the steps around what they say.
    let day = |entry: &Value| text(&entry["postedAt"]).unwrap()[..10].to_owned();
    let (first, last) =
        (lists.needs.iter().map(day).min().unwrap(), lists.needs.iter().map(day).max().unwrap());
    let later = format!("{}-12-31", &last[..4]);
    for grain in ["WEEK", "MONTH", "QUARTER"] {
        let query = format!(
            "{{ timeSeries(grain: {grain}, from: \"{first}\", to: \"{later}\") {{
                from to needsPosted resourcesPosted proposed claimed agreed fulfilled appraised }} }}"
        );
        let data = coordinator.data(&query, json!({})).await;
        let steps = data["timeSeries"].as_array().unwrap();
        let sum = |field: &str| steps.iter().map(|step| number(&step[field])).sum::<i64>() as usize;
        let later = |states: &[&str]| {
            lists.pairings.iter().filter(|it| states.contains(&it["status"].as_str().unwrap())).count()
        };
        assert_eq!(sum("needsPosted"), lists.needs.len());
        assert_eq!(sum("resourcesPosted"), lists.resources.len());
        assert_eq!(sum("proposed"), lists.pairings.len());
        assert_eq!(sum("claimed"), lists.claimed.len());
        assert_eq!(sum("agreed"), later(&["AGREED", "ACCEPTED"]));
        assert_eq!(sum("fulfilled"), later(&["ACCEPTED"]));
        assert!(steps.windows(2).all(|pair| pair[0]["to"].as_str() < pair[1]["from"].as_str()));
    }
    let query = "{ timeSeries(grain: DAY, from: \"2026-01-05\", to: \"2026-01-05\") { delivered accepted } }";
    let data = coordinator.data(query, json!({})).await;
    assert_eq!(data["timeSeries"][0]["delivered"], 6, "on the day they say they were made on");

    let year = &last[..4];
    let ranking = format!(
        "{{ unitRanking(period: \"{year}\", by: FULFILLED, first: 100) {{
            rank organization {{ id kind }} fulfilled agreed onTimeRate {{ perMille }} }} }}"
    );
    let data = coordinator.data(&ranking, json!({})).await;
    let rows = data["unitRanking"].as_array().unwrap();
    let mut fulfilled: BTreeMap<String, i64> = BTreeMap::new();
    for pairing in lists.pairings.iter().filter(|it| it["status"] == "ACCEPTED") {
        *fulfilled.entry(text(&pairing["giving"]["id"]).unwrap()).or_default() += 1;
    }
    for row in rows {
        let id = text(&row["organization"]["id"]).unwrap();
        assert_eq!(Some(number(&row["fulfilled"])), fulfilled.get(&id).copied());
    }
    assert!(!rows.is_empty() && rows.is_sorted_by_key(|row| number(&row["rank"])));
}

const TILE: &str = "subscription($after: Position) {
    aggregatesChanged(list: NEEDS, groupBy: FORM, after: $after) {
        position rows { key count open quantities { unit amount } } } }";
const FRESH: &str =
    "{ position aggregates(list: NEEDS, groupBy: FORM) { key count open quantities { unit amount } } }";

/// Posts needs of several forms from several hands until told to stop by the end of the server, or by their number. How
/// many were acknowledged.
async fn write(coordinator: &Client, hand: usize, count: usize) -> usize {
    let forms = ["GOODS", "SERVICE", "VENUE"];
    for index in 0..count {
        let input = json!({
            "title": format!("第{hand}组第{index}件"), "form": forms[(hand + index) % forms.len()],
            "requestId": format!("hand-{hand}-{index}"),
        });
        if coordinator.try_mutate("postNeed", "need { id }", input).await.is_err() {
            return index;
        }
    }
    count
}

/// Follows a tile until it shows what a fresh question shows, and the writers are done.
async fn catch_up(
    coordinator: &Client,
    feed: &mut tests::client::Feed,
    mut last: Option<Value>,
) -> Vec<Value> {
    let mut told = Vec::new();
    loop {
        let fresh = coordinator.data(FRESH, json!({})).await;
        if last.as_ref().is_some_and(|tile| tile["rows"] == fresh["aggregates"]) {
            return told;
        }
        let tile = feed.told().await;
        last = Some(tile.clone());
        told.push(tile);
    }
}

#[tokio::test]
async fn a_tile_that_is_followed_through_kill_9_misses_no_change_and_tells_none_twice() {
    const HANDS: usize = 4;
    let data = tempdir().unwrap();
    let server = Server::start(data.path(), &["--demo"]);
    let token = server.token("COORDINATOR");
    let coordinator = Client::member(&server.address, &token);
    let began = coordinator.position().await;

    // Four hands write; in the midst of it the server is killed.
    let mut feed = coordinator.subscribe(TILE, json!({})).await;
    let mut changes = coordinator
        .subscribe(
            "subscription { events(filter: { types: [\"NeedPosted\"] }) { cursor concerns { needId } } }",
            json!({}),
        )
        .await;
    let writers: Vec<_> = (0..HANDS)
        .map(|hand| {
            let coordinator = coordinator.clone();
            tokio::spawn(async move { write(&coordinator, hand, 400).await })
        })
        .collect();
    let mut told = vec![feed.told().await];
    let mut posted = Vec::new();
    while told.len() < 4 {
        told.push(feed.told().await);
    }
    while posted.len() < 20 {
        posted.push(changes.told().await);
    }
    server.kill_9();
    while let Some(tile) = feed.told_or_gone().await {
        told.push(tile);
    }
    while let Some(event) = changes.told_or_gone().await {
        posted.push(event);
    }
    for writer in writers {
        assert!(writer.await.unwrap() < 400, "it was killed in the midst of it");
    }

    // Taken up again where it broke off. Whatever was written twice by its request was written once.
    let server = Server::start(data.path(), &[]);
    let coordinator = Client::member(&server.address, &token);
    let last = told.last().unwrap().clone();
    let mut feed = coordinator.subscribe(TILE, json!({ "after": last["position"] })).await;
    let mut changes = coordinator
        .subscribe(
            "subscription($after: Position) { events(after: $after, filter: { types: [\"NeedPosted\"] }) {
                cursor concerns { needId } } }",
            json!({ "after": posted.last().unwrap()["cursor"] }),
        )
        .await;
    let writers: Vec<_> = (0..HANDS)
        .map(|hand| {
            let coordinator = coordinator.clone();
            tokio::spawn(async move { write(&coordinator, hand, 60).await })
        })
        .collect();
    for writer in writers {
        assert_eq!(writer.await.unwrap(), 60);
    }
    told.extend(catch_up(&coordinator, &mut feed, Some(last)).await);

    // Every tile differs from the one before, stands at a later position, and is what that position shows.
    for pair in told.windows(2) {
        assert_ne!(pair[0]["rows"], pair[1]["rows"], "told twice");
        assert!(number(&pair[0]["position"]) < number(&pair[1]["position"]));
    }
    for tile in [&told[0], &told[told.len() / 2], &told[told.len() - 1]] {
        let query = "query($at: Position) { asOf(position: $at) {
            aggregates(list: NEEDS, groupBy: FORM) { key count open quantities { unit amount } } } }";
        let then = coordinator.data(query, json!({ "at": tile["position"] })).await;
        assert_eq!(then["asOf"]["aggregates"], tile["rows"]);
    }

    // The feed of events told every need that was posted, once, through both lives of the server.
    let head = coordinator.position().await;
    let mut all = BTreeSet::new();
    let mut after = json!(began.to_string());
    loop {
        let query = "query($after: Position) { events(after: $after, first: 100) {
            nodes { type cursor concerns { needId } } pageInfo { hasNextPage endCursor } } }";
        let data = coordinator.data(query, json!({ "after": after })).await;
        for node in data["events"]["nodes"].as_array().unwrap() {
            if node["type"] == "NeedPosted" {
                all.insert(text(&node["concerns"]["needId"]).unwrap());
            }
        }
        after = data["events"]["pageInfo"]["endCursor"].clone();
        if data["events"]["pageInfo"]["hasNextPage"] == false {
            break;
        }
    }
    while posted.len() < all.len() {
        posted.push(changes.told().await);
    }
    let told_needs: BTreeSet<String> =
        posted.iter().map(|it| text(&it["concerns"]["needId"]).unwrap()).collect();
    assert_eq!(told_needs, all);
    assert_eq!(posted.len(), all.len(), "none twice");
    assert!(all.len() >= HANDS * 60 && head > began);

    // What does not touch the tile is not told; the first that comes after it is what does.
    let quiet = told.last().unwrap()["position"].clone();
    let mut feed = coordinator.subscribe(TILE, json!({ "after": quiet })).await;
    let unit = json!({ "name": "新来的单位", "kind": "UNIT" });
    coordinator.done("registerOrganization", "organization { id }", unit).await;
    let need = json!({ "title": "新来的一件", "form": "MONEY" });
    let need = coordinator.done("postNeed", "need { id }", need).await;
    let tile = feed.told().await;
    assert!(number(&tile["position"]) >= number(&need["position"]), "{tile}");
    server.stop();
}

#[tokio::test]
async fn changes_of_pairings_and_projects_are_told_once_and_taken_up_again() {
    let data = tempdir().unwrap();
    let server = Server::start(data.path(), &["--demo"]);
    let token = server.token("COORDINATOR");
    let coordinator = Client::member(&server.address, &token);
    something_happens(&coordinator).await;
    let changes = "subscription($after: Position, $filter: PairingChangeFilter) {
        pairingChanged(after: $after, filter: $filter) { position cursor events pairing { id status } } }";

    // From the beginning, all at once: what the history of each pairing says.
    let pairings = pages(&coordinator, "pairings", "id").await;
    let mut expected = BTreeMap::new();
    for pairing in &pairings {
        let query = "query($id: ID) { history(id: $id, first: 100) { nodes { position } } }";
        let data = coordinator.data(query, json!({ "id": pairing["id"] })).await;
        let positions = data["history"]["nodes"].as_array().unwrap().iter().map(|it| number(&it["position"]));
        expected.insert(text(&pairing["id"]).unwrap(), positions.collect::<Vec<_>>());
    }
    let total: usize = expected.values().map(Vec::len).sum();
    let mut feed = coordinator.subscribe(changes, json!({ "after": "0" })).await;
    let mut told = Vec::new();
    while told.len() < total {
        told.push(feed.told().await);
    }
    let mut found: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    for change in &told {
        found.entry(text(&change["pairing"]["id"]).unwrap()).or_default().push(number(&change["position"]));
    }
    assert_eq!(found, expected);

    // Broken off anywhere, also inside a commit, and taken up again after a restart: the rest, and nothing else.
    server.kill_9();
    let server = Server::start(data.path(), &[]);
    let coordinator = Client::member(&server.address, &token);
    for broken in [0, 3, total / 2, total - 2] {
        let variables = json!({ "after": told[broken]["cursor"] });
        let mut feed = coordinator.subscribe(changes, variables).await;
        for change in &told[broken + 1..] {
            assert_eq!(feed.told().await["cursor"], change["cursor"]);
        }
    }

    // Filtered: one pairing, then an organization.
    let one = told.last().unwrap()["pairing"]["id"].clone();
    let mut feed =
        coordinator.subscribe(changes, json!({ "after": "0", "filter": { "pairings": [one] } })).await;
    for position in &expected[one.as_str().unwrap()] {
        let change = feed.told().await;
        assert_eq!((number(&change["position"]), &change["pairing"]["id"]), (*position, &one));
    }

    // A project is told with what becomes of it.
    let project = coordinator.done("postProject", "project { id }", json!({ "title": "义诊进社区" })).await;
    let id = &project["project"]["id"];
    let filter =
        json!({ "filter": { "projects": [id] }, "after": (number(&project["position"]) - 1).to_string() });
    let mut feed = coordinator
        .subscribe(
            "subscription($after: Position, $filter: ProjectChangeFilter) {
                projectChanged(after: $after, filter: $filter) { events project { id status } } }",
            filter,
        )
        .await;
    coordinator
        .done("withdrawProject", "project { id }", json!({ "project": id, "reason": "计划有变" }))
        .await;
    let events: Vec<Value> = vec![feed.told().await["events"].clone(), feed.told().await["events"].clone()];
    assert_eq!(events, [json!(["ProjectPosted"]), json!(["ProjectWithdrawn"])]);
    server.stop();
}
