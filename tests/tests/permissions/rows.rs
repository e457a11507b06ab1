//! Which rows who sees, as a table: every kind of row, every viewer, every path that leads to one.
//!
//! The viewers: the liaison of the unit it is about and that of another unit, the officer of the community it is about and
//! that of another one, a coordinator of that community's place, a coordinator of the street, an observer, the public. In a
//! column `y` means that the path shows the row, `o` that it is as if it were not there, `.` that the path is refused with
//! `NOT_ALLOWED`.

use crate::{
    scene::Scene,
    viewers::{Viewers, waiting},
};
use serde_json::{Value, json};

/// A kind of row: how one is made, and what each path shows of it.
struct Row {
    kind: &'static str,
    /// `node`, then the list of its register.
    node: &'static str,
    list: (&'static str, &'static str),
    /// A field of another thing that names it; `$…` is what [`Made`] has beside it.
    nested: (&'static str, &'static str),
    /// The feed and the history.
    told: &'static str,
}

/// What is published is everybody's; of the feed and histories the public has nothing.
const OPEN: &str = "yyyyyyyy";
const TOLD: &str = "yyyyyyy.";
/// What one unit and one community have with each other.
const PARTIES: &str = "yoyoyyy.";

const ROWS: [Row; 15] = [
    Row {
        kind: "a need that is published",
        node: OPEN,
        list: ("needs", OPEN),
        nested: (
            "node(id: \"$community\") { ... on Organization { needs(last: 100) { nodes { id } } } }",
            OPEN,
        ),
        told: TOLD,
    },
    Row {
        kind: "a need that waits for its review",
        node: "yoyoyyyo",
        list: ("needs", "yoyoyyyo"),
        nested: (
            "node(id: \"$unit\") { ... on Organization { needs(last: 100) { nodes { id } } } }",
            "yoyoyyyo",
        ),
        told: PARTIES,
    },
    Row {
        kind: "a need that was not taken on",
        node: "yoyoyyyo",
        list: ("needs", "yoyoyyyo"),
        nested: (
            "node(id: \"$unit\") { ... on Organization { needs(last: 100) { nodes { id } } } }",
            "yoyoyyyo",
        ),
        told: PARTIES,
    },
    Row {
        kind: "a need that was taken back before its review",
        node: "yoyoyyyo",
        list: ("needs", "yoyoyyyo"),
        nested: (
            "node(id: \"$unit\") { ... on Organization { needs(last: 100) { nodes { id } } } }",
            "yoyoyyyo",
        ),
        told: PARTIES,
    },
    Row {
        kind: "a need that was taken back after it",
        node: OPEN,
        list: ("needs", OPEN),
        nested: ("node(id: \"$unit\") { ... on Organization { needs(last: 100) { nodes { id } } } }", OPEN),
        told: TOLD,
    },
    Row {
        kind: "a resource",
        node: OPEN,
        list: ("resources", OPEN),
        nested: (
            "node(id: \"$unit\") { ... on Organization { resources(last: 100) { nodes { id } } } }",
            OPEN,
        ),
        told: TOLD,
    },
    Row {
        kind: "a project",
        node: OPEN,
        list: ("projects", OPEN),
        nested: (
            "node(id: \"$community\") { ... on Organization { projects(last: 100) { nodes { id } } } }",
            OPEN,
        ),
        told: TOLD,
    },
    Row {
        kind: "a pairing",
        node: PARTIES,
        list: ("pairings", PARTIES),
        nested: ("node(id: \"$need\") { ... on Need { pairings { nodes { id } } } }", PARTIES),
        told: PARTIES,
    },
    Row {
        kind: "a bid",
        node: PARTIES,
        list: ("bids", PARTIES),
        nested: ("node(id: \"$need\") { ... on Need { bids { nodes { id } } } }", PARTIES),
        told: PARTIES,
    },
    Row {
        kind: "an agreement",
        node: PARTIES,
        list: ("agreements", PARTIES),
        nested: ("node(id: \"$pairing\") { ... on Pairing { agreement { id } } }", PARTIES),
        told: PARTIES,
    },
    Row {
        kind: "a delivery",
        node: PARTIES,
        list: ("deliveries", PARTIES),
        nested: (
            "node(id: \"$need\") { ... on Need { pairings { nodes { deliveries { nodes { id } } } } } }",
            PARTIES,
        ),
        told: PARTIES,
    },
    Row {
        kind: "a delivery for a slot",
        node: PARTIES,
        list: ("deliveries", PARTIES),
        nested: ("node(id: \"$project\") { ... on Project { deliveries { nodes { id } } } }", PARTIES),
        told: PARTIES,
    },
    Row {
        kind: "a meeting",
        node: TOLD,
        list: ("meetings", TOLD),
        nested: ("node(id: \"$project\") { ... on Project { meetings { nodes { id } } } }", TOLD),
        told: TOLD,
    },
    Row {
        kind: "a plan",
        node: TOLD,
        list: ("plans", TOLD),
        nested: ("latestPlan { id }", TOLD),
        told: TOLD,
    },
    Row {
        kind: "a login",
        node: ".....y..",
        list: ("members", ".....y.."),
        nested: ("me { member { id } }", "oooooooo"),
        // That something was done with a login is told to nobody else; its history is refused as the login is.
        told: ".....y..",
    },
];

