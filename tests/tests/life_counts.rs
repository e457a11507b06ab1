//! A day of claims as three members see it: what waits for whom, what may be done next, and what the figures say of it,
//! over the network, through `kill -9`, and counted once more from the feed of events.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails loudly")]

use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use tempfile::TempDir;
use tests::{client::Client, program::Server};

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("not a text: {value}"))
}

fn list<'a>(value: &'a Value, pointer: &str) -> &'a Vec<Value> {
    value.pointer(pointer).and_then(Value::as_array).unwrap_or_else(|| panic!("no {pointer} in {value}"))
}

const FIGURES: &str = "collected accountable proposed superseded declined lapsed
    replyRate { numerator denominator perMille } claimRate { numerator denominator }
    fulfilmentRate { numerator denominator } resolutionRate { numerator denominator perMille }
    postToClaim { count medianDays }";

/// What waits: the task and the id of what it is about, in the order of the list.
async fn work(client: &Client, organization: Option<&Value>) -> Vec<(String, String)> {
    let query = "query($organization: ID, $after: String) {
        workList(organization: $organization, first: 100, after: $after) { totalCount
            pageInfo { hasNextPage endCursor }
            nodes { task aboutId late since until about { id } } } }";
    let (mut found, mut after) = (Vec::new(), Value::Null);
    loop {
        let asked = json!({ "organization": organization, "after": after });
        let page = client.data(query, asked).await["workList"].clone();
        for item in list(&page, "/nodes") {
            assert_eq!(item["aboutId"], item["about"]["id"], "{item}");
            found.push((text(&item["task"]).to_owned(), text(&item["aboutId"]).to_owned()));
        }
        if page["pageInfo"]["hasNextPage"] == false {
            assert_eq!(page["totalCount"], found.len());
            return found;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

/// What may be done with a pairing: whether it is allowed or else the code of the refusal, by action and side.
async fn next(client: &Client, pairing: &Value) -> BTreeMap<(String, String), Option<String>> {
    let query = "query($id: ID!) { node(id: $id) { ... on Pairing {
        nextActions { action inPart side allowed refusal { code message } } } } }";
    let data = client.data(query, json!({ "id": pairing })).await;
    let whole = list(&data, "/node/nextActions").iter().filter(|it| it["inPart"] == false);
    let actions = whole.map(|it| {
        let code = it["refusal"]["code"].as_str().map(str::to_owned);
        assert_eq!(it["allowed"] == true, code.is_none(), "{it}");
        let side = it["side"].as_str().unwrap_or_default().to_owned();
        ((text(&it["action"]).to_owned(), side), code)
    });
    actions.collect()
}

async fn figures(client: &Client, period: &str, scope: Value) -> Value {
    let query = format!(
        "query($period: String!, $scope: FiguresScope) {{ figures(period: $period, scope: $scope) {{ {FIGURES} }} }}"
    );
    client.data(&query, json!({ "period": period, "scope": scope })).await["figures"].clone()
}

/// Posts a need as the community, and asks for it as the unit; the pairing.
async fn asked_for(officer: &Client, liaison: &Client, title: &str) -> (Value, Value) {
    let own =
        liaison.data("{ me { organization { id } } }", json!({})).await["me"]["organization"]["id"].clone();
    let posted = officer.done("postNeed", "need { id }", json!({ "title": title })).await;
    let need = posted["need"]["id"].clone();
    let wish = json!({ "target": need, "supplier": own });
    let asked = liaison.done("requestPairing", "pairing { id status }", wish).await;
    assert_eq!(asked["pairing"]["status"], "CLAIMED", "{asked}");
    (need, asked["pairing"]["id"].clone())
}

