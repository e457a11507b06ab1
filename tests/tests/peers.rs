//! Other people's solvers find the same optimum on the same instance, as far as they are installed.
//!
//! `peers/run --install` gets them; what is not there is named past the capture of output, and its test passes.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails loudly")]

use std::fs;
use std::io::{Write as _, stderr};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use engine::matching::certificate::verify;
use engine::matching::simplex::{Budget, solve};
use engine::matching::transport::Edge;
use serde_json::Value;
use tempfile::tempdir;
use tests::peers::{Case, Instance, Numbering, SIZES, Temper};

const SEED: u64 = 1;

/// Every kind of instance of a size.
fn cases(size: &str) -> Vec<Case> {
    let (_, rows, columns) = SIZES.into_iter().find(|known| known.0 == size).unwrap();
    let mut cases = Vec::new();
    for temper in [Temper::Ample, Temper::Scarce] {
        for numbering in [Numbering::Territorial, Numbering::Random] {
            cases.push(Case { rows, columns, temper, numbering });
        }
    }
    cases
}

fn best(instance: &Instance) -> i128 {
    let transport = instance.transport();
    verify(&transport, solve(&transport, Budget::UNLIMITED).unwrap()).unwrap().objective()
}

/// Lets a driver solve these cases and compares what it found with what we find.
fn compare(driver: &[&str], cases: impl IntoIterator<Item = Case>) {
    let directory = tempdir().unwrap();
    let file = directory.path().join("instance");
    for case in cases {
        let instance = Instance::draw(case, SEED);
        instance.write(&file).unwrap();
        let answer = run(Command::new(driver[0]).args(&driver[1..]).arg(&file).args(["1", "0"]));
        let answer: Value = serde_json::from_slice(&answer.stdout).unwrap();
        let found = answer["objective"].as_i64().unwrap();
        assert_eq!(i128::from(found), best(&instance), "{driver:?}, {case:?}, seed {SEED}");
    }
}

fn run(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    output
}

fn succeeds(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

/// Past the capture of output: who runs the tests is to see what did not run.
fn skipped(peer: &str, why: &str) {
    let line = format!("skipped: {peer} was not asked, because {why}\n");
    stderr().write_all(line.as_bytes()).unwrap();
}

fn drivers() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("peers")
}

/// LEMON's driver, built once for the tests of this file, if there is what it takes.
fn lemon() -> Option<&'static str> {
    static LEMON: OnceLock<Option<String>> = OnceLock::new();
    LEMON.get_or_init(build_lemon).as_deref()
}

fn build_lemon() -> Option<String> {
    let built = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let probe = built.join("lemon_probe.cpp");
    fs::write(&probe, "#include <lemon/network_simplex.h>\n").unwrap();
    if !succeeds(Command::new("g++").arg("-fsyntax-only").arg(probe)) {
        skipped("LEMON", "g++ and liblemon-dev are not both installed");
        return None;
    }
    // From here on a failure is ours.
    let program = built.join("lemon");
    run(Command::new("g++")
        .args(["-O1", "-std=c++17"])
        .arg(drivers().join("lemon.cpp"))
        .arg("-o")
        .arg(&program));
    Some(program.to_str().unwrap().to_owned())
}

/// The Python that has this module: the one `peers/run --install` made, or the system's.
fn python_with(module: &str) -> Option<String> {
    let made = Path::new(env!("CARGO_TARGET_TMPDIR")).join("../peers/venv/bin/python");
    let python = if made.exists() { made.to_str().unwrap().to_owned() } else { "python3".to_owned() };
    let probe = format!("import numpy, {module}");
    if succeeds(Command::new(&python).args(["-c", &probe])) {
        Some(python)
    } else {
        skipped(module, &format!("{python} does not have it"));
        None
    }
}

#[test]
fn lemons_network_simplex_finds_the_same_optimum() {
    if let Some(lemon) = lemon() {
        compare(&[lemon, "network-simplex"], cases("S").into_iter().chain(cases("M")));
    }
}

#[test]
fn lemons_cost_scaling_finds_the_same_optimum() {
    if let Some(lemon) = lemon() {
        compare(&[lemon, "cost-scaling"], cases("S").into_iter().chain(cases("M")));
    }
}

#[test]
fn or_tools_finds_the_same_optimum() {
    if let Some(python) = python_with("ortools") {
        let script = drivers().join("ortools_flow.py");
        let driver = [&python, "-B", script.to_str().unwrap()];
        compare(&driver, cases("S").into_iter().chain(cases("M")));
    }
}

#[test]
fn highs_finds_the_same_optimum() {
    if let Some(python) = python_with("highspy") {
        let script = drivers().join("highs_lp.py");
        let driver = [&python, "-B", script.to_str().unwrap()];
        // The others of this size take a general simplex many seconds.
        compare(&driver, cases("S").into_iter().chain(cases("M").into_iter().take(1)));
    }
}

#[test]
fn an_instance_is_read_as_it_was_written() {
    let directory = tempdir().unwrap();
    let file = directory.path().join("instance");
    for case in cases("S") {
        let instance = Instance::draw(case, SEED);
        instance.write(&file).unwrap();
        assert_eq!(Instance::read(&file).unwrap(), instance, "{case:?}");
    }
}

#[test]
fn the_same_seed_draws_the_same_instance_everywhere() {
    let edges_and_best = cases("S").into_iter().map(|case| {
        let instance = Instance::draw(case, SEED);
        (instance.edges.len(), best(&instance))
    });
    let drawn: Vec<_> = edges_and_best.collect();
    assert_eq!(
        drawn,
        [(1_794, 2_022_893_119), (1_794, 2_024_077_067), (1_794, 859_934_731), (1_794, 860_113_918)]
    );
}

#[test]
fn the_dimacs_form_says_the_same_network() {
    // Row 0 asks for 3 and row 1 for 1; one column gives 2.
    let edge = |row, value| Edge { row, column: 0, value };
    let instance = Instance { demands: vec![3, 1], capacities: vec![2], edges: vec![edge(0, 7), edge(1, 9)] };
    let mut text = Vec::new();
    instance.write_dimacs(&mut text).unwrap();
    let expected = "p min 4 5
n 1 2
n 2 -3
n 3 -1
n 4 2
a 1 2 0 2 -7
a 1 3 0 1 -9
a 1 4 0 2 0
a 4 2 0 3 0
a 4 3 0 1 0
";
    assert_eq!(String::from_utf8(text).unwrap(), expected);
}
