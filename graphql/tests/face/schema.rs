//! The schema as a document: committed, sorted, and nothing in it without a word of explanation.

use serde_json::{Value, json};
use std::{env, fs, path::Path};

#[test]
fn the_committed_schema_is_the_one_that_is_served() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema.graphql");
    let served = graphql::schema_sdl();
    if env::var_os("GONGJIAN_BLESS").is_some() {
        fs::write(&path, &served).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == served,
        "graphql/schema.graphql differs from the schema that is served; when that is meant, refresh it:\n\
         GONGJIAN_BLESS=1 cargo test -p graphql the_committed_schema"
    );
}

/// All that the schema says of itself.
async fn types() -> Vec<Value> {
    let query = "{ __schema { types { kind name description
        fields(includeDeprecated: true) { name description isDeprecated deprecationReason
            args(includeDeprecated: true) { name description isDeprecated deprecationReason } }
        inputFields(includeDeprecated: true) { name description isDeprecated deprecationReason }
        enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason } } } }";
    let answer = graphql::schema::build().execute(query).await;
    assert!(answer.errors.is_empty(), "{:?}", answer.errors);
    let answer = answer.data.into_json().unwrap();
    answer["__schema"]["types"].as_array().unwrap().clone()
}

/// What is wrong with how something is deprecated: `paths` are all members there are.
fn flaw(member: &Value, paths: &[String]) -> Option<&'static str> {
    if member["isDeprecated"] != true {
        return None;
    }
    let reason = member["deprecationReason"].as_str().unwrap_or_default();
    if let Some(why) = reason.strip_prefix("No successor: ") {
        return why.trim().is_empty().then_some("does not say why it has no successor");
    }
    let named: Vec<&str> = reason.split('`').skip(1).step_by(2).collect();
    if named.is_empty() {
        return Some("names no successor");
    }
    let is_there = |name: &&str| paths.iter().any(|path| path == name);
    (!named.iter().all(is_there)).then_some("names a successor that is not there")
}

/// The members of all types, as `Type.member` and `Type.member(argument)`.
fn members(types: &[Value]) -> Vec<(String, &Value)> {
    let mut members = Vec::new();
    for kind in types {
        let name = kind["name"].as_str().unwrap();
        for list in ["fields", "inputFields", "enumValues"] {
            for member in kind[list].as_array().into_iter().flatten() {
                let path = format!("{name}.{}", member["name"].as_str().unwrap());
                for argument in member["args"].as_array().into_iter().flatten() {
                    members.push((format!("{path}({})", argument["name"].as_str().unwrap()), argument));
                }
                members.push((path, member));
            }
        }
    }
    members
}

#[tokio::test]
async fn what_is_deprecated_names_its_successor() {
    let types = types().await;
    let members = members(&types);
    let paths: Vec<String> = members.iter().map(|(path, _)| path.clone()).collect();
    let flaws: Vec<_> = members
        .iter()
        .filter_map(|(path, it)| flaw(it, &paths).map(|flaw| format!("{path} {flaw}")))
        .collect();
    assert!(flaws.is_empty(), "{flaws:#?}");

    // Nothing may be deprecated at present, so the judgement itself is judged.
    let deprecated = |reason: Value| json!({ "isDeprecated": true, "deprecationReason": reason });
    for (reason, expected) in [
        (json!("Use `Need.unserved` instead."), None),
        (json!("No successor: nobody counts it any more."), None),
        (json!("No successor: "), Some("does not say why it has no successor")),
        (json!("It is old."), Some("names no successor")),
        (json!(null), Some("names no successor")),
        (json!("Use `Need.nothing` instead."), Some("names a successor that is not there")),
    ] {
        assert_eq!(flaw(&deprecated(reason.clone()), &paths), expected, "{reason}");
    }
}

/// What is named for GraphQL or for JSON, and has no word of the street's: the three roots, what Relay asks for, and two
/// scalars that hold whatever they are given for.
const TECHNICAL: [&str; 7] = ["Query", "Mutation", "Subscription", "Node", "PageInfo", "Long", "JSON"];

#[tokio::test]
async fn what_the_street_has_a_word_for_is_described_with_it() {
    let is_chinese = |text: &Value| {
        text.as_str().is_some_and(|text| text.chars().any(|it| ('\u{4e00}'..='\u{9fff}').contains(&it)))
    };
    let built_in = ["Int", "Float", "String", "Boolean", "ID"];
    let (mut without, mut looked) = (Vec::new(), 0);
    for kind in types().await {
        let name = kind["name"].as_str().unwrap();
        // The language describes its own types. A payload says what became of its mutation, which has the word.
        if name.starts_with("__") || built_in.contains(&name) {
            continue;
        }
        if !name.ends_with("Payload") && !TECHNICAL.contains(&name) {
            looked += 1;
            without.extend((!is_chinese(&kind["description"])).then(|| name.to_owned()));
        }
        let of_mutation = kind["fields"].as_array().filter(|_| name == "Mutation");
        for value in kind["enumValues"].as_array().into_iter().chain(of_mutation).flatten() {
            looked += 1;
            let path = format!("{name}.{}", value["name"].as_str().unwrap());
            without.extend((!is_chinese(&value["description"])).then_some(path));
        }
    }
    assert!(without.is_empty(), "without the Chinese word: {without:#?}");
    assert!(looked > 700, "only {looked} were looked at");
}

