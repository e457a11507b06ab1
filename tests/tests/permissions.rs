//! Who may do what, as a table: every query, mutation and subscription, every role, every cell tried on the real program.
//!
//! In a column `y` means that it was done or shown, `.` that it was refused with `NOT_ALLOWED`, `-` that nothing was done
//! because who asks acts for nobody and named nobody; `n` that the right was there and the state of the thing stood
//! against it (rights are judged first); there is nothing else. An operation the schema has and the table has
//! not is a failure, so nothing new goes untold.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails loudly")]

#[path = "permissions/place.rs"]
mod place;

use serde_json::{Value, json};
use std::collections::BTreeSet;
use tempfile::tempdir;
use tests::{client::Client, drivers::tell, program::Server};

/// The columns: a coordinator, an officer of a community, a liaison of a unit, an observer, the public.
const ROLES: [&str; 5] = ["COORDINATOR", "COMMUNITY_OFFICER", "UNIT_LIAISON", "OBSERVER", "PUBLIC"];

/// What may be seen. `$…` stands for the id of something that is there.
const QUERIES: [(&str, &str); 51] = [
    ("aggregates(list: NEEDS, groupBy: STATUS) { count }", "yyyyy"),
    ("aggregates(list: PAIRINGS, groupBy: MONTH) { count }", "yyyyy"),
    ("aggregates(list: NEEDS, groupBy: CATEGORY) { quantities { amount } }", "yyyy."),
    ("agreements(first: 1) { totalCount }", "yyyy."),
    ("asOf(position: \"1\") { position }", "yyyy."),
    ("bids(first: 1) { totalCount }", "yyyy."),
    ("calls(first: 1) { nodes { until } }", "yyyyy"),
    ("categories { code }", "yyyyy"),
    ("contributionRanking(period: \"2026\") { points }", "yyyy."),
    ("coverage { leftOut }", "yyyyy"),
    ("deliveries(first: 1) { totalCount }", "yyyy."),
    ("draftAgenda { why }", "yyyy."),
    ("events(first: 1) { pageInfo { endCursor } }", "yyyy."),
    ("explanations { plan { targets } }", "yyyy."),
    ("figures(period: \"2026\") { collected }", "yyyy."),
    ("funnel { steps { count } }", "yyyyy"),
    ("history(of: STREET, first: 1) { pageInfo { endCursor } }", "yyyy."),
    ("history(id: \"$need\", first: 1) { pageInfo { endCursor } }", "yyyy."),
    ("idleResources(first: 1) { totalCount }", "yyyy."),
    ("latestPlan { id }", "yyyy."),
    ("me { sight }", "yyyyy"),
    ("meetings(first: 1) { totalCount }", "yyyy."),
    ("members { id role }", "y...."),
    ("needs(first: 1) { nodes { id title } }", "yyyyy"),
    ("needs(first: 1) { nodes { pairings(first: 1) { totalCount } } }", "yyyy."),
    ("node(id: \"$need\") { id }", "yyyyy"),
    ("nodes(ids: [\"$resource\"]) { id }", "yyyyy"),
    ("organizations { id name }", "yyyyy"),
    ("pairings(first: 1) { totalCount }", "yyyy."),
    ("places { id name }", "yyyyy"),
    ("plan(id: \"$plan\") { id }", "yyyy."),
    ("plans(first: 1) { totalCount }", "yyyy."),
    ("position", "yyyyy"),
    ("previewPlan { targets }", "yyyy."),
    ("projects(first: 1) { totalCount }", "yyyyy"),
    ("resources(first: 1) { totalCount }", "yyyyy"),
    ("roster { relation }", "yyyyy"),
    ("rules { fitMin }", "yyyyy"),
    ("street { name }", "yyyyy"),
    ("suggestions(need: \"$need\", first: 1) { quantity }", "yyyy."),
    ("suggestions(resource: \"$resource\", first: 1) { quantity }", "yyyy."),
    ("supplyDemandGap { needs }", "yyyy."),
    ("supplyDemandGap(prices: true) { price { perMille } }", "yyyy."),
    ("time", "yyyyy"),
    ("timeSeries(grain: WEEK, from: \"2026-01-01\", to: \"2026-03-31\") { needsPosted }", "yyyyy"),
    ("timeSeries(grain: DAY, from: \"2026-01-01\", to: \"2026-01-02\") { quantities { amount } }", "yyyy."),
    ("unitRanking(period: \"2026\") { rank }", "yyyy."),
    ("whatIf(changes: [{ wait: 1 }]) { userErrors { code } }", "yyyy."),
    ("whatIf(changes: [{ loseUnit: \"$unit\" }]) { userErrors { code } }", "yyyy."),
    ("whatIf(changes: [{ wait: 1 }]) { supposed { members { id } } }", "y...."),
    ("workList(first: 1) { totalCount }", "yyyy."),
];

