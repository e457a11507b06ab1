//! Lists in the order and under the conditions that were asked for, each compared with a plain look at everything.

use crate::street::Street;
use serde_json::{Value, json};

const FIELDS: [&str; 7] = ["POSTED", "DEADLINE", "CATEGORY", "STATUS", "URGENCY", "TITLE", "QUANTITY"];

const NODE: &str = "id title status urgency category { code } window { to } quantity { amount }";

/// Needs that differ in everything they may be sorted by, some alike in it and some without.
async fn needs(street: &Street) {
    // Some begin with the same four characters, and more.
    let (titles, categories) =
        (["停车位共乙", "停车位共甲", "丙", "Ab"], ["CARE-MEAL", "SPACE-FIX", "SPACE-PARK"]);
    for number in 0..24_usize {
        let mut input = json!({ "title": format!("{}{}", titles[number * 5 % 4], number % 3) });
        if number % 4 > 0 {
            input["category"] = json!(categories[number * 7 % 3]);
            input["window"] = json!({ "to": format!("2027-0{}-15", number * 11 % 5 + 1) });
        }
        if number % 3 > 0 {
            input["quantity"] = json!({ "amount": number * 13 % 7 + 1, "measure": "SESSIONS" });
            input["urgency"] = json!(["EMERGENCY", "URGENT", "NORMAL"][number * 3 % 7 % 3]);
        }
        let id = street.mutate(&street.officer, "postNeed", "need { id }", input).await["need"]["id"].clone();
        if number % 5 == 0 {
            let input = json!({ "need": id, "reason": "不再需要" });
            street.mutate(&street.officer, "withdrawNeed", "need { id }", input).await;
        }
    }
}

/// What a need is sorted by; nothing comes last.
fn key(need: &Value, field: &str) -> Option<(i64, String)> {
    let rank = |values: &[&str], it: &Value| values.iter().position(|value| it == value).unwrap() as i64;
    match field {
        "POSTED" => Some((0, String::new())),
        "DEADLINE" => need["window"]["to"].as_str().map(|day| (0, day.to_owned())),
        "CATEGORY" => need["category"]["code"].as_str().map(|code| (0, code.to_owned())),
        "STATUS" => Some((rank(&["OPEN", "WITHDRAWN"], &need["status"]), String::new())),
        "URGENCY" => {
            let said = if need["urgency"].is_null() { &json!("NORMAL") } else { &need["urgency"] };
            Some((rank(&["EMERGENCY", "URGENT", "NORMAL"], said), String::new()))
        }
        "TITLE" => Some((0, need["title"].as_str().unwrap().to_owned())),
        "QUANTITY" => need["quantity"]["amount"].as_i64().map(|amount| (amount, String::new())),
        _ => unreachable!("{field}"),
    }
}

/// The ids in an order, by sorting everything.
fn sorted(posted: &[Value], field: &str, direction: &str) -> Vec<Value> {
    let mut all: Vec<(Option<(i64, String)>, usize)> =
        posted.iter().enumerate().map(|(number, need)| (key(need, field), number)).collect();
    all.sort_by(|one, other| {
        let rising = one.cmp(other);
        let directed = if direction == "DESC" { rising.reverse() } else { rising };
        one.0.is_none().cmp(&other.0.is_none()).then(directed)
    });
    all.into_iter().map(|(_, number)| posted[number]["id"].clone()).collect()
}

fn ids(connection: &Value) -> Vec<Value> {
    connection["nodes"].as_array().unwrap().iter().map(|node| node["id"].clone()).collect()
}

async fn posted(street: &Street, filter: &Value) -> Vec<Value> {
    let query = format!(
        "query($filter: NeedFilter) {{ needs(first: 100, filter: $filter) {{ nodes {{ {NODE} }} }} }}"
    );
    let data = street.data("", &query, json!({ "filter": filter })).await;
    data["needs"]["nodes"].as_array().unwrap().clone()
}

const PAGE: &str = "query($filter: NeedFilter, $order: NeedOrder, $first: Int, $after: String, $last: Int, $before: String) {
    needs(filter: $filter, orderBy: $order, first: $first, after: $after, last: $last, before: $before) {
        totalCount nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }";