/// A type with what it is made of taken off: its name, and whether null may be said.
fn named(kind: &Value) -> (&str, bool) {
    match kind["kind"].as_str() {
        Some("NON_NULL") => (named(&kind["ofType"]).0, false),
        _ => (kind["name"].as_str().unwrap(), true),
    }
}

#[tokio::test]
async fn each_mutation_has_an_input_and_a_payload_of_its_own() {
    let reference = "kind name ofType { kind name }";
    let query = format!(
        "{{ __schema {{ mutationType {{ fields {{ name args {{ name type {{ {reference} }} }} type {{ {reference} }} }} }}
            types {{ name fields {{ name }} inputFields {{ name type {{ kind }} defaultValue }} }} }} }}"
    );
    let schema = graphql::schema::build().execute(&*query).await.data.into_json().unwrap();
    let types = schema["__schema"]["types"].as_array().unwrap();
    let find = |name: &str| types.iter().find(|it| it["name"] == name).unwrap();
    let mutations = schema["__schema"]["mutationType"]["fields"].as_array().unwrap();
    assert!(mutations.len() > 60, "{}", mutations.len());
    for mutation in mutations {
        let name = mutation["name"].as_str().unwrap();
        let own = format!("{}{}", name[..1].to_uppercase(), &name[1..]);
        let [argument] = mutation["args"].as_array().unwrap().as_slice() else {
            panic!("{name} has other arguments than `input`");
        };
        let (input, may_be_left_out) = named(&argument["type"]);
        assert_eq!((argument["name"].as_str(), input), (Some("input"), &*format!("{own}Input")), "{name}");
        // Without input goes only what needs none of its fields.
        let fields = find(input)["inputFields"].as_array().unwrap();
        let needed = fields.iter().any(|it| it["type"]["kind"] == "NON_NULL" && it["defaultValue"].is_null());
        assert!(!may_be_left_out || !needed, "{name} needs its input");
        let (payload, may_be_null) = named(&mutation["type"]);
        assert_eq!((payload, may_be_null), (&*format!("{own}Payload"), true), "{name}");
        let fields: Vec<_> =
            find(payload)["fields"].as_array().unwrap().iter().map(|it| &it["name"]).collect();
        for field in ["position", "userErrors"] {
            assert!(fields.contains(&&json!(field)), "{payload} has no {field}");
        }
    }
}

#[tokio::test]
async fn nothing_in_the_schema_lacks_a_description() {
    let mut bare = Vec::new();
    let mut look = |path: String, it: &Value| {
        if it["description"].as_str().is_none_or(|text| text.trim().is_empty()) {
            bare.push(path);
        }
    };
    let types = types().await;
    for kind in &types {
        let name = kind["name"].as_str().unwrap();
        // The language describes its own types; the library says nothing of ID.
        if name.starts_with("__") || name == "ID" {
            continue;
        }
        look(name.to_owned(), kind);
        for list in ["fields", "inputFields", "enumValues"] {
            for field in kind[list].as_array().into_iter().flatten() {
                let field_name = field["name"].as_str().unwrap();
                look(format!("{name}.{field_name}"), field);
                for argument in field["args"].as_array().into_iter().flatten() {
                    look(format!("{name}.{field_name}({})", argument["name"]), argument);
                }
            }
        }
    }
    assert!(bare.is_empty(), "without a description: {bare:#?}");
}

#[tokio::test]
async fn each_scalar_says_by_what_it_is_specified_or_why_by_nothing() {
    let query = "{ __schema { types { kind name description specifiedByURL } } }";
    let schema = graphql::schema::build().execute(query).await.data.into_json().unwrap();
    let built_in = ["Int", "Float", "String", "Boolean", "ID"];
    let mut own = Vec::new();
    for it in schema["__schema"]["types"].as_array().unwrap() {
        let name = it["name"].as_str().unwrap();
        if it["kind"] != "SCALAR" || built_in.contains(&name) {
            continue;
        }
        let says_why = it["description"].as_str().unwrap().contains("No specification elsewhere");
        let by = it["specifiedByURL"].as_str();
        assert_ne!(by.is_some_and(|url| url.starts_with("https://")), says_why, "{it}");
        own.push((name, by.is_some()));
    }
    own.sort_unstable();
    let expected = ["ChangeCursor", "Date", "DateTime", "JSON", "LocalTime", "Long", "Position"];
    assert_eq!(own.iter().map(|(name, _)| *name).collect::<Vec<_>>(), expected);
    assert_eq!(own.iter().filter(|(_, specified)| *specified).count(), 4);
}