/// What may be done, with its input. `$…` stands for the id of something made for this cell alone: `$need` and `$project`
/// are the officer's community's, `$resource` the liaison's unit's, and `$pairing` is asked for by that community.
fn mutations() -> Vec<(&'static str, Value, &'static str)> {
    let reason = "计划有变";
    let day = "2026-01-05";
    let terms = json!({ "title": "义诊协议", "parties": ["$community", "$unit"] });
    let far = "2099-01-01T00:00:00Z";
    vec![
        ("acceptPairing", json!({ "pairing": "$agreed" }), "nn..."),
        ("acceptProject", json!({ "project": "$project" }), "nn..."),
        ("amendAgreement", json!({ "agreement": "$agreement", "version": 1, "terms": terms }), "yy..."),
        ("amendMeeting", json!({ "meeting": "$meeting", "title": "改期的联席会" }), "y...."),
        ("appraiseNeed", json!({ "need": "$need", "grade": "SATISFIED" }), "nn..."),
        ("appraiseProject", json!({ "project": "$project", "grade": "SATISFIED" }), "nn..."),
        (
            "callMeeting",
            json!({ "title": "联席会", "heldAt": far, "participants": ["$community"], "agenda": ["$project"] }),
            "y....",
        ),
        ("cancelMeeting", json!({ "meeting": "$meeting", "reason": reason }), "y...."),
        (
            "carryOverNeed",
            json!({ "need": "$need", "into": { "year": 2030, "quarter": 1 }, "reason": reason }),
            "yy...",
        ),
        ("chooseBid", json!({ "bid": "$bid" }), "yy..."),
        (
            "claimJointly",
            json!({ "target": "$need", "shares": [{ "supplier": "$resource" }], "by": "$unit" }),
            "n.n..",
        ),
        ("closeCall", json!({ "target": "$called" }), "yy..."),
        ("closeMeeting", json!({ "meeting": "$meeting", "minutes": "议定一项。" }), "y...."),
        ("closeProject", json!({ "project": "$project" }), "nn..."),
        ("confirmDelivery", json!({ "delivery": "$delivery" }), "yy..."),
        (
            "correctDelivery",
            json!({ "delivery": "$delivery", "quantity": 1, "on": day, "note": "上午" }),
            "y.y..",
        ),
        ("decideItem", json!({ "meeting": "$meeting", "item": "$project", "decision": "AGREE" }), "n...."),
        ("declineBid", json!({ "bid": "$bid", "reason": reason }), "yy..."),
        ("disputeDelivery", json!({ "delivery": "$delivery", "reason": reason }), "yy..."),
        ("draftAgreement", json!({ "subject": "$agreed", "terms": terms }), "yy..."),
        ("eraseContact", json!({ "contact": "$contact", "reason": "ASKED" }), "yy..."),
        ("failProject", json!({ "project": "$project", "reason": reason }), "nn..."),
        (
            "giveContact",
            json!({ "of": "$need", "purpose": "ON_SITE", "name": "某人", "phone": "13800000000" }),
            "yy...",
        ),
        ("mergeNeed", json!({ "need": "$need", "into": "$need" }), "yy..."),
        ("openCall", json!({ "target": "$need", "until": "2027-01-01T00:00:00Z" }), "yy..."),
        ("pauseResource", json!({ "resource": "$resource", "reason": reason }), "y.y.."),
        ("placeBid", json!({ "target": "$need", "supplier": "$resource" }), "y.y.."),
        ("reachMilestone", json!({ "agreement": "$agreement", "milestone": 1 }), "nn..."),
        ("reconfirmNeed", json!({ "need": "$need" }), "yy..."),
        ("reconfirmResource", json!({ "resource": "$resource" }), "y.y.."),
        ("recordDelivery", json!({ "pairing": "$agreed", "quantity": 1, "on": day }), "y.y.."),
        ("redeemContribution", json!({ "organization": "$unit", "points": 1, "what": "茶水" }), "y...."),
        ("rejectNeed", json!({ "need": "$need", "ground": "NOT_FEASIBLE" }), "yy..."),
        ("resumeProject", json!({ "project": "$project" }), "nn..."),
        ("resumeResource", json!({ "resource": "$resource" }), "n.n.."),
        ("signAgreement", json!({ "agreement": "$agreement", "version": 1, "party": "$unit" }), "y.y.."),
        ("startProject", json!({ "project": "$project" }), "nn..."),
        ("strikeOffNeed", json!({ "need": "$need" }), "nn..."),
        ("suspendProject", json!({ "project": "$project", "reason": reason }), "nn..."),
        ("verifyNeed", json!({ "need": "$need" }), "yy..."),
        ("withdrawAgreement", json!({ "agreement": "$agreement", "reason": reason }), "yy..."),
        ("withdrawBid", json!({ "bid": "$bid", "reason": reason }), "y.y.."),
        ("withdrawDelivery", json!({ "delivery": "$delivery", "reason": reason }), "y.y.."),
        ("addMember", json!({ "organization": "$unit", "role": "OBSERVER", "label": "台账" }), "y...."),
        (
            "bindSignOn",
            json!({ "member": "$member", "issuer": "https://sso.street.example", "subject": "$name" }),
            "y....",
        ),
        ("unbindSignOn", json!({ "member": "$bound" }), "y...."),
        ("addPlace", json!({ "name": "$name", "level": "COMMUNITY", "parent": "$street" }), "y...."),
        ("adoptPlan", Value::Null, "y...."),
        ("amendNeed", json!({ "need": "$need", "title": "义诊两场" }), "yy..."),
        ("amendNeed", json!({ "need": "$need", "organization": "$unit" }), "y...."),
        ("amendOrganization", json!({ "organization": "$unit", "openCapacity": 5 }), "y...."),
        ("amendProject", json!({ "project": "$project", "title": "义诊进社区两场" }), "yy..."),
        ("amendResource", json!({ "resource": "$resource", "title": "社区义诊两场" }), "y.y.."),
        ("claimPairing", json!({ "pairing": "$pairing", "side": "GIVING" }), "y.y.."),
        ("declinePairing", json!({ "pairing": "$pairing", "side": "GIVING", "reason": reason }), "y.y.."),
        ("defineCategory", json!({ "code": "$code", "zh": "检验", "en": "Tests" }), "y...."),
        (
            "issueToken",
            json!({ "member": "$member", "label": "手机", "expiresAt": "2099-01-01T00:00:00Z" }),
            "y....",
        ),
        ("linkRoster", json!({ "community": "$home", "unit": "$newUnit", "relation": "PAIRED" }), "y...."),
        ("postNeed", json!({ "title": "义诊" }), "yyy.-"),
        ("postNeed", json!({ "title": "义诊", "organization": "$community" }), "yy..."),
        ("postProject", json!({ "title": "义诊进社区" }), "yyy.-"),
        ("postProject", json!({ "title": "义诊进社区", "organization": "$unit" }), "y.y.."),
        (
            "postProject",
            json!({ "title": "义诊进社区", "organization": "$unit", "needs": ["$need"] }),
            "y....",
        ),
        ("postResource", json!({ "title": "社区义诊" }), "yyy.-"),
        ("postResource", json!({ "title": "社区义诊", "organization": "$unit" }), "y.y.."),
        ("registerOrganization", json!({ "name": "$name", "kind": "UNIT" }), "y...."),
        ("renamePlace", json!({ "place": "$place", "name": "$name" }), "y...."),
        (
            "requestPairing",
            json!({ "target": "$need", "supplier": "$resource", "by": "$community" }),
            "yy...",
        ),
        ("requestPairing", json!({ "target": "$need", "supplier": "$resource", "by": "$unit" }), "y.y.."),
        ("retireCategory", json!({ "code": "$category" }), "y...."),
        ("revokeMember", json!({ "member": "$member" }), "y...."),
        ("revokeToken", json!({ "member": "$member", "label": "旧手机" }), "y...."),
        ("setRules", json!({ "claimHours": 48 }), "y...."),
        (
            "unlinkRoster",
            json!({ "community": "$home", "unit": "$linkedUnit", "relation": "PAIRED" }),
            "y....",
        ),
        ("withdrawNeed", json!({ "need": "$need", "reason": reason }), "yy..."),
        ("withdrawPairing", json!({ "pairing": "$pairing", "side": "ASKING", "reason": reason }), "yy..."),
        ("withdrawProject", json!({ "project": "$project", "reason": reason }), "yy..."),
        ("withdrawResource", json!({ "resource": "$resource", "reason": reason }), "y.y.."),
    ]
}

