//! Why a plan is as it is, and what would make it another.

use crate::street::Street;
use engine::matching::{self, Knowledge};
use serde_json::{Value, json};

/// The code of the leaf that has this word in its name.
async fn leaf(street: &Street, word: &str) -> String {
    let all =
        street.data("", "{ categories(first: 100) { nodes { code zh parent { code } } } }", json!({})).await;
    let leaves = all["categories"]["nodes"].as_array().unwrap().iter().filter(|it| !it["parent"].is_null());
    let found = leaves.into_iter().find(|it| it["zh"].as_str().unwrap().contains(word));
    found.unwrap_or_else(|| panic!("{word}: {all}"))["code"].as_str().unwrap().to_owned()
}

/// The bank's id.
async fn bank(street: &Street) -> String {
    let data =
        street.data("", "{ organizations(filter: { unitKind: BANK }) { nodes { id } } }", json!({})).await;
    data["organizations"]["nodes"][0]["id"].as_str().unwrap().to_owned()
}

/// Thirty parking places at night, two needs that want twenty and forty of them, and no other unit that takes
/// anything up.
async fn contested(street: &Street) -> [String; 3] {
    let input = json!({ "organization": bank(street).await, "openCapacity": 0 });
    street.mutate(&street.coordinator, "amendOrganization", "position", input).await;
    let parking = leaf(street, "停车").await;
    let post = async |token: &str, field: &str, what: &str, title: &str, amount: u32| {
        let input = json!({ "title": title, "category": parking, "quantity": { "amount": amount, "measure": "PARKING" } });
        let payload = street.mutate(token, field, &format!("{what} {{ id }}"), input).await;
        payload[what]["id"].as_str().unwrap_or_else(|| panic!("{payload}")).to_owned()
    };
    [
        post(&street.liaison, "postResource", "resource", "医院夜间车位", 30).await,
        post(&street.officer, "postNeed", "need", "夜间停车位", 20).await,
        post(&street.officer, "postNeed", "need", "周边居民夜间停车", 40).await,
    ]
}

#[tokio::test]
async fn the_live_pool_follows_the_street_and_plans_as_if_it_were_new() {
    let street = Street::open().await;
    let query = "{ previewPlan { matched objective bound pricesDigest pairingsCount unmetCount } }";
    let [resource, need, _] = contested(&street).await;
    let mut plans = Vec::new();
    for step in 0..5 {
        match step {
            0 => {}
            1 => {
                // What forty days bring is a fact of the log before anybody asks.
                let mut head = street.ledger.head();
                head.borrow_and_update();
                street.pass(24 * 40);
                head.changed().await.unwrap();
            }
            2 => drop(street.need("为老人义诊").await),
            3 => {
                let input =
                    json!({ "resource": resource, "quantity": { "amount": 50, "measure": "PARKING" } });
                street.mutate(&street.liaison, "amendResource", "position", input).await;
            }
            _ => {
                let input = json!({ "need": need, "reason": "已自行解决" });
                street.mutate(&street.officer, "withdrawNeed", "position", input).await;
            }
        }
        let shown = street.data(&street.observer, query, json!({})).await["previewPlan"].clone();
        let (state, now) = (street.ledger.state(), street.ledger.now());
        let anew = matching::propose(&state, Knowledge::builtin(), now).unwrap();
        let expected = json!({
            "matched": state.position().0.to_string(), "objective": anew.summary.objective.to_string(),
            "bound": anew.summary.bound.to_string(), "pricesDigest": anew.summary.prices_digest,
            "pairingsCount": anew.pairings.len(), "unmetCount": anew.summary.unmet.len(),
        });
        assert_eq!(shown, expected, "step {step}");
        plans.push((state.position().0.to_string(), shown));
    }
    // Asked of those days, the matching proposes what it did, and the live pool is none the wiser.
    for (position, shown) in plans {
        let query = format!("query($position: Position) {{ asOf(position: $position) {query} }}");
        let then = street.data(&street.observer, &query, json!({ "position": position })).await;
        assert_eq!(then["asOf"]["previewPlan"], shown, "at {position}");
    }
}

const WORTH: &str = "value perMille message";