#[tokio::test]
async fn three_members_see_what_waits_for_them_and_the_figures_agree_with_the_feed() {
    let directory = TempDir::new().unwrap();
    let server = Server::start(directory.path(), &["--demo"]);
    let tokens = ["COORDINATOR", "COMMUNITY_OFFICER", "UNIT_LIAISON"].map(|role| server.token(role));
    let [coordinator, officer, liaison] =
        tokens.each_ref().map(|token| Client::member(&server.address, token));
    let own = |client: Client| async move {
        client.data("{ me { organization { id } } }", json!({})).await["me"]["organization"]["id"].clone()
    };
    let (community, unit) = (own(officer.clone()).await, own(liaison.clone()).await);
    let began = coordinator.position().await;

    // The unit asks for two matters; both wait for the community, and for nobody else.
    let (_, first) = asked_for(&officer, &liaison, "长者智能手机课堂").await;
    let (_, second) = asked_for(&officer, &liaison, "楼道堆物清理").await;
    let answer = |pairing: &Value| ("ANSWER_CLAIM".to_owned(), text(pairing).to_owned());
    let waits = work(&officer, None).await;
    assert!(waits.contains(&answer(&first)) && waits.contains(&answer(&second)), "{waits:?}");
    assert!(!work(&liaison, None).await.contains(&answer(&first)));
    assert_eq!(work(&coordinator, Some(&community)).await, waits);
    let all = work(&coordinator, None).await;
    assert!(all.len() >= waits.len() && all.contains(&answer(&first)));
    let refused = liaison
        .ask("query($it: ID) { workList(organization: $it) { totalCount } }", json!({ "it": community }))
        .await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "NOT_ALLOWED", "{refused}");

    // What is shown as allowed is done, what is shown as refused is refused with the same code.
    let claim = |side: &str| ("CLAIM_PAIRING".to_owned(), side.to_owned());
    assert_eq!(next(&officer, &first).await[&claim("ASKING")], None);
    assert_eq!(next(&liaison, &first).await[&claim("GIVING")].as_deref(), Some("ALREADY_CLAIMED"));
    let again = liaison.mutate("claimPairing", "pairing { id }", json!({ "pairing": first })).await;
    assert_eq!(again["userErrors"][0]["code"], "ALREADY_CLAIMED");
    let agreed = officer.done("claimPairing", "pairing { status }", json!({ "pairing": first })).await;
    assert_eq!(agreed["pairing"]["status"], "AGREED");
    assert_eq!(next(&officer, &second).await[&("DECLINE_PAIRING".to_owned(), "ASKING".to_owned())], None);
    let no = json!({ "pairing": second, "reason": "已自行清理" });
    officer.done("declinePairing", "pairing { status }", no.clone()).await;
    let shown = next(&officer, &second).await[&("DECLINE_PAIRING".to_owned(), "ASKING".to_owned())].clone();
    let told = officer.mutate("declinePairing", "pairing { status }", no).await;
    assert_eq!(shown.as_deref(), told["userErrors"][0]["code"].as_str(), "{told}");

    // What was agreed waits for the unit now; what was declined waits for nobody.
    let deliver = ("DELIVER_AGREED".to_owned(), text(&first).to_owned());
    assert!(work(&liaison, None).await.contains(&deliver));
    let left = work(&coordinator, None).await;
    assert!(!left.contains(&answer(&first)) && !left.contains(&answer(&second)));

    // The figures are those of the feed, here and at the position where the day began.
    let now = coordinator.data("{ time }", json!({})).await;
    let year = &text(&now["time"])[..4];
    let counted = recount(&coordinator, None).await;
    let shown = figures(&coordinator, year, Value::Null).await;
    assert_eq!(in_short(&shown), counted, "{shown}");
    let query = format!(
        "query($position: Position, $period: String!) {{ asOf(position: $position) {{
            figures(period: $period) {{ {FIGURES} }} }} }}"
    );
    let asked = json!({ "position": began.to_string(), "period": year });
    let past = coordinator.data(&query, asked).await["asOf"]["figures"].clone();
    assert_eq!(in_short(&past), recount(&coordinator, Some(began)).await, "{past}");
    assert_ne!(past, shown);
    let giving = figures(&liaison, year, json!({ "giving": unit })).await;
    assert_eq!((&giving["proposed"], &giving["declined"]), (&json!(2), &json!(1)), "{giving}");
    let nobody = Client::public(&server.address);
    let refused = nobody.ask("{ figures(period: \"2026\") { collected } }", json!({})).await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "NOT_ALLOWED", "{refused}");
    let nonsense = officer.ask("{ figures(period: \"summer\") { collected } }", json!({})).await;
    assert_eq!(nonsense["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{nonsense}");

    // Nothing was delivered, so nothing can be redeemed.
    let wish = json!({ "organization": unit, "points": 1, "what": "理发券" });
    let poor = coordinator.mutate("redeemContribution", "organization { id }", wish).await;
    assert_eq!(poor["userErrors"][0]["code"], "BALANCE_TOO_LOW", "{poor}");
    let query = "query($id: ID!) { node(id: $id) { ... on Organization {
        contribution { points minutesLeft statement(first: 5) { totalCount nodes { turn points } } } } } }";
    let account = coordinator.data(query, json!({ "id": unit })).await;
    assert_eq!(account["node"]["contribution"]["statement"]["totalCount"], 0, "{account}");

    // All of it is the same after a kill.
    let before = (work(&coordinator, None).await, next(&officer, &first).await);
    server.kill_9();
    let server = Server::start(directory.path(), &[]);
    let [coordinator, officer, _] = tokens.each_ref().map(|token| Client::member(&server.address, token));
    assert_eq!(figures(&coordinator, year, Value::Null).await, shown);
    assert_eq!((work(&coordinator, None).await, next(&officer, &first).await), before);
    server.stop();
}