/// What may be followed.
const SUBSCRIPTIONS: [(&str, &str); 11] = [
    ("aggregatesChanged(list: NEEDS, groupBy: STATUS) { rows { count } }", "yyyy."),
    ("coverageChanged { rows { posted } }", "yyyy."),
    ("events(after: \"0\") { type }", "yyyy."),
    ("figuresChanged(period: \"2026\") { figures { collected } }", "yyyy."),
    ("funnelChanged { funnel { steps { count } } }", "yyyy."),
    ("idleResourcesChanged { resources { totalCount } }", "yyyy."),
    ("pairingChanged(after: \"0\") { events }", "yyyy."),
    ("projectChanged(after: \"0\") { events }", "yyyy."),
    ("supplyDemandGapChanged { rows { needs } }", "yyyy."),
    (
        "timeSeriesChanged(grain: MONTH, from: \"2026-01-01\", to: \"2026-03-31\") { steps { agreed } }",
        "yyyy.",
    ),
    ("unitRankingChanged(period: \"2026\") { rows { rank } }", "yyyy."),
];

/// A street on which things are made by the coordinator.
struct Scene {
    coordinator: Client,
    community: String,
    unit: String,
    home: String,
    street: String,
    made: u32,
}

impl Scene {
    async fn open(server: &Server) -> Self {
        let who = "{ me { organization { id place { id } } } street { place { id } } }";
        let ask = async |role: &str| {
            Client::member(&server.address, &server.token(role)).data(who, json!({})).await
        };
        let (officer, liaison) = (ask("COMMUNITY_OFFICER").await, ask("UNIT_LIAISON").await);
        let id = |value: &Value| value["id"].as_str().unwrap().to_owned();
        Self {
            coordinator: Client::member(&server.address, &server.token("COORDINATOR")),
            community: id(&officer["me"]["organization"]),
            unit: id(&liaison["me"]["organization"]),
            home: id(&officer["me"]["organization"]["place"]),
            street: id(&officer["street"]["place"]),
            made: 0,
        }
    }

