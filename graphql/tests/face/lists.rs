//! Posting and amending the three lists: patches, revisions, refusals as data, in both languages.

use crate::street::Street;
use serde_json::json;

#[tokio::test]
async fn a_need_is_posted_for_the_callers_own_organization_and_read_back() {
    let street = Street::open().await;
    let input = json!({
        "title": "为老人配送午餐", "detail": "二十份", "category": "CARE-MEAL", "form": "SERVICE",
        "quantity": { "amount": 20, "unit": "场" }, "channel": "COMMUNITY_WHISTLE", "urgency": "URGENT",
        "window": { "from": "2026-05-01", "to": "2026-05-31", "weekdays": ["MONDAY", "FRIDAY"],
                    "hours": { "from": "11:00", "to": "13:00" } },
        "beneficiaries": { "group": "ELDERS", "count": 20 }, "ceiling": 3000,
    });
    let selection = "need { id title detail organization { name } place { name path } placeStated
        category { code zh parent { code } } categoryConfidence form quantity { amount measure unit }
        window { from to weekdays hours { from to } } beneficiaries { group count } channel urgency ceiling
        status asked unserved tally { proposed claimed agreed } revision settled withdrawnReason }";
    let payload = street.mutate(&street.officer, "postNeed", selection, input).await;
    assert_eq!(payload["userErrors"], json!([]));
    let mut need = payload["need"].clone();
    let id = need.as_object_mut().unwrap().remove("id").unwrap();
    assert_eq!(
        need,
        json!({
            "title": "为老人配送午餐", "detail": "二十份", "organization": { "name": "学府路社区" },
            "place": { "name": "学府路社区", "path": ["清河桥街道", "学府路社区"] }, "placeStated": false,
            "category": { "code": "CARE-MEAL", "zh": need["category"]["zh"], "parent": { "code": "CARE" } },
            "categoryConfidence": 1000, "form": "SERVICE",
            "quantity": { "amount": 20, "measure": "SESSIONS", "unit": "场" },
            "window": { "from": "2026-05-01", "to": "2026-05-31", "weekdays": ["MONDAY", "FRIDAY"],
                        "hours": { "from": "11:00", "to": "13:00" } },
            "beneficiaries": { "group": "ELDERS", "count": 20 },
            "channel": "COMMUNITY_WHISTLE", "urgency": "URGENT", "ceiling": 3000,
            "status": "OPEN", "asked": 20, "unserved": 20,
            "tally": { "proposed": 0, "claimed": 0, "agreed": 0 },
            "revision": 1, "settled": null, "withdrawnReason": null,
        })
    );
    let query = "query($id: ID!) { position node(id: $id) { __typename id ... on Need { title } } }";
    let data = street.data("", query, json!({ "id": id })).await;
    assert_eq!(data["node"], json!({ "__typename": "Need", "id": id, "title": "为老人配送午餐" }));
    assert_eq!(data["position"], payload["position"]);
}

#[tokio::test]
async fn words_are_read_where_nothing_else_is_said() {
    let street = Street::open().await;
    let input = json!({ "title": "老旧小区加装电梯", "quantity": { "wording": "近1.5万元" }, "window": { "wording": "周末 9:00-17:00" } });
    let selection = "need { category { code } categoryConfidence quantity { amount unit approximate wording } window { weekdays hours { from to } wording } }";
    let payload = street.mutate(&street.officer, "postNeed", selection, input).await;
    let need = &payload["need"];
    assert_eq!(need["category"]["code"], "SPACE-FIX");
    assert!((400..1000).contains(&need["categoryConfidence"].as_i64().unwrap()), "{need}");
    assert_eq!(
        need["quantity"],
        json!({ "amount": 15000, "unit": "元", "approximate": true, "wording": "近1.5万元" })
    );
    assert_eq!(
        need["window"],
        json!({ "weekdays": ["SATURDAY", "SUNDAY"], "hours": { "from": "09:00", "to": "17:00" }, "wording": "周末 9:00-17:00" })
    );
}

#[tokio::test]
async fn an_amendment_keeps_what_is_absent_and_clears_what_is_null() {
    let street = Street::open().await;
    let input = json!({ "title": "修围墙", "detail": "急", "urgency": "URGENT", "quantity": { "amount": 3, "unit": "场" } });
    let payload = street.mutate(&street.officer, "postNeed", "need { id }", input).await;
    let input = json!({ "need": payload["need"]["id"], "detail": null, "quantity": null, "form": "WORKS" });
    let selection = "need { title detail urgency form quantity { amount } revision }";
    let payload = street.mutate(&street.officer, "amendNeed", selection, input).await;
    assert_eq!(
        payload["need"],
        json!({ "title": "修围墙", "detail": null, "urgency": "URGENT", "form": "WORKS", "quantity": null, "revision": 2 })
    );
}

