//! Drivers in other languages: where their packages are, and what they report.
//!
//! They are installed by `.ci/run` from lock files. Where they are missing a test says so past the capture of output
//! and passes, unless `GONGJIAN_CLIENTS=required` is set, as `.ci/run` does: then what is missing is a failure.

use crate::program::root;
use serde_json::Value;
use std::{
    env, fs,
    io::{Read as _, Write as _, stderr},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::mpsc::channel,
    time::Duration,
};
use tempfile::NamedTempFile;

/// How long a driver may run. Far more than it takes, so that only a hang is a failure.
const DEADLINE: Duration = Duration::from_secs(600);

/// The directory of an npm package of ours, if its dependencies are installed.
pub fn npm(directory: &str) -> Option<PathBuf> {
    let directory = root().join(directory);
    let installed = directory.join("node_modules").is_dir() && answers("node");
    found(installed, &format!("node 20, and `npm ci` in {}", directory.display())).then_some(directory)
}

/// The Python that has the packages of the examples.
pub fn python() -> Option<PathBuf> {
    let python = root().join("target/python/bin/python");
    found(python.is_file(), &format!("the packages of Python in {}", python.display())).then_some(python)
}

/// The same Python, if it has a package of the tests.
pub fn python_with(package: &str) -> Option<PathBuf> {
    let python = python()?;
    let imports = Command::new(&python).args(["-c", &format!("import {package}")]).output();
    let is_there = imports.is_ok_and(|it| it.status.success());
    found(is_there, &format!("{package} in {}", python.display())).then_some(python)
}

fn answers(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success())
}

fn found(is_there: bool, what: &str) -> bool {
    if !is_there {
        let required = env::var("GONGJIAN_CLIENTS").is_ok_and(|value| value == "required");
        assert!(!required, "missing: {what}; .ci/run installs it");
        tell(&format!("not run, for want of {what}"));
    }
    is_there
}

/// Says something past the capture of output.
pub fn tell(said: &str) {
    stderr().write_all(format!("  {said}\n").as_bytes()).unwrap();
}

/// Runs a driver to its end within the deadline; what it printed, as JSON line by line.
pub fn run(command: &mut Command, directory: &Path) -> Vec<Value> {
    let complaints = NamedTempFile::new().unwrap();
    command.current_dir(directory).stdin(Stdio::null()).stdout(Stdio::piped());
    command.stderr(complaints.reopen().unwrap());
    let mut child = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let mut output = child.stdout.take().unwrap();
    let (ended, end) = channel();
    // The end of a process is the end of its output.
    std::thread::spawn(move || {
        let mut said = String::new();
        let read = output.read_to_string(&mut said).map(|_| said);
        ended.send(read)
    });
    let said = end.recv_timeout(DEADLINE);
    if said.is_err() {
        child.kill().unwrap();
    }
    let status = child.wait().unwrap();
    let complained = fs::read_to_string(complaints.path()).unwrap();
    match said {
        Ok(Ok(said)) if status.success() => {
            said.lines().filter(|line| line.starts_with('{')).map(json).collect()
        }
        other => panic!("{command:?}: {status}\n{other:?}\n{complained}"),
    }
}

fn json(line: &str) -> Value {
    serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))
}

/// Takes care that every check of a report passed, and that there are as many as wanted.
pub fn all_pass(what: &str, report: &[Value], wanted: usize) {
    let failed: Vec<String> = report
        .iter()
        .filter(|check| check["ok"] != Value::Bool(true))
        .map(|check| format!("{}: {}", check["name"], check["why"]))
        .collect();
    tell(&format!("{what}: {} of {} pass", report.len() - failed.len(), report.len()));
    assert!(failed.is_empty(), "{what}:\n{}", failed.join("\n"));
    assert_eq!(report.len(), wanted, "{what}: as many checks as there were");
}