/// More fields of other things that name a row of a kind: the other ends of what it says.
const INVERSES: [(&str, &str, &str); 18] = [
    (
        "a need that waits for its review",
        "node(id: \"$home\") { ... on Place { needs(last: 100) { nodes { id } } } }",
        "yoyoyyyo",
    ),
    (
        "a need that was not taken on",
        "node(id: \"$home\") { ... on Place { needs(last: 100) { nodes { id } } } }",
        "yoyoyyyo",
    ),
    ("a pairing", "node(id: \"$home\") { ... on Place { pairings(last: 100) { nodes { id } } } }", PARTIES),
    (
        "a pairing",
        "events(last: 100, filter: { types: [PAIRING_REQUESTED] }) { nodes { concerns { pairing { id } } } }",
        PARTIES,
    ),
    (
        "a pairing",
        "node(id: \"$category\") { ... on Category { pairings(last: 100) { nodes { id } } } }",
        PARTIES,
    ),
    ("a bid", "node(id: \"$resource\") { ... on Resource { bids { nodes { id } } } }", PARTIES),
    ("a delivery for a slot", "node(id: \"$slot\") { ... on Slot { deliveries { nodes { id } } } }", PARTIES),
    (
        "a delivery for a slot",
        "node(id: \"$resource\") { ... on Resource { deliveries { nodes { id } } } }",
        PARTIES,
    ),
    (
        "a delivery for a slot",
        "node(id: \"$project\") { ... on Project { pairings { nodes { deliveries { nodes { id } } } } } }",
        PARTIES,
    ),
    ("a bid", "node(id: \"$unit\") { ... on Organization { bids(last: 100) { nodes { id } } } }", PARTIES),
    (
        "an agreement",
        "node(id: \"$unit\") { ... on Organization { agreements(last: 100) { nodes { id } } } }",
        PARTIES,
    ),
    ("an agreement", "node(id: \"$need\") { ... on Need { agreements { nodes { id } } } }", PARTIES),
    (
        "a delivery",
        "node(id: \"$unit\") { ... on Organization { deliveries(last: 100) { nodes { id } } } }",
        PARTIES,
    ),
    ("a delivery", "node(id: \"$need\") { ... on Need { deliveries { nodes { id } } } }", PARTIES),
    (
        "a meeting",
        "node(id: \"$community\") { ... on Organization { meetings(last: 100) { nodes { id } } } }",
        TOLD,
    ),
    (
        "a meeting",
        "events(last: 100, filter: { types: [MEETING_CALLED] }) { nodes { concerns { meeting { id } } } }",
        TOLD,
    ),
    (
        "a login",
        "node(id: \"$unit\") { ... on Organization { members(last: 100) { nodes { id } } } }",
        ".....y..",
    ),
    (
        "a login",
        "events(last: 100, filter: { types: [MEMBER_ADDED] }) { nodes { concerns { member { id } } } }",
        "oooooyo.",
    ),
];