#[tokio::test]
async fn a_stale_revision_is_refused_in_the_language_of_the_request() {
    let street = Street::open().await;
    let need = street.need("修围墙").await;
    let first = json!({ "need": need, "revision": 1, "title": "修两面围墙" });
    let payload = street.mutate(&street.officer, "amendNeed", "need { revision }", first).await;
    assert_eq!(payload["need"]["revision"], 2);
    let stale = json!({ "need": need, "revision": 1, "title": "修三面围墙" });
    for (language, says) in [("en", "you saw revision 1, it is at 2"), ("zh-CN", "您看到第1版,现为第2版")]
    {
        let payload =
            street.mutate_in(&street.officer, language, "amendNeed", "need { id }", stale.clone()).await;
        assert_eq!(payload["need"], json!(null));
        let error = &payload["userErrors"][0];
        assert_eq!((&error["code"], &error["field"]), (&json!("REVISION_PASSED"), &json!("revision")));
        assert!(error["message"].as_str().unwrap().contains(says), "{error}");
    }
}

#[tokio::test]
async fn all_that_cannot_be_read_is_said_at_once_with_its_field() {
    let street = Street::open().await;
    let place =
        street.data("", "{ street { place { id } } }", json!({})).await["street"]["place"]["id"].clone();
    let input = json!({
        "title": "修围墙", "organization": place, "place": "nonsense", "category": "lower case",
        "quantity": { "amount": -1, "unit": "场" }, "window": { "from": "1 May", "hours": { "from": "25:00", "to": "26:00" } },
    });
    let payload = street.mutate(&street.officer, "postNeed", "need { id }", input).await;
    let errors: Vec<_> = payload["userErrors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| (error["code"].as_str().unwrap(), error["field"].as_str().unwrap()))
        .collect();
    assert_eq!(
        errors,
        [
            ("WRONG_ID_TYPE", "organization"),
            ("MALFORMED_ID", "place"),
            ("UNREADABLE", "category"),
            ("INVALID", "quantity.amount"),
            ("UNREADABLE", "window.hours.from"),
            ("UNREADABLE", "window.hours.to"),
            ("UNREADABLE", "window.from"),
        ]
    );
    assert!(street.events().iter().all(|(_, event)| event.name() != "NeedPosted"));
}

#[tokio::test]
async fn refusals_of_the_domain_are_data_and_the_public_may_post_nothing() {
    let street = Street::open().await;
    for (token, input, code, field) in [
        (street.officer.as_str(), json!({ "title": " " }), "INVALID", json!("title")),
        (&street.officer, json!({ "title": "x", "category": "CARE" }), "INVALID", json!("category")),
        (&street.officer, json!({ "title": "x", "category": "NOT-THERE" }), "NOT_FOUND", json!("category")),
        (&street.observer, json!({ "title": "x" }), "NOT_ALLOWED", json!(null)),
        ("", json!({ "title": "x" }), "NOT_ALLOWED", json!(null)),
    ] {
        let payload = street.mutate(token, "postNeed", "need { id }", input.clone()).await;
        assert_eq!(payload["need"], json!(null), "{input}");
        assert_eq!(payload["userErrors"][0]["code"], code, "{input} {payload}");
        assert_eq!(payload["userErrors"][0]["field"], field, "{input}");
    }
}

#[tokio::test]
async fn the_same_request_id_gives_the_same_answer_and_posts_once() {
    let street = Street::open().await;
    let input = json!({ "title": "修围墙", "requestId": "phone-17" });
    let first = street.mutate(&street.officer, "postNeed", "need { id }", input.clone()).await;
    let again = street.mutate(&street.officer, "postNeed", "need { id }", input).await;
    assert_eq!(first, again);
    let posted = street.events().into_iter().filter(|(_, event)| event.name() == "NeedPosted").count();
    assert_eq!(posted, 1);
}

#[tokio::test]
async fn a_request_id_that_stands_for_one_thing_is_not_taken_for_another() {
    let street = Street::open().await;
    let asked = json!({ "title": "修围墙", "requestId": "phone-17" });
    let first = street.mutate(&street.officer, "postNeed", "need { id }", asked.clone()).await;
    let position = street.ledger.state().position();
    let need = &first["need"]["id"];
    let others = [
        ("postNeed", "need { id }", json!({ "title": "修路灯", "requestId": "phone-17" })),
        ("postResource", "resource { id }", asked.clone()),
        ("withdrawNeed", "need { id }", json!({ "need": need, "reason": "不修了", "requestId": "phone-17" })),
    ];
    for (mutation, selection, input) in others {
        let payload = street.mutate(&street.officer, mutation, selection, input).await;
        let error = &payload["userErrors"][0];
        assert_eq!(
            (&error["code"], &error["field"]),
            (&json!("REQUEST_TAKEN"), &json!("requestId")),
            "{payload}"
        );
        assert!(payload["need"].is_null() && payload["resource"].is_null(), "{payload}");
    }
    assert_eq!(street.ledger.state().position(), position, "nothing is done");
    assert_eq!(street.mutate(&street.officer, "postNeed", "need { id }", asked.clone()).await, first);
    // The ids of one member are none of another's business.
    let by_another = street.mutate(&street.coordinator, "postNeed", "need { id }", asked).await;
    assert_ne!(by_another["need"]["id"], *need, "{by_another}");
}

#[tokio::test]
async fn an_amount_has_one_measure_and_a_name_shows_what_it_is() {
    let street = Street::open().await;
    let cases = [
        (
            json!({ "title": "停车", "quantity": { "amount": 5, "unit": "人", "measure": "PARKING" } }),
            "quantity.unit",
        ),
        (json!({ "title": "停\u{202e}车" }), "title"),
        (json!({ "title": "停车\u{0}" }), "title"),
    ];
    for (input, field) in cases {
        let payload = street.mutate(&street.officer, "postNeed", "need { id }", input).await;
        let error = &payload["userErrors"][0];
        assert_eq!((&error["code"], &error["field"]), (&json!("INVALID"), &json!(field)), "{payload}");
    }
    let agreeing =
        json!({ "title": "停车\n两处", "quantity": { "amount": 5, "unit": "车位", "measure": "PARKING" } });
    let payload =
        street.mutate(&street.officer, "postNeed", "need { title quantity { unit } }", agreeing).await;
    assert_eq!(payload["need"], json!({ "title": "停车\n两处", "quantity": { "unit": "车位" } }));
}

#[tokio::test]
async fn a_project_has_slots_with_ids_of_their_own() {
    let street = Street::open().await;
    let input = json!({ "title": "一面墙", "required": 1, "slots": [
        { "title": "重砌", "form": "WORKS", "quantity": { "amount": 42, "unit": "米" } }, { "title": "彩绘" } ] });
    let selection = "project { id title required status slotsAgreed slots { nodes { id index title asked unserved quantity { unit measure wording } } } }";
    let payload = street.mutate(&street.officer, "postProject", selection, input).await;
    let project = &payload["project"];
    assert_eq!((&project["status"], &project["required"]), (&json!("PROPOSED"), &json!(1)));
    assert_eq!(
        project["slots"]["nodes"][0]["quantity"],
        json!({ "unit": "件", "measure": "ITEMS", "wording": "42米" })
    );
    let query = "query($id: ID!) { node(id: $id) { ... on Slot { title index project { title } } } }";
    let data = street.data("", query, json!({ "id": project["slots"]["nodes"][1]["id"] })).await;
    assert_eq!(data["node"], json!({ "title": "彩绘", "index": 1, "project": { "title": "一面墙" } }));
}

#[tokio::test]
async fn a_project_carries_needs_and_no_second_one_does() {
    let street = Street::open().await;
    let need = street.need("围墙倾斜").await;
    let input = json!({ "title": "一面墙", "needs": [need], "slots": [{ "title": "重砌" }] });
    let selection = "project { id needs { nodes { title project { title } } } }";
    let payload = street.mutate(&street.officer, "postProject", selection, input.clone()).await;
    let carried = json!([{ "title": "围墙倾斜", "project": { "title": "一面墙" } }]);
    assert_eq!(payload["project"]["needs"]["nodes"], carried);
    let id = payload["project"]["id"].clone();

    let payload = street.mutate(&street.officer, "postProject", selection, input).await;
    let error = &payload["userErrors"][0];
    assert_eq!((&error["code"], &error["field"]), (&json!("NEED_CARRIED"), &json!("needs")));

    let input = json!({ "project": id, "needs": null });
    let payload = street.mutate(&street.officer, "amendProject", selection, input).await;
    assert_eq!(payload["project"]["needs"]["nodes"], json!([]));
}

#[tokio::test]
async fn several_mutations_of_one_document_see_what_the_former_did() {
    let street = Street::open().await;
    let need = street.need("修围墙").await;
    let query = "mutation($need: ID!) {
        a: amendNeed(input: { need: $need, title: \"a\" }) { need { revision } }
        b: amendNeed(input: { need: $need, detail: \"b\" }) { need { revision title detail } } }";
    let data = street.data(&street.officer, query, json!({ "need": need })).await;
    assert_eq!(data["a"]["need"]["revision"], 2);
    assert_eq!(data["b"]["need"], json!({ "revision": 3, "title": "a", "detail": "b" }));
}

#[tokio::test]
async fn a_withdrawn_need_says_why() {
    let street = Street::open().await;
    let need = street.need("修围墙").await;
    let input = json!({ "need": need, "reason": "已修好" });
    let selection = "need { status withdrawnReason }";
    let payload = street.mutate(&street.officer, "withdrawNeed", selection, input.clone()).await;
    assert_eq!(payload["need"], json!({ "status": "WITHDRAWN", "withdrawnReason": "已修好" }));
    let payload = street.mutate(&street.officer, "withdrawNeed", selection, input).await;
    assert_eq!(payload["userErrors"][0]["code"], "ALREADY_WITHDRAWN");
}
