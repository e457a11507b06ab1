//! The schema as a document: committed, sorted, and nothing in it without a word of explanation.

use serde_json::Value;
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

#[tokio::test]
async fn nothing_in_the_schema_lacks_a_description() {
    let query = "{ __schema { types { kind name description
        fields(includeDeprecated: true) { name description args { name description } }
        inputFields { name description } enumValues(includeDeprecated: true) { name description } } } }";
    let face = graphql::schema::build();
    let answer = face.execute(query).await.data.into_json().unwrap();
    let mut bare = Vec::new();
    let mut look = |path: String, it: &Value| {
        if it["description"].as_str().is_none_or(|text| text.trim().is_empty()) {
            bare.push(path);
        }
    };
    for kind in answer["__schema"]["types"].as_array().unwrap() {
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
