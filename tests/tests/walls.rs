//! The walls between the crates and around the engine, read from the manifests and the sources.
//!
//! Every rule is a function from what was read to findings, so that each test can show first that the rule
//! bites, and then that the house keeps it.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails loudly")]

use std::{
    fs,
    path::{Path, PathBuf},
};
use tests::source::{names, product_files};
use toml::{Table, Value};

/// The crates of the house; each may lean on those before it.
const ORDER: [&str; 4] = ["engine", "storage", "graphql", "tests"];

/// What the engine may be built from. None of these reads files, sockets or the clock as it is configured.
const ENGINE_ALLOWED: [&str; 8] =
    ["chrono", "imbl", "jieba-rs", "rayon", "serde", "serde_json", "sha2", "thiserror"];

/// Paths the engine must not use, by their first parts; with `::` at the end a crate.
const ENGINE_FORBIDDEN: [&str; 13] = [
    "std::fs",
    "std::net",
    "std::io",
    "std::env",
    "std::process",
    "std::thread",
    "std::os",
    "tokio::",
    "futures::",
    "rand::",
    "getrandom::",
    "tracing::",
    "log::",
];

/// Names the engine must not use wherever they stand in a path: the clock, output, waiting, and maps whose
/// order is drawn anew by each process.
const ENGINE_FORBIDDEN_NAMES: [&str; 15] = [
    "Instant",
    "SystemTime",
    "Utc",
    "Local",
    "async",
    "await",
    "print",
    "println",
    "eprint",
    "eprintln",
    "dbg",
    "HashMap",
    "HashSet",
    "RandomState",
    "thread_local",
];

const ALL_KINDS: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn manifest(path: &str) -> Table {
    fs::read_to_string(root().join(path).join("Cargo.toml")).unwrap().parse().unwrap()
}

/// The dependencies of these kinds, under the names of their packages; those of single targets too.
fn dependencies(manifest: &Table, kinds: &[&str]) -> Vec<(String, Value)> {
    let mut tables: Vec<&Table> = kinds.iter().filter_map(|kind| manifest.get(*kind)?.as_table()).collect();
    let targets = manifest.get("target").and_then(Value::as_table);
    for target in targets.into_iter().flatten().filter_map(|(_, target)| target.as_table()) {
        tables.extend(kinds.iter().filter_map(|kind| target.get(*kind)?.as_table()));
    }
    let name = |key: &String, value: &Value| {
        value.get("package").and_then(Value::as_str).map_or_else(|| key.clone(), str::to_owned)
    };
    tables
        .into_iter()
        .flat_map(|table| table.iter().map(|(key, value)| (name(key, value), value.clone())))
        .collect()
}

/// Dependencies of a crate of the house on itself or on one that stands after it.
fn wrong_arrows(krate: &str, manifest: &Table) -> Vec<String> {
    let own = ORDER.iter().position(|name| *name == krate).unwrap();
    dependencies(manifest, &ALL_KINDS)
        .into_iter()
        .filter(|(name, _)| ORDER[own..].iter().any(|later| later == name))
        .map(|(name, _)| format!("{krate} -> {name}"))
        .collect()
}

#[test]
fn the_arrows_between_the_crates_go_one_way() {
    let renamed: Table = "[dev-dependencies]\nledger = { package = \"storage\" }".parse().unwrap();
    assert_eq!(wrong_arrows("engine", &renamed), ["engine -> storage"]);
    let of_a_target: Table = "[target.'cfg(unix)'.dependencies]\ntests.workspace = true".parse().unwrap();
    assert_eq!(wrong_arrows("graphql", &of_a_target), ["graphql -> tests"]);

    let workspace = manifest(".");
    let members = workspace["workspace"]["members"].as_array().unwrap();
    let members: Vec<&str> = members.iter().filter_map(Value::as_str).collect();
    assert_eq!(members, ORDER, "a new crate needs its place in the order");
    for krate in ORDER {
        assert_eq!(wrong_arrows(krate, &manifest(krate)), Vec::<String>::new());
    }
}

/// Dependencies of the engine that are not on its list.
fn strangers(manifest: &Table) -> Vec<String> {
    dependencies(manifest, &["dependencies", "build-dependencies"])
        .into_iter()
        .map(|(name, _)| name)
        .filter(|name| !ENGINE_ALLOWED.contains(&name.as_str()))
        .collect()
}

#[test]
fn the_engine_is_built_from_a_closed_list() {
    let wrong: Table = "[dependencies]\nserde = \"1\"\ntokio = \"1\"".parse().unwrap();
    assert_eq!(strangers(&wrong), ["tokio"]);
    assert_eq!(strangers(&manifest("engine")), Vec::<String>::new());
}

/// Whether a dependency on chrono asks for its clock, by name or by leaving the default features on.
fn asks_for_a_clock(chrono: &Value) -> bool {
    let inherits = chrono.get("workspace").is_some();
    let defaults = chrono.get("default-features").and_then(Value::as_bool).unwrap_or(!inherits);
    let named = chrono.get("features").and_then(Value::as_array).is_some_and(|features| {
        features
            .iter()
            .any(|feature| matches!(feature.as_str(), Some("clock" | "now" | "default" | "wasmbind")))
    });
    defaults || named
}