    fn name(&mut self) -> String {
        self.made += 1;
        format!("试验{}", self.made)
    }

    async fn done(&self, field: &str, kind: &str, input: Value) -> String {
        let payload = self.coordinator.done(field, &format!("{kind} {{ id }}"), input).await;
        payload[kind]["id"].as_str().unwrap().to_owned()
    }

    async fn need(&self) -> String {
        self.done("postNeed", "need", json!({ "title": "义诊", "organization": self.community })).await
    }

    async fn resource(&self) -> String {
        self.done("postResource", "resource", json!({ "title": "社区义诊", "organization": self.unit })).await
    }

    async fn new_unit(&mut self) -> String {
        let name = self.name();
        self.done("registerOrganization", "organization", json!({ "name": name, "kind": "UNIT" })).await
    }

    /// What a placeholder stands for, made now.
    async fn make(&mut self, placeholder: &str) -> String {
        let (community, unit) = (self.community.clone(), self.unit.clone());
        match placeholder {
            "$community" => community,
            "$unit" => unit,
            "$home" => self.home.clone(),
            "$street" => self.street.clone(),
            "$name" => self.name(),
            "$code" => {
                self.made += 1;
                format!("TEST-{}", self.made)
            }
            "$need" => self.need().await,
            "$resource" => self.resource().await,
            "$project" => {
                self.done(
                    "postProject",
                    "project",
                    json!({ "title": "义诊进社区", "organization": community }),
                )
                .await
            }
            "$pairing" => {
                let (target, supplier) = (self.need().await, self.resource().await);
                let input = json!({ "target": target, "supplier": supplier, "by": community });
                self.done("requestPairing", "pairing", input).await
            }
            "$agreed" => {
                let pairing = Box::pin(self.make("$pairing")).await;
                let input = json!({ "pairing": pairing, "side": "GIVING" });
                self.done("claimPairing", "pairing", input).await
            }
            "$delivery" => {
                let pairing = Box::pin(self.make("$agreed")).await;
                let input = json!({ "pairing": pairing, "quantity": 1, "on": "2026-01-05" });
                self.done("recordDelivery", "delivery", input).await
            }
            "$agreement" => {
                let pairing = Box::pin(self.make("$agreed")).await;
                let terms = json!({ "title": "义诊协议", "parties": [community, unit] });
                self.done("draftAgreement", "agreement", json!({ "subject": pairing, "terms": terms })).await
            }
            "$bid" => {
                let (target, supplier) = (self.need().await, self.resource().await);
                self.done("placeBid", "bid", json!({ "target": target, "supplier": supplier })).await
            }
            "$called" => {
                let target = self.need().await;
                let input = json!({ "target": target, "until": "2027-01-01T00:00:00Z" });
                let open =
                    "mutation($input: OpenCallInput!) { openCall(input: $input) { userErrors { code } } }";
                let opened = self.coordinator.data(open, json!({ "input": input })).await;
                assert_eq!(opened["openCall"]["userErrors"], json!([]));
                target
            }
            "$meeting" => {
                let project = Box::pin(self.make("$project")).await;
                let input = json!({
                    "title": "联席会", "heldAt": "2099-01-01T00:00:00Z", "participants": [community],
                    "agenda": [project],
                });
                self.done("callMeeting", "meeting", input).await
            }
            "$contact" => {
                let of = self.need().await;
                let input = json!({ "of": of, "purpose": "ON_SITE", "name": "某人", "phone": "13800000000" });
                self.done("giveContact", "contact", input).await
            }
            "$plan" => {
                let adopted = "mutation { adoptPlan { plan { id } userErrors { code } } }";
                let answer = self.coordinator.data(adopted, json!({})).await;
                answer["adoptPlan"]["plan"]["id"].as_str().unwrap().to_owned()
            }
            "$member" => {
                let input = json!({ "organization": unit, "role": "OBSERVER", "label": "旧手机" });
                self.done("addMember", "member", input).await
            }
            "$bound" => {
                let member = Box::pin(self.make("$member")).await;
                let subject = self.name();
                let input =
                    json!({ "member": member, "issuer": "https://sso.street.example", "subject": subject });
                self.done("bindSignOn", "member", input).await
            }
            "$place" => {
                let input = json!({ "name": self.name(), "level": "COMMUNITY", "parent": self.street });
                self.done("addPlace", "place", input).await
            }
            "$category" => {
                self.made += 1;
                let code = format!("TEST-{}", self.made);
                self.done("defineCategory", "category", json!({ "code": code, "zh": "检验", "en": "Tests" }))
                    .await;
                code
            }
            "$newUnit" => self.new_unit().await,
            "$linkedUnit" => {
                let unit = self.new_unit().await;
                let input = json!({ "community": self.home, "unit": unit, "relation": "PAIRED" });
                let link = "mutation($input: RosterLinkInput!) { linkRoster(input: $input) { userErrors { code } } }";
                let linked = self.coordinator.data(link, json!({ "input": input })).await;
                assert_eq!(linked["linkRoster"]["userErrors"], json!([]));
                unit
            }
            other => panic!("{other}"),
        }
    }

