//! What is told of an input is told where it stands: every `field` of a user error is a path of the mutation's input.
//!
//! The inputs are made of the schema: for each mutation one that is right as far as names go, and of that as many as it
//! has parts, each with one part that is wrong in one way.

use crate::street::Street;
use async_graphql::parser::{
    parse_schema,
    types::{BaseType, Type, TypeKind, TypeSystemDefinition},
};
use engine::identity::{
    AgreementId, BidId, ContactId, DeliveryId, MeetingId, MemberId, NeedId, OrganizationId, PairingId,
    PlaceId, ProjectId, ResourceId,
};
use graphql::schema::identity::NodeId;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// What inputs are made of.
enum Kind {
    Object(Vec<(String, Type)>),
    Enum(Vec<String>),
}

struct Schema {
    kinds: BTreeMap<String, Kind>,
    /// Each mutation with the type of its input.
    mutations: Vec<(String, String)>,
}

impl Schema {
    fn read() -> Self {
        let (mut kinds, mut mutations) = (BTreeMap::new(), Vec::new());
        for definition in parse_schema(graphql::schema_sdl()).unwrap().definitions {
            let TypeSystemDefinition::Type(definition) = definition else { continue };
            let name = definition.node.name.node.to_string();
            match definition.node.kind {
                TypeKind::InputObject(object) => {
                    let fields = object.fields.into_iter().map(|it| it.node);
                    let fields = fields.map(|it| (it.name.node.to_string(), it.ty.node)).collect();
                    kinds.insert(name, Kind::Object(fields));
                }
                TypeKind::Enum(it) => {
                    let values = it.values.into_iter().map(|it| it.node.value.node.to_string()).collect();
                    kinds.insert(name, Kind::Enum(values));
                }
                TypeKind::Object(object) if name == "Mutation" => {
                    for field in object.fields.into_iter().map(|it| it.node) {
                        let input = field.arguments.first().map(|it| named(&it.node.ty.node).to_owned());
                        mutations.extend(input.map(|input| (field.name.node.to_string(), input)));
                    }
                }
                _ => {}
            }
        }
        Self { kinds, mutations }
    }

    /// Whether a path leads to a part of an input; lists have no numbers in it.
    fn has(&self, input: &str, path: &str) -> bool {
        let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
        let Some(Kind::Object(fields)) = self.kinds.get(input) else { return false };
        let found = fields.iter().find(|(name, _)| name == first);
        found.is_some_and(|(_, ty)| rest.is_none_or(|rest| self.has(named(ty), rest)))
    }

    /// A value of a type that is right as far as can be said, all its parts said.
    fn right(&self, scene: &Scene, field: &str, ty: &Type) -> Value {
        match &ty.base {
            // An agreement has two parties at least.
            BaseType::List(_) if field == "parties" => json!([organization(2), organization(3)]),
            BaseType::List(inner) => json!([self.right(scene, field, inner)]),
            BaseType::Named(name) => match self.kinds.get(name.as_str()) {
                Some(Kind::Object(fields)) => {
                    let parts = fields.iter().filter(|(name, _)| name != "requestId");
                    Value::Object(
                        parts.map(|(name, ty)| (name.clone(), self.right(scene, name, ty))).collect(),
                    )
                }
                Some(Kind::Enum(values)) => json!(values[0]),
                None => scene.right(field, name.as_str()),
            },
        }
    }

    /// The same values, each with one part that is wrong in one way.
    fn wrong(&self, scene: &Scene, ty: &Type, right: &Value) -> Vec<Value> {
        match (&ty.base, right) {
            (BaseType::List(inner), Value::Array(items)) => {
                let item = &items[0];
                let one_wrong = self.wrong(scene, inner, item).into_iter().map(|it| json!([it]));
                let many = json!(vec![item.clone(); 300]);
                one_wrong.chain([json!([]), json!([item, item]), many]).collect()
            }
            (BaseType::Named(name), right) => match (self.kinds.get(name.as_str()), right) {
                (Some(Kind::Object(fields)), Value::Object(parts)) => {
                    let mut all = Vec::new();
                    for (name, ty) in fields.iter().filter(|(name, _)| name != "requestId") {
                        let with = |value: Option<Value>| {
                            let mut parts: Map<String, Value> = parts.clone();
                            match value {
                                Some(value) => parts.insert(name.clone(), value),
                                None => parts.remove(name),
                            };
                            Value::Object(parts)
                        };
                        all.extend(self.wrong(scene, ty, &parts[name]).into_iter().map(|it| with(Some(it))));
                        if ty.nullable {
                            all.extend([with(None), with(Some(Value::Null))]);
                        }
                    }
                    all
                }
                (Some(Kind::Enum(values)), _) => values.iter().map(|it| json!(it)).collect(),
                _ => scene.wrong(name.as_str()),
            },
            _ => Vec::new(),
        }
    }
}

