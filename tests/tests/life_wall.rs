//! The leaning wall 倾斜的围墙: one need from the first word to the last, through GraphQL only, on the real program.
//!
//! A resident complains, the community whistles, three units take up the slots of a project, sign, amend and sign
//! again; one hands over too little and is disputed. The server is killed in the middle of it. At the end the record
//! of the project, of its need, and of the disputed pairing reads as the story it was.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails loudly")]

use serde_json::{Value, json};
use tempfile::TempDir;
use tests::{
    client::Client,
    program::{self, Server, verify},
};

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("not a text: {value}"))
}

/// Somebody with a login, whose server may be another one after a restart.
struct Person {
    token: String,
    organization: Value,
    client: Client,
}

/// Everybody who has to do with the wall.
struct Street {
    server: Server,
    directory: TempDir,
    coordinator: Person,
    officer: Person,
    units: Vec<Person>,
}

impl Street {
    async fn opened() -> Self {
        let directory = TempDir::new().unwrap();
        let add = ["member", "add", "--role", "coordinator", "--street", "测试街道"];
        let token = program::run(&add, Some(directory.path()), []).trim().to_owned();
        let server = Server::start(directory.path(), &[]);
        let client = Client::member(&server.address, &token);
        let street = client.data("{ street { place { id } } }", json!({})).await;
        let place =
            json!({ "name": "春晖社区", "level": "COMMUNITY", "parent": street["street"]["place"]["id"] });
        let place = client.done("addPlace", "place { id }", place).await["place"]["id"].clone();
        let coordinator = Person { token, organization: Value::Null, client };
        let community = json!({ "name": "春晖社区", "kind": "COMMUNITY", "place": place });
        let officer = person(&server, &coordinator, community, "COMMUNITY_OFFICER").await;
        let mut units = Vec::new();
        for (name, kind) in
            [("清河建筑公司", "ENTERPRISE"), ("清河银行", "BANK"), ("清河物业公司", "PROPERTY_COMPANY")]
        {
            let unit = json!({ "name": name, "kind": "UNIT", "unitKind": kind });
            units.push(person(&server, &coordinator, unit, "UNIT_LIAISON").await);
        }
        Self { server, directory, coordinator, officer, units }
    }

    /// The power goes, and the same people go on.
    async fn killed_and_started_again(self) -> Self {
        let Self { server, directory, mut coordinator, mut officer, mut units } = self;
        let before = coordinator.client.position().await;
        server.kill_9();
        let server = Server::start(directory.path(), &[]);
        for person in [&mut coordinator, &mut officer].into_iter().chain(&mut units) {
            person.client = Client::member(&server.address, &person.token);
        }
        assert_eq!(coordinator.client.position().await, before, "nothing acknowledged is lost");
        Self { server, directory, coordinator, officer, units }
    }

    /// Everybody who is to sign, the raiser first.
    fn parties(&self) -> Vec<&Person> {
        [&self.officer].into_iter().chain(&self.units).collect()
    }

    async fn sign(&self, agreement: &Value, version: u32) {
        for party in self.parties() {
            let input = json!({ "agreement": agreement, "version": version });
            party.client.done("signAgreement", "agreement { status }", input).await;
        }
    }

    async fn project(&self, project: &Value) -> Value {
        let query = "query($id: ID!) { node(id: $id) { ... on Project {
            status slotsAgreed slots { nodes { tally { agreed delivered accepted } } } } } }";
        self.coordinator.client.data(query, json!({ "id": project })).await["node"].clone()
    }
}

/// Registers an organization and gives its member a login.
async fn person(server: &Server, coordinator: &Person, organization: Value, role: &str) -> Person {
    let registered =
        coordinator.client.done("registerOrganization", "organization { id }", organization).await;
    let organization = registered["organization"]["id"].clone();
    let member = json!({ "organization": organization, "role": role, "label": "办公室电脑" });
    let token = text(&coordinator.client.done("addMember", "token", member).await["token"]).to_owned();
    let client = Client::member(&server.address, &token);
    Person { token, organization, client }
}