/// Collected, replied, proposed, claimed, agreed, declined.
type Short = [u64; 6];

fn in_short(figures: &Value) -> Short {
    [
        &figures["collected"],
        &figures["replyRate"]["numerator"],
        &figures["proposed"],
        &figures["claimRate"]["numerator"],
        &figures["fulfilmentRate"]["denominator"],
        &figures["declined"],
    ]
    .map(|it| it.as_u64().unwrap())
}

/// The same from the feed of events, one after the other, up to a position.
async fn recount(client: &Client, end: Option<u64>) -> Short {
    let query = "query($after: Position) { events(first: 100, after: $after) {
        pageInfo { hasNextPage endCursor } nodes { position type payload } } }";
    let (mut needs, mut replied) = (BTreeMap::new(), BTreeSet::new());
    let mut pairings: BTreeMap<u64, u64> = BTreeMap::new();
    let (mut claimed, mut agreed) = (BTreeSet::new(), BTreeSet::new());
    let (mut declined, mut replaced) = (BTreeSet::new(), BTreeSet::new());
    let mut after = json!("0");
    'pages: loop {
        let page = client.data(query, json!({ "after": after })).await["events"].clone();
        for event in list(&page, "/nodes") {
            let position: u64 = text(&event["position"]).parse().unwrap();
            if end.is_some_and(|end| position > end) {
                break 'pages;
            }
            let it = &event["payload"];
            let number = |field: &str| it[field].as_u64().unwrap_or_else(|| panic!("{field} of {event}"));
            match text(&event["type"]) {
                "NEED_POSTED" | "NEED_AMENDED" => {
                    needs.insert(number("need"), it["draft"]["entry"]["settled"].is_null());
                }
                "NEED_VERIFIED" | "NEED_REJECTED" => {
                    replied.insert(number("need"));
                }
                "PAIRING_PROPOSED" | "PAIRING_REQUESTED" => {
                    let need = it["terms"]["target"]["need"].as_u64().unwrap_or(0);
                    pairings.insert(number("pairing"), need);
                }
                "PAIRING_CLAIMED" => {
                    claimed.insert(number("pairing"));
                    if it["side"] == "giving" {
                        replied.insert(pairings[&number("pairing")]);
                    }
                }
                "PAIRING_AGREED" => {
                    claimed.insert(number("pairing"));
                    agreed.insert(number("pairing"));
                    replied.insert(pairings[&number("pairing")]);
                }
                "PAIRING_DECLINED" => {
                    declined.insert(number("pairing"));
                }
                "PAIRING_SUPERSEDED" => {
                    replaced.insert(number("pairing"));
                }
                _ => {}
            }
        }
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
    let collected = needs.values().filter(|counts| **counts).count();
    let answered = replied.iter().filter(|need| needs.get(need) == Some(&true)).count();
    let replaced = replaced.difference(&claimed).count();
    [collected, answered, pairings.len() - replaced, claimed.len(), agreed.len(), declined.len()]
        .map(|count| count as u64)
}