fn named(ty: &Type) -> &str {
    match &ty.base {
        BaseType::Named(name) => name.as_str(),
        BaseType::List(inner) => named(inner),
    }
}

/// Things to name.
struct Scene {
    ids: BTreeMap<&'static str, String>,
    place: String,
}

impl Scene {
    fn right(&self, field: &str, scalar: &str) -> Value {
        match scalar {
            "ID" if field == "category" => json!("CARE-MEAL"),
            "ID" => json!(self.ids.get(field).unwrap_or(&self.place)),
            "Int" => json!(match field {
                "year" => 2027,
                _ => 1,
            }),
            "Boolean" => json!(false),
            "Date" => json!("2026-06-30"),
            "DateTime" => json!("2026-06-30T10:00:00Z"),
            "LocalTime" => json!("09:00"),
            // What is taken in under a reference once is not taken in again.
            "String" if field == "reference" => Value::Null,
            "String" => json!(match field {
                "unit" => "个",
                _ => "一",
            }),
            other => panic!("{field}: {other}"),
        }
    }

    fn wrong(&self, scalar: &str) -> Vec<Value> {
        match scalar {
            "ID" => {
                let mut all = vec![json!("x"), json!(self.place)];
                all.extend(self.ids.values().map(|it| json!(it)));
                all.extend(gone());
                all
            }
            "Int" => [-1, 0, 5, 1_000, 2_000_000_000].map(|it| json!(it)).to_vec(),
            "Date" => ["2026-02-30", "2001-01-01", "2099-01-01"].map(|it| json!(it)).to_vec(),
            "DateTime" => ["2001-01-01T00:00:00Z", "2099-01-01T00:00:00Z"].map(|it| json!(it)).to_vec(),
            "LocalTime" => ["25:00", "24:00", "00:00"].map(|it| json!(it)).to_vec(),
            "String" => vec![json!(""), json!("长".repeat(5_000)), json!("没有")],
            _ => Vec::new(),
        }
    }
}

fn organization(number: u64) -> String {
    NodeId::Organization(OrganizationId::new(number)).id().to_string()
}

/// Ids of things that were never there.
fn gone() -> Vec<Value> {
    let number = 4_000;
    let ids = [
        NodeId::Need(NeedId::new(number)),
        NodeId::Resource(ResourceId::new(number)),
        NodeId::Project(ProjectId::new(number)),
        NodeId::Organization(OrganizationId::new(number)),
        NodeId::Place(PlaceId::new(number)),
        NodeId::Pairing(PairingId::new(number)),
        NodeId::Agreement(AgreementId::new(number)),
        NodeId::Delivery(DeliveryId::new(number)),
        NodeId::Meeting(MeetingId::new(number)),
        NodeId::Bid(BidId::new(number)),
        NodeId::Contact(ContactId::new(number)),
        NodeId::Member(MemberId::new(number)),
    ];
    ids.iter().map(|id| json!(id.id().to_string())).collect()
}

/// Some of what is said decides what else is looked at: the same with other values there.
fn also(field: &str, right: &Value) -> Vec<Value> {
    let with = |pointer: &str, value: Value| {
        let mut it = right.clone();
        *it.pointer_mut(pointer).unwrap() = value;
        it
    };
    let mut all = vec![right.clone()];
    match field {
        "postNeed" => all.push(with("/quantity/measure", Value::Null)),
        "rejectNeed" => {
            for (ground, other) in [("DUPLICATE_OF", "party"), ("OTHERS_DUTY", "duplicateOf")] {
                let mut it = with("/ground", json!(ground));
                it[other] = Value::Null;
                all.push(it);
            }
        }
        _ => {}
    }
    all
}