#[tokio::test]
async fn a_plan_says_why_for_each_yes_and_each_no() {
    let street = Street::open().await;
    let [resource, small, large] = contested(&street).await;
    let query = format!(
        "query($target: ID!, $unmet: ID!, $supplier: ID!) {{
            previewPlan {{ objective pairings {{ nodes {{ target {{ ... on Need {{ id }} }} quantity }} }} }}
            explanations {{
                plan {{ objective }}
                whyPaired(target: $target, supplier: $supplier) {{ quantity draws fit {{ total }} worth {{ {WORTH} }} price {{ perMille }}
                    margin {{ perMille }} rivalSupplier {{ supplier {{ __typename }} behind {{ perMille }} }} rivalTarget {{ target {{ ... on Need {{ id }} }} behind {{ perMille }} }} }}
                pairings {{ nodes {{ quantity worth {{ value }} }} }}
                whyUnmet(target: $unmet) {{ wanting planned causes {{ code candidates }} winners {{ target {{ ... on Need {{ id }} }} quantity lead {{ perMille }} }} }}
                unmet {{ nodes {{ target {{ ... on Need {{ id }} }} wanting planned }} }}
                whyIdle(supplier: $supplier) {{ remaining }}
                idle {{ nodes {{ supplier {{ ... on Organization {{ name }} }} remaining planned causes {{ code needs }} }} }}
                scarcity {{ givers {{ nodes {{ supplier {{ ... on Resource {{ id }} }} worth {{ perMille }} }} }}
                    categories {{ nodes {{ category {{ code }} measure unit place {{ name }} worth {{ perMille }} }} }} street {{ nodes {{ worth {{ perMille }} }} }} }}
                churn {{ objective {{ value }} kept changedCount changed {{ nodes {{ why before after message }} }} }}
                jointProjects {{ nodes {{ kind title value {{ value }} }} }}
            }} }}"
    );
    let served = street
        .data(
            &street.observer,
            "{ previewPlan { pairings { nodes { target { ... on Need { id } } } } } }",
            json!({}),
        )
        .await;
    let target = served["previewPlan"]["pairings"]["nodes"][0]["target"]["id"].clone();
    let variables = json!({ "target": target, "unmet": large, "supplier": resource });
    let data = street.data(&street.observer, &query, variables).await;
    let why = &data["explanations"];
    assert_eq!(why["plan"]["objective"], data["previewPlan"]["objective"]);
    let paired = &why["whyPaired"];
    assert!(paired["worth"]["perMille"].as_i64() > Some(0), "{paired}");
    assert!(
        paired["price"]["perMille"].as_i64() > Some(0),
        "thirty places for sixty: one more has a worth: {paired}"
    );
    assert!(paired["margin"]["perMille"].as_i64() >= Some(0), "{paired}");
    assert!(!paired["rivalTarget"].is_null(), "the other need would have taken them: {paired}");
    let unmet = &why["whyUnmet"];
    assert_eq!(unmet["wanting"], 40, "{unmet}");
    assert_eq!(unmet["causes"][0]["code"], "CAPACITY_CONTESTED", "{unmet}");
    assert_eq!(unmet["winners"][0]["target"]["id"], json!(small), "{unmet}");
    assert!(
        why["unmet"]["nodes"]
            .as_array()
            .unwrap()
            .iter()
            .all(|it| it["planned"].as_i64() < it["wanting"].as_i64()),
        "{why}"
    );
    assert_eq!(why["whyIdle"], json!(null), "all thirty are used");
    assert!(
        why["idle"]["nodes"].as_array().unwrap().iter().any(|it| it["supplier"]["name"] == "师院附属医院"),
        "{why}"
    );
    let scarce = why["scarcity"]["givers"]["nodes"].as_array().unwrap();
    assert!(
        scarce.iter().any(|it| it["supplier"]["id"] == json!(resource) && it["worth"] == paired["price"]),
        "{why}"
    );
    assert!(scarce.is_sorted_by_key(|it| std::cmp::Reverse(it["worth"]["perMille"].as_i64())), "{why}");
    assert!(
        why["scarcity"]["categories"]["nodes"]
            .as_array()
            .unwrap()
            .iter()
            .any(|it| it["measure"] == "PARKING"),
        "{why}"
    );
    let added = data["previewPlan"]["pairings"]["nodes"].as_array().unwrap().len();
    assert_eq!((&why["churn"]["kept"], &why["churn"]["changedCount"]), (&json!(0), &json!(added)), "{why}");

    street.data(&street.coordinator, "mutation { adoptPlan { position } }", json!({})).await;
    let query = "{ explanations { churn { kept changedCount } } }";
    let churn = street.data(&street.observer, query, json!({})).await["explanations"]["churn"].clone();
    assert_eq!(churn, json!({ "kept": added, "changedCount": 0 }), "what was adopted stays");
}