    /// A value with all its placeholders made.
    async fn fill(&mut self, value: &Value) -> Value {
        match value {
            Value::String(text) if text.starts_with('$') => json!(self.make(text).await),
            Value::Array(values) => {
                let mut filled = Vec::new();
                for value in values {
                    filled.push(Box::pin(self.fill(value)).await);
                }
                json!(filled)
            }
            Value::Object(fields) => {
                let mut filled = serde_json::Map::new();
                for (name, value) in fields {
                    filled.insert(name.clone(), Box::pin(self.fill(value)).await);
                }
                Value::Object(filled)
            }
            other => other.clone(),
        }
    }

    async fn fill_text(&mut self, text: &str) -> String {
        let mut filled = text.to_owned();
        while let Some(at) = filled.find('$') {
            let end = filled[at + 1..].find(|it: char| !it.is_ascii_alphabetic()).unwrap();
            let placeholder = filled[at..=at + end].to_owned();
            filled = filled.replacen(&placeholder, &self.make(&placeholder).await, 1);
        }
        filled
    }
}

/// The letter of an answer; `?` for one that no table has.
fn cell(answer: &Value) -> char {
    // A list says for each of its rows what right is missing.
    let mut codes: Vec<&str> = answer["errors"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|error| error["extensions"]["code"].as_str().unwrap())
        .chain(
            answer["data"]
                .as_object()
                .into_iter()
                .flat_map(|data| data.values())
                .filter_map(|payload| payload.get("userErrors")?.as_array())
                .flatten()
                .map(|error| error["code"].as_str().unwrap()),
        )
        .collect();
    codes.dedup();
    match codes[..] {
        [] if answer["data"].as_object().is_some_and(|data| data.values().all(|it| !it.is_null())) => 'y',
        ["NOT_ALLOWED"] => '.',
        ["REQUIRED"] => '-',
        [_] if answer["errors"].is_null() => 'n',
        _ => '?',
    }
}