async fn scene(street: &Street) -> Scene {
    let id = |payload: Value, what: &str| {
        payload[what]["id"].as_str().unwrap_or_else(|| panic!("{payload}")).to_owned()
    };
    let who = &street.coordinator;
    let (need, other) = (street.need("义诊").await, street.need("量血压").await);
    let resource = street.resource("社区义诊").await;
    let post = json!({ "title": "健康月", "organization": organization(2), "slots": [{ "title": "讲座" }] });
    let project = id(street.mutate(&street.officer, "postProject", "project { id }", post).await, "project");
    let request = json!({ "target": need, "supplier": resource });
    let pairing =
        id(street.mutate(&street.officer, "requestPairing", "pairing { id }", request).await, "pairing");
    let claimed = street
        .mutate(&street.liaison, "claimPairing", "pairing { status }", json!({ "pairing": pairing }))
        .await;
    assert_eq!(claimed["pairing"]["status"], "AGREED", "{claimed}");
    let terms = json!({ "title": "共建", "parties": [organization(2), organization(3)] });
    let draft = json!({ "subject": pairing, "terms": terms });
    let agreement = id(street.mutate(who, "draftAgreement", "agreement { id }", draft).await, "agreement");
    let until = json!("2026-06-30T10:00:00Z");
    street.mutate(who, "openCall", "call { until }", json!({ "target": other, "until": until })).await;
    let ids = BTreeMap::from([
        ("need", other.clone()),
        ("duplicateOf", need.clone()),
        ("into", need.clone()),
        ("needs", need.clone()),
        ("target", other),
        ("agenda", project.clone()),
        ("item", project.clone()),
        ("resource", resource.clone()),
        ("supplier", resource),
        ("project", project),
        ("subject", pairing.clone()),
        ("pairing", pairing),
        ("agreement", agreement),
        ("of", need),
        ("organization", organization(2)),
        ("by", organization(2)),
        ("party", organization(3)),
        ("parties", organization(2)),
        ("participants", organization(2)),
        ("unit", organization(3)),
        ("member", NodeId::Member(MemberId::new(4)).id().to_string()),
        ("place", NodeId::Place(PlaceId::new(2)).id().to_string()),
    ]);
    Scene { ids, place: NodeId::Place(PlaceId::new(1)).id().to_string() }
}

#[tokio::test]
async fn what_is_told_of_an_input_is_told_where_it_stands() {
    let street = Street::open().await;
    let (schema, scene) = (Schema::read(), scene(&street).await);
    // What ends things comes last, so that there is something to be wrong about until then.
    let ending =
        ["withdraw", "revoke", "erase", "close", "cancel", "fail", "merge", "strike", "retire", "import"];
    let (mut mutations, mut last): (Vec<_>, Vec<_>) =
        schema.mutations.iter().partition(|(field, _)| !ending.iter().any(|it| field.starts_with(it)));
    mutations.append(&mut last);
    let (mut told, mut asked) = (BTreeSet::new(), 0);
    for (field, input) in mutations {
        // It tells of rows, and takes no other input than files.
        if field == "importLists" {
            continue;
        }
        let ty = Type::new(input).unwrap();
        let right = schema.right(&scene, field, &ty);
        let rights = also(field, &right);
        let wrong: Vec<Value> = rights.iter().flat_map(|right| schema.wrong(&scene, &ty, right)).collect();
        let query = format!(
            "mutation($input: {input}!) {{ {field}(input: $input) {{ userErrors {{ code field message }} }} }}"
        );
        for mut input_value in wrong {
            // One that is rejected is looked at no further.
            if field == "rejectNeed" && input_value["need"] == scene.ids["need"] {
                input_value["need"] = json!(street.need("再来一件").await);
            }
            // What is amended goes on from its newest version.
            if field == "amendAgreement" && input_value["version"] == 1 {
                let state = street.ledger.state();
                input_value["version"] = json!(state.agreement(AgreementId::new(1)).unwrap().versions.len());
            }
            let answer = street.ask(&street.coordinator, &query, json!({ "input": input_value })).await;
            asked += 1;
            for error in answer["data"][field]["userErrors"].as_array().into_iter().flatten() {
                let Some(path) = error["field"].as_str() else { continue };
                assert!(
                    schema.has(input, path),
                    "{field}: {path} is no path of {input}: {error}\n{input_value}"
                );
                let message = error["message"].as_str().unwrap();
                let named = message.split_once(": ").map(|(named, _)| named).filter(|it| !it.contains(' '));
                assert!(named.is_none_or(|named| named == path), "{field}: {error}");
                told.insert(format!("{field} {path}"));
            }
        }
    }
    println!(
        "{asked} inputs, {} paths told:\n{}",
        told.len(),
        told.iter().cloned().collect::<Vec<_>>().join("\n")
    );
    for known in [
        "addMember expiresAt",
        "issueToken expiresAt",
        "redeemContribution points",
        "rejectNeed duplicateOf",
        "rejectNeed party",
        "amendAgreement terms.title",
        "draftAgreement terms.parties",
        "amendAgreement terms.budget.source",
        "amendAgreement terms.milestones.title",
        "postNeed quantity.unit",
        "postNeed window.from",
        "postProject slots.quantity.amount",
        "postProject slots.category",
        "claimJointly shares.quantity",
        "setRules limits.replyDays",
    ] {
        assert!(told.contains(known), "{known} was never told");
    }
    assert!(told.len() > 150, "only {}", told.len());
}
