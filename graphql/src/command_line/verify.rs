//! `gongjian verify`: a whole log read as if nothing of it were trusted, and not a byte of it changed.

use super::{arguments::Verify, failure::Failure, log, output, progress};
use std::process::ExitCode;
use storage::{Log, sled::Inspection};

pub(super) fn run(task: &Verify) -> Result<ExitCode, Failure> {
    log::must_exist(&task.data.data)?;
    let log = Inspection::open(&task.data.data)?;
    let head = log.head().map_err(Failure::said)?;
    let bar = progress::bar(head.position.0, "commits");
    let verified = storage::verify(&log, &mut |position| bar.set_position(position.0));
    bar.finish_and_clear();
    let report = verified.map_err(Failure::said)?;
    output::say_line(&format!("commits {}", report.commits));
    output::say_line(&format!("events {}", report.events));
    output::say_line(&format!("head {}", report.head.hash));
    for snapshot in &report.snapshots {
        if let Some(flaw) = &snapshot.ignored {
            output::note(&format!("snapshot {}: ignored, it is made anew: {flaw}", snapshot.position));
        }
    }
    Ok(ExitCode::SUCCESS)
}