#[tokio::test]
async fn pages_in_every_order_put_together_are_the_whole_list_sorted() {
    let street = Street::open().await;
    needs(&street).await;
    // Broad enough to run along an index, and narrow enough to be looked through.
    for filter in
        [json!({}), json!({ "status": ["WITHDRAWN"] }), json!({ "category": "SPACE", "text": "甲" })]
    {
        let all = posted(&street, &filter).await;
        assert!(!all.is_empty(), "{filter}");
        for field in FIELDS {
            for direction in ["ASC", "DESC"] {
                let expected = sorted(&all, field, direction);
                let order = json!({ "field": field, "direction": direction });
                for forwards in [true, false] {
                    let (mut found, mut cursor) = (Vec::new(), Value::Null);
                    loop {
                        let variables = if forwards {
                            json!({ "filter": filter, "order": order, "first": 5, "after": cursor })
                        } else {
                            json!({ "filter": filter, "order": order, "last": 5, "before": cursor })
                        };
                        let page = street.data("", PAGE, variables).await["needs"].clone();
                        assert_eq!(page["totalCount"], all.len());
                        let info = &page["pageInfo"];
                        let (beyond, behind, next) = if forwards {
                            found.extend(ids(&page));
                            (&info["hasNextPage"], &info["hasPreviousPage"], &info["endCursor"])
                        } else {
                            found = [ids(&page), found].concat();
                            (&info["hasPreviousPage"], &info["hasNextPage"], &info["startCursor"])
                        };
                        assert_eq!(behind, !cursor.is_null(), "{filter} {order}");
                        if beyond != true {
                            break;
                        }
                        cursor = next.clone();
                    }
                    assert_eq!(found, expected, "{filter} {order} forwards: {forwards}");
                }
            }
        }
    }
}

#[tokio::test]
async fn a_cursor_keeps_its_place_while_others_write() {
    let street = Street::open().await;
    let with_end = async |title: &str, day: &str| {
        let input = json!({ "title": title, "window": { "to": day } });
        street.mutate(&street.officer, "postNeed", "need { id }", input).await["need"]["id"].clone()
    };
    let mut first = Vec::new();
    for (title, day) in [("一", "2027-01-01"), ("二", "2027-02-01"), ("三", "2027-03-01")] {
        first.push(with_end(title, day).await);
    }
    let order = json!({ "field": "DEADLINE" });
    let page = street.data("", PAGE, json!({ "order": order, "first": 2 })).await["needs"].clone();
    assert_eq!(ids(&page), first[..2]);
    let cursor = &page["pageInfo"]["endCursor"];
    // One before the cursor, one behind it, and the need the cursor names moves to the end.
    with_end("零", "2026-12-01").await;
    let between = with_end("二又二分之一", "2027-02-15").await;
    let input = json!({ "need": first[1], "window": { "to": "2027-12-01" } });
    street.mutate(&street.officer, "amendNeed", "need { id }", input).await;
    let rest =
        street.data("", PAGE, json!({ "order": order, "first": 9, "after": cursor })).await["needs"].clone();
    assert_eq!(ids(&rest), [between, first[2].clone(), first[1].clone()]);
    assert_eq!(rest["pageInfo"]["hasPreviousPage"], true);
}

#[tokio::test]
async fn a_cursor_is_good_for_its_own_order() {
    let street = Street::open().await;
    needs(&street).await;
    let order = json!({ "field": "TITLE" });
    let page = street.data("", PAGE, json!({ "order": order, "first": 1 })).await;
    let cursor = &page["needs"]["pageInfo"]["endCursor"];
    for order in [Value::Null, json!({ "field": "DEADLINE" })] {
        let answer = street.ask("", PAGE, json!({ "order": order, "after": cursor })).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{answer}");
    }
}