/// The kinds of events that the record of a thing holds, oldest first, commit by commit.
async fn history(street: &Street, id: &Value) -> Vec<Vec<String>> {
    let query = "query($id: ID!) { history(id: $id, first: 100) { nodes { events { nodes { type } } } } }";
    let data = street.coordinator.client.data(query, json!({ "id": id })).await;
    let nodes = data["history"]["nodes"].as_array().unwrap();
    let kinds = |node: &Value| {
        let events = node["events"]["nodes"].as_array().unwrap();
        events.iter().map(|event| text(&event["type"]).to_owned()).collect()
    };
    nodes.iter().map(kinds).collect()
}

#[tokio::test]
async fn the_leaning_wall_is_carried_from_the_first_complaint_to_the_last_signature_and_beyond() {
    let street = Street::opened().await;
    let need = raised_and_whistled(&street).await;
    let (project, slots) = proposed(&street, &need).await;
    let pairings = taken_up(&street, &slots).await;
    discussed(&street, &project, &pairings).await;
    let agreement = signed_by_all(&street, &project, &pairings).await;

    let street = street.killed_and_started_again().await;
    assert_eq!(street.project(&project).await["status"], "SIGNED");
    amended_and_started(&street, &project, &agreement, &pairings).await;
    delivered_with_a_dispute(&street, &pairings).await;
    let street = street.killed_and_started_again().await;
    accepted_appraised_closed(&street, &project, &need, &agreement).await;
    the_record_reads_as_the_story(&street, &project, &need, &pairings).await;

    let position = street.coordinator.client.position().await;
    street.server.stop();
    assert_eq!(verify(street.directory.path()).commits, position);
}

/// A resident tells the community, which posts the need and whistles for the units.
async fn raised_and_whistled(street: &Street) -> Value {
    let officer = &street.officer.client;
    let input =
        json!({ "title": "小区北侧围墙倾斜,居民担心倒塌", "channel": "RESIDENT_WHISTLE", "ceiling": 60_000 });
    let posted = officer.done("postNeed", "need { id status revision }", input).await["need"].clone();
    assert_eq!(posted["status"], "OPEN");
    let whistle =
        json!({ "need": posted["id"], "revision": posted["revision"], "channel": "COMMUNITY_WHISTLE" });
    let whistled = officer.done("amendNeed", "need { channel }", whistle).await;
    assert_eq!(whistled["need"]["channel"], "COMMUNITY_WHISTLE");
    posted["id"].clone()
}

/// The community proposes a project that carries the need.
async fn proposed(street: &Street, need: &Value) -> (Value, Vec<Value>) {
    let slot = |title: &str, amount: u32, unit: &str| json!({ "title": title, "quantity": { "amount": amount, "unit": unit } });
    let slots =
        [slot("拆除重砌围墙", 30, "天"), slot("材料资金", 20_000, "元"), slot("施工期间秩序维护", 12, "人")];
    let input = json!({ "title": "北侧围墙修缮共建项目", "needs": [need], "slots": slots });
    let selection = "project { id status slots { nodes { id } } }";
    let project = street.officer.client.done("postProject", selection, input).await["project"].clone();
    assert_eq!(project["status"], "PROPOSED");
    let slots = project["slots"]["nodes"].as_array().unwrap().iter().map(|slot| slot["id"].clone()).collect();
    (project["id"].clone(), slots)
}

/// Each of three units claims a slot, and the community says yes to all but the last, which it wants to talk about.
async fn taken_up(street: &Street, slots: &[Value]) -> Vec<Value> {
    let mut pairings = Vec::new();
    for (unit, slot) in street.units.iter().zip(slots) {
        let input = json!({ "target": slot, "supplier": unit.organization });
        let asked = unit.client.done("requestPairing", "pairing { id status }", input).await;
        assert_eq!(asked["pairing"]["status"], "CLAIMED");
        pairings.push(asked["pairing"]["id"].clone());
    }
    for pairing in pairings.iter().rev().skip(1).rev() {
        let input = json!({ "pairing": pairing });
        let agreed = street.officer.client.done("claimPairing", "pairing { status }", input).await;
        assert_eq!(agreed["pairing"]["status"], "AGREED");
    }
    pairings
}