#[tokio::test]
async fn a_remedy_given_back_as_a_what_if_does_what_it_says() {
    let street = Street::open().await;
    let [.., large] = contested(&street).await;
    let query = "query($target: ID!) { explanations { whyUnmet(target: $target) { planned
        remedies { message effort reaches inFull changes { code message effort input } } } } }";
    let data = street.data(&street.coordinator, query, json!({ "target": large })).await;
    let unmet = &data["explanations"]["whyUnmet"];
    let remedies = unmet["remedies"].as_array().unwrap();
    assert!(!remedies.is_empty(), "{data}");
    assert!(remedies.is_sorted_by_key(|it| it["effort"].as_i64()), "{data}");
    let before = street.ledger.state().position();
    for remedy in remedies {
        let changes: Vec<Value> =
            remedy["changes"].as_array().unwrap().iter().map(|it| it["input"].clone()).collect();
        let query = "query($changes: [ChangeInput!]!, $target: ID!) { whatIf(changes: $changes) { userErrors { code field }
            supposed { explanations { whyUnmet(target: $target) { planned } } previewPlan { pairings { nodes { target { ... on Need { id } } quantity } } } } } }";
        let variables = json!({ "changes": changes, "target": large });
        let data = street.data(&street.coordinator, query, variables).await["whatIf"].clone();
        assert_eq!(data["userErrors"], json!([]), "{remedy}");
        let pairings = data["supposed"]["previewPlan"]["pairings"]["nodes"].as_array().unwrap();
        let of_it = pairings.iter().filter(|it| it["target"]["id"] == json!(large));
        let planned: i64 = of_it.filter_map(|it| it["quantity"].as_i64()).sum();
        assert_eq!(json!(planned), remedy["reaches"], "{remedy}: {data}");
        assert!(Some(planned) > unmet["planned"].as_i64(), "{remedy}");
    }
    assert_eq!(street.ledger.state().position(), before, "nothing is recorded");
}

#[tokio::test]
async fn what_if_answers_every_question_of_a_street_that_is_not() {
    let street = Street::open().await;
    let [resource, small, large] = contested(&street).await;
    let bank = bank(&street).await;
    let changes = json!([
        { "addCapacity": { "supplier": resource, "more": 30 } },
        { "amendNeed": { "need": small, "title": "地下夜间停车位" } },
        { "amendNeed": { "need": small, "ceiling": 800 } },
        { "postNeed": { "title": "为老人义诊" } },
        { "loseUnit": bank },
        { "wait": 3 },
    ]);
    let query = "query($changes: [ChangeInput!]!, $need: ID!) { needs { totalCount }
        whatIf(changes: $changes) { userErrors { code field message }
            difference { objective { value perMille } kept changedCount changed { nodes { why message before after target { ... on Need { id } } } } }
            supposed { position needs { totalCount nodes { title ceiling } } previewPlan { unmetCount }
                suggestions(need: $need) { organization { name } } whatIf(changes: []) { difference { changedCount } } } } }";
    let before = street.ledger.state();
    let data = street.data(&street.officer, query, json!({ "changes": changes, "need": large })).await;
    let supposed = &data["whatIf"]["supposed"];
    assert_eq!(data["whatIf"]["userErrors"], json!([]));
    assert_eq!((&data["needs"]["totalCount"], &supposed["needs"]["totalCount"]), (&json!(2), &json!(3)));
    let amended = json!({ "title": "地下夜间停车位", "ceiling": 800 });
    assert_eq!(supposed["needs"]["nodes"][0], amended, "the second amendment sees the first");
    assert_eq!(supposed["position"], json!(before.position().0.to_string()));
    let difference = &data["whatIf"]["difference"];
    assert!(difference["objective"]["value"].as_str().unwrap().parse::<i128>().unwrap() > 0, "{difference}");
    let of_large = difference["changed"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .any(|it| it["target"]["id"] == json!(large));
    assert!(of_large, "thirty places more serve the need that got too few: {difference}");
    let names: Vec<_> =
        supposed["suggestions"].as_array().unwrap().iter().map(|it| &it["organization"]["name"]).collect();
    assert!(!names.contains(&&json!("清河银行")), "it left: {names:?}");
    assert_eq!(supposed["whatIf"]["difference"]["changedCount"], 0, "no change, no difference");
    assert_eq!(street.ledger.state().position(), before.position(), "nothing is recorded");
    let data = street.data(&street.officer, "{ needs { nodes { title } } }", json!({})).await;
    assert_eq!(data["needs"]["nodes"][0]["title"], "夜间停车位");
}

