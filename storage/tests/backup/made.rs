//! What the tests share: logs with something in them, and short ways to back up and restore.

use engine::{identity::Position, moment::Moment};
use std::{env, fs::File, io::Read, path::Path};
use storage::{
    Hash, Head, Log,
    backup::{Origin, RestoreError, RestoreReport, backup, export, restore},
    conformance::samples,
    memory::MemoryLog,
    record::Record,
};

/// A log with this many commits; the requests are named after `street`, so that two streets differ.
pub fn street(name: &str, commits: usize) -> MemoryLog {
    let log = MemoryLog::new();
    more(&log, name, commits);
    log
}

/// Appends this many commits.
pub fn more(log: &dyn Log, name: &str, commits: usize) {
    let head = log.head().unwrap();
    log.append(head.position, &samples(head, name, commits)).unwrap();
}

/// All that a log holds.
pub fn all(log: &dyn Log) -> Vec<Record> {
    let mut records: Vec<Record> = Vec::new();
    loop {
        let after = records.last().map_or(Position::START, |record| record.commit().position);
        let page = log.read(after, 1_000).unwrap();
        if page.is_empty() {
            return records;
        }
        records.extend(page);
    }
}

/// A street that was backed up at 2024-01-01T00:00:00Z.
pub fn origin() -> Origin {
    Origin { street: Some("春风街道".to_owned()), created: Moment::from_millis(1_704_067_200_000) }
}

/// A backup in memory.
pub fn packed(log: &dyn Log, after: u64) -> Vec<u8> {
    let mut out = Vec::new();
    let report = backup(log, Position(after), &origin(), &mut out, &mut |_| ()).unwrap();
    assert_eq!(report.written_bytes, out.len() as u64);
    out
}

/// An export in memory.
pub fn plain(log: &dyn Log, after: u64) -> Vec<u8> {
    let mut out = Vec::new();
    let report = export(log, Position(after), &origin(), &mut out, &mut |_| ()).unwrap();
    assert_eq!((report.written_bytes, report.plain_bytes), (out.len() as u64, out.len() as u64));
    out
}

/// Restores from memory, or from wherever.
pub fn restored(input: impl Read, into: &dyn Log) -> Result<RestoreReport, RestoreError> {
    restore(input, into, &env::temp_dir(), &mut |_| ())
}

/// Why it was refused, and that nothing was changed.
pub fn refusal(input: &[u8]) -> RestoreError {
    let log = MemoryLog::new();
    let error = restored(input, &log).unwrap_err();
    assert_eq!(log.head(), Ok(Head::START), "{error}");
    error
}

/// Two logs are the same to the byte.
pub fn same(found: &dyn Log, expected: &dyn Log) {
    assert_eq!(found.head(), expected.head());
    assert_eq!(all(found), all(expected));
}

/// What a directory holds.
pub fn items(directory: &Path) -> Vec<String> {
    let items = std::fs::read_dir(directory).unwrap();
    let mut names: Vec<_> = items.map(|item| item.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// A file that was changed by somebody who knew to write the trailer anew: the lines without it, and its head.
pub fn forged(lines: &[String], commits: u64, head: Head) -> Vec<u8> {
    let mut text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let sha256 = Hash::of(text.as_bytes());
    let head = serde_json::to_string(&head).unwrap();
    text += &format!("{{\"commits\":{commits},\"sha256\":\"{sha256}\",\"head\":{head}}}\n");
    text.into_bytes()
}

/// The lines of an export, without the trailer.
pub fn lines(log: &dyn Log, after: u64) -> Vec<String> {
    let text = String::from_utf8(plain(log, after)).unwrap();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    lines.pop();
    lines
}

/// A golden file.
pub fn golden(name: &str) -> File {
    File::open(golden_path(name)).unwrap()
}

/// Where a golden file is.
pub fn golden_path(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/goldens").join(name)
}