/// The joint meeting argues about the last pairing, agrees it and the project, and writes down why. All three slots
/// are taken then, so the project may be signed.
async fn discussed(street: &Street, project: &Value, pairings: &[Value]) {
    let coordinator = &street.coordinator.client;
    let argued = pairings.last().unwrap();
    let participants: Vec<&Value> = street.parties().iter().map(|party| &party.organization).collect();
    let input = json!({
        "title": "围墙修缮联席会", "heldAt": "2099-03-01T06:00:00Z", "venue": "社区会议室",
        "participants": participants, "agenda": [argued, project],
    });
    let called = coordinator.done("callMeeting", "meeting { id }", input).await;
    let meeting = &called["meeting"]["id"];
    let found = street.project(project).await;
    assert_eq!((&found["status"], &found["slotsAgreed"]), (&json!("UNDER_DISCUSSION"), &json!(2)));

    for (item, note) in [(argued, "早晚高峰加派人手"), (project, "三方意见一致")] {
        let input = json!({ "meeting": meeting, "item": item, "decision": "AGREE", "note": note });
        coordinator.done("decideItem", "meeting { id }", input).await;
    }
    let input = json!({ "meeting": meeting, "minutes": "秩序维护由单位负责,高峰加派人手;项目同意签约。" });
    coordinator.done("closeMeeting", "meeting { id }", input).await;
    let found = street.project(project).await;
    assert_eq!((&found["status"], &found["slotsAgreed"]), (&json!("AGREED"), &json!(3)));
}

/// The terms, with the days that are given for the works.
fn terms(street: &Street, pairings: &[Value], due: &str) -> Value {
    let parties: Vec<&Value> = street.parties().iter().map(|party| &party.organization).collect();
    let kinds = [("BUILDS", "拆除重砌"), ("PAYS", "承担材料费"), ("STAFFS", "维护秩序")];
    let undertakings: Vec<Value> = street
        .units
        .iter()
        .zip(pairings)
        .zip(kinds)
        .map(|((unit, pairing), (kind, what))| {
            json!({ "party": unit.organization, "kind": kind, "what": what, "pairing": pairing })
        })
        .collect();
    let bank = &street.units[1].organization;
    json!({
        "title": "北侧围墙修缮共建协议",
        "parties": parties,
        "undertakings": undertakings,
        "budget": [
            { "party": bank, "source": "单位自筹", "yuan": 20_000 },
            { "source": "为民服务资金", "yuan": 15_000 },
        ],
        "ceiling": 40_000,
        "milestones": [
            { "number": 1, "title": "旧墙拆除", "due": "2099-05-31" },
            { "number": 2, "title": "新墙完工", "due": due },
        ],
    })
}

/// Drafted by the community, refused while it costs too much or leaves a giver out, signed by all four.
async fn signed_by_all(street: &Street, project: &Value, pairings: &[Value]) -> Value {
    let officer = &street.officer.client;
    let terms = terms(street, pairings, "2099-08-31");
    let mut dear = terms.clone();
    dear["ceiling"] = Value::Null;
    dear["budget"][1]["yuan"] = json!(40_001);
    let mut lonely = terms.clone();
    lonely["parties"].as_array_mut().unwrap().pop();
    for (terms, code) in [(dear, "CEILING_EXCEEDED"), (lonely, "NOT_A_PARTY")] {
        let input = json!({ "subject": project, "terms": terms });
        let refused = officer.mutate("draftAgreement", "agreement { id }", input).await;
        assert_eq!(refused["userErrors"][0]["code"], code, "{refused}");
    }
    let input = json!({ "subject": project, "terms": terms });
    let selection = "agreement { id status newest { number yuan } }";
    let drafted = officer.done("draftAgreement", selection, input).await["agreement"].clone();
    assert_eq!(drafted["newest"], json!({ "number": 1, "yuan": "35000" }));
    let early = officer.mutate("startProject", "project { id }", json!({ "project": project })).await;
    assert_eq!(early["userErrors"][0]["code"], "NOT_IN_STATE", "{early}");
    assert_eq!(officer.may("signAgreement", &drafted["id"]).await, Ok(()));
    street.sign(&drafted["id"], 1).await;
    assert_eq!(officer.may("signAgreement", &drafted["id"]).await, Err("ALREADY_DONE".to_owned()));
    assert_eq!(street.project(project).await["status"], "SIGNED");
    // Who has signed is bound.
    let input = json!({ "pairing": pairings[0], "reason": "另有工程" });
    let bound = street.units[0].client.mutate("withdrawPairing", "pairing { id }", input).await;
    assert_eq!(bound["userErrors"][0]["code"], "NOT_IN_STATE", "{bound}");
    drafted["id"].clone()
}