fn field(row: &str) -> String {
    row.chars().take_while(char::is_ascii_alphanumeric).collect()
}

#[tokio::test]
async fn every_role_may_what_the_table_says_and_nothing_else() {
    let data = tempdir().unwrap();
    let keys = tempdir().unwrap();
    let key = keys.path().join("vault.key");
    let server = Server::start(data.path(), &["--demo", "--vault-key", key.to_str().unwrap()]);
    let mut scene = Scene::open(&server).await;
    let clients = ROLES.map(|role| match role {
        "PUBLIC" => Client::public(&server.address),
        role => Client::member(&server.address, &server.token(role)),
    });
    // Of `latestPlan` there has to be one.
    scene.make("$plan").await;
    let (mut wrong, mut cells) = (Vec::new(), 0);
    let mut judge = |row: &str, expected: &str, told: Vec<(char, Value)>| {
        cells += told.len();
        let found: String = told.iter().map(|(cell, _)| *cell).collect();
        if found != expected {
            let answers: Vec<String> = told.iter().map(|(_, answer)| answer.to_string()).collect();
            wrong.push(format!(
                "{row}\n  found {found}, the table says {expected}\n  {}",
                answers.join("\n  ")
            ));
        }
    };
    for (row, expected) in QUERIES {
        let mut told = Vec::new();
        for client in &clients {
            let query = format!("{{ {} }}", scene.fill_text(row).await);
            let answer = client.ask(&query, json!({})).await;
            told.push((cell(&answer), answer));
        }
        judge(row, expected, told);
    }
    for (name, input, expected) in mutations() {
        let mut told = Vec::new();
        for client in &clients {
            let answer = if input.is_null() {
                client.ask(&format!("mutation {{ {name} {{ userErrors {{ code }} }} }}"), json!({})).await
            } else {
                let kind = match name {
                    "linkRoster" | "unlinkRoster" => "RosterLink".to_owned(),
                    name => name[..1].to_uppercase() + &name[1..],
                };
                let document = format!(
                    "mutation($input: {kind}Input!) {{ {name}(input: $input) {{ userErrors {{ code }} }} }}"
                );
                client.ask(&document, json!({ "input": scene.fill(&input).await })).await
            };
            told.push((cell(&answer), answer));
        }
        judge(&format!("{name} {input}"), expected, told);
    }
    for (row, expected) in SUBSCRIPTIONS {
        let mut told = Vec::new();
        for client in &clients {
            let answer = client.first(&format!("subscription {{ {row} }}")).await;
            told.push((cell(&answer), answer));
        }
        judge(row, expected, told);
    }
    for (row, expected, answer) in place::answers(&mut scene, &server.address).await {
        judge(&row, expected, vec![(cell(&answer), answer)]);
    }
    tell(&format!("{cells} cells of the permission table, {} rows wrong", wrong.len()));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));

    let fields = "{ __schema { queryType { fields { name } } mutationType { fields { name } } subscriptionType { fields { name } } } }";
    let schema = scene.coordinator.data(fields, json!({})).await;
    let of = |kind: &str| -> BTreeSet<String> {
        let fields = schema["__schema"][kind]["fields"].as_array().unwrap();
        fields.iter().map(|field| field["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(of("queryType"), QUERIES.iter().map(|(row, _)| field(row)).collect());
    assert_eq!(of("mutationType"), mutations().iter().map(|(name, ..)| (*name).to_owned()).collect());
    assert_eq!(of("subscriptionType"), SUBSCRIPTIONS.iter().map(|(row, _)| field(row)).collect());
    server.stop();
}
