//! `gongjian backup`, `export` and `restore`: a street in a file, and back. The server must not run
//! meanwhile: the log belongs to one process.

use super::{
    arguments::{Restore, Save},
    failure::Failure,
    log, output, progress,
};
use engine::identity::Position;
use std::{fs::File, process::ExitCode};
use storage::{
    Log,
    backup::{self, Form, Header, Origin, Progress},
    sled::SledLog,
};

/// Writes the log to a new file: packed as a backup, or as plain JSON Lines.
pub(super) fn save(task: &Save, form: Form) -> Result<ExitCode, Failure> {
    log::must_exist(&task.data.data)?;
    let street = log::open(&task.data.data).map(|ledger| {
        let origin = Origin::of(&ledger.state(), ledger.now());
        log::close(&ledger);
        origin
    })?;
    let log = SledLog::open(&task.data.data)?;
    let head = log.head().map_err(Failure::said)?.position;
    let bar = progress::bar(head.0, "commits");
    let mut told = |at: Progress| bar.set_position(at.position.0);
    let saved = backup::save(&log, Position(task.after), &street, form, &task.file, &mut told);
    bar.finish_and_clear();
    let report = saved.map_err(Failure::said)?;
    output::say_line(&format!("commits {}", report.commits));
    output::say_line(&format!("bytes {} of {}", report.written_bytes, report.plain_bytes));
    say_head(&report.header);
    Ok(ExitCode::SUCCESS)
}

/// Reads a backup or export into a new log, or an incremental one onto the log it continues.
pub(super) fn restore(task: &Restore) -> Result<ExitCode, Failure> {
    let directory = &task.data.data;
    let file =
        File::open(&task.file).map_err(|said| Failure::Unreadable { file: task.file.clone(), said })?;
    let bar = progress::bar(0, "commits");
    let mut told = |at: Progress| {
        bar.set_length(at.head.0);
        bar.set_position(at.position.0);
    };
    let continues = directory.read_dir().is_ok_and(|mut entries| entries.next().is_some());
    let restored = if continues {
        let log = SledLog::open(directory)?;
        backup::restore(file, &log, directory, &mut told)
    } else {
        backup::restore_new(file, directory, &mut told)
    };
    bar.finish_and_clear();
    let report = restored.map_err(Failure::said)?;
    output::say_line(&format!("commits {}, new {}", report.commits, report.appended));
    say_head(&report.header);
    Ok(ExitCode::SUCCESS)
}

/// Where the street stands now: what the next incremental backup begins after.
fn say_head(header: &Header) {
    output::say_line(&format!("head {} {}", header.head.position, header.head.hash));
}
