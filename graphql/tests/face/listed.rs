//! Every list in each of its orders and under each of its conditions, compared with a plain look at everything.

use crate::street::Street;
use engine::{
    command::Command,
    identity::PlaceId,
    organization::{OrganizationDraft, OrganizationKind},
    place::PlaceLevel,
};
use serde_json::{Value, json};

/// What a node is sorted by; nothing comes last.
type Key = Option<(i64, String)>;

/// What a node is sorted by.
type Sorting = Box<dyn Fn(&Value) -> Key>;

/// Which nodes a filter lets through.
type Lets<'a> = Box<dyn Fn(&Value) -> bool + 'a>;

/// A list: its field and its types, what its nodes tell, what they are sorted by, and which of them pass which filter.
struct List<'a> {
    field: &'static str,
    noun: &'static str,
    node: &'static str,
    orders: Vec<(&'static str, Sorting)>,
    filters: Vec<(Value, Lets<'a>)>,
}

fn number(value: &Value) -> Key {
    value.as_i64().or_else(|| value.as_str()?.parse().ok()).map(|it| (it, String::new()))
}

fn text(value: &Value) -> Key {
    value.as_str().map(|it| (0, it.to_owned()))
}

/// Its place among the values of an enum.
fn step(value: &Value, values: &[&str]) -> Key {
    Some((values.iter().position(|it| value == it).unwrap() as i64, String::new()))
}

/// The ids in an order, by sorting everything.
fn sorted(all: &[Value], key: impl Fn(&Value) -> Key, direction: &str) -> Vec<Value> {
    let mut all: Vec<(Key, usize)> = all.iter().enumerate().map(|(number, it)| (key(it), number)).collect();
    all.sort_by(|one, other| {
        let rising = one.cmp(other);
        let directed = if direction == "DESC" { rising.reverse() } else { rising };
        one.0.is_none().cmp(&other.0.is_none()).then(directed)
    });
    all.into_iter().map(|(_, index)| index).collect::<Vec<_>>().into_iter().map(|it| json!(it)).collect()
}

impl List<'_> {
    fn query(&self) -> String {
        let Self { field, noun, node, .. } = self;
        format!(
            "query($filter: {noun}Filter, $order: {noun}Order, $first: Int, $after: String, $last: Int, $before: String) {{
                {field}(filter: $filter, orderBy: $order, first: $first, after: $after, last: $last, before: $before) {{
                    totalCount nodes {{ {node} }} pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }}"
        )
    }

    async fn page(&self, street: &Street, variables: Value) -> Value {
        street.data(&street.observer, &self.query(), variables).await[self.field].clone()
    }

    /// All that pass a filter, oldest first.
    async fn all(&self, street: &Street, filter: &Value) -> Vec<Value> {
        let page = self.page(street, json!({ "filter": filter, "first": 100 })).await;
        let nodes = page["nodes"].as_array().unwrap().clone();
        assert_eq!(page["totalCount"], nodes.len(), "{} {filter}", self.field);
        nodes
    }

    /// Page by page, in one order from one end.
    async fn paged(&self, street: &Street, filter: &Value, order: &Value, forwards: bool) -> Vec<Value> {
        let (mut found, mut cursor) = (Vec::new(), Value::Null);
        loop {
            let variables = if forwards {
                json!({ "filter": filter, "order": order, "first": 2, "after": cursor })
            } else {
                json!({ "filter": filter, "order": order, "last": 2, "before": cursor })
            };
            let page = self.page(street, variables).await;
            let nodes = page["nodes"].as_array().unwrap().clone();
            let info = &page["pageInfo"];
            let (beyond, behind, next) = if forwards {
                found.extend(nodes);
                (&info["hasNextPage"], &info["hasPreviousPage"], &info["endCursor"])
            } else {
                found = [nodes, found].concat();
                (&info["hasPreviousPage"], &info["hasNextPage"], &info["startCursor"])
            };
            assert_eq!(behind, !cursor.is_null(), "{} {filter} {order}", self.field);
            if beyond != true {
                return found;
            }
            cursor = next.clone();
        }
    }

    async fn check(&self, street: &Street) {
        let all = self.all(street, &json!({})).await;
        assert!(all.len() >= 4, "{}: {all:?}", self.field);
        let whole: (Value, Lets<'_>) = (json!({}), Box::new(|_| true));
        for (filter, lets) in [&whole].into_iter().chain(&self.filters) {
            let expected: Vec<Value> = all.iter().filter(|it| lets(it)).cloned().collect();
            assert_eq!(self.all(street, filter).await, expected, "{} {filter}", self.field);
            let is_telling = filter == &json!({}) || !expected.is_empty() && expected.len() < all.len();
            assert!(is_telling, "{} {filter} lets {} of {}", self.field, expected.len(), all.len());
            // Put together, it lets through what it says.
            let not = json!({ "not": filter });
            let others: Vec<Value> = all.iter().filter(|it| !lets(it)).cloned().collect();
            assert_eq!(self.all(street, &not).await, others, "{} {not}", self.field);
            for both in [json!({ "or": [filter, not] }), json!({ "and": [{}, { "or": [not, filter] }] })] {
                assert_eq!(self.all(street, &both).await, all, "{} {both}", self.field);
            }
            for (name, key) in &self.orders {
                for direction in ["ASC", "DESC"] {
                    let order = json!({ "field": name, "direction": direction });
                    let indexes = sorted(&expected, key, direction);
                    let expected: Vec<Value> =
                        indexes.iter().map(|it| expected[it.as_u64().unwrap() as usize].clone()).collect();
                    for forwards in [true, false] {
                        let found = self.paged(street, filter, &order, forwards).await;
                        assert_eq!(found, expected, "{} {filter} {order} forwards: {forwards}", self.field);
                    }
                }
            }
        }
    }
}

/// A street on which all has happened, with a second community that has no unit of its own.
struct Scene {
    street: Street,
    place: Value,
    community: Value,
    hospital: Value,
    needs: Vec<Value>,
    pairings: Vec<Value>,
    plan: Value,
}

impl Scene {
    async fn open() -> Self {
        let street = Street::open().await;
        let parent = street.ledger.state().street().map(|it| it.place);
        let name = "春晖社区".to_owned();
        street
            .execute(Command::AddPlace {
                name: name.clone(),
                level: PlaceLevel::Community,
                parent,
                reference: None,
            })
            .await;
        let last: Option<PlaceId> = street.ledger.state().places().next_back().map(|it| it.id);
        let kind = OrganizationKind::Community;
        let draft = OrganizationDraft { name, kind, place: last, open_capacity: None, reference: None };
        street.execute(Command::RegisterOrganization(draft)).await;
        let ids = "{ organizations { id name place { id } } }";
        let ids = street.data("", ids, json!({})).await["organizations"].as_array().unwrap().clone();
        let named = |name: &str| ids.iter().find(|it| it["name"] == name).unwrap();
        let mut scene = Self {
            place: named("春晖社区")["place"]["id"].clone(),
            community: named("春晖社区")["id"].clone(),
            hospital: named("师院附属医院")["id"].clone(),
            street,
            needs: Vec::new(),
            pairings: Vec::new(),
            plan: Value::Null,
        };
        scene.post().await;
        scene.pair().await;
        scene.cooperate().await;
        scene
    }

    async fn done(&self, field: &str, kind: &str, input: Value) -> Value {
        let payload =
            self.street.mutate(&self.street.coordinator, field, &format!("{kind} {{ id }}"), input).await;
        assert_eq!(payload["userErrors"], json!([]), "{field} {payload}");
        payload[kind]["id"].clone()
    }

    async fn post(&mut self) {
        let categories = [json!("CARE-MEAL"), json!("SPACE-PARK"), Value::Null];
        for index in 0..9_usize {
            let mut input = json!({
                "title": format!("{}{index}", ["助餐", "停车", "义诊"][index % 3]),
                "category": categories[index % 3], "quantity": { "amount": 5 + index * 7 % 4, "measure": "SESSIONS" },
            });
            if index % 4 == 1 {
                input["organization"] = self.community.clone();
            } else {
                input["organization"] = Value::Null;
            }
            if index % 2 == 0 {
                input["window"] = json!({ "to": format!("2027-0{}-15", 9 - index) });
                input["channel"] = json!("HOTLINE");
            }
            self.needs.push(self.done("postNeed", "need", input).await);
            self.street.pass(7);
        }
    }

    async fn pair(&mut self) {
        let adopted = "mutation { adoptPlan { plan { id } userErrors { code } } }";
        let offer = json!({ "title": "助餐", "organization": self.hospital, "category": "CARE-MEAL",
            "quantity": { "amount": 3, "measure": "SESSIONS" } });
        self.done("postResource", "resource", offer).await;
        let answer = self.street.data(&self.street.coordinator, adopted, json!({})).await;
        self.plan = answer["adoptPlan"]["plan"]["id"].clone();
        for (index, need) in self.needs.clone().into_iter().enumerate() {
            let title = format!("可供{index}");
            let offer = json!({ "title": title, "organization": self.hospital,
                "quantity": { "amount": 9, "measure": "SESSIONS" } });
            let resource = self.done("postResource", "resource", offer).await;
            let input = json!({ "target": need, "supplier": resource, "quantity": 1 + index % 2, "by": self.hospital });
            let payload =
                self.street.mutate(&self.street.coordinator, "requestPairing", "pairing { id }", input).await;
            let Some(pairing) = payload["pairing"]["id"].as_str().map(|it| json!(it)) else { continue };
            self.pairings.push(pairing.clone());
            self.street.pass(1);
            let side = |side: &str| json!({ "pairing": pairing, "side": side });
            match index % 4 {
                0 | 1 => {
                    self.done("claimPairing", "pairing", side("ASKING")).await;
                }
                2 => {
                    let input = json!({ "pairing": pairing, "side": "ASKING", "reason": "另有安排" });
                    self.done("declinePairing", "pairing", input).await;
                }
                _ => {}
            }
        }
    }

    async fn cooperate(&mut self) {
        let agreed = "query { pairings(filter: { status: [AGREED] }, first: 100) { nodes { id quantity asking { id } giving { id } } } }";
        let agreed = self.street.data(&self.street.coordinator, agreed, json!({})).await;
        let agreed = agreed["pairings"]["nodes"].as_array().unwrap().clone();
        assert!(agreed.len() >= 4, "{agreed:?}");
        for (index, pairing) in agreed.iter().enumerate() {
            let day = format!("2026-05-{:02}", 20 - index * 3 % 7);
            let delivered = json!({ "pairing": pairing["id"], "quantity": 1, "on": day });
            let mut delivery = Value::Null;
            // What is drafted holds deliveries up until it is signed, so that one comes before.
            if index == 1 {
                delivery = self.done("recordDelivery", "delivery", delivered.clone()).await;
            }
            let parties = [&pairing["asking"]["id"], &pairing["giving"]["id"]];
            let mut terms = json!({ "title": format!("协议{index}"), "parties": parties,
                "budget": [{ "source": "街道", "yuan": 1000 * (1 + index * 5 % 3) }] });
            if index % 2 == 0 {
                terms["milestones"] =
                    json!([{ "number": 1, "title": "开工", "due": format!("2027-0{}-01", 9 - index) }]);
            }
            let input = json!({ "subject": pairing["id"], "terms": terms });
            let agreement = self.done("draftAgreement", "agreement", input).await;
            self.street.pass(3);
            if index != 1 {
                for party in parties {
                    let input = json!({ "agreement": agreement, "version": 1, "party": party });
                    self.done("signAgreement", "agreement", input).await;
                }
            }
            if index != 1 {
                delivery = self.done("recordDelivery", "delivery", delivered).await;
            }
            if index % 2 == 0 {
                self.done("confirmDelivery", "delivery", json!({ "delivery": delivery })).await;
            }
        }
        for (index, need) in self.needs.clone().into_iter().enumerate() {
            let until = format!("2026-0{}-01T00:00:00Z", 9 - index % 3);
            let input = json!({ "target": need, "until": until });
            let open = "mutation($input: OpenCallInput!) { openCall(input: $input) { userErrors { code } } }";
            let opened =
                self.street.data(&self.street.coordinator, open, json!({ "input": input })).await["openCall"]
                    .clone();
            if opened["userErrors"] != json!([]) {
                continue;
            }
            self.street.pass(1);
            let input = json!({ "target": need, "supplier": self.hospital, "quantity": 1 + index % 3 });
            let payload = self.street.mutate(&self.street.coordinator, "placeBid", "bid { id }", input).await;
            if let Some(bid) = payload["bid"]["id"].as_str()
                && index % 2 == 0
            {
                self.done("declineBid", "bid", json!({ "bid": bid, "reason": "另有安排" })).await;
            }
        }
        let project = self
            .done("postProject", "project", json!({ "title": "共建", "slots": [{ "title": "出力" }] }))
            .await;
        for index in 0..5 {
            let input = json!({
                "title": format!("第{index}次联席会"), "heldAt": format!("2026-07-0{}T08:00:00Z", 1 + index * 3 % 5),
                "participants": if index % 2 == 0 { json!([self.hospital]) } else { json!([self.community]) },
                "agenda": if index < 2 { json!([project]) } else { json!([]) },
            });
            let meeting = self.done("callMeeting", "meeting", input).await;
            if index == 3 {
                let input = json!({ "meeting": meeting, "reason": "另有安排" });
                self.done("cancelMeeting", "meeting", input).await;
            }
        }
    }
}

const LIVES: [&str; 8] =
    ["PROPOSED", "CLAIMED", "AGREED", "ACCEPTED", "DECLINED", "LAPSED", "WITHDRAWN", "SUPERSEDED"];

#[tokio::test]
async fn pairings_and_deliveries_come_in_every_order_and_under_every_condition() {
    let scene = Scene::open().await;
    let [community, hospital] = [&scene.community, &scene.hospital];
    let due = |it: &Value| match it["status"].as_str().unwrap() {
        "CLAIMED" => text(&it["claimedUntil"]),
        // The end of the day, as a moment is written.
        "AGREED" => text(&it["need"]["window"]["to"]).map(|(_, day)| (0, format!("{day}T24"))),
        _ => None,
    };
    let target = scene.needs[0].clone();
    let pairings = List {
        field: "pairings",
        noun: "Pairing",
        node: "id status quantity claimedUntil since need { id title channel category { code } window { to } place { id } }
            asking { id } giving { id } plan { id } fit { total }",
        orders: vec![
            ("PROPOSED", Box::new(|_| Some((0, String::new())))),
            ("STATUS", Box::new(|it| step(&it["status"], &LIVES))),
            ("QUANTITY", Box::new(|it| number(&it["quantity"]))),
            ("FIT", Box::new(|it| number(&it["fit"]["total"]))),
            ("CATEGORY", Box::new(|it| text(&it["need"]["category"]["code"]))),
            ("DUE", Box::new(due)),
        ],
        filters: vec![
            (json!({ "status": ["CLAIMED", "AGREED"] }), Box::new(due_or_agreed)),
            (json!({ "place": scene.place }), Box::new(|it| it["need"]["place"]["id"] == scene.place)),
            (json!({ "asking": community }), Box::new(|it| it["asking"]["id"] == *community)),
            (json!({ "organization": community }), Box::new(|it| it["asking"]["id"] == *community)),
            (json!({ "plan": scene.plan }), Box::new(|it| it["plan"]["id"] == scene.plan)),
            (json!({ "target": target }), Box::new(|it| it["need"]["id"] == target)),
            (json!({ "category": "CARE" }), Box::new(|it| it["need"]["category"]["code"] == "CARE-MEAL")),
            (json!({ "channel": ["HOTLINE"] }), Box::new(|it| it["need"]["channel"] == "HOTLINE")),
            (json!({ "text": "停车" }), Box::new(|it| it["need"]["title"].as_str().unwrap().contains("停车"))),
            (
                json!({ "due": { "until": "2027-04-01T00:00:00Z" } }),
                Box::new(move |it| due(it).is_some_and(|(_, at)| at.as_str() < "2027-04-01")),
            ),
            (
                json!({ "proposed": { "from": "2026-05-31T16:00:00Z" }, "giving": hospital }),
                Box::new(|it| {
                    it["since"].as_str().unwrap() >= "2026-05-31T16:00:00" && it["giving"]["id"] == *hospital
                }),
            ),
        ],
    };
    pairings.check(&scene.street).await;

    let deliveries = List {
        field: "deliveries",
        noun: "Delivery",
        node: "id status quantity on pairing { id need { id place { id } } asking { id } }",
        orders: vec![
            ("RECORDED", Box::new(|_| Some((0, String::new())))),
            ("ON", Box::new(|it| text(&it["on"]))),
            (
                "STATUS",
                Box::new(|it| step(&it["status"], &["RECORDED", "CONFIRMED", "DISPUTED", "WITHDRAWN"])),
            ),
            ("QUANTITY", Box::new(|it| number(&it["quantity"]))),
        ],
        filters: vec![
            (json!({ "status": ["CONFIRMED"] }), Box::new(|it| it["status"] == "CONFIRMED")),
            (json!({ "asking": community }), Box::new(|it| it["pairing"]["asking"]["id"] == *community)),
            (
                json!({ "place": scene.place }),
                Box::new(|it| it["pairing"]["need"]["place"]["id"] == scene.place),
            ),
            (json!({ "target": target }), Box::new(|it| it["pairing"]["need"]["id"] == target)),
            (
                json!({ "on": { "from": "2026-05-17", "to": "2026-05-19" } }),
                Box::new(|it| ("2026-05-17"..="2026-05-19").contains(&it["on"].as_str().unwrap())),
            ),
        ],
    };
    deliveries.check(&scene.street).await;
    scene.street.close().await;
}

fn due_or_agreed(it: &Value) -> bool {
    it["status"] == "CLAIMED" || it["status"] == "AGREED"
}

#[tokio::test]
async fn agreements_meetings_bids_and_calls_come_in_every_order_and_under_every_condition() {
    let scene = Scene::open().await;
    let [community, hospital] = [&scene.community, &scene.hospital];
    let state = |it: &Value| step(&it["status"], &["DRAFTED", "IN_FORCE", "WITHDRAWN"]);
    List {
        field: "agreements",
        noun: "Agreement",
        node: "id status newest { title yuan } inForce { inForceSince milestones { due } }
            subject { ... on Pairing { id asking { id } } }",
        orders: vec![
            ("DRAFTED", Box::new(|_| Some((0, String::new())))),
            ("SIGNED", Box::new(|it| text(&it["inForce"]["inForceSince"]))),
            ("VALUE", Box::new(|it| number(&it["newest"]["yuan"]))),
            ("DUE", Box::new(|it| text(&it["inForce"]["milestones"][0]["due"]))),
            ("STATUS", Box::new(state)),
        ],
        filters: vec![
            (json!({ "status": ["DRAFTED"] }), Box::new(|it| it["status"] == "DRAFTED")),
            (json!({ "unsignedBy": hospital }), Box::new(|it| it["status"] == "DRAFTED")),
            (json!({ "party": community }), Box::new(|it| it["subject"]["asking"]["id"] == *community)),
            (json!({ "text": "协议0" }), Box::new(|it| it["newest"]["title"] == "协议0")),
            (
                json!({ "due": { "until": "2027-08-15T00:00:00Z" } }),
                Box::new(|it| {
                    it["inForce"]["milestones"][0]["due"].as_str().is_some_and(|due| due < "2027-08-15")
                }),
            ),
        ],
    }
    .check(&scene.street)
    .await;
    List {
        field: "meetings",
        noun: "Meeting",
        node: "id title status heldAt participants { id }",
        orders: vec![
            ("CALLED", Box::new(|_| Some((0, String::new())))),
            ("HELD", Box::new(|it| text(&it["heldAt"]))),
            ("STATUS", Box::new(|it| step(&it["status"], &["CALLED", "CLOSED", "CANCELLED"]))),
        ],
        filters: vec![
            (json!({ "participant": community }), Box::new(|it| it["participants"][0]["id"] == *community)),
            (json!({ "status": ["CANCELLED"] }), Box::new(|it| it["status"] == "CANCELLED")),
            (json!({ "text": "第2次" }), Box::new(|it| it["title"] == "第2次联席会")),
            (
                json!({ "held": { "from": "2026-07-02T00:00:00Z", "until": "2026-07-04T08:00:00Z" } }),
                Box::new(|it| ("2026-07-02".."2026-07-04T08").contains(&it["heldAt"].as_str().unwrap())),
            ),
        ],
    }
    .check(&scene.street)
    .await;
    let is_here = |it: &Value| it["target"]["place"]["id"] == scene.place;
    List {
        field: "bids",
        noun: "Bid",
        node: "id status quantity placedAt target { ... on Need { id place { id } category { code } } }",
        orders: vec![
            ("PLACED", Box::new(|_| Some((0, String::new())))),
            ("STATUS", Box::new(|it| step(&it["status"], &["WAITING", "CHOSEN", "DECLINED", "WITHDRAWN"]))),
            ("QUANTITY", Box::new(|it| number(&it["quantity"]))),
        ],
        filters: vec![
            (json!({ "status": ["DECLINED"] }), Box::new(|it| it["status"] == "DECLINED")),
            (json!({ "place": scene.place }), Box::new(is_here)),
            (json!({ "asking": community }), Box::new(is_here)),
            (json!({ "category": "SPACE" }), Box::new(|it| it["target"]["category"]["code"] == "SPACE-PARK")),
        ],
    }
    .check(&scene.street)
    .await;
    List {
        field: "calls",
        noun: "Call",
        node: "openedAt until target { ... on Need { id title place { id } category { code } } }",
        orders: vec![
            ("TARGET", Box::new(|_| Some((0, String::new())))),
            ("OPENED", Box::new(|it| text(&it["openedAt"]))),
            ("UNTIL", Box::new(|it| text(&it["until"]))),
            ("CATEGORY", Box::new(|it| text(&it["target"]["category"]["code"]))),
        ],
        filters: vec![
            (json!({ "place": scene.place }), Box::new(is_here)),
            (
                json!({ "text": "助餐" }),
                Box::new(|it| it["target"]["title"].as_str().unwrap().contains("助餐")),
            ),
            (
                json!({ "until": { "until": "2026-08-15T00:00:00Z" } }),
                Box::new(|it| it["until"].as_str().unwrap() < "2026-08-15"),
            ),
        ],
    }
    .check(&scene.street)
    .await;
    // A call whose time is over takes no bids, whether it was closed already or not.
    scene.street.pass(24 * 365);
    let data = scene.street.data("", "{ calls { totalCount } }", json!({})).await;
    assert_eq!(data["calls"]["totalCount"], 0);
    scene.street.close().await;
}

#[tokio::test]
async fn a_cursor_keeps_its_place_while_pairings_move_and_come() {
    let scene = Scene::open().await;
    let query = "query($after: String) { pairings(orderBy: { field: STATUS }, first: 3, after: $after) {
        nodes { id status } pageInfo { endCursor } totalCount } }";
    let ask = async |after: &Value| {
        scene.street.data(&scene.street.observer, query, json!({ "after": after })).await["pairings"].clone()
    };
    let first = ask(&Value::Null).await;
    let seen: Vec<Value> = first["nodes"].as_array().unwrap().iter().map(|it| it["id"].clone()).collect();
    // One that was seen goes to the end, and a new one comes before the cursor.
    let moved = seen[0].clone();
    let input = json!({ "pairing": moved, "side": "ASKING", "reason": "另有安排" });
    scene.done("declinePairing", "pairing", input).await;
    let need = scene.done("postNeed", "need", json!({ "title": "新的" })).await;
    let supplier = scene.hospital.clone();
    let input = json!({ "target": need, "supplier": supplier, "by": scene.hospital });
    let payload = scene
        .street
        .mutate(&scene.street.coordinator, "requestPairing", "pairing { id status }", input)
        .await;
    assert_eq!(payload["userErrors"], json!([]));
    let (mut rest, mut cursor) = (Vec::new(), first["pageInfo"]["endCursor"].clone());
    while !cursor.is_null() {
        let page = ask(&cursor).await;
        rest.extend(page["nodes"].as_array().unwrap().iter().map(|it| it["id"].clone()));
        cursor = page["pageInfo"]["endCursor"].clone();
    }
    let twice: Vec<&Value> = rest.iter().filter(|it| seen.contains(it)).collect();
    assert_eq!(twice, [&moved], "met at its old place and at its new one");
    let total = ask(&Value::Null).await["totalCount"].as_u64().unwrap() as usize;
    assert!(rest.len() + seen.len() >= total, "nothing else is missed");
    scene.street.close().await;
}