/// A row that was made, and what is around it.
struct Made {
    id: String,
    around: Vec<(&'static str, String)>,
}

/// How a path shows a row.
fn shown(answer: &Value, is_there: impl Fn(&Value) -> bool) -> char {
    let codes: Vec<&str> = answer["errors"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|it| it["extensions"]["code"].as_str())
        .collect();
    match codes.first() {
        None if is_there(&answer["data"]) => 'y',
        None => 'o',
        Some(&"NOT_ALLOWED") if !is_there(&answer["data"]) => '.',
        Some(_) => '?',
    }
}

/// A delivery of a resource for the one slot of a project.
async fn for_a_slot(scene: &mut Scene) -> Made {
    let resource = scene.make("$resource").await;
    let street = &scene.coordinator;
    let input =
        json!({ "title": "义诊进社区", "organization": scene.community, "slots": [{ "title": "医生" }] });
    let posted = street.done("postProject", "project { id slots { nodes { id } } }", input).await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let (project, slot) = (&posted["project"]["id"], &posted["project"]["slots"]["nodes"][0]["id"]);
    let input = json!({ "target": slot, "supplier": resource, "by": scene.community });
    let asked = street.done("requestPairing", "pairing { id }", input).await;
    let pairing = &asked["pairing"]["id"];
    street.done("claimPairing", "pairing { id }", json!({ "pairing": pairing, "side": "GIVING" })).await;
    let terms = json!({ "title": "义诊协议", "parties": [scene.community, scene.unit()] });
    let drafted = json!({ "subject": project, "terms": terms });
    let drafted = street.done("draftAgreement", "agreement { id }", drafted).await;
    for party in [&*scene.community, scene.unit()] {
        let input = json!({ "agreement": drafted["agreement"]["id"], "version": 1, "party": party });
        street.done("signAgreement", "agreement { id }", input).await;
    }
    street.done("startProject", "project { id }", json!({ "project": project })).await;
    let input = json!({ "pairing": pairing, "quantity": 1, "on": "2026-01-05" });
    let recorded = street.done("recordDelivery", "delivery { id }", input).await;
    let around = vec![("$project", text(project)), ("$slot", text(slot)), ("$resource", resource)];
    Made { id: text(&recorded["delivery"]["id"]), around }
}

async fn made(scene: &mut Scene, viewers: &Viewers, kind: &str) -> Made {
    let alone = |id| Made { id, around: Vec::new() };
    match kind {
        "a need that is published" => alone(scene.make("$need").await),
        "a need that waits for its review" => alone(waiting(scene, viewers).await),
        "a need that was not taken on" => {
            let id = waiting(scene, viewers).await;
            let input = json!({ "need": id, "ground": "NOT_FEASIBLE" });
            scene.coordinator.done("rejectNeed", "need { status }", input).await;
            alone(id)
        }
        "a need that was taken back before its review" => {
            let id = waiting(scene, viewers).await;
            viewers
                .liaison()
                .done("withdrawNeed", "need { status }", json!({ "need": id, "reason": "已解决" }))
                .await;
            alone(id)
        }
        "a need that was taken back after it" => {
            let id = waiting(scene, viewers).await;
            scene.coordinator.done("verifyNeed", "need { status }", json!({ "need": id })).await;
            viewers
                .liaison()
                .done("withdrawNeed", "need { status }", json!({ "need": id, "reason": "已解决" }))
                .await;
            alone(id)
        }
        "a resource" => alone(scene.make("$resource").await),
        "a project" => alone(scene.make("$project").await),
        "a meeting" => {
            let id = scene.make("$meeting").await;
            let query = format!(
                "{{ node(id: \"{id}\") {{ ... on Meeting {{ agenda {{ nodes {{ subject {{ ... on Project {{ id }} }} }} }} }} }} }}"
            );
            let data = scene.coordinator.data(&query, json!({})).await;
            let project = data["node"]["agenda"]["nodes"][0]["subject"]["id"].as_str().unwrap().to_owned();
            Made { id, around: vec![("$project", project)] }
        }
        "a plan" => alone(scene.make("$plan").await),
        "a delivery for a slot" => for_a_slot(scene).await,
        "a login" => alone(scene.make("$member").await),
        "a pairing" | "a bid" | "an agreement" | "a delivery" => {
            let (placeholder, path) = match kind {
                "a pairing" => ("$pairing", "... on Pairing { need { id category { id } } }"),
                "a bid" => (
                    "$bid",
                    "... on Bid { target { ... on Need { id } } supplier { ... on Resource { id } } }",
                ),
                "an agreement" => {
                    ("$agreement", "... on Agreement { subject { ... on Pairing { id need { id } } } }")
                }
                _ => ("$delivery", "... on Delivery { pairing { need { id } } }"),
            };
            let id = scene.make(placeholder).await;
            let data =
                scene.coordinator.data(&format!("{{ node(id: \"{id}\") {{ {path} }} }}"), json!({})).await;
            let node = &data["node"];
            let need = [&node["need"], &node["target"], &node["subject"]["need"], &node["pairing"]["need"]];
            let need = need.into_iter().find_map(|it| it["id"].as_str()).unwrap().to_owned();
            let pairing = node["subject"]["id"].as_str().unwrap_or_default().to_owned();
            let beside = |value: &Value| value["id"].as_str().unwrap_or_default().to_owned();
            let (category, resource) = (beside(&node["need"]["category"]), beside(&node["supplier"]));
            let around =
                [("$need", need), ("$pairing", pairing), ("$category", category), ("$resource", resource)];
            Made { id, around: around.into() }
        }
        other => panic!("{other}"),
    }
}

/// A path that leads to a row: what it is called, what is asked, what the table says, and when an answer shows the row.
type Path<'a> = (&'a str, String, &'static str, &'a dyn Fn(&Value) -> bool);