#[tokio::test]
async fn filters_put_together_let_through_what_each_part_says() {
    let street = Street::open().await;
    needs(&street).await;
    let all = posted(&street, &json!({})).await;
    let is_meal = |need: &Value| need["category"]["code"] == "CARE-MEAL";
    let is_open = |need: &Value| need["status"] == "OPEN";
    let title = |need: &Value, text: &str| need["title"].as_str().unwrap().to_lowercase().contains(text);
    let until = |need: &Value, from: &str, to: &str| {
        need["window"]["to"].as_str().is_some_and(|day| (from..=to).contains(&day))
    };
    type Judge<'a> = Box<dyn Fn(&Value) -> bool + 'a>;
    let cases: Vec<(Value, Judge<'_>)> = vec![
        (
            json!({ "or": [{ "category": "CARE-MEAL" }, { "text": "丙" }] }),
            Box::new(|it| is_meal(it) || title(it, "丙")),
        ),
        (
            json!({ "or": [{ "category": "CARE-MEAL" }, { "category": "CARE", "status": ["OPEN"] }] }),
            Box::new(is_meal),
        ),
        (json!({ "not": { "category": "CARE-MEAL" } }), Box::new(|it| !is_meal(it))),
        (
            json!({ "status": ["OPEN"], "not": { "or": [{ "text": "甲" }, { "text": "ab" }] } }),
            Box::new(|it| is_open(it) && !title(it, "甲") && !title(it, "ab")),
        ),
        (
            json!({ "and": [{ "status": ["OPEN", "OPEN"] }, { "category": "CARE-MEAL" }] }),
            Box::new(|it| is_open(it) && is_meal(it)),
        ),
        (json!({ "or": [] }), Box::new(|_| false)),
        (json!({ "and": [] }), Box::new(|_| true)),
        (
            json!({ "urgency": ["NORMAL"] }),
            Box::new(|it| it["urgency"].is_null() || it["urgency"] == "NORMAL"),
        ),
        (
            json!({ "deadline": { "from": "2027-02-15", "to": "2027-03-31" } }),
            Box::new(|it| until(it, "2027-02-15", "2027-03-31")),
        ),
        (json!({ "text": "AB 0" }), Box::new(|it| title(it, "ab") && title(it, "0"))),
        (json!({ "text": "ab" }), Box::new(|it| title(it, "ab"))),
        (json!({ "text": "　甲　" }), Box::new(|it| title(it, "甲"))),
        (json!({ "posted": { "from": "2000-01-01T00:00:00Z" } }), Box::new(|_| true)),
        (json!({ "posted": { "to": "2000-01-01T00:00:00Z" } }), Box::new(|_| false)),
    ];
    for (filter, lets) in cases {
        let expected: Vec<Value> = all.iter().filter(|it| lets(it)).map(|it| it["id"].clone()).collect();
        let data = street.data("", PAGE, json!({ "filter": filter, "first": 100 })).await;
        assert_eq!(ids(&data["needs"]), expected, "{filter}");
        assert_eq!(data["needs"]["totalCount"], expected.len(), "{filter}");
        let order = json!({ "field": "DEADLINE", "direction": "DESC" });
        let data = street.data("", PAGE, json!({ "filter": filter, "order": order, "first": 100 })).await;
        let kept: Vec<Value> = all.iter().filter(|it| lets(it)).cloned().collect();
        assert_eq!(ids(&data["needs"]), sorted(&kept, "DEADLINE", "DESC"), "{filter}");
    }
}

#[tokio::test]
async fn a_filter_that_is_too_much_is_bad_input() {
    let street = Street::open().await;
    let parts = |count: usize| json!({ "or": vec![json!({ "text": "甲" }); count] });
    for (filter, is_fine) in [
        (parts(49), true),
        (parts(50), false),
        (json!({ "not": parts(49) }), false),
        (json!({ "deadline": { "from": "2027-02-30" } }), false),
        (json!({ "or": [{ "place": "x" }] }), false),
    ] {
        let answer = street.ask("", PAGE, json!({ "filter": filter })).await;
        let code = &answer["errors"][0]["extensions"]["code"];
        assert_eq!(code.is_null(), is_fine, "{filter} {answer}");
        assert!(is_fine || code == "BAD_USER_INPUT", "{answer}");
    }
}

#[tokio::test]
async fn an_entry_without_a_place_goes_with_its_poster() {
    let street = Street::open().await;
    street.need("在社区").await;
    let ids = street
        .data(
            "",
            "{ street { place { id children { nodes { id } } } } organizations { nodes { id name kind } } }",
            json!({}),
        )
        .await;
    let (root, community) =
        (&ids["street"]["place"]["id"], &ids["street"]["place"]["children"]["nodes"][0]["id"]);
    let count = async |place: &Value| {
        let data = street.data("", PAGE, json!({ "filter": { "place": place } })).await;
        data["needs"]["totalCount"].as_i64().unwrap()
    };
    assert_eq!([count(root).await, count(community).await], [1, 1]);
    let it = ids["organizations"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["name"] == "学府路社区")
        .unwrap();
    let input = json!({ "organization": it["id"], "place": root });
    street.mutate(&street.coordinator, "amendOrganization", "organization { id }", input).await;
    assert_eq!([count(root).await, count(community).await], [1, 0]);
}

#[tokio::test]
async fn resources_projects_and_organizations_have_their_orders() {
    let street = Street::open().await;
    for title in ["乙", "甲", "丙"] {
        street.resource(title).await;
    }
    let query = "{ resources(orderBy: { field: TITLE, direction: DESC }) { nodes { title } }
        projects(orderBy: { field: DEADLINE }) { totalCount }
        asc: organizations(orderBy: { field: NAME }) { nodes { name } }
        desc: organizations(orderBy: { field: NAME, direction: DESC }) { nodes { name } } }";
    let data = street.data("", query, json!({})).await;
    let mut titles = vec!["乙", "甲", "丙"];
    titles.sort_unstable_by(|one, other| other.cmp(one));
    let found: Vec<_> =
        data["resources"]["nodes"].as_array().unwrap().iter().map(|it| &it["title"]).collect();
    assert_eq!(found, titles);
    let names = |list: &str| -> Vec<String> {
        data[list]["nodes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it["name"].as_str().unwrap().to_owned())
            .collect()
    };
    let rising = names("asc");
    assert!(rising.len() == 4 && rising.is_sorted());
    assert_eq!(names("desc"), rising.into_iter().rev().collect::<Vec<_>>());
}
