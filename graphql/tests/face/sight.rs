//! Who sees what, who is let in, and what an administrator of logins does.

use crate::street::{Street, as_shown};
use serde_json::{Value, json};

#[tokio::test]
async fn who_is_paired_with_whom_is_counted_for_those_who_see_it() {
    let street = Street::open().await;
    street.need("为老人义诊").await;
    street.resource("义诊").await;
    let adopt = "mutation { adoptPlan { plan { id } userErrors { code } } }";
    street.data(&street.coordinator, adopt, json!({})).await;
    let pairs = "{ aggregates(list: PAIRINGS, groupBy: [ORGANIZATION, GIVING]) { count } }";
    let told = |answer: &Value| answer["errors"][0]["extensions"]["code"] == "NOT_ALLOWED";
    for query in [
        pairs,
        "{ aggregates(list: PAIRINGS, groupBy: [STATUS]) { count } }",
        "{ aggregates(list: NEEDS, groupBy: [ORGANIZATION]) { count } }",
        "{ funnel(list: PAIRINGS) { steps { count } } }",
    ] {
        let answer = street.ask("", query, json!({})).await;
        assert!(told(&answer), "{query} {answer}");
        let own = street.ask(&street.observer, query, json!({})).await;
        assert!(own["errors"].is_null(), "{query} {own}");
    }
    let counts =
        street.data("", "{ aggregates(list: NEEDS, groupBy: [CATEGORY]) { count } }", json!({})).await;
    assert_eq!(counts["aggregates"][0]["count"], 1);

    assert!(told(&street.ask(&street.liaison, pairs, json!({})).await));
    let ids = "{ organizations { nodes { id name } } }";
    let ids = street.data("", ids, json!({})).await["organizations"]["nodes"].as_array().unwrap().clone();
    let hospital = ids.iter().find(|it| it["name"] == "师院附属医院").unwrap()["id"].clone();
    let own = "query($giving: ID) { aggregates(list: PAIRINGS, groupBy: [ORGANIZATION], scope: {giving: $giving}) { count } }";
    let mine = street.data(&street.liaison, own, json!({ "giving": hospital })).await;
    assert_eq!(mine["aggregates"].as_array().map(Vec::len), Some(1), "{mine}");
}

#[tokio::test]
async fn a_part_that_is_not_there_is_an_error_and_not_a_zero() {
    let street = Street::open().await;
    let cases = [
        (
            "aggregates(list: NEEDS, groupBy: [STATUS], scope: {category: \"NOPE\"}) { count }",
            "scope.category",
        ),
        ("funnel(scope: {category: \"NOPE\"}) { steps { count } }", "scope.category"),
        (
            "aggregates(list: NEEDS, groupBy: [STATUS], scope: {giving: \"T3JnYW5pemF0aW9uOjI\"}) { count }",
            "scope.giving",
        ),
    ];
    for (query, field) in cases {
        let answer = street.ask(&street.coordinator, &format!("{{ {query} }}"), json!({})).await;
        let message = answer["errors"][0]["message"].as_str().unwrap_or_default();
        assert!(message.starts_with(field), "{query} {answer}");
    }
    // One bad id costs the field it stands in, and nothing beside it.
    let query = "{ explanations { plan { targets } whyUnmet(target: \"zz\") { planned } whyIdle(supplier: \"zz\") { planned } } }";
    let answer = street.ask(&street.coordinator, query, json!({})).await;
    assert_eq!(
        answer["data"]["explanations"],
        json!({ "plan": { "targets": 0 }, "whyUnmet": null, "whyIdle": null })
    );
    assert_eq!(answer["errors"].as_array().map(Vec::len), Some(2), "{answer}");
}

