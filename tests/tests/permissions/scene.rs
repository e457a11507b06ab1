//! A street on which what the table needs is made, one thing for each cell.

use serde_json::{Value, json};
use tests::{client::Client, program::Server};

/// A street on which things are made by the coordinator.
pub struct Scene {
    /// Who makes everything.
    pub coordinator: Client,
    /// The officer's.
    pub community: String,
    unit: String,
    /// Where it sits.
    pub home: String,
    /// The root of the street.
    pub street: String,
    made: u32,
}

impl Scene {
    /// On the street of the demo.
    pub async fn open(server: &Server) -> Self {
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

    /// The liaison's.
    pub fn unit(&self) -> &str {
        &self.unit
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
    pub async fn make(&mut self, placeholder: &str) -> String {
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
                let input = json!({ "place": self.home, "unit": unit, "relation": "PAIRED" });
                let link = "mutation($input: LinkRosterInput!) { linkRoster(input: $input) { userErrors { code } } }";
                let linked = self.coordinator.data(link, json!({ "input": input })).await;
                assert_eq!(linked["linkRoster"]["userErrors"], json!([]));
                unit
            }
            other => panic!("{other}"),
        }
    }

    /// A value with all its placeholders made.
    pub async fn fill(&mut self, value: &Value) -> Value {
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

    /// Two values that are alike but for some ids, with all placeholders that are left made once for both.
    pub async fn fill_both(&mut self, one: &Value, other: &Value) -> [Value; 2] {
        let mut texts = [one.to_string(), other.to_string()];
        while let Some(at) = texts[0].find("\"$") {
            let end = texts[0][at + 1..].find('"').unwrap();
            let placeholder = texts[0][at + 1..=at + end].to_owned();
            let made = self.make(&placeholder).await;
            let fill =
                |text: &String| text.replacen(&format!("\"{placeholder}\""), &format!("\"{made}\""), 1);
            texts = [fill(&texts[0]), fill(&texts[1])];
        }
        texts.map(|text| serde_json::from_str(&text).unwrap())
    }

    /// A text with all its placeholders made.
    pub async fn fill_text(&mut self, text: &str) -> String {
        let mut filled = text.to_owned();
        while let Some(at) = filled.find('$') {
            let end = filled[at + 1..].find(|it: char| !it.is_ascii_alphabetic()).unwrap();
            let placeholder = filled[at..=at + end].to_owned();
            filled = filled.replacen(&placeholder, &self.make(&placeholder).await, 1);
        }
        filled
    }
}
