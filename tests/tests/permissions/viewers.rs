//! Whoever looks at a row, and what is made for them to see or not.

use crate::scene::Scene;
use serde_json::{Value, json};
use tests::{client::Client, program::Server};

/// The viewers of a row, in the order of the columns.
pub struct Viewers {
    pub clients: [Client; 8],
}

impl Viewers {
    /// Whoever looks, with a second unit and a second community beside those of the scene.
    pub async fn open(scene: &mut Scene, server: &Server) -> Self {
        let street = &scene.coordinator;
        let place = json!({ "name": "别处社区", "level": "COMMUNITY", "parent": scene.street });
        let place = street.done("addPlace", "place { id }", place).await["place"]["id"].clone();
        let other = json!({ "name": "别处社区", "kind": "COMMUNITY", "place": place });
        let other = street.done("registerOrganization", "organization { id }", other).await;
        let rival = json!({ "name": "另一家单位", "kind": "UNIT" });
        let rival = street.done("registerOrganization", "organization { id }", rival).await;
        let member = async |organization: &Value, role: &str| {
            let input = json!({ "organization": organization, "role": role, "label": "台账" });
            let added = street.done("addMember", "token", input).await;
            Client::member(&server.address, added["token"].as_str().unwrap())
        };
        let clients = [
            Client::member(&server.address, &server.token("UNIT_LIAISON")),
            member(&rival["organization"]["id"], "UNIT_LIAISON").await,
            Client::member(&server.address, &server.token("COMMUNITY_OFFICER")),
            member(&other["organization"]["id"], "COMMUNITY_OFFICER").await,
            member(&json!(scene.community), "COORDINATOR").await,
            street.clone(),
            Client::member(&server.address, &server.token("OBSERVER")),
            Client::public(&server.address),
        ];
        Self { clients }
    }

    /// The liaison of the unit that things are about, and who has nothing to do with them.
    pub const fn liaison(&self) -> &Client {
        &self.clients[0]
    }

    pub async fn asked(&self, query: &str) -> Vec<Value> {
        let mut answers = Vec::new();
        for client in &self.clients {
            answers.push(client.ask(query, json!({})).await);
        }
        answers
    }
}

/// A need of the unit that waits for its review in the officer's community.
pub async fn waiting(scene: &Scene, viewers: &Viewers) -> String {
    let rule = async |review: &str| {
        scene
            .coordinator
            .done("setRules", "rules { fitMin }", json!({ "limits": { "review": review } }))
            .await
    };
    rule("ALL").await;
    let input = json!({ "title": "会议室", "place": scene.home });
    let posted = viewers.liaison().done("postNeed", "need { id status }", input).await;
    rule("NONE").await;
    assert_eq!(posted["need"]["status"], "POSTED");
    posted["need"]["id"].as_str().unwrap().to_owned()
}
