//! What lists cost, measured on the schema as it is: the rule of [`super::connection`], held for every list there is.
//!
//! How often a field counts is told by what one more field costs below it, against one more beside it.

use super::unlimited;
use async_graphql::extensions::Analyzer;
use serde_json::Value;
use std::collections::{BTreeMap, VecDeque};

/// The lists that are no connections, with how many entries each can have: by a limit of the engine, or because there are no
/// more kinds of what it lists.
const BOUNDED: [(&str, u64); 40] = [
    ("AggregateRow.quantities", 3),
    ("AggregateRow.stages", 7),
    ("AggregateRow.statuses", 5),
    ("Agreement.nextActions", 20),
    ("Bid.nextActions", 20),
    ("Contribution.minutesByClass", 4),
    ("Delivery.efforts", 20),
    ("Delivery.nextActions", 20),
    ("Fit.factors", 8),
    ("Funnel.steps", 1),
    ("IdleExplained.causes", 20),
    ("IdleExplained.lost", 10),
    // Its remedies are few, and each takes as long as a plan: 200 of them.
    ("IdleExplained.remedies", 1),
    ("JointProject.ring", 4),
    ("JointProject.undertakings", 8),
    ("MatchedLists.problems", 100),
    ("MatchedLists.rows", 8),
    ("Meeting.nextActions", 20),
    ("Need.likelyDuplicates", 10),
    ("Need.nextActions", 20),
    ("Pairing.jointWith", 20),
    ("Pairing.nextActions", 20),
    ("Project.nextActions", 20),
    // Tiles come whole: their groups are what the screen shows.
    ("Query.aggregates", 1),
    ("Query.coverage", 1),
    ("Query.suggestions", 20),
    ("Query.supplyDemandGap", 1),
    ("Query.timeSeries", 1),
    ("Remedy.changes", 1),
    ("Resource.nextActions", 20),
    ("Rules.credits", 100),
    ("Rules.weights", 8),
    ("TimeSeriesStep.quantities", 1),
    ("Unmet.reasons", 20),
    ("UnmetExplained.causes", 20),
    ("UnmetExplained.lacking", 50),
    ("UnmetExplained.remedies", 1),
    ("UnmetExplained.winners", 10),
    ("VerificationReport.snapshots", 10),
    // A what-if ends at the first change that is impossible.
    ("WhatIf.userErrors", 1),
];

/// A field that shows other things.
struct Field {
    name: String,
    arguments: String,
    of: String,
    is_list: bool,
}

/// The types of the schema that have fields, each with those that show other things.
struct Types {
    fields: BTreeMap<String, Vec<Field>>,
    kinds: BTreeMap<String, Value>,
}

impl Types {
    async fn read() -> Self {
        let reference = "kind name ofType { kind name ofType { kind name ofType { kind name } } }";
        let query = format!(
            "{{ __schema {{ types {{ kind name possibleTypes {{ name }} enumValues {{ name }}
                fields {{ name type {{ {reference} }} args {{ name defaultValue type {{ {reference} }} }} }} }} }} }}"
        );
        let schema = super::build().execute(query).await.data.into_json().unwrap();
        let kinds: BTreeMap<String, Value> = schema["__schema"]["types"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| (it["name"].as_str().unwrap().to_owned(), it.clone()))
            .collect();
        let mut fields = BTreeMap::new();
        for (name, kind) in
            kinds.iter().filter(|(name, it)| it["kind"] == "OBJECT" && !name.starts_with("__"))
        {
            let shown = kind["fields"].as_array().unwrap().iter().filter_map(|it| {
                let (of, is_list) = unwrapped(&it["type"]);
                let shows = ["OBJECT", "UNION", "INTERFACE"].contains(&kinds[of]["kind"].as_str().unwrap());
                let field = it["name"].as_str().unwrap().to_owned();
                let arguments = arguments(&kinds, it["args"].as_array().unwrap());
                shows.then(|| Field { name: field, arguments, of: of.to_owned(), is_list })
            });
            fields.insert(name.clone(), shown.collect());
        }
        Self { fields, kinds }
    }

    /// How each type is reached from the root: what stands before its fields, and how many braces are open then.
    fn paths(&self) -> BTreeMap<&str, (String, usize)> {
        let mut paths = BTreeMap::from([("Query", ("{ ".to_owned(), 1))]);
        let mut waiting = VecDeque::from(["Query"]);
        while let Some(name) = waiting.pop_front() {
            let (before, open) = paths[name].clone();
            for field in &self.fields[name] {
                let step = format!("{before}{}{} {{ ", field.name, field.arguments);
                let kind = &self.kinds[&field.of];
                let mut reached = |to: &str, path: String, open: usize| {
                    let Some((to, _)) = self.fields.get_key_value(to) else { return };
                    if !paths.contains_key(&**to) {
                        paths.insert(to, (path, open));
                        waiting.push_back(to);
                    }
                };
                match kind["possibleTypes"].as_array() {
                    Some(them) => them.iter().for_each(|it| {
                        let to = it["name"].as_str().unwrap();
                        reached(to, format!("{step}... on {to} {{ "), open + 2);
                    }),
                    None => reached(&field.of, step, open + 1),
                }
            }
        }
        paths
    }
}