#[tokio::test]
async fn the_public_sees_the_lists_and_none_of_the_pairings() {
    let street = Street::open().await;
    street.need("义诊").await;
    let query = "{ me { signedIn sight role } needs { nodes { title pairings { totalCount } } }
        pairings { totalCount } plans { totalCount } latestPlan { id } events { nodes { type } } members { nodes { label } }
        previewPlan { targets } suggestions(need: \"x\") { quantity } }";
    let answer = street.ask("", query, json!({})).await;
    assert_eq!(
        answer["data"],
        json!({
            "me": { "signedIn": false, "sight": "NOTICES", "role": null },
            "needs": { "nodes": [{ "title": "义诊", "pairings": null }] },
            "pairings": null, "plans": null, "latestPlan": null, "events": null, "members": null,
            "previewPlan": null, "suggestions": null,
        })
    );
    let errors = answer["errors"].as_array().unwrap();
    assert_eq!(errors.len(), 8);
    for error in errors {
        assert_eq!(error["extensions"]["code"], "NOT_ALLOWED", "{error}");
        assert!(error["message"].as_str().unwrap().starts_with("not allowed: this needs"), "{error}");
    }
}

#[tokio::test]
async fn logins_are_for_coordinators() {
    let street = Street::open().await;
    let answer = street.ask(&street.officer, "{ members { nodes { label } } }", json!({})).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "NOT_ALLOWED");
    let data = street
        .data(
            &street.coordinator,
            "{ members { nodes { role organization { name } revokedAt } } }",
            json!({}),
        )
        .await;
    assert_eq!(data["members"]["nodes"].as_array().unwrap().len(), 4);
    assert_eq!(
        data["members"]["nodes"][2],
        json!({ "role": "UNIT_LIAISON", "organization": { "name": "师院附属医院" }, "revokedAt": null })
    );
}

#[tokio::test]
async fn a_member_is_added_with_a_token_that_is_shown_once_and_ends_when_revoked() {
    let street = Street::open().await;
    let bank = "{ organizations(filter: { text: \"银行\" }) { nodes { id } } }";
    let bank = street.data("", bank, json!({})).await["organizations"]["nodes"][0]["id"].clone();
    let input =
        json!({ "organization": bank, "role": "UNIT_LIAISON", "label": "柜台", "requestId": "add-1" });
    let selection = "token member { id label }";
    let payload = street.mutate(&street.coordinator, "addMember", selection, input.clone()).await;
    let token = payload["token"].as_str().unwrap();
    let me = street.data(token, "{ me { signedIn role organization { name } } }", json!({})).await;
    assert_eq!(
        me["me"],
        json!({ "signedIn": true, "role": "UNIT_LIAISON", "organization": { "name": "清河银行" } })
    );

    let again = street.mutate(&street.coordinator, "addMember", selection, input).await;
    assert_eq!((&again["token"], &again["member"]), (&json!(null), &payload["member"]));

    let revoke = json!({ "member": payload["member"]["id"] });
    street.mutate(&street.coordinator, "revokeMember", "member { revokedAt }", revoke).await;
    let answer = street.ask(token, "{ me { signedIn } }", json!({})).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
}

#[tokio::test]
async fn events_are_paged_without_secrets() {
    let street = Street::open().await;
    let need = street.need("义诊").await;
    let query = "query($after: Position, $first: Int) { events(after: $after, first: $first) {
        pageInfo { hasNextPage endCursor } edges { cursor }
        nodes { position index cursor type payload concerns { needId memberId } actor { kind role organization { name } } } } }";
    let mut after = json!("0");
    let mut seen = Vec::new();
    loop {
        let variables = json!({ "after": after, "first": 7 });
        let page = street.data(&street.observer, query, variables).await["events"].clone();
        seen.extend(page["nodes"].as_array().unwrap().clone());
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
    }
    let names: Vec<_> = seen.iter().map(|event| event["type"].as_str().unwrap().to_owned()).collect();
    let stored: Vec<_> = street.events().iter().map(|(_, event)| as_shown(event)).collect();
    assert_eq!(names, stored);
    let last = seen.last().unwrap();
    assert_eq!(last["concerns"]["needId"], json!(need));
    assert_eq!(
        last["actor"],
        json!({ "kind": "MEMBER", "role": "COMMUNITY_OFFICER", "organization": { "name": "学府路社区" } })
    );
    assert_eq!(last["payload"]["draft"]["entry"]["title"], "义诊");
    let added = seen.iter().find(|event| event["type"] == "MEMBER_ADDED").unwrap();
    assert_eq!(added["payload"], json!({ "type": "MemberAdded" }));
    assert_eq!(added["concerns"]["memberId"], json!(null));
}