#[test]
fn the_engine_has_no_clock() {
    let cases: Table = "default = { version = \"0.4\" }
        plain = \"0.4\"
        now = { version = \"0.4\", default-features = false, features = [\"now\"] }
        clock = { workspace = true, features = [\"clock\"] }
        none = { workspace = true }"
        .parse()
        .unwrap();
    for (case, wanted) in
        [("default", true), ("plain", true), ("now", true), ("clock", true), ("none", false)]
    {
        assert_eq!(asks_for_a_clock(&cases[case]), wanted, "{case}");
    }

    assert!(!asks_for_a_clock(&manifest(".")["workspace"]["dependencies"]["chrono"]));
    for (name, chrono) in dependencies(&manifest("engine"), &ALL_KINDS) {
        assert!(name != "chrono" || !asks_for_a_clock(&chrono), "{chrono:?}");
    }
}

/// What a source of the engine uses and must not, with its line.
fn reaches_outside(source: &str) -> Vec<String> {
    let begins = |parts: &[String], rule: &str| match rule.strip_suffix("::") {
        Some(krate) => parts.len() > 1 && parts[0] == krate,
        None => parts.iter().map(String::as_str).take(2).eq(rule.split("::")),
    };
    let forbidden = |parts: &[String]| {
        ENGINE_FORBIDDEN.iter().any(|rule| begins(parts, rule))
            || parts.iter().any(|part| ENGINE_FORBIDDEN_NAMES.contains(&part.as_str()))
    };
    names(source)
        .into_iter()
        // `use std as s` would hide everything that follows.
        .filter(|name| name.parts == ["std"] || forbidden(&name.parts))
        .map(|name| format!("{}: {}", name.line, name.parts.join("::")))
        .collect()
}

#[test]
fn the_engine_does_not_reach_outside() {
    let caught = [
        ("use std::{fmt, fs};", "1: std::fs"),
        ("fn f() { let _ = ::std::env::var(\"HOME\"); }", "1: std::env::var"),
        ("use std::time::Instant;", "1: std::time::Instant"),
        ("fn f() -> i64 { chrono::Utc::now() }", "1: chrono::Utc::now"),
        ("use chrono::{NaiveDate, offset::Local};", "1: chrono::offset::Local"),
        ("use std::collections::{BTreeMap, HashMap};", "1: std::collections::HashMap"),
        ("fn f() { println!(\"{}\", 1) }", "1: println"),
        ("\nasync fn f() {}", "2: async"),
        ("fn f() { let _ = vec![rand::random::<u8>()]; }", "1: rand::random"),
        ("use std as s;", "1: std"),
        ("fn f() { std::thread::sleep(D) }", "1: std::thread::sleep"),
        ("use tracing::info;", "1: tracing::info"),
    ];
    for (source, finding) in caught {
        assert_eq!(reaches_outside(source), [finding], "{source}");
    }
    let free = "use std::{collections::BTreeMap, fmt}; // std::fs
        /// `println!` in a doc
        fn log(rand: u32, env: &str) -> String { format!(\"std::env {rand} {env}\") }
        #[cfg(test)] mod tests { use std::collections::HashMap; }";
    assert_eq!(reaches_outside(free), Vec::<String>::new());

    let files = product_files(&root().join("engine/src/lib.rs"));
    assert!(files.len() > 40, "only {} files were reached", files.len());
    for file in files {
        let findings = reaches_outside(&fs::read_to_string(&file).unwrap());
        assert!(findings.is_empty(), "{}: {findings:?}", file.display());
    }
}

/// All files of the house but what is built, stored or kept by git.
fn files_below(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let skipped =
            matches!(name.as_str(), "target" | ".git" | "node_modules") || path == root().join("data");
        if path.is_dir() && !skipped {
            files_below(&path, found);
        } else if path.is_file() && !skipped {
            found.push(path);
        }
    }
}

fn files() -> Vec<PathBuf> {
    let mut found = Vec::new();
    files_below(&root(), &mut found);
    found.sort();
    found
}

fn says_what_it_is(source: &str) -> bool {
    source.starts_with("//! ")
}

#[test]
fn every_source_file_opens_with_what_it_is() {
    assert!(!says_what_it_is("// A comment.\nfn f() {}"));
    assert!(!says_what_it_is("\n//! Too late."));
    assert!(says_what_it_is("//! What it is."));

    let sources: Vec<PathBuf> =
        files().into_iter().filter(|file| file.extension().is_some_and(|it| it == "rs")).collect();
    assert!(sources.len() > 60, "only {} files were found", sources.len());
    for file in sources {
        assert!(says_what_it_is(&fs::read_to_string(&file).unwrap()), "{}", file.display());
    }
}

/// The first path outside the house that a text names.
fn names_a_path_outside(text: &str) -> Option<&'static str> {
    // Put together here, so that this file does not name it.
    [concat!("..", "/shared"), concat!("/work", "/shared")].into_iter().find(|path| text.contains(path))
}

#[test]
fn no_file_names_a_path_outside_the_house() {
    let wrong = format!("see {}/page.md", concat!("..", "/shared"));
    assert_eq!(names_a_path_outside(&wrong), Some(concat!("..", "/shared")));
    assert_eq!(names_a_path_outside("see ./shared and ../engine"), None);

    for file in files() {
        // What is no text names nothing.
        let Ok(text) = fs::read_to_string(&file) else { continue };
        assert_eq!(names_a_path_outside(&text), None, "{}", file.display());
    }
}