/// The rains come early: a supplementary agreement puts the end off, and once all have signed it the works begin.
async fn amended_and_started(street: &Street, project: &Value, agreement: &Value, pairings: &[Value]) {
    let officer = &street.officer.client;
    let query = "query($id: ID!) { node(id: $id) { ... on Agreement {
        status inForce { number milestones { nodes { number due } } } newest { number signatures { nodes { at } } } } } }";
    let ends = async || {
        let data = officer.data(query, json!({ "id": agreement })).await;
        let in_force = data["node"]["inForce"].clone();
        (in_force["number"].clone(), in_force["milestones"]["nodes"][1]["due"].clone())
    };
    let later = terms(street, pairings, "2099-10-31");
    let input = json!({ "agreement": agreement, "version": 1, "terms": later });
    officer.done("amendAgreement", "agreement { id }", input).await;
    assert_eq!(
        ends().await,
        (json!(1), json!("2099-08-31")),
        "the first holds until all have signed the second"
    );
    street.sign(agreement, 2).await;
    assert_eq!(ends().await, (json!(2), json!("2099-10-31")));
    let started =
        officer.done("startProject", "project { status startedAt }", json!({ "project": project })).await;
    assert_eq!(started["project"]["status"], "RUNNING");
    assert!(started["project"]["startedAt"].is_string());
}

/// The builder hands over in two parts, of which the second is disputed and corrected; the others at once.
async fn delivered_with_a_dispute(street: &Street, pairings: &[Value]) {
    let officer = &street.officer.client;
    let [builder, bank, property] = street.units.as_slice() else { panic!("three units") };
    // The day of the last commit, as the street's clock or a little behind it.
    let time = officer.data("{ time }", json!({})).await["time"].clone();
    let today = text(&time)[..10].to_owned();
    let hand_over = async |unit: &Person, pairing: &Value, quantity: u32| {
        let efforts = json!([{ "class": "EMPLOYEES", "persons": 3, "minutes": 600 }]);
        let input = json!({ "pairing": pairing, "quantity": quantity, "on": today, "efforts": efforts });
        unit.client.done("recordDelivery", "delivery { id status }", input).await["delivery"]["id"].clone()
    };
    let confirm = async |delivery: &Value| {
        let selection = "delivery { status pairing { status delivered accepted } }";
        officer.done("confirmDelivery", selection, json!({ "delivery": delivery })).await["delivery"].clone()
    };

    let first = hand_over(builder, &pairings[0], 18).await;
    let pairing = json!({ "status": "AGREED", "delivered": 18, "accepted": 18 });
    assert_eq!(confirm(&first).await, json!({ "status": "CONFIRMED", "pairing": pairing }));
    let input = json!({ "pairing": pairings[0], "quantity": 13, "on": today });
    let refused = builder.client.mutate("recordDelivery", "delivery { id }", input).await;
    assert_eq!(refused["userErrors"][0]["code"], "MORE_THAN_AGREED", "{refused}");

    let second = hand_over(builder, &pairings[0], 12).await;
    let input = json!({ "delivery": second, "reason": "西段墙顶未抹灰,只做了十天" });
    let disputed = officer.done("disputeDelivery", "delivery { status reason }", input).await;
    assert_eq!(disputed["delivery"]["status"], "DISPUTED");
    let early = officer.mutate("acceptPairing", "pairing { id }", json!({ "pairing": pairings[0] })).await;
    assert_eq!(early["userErrors"][0]["code"], "DELIVERY_OPEN", "{early}");
    let input = json!({ "delivery": second, "quantity": 10, "on": today, "note": "剩余两天补抹墙顶" });
    builder.client.done("correctDelivery", "delivery { status }", input).await;
    let pairing = json!({ "status": "AGREED", "delivered": 28, "accepted": 28 });
    assert_eq!(confirm(&second).await["pairing"], pairing);
    let third = hand_over(builder, &pairings[0], 2).await;
    assert_eq!(confirm(&third).await["pairing"]["status"], "ACCEPTED");

    for (unit, pairing, quantity) in [(bank, &pairings[1], 20_000), (property, &pairings[2], 12)] {
        let delivery = hand_over(unit, pairing, quantity).await;
        assert_eq!(confirm(&delivery).await["pairing"]["status"], "ACCEPTED");
    }
}