#[tokio::test]
async fn rules_are_patched_by_coordinators() {
    let street = Street::open().await;
    let input = json!({ "fitMin": 300, "weights": { "roster": 400 } });
    let selection = "rules { fitMin claimHours weights { code label weight } }";
    let payload = street.mutate(&street.coordinator, "setRules", selection, input.clone()).await;
    assert_eq!((&payload["rules"]["fitMin"], &payload["rules"]["claimHours"]), (&json!(300), &json!(168)));
    assert_eq!(
        payload["rules"]["weights"][1],
        json!({ "code": "ROSTER", "label": "standing relation", "weight": 400 })
    );
    let payload = street.mutate(&street.officer, "setRules", "rules { fitMin }", input).await;
    assert_eq!(payload["userErrors"][0]["code"], "NOT_ALLOWED");
    let payload =
        street.mutate(&street.coordinator, "setRules", "rules { fitMin }", json!({ "fitMin": 2000 })).await;
    assert_eq!(payload["userErrors"][0]["field"], "fitMin");
}

#[tokio::test]
async fn the_street_is_furnished_by_coordinators() {
    let street = Street::open().await;
    let ids = street
        .data(
            "",
            "{ street { place { children { nodes { id } } } } organizations(filter: { unitKind: BANK }) { nodes { id } } }",
            json!({}),
        )
        .await;
    let community = ids["street"]["place"]["children"]["nodes"][0]["id"].clone();
    let token = street.coordinator.as_str();
    let input = json!({ "name": "师院小区", "level": "ESTATE", "parent": community });
    let payload = street.mutate(token, "addPlace", "place { id path }", input).await;
    assert_eq!(payload["place"]["path"], json!(["清河桥街道", "学府路社区", "师院小区"]));
    let rename = json!({ "place": payload["place"]["id"], "name": "师院家属院" });
    let payload = street.mutate(token, "renamePlace", "place { name }", rename).await;
    assert_eq!(payload["place"]["name"], "师院家属院");

    let link = "mutation($input: LinkRosterInput!) { linkRoster(input: $input) { link { relation unit { name } place { name } } userErrors { code } } }";
    let input =
        json!({ "unit": ids["organizations"]["nodes"][0]["id"], "place": community, "relation": "ASSIGNED" });
    let data = street.data(token, link, json!({ "input": input })).await;
    assert_eq!(data["linkRoster"]["link"]["unit"]["name"], "清河银行");
    let data = street.data(token, link, json!({ "input": input })).await;
    assert_eq!(data["linkRoster"]["userErrors"][0]["code"], "ALREADY_LINKED");

    let input = json!({ "organization": ids["organizations"]["nodes"][0]["id"], "openCapacity": 5, "unitKind": "ENTERPRISE" });
    let payload =
        street.mutate(token, "amendOrganization", "organization { kind unitKind openCapacity }", input).await;
    assert_eq!(
        payload["organization"],
        json!({ "kind": "UNIT", "unitKind": "ENTERPRISE", "openCapacity": 5 })
    );

    let input = json!({ "code": "PETS", "zh": "宠物", "en": "Pets" });
    let payload = street.mutate(token, "defineCategory", "category { code name }", input).await;
    assert_eq!(payload["category"], json!({ "code": "PETS", "name": "Pets" }));
    let payload = street.mutate(token, "retireCategory", "code", json!({ "category": "PETS" })).await;
    assert_eq!(payload["code"], "PETS");
}