#[tokio::test]
async fn logins_organizations_and_plans_are_told_apart_and_sorted() {
    let scene = Scene::open().await;
    let street = &scene.street;
    let first = "{ members(first: 1) { id } }";
    assert!(street.ask(&street.coordinator, first, json!({})).await["errors"].is_array(), "a whole list");
    let query = "query($organization: ID, $place: ID) {
        asc: members(orderBy: { field: LABEL }) { label }
        roles: members(orderBy: { field: ROLE, direction: DESC }) { role }
        observers: members(filter: { role: [OBSERVER], revoked: false }) { role }
        here: members(filter: { organization: $organization }) { organization { id } }
        others: members(filter: { not: { text: \"unit\" } }) { label }
        gone: members(filter: { revoked: true }) { id }
        places(within: $place, orderBy: { field: NAME, direction: DESC }) { name }
        named: places(filter: { or: [{ text: \"春晖\" }, { level: STREET }] }) { name }
        communities: organizations(filter: { or: [{ kind: COMMUNITY }, { text: \"银行\" }] }) { name }
        newest: plans(orderBy: { field: ADOPTED, direction: DESC }, first: 1) { nodes { id } }
        early: plans(filter: { adopted: { until: \"2000-01-01T00:00:00Z\" } }) { totalCount } }";
    let data = street
        .data(&street.coordinator, query, json!({ "organization": scene.hospital, "place": scene.place }))
        .await;
    let of = |list: &str, field: &str| -> Vec<String> {
        data[list].as_array().unwrap().iter().map(|it| it[field].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(of("asc", "label"), ["CommunityOfficer", "Coordinator", "Observer", "UnitLiaison"]);
    assert_eq!(of("roles", "role"), ["OBSERVER", "UNIT_LIAISON", "COMMUNITY_OFFICER", "COORDINATOR"]);
    assert_eq!(of("observers", "role"), ["OBSERVER"]);
    assert_eq!(data["here"], json!([{ "organization": { "id": scene.hospital } }]));
    assert_eq!(of("others", "label"), ["Coordinator", "Observer"], "without regard to case");
    assert_eq!(data["gone"], json!([]));
    assert_eq!(of("places", "name"), ["春晖社区"]);
    assert_eq!(of("named", "name"), ["清河桥街道", "春晖社区"]);
    assert_eq!(of("communities", "name"), ["学府路社区", "清河银行", "春晖社区"]);
    assert_eq!(data["newest"]["nodes"], json!([{ "id": scene.plan }]));
    assert_eq!(data["early"]["totalCount"], 0);
}