/// Nodes that belong to another thing and stand in no register: whose it is, where that names it, and who reads it.
const BELONGING: [(&str, &str, &str, &str, &str); 3] = [
    ("the call on a need", "$called", "... on Need { call { id } }", "/node/call/id", OPEN),
    (
        "a standing relation",
        "$linkedUnit",
        "... on Organization { roster { nodes { id } } }",
        "/node/roster/nodes/0/id",
        OPEN,
    ),
    (
        "a token",
        "$member",
        "... on Member { tokens { nodes { id } } }",
        "/node/tokens/nodes/0/id",
        ".....y..",
    ),
];

/// Each of them by its id.
async fn belonging(scene: &mut Scene, viewers: &Viewers) -> Vec<(String, &'static str, Vec<(char, Value)>)> {
    let mut cells = Vec::new();
    for (what, owner, selection, place, expected) in BELONGING {
        let owner = scene.make(owner).await;
        let query = format!("{{ node(id: \"{owner}\") {{ {selection} }} }}");
        let data = scene.coordinator.data(&query, json!({})).await;
        let id = data.pointer(place).and_then(Value::as_str).unwrap_or_else(|| panic!("{data}")).to_owned();
        let says = |data: &Value| data.to_string().contains(&id);
        for (path, query) in [
            ("node", format!("{{ node(id: \"{id}\") {{ id }} }}")),
            ("nodes", format!("{{ nodes(ids: [\"{id}\"]) {{ id }} }}")),
        ] {
            let answers = viewers.asked(&query).await;
            let found = answers.into_iter().map(|answer| (shown(&answer, says), answer));
            cells.push((format!("{what} by its {path}"), expected, found.collect()));
        }
    }
    cells
}

/// Each path of each row: what it is called, what the table says, and what each viewer was shown.
pub async fn cells(scene: &mut Scene, viewers: &Viewers) -> Vec<(String, &'static str, Vec<(char, Value)>)> {
    let mut cells = belonging(scene, viewers).await;
    for row in &ROWS {
        let Made { id, around } = made(scene, viewers, row.kind).await;
        let (list, listed) = row.list;
        let (nested, named) = row.nested;
        let filled = |path: &str| {
            let known = [("$community", &*scene.community), ("$unit", scene.unit()), ("$home", &*scene.home)];
            let around = around.iter().map(|(placeholder, is)| (*placeholder, is.as_str()));
            let fill = |path: String, (placeholder, is): (&str, &str)| path.replace(placeholder, is);
            format!("{{ {} }}", known.into_iter().chain(around).fold(path.to_owned(), fill))
        };
        let nested = filled(nested);
        let says = |data: &Value| data.to_string().contains(&id);
        let any = |data: &Value| data["events"]["nodes"].as_array().is_some_and(|it| !it.is_empty());
        let has_moved = |data: &Value| data["history"]["totalCount"].as_u64() > Some(0);
        let newest = format!("{{ {list}(last: 100) {{ nodes {{ id }} }} }}");
        let counted = format!("{{ {list}(last: 100) {{ totalCount nodes {{ id }} }} }}");
        let mut paths: Vec<Path<'_>> = vec![
            ("node", format!("{{ node(id: \"{id}\") {{ id }} }}"), row.node, &says),
            ("nodes", format!("{{ nodes(ids: [\"{id}\"]) {{ id }} }}"), row.node, &says),
            ("list", newest, listed, &says),
            ("field of another", nested, named, &says),
            (
                "events",
                format!("{{ events(last: 100, filter: {{ entities: [\"{id}\"] }}) {{ nodes {{ type }} }} }}"),
                if row.kind == "a login" { "oooooyo." } else { row.told },
                &any,
            ),
            (
                "history",
                format!("{{ history(id: \"{id}\", last: 100) {{ totalCount }} }}"),
                row.told,
                &has_moved,
            ),
        ];
        for (kind, path, expected) in INVERSES {
            if kind == row.kind {
                paths.push((path, filled(path), expected, &says));
            }
        }
        for (path, query, expected, is_there) in paths {
            let answers = viewers.asked(&query).await;
            let found = answers.into_iter().map(|answer| (shown(&answer, is_there), answer));
            cells.push((format!("{} by its {path}", row.kind), expected, found.collect()));
        }
        // A list of a hundred or fewer counts what it shows.
        for answer in viewers.asked(&counted).await {
            let page = &answer["data"][list];
            if let Some(nodes) = page["nodes"].as_array().filter(|nodes| nodes.len() < 100) {
                assert_eq!(page["totalCount"], nodes.len(), "{list} {answer}");
            }
        }
    }
    cells
}
