//! A street on which everything that is listed has happened.

use crate::street::Street;
use engine::{
    command::Command,
    identity::PlaceId,
    organization::{OrganizationDraft, OrganizationKind},
    place::PlaceLevel,
};
use serde_json::{Value, json};

/// A street on which all has happened, with a second community that has no unit of its own.
pub struct Scene {
    pub street: Street,
    pub place: Value,
    pub community: Value,
    pub hospital: Value,
    pub needs: Vec<Value>,
    pub pairings: Vec<Value>,
    pub plan: Value,
}

impl Scene {
    pub async fn open() -> Self {
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
        let ids = "{ organizations { nodes { id name place { id } } } }";
        let ids = street.data("", ids, json!({})).await["organizations"]["nodes"].as_array().unwrap().clone();
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

    /// What a mutation of the coordinator makes; its id.
    pub async fn done(&self, field: &str, kind: &str, input: Value) -> Value {
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