async fn accepted_appraised_closed(street: &Street, project: &Value, need: &Value, agreement: &Value) {
    let officer = &street.officer.client;
    for milestone in [1, 2] {
        let input = json!({ "agreement": agreement, "milestone": milestone });
        let selection = "agreement { inForce { milestones { nodes { number reachedAt overdueSince } } } }";
        officer.done("reachMilestone", selection, input).await;
    }
    let found = street.project(project).await;
    let slot =
        |amount: u32| json!({ "tally": { "agreed": amount, "delivered": amount, "accepted": amount } });
    assert_eq!(
        (&found["status"], &found["slots"]["nodes"]),
        (&json!("DELIVERED"), &json!([slot(30), slot(20_000), slot(12)]))
    );

    let input = json!({ "project": project, "note": "墙体平直,现场已清理" });
    let accepted = officer.done("acceptProject", "project { status acceptedAt }", input).await;
    assert_eq!(accepted["project"]["status"], "ACCEPTED");
    let query = "query($id: ID!) { node(id: $id) { ... on Need { status } } }";
    let carried = officer.data(query, json!({ "id": need })).await;
    assert_eq!(carried["node"]["status"], "MET", "the need is struck off with the project that stood for it");
    let input = json!({ "project": project, "grade": "SATISFIED", "note": "居民放心了" });
    let selection = "project { status appraisal { grade note } }";
    let appraised = officer.done("appraiseProject", selection, input).await;
    assert_eq!(appraised["project"]["appraisal"], json!({ "grade": "SATISFIED", "note": "居民放心了" }));
    let closed =
        officer.done("closeProject", "project { status endedAt }", json!({ "project": project })).await;
    assert_eq!(closed["project"]["status"], "CLOSED");
}

async fn the_record_reads_as_the_story(street: &Street, project: &Value, need: &Value, pairings: &[Value]) {
    let told: Vec<String> = history(street, project).await.into_iter().flatten().collect();
    let mut story = vec!["PROJECT_POSTED"];
    for _ in pairings {
        story.extend(["PAIRING_REQUESTED", "PAIRING_CLAIMED"]);
    }
    story.extend(["PAIRING_AGREED", "PAIRING_AGREED"]);
    story.extend(["MEETING_CALLED", "PAIRING_AGREED", "MEETING_DECIDED"]);
    story.push("AGREEMENT_DRAFTED");
    story.extend(["AGREEMENT_SIGNED"; 4]);
    story.push("AGREEMENT_AMENDED");
    story.extend(["AGREEMENT_SIGNED"; 4]);
    story.push("PROJECT_STARTED");
    story.extend(["DELIVERY_RECORDED", "DELIVERY_CONFIRMED"]);
    story.extend(["DELIVERY_RECORDED", "DELIVERY_DISPUTED", "DELIVERY_CORRECTED", "DELIVERY_CONFIRMED"]);
    for _ in pairings {
        story.extend(["DELIVERY_RECORDED", "DELIVERY_CONFIRMED", "PAIRING_ACCEPTED"]);
    }
    story.extend(["MILESTONE_REACHED", "MILESTONE_REACHED"]);
    story.extend(["PROJECT_ACCEPTED", "PROJECT_APPRAISED", "PROJECT_CLOSED"]);
    assert_eq!(told, story);

    assert_eq!(
        history(street, need).await,
        [["NEED_POSTED"], ["NEED_AMENDED"], ["NEED_STRUCK_OFF"]],
        "the need waited while the project stood for it"
    );
    let told: Vec<String> = history(street, &pairings[0]).await.into_iter().flatten().collect();
    let mut story = vec!["PAIRING_REQUESTED", "PAIRING_CLAIMED", "PAIRING_AGREED"];
    story.extend(["DELIVERY_RECORDED", "DELIVERY_CONFIRMED"]);
    story.extend(["DELIVERY_RECORDED", "DELIVERY_DISPUTED", "DELIVERY_CORRECTED", "DELIVERY_CONFIRMED"]);
    story.extend(["DELIVERY_RECORDED", "DELIVERY_CONFIRMED", "PAIRING_ACCEPTED"]);
    assert_eq!(told, story);
}