#[tokio::test]
async fn an_impossible_change_is_named_by_its_place() {
    let street = Street::open().await;
    let [resource, small, _] = contested(&street).await;
    let query = "query($changes: [ChangeInput!]!) { whatIf(changes: $changes) { supposed { position } difference { kept } userErrors { code field } } }";
    for (change, code, field) in [
        (
            json!({ "raiseCeiling": { "need": resource, "to": 5 } }),
            "WRONG_ID_TYPE",
            "changes.1.raiseCeiling.need",
        ),
        (json!({ "lowerFitMin": 5000 }), "INVALID", "changes.1.lowerFitMin"),
        (
            json!({ "withdrawNeed": { "need": small, "reason": "x" } }),
            "ALREADY_WITHDRAWN",
            "changes.1.withdrawNeed",
        ),
        (json!({ "wait": -1 }), "INVALID", "changes.1.wait"),
    ] {
        let first = json!({ "withdrawNeed": { "need": small, "reason": "已自行解决" } });
        let variables = json!({ "changes": [first, change] });
        let data = street.data(&street.officer, query, variables).await;
        let errors = json!([{ "code": code, "field": field }]);
        assert_eq!(data["whatIf"], json!({ "supposed": null, "difference": null, "userErrors": errors }));
    }
    let two = json!({ "changes": [{ "wait": 1, "lowerFitMin": 5 }] });
    let answer = street.ask(&street.officer, query, two).await;
    assert!(answer.get("errors").is_some(), "one change at a time: {answer}");
    for asked in ["whatIf(changes: []) { supposed { position } }", "explanations { churn { kept } }"] {
        let answer = street.ask("", &format!("{{ {asked} }}"), json!({})).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "NOT_ALLOWED", "{asked}: {answer}");
    }
    let remedies = "{ explanations { unmet(first: 30) { nodes { remedies { message } } } } }";
    let answer = street.ask(&street.observer, remedies, json!({})).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "TOO_COMPLEX", "{answer}");
}

#[tokio::test]
async fn a_joint_project_is_posted_as_it_is_drafted() {
    let street = Street::open().await;
    let (parking, health) = (leaf(&street, "停车").await, leaf(&street, "健康").await);
    let offer = |title: &str, category: &str| json!({ "title": title, "category": category });
    street.mutate(&street.officer, "postNeed", "position", offer("为老人义诊", &health)).await;
    street.mutate(&street.liaison, "postResource", "position", offer("医生义诊", &health)).await;
    street.mutate(&street.liaison, "postNeed", "position", offer("职工白天停车", &parking)).await;
    street.mutate(&street.officer, "postResource", "position", offer("社区白天停车场", &parking)).await;
    let query = "{ explanations { jointProjects { nodes { kind message title ring { name } value { perMille } bonus { perMille } draft
        undertakings { organization { name } role label supplier { __typename } target { __typename } quantity draws window { from } } } } } }";
    let data = street.data(&street.coordinator, query, json!({})).await;
    let projects = data["explanations"]["jointProjects"]["nodes"].as_array().unwrap();
    let exchange = projects.iter().find(|it| it["kind"] == "EXCHANGE").unwrap_or_else(|| panic!("{data}"));
    assert_eq!(exchange["ring"], json!([{ "name": "学府路社区" }, { "name": "师院附属医院" }]));
    assert_eq!(exchange["undertakings"].as_array().unwrap().len(), 2, "{exchange}");
    assert!(exchange["bonus"]["perMille"].as_i64() > Some(0), "{exchange}");
    let selection = "project { title slots { nodes { title } } needs { nodes { title } } }";
    let payload =
        street.mutate(&street.coordinator, "postProject", selection, exchange["draft"].clone()).await;
    assert_eq!(payload["userErrors"], json!([]), "{exchange}");
    assert_eq!(payload["project"]["title"], exchange["title"]);
    assert_eq!(payload["project"]["slots"]["nodes"].as_array().unwrap().len(), 2, "{payload}");
    assert_eq!(
        payload["project"]["needs"]["nodes"],
        json!([{ "title": "为老人义诊" }, { "title": "职工白天停车" }])
    );
}