/// What a type is made of, and whether there are several.
fn unwrapped(kind: &Value) -> (&str, bool) {
    match kind["kind"].as_str() {
        Some("LIST") => (unwrapped(&kind["ofType"]).0, true),
        Some("NON_NULL") => unwrapped(&kind["ofType"]),
        _ => (kind["name"].as_str().unwrap(), false),
    }
}

/// Something for each argument that has to be given.
fn arguments(kinds: &BTreeMap<String, Value>, them: &[Value]) -> String {
    let needed = them.iter().filter(|it| it["type"]["kind"] == "NON_NULL" && it["defaultValue"].is_null());
    let given: Vec<String> = needed
        .map(|it| {
            let (of, is_list) = unwrapped(&it["type"]);
            let value = match kinds[of]["enumValues"][0]["name"].as_str() {
                _ if is_list => "[]",
                Some(value) => value,
                None => "\"2026-01-01\"",
            };
            format!("{}: {value}", it["name"].as_str().unwrap())
        })
        .collect();
    if given.is_empty() { String::new() } else { format!("({})", given.join(", ")) }
}

#[tokio::test]
async fn a_list_is_a_connection_or_costs_as_many_as_it_can_have() {
    let types = Types::read().await;
    let schema = unlimited().extension(Analyzer).finish();
    let cost = async |document: String| -> u64 {
        let answer = schema.execute(document.as_str()).await;
        match answer.extensions.get("analyzer").cloned().map(|it| it.into_json().unwrap()) {
            Some(told) => told["complexity"].as_u64().unwrap(),
            None => panic!("{document}: {:?}", answer.errors),
        }
    };
    let (mut wrong, mut pages, mut lists) = (Vec::new(), 0, Vec::new());
    for (name, (before, open)) in types.paths() {
        if name.ends_with("Connection") || name.ends_with("Edge") {
            continue;
        }
        for field in &types.fields[name] {
            let path = format!("{name}.{}", field.name);
            let (is_page, close) = (field.of.ends_with("Connection"), " }".repeat(open));
            let (within, without) = if is_page { ("{ nodes { ", " } }") } else { ("{ ", " }") };
            let expected = match BOUNDED.iter().find(|(it, _)| *it == path) {
                _ if is_page => 20,
                Some((_, most)) if field.is_list => *most,
                _ if field.is_list && path != "Query.nodes" => {
                    wrong.push(format!("{path} is a list, and neither a connection nor known to be bounded"));
                    continue;
                }
                _ => continue,
            };
            let shown = format!("{before}{}{} {within}__typename", field.name, field.arguments);
            let alone = cost(format!("{shown}{without}{close}")).await;
            let below = cost(format!("{shown} more: __typename{without}{close}")).await - alone;
            let beside = cost(format!("{shown}{without} more: __typename{close}")).await - alone;
            if below < expected * beside {
                wrong.push(format!("{path} costs {below}/{beside} of its entries, may have {expected}"));
            }
            if is_page {
                pages += 1;
            } else {
                lists.push(path);
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    lists.sort_unstable();
    assert_eq!(lists, BOUNDED.map(|(path, _)| path), "the lists there are");
    assert!(pages > 60, "{pages}");
}
